//! The page of an event or a command: what it says, what it looks like, who writes and who reads it, and what is generated of it.

use super::{
    elements::owner_of,
    fields::{self, Row},
    masked,
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::{
    Version,
    model::{Command, Deprecation, Event, EventKind, Name},
};
use isobar_registry::{
    Evolution, Known,
    schema::{Subject, schema},
};
use serde::Serialize;

/// Something with a page of its own.
#[derive(Debug, Serialize)]
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
    id: &'static str,
    title: &'static str,
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

#[derive(Debug, Serialize)]
struct MessagePage {
    kind: &'static str,
    glyph: &'static str,
    name: String,
    context: String,
    /// What kind of event it is.
    event_kind: Option<&'static str>,
    doc: Option<String>,
    owner: Option<Link>,
    version: Option<String>,
    draft: bool,
    pivotal: bool,
    deprecated: Option<String>,
    wire: Option<String>,
    versions: Vec<Step>,
    versions_href: Option<String>,
    try_href: Option<String>,
    fields: Vec<Row>,
    /// The address of a field's lineage, without the field; old versions have none.
    lineage: Option<String>,
    sketch: bool,
    requires: Vec<String>,
    examples: Vec<String>,
    writers: Vec<Link>,
    readers: Vec<Link>,
    topics: Vec<Link>,
    tabs: Vec<Tab>,
    hotspots: Vec<String>,
}

/// The address of an element's page.
pub(super) fn link(shown: &Shown, kind: &'static str, name: &Name, note: Option<String>) -> Link {
    let text = name.to_string();
    Link { kind, href: shown.href(&format!("{kind}/{}", escaped(&text))), name: text, note }
}

/// The page of an event in a version; in its newest one if none is asked for.
pub(super) fn event(shown: &Shown, text: &str) -> Option<Page> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version.parse::<Version>().ok()?)),
        None => (text, None),
    };
    let evolution = shown.workspace.evolution(name)?;
    let known = match version {
        Some(version) => evolution.version(version),
        None => evolution.newest(),
    };
    let newest = version.is_none() || evolution.newest().map(|it| it.version) == version;
    let event = known.map_or_else(|| shown.workspace.model.event(&evolution.name), |known| Some(&*known.event))?;
    Some(event_page(shown, evolution, known, event, newest))
}

fn event_page(shown: &Shown, evolution: &Evolution, known: Option<&Known>, event: &Event, newest: bool) -> Page {
    let (model, name) = (&shown.workspace.model, &evolution.name);
    let context = model.contexts.get(&name.context);
    let mut rows = Vec::new();
    if let Some(known) = known {
        rows = fields::rows(model, &known.types, known.fields());
        fields::since(&mut rows, evolution);
        fields::origins(&mut rows, model, name);
        fields::readers(&mut rows, model, name);
    }
    let href = |version: Version| shown.href(&format!("event/{}", escaped(&format!("{name}@{version}"))));
    let steps = evolution.versions.iter().map(|it| Step {
        version: it.version.to_string(),
        href: href(it.version),
        draft: it.draft,
        shown: known.is_some_and(|known| known.version == it.version),
    });
    let full = name.to_string();
    let page = MessagePage {
        kind: "event",
        glyph: "●",
        name: name.name.clone(),
        context: name.context.clone(),
        event_kind: EventKind::NAMES.iter().find(|(_, kind)| *kind == event.kind).map(|(name, _)| *name),
        doc: event.doc.clone(),
        owner: owner_of(shown, &name.context),
        version: known.map(|known| known.version.to_string()),
        draft: known.is_some_and(|known| known.draft),
        pivotal: event.pivotal,
        deprecated: event.deprecated.as_ref().map(deprecated),
        wire: event.wire.as_ref().map(|wire| wire.value.clone()),
        versions: steps.collect(),
        versions_href: (evolution.versions.len() > 1)
            .then(|| shown.href(&format!("event/{}/versions", escaped(&full)))),
        try_href: known.map(|_| shown.href(&format!("event/{}/upcast", escaped(&full)))),
        lineage: (newest && model.event(name).is_some_and(|it| it.fields.is_some()))
            .then(|| shown.href(&format!("event/{}/field/", escaped(&full)))),
        sketch: known.is_none(),
        fields: rows,
        requires: Vec::new(),
        examples: known.map(|known| examples(shown, known)).unwrap_or_default(),
        writers: writers(shown, name),
        readers: readers(shown, name),
        topics: topics(shown, name, event.aggregate.as_deref()),
        tabs: known.map(|known| tabs(shown, evolution, known)).unwrap_or_default(),
        hotspots: context
            .into_iter()
            .flat_map(|context| &context.hotspots)
            .filter(|it| it.at.value == name.name || it.at.value == full)
            .map(|it| it.note.clone())
            .collect(),
    };
    let title = match known.filter(|_| !newest) {
        Some(known) => format!("{full} {}", known.version),
        None => full,
    };
    Page::new("message", title, &page).below(crumbs(shown))
}

