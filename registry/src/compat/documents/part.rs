//! What of a schema matters for one payload: a validator is asked about that alone where the whole is large. Accepts the payload if
//! and only if the whole does. Nothing is left out that takes more than a look to rule out, so that the validator still decides.

use super::allowance::size;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

/// Schemas of fewer values are never divided.
const SMALL: u64 = 2_000;
/// Looks at branches, at most.
const LOOKS: u32 = 200_000;

/// The part of a schema, in which no reference leads anywhere but to its definitions, that matters for a payload; `None` where the
/// whole had better be asked.
pub(super) fn part_for(schema: &Value, draft: Draft, payload: &Value) -> Option<Value> {
    let whole = size(schema);
    let part = if whole < SMALL { None } else { divided(schema, draft, payload) };
    part.filter(|it| size(it) * 2 < whole)
}

fn divided(schema: &Value, draft: Draft, payload: &Value) -> Option<Value> {
    Parts { constants: draft >= Draft::Draft6, looks: LOOKS }.of(schema, &[payload])
}

struct Parts {
    /// Whether `const` says anything.
    constants: bool,
    looks: u32,
}

impl Parts {
    /// What matters for each of some payloads at one place.
    fn of(&mut self, schema: &Value, payloads: &[&Value]) -> Option<Value> {
        let Value::Object(map) = schema else { return Some(schema.clone()) };
        if map.contains_key("$ref") {
            return Some(schema.clone());
        }
        let mut out = Map::new();
        for (keyword, value) in map {
            let part = match (keyword.as_str(), value) {
                ("properties", Value::Object(members)) => self.members(members, payloads)?,
                ("items", Value::Object(_)) => {
                    let inner: Vec<&Value> = payloads.iter().filter_map(|it| it.as_array()).flatten().collect();
                    if inner.is_empty() { json!({}) } else { self.of(value, &inner)? }
                }
                ("allOf", Value::Array(list)) => {
                    list.iter().map(|it| self.of(it, payloads)).collect::<Option<Value>>()?
                }
                ("anyOf" | "oneOf", Value::Array(list)) => {
                    list.iter().map(|it| self.branch(it, payloads)).collect::<Option<Value>>()?
                }
                ("not" | "if" | "then" | "else", _) => self.of(value, payloads)?,
                _ => value.clone(),
            };
            out.insert(keyword.clone(), part);
        }
        Some(Value::Object(out))
    }

    fn members(&mut self, members: &Map<String, Value>, payloads: &[&Value]) -> Option<Value> {
        let mut kept = Map::new();
        for (name, schema) in members {
            let inner: Vec<&Value> = payloads.iter().filter_map(|it| it.as_object()?.get(name)).collect();
            if !inner.is_empty() {
                kept.insert(name.clone(), self.of(schema, &inner)?);
            }
        }
        Some(Value::Object(kept))
    }

    fn branch(&mut self, schema: &Value, payloads: &[&Value]) -> Option<Value> {
        self.looks = self.looks.checked_sub(u32::try_from(payloads.len()).ok()?)?;
        let never = payloads.iter().all(|payload| self.refuses(schema, payload));
        if never { Some(json!({ "not": {} })) } else { self.of(schema, payloads) }
    }

    /// Whether a schema surely refuses a payload, by what it says of its kind and of the members it needs, or by what it says of
    /// the kind of a member or of the few values that a member can have.
    fn refuses(&self, schema: &Value, payload: &Value) -> bool {
        let Some(map) = schema.as_object().filter(|it| !it.contains_key("$ref")) else { return false };
        let Some(members) = payload.as_object() else { return self.is_another(map, payload) };
        let mut required = map.get("required").and_then(Value::as_array).into_iter().flatten();
        let properties = map.get("properties").and_then(Value::as_object);
        let differs = |(name, value): (&String, &Value)| {
            let rules = properties.and_then(|it| it.get(name)?.as_object());
            rules.is_some_and(|rules| !rules.contains_key("$ref") && self.is_another(rules, value))
        };
        self.is_another(map, payload)
            || required.any(|name| name.as_str().is_some_and(|name| !members.contains_key(name)))
            || members.iter().any(differs)
    }

