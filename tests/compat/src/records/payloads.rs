//! Payloads that a producer of a record writes, on the boundaries of what its fields hold. They are meant to be read by the record
//! itself; whoever uses one asks it first, so that a wrong guess costs a payload and nothing else.

use isobar::Pattern;
use isobar_model::{
    Field, Presence, Shape, ShapeKind, Types,
    shape::{Bounds, Scalar},
};
use isobar_tests::Dice;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::HashMap;

const TEXTS: [&str; 34] = [
    "",
    "a",
    "b",
    "ab",
    "ba",
    "abc",
    "abcd",
    "abab",
    "z",
    "xyz",
    "EUR",
    "USD",
    "ABC",
    "ABCD",
    "12",
    "7",
    "a7",
    "0",
    "a b",
    " ",
    "a\nb",
    "\n",
    "a\rb",
    "a\u{a0}b",
    "\u{e9}",
    "\u{e9}\u{e9}\u{e9}",
    "\u{1f600}",
    "\u{1f600}ab",
    "\u{663}",
    "a_1",
    "ab-",
    "2024-01-15",
    "2024-01-15T10:30:00Z",
    "01890a5d-ac96-774b-bcce-b302099a8057",
];
const UUIDS: [&str; 2] = ["01890a5d-ac96-774b-bcce-b302099a8057", "01890A5D-AC96-774B-BCCE-B302099A8057"];
const TIMESTAMPS: [&str; 5] = [
    "2024-01-15T10:30:00Z",
    "2024-01-15T12:30:00+02:00",
    "2024-02-29t23:59:59.5z",
    "0001-01-01T00:00:00Z",
    "9999-12-30T22:00:00Z",
];
const DATES: [&str; 4] = ["2024-01-15", "2024-02-29", "0001-01-01", "9999-12-31"];
const DURATIONS: [&str; 5] = ["PT30S", "P2W", "P1DT2H", "PT0.5S", "P14D"];
const BYTES: [&str; 7] = ["", "AA==", "AAE=", "AAAA", "AAAAAA==", "AAAAAAA=", "AAAAAAAA"];
const WHOLE: [&str; 12] = [
    "0",
    "1",
    "-1",
    "3",
    "1e2",
    "2.0",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "9007199254740993",
];
const PARTS: [&str; 8] = ["0.5", "1.25", "2.50", "-0.01", "0.001", "99999999999.999", "1e-12", "12345678901234567890"];
const JSON: [&str; 7] = ["{}", "[]", "\"a\"", "{\"a\":1}", "[1,null]", "true", "0.5"];

/// Makes payloads. Which texts a pattern matches is found out once.
#[derive(Debug, Default)]
pub struct Payloads {
    matching: HashMap<String, Vec<&'static str>>,
}

impl Payloads {
    /// A payload as JSON.
    pub fn one(&mut self, types: &Types, fields: &[Field], dice: &mut Dice) -> String {
        let mut out = String::new();
        Maker { all: self, types, dice }.record(fields, None, 4, &mut out);
        out
    }

    fn matching(&mut self, bounds: &Bounds) -> Vec<&'static str> {
        let pattern = bounds.pattern.clone().unwrap_or_default();
        let of = |pattern: &String| {
            // A few patterns, each kept for good.
            let pattern = Pattern::new(Box::leak(pattern.clone().into_boxed_str()));
            TEXTS.into_iter().filter(|text| isobar::bounds::pattern(text, &pattern).is_ok()).collect()
        };
        let known = self.matching.entry(pattern).or_insert_with_key(of);
        let fits = |text: &&&str| {
            let length = text.chars().count() as u64;
            bounds.min_length.is_none_or(|min| min <= length) && bounds.max_length.is_none_or(|max| length <= max)
        };
        known.iter().filter(fits).copied().collect()
    }
}

struct Maker<'a> {
    all: &'a mut Payloads,
    types: &'a Types,
    dice: &'a mut Dice,
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}

