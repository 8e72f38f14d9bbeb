//! What the release of each draft would do to those who read it.

use super::{
    elements::{owner, told},
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_registry::impact::{self, Reader};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Fate {
    consumer: Link,
    owner: Option<Link>,
    accepts: Option<String>,
    needs: Vec<String>,
    /// `fine`, `downgrade`, `broken` or `unknown`.
    fate: &'static str,
    means: String,
}

#[derive(Debug, Serialize)]
struct Draft {
    event: Link,
    version: String,
    /// What changes, compared with the newest release.
    diff: Option<String>,
    readers: Vec<Fate>,
}

#[derive(Debug, Serialize)]
struct Impact {
    workspace: String,
    drafts: Vec<Draft>,
}

pub(super) fn page(shown: &Shown) -> Page {
    let workspace = &shown.workspace;
    let reader = |it: &Reader| Fate {
        consumer: Link {
            kind: "consumer",
            name: it.name.clone(),
            href: shown.href(&format!("consumer/{}", escaped(&it.name))),
            note: None,
        },
        owner: it.owner.as_deref().map(|name| owner(shown, name)),
        accepts: it.accepts.map(|range| range.to_string()),
        needs: it.needs.clone(),
        fate: it.fate.name(),
        means: told(&it.fate),
    };
    let drafts = impact::of(&workspace.model, &workspace.evolutions);
    let draft = |it: &impact::Impact| Draft {
        event: link(shown, "event", &it.name, None),
        version: it.version.to_string(),
        diff: workspace.evolutions.get(&it.name).and_then(|evolution| evolution.released()).map(|before| {
            let between = format!("event/{}/diff/{}...{}", escaped(&it.name.to_string()), before.version, it.version);
            shown.href(&between)
        }),
        readers: it.readers.iter().map(reader).collect(),
    };
    let data = Impact { workspace: shown.name.clone(), drafts: drafts.iter().map(draft).collect() };
    Page::new("impact", format!("The next releases of {}", shown.name), &data).below(crumbs(shown))
}
