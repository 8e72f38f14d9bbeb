//! What generating Rust costs a build script, from files to text: CPU time, growth and memory, one process a size so that
//! memory is its own. Once with one version of every event, as peers have it, and once with a released version and a draft of each.
//!
//! ```text
//! cargo bench -p isobar-tests --bench generate                  # as an installed `isobar` does it
//! cargo bench -p isobar-tests --bench generate --profile dev    # as a build script does it
//! ```

use isobar_generator::Generator;
use isobar_registry::Workspace;
use isobar_tests::{Edition, cpu, measure, released, storming, write};
use std::{env, path::Path};

/// Each size is measured this often; the median counts.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, flag, folder] = arguments.as_slice()
        && flag == "--one"
    {
        return one(Path::new(folder));
    }
    for history in [false, true] {
        println!("{}", if history { "two versions an event, the first released" } else { "one version an event" });
        println!(
            "{:>8} {:>12} {:>12} {:>12} {:>14} {:>12}",
            "events", "whole", "reading", "writing", "per event", "peak memory"
        );
        [1_000, 3_000, 10_000].into_iter().for_each(|events| row(events, history));
    }
}

fn row(events: usize, history: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    if history {
        released(folder.path(), events);
    } else {
        write(folder.path(), &storming(1, events, Edition::First)).expect("files can be written");
    }
    let mut runs: Vec<[f64; 3]> = (0..RUNS).map(|_| measure(folder.path())).collect();
    runs.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let [whole, reading, _] = runs[RUNS / 2];
    let peak = runs.iter().map(|run| run[2]).fold(0.0, f64::max);
    println!(
        "{events:>8} {:>9.1} ms {:>9.1} ms {:>9.1} ms {:>11.1} us {:>8.0} MiB",
        whole * 1e3,
        reading * 1e3,
        (whole - reading) * 1e3,
        whole * 1e6 / events as f64,
        peak / 1024.0
    );
}

/// One run: seconds for the whole, seconds for reading alone, and the peak memory of the whole.
fn one(root: &Path) {
    let start = cpu();
    let files = Generator::new().schemas(root).generate();
    let whole = cpu() - start;
    assert!(files.is_ok_and(|files| !files.is_empty()), "a minor change is no error");
    let peak = isobar_tests::peak_kib();
    let start = cpu();
    let workspace = Workspace::open(root);
    let reading = cpu() - start;
    assert!(!workspace.diagnostics.has_errors());
    println!("{whole} {reading} {peak}");
}
