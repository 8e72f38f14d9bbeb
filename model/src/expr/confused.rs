//! Items of sets that are two to whoever writes them and one to whoever reads them, who refuses the set then: a reader forgets fields
//! that it does not know, puts a default in the place of what is absent, and has one form for some values that JSON has several of.
//! What is not certain is taken for possible. Whether the items are read at all is asked elsewhere.

use super::literal::largest_decimal;
use crate::shape::{Field, Presence, Scalar, Shape, ShapeKind, Types};
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Why two items of the writer may be one to the reader, as the end of a sentence about the set; `None` if they never are. Fields
/// meet by `name`.
pub(super) fn confused<'a>(
    (writers, w): (&'a Types, &'a Shape),
    (readers, r): (&'a Types, &'a Shape),
    name: fn(&Field) -> &str,
) -> Option<String> {
    let (mut met, mut open) = (HashSet::new(), vec![(w, r)]);
    while let Some((w, r)) = open.pop() {
        let (w, r) = (writers.resolve(w), readers.resolve(r));
        if !met.insert((std::ptr::from_ref(w).addr(), std::ptr::from_ref(r).addr())) {
            continue;
        }
        match (&w.kind, &r.kind) {
            (_, ShapeKind::Scalar(scalar)) if merges(w, scalar) => {
                return Some(format!("may have items that are equal as `{scalar}`"));
            }
            (ShapeKind::List(w) | ShapeKind::Set(w), ShapeKind::List(r) | ShapeKind::Set(r))
            | (ShapeKind::Map(w), ShapeKind::Map(r)) => open.push((w, r)),
            (ShapeKind::Union(w), ShapeKind::Union(r)) if w.tag == r.tag => {
                let known = |tag: &str| r.branches.iter().find(|(it, _)| it.value == tag);
                open.extend(w.branches.iter().filter_map(|(tag, shape)| Some((shape, &known(tag)?.1))));
            }
            (ShapeKind::Record(w), ShapeKind::Record(r)) => {
                for field in w {
                    let Some(known) = r.iter().find(|it| name(it) == name(field)) else {
                        return Some(format!(
                            "may have items that differ only in `{}`, which is not read",
                            name(field)
                        ));
                    };
                    if field.presence == Presence::Optional && matches!(known.presence, Presence::Default(_)) {
                        let name = name(field);
                        return Some(format!(
                            "may have items that differ only in whether `{name}` is its default or absent"
                        ));
                    }
                    open.push((&field.shape, &known.shape));
                }
            }
            (
                ShapeKind::Record(_) | ShapeKind::Union(_) | ShapeKind::Map(_),
                ShapeKind::Record(_) | ShapeKind::Union(_) | ShapeKind::Map(_),
            ) => {
                return Some("may have items of which not all is read".into());
            }
            _ => {}
        }
    }
    None
}

/// Whether a scalar has one form for several values of the writer.
fn merges(writer: &Shape, reader: &Scalar) -> bool {
    match (&writer.kind, reader) {
        (ShapeKind::Scalar(Scalar::Float), Scalar::Float) => false,
        (ShapeKind::Scalar(number), Scalar::Float) => {
            // A double holds 15 digits.
            let scale = super::readable::scale(number).unwrap_or(0);
            let most = Decimal::from(10_i64.pow(15_u32.saturating_sub(scale)));
            let (low, high) = number.integer_range().unwrap_or((-largest_decimal(scale), largest_decimal(scale)));
            let low = writer.bounds.min.map_or(low, |it| it.max(low));
            let high = writer.bounds.max.map_or(high, |it| it.min(high));
            low < -most || high > most
        }
        (ShapeKind::Scalar(writer), Scalar::Uuid | Scalar::Timestamp | Scalar::Duration) => writer != reader,
        (_, Scalar::Uuid | Scalar::Timestamp | Scalar::Duration) => true,
        _ => false,
    }
}
