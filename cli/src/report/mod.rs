//! Findings as text, in every form that `isobar check` knows. Pure: what was found goes in, text comes out, and the same
//! findings give the same text on every machine and every day.

mod github;
mod junit;
mod sarif;
#[cfg(test)]
mod tests;

pub(crate) use isobar_registry::report::{as_json, counts};

use isobar_model::{Diagnostic, Sources};
use isobar_registry::report::Place;

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
