//! What a verdict on compatibility costs: pairs of foreign suites from their text in memory to the verdict, and how it grows with
//! the branches of a union, with properties and with nesting. Payloads are not confirmed by a validator here.
//!
//! `cargo bench -p isobar-tests --bench compat [-- FILE...]`, each file one of `tests/data` as it stands there.

use isobar_registry::compat::{
    containment::{Arena, Budget, Side, Verdict, contains},
    json_schema::{Content, read},
};
use serde_json::{Value, json};
use std::{env, fs, time::Instant};

/// Each pair is judged this often; the fastest counts, since other work on the machine only ever slows down.
const RUNS: usize = 30;

fn judge(writer: &Value, reader: &Value) -> Option<Verdict> {
    let mut arena = Arena::default();
    let writer = read(&mut arena, writer, Side::Writer, Content::Strict).ok()?.node;
    let reader = read(&mut arena, reader, Side::Reader, Content::Strict).ok()?.node;
    let mut roots = [writer, reader];
    arena.close(&mut roots);
    Some(contains(&mut arena, roots[0], roots[1], Budget::default(), &|_| true))
}

/// The least time for a pair, in microseconds, and the verdict.
fn time(writer: &Value, reader: &Value, runs: usize) -> Option<(f64, Verdict)> {
    let mut least = f64::MAX;
    let mut verdict = None;
    for _ in 0..runs {
        let start = Instant::now();
        verdict = Some(judge(writer, reader)?);
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    Some((least, verdict?))
}

fn suite(path: &str) {
    let text = fs::read_to_string(path).expect("the suite is there");
    let suite: Value = serde_json::from_str(&text).expect("the suite is JSON");
    let tests = suite["tests"].as_array().into_iter().flatten().map(|it| (&it["original"], &it["updated"]));
    let steps = suite["steps"].as_array().into_iter().flatten().map(|it| (&it["old"], &it["new"]));
    let mut times = Vec::new();
    let (mut contained, mut escapes, mut unknown, mut unread) = (0, 0, 0, 0);
    for (old, new) in tests.chain(steps).flat_map(|(old, new)| [(old, new), (new, old)]) {
        match time(old, new, RUNS) {
            Some((least, verdict)) => {
                times.push(least);
                match verdict {
                    Verdict::Contained => contained += 1,
                    Verdict::Escapes(_) => escapes += 1,
                    Verdict::Unknown(_) => unknown += 1,
                }
            }
            None => unread += 1,
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!("{path}: {contained} contained, {escapes} escape, {unknown} unknown, {unread} not read");
    println!("  median {:.1} us, 90 % {:.1} us, 99 % {:.1} us, most {:.1} us", at(0.5), at(0.9), at(0.99), at(1.0));
}

fn tagged(branches: usize) -> Value {
    let branch = |at: usize| {
        json!({"type": "object", "required": ["kind", "a"], "properties": {
            "kind": {"const": format!("k{at}")}, "a": {"type": "string"}, "b": {"type": "integer", "minimum": at}}})
    };
    json!({"oneOf": (0..branches).map(branch).collect::<Vec<_>>()})
}

fn event(fields: usize, more: bool) -> Value {
    let field = |at: usize| match at % 4 {
        0 => json!({"type": "string", "minLength": at}),
        1 => json!({"type": "integer", "minimum": 0, "maximum": 1000 + at}),
        2 => json!({"type": ["string", "null"], "maxLength": 20 + at + usize::from(more)}),
        _ => json!({"type": "array", "items": {"type": "number", "minimum": at}}),
    };
    let properties = (0..fields + usize::from(more)).map(|at| (format!("field{at}"), field(at)));
    let required: Vec<String> = (0..fields).map(|at| format!("field{at}")).collect();
    json!({"type": "object", "properties": Value::Object(properties.collect()), "required": required,
        "additionalProperties": false})
}

fn nested(wide: usize, deep: usize, end: &Value) -> Value {
    if deep == 0 {
        return end.clone();
    }
    let branch = |at: usize| {
        let inside = nested(wide, deep - 1, &json!({"type": end["type"], "minimum": at}));
        json!({"type": "object", "required": ["k", "v"], "properties": {"k": {"const": at}, "v": inside}})
    };
    json!({"oneOf": (0..wide).map(branch).collect::<Vec<_>>()})
}

fn main() {
    for file in env::args().skip(1).filter(|it| it.ends_with(".json")) {
        suite(&file);
    }
    let mut rows: Vec<(String, Value, Value)> = Vec::new();
    for fields in [10, 100, 1_000] {
        rows.push((format!("event of {fields} fields, one more"), event(fields, false), event(fields, true)));
    }
    for branches in [50, 100, 200, 400] {
        rows.push((format!("union of {branches}, one more"), tagged(branches), tagged(branches + 1)));
    }
    for deep in [3, 4, 5] {
        let ends = ["integer", "number"].map(|kind| nested(6, deep, &json!({"type": kind})));
        rows.push((format!("oneOf six wide, {deep} deep"), ends[0].clone(), ends[1].clone()));
    }
    println!("{:<34} {:>12} {:>12}", "", "contained", "escapes");
    for (name, small, large) in rows {
        let there = time(&small, &large, 5).expect("the schemas are read");
        let back = time(&large, &small, 5).expect("the schemas are read");
        assert_eq!(there.1, Verdict::Contained, "{name}");
        assert!(matches!(back.1, Verdict::Escapes(_)), "{name}: {:?}", back.1);
        println!("{name:<34} {:>9.1} us {:>9.1} us", there.0, back.0);
    }
}
