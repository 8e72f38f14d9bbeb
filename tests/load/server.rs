//! The built server as a process, that can be ended and killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens: `127.0.0.1:40123`.
    pub(crate) address: String,
    /// How long it took from its start until it was ready.
    pub(crate) took: Duration,
}

impl Server {
    /// Starts `isobar serve` on a store, on a port that the system chooses, and waits until it listens.
    pub(crate) fn start(store: &str) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isobar"));
        command.args(["serve", "--insecure", "--listen", "127.0.0.1:0", "--store", store]).env("RUST_LOG", "error");
        Server::of(command)
    }

    /// Starts a program whose first line ends with its address.
    pub(crate) fn of(mut command: Command) -> Server {
        let since = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it says something");
        let took = since.elapsed();
        let address = line.trim().rsplit('/').next().unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "it did not start");
        Server { child, address, took }
    }

    /// Kills it without warning.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Its resident memory in megabytes.
    pub(crate) fn resident(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
    }

    /// The CPU that it has used, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        // User and system time, in hundredths of a second.
        after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
