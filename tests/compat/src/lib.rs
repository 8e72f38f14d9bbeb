//! Random JSON Schemas and records, small edits of them, and payloads on their boundaries: what the tests of compatibility are run on.

pub mod payloads;
pub mod records;
pub mod schemas;

use jsonschema::{Draft, Validator};
use serde_json::Value;

/// The drafts, with the `$schema` that names each.
pub const DRAFTS: [(Draft, &str); 5] = [
    (Draft::Draft4, "http://json-schema.org/draft-04/schema#"),
    (Draft::Draft6, "http://json-schema.org/draft-06/schema#"),
    (Draft::Draft7, "http://json-schema.org/draft-07/schema#"),
    (Draft::Draft201909, "https://json-schema.org/draft/2019-09/schema"),
    (Draft::Draft202012, "https://json-schema.org/draft/2020-12/schema"),
];

/// The independent judge of payloads; `None` where it takes the schema for none.
pub fn validator(schema: &Value) -> Option<Validator> {
    let mut schema = schema.clone();
    let mut draft = Draft::default();
    if let Some(named) = schema.get("$schema").and_then(Value::as_str).map(Draft::from_schema_uri) {
        draft = named;
    }
    if draft == Draft::Unknown {
        // Iglu adds names to draft 4.
        schema.as_object_mut().map(|map| map.remove("$schema"));
        draft = Draft::Draft4;
    }
    jsonschema::options().with_draft(draft).offline().build(&schema).ok()
}

/// A schema without what closes its objects.
pub fn opened(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let closing = |key: &str, value: &Value| {
                matches!(key, "additionalProperties" | "unevaluatedProperties") && *value == Value::Bool(false)
            };
            let kept = map.iter().filter(|(key, value)| !closing(key, value));
            Value::Object(kept.map(|(key, value)| (key.clone(), opened(value))).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(opened).collect()),
        other => other.clone(),
    }
}

/// Whether a payload surely holds only properties that are declared where they stand: a stricter question than that of a producer,
/// asked in the plainest way. Only schemas without logic are looked into.
pub fn is_declared(payload: &Value, schema: &Value) -> bool {
    let Value::Object(map) = schema else { return true };
    if [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "patternProperties",
        "dependentSchemas",
        "unevaluatedProperties",
    ]
    .iter()
    .any(|keyword| map.contains_key(*keyword))
    {
        return false;
    }
    match payload {
        Value::Object(members) => {
            let declared = map.get("properties").and_then(Value::as_object);
            let others = map.get("additionalProperties").filter(|it| it.as_object().is_some_and(|it| !it.is_empty()));
            members.iter().all(|(name, value)| match declared.and_then(|it| it.get(name)).or(others) {
                Some(schema) => is_declared(value, schema),
                None => declared.is_none_or(serde_json::Map::is_empty),
            })
        }
        Value::Array(items) => {
            let plain = map.get("items").filter(|it| it.is_object());
            let bare = !["items", "prefixItems", "additionalItems"].iter().any(|keyword| map.contains_key(*keyword));
            items.iter().all(|item| plain.map_or(bare, |schema| is_declared(item, schema)))
        }
        _ => true,
    }
}

/// Whether a whole number is written as `1.0`, which draft 4 takes for no integer. Payloads are values to us: the same as `1`.
pub fn has_whole_floats(payload: &Value) -> bool {
    match payload {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|it| it.fract() == 0.0),
        Value::Array(items) => items.iter().any(has_whole_floats),
        Value::Object(members) => members.values().any(has_whole_floats),
        _ => false,
    }
}
