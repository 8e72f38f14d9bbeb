//! Interprets checked expressions over payloads, with the operators of [`isobar::ops`], so that the result is the one that
//! generated code has. Types are not checked again; a value is held to its bounds where it is made, so that the first error is the one
//! that generated code reports.

use super::{
    data::{Data, bounded, literal},
    statics,
};
use isobar::{Invalid, Problem, UpcastError, ops};
use isobar_model::{
    Field, Presence, Shape, ShapeKind, Types,
    expr::{Function, Operator, Root, Side, Step, Ty, Typed, TypedKind},
    shape::Scalar,
};
use std::{cmp::Ordering, collections::BTreeMap};

/// What an expression is evaluated over.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The payload that `$` stands for.
    pub source: &'a Data,
    /// The state that `self` stands for, where there is one.
    pub state: Option<&'a Data>,
    /// What of either is not known.
    pub unknown: &'a [Unknown],
    /// The table of types of the source.
    pub source_types: &'a Types,
    /// The table of types of what is written.
    pub target_types: &'a Types,
}

/// A part of what is read that has a value which is not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What it is a part of.
    pub root: Root,
    /// Its path, by names on the wire.
    pub path: Vec<String>,
    /// Why it is not known.
    pub why: String,
}

/// The value of an expression.
///
/// # Errors
/// A number that does not fit; [`UpcastError::Hook`] for what cannot be known here: a hook (which is Rust code), `new_id()` and
/// `now()`, the envelope, and all that rests on one of [`Scope::unknown`].
pub fn eval(typed: &Typed, scope: Scope<'_>) -> Result<Data, UpcastError> {
    let inner = |typed: &Typed| eval(typed, scope);
    Ok(match &typed.kind {
        TypedKind::Literal(value) => match value {
            isobar_model::Value::Null if typed.ty.optional => Data::Absent,
            _ => literal(value, &typed.ty.shape, scope.types(&typed.ty))?,
        },
        TypedKind::Path(root, steps) => {
            let start = match root {
                Root::Source => scope.source,
                Root::State => scope.state.ok_or_else(|| not_here("the state"))?,
                Root::Meta => return Err(not_here("the envelope")),
            };
            if let Some(unknown) = scope.unknown.iter().find(|it| it.root == *root && it.touches(steps)) {
                return Err(UpcastError::Hook(unknown.why.clone()));
            }
            let found = steps.iter().try_fold(start, |data, step| data.get(&step.wire));
            found.cloned().unwrap_or(Data::Absent)
        }
        TypedKind::List(items) => {
            let types = scope.types(&typed.ty);
            let (ShapeKind::List(item) | ShapeKind::Set(item)) = &types.resolve(&typed.ty.shape).kind else {
                return Err(mistyped());
            };
            Data::List(ops::each(items, |it| bounded(inner(it)?, types.resolve(item)))?)
        }
        TypedKind::Record(members) => record(members, typed, scope)?,
        TypedKind::Unary(operator, operand) => match (operator, inner(operand)?) {
            (Operator::Negate, Data::Number(number)) => Data::Number(ops::neg(number)),
            (Operator::Negate, Data::Float(number)) => Data::Float(-number),
            (Operator::Not, Data::Bool(flag)) => Data::Bool(!flag),
            _ => return Err(mistyped()),
        },
        TypedKind::Binary(operator, left, right) => binary(*operator, left, right, scope)?,
        TypedKind::Call(function, arguments) => {
            let arguments: Vec<Data> = arguments.iter().map(inner).collect::<Result<_, _>>()?;
            call(*function, &arguments)?
        }
        TypedKind::Hook(name) => {
            let message = format!("`fn({name})` is written in Rust, and only the program that holds it can run it");
            return Err(UpcastError::Hook(message));
        }
        TypedKind::Convert(operand) => {
            let from = (scope.types(&operand.ty), &operand.ty.shape);
            convert(inner(operand)?, from, (scope.types(&typed.ty), &typed.ty.shape))?
        }
    })
}

impl Unknown {
    /// Whether a path leads through it, or to what it is a part of.
    fn touches(&self, steps: &[Step]) -> bool {
        self.path.iter().zip(steps).all(|(name, step)| *name == step.wire)
    }
}

impl<'a> Scope<'a> {
    /// A payload that is known, and no state.
    pub fn of(source: &'a Data, source_types: &'a Types, target_types: &'a Types) -> Scope<'a> {
        Scope { source, state: None, unknown: &[], source_types, target_types }
    }

    fn types(&self, ty: &Ty) -> &'a Types {
        match ty.side {
            Side::Source => self.source_types,
            Side::Target => self.target_types,
        }
    }
}

fn not_here(what: &str) -> UpcastError {
    UpcastError::Hook(format!("{what} cannot be read here"))
}

fn fresh(what: &str) -> UpcastError {
    UpcastError::Hook(format!("`{what}` is another value every time"))
}

/// An expression that was checked never is.
fn mistyped() -> UpcastError {
    Invalid::from(Problem::WrongType { expected: "a value of its type", found: "another" }).into()
}

