//! The `isobar` command: arguments in, exit code and rendered text out. No rule lives here.
//!
//! Exit codes: 0 fine, 1 findings at error level, 2 wrong use or unreadable input, 3 not decided.

mod args;
mod commands;
mod config;
mod git;
mod output;
mod remote;
mod report;

use std::process::ExitCode;

fn main() -> ExitCode {
    match config::arguments().and_then(commands::run) {
        Ok(code) => code.into(),
        Err(problem) => {
            anstream::eprintln!("{}: {problem}", output::ERROR_WORD);
            output::Exit::Misuse.into()
        }
    }
}
