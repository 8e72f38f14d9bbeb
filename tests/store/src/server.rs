//! A program that serves, as a process of its own which ends with its test. Nothing here knows what is asked of it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A server that is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it answers: `http://127.0.0.1:41234`.
    pub url: String,
    /// The process: to ask the system about, or to end early.
    pub process: Child,
}

/// The command that has `isobar`, whose path is `program`, serve a store on a port that the system chooses. It logs errors only.
#[must_use]
pub fn serving(program: impl AsRef<OsStr>, store: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--store", store]).env("RUST_LOG", "error");
    command
}

impl Server {
    /// Starts a program whose first line ends with its address, and waits for that line.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(command: &mut Command) -> Server {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        // The pipe stays open, so that it may say more.
        let output = process.stdout.as_mut().expect("its output is ours");
        BufReader::new(output).read_line(&mut line).expect("it says something");
        let url = line.split_whitespace().last().filter(|url| url.starts_with("http"));
        let url = url.unwrap_or_else(|| panic!("it says where it is: `{line}`")).to_owned();
        Server { url, process }
    }

    /// Where it listens: `127.0.0.1:41234`.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.split('/').next_back().unwrap_or_default()
    }

    /// Kills it, without a warning, and waits until it is gone.
    pub fn kill(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
