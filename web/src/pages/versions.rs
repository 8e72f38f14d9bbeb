//! The line of a message's versions: what each changed against the one before, what its author asked for and what it had to be, and who
//! reads it. Any two can be compared; the newest difference is open.

use super::{
    diff::{Choice, READERS, Shows, between_versions, choice},
    elements::place,
    listing::Listing,
    message::{Link, crumbs},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::Version;
use isobar_registry::{Evolution, Known, compat::Difference, impact};
use serde::Serialize;

/// So many versions stand on a page.
const EACH: usize = 20;
/// More versions than this are not compared each with each; two can be chosen of any number.
const GRID: usize = 12;

#[derive(Debug, Serialize)]
struct Line {
    version: String,
    href: String,
    draft: bool,
    /// `major` or `minor`, as the numbers say; none for the first.
    bump: Option<&'static str>,
    /// What its changes make it: `major`, `minor` or `none`; none for the first.
    computed: Option<&'static str>,
    /// What a draft's author asked for, where that was said.
    declared: Option<String>,
    changes: usize,
    /// Whether it reads what the one before wrote, and is read by it.
    backward: bool,
    forward: bool,
    diff: Option<String>,
}

/// A consumer, and of each version, the oldest first, whether it accepts it; none where it does not say.
#[derive(Debug, Serialize)]
struct Reader {
    link: Link,
    accepts: Vec<Option<bool>>,
}

#[derive(Debug, Serialize)]
struct Cell {
    title: String,
    href: Option<String>,
}

#[derive(Debug, Serialize)]
struct Versions {
    event: String,
    /// Those of this part, the newest first.
    versions: Vec<Line>,
    /// Their names, the oldest first.
    names: Vec<String>,
    readers: Vec<Reader>,
    /// How many more consumers read it, and where they stand.
    more: usize,
    event_href: String,
    choice: Option<Choice>,
    /// For each version but the newest, the later ones.
    grid: Vec<Vec<Cell>>,
    latest: Option<Shows>,
}

pub(super) fn page(shown: &Shown, name: &str, page: usize) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let all = &evolution.versions;
    let listing = Listing::new(all.len(), page, EACH)?;
    let on_page = all.len() - listing.range().end..all.len() - listing.range().start;
    let latest = all.last().zip(all.len().checked_sub(2).and_then(|at| all.get(at)));
    let here = shown.href(&format!("event/{}", escaped(name)));
    let mut readers = readers(shown, evolution, &all[on_page.clone()]);
    let more = readers.len().saturating_sub(READERS);
    readers.truncate(READERS);
    let data = Versions {
        event: name.to_owned(),
        more,
        event_href: here.clone(),
        versions: on_page.clone().rev().map(|at| line(shown, evolution, at)).collect(),
        names: all[on_page.clone()].iter().map(|known| known.version.to_string()).collect(),
        readers,
        choice: latest.map(|(new, old)| choice(shown, evolution, old, new)),
        grid: if (3..=GRID).contains(&all.len()) { grid(shown, evolution) } else { Vec::new() },
        latest: latest
            .filter(|_| page == 1)
            .map(|(new, old)| between_versions(shown, evolution, old, new).begun(href(shown, evolution, old, new))),
    };
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    Some(Page::new("versions", format!("The versions of {name}"), &data).below(crumbs).part(listing))
}

/// The address of the difference between two versions.
fn href(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> String {
    shown.href(&format!("event/{}/diff/{}...{}", escaped(&evolution.name.to_string()), old.version, new.version))
}

/// What lies between two versions, by their numbers.
fn bump(before: Version, after: Version) -> &'static str {
    match (before.major == after.major, before == after) {
        (false, _) => "major",
        (true, false) => "minor",
        (true, true) => "none",
    }
}

fn line(shown: &Shown, evolution: &Evolution, at: usize) -> Line {
    let known = &evolution.versions[at];
    let before = at.checked_sub(1).and_then(|at| evolution.versions.get(at));
    let difference = before.map(|before| Difference::between((evolution, before), (evolution, known)));
    let (backward, forward) = difference.as_ref().map_or((true, true), Difference::reads);
    let policy = shown.workspace.model.compatibility_of(&evolution.name);
    let computed = before.and_then(|before| Some((before, evolution.computed(known.version, policy)?)));
    Line {
        version: known.version.to_string(),
        href: shown.href(&format!("event/{}", escaped(&format!("{}@{}", evolution.name, known.version)))),
        draft: known.draft,
        bump: before.map(|before| bump(before.version, known.version)),
        computed: computed.map(|(before, computed)| bump(before.version, computed)),
        declared: known.event.version.as_ref().filter(|_| known.draft).map(|version| version.value.to_string()),
        changes: difference.as_ref().map_or(0, |it| it.rows.len()),
        backward,
        forward,
        diff: before.map(|before| href(shown, evolution, before, known)),
    }
}

/// Every consumer of the event, those that a difference tells of, and which of these versions it accepts.
fn readers(shown: &Shown, evolution: &Evolution, versions: &[Known]) -> Vec<Reader> {
    let all = evolution.newest().map(|newest| impact::of_version(&shown.workspace.model, evolution, newest));
    let reader = |it: impact::Reader| {
        let note = it.accepts.map_or_else(|| "does not say which versions".to_owned(), |it| format!("accepts {it}"));
        let accepts = |known: &Known| it.accepts.map(|range| range.accepts(known.version));
        let accepts = versions.iter().map(accepts).collect();
        Reader { link: place(shown, "consumer", &it.name, Some(note)), accepts }
    };
    all.into_iter().flatten().map(reader).collect()
}

/// Each version against each later one: a row for the older one, a column for the newer one.
fn grid(shown: &Shown, evolution: &Evolution) -> Vec<Vec<Cell>> {
    let all = &evolution.versions;
    let row = |(at, old): (usize, &Known)| {
        let cell = |(column, new): (usize, &Known)| Cell {
            title: format!("{} to {}", old.version, new.version),
            href: (at < column).then(|| href(shown, evolution, old, new)),
        };
        all.iter().enumerate().skip(1).map(cell).collect()
    };
    all.iter().enumerate().take(all.len().saturating_sub(1)).map(row).collect()
}
