//! Random events in two editions, the second a new major of each with an `upgrade`, and payloads near to what they read.

use crate::Dice;
use isobar_model::{Field, Presence, Shape, ShapeKind, Types, shape::Scalar};
use std::fmt::Write;

/// Two editions of one storming.
#[derive(Clone, Debug)]
pub struct Editions {
    /// What is released as v1.0.
    pub first: String,
    /// What comes after it: v2.0 of every event.
    pub second: String,
}

/// Types that fields may have, beside containers of them.
const TYPES: &[&str] = &[
    "string",
    "bool",
    "int",
    "int32",
    "uint",
    "uint32",
    "decimal(2)",
    "decimal(4)",
    "float",
    "uuid",
    "timestamp",
    "date",
    "duration",
    "bytes",
    "json",
    "id(thing_)",
    "ThingId",
    "Color",
    "Mood",
    "Currency",
    "Quantity",
    "Line",
    "Payment",
    "Tree",
];

const NAMED: &str = r#"types:
  ThingId:  id(thing_)
  Color:    { enum: [red, green, "dark blue"] }
  Mood:     { enum: [good, bad], open: true }
  Currency: { type: string, pattern: "^[A-Z]{3}$" }
  Quantity: { type: int, min: 1, max: 99 }
  Line:     { fields: { product: string, quantity: Quantity, price: decimal(2), note: string?, color: Color = red } }
  Card:     { fields: { number: { type: string, min_length: 2, max_length: 6 } } }
  Invoice:  { fields: { days: { type: int32, min: 0 }, lines: list<Line> } }
  Payment:  { oneof: { card: Card, invoice: Invoice }, tag: kind }
  Tree:     { fields: { value: int, left: Tree?, more: list<Tree> } }
"#;

/// `events` random events of the context `random`, called `Event0` and on.
pub fn storm(seed: u64, events: usize) -> Editions {
    let mut dice = Dice::new(seed);
    let head = format!("context: random\n{NAMED}events:\n");
    let mut editions = Editions { first: head.clone(), second: head };
    for event in 0..events {
        one_event(event, &mut dice, &mut editions);
    }
    editions
}

fn one_event(event: usize, dice: &mut Dice, out: &mut Editions) {
    let (mut first, mut second, mut upgrade) = (String::new(), String::new(), String::new());
    let mut removed: Vec<String> = Vec::new();
    // One field that changes for certain makes it a major.
    let _ = writeln!(first, "      key: string");
    let _ = writeln!(second, "      identity: string");
    let _ = writeln!(upgrade, "      identity: $key");
    for n in 0..2 + dice.roll(6) {
        let ty = ty(dice);
        let suffix = match dice.roll(5) {
            0 => "?",
            _ => "",
        };
        let _ = writeln!(first, "      f{n}: {ty}{suffix}");
        match dice.roll(7) {
            0 => removed.push(format!("f{n}")),
            1 => {
                let _ = writeln!(second, "      renamed{n}: {ty}{suffix}");
                let _ = writeln!(upgrade, "      renamed{n}: $f{n}");
            }
            2 => {
                let _ = writeln!(second, "      box{n}: {{ fields: {{ inner: \"{ty}{suffix}\", tag: string }} }}");
                let _ = writeln!(upgrade, "      box{n}.inner: $f{n}\n      box{n}.tag: moved");
            }
            3 if ty.starts_with("decimal") && suffix.is_empty() => {
                let _ = writeln!(second, "      sum{n}: {ty}");
                let _ = writeln!(upgrade, "      sum{n}: $f{n} + $f{n} * 2 - 1");
            }
            4 if ty == "string" && suffix == "?" => {
                let _ = writeln!(second, "      f{n}: string");
                let _ = writeln!(upgrade, "      f{n}: $f{n} ?? none");
            }
            5 if matches!(ty.as_str(), "int32" | "uint32") && suffix.is_empty() => {
                // Wider without a word, in the same place.
                let _ = writeln!(second, "      f{n}: decimal(3)");
            }
            _ => {
                let _ = writeln!(second, "      f{n}: {ty}{suffix}");
            }
        }
    }
    for n in 0..dice.roll(3) {
        let (ty, literal) =
            [("int", "7"), ("list<Line>", "[]"), ("Color", "green"), ("decimal(2)", "0.5")][dice.roll(4) as usize];
        let _ = writeln!(second, "      new{n}: {ty}");
        let _ = writeln!(upgrade, "      new{n}: {literal}");
    }
    let _ = write!(out.first, "  Event{event}:\n    fields:\n{first}");
    let _ = write!(out.second, "  Event{event}:\n    fields:\n{second}    upgrade:\n{upgrade}");
    if !removed.is_empty() {
        let _ = writeln!(out.second, "    removed: [{}]", removed.join(", "));
    }
}

