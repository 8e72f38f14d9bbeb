//! From one major version to the next and back. The way up is what the author wrote, completed by name, and accounts for every
//! old field; the way down undoes plain moves and copies, and says which fields it cannot bring back. Histories are not known here.

use super::assign::{Builder, Origins, record};
use super::check::{Env, Scope};
use super::{Operator, Root, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean},
    model::Event,
    shape::{Field, Shape, ShapeKind, Types},
    source::{Span, Spanned},
};
use std::collections::HashSet;

/// Checks `upgrade` and `removed` of `event` from the fields `old` to the fields `new`. `$` reads the old version. What is wrong
/// with the event as a whole is reported at `span`.
pub fn upgrade(
    old: (&Types, &[Field]),
    new: (&Types, &[Field]),
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let env = env(old, "the old version", new.0);
    let target = Scope { what: "the new version", fields: new.1 };
    let typed = record(&event.upgrade.assignments, target, &env, &[], span, diags)?;
    account(old, &env, &typed, event, span, diags).then_some(typed)
}

/// Checks `downgrade` of `event` from the fields `new` back to the fields `old`, given the checked way up. `$` reads the new
/// version. With it come the dotted paths of the old version's fields that no value of the new one reaches. There is no way back,
/// and nothing is reported, if a required field cannot be brought back and the author wrote no `downgrade`.
pub fn downgrade(
    new: (&Types, &[Field]),
    old: (&Types, &[Field]),
    event: &Event,
    upgrade: &Typed,
    span: Span,
    diags: &mut Diagnostics,
) -> (Option<Typed>, Vec<String>) {
    let env = env(new, "the new version", old.0);
    let mut moves = Vec::new();
    find_moves(upgrade, &mut Vec::new(), &mut moves);
    let mut builder = Builder::new(&env, Origins::Moved(&moves), diags);
    let target = Scope { what: "the previous version", fields: old.1 };
    let typed = builder.whole(&event.downgrade, target, span);
    if !event.downgrade.is_empty() {
        builder.report_unset(span);
    }
    (typed, builder.lost)
}

/// Both ways read data of one version only: no state, no envelope, and nothing fresh, since reading twice must give the same.
fn env<'a>(source: (&'a Types, &'a [Field]), what: &'a str, target_types: &'a Types) -> Env<'a> {
    let scope = Scope { what, fields: source.1 };
    Env { source: Some(scope), state: None, meta: false, fresh: false, source_types: source.0, target_types }
}

/// The old paths that the way up only moves or copies, with the new path of each.
fn find_moves(typed: &Typed, at: &mut Vec<String>, moves: &mut Vec<(Vec<String>, Vec<String>)>) {
    match &typed.kind {
        TypedKind::Record(members) => {
            for (name, member) in members {
                at.push(name.clone());
                find_moves(member, at, moves);
                at.pop();
            }
        }
        TypedKind::Convert(inner) => find_moves(inner, at, moves),
        TypedKind::Path(Root::Source, steps) => {
            moves.push((steps.iter().map(|step| step.field.clone()).collect(), at.clone()));
        }
        // A value for the case that the old one is absent does not change one that is there.
        TypedKind::Binary(Operator::Coalesce, left, right) if matches!(right.kind, TypedKind::Literal(_)) => {
            find_moves(left, at, moves);
        }
        _ => {}
    }
}

/// Reports old fields that are neither read nor removed, and removed ones that are not gone. Whether all is well.
fn account(
    (types, fields): (&Types, &[Field]),
    env: &Env<'_>,
    typed: &Typed,
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> bool {
    let removed = &event.removed;
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
    let mut fine = true;
    for name in removed {
        let path: Vec<&str> = name.split('.').collect();
        let problem = if !exists(types, fields, &path) {
            let known = fields.iter().map(|field| field.name.value.as_str());
            Some((format!("the old version has no field `{name}`"), did_you_mean(name, known)))
        } else if !account.hook && !account.gone.iter().any(|(gone, _)| gone.starts_with(&path)) {
            Some((format!("`{name}` is not gone: its value is read"), Some("leave it out of `removed`".into())))
        } else if account.reads.iter().any(|read| read.len() > path.len() && read.starts_with(&path)) {
            Some((format!("a part of `{name}` is read"), Some("name only the parts that are gone".into())))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            fine = false;
            diags.push(Diagnostic::new(&codes::BAD_REMOVED, name.span, message).maybe_help(help));
        }
    }
    account.gone.retain(|(gone, _)| {
        let named = |name: &Spanned<String>| gone.starts_with(&name.split('.').collect::<Vec<_>>());
        // Who says what readers of the old version see instead knows that the value is gone.
        let replaced = event.downgrade.iter().any(|it| gone.iter().eq(it.target.iter()));
        !replaced && !removed.iter().any(named)
    });
    if !account.gone.is_empty() {
        fine = false;
        let names: Vec<String> = account.gone.iter().map(|(path, _)| path.join(".")).collect();
        let spelt = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("nothing reads {spelt} of the old version");
        let mut diagnostic = Diagnostic::new(&codes::UNREAD_FIELD, span, message);
        for (_, place) in account.gone.iter().take(3) {
            diagnostic = diagnostic.also(*place, "this data would be lost");
        }
        let help = format!("use it in `upgrade`, or write `removed: [{}]`", names.join(", "));
        diags.push(diagnostic.help(help));
    }
    fine
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
fn exists(types: &Types, fields: &[Field], path: &[&str]) -> bool {
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

fn inner_records<'a>(types: &'a Types, shape: &'a Shape) -> Vec<&'a [Field]> {
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
