//! Splits, merges and drops: what is checked of them, and what becomes of data.

use super::Onward;
use crate::{
    Workspace,
    payload::upcast_all,
    testing::{folder, open, put, report},
};
use isobar_model::model::Name;
use std::path::Path;

const REGISTERED: &str = "
event: shop.Registered
version: v1.0
fields: { id: id(c_), name: string, mail: string, note: string? }
";
const REGISTERED2: &str = "
event: shop.Registered
version: v2.0
fields: { id: id(c_), first: string, last: string, mail: string, note: string? }
upgrade: { first: 'split($name, \" \", 0)', last: 'split($name, \" \", 1)' }
";
const GROWN: &str = "event: shop.Grown\nversion: v1.0\nfields: { id: id(c_), by: int }\n";
const SHRUNK: &str = "event: shop.Shrunk\nversion: v1.0\nfields: { id: id(c_), less: int }\n";

/// A workspace with these releases and this storming.
fn workspace(storm: &str) -> tempfile::TempDir {
    let folder = folder(&[
        ("isobar.yaml", "workspace: test\n"),
        ("shop.storm.yaml", &self::storm(SPLIT, MERGE)),
        ("history/shop/Registered/v1.0.yaml", REGISTERED),
        ("history/shop/Registered/v2.0.yaml", REGISTERED2),
        ("history/shop/Grown/v1.0.yaml", GROWN),
        ("history/shop/Shrunk/v1.0.yaml", SHRUNK),
    ]);
    crate::history::adopt(&Workspace::open(folder.path())).unwrap();
    put(folder.path(), &[("shop.storm.yaml", storm)]);
    folder
}

/// The same, with what is usually right of it.
fn storm(registered: &str, resized: &str) -> String {
    format!(
        "context: shop
events:
  Registered: {registered}
  Named: {{ fields: {{ id: id(c_), name: string }} }}
  Reachable: {{ fields: {{ id: id(c_), mail: string }} }}
  Sketch:
  Grown:
  Shrunk:
  Resized:
    {}
",
        resized.replace('\n', "\n    ")
    )
}

const SPLIT: &str =
    "{ splits_into: [Named, Reachable], upgrade: { Named: { name: '$first + \" \" + $last' } }, removed: [note] }";
const MERGE: &str = "merged_from: [Grown, Shrunk]
fields: { id: id(c_), by: int }
upgrade: { Shrunk: { by: '0 - $less' } }";

fn all(root: &Path, event: &str, version: &str, json: &str) -> String {
    let workspace = open(root);
    let all = upcast_all(&workspace, workspace.find(event).unwrap(), version.parse().unwrap(), json.as_bytes());
    match all {
        Ok(all) => all.iter().map(|it| format!("{} {} {}\n", it.name, it.version, it.json)).collect(),
        Err(refused) => format!("refused: {refused}"),
    }
}

#[test]
fn data_of_an_event_that_was_split_becomes_several() {
    let folder = workspace(&storm(SPLIT, MERGE));
    let old = r#"{"id":"c_1","name":"Ann Lee","mail":"a@b","note":"x"}"#;
    let expected = "shop.Named v1.0 {\"id\":\"c_1\",\"name\":\"Ann Lee\"}\nshop.Reachable v1.0 {\"id\":\"c_1\",\"mail\":\"a@b\"}\n";
    assert_eq!(all(folder.path(), "Registered", "v1.0", old), expected);
    let old = r#"{"id":"c_1","first":"Ann","last":"Lee","mail":"a@b"}"#;
    assert_eq!(all(folder.path(), "Registered", "v2.1", old), expected);
    let refused = all(folder.path(), "Registered", "v2.0", "{}");
    assert_eq!(refused, "refused: not a payload of v2.0: id: is missing");
    let refused = all(folder.path(), "Registered", "v3.0", "{}");
    assert_eq!(refused, "refused: shop.Registered has no version v3.0; known are v1.0, v2.0");
}

