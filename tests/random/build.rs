//! Makes random models of three editions, releases all but the last one, and generates their Rust and a table of them.
//!
//! `ISOBAR_SEED=7 ISOBAR_EVENTS=1000 cargo test -p isobar-random` tries others than every run does.

use isobar_model::diag::render;
use isobar_registry::{Workspace, release};
use isobar_tests::random::{EDITIONS, Storm, hooks_in_rust, storm};
use std::{collections::BTreeMap, env, error::Error, fmt::Write, fs, path::Path};

/// How many events a context starts with.
const EVENTS: u64 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=ISOBAR_SEED");
    println!("cargo:rerun-if-env-changed=ISOBAR_EVENTS");
    println!("cargo:rerun-if-changed=build.rs");
    let number = |name, default: u64| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (seed, events) = (number("ISOBAR_SEED", 1), number("ISOBAR_EVENTS", 150));

    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let context = |n| storm(seed.wrapping_mul(1_000_003).wrapping_add(n), &format!("m{n}"), EVENTS as usize);
    let storms: Vec<Storm> = (0..events.div_ceil(EVENTS)).map(context).collect();
    let (called, spelled) = (out.join("workspace"), out.join("spelled"));
    released(&called, |edition| storms.iter().map(|it| (it, it.editions[edition].clone())).collect())?;
    released(&spelled, |edition| storms.iter().map(|it| (it, it.spelled_out(edition))).collect())?;
    isobar_generator::Generator::new().schemas(&called).compile()?;

    let mut table = String::from("/// Every context by name.\npub const CONTEXTS: &[(&str, Read)] = &[\n");
    for Storm { context, .. } in &storms {
        writeln!(table, "    (\"{context}\", read::<{context}::ThingEvent>),")?;
    }
    table += "];\n";
    fs::write(out.join("table.rs"), table)?;
    fs::write(out.join("hooks.rs"), hooks_in_rust(&storms))?;
    Ok(())
}

/// Writes each edition over the one before and releases it, but for the last.
fn released<'a>(root: &Path, texts: impl Fn(usize) -> Vec<(&'a Storm, String)>) -> Result<(), Box<dyn Error>> {
    let _ = fs::remove_dir_all(root);
    for edition in 0..EDITIONS {
        let files = texts(edition).into_iter().map(|(it, text)| (format!("{}.storm.yaml", it.context), text));
        isobar_tests::write(root, &files.collect::<BTreeMap<_, _>>())?;
        let workspace = Workspace::open(root);
        if workspace.diagnostics.has_errors() {
            eprintln!("{}", render(&workspace.findings(), &workspace.sources, false));
            return Err(format!("edition {edition} in {} has errors", root.display()).into());
        }
        if edition + 1 < EDITIONS {
            release(&workspace, &[], false).map_err(|it| format!("edition {edition} cannot be released: {it:?}"))?;
        }
    }
    Ok(())
}
