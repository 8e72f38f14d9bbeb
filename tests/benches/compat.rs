//! What a verdict on compatibility costs: pairs of foreign suites from their text in memory to the verdict, and how it grows with
//! the branches of a union, with properties and with nesting. Payloads are confirmed by a validator only where that is said.
//!
//! `cargo bench -p isobar-tests --bench compat [-- FILE...]`, each file one of `tests/data` as it stands there.

use isobar_model::{
    Diagnostics, Sources,
    lower::{self, Frozen},
};
use isobar_registry::compat::{
    Record,
    containment::{Arena, Budget, Side, Verdict, contains},
    documents::{self, Mode},
    json_schema::{Content, read},
    shapes,
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

/// What of that is the reading of both schemas.
fn reading(writer: &Value, reader: &Value, runs: usize) -> f64 {
    let mut least = f64::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        let mut arena = Arena::default();
        let sides = [(writer, Side::Writer), (reader, Side::Reader)];
        let read = sides.map(|(schema, side)| read(&mut arena, schema, side, Content::Strict).map(|it| it.node));
        assert!(read.iter().all(Result::is_ok), "the schemas are read");
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    least
}

/// Prints what the pairs of a file cost; that, and what of it is reading, each in microseconds.
fn suite(path: &str) -> [Vec<f64>; 2] {
    let text = fs::read_to_string(path).expect("the suite is there");
    let suite: Value = serde_json::from_str(&text).expect("the suite is JSON");
    let tests = suite["tests"].as_array().into_iter().flatten().map(|it| (&it["original"], &it["updated"]));
    let steps = suite["steps"].as_array().into_iter().flatten().map(|it| (&it["old"], &it["new"]));
    let (mut times, mut readings) = (Vec::new(), Vec::new());
    let (mut contained, mut escapes, mut unknown, mut unread) = (0, 0, 0, 0);
    for (old, new) in tests.chain(steps).flat_map(|(old, new)| [(old, new), (new, old)]) {
        match time(old, new, RUNS) {
            Some((least, verdict)) => {
                times.push(least);
                readings.push(reading(old, new, RUNS));
                match verdict {
                    Verdict::Contained => contained += 1,
                    Verdict::Escapes(_) => escapes += 1,
                    Verdict::Unknown(_) => unknown += 1,
                }
            }
            None => unread += 1,
        }
    }
    println!("{path}: {contained} contained, {escapes} escape, {unknown} unknown, {unread} not read");
    let costs = [times, readings];
    spread(&costs);
    costs
}

fn spread(costs: &[Vec<f64>; 2]) {
    for (what, times) in ["in all", "of which reading"].into_iter().zip(costs) {
        let mut times = times.clone();
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        let (half, most) = (at(0.5), at(1.0));
        println!("  {what}: median {half:.1} us, 90 % {:.1} us, 99 % {:.1} us, most {most:.1} us", at(0.9), at(0.99));
    }
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

/// What no engine decides quickly: it must end all the same.
fn hard() -> Vec<(String, Value, Value)> {
    let pattern = |at: usize| json!({"type": "string", "pattern": format!("{at}[a-z]*{}", at + 1)});
    let some = json!({"type": "string", "anyOf": (0..30).map(pattern).collect::<Vec<_>>()});
    let one = |at: usize| json!({"oneOf": [pattern(at), pattern(at + 1), pattern(at + 2)]});
    let odd = json!({"allOf": (0..30).map(one).collect::<Vec<_>>()});
    let either = |at: usize| json!({"anyOf": [{"required": [format!("a{at}")]}, {"required": [format!("b{at}")]}]});
    let many = |count: usize| json!({"type": "object", "allOf": (0..count).map(either).collect::<Vec<_>>()});
    let members = |more: usize| json!({"type": "object", "minProperties": more});
    let far = json!({"type": "string", "pattern": "^(a|b)*a(a|b){18}$"});
    vec![
        ("some of 30 patterns, odd ones".into(), some.clone(), odd.clone()),
        ("odd ones, some of 30 patterns".into(), odd, some),
        ("20 choices of members".into(), many(20), members(21)),
        ("5,000 choices of members".into(), many(5_000), members(3_000)),
        ("a pattern of half a million states".into(), far, json!({"pattern": "a"})),
    ]
}

/// Records of ten fields, and a version with one more.
fn records() -> Vec<(String, Frozen, Frozen)> {
    let version = |types: &str, fields: &str| {
        let text = format!("event: shop.E\nversion: v1.0\ntypes: {{ {types} }}\nfields: {{ {fields} }}\n");
        let mut sources = Sources::default();
        let file = sources.add("frozen.yaml", &text);
        let mut diagnostics = Diagnostics::default();
        lower::frozen(file, &sources, &mut diagnostics).expect("it is a version")
    };
    let flat =
        "a: string, b: int, c: bool, d: decimal(2), e: uuid, f: timestamp, g: string?, h: int = 1, i: date, j: float";
    let nested = "a: Id, b: list<Line>, c: Money, d: Status, e: map<string>, f: timestamp, g: Pay?, h: int = 1, i: bytes, j: Money?";
    let types = "Id: id(a_), Money: { fields: { amount: decimal(2), currency: string } }, \
        Line: { fields: { sku: string, count: int, price: Money } }, Status: { enum: [open, paid], open: true }, \
        Pay: { oneof: { card: { fields: { no: string } }, bill: { fields: { days: int } } }, tag: kind }";
    let pair = |name: &str, types: &str, fields: &str| {
        (name.to_owned(), version(types, fields), version(types, &format!("{fields}, k: string?")))
    };
    vec![pair("record of ten scalars", "", flat), pair("record of ten fields with types", types, nested)]
}

/// The whole question, as `isobar compat` asks it: with a payload that a validator has confirmed where there is one.
fn confirmed() {
    let [small, large] = ["integer", "number"].map(|kind| nested(6, 5, &json!({"type": kind})));
    for content in [Content::Strict, Content::Producer] {
        let times = [(&small, &large), (&large, &small)].map(|(writer, reader)| {
            let run = |_| {
                let start = Instant::now();
                let judged = documents::judge(writer, reader, Mode::Backward, content).expect("the schemas are read");
                let compatible = std::ptr::eq(writer, &small);
                assert_eq!(judged.verdict == documents::Verdict::Compatible, compatible, "{content:?}");
                start.elapsed().as_secs_f64() * 1e3
            };
            (0..10).map(run).fold(f64::MAX, f64::min)
        });
        let [there, back] = times;
        println!("oneOf six wide, 5 deep, {content:?}: compatible {there:.0} ms, incompatible {back:.0} ms");
    }
}

fn main() {
    let suites: Vec<_> = env::args().skip(1).filter(|it| it.ends_with(".json")).map(|it| suite(&it)).collect();
    if suites.len() > 1 {
        let all = [0, 1].map(|cost| suites.iter().flat_map(|costs| costs[cost].iter().copied()).collect::<Vec<_>>());
        println!("the {} pairs of all suites:", all[0].len());
        spread(&all);
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
    for (name, writer, reader) in hard() {
        let (least, verdict) = time(&writer, &reader, 1).expect("the schemas are read");
        let verdict = match verdict {
            Verdict::Contained => "contained".to_owned(),
            Verdict::Escapes(_) => "escapes".to_owned(),
            Verdict::Unknown(it) => format!("unknown: {}", it.why),
        };
        println!("{name:<34} {:>9.1} ms {verdict}", least / 1e3);
    }
    for (name, old, new) in records() {
        let fields = |it: &Frozen| it.event.fields.clone().unwrap_or_default();
        let (a, b) = (fields(&old), fields(&new));
        let (a, b) = (Record { types: &old.types, fields: &a }, Record { types: &new.types, fields: &b });
        let mut least = f64::MAX;
        for _ in 0..RUNS * 10 {
            let start = Instant::now();
            assert!(shapes::judge(a, b).findings.is_empty(), "{name}");
            least = least.min(start.elapsed().as_secs_f64() * 1e6);
        }
        println!("{name:<34} {least:>9.1} us");
    }
    confirmed();
    println!("{:<34} {:>12} {:>12} {:>12}", "", "contained", "escapes", "reading");
    for (name, small, large) in rows {
        let there = time(&small, &large, 5).expect("the schemas are read");
        let back = time(&large, &small, 5).expect("the schemas are read");
        assert_eq!(there.1, Verdict::Contained, "{name}");
        assert!(matches!(back.1, Verdict::Escapes(_)), "{name}: {:?}", back.1);
        let reading = reading(&small, &large, 5);
        println!("{name:<34} {:>9.1} us {:>9.1} us {reading:>9.1} us", there.0, back.0);
    }
}
