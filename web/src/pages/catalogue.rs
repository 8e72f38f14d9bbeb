//! Every message of a workspace, by context, with what else each context has.

use super::{
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::model::{Context, Name};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Message {
    link: Link,
    doc: Option<String>,
    version: Option<String>,
    draft: bool,
    deprecated: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    doc: Option<String>,
    owner: Option<Link>,
    messages: Vec<Message>,
    others: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Catalogue {
    workspace: String,
    doc: Option<String>,
    parts: Vec<Part>,
    travels: Vec<Link>,
}

pub(super) fn page(shown: &Shown) -> Page {
    let model = &shown.workspace.model;
    let plain = |kind: &'static str, name: &String, note: Option<String>| Link {
        kind,
        name: name.clone(),
        href: shown.href(&format!("{kind}/{}", escaped(name))),
        note,
    };
    let topics =
        model.topics.iter().map(|(name, it)| plain("topic", name, it.broker.as_ref().map(|it| it.value.clone())));
    let consumers =
        model.consumers.iter().map(|(name, it)| plain("consumer", name, it.owner.as_ref().map(|it| it.value.clone())));
    let data = Catalogue {
        workspace: shown.name.clone(),
        doc: model.doc.clone(),
        parts: model.contexts.iter().map(|(name, context)| part(shown, name, context)).collect(),
        travels: topics.chain(consumers).collect(),
    };
    Page::new("catalogue", format!("Messages of {}", shown.name), &data).below(crumbs(shown))
}

fn part(shown: &Shown, name: &str, context: &Context) -> Part {
    let full = |own: &String| Name { context: name.to_owned(), name: own.clone() };
    let events = context.events.iter().map(|(own, event)| {
        let newest = shown.workspace.evolutions.get(&full(own)).and_then(|it| it.newest());
        Message {
            link: link(shown, "event", &full(own), None),
            doc: event.doc.clone(),
            version: newest.map(|it| it.version.to_string()),
            draft: newest.is_some_and(|it| it.draft),
            deprecated: event.deprecated.is_some(),
        }
    });
    let commands = context.commands.iter().map(|(own, command)| Message {
        link: link(shown, "command", &full(own), None),
        doc: command.doc.clone(),
        version: None,
        draft: false,
        deprecated: command.deprecated.is_some(),
    });
    let others = [
        ("aggregate", context.aggregates.keys().collect::<Vec<_>>()),
        ("policy", context.policies.keys().collect()),
        ("saga", context.sagas.keys().collect()),
        ("read-model", context.read_models.keys().collect()),
    ];
    let owner = context.owner.as_ref().map(|owner| {
        let team = shown.workspace.model.teams.get(&owner.value).and_then(|team| team.name.clone());
        Link {
            kind: "team",
            name: team.unwrap_or_else(|| owner.value.clone()),
            href: shown.href(&format!("team/{}", escaped(&owner.value))),
            note: None,
        }
    });
    Part {
        name: name.to_owned(),
        doc: context.doc.clone(),
        owner,
        messages: commands.chain(events).collect(),
        others: others
            .into_iter()
            .flat_map(|(kind, names)| names.into_iter().map(move |name| (kind, name)))
            .map(|(kind, own)| link(shown, kind, &full(own), None))
            .collect(),
    }
}
