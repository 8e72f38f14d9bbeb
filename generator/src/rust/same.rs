//! Whether two shapes, each with its own table of types, would be the same Rust type: names, wire names, presence, defaults and
//! bounds are equal all the way down. Documentation does not count, and neither does the order of fields or values.

use isobar_model::{
    Field, Shape, ShapeKind, Types,
    shape::{Bounds, Enum, Union},
};
use std::collections::{HashMap, HashSet};

/// A comparison of shapes of one table with shapes of another.
pub(super) struct Same<'a> {
    left: &'a Types,
    right: &'a Types,
    /// Pairs under comparison, by address: a type that contains itself is equal if nothing else speaks against it.
    assumed: HashSet<(*const Shape, *const Shape)>,
}

impl<'a> Same<'a> {
    pub(super) fn new(left: &'a Types, right: &'a Types) -> Self {
        Same { left, right, assumed: HashSet::new() }
    }

    /// Whether the two shapes are equal.
    pub(super) fn shapes(&mut self, left: &'a Shape, right: &'a Shape) -> bool {
        let (left, right) = (self.left.resolve(left), self.right.resolve(right));
        if !self.assumed.insert((left, right)) {
            return true;
        }
        if !bounds(&left.bounds, &right.bounds) {
            return false;
        }
        match (&left.kind, &right.kind) {
            (ShapeKind::Scalar(left), ShapeKind::Scalar(right)) => left == right,
            (ShapeKind::List(left), ShapeKind::List(right))
            | (ShapeKind::Set(left), ShapeKind::Set(right))
            | (ShapeKind::Map(left), ShapeKind::Map(right)) => self.shapes(left, right),
            (ShapeKind::Record(left), ShapeKind::Record(right)) => self.records(left, right),
            (ShapeKind::Enum(left), ShapeKind::Enum(right)) => enums(left, right),
            (ShapeKind::Union(left), ShapeKind::Union(right)) => self.unions(left, right),
            _ => false,
        }
    }

    /// Whether the two records are equal.
    pub(super) fn records(&mut self, left: &'a [Field], right: &'a [Field]) -> bool {
        let by_name: HashMap<&str, &'a Field> = right.iter().map(|field| (field.name.as_str(), field)).collect();
        left.len() == right.len()
            && left.iter().all(|field| {
                by_name.get(field.name.as_str()).is_some_and(|other| {
                    field.wire_name() == other.wire_name()
                        && field.presence == other.presence
                        && self.shapes(&field.shape, &other.shape)
                })
            })
    }

    fn unions(&mut self, left: &'a Union, right: &'a Union) -> bool {
        left.tag == right.tag
            && left.branches.len() == right.branches.len()
            && left.branches.iter().all(|(tag, shape)| {
                let other = right.branches.iter().find(|(other, _)| other == tag);
                other.is_some_and(|(_, other)| self.shapes(shape, other))
            })
    }
}

fn enums(left: &Enum, right: &Enum) -> bool {
    let values = |it: &Enum| it.values.iter().map(|value| value.value.clone()).collect::<HashSet<String>>();
    left.open == right.open && values(left) == values(right)
}

/// A format is for people only.
fn bounds(left: &Bounds, right: &Bounds) -> bool {
    let enforced = |bounds: &Bounds| Bounds { format: None, ..bounds.clone() };
    enforced(left) == enforced(right)
}
