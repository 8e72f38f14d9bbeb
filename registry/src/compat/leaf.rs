//! Two shapes of one kind in themselves, without their items, members or branches. Who reads whom is asked of
//! [`isobar_model::expr::readable`], the one structural comparison; only lengths of containers are compared here.

use isobar_model::{Shape, ShapeKind, Types, expr::readable, shape::Bounds};

/// Whether two shapes of one kind differ in themselves. `format` is not enforced and does not count.
pub(super) fn differ(old: &Shape, new: &Shape) -> bool {
    let scalars = match (&old.kind, &new.kind) {
        (ShapeKind::Scalar(a), ShapeKind::Scalar(b)) => a != b,
        _ => false,
    };
    let enforced = |shape: &Shape| Bounds { format: None, ..Bounds::clone(&shape.bounds) };
    scalars || enforced(old) != enforced(new)
}

/// Backward and forward: whether all of `old` is read by `new`, and the other way round. Containers are judged by their
/// lengths alone.
pub(super) fn verdict(old: (&Types, &Shape), new: (&Types, &Shape)) -> (bool, bool) {
    use ShapeKind::{List, Map, Set};
    if matches!(
        (&old.1.kind, &new.1.kind),
        (List(_), List(_)) | (Set(_), Set(_)) | (Map(_), Map(_)) | (List(_), Set(_)) | (Set(_), List(_))
    ) {
        let (a, b) = (&old.1.bounds, &new.1.bounds);
        return (within(a, b), within(b, a));
    }
    (readable(old, new).is_ok(), readable(new, old).is_ok())
}

fn within(writer: &Bounds, reader: &Bounds) -> bool {
    writer.min_length.unwrap_or(0) >= reader.min_length.unwrap_or(0)
        && reader.max_length.is_none_or(|most| writer.max_length.is_some_and(|n| n <= most))
}

/// A type for a row: as an author writes it, with its bounds.
pub(super) fn written(shape: &Shape, bounds: &Bounds) -> String {
    let mut out = shape.to_string();
    let mut add = |key: &str, value: Option<String>| out.extend(value.map(|value| format!(", {key} {value}")));
    add("min", bounds.min.map(|n| n.to_string()));
    add("max", bounds.max.map(|n| n.to_string()));
    add("min_length", bounds.min_length.map(|n| n.to_string()));
    add("max_length", bounds.max_length.map(|n| n.to_string()));
    add("pattern", bounds.pattern.clone());
    out
}
