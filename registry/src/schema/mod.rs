//! Shapes as JSON Schema 2020-12, self-contained: every named type that is reached stands under `$defs`. The schema is a
//! consumer's: members that it does not know are allowed, and it accepts what generated code and [`crate::payload`] read.
//! Nothing here decides what a shape accepts; where JSON Schema cannot say it (equal instants in a set, say), it says less.

mod json;
mod shape;

pub use json::Json;
pub use shape::{BYTES, DATE, DURATION, TIMESTAMP, UUID};

use isobar_model::{
    Field, Spanned, Types, Value, Version,
    model::{Command, Deprecation, Event, Name},
};

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A message whose schema is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The workspace, for `$id`.
    pub workspace: &'a str,
    /// The message.
    pub name: &'a Name,
    /// Its version, for `$id`; a command has none.
    pub version: Option<Version>,
    /// For people.
    pub doc: Option<&'a str>,
    /// Its shape.
    pub fields: &'a [Field],
    /// The table that its references are looked up in.
    pub types: &'a Types,
    /// Whole payloads.
    pub examples: &'a [Spanned<Value>],
    /// Why and until when it may still be used.
    pub deprecated: Option<&'a Deprecation>,
}

impl<'a> Subject<'a> {
    /// An event of a version; `None` for a sketch.
    pub fn event(
        workspace: &'a str,
        name: &'a Name,
        version: Version,
        event: &'a Event,
        types: &'a Types,
    ) -> Option<Subject<'a>> {
        Some(Subject {
            workspace,
            name,
            version: Some(version),
            doc: event.doc.as_deref(),
            fields: event.fields.as_deref()?,
            types,
            examples: &event.examples,
            deprecated: event.deprecated.as_ref(),
        })
    }

    /// A command; `None` for a sketch.
    pub fn command(workspace: &'a str, name: &'a Name, command: &'a Command, types: &'a Types) -> Option<Subject<'a>> {
        Some(Subject {
            workspace,
            name,
            version: None,
            doc: command.doc.as_deref(),
            fields: command.fields.as_deref()?,
            types,
            examples: &[],
            deprecated: command.deprecated.as_ref(),
        })
    }

    /// `urn:isobar:shop:ordering.OrderPlaced:v1.1`.
    pub fn id(&self) -> String {
        let version = self.version.map_or(String::new(), |v| format!(":{v}"));
        format!("urn:isobar:{}:{}{version}", self.workspace, self.name)
    }
}

/// The schema of a message's payload.
pub fn schema(subject: &Subject<'_>) -> Json {
    let mut members = vec![
        ("$schema".to_owned(), Json::string(DIALECT)),
        ("$id".to_owned(), Json::string(subject.id())),
        ("title".to_owned(), Json::string(&subject.name.name)),
    ];
    let mut add = |key: &str, value: Option<Json>| members.extend(value.map(|value| (key.to_owned(), value)));
    add("description", subject.doc.map(Json::string));
    add("deprecated", subject.deprecated.map(|_| Json::Bool(true)));
    add("x-isobar-name", Some(Json::string(subject.name.to_string())));
    add("x-isobar-version", subject.version.map(|v| Json::string(v.to_string())));

    let emitter = shape::Emitter { context: &subject.name.context };
    members.extend(emitter.record(subject.fields));
    if !subject.examples.is_empty() {
        let examples = subject.examples.iter().map(|example| Json::from(&example.value)).collect();
        members.push(("examples".to_owned(), Json::Array(examples)));
    }
    let reached = subject.types.reachable(subject.fields);
    let defs: Vec<(String, Json)> = reached
        .into_iter()
        .filter_map(|name| Some((emitter.key(name), emitter.definition(subject.types.get(name)?))))
        .collect();
    if !defs.is_empty() {
        members.push(("$defs".to_owned(), Json::Object(defs)));
    }
    Json::Object(members)
}

#[cfg(all(test, feature = "payload"))]
mod agreement;
#[cfg(test)]
mod tests;
