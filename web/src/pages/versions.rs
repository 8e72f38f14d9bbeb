//! The line of a message's versions: what each changed against the one before, what its author said and what it had to be, and who reads
//! it. The newest difference is open.

use super::{
    diff::{Shows, between_versions},
    message::{Link, crumbs},
    page::Page,
    site::{Shown, escaped},
};
use isobar_registry::{Evolution, Known};
use serde::Serialize;

/// More versions than this are not compared each with each.
const GRID: usize = 12;

#[derive(Debug, Serialize)]
struct Version {
    version: String,
    href: String,
    draft: bool,
    /// `major` or `minor`, as the numbers say.
    bump: Option<&'static str>,
    /// What its author asked for, where that was said.
    declared: Option<String>,
    changes: usize,
    /// Whether it reads what the one before wrote, and is read by it.
    backward: bool,
    forward: bool,
    diff: Option<String>,
    readers: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Cell {
    title: String,
    href: Option<String>,
}

#[derive(Debug, Serialize)]
struct Versions {
    event: String,
    versions: Vec<Version>,
    grid: Vec<Vec<Cell>>,
    latest: Option<Shows>,
}

pub(super) fn page(shown: &Shown, name: &str) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let all = &evolution.versions;
    let before = |at: usize| at.checked_sub(1).and_then(|at| all.get(at));
    let told = |at: usize| version(shown, evolution, before(at), &all[at]);
    let latest = all.last().zip(all.len().checked_sub(2).and_then(|at| all.get(at)));
    let data = Versions {
        event: name.to_owned(),
        versions: (0..all.len()).rev().map(told).collect(),
        grid: if (3..=GRID).contains(&all.len()) { grid(shown, evolution) } else { Vec::new() },
        latest: latest.map(|(new, old)| between_versions(shown, evolution, old, new)),
    };
    let here = shown.href(&format!("event/{}", escaped(name)));
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    Some(Page::new("versions", format!("The versions of {name}"), &data).below(crumbs))
}

/// The address of the difference between two versions.
fn href(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> String {
    shown.href(&format!("event/{}/diff/{}...{}", escaped(&evolution.name.to_string()), old.version, new.version))
}

fn version(shown: &Shown, evolution: &Evolution, before: Option<&Known>, known: &Known) -> Version {
    let difference = before.map(|before| between_versions(shown, evolution, before, known));
    let bump = before.map(|it| if it.version.major == known.version.major { "minor" } else { "major" });
    let consumers = shown.workspace.model.consumers.iter();
    let readers = consumers.filter_map(|(name, consumer)| {
        let (_, range) = consumer.accepts.iter().find(|(it, _)| it.value == evolution.name)?;
        range.value.accepts(known.version).then(|| Link {
            kind: "consumer",
            name: name.clone(),
            href: shown.href(&format!("consumer/{}", escaped(name))),
            note: None,
        })
    });
    Version {
        version: known.version.to_string(),
        href: shown.href(&format!("event/{}", escaped(&format!("{}@{}", evolution.name, known.version)))),
        draft: known.draft,
        bump,
        declared: known.event.version.as_ref().filter(|_| known.draft).map(|version| version.value.to_string()),
        changes: difference.as_ref().map_or(0, Shows::changes),
        backward: difference.as_ref().is_none_or(|it| it.reads().0),
        forward: difference.as_ref().is_none_or(|it| it.reads().1),
        diff: before.map(|before| href(shown, evolution, before, known)),
        readers: readers.collect(),
    }
}

/// Each version against each: a row for the older one, a column for the newer one.
fn grid(shown: &Shown, evolution: &Evolution) -> Vec<Vec<Cell>> {
    let all = &evolution.versions;
    let row = |(at, old): (usize, &Known)| {
        let cell = |(column, new): (usize, &Known)| Cell {
            title: format!("{} to {}", old.version, new.version),
            href: (at < column).then(|| href(shown, evolution, old, new)),
        };
        all.iter().enumerate().map(cell).collect()
    };
    all.iter().enumerate().map(row).collect()
}
