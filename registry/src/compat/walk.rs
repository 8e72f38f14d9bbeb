//! Two records side by side. Types that refer to themselves are compared once for each pair of names: what the pair would say
//! again is said already.

use super::{Change, Record, Row, leaf};
use isobar_model::{
    Field, Presence, Shape, ShapeKind, TypeName, Types,
    shape::{Enum, Union},
};
use std::collections::HashSet;

/// The differences of two versions of one major, in the order of the new fields and then of the old ones that are gone.
pub fn compare(old: Record<'_>, new: Record<'_>) -> Vec<Row> {
    let mut walk = Walk { old: old.types, new: new.types, met: HashSet::new(), rows: Vec::new() };
    walk.records("", old.fields, new.fields);
    walk.rows
}

struct Walk<'a> {
    old: &'a Types,
    new: &'a Types,
    met: HashSet<(&'a TypeName, &'a TypeName)>,
    rows: Vec<Row>,
}

impl<'a> Walk<'a> {
    fn row(&mut self, path: &str, change: Change, sides: (Option<String>, Option<String>), reads: (bool, bool)) {
        let (old, new) = sides;
        let (backward, forward) = reads;
        self.rows.push(Row { path: path.to_owned(), change, old, new, backward, forward });
    }

    fn records(&mut self, at: &str, old: &'a [Field], new: &'a [Field]) {
        for field in new {
            let path = join(at, &field.name);
            match old.iter().find(|it| it.wire_name() == field.wire_name()) {
                Some(before) => self.field(&path, before, field),
                None => {
                    let readable = field.presence != Presence::Required;
                    self.row(&path, Change::Added, (None, Some(written(field))), (readable, true));
                }
            }
        }
        for field in old.iter().filter(|field| new.iter().all(|it| it.wire_name() != field.wire_name())) {
            let readable = field.presence != Presence::Required;
            self.row(&join(at, &field.name), Change::Removed, (Some(written(field)), None), (true, readable));
        }
    }

    fn field(&mut self, path: &str, old: &'a Field, new: &'a Field) {
        if old.name != new.name {
            let names = (Some(old.name.value.clone()), Some(new.name.value.clone()));
            self.row(path, Change::Renamed, names, (true, true));
        }
        match (&old.presence, &new.presence) {
            (Presence::Default(a), Presence::Default(b)) if a != b => {
                self.row(path, Change::Default, (Some(written(old)), Some(written(new))), (true, true));
            }
            (a, b) if a != b => {
                // What is absent can be read where it may be absent; `T = x` and `T` are always written.
                let reads = |writer: &Presence, reader: &Presence| {
                    *writer != Presence::Optional || *reader != Presence::Required
                };
                self.row(path, Change::Presence, (Some(written(old)), Some(written(new))), (reads(a, b), reads(b, a)));
            }
            _ => {}
        }
        self.shapes(path, &old.shape, &new.shape);
    }

    fn shapes(&mut self, path: &str, old: &'a Shape, new: &'a Shape) {
        use ShapeKind::*;
        if let (Ref(a), Ref(b)) = (&old.kind, &new.kind)
            && !self.met.insert((a, b))
        {
            return;
        }
        let (a, b) = (self.old.resolve(old), self.new.resolve(new));
        match (&a.kind, &b.kind) {
            (Record(from), Record(to)) => return self.records(path, from, to),
            (Enum(from), Enum(to)) => return self.enums(path, from, to),
            (Union(from), Union(to)) if from.tag == to.tag => return self.unions(path, from, to),
            (List(from), List(to)) | (Set(from), Set(to)) => self.shapes(&format!("{path}[]"), from, to),
            (Map(from), Map(to)) => self.shapes(&format!("{path}{{}}"), from, to),
            (List(from), Set(to)) | (Set(from), List(to)) => {
                let widened = matches!(b.kind, List(_));
                let change = if widened { Change::Widened } else { Change::Narrowed };
                self.row(path, change, (Some(old.to_string()), Some(new.to_string())), (widened, !widened));
                self.shapes(&format!("{path}[]"), from, to);
            }
            (Scalar(_), Scalar(_)) => {}
            _ => {
                let reads = leaf::verdict((self.old, a), (self.new, b));
                return self.verdict(path, (old.to_string(), new.to_string()), reads);
            }
        }
        if leaf::differ(a, b) {
            let reads = leaf::verdict((self.old, a), (self.new, b));
            self.verdict(path, (leaf::written(old, &a.bounds), leaf::written(new, &b.bounds)), reads);
        }
    }

    /// A row for another type or other bounds: what happened follows from who can read whom.
    fn verdict(&mut self, path: &str, sides: (String, String), reads: (bool, bool)) {
        let change = match reads {
            (true, false) => Change::Widened,
            (false, true) => Change::Narrowed,
            _ => Change::Type,
        };
        self.row(path, change, (Some(sides.0), Some(sides.1)), reads);
    }

    fn enums(&mut self, path: &str, old: &Enum, new: &Enum) {
        let known = |it: &Enum, value: &str| it.values.iter().any(|v| v.value == value);
        for value in new.values.iter().filter(|value| !known(old, value)) {
            self.row(path, Change::Added, (None, Some(value.value.clone())), (true, old.open));
        }
        for value in old.values.iter().filter(|value| !known(new, value)) {
            self.row(path, Change::Removed, (Some(value.value.clone()), None), (new.open, true));
        }
        if old.open != new.open {
            let text = |it: &Enum| Some(if it.open { "open enum" } else { "closed enum" }.to_owned());
            self.verdict(path, (text(old).unwrap_or_default(), text(new).unwrap_or_default()), (new.open, old.open));
        }
    }

    fn unions(&mut self, path: &str, old: &'a Union, new: &'a Union) {
        for (value, shape) in &new.branches {
            let inner = format!("{path}<{value}>");
            match old.branches.iter().find(|(v, _)| v == value) {
                Some((_, before)) => self.shapes(&inner, before, shape),
                None => self.row(&inner, Change::Added, (None, Some(shape.to_string())), (true, false)),
            }
        }
        for (value, shape) in old.branches.iter().filter(|(v, _)| new.branches.iter().all(|(w, _)| w != v)) {
            self.row(&format!("{path}<{value}>"), Change::Removed, (Some(shape.to_string()), None), (false, true));
        }
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// A field's type with its presence, as an author writes it.
fn written(field: &Field) -> String {
    let shape = &field.shape;
    match &field.presence {
        Presence::Required => shape.to_string(),
        Presence::Optional => format!("{shape}?"),
        Presence::Default(value) => format!("{shape} = {}", crate::schema::Json::from(value)),
    }
}
