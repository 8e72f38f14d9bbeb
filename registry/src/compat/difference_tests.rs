//! Differences as people and programs see them, of workspaces with a history.

use super::{Difference, human, json, markdown};
use crate::{Workspace, history, testing};
use tempfile::TempDir;

const SETTINGS: (&str, &str) = ("isobar.yaml", "workspace: club\n");

/// Releases each storming in turn; the last one stays a draft.
fn released(stormings: &[&str]) -> (TempDir, Workspace) {
    let folder = testing::folder(&[SETTINGS]);
    let mut workspace = Workspace::default();
    for (i, storming) in stormings.iter().enumerate() {
        testing::put(folder.path(), &[("club.storm.yaml", storming)]);
        workspace = testing::open(folder.path());
        if i + 1 < stormings.len() {
            history::release(&workspace, &[], false).unwrap();
        }
    }
    (folder, workspace)
}

fn between(workspace: &Workspace, old: (&str, &str), new: (&str, &str)) -> Difference {
    let side = |(name, version): (&str, &str)| {
        let evolution = workspace.find(name).unwrap();
        (evolution, evolution.version(version.parse().unwrap()).unwrap())
    };
    Difference::between(side(old), side(new))
}

#[test]
fn fields_are_moved_split_merged_and_converted() {
    let old = "context: club\nevents:\n  Joined:\n    fields: { name: string, day: int, month: int, fee: int, city: string, seen: int? }\n";
    let new = "context: club\nevents:\n  Joined:\n    fields:\n      first: string\n      last: string\n      date: int\n      cents: int\n      \
        address: { fields: { town: string } }\n      seen: int?\n      level: { enum: [a] }\n    upgrade:\n      first: split($name, \" \", 0)\n      \
        last: split($name, \" \", 1)\n      date: $month * 100 + $day\n      cents: $fee * 100\n      address.town: $city\n      level: a\n";
    let (_folder, workspace) = released(&[old, new]);
    let difference = between(&workspace, ("Joined", "v1.0"), ("Joined", "v2.0"));
    assert_eq!(
        human(&difference, false),
        "club.Joined v1.0 -> v2.0\n\
         split      first         <- name        breaking\n\
         split      last          <- name        breaking\n\
         merged     date          <- month, day  breaking\n\
         converted  cents         <- fee         breaking\n\
         moved      address.town  <- city        breaking\n\
         added      level         enum           forward only\n\
         removed    name          string         backward only\n\
         removed    day           int            backward only\n\
         removed    month         int            backward only\n\
         removed    fee           int            backward only\n\
         v2.0 refuses {\"city\":\"\",\"day\":0,\"fee\":0,\"month\":0,\"name\":\"\"}, which v1.0 writes \
         (first, last, date, cents, address.town, level)\n\
         v1.0 refuses {\"address\":{\"town\":\"\"},\"cents\":0,\"date\":0,\"first\":\"\",\"last\":\"\",\"level\":\"a\"}, \
         which v2.0 writes (first, last, date, cents, address.town, name, day, month, fee)\n\
         v2.0 reads data of v1.0 through its `upgrade` alone; v1.0 does not read data of v2.0; there is no way back\n"
    );
}

#[test]
fn events_are_renamed_split_and_merged() {
    let old = "context: club\nevents:\n  Registered: { fields: { name: string, mail: string } }\n  \
        Named: { fields: { name: string } }\n  Reachable: { fields: { mail: string } }\n  \
        Grown: { fields: { by: int } }\n  Resized: { fields: { by: int } }\n  Left: { fields: { why: string } }\n";
    let new = "context: club\nevents:\n  Registered: { splits_into: [Named, Reachable] }\n  \
        Named: { fields: { name: string } }\n  Reachable: { fields: { mail: string } }\n  \
        Grown:\n  Resized: { fields: { by: int }, merged_from: [Grown] }\n  \
        Gone: { renamed_from: Left, fields: { why: string } }\n";
    let (_folder, workspace) = released(&[old, new]);
    let told = |old, new| human(&between(&workspace, (old, "v1.0"), new), false);
    let split = told("Registered", ("Named", "v1.0"));
    assert!(split.starts_with("club.Registered v1.0 -> club.Named v1.0\nsplit    (event)  club.Registered -> club.Named, club.Reachable  compatible\n"), "{split}");
    assert!(split.contains("removed  mail"), "{split}");
    let others = told("Grown", ("Reachable", "v1.0"));
    assert!(others.ends_with("club.Reachable v1.0 does not read data of club.Grown v1.0; club.Grown v1.0 does not read data of club.Reachable v1.0\n"), "{others}");
    assert!(
        others.contains("club.Grown v1.0 refuses {\"mail\":\"\"}, which club.Reachable v1.0 writes (by)\n"),
        "{others}"
    );
    let merged = told("Grown", ("Resized", "v1.0"));
    assert!(merged.contains("merged  (event)  club.Grown -> club.Resized  compatible\n"), "{merged}");
    let renamed = told("Gone", ("Gone", "v1.1"));
    assert!(renamed.contains("renamed  (event)  club.Left -> club.Gone  compatible\n"), "{renamed}");
}

#[test]
fn a_difference_is_told_to_pages_and_programs() {
    let (_folder, workspace) = released(&[
        "context: club\nevents:\n  Paid:\n    fields: { fee: int, kind: { enum: [a, b] } }\n",
        "context: club\nevents:\n  Paid:\n    version: v2.0\n    fields: { fee: { type: int, min: 1 }, kind: { enum: [a, b, c] }, note: string? }\n    \
         upgrade: { fee: 1 }\n    removed: [fee]\n",
    ]);
    let difference = between(&workspace, ("Paid", "v1.0"), ("Paid", "v2.0"));
    assert_eq!(
        markdown(&difference),
        "### club.Paid v1.0 -> v2.0\n\n\
         | change | field | was and is | new readers, old data | old readers, new data |\n|---|---|---|---|---|\n\
         | narrowed | `fee` | `int -> int, min 1` | **no** | yes |\n\
         | added | `kind` | `c` | yes | **no** |\n\
         | added | `note` | `string?` | yes | yes |\n\n\
         - v2.0 refuses this payload, which v1.0 writes (`fee`):\n  ```json\n  {\"fee\":0,\"kind\":\"a\"}\n  ```\n\
         - v1.0 refuses this payload, which v2.0 writes (`kind`):\n  ```json\n  {\"fee\":1,\"kind\":\"c\"}\n  ```\n\n\
         v2.0 reads data of v1.0 through its `upgrade` alone; v1.0 does not read data of v2.0; there is no way back\n"
    );
    let told = json(&difference).to_string();
    let whole: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(whole["old"], serde_json::json!({ "event": "club.Paid", "version": "v1.0" }));
    assert_eq!(whole["upgraded"], true);
    assert_eq!(
        whole["rows"][0],
        serde_json::json!({ "path": "fee", "change": "narrowed", "old": "int", "new": "int, min 1", "backward": false,
            "forward": true, "breaks_backward": "{\"fee\":0,\"kind\":\"a\"}" })
    );
    let same = between(&workspace, ("Paid", "v1.0"), ("Paid", "v1.0"));
    assert_eq!(human(&same, true), "club.Paid v1.0 -> v1.0\nnothing on the wire differs\n");
}
