//! Random records of the notation, as their authors write them, and the small edits that make the next version of one: everything
//! that a field may be, out of few names, numbers and texts, so that rules meet. What is written is read by the model's own reader,
//! and what that has something to say about is none.

mod edits;
mod payloads;

pub use payloads::Payloads;

use isobar_model::{
    Diagnostics, Field as Lowered, Sources,
    lower::{self, Frozen},
};
use isobar_tests::Dice;
use std::fmt::Write;

const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "kind"];
const WIRES: [&str; 4] = ["a", "w", "the b", "x.y"];
const SCALARS: [&str; 20] = [
    "string",
    "string",
    "bool",
    "int",
    "int",
    "int32",
    "uint",
    "uint32",
    "float",
    "decimal(0)",
    "decimal(2)",
    "decimal(12)",
    "uuid",
    "timestamp",
    "date",
    "duration",
    "bytes",
    "json",
    "id(a_)",
    "id(ab-)",
];
const PATTERNS: [&str; 16] = [
    "^[a-z]+$",
    "^[a-f]+$",
    "^[a-z]*$",
    "^[A-Z]{3}$",
    "^(EUR|USD)$",
    "[0-9]",
    r"^\d+$",
    "^(a|b|ab)$",
    "^a",
    "b$",
    "^(ab)*$",
    "^[^a]*$",
    r"^\w+$",
    r"\s",
    "^.{1,3}$",
    "^[0-9a-f]{8}-[0-9a-f-]{27}$",
];
const VALUES: [&str; 12] = [
    "a",
    "b",
    "ab",
    "EUR",
    "12",
    "red",
    "2024-01-15",
    "2024-01-15T10:30:00Z",
    "2024-01-15T12:30:00+02:00",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "01890A5D-AC96-774B-BCCE-B302099A8057",
    "a_1",
];
const BRANCHES: [&str; 4] = ["a", "b", "card", "EUR"];
const TAGS: [&str; 3] = ["kind", "type", "a"];

