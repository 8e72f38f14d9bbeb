//! The pages of a context, of the actors who give its commands, and of the systems around it.

use super::{Cell, Element, Section, Told, cell, facts, linked, mono, owner_of, place, table, text, types};
use crate::pages::{
    listing::Part,
    message::{Link, link},
    site::Shown,
};
use isobar_model::model::{ActorKind, Compatibility, Context, Hotspot, Name};

/// The link to a context.
pub(super) fn link_to(shown: &Shown, context: &str) -> Link {
    place(shown, "context", context, None)
}

/// The element that a hotspot is about; none where it has no page.
pub(in crate::pages) fn at(shown: &Shown, context: &str, text: &str) -> Option<Link> {
    let (context, own) = text.split_once('.').unwrap_or((context, text));
    let it = shown.workspace.model.contexts.get(context)?;
    let name = Name { context: context.to_owned(), name: own.to_owned() };
    let kinds = [
        ("event", it.events.contains_key(own)),
        ("command", it.commands.contains_key(own)),
        ("aggregate", it.aggregates.contains_key(own)),
        ("policy", it.policies.contains_key(own)),
        ("saga", it.sagas.contains_key(own)),
        ("read-model", it.read_models.contains_key(own)),
        ("actor", it.actors.contains_key(own)),
        ("external", it.external_systems.contains_key(own)),
    ];
    kinds.into_iter().find(|(_, is)| *is).map(|(kind, _)| link(shown, kind, &name, None))
}

/// What an open question of a context is about, and the question.
pub(super) fn question(shown: &Shown, context: &str, it: &Hotspot) -> Vec<Cell> {
    vec![at(shown, context, &it.at.value).map_or_else(|| text(&it.at.value), cell), text(&it.note)]
}

/// The questions about an element of a context.
pub(in crate::pages) fn hotspots(context: &Context, name: &Name) -> Vec<String> {
    let about = |at: &str| at == name.name || at == name.to_string();
    context.hotspots.iter().filter(|it| about(&it.at.value)).map(|it| it.note.clone()).collect()
}

/// A policy as it is written.
pub(in crate::pages) fn compatibility(it: Compatibility) -> Cell {
    let name = Compatibility::NAMES.iter().find(|(_, known)| *known == it).map_or("", |(name, _)| name);
    mono(name)
}

/// An envelope by its name, which the settings tell more of.
pub(in crate::pages) fn envelope_named(shown: &Shown, name: &str) -> Option<Cell> {
    Some(cell(Link { kind: "settings", name: name.to_owned(), href: shown.href("settings"), note: None }))
}

/// The envelope that was chosen, if one was.
pub(in crate::pages) fn envelope_of(shown: &Shown, name: Option<&str>) -> Option<Cell> {
    envelope_named(shown, name?)
}

pub(super) fn context(shown: &Shown, name: &str, part: &Part) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.contexts.get(name)?;
    let full = |own: &String| Name { context: name.to_owned(), name: own.clone() };
    let all = |kind: &'static str, names: Vec<&String>| {
        part.made(names, |own| Some(link(shown, kind, &full(own), None))).collect::<Vec<_>>()
    };
    let hotspots = part.made(&it.hotspots, |it| question(shown, name, it));
    let envelope = it.envelope.as_ref().or(model.envelope.as_ref());
    let envelope = envelope_of(shown, envelope.map(|it| it.value.as_str()));
    let board = Link {
        kind: "board",
        name: "The board of this context".into(),
        href: place(shown, "board", name, None).href,
        note: None,
    };
    let sections = vec![
        facts(
            "In short",
            [
                ("Board", Some(cell(board))),
                ("Envelope", envelope),
                ("Compatibility", Some(compatibility(it.compatibility.unwrap_or(model.compatibility)))),
            ],
        ),
        table("Open questions", &["About", "Question"], hotspots),
        linked("Aggregates", "", all("aggregate", it.aggregates.keys().collect())),
        linked("Commands", "", all("command", it.commands.keys().collect())),
        linked("Events", "", all("event", it.events.keys().collect())),
        linked("Policies", "", all("policy", it.policies.keys().collect())),
        linked("Sagas", "", all("saga", it.sagas.keys().collect())),
        linked("Read models", "", all("read-model", it.read_models.keys().collect())),
        linked("Actors", "", all("actor", it.actors.keys().collect())),
        linked("Systems outside", "", all("external", it.external_systems.keys().collect())),
        types::of_context(shown, name, part),
    ];
    Some(Element {
        kind: "context",
        context: None,
        name: name.to_owned(),
        doc: it.doc.clone(),
        owner: owner_of(shown, name),
        hotspots: Vec::new(),
        sections,
    })
}

pub(super) fn actor(shown: &Shown, context: &Context, name: &Name, part: &Part) -> Option<Told> {
    let it = context.actors.get(&name.name)?;
    let given = shown
        .workspace
        .model
        .commands()
        .filter(|(command, it)| command.context == name.context && it.by.iter().any(|by| by.value == name.name));
    let kind = match it.kind {
        ActorKind::Person => "a person",
        ActorKind::System => "a system",
    };
    let sections: Vec<Section> = vec![
        facts("In short", [("It is", Some(text(kind)))]),
        linked(
            "Commands that it gives",
            "It gives no command.",
            part.made(given, |(name, _)| Some(link(shown, "command", &name, None))),
        ),
    ];
    Some(("actor", it.doc.clone(), sections))
}

pub(super) fn external(shown: &Shown, context: &Context, name: &Name, part: &Part) -> Option<Told> {
    let it = context.external_systems.get(&name.name)?;
    let handled = part.made(&it.handles, |name| Some(link(shown, "command", &name.value, None)));
    Some((
        "external",
        it.doc.clone(),
        vec![linked("Commands that it carries out", "It carries out no command.", handled)],
    ))
}
