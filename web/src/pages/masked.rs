//! Payloads as people may see them: what a tag hides is hidden, wherever it stands in a record, a list, a map or a branch.

use super::site::Shown;
use isobar_model::{
    Field, Model, Shape, ShapeKind, Span, TypeName, Types, Value,
    model::{Command, Event, Name},
    shape::{Note, Notes},
};
use isobar_registry::{Evolution, Known, schema::Json};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// What stands in the place of a value that is hidden.
pub(super) const HIDDEN: &str = "•••";

/// Whether a tag hides values.
pub(super) fn redacts(model: &Model, tags: &[isobar_model::Spanned<String>]) -> bool {
    tags.iter().any(|tag| model.tags.get(&tag.value).is_some_and(|tag| tag.redact))
}

/// A payload of an event or a command, as it is written now.
pub(super) fn message(shown: &Shown, name: &Name, value: &Value) -> Json {
    let model = &shown.workspace.model;
    match (model.read(name), model.command(name).and_then(|it| it.fields.as_deref())) {
        (Some((fields, types)), _) => record(shown, types, fields, value),
        (None, Some(fields)) => record(shown, &model.types, fields, value),
        (None, None) => Json::from(value),
    }
}

/// A payload of these fields.
pub(super) fn record(shown: &Shown, types: &Types, fields: &[Field], value: &Value) -> Json {
    let mut json = Json::from(value);
    members(&shown.workspace.model, &mut json, types, fields);
    json
}

fn members(model: &Model, json: &mut Json, types: &Types, fields: &[Field]) {
    let Json::Object(all) = json else { return };
    for (name, member) in all {
        let Some(field) = fields.iter().find(|field| field.wire_name() == name) else { continue };
        match redacts(model, &field.tags) {
            true => *member = Json::string(HIDDEN),
            false => inside(model, member, types, &field.shape),
        }
    }
}

fn inside(model: &Model, json: &mut Json, types: &Types, shape: &Shape) {
    if hides(model, types, shape) {
        *json = Json::string(HIDDEN);
        return;
    }
    match (&types.resolve(shape).kind, json) {
        (ShapeKind::Record(fields), json) => members(model, json, types, fields),
        (ShapeKind::List(item) | ShapeKind::Set(item), Json::Array(items)) => {
            items.iter_mut().for_each(|json| inside(model, json, types, item));
        }
        (ShapeKind::Map(item), Json::Object(all)) => {
            all.iter_mut().for_each(|(_, json)| inside(model, json, types, item))
        }
        (ShapeKind::Union(union), json) => {
            let branch =
                union.branches.iter().find(|(name, _)| json.get(&union.tag) == Some(&Json::string(&name.value)));
            if let Some((_, shape)) = branch {
                inside(model, json, types, shape);
            }
        }
        _ => {}
    }
}

/// Whether a named type on the way to what a shape is hides its values.
pub(super) fn hides(model: &Model, types: &Types, shape: &Shape) -> bool {
    let (mut at, mut steps) = (shape, 0..=types.0.len());
    while let (ShapeKind::Ref(name), Some(_)) = (&at.kind, steps.next()) {
        let Some(it) = types.get(name) else { return false };
        if redacts(model, &it.tags) {
            return true;
        }
        at = &it.shape;
    }
    false
}

/// The code of an event without the hidden values of its examples and of those of its fields.
pub(super) fn code(shown: &Shown, evolution: &Evolution, text: String) -> String {
    let mut hidden = Hidden { model: &shown.workspace.model, met: HashSet::new(), found: BTreeSet::new() };
    for known in &evolution.versions {
        hidden.met.clear();
        hidden.fields(&known.types, known.fields(), false);
        for example in &known.event.examples {
            let bare = record(shown, &known.types, known.fields(), &example.value);
            differences(&Json::from(&example.value), &bare, &mut hidden.found);
        }
    }
    hidden.without(text)
}

/// The code of a command, likewise.
pub(super) fn code_of_command(shown: &Shown, command: &Command, text: String) -> String {
    let model = &shown.workspace.model;
    let mut hidden = Hidden { model, met: HashSet::new(), found: BTreeSet::new() };
    hidden.fields(&model.types, command.fields.as_deref().unwrap_or_default(), false);
    hidden.without(text)
}

