//! Random pairs of schemas that differ a little, over few names and small values, so that random payloads hit what they are about:
//! what is contained must let no payload escape, and what escapes is confirmed by the validator. `ISOBAR_PAIRS` says how many.

use super::*;
use crate::compat::json_schema::{Content, read};
use serde_json::{Value as Json, json};

/// A source of numbers that look random.
pub(in crate::compat) struct Dice(pub(in crate::compat) u64);

impl Dice {
    pub(in crate::compat) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    fn of(&mut self, list: &[Json]) -> Json {
        list[self.below(list.len())].clone()
    }

    fn name(&mut self) -> &'static str {
        ["a", "b", "c", "ab"][self.below(4)]
    }
}

pub(in crate::compat) fn scalar(dice: &mut Dice) -> Json {
    dice.of(&[
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(-1),
        json!(0.5),
        json!(1.5),
        json!(4),
        json!(6),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("ba"),
        json!("aab"),
    ])
}

pub(in crate::compat) fn payload(dice: &mut Dice, depth: usize) -> Json {
    match dice.below(if depth == 0 { 1 } else { 3 }) {
        0 => scalar(dice),
        1 => (0..dice.below(4)).map(|_| payload(dice, depth - 1)).collect(),
        _ => {
            let members = (0..dice.below(4)).map(|_| (dice.name().to_owned(), payload(dice, depth - 1)));
            Json::Object(members.collect())
        }
    }
}

/// A rule or two of a schema: the keyword, and its value.
fn rule(dice: &mut Dice, depth: usize) -> (&'static str, Json) {
    let patterns = ["^a", "b$", "^[ab]$", "a", "^(ab)*$"];
    let kinds = ["null", "boolean", "integer", "number", "string", "array", "object"];
    let pattern = patterns[dice.below(patterns.len())];
    if depth == 0 {
        return match dice.below(14) {
            0..=4 => ("type", json!(kinds[dice.below(7)])),
            5 => ("type", json!([kinds[dice.below(7)], kinds[dice.below(2)]])),
            6 => ("const", scalar(dice)),
            7 => ("enum", json!([scalar(dice), scalar(dice), payload(dice, 1)])),
            8 => ("minimum", json!(dice.below(3))),
            9 => ("exclusiveMaximum", dice.of(&[json!(2), json!(1.5), json!(4)])),
            10 => ("multipleOf", dice.of(&[json!(2), json!(3), json!(0.5), json!(1.5)])),
            11 => ("minLength", json!(dice.below(3))),
            12 => ("maxLength", json!(dice.below(3))),
            _ => ("pattern", json!(pattern)),
        };
    }
    let below = depth - 1;
    let mut some = |count: usize| (0..count).map(|_| any(dice, below)).collect::<Vec<_>>();
    let nodes = some(3);
    match dice.below(26) {
        0 => ("items", nodes[0].clone()),
        1 => ("prefixItems", json!(&nodes[..1 + dice.below(2)])),
        2 => ("minItems", json!(dice.below(3))),
        3 => ("maxItems", json!(dice.below(3))),
        4 => ("uniqueItems", json!(true)),
        5 => ("contains", nodes[0].clone()),
        6 => ("maxContains", json!(1 + dice.below(2))),
        7 => ("minContains", json!(dice.below(3))),
        8..=11 => ("properties", json!({ dice.name(): nodes[0], dice.name(): nodes[1] })),
        12 => ("patternProperties", json!({ pattern: nodes[0] })),
        13 => ("additionalProperties", nodes[0].clone()),
        14 => ("propertyNames", nodes[0].clone()),
        15 | 16 => ("required", json!([dice.name()])),
        17 => ("minProperties", json!(dice.below(3))),
        18 => ("maxProperties", json!(dice.below(3))),
        19 => ("dependentRequired", json!({ dice.name(): [dice.name()] })),
        20 => ("dependentSchemas", json!({ dice.name(): nodes[0] })),
        21 => ("allOf", json!(&nodes[..2])),
        22 => ("anyOf", json!(&nodes[..2 + dice.below(2)])),
        23 => ("oneOf", json!(&nodes[..2 + dice.below(2)])),
        24 => ("not", nodes[0].clone()),
        _ => ("if", nodes[0].clone()),
    }
}

pub(in crate::compat) fn any(dice: &mut Dice, depth: usize) -> Json {
    match dice.below(14) {
        0 => return json!(true),
        1 => return json!(false),
        2 if depth < 2 => return json!({"$ref": "#/$defs/x"}),
        _ => {}
    }
    let mut out = serde_json::Map::new();
    for _ in 0..1 + dice.below(3) {
        let deep = if dice.below(2) == 0 { 0 } else { depth };
        let (key, value) = rule(dice, deep);
        out.insert(key.to_owned(), value);
        if key == "if" {
            out.insert("then".into(), any(dice, depth - 1));
            out.insert("else".into(), any(dice, depth - 1));
        }
    }
    Json::Object(out)
}