fn ty(dice: &mut Dice) -> String {
    let plain = TYPES[dice.roll(TYPES.len() as u64) as usize].to_owned();
    match dice.roll(8) {
        0 => format!("list<{plain}>"),
        1 => format!("map<{plain}>"),
        // Two spellings of one instant, number or text are two items to a validator and one to a reader.
        2 if matches!(plain.as_str(), "string" | "bool" | "Color" | "ThingId" | "date") => format!("set<{plain}>"),
        _ => plain,
    }
}

/// JSON near to what the fields read: about half the time it is just what they read.
pub fn payload(fields: &[Field], types: &Types, dice: &mut Dice) -> String {
    // A quarter of the payloads has no slip at all, the others about one in so many values.
    let slip = if dice.roll(3) == 0 { 0 } else { 4 + dice.roll(40) };
    record(fields, types, &mut Near { dice, slip, depth: 5 }, None)
}

struct Near<'a> {
    dice: &'a mut Dice,
    /// One value in so many is wrong; none if it is 0.
    slip: u64,
    depth: u32,
}

impl Near<'_> {
    fn slips(&mut self) -> bool {
        self.slip > 0 && self.dice.roll(self.slip) == 0
    }

    fn pick(&mut self, texts: &[&str]) -> String {
        texts[self.dice.roll(texts.len() as u64) as usize].to_owned()
    }
}

fn record(fields: &[Field], types: &Types, near: &mut Near<'_>, tag: Option<(&str, &str)>) -> String {
    let mut members: Vec<String> = Vec::new();
    members.extend(tag.map(|(key, value)| format!("\"{key}\":\"{value}\"")));
    for field in fields {
        let absent = match field.presence {
            Presence::Required => near.slips(),
            _ => near.dice.roll(3) == 0,
        };
        if absent {
            continue;
        }
        let null = field.presence == Presence::Optional && near.dice.roll(6) == 0;
        let value = if null || near.slips() { "null".into() } else { value(&field.shape, types, near) };
        members.push(format!("\"{}\":{value}", field.wire_name()));
    }
    if near.dice.roll(4) == 0 {
        members.push("\"unheardOf\":[{\"a\":1e3}]".into());
    }
    format!("{{{}}}", members.join(","))
}

