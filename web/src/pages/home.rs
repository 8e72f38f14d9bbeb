//! The first page: every workspace, what changed lately, and what waits for somebody.

use super::{
    message::{Link, link},
    page::Page,
    site::{News, Shown, Site},
};
use isobar_model::model::Name;
use serde::Serialize;

/// No more than this of each kind is shown.
const MOST: usize = 12;

#[derive(Debug, Serialize)]
struct Home<'a> {
    workspaces: Vec<Card>,
    news: &'a [News],
    waiting: Vec<Waiting>,
}

#[derive(Debug, Serialize)]
struct Card {
    name: String,
    href: String,
    doc: Option<String>,
    contexts: usize,
    events: usize,
    commands: usize,
    errors: usize,
    lint: String,
}

/// What of one kind waits.
#[derive(Debug, Serialize)]
struct Waiting {
    title: &'static str,
    links: Vec<Link>,
    more: usize,
}

/// Finds what of one kind waits in a workspace.
type Find = fn(&Shown) -> Vec<Link>;

pub(super) fn page(site: &Site) -> Page {
    let kinds: [(&'static str, Find); 6] = [
        ("Drafts that wait for their release", drafts),
        ("Breaking changes", breaking),
        ("Old versions with readers still on them", left_behind),
        ("Open questions", hotspots),
        ("Messages nobody owns", ownerless),
        ("Events without a word or an example", wordless),
    ];
    let waiting = kinds.into_iter().map(|(title, find)| {
        let mut links: Vec<Link> = site.workspaces.iter().flat_map(find).collect();
        let more = links.len().saturating_sub(MOST);
        links.truncate(MOST);
        Waiting { title, links, more }
    });
    let data = Home {
        workspaces: site.workspaces.iter().map(card).collect(),
        news: &site.news,
        waiting: waiting.filter(|it| !it.links.is_empty()).collect(),
    };
    Page::new("home", "Everything that happens", &data)
}

fn card(shown: &Shown) -> Card {
    let model = &shown.workspace.model;
    Card {
        name: shown.name.clone(),
        href: shown.href(""),
        doc: model.doc.clone(),
        contexts: model.contexts.len(),
        events: model.events().count(),
        commands: model.commands().count(),
        errors: shown.workspace.diagnostics.count(isobar_model::Severity::Error),
        lint: shown.href("lint"),
    }
}

fn drafts(shown: &Shown) -> Vec<Link> {
    let evolutions = shown.workspace.evolutions.values().filter(|it| it.released().is_some());
    let drafts = evolutions.filter_map(|it| Some((it, it.draft()?)));
    drafts.map(|(it, draft)| link(shown, "event", &it.name, Some(format!("will be {}", draft.version)))).collect()
}

/// Events whose newest version began a new major.
fn breaking(shown: &Shown) -> Vec<Link> {
    let broke = shown.workspace.evolutions.values().filter_map(|it| {
        let newest = it.newest()?;
        (newest.version.minor == 0 && it.majors.len() > 1).then_some((it, newest))
    });
    broke
        .map(|(it, newest)| {
            let mut link = link(shown, "event", &it.name, Some(newest.version.to_string()));
            link.href.push_str("/versions");
            link
        })
        .collect()
}

/// Consumers that do not accept the newest version of what they read.
fn left_behind(shown: &Shown) -> Vec<Link> {
    let model = &shown.workspace.model;
    let mut links = Vec::new();
    for (name, consumer) in model.consumers.iter() {
        for (event, range) in &consumer.accepts {
            let newest = shown.workspace.evolutions.get(&event.value).and_then(|it| it.newest());
            if let Some(newest) = newest.filter(|newest| newest.version > range.value.last) {
                let note = format!("{name} reads {}, newest is {}", range.value, newest.version);
                links.push(link(shown, "event", &event.value, Some(note)));
            }
        }
    }
    links
}

fn hotspots(shown: &Shown) -> Vec<Link> {
    let contexts = shown.workspace.model.contexts.iter();
    let all = contexts.flat_map(|(context, it)| it.hotspots.iter().map(move |hotspot| (context, hotspot)));
    all.map(|(context, hotspot)| Link {
        kind: "hotspot",
        name: hotspot.note.clone(),
        href: shown.href(""),
        note: Some(format!("{context}.{}", hotspot.at.value)),
    })
    .collect()
}

fn ownerless(shown: &Shown) -> Vec<Link> {
    let model = &shown.workspace.model;
    let contexts = model.contexts.iter().filter(|(_, it)| it.owner.is_none() && model.owner.is_none());
    contexts
        .flat_map(|(context, it)| {
            it.events.keys().map(move |name| Name { context: context.clone(), name: name.clone() })
        })
        .map(|name| link(shown, "event", &name, None))
        .collect()
}

fn wordless(shown: &Shown) -> Vec<Link> {
    let events =
        shown.workspace.model.events().filter(|(_, it)| it.doc.is_none() && it.examples.is_empty() && !it.dropped);
    events.map(|(name, _)| link(shown, "event", &name, None)).collect()
}
