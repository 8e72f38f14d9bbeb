//! Every code has a folder in `fixtures/diagnostics` with the smallest workspace that shows it, and the text it shows. A folder
//! `base` in it holds the history of the revision that it is compared with.
//!
//! A text that differs is written beside the expected one as `expected.txt.new`: read it, then rename it.

use isobar_model::diag::{codes, render};
use isobar_registry::{Base, Workspace};
use std::{collections::BTreeSet, fs, path::Path};

/// Codes whose input cannot be a folder in a repository; `model/tests/hostile.rs` makes it and shows the text.
const MADE_ELSEWHERE: [&str; 6] =
    ["unreadable", "symlink-loop", "file-too-large", "not-utf8", "yaml-too-deep", "unwritable"];

/// The day on which waivers are judged.
const TODAY: &str = "2026-11-21";

fn fixtures() -> Vec<(String, std::path::PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/diagnostics");
    let entries = fs::read_dir(&root).expect("the fixtures are there").map(|entry| entry.expect("readable"));
    let mut found: Vec<_> =
        entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect();
    found.sort();
    found
}

#[test]
fn every_fixture_shows_its_text() {
    let mut wrong = Vec::new();
    for (code, folder) in fixtures() {
        let mut workspace = Workspace::open_on(&folder, TODAY);
        let base = folder.join("base");
        if base.is_dir() {
            workspace.against(&base, Base::Revision("origin/main"));
        }
        if !workspace.diagnostics.has_errors()
            && let Err(more) = isobar_generator::rust(&workspace)
        {
            workspace.diagnostics.extend(more);
        }
        let text = render(&workspace.diagnostics.sorted(&workspace.sources), &workspace.sources, false);
        assert!(text.contains(&format!("[{code}]")), "{code} is not shown by its own fixture:\n{text}");
        let expected = folder.join("expected.txt");
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            fs::write(folder.join("expected.txt.new"), &text).expect("the new text can be written");
            wrong.push(format!("{code}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{} fixtures show another text:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_code_has_a_fixture() {
    let have: BTreeSet<String> = fixtures().into_iter().map(|(code, _)| code).collect();
    let elsewhere = MADE_ELSEWHERE.map(str::to_owned);
    let want: BTreeSet<String> =
        codes::ALL.iter().map(|code| code.name.to_owned()).filter(|name| !elsewhere.contains(name)).collect();
    assert_eq!(have, want);
}

#[test]
fn every_code_explains_itself() {
    for code in codes::ALL {
        assert!(code.explain.len() > 40, "{} says too little", code.name);
        assert!(code.explain.lines().all(|line| line.len() <= 130), "{} has lines too long to read", code.name);
        assert!(!code.summary.ends_with('.'), "{}: a summary is no sentence", code.name);
    }
}
