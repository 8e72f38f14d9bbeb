//! Models that are fine and have no Rust code, since two things in it would have one name.

use isobar_model::diag::render;
use isobar_registry::Workspace;
use std::fs;

/// What generating says of an event whose upgrade is this, in a context of this name.
fn refused(context: &str, fields: &str, upgrade: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: String, text: String| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("isobar.yaml".into(), "workspace: test\n".into());
    let event = format!("{{ version: v2.0, fields: {fields}, upgrade: {upgrade} }}");
    put("a.storm.yaml".into(), format!("context: {context}\nevents:\n  E: {event}\n"));
    let old = format!("event: {context}.E\nversion: v1.0\nfields: {{ a: int }}\nexamples: [{{ a: 1 }}]\n");
    put(format!("history/{context}/E/v1.0.yaml"), old);
    isobar_registry::history::adopt(&Workspace::open(folder.path())).unwrap();
    let workspace = Workspace::open(folder.path());
    assert!(!workspace.diagnostics.has_errors(), "{}", render(&workspace.findings(), &workspace.sources, false));
    match isobar_generator::rust(&workspace) {
        Ok(_) => "generated".into(),
        Err(found) => found.sorted(&workspace.sources).iter().map(|it| format!("{}\n", it.message)).collect(),
    }
}

#[test]
fn a_hook_is_one_function() {
    assert_eq!(refused("shop", "{ x: int, y: int }", "{ x: fn(f), y: fn(f) }"), "generated");
    insta::assert_snapshot!(
        refused("shop", "{ x: int, y: string }", "{ x: fn(f), y: fn(f) }"),
        @"the upgrade of `shop.E` from v1.0 to v2.0 calls `fn(f)` for a `i64` and for a `::std::string::String`"
    );
    insta::assert_snapshot!(
        refused("shop", "{ x: int, y: int }", "{ x: fn(to_x), y: fn(to__x) }"),
        @"the upgrade of `shop.E` from v1.0 to v2.0 calls `fn(to_x)` and `fn(to__x)`, which are one name in Rust"
    );
}

#[test]
fn what_hooks_need_has_its_names() {
    assert_eq!(refused("hooks", "{ a: int, b: int }", "{ b: $a }"), "generated");
    insta::assert_snapshot!(
        refused("hooks", "{ a: int, b: int }", "{ b: fn(f) }"),
        @"`fn(..)` and `hooks` would both be called `hooks` in Rust"
    );
    insta::assert_snapshot!(
        refused("shop", "{ a: int, upgradeHooks: { fields: { x: int } } }", "{ upgradeHooks: fn(f) }"),
        @"`upgradeHooks` and `fn(..)` would both be called `UpgradeHooks` in Rust"
    );
}
