//! The pages as files that no server answers for, opened from a disk: they have their style and their scripts, nothing is asked of anybody,
//! and links lead from file to file. That every link and every fragment of every file leads somewhere is held by `web/src/pages/tests.rs`.

use crate::{assert_sound, board::picture, browser::Browser, of_each_kind};
use serde_json::json;
use std::{path::Path, process::Command};
use tempfile::TempDir;

/// The shop as files.
fn exported() -> TempDir {
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
    folder
}

#[test]
fn files_are_looked_at_from_a_disk() {
    let folder = exported();
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

#[test]
fn releases_are_slid_through_from_a_disk() {
    let folder = exported();
    let mut browser = Browser::start(1440, true);
    browser.open(&format!("file://{}/w/shop.html?paths=failure", folder.path().display()));
    let frame = "document.querySelector('.stage .frame')";
    browser.say("document.querySelector('[data-board=in]').click()");
    browser.say(&format!("{frame}.scrollTo(300, 120)"));
    let place =
        format!("[{frame}.scrollLeft, {frame}.scrollTop, document.querySelector('svg.board').getAttribute('width')]");
    let before = browser.say(&place);
    assert_eq!((&before[0], &before[1]), (&json!(300), &json!(120)));
    let at = |release: &str, number: usize| {
        format!(
            "location.pathname.endsWith('/{release}.html') && document.readyState === 'complete' && \
             document.querySelector('[data-slider]').value === '{number}' && document.activeElement.matches('[data-slider]')"
        )
    };
    browser.say(
        "{ const it = document.querySelector('[data-slider]'); it.value = 1; it.dispatchEvent(new Event('change', { bubbles: true })); }; null",
    );
    browser.wait(&at("w/shop/board/release/2", 1));
    assert_eq!(browser.say("document.querySelectorAll('.note.changed').length"), json!(2));
    assert_eq!(browser.say(&place), before, "in the same place and size");
    assert_eq!(browser.say("location.search"), json!("?paths=failure"));
    // The slider goes on by keys.
    for (key, release, number) in [("ArrowRight", "w/shop/board/release/3", 2), ("ArrowRight", "w/shop", 3)] {
        for kind in ["keyDown", "keyUp"] {
            browser.ask("Input.dispatchKeyEvent", json!({ "type": kind, "key": key, "windowsVirtualKeyCode": 39 }));
        }
        browser.wait(&at(release, number));
    }
    assert_eq!(browser.say(&place), before, "still");
    // A flow is followed, and has an address.
    browser.say("document.querySelector('[data-paths]').click()");
    assert_eq!(browser.say("location.search"), json!(""));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn the_board_becomes_a_picture_from_a_disk() {
    let folder = exported();
    let mut browser = Browser::start(1440, true);
    browser.open(&format!("file://{}/w/shop/board/ordering/release/2.html", folder.path().display()));
    picture(&mut browser, "shop-board-ordering-release-2.png");
}
