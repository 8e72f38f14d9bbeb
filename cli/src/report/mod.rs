//! Findings as text, in every form that `isobar check` knows. Pure: what was found goes in, text comes out, and the same
//! findings give the same text on every machine and every day.

mod github;
mod json;
mod junit;
mod sarif;
#[cfg(test)]
mod tests;

pub(crate) use json::as_json;

use isobar_model::{Diagnostic, Severity, Sources, diag::Label};
use serde::Serialize;

/// What was checked and what was found.
pub(crate) struct Report<'a> {
    /// The findings, sorted.
    pub(crate) findings: &'a [Diagnostic],
    /// The files they are in.
    pub(crate) sources: &'a Sources,
    /// Every event that was checked, `context.Event`.
    pub(crate) events: Vec<String>,
}

impl Report<'_> {
    /// For the annotations of a GitHub workflow: a line for each finding.
    pub(crate) fn github(&self) -> String {
        github::lines(self)
    }

    /// For code scanning: SARIF 2.1.0.
    pub(crate) fn sarif(&self) -> String {
        sarif::log(self)
    }

    /// For whatever shows tests: JUnit's XML.
    pub(crate) fn junit(&self) -> Result<String, String> {
        junit::xml(self)
    }
}

/// How many errors, warnings, and findings that are waived there are.
pub(crate) fn counts(findings: &[Diagnostic]) -> (usize, usize, usize) {
    let count = |severity| findings.iter().filter(|it| it.severity() == severity).count();
    (count(Severity::Error), count(Severity::Warning), count(Severity::Note))
}

/// Where something is: its file as people see it, and lines and columns from 1; the end is one past the last character.
#[derive(Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl Place {
    fn of(label: &Label, sources: &Sources) -> Place {
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

/// All that is said of a finding, a line each, for where there is no room to draw.
fn told(finding: &Diagnostic, sources: &Sources) -> String {
    let mut lines = vec![finding.message.clone()];
    if let Some((first, others)) = finding.labels.split_first() {
        lines.extend((!first.text.is_empty()).then(|| first.text.clone()));
        lines.extend(others.iter().map(|label| {
            let place = Place::of(label, sources);
            format!("{}:{}:{}: {}", place.file, place.line, place.column, label.text)
        }));
    }
    lines.extend(finding.witness.as_ref().map(|json| format!("for example {json}")));
    lines.extend(finding.help.as_ref().map(|help| format!("help: {help}")));
    lines.extend(finding.waived.as_ref().map(|it| it.to_string()));
    lines.join("\n")
}
