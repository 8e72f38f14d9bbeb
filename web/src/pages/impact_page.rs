//! What the release of each draft would do to those who read it, the worst first: a list of readers under their drafts, of which a page
//! shows a part.

use super::{
    elements::{owner, told},
    listing::{EACH, Listing},
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_registry::impact::{Fate, Impact, Reader};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Row {
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
    readers: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Releases<'a> {
    workspace: &'a str,
    /// How many drafts there are.
    count: usize,
    /// How many of them break or take away something.
    harmful: usize,
    drafts: Vec<Draft>,
}

/// How bad the worst of it is; no reader is the least.
fn harm(it: &Impact) -> usize {
    let rank = |fate: &Fate| match fate {
        Fate::Fine(_) => 1,
        Fate::Unsaid => 2,
        Fate::Downgraded { .. } => 3,
        Fate::Broken { .. } => 4,
    };
    it.readers.iter().map(|reader| rank(&reader.fate)).max().unwrap_or(0)
}

pub(super) fn page(shown: &Shown, page: usize) -> Option<Page> {
    let mut impacts: Vec<&Impact> = shown.impacts().iter().collect();
    impacts.sort_by_key(|it| std::cmp::Reverse(harm(it)));
    // One that nobody reads has a row as well.
    let rows = |it: &Impact| it.readers.len().max(1);
    let listing = Listing::new(impacts.iter().map(|it| rows(it)).sum(), page, EACH)?;
    let (range, mut begin, mut drafts) = (listing.range(), 0, Vec::new());
    for it in &impacts {
        let end = begin + rows(it);
        if begin < range.end && end > range.start {
            let readers =
                it.readers.iter().skip(range.start.saturating_sub(begin)).take(range.end - begin.max(range.start));
            drafts.push(Draft {
                event: link(shown, "event", &it.name, None),
                version: it.version.to_string(),
                diff: since(shown, it),
                readers: readers.map(|it| row(shown, it)).collect(),
            });
        }
        begin = end;
    }
    let harmful = impacts.iter().filter(|it| harm(it) > 2).count();
    let data = Releases { workspace: &shown.name, count: impacts.len(), harmful, drafts };
    let title = format!("The next releases of {}", shown.name);
    Some(Page::new("impact", title, &data).below(crumbs(shown)).part(listing))
}

/// The address of what changes, compared with the newest release.
fn since(shown: &Shown, it: &Impact) -> Option<String> {
    let before = shown.workspace.evolutions.get(&it.name)?.released()?;
    let between = format!("event/{}/diff/{}...{}", escaped(&it.name.to_string()), before.version, it.version);
    Some(shown.href(&between))
}

fn row(shown: &Shown, it: &Reader) -> Row {
    Row {
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
    }
}
