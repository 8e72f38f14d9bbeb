//! A small payload of the old version that the new one does not read, so that people see what breaks. It is built along the
//! path of a row, and given only where it is known to be what the old version writes and the new one refuses.

use super::{Change, Record, Row};
use isobar_model::{
    Diagnostics, Field, FileId, Presence, Shape, ShapeKind, Span, Types, Value,
    expr::{self, Expr, ExprKind},
    shape::{Bounds, Scalar},
};
use rust_decimal::Decimal;
use std::cell::Cell;

/// How deeply small values are nested at most.
const DEPTH: usize = 32;

/// What a producer of `old` may write and a consumer of `new` refuses, because of `row`, which is not backward.
pub fn witness(old: Record<'_>, new: Record<'_>, row: &Row) -> Option<Value> {
    let path = steps(&row.path);
    let absent = matches!(row.change, Change::Added | Change::Presence) && !row.path.ends_with('>');
    let builder = Builder { old: old.types, new: new.types, absent, wanted: row };
    let payload = Value::Record(builder.record(old.fields, Some(new.fields), &path)?);
    let mut wrong = Diagnostics::default();
    expr::payload(&expression(&payload), old.fields, old.types, &mut wrong)?;
    (wrong.is_empty() && is_refused(&payload, new)).then_some(payload)
}

/// Whether a consumer refuses the payload. Where payloads cannot be read, nothing is known to be refused.
fn is_refused(payload: &Value, reader: Record<'_>) -> bool {
    #[cfg(feature = "payload")]
    return crate::payload::read(crate::schema::Json::from(payload).to_string().as_bytes(), reader).is_err();
    #[cfg(not(feature = "payload"))]
    return {
        let _ = (payload, reader);
        false
    };
}

/// The steps of a row's path: names, `[]`, `{}` and `<branch>`.
fn steps(path: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in path.split('.') {
        let mut rest = part;
        while let Some(at) = rest.char_indices().skip(1).find(|(_, c)| "[{<".contains(*c)).map(|(at, _)| at) {
            out.push(&rest[..at]);
            rest = &rest[at..];
        }
        out.push(rest);
    }
    out
}

struct Builder<'a> {
    old: &'a Types,
    new: &'a Types,
    /// Whether it is the absence of the last step that breaks.
    absent: bool,
    wanted: &'a Row,
}

impl Builder<'_> {
    /// A record's members; those that the path does not lead through as small as they may be.
    fn record(&self, old: &[Field], new: Option<&[Field]>, path: &[&str]) -> Option<Vec<(String, Value)>> {
        let (first, rest) = path.split_first()?;
        let target = new.and_then(|fields| fields.iter().find(|field| field.name.value == *first));
        let mut out = Vec::new();
        for field in old {
            let on_path = match target {
                Some(target) => field.wire_name() == target.wire_name(),
                None => field.name.value == *first,
            };
            let value = match (&field.presence, on_path) {
                (Presence::Optional, true) if self.absent && rest.is_empty() => continue,
                (_, true) => self.value(&field.shape, target.map(|field| &field.shape), rest)?,
                (Presence::Optional, false) => continue,
                (_, false) => Samples::new(self.old).member(field, DEPTH)?,
            };
            out.push((field.wire_name().to_owned(), value));
        }
        Some(out)
    }

    fn value(&self, old: &Shape, new: Option<&Shape>, path: &[&str]) -> Option<Value> {
        let old = self.old.resolve(old);
        let new = new.map(|shape| self.new.resolve(shape));
        let Some((first, rest)) = path.split_first() else {
            return self.breaking(old, new?);
        };
        Some(match &old.kind {
            ShapeKind::List(item) | ShapeKind::Set(item) if *first == "[]" => {
                Value::List(vec![self.value(item, new.and_then(inner), rest)?])
            }
            ShapeKind::Map(item) if *first == "{}" => {
                Value::Record(vec![("key".into(), self.value(item, new.and_then(inner), rest)?)])
            }
            ShapeKind::Record(fields) => {
                let new = match new.map(|shape| &shape.kind) {
                    Some(ShapeKind::Record(fields)) => Some(fields.as_slice()),
                    _ => None,
                };
                Value::Record(self.record(fields, new, path)?)
            }
            ShapeKind::Union(union) => {
                let name = first.strip_prefix('<')?.strip_suffix('>')?;
                let (_, shape) = union.branches.iter().find(|(value, _)| value.value == name)?;
                let target = match new.map(|shape| &shape.kind) {
                    Some(ShapeKind::Union(it)) => it.branches.iter().find(|(value, _)| value.value == name),
                    _ => None,
                };
                let branch = match target {
                    Some((_, target)) if !rest.is_empty() => self.value(shape, Some(target), rest)?,
                    _ => Samples::new(self.old).smallest(shape, DEPTH)?,
                };
                tagged(&union.tag, name, branch)
            }
            _ => return None,
        })
    }

    /// A value of `old` that is none of `new`.
    fn breaking(&self, old: &Shape, new: &Shape) -> Option<Value> {
        if let (Change::Removed, Some(gone)) = (self.wanted.change, &self.wanted.old) {
            return Some(Value::String(gone.clone()));
        }
        Samples::new(self.old).candidates(old, DEPTH).into_iter().chain(just_outside(new)).find(|value| {
            let mut wrong = Diagnostics::default();
            let written = expression(value);
            expr::literal(&written, old, self.old, &mut wrong).is_some()
                && expr::literal(&written, new, self.new, &mut wrong).is_none()
        })
    }
}

