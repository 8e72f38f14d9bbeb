//! Random schemas out of few names, numbers and texts, so that rules meet; and edits as people make them.

use crate::DRAFTS;
use isobar_tests::Dice;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

const NAMES: [&str; 5] = ["a", "b", "c", "kind", "x1"];
const PATTERNS: [&str; 8] = ["^a", "b$", "^[ab]+$", "^[0-9]{2}$", "a|b", "^.{1,3}$", "^[A-Z]{2,3}$", "^x"];
const FORMATS: [&str; 5] = ["date", "date-time", "ipv4", "email", "custom"];

/// Makes schemas of one draft.
#[derive(Debug)]
pub struct Schemas<'d> {
    dice: &'d mut Dice,
    draft: Draft,
    /// How many definitions there are to refer to.
    definitions: u64,
}

/// A random pair: a schema and an edit of it (or, seldom, two that have nothing to do with each other).
pub fn pair(dice: &mut Dice) -> (Value, Value) {
    let (draft, named) = DRAFTS[dice.roll(5) as usize];
    let definitions = if dice.roll(4) == 0 { 2 } else { 0 };
    let mut schemas = Schemas { dice, draft, definitions };
    let old = schemas.document(named);
    let mut new = if schemas.one_in(12) { schemas.document(named) } else { old.clone() };
    for _ in 0..schemas.dice.roll(3) + 1 {
        schemas.edit(&mut new);
    }
    (old, new)
}

