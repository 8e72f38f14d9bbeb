//! The built server as a process, that can be ended and killed.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) child: Child,
    /// Where it listens: `127.0.0.1:40123`.
    pub(crate) address: String,
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
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it says something");
        let address = line.trim().rsplit('/').next().unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "it did not start");
        Server { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
