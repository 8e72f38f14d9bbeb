//! `isobar compat`: exit codes, what is printed, and batches in which some lines are bad.

use crate::support::{isobar, isobar_in, isobar_with};
use serde_json::{Value, json};
use std::fs;

const MISSING: &str = r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#;
const OPTIONAL: &str = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    folder
}

#[test]
fn a_refusal_is_shown_with_its_payload() {
    let folder = folder(&[("old.json", OPTIONAL), ("new.json", MISSING)]);
    let ran = isobar_in(&folder, &["compat", "old.json", "new.json"]);
    insta::assert_snapshot!(ran.out, @r"
    error[compat-missing] backward: Consumers of the new schema need `/a`; producers of the old one may leave it out
      such as {}
    incompatible: 1 finding
    ");
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let ran = isobar_in(&folder, &["compat", "old.json", "new.json", "--mode", "forward"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "compatible\n"));
    let ran = isobar_in(&folder, &["compat", "old.json", "new.json", "--mode", "full", "--format", "json"]);
    let printed: Value = serde_json::from_str(&ran.out).expect("it prints JSON");
    let finding = json!({
        "direction": "backward", "code": "compat-missing", "pointer": "/a", "witness": {},
        "message": "Consumers of the new schema need `/a`; producers of the old one may leave it out",
    });
    assert_eq!(printed, json!({ "verdict": "incompatible", "findings": [finding] }));
    assert_eq!(ran.code, 1);
}

#[test]
fn what_is_undeclared_is_a_matter_of_content() {
    let closed = r#"{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}}}"#;
    let folder = folder(&[("old.json", OPTIONAL), ("new.json", closed)]);
    let content = |content: &str| isobar_in(&folder, &["compat", "old.json", "new.json", "--content", content]);
    assert_eq!(content("producer").code, 0);
    let strict = content("strict");
    assert_eq!(strict.code, 1);
    assert!(strict.out.contains("compat-refused"), "{}", strict.out);
}

#[test]
fn what_cannot_be_decided_or_read_says_so() {
    let unknown = r#"{"$schema":"https://example.org/ours","type":"string"}"#;
    let remote = r#"{"$ref":"https://example.org/theirs.json"}"#;
    let malformed = r#"{"type":"strnig"}"#;
    let folder = folder(&[
        ("a.json", r#"{"type":"string"}"#),
        ("unknown.json", unknown),
        ("remote.json", remote),
        ("malformed.json", malformed),
        ("text.json", "type: string"),
    ]);
    let against = |file: &str| isobar_in(&folder, &["compat", "a.json", file]);
    let ran = against("unknown.json");
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.contains("`$schema` of the new schema"), "{}", ran.out);
    for (file, says) in [
        ("remote.json", "the new schema cannot be read: `https://example.org/theirs.json` is not in this document"),
        ("malformed.json", "\"strnig\" is no `type` of JSON Schema"),
        ("text.json", "`text.json` is no JSON"),
        ("nowhere.json", "`nowhere.json` cannot be read"),
    ] {
        let ran = against(file);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}");
        assert!(ran.err.contains(says), "{file}: {}", ran.err);
    }
    assert_eq!(isobar(&["compat"]).code, 2);
}

#[test]
fn a_batch_goes_on_behind_bad_lines() {
    let line = |id: Value, old: &str, new: &str| {
        let schema = |text| serde_json::from_str::<Value>(text).expect("JSON");
        json!({ "id": id, "old": schema(old), "new": schema(new) }).to_string()
    };
    let mut full: Value = serde_json::from_str(&line(json!("c"), OPTIONAL, OPTIONAL)).expect("JSON");
    full["mode"] = json!("full");
    full["content"] = json!("strict");
    let lines = [
        line(json!(1), OPTIONAL, MISSING),
        "{\"id\": 2".to_owned(),
        String::new(),
        line(json!(3), OPTIONAL, r#"{"$ref":"https://example.org/theirs.json"}"#),
        full.to_string(),
        r#"{"id":5,"old":true,"new":true,"mood":"full"}"#.to_owned(),
    ];
    let ran = isobar_with(&["compat", "--batch", "-"], &lines.join("\n"));
    let printed: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let verdicts: Vec<_> = printed.iter().map(|it| (it["id"].clone(), it["verdict"].clone())).collect();
    assert_eq!(verdicts, [(json!(1), json!("incompatible")), (json!("c"), json!("compatible"))]);
    assert!(printed.iter().all(|it| it["micros"].as_f64().is_some_and(|micros| micros > 0.0)));
    for says in ["line 2: ", "line 4: the new schema cannot be read", "line 6: unknown field `mood`"] {
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    assert_eq!(ran.code, 2);
}

#[test]
fn deep_schemas_and_circles_end() {
    let mut deep = r#"{"type":"string"}"#.to_owned();
    for _ in 0..60 {
        deep = format!(r#"{{"properties":{{"a":{deep}}}}}"#);
    }
    let circle =
        r##"{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}}"##;
    let mut chain = String::from(r##"{"$ref":"#/definitions/d0","definitions":{"##);
    for n in 0..3000 {
        chain += &format!(r##""d{n}":{{"$ref":"#/definitions/d{}"}},"##, n + 1);
    }
    chain += r#""d3000":{"type":"string"}}}"#;
    let folder = folder(&[("deep.json", &deep), ("circle.json", circle), ("chain.json", &chain)]);
    for content in ["strict", "producer"] {
        let compat = |file: &str| isobar_in(&folder, &["compat", file, file, "--content", content]).code;
        assert_eq!(compat("deep.json"), 0);
        for file in ["circle.json", "chain.json"] {
            assert!([0, 3].contains(&compat(file)), "{file}");
        }
    }
}

#[test]
fn codes_explain_themselves() {
    let ran = isobar(&["explain", "compat-missing"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("compat-missing (error)\n"), "{}", ran.out);
    assert!(isobar(&["explain"]).out.contains("compat-undecided"));
}
