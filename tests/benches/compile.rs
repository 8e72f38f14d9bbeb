//! What compiling the output costs: CPU seconds of `cargo check` and lines, for the same events as generated code, as plain structs
//! with serde derives, and as prost generates them, with and without serde derives. Every event has two majors. Needs the crates of
//! the peers: run it once with a network.
//!
//! `cargo bench -p isobar-tests --bench compile -- 100`

use isobar_generator::Generator;
use isobar_model::{Presence, Shape, ShapeKind, TypeName, shape::Scalar};
use isobar_registry::{Workspace, history};
use isobar_tests::{Edition, children_cpu, storming, write};
use std::{env, fmt::Write, fs, path::Path, process::Command};

/// Each form is checked this often, in turns; the smallest time counts.
const RUNS: usize = 3;

fn main() {
    let events = env::args().skip(1).find_map(|it| it.parse().ok()).unwrap_or(100);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let schemas = folder.path().join("schemas");
    fs::create_dir(&schemas).expect("folders can be made");
    write(&schemas, &storming(1, events, Edition::First)).expect("files can be written");
    let first = Workspace::open(&schemas);
    history::release(&first, &[], false).expect("the first version can be released");
    write(&schemas, &storming(1, events, Edition::Major)).expect("files can be written");
    let files = Generator::new().schemas(&schemas).generate().unwrap_or_else(|error| panic!("{error}"));
    let second = Workspace::open(&schemas);

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace");
    let isobar = format!("isobar = {{ path = {:?} }}\n", root.join("runtime"));
    let peer = |style| {
        let mut text = String::new();
        for (major, workspace) in [(1, &first), (2, &second)] {
            // Two modules of the same types, as two majors are.
            let _ = writeln!(text, "pub mod v{major} {{");
            structs(workspace, style, &mut text);
            text.push_str("}\n");
        }
        text
    };
    let serde = "serde = { version = \"1\", features = [\"derive\"] }\n";
    let prost = "prost = \"0.14\"\n";
    let forms = [
        ("generated", isobar, files["isobar.rs"].clone()),
        ("serde derives", serde.to_owned(), peer(Style { prost: false, serde: true })),
        ("prost", prost.to_owned(), peer(Style { prost: true, serde: false })),
        ("prost and serde derives", format!("{prost}{serde}"), peer(Style { prost: true, serde: true })),
    ];
    let mut best = [f64::INFINITY; 4];
    for (i, (name, dependencies, text)) in forms.iter().enumerate() {
        let at = folder.path().join(format!("form{i}"));
        fs::create_dir_all(at.join("src")).expect("folders can be made");
        let manifest = format!(
            "[package]\nname = \"form\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
        );
        fs::write(at.join("Cargo.toml"), manifest).expect("files can be written");
        fs::write(at.join("src/lib.rs"), text).expect("files can be written");
        assert!(check(&at), "{name} does not compile");
    }
    for _ in 0..RUNS {
        for (i, best) in best.iter_mut().enumerate() {
            let at = folder.path().join(format!("form{i}"));
            let text = fs::read_to_string(at.join("src/lib.rs")).expect("it was written");
            fs::write(at.join("src/lib.rs"), text).expect("files can be written");
            let before = children_cpu();
            assert!(check(&at));
            *best = best.min(children_cpu() - before);
        }
    }
    println!("{events} events of two majors");
    println!("{:<26} {:>12} {:>8} {:>8}", "", "CPU", "ratio", "lines");
    for ((name, _, text), seconds) in forms.iter().zip(best) {
        println!("{name:<26} {seconds:>10.2} s {:>8.2} {:>8}", seconds / best[0], text.lines().count());
    }
}

fn check(at: &Path) -> bool {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let status = Command::new(cargo)
        .args(["check", "--quiet"])
        .env("CARGO_TARGET_DIR", at.join("target"))
        .env_remove("RUSTFLAGS")
        .current_dir(at)
        .status();
    status.is_ok_and(|status| status.success())
}

#[derive(Clone, Copy)]
struct Style {
    prost: bool,
    serde: bool,
}

