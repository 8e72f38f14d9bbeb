use super::*;
use crate::testing;
use serde_json::{Value, json};

fn name() -> Name {
    Name { context: "shop".into(), name: "E".into() }
}

pub(super) fn schema_of(fields: &[Field], types: &Types) -> Value {
    schema_in(Draft::Draft202012, fields, types)
}

fn schema_in(draft: Draft, fields: &[Field], types: &Types) -> Value {
    let name = name();
    let subject = Subject {
        workspace: "test",
        base: None,
        name: &name,
        version: Some(Version::new(1, 2)),
        doc: Some("For people."),
        fields,
        types,
        examples: &[],
        deprecated: None,
    };
    serde_json::from_str(&draft.of(schema(&subject)).pretty()).unwrap()
}

/// The same in draft-07, whose words mean the same.
#[cfg(feature = "payload")]
pub(super) fn validator_07(fields: &[Field], types: &Types) -> jsonschema::Validator {
    let schema = schema_in(Draft::Draft07, fields, types);
    assert!(jsonschema::meta::is_valid(&schema), "{schema:#}");
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(true);
    options.build(&schema).unwrap()
}

pub(super) fn validator(schema: &Value) -> jsonschema::Validator {
    assert!(jsonschema::meta::is_valid(schema), "{schema:#}");
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    options.build(schema).unwrap()
}

/// Each kind of shape, with payloads that are fine and payloads that are not.
#[test]
fn says_what_is_accepted() {
    let huge = "1".repeat(27);
    #[rustfmt::skip]
    let table: &[(&str, &[&str], &[&str])] = &[
        ("int32", &["1", "-2147483648", "1.0", "1e2"], &["2147483648", "1.5", "\"1\"", "null"]),
        ("uint", &["0", "18446744073709551615"], &["-1", "18446744073709551616"]),
        ("{ type: int, min: 1, max: 9 }", &["1", "9"], &["0", "10"]),
        ("decimal(2)", &["19.99", "-0.01", "8.00", "1e3", "99999999999999"], &["0.001", "1.005", "\"1\"", &huge]),
        ("decimal(0)", &["3", "3.0"], &["0.5"]),
        ("float", &["0.1", "3"], &["\"0.1\""]),
        ("bool", &["true"], &["0", "null"]),
        ("string", &["\"\"", "\"x\""], &["1", "null"]),
        ("{ type: string, min_length: 2, max_length: 3 }", &["\"ab\"", "\"éé\""], &["\"a\"", "\"abcd\""]),
        ("{ type: string, pattern: \"^[A-Z]{3}$\" }", &["\"EUR\""], &["\"eur\"", "\"EURO\""]),
        ("id(a.b)", &["\"a.b1\""], &["\"a.b\"", "\"axb1\"", "\"xa.b1\""]),
        ("uuid", &["\"01890a5d-ac96-774b-bcce-b302099a8057\""], &["\"01890a5dac96774bbcceb302099a8057\""]),
        ("timestamp", &["\"2024-01-15T10:30:00Z\"", "\"2024-01-15T10:30:00.5+01:00\""], &["\"2024-01-15\"", "\"2024-01-15T10:30:00\""]),
        ("date", &["\"2024-02-29\""], &["\"2023-02-29\"", "\"2024-1-1\""]),
        ("duration", &["\"PT30S\"", "\"P2W\"", "\"P1DT2H\""], &["\"P1M\"", "\"P1Y\"", "\"30s\""]),
        ("bytes", &["\"\"", "\"AAE=\""], &["\"AAE\"", "\"AB==\""]),
        ("{ type: bytes, min_length: 2, max_length: 4 }", &["\"AAA=\"", "\"AAAA\"", "\"AAAAAA==\""], &["\"\"", "\"AA==\"", "\"AAAAAAA=\"", "\"AAAAAAAA\""]),
        ("{ type: bytes, min_length: 3, max_length: 3 }", &["\"AAAA\""], &["\"AAA=\"", "\"AAAAAA==\""]),
        ("json", &["null", "[1, {}]"], &[]),
        ("list<int>", &["[]", "[1, 1]"], &["[\"1\"]", "{}"]),
        ("{ type: list<int>, min_length: 1, max_length: 2 }", &["[1]"], &["[]", "[1, 2, 3]"]),
        ("set<int>", &["[1, 2]"], &["[1, 1]", "[1, 1.0]"]),
        ("{ type: map<bool>, max_length: 1 }", &["{}", "{\"a\": true}"], &["{\"a\": 1}", "{\"a\": true, \"b\": true}"]),
        ("{ enum: [red, green] }", &["\"red\""], &["\"blue\"", "1"]),
        ("{ enum: [red, green], open: true }", &["\"red\"", "\"blue\""], &["1"]),
        ("{ oneof: { a: { fields: { x: int } }, b: { fields: { y: int? } } }, tag: kind }",
            &["{\"kind\": \"a\", \"x\": 1}", "{\"kind\": \"b\"}", "{\"kind\": \"b\", \"x\": \"more\"}"],
            &["{\"kind\": \"a\"}", "{\"x\": 1}", "{\"kind\": \"c\"}", "{\"kind\": 1}"]),
        ("{ fields: { x: int } }", &["{\"x\": 1, \"more\": 2}"], &["{}", "[]"]),
    ];
    for (written, good, bad) in table {
        let version = testing::version("{}", &format!("{{ f: {written} }}"));
        let schema = schema_of(version.event.fields.as_deref().unwrap(), &version.types);
        let validator = validator(&schema);
        let payload = |text: &&str| serde_json::from_str(&format!("{{\"f\": {text}}}")).unwrap();
        for text in *good {
            assert!(validator.is_valid(&payload(text)), "{written} reads {text}\n{schema:#}");
        }
        for text in *bad {
            assert!(!validator.is_valid(&payload(text)), "{written} does not read {text}\n{schema:#}");
        }
    }
}

