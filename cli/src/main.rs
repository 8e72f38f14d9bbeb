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

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// What a server takes in one thread it gives back in another, which the allocators of systems are slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match config::arguments().and_then(commands::run) {
        Ok(code) => code.into(),
        Err(problem) => {
            anstream::eprintln!("{}: {problem}", output::ERROR_WORD);
            output::Exit::Misuse.into()
        }
    }
}
