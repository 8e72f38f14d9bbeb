//! Every type must have a finite value: a record that requires itself has none. And so must every default.

use super::reader::Cx;
use crate::{
    diag::{Diagnostic, codes},
    shape::{Field, Presence, Shape, ShapeKind, TypeName, Types},
    value::Value,
};
use std::collections::{HashMap, HashSet};

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

    /// Reports defaults that never end: what one leaves out is filled by another one, and so on to itself.
    pub(super) fn check_defaults(&mut self, types: &Types) {
        let mut fields = Vec::new();
        types.0.values().for_each(|def| with_default(&def.shape, &mut fields));
        // Fields that were looked at, and whether that is over: one that is met before it is over needs itself.
        let mut over: HashMap<usize, bool> = HashMap::new();
        let mut endless: Vec<&Field> = Vec::new();
        for first in fields {
            if over.contains_key(&address(first)) {
                continue;
            }
            let mut open = vec![(first, None)];
            while let Some((field, needs)) = open.last_mut() {
                let field = *field;
                let needs = needs.get_or_insert_with(|| {
                    over.entry(address(field)).or_insert(false);
                    left_out(field, types)
                });
                let Some(next) = needs.pop() else {
                    over.insert(address(field), true);
                    open.pop();
                    continue;
                };
                match over.get(&address(next)) {
                    None => open.push((next, None)),
                    Some(false) if !endless.iter().any(|it| std::ptr::eq(*it, next)) => endless.push(next),
                    Some(_) => {}
                }
            }
        }
        for field in endless {
            let message = format!("the default of `{}` leaves out what it fills itself, without end", *field.name);
            let help = "write the default in full, or make the field optional (`T?`)";
            self.push(Diagnostic::new(&codes::ENDLESS_TYPE, field.name.span, message).help(help));
        }
    }
}

fn address(field: &Field) -> usize {
    std::ptr::from_ref(field).addr()
}

/// The fields with defaults, named types not looked into.
fn with_default<'a>(shape: &'a Shape, out: &mut Vec<&'a Field>) {
    match &shape.kind {
        ShapeKind::Record(fields) => {
            for field in fields {
                out.extend(matches!(field.presence, Presence::Default(_)).then_some(field));
                with_default(&field.shape, out);
            }
        }
        ShapeKind::Union(union) => union.branches.iter().for_each(|(_, shape)| with_default(shape, out)),
        // What else there is has no fields without a name.
        _ => {}
    }
}

/// The fields whose defaults fill what the default of this one leaves out.
fn left_out<'a>(field: &'a Field, types: &'a Types) -> Vec<&'a Field> {
    let mut out = Vec::new();
    let mut open: Vec<(&Value, &Shape)> = Vec::new();
    if let Presence::Default(value) = &field.presence {
        open.push((value, &field.shape));
    }
    while let Some((value, shape)) = open.pop() {
        let shape = types.resolve(shape);
        match (&shape.kind, value) {
            (ShapeKind::List(item) | ShapeKind::Set(item), Value::List(items)) => {
                open.extend(items.iter().map(|value| (value, &**item)));
            }
            (ShapeKind::Map(item), Value::Record(members)) => {
                open.extend(members.iter().map(|(_, value)| (value, &**item)));
            }
            (ShapeKind::Record(fields), Value::Record(members)) => {
                for field in fields {
                    match members.iter().find(|(name, _)| name == field.wire_name()) {
                        Some((_, value)) => open.push((value, &field.shape)),
                        None => out.extend(matches!(field.presence, Presence::Default(_)).then_some(field)),
                    }
                }
            }
            (ShapeKind::Union(union), Value::Record(members)) => {
                let tag = members.iter().find(|(name, _)| *name == union.tag).map(|(_, tag)| tag);
                let branch = union.branches.iter().find(|(it, _)| tag == Some(&Value::String(it.value.clone())));
                open.extend(branch.map(|(_, shape)| (value, shape)));
            }
            _ => {}
        }
    }
    out
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
