//! Questions over text of JSON Schema, each answer held against the validator.

use super::*;
use crate::compat::json_schema::{Content, read};
use serde_json::{Value as Json, json};

/// The verdict on two schemas (2020-12), by plain containment.
fn ask(writer: &Json, reader: &Json) -> Verdict {
    let mut arena = Arena::default();
    let mut roots = [
        read(&mut arena, writer, Side::Writer, Content::Strict).unwrap().node,
        read(&mut arena, reader, Side::Reader, Content::Strict).unwrap().node,
    ];
    arena.close(&mut roots);
    let confirm = |payload: &Json| {
        let is_valid = |schema| jsonschema::draft202012::new(schema).unwrap().is_valid(payload);
        is_valid(writer) && !is_valid(reader)
    };
    contains(&mut arena, roots[0], roots[1], Budget::default(), &confirm)
}

fn schema(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|wrong| panic!("{wrong}: {text}"))
}

/// Asks in both directions: `=` both hold, `<` only writer to reader, `>` only reader to writer, `#` neither.
fn check(writer: &str, relation: char, reader: &str) {
    let (a, b) = (schema(writer), schema(reader));
    for (from, to, expected) in [(&a, &b, "=<".contains(relation)), (&b, &a, "=>".contains(relation))] {
        match ask(from, to) {
            Verdict::Contained => assert!(expected, "{from} is not contained in {to}"),
            Verdict::Escapes(payload) => assert!(!expected, "{from} is contained in {to}, not {payload}"),
            Verdict::Unknown(it) => panic!("{from} in {to}: {it:?}"),
        }
    }
}

