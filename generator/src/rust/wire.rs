//! How values of a type are read, written and checked: the forms of the runtime's tables, and the checks of a value that a hop
//! computed. A type that reads and writes itself and that nothing can be wrong with has no form.

use super::{
    literal::literal,
    plan::{Plan, Type, TypeKind},
    text::quoted,
};
use isobar_model::{
    Value,
    shape::{Bounds, Scalar},
};

/// The form, where the type needs one.
pub(super) fn form(plan: &Plan<'_>, module: &[String], ty: &Type<'_>) -> Option<String> {
    let base = match &ty.kind {
        TypeKind::Scalar(Scalar::Decimal(scale)) => Some(format!("decimal({scale})")),
        TypeKind::Scalar(Scalar::Id(prefix)) => Some(format!("id({})", quoted(prefix))),
        TypeKind::Scalar(_) => None,
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => {
            // A list of what checks itself does so, too.
            form(plan, module, item).map(|item| if item == CHECKED { item } else { format!("each({item})") })
        }
        TypeKind::Item(id) => plan.items[*id].bounded.then(|| CHECKED.to_owned()),
    };
    let bounds = bounds(plan, module, ty);
    match base {
        None if bounds.is_empty() => None,
        base => Some(base.unwrap_or_else(|| CHECKED.to_owned()) + &bounds),
    }
}

/// The form of a type that reads and writes itself, where it is to be checked.
pub(super) const CHECKED: &str = "checked()";

/// What stands behind a form: `.at_least(1)`.
fn bounds(plan: &Plan<'_>, module: &[String], ty: &Type<'_>) -> String {
    let Bounds { min, max, min_length, max_length, pattern, format: _ } = ty.bounds;
    let mut out = String::new();
    for (check, bound) in [("at_least", min), ("at_most", max)] {
        if let Some(bound) = bound {
            let bound = literal(plan, module, &Value::Number(*bound), &Type::plain(ty.kind.clone())).code;
            out.push_str(&format!(".{check}({bound})"));
        }
    }
    for (check, bound) in [("min_length", min_length), ("max_length", max_length)] {
        if let Some(bound) = bound {
            out.push_str(&format!(".{check}({bound})"));
        }
    }
    if let Some(pattern) = pattern {
        out.push_str(&format!(".matches(pattern!({}))", quoted(pattern)));
    }
    out
}

/// A closure over a reference called `name` to a value of the type, which fails with `Invalid` where the value is out of bounds;
/// `None` where there are none.
pub(super) fn checker(plan: &Plan<'_>, module: &[String], ty: &Type<'_>, name: &str) -> Option<String> {
    let Bounds { min, max, min_length, max_length, pattern, format: _ } = ty.bounds;
    let mut checks = Vec::new();
    for (check, bound) in [("at_least", min), ("at_most", max)] {
        if let Some(bound) = bound {
            let bound = literal(plan, module, &Value::Number(*bound), &Type::plain(ty.kind.clone())).code;
            checks.push(format!("::isobar::bounds::{check}({name}, {bound})"));
        }
    }
    for (check, bound) in [("min", min_length), ("max", max_length)] {
        if let Some(bound) = bound {
            checks.push(match &ty.kind {
                TypeKind::Scalar(Scalar::String) => format!("::isobar::bounds::{check}_length({name}, {bound})"),
                TypeKind::Scalar(_) => format!("::isobar::bounds::{check}_items({name}.0.len(), {bound})"),
                _ => format!("::isobar::bounds::{check}_items({name}.len(), {bound})"),
            });
        }
    }
    if let Some(pattern) = pattern {
        checks.push(format!("::isobar::bounds::pattern({name}, ::isobar::pattern!({}))", quoted(pattern)));
    }
    match checks.as_slice() {
        [] => None,
        [one] => Some(format!("|{name}| {one}")),
        all => Some(format!("|{name}| {{\n    {}\n}}", all.join("?;\n    "))),
    }
}
