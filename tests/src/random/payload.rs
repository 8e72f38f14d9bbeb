//! Payloads near to what a version reads: right ones, and ones with a slip here and there.

use super::types::PATTERNS;
use crate::Dice;
use isobar_model::{Field, Presence, Shape, ShapeKind, Types, shape::Bounds, shape::Scalar};

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
            let least = shape.bounds.min_length.unwrap_or(0);
            let depth = match near.depth.checked_sub(1) {
                None if least == 0 => return empty(&shape.kind),
                depth => depth.unwrap_or(0),
            };
            let inner = Near { dice: &mut *near.dice, slip: near.slip, depth };
            items(shape, item, types, inner)
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

fn items(shape: &Shape, item: &Shape, types: &Types, mut near: Near<'_>) -> String {
    let (kind, bounds) = (&shape.kind, &shape.bounds);
    let count = length(bounds, 3, &mut near);
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

/// A length within bounds, or with a slip one beyond them.
fn length(bounds: &Bounds, usual: u64, near: &mut Near<'_>) -> u64 {
    let min = bounds.min_length.unwrap_or(0);
    let max = bounds.max_length.unwrap_or(min + usual);
    match (near.slips(), bounds.min_length) {
        (true, Some(1..)) if near.dice.roll(2) == 0 => min - 1,
        (true, _) => max + 1,
        _ => min + near.dice.roll(max - min + 1),
    }
}

fn text(bounds: &Bounds, near: &mut Near<'_>) -> String {
    let pattern = bounds.pattern.as_deref();
    if let Some((_, matching, other)) = PATTERNS.iter().find(|it| Some(it.0) == pattern) {
        return format!("\"{}\"", if near.slips() { (*other).to_owned() } else { near.pick(matching) });
    }
    if bounds.min_length.is_none() && bounds.max_length.is_none() {
        return near.pick(&[
            "\"ab\"",
            "\"a\\u00e9b-B\"",
            "\"\\ud83d\\ude00 x\"",
            "\"four\"",
            "\"\"",
            "\"1\\n\\u0000\"",
        ]);
    }
    let letter = near.pick(&["a", "é", "\\u00e9", "😀", "\\ud83d\\ude00", " "]);
    format!("\"{}\"", letter.repeat(length(bounds, 5, near) as usize))
}

/// One of the numbers that is within bounds, a bound itself, or with a slip any of them and what is just beyond.
fn number(bounds: &Bounds, texts: &[&str], near: &mut Near<'_>) -> String {
    let (min, max) = (bounds.min.map(|it| it.to_string()), bounds.max.map(|it| it.to_string()));
    let edges = [min.as_deref(), max.as_deref()].into_iter().flatten();
    let all: Vec<&str> = texts.iter().copied().chain(edges).collect();
    if near.slips() {
        return near.pick(&all);
    }
    let of = |text: &str| text.parse().unwrap_or(f64::NAN);
    let low = min.as_deref().map_or(f64::NEG_INFINITY, of);
    let high = max.as_deref().map_or(f64::INFINITY, of);
    let within: Vec<&str> = all.iter().copied().filter(|it| (low..=high).contains(&of(it))).collect();
    if within.is_empty() { near.pick(&all) } else { near.pick(&within) }
}

fn scalar_text(scalar: &Scalar, shape: &Shape, near: &mut Near<'_>) -> String {
    let bounds = &shape.bounds;
    match scalar {
        Scalar::String => text(bounds, near),
        Scalar::Bool => near.pick(&["true", "false"]),
        Scalar::Int => number(bounds, &["0", "-5", "42", "3.0", "1e2", "-2147483648", "9223372036854775807"], near),
        Scalar::Int32 => number(bounds, &["0", "-5", "42", "3.0", "1e2", "-2147483648"], near),
        Scalar::Uint | Scalar::Uint32 => number(bounds, &["0", "1", "7", "42", "3.0", "1e1", "4294967295"], near),
        Scalar::Decimal(0) => number(bounds, &["0", "1", "-7", "12345678.0", "1e2", "999999999999999"], near),
        Scalar::Decimal(_) => {
            let texts = ["0", "1", "99.99", "-0.5", "12345678.25", "1e2", "8.00", "9999999999999.9"];
            number(bounds, &texts, near)
        }
        Scalar::Float => number(bounds, &["0", "1.5", "-2e-3", "1e300", "0.1", "-0.0", "42"], near),
        Scalar::Uuid => {
            near.pick(&["\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"67E55044-10B1-426F-9247-BB680E5FE0C8\""])
        }
        Scalar::Timestamp => near.pick(&[
            "\"2024-01-15T10:30:00Z\"",
            "\"2024-02-29t23:59:59.5+02:00\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"9999-12-31T23:59:59-01:00\"",
            "\"0000-01-01T00:00:00+01:00\"",
        ]),
        Scalar::Date => near.pick(&["\"2024-01-15\"", "\"2024-02-29\"", "\"1999-12-31\"", "\"9999-12-31\""]),
        Scalar::Duration => {
            near.pick(&["\"PT30S\"", "\"P1DT2H\"", "\"P2W\"", "\"PT0.5S\"", "\"PT18446744073709551616S\""])
        }
        Scalar::Bytes => near.pick(&["\"\"", "\"AA==\"", "\"AQID\""]),
        Scalar::Json => near.pick(&["null", "{\"a\":[1,2.50,\"x\"]}", "7", "\"t\""]),
        Scalar::Id(prefix) => match near.slips() {
            true => format!("\"{prefix}\""),
            false => format!("\"{prefix}{}\"", near.dice.roll(100)),
        },
    }
}
