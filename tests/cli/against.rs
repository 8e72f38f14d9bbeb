//! `isobar check --against`, with real repositories.

use crate::support::{Ran, copy_of, edit, isobar, isobar_in, path};
use std::{path::Path, process::Command};
use tempfile::TempDir;

/// Runs git as somebody, whatever the machine's settings are.
fn git(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .expect("git is there");
    assert!(ran.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a change"]);
}

/// A repository whose branch `main` holds the shop in `schemas/`, and whose branch `topic` is checked out.
fn repository() -> TempDir {
    let shop = copy_of("shop");
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet", "--initial-branch", "main"]);
    let status = Command::new("cp").arg("-r").arg(shop.path()).arg(folder.path().join("schemas")).status().unwrap();
    assert!(status.success());
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "-b", "topic"]);
    folder
}

fn codes(ran: &Ran) -> Vec<(String, String)> {
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    json["diagnostics"].as_array().unwrap().iter().map(|it| (text(it, "code"), text(it, "message"))).collect()
}

fn against(folder: &TempDir, base: &str) -> Ran {
    isobar_in(folder, &["check", "schemas", "--against", base, "--format", "json"])
}

/// Adds a field to an event and releases it.
fn release_with(folder: &TempDir, field: &str) {
    let storm = folder.path().join("schemas/ordering.storm.yaml");
    edit(
        &storm,
        "        fields:\n          orderId: OrderId\n          reason:  string\n        apply",
        &format!(
            "        fields:\n          orderId: OrderId\n          reason:  string\n          {field}\n        apply"
        ),
    );
    let ran = isobar(&["release", folder.path().join("schemas").to_str().unwrap()]);
    assert_eq!(
        ran.out, "ordering.OrderProcessingFailed v1.1  history/ordering/OrderProcessingFailed/v1.1.yaml\n",
        "{}",
        ran.err
    );
}

#[test]
fn a_branch_that_only_adds_is_fine() {
    let folder = repository();
    assert_eq!(codes(&against(&folder, "main")), []);
    release_with(&folder, "step: string?");
    let ran = against(&folder, "main");
    assert_eq!((ran.code, codes(&ran)), (0, vec![]));
    let ran = isobar_in(&folder, &["check", "schemas", "--against", "main"]);
    assert!(ran.err.ends_with("nothing wrong\n"), "{}", ran.err);
}

#[test]
fn two_branches_that_release_the_same_version_clash() {
    let folder = repository();
    release_with(&folder, "step: string?");
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "main"]);
    release_with(&folder, "attempt: int?");
    commit(folder.path());
    let clash =
        ("base-clash".to_owned(), "v1.1 of `ordering.OrderProcessingFailed` is another one than on topic".to_owned());
    let ran = against(&folder, "topic");
    assert_eq!((ran.code, codes(&ran)), (1, vec![clash]));
    // Where the two files are, and what to do.
    let ran = isobar_in(&folder, &["check", "schemas", "--against", "topic"]);
    for part in [
        "--> schemas/history/ordering/OrderProcessingFailed/v1.1.yaml:1:8",
        "::: schemas/history/ordering/OrderProcessingFailed/v1.1.yaml@topic:1:8",
        "help: take that of topic: `git checkout topic -- schemas/history/ordering/OrderProcessingFailed/v1.1.yaml schemas/history/isobar.lock`",
    ] {
        assert!(ran.err.contains(part), "{part}:\n{}", ran.err);
    }
}

#[test]
fn what_main_released_meanwhile_is_not_missed() {
    let folder = repository();
    git(folder.path(), &["checkout", "--quiet", "main"]);
    release_with(&folder, "attempt: int?");
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "topic"]);
    let ran = against(&folder, "main");
    assert_eq!((ran.code, codes(&ran), ran.err.as_str()), (0, vec![], ""));
    // It is judged by: a draft beside it is the next version, and what is released twice clashes.
    edit(
        &folder.path().join("schemas/ordering.storm.yaml"),
        "          reason:  string\n        apply",
        "          reason:  string\n          step: string?\n        apply",
    );
    let draft = "the draft of `ordering.OrderProcessingFailed` is v1.1 here, and v1.2 beside what main released";
    assert_eq!(codes(&against(&folder, "main")), [("base-draft".to_owned(), draft.to_owned())]);
    assert_eq!(isobar(&["release", folder.path().join("schemas").to_str().unwrap()]).code, 0);
    assert_eq!(codes(&against(&folder, "main"))[0].0, "base-clash");
    git(folder.path(), &["checkout", "--quiet", "."]);
    git(folder.path(), &["clean", "--quiet", "-fd"]);
    git(folder.path(), &["merge", "--quiet", "main"]);
    assert_eq!(against(&folder, "main").code, 0);
}

