//! What every command prints: findings for people or programs, and progress where a terminal watches.

use crate::{args::Format, report};
use isobar_model::{Diagnostic, Sources, diag::render};
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
    /// It could not be decided.
    Unknown = 3,
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
    match format {
        Format::Human => {
            // `anstream` takes the colours away where standard error is no terminal.
            anstream::eprint!("{}", render(diagnostics, sources, true));
        }
        Format::Json => anstream::println!("{}", report::as_json(diagnostics, sources, None)),
    }
    if report::counts(diagnostics).0 > 0 { Exit::Findings } else { Exit::Fine }
}

/// `1 error, 2 warnings and 1 waived`.
pub(crate) fn tally(errors: usize, warnings: usize, waived: usize) -> String {
    let some = |count: usize, text: String| (count > 0).then_some(text);
    let all = [
        some(errors, plural(errors, "error")),
        some(warnings, plural(warnings, "warning")),
        some(waived, format!("{waived} waived")),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    match all.split_last() {
        None => "nothing wrong".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
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
