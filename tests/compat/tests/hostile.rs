//! Inputs that are made to take long: each ends, soon, without a panic, whichever way it is asked.

use isobar_registry::compat::documents::{Content, Mode, judge};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What one direction may take of a processor, whatever else the machine does. Steps are what bounds it; without optimization each takes
/// some ten times as long.
const MOST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

/// What this process has taken of the processors.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).expect("a part of a second"))
}

/// `wrap` around `inner`, `times` over.
fn tower(times: usize, inner: Value, wrap: impl Fn(Value) -> Value) -> Value {
    (0..times).fold(inner, |inner, _| wrap(inner))
}

/// An object whose members are made one by one.
fn members(count: usize, make: impl Fn(usize) -> (String, Value)) -> Value {
    Value::Object((0..count).map(make).collect::<Map<_, _>>())
}

/// Definitions of which each refers twice to the next.
fn doubling(keyword: &str, count: usize, end: Value) -> Value {
    let mut defs = members(count, |at| {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        (format!("d{at}"), json!({ keyword: [next, {"allOf": [next]}] }))
    });
    defs[format!("d{count}")] = end;
    json!({"$ref": "#/$defs/d0", "$defs": defs})
}

/// As above, with a property between.
fn doubling_below(count: usize, end: Value) -> Value {
    let mut defs = members(count, |at| {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        (format!("d{at}"), json!({"type": "object", "properties": {"a": next, "b": next}, "required": ["a", "b"]}))
    });
    defs[format!("d{count}")] = end;
    json!({"$ref": "#/$defs/d0", "$defs": defs})
}

/// Definitions of which each refers to the next, with a property between.
fn chain(count: usize) -> Value {
    let mut defs = members(count, |at| {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        (format!("d{at}"), json!({"type": "object", "properties": {"a": next}, "required": ["a"]}))
    });
    defs[format!("d{count}")] = json!({"type": "integer"});
    json!({"$ref": "#/$defs/d0", "$defs": defs})
}

/// As above, all about the same value.
fn line(count: usize) -> Value {
    let mut defs = members(count, |at| (format!("d{at}"), json!({"$ref": format!("#/$defs/d{}", at + 1)})));
    defs[format!("d{count}")] = json!({"type": "integer"});
    json!({"anyOf": [{"$ref": "#/$defs/d0"}, {"type": "boolean"}], "$defs": defs})
}

fn nested(wide: usize, deep: usize, end: &Value, tag: &dyn Fn(usize) -> Value) -> Value {
    if deep == 0 {
        return end.clone();
    }
    let branch = |at: usize| {
        let inside = nested(wide, deep - 1, &json!({"type": end["type"], "minimum": at}), tag);
        json!({"type": "object", "required": ["k", "v"], "properties": {"k": {"const": tag(at)}, "v": inside}})
    };
    json!({"oneOf": (0..wide).map(branch).collect::<Vec<_>>()})
}

/// References in a circle, through rules on what is unevaluated.
fn circle(count: usize) -> Value {
    let defs = members(count, |at| {
        let to = |by: usize| json!({"$ref": format!("#/$defs/d{}", (at + by) % count)});
        let schema = json!({"anyOf": [{"properties": {format!("p{at}"): to(1)}}, {"properties": {format!("q{at}"): to(2)}}],
            "unevaluatedProperties": to(3)});
        (format!("d{at}"), schema)
    });
    json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/d0", "$defs": defs})
}

