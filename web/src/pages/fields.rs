//! The fields of a message as rows of a table, nested ones under their parents, each with where it comes from and who reads it.

use super::masked::{self, HIDDEN};
use isobar_model::{
    Field, Model, Presence, Shape, ShapeKind, Types, Value,
    expr::{Expr, ExprKind, Root},
    model::{Assignment, Name, ProjectionAction},
    shape::TypeDef,
};
use isobar_registry::{Evolution, Known, schema::Json};
use serde::Serialize;
use std::collections::HashSet;

/// How deep nested fields are shown: types may be recursive.
const DEEPEST: usize = 6;

/// A row.
#[derive(Debug, Default, Serialize)]
pub(super) struct Row {
    /// The dotted path.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) depth: usize,
    /// Whether it is a branch, and no field.
    pub(super) branch: bool,
    /// Whether it is a field of a branch.
    pub(super) inside_branch: bool,
    /// The type as an author writes it, and the named type in it that has a page.
    pub(super) of: String,
    pub(super) of_type: Option<String>,
    /// Bounds and values in words.
    pub(super) bounds: Vec<String>,
    pub(super) optional: bool,
    pub(super) default: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) redacted: bool,
    pub(super) wire: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) example: Option<String>,
    pub(super) deprecated: Option<String>,
    /// The first version that has it.
    pub(super) since: Option<String>,
    /// Where its value comes from.
    pub(super) from: Option<String>,
    /// Who reads it.
    pub(super) readers: Vec<String>,
}

/// A value as an author writes it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => Json::from(other).to_string(),
    }
}

/// The rows of a record.
pub(super) fn rows(model: &Model, types: &Types, fields: &[Field]) -> Vec<Row> {
    let mut rows = Vec::new();
    nested(&mut rows, model, types, fields, "", 0);
    rows
}

fn nested(rows: &mut Vec<Row>, model: &Model, types: &Types, fields: &[Field], above: &str, depth: usize) {
    for field in fields {
        let path = if above.is_empty() { field.name.value.clone() } else { format!("{above}.{}", field.name.value) };
        // What is said of a named type is said of its fields, unless they say it themselves.
        let named = named(types, &field.shape);
        let tags = field.tags.iter().chain(named.iter().flat_map(|it| &it.tags));
        let redacted = masked::redacts(model, &field.tags) || named.iter().any(|it| masked::redacts(model, &it.tags));
        let example = field.example.as_ref().or_else(|| named.iter().find_map(|it| it.example.as_ref()));
        let example = example.map(|example| said(&example.value));
        rows.push(Row {
            name: field.name.value.clone(),
            of: field.shape.to_string(),
            of_type: with_page(model, &field.shape),
            bounds: bounds(types, &field.shape),
            optional: matches!(field.presence, Presence::Optional),
            default: match &field.presence {
                Presence::Default(value) => Some(said(value)),
                _ => None,
            },
            redacted,
            tags: tags.map(|tag| tag.value.clone()).collect(),
            wire: field.wire.as_ref().map(|wire| wire.value.clone()),
            doc: field.doc.clone().or_else(|| named.iter().find_map(|it| it.doc.clone())),
            example: example.map(|example| if redacted { HIDDEN.into() } else { example }),
            deprecated: field.deprecated.clone(),
            ..Row::new(&path, depth)
        });
        if depth < DEEPEST {
            inside(rows, model, types, &field.shape, &path, depth + 1);
        }
    }
}

/// The rows of what is in a value: the members of a record, also of one in a list, and the branches of a union with theirs.
fn inside(rows: &mut Vec<Row>, model: &Model, types: &Types, shape: &Shape, path: &str, depth: usize) {
    match &types.resolve(shape).kind {
        ShapeKind::Record(fields) => nested(rows, model, types, fields, path, depth),
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => {
            inside(rows, model, types, item, path, depth);
        }
        ShapeKind::Union(union) => {
            for (value, shape) in &union.branches {
                let path = format!("{path}<{}>", value.value);
                let (name, of) = (format!("{} {}", union.tag, value.value), shape.to_string());
                let of_type = with_page(model, shape);
                rows.push(Row { name, of, of_type, branch: true, ..Row::new(&path, depth) });
                if depth < DEEPEST {
                    inside(rows, model, types, shape, &path, depth + 1);
                }
            }
        }
        _ => {}
    }
}

/// The named types that a shape is, one of the other.
fn named<'a>(types: &'a Types, shape: &'a Shape) -> Vec<&'a TypeDef> {
    let (mut all, mut at) = (Vec::new(), shape);
    while let ShapeKind::Ref(name) = &at.kind
        && let Some(it) = types.get(name)
        && all.len() <= types.0.len()
    {
        all.push(it);
        at = &it.shape;
    }
    all
}

/// The named type that a shape is, or its items are, where the model still has it: what was released may name one that is gone.
fn with_page(model: &Model, shape: &Shape) -> Option<String> {
    match &shape.kind {
        ShapeKind::Ref(name) => {
            let known = model.types.get(name).is_some() && model.contexts.contains_key(&name.context);
            known.then(|| name.to_string())
        }
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => with_page(model, item),
        _ => None,
    }
}

impl Row {
    fn new(path: &str, depth: usize) -> Row {
        Row { path: path.to_owned(), depth, inside_branch: path.contains('<'), ..Row::default() }
    }
}