#[test]
fn presence_says_what_may_be_absent() {
    let version = testing::version("{ C: { enum: [r] } }", "{ a: int, b: int?, c: int = 3, d: C?, e: json? }");
    let fields = version.event.fields.as_deref().unwrap();
    let schema = schema_of(fields, &version.types);
    assert_eq!(schema["required"], json!(["a"]));
    assert_eq!(schema["properties"]["c"]["default"], json!(3));
    let validator = validator(&schema);
    for (payload, fine) in [
        (json!({"a": 1}), true),
        (json!({"a": 1, "b": null, "d": null, "e": null}), true),
        (json!({"a": 1, "b": 2, "c": 4, "d": "r"}), true),
        (json!({"a": 1, "c": null}), false),
        (json!({"a": null}), false),
        (json!({"b": 1}), false),
        (json!({"a": 1, "d": "x"}), false),
    ] {
        assert_eq!(validator.is_valid(&payload), fine, "{payload}");
    }
}

#[test]
fn is_self_contained_and_told_to_people() {
    let types = "{ Node: { fields: { next: Node?, at: other.Place } }, other.Place: { fields: { zip: string @pii } }, Unused: int }";
    let version = testing::version(
        types,
        "{ node: { type: Node, doc: The first., wire: the node, tags: [big], deprecated: Use all. } }",
    );
    let name = name();
    let subject = Subject::event("test", &name, Version::new(1, 2), &version.event, &version.types).unwrap();
    let text = super::schema(&subject).pretty();
    let schema: Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!(text);
    let node = json!({"at": {"zip": "1"}, "next": {"at": {"zip": "2"}, "next": null}});
    assert!(validator(&schema).is_valid(&json!({"the node": node})));
}

/// Every version of the sample models is a schema, and its examples are payloads of it.
#[test]
fn samples_are_valid_schemas() {
    let mut examples = 0;
    for model in ["shop", "bank"] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(model);
        let workspace = crate::Workspace::open(&root);
        for evolution in workspace.evolutions.values() {
            for known in &evolution.versions {
                let subject = Subject::event(model, &known.name, known.version, &known.event, &known.types).unwrap();
                let schema: Value = serde_json::from_str(&super::schema(&subject).pretty()).unwrap();
                let validator = validator(&schema);
                for example in schema.get("examples").and_then(Value::as_array).into_iter().flatten() {
                    examples += 1;
                    assert!(validator.is_valid(example), "{} {example}", known.name);
                }
            }
        }
        for (name, command) in workspace.model.commands() {
            let subject = Subject::command(model, &name, command, &workspace.model.types).unwrap();
            assert_eq!(subject.id(), format!("urn:isobar:{model}:{name}"));
            validator(&serde_json::from_str(&super::schema(&subject).pretty()).unwrap());
        }
    }
    assert!(examples >= 5, "{examples}");
}

/// The patterns are the runtime's, which is not there when a build script runs.
#[cfg(feature = "payload")]
#[test]
fn patterns_are_those_of_the_runtime() {
    assert_eq!(UUID, isobar::UUID_PATTERN);
    assert_eq!(TIMESTAMP, isobar::TIMESTAMP_PATTERN);
    assert_eq!(DATE, isobar::DATE_PATTERN);
    assert_eq!(DURATION, isobar::DURATION_PATTERN);
    assert_eq!(BYTES, isobar::BYTES_PATTERN);
}