/// A scalar, a named type, or a container of one.
#[derive(Clone, Debug)]
enum Item {
    Scalar(&'static str),
    Named(usize),
    List(Box<Item>),
    Set(Box<Item>),
    Map(Box<Item>),
}

#[derive(Clone, Debug)]
enum Ty {
    Plain(Item, Vec<(&'static str, String)>),
    Enum(Vec<&'static str>, bool),
    Union(&'static str, Vec<(&'static str, Ty)>),
    Record(Vec<Field>),
}

#[derive(Clone, Debug, PartialEq)]
enum Presence {
    Required,
    Optional,
    Default(&'static str),
}

#[derive(Clone, Debug)]
struct Field {
    name: &'static str,
    wire: Option<&'static str>,
    presence: Presence,
    ty: Ty,
}

/// A version of an event before it is written down.
#[derive(Clone, Debug)]
struct Draft {
    types: Vec<Ty>,
    fields: Vec<Field>,
}

/// A version: its text, and what the model reads in it.
#[derive(Debug)]
pub struct Version {
    /// As it is written.
    pub text: String,
    /// As it is read.
    pub frozen: Frozen,
}

impl Version {
    /// Its fields.
    pub fn fields(&self) -> &[Lowered] {
        self.frozen.event.fields.as_deref().unwrap_or_default()
    }
}

/// A version and an edit of it; `None` where one of them is none of the notation.
pub fn pair(dice: &mut Dice) -> Option<(Version, Version)> {
    let old = Draft::random(dice);
    let mut new = if dice.roll(30) == 0 { Draft::random(dice) } else { old.clone() };
    for _ in 0..dice.roll(3) + 1 {
        new.edit(dice);
    }
    Some((old.read()?, new.read()?))
}

fn one_of<T: Copy>(dice: &mut Dice, list: &[T]) -> T {
    list[dice.roll(list.len() as u64) as usize]
}

impl Draft {
    fn random(dice: &mut Dice) -> Draft {
        let count = dice.roll(5) as usize;
        let types = (0..count).map(|own| named(dice, count, own)).collect();
        Draft { types, fields: fields(dice, count, 5, 0) }
    }

    /// What the model says that it is; `None` if there is anything to say about it.
    fn read(&self) -> Option<Version> {
        let mut text = "event: shop.E\nversion: v1.0\ntypes:\n".to_owned();
        for (at, ty) in self.types.iter().enumerate() {
            let _ = writeln!(text, "  T{at}: {{ {} }}", ty.text(""));
        }
        if self.types.is_empty() {
            text.push_str("  {}\n");
        }
        let _ = writeln!(text, "fields: {{ {} }}", members(&self.fields));
        let mut sources = Sources::default();
        let file = sources.add("random.yaml", text.as_str());
        let mut diagnostics = Diagnostics::default();
        let frozen = lower::frozen(file, &sources, &mut diagnostics)?;
        (!diagnostics.has_errors()).then_some(Version { text, frozen })
    }
}

/// A named type. Types lead to themselves and to one another; which of these never end is for the model to say.
fn named(dice: &mut Dice, types: usize, own: usize) -> Ty {
    match dice.roll(9) {
        0..=1 => ty(dice, types, 0),
        2..=3 => Ty::Enum(values(dice), dice.roll(3) == 0),
        4..=5 => union(dice, types),
        6 => {
            let mut fields = fields(dice, types, 3, 1);
            let inside =
                [Item::List(Box::new(Item::Named(own))), Item::Named(own), Item::Map(Box::new(Item::Named(own)))];
            let item = inside[dice.roll(3) as usize].clone();
            fields.retain(|it| it.name != "e");
            let presence = if matches!(item, Item::Named(_)) { Presence::Optional } else { Presence::Required };
            fields.push(Field { name: "e", wire: None, presence, ty: Ty::Plain(item, Vec::new()) });
            Ty::Record(fields)
        }
        _ => Ty::Record(fields(dice, types, 3, 1)),
    }
}

fn values(dice: &mut Dice) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = VALUES.iter().copied().filter(|_| dice.roll(3) == 0).collect();
    if all.is_empty() {
        all.push(one_of(dice, &VALUES));
    }
    all
}

fn union(dice: &mut Dice, types: usize) -> Ty {
    let tag = one_of(dice, &TAGS);
    let names: Vec<&str> = BRANCHES.iter().copied().filter(|_| dice.roll(3) > 0).collect();
    let branches = names.into_iter().map(|name| {
        let mut fields = fields(dice, types, 3, 1);
        fields.retain(|field| field.wire.unwrap_or(field.name) != tag && field.name != tag);
        (name, Ty::Record(fields))
    });
    Ty::Union(tag, branches.collect())
}

fn fields(dice: &mut Dice, types: usize, most: u64, depth: u64) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for _ in 0..dice.roll(most + 1) {
        let new = field(dice, types, depth);
        if out.iter().all(|it| it.name != new.name) {
            out.push(new);
        }
    }
    out
}

fn field(dice: &mut Dice, types: usize, depth: u64) -> Field {
    let ty = ty(dice, types, depth);
    let wire = (dice.roll(9) == 0).then(|| one_of(dice, &WIRES));
    let presence = presence(dice, &ty);
    Field { name: one_of(dice, &NAMES), wire, presence, ty }
}

fn presence(dice: &mut Dice, ty: &Ty) -> Presence {
    match (dice.roll(5), ty) {
        (0..=1, Ty::Plain(..)) => Presence::Optional,
        (2, Ty::Plain(item, _)) => Presence::Default(match item {
            Item::Scalar("string") => one_of(dice, &["a", "ab", "''", "EUR"]),
            Item::Scalar("bool") => "true",
            Item::Scalar("int" | "int32" | "uint" | "uint32" | "float") => one_of(dice, &["0", "1", "3"]),
            Item::Scalar("decimal(2)" | "decimal(12)") => one_of(dice, &["0.5", "2"]),
            Item::Scalar("json") => one_of(dice, &["[]", "{ a: 1 }"]),
            Item::Scalar("date") => "'2024-01-15'",
            Item::List(_) | Item::Set(_) => "[]",
            Item::Map(_) => "{}",
            _ => return Presence::Required,
        }),
        (2, Ty::Enum(values, _)) if !values.is_empty() => Presence::Default(values[0]),
        _ => Presence::Required,
    }
}

fn ty(dice: &mut Dice, types: usize, depth: u64) -> Ty {
    match dice.roll(12) {
        0 => Ty::Enum(values(dice), dice.roll(3) == 0),
        1 if depth < 2 => Ty::Record(fields(dice, types, 3, depth + 1)),
        2 if depth < 2 => union(dice, types),
        _ => {
            let item = item(dice, types);
            let bounds = bounds(dice, &item);
            Ty::Plain(item, bounds)
        }
    }
}

fn item(dice: &mut Dice, types: usize) -> Item {
    match dice.roll(12) {
        0..=1 => Item::List(Box::new(item(dice, types))),
        2 => Item::Set(Box::new(item(dice, types))),
        3 => Item::Map(Box::new(item(dice, types))),
        4..=7 if types > 0 => Item::Named(dice.roll(types as u64) as usize),
        _ => Item::Scalar(one_of(dice, &SCALARS)),
    }
}

fn bounds(dice: &mut Dice, item: &Item) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    for key in keys(item) {
        if dice.roll(4) == 0 {
            out.push((*key, bound(dice, key, item)));
        }
    }
    out
}

/// The bounds that a type may have.
fn keys(item: &Item) -> &'static [&'static str] {
    match item {
        Item::Scalar("string") => &["min_length", "max_length", "pattern", "format"],
        Item::Scalar("int" | "int32" | "uint" | "uint32" | "float") => &["min", "max"],
        Item::Scalar(scalar) if scalar.starts_with("decimal") => &["min", "max"],
        Item::Scalar("bytes") | Item::List(_) | Item::Set(_) | Item::Map(_) => &["min_length", "max_length"],
        _ => &[],
    }
}