/// Values just outside of a reader's bounds; whether a writer may write them is for the caller to see.
fn just_outside(reader: &Shape) -> Vec<Value> {
    let Bounds { min, max, min_length, max_length, .. } = &*reader.bounds;
    let ShapeKind::Scalar(scalar) = &reader.kind else { return Vec::new() };
    let (low, high) = scalar.integer_range().map_or((None, None), |(low, high)| (Some(low), Some(high)));
    let above = [max, &high].into_iter().flatten().filter_map(|n| n.checked_add(Decimal::ONE));
    let below = [min, &low].into_iter().flatten().filter_map(|n| n.checked_sub(Decimal::ONE));
    let longer = max_length.map(|n| n.saturating_add(1)).into_iter().chain(min_length.map(|n| n.saturating_sub(1)));
    let texts = longer.filter(|n| *n <= 256).map(|n| Value::String("a".repeat(n as usize)));
    above.chain(below).map(|n| Value::Number(n.normalize())).chain(texts).collect()
}

fn inner(shape: &Shape) -> Option<&Shape> {
    match &shape.kind {
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => Some(item),
        _ => None,
    }
}

fn tagged(tag: &str, value: &str, branch: Value) -> Value {
    let mut members = vec![(tag.to_owned(), Value::String(value.to_owned()))];
    if let Value::Record(rest) = branch {
        members.extend(rest);
    }
    Value::Record(members)
}

/// Makes small values. Types may hold themselves in ways that end only far off, so that depth and work are bounded.
struct Samples<'a> {
    types: &'a Types,
    fuel: Cell<u32>,
}

impl<'a> Samples<'a> {
    fn new(types: &'a Types) -> Self {
        Samples { types, fuel: Cell::new(2_000) }
    }

    /// A small value of a shape; `None` where only the author could give one, such as text of a pattern.
    fn smallest(&self, shape: &Shape, depth: usize) -> Option<Value> {
        self.fuel.set(self.fuel.get().checked_sub(1)?);
        if let ShapeKind::Ref(name) = &shape.kind
            && let Some(example) = self.types.get(name).and_then(|def| def.example.as_ref())
        {
            return Some(example.value.clone());
        }
        if depth == 0 {
            return None;
        }
        self.candidates(self.types.resolve(shape), depth - 1).into_iter().next()
    }

