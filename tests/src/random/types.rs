//! The types of a random model: scalars, containers of them, and named types with bounds, members and branches of their own,
//! each with a value that it takes.

use crate::Dice;
use std::fmt::Write;

/// What a type is to expressions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Int,
    Small,
    Decimal,
    Float,
    Flag,
    /// An enum with this value.
    Value(&'static str),
    /// A list, a set or a map.
    Many,
    Other,
}

/// A type as a field may have it.
#[derive(Clone, Debug)]
pub(super) struct Ty {
    /// As it is written; a record in place is written with its braces.
    pub(super) text: String,
    /// A value in YAML.
    pub(super) sample: String,
    pub(super) kind: Kind,
    /// Whether it is a scalar and not a named type.
    pub(super) plain: bool,
}

impl Ty {
    pub(super) fn scalar(text: &str) -> Ty {
        let (text, sample, kind) = SCALARS.iter().find(|it| it.0 == text).expect("it is one of the scalars");
        Ty { text: (*text).into(), sample: (*sample).into(), kind: *kind, plain: true }
    }

    /// Whether the type is a record written in place.
    pub(super) fn in_place(&self) -> bool {
        self.text.starts_with('{')
    }
}

const SCALARS: &[(&str, &str, Kind)] = &[
    ("string", "\"ab\"", Kind::Text),
    ("bool", "true", Kind::Flag),
    ("int", "7", Kind::Int),
    ("int32", "-3", Kind::Small),
    ("uint", "8", Kind::Other),
    ("uint32", "9", Kind::Small),
    ("decimal(0)", "4", Kind::Decimal),
    ("decimal(2)", "0.5", Kind::Decimal),
    ("decimal(4)", "1.25", Kind::Decimal),
    ("decimal(12)", "1.5", Kind::Decimal),
    ("float", "1.5", Kind::Float),
    ("uuid", "67e55044-10b1-426f-9247-bb680e5fe0c8", Kind::Other),
    ("timestamp", "\"2024-01-15T10:30:00Z\"", Kind::Other),
    ("date", "\"2024-01-15\"", Kind::Other),
    ("duration", "PT30S", Kind::Other),
    ("bytes", "AQID", Kind::Other),
    ("json", "{ a: [1, null] }", Kind::Other),
    ("id(thing_)", "thing_1", Kind::Other),
];

/// Patterns, each with texts that it matches and one that it does not.
pub(super) const PATTERNS: &[(&str, &[&str], &str)] = &[
    ("^[A-Z]{3}$", &["EUR", "USD"], "EURO"),
    ("^[a-z]+-[0-9]+$", &["ab-12", "x-0"], "ab-"),
    ("[0-9]", &["a7", "0"], "none"),
    ("^(yes|no)?$", &["yes", ""], "y"),
];

const VALUES: &[&str] = &["red", "green", "dark-blue", "2nd", "<=", "unknown", "Red", "été"];

/// The named types of a model.
#[derive(Clone, Debug)]
pub(super) struct Named {
    types: Vec<Ty>,
    /// As they are at first.
    pub(super) first: String,
    /// With a field more in some of the records.
    pub(super) grown: String,
}

impl Named {
    pub(super) fn new(dice: &mut Dice) -> Named {
        let mut named = Named { types: Vec::new(), first: "types:\n".into(), grown: "types:\n".into() };
        for n in 0..2 + dice.roll(6) {
            named.one(n, dice);
        }
        named
    }

