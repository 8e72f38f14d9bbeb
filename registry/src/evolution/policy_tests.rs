//! Policies: whose counts, in which direction, and against every earlier version of the major.

use crate::testing::{folder, open, put};

/// What the draft `event` becomes after these released versions, with policies of the workspace, the context and the event.
fn becomes(policies: [&str; 3], released: &[&str], event: &str) -> String {
    let [workspace, context, own] = policies.map(|policy| match policy {
        "" => String::new(),
        policy => format!("compatibility: {policy}\n"),
    });
    let storm = |event: &str, own: &str| {
        let own = own.trim_end();
        let own = if own.is_empty() { String::new() } else { format!("    {own}\n") };
        format!("context: shop\n{context}events:\n  E:\n    fields: {event}\n{own}")
    };
    // Released under a policy that lets each be a minor.
    let folder = folder(&[("isobar.yaml", "workspace: test\n")]);
    for version in released {
        let free = storm(version, "compatibility: backward");
        put(folder.path(), &[("shop.storm.yaml", &free)]);
        crate::release(&open(folder.path()), &[], false).unwrap();
    }
    put(
        folder.path(),
        &[("isobar.yaml", &format!("workspace: test\n{workspace}")), ("shop.storm.yaml", &storm(event, &own))],
    );
    let workspace = crate::Workspace::open(folder.path());
    let versions = &workspace.evolutions.values().next().unwrap().versions;
    assert_eq!(versions.iter().filter(|it| !it.draft).count(), released.len());
    versions.last().unwrap().version.to_string()
}

const N: &str = "{ n: int }";
/// Old readers do not read it: not forward.
const WIDER: &str = "{ n: decimal(2) }";
/// New readers do not read the old: not backward.
const NARROWER: &str = "{ n: { type: int, min: 0 } }";
const MORE: &str = "{ n: int, m: int? }";

#[test]
fn each_policy_holds_in_its_directions() {
    #[rustfmt::skip]
    let table = [
        // What new readers must read does not depend on the policy: a major is one type.
        (WIDER, [("backward", "v1.1"), ("forward", "v2.0"), ("full", "v2.0"), ("none", "v1.1")]),
        (NARROWER, [("backward", "v2.0"), ("forward", "v2.0"), ("full", "v2.0"), ("none", "v2.0")]),
        (MORE, [("backward", "v1.1"), ("forward", "v1.1"), ("full", "v1.1"), ("none", "v1.1")]),
        (N, [("backward", "v1.0"), ("forward", "v1.0"), ("full", "v1.0"), ("none", "v1.0")]),
    ];
    for (event, expected) in table {
        for (policy, version) in expected {
            assert_eq!(becomes([policy, "", ""], &[N], event), version, "{policy}: {event}");
        }
    }
}

#[test]
fn the_nearest_policy_counts() {
    #[rustfmt::skip]
    let table = [
        (["", "", ""], "v1.1"),
        (["full", "", ""], "v2.0"),
        (["full", "backward", ""], "v1.1"),
        (["backward", "full", ""], "v2.0"),
        (["backward", "full", "none"], "v1.1"),
        (["none", "backward", "forward"], "v2.0"),
        (["full", "", "backward"], "v1.1"),
    ];
    for (policies, version) in table {
        assert_eq!(becomes(policies, &[N], WIDER), version, "{policies:?}");
    }
}

#[test]
fn every_earlier_version_of_the_major_counts_in_both_directions() {
    // Readers of v1.0 know one value, those of v1.1 two.
    let (one, two) = ("{ k: { enum: [a] } }", "{ k: { enum: [a, b] } }");
    let draft = "{ k: { enum: [a, b] }, m: int? }";
    assert_eq!(becomes(["backward", "", ""], &[one, two], draft), "v1.2");
    assert_eq!(becomes(["full", "", ""], &[two], draft), "v1.1");
    assert_eq!(becomes(["full", "", ""], &[one, two], draft), "v2.0", "readers of v1.0 do not know `b`");
    assert_eq!(becomes(["forward", "", ""], &[one, two], draft), "v2.0");
    // A field that v1.1 gave up comes back as something else: data of v1.0 still has the first.
    let back = "{ n: int, m: string? }";
    for policy in ["backward", "forward", "full", "none"] {
        assert_eq!(becomes([policy, "", ""], &[MORE, N], back), "v2.0", "{policy}");
    }
}
