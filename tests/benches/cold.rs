//! What a build script with Isobar compiles before it can run, and what others compile: CPU seconds of a `cargo build` into an
//! empty folder of a crate that has nothing but this build dependency, and how many crates that is. The least of some rounds in
//! turns counts. Needs the crates of the peers: run it once with a network.
//!
//! `cargo bench -p isobar-tests --bench cold`

use isobar_tests::children_cpu;
use std::{env, fs, path::Path, process::Command};

const ROUNDS: usize = 2;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace");
    let ours = format!("isobar-generator = {{ path = {:?} }}", root.join("generator"));
    let peers = [
        ("isobar-generator", ours.as_str()),
        ("prost-build, protox", "prost-build = \"0.14\"\nprotox = \"0.10\""),
        ("typify", "typify = \"0.7\""),
    ];
    let mut least = peers.map(|_| (f64::MAX, 0));
    for _ in 0..ROUNDS {
        for ((name, dependencies), least) in peers.iter().zip(&mut least) {
            let (seconds, crates) = cold(name, dependencies);
            *least = (least.0.min(seconds), crates);
        }
    }
    println!("{:<24} {:>10} {:>8}", "", "CPU", "crates");
    for ((name, _), (seconds, crates)) in peers.iter().zip(least) {
        println!("{name:<24} {seconds:>8.1} s {crates:>8}");
    }
}

/// CPU seconds of one build, and the crates of it.
fn cold(name: &str, dependencies: &str) -> (f64, usize) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let manifest = format!(
        "[package]\nname = \"cold\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[build-dependencies]\n{dependencies}\n"
    );
    fs::create_dir(folder.path().join("src")).expect("folders can be made");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("files can be written");
    fs::write(folder.path().join("build.rs"), "fn main() {}\n").expect("files can be written");
    fs::write(folder.path().join("src/lib.rs"), "").expect("files can be written");
    assert!(cargo(folder.path(), &["fetch", "--quiet"]).0);
    let before = children_cpu();
    let (built, text) = cargo(folder.path(), &["build"]);
    let seconds = children_cpu() - before;
    assert!(built, "{name}: {text}");
    (seconds, text.lines().filter(|line| line.trim_start().starts_with("Compiling")).count() - 1)
}

fn cargo(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        // Users have these crates from a registry, whose crates are never compiled incrementally; ours are in a folder here.
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(folder)
        .output()
        .expect("cargo runs");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}
