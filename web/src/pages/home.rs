//! The first page: every workspace, what changed lately, and what waits for somebody; and each list of what waits by itself.

use super::{
    elements,
    listing::{EACH, Listing, Part, Taken},
    message::{Link, link},
    news::News,
    page::Page,
    site::{Shown, Site},
};
use isobar_model::{Severity, model::Name};
use serde::Serialize;

/// No more than this of each kind is shown.
const MOST: usize = 12;

#[derive(Debug, Serialize)]
struct Home<'a> {
    workspaces: Vec<Card>,
    news: &'a [News],
    waiting: Vec<Waiting>,
    /// How many subjects clients registered by themselves.
    subjects: usize,
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
    /// The address of all of it.
    href: String,
}

/// Finds what of one kind waits in a workspace.
type Find = fn(&Shown, &mut Taken<Link>);

/// What may wait: its name in an address, what it is called, and how it is found.
const KINDS: [(&str, &str, Find); 6] = [
    ("drafts", "Drafts that wait for their release", drafts),
    ("breaking", "Breaking changes", breaking),
    ("left-behind", "Old versions with readers still on them", left_behind),
    ("questions", "Open questions", hotspots),
    ("ownerless", "Messages nobody owns", ownerless),
    ("wordless", "Events without a word or an example", wordless),
];

pub(super) fn page(site: &Site) -> Page {
    let waiting = KINDS.map(|(id, title, find)| {
        let mut taken = Taken::new(Part::first(MOST));
        site.workspaces.iter().for_each(|shown| find(shown, &mut taken));
        let more = taken.count - taken.all.len();
        Waiting { title, links: taken.all, more, href: format!("/waiting/{id}") }
    });
    let data = Home {
        workspaces: site.workspaces.iter().map(card).collect(),
        news: &site.news,
        subjects: site.subjects.len(),
        waiting: waiting.into_iter().filter(|it| !it.links.is_empty()).collect(),
    };
    Page::new("home", "Everything that happens", &data)
}

/// Everything of one kind that waits.
pub(super) fn waiting(site: &Site, id: &str, page: usize) -> Option<Page> {
    let (_, title, find) = KINDS.into_iter().find(|(known, ..)| *known == id)?;
    // Where it ends is known once all of it was counted.
    let mut taken = Taken::new(Part::of(page));
    site.workspaces.iter().for_each(|shown| find(shown, &mut taken));
    let listing = Listing::new(taken.count, page, EACH)?;
    let data = serde_json::json!({ "title": title, "links": taken.all, "none": "Nothing waits." });
    Some(Page::new("waiting", title, &data).below([("All workspaces", "/")]).part(listing))
}

fn card(shown: &Shown) -> Card {
    let model = &shown.workspace.model;
    Card {
        name: shown.name.clone(),
        href: shown.href(""),
        doc: model.doc.clone(),
        contexts: model.contexts.len(),
        events: model.contexts.values().map(|it| it.events.len()).sum(),
        commands: model.contexts.values().map(|it| it.commands.len()).sum(),
        errors: shown.findings().iter().filter(|it| it.severity() == Severity::Error).count(),
        lint: shown.href("lint"),
    }
}

fn drafts(shown: &Shown, taken: &mut Taken<Link>) {
    for it in shown.workspace.evolutions.values().filter(|it| it.released().is_some()) {
        if let Some(draft) = it.draft() {
            taken.put(|| link(shown, "event", &it.name, Some(format!("will be {}", draft.version))));
        }
    }
}

/// Events whose newest version began a new major.
fn breaking(shown: &Shown, taken: &mut Taken<Link>) {
    for it in shown.workspace.evolutions.values().filter(|it| it.majors.len() > 1) {
        if let Some(newest) = it.newest().filter(|newest| newest.version.minor == 0) {
            taken.put(|| {
                let mut link = link(shown, "event", &it.name, Some(newest.version.to_string()));
                link.href.push_str("/versions");
                link
            });
        }
    }
}

/// Consumers that do not accept the newest version of what they read; a draft is nobody's yet.
fn left_behind(shown: &Shown, taken: &mut Taken<Link>) {
    for (name, consumer) in shown.workspace.model.consumers.iter() {
        for (event, range) in &consumer.accepts {
            let newest = shown.workspace.evolutions.get(&event.value).and_then(|it| it.released());
            if let Some(newest) = newest.filter(|newest| newest.version > range.value.last) {
                taken.put(|| {
                    let note = format!("{name} reads {}, newest is {}", range.value, newest.version);
                    link(shown, "event", &event.value, Some(note))
                });
            }
        }
    }
}

fn hotspots(shown: &Shown, taken: &mut Taken<Link>) {
    for (context, it) in shown.workspace.model.contexts.iter() {
        for hotspot in &it.hotspots {
            taken.put(|| {
                let about = elements::at(shown, context, &hotspot.at.value);
                let (href, at) =
                    about.map_or_else(|| (shown.href(""), hotspot.at.value.clone()), |it| (it.href, it.name));
                Link { kind: "hotspot", name: hotspot.note.clone(), href, note: Some(at) }
            });
        }
    }
}

fn ownerless(shown: &Shown, taken: &mut Taken<Link>) {
    let model = &shown.workspace.model;
    for (context, it) in model.contexts.iter().filter(|(_, it)| it.owner.is_none() && model.owner.is_none()) {
        for name in it.events.keys() {
            taken.put(|| link(shown, "event", &Name { context: context.clone(), name: name.clone() }, None));
        }
    }
}

fn wordless(shown: &Shown, taken: &mut Taken<Link>) {
    for (context, it) in shown.workspace.model.contexts.iter() {
        for (name, _) in it.events.iter().filter(|(_, it)| it.doc.is_none() && it.examples.is_empty() && !it.dropped) {
            taken.put(|| link(shown, "event", &Name { context: context.clone(), name: name.clone() }, None));
        }
    }
}
