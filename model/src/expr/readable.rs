//! The one structural comparison of types: is every value that a writer can write a value that a reader reads? Asked of the
//! wire when versions are compared, and of conversions when an expression meets its target. Recursive types are compared by
//! assuming what is being shown; nothing recurses, so that no chain of types exhausts the stack. Nothing is reported here.

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

/// Whether an expression of the type `from` converts to `to`: fields meet by name, numbers whose scale fits are checked for
/// their range when they are computed, and text of one kind is not taken for another.
pub(super) fn convertible(from: (&Types, &Shape), to: (&Types, &Shape)) -> Result<(), Mismatch> {
    let mut comparison = Comparison::new(Rule::Convert, from.0, to.0);
    comparison.shapes(from.1, to.1, 0);
    comparison.first()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    Wire,
    Convert,
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
    /// Pairs of records and unions that were compared or are about to be, by address.
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
        self.found.push_back(Mismatch { path, why });
    }

    fn pair(&mut self, writer: &'a Shape, reader: &'a Shape, at: usize) {
        let (writer, reader) = (self.writers.resolve(writer), self.readers.resolve(reader));
        let mut result = Ok(());
        match (&writer.kind, &reader.kind) {
            // Names that nothing defines are reported where they are written.
            (ShapeKind::Ref(_), _) | (_, ShapeKind::Ref(_)) => {}
            (_, ShapeKind::Scalar(Scalar::Json)) => {}
            (ShapeKind::List(w) | ShapeKind::Set(w), ShapeKind::List(r)) | (ShapeKind::Set(w), ShapeKind::Set(r)) => {
                result = lengths(&writer.bounds, &reader.bounds, "items");
                let at = self.inside(at, Part::Item);
                self.shapes(w, r, at);
            }
            (ShapeKind::Map(w), ShapeKind::Map(r)) => {
                result = lengths(&writer.bounds, &reader.bounds, "members");
                let at = self.inside(at, Part::Value);
                self.shapes(w, r, at);
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
        if let Err(why) = result {
            self.fail(at, why);
        }
    }

    /// Assumes of a pair that it was compared; whether this is new.
    fn assume(&mut self, writer: &Shape, reader: &Shape) -> bool {
        self.assumed.insert((std::ptr::from_ref(writer).addr(), std::ptr::from_ref(reader).addr()))
    }

    fn records(&mut self, writer: &'a [Field], reader: &'a [Field], at: usize) {
        let name = |field: &'a Field| match self.rule {
            Rule::Wire => field.wire_name(),
            Rule::Convert => &field.name.value,
        };
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
        let wire = self.rule == Rule::Wire;
        let other_kind = || Err(format!("is `{writer}`, not `{reader}`"));
        match (&writer.kind, &reader.kind) {
            (ShapeKind::Scalar(w), ShapeKind::Scalar(r)) => match (w, r) {
                _ if w.is_number() && r.is_number() => numbers(self.rule, (w, &writer.bounds), (r, &reader.bounds)),
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

fn numbers(rule: Rule, (w, writer): (&Scalar, &Bounds), (r, reader): (&Scalar, &Bounds)) -> Result<(), String> {
    match (scale(w), scale(r)) {
        (None, Some(_)) => return Err(format!("is `float`, which `{r}` does not hold exactly")),
        (Some(w), Some(most)) if w > most => {
            return Err(format!("has up to {w} fraction digits, more than `{r}` holds"));
        }
        (Some(1..), None) if rule == Rule::Convert => return Err(format!("is exact, which `{r}` is not")),
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
    let wide = rule == Rule::Convert && matches!(r, Scalar::Decimal(_));
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