#[test]
fn data_of_merged_events_becomes_one() {
    let folder = workspace(&storm(SPLIT, MERGE));
    assert_eq!(
        all(folder.path(), "Grown", "v1.0", r#"{"id":"c_1","by":3}"#),
        "shop.Resized v1.0 {\"id\":\"c_1\",\"by\":3}\n"
    );
    assert_eq!(
        all(folder.path(), "Shrunk", "v1.0", r#"{"id":"c_1","less":3}"#),
        "shop.Resized v1.0 {\"id\":\"c_1\",\"by\":-3}\n"
    );
}

#[test]
fn data_of_a_dropped_event_becomes_nothing() {
    let folder = workspace(&storm("{ dropped: true }", MERGE));
    assert_eq!(all(folder.path(), "Registered", "v1.0", "not even JSON"), "");
    // And data of what was merged into one is.
    crate::release(&open(folder.path()), &[], false).unwrap();
    put(folder.path(), &[("shop.storm.yaml", &storm("{ dropped: true }", "dropped: true"))]);
    assert_eq!(all(folder.path(), "Shrunk", "v1.0", "not even JSON"), "");
    // Dropping is no version: there is nothing of it to release.
    let workspace = open(folder.path());
    assert!(crate::release(&workspace, &[], false).unwrap().iter().all(|it| !it.path.contains("Registered")));
}

/// A merge that was released holds when the model no longer speaks of it, and its result goes on to later majors.
#[test]
fn a_merge_stays_where_it_was_released() {
    let folder = workspace(&storm(SPLIT, MERGE));
    crate::release(&open(folder.path()), &[], false).unwrap();
    let later = storm(SPLIT, "fields: { id: id(c_), percent: decimal(2) }\nupgrade: { percent: $by * 1.5 }")
        .replace("  Grown:\n  Shrunk:\n", "");
    put(folder.path(), &[("shop.storm.yaml", &later)]);
    let old = r#"{"id":"c_1","less":3}"#;
    let new = "shop.Resized v2.0 {\"id\":\"c_1\",\"percent\":-4.5}\n";
    assert_eq!(all(folder.path(), "Shrunk", "v1.0", old), new);
    // And when the event that it became is split in turn.
    crate::release(&open(folder.path()), &[], false).unwrap();
    let split = "splits_into: [Named]\nupgrade: { Named: { name: lower($id) } }\nremoved: [percent]";
    put(folder.path(), &[("shop.storm.yaml", &storm(SPLIT, split).replace("  Grown:\n  Shrunk:\n", ""))]);
    assert_eq!(all(folder.path(), "Shrunk", "v1.0", old), "shop.Named v1.0 {\"id\":\"c_1\",\"name\":\"c_1\"}\n");
}

/// An event that goes on and takes others in says under its own name what its own data needs, and keeps saying so in its release.
#[test]
fn an_event_may_take_others_in() {
    let merged = "merged_from: [Shrunk]
fields: { id: id(c_), by: decimal(2) = 1, why: string }
upgrade:
  Grown: { why: growth }
  Shrunk: { why: \"'shrunk by ' + $id\" }
removed: [less]";
    let storm = storm(SPLIT, "").replace("  Resized:\n    \n", "").replace("  Grown:\n", "");
    let storm = format!("{storm}  Grown:\n    {}\n", merged.replace('\n', "\n    "));
    let folder = workspace(&storm);
    let grown = "shop.Grown v2.0 {\"id\":\"c_1\",\"by\":3,\"why\":\"growth\"}\n";
    let shrunk = "shop.Grown v2.0 {\"id\":\"c_1\",\"by\":1,\"why\":\"shrunk by c_1\"}\n";
    for _ in 0..2 {
        assert_eq!(all(folder.path(), "Grown", "v1.0", r#"{"id":"c_1","by":3}"#), grown);
        assert_eq!(all(folder.path(), "Shrunk", "v1.0", r#"{"id":"c_1","less":3}"#), shrunk);
        crate::release(&open(folder.path()), &[], false).unwrap();
    }
}

#[test]
fn what_is_wrong_with_a_split_or_a_merge_is_shown() {
    let reported =
        |registered: &str, resized: &str| report(&Workspace::open(workspace(&storm(registered, resized)).path()));
    let split = |text: &str| reported(text, MERGE);
    insta::assert_snapshot!("split_unread", split(&SPLIT.replace(", removed: [note]", "")));
    insta::assert_snapshot!(
        "split_wrong",
        split("{ splits_into: [Named, Grown, Reachable], upgrade: { Named: { nam: $first }, Resized: { by: 1 } } }")
    );
    insta::assert_snapshot!("split_to_sketch", split("{ splits_into: [Named, Sketch] }"));
    insta::assert_snapshot!("split_with_fields", split("{ splits_into: [Named], fields: { id: id(c_) } }"));
    insta::assert_snapshot!(
        "merge_wrong",
        reported(SPLIT, "merged_from: [Grown, Shrunk, Named]\nfields: { id: id(c_), by: string }\nremoved: [lss]")
    );
    let circle = storm("{ splits_into: [Shrunk], upgrade: { Shrunk: { less: 1 } }, removed: [first, last, mail, note] }", "fields: {}")
        .replace("  Grown:\n", "  Grown: { dropped: true }\n")
        .replace("  Shrunk:\n", "  Shrunk: { splits_into: [Registered], upgrade: { Registered: { first: a, last: b, mail: c } }, removed: [less] }\n");
    insta::assert_snapshot!("circle", report(&Workspace::open(workspace(&circle).path())));
    let both = "{ splits_into: [Shrunk], upgrade: { Shrunk: { less: 1 } }, removed: [first, last, mail, note] }";
    let back =
        "{ splits_into: [Registered], upgrade: { Registered: { first: a, last: b, mail: c } }, removed: [less] }";
    let circle = storm(both, "fields: {}")
        .replace("  Grown:\n", "  Grown: { dropped: true }\n")
        .replace("  Shrunk:\n", &format!("  Shrunk: {back}\n"));
    insta::assert_snapshot!("circle", report(&Workspace::open(workspace(&circle).path())));
}

#[test]
fn what_becomes_of_data_is_known() {
    let folder = workspace(&storm(SPLIT, MERGE));
    let workspace = open(folder.path());
    let onward = |name: &str| match &workspace.evolutions[&Name { context: "shop".into(), name: name.into() }].onward {
        Onward::Itself => "itself".to_owned(),
        Onward::Nothing => "nothing".to_owned(),
        Onward::Others(others) => others.iter().map(|it| format!("{} v{} ", it.name, it.major)).collect(),
    };
    assert_eq!(onward("Registered"), "shop.Named v1 shop.Reachable v1 ");
    assert_eq!(onward("Grown"), "shop.Resized v1 ");
    assert_eq!(onward("Resized"), "itself");
}