    /// Whether a value is of none of the kinds of `type`, or none of the texts, whole numbers and such of `enum` and `const`.
    fn is_another(&self, map: &Map<String, Value>, value: &Value) -> bool {
        let kinds = match map.get("type") {
            Some(Value::Array(list)) => list.iter().collect(),
            kind => Vec::from_iter(kind),
        };
        let other = |kind: &&Value| kind.as_str().is_some_and(|kind| KINDS.contains(&kind) && !is_of(kind, value));
        let list = map.get("enum").and_then(Value::as_array);
        let constant = map.get("const").filter(|_| self.constants);
        !kinds.is_empty() && kinds.iter().all(other)
            || list.is_some_and(|list| list.iter().all(|it| differ(it, value)))
            || constant.is_some_and(|it| differ(it, value))
    }
}

const KINDS: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

fn is_of(kind: &str, value: &Value) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(_) => kind == "integer" || kind == "number",
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

/// Whether two values differ at a glance.
fn differ(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(a), Value::String(b)) => a != b,
        (Value::Bool(a), Value::Bool(b)) => a != b,
        (Value::Number(a), Value::Number(b)) => matches!((a.as_i64(), b.as_i64()), (Some(a), Some(b)) if a != b),
        _ => std::mem::discriminant(one) != std::mem::discriminant(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::containment::random::{Dice, any, payload, scalar, whole};

    /// Alternatives of which members tell apart some.
    fn union(dice: &mut Dice, depth: usize) -> Value {
        let mut branches = Vec::new();
        for _ in 0..2 + dice.below(3) {
            let kinds = ["object", "string", "integer", "array"];
            let tag = match dice.below(4) {
                0 => json!({ "type": kinds[dice.below(4)] }),
                1 => json!({ "enum": [scalar(dice), scalar(dice)] }),
                _ => json!({ "const": scalar(dice) }),
            };
            let inner = if depth == 0 { any(dice, 2) } else { union(dice, depth - 1) };
            let mut branch = json!({ "properties": { "a": tag, "b": inner } });
            match dice.below(4) {
                0 => branch["required"] = json!(["a"]),
                1 => branch["items"] = branch["properties"]["b"].clone(),
                2 => branch["type"] = json!(["object", kinds[dice.below(4)]]),
                _ => branch["unevaluatedProperties"] = json!(false),
            }
            branches.push(branch);
        }
        let keyword = ["anyOf", "oneOf", "allOf", "oneOf"][dice.below(4)];
        json!({ keyword: branches, "additionalProperties": { "type": "integer" } })
    }

    #[test]
    fn a_part_says_of_a_payload_what_the_whole_says() {
        let (mut smaller, mut accepted, mut all) = (0, 0, 0);
        for seed in 1..400u64 {
            let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            let other = any(&mut dice, 2);
            let schema = union(&mut dice, 1);
            let schema = whole(schema, &other);
            for draft in [Draft::Draft4, Draft::Draft7, Draft::Draft201909, Draft::Draft202012] {
                let options = jsonschema::options().with_draft(draft).offline();
                let Ok(validator) = options.build(&schema) else { continue };
                for _ in 0..4 {
                    let inner = json!({ "a": scalar(&mut dice), "b": payload(&mut dice, 1) });
                    let payload = match dice.below(4) {
                        0 => payload(&mut dice, 2),
                        1 => json!([inner, { "a": scalar(&mut dice) }]),
                        _ => json!({ "a": scalar(&mut dice), "b": inner }),
                    };
                    let part = divided(&schema, draft, &payload).unwrap();
                    let asked = options.build(&part).unwrap().is_valid(&payload);
                    assert_eq!(asked, validator.is_valid(&payload), "{draft:?}\n{schema}\n{part}\n{payload}");
                    all += 1;
                    smaller += u32::from(size(&part) < size(&schema));
                    accepted += u32::from(asked);
                }
            }
        }
        assert!(smaller * 2 > all && accepted * 8 > all && accepted < all, "{smaller}, {accepted} of {all}");
    }
}
