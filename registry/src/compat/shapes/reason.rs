//! The kinds of findings, and how they are said.

use crate::compat::leaf;
use isobar_model::{Shape, ShapeKind, shape::Scalar};
use std::fmt;

/// Why something that may be written is not read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// A field that consumers need is not written.
    Missing,
    /// A field that consumers need may be absent.
    Absent,
    /// The value is of another kind.
    Kind,
    /// It is none of the values that consumers know.
    Value,
    /// It is a branch that consumers do not know.
    Branch,
    /// The number is out of range.
    Range,
    /// The number has more digits behind the point.
    Multiple,
    /// The text is too long or too short.
    Length,
    /// The text does not match.
    Pattern,
    /// There are too many items, or too few.
    Items,
    /// An item is there twice.
    Repeated,
    /// A map has too many values, or too few.
    Count,
    /// It was not decided.
    Undecided,
}

impl Reason {
    /// Every reason with the name of its code.
    pub const NAMES: [(Reason, &'static str); 13] = [
        (Reason::Missing, "compat-missing"),
        (Reason::Absent, "compat-missing"),
        (Reason::Kind, "compat-kind"),
        (Reason::Value, "compat-value"),
        (Reason::Branch, "compat-branch"),
        (Reason::Range, "compat-range"),
        (Reason::Multiple, "compat-multiple"),
        (Reason::Length, "compat-length"),
        (Reason::Pattern, "compat-pattern"),
        (Reason::Items, "compat-items"),
        (Reason::Repeated, "compat-repeated"),
        (Reason::Count, "compat-count"),
        (Reason::Undecided, "compat-undecided"),
    ];

    /// The name of its code.
    pub fn code(self) -> &'static str {
        Reason::NAMES.iter().find(|(reason, _)| *reason == self).map_or("", |(_, name)| name)
    }

    /// Why values of a shape may not be of another one, both resolved, where nothing inside of them is to blame.
    pub(super) fn between(writer: &Shape, reader: &Shape) -> Reason {
        use ShapeKind::{Enum, List, Map, Set};
        match (&writer.kind, &reader.kind) {
            (_, Enum(_)) if is_text(writer) => Reason::Value,
            (ShapeKind::Scalar(w), ShapeKind::Scalar(r)) if w.is_number() && r.is_number() => {
                if digits(r) < digits(w) {
                    Reason::Multiple
                } else {
                    Reason::Range
                }
            }
            (_, ShapeKind::Scalar(Scalar::String)) if is_text(writer) => match reader.bounds.pattern {
                Some(_) if writer.bounds.pattern != reader.bounds.pattern => Reason::Pattern,
                _ => Reason::Length,
            },
            (ShapeKind::Scalar(Scalar::Bytes), ShapeKind::Scalar(Scalar::Bytes)) => Reason::Length,
            (_, ShapeKind::Scalar(_)) if is_text(writer) && is_text(reader) => Reason::Pattern,
            (List(_), Set(_)) => Reason::Repeated,
            (List(_) | Set(_), List(_) | Set(_)) => Reason::Items,
            (Map(_), Map(_)) => Reason::Count,
            _ => Reason::Kind,
        }
    }
}

/// What is wrong, as the end of a sentence about the place.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Missing => "is missing, but required",
            Reason::Absent => "may be absent, but is required",
            Reason::Kind => "is of another kind",
            Reason::Value => "may be another value",
            Reason::Branch => "may be an unknown branch",
            Reason::Range => "may be out of range",
            Reason::Multiple => "may have more fraction digits",
            Reason::Length => "may be shorter or longer",
            Reason::Pattern => "may not match",
            Reason::Items => "may have fewer or more items",
            Reason::Repeated => "may have equal items",
            Reason::Count => "may have fewer or more values",
            Reason::Undecided => "is not decided",
        })
    }
}

fn is_text(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Scalar(scalar) => !scalar.is_number() && !matches!(scalar, Scalar::Bool | Scalar::Json),
        ShapeKind::Enum(_) => true,
        _ => false,
    }
}

/// Digits behind the point, at most.
fn digits(scalar: &Scalar) -> u32 {
    match scalar {
        Scalar::Decimal(scale) => *scale,
        Scalar::Float => u32::MAX,
        _ => 0,
    }
}

/// "consumers read `x` as `int32`, and it is written as `int`"
pub(super) fn differently(path: &str, writer: &Shape, reader: &Shape) -> String {
    if let (ShapeKind::Enum(w), ShapeKind::Enum(r)) = (&writer.kind, &reader.kind) {
        if w.open {
            return format!("consumers know a closed list of values of `{path}`; any text may be written");
        }
        let known = |value: &str| r.values.iter().any(|it| it.value == value);
        let unknown = w.values.iter().map(|value| value.value.as_str()).filter(|value| !known(value));
        let unknown: Vec<String> = unknown.map(|value| format!("`{value}`")).collect();
        return format!("consumers of `{path}` do not know {}, which it may be", unknown.join(", "));
    }
    let (written, read) = (leaf::written(writer, &writer.bounds), leaf::written(reader, &reader.bounds));
    match written == read {
        true => format!("consumers refuse some of what is written for `{path}`"),
        false => format!("consumers read `{path}` as `{read}`; it is written as `{written}`"),
    }
}
