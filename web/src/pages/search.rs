//! Search: words that must all be found, and filters such as `kind:event field:customerId type:uuid tag:pii`. Names weigh more than
//! what is said about them. The list of what can be found is made once for each workspace.

use super::{
    fields::{self, Row},
    page::Page,
    site::{Shown, Site, escaped},
};
use isobar_model::model::Name;
use serde::Serialize;

/// No more than this is shown.
const MOST: usize = 60;

/// What can be found.
#[derive(Debug)]
pub(super) struct Entry {
    kind: &'static str,
    name: String,
    href: String,
    doc: String,
    /// Where it is found by what: `name`, `doc`, `field`, `type`, `tag`, `value`, `owner`; in lower case.
    words: Vec<(&'static str, String)>,
}

#[derive(Debug, Serialize)]
struct Hit {
    kind: &'static str,
    name: String,
    href: String,
    doc: String,
    workspace: String,
    /// What was found beside the name, such as `field customerId`.
    why: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    query: &'a str,
    count: usize,
    more: usize,
    hits: Vec<Hit>,
}

/// Everything of a workspace that can be found.
pub(super) fn index(shown: &Shown) -> Vec<Entry> {
    let model = &shown.workspace.model;
    let mut all = Vec::new();
    let mut add = |kind: &'static str, name: String, doc: Option<&String>, mut words: Vec<(&'static str, String)>| {
        let doc = doc.cloned().unwrap_or_default();
        words.push(("doc", doc.to_lowercase()));
        words.push(("name", name.to_lowercase()));
        let href = shown.href(&format!("{kind}/{}", escaped(&name)));
        all.push(Entry { kind, name, href, doc, words });
    };
    for evolution in shown.workspace.evolutions.values() {
        let Some(known) = evolution.newest() else { continue };
        let mut words = of_rows(&fields::rows(model, &known.types, known.fields()));
        words.extend(evolution.wire_names.iter().map(|name| ("name", name.to_lowercase())));
        add("event", evolution.name.to_string(), known.event.doc.as_ref(), words);
    }
    for (name, event) in model.events().filter(|(_, event)| event.fields.is_none()) {
        if shown.workspace.evolutions.get(&name).is_none_or(|it| it.newest().is_none()) {
            add("event", name.to_string(), event.doc.as_ref(), Vec::new());
        }
    }
    for (name, command) in model.commands() {
        let rows = fields::rows(model, &model.types, command.fields.as_deref().unwrap_or_default());
        add("command", name.to_string(), command.doc.as_ref(), of_rows(&rows));
    }
    for (context, it) in model.contexts.iter() {
        let full = |name: &String| Name { context: context.clone(), name: name.clone() }.to_string();
        it.aggregates.iter().for_each(|(name, it)| add("aggregate", full(name), it.doc.as_ref(), Vec::new()));
        it.policies.iter().for_each(|(name, it)| add("policy", full(name), it.doc.as_ref(), Vec::new()));
        it.sagas.iter().for_each(|(name, it)| add("saga", full(name), it.doc.as_ref(), Vec::new()));
        for (name, it) in it.read_models.iter() {
            add("read-model", full(name), it.doc.as_ref(), of_rows(&fields::rows(model, &model.types, &it.fields)));
        }
    }
    model.topics.iter().for_each(|(name, it)| add("topic", name.clone(), it.doc.as_ref(), Vec::new()));
    model.consumers.iter().for_each(|(name, it)| add("consumer", name.clone(), it.doc.as_ref(), Vec::new()));
    model.teams.iter().for_each(|(name, it)| add("team", name.clone(), it.doc.as_ref(), Vec::new()));
    all
}

fn of_rows(rows: &[Row]) -> Vec<(&'static str, String)> {
    let mut words = Vec::new();
    for row in rows {
        words.push(("field", row.path.to_lowercase()));
        words.push(("type", row.of.to_lowercase()));
        words.extend(row.tags.iter().map(|tag| ("tag", tag.to_lowercase())));
        words.extend(
            row.bounds.iter().filter_map(|it| it.strip_prefix("one of ")).map(|it| ("value", it.to_lowercase())),
        );
        words.extend(row.doc.iter().map(|doc| ("doc", doc.to_lowercase())));
    }
    words
}

/// A part of a query: a word, and where it must be found.
struct Term<'a> {
    place: Option<&'a str>,
    text: String,
}

fn terms(query: &str) -> Vec<Term<'_>> {
    let places = ["kind", "name", "doc", "field", "type", "tag", "value", "owner"];
    query
        .split_whitespace()
        .map(|word| match word.split_once(':') {
            Some((place, text)) if places.contains(&place) => Term { place: Some(place), text: text.to_lowercase() },
            _ => Term { place: None, text: word.to_lowercase() },
        })
        .collect()
}

/// How well an entry fits, and what it was found by; none where a word is missing.
fn fits(entry: &Entry, terms: &[Term<'_>]) -> Option<(u32, Vec<String>)> {
    let (mut weight, mut why) = (0, Vec::new());
    for term in terms {
        if term.place == Some("kind") {
            if entry.kind.replace('-', "") != term.text.replace(['-', '_'], "") {
                return None;
            }
            continue;
        }
        let found = entry
            .words
            .iter()
            .filter(|(place, text)| term.place.is_none_or(|wanted| wanted == *place) && text.contains(&term.text));
        let own = |text: &str| text.rsplit('.').next().unwrap_or(text).to_owned();
        let best = found.max_by_key(|(place, text)| worth(place, &own(text), &term.text))?;
        weight += worth(best.0, &own(&best.1), &term.text);
        if best.0 != "name" {
            let text: String = best.1.chars().take(80).collect();
            why.push(format!("{} {text}", best.0));
        }
    }
    Some((weight, why))
}

/// What finding a word there is worth: most where it is the whole name.
fn worth(place: &str, text: &str, word: &str) -> u32 {
    let place = match place {
        "name" => 8,
        "field" => 5,
        "tag" | "type" | "value" => 4,
        _ => 1,
    };
    let how = if text == word {
        4
    } else if text.starts_with(word) {
        2
    } else {
        1
    };
    place * how
}

/// The page of what was found.
pub(super) fn page(site: &Site, query: &str) -> Page {
    let terms = terms(query);
    let mut found = Vec::new();
    if !terms.is_empty() {
        for shown in &site.workspaces {
            let fitting = shown
                .index()
                .iter()
                .filter_map(|entry| fits(entry, &terms).map(|(weight, why)| (weight, shown, entry, why)));
            found.extend(fitting);
        }
    }
    found.sort_by(|a, b| {
        b.0.cmp(&a.0).then_with(|| a.2.name.len().cmp(&b.2.name.len())).then_with(|| a.2.name.cmp(&b.2.name))
    });
    let (count, more) = (found.len(), found.len().saturating_sub(MOST));
    let hit = |(_, shown, entry, why): (u32, &'_ Shown, &'_ Entry, Vec<String>)| Hit {
        kind: entry.kind,
        name: entry.name.clone(),
        href: entry.href.clone(),
        doc: entry.doc.clone(),
        workspace: shown.name.clone(),
        why,
    };
    let hits = found.into_iter().take(MOST).map(hit).collect();
    let title = if query.is_empty() { "Search".into() } else { format!("Search for {query}") };
    Page::new("search", title, &Found { query, count, more, hits }).below([("All workspaces", "/")])
}
