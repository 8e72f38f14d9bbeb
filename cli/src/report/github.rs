//! Workflow commands of GitHub Actions, which become annotations of the lines that they name. A command is one line, so that line
//! ends and the characters that mean something to it are escaped.

use super::{Report, told};
use isobar_model::{Diagnostic, Severity, Sources};
use isobar_registry::report::Place;
use std::fmt::Write;

pub(super) fn lines(report: &Report<'_>) -> String {
    report.findings.iter().map(|finding| line(finding, report.sources)).collect()
}

fn line(finding: &Diagnostic, sources: &Sources) -> String {
    let command = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = String::new();
    if let Some(label) = finding.labels.first() {
        let Place { file, line, column, end_line, end_column } = Place::of(label, sources);
        // Writing to text does not fail.
        let _ = write!(properties, "file={},line={line},endLine={end_line}", property(&file));
        // Columns are allowed within one line only.
        if line == end_line {
            let _ = write!(properties, ",col={column},endColumn={end_column}");
        }
        properties.push(',');
    }
    format!("::{command} {properties}title={}::{}\n", property(finding.code.name), data(&told(finding, sources)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