fn value(shape: &Shape, types: &Types, near: &mut Near<'_>) -> String {
    const STRANGE: &[&str] =
        &["0", "-1", "1.5", "\"\"", "true", "[]", "{}", "\"x\"", "1e2", "\"red\"", "100000000000", "[null]", "0.00001"];
    if near.slips() {
        return near.pick(STRANGE);
    }
    let shape = types.resolve(shape);
    match &shape.kind {
        ShapeKind::Scalar(scalar) => scalar_text(scalar, shape, near),
        ShapeKind::Enum(it) => match near.slips() || (it.open && near.dice.roll(4) == 0) {
            true => "\"purple\"".into(),
            false => format!("\"{}\"", it.values[near.dice.roll(it.values.len() as u64) as usize].value),
        },
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => {
            let Some(depth) = near.depth.checked_sub(1) else { return empty(&shape.kind) };
            let inner = Near { dice: &mut *near.dice, slip: near.slip, depth };
            items(&shape.kind, item, types, inner)
        }
        ShapeKind::Record(fields) => {
            let depth = near.depth.saturating_sub(1);
            // What may be absent is, at the bottom of a type that holds itself.
            let fields: Vec<Field> =
                fields.iter().filter(|it| depth > 0 || it.presence == Presence::Required).cloned().collect();
            record(&fields, types, &mut Near { dice: &mut *near.dice, slip: near.slip, depth }, None)
        }
        ShapeKind::Union(it) => {
            let (tag, branch) = &it.branches[near.dice.roll(it.branches.len() as u64) as usize];
            let tag = if near.slips() { "cheque" } else { &tag.value };
            match &types.resolve(branch).kind {
                ShapeKind::Record(fields) => record(fields, types, near, Some((&it.tag, tag))),
                _ => "{}".into(),
            }
        }
        ShapeKind::Ref(_) => "null".into(),
    }
}

fn empty(kind: &ShapeKind) -> String {
    if matches!(kind, ShapeKind::Map(_)) { "{}".into() } else { "[]".into() }
}

fn items(kind: &ShapeKind, item: &Shape, types: &Types, mut near: Near<'_>) -> String {
    let count = near.dice.roll(4);
    let mut found: Vec<String> = (0..count).map(|_| value(item, types, &mut near)).collect();
    match kind {
        ShapeKind::Map(_) => {
            let members: Vec<String> = found.iter().enumerate().map(|(i, value)| format!("\"k{i}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        }
        _ => {
            if matches!(kind, ShapeKind::Set(_)) && !near.slips() {
                found.sort();
                found.dedup();
            }
            format!("[{}]", found.join(","))
        }
    }
}

fn scalar_text(scalar: &Scalar, shape: &Shape, near: &mut Near<'_>) -> String {
    let whole = |near: &mut Near<'_>| near.pick(&["0", "1", "7", "42", "3.0", "1e1", "98"]);
    match scalar {
        Scalar::String if shape.bounds.pattern.is_some() => near.pick(&["\"EUR\"", "\"USD\"", "\"EUR\""]),
        Scalar::String => near.pick(&["\"ab\"", "\"a\\u00e9b\"", "\"\\ud83d\\ude00 x\"", "\"four\""]),
        Scalar::Bool => near.pick(&["true", "false"]),
        Scalar::Int | Scalar::Int32 if shape.bounds.min.is_none() => {
            near.pick(&["0", "-5", "42", "3.0", "1e2", "-2147483648"])
        }
        Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 if shape.bounds.min.is_none() => whole(near),
        Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 => near.pick(&["1", "7", "42", "3.0", "1e1", "98"]),
        Scalar::Decimal(_) => near.pick(&["0", "1", "99.99", "-0.5", "12345678.25", "1e2", "8.00", "9999999999999.9"]),
        Scalar::Float => near.pick(&["0", "1.5", "-2e-3", "1e300", "0.1"]),
        Scalar::Uuid => {
            near.pick(&["\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"67E55044-10B1-426F-9247-BB680E5FE0C8\""])
        }
        Scalar::Timestamp => near.pick(&["\"2024-01-15T10:30:00Z\"", "\"2024-02-29t23:59:59.5+02:00\""]),
        Scalar::Date => near.pick(&["\"2024-01-15\"", "\"2024-02-29\"", "\"1999-12-31\""]),
        Scalar::Duration => near.pick(&["\"PT30S\"", "\"P1DT2H\"", "\"P2W\"", "\"PT0.5S\""]),
        Scalar::Bytes => near.pick(&["\"\"", "\"AA==\"", "\"AQID\""]),
        Scalar::Json => near.pick(&["null", "{\"a\":[1,2.50,\"x\"]}", "7", "\"t\""]),
        Scalar::Id(prefix) => match near.slips() {
            true => format!("\"{prefix}\""),
            false => format!("\"{prefix}{}\"", near.dice.roll(100)),
        },
    }
}
