//! The page of an event in one of its versions.

use super::{Link, MessagePage, Step, Tab, around, crumbs, deprecated, examples, link};
use crate::pages::{
    elements::{
        Cell, Section, cell, compatibility, envelope_of, facts, filled, hotspots, mono, owner_of, place, table, text,
    },
    fields, masked,
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::{
    Version,
    model::{Event, EventKind, Name},
};
use isobar_registry::{
    Evolution, Known,
    schema::{Subject, schema},
};

/// The page of an event in a version; in its newest one if none is asked for.
pub(in crate::pages) fn event(shown: &Shown, text: &str) -> Option<Page> {
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version.parse::<Version>().ok()?)),
        None => (text, None),
    };
    let evolution = shown.workspace.evolution(name)?;
    let known = match version {
        Some(version) => Some(evolution.version(version)?),
        None => evolution.newest(),
    };
    let newest = version.is_none() || evolution.newest().map(|it| it.version) == version;
    // The words of the newest version are those of today, which need no release.
    let today = shown.workspace.model.event(&evolution.name).filter(|_| newest);
    let event = today.or(known.map(|known| &*known.event))?;
    let title = match known.filter(|_| !newest) {
        Some(known) => format!("{} {}", evolution.name, known.version),
        None => evolution.name.to_string(),
    };
    let page = told(shown, evolution, known, event, newest);
    Some(Page::new("message", title, &page).below(crumbs(shown)))
}

fn told(shown: &Shown, evolution: &Evolution, known: Option<&Known>, event: &Event, newest: bool) -> MessagePage {
    let (model, name) = (&shown.workspace.model, &evolution.name);
    // Where it belongs is not written in a released version.
    let now = model.event(name).unwrap_or(event);
    let mut rows = Vec::new();
    if let Some(known) = known {
        rows = match evolution.majors.last().filter(|_| newest) {
            Some(words) => fields::rows(model, &words.types, words.event.fields.as_deref().unwrap_or_default()),
            None => fields::rows(model, &known.types, known.fields()),
        };
        fields::since(&mut rows, model, evolution);
        fields::origins(&mut rows, model, name);
        fields::readers(&mut rows, model, name);
    }
    let at = |rest: String| shown.href(&format!("event/{}", escaped(&name.to_string()))) + &rest;
    let steps = evolution.versions.iter().map(|it| Step {
        version: it.version.to_string(),
        href: shown.href(&format!("event/{}", escaped(&format!("{name}@{}", it.version)))),
        draft: it.draft,
        shown: known.is_some_and(|known| known.version == it.version),
    });
    let version = known.map(|known| known.version);
    MessagePage {
        kind: "event",
        name: name.name.clone(),
        context: Some(place(shown, "context", &name.context, None))
            .filter(|_| model.contexts.contains_key(&name.context)),
        event_kind: EventKind::NAMES.iter().find(|(_, kind)| *kind == now.kind).map(|(name, _)| *name),
        doc: event.doc.clone().or_else(|| now.doc.clone()),
        owner: owner_of(shown, &name.context),
        version: version.map(|it| it.to_string()),
        draft: known.is_some_and(|known| known.draft),
        pivotal: now.pivotal,
        deprecated: event.deprecated.as_ref().or(now.deprecated.as_ref()).map(deprecated),
        versions: steps.collect(),
        versions_href: (evolution.versions.len() > 1).then(|| at("/versions".into())),
        try_href: known.map(|_| at("/upcast".into())),
        lineage: (newest && now.fields.is_some() && model.event(name).is_some()).then(|| at("/field/".into())),
        sketch: known.is_none(),
        fields: rows,
        writers: around::writers(shown, name),
        readers: around::readers(shown, name, version),
        topics: around::topics(shown, name, now.aggregate.as_deref()),
        sections: sections(shown, evolution, event, now).into_iter().filter(Section::says_something).collect(),
        examples: known.map(|known| examples::of_event(shown, name, known)).unwrap_or_default(),
        tabs: known.map(|known| tabs(shown, evolution, known)).unwrap_or_default(),
        hotspots: model.contexts.get(&name.context).map(|it| hotspots(it, name)).unwrap_or_default(),
    }
}

/// What else is written of it: where it belongs, what it changes, and how data comes from older versions.
fn sections(shown: &Shown, evolution: &Evolution, event: &Event, now: &Event) -> Vec<Section> {
    let (model, name) = (&shown.workspace.model, &evolution.name);
    let full = |own: &String| Name { context: name.context.clone(), name: own.clone() };
    let names = |all: &[isobar_model::Spanned<Name>]| -> Option<Cell> {
        let links: Vec<Link> = all.iter().map(|it| link(shown, "event", &it.value, None)).collect();
        (!links.is_empty()).then(|| crate::pages::elements::cells(links, ", "))
    };
    let also: Vec<String> = evolution.wire_names.iter().skip(1).cloned().collect();
    let context = model.contexts.get(&name.context);
    let mut all = vec![facts(
        "In short",
        [
            ("Aggregate", now.aggregate.as_ref().map(|own| cell(link(shown, "aggregate", &full(own), None)))),
            ("On the wire", now.wire.as_ref().map(|wire| mono(&wire.value))),
            ("Also read as", Some(mono(also.join(", "))).filter(|_| !also.is_empty())),
            ("Was called", now.renamed_from.as_ref().map(|it| mono(&it.value))),
            ("Made from", now.from.as_ref().map(|it| cell(link(shown, "event", &it.value, None)))),
            ("Becomes", names(&now.splits_into)),
            ("Takes in", names(&now.merged_from)),
            (
                "Use instead",
                now.deprecated
                    .as_ref()
                    .and_then(|it| it.instead.as_ref())
                    .map(|it| cell(link(shown, "event", &it.value, None))),
            ),
            ("Dropped", now.dropped.then(|| text("its data is no longer read"))),
            ("Envelope", context.and_then(|context| envelope_of(shown, model.envelope_name(context, now)))),
            ("Compatibility", Some(compatibility(model.compatibility_of(name)))),
        ],
    )];
    all.push(table("What it changes", &["State", "Becomes"], filled(shown, &now.apply)));
    all.push(table("Where its values come from", &["Field", "Value"], filled(shown, &now.fill)));
    // Of an event that is over, what becomes of its data is written where it was.
    let event = if evolution.alive { event } else { now };
    all.push(table("How older data comes here", &["Field", "Value"], filled(shown, &event.upgrade.assignments)));
    for (other, part) in &event.upgrade.by_event {
        let title = format!("How data goes by {}", other.value);
        all.push(table(&title, &["Field", "Value"], filled(shown, part)));
    }
    let removed = event.removed.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
    if !removed.is_empty() {
        all.push(Section { title: "Gone on purpose".into(), words: removed, ..Section::default() });
    }
    all.push(table("What older readers see", &["Field", "Value"], filled(shown, &event.downgrade)));
    all
}

fn tabs(shown: &Shown, evolution: &Evolution, known: &Known) -> Vec<Tab> {
    let model = &shown.workspace.model;
    let known = &masked::known(shown, known);
    let subject = Subject::event(&model.name, &known.name, known.version, &known.event, &known.types)
        .map(|subject| subject.published(model.schema_base.as_ref().map(|base| base.value.as_str())));
    let tab = |id: &str, title: &str, text: String| Tab { id: id.into(), title: title.into(), note: None, text };
    [
        shown.rust(&evolution.name).map(|text| tab("rust", "Rust", masked::code(shown, evolution, text))),
        subject.map(|subject| tab("schema", "JSON Schema", schema(&subject).pretty())),
        Some(tab("yaml", "YAML", known.yaml())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