/// The pages above everything of a workspace.
pub(super) fn crumbs(shown: &Shown) -> [(String, String); 2] {
    [("All workspaces".into(), "/".into()), (shown.name.clone(), shown.href(""))]
}

/// The page of a command.
pub(super) fn command(shown: &Shown, text: &str) -> Option<Page> {
    let model = &shown.workspace.model;
    let (name, command) = model.commands().find(|(name, _)| name.to_string() == text)?;
    let subject = Subject::command(&model.name, &name, command, &model.types);
    let fields = command.fields.as_deref().unwrap_or_default();
    let page = MessagePage {
        kind: "command",
        glyph: "▸",
        name: name.name.clone(),
        context: name.context.clone(),
        event_kind: None,
        doc: command.doc.clone(),
        owner: owner_of(shown, &name.context),
        version: None,
        draft: false,
        pivotal: false,
        deprecated: command.deprecated.as_ref().map(deprecated),
        wire: command.wire.as_ref().map(|wire| wire.value.clone()),
        versions: Vec::new(),
        versions_href: None,
        try_href: None,
        lineage: Some(shown.href(&format!("command/{}/field/", escaped(text)))),
        sketch: command.fields.is_none(),
        fields: fields::rows(model, &model.types, fields),
        requires: command.requires.keys().cloned().collect(),
        examples: Vec::new(),
        writers: givers(shown, &name, command),
        readers: command.emits.iter().map(|it| link(shown, "event", &it.value, Some("emits".into()))).collect(),
        topics: topics(shown, &name, command.aggregate.as_deref()),
        tabs: subject
            .map(|subject| subject.published(model.schema_base.as_ref().map(|base| base.value.as_str())))
            .map(|subject| Tab { id: "schema", title: "JSON Schema", text: schema(&subject).pretty() })
            .into_iter()
            .collect(),
        hotspots: Vec::new(),
    };
    Some(Page::new("message", name.to_string(), &page).below(crumbs(shown)))
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

/// Payloads as their author wrote them, without what is hidden.
fn examples(shown: &Shown, known: &Known) -> Vec<String> {
    let shown = |value| masked::record(shown, &known.types, known.fields(), value).pretty();
    known.event.examples.iter().map(|example| shown(&example.value)).collect()
}

/// The commands and sagas that bring an event about.
fn writers(shown: &Shown, event: &Name) -> Vec<Link> {
    let model = &shown.workspace.model;
    let emits = model.commands().filter(|(_, it)| it.emits.iter().any(|it| it.value == *event));
    let mut links: Vec<Link> = emits
        .map(|(name, command)| {
            let note = command.aggregate.as_ref().map(|aggregate| format!("handled by {aggregate}"));
            link(shown, "command", &name, note)
        })
        .collect();
    if let Some(from) = model.event(event).and_then(|it| it.from.as_ref()) {
        links.push(link(shown, "event", &from.value, Some("made from".into())));
    }
    for (context, it) in model.contexts.iter() {
        let ends = |saga: &isobar_model::model::Saga| {
            [&saga.fails, &saga.succeeds].into_iter().flatten().any(|it| it.value == *event)
        };
        for (name, _) in it.sagas.iter().filter(|(_, saga)| ends(saga)) {
            let name = Name { context: context.clone(), name: name.clone() };
            links.push(link(shown, "saga", &name, Some("ends with it".into())));
        }
    }
    links
}

/// Who gives a command: actors, policies, sagas.
fn givers(shown: &Shown, name: &Name, command: &Command) -> Vec<Link> {
    let model = &shown.workspace.model;
    let mut links = Vec::new();
    for actor in &command.by {
        links.push(link(shown, "actor", &Name { context: name.context.clone(), name: actor.value.clone() }, None));
    }
    for (context, it) in model.contexts.iter() {
        let full = |name: &String| Name { context: context.clone(), name: name.clone() };
        for (policy, _) in it.policies.iter().filter(|(_, policy)| policy.then.iter().any(|it| it.value == *name)) {
            links.push(link(shown, "policy", &full(policy), None));
        }
        for (saga, steps) in it.sagas.iter() {
            let number = steps.steps.iter().position(|step| step.command.value == *name);
            let undo = steps.steps.iter().any(|step| step.undo.as_ref().is_some_and(|it| it.value == *name));
            let note = number.map(|number| format!("step {}", number + 1)).or(undo.then(|| "to undo".into()));
            links.extend(note.map(|note| link(shown, "saga", &full(saga), Some(note))));
        }
    }
    links
}

/// Who reads an event: consumers with what they accept, policies, sagas and read models.
fn readers(shown: &Shown, event: &Name) -> Vec<Link> {
    let model = &shown.workspace.model;
    let mut links = Vec::new();
    for (name, consumer) in model.consumers.iter() {
        let accepts = consumer.accepts.iter().find(|(it, _)| it.value == *event);
        let needs = consumer.needs.iter().any(|(it, _)| it.value == *event);
        if accepts.is_some() || needs {
            let note = accepts.map(|(_, range)| format!("accepts {}", range.value));
            links.push(Link {
                kind: "consumer",
                name: name.clone(),
                href: shown.href(&format!("consumer/{}", escaped(name))),
                note,
            });
        }
    }
    for (context, it) in model.contexts.iter() {
        let full = |name: &String| Name { context: context.clone(), name: name.clone() };
        for (name, _) in it.policies.iter().filter(|(_, it)| it.when.iter().any(|it| it.value == *event)) {
            links.push(link(shown, "policy", &full(name), None));
        }
        for (name, saga) in it.sagas.iter() {
            let steps = saga.steps.iter().flat_map(|step| [&step.ok, &step.fail]);
            let mut waits = std::iter::once(&saga.starts).chain(steps).flatten();
            if waits.any(|it| it.value == *event) {
                links.push(link(shown, "saga", &full(name), None));
            }
        }
        for (name, _) in it.read_models.iter().filter(|(_, it)| it.from.iter().any(|it| it.event.value == *event)) {
            links.push(link(shown, "read-model", &full(name), None));
        }
    }
    let made = model.events().filter(|(_, it)| it.from.as_ref().is_some_and(|it| it.value == *event));
    links.extend(made.map(|(name, _)| link(shown, "event", &name, Some("made of it".into()))));
    links
}

/// The topics that carry a message, by its own name or its aggregate's.
fn topics(shown: &Shown, message: &Name, aggregate: Option<&str>) -> Vec<Link> {
    let carries = |it: &Name| *it == *message || (it.context == message.context && aggregate == Some(it.name.as_str()));
    let topics = shown.workspace.model.topics.iter();
    topics
        .filter(|(_, topic)| topic.carries.iter().any(|it| carries(&it.value)))
        .map(|(name, topic)| Link {
            kind: "topic",
            name: name.clone(),
            href: shown.href(&format!("topic/{}", escaped(name))),
            note: topic.broker.as_ref().map(|broker| broker.value.clone()),
        })
        .collect()
}

fn tabs(shown: &Shown, evolution: &Evolution, known: &Known) -> Vec<Tab> {
    let model = &shown.workspace.model;
    let subject = Subject::event(&model.name, &known.name, known.version, &known.event, &known.types)
        .map(|subject| subject.published(model.schema_base.as_ref().map(|base| base.value.as_str())));
    let rust = shown.rust(&evolution.name);
    [
        rust.map(|text| Tab { id: "rust", title: "Rust", text }),
        subject.map(|subject| Tab { id: "schema", title: "JSON Schema", text: schema(&subject).pretty() }),
        Some(Tab { id: "yaml", title: "YAML", text: known.yaml() }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
