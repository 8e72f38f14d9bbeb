//! Every type must have a finite value: a record that requires itself has none.

use super::reader::Cx;
use crate::{
    diag::{Diagnostic, codes},
    shape::{Field, Presence, Shape, ShapeKind, TypeName, Types},
};
use std::collections::HashSet;

impl Cx {
    /// Reports the types that have no finite value, by the least fixed point of "has one".
    pub(super) fn check_finite(&mut self, types: &Types) {
        let mut finite: HashSet<&TypeName> = HashSet::new();
        loop {
            let before = finite.len();
            for (name, def) in &types.0 {
                if !finite.contains(name) && ends(&def.shape, &finite, types) {
                    finite.insert(name);
                }
            }
            if finite.len() == before {
                break;
            }
        }
        for (name, def) in types.0.iter().filter(|(name, _)| !finite.contains(name)) {
            // A type that merely holds an endless one is not itself to blame.
            if reaches(name, name, types, &finite) {
                let message = format!("every `{}` would contain another one, without end", name.name);
                let help = "make one of the fields on the way optional (`T?`), or a `list<T>`";
                self.push(Diagnostic::new(&codes::ENDLESS_TYPE, def.name.span, message).help(help));
            }
        }
    }
}

/// Whether the shape has a finite value, given the types that are known to have one.
fn ends(shape: &Shape, finite: &HashSet<&TypeName>, types: &Types) -> bool {
    match &shape.kind {
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) => true,
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => {
            shape.bounds.min_length.unwrap_or(0) == 0 || ends(item, finite, types)
        }
        ShapeKind::Record(fields) => required(fields).all(|field| ends(&field.shape, finite, types)),
        ShapeKind::Union(union) => union.branches.iter().any(|(_, shape)| ends(shape, finite, types)),
        // A name that is not there is reported elsewhere.
        ShapeKind::Ref(name) => finite.contains(name) || types.get(name).is_none(),
    }
}

fn required(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.presence == Presence::Required)
}

/// Whether a value of `from` must hold a value of `goal`, through types without finite values.
fn reaches(from: &TypeName, goal: &TypeName, types: &Types, finite: &HashSet<&TypeName>) -> bool {
    let mut met = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        let mut inner = Vec::new();
        if let Some(def) = types.get(name) {
            must_hold(&def.shape, &mut inner);
        }
        for next in inner {
            if next == goal {
                return true;
            }
            if !finite.contains(next) && met.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

fn must_hold<'a>(shape: &'a Shape, out: &mut Vec<&'a TypeName>) {
    match &shape.kind {
        ShapeKind::Ref(name) => out.push(name),
        ShapeKind::Record(fields) => required(fields).for_each(|field| must_hold(&field.shape, out)),
        ShapeKind::Union(union) => union.branches.iter().for_each(|(_, shape)| must_hold(shape, out)),
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => {
            if shape.bounds.min_length.unwrap_or(0) > 0 {
                must_hold(item, out);
            }
        }
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
    }
}
