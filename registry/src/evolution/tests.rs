//! Which version a change is, and what is said when the author sees it differently.

use crate::{
    Workspace, history,
    testing::{folder, open, put, report},
};
use isobar_model::{Version, model::Name};

const V1: &str = "event: shop.E\nversion: v1.0\nfields: { id: id(e_), note: string?, n: int }\n";

/// A workspace whose event `E` was released as v1.0 and is now written like this.
fn workspace(compatibility: &str, event: &str) -> tempfile::TempDir {
    let settings = format!("workspace: test\ncompatibility: {compatibility}\n");
    let storm = format!("context: shop\nevents:\n  E:\n    {}\n", event.replace('\n', "\n    "));
    let folder = folder(&[("isobar.yaml", &settings), ("shop.storm.yaml", &storm)]);
    put(folder.path(), &[("history/shop/E/v1.0.yaml", V1)]);
    lock(folder.path());
    folder
}

/// Locks the history as it is.
fn lock(root: &std::path::Path) {
    let _ = std::fs::remove_file(root.join("history/isobar.lock"));
    let mut workspace = crate::Workspace { root: root.to_owned(), ..Default::default() };
    workspace.history.found = crate::Workspace::open(root).history.found;
    crate::release(&workspace, &[], false).unwrap();
}

fn name(text: &str) -> Name {
    Name { context: "shop".into(), name: text.into() }
}

#[test]
fn the_version_is_computed_from_the_change() {
    #[rustfmt::skip]
    let table = [
        // Nothing on the wire changed.
        ("backward", "fields: { id: id(e_), note: string?, n: { type: int, doc: x } }", "v1.0"),
        // New readers read old data.
        ("backward", "fields: { id: id(e_), note: string?, n: int, m: int? }", "v1.1"),
        ("backward", "fields: { id: id(e_), note: string?, n: decimal(2) }", "v1.1"),
        ("none", "fields: { id: id(e_), note: string?, n: decimal(2) }", "v1.1"),
        // Old readers would not read new data, which only some policies promise.
        ("full", "fields: { id: id(e_), note: string?, n: int, m: int? }", "v1.1"),
        ("full", "fields: { id: id(e_), note: string?, n: decimal(2) }", "v2.0"),
        ("forward", "fields: { id: id(e_), note: string?, n: int? }", "v2.0"),
        // New readers do not read old data, whatever is promised: a major is one type.
        ("backward", "fields: { id: id(e_), note: string?, n: int, m: int }\nupgrade: { m: 0 }", "v2.0"),
        ("none", "fields: { id: id(e_), note: string, n: int }\nupgrade: { note: $note ?? none }", "v2.0"),
        // Declaring more is allowed.
        ("backward", "version: v1.1\nfields: { id: id(e_), note: string?, n: int }", "v1.1"),
        ("backward", "version: v2.0\nfields: { id: id(e_), note: string?, n: int, m: int? }", "v2.0"),
        ("backward", "compatibility: full\nfields: { id: id(e_), note: string?, n: decimal(2) }", "v2.0"),
    ];
    for (compatibility, event, expected) in table {
        let folder = workspace(compatibility, event);
        let workspace = open(folder.path());
        let evolution = &workspace.evolutions[&name("E")];
        let newest = evolution.newest().unwrap();
        assert_eq!(newest.version.to_string(), expected, "{compatibility}: {event}");
        assert_eq!(newest.draft, expected != "v1.0");
        assert_eq!(evolution.majors.len() as u32, newest.version.major);
        let head = evolution.majors.last().unwrap();
        assert_eq!((head.version, head.draft), (newest.version, newest.draft));
        if let [old, new] = evolution.majors.as_slice() {
            assert!(old.up.is_some() && new.up.is_none() && old.down.is_none());
        }
    }
}

#[test]
fn every_earlier_minor_counts_not_only_the_last() {
    // v1.1 dropped `note`; a `note` of another type would be read from v1.0 data.
    let folder = workspace("backward", "fields: { id: id(e_), note: int?, n: int }");
    put(
        folder.path(),
        &[("history/shop/E/v1.1.yaml", "event: shop.E\nversion: v1.1\nfields: { id: id(e_), n: int }\n")],
    );
    lock(folder.path());
    let workspace = crate::Workspace::open(folder.path());
    assert_eq!(workspace.evolutions[&name("E")].newest().unwrap().version, Version::new(2, 0));
}

fn findings(event: &str) -> String {
    report(&crate::Workspace::open(workspace("full", event).path()))
}

