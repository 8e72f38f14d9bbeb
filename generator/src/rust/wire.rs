//! How values of a type are read from JSON and written to it: expressions over the runtime's `Reader` and `Writer`.
//! Bounds are enforced when reading, beside the value that they bound.

use super::{
    literal::literal,
    plan::{Plan, Type, TypeKind},
    text::{Code, quoted},
};
use isobar_model::{
    Value,
    shape::{Bounds, Scalar},
};

/// An expression of type `Result<T, Invalid>` that reads a value from the reader `r`. It may span several lines.
pub(super) fn read(plan: &Plan<'_>, module: &[String], ty: &Type<'_>) -> String {
    let read = match &ty.kind {
        TypeKind::Scalar(scalar) => read_scalar(scalar),
        TypeKind::List(item) => format!("r.list({})", reader(plan, module, item)),
        TypeKind::Set(item) => format!("r.set({})", reader(plan, module, item)),
        TypeKind::Map(item) => format!("r.map({})", reader(plan, module, item)),
        TypeKind::Item(_) => "::isobar::Decode::decode(r)".into(),
    };
    let checks = checks(plan, module, ty, Operand::Place("value"));
    if checks.is_empty() {
        return read;
    }
    let mut out = format!("{{\n    let value = {read}?;\n");
    for line in checks {
        out.push_str(&format!("    {line}\n"));
    }
    out.push_str("    Ok(value)\n}");
    out
}

/// The same as a function of the reader.
pub(super) fn reader(plan: &Plan<'_>, module: &[String], ty: &Type<'_>) -> String {
    match &ty.kind {
        TypeKind::Item(_) => "::isobar::Decode::decode".into(),
        _ => format!("|r| {}", read(plan, module, ty)),
    }
}

fn read_scalar(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Decimal(scale) => format!("r.decimal({scale})"),
        Scalar::Id(prefix) => format!("r.id({})", quoted(prefix)),
        _ => format!("r.{}()", method(scalar)),
    }
}

/// The method of reader and writer.
fn method(scalar: &Scalar) -> &'static str {
    match scalar {
        Scalar::String | Scalar::Id(_) => "string",
        Scalar::Bool => "bool",
        Scalar::Int => "i64",
        Scalar::Int32 => "i32",
        Scalar::Uint => "u64",
        Scalar::Uint32 => "u32",
        Scalar::Float => "f64",
        Scalar::Decimal(_) => "decimal",
        Scalar::Uuid => "uuid",
        Scalar::Timestamp => "timestamp",
        Scalar::Date => "date",
        Scalar::Duration => "duration",
        Scalar::Bytes => "bytes",
        Scalar::Json => "json",
    }
}

/// Statements that fail with `Invalid` where the value is out of its type's bounds.
pub(super) fn checks(plan: &Plan<'_>, module: &[String], ty: &Type<'_>, value: Operand<'_>) -> Vec<String> {
    let Bounds { min, max, min_length, max_length, pattern, format: _ } = ty.bounds;
    let (Operand::Place(name) | Operand::Reference(name)) = value;
    let reference = value.by_reference();
    let mut lines = Vec::new();
    for (check, bound) in [("at_least", min), ("at_most", max)] {
        if let Some(bound) = bound {
            let bound = literal(plan, module, &Value::Number(*bound), &Type::plain(ty.kind.clone())).code;
            lines.push(format!("::isobar::bounds::{check}({reference}, {bound})?;"));
        }
    }
    for (check, bound) in [("min", min_length), ("max", max_length)] {
        if let Some(bound) = bound {
            lines.push(match &ty.kind {
                TypeKind::Scalar(Scalar::String) => {
                    format!("::isobar::bounds::{check}_length({reference}, {bound})?;")
                }
                TypeKind::Scalar(_) => {
                    format!("::isobar::bounds::{check}_items({name}.0.len(), {bound})?;")
                }
                _ => format!("::isobar::bounds::{check}_items({name}.len(), {bound})?;"),
            });
        }
    }
    if let Some(pattern) = pattern {
        lines.push(format!("static PATTERN: ::isobar::Pattern = ::isobar::Pattern::new({});", quoted(pattern)));
        lines.push(format!("::isobar::bounds::pattern({reference}, &PATTERN)?;"));
    }
    lines
}

