//! The house holds: a floor imports only floors below it, and what a `build.rs` compiles stays light.

use std::{collections::BTreeSet, env, fs, path::Path, process::Command};

/// The floors, lowest first: folder, crate, and the floors it may import.
const FLOORS: [(&str, &str, &[&str]); 7] = [
    ("macros", "isobar-macros", &[]),
    ("runtime", "isobar", &["isobar-macros"]),
    ("model", "isobar-model", &[]),
    ("registry", "isobar-registry", &["isobar", "isobar-model"]),
    ("generator", "isobar-generator", &["isobar-model", "isobar-registry"]),
    ("web", "isobar-web", &["isobar-generator", "isobar-model", "isobar-registry"]),
    ("cli", "isobar-cli", &["isobar-generator", "isobar-model", "isobar-registry", "isobar-web"]),
];

/// Everything that a `build.rs` with Isobar compiles. A crate that is not here needs a reason as good as the ones that are.
const BUILD_SCRIPT: &[&str] = &[
    "annotate-snippets", // findings as rustc shows them
    "anstyle",
    "arraydeque", // of granit-parser
    "arrayvec",   // of rust_decimal
    "autocfg",
    "granit-parser", // YAML with spans
    "hmac-sha256",   // the lock
    "isobar-generator",
    "isobar-model",
    "isobar-registry",
    "num-traits",
    "regex-lite",   // patterns
    "rust_decimal", // exact bounds and literals
    "same-file",
    "smallvec", // of granit-parser
    "strsim",   // did you mean
    "unicode-width",
    "walkdir", // files
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace")
}

fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are text");
    text.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn nobody_imports_upward() {
    let ours: Vec<&str> = FLOORS.iter().map(|(_, name, _)| *name).collect();
    for (folder, name, may) in FLOORS {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("the manifest is there");
        let section = manifest.split("[dependencies]").nth(1).unwrap_or("");
        let section = section.split("\n[").next().unwrap_or("");
        for line in section.lines() {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or("");
            let allowed = !ours.contains(&dependency) || may.contains(&dependency);
            assert!(allowed, "{name} imports {dependency}, which is not below it");
        }
    }
}

#[test]
fn a_build_script_stays_light() {
    let have = tree(&["-p", "isobar-generator", "--edges", "normal,build", "--no-dedupe"]);
    let want: BTreeSet<String> = BUILD_SCRIPT.iter().map(|name| (*name).to_owned()).collect();
    let more: Vec<_> = have.difference(&want).collect();
    let fewer: Vec<_> = want.difference(&have).collect();
    assert!(more.is_empty() && fewer.is_empty(), "new in the build-script path: {more:?}; no longer there: {fewer:?}");
}
