//! SARIF 2.1.0, the standard form of findings that code scanning reads: what of it we say, as types.

use super::{Report, told};
use isobar_model::{
    Diagnostic, Sources,
    diag::{Code, Label, Waived},
};
use isobar_registry::{history::Hash, report::Place};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
struct Properties<'a> {
    witness: &'a str,
}

pub(super) fn log(report: &Report<'_>) -> String {
    let mut rules: Vec<&'static Code> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut results = Vec::with_capacity(report.findings.len());
    for finding in report.findings {
        let index = rules.iter().position(|code| *code == finding.code).unwrap_or_else(|| {
            rules.push(finding.code);
            rules.len() - 1
        });
        results.push(result(finding, index, report, &mut seen));
    }
    let driver = Driver {
        name: "isobar",
        version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.into_iter().map(rule).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    // Texts and numbers only, which all have a JSON form.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn rule(code: &'static Code) -> Rule {
    Rule {
        id: code.name,
        short_description: Text { text: code.summary.to_owned() },
        help: Text { text: code.explain.to_owned() },
        default_configuration: Configuration { level: code.severity.name() },
    }
}

fn result<'a>(
    finding: &'a Diagnostic,
    rule_index: usize,
    report: &Report<'_>,
    seen: &mut HashMap<String, usize>,
) -> Finding<'a> {
    let logical = finding.about.iter().map(|event| Logical { fully_qualified_name: event.clone(), kind: "type" });
    let first = Location {
        id: None,
        physical_location: finding
            .labels
            .first()
            .map_or_else(|| anywhere(report.sources), |it| Some(physical(it, report))),
        logical_locations: logical.collect(),
        message: None,
    };
    let located = first.physical_location.is_some() || !first.logical_locations.is_empty();
    let related = finding.labels.iter().enumerate().skip(1).map(|(id, label)| Location {
        id: Some(id),
        physical_location: Some(physical(label, report)),
        logical_locations: Vec::new(),
        message: (!label.text.is_empty()).then(|| Text { text: label.text.clone() }),
    });
    Finding {
        rule_id: finding.code.name,
        rule_index,
        level: finding.severity().name(),
        message: Text { text: told(finding, report.sources) },
        locations: located.then_some(first).into_iter().collect(),
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([("isobarFinding/v1", fingerprint(finding, report, seen))]),
        suppressions: finding.waived.iter().map(suppression).collect(),
        properties: finding.witness.as_deref().map(|witness| Properties { witness }),
    }
}

fn suppression(waived: &Waived) -> Suppression {
    Suppression { kind: "external", status: "accepted", justification: waived.to_string() }
}

/// The same for a finding wherever its lines move: it does not count where in the file it is, only which of equal ones.
fn fingerprint(finding: &Diagnostic, report: &Report<'_>, seen: &mut HashMap<String, usize>) -> String {
    let file = finding.labels.first().map_or(String::new(), |label| report.sources.get(label.span.file).path.clone());
    let about = finding.about.as_deref().unwrap_or_default();
    let what = [finding.code.name, &file, about, &finding.message].join("\u{0}");
    let nth = seen.entry(what.clone()).and_modify(|n| *n += 1).or_insert(0);
    Hash::of(format!("{what}\u{0}{nth}").as_bytes()).to_string()[..32].to_owned()
}

fn physical(label: &Label, report: &Report<'_>) -> Physical {
    let Place { file, line, column, end_line, end_column } = Place::of(label, report.sources);
    Physical {
        artifact_location: Artifact { uri: uri(&file) },
        region: Some(Region { start_line: line, start_column: column, end_line, end_column }),
    }
}

/// Some readers want a file of every finding: of one that is about none, the first that was read.
fn anywhere(sources: &Sources) -> Option<Physical> {
    let (file, _) = sources.iter().next()?;
    Some(Physical { artifact_location: Artifact { uri: uri(&sources.path(file)) }, region: None })
}

/// A path as a URI: relative to the root of the sources, or absolute.
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