/// Changes something, somewhere.
fn edit(dice: &mut Dice, at: &mut Json) {
    match at {
        Json::Object(members) if !members.is_empty() && dice.below(4) > 0 => {
            let key = members.keys().nth(dice.below(members.len())).cloned().unwrap_or_default();
            let value = &mut members[&key];
            match (key.as_str(), value) {
                ("properties" | "patternProperties" | "dependentSchemas", Json::Object(inner)) => {
                    let key = inner.keys().nth(dice.below(inner.len())).cloned().unwrap_or_default();
                    edit(dice, &mut inner[&key]);
                }
                ("allOf" | "anyOf" | "oneOf" | "prefixItems", Json::Array(inner)) => {
                    let at = dice.below(inner.len());
                    edit(dice, &mut inner[at]);
                }
                (
                    "items" | "contains" | "additionalProperties" | "propertyNames" | "not" | "if" | "then" | "else",
                    inner,
                ) => edit(dice, inner),
                _ => {
                    let (key, value) = rule(dice, 0);
                    members.insert(key.to_owned(), value);
                }
            }
        }
        Json::Object(members) if dice.below(2) == 0 && !members.is_empty() => {
            let key = members.keys().nth(dice.below(members.len())).cloned().unwrap_or_default();
            members.remove(&key);
        }
        Json::Object(members) => {
            let (key, value) = rule(dice, 1);
            members.insert(key.to_owned(), value);
        }
        other => *other = any(dice, 1),
    }
}

pub(in crate::compat) fn whole(mut top: Json, other: &Json) -> Json {
    if let Json::Object(members) = &mut top {
        members.insert("$defs".into(), json!({ "x": other }));
    }
    top
}

#[test]
fn nothing_escapes_from_what_contains_it() {
    let count: u64 = std::env::var("ISOBAR_PAIRS").ok().and_then(|it| it.parse().ok()).unwrap_or(3_000);
    let first: u64 = std::env::var("ISOBAR_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let (mut contained, mut escapes, mut unknown, mut slow) = (0, 0, 0, (std::time::Duration::ZERO, 0));
    let mut why = std::collections::BTreeMap::<String, u32>::new();
    for seed in first..first + count {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let other = any(&mut dice, 2);
        let writer = any(&mut dice, 3);
        let mut reader = writer.clone();
        (0..1 + dice.below(2)).for_each(|_| edit(&mut dice, &mut reader));
        let (writer, reader) = (whole(writer, &other), whole(reader, &other));
        let (Ok(w), Ok(r)) = (jsonschema::draft202012::new(&writer), jsonschema::draft202012::new(&reader)) else {
            continue;
        };
        let mut arena = Arena::default();
        let sides = [(&writer, Side::Writer), (&reader, Side::Reader)];
        let roots = sides.map(|(schema, side)| read(&mut arena, schema, side, Content::Strict).map(|it| it.node));
        let [Ok(a), Ok(b)] = roots else { continue };
        let mut roots = [a, b];
        arena.close(&mut roots);
        let confirm = |payload: &Json| w.is_valid(payload) && !r.is_valid(payload);
        let start = std::time::Instant::now();
        let verdict = contains(&mut arena, roots[0], roots[1], Budget::default(), &confirm);
        if start.elapsed() > slow.0 {
            slow = (start.elapsed(), seed);
        }
        match verdict {
            Verdict::Contained => {
                contained += 1;
                for _ in 0..60 {
                    let payload = payload(&mut dice, 2);
                    let escapes = w.is_valid(&payload) && !r.is_valid(&payload);
                    assert!(!escapes, "seed {seed}: {payload} is of {writer} and not of {reader}");
                }
            }
            Verdict::Escapes(_) => escapes += 1,
            Verdict::Unknown(it) => {
                assert_ne!(it.why, NOT_CONFIRMED, "seed {seed}: {writer} and {reader}");
                unknown += 1;
                *why.entry(format!("{} {}", it.keyword, it.why)).or_default() += 1;
            }
        }
    }
    eprintln!("{contained} contained, {escapes} escape, {unknown} unknown {why:?}; slowest {slow:?}");
    assert!(contained > count / 10 && escapes > count / 10, "{contained} {escapes}");
    assert!(unknown * 50 < count, "{unknown} unknown: {why:?}");
}
