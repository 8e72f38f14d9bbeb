//! The page of a team, or of whoever is named as an owner: everything that it answers for, and what waits for it.

use super::{Element, Section, cell, chip, context::question, facts, linked, mono, place, table, text};
use crate::pages::{
    listing::Part,
    message::{Link, link},
    site::Shown,
};
use isobar_model::{
    Model, Severity, Spanned,
    model::{Context, Name, Team},
};
use std::collections::BTreeMap;

/// The link to an owner, by its name for people.
pub(in crate::pages) fn owner(shown: &Shown, id: &str) -> Link {
    let name = shown.workspace.model.teams.get(id).and_then(|team| team.name.clone());
    Link { name: name.unwrap_or_else(|| id.to_owned()), ..place(shown, "team", id, None) }
}

/// Who answers for a context: its own owner, or the workspace's.
pub(in crate::pages) fn owner_of(shown: &Shown, context: &str) -> Option<Link> {
    let model = &shown.workspace.model;
    let own = model.contexts.get(context)?.owner.as_ref().or(model.owner.as_ref())?;
    Some(owner(shown, &own.value))
}

/// Everybody who answers for something. Who is only named has a page as well.
pub(in crate::pages) fn teams(model: &Model) -> BTreeMap<&String, Option<&Team>> {
    let own = [&model.owner].into_iter().chain(model.contexts.values().map(|it| &it.owner));
    let named = own.chain(model.consumers.values().map(|it| &it.owner)).flatten();
    let named = named.chain(model.waivers.iter().map(|it| &it.owner)).map(|owner| (&owner.value, None));
    named.chain(model.teams.iter().map(|(id, team)| (id, Some(team)))).collect()
}

pub(super) fn team(shown: &Shown, id: &str, part: &Part) -> Option<Element> {
    let workspace = &shown.workspace;
    let model = &workspace.model;
    let it = *teams(model).get(&id.to_owned())?;
    let is = |owner: &Option<Spanned<String>>| owner.as_ref().is_some_and(|it| it.value == id);
    let owns = |owner: &Option<Spanned<String>>| is(if owner.is_some() { owner } else { &model.owner });
    let waivers: Vec<_> = model.waivers.iter().filter(|it| it.owner.value == id).collect();
    let contexts: Vec<_> = model.contexts.iter().filter(|(_, context)| owns(&context.owner)).collect();
    let all = |kind: &'static str, names: fn(&Context) -> Vec<&String>| {
        contexts.iter().flat_map(move |(context, it)| {
            names(it).into_iter().map(move |name| (kind, Name { context: (*context).clone(), name: name.clone() }))
        })
    };
    let to = |(kind, name): (&'static str, Name)| {
        let newest = (kind == "event").then(|| workspace.evolutions.get(&name)?.newest()).flatten();
        Some(link(shown, kind, &name, newest.map(|it| it.version.to_string())))
    };
    let events = part.made(all("event", |it| it.events.keys().collect()), to);
    let commands = part.made(all("command", |it| it.commands.keys().collect()), to);
    let others = all("aggregate", |it| it.aggregates.keys().collect())
        .chain(all("policy", |it| it.policies.keys().collect()))
        .chain(all("saga", |it| it.sagas.keys().collect()))
        .chain(all("read-model", |it| it.read_models.keys().collect()));
    let others = part.made(others, to);
    let hotspots = contexts.iter().flat_map(|(context, it)| it.hotspots.iter().map(move |it| (*context, it)));
    let hotspots = part.made(hotspots, |(context, it)| question(shown, context, it));
    let ours = |name: &Name| contexts.iter().any(|(context, _)| **context == name.context);
    let drafts = workspace.evolutions.iter().filter(|(name, it)| ours(name) && it.draft().is_some());
    let drafts = part.made(drafts, |(name, it)| {
        let note = it.draft().map(|draft| match it.released() {
            Some(released) => format!("{}, after {}", draft.version, released.version),
            None => format!("{}, the first", draft.version),
        });
        Some(link(shown, "event", name, note))
    });
    let carried = |name: &Name| ours(name);
    let topics = model.topics.iter().filter(|(_, topic)| topic.carries.iter().any(|it| carried(&it.value)));
    let consumers = model.consumers.iter().filter(|(_, it)| is(&it.owner));
    let said = |what: fn(&Team) -> &Option<String>| it.and_then(|it| what(it).clone());
    let sections = vec![
        facts(
            "In short",
            [
                ("Mail", said(|it| &it.email).map(text)),
                ("Chat", said(|it| &it.chat).map(text)),
                ("Known as", Some(mono(id))),
            ],
        ),
        linked("Contexts", "", part.made(&contexts, |(name, it)| Some(place(shown, "context", name, it.doc.clone())))),
        linked("Drafts that wait for their release", "", drafts),
        table("Open questions", &["About", "Question"], hotspots),
        findings(shown, &ours, part),
        table(
            "What it accepted for a time",
            &["Finding", "About", "Until", "Why"],
            waivers.iter().map(|it| {
                let about = it
                    .message
                    .as_ref()
                    .map_or_else(|| text("anything"), |name| cell(link(shown, "event", &name.value, None)));
                vec![mono(it.code.name), about, text(&it.expires.value), text(&it.reason)]
            }),
        ),
        linked("Events", "It owns no event.", events),
        linked("Commands", "", commands),
        linked("Aggregates, policies, sagas, read models", "", others),
        linked(
            "Topics that carry its messages",
            "",
            part.made(topics, |(name, it)| Some(place(shown, "topic", name, it.doc.clone()))),
        ),
        linked(
            "Consumers",
            "",
            part.made(consumers, |(name, it)| Some(place(shown, "consumer", name, it.doc.clone()))),
        ),
    ];
    Some(Element {
        kind: "team",
        context: None,
        name: said(|it| &it.name).unwrap_or_else(|| id.to_owned()),
        doc: said(|it| &it.doc),
        owner: None,
        hotspots: Vec::new(),
        sections,
    })
}

/// What is found in the contexts of a team.
fn findings(shown: &Shown, ours: &dyn Fn(&Name) -> bool, part: &Part) -> Section {
    let about = |it: &isobar_model::Diagnostic| {
        let (context, name) = it.about.as_deref()?.split_once('.')?;
        let name = Name { context: context.to_owned(), name: name.to_owned() };
        ours(&name).then_some(name)
    };
    let all = shown.findings().iter().filter_map(|it| Some((it, about(it)?)));
    let rows = part.made(all, |(it, name)| {
        let tone = match it.severity() {
            Severity::Error => "bad",
            Severity::Warning => "warn",
            _ => "",
        };
        vec![chip(tone, it.code.name), cell(link(shown, "event", &name, None)), text(&it.message)]
    });
    table("Findings", &["Code", "About", "Says"], rows)
}
