//! The JSON form: an object for each finding, and how many there are. Payloads stand in it digit by digit.

use super::{Place, counts};
use isobar_model::{
    Diagnostic, Sources,
    diag::{Label, Waived},
};
use serde::Serialize;
use serde_json::value::RawValue;

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

#[derive(Serialize)]
struct Finding<'a> {
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

#[derive(Serialize)]
struct Acceptance<'a> {
    until: &'a str,
    owner: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

/// `{"diagnostics":[..],"summary":{"errors","warnings","waived"},"impact"?}`; `impact` is JSON.
pub(crate) fn as_json(findings: &[Diagnostic], sources: &Sources, impact: Option<&str>) -> String {
    let (errors, warnings, waived) = counts(findings);
    let whole = Whole {
        diagnostics: findings.iter().map(|it| one(it, sources)).collect(),
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