#[test]
fn a_version_that_is_too_low_is_explained_with_a_payload() {
    insta::assert_snapshot!(
        "breaks",
        findings("version: v1.1\nfields: { id: id(e_), note: string?, n: int, m: int }\nupgrade: { m: 0 }")
    );
    insta::assert_snapshot!(
        "forward",
        findings("version: v1.1\nfields: { id: id(e_), note: string?, n: { type: decimal(1) } }")
    );
    insta::assert_snapshot!(
        "not_bumped",
        findings("version: v1.0\nfields: { id: id(e_), note: string?, n: int, m: int? }")
    );
    insta::assert_snapshot!("skips", findings("version: v1.2\nfields: { id: id(e_), note: string?, n: int, m: int? }"));
}

#[test]
fn a_first_version_is_v1_0() {
    let storm = "context: shop\nevents:\n  F: { version: v2.0, fields: { a: int } }\n  Sketch:\n";
    let folder = folder(&[("isobar.yaml", "workspace: test\n"), ("shop.storm.yaml", storm)]);
    let workspace = crate::Workspace::open(folder.path());
    insta::assert_snapshot!("first", report(&workspace));
    assert!(workspace.evolutions[&name("Sketch")].majors.is_empty());
}

#[test]
fn what_was_released_does_not_vanish() {
    let storm = "context: shop\nevents:\n  Other: { fields: { a: int } }\n  E2: { fields: { a: int } }\n";
    let folder =
        folder(&[("isobar.yaml", "workspace: test\n"), ("shop.storm.yaml", storm), ("history/shop/E/v1.0.yaml", V1)]);
    lock(folder.path());
    insta::assert_snapshot!("gone", report(&crate::Workspace::open(folder.path())));
    put(folder.path(), &[("shop.storm.yaml", "context: shop\nevents:\n  E:\n")]);
    insta::assert_snapshot!("sketched", report(&crate::Workspace::open(folder.path())));
    for storm in [
        "context: shop\nevents:\n  E: { dropped: true }\n",
        "context: shop\nevents:\n  E: { splits_into: [A, B] }\n  A: { fields: { n: int } }\n  B: { fields: { id: id(e_), note: string? } }\n",
        "context: shop\nevents:\n  A: { merged_from: [E], fields: { n: int }, removed: [id, note] }\n  E:\n",
    ] {
        put(folder.path(), &[("shop.storm.yaml", storm)]);
        let workspace = open(folder.path());
        let evolution = &workspace.evolutions[&name("E")];
        assert!(!evolution.alive && evolution.majors.len() == 1, "{storm}");
    }
}

#[test]
fn a_renamed_event_goes_on_under_its_new_name() {
    let storm = "context: shop\nevents:\n  F: { renamed_from: E, fields: { id: id(e_), note: string?, n: int } }\n";
    let folder = folder(&[
        ("isobar.yaml", "workspace: test\ncompatibility: full\n"),
        ("shop.storm.yaml", storm),
        ("history/shop/E/v1.0.yaml", V1),
    ]);
    lock(folder.path());
    let workspace = open(folder.path());
    let released = crate::release(&workspace, &[], false).unwrap();
    assert_eq!(released[0].path, "history/shop/F/v1.1.yaml");
    let workspace = open(folder.path());
    let evolution = &workspace.evolutions[&name("F")];
    assert_eq!(evolution.wire_names, ["F", "E"]);
    assert_eq!(evolution.majors[0].known, [Version::new(1, 0), Version::new(1, 1)]);
    assert_eq!(evolution.draft().map(|it| it.version), None);
    // The rename was released: it holds when the model no longer speaks of it.
    put(folder.path(), &[("shop.storm.yaml", &storm.replace("renamed_from: E, ", ""))]);
    let workspace = open(folder.path());
    assert_eq!(workspace.evolutions[&name("F")].wire_names, ["F", "E"]);
    assert_eq!(workspace.find("E").unwrap().name, name("F"));
}

