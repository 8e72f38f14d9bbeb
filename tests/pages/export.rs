//! The pages as files that no server answers for, opened from a disk: they have their style and their scripts, nothing is asked of anybody,
//! and links lead from file to file. That every link and every fragment of every file leads somewhere is held by `web/src/pages/tests.rs`.

use crate::{assert_sound, browser::Browser, of_each_kind};
use serde_json::json;
use std::{path::Path, process::Command};

#[test]
fn files_are_looked_at_from_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let done = Command::new(env!("CARGO_BIN_EXE_isobar"))
        .args(["export", "html"])
        .arg(schemas.join("shop"))
        .arg("--out")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let root = format!("file://{}/", folder.path().display());
    let mut browser = Browser::start(1440, true);
    for url in of_each_kind(&mut browser, &root, &["index.html"]) {
        browser.open(&url);
        assert_sound(&mut browser, &url);
        let ran = browser.say("!document.querySelector('[data-theme-toggle]').hidden");
        assert_eq!(ran, json!(true), "{url} has no script");
        let styled = browser.say("getComputedStyle(document.querySelector('.bar')).position");
        assert_eq!(styled, json!("sticky"), "{url} has no style");
        assert_eq!(browser.say("document.querySelectorAll('form').length"), json!(0), "{url} asks a server");
    }
}
