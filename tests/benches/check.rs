//! What `isobar check` costs on large stormings: time, growth and memory, one process a size so that memory is its own.
//!
//! `cargo bench -p isobar-tests --bench check`, or `-- --make FOLDER EVENTS` to make a storming for a command to run on.

use isobar_registry::Workspace;
use isobar_tests::{measure, peak_kib, released};
use std::{env, path::Path, time::Instant};

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
        return released(Path::new(folder), events.parse().expect("a number of events"));
    }
    println!("{:>8} {:>12} {:>14} {:>12}", "events", "median", "per event", "peak memory");
    for events in [1_000, 3_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        released(folder.path(), events);
        let mut runs: Vec<[f64; 2]> = (0..RUNS).map(|_| measure(folder.path())).collect();
        runs.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let [seconds, _] = runs[RUNS / 2];
        let peak = runs.iter().map(|run| run[1]).fold(0.0, f64::max);
        let each = seconds * 1e6 / events as f64;
        println!("{events:>8} {:>9.1} ms {each:>11.1} us {:>8.0} MiB", seconds * 1e3, peak / 1024.0);
    }
}

fn one(root: &Path) {
    let start = Instant::now();
    let workspace = Workspace::open(root);
    let seconds = start.elapsed().as_secs_f64();
    assert!(!workspace.diagnostics.has_errors(), "a minor change is no error");
    println!("{seconds} {}", peak_kib());
}
