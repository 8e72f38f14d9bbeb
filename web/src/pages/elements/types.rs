//! The pages of named types, and tables of fields.

use super::{Cell, Section, Told, cell, facts, linked, mono, table, text, typed};
use crate::pages::{
    fields::{self, Row, bounds},
    listing::Part,
    masked::{self, HIDDEN},
    message::{Link, link},
    site::Shown,
};
use isobar_model::{Field, Shape, ShapeKind, Spanned, TypeName, model::Name, shape::TypeDef};
use isobar_registry::schema::Json;

/// A table of fields with all that is said of them.
pub(super) fn fields(title: &str, shown: &Shown, all: &[Field]) -> Section {
    let model = &shown.workspace.model;
    let rows = fields::rows(model, &model.types, all);
    table(title, &["Field", "Type", "Means"], rows.iter().map(|it| row(shown, it)))
}

fn row(shown: &Shown, row: &Row) -> Vec<Cell> {
    let default = row.default.as_ref().map(|it| text(format!(" = {it}"))).unwrap_or_default();
    let mut said: Vec<String> = row.doc.clone().into_iter().collect();
    said.extend(row.deprecated.as_ref().map(|it| format!("deprecated: {it}")));
    said.extend(row.bounds.iter().cloned());
    said.extend(row.wire.as_ref().map(|it| format!("on the wire {it}")));
    said.extend(row.example.as_ref().map(|it| format!("such as {it}")));
    let mut means = text(said.join("; "));
    for tag in &row.tags {
        means.extend(text(" "));
        means.extend(super::chip(if row.redacted { "bad" } else { "" }, tag));
    }
    vec![mono(&row.path), [typed(shown, row), default].concat(), means]
}

fn named(shown: &Shown, name: &TypeName) -> Link {
    link(shown, "type", &Name { context: name.context.clone(), name: name.name.clone() }, None)
}

/// The named types of a context.
pub(super) fn of_context(shown: &Shown, context: &str, part: &Part) -> Section {
    let types = shown.workspace.model.types.0.iter().filter(|(name, _)| name.context == context);
    let rows = part.made(types, |(name, it)| {
        let tags = it.tags.iter().map(|tag| tag.value.clone());
        let said: Vec<String> = it.doc.clone().into_iter().chain(said(shown, &it.shape)).chain(tags).collect();
        vec![cell(named(shown, name)), mono(it.shape.to_string()), text(said.join("; "))]
    });
    table("Types", &["Type", "Is", "Means"], rows)
}

fn said(shown: &Shown, shape: &Shape) -> Vec<String> {
    bounds(&shown.workspace.model.types, shape)
}

pub(super) fn type_of(shown: &Shown, name: &Name, part: &Part) -> Option<Told> {
    let model = &shown.workspace.model;
    let name = TypeName { context: name.context.clone(), name: name.name.clone() };
    let it: &TypeDef = model.types.get(&name)?;
    let hidden = masked::redacts(model, &it.tags);
    let example = it.example.as_ref().map(|it| if hidden { HIDDEN.into() } else { Json::from(&it.value).to_string() });
    let tags: Vec<&str> = it.tags.iter().map(|tag: &Spanned<String>| tag.value.as_str()).collect();
    let mut sections = vec![facts(
        "In short",
        [
            ("It is", Some(mono(it.shape.to_string()))),
            ("Bounds", Some(text(said(shown, &it.shape).join("; "))).filter(|_| !said(shown, &it.shape).is_empty())),
            ("Example", example.map(mono)),
            ("Tags", Some(text(tags.join(", "))).filter(|_| !tags.is_empty())),
        ],
    )];
    match &it.shape.kind {
        ShapeKind::Record(all) => sections.push(fields("Fields", shown, all)),
        ShapeKind::Enum(all) => {
            let note = if all.open { "Values; unknown ones are kept as they are" } else { "Values" };
            sections.push(Section {
                title: note.into(),
                words: all.values.iter().map(|it| it.value.clone()).collect(),
                ..Section::default()
            });
        }
        ShapeKind::Union(all) => {
            let rows = all.branches.iter().map(|(value, shape)| {
                let is = match &shape.kind {
                    ShapeKind::Ref(name) => cell(named(shown, name)),
                    _ => mono(shape.to_string()),
                };
                vec![mono(&value.value), is]
            });
            sections.push(table(&format!("Branches, by {}", all.tag), &["Value", "Is"], rows));
            for (value, shape) in &all.branches {
                if let ShapeKind::Record(all) = &shape.kind {
                    sections.push(fields(&format!("Fields of {}", value.value), shown, all));
                }
            }
        }
        _ => {}
    }
    let uses = |fields: &[Field]| model.types.reachable(fields).contains(&&name);
    let events = model.events().filter(|(_, it)| it.fields.as_deref().is_some_and(uses));
    let commands = model.commands().filter(|(_, it)| it.fields.as_deref().is_some_and(uses));
    let users = events.map(|(name, _)| ("event", name)).chain(commands.map(|(name, _)| ("command", name)));
    let users = part.made(users, |(kind, name)| Some(link(shown, kind, &name, None)));
    sections.push(linked("Used by", "No message uses it.", users));
    Some(("type", it.doc.clone(), sections))
}
