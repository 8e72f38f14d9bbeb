//! Whether a payload holds only properties that a schema declares: the other half of what a producer writes, looked at without the
//! engine. Every branch counts as one that declares, so that nothing is refused wrongly; what cannot be followed is not judged.

use serde_json::{Map, Value};
use std::{cell::Cell, collections::BTreeSet};

/// As deep as payloads are looked at.
const DEPTH: usize = 64;

/// Schemas that are looked at, at most; beyond them nothing is judged.
const STEPS: usize = 100_000;

/// Keywords whose schema, or schemas, are about the same value.
const ONE: [&str; 3] = ["if", "then", "else"];
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const MAPS: [&str; 2] = ["dependentSchemas", "dependencies"];

/// Whether every object in `payload` holds only what is declared for it in `schema`.
pub(super) fn holds_declared(schema: &Value, payload: &Value) -> bool {
    Declared { root: schema, steps: Cell::new(STEPS) }.holds(&[schema], payload, DEPTH)
}

struct Declared<'a> {
    root: &'a Value,
    /// What is left of them.
    steps: Cell<usize>,
}

impl<'a> Declared<'a> {
    /// Of a value that all of `schemas` are about.
    fn holds(&self, schemas: &[&'a Value], payload: &Value, depth: usize) -> bool {
        // Each schema once, however many ways lead to it.
        let (mut about, mut met) = (Vec::new(), BTreeSet::new());
        let followed = schemas.iter().all(|schema| self.about(schema, &mut about, &mut met));
        if depth == 0 || !followed {
            return true;
        }
        match payload {
            Value::Object(members) => members.iter().all(|(name, value)| {
                self.steps.set(self.steps.get().saturating_sub(about.len()));
                if self.steps.get() == 0 {
                    return true;
                }
                let inner = members_of(&about, name);
                (inner.is_some() || about.iter().all(|map| is_free(map)))
                    && self.holds(&inner.unwrap_or_default(), value, depth - 1)
            }),
            Value::Array(items) => {
                let words = ["items", "prefixItems", "additionalItems", "unevaluatedItems", "contains"];
                let inner = about.iter().flat_map(|map| words.iter().filter_map(|word| map.get(*word)));
                let inner: Vec<&Value> = inner.flat_map(one_or_many).collect();
                items.iter().all(|item| self.holds(&inner, item, depth - 1))
            }
            _ => true,
        }
    }

    /// Every schema about the same value; whether all references could be followed.
    fn about(&self, schema: &'a Value, out: &mut Vec<&'a Map<String, Value>>, met: &mut BTreeSet<usize>) -> bool {
        let Some(map) = schema.as_object() else { return true };
        self.steps.set(self.steps.get().saturating_sub(1));
        if self.steps.get() == 0 {
            return false;
        }
        if !met.insert(std::ptr::from_ref(map).addr()) {
            return true;
        }
        out.push(map);
        let lists = LISTS.iter().filter_map(|word| map.get(*word)?.as_array()).flatten();
        let maps = MAPS.iter().filter_map(|word| map.get(*word)?.as_object()).flat_map(Map::values);
        let mut inner = ONE.iter().filter_map(|word| map.get(*word)).chain(lists).chain(maps);
        let reference = match map.get("$ref").and_then(Value::as_str) {
            Some(reference) => match reference.strip_prefix('#').and_then(|it| self.root.pointer(it)) {
                Some(found) => self.about(found, out, met),
                None => false,
            },
            None => !map.contains_key("$dynamicRef") && !map.contains_key("$recursiveRef"),
        };
        reference && inner.all(|schema| self.about(schema, out, met))
    }
}

/// The schemas of a member; `None` if it is not declared.
fn members_of<'a>(about: &[&'a Map<String, Value>], name: &str) -> Option<Vec<&'a Value>> {
    let mut found = Vec::new();
    let mut declared = false;
    for map in about {
        let property = map.get("properties").and_then(|it| it.get(name));
        let required = map.get("required").and_then(Value::as_array);
        // Which names a pattern declares is not looked at: any may be.
        let patterns = map.get("patternProperties").and_then(Value::as_object).filter(|it| !it.is_empty());
        let others =
            ["additionalProperties", "unevaluatedProperties"].map(|word| map.get(word).filter(|it| it.is_object()));
        declared |= property.is_some()
            || patterns.is_some()
            || required.is_some_and(|names| names.iter().any(|it| it == name))
            || others.iter().any(Option::is_some);
        found.extend(property);
        found.extend(patterns.into_iter().flat_map(Map::values));
        found.extend(others.into_iter().flatten());
    }
    declared.then_some(found)
}

/// Whether nothing is declared: such an object is a map.
fn is_free(map: &Map<String, Value>) -> bool {
    let some = |word: &str| map.get(word).and_then(Value::as_object).is_some_and(|it| !it.is_empty());
    let required = map.get("required").and_then(Value::as_array).is_some_and(|it| !it.is_empty());
    !some("properties") && !some("patternProperties") && !required
}

fn one_or_many(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |many| many.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_declared_members_are_written() {
        let schema = json!({
            "properties": { "a": { "$ref": "#/$defs/inner" }, "list": { "items": { "properties": { "x": {} } } } },
            "allOf": [{ "properties": { "b": {} } }],
            "$defs": { "inner": { "oneOf": [{ "properties": { "c": {} } }, { "required": ["d"] }] } },
        });
        let table = [
            (json!({}), true),
            (json!({ "a": { "c": 1, "d": 2 }, "b": {} }), true),
            (json!({ "e": 1 }), false),
            (json!({ "a": { "e": 1 } }), false),
            (json!({ "list": [{ "x": 1 }, { "y": 1 }] }), false),
            (json!({ "b": { "anything": { "goes": 1 } } }), true),
            (json!("text"), true),
        ];
        for (payload, expected) in table {
            assert_eq!(holds_declared(&schema, &payload), expected, "{payload}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_not_judged() {
        let schema = json!({ "properties": { "a": {} }, "$ref": "other.json" });
        assert!(holds_declared(&schema, &json!({ "b": 1 })));
        let circle = json!({ "properties": { "a": { "$ref": "#" } }, "anyOf": [{ "$ref": "#" }] });
        assert!(holds_declared(&circle, &json!({ "a": { "a": {} } })));
        assert!(!holds_declared(&circle, &json!({ "a": { "b": {} } })));
    }
}