    /// Values of a shape that is no reference, the smallest first, and those at its bounds.
    fn candidates(&self, shape: &Shape, depth: usize) -> Vec<Value> {
        let Bounds { min_length, max_length, .. } = &*shape.bounds;
        let least = usize::try_from(min_length.unwrap_or(0)).unwrap_or(usize::MAX).min(256);
        let most = max_length.and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= 256);
        let text = |text: &str| vec![Value::String(text.to_owned())];
        match &shape.kind {
            ShapeKind::Scalar(scalar) => match scalar {
                Scalar::String if shape.bounds.pattern.is_some() => Vec::new(),
                Scalar::String => {
                    // At least one character where that is allowed, to look like text.
                    let lengths = [least.max(1).min(most.unwrap_or(1)), least, most.unwrap_or(least + 1)];
                    lengths.iter().map(|n| Value::String("a".repeat(*n))).collect()
                }
                Scalar::Bool => vec![Value::Bool(true)],
                Scalar::Uuid => text("01890a5d-ac96-774b-bcce-b302099a8057"),
                Scalar::Timestamp => text("2024-01-15T10:30:00Z"),
                Scalar::Date => text("2024-01-15"),
                Scalar::Duration => text("PT30S"),
                Scalar::Bytes if least == 0 => text(""),
                Scalar::Bytes => Vec::new(),
                Scalar::Json => vec![Value::Record(Vec::new()), Value::Bool(true)],
                Scalar::Id(prefix) => text(&format!("{prefix}1")),
                _ => numbers(scalar, &shape.bounds),
            },
            ShapeKind::Enum(it) => {
                let unknown = it.open.then(|| Value::String("not known yet".into()));
                it.values.iter().map(|value| Value::String(value.value.clone())).chain(unknown).collect()
            }
            ShapeKind::Set(_) if least > 1 => Vec::new(),
            ShapeKind::List(item) | ShapeKind::Set(item) => {
                let items: Option<Vec<Value>> = (0..least).map(|_| self.smallest(item, depth)).collect();
                items.map(Value::List).into_iter().collect()
            }
            ShapeKind::Map(item) => {
                let members = (0..least).map(|i| Some((format!("key{i}"), self.smallest(item, depth)?)));
                members.collect::<Option<_>>().map(Value::Record).into_iter().collect()
            }
            ShapeKind::Record(fields) => {
                let members = fields.iter().filter(|field| field.presence != Presence::Optional);
                let members = members.map(|field| Some((field.wire_name().to_owned(), self.member(field, depth)?)));
                members.collect::<Option<_>>().map(Value::Record).into_iter().collect()
            }
            ShapeKind::Union(union) => {
                let mut branches = union.branches.iter();
                let found = branches.find_map(|(value, shape)| Some((value, self.smallest(shape, depth)?)));
                found.map(|(value, branch)| tagged(&union.tag, value, branch)).into_iter().collect()
            }
            ShapeKind::Ref(_) => Vec::new(),
        }
    }

    /// What a producer writes for a field.
    fn member(&self, field: &Field, depth: usize) -> Option<Value> {
        match (&field.presence, &field.example) {
            (Presence::Default(value), _) => Some(value.clone()),
            (_, Some(example)) => Some(example.value.clone()),
            _ => self.smallest(&field.shape, depth),
        }
    }
}

/// Small numbers within their bounds, and those at them.
fn numbers(scalar: &Scalar, bounds: &Bounds) -> Vec<Value> {
    let limits = scalar.integer_range();
    let step = match scalar {
        Scalar::Decimal(scale) => Decimal::new(1, *scale),
        Scalar::Float => Decimal::new(15, 1),
        _ => Decimal::ONE,
    };
    let (low, high) = limits.map_or((None, None), |(low, high)| (Some(low), Some(high)));
    let known = [Decimal::ONE, Decimal::ZERO, step, -step].map(Some);
    let fits = |n: &Decimal| {
        [bounds.min, low].into_iter().flatten().all(|min| *n >= min)
            && [bounds.max, high].into_iter().flatten().all(|max| *n <= max)
    };
    let all = known.into_iter().chain([bounds.min, bounds.max, low, high]).flatten().filter(fits);
    all.map(|n| Value::Number(n.normalize())).collect()
}

/// A value as the literal that an author would write.
fn expression(value: &Value) -> Expr {
    let span = Span::top(FileId(0));
    let plain = |text: String| ExprKind::Literal { text, quoted: false };
    let kind = match value {
        Value::Null => plain("null".into()),
        Value::Bool(flag) => plain(flag.to_string()),
        Value::Number(number) => plain(number.to_string()),
        Value::Float(number) => plain(format!("{number:?}")),
        Value::String(text) => ExprKind::Literal { text: text.clone(), quoted: true },
        Value::List(items) => ExprKind::List(items.iter().map(expression).collect()),
        Value::Record(members) => {
            ExprKind::Record(members.iter().map(|(key, value)| ((key.clone(), span), expression(value))).collect())
        }
    };
    Expr { span, kind }
}
