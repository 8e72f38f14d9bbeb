//! Payloads on the boundaries of a schema: mostly ones that it accepts, by following what it says. The validator has the last word
//! on each, so that a wrong guess here costs a payload and nothing else.

use isobar_tests::Dice;
use serde_json::{Map, Value, json};

const TEXTS: [&str; 22] = [
    "",
    "a",
    "b",
    "ab",
    "aa",
    "abc",
    "abcd",
    "aaaa",
    "A",
    "AB",
    "ABC",
    "12",
    "x1",
    "x",
    "k0",
    "k1",
    "new",
    "2020-01-02",
    "2020-01-02T03:04:05Z",
    "127.0.0.1",
    "a@b.c",
    "\u{1f600}\u{1f600}",
];

/// Makes payloads for the schemas of one document.
#[derive(Debug)]
pub struct Payloads<'a> {
    dice: &'a mut Dice,
    root: &'a Value,
    /// Whether objects get properties that nobody declared.
    undeclared: bool,
}

impl<'a> Payloads<'a> {
    /// For a document, with or without properties that it does not declare.
    pub fn new(dice: &'a mut Dice, root: &'a Value, undeclared: bool) -> Self {
        Payloads { dice, root, undeclared }
    }

    /// One payload.
    pub fn one(&mut self) -> Value {
        let root = self.root;
        self.value(root, 5)
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.dice.roll(times) == 0
    }

    fn any(&mut self) -> Value {
        match self.dice.roll(9) {
            0 => Value::Null,
            1 => json!(self.one_in(2)),
            2 => json!(self.dice.roll(9) as i64 - 3),
            3 => json!((self.dice.roll(20) as f64 - 6.0) / 4.0),
            4 => json!([]),
            5 => json!({}),
            6 if self.undeclared => json!({"a": 1, "z": "a"}),
            _ => json!(TEXTS[self.dice.roll(TEXTS.len() as u64) as usize]),
        }
    }

