//! The page of what holds for a whole workspace: who owns it, its policy, envelopes, tags, teams, settings of lints, waivers, brokers.

use super::{Element, Section, cell, context::compatibility, facts, linked, mono, owner, place, table, text};
use crate::pages::{
    listing::Part,
    message::{Link, link},
    site::Shown,
};
use isobar_model::model::{Envelope, VersionForm};
use isobar_registry::schema::Json;

pub(super) fn settings(shown: &Shown, part: &Part) -> Element {
    let model = &shown.workspace.model;
    let mut sections = vec![
        facts(
            "In short",
            [
                ("Compatibility", Some(compatibility(model.compatibility))),
                ("Envelope", model.envelope.as_ref().map(|it| mono(&it.value))),
                ("JSON Schemas are published at", model.schema_base.as_ref().map(|it| mono(&it.value))),
            ],
        ),
        linked(
            "Contexts",
            "",
            part.made(model.contexts.iter(), |(name, it)| Some(place(shown, "context", name, it.doc.clone()))),
        ),
        linked("Teams", "", model.teams.iter().map(|(name, it)| Link { note: it.doc.clone(), ..owner(shown, name) })),
        table(
            "Tags",
            &["Tag", "Means", "Values are", "Shredded by"],
            model.tags.iter().map(|(name, it)| {
                let hidden = if it.redact { "hidden" } else { "shown" };
                let by = it.shred_by.as_ref().map(|it| mono(&it.value)).unwrap_or_default();
                vec![mono(name), text(it.doc.clone().unwrap_or_default()), text(hidden), by]
            }),
        ),
    ];
    sections.extend(model.envelopes.iter().map(|(name, it)| envelope(name, it)));
    sections.push(linked(
        "Brokers",
        "",
        model.brokers.iter().map(|(name, it)| place(shown, "broker", name, Some(it.kind.value.clone()))),
    ));
    sections.push(linked(
        "Topics",
        "",
        part.made(model.topics.iter(), |(name, it)| Some(place(shown, "topic", name, it.doc.clone()))),
    ));
    sections.push(linked(
        "Consumers",
        "",
        part.made(model.consumers.iter(), |(name, it)| Some(place(shown, "consumer", name, it.doc.clone()))),
    ));
    let lint = model.lint.iter().flat_map(|(lint, settings)| {
        settings
            .iter()
            .map(move |(name, value)| vec![mono(lint), mono(name), mono(Json::from(&value.value).to_string())])
    });
    sections.push(table("Settings of lints", &["Lint", "Setting", "Value"], lint));
    let waivers = model.waivers.iter().map(|it| {
        let about =
            it.message.as_ref().map_or_else(|| text("anything"), |name| cell(link(shown, "event", &name.value, None)));
        let names = it.names.as_ref().map(mono).unwrap_or_default();
        vec![
            mono(it.code.name),
            about,
            names,
            text(&it.reason),
            cell(owner(shown, &it.owner.value)),
            text(&it.expires.value),
        ]
    });
    sections.push(table("Waivers", &["Finding", "About", "Names", "Why", "Owner", "Until"], waivers));
    Element {
        kind: "settings",
        context: None,
        name: model.name.clone(),
        doc: model.doc.clone(),
        owner: model.owner.as_ref().map(|it| owner(shown, &it.value)),
        hotspots: Vec::new(),
        sections,
    }
}

fn envelope(name: &str, it: &Envelope) -> Section {
    let form = VersionForm::NAMES.iter().find(|(_, form)| *form == it.version_form).map_or("", |(name, _)| name);
    let lead = format!("A schema version is written {form}; a message without one is read as {}.", it.default_version);
    let rows = it.roles.iter().map(|(role, path)| vec![text(role), mono(&path.value)]);
    Section { lead: Some(lead), ..table(&format!("The envelope {name}"), &["Holds", "Place in the JSON"], rows) }
}