impl Maker<'_> {
    fn pick(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.dice.roll(texts.len() as u64) as usize]
    }

    fn record(&mut self, fields: &[Field], tag: Option<(&str, &str)>, depth: u64, out: &mut String) {
        out.push('{');
        let mut first = true;
        let mut key = |name: &str, out: &mut String| {
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            quoted(name, out);
            out.push(':');
        };
        if let Some((tag, value)) = tag {
            key(tag, out);
            quoted(value, out);
        }
        // All, some, or hardly any of what need not be there.
        let often = self.dice.roll(3);
        for field in fields {
            let left_out = field.presence == Presence::Optional && (depth == 0 || self.dice.roll(3) < often);
            if !left_out {
                key(field.wire_name(), out);
                self.shape(&field.shape, depth, out);
            }
        }
        out.push('}');
    }

    fn shape(&mut self, shape: &Shape, depth: u64, out: &mut String) {
        // Types that branch into themselves may have no end in sight.
        if out.len() > 5_000 {
            return out.push_str("null");
        }
        let shape = self.types.resolve(shape);
        match &shape.kind {
            ShapeKind::Scalar(scalar) => self.scalar(scalar, &shape.bounds, out),
            ShapeKind::Enum(it) => {
                let known = self.dice.roll(it.values.len() as u64 + u64::from(it.open)) as usize;
                match it.values.get(known) {
                    Some(value) => quoted(value, out),
                    None => quoted(self.pick(&TEXTS), out),
                }
            }
            ShapeKind::List(item) | ShapeKind::Set(item) => {
                out.push('[');
                for at in 0..self.count(&shape.bounds, depth) {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.shape(item, depth.saturating_sub(1), out);
                }
                out.push(']');
            }
            ShapeKind::Map(item) => {
                out.push('{');
                for at in 0..self.count(&shape.bounds, depth) {
                    out.push_str(if at > 0 { "," } else { "" });
                    let names = ["a", "kind", "b", "w", "c", "e", "d", "", "\u{e9}"];
                    let start = self.dice.roll(names.len() as u64 / 3) as usize * 3;
                    quoted(names.get(start + at as usize).copied().unwrap_or("more"), out);
                    out.push(':');
                    self.shape(item, depth.saturating_sub(1), out);
                }
                out.push('}');
            }
            ShapeKind::Record(fields) => self.record(fields, None, depth.saturating_sub(1), out),
            ShapeKind::Union(union) => {
                let (tag, branch) = &union.branches[self.dice.roll(union.branches.len() as u64) as usize];
                if let ShapeKind::Record(fields) = &self.types.resolve(branch).kind {
                    self.record(fields, Some((&union.tag, tag)), depth.saturating_sub(1), out);
                }
            }
            ShapeKind::Ref(_) => out.push_str("null"),
        }
    }

    /// The fewest, one more, or the most.
    fn count(&mut self, bounds: &Bounds, depth: u64) -> u64 {
        let least = bounds.min_length.unwrap_or(0);
        let most = bounds.max_length.unwrap_or(least + 2).min(least + 3);
        match self.dice.roll(3) {
            _ if depth == 0 => least,
            0 => least,
            1 => most.min(least + 1),
            _ => most,
        }
    }

    fn scalar(&mut self, scalar: &Scalar, bounds: &Bounds, out: &mut String) {
        let text = match scalar {
            Scalar::String => {
                let texts = self.all.matching(bounds);
                if texts.is_empty() { "a" } else { self.pick(&texts) }
            }
            Scalar::Uuid => self.pick(&UUIDS),
            Scalar::Timestamp => self.pick(&TIMESTAMPS),
            Scalar::Date => self.pick(&DATES),
            Scalar::Duration => self.pick(&DURATIONS),
            Scalar::Bytes => self.pick(&BYTES),
            Scalar::Id(prefix) => {
                let rest = self.pick(&["1", "a", "\u{e9}", "\n"]);
                return quoted(&format!("{prefix}{rest}"), out);
            }
            Scalar::Bool => return out.push_str(self.pick(&["true", "false"])),
            Scalar::Json => return out.push_str(self.pick(&JSON)),
            _ => return self.number(scalar, bounds, out),
        };
        quoted(text, out);
    }

    /// Ends of what is allowed and what is next to them.
    fn number(&mut self, scalar: &Scalar, bounds: &Bounds, out: &mut String) {
        let (low, high) = scalar.integer_range().unwrap_or((Decimal::MIN, Decimal::MAX));
        let (min, max) = (bounds.min.map_or(low, |it| it.max(low)), bounds.max.map_or(high, |it| it.min(high)));
        let step = match scalar {
            Scalar::Decimal(scale) => Decimal::new(1, *scale),
            Scalar::Float => Decimal::new(1, 3),
            _ => Decimal::ONE,
        };
        let whole = scalar.integer_range().is_some() || matches!(scalar, Scalar::Decimal(0));
        let bounded = scalar.integer_range().is_some();
        for _ in 0..6 {
            let found = match self.dice.roll(if whole { 4 } else { 5 }) {
                0 if bounded || bounds.min.is_some() => Some(min),
                1 if bounded || bounds.max.is_some() => Some(max),
                2 if bounds.min.is_some() => min.checked_add(step),
                3 if bounds.max.is_some() => max.checked_sub(step),
                4 => {
                    let text = self.pick(&PARTS);
                    if within(text, min, max) {
                        return out.push_str(text);
                    }
                    None
                }
                _ => {
                    let text = self.pick(&WHOLE);
                    if within(text, min, max) {
                        return out.push_str(text);
                    }
                    None
                }
            };
            if let Some(number) = found.filter(|it| (min..=max).contains(it)) {
                return out.push_str(&number.to_string());
            }
        }
        out.push_str(&min.max(Decimal::ZERO).min(max).to_string());
    }
}

fn within(text: &str, min: Decimal, max: Decimal) -> bool {
    let number = text.parse().or_else(|_| Decimal::from_scientific(text));
    number.is_ok_and(|number| (min..=max).contains(&number))
}
