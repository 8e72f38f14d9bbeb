//! The life of each event: its released versions, the draft in the model, and the hops between majors. This is what the
//! generator compiles and the interpreter walks. Here it is decided which version a change must be; what was released is
//! taken as it is.

mod draft;
mod names;
mod negotiate;
mod onward;
#[cfg(all(test, feature = "payload"))]
mod onward_tests;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod tests;

pub use negotiate::{Unserved, negotiate};
pub use onward::{Onward, Successor};

use crate::{
    compat::{self, Record},
    history::{FOLDER, History, Release},
    parallel::in_parallel,
};
use isobar_model::Table;
use isobar_model::{
    Diagnostics, Field, Model, Span, Types, Version,
    diag::{Diagnostic, codes},
    expr::{self, Typed, TypedKind},
    model::{Compatibility, Event, Name},
};
use std::{collections::HashSet, sync::Arc};

/// An event through all of its versions.
#[derive(Clone, Debug)]
pub struct Evolution {
    /// Its name in the model.
    pub name: Name,
    /// Every name that it has or had on the wire, the present one first.
    pub wire_names: Vec<String>,
    /// Every version, oldest first; the draft is the last one if there is a draft.
    pub versions: Vec<Known>,
    /// Every major, oldest first. Empty for a sketch that was never released.
    pub majors: Vec<Major>,
    /// Whether the model still has the event with fields; if not, it was dropped, split or merged.
    pub alive: bool,
    /// What data of the newest major becomes where the event is over.
    pub onward: Onward,
}

/// One version.
#[derive(Clone, Debug)]
pub struct Known {
    /// The version.
    pub version: Version,
    /// Whether it is not released yet.
    pub draft: bool,
    /// The event in this version.
    pub event: Arc<Event>,
    /// The table that its references are looked up in.
    pub types: Arc<Types>,
    /// The name it was released with, where the event was renamed since.
    pub name: Name,
}

/// One major: what all of its versions are read into.
#[derive(Clone, Debug)]
pub struct Major {
    /// The newest version, the draft included.
    pub version: Version,
    /// Every version of the major, oldest first.
    pub known: Vec<Version>,
    /// Whether the newest version is not released yet.
    pub draft: bool,
    /// The event in the newest version. Of the newest major it is the model's own where the event is alive.
    pub event: Arc<Event>,
    /// The table that its references are looked up in.
    pub types: Arc<Types>,
    /// From this major to the next one. `None` for the last, and where there is an error.
    pub up: Option<Typed>,
    /// From this major to the previous one. `None` for the first, and where there is no way back.
    pub down: Option<Typed>,
    /// The fields of the previous major that `down` cannot bring back.
    pub lossy: Vec<String>,
}

impl Known {
    /// The shape.
    pub fn fields(&self) -> &[Field] {
        self.event.fields.as_deref().unwrap_or_default()
    }

    /// The shape with its types.
    pub fn record(&self) -> Record<'_> {
        Record { types: &self.types, fields: self.fields() }
    }
}

impl Known {
    /// The version in the notation, as its file in the history has it or will have it.
    pub fn yaml(&self) -> String {
        crate::history::text(&self.name, self.version, &self.event, &self.types)
    }
}

impl Major {
    /// The shape.
    pub fn fields(&self) -> &[Field] {
        self.event.fields.as_deref().unwrap_or_default()
    }

    /// The shape with its types.
    pub fn record(&self) -> Record<'_> {
        Record { types: &self.types, fields: self.fields() }
    }
}

impl Evolution {
    /// A version.
    pub fn version(&self, version: Version) -> Option<&Known> {
        self.versions.iter().find(|known| known.version == version)
    }

    /// The newest version, the draft included.
    pub fn newest(&self) -> Option<&Known> {
        self.versions.last()
    }

    /// The version that is not released yet.
    pub fn draft(&self) -> Option<&Known> {
        self.newest().filter(|known| known.draft)
    }

    /// The newest released version.
    pub fn released(&self) -> Option<&Known> {
        self.versions.iter().rev().find(|known| !known.draft)
    }

    /// What the changes of a version since the ones before make it, whatever its author asked for: the version before where nothing on
    /// the wire differs, the next minor where all of its major still read one another as `policy` asks, or the next major. `None` for the
    /// first version and for one that the event has not.
    pub fn computed(&self, version: Version, policy: Compatibility) -> Option<Version> {
        let at = self.versions.iter().position(|known| known.version == version)?;
        let (known, before) = (&self.versions[at], &self.versions[..at]);
        Some(draft::computed(&known.event, &known.types, before.last()?, before, policy).0)
    }

    /// A major.
    pub fn major(&self, major: u32) -> Option<&Major> {
        self.majors.iter().find(|it| it.version.major == major)
    }
}

