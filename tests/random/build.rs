//! Makes random events with two majors each, and generates their Rust and a table of them.
//!
//! `ISOBAR_SEED=7 ISOBAR_EVENTS=1000 cargo test -p isobar-random` tries others than every run does.

use isobar_registry::{Workspace, release};
use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=ISOBAR_SEED");
    println!("cargo:rerun-if-env-changed=ISOBAR_EVENTS");
    println!("cargo:rerun-if-changed=build.rs");
    let number = |name, default| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (seed, events) = (number("ISOBAR_SEED", 1), number("ISOBAR_EVENTS", 150) as usize);

    let out = env::var("OUT_DIR")?;
    let root = Path::new(&out).join("workspace");
    let _ = fs::remove_dir_all(&root);
    let storm = isobar_tests::random::storm(seed, events);
    isobar_tests::write(&root, &[("random.storm.yaml".to_owned(), storm.first)].into())?;
    release(&Workspace::open(&root), &[], false)
        .map_err(|it| format!("the first edition cannot be released: {it:?}"))?;
    isobar_tests::write(&root, &[("random.storm.yaml".to_owned(), storm.second)].into())?;
    isobar_generator::Generator::new().schemas(&root).compile()?;

    let mut table = String::from("/// Every event by name.\npub const EVENTS: &[(&str, Read)] = &[\n");
    for event in 0..events {
        writeln!(table, "    (\"Event{event}\", read::<random::Event{event}>),")?;
    }
    table += "];\n";
    fs::write(Path::new(&out).join("table.rs"), table)?;
    Ok(())
}
