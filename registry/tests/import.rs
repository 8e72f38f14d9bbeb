//! Every folder of `import/` is a history of JSON Schemas, with what it becomes in `expected.txt`: the stormings of its newest
//! versions, what became of each version, and the notes. `UPDATE_EXPECT=1` writes what differs; read it before you keep it.

use isobar_registry::{
    Workspace,
    import::{self, Files},
};
use std::{env, fmt::Write, fs, path::Path};

#[test]
fn histories_become_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 8, "the cases are there");
    let mut differ = Vec::new();
    for case in cases {
        let mut files = Files::new();
        collect(&case, &case, &mut files);
        let found = told(&files);
        let expected = case.join("expected.txt");
        if fs::read_to_string(&expected).unwrap_or_default() != found {
            if env::var_os("UPDATE_EXPECT").is_some() {
                fs::write(&expected, &found).unwrap();
            } else {
                differ.push(format!("{}:\n{found}", case.display()));
            }
        }
    }
    assert!(differ.is_empty(), "not as expected:\n{}", differ.join("\n"));
}

#[test]
fn references_that_lead_on_and_on_end() {
    let links = (0..3_000).map(|at| format!(r##""d{at}": {{ "$ref": "#/definitions/d{}" }}"##, at + 1));
    let links = links.collect::<Vec<_>>().join(",");
    let chain = format!(
        r##"{{ "type": "object", "properties": {{ "a": {{ "$ref": "#/definitions/d0" }} }}, "definitions": {{ {links}, "d3000": {{}} }} }}"##
    );
    let told = told(&Files::from([("chain.json".to_owned(), chain)]));
    assert!(
        told.contains(
            "shop.Chain 1 -> v1.0\nnote: chain.json#/definitions/d255: references lead too deep: it is `json`\n"
        ),
        "{told}"
    );
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|it| it == "json") {
            let below = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(below, fs::read_to_string(&path).unwrap());
        }
    }
}

fn told(files: &Files) -> String {
    let out = tempfile::tempdir().unwrap();
    let (imported, notes) = match import::write(out.path(), &import::json_schema(files, "shop")) {
        Ok(done) => done,
        Err(failed) => panic!("{failed:?}"),
    };
    let mut text = String::new();
    let mut storms: Vec<_> = fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    storms.sort();
    for storm in storms.iter().filter(|path| path.to_string_lossy().ends_with(".storm.yaml")) {
        text.push_str(&fs::read_to_string(storm).unwrap());
        text.push('\n');
    }
    for it in imported {
        let hooks = if it.hooks.is_empty() { String::new() } else { format!(" by hooks for {}", it.hooks.join(", ")) };
        let _ = writeln!(text, "{} {} -> {}{hooks}", it.name, it.label, it.version);
    }
    for note in notes {
        let _ = writeln!(text, "note: {note}");
    }
    let workspace = Workspace::open(out.path());
    assert!(workspace.diagnostics.is_empty(), "{:?}", workspace.findings());
    assert!(workspace.evolutions.values().all(|it| it.newest().is_some_and(|known| !known.draft)), "all is released");
    text
}