/// The types of a storming as another tool writes them: a module a context, a line of documentation for everything.
fn structs(workspace: &Workspace, style: Style, out: &mut String) {
    let derives = match style {
        Style { prost: true, serde: false } => "Clone, PartialEq, ::prost::Message",
        Style { prost: true, serde: true } => {
            "Clone, PartialEq, ::prost::Message, ::serde::Serialize, ::serde::Deserialize"
        }
        _ => "Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize",
    };
    for context in workspace.model.contexts.values() {
        let _ = writeln!(out, "/// A context.\npub mod {} {{", context.name);
        let types = workspace.model.types.0.iter().filter(|(name, _)| name.context == context.name.value);
        for (TypeName { name, .. }, def) in types {
            match &def.shape.kind {
                ShapeKind::Record(fields) => record(name, fields, derives, style, out),
                ShapeKind::Enum(values) => {
                    let more = if style.prost {
                        ", Copy, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration"
                    } else {
                        ", Copy, Eq"
                    };
                    let serde = if style.serde { ", ::serde::Serialize, ::serde::Deserialize" } else { "" };
                    let _ = writeln!(out, "/// One of several.\n#[derive(Clone, Debug, PartialEq{more}{serde})]");
                    let _ = writeln!(
                        out,
                        "{}#[repr(i32)]\npub enum {name} {{",
                        if style.serde { "#[serde(rename_all = \"lowercase\")]\n" } else { "" }
                    );
                    for (i, value) in values.values.iter().enumerate() {
                        let mut ident = value.value.clone();
                        ident[..1].make_ascii_uppercase();
                        let _ = writeln!(out, "/// The value.\n{ident} = {i},");
                    }
                    out.push_str("}\n");
                }
                _ => {}
            }
        }
        for event in context.events.values() {
            record(&event.name.value, event.fields.as_deref().unwrap_or_default(), derives, style, out);
        }
        out.push_str("}\n");
    }
}

fn record(name: &str, fields: &[isobar_model::Field], derives: &str, style: Style, out: &mut String) {
    let _ = writeln!(out, "/// A record.\n#[derive({derives})]");
    if style.serde {
        out.push_str("#[serde(rename_all = \"camelCase\")]\n");
    }
    let _ = writeln!(out, "pub struct {name} {{");
    for (i, field) in fields.iter().enumerate() {
        let mut ident = String::new();
        for c in field.name.value.chars() {
            ident.extend(c.is_ascii_uppercase().then_some('_'));
            ident.push(c.to_ascii_lowercase());
        }
        let optional = field.presence == Presence::Optional;
        let (mut ty, mut tag) = kind(&field.shape, style);
        if optional {
            (ty, tag) = (format!("::core::option::Option<{ty}>"), format!("{tag}, optional"));
        }
        let _ = writeln!(out, "/// A field.");
        if style.prost {
            let _ = writeln!(out, "#[prost({tag}, tag = \"{}\")]", i + 1);
        }
        let _ = writeln!(out, "pub {ident}: {ty},");
    }
    out.push_str("}\n");
}

/// The Rust type, and what prost calls it. Decimals and timestamps are texts, which is the kindest to the peers.
fn kind(shape: &Shape, style: Style) -> (String, String) {
    match &shape.kind {
        ShapeKind::List(item) => {
            let (ty, tag) = kind(item, style);
            (format!("::std::vec::Vec<{ty}>"), tag.replace(", required", "") + ", repeated")
        }
        ShapeKind::Ref(name) if name.name.starts_with("Status") && style.prost => {
            ("i32".into(), format!("enumeration = \"{}\"", name.name))
        }
        ShapeKind::Ref(name) if name.name == "KeyId" => ("::std::string::String".into(), "string".into()),
        ShapeKind::Ref(name) => (name.name.clone(), "message, required".into()),
        ShapeKind::Scalar(Scalar::Int) => ("i64".into(), "int64".into()),
        _ => ("::std::string::String".into(), "string".into()),
    }
}
