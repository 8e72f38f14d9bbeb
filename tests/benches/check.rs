//! What `isobar check` costs on large stormings: time, growth and memory, one process a size so that memory is its own.
//!
//! `cargo bench -p isobar-tests --bench check`, or `-- --make FOLDER EVENTS` to make a storming for a command to run on.

use isobar_registry::{Workspace, history};
use isobar_tests::{Edition, storming, write};
use std::{env, path::Path, process::Command, time::Instant};

/// Each size is measured this often; the median counts.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, flag, folder] = arguments.as_slice()
        && flag == "--one"
    {
        return one(Path::new(folder));
    }
    if let [_, flag, folder, events, ..] = arguments.as_slice()
        && flag == "--make"
    {
        return prepare(Path::new(folder), events.parse().expect("a number of events"));
    }
    println!("{:>8} {:>12} {:>14} {:>12}", "events", "median", "per event", "peak memory");
    for events in [1_000, 3_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        prepare(folder.path(), events);
        let mut runs: Vec<(f64, u64)> = (0..RUNS).map(|_| measure(folder.path())).collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (seconds, _) = runs[RUNS / 2];
        let peak = runs.iter().map(|(_, kib)| *kib).max().unwrap_or(0);
        let each = seconds * 1e6 / events as f64;
        println!("{events:>8} {:>9.1} ms {each:>11.1} us {:>8} MiB", seconds * 1e3, peak / 1024);
    }
}

/// A workspace with a released first version and a draft of the second of every event.
fn prepare(root: &Path, events: usize) {
    write(root, &storming(1, events, Edition::First)).expect("files can be written");
    let workspace = Workspace::open(root);
    assert!(!workspace.diagnostics.has_errors(), "the storming is without errors");
    let released = history::release(&workspace, &[], false).expect("the first version can be released");
    assert_eq!(released.len(), events);
    write(root, &storming(1, events, Edition::Second)).expect("files can be written");
}

/// Seconds and peak memory in KiB of a process of its own.
fn measure(root: &Path) -> (f64, u64) {
    let this = env::current_exe().expect("the bench knows its own path");
    let output = Command::new(this).arg("--one").arg(root).output().expect("the bench can run itself");
    let text = String::from_utf8(output.stdout).expect("numbers are text");
    let (seconds, kib) = text.trim().split_once(' ').expect("two numbers");
    (seconds.parse().expect("a number"), kib.parse().expect("a number"))
}

fn one(root: &Path) {
    let start = Instant::now();
    let workspace = Workspace::open(root);
    let seconds = start.elapsed().as_secs_f64();
    assert!(!workspace.diagnostics.has_errors(), "a minor change is no error");
    println!("{seconds} {}", peak_kib());
}

/// The peak resident memory of this process, in KiB; 0 where the system does not say.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
