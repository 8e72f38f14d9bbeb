//! What `isobar check` prints for machines, and what it says of consumers and waivers.

use crate::support::{copy_of, edit, isobar_in, repository};
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

/// The shop with a draft that breaks a consumer, an upgrade that fails, and a mistake.
fn broken() -> TempDir {
    let shop = copy_of("shop");
    edit(
        &shop.path().join("ordering.storm.yaml"),
        "emits: OrderCancelled",
        "emits: OrderCancelled\n        fill: { why: unknown }",
    );
    edit(
        &shop.path().join("ordering.storm.yaml"),
        "OrderCancelled:\n        fields:",
        "OrderCancelled:\n        version: v2.0\n        fields:",
    );
    edit(
        &shop.path().join("ordering.storm.yaml"),
        "          reason:  string?\n",
        "          why: { type: string, max_length: 20 }\n        upgrade: { why: \"($reason ?? '') + '.'\" }\n",
    );
    edit(
        &shop.path().join("messaging.storm.yaml"),
        "    needs:   { ordering.OrderPlaced: [customerId, totalAmount, currency] }",
        "    owner: team-checkout\n    needs: { ordering.OrderPlaced: [customerId, totalAmount, currency], ordering.OrderCancelled: reason }",
    );
    shop
}

fn check(shop: &TempDir, format: &str) -> String {
    let ran = isobar_in(shop, &["check", "--format", format, "--today", "2026-11-21"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    ran.out
}

#[test]
fn sarif_is_what_its_schema_says() {
    let schema = fs::read_to_string(repository("tests/fixtures/sarif/sarif-schema-2.1.0.json")).unwrap();
    // One pattern of it holds a bracket that only JavaScript takes for itself.
    let schema: Value = serde_json::from_str(&schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let shop = broken();
    let logs = [
        check(&shop, "sarif"),
        isobar_in(&copy_of("shop"), &["check", "--format", "sarif"]).out,
        isobar_in(&waived("2027-01-31"), &["check", "--format", "sarif", "--today", "2026-11-21"]).out,
    ];
    for log in logs {
        let log: Value = serde_json::from_str(&log).unwrap();
        let wrong: Vec<String> =
            validator.iter_errors(&log).map(|it| format!("{} at {}", it, it.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    // The schema is one that refuses.
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })));
}

#[test]
fn sarif_points_at_files_from_where_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let shop = broken();
    fs::rename(shop.path(), folder.path().join("my shop")).unwrap();
    let ran = isobar_in(&folder, &["check", "my shop", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<&str> = results
        .iter()
        .map(|it| it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap())
        .collect();
    assert_eq!(uris, ["my%20shop/ordering.storm.yaml"; 2]);
    let rules: Vec<&str> = results.iter().map(|it| it["ruleId"].as_str().unwrap()).collect();
    assert_eq!(rules, ["breaks-consumer", "upgrade-fails"]);
    for (result, rule) in results.iter().zip(rules) {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], rule);
    }
}

#[test]
fn github_gets_a_line_for_each_finding() {
    insta::assert_snapshot!(check(&broken(), "github"), @r#"
    ::error file=ordering.storm.yaml,line=105,endLine=105,col=7,endColumn=21,title=breaks-consumer::releasing `ordering.OrderCancelled` v2.0 breaks `analytics-service` (needs `reason`), owner team-checkout%0Av2.0 is not released yet%0Amessaging.storm.yaml:39:98: v2.0 no longer writes it%0Ahelp: talk to its owner, write a `downgrade`, or accept it for a time under `waivers` in `isobar.yaml`
    ::error file=ordering.storm.yaml,line=110,endLine=110,col=20,endColumn=47,title=upgrade-fails::the upgrade of `ordering.OrderCancelled` to v2.0 fails for data of v1.0: why: has 41 characters, more than the maximum 20%0A`why` has no valid value%0Afor example {"orderId": "order_1", "reason": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}%0Ahelp: make the expression fit every old payload, widen the field, or write a hook
    "#);
}

#[test]
fn junit_has_a_case_for_each_event_and_file() {
    let out = check(&broken(), "junit");
    let shop = isobar_registry::Workspace::open(&repository("schemas/shop"));
    let cases = out.matches("<testcase ").count();
    assert_eq!(
        cases,
        shop.evolutions.len() + shop.model.contexts.len() + 3,
        "events, files of contexts, two more, the workspace"
    );
    assert_eq!(out.matches("<failure ").count(), 1);
    let failed = out.split("<failure").nth(1).unwrap();
    assert!(out.contains(r#"<testcase name="OrderCancelled" classname="ordering">"#), "{out}");
    assert!(failed.starts_with(" message=\"releasing `ordering.OrderCancelled` v2.0 breaks `analytics-service` (needs `reason`), owner team-checkout (and 1 more)\""), "{failed}");
    assert!(failed.contains("error[upgrade-fails]"), "{failed}");
}

#[test]
fn json_carries_the_payload_the_event_and_the_other_places() {
    let json: Value = serde_json::from_str(&check(&broken(), "json")).unwrap();
    assert_eq!(json["summary"], serde_json::json!({ "errors": 2, "warnings": 0, "waived": 0 }));
    let [breaks, fails] = json["diagnostics"].as_array().unwrap().as_slice() else { panic!("{json:#}") };
    assert_eq!(breaks["event"], "ordering.OrderCancelled");
    assert_eq!(breaks["related"][0]["file"], "messaging.storm.yaml");
    assert_eq!(breaks["related"][0]["message"], "v2.0 no longer writes it");
    assert_eq!(fails["code"], "upgrade-fails");
    assert!(fails["witness"]["reason"].as_str().unwrap().len() >= 20, "{fails:#}");
}

#[test]
fn impact_says_what_becomes_of_each_consumer() {
    let shop = broken();
    let ran = isobar_in(&shop, &["check", "--impact"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.out, @r"
    ordering.OrderCancelled v2.0
      broken     analytics-service  `reason`: v2.0 no longer writes it (team-checkout)
      unknown    inventory-service  says neither what it accepts nor what it needs
    ");
    let ran = isobar_in(&shop, &["check", "--impact", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["impact"][0]["event"], "ordering.OrderCancelled");
    assert_eq!(json["impact"][0]["consumers"][0]["fate"], "broken");
    let ran = isobar_in(&copy_of("shop"), &["check", "--impact"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "no draft of a released event: a release changes nothing for anybody\n")
    );
    let ran = isobar_in(&shop, &["check", "--impact", "--format", "sarif"]);
    assert_eq!((ran.code, ran.err.as_str()), (2, "error: `--impact` is printed as `human` or `json`\n"));
}

/// The broken shop with waivers of what is wrong with it.
fn waived(expires: &str) -> TempDir {
    let shop = broken();
    let settings = shop.path().join("isobar.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    let waiver = |code: &str| {
        format!(
            "  - what: {code}\n    message: ordering.OrderCancelled\n    reason: Agreed in June.\n    owner: team-checkout\n    \
             expires: {expires}\n"
        )
    };
    fs::write(&settings, format!("{text}waivers:\n{}{}", waiver("breaks-consumer"), waiver("upgrade-fails"))).unwrap();
    shop
}

#[test]
fn what_is_waived_is_a_note_until_it_expires() {
    let shop = waived("2027-01-31");
    let on = |day: &str, more: &[&str]| isobar_in(&shop, &[&["check", "--today", day], more].concat());
    let ran = on("2027-01-31", &[]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("note: waived until 2027-01-31 by team-checkout: Agreed in June."), "{}", ran.err);
    assert!(ran.err.ends_with(": 2 waived\n"), "{}", ran.err);
    let json: Value = serde_json::from_str(&on("2027-01-31", &["--format", "json"]).out).unwrap();
    assert_eq!(json["summary"], serde_json::json!({ "errors": 0, "warnings": 0, "waived": 2 }));
    assert_eq!(json["diagnostics"][0]["severity"], "note");
    let ran = on("2027-02-01", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.ends_with(": 4 errors\n"), "{}", ran.err);
    let release = |day: &str| isobar_in(&shop, &["release", ".", "--dry-run", "--today", day]).code;
    assert_eq!((release("2027-01-31"), release("2027-02-01")), (0, 1));
    assert_eq!(on("tomorrow", &[]).code, 2);
}
