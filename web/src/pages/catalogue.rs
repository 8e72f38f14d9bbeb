//! Every message of a workspace, by context, with what else each context has: all of it is one list, of which a page shows a part.

use super::{
    listing::{EACH, Listing},
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::model::{Context, Name};
use serde::Serialize;

/// More contexts than this are not listed above a part of the list.
const NEAR: usize = 300;

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
    href: String,
    doc: Option<String>,
    owner: Option<Link>,
    /// How many things it has, here or elsewhere.
    count: usize,
    messages: Vec<Message>,
    others: Vec<Link>,
}

/// Where the list of a context begins.
#[derive(Debug, Serialize)]
struct Tally<'a> {
    name: &'a str,
    href: String,
    count: usize,
}

#[derive(Debug, Serialize)]
struct Catalogue<'a> {
    workspace: &'a str,
    doc: Option<&'a str>,
    /// The contexts, where the list has several parts.
    contexts: Vec<Tally<'a>>,
    parts: Vec<Part>,
    travels: Vec<Link>,
}

pub(super) fn page(shown: &Shown, page: usize) -> Option<Page> {
    let model = &shown.workspace.model;
    let own: Vec<usize> = model.contexts.values().map(|context| entries(context).count()).collect();
    let count = own.iter().sum::<usize>() + model.topics.len() + model.consumers.len();
    let listing = Listing::new(count, page, EACH)?;
    let range = listing.range();
    let mut begin = 0;
    let (mut parts, mut tallies, mut here) = (Vec::new(), Vec::new(), 0);
    for ((name, context), count) in model.contexts.iter().zip(own) {
        let end = begin + count;
        if begin < range.end && end > range.start {
            here = tallies.len();
            let wanted = range.start.saturating_sub(begin)..(range.end - begin).min(count);
            parts.push(part(shown, name, context, count, wanted));
        }
        let page = listing.page_of(begin);
        let query = if page > 1 { format!("?page={page}") } else { String::new() };
        tallies.push(Tally { name, href: shown.href(&format!("messages{query}#{}", escaped(name))), count });
        begin = end;
    }
    let near = if listing.pages > 1 { here.saturating_sub(NEAR / 2)..here + NEAR } else { 0..0 };
    let plain = |(kind, name, note): (&'static str, &String, Option<String>)| Link {
        kind,
        name: name.clone(),
        href: shown.href(&format!("{kind}/{}", escaped(name))),
        note,
    };
    let topics = model.topics.iter().map(|(name, it)| ("topic", name, it.broker.as_ref().map(|it| it.value.clone())));
    let consumers =
        model.consumers.iter().map(|(name, it)| ("consumer", name, it.owner.as_ref().map(|it| it.value.clone())));
    let travels = topics
        .chain(consumers)
        .skip(range.start.saturating_sub(begin))
        .take(range.end.saturating_sub(begin.max(range.start)));
    let data = Catalogue {
        workspace: &shown.name,
        doc: model.doc.as_deref(),
        contexts: tallies.into_iter().take(near.end).skip(near.start).collect(),
        parts,
        travels: travels.map(plain).collect(),
    };
    Some(Page::new("catalogue", format!("Messages of {}", shown.name), &data).below(crumbs(shown)).part(listing))
}

/// Everything in a context with a page of its own: kind and name. Its types stand on its own page.
fn entries(context: &Context) -> impl Iterator<Item = (&'static str, &String)> {
    let kind = |kind: &'static str| move |name| (kind, name);
    (context.commands.keys().map(kind("command")))
        .chain(context.events.keys().map(kind("event")))
        .chain(context.aggregates.keys().map(kind("aggregate")))
        .chain(context.policies.keys().map(kind("policy")))
        .chain(context.sagas.keys().map(kind("saga")))
        .chain(context.read_models.keys().map(kind("read-model")))
        .chain(context.actors.keys().map(kind("actor")))
        .chain(context.external_systems.keys().map(kind("external")))
}

/// The wanted things of a context.
fn part(shown: &Shown, name: &str, context: &Context, count: usize, wanted: std::ops::Range<usize>) -> Part {
    let full = |own: &String| Name { context: name.to_owned(), name: own.clone() };
    let (mut messages, mut others) = (Vec::new(), Vec::new());
    for (kind, own) in entries(context).skip(wanted.start).take(wanted.len()) {
        let link = link(shown, kind, &full(own), None);
        if let (true, Some(event)) = (kind == "event", context.events.get(own)) {
            let newest = shown.workspace.evolutions.get(&full(own)).and_then(|it| it.newest());
            messages.push(Message {
                link,
                doc: event.doc.clone(),
                version: newest.map(|it| it.version.to_string()),
                draft: newest.is_some_and(|it| it.draft),
                deprecated: event.deprecated.is_some(),
            });
        } else if let (true, Some(command)) = (kind == "command", context.commands.get(own)) {
            let (version, draft) = (None, false);
            let (doc, deprecated) = (command.doc.clone(), command.deprecated.is_some());
            messages.push(Message { link, doc, version, draft, deprecated });
        } else {
            others.push(link);
        }
    }
    let owner = context.owner.as_ref().map(|owner| {
        let team = shown.workspace.model.teams.get(&owner.value).and_then(|team| team.name.clone());
        Link {
            kind: "team",
            name: team.unwrap_or_else(|| owner.value.clone()),
            href: shown.href(&format!("team/{}", escaped(&owner.value))),
            note: None,
        }
    });
    let href = shown.href(&format!("context/{}", escaped(name)));
    Part { name: name.to_owned(), href, doc: context.doc.clone(), owner, count, messages, others }
}