/// The same error, seen from the record that the field is of.
pub(super) fn at_field(error: UpcastError, field: &Field) -> UpcastError {
    match error {
        UpcastError::Invalid(invalid) => invalid.at_field(statics::text(field.wire_name())).into(),
        other => other,
    }
}

/// In declared order, each held to its bounds before the next is computed, as generated code does.
fn record(members: &[(String, Typed)], typed: &Typed, scope: Scope<'_>) -> Result<Data, UpcastError> {
    let types = scope.types(&typed.ty);
    let ShapeKind::Record(fields) = &types.resolve(&typed.ty.shape).kind else {
        return Err(mistyped());
    };
    let mut out = Vec::with_capacity(members.len());
    for field in fields {
        let Some((_, value)) = members.iter().find(|(name, _)| *name == field.name.value) else { continue };
        let made = eval(value, scope).and_then(|data| bounded(data, types.resolve(&field.shape)));
        match made.map_err(|error| at_field(error, field))? {
            Data::Absent => {}
            data => out.push((field.wire_name().to_owned(), data)),
        }
    }
    Ok(Data::Record(out))
}

fn binary(operator: Operator, left: &Typed, right: &Typed, scope: Scope<'_>) -> Result<Data, UpcastError> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let operand = |typed: &Typed| match operator {
        Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual => compared(typed, scope),
        _ => eval(typed, scope),
    };
    let a = operand(left)?;
    // The right side of these is not looked at where the left one decides.
    match (operator, &a) {
        (Operator::Coalesce, Data::Absent) => return eval(right, scope),
        (Operator::Coalesce, _) | (Operator::And, Data::Bool(false)) | (Operator::Or, Data::Bool(true)) => {
            return Ok(a);
        }
        _ => {}
    }
    let b = operand(right)?;
    Ok(match operator {
        Operator::And | Operator::Or => b,
        Operator::Equal => Data::Bool(a == b),
        Operator::NotEqual => Data::Bool(a != b),
        Operator::Less => Data::Bool(compare(&a, &b, left, scope)? == Some(Ordering::Less)),
        Operator::LessOrEqual => Data::Bool(compare(&a, &b, left, scope)?.is_some_and(Ordering::is_le)),
        Operator::Greater => Data::Bool(compare(&a, &b, left, scope)? == Some(Ordering::Greater)),
        Operator::GreaterOrEqual => Data::Bool(compare(&a, &b, left, scope)?.is_some_and(Ordering::is_ge)),
        _ => match (operator, a, b) {
            (Operator::Add, Data::Number(a), Data::Number(b)) => Data::Number(ops::add(a, b)?),
            (Operator::Subtract, Data::Number(a), Data::Number(b)) => Data::Number(ops::sub(a, b)?),
            (Operator::Multiply, Data::Number(a), Data::Number(b)) => Data::Number(ops::mul(a, b)?),
            (Operator::Add, Data::Float(a), Data::Float(b)) => Data::Float(ops::add_f64(a, b)?),
            (Operator::Subtract, Data::Float(a), Data::Float(b)) => Data::Float(ops::sub_f64(a, b)?),
            (Operator::Multiply, Data::Float(a), Data::Float(b)) => Data::Float(ops::mul_f64(a, b)?),
            (Operator::Add, Data::Text(a), Data::Text(b)) => Data::Text(ops::concat(&a, &b)),
            _ => return Err(mistyped()),
        },
    })
}

/// One side of a comparison. A literal is of the other side's type, but not held to its bounds: what no value can be equal to is
/// not equal to this one either.
fn compared(typed: &Typed, scope: Scope<'_>) -> Result<Data, UpcastError> {
    match &typed.kind {
        TypedKind::Literal(value) if *value != isobar_model::Value::Null => {
            let types = scope.types(&typed.ty);
            let shape = types.resolve(&typed.ty.shape);
            Ok(literal(value, &Shape::new(shape.kind.clone(), shape.span), types)?)
        }
        _ => eval(typed, scope),
    }
}

/// Numbers, instants, dates and lengths of time in their order; an absent value stands in none.
fn compare(a: &Data, b: &Data, left: &Typed, scope: Scope<'_>) -> Result<Option<Ordering>, UpcastError> {
    let text = |error: Problem| UpcastError::from(Invalid::from(error));
    Ok(match (a, b) {
        (Data::Number(a), Data::Number(b)) => Some(a.cmp(b)),
        (Data::Float(a), Data::Float(b)) => a.partial_cmp(b),
        (Data::Text(a), Data::Text(b)) => match &scope.types(&left.ty).resolve(&left.ty.shape).kind {
            ShapeKind::Scalar(Scalar::Timestamp) => {
                Some(isobar::parse_timestamp(a).map_err(text)?.cmp(&isobar::parse_timestamp(b).map_err(text)?))
            }
            ShapeKind::Scalar(Scalar::Duration) => {
                Some(isobar::parse_duration(a).map_err(text)?.cmp(&isobar::parse_duration(b).map_err(text)?))
            }
            // Dates of four-digit years are in the order of their text.
            _ => Some(a.cmp(b)),
        },
        _ => None,
    })
}

