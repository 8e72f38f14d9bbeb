use super::Base;
use crate::{
    Workspace, release,
    testing::{folder, put, report},
};
use isobar_model::parse::Tree;
use std::path::Path;
use tempfile::TempDir;

fn storm(fields: &str) -> String {
    format!("context: shop\nevents:\n  E: {{ fields: {{ {fields} }} }}\n")
}

/// Releases the event with these fields.
fn freeze(root: &Path, fields: &str) {
    put(root, &[("shop.storm.yaml", &storm(fields))]);
    let workspace = Workspace::open(root);
    assert_eq!(release(&workspace, &[], false).map(|it| it.len()).map_err(|_| report(&workspace)), Ok(1));
}

/// Two sides that both have released v1.0.
fn sides() -> (TempDir, TempDir) {
    let sides = (folder(&[]), folder(&[]));
    freeze(sides.0.path(), "n: int");
    freeze(sides.1.path(), "n: int");
    sides
}

fn found(here: &TempDir, base: &TempDir) -> Vec<(&'static str, String)> {
    since(here, base, None)
}

/// With what was there when the sides parted.
fn since(here: &TempDir, base: &TempDir, parted: Option<&[&str]>) -> Vec<(&'static str, String)> {
    let parted = parted.map(|files| files.iter().map(|file| (*file).to_owned()).collect());
    let mut workspace = Workspace::open(here.path());
    workspace.against(Tree::Folder(base.path()), Base::Revision("main"), parted.as_ref());
    workspace.findings().into_iter().map(|it| (it.code.name, it.message)).collect()
}

fn told(code: &'static str, message: &str) -> (&'static str, String) {
    (code, message.to_owned())
}

#[test]
fn what_was_released_there_is_here() {
    let (here, base) = sides();
    assert_eq!(found(&here, &base), []);
    freeze(here.path(), "n: int, m: int?");
    assert_eq!(found(&here, &base), [], "what is released here is new");
    let nothing = folder(&[]);
    assert_eq!(found(&here, &nothing), [], "a base without a history");
    let bare = folder(&[("shop.storm.yaml", &storm("n: int"))]);
    assert_eq!(found(&bare, &bare), [], "neither side has one");
}

#[test]
fn what_is_only_told_in_other_words_is_the_same() {
    let (here, base) = sides();
    freeze(here.path(), "n: { type: int, doc: how many }");
    assert_eq!(found(&here, &base), []);
}

#[test]
fn both_sides_released_the_same_version() {
    let (here, base) = sides();
    freeze(here.path(), "n: int, mine: int?");
    freeze(base.path(), "n: int, theirs: int?");
    assert_eq!(found(&here, &base), [told("base-clash", "v1.1 of `shop.E` is another one than on main")]);
}

#[test]
fn a_version_of_the_base_is_missing_and_the_draft_will_be_the_next() {
    let (here, base) = sides();
    freeze(base.path(), "n: int, theirs: int?");
    let missing = told("base-missing", "v1.1 of `shop.E` was released on main and is not here");
    assert_eq!(found(&here, &base)[0], missing);
    put(here.path(), &[("shop.storm.yaml", &storm("n: int, theirs: int?, mine: int?"))]);
    assert_eq!(
        found(&here, &base),
        [told("base-draft", "the draft of `shop.E` is v1.1 here, and v1.2 beside what main released"), missing.clone(),]
    );
    // The same field with another type cannot be a minor of the same major any more.
    put(here.path(), &[("shop.storm.yaml", &storm("n: int, theirs: string?"))]);
    let all = found(&here, &base);
    assert_eq!(all[0], told("base-draft", "the draft of `shop.E` is v1.1 here, and v2.0 beside what main released"));
    assert_eq!(all[1], missing);
    // The draft is what the base released.
    put(here.path(), &[("shop.storm.yaml", &storm("n: int, theirs: int?"))]);
    assert_eq!(
        found(&here, &base)[0],
        told("base-draft", "the draft of `shop.E`, v1.1 here, is what main released as v1.1")
    );
}

#[test]
fn what_the_base_released_since_is_not_missed_and_judged_by() {
    let (here, base) = sides();
    freeze(base.path(), "n: int, theirs: int?");
    let parted: Option<&[&str]> = Some(&["shop/E/v1.0.yaml"]);
    assert_eq!(since(&here, &base, parted), []);
    put(here.path(), &[("shop.storm.yaml", &storm("n: int, theirs: string?"))]);
    let draft = told("base-draft", "the draft of `shop.E` is v1.1 here, and v2.0 beside what main released");
    assert_eq!(since(&here, &base, parted)[0], draft);
    std::fs::remove_dir_all(here.path().join("history")).unwrap();
    let missing: Vec<String> = since(&here, &base, parted).into_iter().map(|it| it.1).collect();
    assert!(missing.contains(&"v1.0 of `shop.E` was released on main and is not here".to_owned()), "{missing:?}");
}

#[test]
fn an_event_that_was_taken_out_of_the_history_is_missing() {
    let (here, base) = sides();
    std::fs::remove_dir_all(here.path().join("history")).unwrap();
    put(here.path(), &[("shop.storm.yaml", "context: shop\nevents: { F: { fields: {} } }\n")]);
    let all = found(&here, &base);
    assert_eq!(all[0].0, "base-missing");
    let codes: Vec<&str> = all.iter().map(|it| it.0).collect();
    assert_eq!(codes, ["base-missing", "released-gone"]);
}

#[test]
fn a_released_file_that_was_rewritten_with_its_lock_is_found() {
    let (here, base) = sides();
    std::fs::remove_dir_all(here.path().join("history")).unwrap();
    freeze(here.path(), "n: string");
    assert_eq!(found(&here, &base), [told("base-clash", "v1.0 of `shop.E` is another one than on main")]);
}