#[cfg(feature = "payload")]
#[test]
fn a_minor_may_give_up_a_field_that_the_upgrade_set() {
    let folder = workspace("full", "fields: { id: id(e_), memo: string?, m: int }\nupgrade: { memo: $note, m: $n }");
    let root = folder.path();
    crate::release(&open(root), &[], false).unwrap();
    let storm = "context: shop\nevents: { E: { fields: { id: id(e_), m: int } } }\n";
    put(root, &[("shop.storm.yaml", storm)]);
    let workspace = open(root);
    let evolution = &workspace.evolutions[&name("E")];
    assert_eq!(evolution.newest().unwrap().version, Version::new(2, 1));
    let json = crate::payload::upcast(evolution, Version::FIRST, None, br#"{"id":"e_1","note":"x","n":7}"#).unwrap();
    assert_eq!(json, r#"{"id":"e_1","m":7}"#);
}

#[test]
fn versions_of_the_history_follow_and_read_one_another() {
    let folder = workspace("backward", "fields: { id: id(e_), note: string?, n: int }");
    put(
        folder.path(),
        &[
            (
                "history/shop/E/v1.1.yaml",
                "event: shop.E\nversion: v1.1\nfields: { id: id(e_), note: string, n: int }\n",
            ),
            (
                "history/shop/E/v1.3.yaml",
                "event: shop.E\nversion: v1.3\nfields: { id: id(e_), note: string?, n: int }\n",
            ),
        ],
    );
    lock(folder.path());
    insta::assert_snapshot!("gap", report(&crate::Workspace::open(folder.path())));
}

#[test]
fn a_hook_needs_an_example_of_what_it_reads() {
    let event =
        "version: v2.0\nfields: { id: id(e_), text: string }\nupgrade: { text: fn(make_text) }\nremoved: [note, n]";
    let folder = workspace("full", event);
    insta::assert_snapshot!("hook", report(&crate::Workspace::open(folder.path())));
    let example = format!("{V1}examples: [{{ id: e_1, n: 1 }}]\n");
    put(folder.path(), &[("history/shop/E/v1.0.yaml", &example)]);
    lock(folder.path());
    open(folder.path());
}

/// The pattern of a released text is changed: what becomes of it, and what is said.
fn with_pattern(version: &str, pattern: &str) -> (tempfile::TempDir, Workspace) {
    let storming = |version: &str, pattern: &str| {
        format!(
            "context: shop\nevents:\n  E:\n{version}    fields: {{ code: {{ type: string, pattern: '{pattern}' }} }}\n"
        )
    };
    let folder = folder(&[("isobar.yaml", "workspace: shop\n"), ("shop.storm.yaml", &storming("", "^[A-Z]{3}$"))]);
    history::release(&open(folder.path()), &[], false).unwrap();
    put(folder.path(), &[("shop.storm.yaml", &storming(version, pattern))]);
    let workspace = Workspace::open(folder.path());
    (folder, workspace)
}

#[cfg(feature = "compat")]
#[test]
fn a_wider_pattern_is_a_minor_and_a_narrower_one_is_shown_with_a_payload() {
    let (folder, workspace) = with_pattern("", "^[A-Z]+$");
    assert_eq!(report(&workspace), "");
    history::release(&workspace, &[], false).unwrap();
    let released = open(folder.path());
    assert_eq!(released.find("E").unwrap().newest().unwrap().version.to_string(), "v1.1");

    let (_folder, workspace) = with_pattern("    version: v1.1\n", "^[A-Y]{3}$");
    let found = workspace.diagnostics.iter().find(|it| it.code.name == "version-too-low").unwrap();
    assert_eq!(found.witness.as_deref(), Some(r#"{"code":"AAZ"}"#));
}

/// Without the engine a build script takes from the author what it cannot know.
#[cfg(not(feature = "compat"))]
#[test]
fn patterns_are_left_to_the_check() {
    for pattern in ["^[A-Z]+$", "^[A-Y]{3}$"] {
        let (_folder, workspace) = with_pattern("", pattern);
        assert_eq!(workspace.find("E").unwrap().newest().unwrap().version.to_string(), "v1.1");
    }
}

#[test]
fn what_changes_amount_to_is_told_of_every_version() {
    use isobar_model::model::Compatibility::{Backward, Full};
    let drafted = "version: v3.0\nfields: { id: id(e_), note: string?, n: decimal(2), m: int? }";
    let folder = workspace("backward", drafted);
    // A minor, and a major that its author wanted though nothing on the wire differs.
    let fields = V1.lines().last().unwrap().replace(" }", ", m: int? }");
    let released = |version: &str| format!("event: shop.E\nversion: {version}\n{fields}\n");
    put(
        folder.path(),
        &[("history/shop/E/v1.1.yaml", &released("v1.1")), ("history/shop/E/v2.0.yaml", &released("v2.0"))],
    );
    lock(folder.path());
    let workspace = open(folder.path());
    let evolution = &workspace.evolutions[&name("E")];
    let told = |policy| {
        let one = |known: &crate::Known| evolution.computed(known.version, policy).map(|it| it.to_string());
        evolution.versions.iter().map(one).collect::<Vec<_>>()
    };
    let some =
        |all: [&str; 3]| [None].into_iter().chain(all.map(|it| Some(it.to_owned()))).collect::<Vec<Option<String>>>();
    // Old readers of numbers refuse what the draft writes, which counts where they are promised to read it.
    assert_eq!(told(Backward), some(["v1.1", "v1.1", "v2.1"]));
    assert_eq!(told(Full), some(["v1.1", "v1.1", "v3.0"]));
    assert_eq!(evolution.computed(Version::new(4, 0), Full), None);
}
