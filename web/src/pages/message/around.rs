//! Who stands around a message: who brings it about, who reads it, and what carries it.

use super::{Link, link};
use crate::pages::{elements::place, site::Shown};
use isobar_model::{
    Version,
    model::{Command, Name},
};

/// The commands and sagas that bring an event about.
pub(in crate::pages) fn writers(shown: &Shown, event: &Name) -> Vec<Link> {
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
pub(in crate::pages) fn givers(shown: &Shown, name: &Name, command: &Command) -> Vec<Link> {
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
pub(super) fn readers(shown: &Shown, event: &Name, version: Option<Version>) -> Vec<Link> {
    let model = &shown.workspace.model;
    let mut links = Vec::new();
    let aggregate = model.event(event).and_then(|it| it.aggregate.as_deref());
    let carried: Vec<String> = topics(shown, event, aggregate).into_iter().map(|topic| topic.name).collect();
    for (name, consumer) in model.consumers.iter() {
        let accepts = consumer.accepts.iter().find(|(it, _)| it.value == *event).map(|(_, range)| range.value);
        let needs = consumer.needs.iter().find(|(it, _)| it.value == *event).map(|(_, paths)| paths.len());
        let reads = consumer.reads.iter().find(|topic| carried.contains(&topic.value));
        let note = match (accepts, needs, reads) {
            (Some(range), ..) if version.is_some_and(|version| !range.accepts(version)) => {
                format!("accepts {range}, not this version")
            }
            (Some(range), ..) => format!("accepts {range}"),
            (None, Some(count), _) => format!("needs {count} of its fields"),
            (None, None, Some(topic)) => format!("reads {topic}, and does not say which versions"),
            (None, None, None) => continue,
        };
        links.push(place(shown, "consumer", name, Some(note)));
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

/// The topics that carry a message, by its own name or that of the aggregate whose event it is.
pub(super) fn topics(shown: &Shown, message: &Name, aggregate: Option<&str>) -> Vec<Link> {
    let carries = |it: &Name| *it == *message || (it.context == message.context && aggregate == Some(it.name.as_str()));
    let topics = shown.workspace.model.topics.iter();
    topics
        .filter(|(_, topic)| topic.carries.iter().any(|it| carries(&it.value)))
        .map(|(name, topic)| place(shown, "topic", name, topic.broker.as_ref().map(|broker| broker.value.clone())))
        .collect()
}