fn inputs() -> Vec<(&'static str, Value, Value)> {
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let ends = |kind: &str, tag: &dyn Fn(usize) -> Value| nested(6, 5, &json!({"type": kind}), tag);
    let named = |at: usize| json!(format!("k{at}"));
    let number = |at: usize| json!(at);
    let overlapping = |step: usize| {
        let branch = |at: usize| json!({"properties": {format!("a{at}"): {"type": "integer", "minimum": at * step}}});
        json!({"type": "object", "allOf": (0..12).map(|set| json!({"anyOf": (0..4).map(|at| branch(set * 4 + at)).collect::<Vec<_>>()}))
            .collect::<Vec<_>>()})
    };
    let many = |count: usize, more: usize| {
        let mut it = json!({"type": "object", "additionalProperties": false});
        it["properties"] = members(count, |at| (format!("p{at}"), json!({"type": "integer", "minimum": at + more})));
        it
    };
    let halves = |count: usize, more: usize| json!({"oneOf": [many(count, more), many(count + 1, more)]});
    let patterns = |count: usize, more: usize| {
        let rule = |at: usize| (format!("^[a-z]*{at}[a-z]*$"), json!({"type": "integer", "minimum": at + more}));
        json!({"type": "object", "patternProperties": members(count, rule), "additionalProperties": false})
    };
    let list = |count: usize, odd: usize| json!({"enum": (0..count).map(|at| json!(at * 2 + odd)).collect::<Vec<_>>()});
    let objects = |count: usize, odd: usize| json!({"enum": (0..count).map(|at| json!({"a": [at * 2 + odd, {"b": at}]})).collect::<Vec<_>>()});
    let pick = |count: usize| {
        let either = |at: usize| json!({"anyOf": [{"required": [format!("a{at}")]}, {"required": [format!("b{at}")]}]});
        json!({"type": "object", "allOf": (0..count).map(either).collect::<Vec<_>>()})
    };
    let ones = |count: usize, from: usize| {
        let branch = |at: usize| json!({"type": "object", "properties": {format!("x{at}"): {"type": "integer"}}, "minProperties": at});
        json!({"oneOf": (from..count + from).map(branch).collect::<Vec<_>>()})
    };
    let conditions = |count: usize, kind: &str| {
        let rule = |at: usize| {
            json!({"if": {"properties": {format!("a{at}"): {"const": at}}, "required": [format!("a{at}")]},
            "then": {"properties": {format!("b{at}"): {"type": kind}}}, "else": {"properties": {format!("c{at}"): {"type": kind}}}})
        };
        json!({"type": "object", "allOf": (0..count).map(rule).collect::<Vec<_>>()})
    };
    let deep = |end: Value| tower(60, end, |it| json!({"properties": {"a": it}, "required": ["a"], "type": "object"}));
    let letters = |odd: usize| {
        let some = (0..30).map(|at| text(&format!("{at}[a-z]*{}", at + odd))).collect::<Vec<_>>();
        json!({"anyOf": some})
    };
    vec![
        ("oneOf tagged by texts, six wide and five deep", ends("integer", &named), ends("number", &named)),
        ("oneOf tagged by numbers, six wide and five deep", ends("integer", &number), ends("number", &number)),
        (
            "a tower of allOf",
            tower(100, json!({"type": "integer"}), |it| json!({"allOf": [it]})),
            json!({"type": "string"}),
        ),
        (
            "a tower of allOf with properties",
            tower(
                60,
                json!({"type": "object"}),
                |it| json!({"allOf": [it, {"properties": {"a": {"type": "string"}}}]}),
            ),
            tower(
                60,
                json!({"type": "object"}),
                |it| json!({"allOf": [it, {"properties": {"a": {"type": "integer"}}}]}),
            ),
        ),
        (
            "a tower of anyOf",
            tower(
                60,
                json!({"type": "object"}),
                |it| json!({"anyOf": [it, {"properties": {"a": {"type": "string"}}}]}),
            ),
            tower(
                60,
                json!({"type": "object"}),
                |it| json!({"anyOf": [it, {"properties": {"b": {"type": "string"}}}]}),
            ),
        ),
        (
            "a tower of oneOf",
            tower(60, json!({"type": "object"}), |it| json!({"oneOf": [it, {"required": ["a"]}]})),
            tower(59, json!({"type": "object"}), |it| json!({"oneOf": [it, {"required": ["a"]}]})),
        ),
        ("a tower of not", tower(100, json!({"type": "integer"}), |it| json!({"not": it})), json!({"type": "string"})),
        ("references doubling through allOf", doubling("allOf", 40, json!({"type": "integer"})), json!({"minimum": 3})),
        ("references doubling through anyOf", doubling("anyOf", 40, json!({"type": "integer"})), json!({"minimum": 3})),
        ("references doubling through oneOf", doubling("oneOf", 40, json!({"type": "integer"})), json!({"minimum": 3})),
        (
            "references doubling on both sides",
            doubling("allOf", 40, json!({"properties": {"a": {"type": "integer"}}})),
            doubling("anyOf", 40, json!({"properties": {"a": {"type": "string"}}})),
        ),
        (
            "references doubling through properties",
            doubling_below(40, json!({"type": "integer"})),
            doubling_below(40, json!({"type": "integer", "minimum": 0})),
        ),
        ("a long chain of references", chain(3_000), json!({"type": "string"})),
        ("a long chain of references about one value", line(3_000), json!({"type": "string"})),
        ("huge enums", list(20_000, 0), list(20_000, 1)),
        ("huge enums of objects", objects(5_000, 0), objects(5_000, 1)),
        ("a giant pattern", text("^(a|b|ab){1,1000}$"), text("^(a|b){1,1000}$")),
        ("a pattern with far memory", text("^(a|b)*a(a|b){18}$"), text("a")),
        ("nested repetitions", text("^((a{1,50}){1,50}){1,50}$"), text("^a{2,}$")),
        ("backtracking", text("^(a+)+$"), text("^(?=(a+)+$)(a+)+b$")),
        ("some of 30 patterns, others of 30", letters(1), letters(2)),
        ("many patternProperties", patterns(40, 0), patterns(40, 1)),
        ("hundreds of patternProperties", patterns(400, 0), patterns(400, 1)),
        ("a circle through unevaluatedProperties", circle(7), circle(5)),
        ("a large circle through unevaluatedProperties", circle(60), circle(50)),
        ("10,000 properties", many(10_000, 0), many(10_000, 1)),
        ("10,000 properties and one more", many(10_000, 0), many(10_001, 0)),
        ("twice 5,000 properties", halves(5_000, 0), halves(5_000, 1)),
        ("deep nesting", deep(json!({"type": "integer"})), deep(json!({"type": "number", "minimum": 0}))),
        (
            "large and small multiples",
            json!({"type": "number", "multipleOf": 1e-300}),
            json!({"multipleOf": 1e308, "minimum": -1e308}),
        ),
        (
            "multiples without common measure",
            json!({"type": "integer", "multipleOf": 999_999_937}),
            json!({"multipleOf": 0.999_999_893}),
        ),
        (
            "ranges of huge numbers",
            json!({"type": "integer", "minimum": -1e308}),
            json!({"maximum": 1e308, "multipleOf": 7e300}),
        ),
        (
            "very long texts",
            json!({"type": "string", "minLength": 9_007_199_254_740_992_u64}),
            json!({"maxLength": 9_007_199_254_740_991_u64}),
        ),
        (
            "long texts of a pattern",
            json!({"type": "string", "minLength": 1_000_000, "pattern": "^a*$"}),
            json!({"maxLength": 10, "pattern": "b"}),
        ),
        ("very long lists", json!({"type": "array", "minItems": 9_007_199_254_740_992_u64}), json!({"maxItems": 3})),
        (
            "very many different items",
            json!({"type": "array", "uniqueItems": true, "minItems": 1_000_000, "items": {"type": "integer", "minimum": 0}}),
            json!({"type": "array", "maxItems": 999_999}),
        ),
        (
            "different items of a pattern",
            json!({"type": "array", "uniqueItems": true, "minItems": 5_000, "items": {"type": "string", "pattern": "^(a|b|c)*$"}}),
            json!({"type": "array", "items": {"minLength": 1}, "contains": {"const": "z"}}),
        ),
        ("very many members", json!({"type": "object", "minProperties": 1_000_000}), json!({"maxProperties": 999_999})),
        (
            "many required",
            json!({"type": "object", "required": (0..5_000).map(|at| format!("r{at}")).collect::<Vec<_>>()}),
            json!({"type": "object", "required": (0..5_000).map(|at| format!("s{at}")).collect::<Vec<_>>()}),
        ),
        ("overlapping unions within allOf", overlapping(0), overlapping(1)),
        ("choices of members", pick(20), json!({"type": "object", "minProperties": 21})),
        ("5,000 choices of members", pick(2_000), json!({"type": "object", "minProperties": 3_000})),
        ("oneOf of 300 overlapping branches", ones(300, 0), ones(300, 1)),
        ("conditions", conditions(30, "integer"), conditions(30, "string")),
        (
            "tuples of tuples",
            tower(
                12,
                json!({"type": "integer"}),
                |it| json!({"type": "array", "prefixItems": [it, it], "minItems": 2}),
            ),
            tower(
                12,
                json!({"type": "number"}),
                |it| json!({"type": "array", "prefixItems": [it, it], "minItems": 2, "items": false}),
            ),
        ),
        (
            "contains many times",
            json!({"type": "array", "contains": {"type": "integer"}, "minContains": 100_000}),
            json!({"type": "array", "contains": {"type": "string"}, "maxContains": 50_000, "minContains": 0}),
        ),
    ]
}

#[test]
fn hostile_inputs_end_soon() {
    let mut late = Vec::new();
    for (name, one, other) in inputs() {
        for content in [Content::Strict, Content::Producer] {
            for mode in [Mode::Backward, Mode::Forward] {
                let before = spent();
                let judged = judge(&one, &other, mode, content);
                let took = spent() - before;
                assert!(judged.is_ok(), "{name}: {judged:?}");
                if took > MOST {
                    late.push(format!("{name} ({content:?}, {mode:?}): {took:?}"));
                }
            }
        }
    }
    assert!(late.is_empty(), "{late:#?}");
}
