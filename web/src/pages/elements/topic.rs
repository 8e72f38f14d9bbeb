//! The pages of a topic, with what it carries, who writes to it and who reads it, and of its broker.

use super::{
    Element, Section, cell, facts, linked, mono, place,
    section::{few, time},
    table, text,
};
use crate::pages::{
    listing::Part,
    message::{givers, link, writers},
    site::Shown,
};
use isobar_model::model::{Name, Topic};

pub(super) fn topic(shown: &Shown, name: &str, part: &Part) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.topics.get(name)?;
    let carried = part.made(&it.carries, |carried| {
        let kind = match () {
            () if model.event(&carried.value).is_some() => "event",
            () if model.command(&carried.value).is_some() => "command",
            () => "aggregate",
        };
        Some(link(shown, kind, &carried.value, None))
    });
    let messages = messages(shown, it, part);
    let readers = model.consumers.iter().filter(|(_, consumer)| consumer.reads.iter().any(|it| it.value == name));
    let readers = part.made(readers, |(name, consumer)| {
        let delivery = consumer.delivery.as_ref().map(|it| it.replace('_', " "));
        let offset = consumer.offset.as_ref().map(|it| format!("starts at {it}"));
        let said = [delivery, offset].into_iter().flatten().collect::<Vec<_>>().join(", ");
        Some(place(shown, "consumer", name, Some(said).filter(|it| !it.is_empty())))
    });
    let broker = it.broker.as_ref().map(|broker| {
        let kind = model.brokers.get(&broker.value).map(|it| format!(" ({})", it.kind.value)).unwrap_or_default();
        [cell(place(shown, "broker", &broker.value, None)), text(kind)].concat()
    });
    let number = |it: Option<u64>| it.map(|it| text(it.to_string()));
    let sections = vec![
        facts(
            "In short",
            [
                ("Broker", broker),
                ("Key", it.key.as_ref().map(|it| mono(&it.value))),
                ("Partitions", number(it.partitions)),
                ("Copies", number(it.replication)),
                ("Kept for", it.retention.map(|it| text(time(it)))),
                ("Exchange", it.exchange.as_ref().map(mono)),
                ("Routing key", it.routing_key.as_ref().map(mono)),
            ],
        ),
        linked("Carries", "It carries nothing yet.", carried),
        table("Messages", &["Message", "Newest", "Written by"], messages),
        linked("Read by", "Nobody reads it.", readers),
        table(
            "Headers",
            &["Header", "Holds"],
            it.headers.iter().map(|(name, role)| vec![mono(name), text(&role.value)]),
        ),
    ];
    Some(element("topic", name, it.doc.clone(), sections))
}

fn element(kind: &'static str, name: &str, doc: Option<String>, sections: Vec<Section>) -> Element {
    Element { kind, context: None, name: name.to_owned(), doc, owner: None, hotspots: Vec::new(), sections }
}

/// Every message on it, those of aggregates one by one, with its newest version and what brings it about.
fn messages(shown: &Shown, it: &Topic, part: &Part) -> Vec<Vec<super::Cell>> {
    let model = &shown.workspace.model;
    let mut names: Vec<Name> = Vec::new();
    for carried in &it.carries {
        let aggregate =
            model.contexts.get(&carried.value.context).and_then(|it| it.aggregates.get(&carried.value.name));
        match aggregate {
            Some(aggregate) => names.extend(
                aggregate.events.iter().map(|own| Name { context: carried.value.context.clone(), name: own.clone() }),
            ),
            None => names.push(carried.value.clone()),
        }
    }
    let row = |name: &Name| {
        let newest = shown.workspace.evolutions.get(name).and_then(|it| it.newest());
        let version = newest.map(|it| format!("{}{}", it.version, if it.draft { " (draft)" } else { "" }));
        let kind = if model.event(name).is_some() { "event" } else { "command" };
        let writers = match model.command(name) {
            Some(command) => givers(shown, name, command),
            None => writers(shown, name),
        };
        vec![cell(link(shown, kind, name, None)), text(version.unwrap_or_default()), few(writers, ", ")]
    };
    // Who writes a message is looked for in the whole model.
    part.made(&names, row).collect()
}

pub(super) fn broker(shown: &Shown, name: &str) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.brokers.get(name)?;
    let topics = model.topics.iter().filter(|(_, topic)| topic.broker.as_ref().is_some_and(|it| it.value == name));
    let topics = topics.map(|(name, topic)| place(shown, "topic", name, topic.doc.clone()));
    let sections = vec![
        facts(
            "In short",
            [
                ("Kind", Some(text(&it.kind.value))),
                ("Begins at", Some(mono(it.bootstrap.join(", "))).filter(|_| !it.bootstrap.is_empty())),
            ],
        ),
        linked("Topics", "It has no topic.", topics),
    ];
    Some(element("broker", name, None, sections))
}
