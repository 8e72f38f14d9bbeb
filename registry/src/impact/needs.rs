//! A field that a consumer needs, followed from the version that it knows to the one that is to be released: by the names on the
//! wire, since those are what it reads. Lists, sets and maps are led through to their items.

use crate::{
    Evolution, Known,
    compat::{self, Change},
};
use isobar_model::{Field, Presence, Shape, ShapeKind, Span, Spanned, Types, expr};

/// A field that is needed and not there as it was.
pub(super) struct Need {
    pub(super) path: String,
    pub(super) span: Span,
    pub(super) why: String,
}

/// A field that a path leads to.
pub(super) struct Found<'a> {
    /// The names on the wire, each with the containers that stand around what it holds.
    steps: Vec<(&'a str, String)>,
    /// The first field on the way that may be absent.
    absent: Option<&'a str>,
    shape: &'a Shape,
}

/// The field at a dotted path of field names.
pub(super) fn find<'a>(path: &str, types: &'a Types, fields: &'a [Field]) -> Option<Found<'a>> {
    follow(&path.split('.').collect::<Vec<_>>(), types, fields, |field| &field.name.value)
}

fn follow<'a>(
    path: &[&str],
    types: &'a Types,
    fields: &'a [Field],
    name: impl Fn(&'a Field) -> &'a str,
) -> Option<Found<'a>> {
    let mut found: Option<Found<'a>> = None;
    let mut at: Vec<&'a Field> = fields.iter().collect();
    for part in path {
        let field = at.iter().find(|field| name(field) == *part)?;
        let (containers, shape) = inside(types, &field.shape);
        let so_far = found.get_or_insert(Found { steps: Vec::new(), absent: None, shape });
        so_far.steps.push((field.wire_name(), containers));
        so_far.shape = &field.shape;
        if field.presence == Presence::Optional {
            so_far.absent.get_or_insert(&field.name.value);
        }
        at = match &shape.kind {
            ShapeKind::Record(fields) => fields.iter().collect(),
            ShapeKind::Union(union) => {
                let branches = union.branches.iter().map(|(_, branch)| types.resolve(branch));
                let fields = branches.filter_map(|branch| match &branch.kind {
                    ShapeKind::Record(fields) => Some(fields),
                    _ => None,
                });
                fields.flatten().collect()
            }
            _ => Vec::new(),
        };
    }
    found
}

/// What lists, sets and maps hold in the end.
fn inside<'a>(types: &'a Types, shape: &'a Shape) -> (String, &'a Shape) {
    let mut shape = types.resolve(shape);
    let mut containers = String::new();
    while let ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) = &shape.kind {
        containers.push_str(if matches!(shape.kind, ShapeKind::Map(_)) { "{}" } else { "[]" });
        shape = types.resolve(item);
    }
    (containers, shape)
}

impl Need {
    /// The paths that are no longer written in `draft` as they were in `before`. With `typed` their types count too: the
    /// consumer has not said that it accepts the new version.
    pub(super) fn missing(
        paths: &[Spanned<String>],
        before: &Known,
        draft: &Known,
        evolution: &Evolution,
        typed: bool,
    ) -> Vec<Need> {
        let missing = paths.iter().filter_map(|path| {
            let why = why(path, before, draft, evolution, typed)?;
            Some(Need { path: path.value.clone(), span: path.span, why })
        });
        missing.collect()
    }
}

fn why(path: &str, before: &Known, draft: &Known, evolution: &Evolution, typed: bool) -> Option<String> {
    // A path that the known version has not is one of the new version, or reported elsewhere.
    let old = find(path, &before.types, before.fields())?;
    let wire: Vec<&str> = old.steps.iter().map(|(name, _)| *name).collect();
    let version = draft.version;
    let Some(new) = follow(&wire, &draft.types, draft.fields(), Field::wire_name) else {
        return Some(match (find(path, &draft.types, draft.fields()), moved(path, before, draft, evolution)) {
            (Some(renamed), _) => {
                let names: Vec<&str> = renamed.steps.iter().map(|(name, _)| *name).collect();
                format!("{version} writes it as `{}`", names.join("."))
            }
            (None, Some(to)) => format!("{version} no longer writes it: it moved to `{to}`"),
            (None, None) => format!("{version} no longer writes it"),
        });
    };
    if let (Some(field), None) = (new.absent, old.absent) {
        return Some(format!("{version} may leave out `{field}`, which was always there"));
    }
    if let Some((a, b)) = old.steps.iter().zip(&new.steps).find(|(a, b)| a.1 != b.1) {
        return Some(match (around(&a.1), around(&b.1)) {
            (Some(was), Some(is)) => format!("in {version} it is in {is} and no longer in {was}"),
            (Some(was), None) => format!("in {version} it is no longer in {was}"),
            (None, is) => format!("in {version} it is in {}", is.unwrap_or("another place")),
        });
    }
    let reads = expr::readable((&draft.types, new.shape), (&before.types, old.shape));
    reads.err().filter(|_| typed).map(|wrong| format!("in {version} it {}", wrong.why))
}

/// The outermost of the containers around something.
fn around(containers: &str) -> Option<&'static str> {
    containers.chars().next().map(|c| if c == '[' { "a list" } else { "a map" })
}

/// Where the value of a field went in the next major.
fn moved(path: &str, before: &Known, draft: &Known, evolution: &Evolution) -> Option<String> {
    let up = evolution.major(before.version.major)?.up.as_ref()?;
    if before.version.major + 1 != draft.version.major {
        return None;
    }
    let rows = compat::compare_majors(before.record(), draft.record(), up);
    let row = rows.into_iter().find(|row| row.change == Change::Moved && row.old.as_deref() == Some(path))?;
    Some(row.path)
}
