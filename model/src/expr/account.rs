//! What becomes of every field of old data: read on one of the ways that it goes, or gone on purpose. Nothing is lost unsaid.

use super::{Root, Typed, TypedKind, env::Env};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean},
    shape::{Field, Shape, ShapeKind, Types},
    source::{Span, Spanned},
};
use std::collections::HashSet;

/// The old fields that are gone on purpose.
#[derive(Clone, Debug, Default)]
pub struct Gone<'a> {
    /// What `removed` names.
    pub removed: Vec<&'a Spanned<String>>,
    /// What `downgrade` gives back, as paths.
    pub given_back: Vec<Vec<&'a str>>,
}

/// Reports old fields that are neither read nor named, and removed ones that are not gone. Whether all is well.
pub(super) fn account(
    ((types, fields), what): ((&Types, &[Field]), &str),
    ways: &[(&Typed, &Env<'_>)],
    gone: Gone<'_>,
    span: Span,
    diags: &mut Diagnostics,
) -> bool {
    let mut reads: Vec<Vec<&str>> = Vec::new();
    let mut hook = false;
    // What one way leaves behind, another may take.
    let mut left: Option<Vec<(Vec<&str>, Span)>> = None;
    for (typed, env) in ways {
        let account = Account::of(types, fields, typed, env);
        hook |= account.hook;
        reads.extend(account.reads);
        left = Some(match left {
            None => account.gone,
            Some(left) => left_by_both(&left, &account.gone),
        });
    }
    let mut left = left.unwrap_or_default();
    let mut fine = true;
    for name in &gone.removed {
        let path: Vec<&str> = name.split('.').collect();
        let problem = if !exists(types, fields, &path) {
            let known = fields.iter().map(|field| field.name.value.as_str());
            Some((format!("{what} has no field `{name}`"), did_you_mean(name, known)))
        } else if !hook && !left.iter().any(|(gone, _)| gone.starts_with(&path)) {
            Some((format!("`{name}` is not gone: its value is read"), Some("leave it out of `removed`".into())))
        } else if reads.iter().any(|read| read.len() > path.len() && read.starts_with(&path)) {
            Some((format!("a part of `{name}` is read"), Some("name only the parts that are gone".into())))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            fine = false;
            diags.push(Diagnostic::new(&codes::BAD_REMOVED, name.span, message).maybe_help(help));
        }
    }
    // A field that is gone may be named, or given back: whoever says what readers of the old version see knows that it is gone.
    let mut named: Vec<Vec<&str>> = gone.removed.iter().map(|name| name.split('.').collect()).collect();
    named.extend(gone.given_back);
    left.retain(|(gone, _)| !named.iter().any(|name| gone.starts_with(name)));
    if !left.is_empty() {
        fine = false;
        let names: Vec<String> = left.iter().map(|(path, _)| path.join(".")).collect();
        let spelt = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("nothing reads {spelt} of {what}");
        let mut diagnostic = Diagnostic::new(&codes::UNREAD_FIELD, span, message);
        for (_, place) in left.iter().take(3) {
            diagnostic = diagnostic.also(*place, "this data would be lost");
        }
        let help = format!("use it in `upgrade`, or write `removed: [{}]`", names.join(", "));
        diags.push(diagnostic.help(help));
    }
    fine
}

/// The outermost fields that one way leaves behind.
pub(super) fn unread((types, fields): (&Types, &[Field]), typed: &Typed, env: &Env<'_>) -> Vec<String> {
    Account::of(types, fields, typed, env).gone.iter().map(|(path, _)| path.join(".")).collect()
}

/// The paths that are gone whichever of two ways the data goes: where one leaves a part behind and the other the whole, the part.
fn left_by_both<'a>(one: &[(Vec<&'a str>, Span)], other: &[(Vec<&'a str>, Span)]) -> Vec<(Vec<&'a str>, Span)> {
    let within = |a: &[(Vec<&'a str>, Span)], b: &[(Vec<&'a str>, Span)]| -> Vec<(Vec<&'a str>, Span)> {
        a.iter().filter(|(path, _)| b.iter().any(|(other, _)| path.starts_with(other))).cloned().collect()
    };
    let mut both = within(one, other);
    for found in within(other, one) {
        if !both.iter().any(|(path, _)| *path == found.0) {
            both.push(found);
        }
    }
    both
}

/// What becomes of the old fields.
struct Account<'a> {
    types: &'a Types,
    /// Every path that is read.
    reads: Vec<Vec<&'a str>>,
    /// Whether a hook may read anything.
    hook: bool,
    /// The outermost fields that are not read, and where they are defined.
    gone: Vec<(Vec<&'a str>, Span)>,
}

impl<'a> Account<'a> {
    /// What becomes of the fields on one way.
    fn of(types: &'a Types, fields: &'a [Field], typed: &'a Typed, env: &Env<'a>) -> Self {
        let mut account = Account { types, reads: Vec::new(), hook: false, gone: Vec::new() };
        typed.visit(&mut |node| match &node.kind {
            TypedKind::Path(Root::Source, steps) => {
                account.reads.push(steps.iter().map(|step| step.field.as_str()).collect());
            }
            TypedKind::Hook(_) => account.hook = true,
            _ => {}
        });
        // A hook gets the whole old version, and nobody can see what it reads of it.
        if !account.hook {
            account.unread(fields, &mut Vec::new());
            typed.visit(&mut |node| account.left_behind(node, env));
        }
        account
    }

    /// Fields that no path leads to, through or into. Paths are finite, so types that contain themselves are no trouble.
    fn unread(&mut self, fields: &'a [Field], path: &mut Vec<&'a str>) {
        for field in fields {
            path.push(&field.name.value);
            if !self.reads.iter().any(|read| path.starts_with(read)) {
                match &self.types.resolve(&field.shape).kind {
                    ShapeKind::Record(inner) if self.reads.iter().any(|read| read.starts_with(path)) => {
                        self.unread(inner, path);
                    }
                    _ => self.gone.push((path.clone(), field.name.span)),
                }
            }
            path.pop();
        }
    }

    /// Fields that a conversion leaves behind since the type it leads to has none of their name.
    fn left_behind(&mut self, node: &'a Typed, env: &Env<'a>) {
        let TypedKind::Convert(inner) = &node.kind else { return };
        let TypedKind::Path(Root::Source, steps) = &inner.kind else { return };
        let path: Vec<&str> = steps.iter().map(|step| step.field.as_str()).collect();
        let mut seen = HashSet::new();
        let mut open = vec![(path.clone(), &inner.ty.shape, &node.ty.shape)];
        while let Some((at, from, to)) = open.pop() {
            let (from, to) = (env.types(inner.ty.side).resolve(from), env.types(node.ty.side).resolve(to));
            if !seen.insert((std::ptr::from_ref(from).addr(), std::ptr::from_ref(to).addr())) {
                continue;
            }
            match (&from.kind, &to.kind) {
                (ShapeKind::Record(from), ShapeKind::Record(to)) => {
                    for field in from {
                        let mut at = at.clone();
                        at.push(&field.name.value);
                        match to.iter().find(|other| other.name.value == field.name.value) {
                            Some(other) => open.push((at, &field.shape, &other.shape)),
                            None => {
                                let read = |read: &Vec<&str>| read.len() > path.len() && at.starts_with(read);
                                if !self.reads.iter().any(read) {
                                    self.gone.push((at, field.name.span));
                                }
                            }
                        }
                    }
                }
                (
                    ShapeKind::List(from) | ShapeKind::Set(from) | ShapeKind::Map(from),
                    ShapeKind::List(to) | ShapeKind::Set(to) | ShapeKind::Map(to),
                ) => open.push((at, from, to)),
                (ShapeKind::Union(from), ShapeKind::Union(to)) => {
                    for (tag, branch) in &from.branches {
                        let other = to.branches.iter().find(|(other, _)| other.value == tag.value);
                        open.extend(other.map(|(_, other)| (at.clone(), branch, other)));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a dotted path names a field, through lists, sets, maps and branches of unions.
pub(super) fn exists(types: &Types, fields: &[Field], path: &[&str]) -> bool {
    let mut records: Vec<&[Field]> = vec![fields];
    for (i, name) in path.iter().enumerate() {
        let found: Vec<&Field> =
            records.iter().flat_map(|fields| fields.iter()).filter(|f| f.name.value == *name).collect();
        if found.is_empty() || i + 1 == path.len() {
            return !found.is_empty();
        }
        records = found.iter().flat_map(|field| inner_records(types, &field.shape)).collect();
    }
    false
}

/// The records that a shape holds, through lists, sets, maps and branches of unions.
pub fn inner_records<'a>(types: &'a Types, shape: &'a Shape) -> Vec<&'a [Field]> {
    let mut shape = types.resolve(shape);
    // Containers are written around one another a few times at most.
    while let ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) = &shape.kind {
        shape = types.resolve(item);
    }
    match &shape.kind {
        ShapeKind::Record(fields) => vec![fields],
        ShapeKind::Union(union) => union
            .branches
            .iter()
            .flat_map(|(_, branch)| match &types.resolve(branch).kind {
                ShapeKind::Record(fields) => Some(fields.as_slice()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
