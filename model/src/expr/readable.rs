//! The one structural comparison of types: is every value that a writer can write a value that a reader reads? Asked of the
//! wire when versions are compared, and of conversions when an expression meets its target. Recursive types are compared by
//! assuming what is being shown; nothing recurses, so that no chain of types exhausts the stack. Nothing is reported here.

use super::confused::confused;
use super::literal::{largest_decimal, scalar};
use crate::shape::{Bounds, Enum, Field, Presence, Scalar, Shape, ShapeKind, Types};
use rust_decimal::Decimal;
use std::collections::{HashSet, VecDeque};

/// Where and why a reader does not read all that a writer writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Field names from the shapes that were compared: `items[].quantity`; items of maps are `{}`, branches of unions
    /// `<card>`. Empty for the shapes themselves.
    pub path: String,
    /// A sentence without a subject: what the writer may do that the reader does not read.
    pub why: String,
    /// Whether both are texts of which only automata can tell: without them it is not known that one refuses the other.
    pub undecided: bool,
}

impl Mismatch {
    /// The sentence about the field `name`, whose shapes were compared: `` `items[].quantity` can be 0, less than ... ``.
    pub(super) fn told(&self, name: &str) -> String {
        let dot = if self.path.starts_with(|c: char| c.is_alphabetic() || c == '_') { "." } else { "" };
        format!("`{name}{dot}{}` {}", self.path, self.why)
    }
}

/// Whether `reader` reads every value of `writer` from the wire: fields meet by their wire names, numbers and texts are judged by
/// what is written.
///
/// # Errors
/// The first mismatch, outermost first and in the reader's order.
pub fn readable(writer: (&Types, &Shape), reader: (&Types, &Shape)) -> Result<(), Mismatch> {
    let mut comparison = Comparison::new(Rule::Wire, writer.0, reader.0);
    comparison.shapes(writer.1, reader.1, 0);
    comparison.first()
}

/// Every way in which a reader of the fields `reader` fails to read payloads of `writer`; see [`readable`].
pub fn mismatches(writer: (&Types, &[Field]), reader: (&Types, &[Field])) -> Vec<Mismatch> {
    let mut comparison = Comparison::new(Rule::Wire, writer.0, reader.0);
    comparison.records(writer.1, reader.1, 0);
    comparison.all()
}

/// Every set that a reader of all else may refuse, since items are equal to it that are not to the writer. No JSON Schema shows it, so
/// that an engine for schemas asks it here. Of sets within types of different structure it is undecided.
pub fn confusions(writer: (&Types, &[Field]), reader: (&Types, &[Field])) -> Vec<Mismatch> {
    if !reach_set(reader.0, reader.1.iter().map(|field| &field.shape).collect()) {
        return Vec::new();
    }
    let mut comparison = Comparison::new(Rule::Sets, writer.0, reader.0);
    comparison.records(writer.1, reader.1, 0);
    comparison.all()
}

/// Whether an expression of the type `from` converts to `to`: fields meet by name, numbers whose scale fits are checked for
/// their range when they are computed, and text of one kind is not taken for another.
pub(super) fn convertible(from: (&Types, &Shape), to: (&Types, &Shape)) -> Result<(), Mismatch> {
    converted(Rule::Convert, from, to)
}

/// The same, and text with one pattern is taken for text with another: whether it is takes automata, which are asked where there are
/// any. Without them the author is believed, and the text is checked when it is converted.
pub(super) fn trusted(from: (&Types, &Shape), to: (&Types, &Shape)) -> Result<(), Mismatch> {
    converted(Rule::Trust, from, to)
}

fn converted(rule: Rule, from: (&Types, &Shape), to: (&Types, &Shape)) -> Result<(), Mismatch> {
    let mut comparison = Comparison::new(rule, from.0, to.0);
    comparison.shapes(from.1, to.1, 0);
    comparison.first()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    Wire,
    Convert,
    /// As expressions convert, patterns aside.
    Trust,
    /// As on the wire, and only what becomes of sets.
    Sets,
}

impl Rule {
    fn name(self) -> fn(&Field) -> &str {
        match self {
            Rule::Wire | Rule::Sets => Field::wire_name,
            Rule::Convert | Rule::Trust => |field| &field.name.value,
        }
    }
}