    fn one(&mut self, n: u64, dice: &mut Dice) {
        let (name, text, sample, kind) = match dice.roll(8) {
            0 => {
                let (min, extra) = (dice.roll(4), dice.roll(4));
                let sample = format!("\"{}\"", "a".repeat(min as usize));
                let bounds = format!("{{ type: string, min_length: {min}, max_length: {} }}", min + extra);
                (format!("Text{n}"), bounds, sample, Kind::Text)
            }
            1 => {
                let (pattern, matches, _) = PATTERNS[dice.roll(PATTERNS.len() as u64) as usize];
                let bounds = format!("{{ type: string, pattern: \"{pattern}\" }}");
                (format!("Pattern{n}"), bounds, format!("\"{}\"", matches[0]), Kind::Text)
            }
            2 => {
                let scalar = ["int", "int32", "uint", "uint32", "decimal(2)", "float"][dice.roll(6) as usize];
                let (min, extra) = (dice.roll(3), dice.roll(50));
                let bounds = match dice.roll(3) {
                    0 => format!("{{ type: {scalar}, min: {min} }}"),
                    1 => format!("{{ type: {scalar}, max: {} }}", min + extra),
                    _ => format!("{{ type: {scalar}, min: {min}, max: {} }}", min + extra),
                };
                (format!("Number{n}"), bounds, min.to_string(), Ty::scalar(scalar).kind)
            }
            3 => {
                let (first, count) = (dice.roll(3) as usize, 1 + dice.roll(5) as usize);
                let values: Vec<String> =
                    VALUES[first..(first + count).min(VALUES.len())].iter().map(|it| format!("\"{it}\"")).collect();
                let open = if dice.roll(2) == 0 { ", open: true" } else { "" };
                let text = format!("{{ enum: [{}]{open} }}", values.join(", "));
                (format!("Enum{n}"), text, values[0].clone(), Kind::Value(VALUES[first]))
            }
            4 => {
                let item = self.any(dice);
                let container = ["list", "map"][dice.roll(2) as usize];
                let text = format!("{{ type: {container}<{}>, min_length: 1, max_length: 3 }}", item.text);
                let sample = match container {
                    "map" => format!("{{ k: {} }}", item.sample),
                    _ => format!("[{}]", item.sample),
                };
                (format!("Items{n}"), text, sample, Kind::Many)
            }
            5 => {
                let (tag, left, right) =
                    (["kind", "type"][dice.roll(2) as usize], self.record(dice), self.record(dice));
                let sample = match left.1.as_str() {
                    "" => format!("{{ {tag}: left }}"),
                    members => format!("{{ {tag}: left, {members} }}"),
                };
                let branch = |fields: &str| format!("{{ fields: {{ {fields} }} }}");
                let branches = format!("left: {}, \"the-right\": {}", branch(&left.0), branch(&right.0));
                (format!("Choice{n}"), format!("{{ oneof: {{ {branches} }}, tag: {tag} }}"), sample, Kind::Other)
            }
            6 => {
                let own = format!("Tree{n}");
                let item = self.any(dice);
                let text = format!("{{ fields: {{ value: \"{}\", left: {own}?, more: list<{own}> }} }}", item.text);
                (own, text, format!("{{ value: {}, more: [] }}", item.sample), Kind::Other)
            }
            _ => {
                let (fields, members) = self.record(dice);
                let grown = match (fields.is_empty(), dice.roll(2)) {
                    (_, 0) => fields.clone(),
                    (true, _) => "more: string?".into(),
                    _ => format!("{fields}, more: string?"),
                };
                let _ = writeln!(self.first, "  Record{n}: {{ fields: {{ {fields} }} }}");
                let _ = writeln!(self.grown, "  Record{n}: {{ fields: {{ {grown} }} }}");
                let sample = format!("{{ {members} }}");
                return self.types.push(Ty { text: format!("Record{n}"), sample, kind: Kind::Other, plain: false });
            }
        };
        for out in [&mut self.first, &mut self.grown] {
            let _ = writeln!(out, "  {name}: {text}");
        }
        self.types.push(Ty { text: name, sample, kind, plain: false });
    }

    /// Fields of a record in flow style, and the members that it must have.
    fn record(&self, dice: &mut Dice) -> (String, String) {
        let (mut fields, mut members) = (Vec::new(), Vec::new());
        for n in 0..dice.roll(4) {
            let Ty { text, sample, .. } = self.any(dice);
            fields.push(match dice.roll(5) {
                0 => format!("m{n}: \"{text}?\""),
                1 => format!("m{n}: {{ type: \"{text}\", default: {sample} }}"),
                // An example has wire names and an expression has not: the member is in neither.
                2 => format!("m{n}: {{ type: \"{text}?\", wire: \"the-{n}\" }}"),
                _ => {
                    members.push(format!("m{n}: {sample}"));
                    format!("m{n}: \"{text}\"")
                }
            });
        }
        (fields.join(", "), members.join(", "))
    }

    /// A scalar or a named type.
    fn any(&self, dice: &mut Dice) -> Ty {
        let at = dice.roll((SCALARS.len() + self.types.len() * 2) as u64) as usize;
        match at.checked_sub(SCALARS.len()) {
            None => Ty::scalar(SCALARS[at].0),
            Some(at) => self.types[at / 2].clone(),
        }
    }

    /// A type that a field may have.
    pub(super) fn ty(&self, dice: &mut Dice) -> Ty {
        let item = self.any(dice);
        let (container, sample) = match dice.roll(8) {
            0 => ("list", "[]"),
            1 => ("map", "{}"),
            // Two spellings of one instant, number or text are two items to a validator and one to a reader.
            2 if matches!(item.kind, Kind::Text | Kind::Flag | Kind::Value(_)) => ("set", "[]"),
            _ => return item,
        };
        Ty { text: format!("{container}<{}>", item.text), sample: sample.into(), kind: Kind::Many, plain: false }
    }
}