/// The values that are hidden in examples.
struct Hidden<'a> {
    model: &'a Model,
    /// The types that were looked at, and whether all in them is hidden.
    met: HashSet<(&'a TypeName, bool)>,
    found: BTreeSet<String>,
}

impl<'a> Hidden<'a> {
    fn fields(&mut self, types: &'a Types, fields: &'a [Field], all: bool) {
        for field in fields {
            let all = all || redacts(self.model, &field.tags) || hides(self.model, types, &field.shape);
            self.example(all, field.example.as_ref().map(|it| &it.value));
            self.shape(types, &field.shape, all);
        }
    }

    fn example(&mut self, hide: bool, example: Option<&Value>) {
        if let Some(example) = example.filter(|_| hide) {
            differences(&Json::from(example), &Json::string(HIDDEN), &mut self.found);
        }
    }

    fn shape(&mut self, types: &'a Types, shape: &'a Shape, all: bool) {
        match &shape.kind {
            ShapeKind::Ref(name) if self.met.insert((name, all)) => {
                let Some(it) = types.get(name) else { return };
                let all = all || redacts(self.model, &it.tags);
                self.example(all, it.example.as_ref().map(|it| &it.value));
                self.shape(types, &it.shape, all);
            }
            ShapeKind::Record(fields) => self.fields(types, fields, all),
            ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => self.shape(types, item, all),
            ShapeKind::Union(union) => {
                union.branches.iter().for_each(|(_, shape)| self.shape(types, shape, all));
            }
            ShapeKind::Ref(_) | ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
        }
    }

    /// A text without them.
    fn without(&self, mut text: String) -> String {
        // Short values are everywhere; they are hidden where they stand as text of their own.
        for value in self.found.iter().rev() {
            text = match value.chars().count() {
                0..=2 => text.replace(&format!("\"{value}\""), &format!("\"{HIDDEN}\"")),
                _ => text.replace(value, HIDDEN),
            };
        }
        text
    }
}

/// The scalars of the one that the other has not.
fn differences(all: &Json, bare: &Json, found: &mut BTreeSet<String>) {
    match (all, bare) {
        (Json::Object(all), Json::Object(bare)) => {
            all.iter().zip(bare).for_each(|((_, all), (_, bare))| differences(all, bare, found));
        }
        (Json::Array(all), Json::Array(bare)) => {
            all.iter().zip(bare).for_each(|(all, bare)| differences(all, bare, found));
        }
        (Json::Object(all), _) => all.iter().for_each(|(_, all)| differences(all, bare, found)),
        (Json::Array(all), _) => all.iter().for_each(|all| differences(all, bare, found)),
        (Json::String(text), bare) if all != bare => _ = found.insert(text.clone()),
        (Json::Number(text), bare) if all != bare => _ = found.insert(text.clone()),
        _ => {}
    }
}

/// A command and the types around it, without the examples that are hidden.
pub(super) fn command(shown: &Shown, command: &Command) -> (Command, Types) {
    let model = &shown.workspace.model;
    let mut bare = command.clone();
    let types = hide_all(model, &model.types, bare.fields.iter_mut().flatten());
    (bare, types)
}

/// Where the examples of hidden fields are written.
pub(super) fn examples<'a>(shown: &Shown, fields: impl Iterator<Item = &'a Field>) -> Vec<Span> {
    let model = &shown.workspace.model;
    let mut spans = Vec::new();
    for field in fields {
        if redacts(model, &field.tags) || hides(model, &model.types, &field.shape) {
            spans.extend(field.example.as_ref().map(|example| example.span));
        } else if let ShapeKind::Record(inner) = &field.shape.kind {
            spans.extend(examples(shown, inner.iter()));
        }
    }
    spans
}

/// A version whose examples are without what is hidden, for texts that are made of it.
pub(super) fn known(shown: &Shown, known: &Known) -> Known {
    let model = &shown.workspace.model;
    let mut event = Event::clone(&known.event);
    for example in &mut event.examples {
        example.value = value(record(shown, &known.types, known.fields(), &example.value));
    }
    let types = hide_all(model, &known.types, event.fields.iter_mut().flatten());
    Known { event: Arc::new(event), types: Arc::new(types), ..known.clone() }
}

