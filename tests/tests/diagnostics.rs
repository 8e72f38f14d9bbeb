//! Every code has a folder in `fixtures/diagnostics` with the smallest workspace that shows it, and the text it shows. A folder
//! `base` in it holds the history of the revision that it is compared with.
//!
//! A text that differs is written beside the expected one as `expected.txt.new`: read it, then rename it.

use isobar_model::{
    diag::{codes, render},
    parse::Tree,
};
use isobar_registry::{Base, Workspace};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Codes whose input cannot be a folder in a repository; `model/tests/hostile.rs` and others make it and show the text.
const MADE_ELSEWHERE: [&str; 9] = [
    "unreadable",
    "symlink-loop",
    "file-too-large",
    "not-utf8",
    "bad-path",
    "yaml-too-deep",
    "unwritable",
    "base-passed",
    "context-owned",
];

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
            workspace.against(Tree::Folder(&base), Base::Revision("origin/main"), None);
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

/// Every file below a folder by its path.
fn texts(root: &Path, below: &str, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(below)).expect("readable") {
        let entry = entry.expect("readable");
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.file_type().expect("known").is_dir() {
            true => self::texts(root, &format!("{path}/"), texts),
            false => drop(texts.insert(path, fs::read_to_string(entry.path()).expect("text"))),
        }
    }
}

#[test]
fn texts_have_the_findings_of_their_folder() {
    let show = |workspace: &Workspace| render(&workspace.findings(), &workspace.sources, false);
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder").join("schemas");
    let samples = ["shop", "bank"].map(|name| (name.to_owned(), schemas.join(name)));
    for (name, folder) in fixtures().into_iter().chain(samples) {
        let mut files = BTreeMap::new();
        texts(&folder, "", &mut files);
        let opened = Workspace::open_on(&folder, TODAY);
        let read = Workspace::of_files(files, Some(TODAY));
        assert_eq!(show(&read), show(&opened), "{name}");
        let pushed = opened.texts();
        assert_eq!(pushed, read.texts(), "{name}");
        // What is pushed is the whole workspace.
        let sent = Workspace::of_files(pushed, Some(TODAY));
        assert_eq!(show(&sent), show(&opened), "{name}");
        assert_eq!(sent.history.found, opened.history.found, "{name}");
    }
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    let storm = "context: shop\nevents: [Paid]\n";
    let paths = ["../shop.storm.yaml", "/etc/passwd", "a", "a/b.storm.yaml", "", "c\0"];
    let files = paths.map(|path| (path.to_owned(), storm.to_owned())).into_iter().collect();
    let workspace = Workspace::of_files(files, None);
    let found: Vec<String> =
        workspace.findings().into_iter().map(|it| format!("{}: {}", it.code.name, it.message)).collect();
    let refused = [
        "bad-path: `../shop.storm.yaml` is no path: it may lead out of the workspace",
        "bad-path: `/etc/passwd` is no path: it does not begin in the workspace",
        "bad-path: `` is no path: it is empty",
        "bad-path: `a` is no path: another one leads through it",
        "bad-path: `c\\0` is no path: it holds a character that not every system has in a name",
    ];
    assert_eq!(found, refused);
    assert_eq!(workspace.texts().into_keys().collect::<Vec<_>>(), ["a/b.storm.yaml"]);
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