fn bound(dice: &mut Dice, key: &str, item: &Item) -> String {
    let fraction = match item {
        Item::Scalar("decimal(2)" | "decimal(12)" | "float") if dice.roll(3) == 0 => one_of(dice, &[".5", ".25"]),
        _ => "",
    };
    match key {
        "min" => format!("{}{fraction}", one_of(dice, &["0", "1", "-1", "2", "-2147483648", "-3000000000"])),
        "max" => {
            format!("{}{fraction}", one_of(dice, &["3", "2", "9", "100", "2147483647", "4294967295", "4294967296"]))
        }
        "min_length" => dice.roll(3).to_string(),
        "max_length" => (1 + dice.roll(4)).to_string(),
        "pattern" => format!("'{}'", one_of(dice, &PATTERNS)),
        _ => one_of(dice, &["email", "iso-4217"]).to_owned(),
    }
}

impl Item {
    fn text(&self) -> String {
        match self {
            Item::Scalar(scalar) => (*scalar).to_owned(),
            Item::Named(at) => format!("T{at}"),
            Item::List(item) => format!("list<{}>", item.text()),
            Item::Set(item) => format!("set<{}>", item.text()),
            Item::Map(item) => format!("map<{}>", item.text()),
        }
    }
}

impl Ty {
    /// The keys that say what it is.
    fn text(&self, mark: &str) -> String {
        match self {
            Ty::Plain(item, bounds) => {
                let mut out = format!("type: \"{}{mark}\"", item.text());
                for (key, value) in bounds {
                    let _ = write!(out, ", {key}: {value}");
                }
                out
            }
            Ty::Enum(values, open) => {
                let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
                format!("enum: [{}], open: {open}", values.join(", "))
            }
            Ty::Union(tag, branches) => {
                let branches: Vec<String> =
                    branches.iter().map(|(name, ty)| format!("{name}: {{ {} }}", ty.text(""))).collect();
                format!("oneof: {{ {} }}, tag: {tag}", branches.join(", "))
            }
            Ty::Record(fields) => format!("fields: {{ {} }}", members(fields)),
        }
    }
}

fn members(fields: &[Field]) -> String {
    let one = |field: &Field| {
        let mark = if field.presence == Presence::Optional { "?" } else { "" };
        let mut out = format!("{}: {{ {}", field.name, field.ty.text(mark));
        if let Presence::Default(value) = field.presence {
            let _ = write!(out, ", default: {value}");
        }
        if let Some(wire) = field.wire {
            let _ = write!(out, ", wire: \"{wire}\"");
        }
        format!("{out} }}")
    };
    fields.iter().map(one).collect::<Vec<_>>().join(", ")
}
