//! A history as people and tools meet it: released, checked, damaged, released again.

use crate::{
    Workspace, release,
    testing::{folder, open, put, report},
};
use isobar_model::{Version, model::Name};
use std::{fs, path::Path};

const SHOP: &str = "context: shop
types:
  Money: { fields: { amount: decimal(2) } }
events:
  Placed: { fields: { id: id(o_), price: Money } }
  Shipped: { fields: { id: id(o_) } }
  Sketch:
";

fn shop() -> tempfile::TempDir {
    folder(&[("isobar.yaml", "workspace: test\n"), ("shop.storm.yaml", SHOP)])
}

fn paths(root: &Path, filter: &[&str], dry_run: bool) -> Vec<String> {
    let filter: Vec<Name> = filter.iter().map(|name| Name { context: "shop".into(), name: (*name).into() }).collect();
    let released = release(&Workspace::open(root), &filter, dry_run);
    released.unwrap_or_else(|_| panic!("{}", report(&Workspace::open(root)))).into_iter().map(|it| it.path).collect()
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

#[test]
fn a_release_freezes_what_changed_and_nothing_else() {
    let folder = shop();
    let root = folder.path();
    let both = ["history/shop/Placed/v1.0.yaml", "history/shop/Shipped/v1.0.yaml"];
    assert_eq!(paths(root, &[], true), both);
    assert!(!root.join("history").exists(), "a dry run writes nothing");
    assert_eq!(paths(root, &["Shipped"], false), both[1..]);
    assert_eq!(paths(root, &[], false), both[..1]);
    assert_eq!(
        read(root, both[0]),
        "event: shop.Placed\nversion: v1.0\ntypes:\n  Money:\n    fields: { amount: decimal(2) }\n\
         fields:\n  id: id(o_)\n  price: Money\n"
    );
    let lock = read(root, "history/isobar.lock");
    assert_eq!(lock.lines().count(), 3);
    assert!(lock.lines().nth(1).unwrap().ends_with("  shop/Placed/v1.0.yaml"));
    open(root);
    assert_eq!(paths(root, &[], false), [""; 0], "nothing is left to release");
    assert_eq!(read(root, "history/isobar.lock"), lock);

    // A type that is changed changes each event that reaches it.
    put(root, &[("shop.storm.yaml", &SHOP.replace("amount: decimal(2)", "amount: decimal(2), note: string?"))]);
    assert_eq!(paths(root, &[], false), ["history/shop/Placed/v1.1.yaml"]);
    let workspace = open(root);
    let evolution = workspace.find("Placed").unwrap();
    assert_eq!(evolution.majors[0].known, [Version::new(1, 0), Version::new(1, 1)]);
}

#[test]
fn what_only_people_read_is_a_revision_of_the_same_file() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    let before = read(root, "history/shop/Shipped/v1.0.yaml");
    let told = SHOP.replace(
        "Shipped: { fields: { id: id(o_) } }",
        "Shipped: { doc: Gone., fields: { id: { type: id(o_), tags: [big] } }, examples: [{ id: o_1 }] }",
    );
    let settings = "workspace: test\ntags: { big: { doc: Big. } }\n";
    put(root, &[("shop.storm.yaml", &told), ("isobar.yaml", settings)]);
    let released = release(&open(root), &[], false).unwrap();
    assert_eq!(released.len(), 1);
    assert!(released[0].revision);
    let after = read(root, "history/shop/Shipped/v1.0.yaml");
    assert_ne!(before, after);
    assert_eq!(after, released[0].text);
    assert_eq!(
        after,
        "event: shop.Shipped\nversion: v1.0\ndoc: Gone.\nfields:\n  id: id(o_) @big\nexamples: [{ id: o_1 }]\n"
    );
    open(root);
    assert_eq!(paths(root, &[], false), [""; 0]);
}

#[test]
fn damage_is_found() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    let placed = read(root, "history/shop/Placed/v1.0.yaml");
    put(
        root,
        &[
            ("history/shop/Placed/v1.0.yaml", &placed.replace("o_", "x_")),
            ("history/shop/Extra/v1.0.yaml", "not: even this"),
            ("history/shop/Deep/er/v1.0.yaml", ""),
            ("history/.gitattributes", "* -text\n"),
        ],
    );
    fs::remove_file(root.join("history/shop/Shipped/v1.0.yaml")).unwrap();
    let workspace = Workspace::open(root);
    insta::assert_snapshot!("damage", report(&workspace));
    assert!(release(&workspace, &[], false).is_err(), "nothing is released on top of it");
    assert_eq!(read(root, "history/shop/Placed/v1.0.yaml"), placed.replace("o_", "x_"));
}