/// Whether any of the shapes leads to a set.
fn reach_set<'a>(types: &'a Types, mut open: Vec<&'a Shape>) -> bool {
    let mut met = HashSet::new();
    while let Some(shape) = open.pop() {
        match &shape.kind {
            ShapeKind::Set(_) => return true,
            ShapeKind::List(item) | ShapeKind::Map(item) => open.push(item),
            ShapeKind::Record(fields) => open.extend(fields.iter().map(|field| &field.shape)),
            ShapeKind::Union(union) => open.extend(union.branches.iter().map(|(_, shape)| shape)),
            ShapeKind::Ref(name) if met.insert(name) => open.extend(types.get(name).map(|def| &def.shape)),
            ShapeKind::Ref(_) | ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
        }
    }
    false
}

/// One step from a shape to a part of it.
#[derive(Clone, Copy)]
enum Part<'a> {
    Field(&'a str),
    Item,
    Value,
    Branch(&'a str),
}

struct Comparison<'a> {
    rule: Rule,
    writers: &'a Types,
    readers: &'a Types,
    /// Pairs still to be compared, with their place.
    open: VecDeque<(&'a Shape, &'a Shape, usize)>,
    /// Pairs of shapes with parts that were compared or are about to be, by address.
    assumed: HashSet<(usize, usize)>,
    /// Places: the place around it and the step from there. Place 0 is the outermost.
    places: Vec<(usize, Option<Part<'a>>)>,
    found: VecDeque<Mismatch>,
}

impl<'a> Comparison<'a> {
    fn new(rule: Rule, writers: &'a Types, readers: &'a Types) -> Self {
        let (open, found) = (VecDeque::new(), VecDeque::new());
        Comparison { rule, writers, readers, open, assumed: HashSet::new(), places: vec![(0, None)], found }
    }

    fn first(mut self) -> Result<(), Mismatch> {
        loop {
            if let Some(mismatch) = self.found.pop_front() {
                return Err(mismatch);
            }
            match self.open.pop_front() {
                Some((writer, reader, at)) => self.pair(writer, reader, at),
                None => return Ok(()),
            }
        }
    }

    fn all(mut self) -> Vec<Mismatch> {
        while let Some((writer, reader, at)) = self.open.pop_front() {
            self.pair(writer, reader, at);
        }
        self.found.into()
    }

    fn shapes(&mut self, writer: &'a Shape, reader: &'a Shape, at: usize) {
        self.open.push_back((writer, reader, at));
    }

    fn inside(&mut self, at: usize, part: Part<'a>) -> usize {
        self.places.push((at, Some(part)));
        self.places.len() - 1
    }

    fn fail(&mut self, at: usize, why: String) {
        self.report(at, why, false);
    }

    fn report(&mut self, at: usize, why: String, undecided: bool) {
        if self.rule != Rule::Sets {
            self.tell(at, why, undecided);
        }
    }

    fn tell(&mut self, at: usize, why: String, undecided: bool) {
        let mut parts = Vec::new();
        let mut place = at;
        while let (around, Some(part)) = self.places[place] {
            parts.push(part);
            place = around;
        }
        let mut path = String::new();
        for part in parts.into_iter().rev() {
            match part {
                Part::Field(name) if path.is_empty() => path.push_str(name),
                Part::Field(name) => path.extend([".", name]),
                Part::Item => path.push_str("[]"),
                Part::Value => path.push_str("{}"),
                Part::Branch(tag) => path.extend(["<", tag, ">"]),
            }
        }
        self.found.push_back(Mismatch { path, why, undecided });
    }

    fn pair(&mut self, writer: &'a Shape, reader: &'a Shape, at: usize) {
        let (writer, reader) = (self.writers.resolve(writer), self.readers.resolve(reader));
        let mut result = Ok(());
        // Of one item there are no equal ones.
        let alone = writer.bounds.max_length.is_some_and(|most| most <= 1);
        match (&writer.kind, &reader.kind) {
            // Names that nothing defines are reported where they are written.
            (ShapeKind::Ref(_), _) | (_, ShapeKind::Ref(_)) => {}
            (_, ShapeKind::Scalar(Scalar::Json)) => {}
            (ShapeKind::List(w) | ShapeKind::Set(w), ShapeKind::List(r) | ShapeKind::Set(r))
                if matches!((&writer.kind, &reader.kind), (ShapeKind::Set(_), _) | (_, ShapeKind::List(_)))
                    || alone =>
            {
                if let Err(why) = lengths(&writer.bounds, &reader.bounds, "items") {
                    self.report(at, why, false);
                }
                let several = matches!(reader.kind, ShapeKind::Set(_)) && !alone;
                let items = ((self.writers, &**w), (self.readers, &**r));
                if let Some(why) = several.then(|| confused(items.0, items.1, self.rule.name())).flatten() {
                    self.tell(at, why, false);
                }
                if self.assume(writer, reader) {
                    let at = self.inside(at, Part::Item);
                    self.shapes(w, r, at);
                }
            }
            (ShapeKind::Map(w), ShapeKind::Map(r)) => {
                if let Err(why) = lengths(&writer.bounds, &reader.bounds, "members") {
                    self.report(at, why, false);
                }
                if self.assume(writer, reader) {
                    let at = self.inside(at, Part::Value);
                    self.shapes(w, r, at);
                }
            }
            (ShapeKind::Record(w), ShapeKind::Record(r)) => {
                if self.assume(writer, reader) {
                    self.records(w, r, at);
                }
            }
            (ShapeKind::Union(w), ShapeKind::Union(r)) => {
                if w.tag != r.tag {
                    result = Err(format!("names its branch in `{}`, not in `{}`", w.tag, r.tag));
                } else if self.assume(writer, reader) {
                    for (tag, branch) in &w.branches {
                        match r.branches.iter().find(|(known, _)| known.value == tag.value) {
                            Some((_, known)) => {
                                let at = self.inside(at, Part::Branch(&tag.value));
                                self.shapes(branch, known, at);
                            }
                            None => self.fail(at, format!("may be the unknown branch `{}`", tag.value)),
                        }
                    }
                }
            }
            _ => result = self.leaf(writer, reader),
        }
        match result {
            Err(_) if self.rule == Rule::Sets && reach_set(self.readers, vec![reader]) => {
                self.tell(at, "may have items that are equal to its readers".into(), true);
            }
            Err(why) => self.report(at, why, only_automata_tell(writer, reader)),
            Ok(()) => {}
        }
    }

    /// Assumes of a pair that it was compared; whether this is new.
    fn assume(&mut self, writer: &Shape, reader: &Shape) -> bool {
        self.assumed.insert((std::ptr::from_ref(writer).addr(), std::ptr::from_ref(reader).addr()))
    }

    fn records(&mut self, writer: &'a [Field], reader: &'a [Field], at: usize) {
        let name = self.rule.name();
        let by_name: std::collections::HashMap<&str, &Field> = writer.iter().map(|f| (name(f), f)).collect();
        let pairs: Vec<_> =
            reader.iter().map(|field| (name(field), by_name.get(name(field)).copied(), field)).collect();
        for (name, writer, reader) in pairs {
            let required = reader.presence == Presence::Required;
            let at = match (writer, required) {
                (None, false) => continue,
                _ => self.inside(at, Part::Field(name)),
            };
            match writer {
                None => self.fail(at, "is missing, but required".into()),
                Some(writer) => {
                    if required && writer.presence == Presence::Optional {
                        self.fail(at, "may be absent, but is required".into());
                    }
                    self.shapes(&writer.shape, &reader.shape, at);
                }
            }
        }
    }

    /// Shapes without parts.
    fn leaf(&self, writer: &Shape, reader: &Shape) -> Result<(), String> {
        use Scalar::{Bool, Id, Json, String as Text};
        let wire = matches!(self.rule, Rule::Wire | Rule::Sets);
        let other_kind = || Err(format!("is `{writer}`, not `{reader}`"));
        match (&writer.kind, &reader.kind) {
            (ShapeKind::Scalar(w), ShapeKind::Scalar(r)) => match (w, r) {
                _ if w.is_number() && r.is_number() => numbers(wire, (w, &writer.bounds), (r, &reader.bounds)),
                (Text, Text) if self.rule == Rule::Trust && writer.bounds.pattern.is_some() => {
                    lengths(&writer.bounds, &reader.bounds, "characters")
                }
                _ if w == r => texts(&writer.bounds, &reader.bounds),
                (Id(w), Id(r)) if w.starts_with(r.as_str()) => Ok(()),
                (Bool | Json, _) => other_kind(),
                (Id(prefix), Text) => {
                    let min_length = Some(prefix.chars().count() as u64 + 1);
                    texts(&Bounds { min_length, ..Bounds::default() }, &reader.bounds)
                }
                (_, Text) if wire && !w.is_number() => texts(&Bounds::default(), &reader.bounds),
                _ => other_kind(),
            },
            (ShapeKind::Enum(w), ShapeKind::Enum(r)) => enums(w, r),
            (ShapeKind::Enum(w), ShapeKind::Scalar(r)) if *r == Text || (wire && !w.open) => {
                if w.open {
                    return texts(&Bounds::default(), &reader.bounds);
                }
                let refused = w.values.iter().find_map(|value| scalar(value, true, reader).err());
                refused.map_or(Ok(()), |wrong| Err(format!("may be a text that is refused: {}", wrong.message)))
            }
            (ShapeKind::Scalar(w), ShapeKind::Enum(r))
                if wire && r.open && !w.is_number() && !matches!(w, Bool | Json) =>
            {
                Ok(())
            }
            _ => other_kind(),
        }
    }
}

/// Whether both are texts and it takes more than their bounds to compare them.
fn only_automata_tell(writer: &Shape, reader: &Shape) -> bool {
    let form = |shape: &Shape| match &shape.kind {
        ShapeKind::Scalar(Scalar::String) => Some(shape.bounds.pattern.is_some()),
        ShapeKind::Scalar(scalar) if !scalar.is_number() && !matches!(scalar, Scalar::Bool | Scalar::Json) => {
            Some(true)
        }
        _ => None,
    };
    form(writer).zip(form(reader)).is_some_and(|(writer, reader)| writer || reader)
}

fn enums(writer: &Enum, reader: &Enum) -> Result<(), String> {
    if reader.open {
        return Ok(());
    }
    if writer.open {
        return Err("may be a value that the closed enum does not know".into());
    }
    let known: HashSet<&str> = reader.values.iter().map(|value| value.value.as_str()).collect();
    match writer.values.iter().find(|value| !known.contains(value.value.as_str())) {
        Some(value) => Err(format!("may be `{value}`, which the closed enum does not know")),
        None => Ok(()),
    }
}

fn lengths(writer: &Bounds, reader: &Bounds, unit: &str) -> Result<(), String> {
    if let Some(min) = reader.min_length.filter(|min| writer.min_length.unwrap_or(0) < *min) {
        return Err(format!("may have fewer than {min} {unit}"));
    }
    if let Some(max) = reader.max_length.filter(|max| writer.max_length.is_none_or(|length| length > *max)) {
        return Err(format!("may have more than {max} {unit}"));
    }
    Ok(())
}

fn texts(writer: &Bounds, reader: &Bounds) -> Result<(), String> {
    lengths(writer, reader, "characters")?;
    match &reader.pattern {
        Some(pattern) if writer.pattern.as_ref() != Some(pattern) => {
            Err(format!("may not match the pattern `{pattern}`"))
        }
        _ => Ok(()),
    }
}

/// How many fraction digits a number has at most; a float has any.
pub(super) fn scale(scalar: &Scalar) -> Option<u32> {
    match scalar {
        Scalar::Decimal(scale) => Some(*scale),
        _ => scalar.integer_range().map(|_| 0),
    }
}

fn numbers(wire: bool, (w, writer): (&Scalar, &Bounds), (r, reader): (&Scalar, &Bounds)) -> Result<(), String> {
    match (scale(w), scale(r)) {
        (None, Some(_)) => return Err(format!("is `float`, which `{r}` does not hold exactly")),
        (Some(w), Some(most)) if w > most => {
            return Err(format!("may have {w} fraction digits, more than `{r}` holds"));
        }
        (Some(1..), None) if !wire => return Err(format!("is exact, which `{r}` is not")),
        _ => {}
    }
    let kind = |scalar: &Scalar| match scalar {
        Scalar::Decimal(scale) => (Some(-largest_decimal(*scale)), Some(largest_decimal(*scale))),
        _ => scalar.integer_range().unzip(),
    };
    // What both bound is bounded by the narrower one.
    let both = |pick: fn(Decimal, Decimal) -> Decimal, a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
        (Some(a), Some(b)) => Some(pick(a, b)),
        (a, b) => a.or(b),
    };
    let range = |(low, high), bounds: &Bounds| (both(Ord::max, low, bounds.min), both(Ord::min, high, bounds.max));
    let (low, high) = range(kind(w), writer);
    // The range of a decimal is so wide that whoever converts to it is not bothered with it before it overflows.
    let wide = !wire && matches!(r, Scalar::Decimal(_));
    let (least, most) = range(if wide { (None, None) } else { kind(r) }, reader);
    let can_be = |value: Option<Decimal>| value.map_or("any number".into(), |value| value.to_string());
    if let Some(least) = least.filter(|least| low.is_none_or(|low| low < *least)) {
        return Err(format!("can be {}, less than the minimum {least}", can_be(low)));
    }
    if let Some(most) = most.filter(|most| high.is_none_or(|high| high > *most)) {
        return Err(format!("can be {}, more than the maximum {most}", can_be(high)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::testing::{Page, fields};

    /// The first mismatch between fields written as YAML, with the types `T` of each side.
    fn wire(writer: &str, reader: &str) -> String {
        let mut page = Page::default();
        let writer = page.event("v1.0", writer);
        let reader = page.event("v1.1", reader);
        let found = mismatches((&writer.types, fields(&writer)), (&reader.types, fields(&reader)));
        found.iter().map(|it| format!("{} {}", it.path, it.why)).collect::<Vec<_>>().join("; ")
    }

    fn types(writer: &str, reader: &str) -> String {
        wire(&format!("fields: {{ x: {writer} }}"), &format!("fields: {{ x: {reader} }}"))
    }

    #[test]
    fn what_is_written_is_read() {
        for (writer, reader) in [
            ("string", "string"),
            ("int", "decimal(2)"),
            ("int", "decimal(9)"),
            ("uint32", "int"),
            ("int", "float"),
            ("decimal(4)", "float"),
            ("{ type: int, min: 0, max: 10 }", "uint32"),
            ("{ type: decimal(2), min: -5, max: 5 }", "decimal(4)"),
            ("{ type: int, min: 2 }", "{ type: int, min: 1 }"),
            ("id(order_x_)", "id(order_)"),
            ("id(order_)", "string"),
            ("id(order_)", "{ type: string, min_length: 7 }"),
            ("uuid", "string"),
            ("timestamp", "string"),
            ("{ type: string, format: email }", "{ type: string, format: uri }"),
            ("{ type: string, pattern: a, max_length: 3 }", "{ type: string, pattern: a, max_length: 4 }"),
            ("{ enum: [a, b] }", "{ enum: [b, a, c] }"),
            ("{ enum: [a, b], open: true }", "{ enum: [a], open: true }"),
            ("{ enum: [a, b] }", "{ type: string, max_length: 1 }"),
            ("{ enum: [a_1, a_2] }", "id(a_)"),
            ("{ enum: [a], open: true }", "string"),
            ("string", "{ enum: [a], open: true }"),
            ("set<int>", "list<int>"),
            ("set<int32>", "set<float>"),
            ("{ type: set<int>, max_length: 1 }", "set<float>"),
            ("{ type: list<int>, max_length: 1 }", "set<int>"),
            ("{ type: list<int>, max_length: 2 }", "{ type: list<int>, max_length: 3 }"),
            ("map<int>", "map<decimal(0)>"),
            ("list<map<int>>", "json"),
            ("string", "'string?'"),
            ("'string?'", "string = x"),
            ("string = x", "string"),
            ("{ fields: { a: int, b: int } }", "{ fields: { a: int, c: 'int?', d: int = 0 } }"),
            ("{ fields: { a: { type: int, wire: b } } }", "{ fields: { b: int } }"),
        ] {
            assert_eq!(types(writer, reader), "", "{writer} -> {reader}");
        }
    }

    #[test]
    fn what_is_not_read_is_said() {
        for (writer, reader, why) in [
            ("string", "int", "x is `string`, not `int`"),
            ("int", "string", "x is `int`, not `string`"),
            ("bool", "{ enum: [a], open: true }", "x is `bool`, not `enum`"),
            ("json", "string", "x is `json`, not `string`"),
            ("int", "int32", "x can be -9223372036854775808, less than the minimum -2147483648"),
            (
                "int",
                "decimal(10)",
                "x can be -9223372036854775808, less than the minimum -999999999999999999.9999999999",
            ),
            ("decimal(2)", "decimal(1)", "x may have 2 fraction digits, more than `decimal(1)` holds"),
            (
                "decimal(8)",
                "decimal(9)",
                "x can be -99999999999999999999.99999999, less than the minimum -9999999999999999999.999999999",
            ),
            ("decimal(2)", "int", "x may have 2 fraction digits, more than `int` holds"),
            ("float", "decimal(2)", "x is `float`, which `decimal(2)` does not hold exactly"),
            ("float", "{ type: float, max: 1 }", "x can be any number, more than the maximum 1"),
            ("{ type: int, min: 0 }", "{ type: int, min: 1 }", "x can be 0, less than the minimum 1"),
            ("string", "id(a_)", "x is `string`, not `id(a_)`"),
            ("id(a_)", "id(a_b_)", "x is `id(a_)`, not `id(a_b_)`"),
            ("id(a_)", "{ type: string, max_length: 9 }", "x may have more than 9 characters"),
            ("uuid", "{ type: string, min_length: 1 }", "x may have fewer than 1 characters"),
            ("uuid", "timestamp", "x is `uuid`, not `timestamp`"),
            ("string", "{ type: string, pattern: a }", "x may not match the pattern `a`"),
            ("{ enum: [a, b] }", "{ enum: [a] }", "x may be `b`, which the closed enum does not know"),
            ("{ enum: [a], open: true }", "{ enum: [a] }", "x may be a value that the closed enum does not know"),
            ("string", "{ enum: [a] }", "x is `string`, not `enum`"),
            (
                "{ enum: [a, bb] }",
                "{ type: string, max_length: 1 }",
                "x may be a text that is refused: 2 characters are more than the maximum of 1",
            ),
            ("list<int>", "set<int>", "x is `list<int>`, not `set<int>`"),
            ("list<int>", "{ type: list<int>, min_length: 1 }", "x may have fewer than 1 items"),
            ("list<map<string>>", "list<map<int>>", "x[]{} is `string`, not `int`"),
            ("'string?'", "string", "x may be absent, but is required"),
            ("{ fields: { a: int } }", "{ fields: { b: int, c: 'int?' } }", "x.b is missing, but required"),
            (
                "{ fields: { a: string, b: 'int?' } }",
                "{ fields: { a: int, b: int } }",
                "x.b may be absent, but is required; x.a is `string`, not `int`",
            ),
            (
                "{ oneof: { a: { fields: { n: string } }, b: { fields: { } } }, tag: k }",
                "{ oneof: { a: { fields: { n: int } } }, tag: k }",
                "x may be the unknown branch `b`; x<a>.n is `string`, not `int`",
            ),
            (
                "{ oneof: { a: { fields: { } } }, tag: k }",
                "{ oneof: { a: { fields: { } } }, tag: l }",
                "x names its branch in `k`, not in `l`",
            ),
        ] {
            assert_eq!(types(writer, reader), why, "{writer} -> {reader}");
        }
    }

    #[test]
    fn items_that_only_the_writer_tells_apart_are_found() {
        let of = |writer: &str, reader: &str| {
            let side = |fields: &str| format!("fields: {{ x: set<T> }}\ntypes: {{ T: {fields} }}");
            wire(&side(writer), &side(reader))
        };
        for (writer, reader, why) in [
            ("{ fields: { a: int } }", "{ fields: { a: int, b: 'int?' } }", ""),
            ("{ fields: { a: 'int?' } }", "{ fields: { a: 'int?' } }", ""),
            ("{ type: decimal(2), min: 0, max: 1000 }", "float", ""),
            ("uuid", "uuid", ""),
            ("string", "{ enum: [a], open: true }", ""),
            (
                "{ fields: { a: int, b: 'int?' } }",
                "{ fields: { a: int } }",
                "x may have items that differ only in `b`, which is not read",
            ),
            (
                "{ fields: { a: 'int?' } }",
                "{ fields: { a: int = 1 } }",
                "x may have items that differ only in whether `a` is its default or absent",
            ),
            (
                "{ oneof: { a: { fields: { n: int } } }, tag: k }",
                "{ oneof: { a: { fields: {} } }, tag: k }",
                "x may have items that differ only in `n`, which is not read",
            ),
            ("int", "float", "x may have items that are equal as `float`"),
            (
                "{ enum: [67E55044-10b1-426f-9247-bb680e5fe0c8, 67e55044-10b1-426f-9247-bb680e5fe0c8] }",
                "uuid",
                "x may have items that are equal as `uuid`",
            ),
        ] {
            assert_eq!(of(writer, reader), why, "{writer} -> {reader}");
        }
    }

    /// The comparison against the reading of literals: whatever one type takes, a type that is said to read it takes too.
    #[test]
    fn no_value_gets_lost_between_readable_types() {
        let types = [
            "string",
            "{ type: string, max_length: 3 }",
            "{ type: string, min_length: 2, pattern: '[0-9]' }",
            "id(a_)",
            "id(a_b)",
            "{ enum: [a_1, abc] }",
            "{ enum: [a_1] }",
            "{ enum: [abc], open: true }",
            "date",
            "duration",
            "bytes",
            "int",
            "int32",
            "uint",
            "uint32",
            "decimal(0)",
            "decimal(2)",
            "decimal(18)",
            "float",
            "{ type: int, min: 0, max: 5 }",
            "{ type: decimal(1), min: 0.5 }",
            "{ type: float, max: 10 }",
            "json",
        ];
        let texts = ["a_1", "abc", "a_b1", "2024-01-15", "PT1S", "AAA=", "a", ""];
        let numbers =
            ["0", "1", "-1", "5", "6", "0.5", "0.25", "3000000000", "-9e18", "1.8e19", "9e25", "1e27", "1e300"];
        let literals: Vec<(&str, bool)> =
            texts.map(|text| (text, true)).into_iter().chain(numbers.map(|number| (number, false))).collect();
        let mut page = Page::default();
        let versions = types.map(|ty| page.event("v1.0", &format!("fields: {{ x: {ty} }}")));
        let shapes: Vec<&Shape> = versions.iter().map(|version| &fields(version)[0].shape).collect();
        let empty = Types::default();
        let mut compared = 0;
        for (writer, w) in types.iter().zip(&shapes) {
            for (reader, r) in types.iter().zip(&shapes) {
                if readable((&empty, w), (&empty, r)).is_err() {
                    continue;
                }
                for (text, quoted) in literals.iter().filter(|(text, quoted)| scalar(text, *quoted, w).is_ok()) {
                    compared += 1;
                    assert!(scalar(text, *quoted, r).is_ok(), "{text}: {writer} -> {reader}");
                }
            }
        }
        assert!(compared > 300, "{compared}");
    }

    #[test]
    fn types_that_contain_themselves_are_compared_in_finite_time() {
        let node = |value: &str| {
            format!(
                "fields: {{ x: T }}\ntypes: {{ T: {{ fields: {{ value: {value}, left: 'T?', right: list<U> }} }}, U: {{ fields: {{ back: 'T?' }} }} }}"
            )
        };
        assert_eq!(wire(&node("int"), &node("decimal(0)")), "");
        assert_eq!(wire(&node("string"), &node("int")), "x.value is `string`, not `int`");
        let bare = |of: &str, x: &str| format!("fields: {{ x: {x}, y: T }}\ntypes: {{ T: {of}<T> }}");
        for of in ["list", "map"] {
            assert_eq!(wire(&bare(of, "int"), &bare(of, "string")), "x is `int`, not `string`");
        }
    }

    #[test]
    fn long_chains_of_types_do_not_exhaust_the_stack() {
        let name = |i: usize| crate::TypeName { context: "t".into(), name: format!("T{i}") };
        let one = Page::default().event("v1.0", "fields: { x: T0 }\ntypes: { T0: { fields: { x: 'T0?' } } }").types;
        let mut types = Types::default();
        for i in 0..100_000 {
            let mut def = one.get(&name(0)).cloned().unwrap();
            if let ShapeKind::Record(fields) = &mut def.shape.kind {
                fields[0].shape.kind = ShapeKind::Ref(name(i + 1));
            }
            types.0.insert(name(i), def);
        }
        let span = crate::Span::top(crate::FileId(0));
        let first = Shape::new(ShapeKind::Ref(name(0)), span);
        assert_eq!(readable((&types, &first), (&types.clone(), &first)), Ok(()));
    }
}
