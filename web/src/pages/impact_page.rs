//! What the release of each draft would do to those who read it, the worst first: a list of readers under their drafts, of which a page
//! shows a part. Under a draft that many read stand the first of them; all of them stand on the page of what changes.

use super::{
    elements::{owner, told},
    listing::{EACH, Listing},
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_registry::impact::{Fate, Impact, Reader};
use serde::Serialize;

/// So many readers of a draft stand under it.
const MOST: usize = 20;

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
    /// How many more read it.
    more: usize,
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

/// How bad it is.
fn harm(fate: &Fate) -> usize {
    match fate {
        Fate::Fine(_) => 1,
        Fate::Unsaid => 2,
        Fate::Downgraded { .. } => 3,
        Fate::Broken { .. } => 4,
    }
}

/// How bad the worst of it is; no reader is the least. Those who only listen are all alike, and there may be very many.
fn worst(it: &Impact) -> usize {
    let listens = usize::from(it.count() > it.said.len()) * harm(&Fate::Unsaid);
    it.said.iter().map(|reader| harm(&reader.fate)).max().unwrap_or(0).max(listens)
}

/// The readers that stand under a draft, the worst first.
fn first(it: &Impact) -> Vec<&Reader> {
    let mut all: Vec<&Reader> = it.readers().take(it.said.len() + MOST).collect();
    all.sort_by_key(|reader| std::cmp::Reverse(harm(&reader.fate)));
    all.truncate(MOST);
    all
}

pub(super) fn page(shown: &Shown, page: usize) -> Option<Page> {
    let mut impacts: Vec<&Impact> = shown.impacts().iter().collect();
    impacts.sort_by_cached_key(|it| std::cmp::Reverse(worst(it)));
    // One that nobody reads has a row as well.
    let rows = |it: &Impact| it.count().clamp(1, MOST);
    let listing = Listing::new(impacts.iter().map(|it| rows(it)).sum(), page, EACH)?;
    let (range, mut begin, mut drafts) = (listing.range(), 0, Vec::new());
    for it in &impacts {
        let end = begin + rows(it);
        if begin < range.end && end > range.start {
            let readers = first(it);
            let shows = range.start.saturating_sub(begin)..readers.len().min(range.end - begin);
            drafts.push(Draft {
                event: link(shown, "event", &it.name, None),
                version: it.version.to_string(),
                diff: since(shown, it),
                // Said where the last of them stands.
                more: if end <= range.end { it.count() - readers.len() } else { 0 },
                readers: readers[shows].iter().map(|it| row(shown, it)).collect(),
            });
        }
        begin = end;
    }
    let harmful = impacts.iter().filter(|it| worst(it) > harm(&Fate::Unsaid)).count();
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