#[test]
fn line_ends_and_byte_order_marks_are_changes_too() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    let placed = read(root, "history/shop/Placed/v1.0.yaml");
    for changed in [placed.replace('\n', "\r\n"), format!("\u{feff}{placed}")] {
        put(root, &[("history/shop/Placed/v1.0.yaml", &changed)]);
        let codes: Vec<&str> = Workspace::open(root).findings().iter().map(|it| it.code.name).collect();
        assert_eq!(codes, ["history-edited"]);
    }
}

#[test]
fn a_file_in_anothers_place_is_found() {
    let folder = shop();
    let root = folder.path();
    put(root, &[("history/shop/Placed/v1.0.yaml", "event: shop.Shipped\nversion: v1.1\nfields: { id: id(o_) }\n")]);
    insta::assert_snapshot!("misplaced", report(&Workspace::open(root)));
}

#[test]
fn a_broken_lock_is_found() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    let lock = read(root, "history/isobar.lock");
    put(root, &[("history/isobar.lock", &lock.replace("  shop/Placed", " shop/Placed"))]);
    insta::assert_snapshot!("broken_lock", report(&Workspace::open(root)));
}

#[test]
fn a_history_by_hand_is_adopted_as_it_is() {
    let folder = shop();
    let root = folder.path();
    let by_hand =
        "event: shop.Placed\nversion: v1.0\nfields: { id: id(o_), price: { fields: { amount: decimal(2) } } }\n";
    put(root, &[("history/shop/Placed/v1.0.yaml", by_hand)]);
    let workspace = Workspace::open(root);
    insta::assert_snapshot!("by_hand", report(&workspace));
    assert!(release(&workspace, &[], false).is_err(), "nothing is released on top of files that nothing vouches for");
    assert_eq!(super::adopt(&workspace).unwrap(), 1);
    assert_eq!(paths(root, &[], false), ["history/shop/Shipped/v1.0.yaml"]);
    open(root);
    assert_eq!(read(root, "history/shop/Placed/v1.0.yaml"), by_hand);
}

#[test]
fn a_release_on_top_of_another_one_is_refused() {
    let folder = shop();
    let root = folder.path();
    let stale = open(root);
    paths(root, &["Placed"], false);
    let refused = release(&stale, &[], false).unwrap_err();
    let messages: Vec<String> = refused.sorted(&stale.sources).into_iter().map(|it| it.message).collect();
    assert_eq!(messages, ["`history` cannot be written: it was changed since it was read"]);
    let guard = fs::File::open(root.join("history")).unwrap();
    guard.lock().unwrap();
    let refused = release(&open(root), &[], false).unwrap_err();
    let messages: Vec<String> = refused.sorted(&stale.sources).into_iter().map(|it| it.message).collect();
    assert_eq!(messages, ["`history` cannot be written: another release is running"]);
}

#[test]
fn an_unknown_name_releases_nothing() {
    let folder = shop();
    let workspace = open(folder.path());
    let name = Name { context: "shop".into(), name: "Place".into() };
    let refused = release(&workspace, &[name], false).unwrap_err().sorted(&workspace.sources);
    assert_eq!(refused[0].message, "there is no event `shop.Place`");
    assert_eq!(refused[0].help.as_deref(), Some("did you mean `shop.Placed`?"));
}

#[test]
fn everything_that_was_read_is_named_for_build_scripts() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    let workspace = open(root);
    let below = |list: &[std::path::PathBuf]| -> Vec<String> {
        list.iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect()
    };
    assert_eq!(
        below(&workspace.files),
        [
            "isobar.yaml",
            "shop.storm.yaml",
            "history/isobar.lock",
            "history/shop/Placed/v1.0.yaml",
            "history/shop/Shipped/v1.0.yaml"
        ]
    );
    let mut folders = below(&workspace.folders);
    folders.sort();
    assert_eq!(folders, ["", "history", "history/shop", "history/shop/Placed", "history/shop/Shipped"]);
}

#[test]
fn an_interrupted_release_is_not_seen() {
    let folder = shop();
    let root = folder.path();
    paths(root, &[], false);
    // Killed after its commit: a file is not in its place yet.
    let (place, staged) =
        (root.join("history/shop/Placed/v1.0.yaml"), root.join("history/.staging/shop/Placed/v1.0.yaml"));
    fs::create_dir_all(staged.parent().unwrap()).unwrap();
    fs::rename(&place, &staged).unwrap();
    assert_eq!(open(root).evolutions.values().filter(|it| it.released().is_some()).count(), 2);
    assert!(staged.exists(), "reading does not write");
    assert_eq!(paths(root, &[], false), [""; 0]);
    assert!(place.exists() && !root.join("history/.staging").exists());
    // Killed before its commit: half a file of a release that never was.
    put(root, &[("history/.staging/shop/Placed/v1.1.yaml", "event: sh"), ("history/.staging/isobar.lock", "half")]);
    open(root);
    assert_eq!(paths(root, &[], false), [""; 0]);
    assert!(!root.join("history/.staging").exists());
    open(root);
}