/// Takes the hidden examples of fields and types away; the types are given back.
fn hide_all<'a>(model: &Model, all: &Types, fields: impl Iterator<Item = &'a mut Field>) -> Types {
    let (mut types, mut hidden) = (all.clone(), HashSet::new());
    hide_fields(model, all, fields, false, &mut hidden);
    for (name, it) in all.0.iter() {
        if let Some(own) = types.0.get_mut(name) {
            hide_shape(model, all, &mut own.shape, redacts(model, &it.tags), &mut hidden);
            own.example = own.example.take().filter(|_| !redacts(model, &it.tags));
        }
    }
    // What only hidden fields lead to is as hidden as they are.
    let mut todo: Vec<TypeName> = hidden.iter().cloned().collect();
    while let Some(name) = todo.pop() {
        let Some(own) = types.0.get_mut(&name) else { continue };
        own.example = None;
        let mut more = HashSet::new();
        hide_shape(model, all, &mut own.shape, true, &mut more);
        todo.extend(more.into_iter().filter(|name| hidden.insert(name.clone())));
    }
    types
}

/// Takes the examples of hidden fields away, and notes which types those fields are of.
fn hide_fields<'a>(
    model: &Model,
    types: &Types,
    fields: impl Iterator<Item = &'a mut Field>,
    all: bool,
    hidden: &mut HashSet<TypeName>,
) {
    for field in fields {
        let hide = all || redacts(model, &field.tags) || hides(model, types, &field.shape);
        if hide && field.example.is_some() {
            let note = Note { example: None, ..Note::clone(&field.notes) };
            field.notes = Notes::from(note);
        }
        hide_shape(model, types, &mut field.shape, hide, hidden);
    }
}

fn hide_shape(model: &Model, types: &Types, shape: &mut Shape, all: bool, hidden: &mut HashSet<TypeName>) {
    match &mut shape.kind {
        ShapeKind::Ref(name) if all => _ = hidden.insert(name.clone()),
        ShapeKind::Record(fields) => hide_fields(model, types, fields.iter_mut(), all, hidden),
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => {
            hide_shape(model, types, item, all, hidden);
        }
        ShapeKind::Union(union) => {
            union.branches.iter_mut().for_each(|(_, shape)| hide_shape(model, types, shape, all, hidden));
        }
        ShapeKind::Ref(_) | ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
    }
}

/// The same as a value of the model.
fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(text) => Value::number(&text).unwrap_or(Value::String(text)),
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::List(items.into_iter().map(value).collect()),
        Json::Object(all) => Value::Record(all.into_iter().map(|(name, json)| (name, value(json))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isobar_registry::Workspace;
    use std::{collections::BTreeMap, sync::Arc};

    #[test]
    fn what_a_tag_hides_is_hidden_everywhere() {
        let files = [
            ("isobar.yaml", "workspace: w\ntags: { pii: { redact: true }, note: {} }\n"),
            (
                "c.storm.yaml",
                "context: c\ntypes:\n  Mail: { type: string, tags: [pii] }\n  Card: { fields: { number: string @pii, kind: string } }\n  \
                 Pay: { oneof: { card: Card }, tag: by }\nevents:\n  E:\n    fields:\n      a: { type: string, wire: b, tags: [pii] }\n      \
                 mails: list<Mail>\n      cards: map<Card>\n      pay: Pay\n      free: string @note\n",
            ),
        ];
        let files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let shown = Shown::new("w", Arc::new(Workspace::of_files(files, None)));
        let text = |text: &str| Value::String(text.into());
        let record = |members: &[(&str, Value)]| {
            Value::Record(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
        };
        let card = |by: &[(&str, Value)]| record(&[by, &[("number", text("secret")), ("kind", text("visa"))]].concat());
        let payload = record(&[
            ("b", text("secret")),
            ("mails", Value::List(vec![text("secret")])),
            ("cards", record(&[("one", card(&[]))])),
            ("pay", card(&[("by", text("card"))])),
            ("free", text("seen")),
        ]);
        let name = Name { context: "c".into(), name: "E".into() };
        assert_eq!(
            message(&shown, &name, &payload).to_string(),
            r#"{"b": "•••", "mails": ["•••"], "cards": {"one": {"number": "•••", "kind": "visa"}}, "pay": {"by": "card", "number": "•••", "kind": "visa"}, "free": "seen"}"#
        );
    }
}