fn call(function: Function, arguments: &[Data]) -> Result<Data, UpcastError> {
    Ok(match (function, arguments) {
        (Function::NewId, []) => return Err(fresh("new_id()")),
        (Function::Now, []) => return Err(fresh("now()")),
        (Function::Split, [Data::Text(text), Data::Text(separator), Data::Number(index)]) => {
            // An index beyond every part gives what a missing part gives.
            let index = ops::to_u32(*index).map_or(usize::MAX, |n| n as usize);
            Data::Text(ops::split(text, separator, index))
        }
        (Function::Join, [Data::List(parts), Data::Text(separator)]) => {
            let text = |part: &Data| if let Data::Text(text) = part { Some(text.clone()) } else { None };
            let parts: Vec<String> = parts.iter().map(text).collect::<Option<_>>().ok_or_else(mistyped)?;
            Data::Text(ops::join(&parts, separator))
        }
        (Function::Cents, [Data::Number(amount)]) => Data::Number(ops::cents(*amount)?.into()),
        (Function::Lower, [Data::Text(text)]) => Data::Text(ops::lower(text)),
        (Function::Upper, [Data::Text(text)]) => Data::Text(ops::upper(text)),
        (Function::Len, [Data::Text(text)]) => Data::Number(ops::len_str(text).into()),
        (Function::Len, [Data::List(items)]) => Data::Number(items.len().into()),
        (Function::Len, [Data::Record(members)]) => Data::Number(members.len().into()),
        _ => return Err(mistyped()),
    })
}

/// A value of one type as the same value of another. Records meet by the names of their fields, which may differ on the wire.
fn convert(data: Data, from: (&Types, &Shape), to: (&Types, &Shape)) -> Result<Data, UpcastError> {
    let (source, target) = (from.0.resolve(from.1), to.0.resolve(to.1));
    let made = match (data, &source.kind, &target.kind) {
        (Data::Absent, _, _) => Data::Absent,
        (Data::Json(text), _, _) => Data::Json(text),
        (data, _, ShapeKind::Scalar(Scalar::Json)) => {
            Data::Json(super::data::write(&data).map_err(|_| UpcastError::Overflow)?)
        }
        (Data::Number(number), _, ShapeKind::Scalar(scalar)) => match scalar {
            Scalar::Int => Data::Number(ops::to_i64(number)?.into()),
            Scalar::Int32 => Data::Number(ops::to_i32(number)?.into()),
            Scalar::Uint => Data::Number(ops::to_u64(number)?.into()),
            Scalar::Uint32 => Data::Number(ops::to_u32(number)?.into()),
            Scalar::Decimal(scale) => Data::Number(ops::to_decimal(number, *scale)?),
            Scalar::Float => Data::Float(ops::to_f64(number)),
            _ => return Err(mistyped()),
        },
        (Data::List(items), ShapeKind::List(a) | ShapeKind::Set(a), ShapeKind::List(b) | ShapeKind::Set(b)) => {
            Data::List(ops::each(items, |item| convert(item, (from.0, a), (to.0, b)))?)
        }
        (Data::Record(members), ShapeKind::Map(a), ShapeKind::Map(b)) => {
            let entries: BTreeMap<String, Data> = members.into_iter().collect();
            let entries = ops::each_entry(entries, |data| convert(data, (from.0, a), (to.0, b)))?;
            Data::Record(entries.into_iter().collect())
        }
        (data, ShapeKind::Record(a), ShapeKind::Record(b)) => convert_record(&data, (from.0, a), (to.0, b))?,
        (data, ShapeKind::Union(a), ShapeKind::Union(b)) => {
            let Some(Data::Text(tag)) = data.get(&a.tag) else { return Err(mistyped()) };
            let branch = |it: &isobar_model::shape::Union| it.branches.iter().position(|(name, _)| name.value == *tag);
            let (Some(x), Some(y)) = (branch(a), branch(b)) else { return Err(mistyped()) };
            let inner = convert(data.clone(), (from.0, &a.branches[x].1), (to.0, &b.branches[y].1))?;
            let mut members = vec![(b.tag.clone(), Data::Text(tag.clone()))];
            if let Data::Record(rest) = inner {
                members.extend(rest);
            }
            Data::Record(members)
        }
        (data, _, _) => data,
    };
    bounded(made, target)
}

fn convert_record(data: &Data, from: (&Types, &[Field]), to: (&Types, &[Field])) -> Result<Data, UpcastError> {
    let mut out = Vec::with_capacity(to.1.len());
    for field in to.1 {
        let old = from.1.iter().find(|old| old.name == field.name);
        let found = old.and_then(|old| data.get(old.wire_name()).map(|value| (old, value)));
        let value = match (found, &field.presence) {
            (Some((old, value)), _) => convert(value.clone(), (from.0, &old.shape), (to.0, &field.shape))
                .map_err(|error| at_field(error, field))?,
            (None, Presence::Default(value)) => literal(value, &field.shape, to.0)?,
            (None, _) => Data::Absent,
        };
        if value != Data::Absent {
            out.push((field.wire_name().to_owned(), value));
        }
    }
    Ok(Data::Record(out))
}
