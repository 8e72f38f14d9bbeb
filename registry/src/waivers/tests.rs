use crate::{
    Workspace, history,
    testing::{folder, report},
};
use isobar_model::{Diagnostic, Severity};
use tempfile::TempDir;

/// A workspace whose draft fails for some old payloads, and these waivers.
fn waived(waivers: &str) -> TempDir {
    let settings = format!("workspace: test\nwaivers:\n{waivers}");
    let storm = "context: shop\nevents:\n  E:\n    version: v2.0\n    fields: { m: { type: int, min: 1 } }\n    upgrade: { m: $n + 1 }\n";
    let folder = folder(&[
        ("isobar.yaml", "workspace: test\n"),
        ("shop.storm.yaml", storm),
        ("history/shop/E/v1.0.yaml", "event: shop.E\nversion: v1.0\nfields: { n: int }\n"),
    ]);
    let bare = "context: shop\nevents: { E: { fields: { n: int } } }\n";
    std::fs::write(folder.path().join("shop.storm.yaml"), bare).unwrap();
    history::adopt(&Workspace::open(folder.path())).unwrap();
    std::fs::write(folder.path().join("shop.storm.yaml"), storm).unwrap();
    std::fs::write(folder.path().join("isobar.yaml"), settings).unwrap();
    folder
}

/// The codes that are found on a day, and how bad each is.
fn found(folder: &TempDir, today: Option<&str>) -> Vec<(&'static str, Severity)> {
    let workspace = match today {
        Some(today) => Workspace::open_on(folder.path(), today),
        None => Workspace::open(folder.path()),
    };
    if let Some(today) = today {
        // Asked later, and asked again, it says the same.
        let said = |it: Vec<Diagnostic>| it.into_iter().map(|it| (it.code.name, it.message)).collect::<Vec<_>>();
        let later = said(Workspace::open(folder.path()).findings_on(today));
        assert_eq!(later, said(workspace.findings()));
        assert_eq!(later, said(workspace.findings_on(today)));
    }
    workspace.findings().iter().map(|it| (it.code.name, it.severity())).collect()
}

const GOOD: &str =
    "  - { what: upgrade-fails, message: shop.E, reason: n was never negative, owner: team-a, expires: 2027-01-31 }\n";

#[test]
fn a_waiver_holds_until_its_last_day() {
    use Severity::*;
    let folder = waived(GOOD);
    let fails = "upgrade-fails";
    assert_eq!(found(&folder, Some("2026-11-21")), [(fails, Note)]);
    assert_eq!(found(&folder, Some("2027-01-31")), [(fails, Note)]);
    assert_eq!(found(&folder, Some("2027-02-01")), [("waiver-expired", Error), (fails, Error)]);
    assert_eq!(found(&folder, None), [], "a build script asks for neither the date nor what a release would do");
    let workspace = Workspace::open_on(folder.path(), "2027-01-31");
    assert!(history::release(&workspace, &[], true).is_ok(), "what is waived can be released");
    let workspace = Workspace::open_on(folder.path(), "2027-02-01");
    assert!(history::release(&workspace, &[], true).is_err());
}

#[test]
fn a_waiver_is_about_one_code_one_message_and_one_name() {
    let (note, error) = (("upgrade-fails", Severity::Note), ("upgrade-fails", Severity::Error));
    let unused = ("waiver-unused", Severity::Warning);
    let today = Some("2026-11-21");
    assert_eq!(found(&waived(&GOOD.replace("message: shop.E, ", "")), today), [note], "any message");
    assert_eq!(found(&waived(&GOOD.replace("shop.E,", "shop.E, names: shop.E,")), today), [note]);
    assert_eq!(found(&waived(&GOOD.replace("shop.E,", "shop.E, names: m,")), today), [note], "a field");
    assert_eq!(found(&waived(&GOOD.replace("shop.E,", "shop.E, names: other,")), today), [unused, error]);
    assert_eq!(found(&waived(&GOOD.replace("upgrade-fails", "breaks-consumer")), today), [unused, error]);
}

#[test]
fn a_waiver_says_everything_or_is_an_error() {
    for (from, to, code) in [
        ("reason: n was never negative, ", "", "missing-key"),
        ("owner: team-a, ", "", "missing-key"),
        (", expires: 2027-01-31", "", "missing-key"),
        ("what: upgrade-fails, ", "", "missing-key"),
        ("2027-01-31", "soon", "bad-value"),
        ("upgrade-fails", "upgrade-fail", "bad-value"),
        ("upgrade-fails", "unknown-key", "bad-value"),
        ("shop.E", "shop.F", "unknown-name"),
        ("owner:", "ownr:", "unknown-key"),
    ] {
        let folder = waived(&GOOD.replace(from, to));
        let workspace = Workspace::open(folder.path());
        assert!(workspace.diagnostics.iter().any(|it| it.code.name == code), "{to}: {}", report(&workspace));
        assert!(workspace.diagnostics.has_errors());
    }
}

#[test]
fn what_is_waived_stops_no_build_on_any_day() {
    let storm = "context: shop\nevents: { E: { fields: { n: string } } }\n";
    let settings = GOOD.replace("upgrade-fails", "incompatible").replace("2027-01-31", "2020-01-31");
    let released = |version: &str, n: &str| format!("event: shop.E\nversion: {version}\nfields: {{ n: {n} }}\n");
    let folder = folder(&[
        ("isobar.yaml", &format!("workspace: test\nwaivers:\n{settings}")),
        ("shop.storm.yaml", storm),
        ("history/shop/E/v1.0.yaml", &released("v1.0", "int")),
        ("history/shop/E/v1.1.yaml", &released("v1.1", "string")),
    ]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    assert_eq!(found(&folder, None), [("incompatible", Severity::Note)]);
    let expired = [("incompatible", Severity::Error), ("waiver-expired", Severity::Error)];
    assert_eq!(found(&folder, Some("2026-11-21")), expired);
}

#[test]
fn a_waived_finding_says_who_accepted_it() {
    let folder = waived(GOOD);
    insta::assert_snapshot!(report(&Workspace::open_on(folder.path(), "2026-11-21")), @r#"
    note[upgrade-fails]: the upgrade of `shop.E` to v2.0 fails for data of v1.0: m: 0 is less than the minimum 1
     --> shop.storm.yaml:6:16
      |
    6 |     upgrade: { m: $n + 1 }
      |                ^^^^^^^^^ `m` has no valid value
      |
      = note: for example {"n": -1}
      = help: make the expression fit every old payload, widen the field, or write a hook
      = note: waived until 2027-01-31 by team-a: n was never negative
    "#);
}
