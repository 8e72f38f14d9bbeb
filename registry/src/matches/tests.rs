use super::{compare::compare, *};
use serde_json::{Value, json};

fn told(released: Value, of_type: Value) -> Vec<String> {
    let differences = compare(&released, &of_type);
    differences.into_iter().map(|Difference { path, message }| format!("{path}: {message}")).collect()
}

#[test]
fn one_thing_written_in_two_ways_is_the_same() {
    let table = [
        (json!({"type": ["string", "null"]}), json!({"anyOf": [{"type": "string"}, {"type": "null"}]})),
        (
            json!({"type": "integer", "minimum": 1, "maximum": i64::MAX}),
            json!({"type": "integer", "format": "int64", "minimum": 1}),
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"oneOf": [{"const": "b", "type": "string"}, {"enum": ["a"]}]}),
        ),
        (json!({"minimum": 1}), json!({"minimum": 1.0, "title": "One", "description": "For people.", "format": "x"})),
        (
            json!({"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {"x": {"type": "string"}}}}}),
            json!({"type": "object", "properties": {"x": {"type": "string"}}}),
        ),
        (
            json!({"oneOf": [{"properties": {"k": {"const": "a"}}, "required": ["k"], "allOf": [{"properties": {"x": {}}}]}]}),
            json!({"oneOf": [{"properties": {"k": {"const": "a"}, "x": {}}, "required": ["k"]}]}),
        ),
    ];
    for (a, b) in table {
        assert_eq!(told(a.clone(), b.clone()), Vec::<String>::new(), "{a} {b}");
        assert_eq!(told(b.clone(), a.clone()), Vec::<String>::new(), "{b} {a}");
    }
}

#[test]
fn what_differs_is_told_with_its_path() {
    let released = json!({
        "type": "object",
        "required": ["id", "lines"],
        "properties": {
            "id": {"type": "string", "pattern": "^a"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "gone": {},
            "level": {"type": "string", "enum": ["a", "b"], "default": "a"},
            "pay": {"oneOf": [{"properties": {"k": {"const": "card"}, "no": {"type": "string"}}}, {"properties": {"k": {"const": "cash"}}}]},
        },
    });
    let of_type = json!({
        "type": "object",
        "required": ["lines"],
        "properties": {
            "id": {"type": ["string", "null"]},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}}},
            "labels": {"type": "object", "additionalProperties": {"type": "number"}},
            "new": {},
            "level": {"type": "string", "enum": ["a"], "default": "b"},
            "pay": {"oneOf": [{"properties": {"k": {"const": "card"}, "no": {"type": "number"}}}]},
        },
    });
    assert_eq!(
        told(released, of_type),
        [
            "gone: is in the schema, and not in the type",
            "id: `pattern` is \"^a\" in the schema, and the type has none",
            "id: is required in the schema, and not in the type",
            "id: may be absent in the type, and not in the schema",
            "labels{}: `type` is \"string\" in the schema, and \"number\" in the type",
            "level: `default` is \"a\" in the schema, and \"b\" in the type",
            "level: `enum` is [\"a\",\"b\"] in the schema, and [\"a\"] in the type",
            "lines[].n: `minimum` is 1 in the schema, and 0 in the type",
            "new: is in the type, and not in the schema",
            "pay: the branch k = \"cash\" is in the schema, and not in the type",
            "pay(k = \"card\").no: `type` is \"string\" in the schema, and \"number\" in the type",
        ]
    );
}

#[test]
fn recursion_ends() {
    let tree = |name: &str, low: i64| {
        let reference = format!("#/$defs/{name}");
        json!({"$ref": reference, "$defs": {name: {
            "type": "object",
            "properties": {"n": {"minimum": low}, "next": {"anyOf": [{"$ref": reference}, {"type": "null"}]}},
        }}})
    };
    assert_eq!(told(tree("Tree", 1), tree("Node", 1)), Vec::<String>::new());
    assert_eq!(told(tree("Tree", 1), tree("Node", 2)), ["n: `minimum` is 1 in the schema, and 2 in the type"]);
    let endless = json!({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}});
    assert_eq!(told(endless.clone(), endless), Vec::<String>::new());
}