    fn value(&mut self, schema: &'a Value, depth: u64) -> Value {
        let Value::Object(map) = schema else { return self.any() };
        if depth == 0 || self.one_in(25) {
            return self.any();
        }
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            return target.map_or(Value::Null, |it| self.value(it, depth - 1));
        }
        if let Some(only) = map.get("const") {
            return only.clone();
        }
        if let Some(Value::Array(values)) = map.get("enum") {
            return values[self.dice.roll(values.len().max(1) as u64) as usize].clone();
        }
        let mut value = self.own(map, depth);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(Value::Array(branches)) = map.get(keyword) else { continue };
            let chosen = self.dice.roll(branches.len().max(1) as u64) as usize;
            for (index, branch) in branches.iter().enumerate() {
                if keyword == "allOf" || index == chosen || self.one_in(5) {
                    let other = self.value(branch, depth - 1);
                    value = merge(value, other);
                }
            }
        }
        for keyword in ["then", "else", "if", "not"] {
            if let Some(branch) = map.get(keyword)
                && self.one_in(3)
            {
                let other = self.value(branch, depth - 1);
                value = merge(value, other);
            }
        }
        value
    }

    /// By the schema's own rules.
    fn own(&mut self, map: &'a Map<String, Value>, depth: u64) -> Value {
        let kind = match map.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(Value::Array(kinds)) => {
                kinds[self.dice.roll(kinds.len().max(1) as u64) as usize].as_str().unwrap_or("")
            }
            _ => {
                let has = |list: &[&str]| list.iter().any(|keyword| map.contains_key(*keyword));
                let object = ["properties", "required", "patternProperties", "additionalProperties", "minProperties"];
                if has(&object) && !self.one_in(6) {
                    "object"
                } else if has(&["items", "prefixItems", "contains", "minItems", "maxItems"]) && !self.one_in(6) {
                    "array"
                } else if has(&["minimum", "maximum", "multipleOf", "exclusiveMinimum"]) && !self.one_in(6) {
                    "number"
                } else if has(&["minLength", "maxLength", "pattern", "format"]) && !self.one_in(6) {
                    "string"
                } else {
                    ""
                }
            }
        };
        match kind {
            "null" => Value::Null,
            "boolean" => json!(self.one_in(2)),
            "integer" | "number" => self.number(map, kind == "integer"),
            "string" => self.text(map),
            "array" => self.array(map, depth),
            "object" => self.object(map, depth),
            _ => self.any(),
        }
    }

    fn number(&mut self, map: &Map<String, Value>, integer: bool) -> Value {
        let limits = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let mut near: Vec<f64> = limits.iter().filter_map(|it| map.get(*it)?.as_f64()).collect();
        near.push(0.0);
        let base = near[self.dice.roll(near.len() as u64) as usize];
        let by = [0.0, 1.0, -1.0, 0.5, -0.5, 0.25, 2.0, 6.0, -6.0, 1000.0][self.dice.roll(10) as usize];
        let number = base + if integer { f64::trunc(by) } else { by };
        if number.fract() == 0.0 { json!(number as i64) } else { json!(number) }
    }

    fn text(&mut self, map: &Map<String, Value>) -> Value {
        let limit = ["minLength", "maxLength"].iter().filter_map(|it| map.get(*it)?.as_u64()).next();
        match limit {
            Some(limit) if self.one_in(3) => json!("a".repeat((limit + self.dice.roll(3)).saturating_sub(1) as usize)),
            _ => json!(TEXTS[self.dice.roll(TEXTS.len() as u64) as usize]),
        }
    }

    fn array(&mut self, map: &'a Map<String, Value>, depth: u64) -> Value {
        let few = map.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = map.get("maxItems").and_then(Value::as_u64).unwrap_or(few + 3).min(few + 3);
        let count = few + self.dice.roll(most.saturating_sub(few) + 1);
        let lists = [map.get("prefixItems"), map.get("items")];
        let prefix = lists.iter().flatten().find_map(|it| it.as_array());
        let rest = [map.get("items").filter(|it| !it.is_array()), map.get("additionalItems"), map.get("contains")];
        let rest: Vec<&Value> = rest.into_iter().flatten().collect();
        let items = (0..count as usize).map(|index| match prefix.and_then(|it| it.get(index)) {
            Some(schema) => self.value(schema, depth - 1),
            None if rest.is_empty() => self.any(),
            None => {
                let chosen = rest[self.dice.roll(rest.len() as u64) as usize];
                self.value(chosen, depth - 1)
            }
        });
        items.collect()
    }

    fn object(&mut self, map: &'a Map<String, Value>, depth: u64) -> Value {
        let mut object = Map::new();
        let empty = Map::new();
        let required: Vec<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        // All, few, or as they fall.
        let often = [1, 2, 4][self.dice.roll(3) as usize];
        let names: Vec<String> = properties.keys().cloned().collect();
        for name in names {
            if required.contains(&name.as_str()) || self.one_in(often) {
                let Some(schema) = map["properties"].get(&name) else { continue };
                let value = self.value(schema, depth - 1);
                object.insert(name, value);
            }
        }
        for name in required {
            if !object.contains_key(name) && !self.one_in(20) {
                let value = self.any();
                object.insert(name.to_owned(), value);
            }
        }
        let others = map.get("additionalProperties").filter(|it| it.is_object());
        let patterns = map.get("patternProperties").and_then(Value::as_object);
        let by_pattern = patterns.and_then(|it| it.values().next());
        for schema in others.into_iter().chain(by_pattern) {
            for name in ["a", "b", "x1", "ab", "12", "AB", "q"] {
                if self.one_in(4) && !object.contains_key(name) {
                    let value = self.value(schema, depth - 1);
                    object.insert(name.into(), value);
                }
            }
        }
        if self.undeclared && self.one_in(3) {
            for name in ["z", "a", "b", "c", "x1"] {
                if self.one_in(3) && !object.contains_key(name) {
                    let value = self.any();
                    object.insert(name.into(), value);
                }
            }
        }
        Value::Object(object)
    }
}

/// Two values as one, where both are objects; the second otherwise.
fn merge(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            for (name, value) in other {
                let value = match one.remove(&name) {
                    Some(before) => merge(before, value),
                    None => value,
                };
                one.insert(name, value);
            }
            Value::Object(one)
        }
        (_, other) => other,
    }
}