#[test]
fn kinds_and_values() {
    check("true", '=', "{}");
    check("false", '<', "true");
    check(r#"{"type": "integer"}"#, '<', r#"{"type": "number"}"#);
    check(r#"{"type": ["string", "null"]}"#, '>', r#"{"type": "string"}"#);
    check(r#"{"enum": [1, "a", null]}"#, '<', r#"{"type": ["integer", "string", "null"]}"#);
    check(r#"{"enum": [true, false, null]}"#, '=', r#"{"type": ["boolean", "null"]}"#);
    check(r#"{"const": {"a": [1, 2.0]}}"#, '=', r#"{"enum": [{"a": [1.0, 2]}]}"#);
    check(r#"{"enum": [1.5, 2]}"#, '#', r#"{"type": "integer"}"#);
    check(r#"{"type": "boolean", "not": {"const": true}}"#, '=', r#"{"const": false}"#);
}

#[test]
fn numbers() {
    check(r#"{"type": "integer", "minimum": 0.5}"#, '=', r#"{"type": "integer", "minimum": 1}"#);
    check(r#"{"type": "number", "minimum": 1}"#, '>', r#"{"type": "number", "exclusiveMinimum": 1}"#);
    check(r#"{"multipleOf": 6}"#, '<', r#"{"multipleOf": 3}"#);
    check(r#"{"multipleOf": 0.3}"#, '#', r#"{"multipleOf": 0.2}"#);
    check(r#"{"type": "integer", "multipleOf": 0.5}"#, '=', r#"{"type": "integer"}"#);
    check(r#"{"type": "number", "minimum": 3, "maximum": 3}"#, '=', r#"{"const": 3}"#);
    check(r#"{"type": "integer", "minimum": 1, "maximum": 3}"#, '=', r#"{"enum": [1, 2, 3]}"#);
    check(r#"{"type": "number", "minimum": 1, "maximum": 3}"#, '>', r#"{"enum": [1, 2, 3]}"#);
    check(r#"{"type": "number", "multipleOf": 0.01}"#, '<', r#"{"type": "number"}"#);
    check(
        r#"{"type": "integer", "not": {"multipleOf": 2}, "minimum": 0, "maximum": 6}"#,
        '=',
        r#"{"enum": [1, 3, 5]}"#,
    );
    let halves = r#"{"type": "number", "anyOf": [{"maximum": 5}, {"minimum": 5}]}"#;
    check(halves, '=', r#"{"type": "number"}"#);
    check(r#"{"type": "number", "anyOf": [{"maximum": 5}, {"exclusiveMinimum": 5.5}]}"#, '<', r#"{"type": "number"}"#);
}

#[test]
fn texts() {
    check(r#"{"type": "string", "minLength": 2}"#, '<', r#"{"type": "string", "minLength": 1}"#);
    check(r#"{"type": "string", "maxLength": 0}"#, '=', r#"{"const": ""}"#);
    check(r#"{"type": "string", "pattern": "^[a-c]+$"}"#, '<', r#"{"type": "string", "pattern": "^[a-z]+$"}"#);
    check(r#"{"type": "string", "pattern": "^a{2,3}$"}"#, '=', r#"{"enum": ["aa", "aaa"]}"#);
    check(r#"{"type": "string", "pattern": "^.{2}$"}"#, '<', r#"{"type": "string", "minLength": 2, "maxLength": 2}"#);
    check(r#"{"type": "string", "pattern": "^[^a]$"}"#, '<', r#"{"type": "string", "minLength": 1, "maxLength": 1}"#);
    check(r#"{"type": "string", "pattern": "a"}"#, '#', r#"{"type": "string", "pattern": "b"}"#);
    check(r#"{"enum": ["x1", "y2"]}"#, '<', r#"{"type": "string", "pattern": "[0-9]$"}"#);
    let either = r#"{"type": "string", "anyOf": [{"pattern": "^a"}, {"not": {"pattern": "^a"}}]}"#;
    check(either, '=', r#"{"type": "string"}"#);
}

#[test]
fn arrays() {
    check(
        r#"{"type": "array", "items": {"type": "integer"}}"#,
        '<',
        r#"{"type": "array", "items": {"type": "number"}}"#,
    );
    check(r#"{"type": "array", "maxItems": 0}"#, '=', r#"{"type": "array", "items": false}"#);
    check(r#"{"type": "array", "uniqueItems": true}"#, '<', r#"{"type": "array"}"#);
    check(r#"{"type": "array", "maxItems": 1}"#, '<', r#"{"type": "array", "uniqueItems": true}"#);
    let pair = r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": false}"#;
    check(pair, '<', r#"{"type": "array", "maxItems": 2, "uniqueItems": true}"#);
    check(pair, '<', r#"{"type": "array", "items": {"type": ["string", "null"]}}"#);
    let two_bools = r#"{"type": "array", "items": {"type": "boolean"}, "uniqueItems": true}"#;
    check(two_bools, '<', r#"{"type": "array", "maxItems": 2}"#);
    check(r#"{"type": "array", "contains": {"const": 1}}"#, '<', r#"{"type": "array", "minItems": 1}"#);
    check(
        r#"{"type": "array", "items": {"const": 1}, "minItems": 1}"#,
        '<',
        r#"{"type": "array", "contains": {"const": 1}}"#,
    );
    check(
        r#"{"type": "array", "contains": {"const": 1}, "minContains": 2}"#,
        '<',
        r#"{"type": "array", "contains": {"type": "integer"}}"#,
    );
    check(
        r#"{"type": "array", "contains": {"const": 1}, "minContains": 0, "maxContains": 1, "items": {"const": 1}}"#,
        '<',
        r#"{"type": "array", "maxItems": 1}"#,
    );
    check(
        r#"{"type": "array", "items": {"enum": [1, 2]}, "minItems": 3, "contains": {"const": 1}, "maxContains": 1}"#,
        '<',
        r#"{"type": "array", "contains": {"const": 2}, "minContains": 2}"#,
    );
}

#[test]
fn objects() {
    let object = |rest: &str| format!(r#"{{"type": "object", {rest}}}"#);
    let person = object(r#""properties": {"a": {"type": "integer"}}, "required": ["a"]"#);
    check(&person, '<', &object(r#""properties": {"a": {"type": "number"}}"#));
    check(&person, '#', &object(r#""properties": {"a": {"type": "string"}}"#));
    check(&person, '<', &object(r#""minProperties": 1"#));
    let closed = object(r#""properties": {"a": {}, "b": {}}, "additionalProperties": false"#);
    check(&closed, '<', &object(r#""maxProperties": 2"#));
    check(&closed, '<', &object(r#""propertyNames": {"maxLength": 1}"#));
    check(&closed, '=', &object(r#""propertyNames": {"enum": ["a", "b"]}"#));
    check(&closed, '<', &object(r#""patternProperties": {"^c": false}"#));
    check(
        &object(r#""patternProperties": {"^a": {"type": "integer"}}, "required": ["abc"]"#),
        '<',
        &object(r#""properties": {"abc": {"type": "number"}}"#),
    );
    check(
        &object(r#""additionalProperties": {"type": "integer"}"#),
        '<',
        &object(r#""patternProperties": {"^x": {"type": "number"}}, "properties": {"y": {"type": "integer"}}"#),
    );
    check(&object(r#""dependentRequired": {"a": ["b"]}"#), '>', &object(r#""required": ["b"]"#));
    check(
        &object(r#""dependentRequired": {"a": ["b"]}, "required": ["a"]"#),
        '=',
        &object(r#""required": ["a", "b"]"#),
    );
    check(
        &object(r#""dependentSchemas": {"a": {"required": ["b"]}}"#),
        '=',
        &object(r#""dependentRequired": {"a": ["b"]}"#),
    );
    let few = object(r#""patternProperties": {"^[ab]$": {}}, "additionalProperties": false"#);
    check(&few, '<', &object(r#""maxProperties": 2"#));
    check(&format!(r#"{{"allOf": [{few}, {{"minProperties": 2}}]}}"#), '<', &object(r#""required": ["a", "b"]"#));
}

#[test]
fn logic() {
    check(r#"{"anyOf": [{"type": "string"}, {"type": "integer"}]}"#, '=', r#"{"type": ["string", "integer"]}"#);
    check(r#"{"oneOf": [{"type": "number"}, {"type": "integer"}]}"#, '<', r#"{"type": "number"}"#);
    check(
        r#"{"oneOf": [{"type": "number"}, {"type": "integer"}]}"#,
        '=',
        r#"{"type": "number", "not": {"type": "integer"}}"#,
    );
    check(r#"{"not": {"not": {"type": "string"}}}"#, '=', r#"{"type": "string"}"#);
    check(
        r#"{"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"type": "null"}}"#,
        '=',
        r#"{"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]}"#,
    );
    check(
        r#"{"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"]}"#,
        '=',
        r#"{"anyOf": [
            {"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]},
            {"type": "object", "properties": {"a": {"const": 2}}, "required": ["a"]}]}"#,
    );
}

#[test]
fn recursion() {
    let list = |item: &str| {
        format!(
            r##"{{"$ref": "#/$defs/list", "$defs": {{"list": {{"type": "object", "properties": {{"value": {item},
                "next": {{"$ref": "#/$defs/list"}}}}, "required": ["value"]}}}}}}"##
        )
    };
    check(&list(r#"{"type": "integer"}"#), '<', &list(r#"{"type": "number"}"#));
    check(&list(r#"{"type": "integer"}"#), '#', &list(r#"{"type": "string"}"#));
    // Nothing finite is in a set whose every member needs another one.
    let endless = r##"{"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}},
        "required": ["a"]}}}"##;
    check(endless, '=', "false");
    // The same trees, the one rolled out once.
    let once = r##"{"type": "array", "items": {"$ref": "#"}}"##;
    let twice = r##"{"type": "array", "items": {"type": "array", "items": {"$ref": "#"}}}"##;
    check(once, '=', twice);
    let even = r##"{"type": "array", "maxItems": 1, "items": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#"}}}"##;
    check(even, '<', once);
}

#[test]
fn what_is_not_known_is_said() {
    let writer = json!({"type": "string"});
    let reader = json!({"type": "string", "pattern": "^(?!x)"});
    let Verdict::Unknown(unknown) = ask(&writer, &reader) else { panic!("it looks ahead") };
    assert_eq!((unknown.keyword, unknown.pointer.as_str(), unknown.side), ("pattern", "", Side::Reader));
}

/// A union with a tag, of so many branches.
fn tagged(branches: usize, key: &str) -> Json {
    let branch = |at: usize| {
        json!({"type": "object", "required": ["kind", "a"], "properties": {
            "kind": {"const": format!("k{at}")}, "a": {"type": "string"}, "b": {"type": "integer", "minimum": at}}})
    };
    json!({key: (0..branches).map(branch).collect::<Vec<_>>()})
}

/// `oneOf` of so many, each with another one inside, so many deep.
fn nested(wide: usize, deep: usize, end: &Json) -> Json {
    if deep == 0 {
        return end.clone();
    }
    let inside = nested(wide, deep - 1, end);
    let branch =
        |at: usize| json!({"type": "object", "required": ["k", "v"], "properties": {"k": {"const": at}, "v": inside}});
    json!({"oneOf": (0..wide).map(branch).collect::<Vec<_>>()})
}

#[test]
fn large_unions_are_compared_branch_by_branch() {
    for key in ["oneOf", "anyOf"] {
        assert_eq!(ask(&tagged(100, key), &tagged(101, key)), Verdict::Contained);
        assert!(matches!(ask(&tagged(101, key), &tagged(100, key)), Verdict::Escapes(_)));
    }
    let (a, b) = (nested(6, 3, &json!({"type": "integer"})), nested(6, 3, &json!({"type": "number"})));
    assert_eq!(ask(&a, &b), Verdict::Contained);
    assert!(matches!(ask(&b, &a), Verdict::Escapes(_)));
}

/// Arrays and objects in each other, so many deep, of integers above a limit.
fn deep(arena: &mut Arena, levels: usize, limit: i64) -> NodeId {
    let top = arena.origin_of(Side::Reader);
    let mut inner = Schema::of(Kinds::NUMBER);
    inner.number_mut().at_least(Number::from(limit), false);
    let mut node = arena.add(inner, top);
    let name = arena.values.name("a");
    for level in 0..levels {
        let mut outer = Schema::of(if level % 2 == 0 { Kinds::ARRAY } else { Kinds::OBJECT });
        (outer.array_mut().items, outer.array_mut().min) = (Some(node), 1);
        outer.object_mut().properties.push((name, node));
        outer.object_mut().required.push(name);
        node = arena.add(outer, top);
    }
    node
}

#[test]
fn what_is_too_deep_or_too_much_is_not_known() {
    for (levels, expected) in [(50, true), (1_000, true), (20_000, false)] {
        let mut arena = Arena::default();
        let (narrow, wide) = (deep(&mut arena, levels, 1), deep(&mut arena, levels, 0));
        let answer = contains(&mut arena, narrow, wide, Budget::default(), &|_| true);
        assert_eq!(answer == Verdict::Contained, expected, "{levels}: {answer:?}");
    }
    let either = |at: usize| json!({"anyOf": [{"required": [format!("a{at}")]}, {"required": [format!("b{at}")]}]});
    let many = json!({"type": "object", "allOf": (0..5_000).map(either).collect::<Vec<_>>()});
    assert!(matches!(ask(&many, &json!({"type": "object", "minProperties": 3_000})), Verdict::Unknown(_)));
    // Thirty texts of which each may or may not match: a billion cases.
    let pattern = |at: usize| json!({"type": "string", "pattern": format!("{at}[a-z]*{}", at + 1)});
    let some = json!({"type": "string", "anyOf": (0..30).map(pattern).collect::<Vec<_>>()});
    let odd: Vec<Json> = (0..30).map(|at| json!({"oneOf": [pattern(at), pattern(at + 1), pattern(at + 2)]})).collect();
    let start = std::time::Instant::now();
    let _ = ask(&some, &json!({ "allOf": odd }));
    let _ = ask(&json!({ "allOf": odd }), &some);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