#[test]
fn without_the_commit_where_a_branch_left_all_of_the_base_is_expected() {
    let folder = repository();
    std::fs::write(folder.path().join("README"), "A topic.\n").unwrap();
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "main"]);
    release_with(&folder, "attempt: int?");
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "topic"]);
    let shallow = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(shallow.path(), &["clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "topic", &url, "."]);
    let ran = against(&shallow, "origin/main");
    let missing = "v1.1 of `ordering.OrderProcessingFailed` was released on origin/main and is not here";
    assert_eq!((ran.code, codes(&ran)[0].1.as_str()), (1, missing));
    assert!(ran.err.starts_with("where this branch left `origin/main` is not known here"), "{}", ran.err);
    git(shallow.path(), &["fetch", "--quiet", "--unshallow"]);
    let ran = against(&shallow, "origin/main");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn a_release_that_is_taken_back_is_found() {
    let folder = repository();
    let history = folder.path().join("schemas/history");
    std::fs::remove_file(history.join("ordering/OrderPlaced/v2.0.yaml")).unwrap();
    let lock = std::fs::read_to_string(history.join("isobar.lock")).unwrap();
    let without: Vec<&str> = lock.lines().filter(|line| !line.ends_with("OrderPlaced/v2.0.yaml")).collect();
    std::fs::write(history.join("isobar.lock"), without.join("\n") + "\n").unwrap();
    let alone = isobar_in(&folder, &["check", "schemas", "--format", "json"]);
    assert!(!codes(&alone).iter().any(|it| it.0 == "base-missing"), "nothing here tells that it was released");
    let found = codes(&against(&folder, "main"));
    assert!(
        found.iter().any(|it| it.1 == "v2.0 of `ordering.OrderPlaced` was released on main and is not here"),
        "{found:?}"
    );
}

#[test]
fn a_base_may_have_no_history_or_no_workspace() {
    let folder = repository();
    git(folder.path(), &["checkout", "--quiet", "--orphan", "empty"]);
    git(folder.path(), &["rm", "--quiet", "-r", "--force", "."]);
    std::fs::write(folder.path().join("README"), "nothing yet\n").unwrap();
    commit(folder.path());
    git(folder.path(), &["checkout", "--quiet", "topic"]);
    assert_eq!(against(&folder, "empty").code, 0);
    assert_eq!(against(&folder, "HEAD").code, 0);
}

#[test]
fn a_folder_is_compared_with_as_it_is() {
    let (shop, base) = (copy_of("shop"), copy_of("shop"));
    assert_eq!(isobar(&["check", path(&shop), "--against", path(&base)]).code, 0);
    edit(
        &base.path().join("payment.storm.yaml"),
        "fields: { orderId: ordering.OrderId, reason: string }",
        "fields: { orderId: ordering.OrderId, reason: string, code: string? }",
    );
    assert_eq!(isobar(&["release", path(&base)]).code, 0);
    let ran = isobar(&["check", path(&shop), "--against", path(&base), "--format", "json"]);
    assert_eq!((ran.code, codes(&ran)[0].0.as_str()), (1, "base-missing"));
    let help = serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["diagnostics"][0]["help"].to_string();
    let folder = path(&base);
    assert!(help.starts_with(&format!("\"bring over what was released in {folder};")), "no git is spoken of: {help}");
    assert!(help.contains("PaymentFailed/v1.1.yaml and ") && help.contains(&format!(" from {folder}")), "{help}");
}

#[test]
fn what_cannot_be_compared_with_is_said_with_what_to_do() {
    let folder = repository();
    let ran = against(&folder, "origin/main");
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "error: `origin/main` is neither a folder nor a revision of this repository; fetch it first (`git fetch origin main`; in CI, \
         check out with `fetch-depth: 0`)\n"
    );
    assert_eq!(against(&folder, "--output=x").code, 2, "no revision is taken for an option");
    let shop = copy_of("shop");
    let ran = isobar_in(&shop, &["check", ".", "--against", "main"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: `.` is in no git repository that can be read: "), "{}", ran.err);
    assert!(ran.err.ends_with("; name a folder to compare with instead\n"), "{}", ran.err);
    let ran = crate::support::isobar_without_path(folder.path(), &["check", "schemas", "--against", "main"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("needs the program `git`, which is not here"), "{}", ran.err);
}
