//! Findings as JSON, in the one form that the command line prints and a server sends, and back. Payloads stand in it digit by
//! digit. Pure: the same findings give the same text everywhere.

mod read;

pub use read::read;

use isobar_model::{
    Diagnostic, Severity, Sources,
    diag::{Label, Waived},
};
use serde::Serialize;
use serde_json::value::RawValue;

/// How many errors, warnings, and findings that are waived there are.
pub fn counts(findings: &[Diagnostic]) -> (usize, usize, usize) {
    let count = |severity| findings.iter().filter(|it| it.severity() == severity).count();
    (count(Severity::Error), count(Severity::Warning), count(Severity::Note))
}

/// Where something is: its file as people see it, and lines and columns from 1; the end is one past the last character.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The first line.
    pub line: usize,
    /// The first column, in characters.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
}

impl Place {
    /// Where a label is.
    pub fn of(label: &Label, sources: &Sources) -> Place {
        let start = sources.locate(label.span.file, label.span.start);
        let end = sources.locate(label.span.file, label.span.end);
        Place {
            file: sources.path(label.span.file),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    diagnostics: Vec<Finding<'a>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    waived: usize,
}

/// A finding as it is written: `{"code","severity","message","file","line","column","end_line","end_column","label"?,"event"?,
/// "help"?,"witness"?,"waived"?,"related":[..]}`; one without a place has no file.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<Acceptance<'a>>,
    related: Vec<Related<'a>>,
}

#[derive(Debug, Serialize)]
struct Acceptance<'a> {
    until: &'a str,
    owner: &'a str,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

/// Findings as they are written, one by one.
pub fn findings<'a>(findings: &'a [Diagnostic], sources: &Sources) -> Vec<Finding<'a>> {
    findings.iter().map(|it| one(it, sources)).collect()
}

/// `{"diagnostics":[..],"summary":{"errors","warnings","waived"},"impact"?}`; `impact` is JSON.
pub fn as_json(findings: &[Diagnostic], sources: &Sources, impact: Option<&str>) -> String {
    let (errors, warnings, waived) = counts(findings);
    let whole = Whole {
        diagnostics: self::findings(findings, sources),
        summary: Summary { errors, warnings, waived },
        impact: impact.and_then(raw),
    };
    // Texts, numbers and JSON only, which all have a JSON form.
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.trim().to_owned()).ok()
}

fn one<'a>(finding: &'a Diagnostic, sources: &Sources) -> Finding<'a> {
    let first = finding.labels.first();
    let waived = finding.waived.as_ref();
    let related = finding.labels.iter().skip(1);
    Finding {
        code: finding.code.name,
        severity: finding.severity().name(),
        message: &finding.message,
        place: first.map(|label| Place::of(label, sources)),
        label: first.map(text).filter(|text| !text.is_empty()),
        event: finding.about.as_deref(),
        help: finding.help.as_deref(),
        witness: finding.witness.as_deref().and_then(raw),
        waived: waived.map(|Waived { until, owner, reason }| Acceptance { until, owner, reason }),
        related: related.map(|label| Related { place: Place::of(label, sources), message: text(label) }).collect(),
    }
}

fn text(label: &Label) -> &str {
    &label.text
}
