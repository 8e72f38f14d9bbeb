use crate::support::{command, copy_of, edit, isobar, isobar_in, path};
use isobar_tests::{Edition, storming, write};
use std::{collections::BTreeMap, fs, path::Path, process::Stdio, thread, time::Duration};

#[test]
fn a_compatible_change_is_a_minor_and_a_breaking_one_needs_an_upgrade() {
    let bank = copy_of("bank");
    let file = bank.path().join("accounts.storm.yaml");
    edit(&file, "amount:    decimal(2)\n", "amount:    decimal(2)\n          note:      string?\n");
    let ran = isobar(&["release", path(&bank), "--dry-run"]);
    assert_eq!(ran.out, "accounts.MoneyDeposited v1.1  history/accounts/MoneyDeposited/v1.1.yaml\n", "{}", ran.err);
    assert!(!bank.path().join("history/accounts/MoneyDeposited/v1.1.yaml").exists(), "a dry run writes nothing");

    assert_eq!(isobar(&["release", path(&bank)]).code, 0);
    assert_eq!(isobar(&["check", path(&bank)]).code, 0);
    assert_eq!(isobar(&["release", path(&bank)]).out, "", "what is released is released");

    edit(&file, "note:      string?", "note:      int");
    let ran = isobar(&["release", path(&bank)]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("error[unset-field]"), "{}", ran.err);
}

#[test]
fn a_version_that_is_too_low_is_refused_with_a_payload_that_breaks() {
    let bank = copy_of("bank");
    let file = bank.path().join("accounts.storm.yaml");
    edit(&file, "doc: Balance after the deposit. }", "doc: Balance after the deposit., max: 1000 }");
    edit(&file, "MoneyDeposited:\n        fields:", "MoneyDeposited:\n        version: v1.1\n        fields:");
    let ran = isobar_in(&bank, &["check"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @r#"
    error[unset-field]: nothing says where the required field `balance` comes from
      --> accounts.storm.yaml:62:7
       |
    62 |       MoneyDeposited:
       |       ^^^^^^^^^^^^^^
    ...
    67 |           balance:   { type: decimal(2), doc: Balance after the deposit., max: 1000 }
       |           ------- `decimal(2)` is required
       |
       = help: `balance` can be 99999999999999999999.99, more than the maximum 1000: write `balance: ...` to convert it

    error[version-too-low]: `accounts.MoneyDeposited` is declared as v1.1, but its changes since v1.0 make it v2.0
      --> accounts.storm.yaml:63:18
       |
    63 |         version: v1.1
       |                  ^^^^
    ...
    67 |           balance:   { type: decimal(2), doc: Balance after the deposit., max: 1000 }
       |           ------- `balance` can be 99999999999999999999.99, more than the maximum 1000: the new version cannot read data of v1.0
       |
       = note: for example {"accountId":"acc_a","amount":0,"balance":1000.01}
       = help: write `version: v2.0`, or leave it out: it is computed
    checked 3 events in 1 context: 2 errors
    "#);
}

#[test]
fn one_event_can_be_released_alone() {
    let bank = copy_of("bank");
    let file = bank.path().join("accounts.storm.yaml");
    edit(&file, "amount:    decimal(2)\n", "amount:    decimal(2)\n          note:      string?\n");
    edit(&file, "        version: v2.0\n", "");
    edit(&file, "ownerId:        OwnerId\n", "ownerId:        OwnerId\n          note:           string?\n");
    let ran = isobar(&["release", path(&bank), "accounts.AccountOpened"]);
    assert_eq!(ran.out, "accounts.AccountOpened v2.1  history/accounts/AccountOpened/v2.1.yaml\n", "{}", ran.err);
    let ran = isobar(&["release", path(&bank), "accounts.AcountOpened"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `accounts.AccountOpened`?"), "{}", ran.err);
}

/// Every file below a folder, hidden ones left out.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn killed_at_any_moment_the_history_is_the_old_or_the_new_one() {
    const EVENTS: usize = 300;
    let mut outcomes = BTreeMap::from([("old", 0), ("new", 0)]);
    let mut delay = Duration::from_millis(5);
    for _ in 0..24 {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &storming(3, EVENTS, Edition::First)).unwrap();
        let mut child =
            command().args(["release", path(&folder)]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(delay);
        let _ = child.kill();
        child.wait().unwrap();

        // Whatever it was doing, the workspace is in order...
        let ran = isobar(&["check", path(&folder)]);
        assert_eq!(ran.code, 0, "after {delay:?}: {}", ran.err);
        // ...and either nothing was released or everything.
        let left: usize = isobar(&["release", path(&folder), "--dry-run"]).out.lines().count();
        match left {
            0 => *outcomes.get_mut("new").unwrap() += 1,
            EVENTS => *outcomes.get_mut("old").unwrap() += 1,
            some => panic!("after {delay:?}: {some} of {EVENTS} were left"),
        }
        // The next release finishes or undoes what was interrupted and leaves only what was released.
        assert_eq!(isobar(&["release", path(&folder)]).code, 0);
        assert_eq!(files(&folder.path().join("history")).len(), EVENTS + 1);
        assert!(!folder.path().join("history/.staging").exists());
        delay += if left == 0 { Duration::ZERO } else { delay / 3 };
        if left == 0 && outcomes["old"] > 0 && outcomes["new"] > 2 {
            break;
        }
    }
    assert!(outcomes["old"] > 0, "it was never killed before its end: {outcomes:?}");
}
