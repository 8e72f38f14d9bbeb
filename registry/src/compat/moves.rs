//! The differences of two majors: as those of two minors, but what `upgrade` says of a new field decides whether it was moved
//! there or computed, so that a move is not shown as one field removed and another one added.

use super::{Change, Record, Row, compare};
use isobar_model::expr::{Root, Typed, TypedKind, has_field};

/// The differences of a major and the next one, whose upgrade is `up`.
pub fn compare_majors(old: Record<'_>, new: Record<'_>, up: &Typed) -> Vec<Row> {
    let mut sources = Vec::new();
    leaves("", up, &mut sources);
    let rows = compare(old, new);
    let removed = |path: &str| rows.iter().find(|row| row.change == Change::Removed && row.path == path);
    // How many new values are computed from an old one.
    let parts = |path: &String| sources.iter().filter(|it| !it.pure && it.reads.contains(path)).count();
    let mut out: Vec<Row> = Vec::new();
    let mut moved: Vec<&str> = Vec::new();
    for row in &rows {
        let inside: Vec<&Source> = sources.iter().filter(|source| source.is_at(&row.path)).collect();
        // A value of an enum may be new where the field is not.
        let is_new = row.change == Change::Added && !has_field((old.types, old.fields), &row.path);
        if !is_new || inside.iter().all(|source| source.reads.is_empty()) {
            out.push(row.clone());
            continue;
        }
        for source in inside {
            let (change, old) = match (source.reads.as_slice(), source.pure) {
                ([], _) => (Change::Added, None),
                ([from], true) => (Change::Moved, Some(from.clone())),
                ([from], false) if parts(from) > 1 => (Change::Split, Some(from.clone())),
                ([from], false) => (Change::Converted, Some(from.clone())),
                (many, _) => (Change::Merged, Some(many.join(", "))),
            };
            // Old readers miss what was removed; new ones miss what was added.
            let forward = source.reads.iter().all(|path| removed(path).is_none_or(|row| row.forward));
            if change == Change::Moved {
                moved.extend(source.reads.iter().map(String::as_str));
            }
            let new = (source.path == row.path).then(|| row.new.clone()).flatten();
            out.push(Row { path: source.path.clone(), change, old, new, backward: row.backward, forward });
        }
    }
    out.retain(|row| row.change != Change::Removed || !moved.contains(&row.path.as_str()));
    out
}

/// Where one value of the new version comes from.
struct Source {
    /// The field that is written.
    path: String,
    /// The old fields that are read.
    reads: Vec<String>,
    /// Whether the value is just that of the old field.
    pure: bool,
}

impl Source {
    /// Whether the field is the one at `path` or inside it.
    fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

fn leaves(at: &str, typed: &Typed, out: &mut Vec<Source>) {
    match &typed.kind {
        TypedKind::Record(members) => {
            for (name, inner) in members {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                leaves(&path, inner, out);
            }
        }
        _ => {
            let mut reads = Vec::new();
            paths(typed, &mut reads);
            let mut inner = typed;
            while let TypedKind::Convert(next) = &inner.kind {
                inner = next;
            }
            let pure = matches!(inner.kind, TypedKind::Path(Root::Source, _));
            out.push(Source { path: at.to_owned(), reads, pure });
        }
    }
}

/// The old fields that an expression reads, each once.
fn paths(typed: &Typed, out: &mut Vec<String>) {
    match &typed.kind {
        TypedKind::Path(Root::Source, steps) => {
            let steps: Vec<&str> = steps.iter().map(|step| step.field.as_str()).collect();
            let path = steps.join(".");
            if !out.contains(&path) {
                out.push(path);
            }
        }
        TypedKind::Path(..) | TypedKind::Literal(_) | TypedKind::Hook(_) => {}
        TypedKind::List(items) | TypedKind::Call(_, items) => items.iter().for_each(|item| paths(item, out)),
        TypedKind::Record(members) => members.iter().for_each(|(_, item)| paths(item, out)),
        TypedKind::Unary(_, inner) | TypedKind::Convert(inner) => paths(inner, out),
        TypedKind::Binary(_, left, right) => {
            paths(left, out);
            paths(right, out);
        }
    }
}
