//! The first page: every workspace, and what needs somebody's attention.

use super::{page::Page, site::Site};
use serde::Serialize;

#[derive(Serialize)]
struct Home {
    workspaces: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    name: String,
    href: String,
    contexts: usize,
    events: usize,
    commands: usize,
}

pub(super) fn page(site: &Site) -> Page {
    let card = |shown: &super::site::Shown| {
        let model = &shown.workspace.model;
        Card {
            name: shown.name.clone(),
            href: shown.href(""),
            contexts: model.contexts.len(),
            events: model.events().count(),
            commands: model.commands().count(),
        }
    };
    Page::new("home", "Everything that happens", &Home { workspaces: site.workspaces.iter().map(card).collect() })
}