impl Schemas<'_> {
    fn one_in(&mut self, times: u64) -> bool {
        self.dice.roll(times) == 0
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.dice.roll(list.len() as u64) as usize]
    }

    fn document(&mut self, named: &str) -> Value {
        let mut schema = self.schema(3);
        while !schema.is_object() {
            schema = self.schema(3);
        }
        if self.definitions > 0 {
            let definitions: Map<String, Value> =
                (0..self.definitions).map(|n| (format!("d{n}"), self.typed(2))).collect();
            if schema.get("$ref").is_some() && self.draft <= Draft::Draft7 {
                schema = json!({"allOf": [schema]});
            }
            schema["definitions"] = Value::Object(definitions);
        }
        schema["$schema"] = json!(named);
        schema
    }

    fn schema(&mut self, depth: u64) -> Value {
        match self.dice.roll(20) {
            0 if self.draft >= Draft::Draft6 => json!(self.one_in(2)),
            1 => json!({}),
            2 | 3 if self.definitions > 0 => json!({"$ref": format!("#/definitions/d{}", self.dice.roll(2))}),
            2..=6 if depth > 0 => self.logical(depth - 1),
            7 => json!({"enum": self.values()}),
            _ => self.typed(depth),
        }
    }

    fn number(&mut self) -> Value {
        let whole = self.dice.roll(9) as i64 - 3;
        if self.one_in(5) { json!(whole as f64 + 0.5) } else { json!(whole) }
    }

    fn value(&mut self) -> Value {
        match self.dice.roll(10) {
            0 => Value::Null,
            1 => json!(self.one_in(2)),
            2 | 3 => self.number(),
            4 => json!([]),
            5 => json!({"a": 1}),
            _ => json!(self.pick(&["", "a", "b", "ab", "A", "AB", "abc", "12", "2020-01-02"])),
        }
    }

    fn values(&mut self) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..self.dice.roll(3) + 1 {
            let value = self.value();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }

    fn typed(&mut self, depth: u64) -> Value {
        let mut map = Map::new();
        let kinds = ["object", "object", "string", "integer", "number", "array", "boolean", "null"];
        let kind = if depth == 0 { self.pick(&kinds[2..]) } else { self.pick(&kinds) };
        if !self.one_in(8) {
            map.insert("type".into(), json!(kind));
            if self.one_in(10) {
                let other = self.pick(&kinds);
                if other != kind {
                    map.insert("type".into(), json!([kind, other]));
                }
            }
        }
        let rules = match kind {
            "object" => self.dice.roll(4) + 1,
            "boolean" | "null" => 0,
            _ => self.dice.roll(3),
        };
        for _ in 0..rules {
            self.rule(kind, depth, &mut map);
        }
        Value::Object(map)
    }

    fn rule(&mut self, kind: &str, depth: u64, map: &mut Map<String, Value>) {
        let small = self.dice.roll(4);
        let below = depth.saturating_sub(1);
        let (keyword, value) = match kind {
            "integer" | "number" => match self.dice.roll(5) {
                0 | 1 => ("minimum", self.number()),
                2 | 3 => ("maximum", self.number()),
                _ => ("multipleOf", json!(self.pick(&[1.0, 2.0, 3.0, 0.5, 0.25]))),
            },
            "string" => match self.dice.roll(6) {
                0 => ("minLength", json!(small)),
                1 | 2 => ("maxLength", json!(small)),
                3 | 4 => ("pattern", json!(self.pick(&PATTERNS))),
                _ => ("format", json!(self.pick(&FORMATS))),
            },
            "array" => match self.dice.roll(8) {
                0 => ("minItems", json!(small)),
                1 => ("maxItems", json!(small)),
                2 => ("uniqueItems", json!(true)),
                3 if self.draft >= Draft::Draft202012 => {
                    ("prefixItems", json!([self.schema(below), self.schema(below)]))
                }
                3 => {
                    if self.one_in(2) {
                        let rest = self.schema_or_flag(below);
                        map.insert("additionalItems".into(), rest);
                    }
                    ("items", json!([self.schema(below), self.schema(below)]))
                }
                4 if self.draft >= Draft::Draft6 => {
                    if self.draft >= Draft::Draft201909 && self.one_in(2) {
                        map.insert("minContains".into(), json!(self.dice.roll(3)));
                    }
                    if self.draft >= Draft::Draft201909 && self.one_in(3) {
                        map.insert("maxContains".into(), json!(self.dice.roll(3)));
                    }
                    ("contains", self.schema(below))
                }
                5 if self.draft >= Draft::Draft201909 => ("unevaluatedItems", json!(false)),
                _ => ("items", self.schema(below)),
            },
            "object" => match self.dice.roll(12) {
                0 => ("minProperties", json!(small)),
                1 => ("maxProperties", json!(small)),
                2 => ("required", self.names()),
                3 | 4 => ("additionalProperties", self.schema_or_flag(below)),
                5 => ("patternProperties", json!({self.pick(&PATTERNS): self.schema(below)})),
                6 if self.draft >= Draft::Draft6 => ("propertyNames", self.typed_as("string")),
                7 if self.draft >= Draft::Draft201909 => {
                    ("dependentRequired", json!({self.pick(&NAMES): self.names()}))
                }
                7 => ("dependencies", json!({self.pick(&NAMES): self.names()})),
                8 if self.draft >= Draft::Draft201909 => {
                    if self.one_in(2) {
                        ("unevaluatedProperties", json!(false))
                    } else {
                        ("dependentSchemas", json!({self.pick(&NAMES): self.schema(below)}))
                    }
                }
                _ => {
                    let mut properties = Map::new();
                    for _ in 0..self.dice.roll(3) + 1 {
                        properties.insert(self.pick(&NAMES).into(), self.schema(below));
                    }
                    ("properties", Value::Object(properties))
                }
            },
            _ => return,
        };
        map.insert(keyword.into(), value);
        if self.draft >= Draft::Draft6 && matches!(keyword, "minimum" | "maximum") && self.one_in(3) {
            let limit = map.remove(keyword).unwrap_or_default();
            map.insert(if keyword == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" }.into(), limit);
        }
    }

    /// Names, of which drafts before 6 want one at least.
    fn names(&mut self) -> Value {
        let (one, other) = (self.pick(&NAMES), self.pick(&NAMES));
        if one == other || self.one_in(2) { json!([one]) } else { json!([one, other]) }
    }

    fn schema_or_flag(&mut self, depth: u64) -> Value {
        match self.dice.roll(4) {
            0 => json!(true),
            1 | 2 => json!(false),
            _ => self.schema(depth),
        }
    }

    fn typed_as(&mut self, kind: &str) -> Value {
        let mut map = Map::new();
        self.rule(kind, 0, &mut map);
        Value::Object(map)
    }

    fn logical(&mut self, depth: u64) -> Value {
        let mut map = if self.one_in(3) {
            match self.typed(depth) {
                Value::Object(map) => map,
                _ => Map::new(),
            }
        } else {
            Map::new()
        };
        let list = |this: &mut Self| json!([this.schema(depth), this.schema(depth)]);
        let (keyword, value) = match self.dice.roll(8) {
            0 => ("allOf", list(self)),
            1 | 2 => ("anyOf", list(self)),
            3 => ("oneOf", list(self)),
            4 => ("oneOf", self.union(depth)),
            5 => ("not", self.schema(depth)),
            6 if self.draft >= Draft::Draft7 => {
                if !self.one_in(4) {
                    map.insert("then".into(), self.schema(depth));
                }
                if self.one_in(2) {
                    map.insert("else".into(), self.schema(depth));
                }
                ("if", self.schema(depth))
            }
            6 => ("allOf", list(self)),
            _ => ("anyOf", self.union(depth)),
        };
        map.insert(keyword.into(), value);
        Value::Object(map)
    }

    /// Branches that are told apart by `kind`.
    fn union(&mut self, depth: u64) -> Value {
        let branches = (0..self.dice.roll(3) + 1).map(|n| {
            json!({
                "type": "object", "required": ["kind"],
                "properties": {"kind": {"enum": [format!("k{n}")]}, "a": self.schema(depth)},
            })
        });
        branches.collect()
    }

    /// Changes one thing somewhere.
    fn edit(&mut self, schema: &mut Value) {
        // Down to a schema within, or stay here.
        let mut pointer = String::new();
        for _ in 0..4 {
            let next = schema.pointer(&pointer).filter(|_| !self.one_in(3)).and_then(|at| self.step(at));
            let Some(next) = next else { break };
            pointer += &next;
        }
        let Some(at) = schema.pointer_mut(&pointer) else { return };
        let named = at.get("$schema").cloned();
        let definitions = at.get("definitions").cloned();
        self.change(at);
        if let Some(named) = named {
            if !at.is_object() {
                *at = json!({});
            }
            at["$schema"] = named;
            if let Some(definitions) = definitions {
                at["definitions"] = definitions;
            }
        }
    }

    fn step(&mut self, schema: &Value) -> Option<String> {
        let map = schema.as_object()?;
        let mut below = Vec::new();
        for (keyword, value) in map {
            match (keyword.as_str(), value) {
                ("properties" | "patternProperties" | "definitions" | "dependentSchemas", Value::Object(of)) => {
                    below.extend(of.keys().map(|name| format!("/{keyword}/{name}")));
                }
                ("allOf" | "anyOf" | "oneOf" | "prefixItems" | "items", Value::Array(of)) => {
                    below.extend((0..of.len()).map(|index| format!("/{keyword}/{index}")));
                }
                (
                    "items" | "not" | "if" | "then" | "else" | "additionalProperties" | "contains" | "additionalItems",
                    _,
                ) => below.push(format!("/{keyword}")),
                _ => {}
            }
        }
        if below.is_empty() { None } else { Some(below.swap_remove(self.dice.roll(below.len() as u64) as usize)) }
    }

    fn change(&mut self, at: &mut Value) {
        let Value::Object(map) = at else {
            *at = self.schema(1);
            return;
        };
        let keywords: Vec<String> =
            map.keys().filter(|it| !matches!(it.as_str(), "$schema" | "definitions")).cloned().collect();
        match self.dice.roll(10) {
            0 | 1 if !keywords.is_empty() => {
                map.remove(&keywords[self.dice.roll(keywords.len() as u64) as usize]);
            }
            2..=5 if !keywords.is_empty() => {
                let keyword = &keywords[self.dice.roll(keywords.len() as u64) as usize];
                self.shift(keyword, map);
            }
            6 | 7 => {
                let kind = map.get("type").and_then(Value::as_str).unwrap_or("object").to_owned();
                self.rule(&kind, 1, map);
            }
            8 => *at = self.schema(2),
            _ => {
                let inner = at.take();
                let mut inner = inner;
                inner.as_object_mut().map(|map| (map.remove("$schema"), map.remove("definitions")));
                *at = match self.dice.roll(3) {
                    0 => json!({"allOf": [inner]}),
                    1 => json!({"anyOf": [inner, self.schema(1)]}),
                    _ => json!({"oneOf": [inner, self.schema(1)]}),
                };
            }
        }
    }

    /// Changes the value of a keyword a little.
    fn shift(&mut self, keyword: &str, map: &mut Map<String, Value>) {
        let Some(value) = map.get_mut(keyword) else { return };
        match (keyword, value) {
            ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties", count) => {
                let up = count.as_u64().unwrap_or(0) + 1;
                *count = json!(if self.dice.roll(2) == 0 { up } else { up.saturating_sub(2) });
            }
            ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", limit) if limit.is_number() => {
                let by = [1.0, -1.0, 0.5][self.dice.roll(3) as usize];
                let shifted = limit.as_f64().unwrap_or(0.0) + by;
                *limit = if shifted.fract() == 0.0 { json!(shifted as i64) } else { json!(shifted) };
            }
            ("enum", Value::Array(values)) => {
                if values.len() > 1 && self.dice.roll(2) == 0 {
                    values.pop();
                } else {
                    let value = json!(["new", "B", "a"][self.dice.roll(3) as usize]);
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
            ("required", Value::Array(names)) => {
                let name = json!(NAMES[self.dice.roll(5) as usize]);
                if names.len() > 1 && self.dice.roll(2) == 0 {
                    names.pop();
                } else if !names.contains(&name) {
                    names.push(name);
                }
            }
            ("properties", Value::Object(properties)) => {
                let name = NAMES[self.dice.roll(5) as usize];
                if properties.remove(name).is_none() {
                    properties.insert(name.into(), json!({"type": "string"}));
                }
            }
            ("additionalProperties", value) => *value = json!(value == &json!(false)),
            ("type", value) => {
                *value = match value.as_str() {
                    Some("integer") => json!("number"),
                    Some("number") => json!("integer"),
                    Some("string") => json!(["string", "null"]),
                    _ => json!("string"),
                };
            }
            ("pattern", value) => *value = json!(PATTERNS[self.dice.roll(8) as usize]),
            ("multipleOf", value) => *value = json!([1, 2, 4, 6][self.dice.roll(4) as usize]),
            ("anyOf" | "oneOf", Value::Array(branches)) if branches.len() > 1 => {
                branches.pop();
            }
            _ => {}
        }
    }
}
