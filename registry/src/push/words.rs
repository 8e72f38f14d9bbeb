//! What a message is found by: its names, and whatever is written in its newest version. Nothing here knows how it is looked for.

use crate::{Workspace, store::Word};
use isobar_model::{
    Field, Model, Shape, ShapeKind, Types,
    model::{Command, Name},
};
use std::collections::HashSet;

/// Texts in the order in which they are met, each once.
#[derive(Default)]
struct Words {
    list: Vec<Word>,
    met: HashSet<Word>,
}

impl Words {
    fn add(&mut self, place: &str, text: &str) {
        let word = Word { place: place.to_owned(), text: text.trim().to_owned() };
        if !word.text.is_empty() && self.met.insert(word.clone()) {
            self.list.push(word);
        }
    }

    fn all<'a>(&mut self, place: &str, texts: impl IntoIterator<Item = &'a str>) {
        texts.into_iter().for_each(|text| self.add(place, text));
    }

    /// Fields with everything that they reach.
    fn payload(&mut self, fields: &[Field], types: &Types) {
        self.fields(fields);
        for name in types.reachable(fields) {
            let Some(def) = types.get(name) else { continue };
            self.add("type", &name.name);
            self.all("doc", def.doc.as_deref());
            self.all("tag", def.tags.iter().map(|tag| tag.value.as_str()));
            self.shape(&def.shape);
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.add("field", &field.name.value);
            self.all("wire", field.notes.wire.as_ref().map(|wire| wire.value.as_str()));
            self.all("doc", field.notes.doc.as_deref());
            self.all("tag", field.notes.tags.iter().map(|tag| tag.value.as_str()));
            self.shape(&field.shape);
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match &shape.kind {
            // Types are met once each, by whoever asks for what is reached.
            ShapeKind::Ref(_) => {}
            ShapeKind::Scalar(scalar) => self.add("type", &scalar.to_string()),
            ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => self.shape(item),
            ShapeKind::Record(fields) => self.fields(fields),
            ShapeKind::Enum(it) => self.all("value", it.values.iter().map(|value| value.value.as_str())),
            ShapeKind::Union(union) => {
                for (tag, branch) in &union.branches {
                    self.add("value", &tag.value);
                    self.shape(branch);
                }
            }
        }
    }
}

/// Of an event of the model, or of one that was released and is over.
pub(super) fn of_event(workspace: &Workspace, name: &Name) -> Vec<Word> {
    let mut words = Words::default();
    words.add("name", &name.name);
    let model = workspace.model.event(name);
    if let Some(evolution) = workspace.evolutions.get(name) {
        words.all("name", evolution.versions.iter().map(|known| known.name.name.as_str()));
        words.all("wire", evolution.wire_names.iter().map(String::as_str).filter(|it| *it != name.name));
    }
    match (model, workspace.history.events.get(name).and_then(|releases| releases.last())) {
        (Some(event), _) if event.fields.is_some() => {
            words.all("doc", event.doc.as_deref());
            words.payload(event.fields.as_deref().unwrap_or_default(), &workspace.model.types);
        }
        (event, last) => {
            words.all("doc", event.and_then(|it| it.doc.as_deref()));
            if let Some(release) = last {
                words.all("doc", release.event.doc.as_deref());
                words.payload(release.event.fields.as_deref().unwrap_or_default(), &release.types);
            }
        }
    }
    words.list
}

/// Of a command.
pub(super) fn of_command(model: &Model, command: &Command) -> Vec<Word> {
    let mut words = Words::default();
    words.add("name", &command.name.value);
    words.all("wire", command.wire.as_ref().map(|wire| wire.value.as_str()));
    words.all("doc", command.doc.as_deref());
    words.payload(command.fields.as_deref().unwrap_or_default(), &model.types);
    words.list
}