/// The same for a value that was not read, so that nothing of it is known: what its reader would refuse, also inside of it.
pub(super) fn all_checks(plan: &Plan<'_>, module: &[String], ty: &Type<'_>, value: Operand<'_>) -> Vec<String> {
    let mut lines = checks(plan, module, ty, value);
    let value = value.by_reference();
    match &ty.kind {
        TypeKind::Scalar(Scalar::Id(prefix)) => {
            lines.push(format!("::isobar::bounds::prefix({value}, {})?;", quoted(prefix)));
        }
        TypeKind::Scalar(Scalar::Decimal(scale)) => {
            lines.push(format!("::isobar::bounds::decimal({value}, {scale})?;"))
        }
        TypeKind::Scalar(_) => {}
        TypeKind::List(item) | TypeKind::Set(item) => lines
            .extend(checker(plan, module, item).map(|check| format!("::isobar::bounds::items({value}, {check})?;"))),
        TypeKind::Map(item) => lines
            .extend(checker(plan, module, item).map(|check| format!("::isobar::bounds::entries({value}, {check})?;"))),
        TypeKind::Item(id) if plan.items[*id].bounded => lines.push(format!("::isobar::Encode::check({value})?;")),
        TypeKind::Item(_) => {}
    }
    lines
}

/// The same as a function of a reference; none where nothing is bounded.
pub(super) fn checker(plan: &Plan<'_>, module: &[String], ty: &Type<'_>) -> Option<String> {
    let lines = all_checks(plan, module, ty, Operand::Reference("value"));
    let (last, before) = lines.split_last()?;
    // The last one decides.
    let last = last.strip_suffix("?;").unwrap_or(last);
    Some(match before {
        [] => match last.strip_suffix("(value)") {
            Some(function) => function.to_owned(),
            None => format!("|value| {last}"),
        },
        _ => {
            let mut code = Code::default();
            code.open("|value| {");
            before.iter().for_each(|line| code.paste(line));
            code.paste(last);
            code.close("}");
            code.finish().trim_end().to_owned()
        }
    })
}

/// A value that is to be written, by how code gets at it.
#[derive(Clone, Copy)]
pub(super) enum Operand<'s> {
    /// A place such as `self.total`.
    Place(&'s str),
    /// A variable that is a reference.
    Reference(&'s str),
}

impl Operand<'_> {
    fn by_value(self) -> String {
        match self {
            Operand::Place(place) => place.into(),
            Operand::Reference(variable) => format!("*{variable}"),
        }
    }

    fn by_reference(self) -> String {
        match self {
            Operand::Place(place) => format!("&{place}"),
            Operand::Reference(variable) => variable.into(),
        }
    }
}

/// An expression that writes a value to the writer `w`.
pub(super) fn write(ty: &Type<'_>, value: Operand<'_>) -> String {
    match &ty.kind {
        TypeKind::Scalar(scalar) => {
            let by_value = matches!(
                scalar,
                Scalar::Bool | Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 | Scalar::Float
            );
            let value = if by_value { value.by_value() } else { value.by_reference() };
            format!("w.{}({value})", method(scalar))
        }
        TypeKind::List(item) => format!("w.list({}, {})", value.by_reference(), writer(item)),
        TypeKind::Set(item) => format!("w.set({}, {})", value.by_reference(), writer(item)),
        TypeKind::Map(item) => format!("w.map({}, {})", value.by_reference(), writer(item)),
        TypeKind::Item(_) => format!("::isobar::Encode::encode({}, w)", value.by_reference()),
    }
}

/// The same as a function of the writer and a reference.
fn writer(item: &Type<'_>) -> String {
    format!("|w, value| {}", write(item, Operand::Reference("value")))
}
