//! In which form to generate records: one event with ten fields, written by hand in each form (`forms/`), many times over. CPU
//! seconds of `cargo check` and of `cargo build`, and lines. `descriptors` is a table of functions that shared code walks at run
//! time; `serde` is what others do. `docs/figures.md` says what was chosen.
//!
//! `cargo bench -p isobar-tests --bench forms -- 1000`

use isobar_tests::children_cpu;
use std::{env, fs, path::Path, process::Command};

const RUNS: usize = 3;
const COMMON: &str = include_str!("forms/common.rs");
const WALKER: &str = include_str!("forms/walker.rs");

/// Types that serde reads, in the place of the common ones.
const PLAIN: &str = r#"
use serde::{Deserialize, Serialize};
/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyId(String);
/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status { Open, Shut, State0 }
/// A part.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part { name: String, count: i64, price: String, status: Status }
"#;

fn main() {
    let events: usize = env::args().skip(1).find_map(|it| it.parse().ok()).unwrap_or(200);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace");
    let isobar = format!("isobar = {{ path = {:?}, features = [\"derive\"] }}", root.join("runtime"));
    let serde = "serde = { version = \"1\", features = [\"derive\"] }";
    let forms = [
        ("emitted implementations", &*isobar, COMMON.to_owned(), include_str!("forms/emitted.rs")),
        ("tables of a macro by example", &*isobar, COMMON.to_owned(), include_str!("forms/tables.rs")),
        ("derives of our own", &*isobar, COMMON.to_owned(), include_str!("forms/derives.rs")),
        ("descriptors", &*isobar, format!("{COMMON}{WALKER}"), include_str!("forms/descriptors.rs")),
        ("serde derives", serde, PLAIN.to_owned(), include_str!("forms/serde.rs")),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut best = [[f64::INFINITY; 2]; 5];
    for (i, (name, dependencies, common, event)) in forms.iter().enumerate() {
        let at = folder.path().join(format!("form{i}"));
        fs::create_dir_all(at.join("src")).expect("folders can be made");
        let manifest = format!(
            "[package]\nname = \"form\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n"
        );
        fs::write(at.join("Cargo.toml"), manifest).expect("files can be written");
        let mut text = common.clone();
        for n in 0..events {
            text += &format!("/// An event.\npub mod event{n} {{\n/// A major.\npub mod v1 {{\n{event}}}\n}}\n");
        }
        fs::write(at.join("src/lib.rs"), text).expect("files can be written");
        for what in ["check", "build"] {
            assert!(cargo(&at, what), "{name} does not compile");
        }
    }
    for _ in 0..RUNS {
        for (i, best) in best.iter_mut().enumerate() {
            let at = folder.path().join(format!("form{i}"));
            let text = fs::read_to_string(at.join("src/lib.rs")).expect("it was written");
            for (what, best) in ["check", "build"].into_iter().zip(best) {
                fs::write(at.join("src/lib.rs"), &text).expect("files can be written");
                let before = children_cpu();
                assert!(cargo(&at, what));
                *best = best.min(children_cpu() - before);
            }
        }
    }
    println!("{events} events of ten fields");
    println!("{:<30} {:>12} {:>12} {:>16}", "", "check", "build", "lines an event");
    for ((name, _, _, event), [check, build]) in forms.iter().zip(best) {
        println!("{name:<30} {check:>10.2} s {build:>10.2} s {:>16}", event.lines().count());
    }
}

fn cargo(at: &Path, what: &str) -> bool {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let status = Command::new(cargo)
        .args([what, "--quiet"])
        .env("CARGO_TARGET_DIR", at.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .current_dir(at)
        .status();
    status.is_ok_and(|status| status.success())
}
