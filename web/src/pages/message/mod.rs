//! The page of an event or a command: what it says, what it looks like, who writes and who reads it, and what is generated of it.

mod around;
mod command;
mod event;
mod examples;

pub(super) use around::{givers, writers};
pub(super) use command::command;
pub(super) use event::event;

use super::{
    elements::Section,
    fields::Row,
    site::{Shown, escaped},
};
use isobar_model::model::{Deprecation, Name};
use serde::Serialize;

/// Something with a page of its own.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) href: String,
    /// What it has to do with the message.
    pub(super) note: Option<String>,
}

/// A text in a tab, to be copied.
#[derive(Debug, Serialize)]
struct Tab {
    id: String,
    title: String,
    /// A word about it.
    note: Option<String>,
    text: String,
}

/// A version in the line of versions.
#[derive(Debug, Serialize)]
struct Step {
    version: String,
    href: String,
    draft: bool,
    shown: bool,
}

/// Everything that is told of a message.
#[derive(Debug, Default, Serialize)]
struct MessagePage {
    kind: &'static str,
    name: String,
    context: Option<Link>,
    /// What kind of event it is.
    event_kind: Option<&'static str>,
    doc: Option<String>,
    owner: Option<Link>,
    version: Option<String>,
    draft: bool,
    pivotal: bool,
    deprecated: Option<String>,
    versions: Vec<Step>,
    versions_href: Option<String>,
    try_href: Option<String>,
    fields: Vec<Row>,
    /// The address of a field's lineage, without the field; old versions have none.
    lineage: Option<String>,
    sketch: bool,
    writers: Vec<Link>,
    readers: Vec<Link>,
    topics: Vec<Link>,
    /// What else is written of it.
    sections: Vec<Section>,
    /// Each example, in every form in which it travels.
    examples: Vec<Vec<Tab>>,
    tabs: Vec<Tab>,
    hotspots: Vec<String>,
}

/// The address of an element's page.
pub(super) fn link(shown: &Shown, kind: &'static str, name: &Name, note: Option<String>) -> Link {
    let text = name.to_string();
    Link { kind, href: shown.href(&format!("{kind}/{}", escaped(&text))), name: text, note }
}

/// The pages above everything of a workspace.
pub(super) fn crumbs(shown: &Shown) -> [(String, String); 2] {
    [("All workspaces".into(), "/".into()), (shown.name.clone(), shown.href(""))]
}

fn deprecated(it: &Deprecation) -> String {
    let mut said = String::from("Deprecated");
    let mut say = |what: &str, text: Option<String>| {
        said.push_str(&text.map(|text| format!("{what} {text}")).unwrap_or_default());
    };
    say(" since", it.since.map(|version| version.to_string()));
    say("; use", it.instead.as_ref().map(|it| it.value.to_string()));
    say("; goes after", it.remove_after.clone());
    say(".", it.doc.clone());
    said
}