pub(super) fn bounds(types: &Types, shape: &Shape) -> Vec<String> {
    let shape = types.resolve(shape);
    let bounds = &shape.bounds;
    let mut said = Vec::new();
    let mut say = |what: &str, bound: Option<String>| said.extend(bound.map(|bound| format!("{what} {bound}")));
    say("at least", bounds.min.map(|it| it.to_string()));
    say("at most", bounds.max.map(|it| it.to_string()));
    say("length from", bounds.min_length.map(|it| it.to_string()));
    say("length to", bounds.max_length.map(|it| it.to_string()));
    say("like", bounds.pattern.clone());
    say("format", bounds.format.clone());
    match &shape.kind {
        ShapeKind::Enum(it) => {
            let values: Vec<&str> = it.values.iter().map(|value| value.value.as_str()).collect();
            said.push(format!("one of {}{}", values.join(", "), if it.open { ", or another" } else { "" }));
        }
        ShapeKind::Union(it) => {
            let values: Vec<&str> = it.branches.iter().map(|(value, _)| value.value.as_str()).collect();
            said.push(format!("`{}` says which: {}", it.tag, values.join(", ")));
        }
        _ => {}
    }
    said
}

/// Says of each row which version brought it.
pub(super) fn since(rows: &mut [Row], model: &Model, evolution: &Evolution) {
    let paths = |known: &Known| -> HashSet<String> {
        self::rows(model, &known.types, known.fields()).into_iter().map(|row| row.path).collect()
    };
    let versions: Vec<_> = evolution.versions.iter().map(|known| (known.version, paths(known))).collect();
    for row in rows {
        row.since =
            versions.iter().find(|(_, paths)| paths.contains(&row.path)).map(|(version, _)| version.to_string());
    }
}

/// Says of each row of an event where its value comes from: what the commands that emit it carry, or what they fill in.
pub(super) fn origins(rows: &mut [Row], model: &Model, event: &Name) {
    for row in rows {
        let mut said: Vec<String> = Vec::new();
        for (name, command) in model.commands().filter(|(_, it)| it.emits.iter().any(|it| it.value == *event)) {
            let top = row.path.split('.').next().unwrap_or_default();
            // What is filled in as a whole comes from there in all its parts.
            let within =
                |target: &str| row.path.strip_prefix(target).is_some_and(|it| it.is_empty() || it.starts_with('.'));
            let filled = command.fill.iter().find(|it| within(&it.target.value.join(".")));
            if let Some(fill) = filled {
                said.push(format!("{}: {}", name.name, told(&fill.expr)));
            } else if command.fields.iter().flatten().any(|field| field.name.value == top) {
                said.push(name.name.clone());
            }
        }
        row.from = (!said.is_empty()).then(|| said.join(", "));
    }
}

/// Says of each row of an event who reads it: consumers that need it, read models that show it, and policies that pass it on.
pub(super) fn readers(rows: &mut [Row], model: &Model, event: &Name) {
    for row in rows {
        let mut said: Vec<String> = Vec::new();
        for consumer in model.consumers.values() {
            let needs = consumer.needs.iter().filter(|(name, _)| name.value == *event).flat_map(|(_, paths)| paths);
            if needs.into_iter().any(|path| covers(&path.value, &row.path)) {
                said.push(consumer.name.value.clone());
            }
        }
        for (_, context) in model.contexts.iter() {
            for read_model in context.read_models.values() {
                let made = read_model.from.iter().filter(|it| it.event.value == *event).map(|it| &it.action);
                if made.into_iter().any(|action| uses(assignments(action), &row.path)) {
                    said.push(read_model.name.value.clone());
                }
            }
            for policy in context.policies.values().filter(|it| it.when.iter().any(|it| it.value == *event)) {
                let condition = policy.only_if.as_ref().is_some_and(|it| mentions(&it.value, &row.path));
                if condition || uses(&policy.fill, &row.path) {
                    said.push(policy.name.value.clone());
                }
            }
        }
        row.readers = said;
    }
}

fn assignments(action: &ProjectionAction) -> &[Assignment] {
    match action {
        ProjectionAction::Insert(it) | ProjectionAction::Update(it) | ProjectionAction::Upsert(it) => it,
        ProjectionAction::Delete => &[],
    }
}

fn uses(assignments: &[Assignment], path: &str) -> bool {
    assignments.iter().any(|it| mentions(&it.expr, path))
}

/// Whether a path is another one, or above or below it.
pub(super) fn covers(one: &str, other: &str) -> bool {
    let below = |a: &str, b: &str| b.strip_prefix(a).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    below(one, other) || below(other, one)
}

/// Whether an expression reads a field of the event.
pub(super) fn mentions(expr: &Expr, path: &str) -> bool {
    match &expr.kind {
        ExprKind::Path(Root::Source, parts) => {
            let own: Vec<&str> = parts.iter().map(|(part, _)| part.as_str()).collect();
            covers(&own.join("."), path)
        }
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().any(|it| mentions(it, path)),
        ExprKind::Record(members) => members.iter().any(|(_, it)| mentions(it, path)),
        ExprKind::Unary(_, it) => mentions(it, path),
        ExprKind::Binary(_, a, b) => mentions(a, path) || mentions(b, path),
        _ => false,
    }
}

/// An expression in a few words.
fn told(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal { text, .. } => text.clone(),
        ExprKind::Path(root, parts) => {
            let parts: Vec<&str> = parts.iter().map(|(part, _)| part.as_str()).collect();
            match root {
                Root::Source => format!("${}", parts.join(".")),
                _ => format!("its {}", parts.join(".")),
            }
        }
        ExprKind::Hook(name) => format!("fn({name})"),
        ExprKind::Call((name, _), items) => {
            format!("{name}({})", items.iter().map(told).collect::<Vec<_>>().join(", "))
        }
        _ => "worked out".into(),
    }
}