/// The evolutions of all events, in the order of the model; released events that the model no longer has come last. What is
/// wrong with an event is reported only where the event and its releases were read without an error, or it would be told of
/// what is wrong elsewhere; and an event is missed only in a model that is `complete`.
pub(crate) fn evolve(
    model: &Model,
    history: &History,
    complete: bool,
    diagnostics: &mut Diagnostics,
) -> Table<Name, Evolution> {
    let types = Arc::new(model.types.clone());
    let releases = history.events.values().flatten().map(|release| &*release.event);
    let merged = onward::merged(model.events().map(|(_, event)| &**event).chain(releases));
    let mut owners = names::owners(model, history);
    let events: Vec<(Name, &Arc<Event>, Vec<Past<'_>>)> = model
        .events()
        .map(|(name, event)| {
            let pasts = owners.remove(&name).unwrap_or_default();
            (name, event, pasts)
        })
        .collect();
    let found = in_parallel(&events, |(name, event, pasts)| {
        let mut diagnostics = Diagnostics::default();
        let evolution = one(model, name, event, &types, pasts, merged.contains(name), &mut diagnostics);
        let fields = event.fields.as_deref().unwrap_or_default();
        let sound = event.sound && types.are_sound(fields) && pasts.iter().all(|past| history.is_sound(past));
        (evolution, sound, diagnostics)
    });
    let mut evolutions = Table::new();
    let mut all_sound = HashSet::new();
    for (evolution, sound, found) in found {
        if sound {
            diagnostics.extend(found.about(&evolution.name));
            all_sound.insert(evolution.name.clone());
        }
        evolutions.insert(evolution.name.clone(), evolution);
    }
    let mut others: Vec<_> = owners.into_iter().collect();
    others.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    for (name, pasts) in others {
        let mut found = Diagnostics::default();
        if !merged.contains(&name) {
            gone(&name, &pasts, &mut found);
        }
        let (versions, wire_names) = past(&name, &pasts, &mut found);
        let majors = majors(&versions, None, &mut found);
        if complete && pasts.iter().all(|past| history.is_sound(past)) {
            diagnostics.extend(found.about(&name));
            all_sound.insert(name.clone());
        }
        let onward = Onward::Itself;
        evolutions.insert(name.clone(), Evolution { name, wire_names, versions, majors, alive: false, onward });
    }
    onward::link(model, &mut evolutions, &all_sound, diagnostics);
    evolutions
}

/// The releases under one name.
type Past<'a> = (&'a Name, &'a [Release]);

fn one(
    model: &Model,
    name: &Name,
    event: &Arc<Event>,
    types: &Arc<Types>,
    pasts: &[Past<'_>],
    merged: bool,
    diagnostics: &mut Diagnostics,
) -> Evolution {
    let (mut versions, mut wire_names) = past(name, pasts, diagnostics);
    let own = event.wire_name().to_owned();
    wire_names.extend(event.renamed_from.iter().map(|old| old.value.clone()));
    wire_names.retain(|it| *it != own);
    wire_names.insert(0, own);
    let mut seen = HashSet::new();
    wire_names.retain(|it| seen.insert(it.clone()));

    let alive = event.fields.is_some() && !event.dropped && event.splits_into.is_empty();
    let replaced = merged || event.dropped || !event.splits_into.is_empty();
    let mut head = None;
    if alive {
        let policy = model.compatibility_of(name);
        let next = draft::version(name, event, types, &versions, policy, diagnostics);
        let known = Known {
            version: next.version,
            draft: next.is_new,
            event: event.clone(),
            types: types.clone(),
            name: name.clone(),
        };
        // A released version keeps its frozen form, and the newest major has the model's, which is equal on the wire.
        head = Some((known.event.clone(), types.clone()));
        if next.is_new {
            versions.reserve_exact(1);
            versions.push(known);
        }
    } else if !versions.is_empty() && !replaced {
        let message = format!("`{name}` was released as {} and has no fields any more", newest(&versions));
        diagnostics.push(Diagnostic::new(&codes::RELEASED_GONE, event.name.span, message).help(
            "keep its fields; `deprecated:` says that it should not be used, `dropped: true` that its data is not read",
        ));
    }
    let majors = majors(&versions, head, diagnostics);
    Evolution { name: name.clone(), wire_names, versions, majors, alive, onward: Onward::Itself }
}

fn newest(versions: &[Known]) -> String {
    versions.last().map_or_else(String::new, |known| known.version.to_string())
}

/// The released versions of an event under all its names, oldest first, and their names on the wire, the newest first.
fn past(name: &Name, pasts: &[Past<'_>], diagnostics: &mut Diagnostics) -> (Vec<Known>, Vec<String>) {
    let mut releases: Vec<(&Name, &Release)> =
        pasts.iter().flat_map(|(name, releases)| releases.iter().map(move |release| (*name, release))).collect();
    releases.sort_by_key(|(_, release)| release.version);
    let mut before: Option<Version> = None;
    for (_, release) in &releases {
        let follows = match before {
            None => release.version == Version::FIRST,
            Some(last) => release.version == last.next_minor() || release.version == last.next_major(),
        };
        if !follows {
            let after = before.map_or_else(|| "is the first one".to_owned(), |last| format!("comes after {last}"));
            let message = format!("{} of `{name}` {after}", release.version);
            diagnostics.push(
                Diagnostic::new(&codes::HISTORY_GAP, Span::top(release.file), message)
                    .help(format!("restore the versions between from version control, below `{FOLDER}/`")),
            );
        }
        before = Some(release.version);
    }
    let wire_names = releases.iter().rev().map(|(_, release)| release.event.wire_name().to_owned()).collect();
    let known = releases.into_iter().map(|(name, release)| Known {
        version: release.version,
        draft: false,
        event: release.event.clone(),
        types: release.types.clone(),
        name: name.clone(),
    });
    let known: Vec<Known> = known.collect();
    for (i, new) in known.iter().enumerate() {
        let earlier = known[..i].iter().filter(|old| old.version.major == new.version.major);
        for old in earlier {
            if let Some(first) = compat::refused(old.record(), new.record(), false).first() {
                let message = format!(
                    "released {} does not read data of {}: `{}` {}",
                    new.version, old.version, first.path, first.why
                );
                diagnostics.push(
                    Diagnostic::new(&codes::INCOMPATIBLE, new.event.name.span, message)
                        .help("a major is one type: such a change is a new major with an `upgrade`"),
                );
            }
        }
    }
    (known, wire_names)
}

fn gone(name: &Name, pasts: &[Past<'_>], diagnostics: &mut Diagnostics) {
    let releases = pasts.iter().flat_map(|(_, releases)| releases.iter());
    let Some(release) = releases.max_by_key(|it| it.version) else { return };
    let message = format!("`{name}` was released as {} and is not in the model", release.version);
    diagnostics.push(Diagnostic::new(&codes::RELEASED_GONE, release.event.name.span, message).help(format!(
        "if it has another name now, write `renamed_from: {}` there; if its data is not read any more, keep it with \
         `dropped: true`",
        name.name
    )));
}

/// The majors of the versions, with the hops between them. `head` is the model's form of the newest version.
fn majors(versions: &[Known], head: Option<(Arc<Event>, Arc<Types>)>, diagnostics: &mut Diagnostics) -> Vec<Major> {
    let mut majors: Vec<Major> = Vec::new();
    // Who says how data comes to a major: the first version of it, for that is when it was written.
    let mut first: Vec<&Known> = Vec::new();
    for known in versions {
        match majors.last_mut().filter(|major| major.version.major == known.version.major) {
            Some(major) => {
                major.version = known.version;
                major.known.push(known.version);
                major.draft = known.draft;
                major.event = known.event.clone();
                major.types = known.types.clone();
            }
            None => {
                first.push(known);
                majors.push(Major {
                    version: known.version,
                    known: vec![known.version],
                    draft: known.draft,
                    event: known.event.clone(),
                    types: known.types.clone(),
                    up: None,
                    down: None,
                    lossy: Vec::new(),
                });
            }
        }
    }
    majors.shrink_to_fit();
    if let (Some(major), Some((event, types))) = (majors.last_mut(), head) {
        major.event = event;
        major.types = types;
    }
    for i in 1..majors.len() {
        let rules = &first[i].event;
        let (before, after) = majors.split_at_mut(i);
        let (old, new) = (&mut before[i - 1], &mut after[0]);
        let span = rules.name.span;
        let (from, to) = ((&*old.types, old.fields()), (&*new.types, new.fields()));
        let draft = first[i].draft;
        let check = if draft { expr::upgrade } else { expr::released_upgrade };
        let up = check(from, to, rules, span, diagnostics);
        if let Some(up) = &up {
            if draft {
                hook_example(up, old, versions, rules, diagnostics);
            }
            // A later minor may have given up what a released way back reads; then there is none any more.
            let mut released = Diagnostics::default();
            let found = if draft { &mut *diagnostics } else { &mut released };
            (new.down, new.lossy) = expr::downgrade(to, from, rules, up, span, found);
            if let Some(down) = new.down.as_ref().filter(|_| draft) {
                hook_example(down, new, versions, rules, diagnostics);
            }
        }
        old.up = up;
    }
    majors
}

/// A hook is tested with the examples of the version that it reads.
fn hook_example(way: &Typed, old: &Major, versions: &[Known], rules: &Event, diagnostics: &mut Diagnostics) {
    let mut hook = None;
    way.visit(&mut |node| {
        if let TypedKind::Hook(name) = &node.kind {
            hook.get_or_insert(name.clone());
        }
    });
    let has_example = || versions.iter().any(|it| old.known.contains(&it.version) && !it.event.examples.is_empty());
    if let Some(hook) = hook
        && !has_example()
    {
        let message = format!("`fn({hook})` has no example of {} to be tested with", old.version);
        let help = match old.draft {
            true => "add `examples:`".to_owned(),
            false => format!(
                "before this change, add `examples:` to {} and release them: examples alone are no new version",
                old.version
            ),
        };
        diagnostics.push(Diagnostic::new(&codes::HOOK_EXAMPLE, rules.name.span, message).help(help));
    }
}
