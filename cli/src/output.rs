//! What every command prints: findings for people or programs, and progress where a terminal watches.

use crate::args::Format;
use isobar_model::{
    Diagnostic, Severity, Sources,
    diag::{Label, render},
};
use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Exit {
    /// All is well.
    Fine = 0,
    /// There are findings at error level.
    Findings = 1,
    /// Wrong use, or input that cannot be read.
    Misuse = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// `error`, in red where there are colours.
pub(crate) const ERROR_WORD: &str = "\u{1b}[1;31merror\u{1b}[0m";

/// Prints findings, human ones to standard error and JSON to standard output, and says how the command ends.
pub(crate) fn findings(diagnostics: &[Diagnostic], sources: &Sources, format: Format) -> Exit {
    let count = |severity| diagnostics.iter().filter(|d| d.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match format {
        Format::Human => {
            // `anstream` takes the colours away where standard error is no terminal.
            anstream::eprint!("{}", render(diagnostics, sources, true));
        }
        Format::Json => {
            let list: Vec<Value> = diagnostics.iter().map(|d| as_json(d, sources)).collect();
            let whole = json!({ "diagnostics": list, "summary": { "errors": errors, "warnings": warnings } });
            anstream::println!("{whole:#}");
        }
    }
    if errors > 0 { Exit::Findings } else { Exit::Fine }
}

fn as_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut object = json!({
        "code": diagnostic.code.name,
        "severity": diagnostic.severity().name(),
        "message": diagnostic.message,
    });
    if let Some(label) = diagnostic.labels.first() {
        merge(&mut object, place(label, sources));
    }
    if let Some(help) = &diagnostic.help {
        object["help"] = json!(help);
    }
    let related = diagnostic.labels.iter().skip(1).map(|label| {
        let mut place = place(label, sources);
        place["message"] = json!(label.text);
        place
    });
    object["related"] = related.collect();
    object
}

fn place(label: &Label, sources: &Sources) -> Value {
    let start = sources.locate(label.span.file, label.span.start);
    let end = sources.locate(label.span.file, label.span.end);
    json!({
        "file": sources.path(label.span.file),
        "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column,
    })
}

fn merge(object: &mut Value, other: Value) {
    if let (Value::Object(object), Value::Object(other)) = (object, other) {
        object.extend(other);
    }
}

/// `1 error and 2 warnings`.
pub(crate) fn tally(errors: usize, warnings: usize) -> String {
    let some = |count: usize, noun: &str| (count > 0).then(|| plural(count, noun));
    match (some(errors, "error"), some(warnings, "warning")) {
        (Some(errors), Some(warnings)) => format!("{errors} and {warnings}"),
        (one, other) => one.or(other).unwrap_or_else(|| "nothing wrong".into()),
    }
}

/// `1 event`, `2 events`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A spinner on standard error while something takes long; invisible where no terminal watches, and for the first moment.
pub(crate) fn working<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let spinner = indicatif::ProgressBar::new_spinner();
    spinner.set_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    let result = work();
    spinner.finish_and_clear();
    result
}
