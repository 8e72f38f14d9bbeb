//! What data of an event becomes when the event itself is over: split into others, merged into another, or dropped. A split is
//! what the model says, and leads to the newest major of each target; a merge is told by its target, and once that was released
//! it holds whatever the model says later. Neither is a version: the releases of the old event stay as they are.

use super::{Evolution, Major, hook_example};
use isobar_model::Table;
use isobar_model::{
    Diagnostics, Model, Spanned,
    diag::{Diagnostic, codes, did_you_mean},
    expr::{self, Gone, Target, Typed},
    model::{Assignment, Event, Name},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What becomes of data that has come to the newest major of its event.
#[derive(Clone, Debug, Default)]
pub enum Onward {
    /// It stays: the event is alive, or nobody says what becomes of it.
    #[default]
    Itself,
    /// It becomes data of each of these, in this order.
    Others(Vec<Successor>),
    /// It is no longer read.
    Nothing,
}

/// An event that old data of another becomes.
#[derive(Clone, Debug)]
pub struct Successor {
    /// The event.
    pub name: Name,
    /// The major that the data comes to.
    pub major: u32,
    /// The way there.
    pub hop: Typed,
}

/// The names of events that the model or a release says were merged into another.
pub(super) fn merged<'a>(events: impl Iterator<Item = &'a Event>) -> HashSet<Name> {
    events.flat_map(|event| event.merged_from.iter().map(|it| it.value.clone())).collect()
}

/// A merge as it was declared: whose data comes to which major of which event.
struct Merge {
    source: Spanned<Name>,
    target: Name,
    major: u32,
    rules: Arc<Event>,
    /// Whether a release says so.
    released: bool,
}

/// Finds what becomes of each event that is over. Only what is wrong between events that are `sound` is reported.
pub(super) fn link(
    model: &Model,
    evolutions: &mut Table<Name, Evolution>,
    sound: &HashSet<Name>,
    diagnostics: &mut Diagnostics,
) {
    let merges = merges(evolutions);
    let mut found: Vec<(Name, Onward)> = Vec::new();
    for evolution in evolutions.values().filter(|it| !it.alive) {
        let mut reported = Diagnostics::default();
        let onward = one(model, evolution, &merges, evolutions, &mut reported);
        let others = match &onward {
            Onward::Others(others) => others.as_slice(),
            _ => &[],
        };
        if sound.contains(&evolution.name) && others.iter().all(|it| sound.contains(&it.name)) {
            diagnostics.extend(reported.about(&evolution.name));
        }
        found.push((evolution.name.clone(), onward));
    }
    for (name, onward) in found {
        if let Some(evolution) = evolutions.get_mut(&name) {
            evolution.onward = onward;
        }
    }
    let mut told = HashSet::new();
    for merge in merges.values().flatten().filter(|it| !it.released && told.insert((&it.target, it.major))) {
        leftover_removed(merge, evolutions, sound, diagnostics);
    }
    circles(model, evolutions, diagnostics);
    fade(evolutions);
}

/// Every merge by the event whose data it is, the newest declaration of each.
fn merges(evolutions: &Table<Name, Evolution>) -> HashMap<Name, Vec<Merge>> {
    let mut merges: HashMap<Name, Vec<Merge>> = HashMap::new();
    for evolution in evolutions.values() {
        let released = evolution.versions.iter().filter(|it| !it.draft).map(|it| (it.version.major, &it.event, true));
        let head = evolution.majors.last().filter(|_| evolution.alive);
        for (major, rules, released) in released.chain(head.map(|head| (head.version.major, &head.event, false))) {
            for source in &rules.merged_from {
                let Some(old) = find(evolutions, source) else { continue };
                let (source, target, rules) = (source.clone(), evolution.name.clone(), rules.clone());
                let merge = Merge { source, target, major, rules, released };
                let of_source = merges.entry(old.name.clone()).or_default();
                match of_source.iter_mut().find(|it| it.target == merge.target) {
                    Some(earlier) => *earlier = merge,
                    None => of_source.push(merge),
                }
            }
        }
    }
    merges
}

/// The event of a name that it has or had.
fn find<'e>(evolutions: &'e Table<Name, Evolution>, name: &Name) -> Option<&'e Evolution> {
    evolutions.get(name).or_else(|| evolutions.values().find(|it| it.versions.iter().any(|known| known.name == *name)))
}

fn one(
    model: &Model,
    evolution: &Evolution,
    merges: &HashMap<Name, Vec<Merge>>,
    evolutions: &Table<Name, Evolution>,
    diagnostics: &mut Diagnostics,
) -> Onward {
    let event = model.event(&evolution.name);
    if event.is_some_and(|event| event.dropped) {
        return Onward::Nothing;
    }
    let Some(old) = evolution.majors.last() else { return Onward::Itself };
    let mut others = Vec::new();
    if let Some(event) = event.filter(|event| !event.splits_into.is_empty()) {
        others.extend(split(evolution, old, event, evolutions, diagnostics));
    }
    for merge in merges.get(&evolution.name).into_iter().flatten() {
        if event.is_some_and(|event| event.splits_into.iter().any(|it| it.value == merge.target)) {
            continue;
        }
        let Some(new) = evolutions.get(&merge.target).and_then(|it| it.major(merge.major)) else { continue };
        let (what, to) = (format!("`{}`", merge.source), format!("`{}`", merge.target));
        let target = way(&to, new, assignments(&merge.rules, &merge.source), &merge.source);
        let removed = merge.rules.removed.iter().filter(|name| expr::has_field((&old.types, old.fields()), name));
        let gone = Gone { removed: removed.collect(), ..Gone::default() };
        let fields = ((&*old.types, old.fields()), what.as_str());
        let hop = match merge.released {
            true => expr::released_transfer(fields, target, diagnostics),
            false => {
                expr::transfer(fields, &[target], gone, merge.source.span, diagnostics).and_then(|mut it| it.pop())
            }
        };
        if let Some(hop) = hop {
            if !merge.released {
                hook_example(&hop, old, &evolution.versions, &merge.rules, diagnostics);
            }
            others.push(Successor { name: merge.target.clone(), major: merge.major, hop });
        }
    }
    if others.is_empty() { Onward::Itself } else { Onward::Others(others) }
}

fn split(
    evolution: &Evolution,
    old: &Major,
    event: &Event,
    evolutions: &Table<Name, Evolution>,
    diagnostics: &mut Diagnostics,
) -> Vec<Successor> {
    let mut targets = Vec::new();
    let mut names = Vec::new();
    let called: Vec<String> = event.splits_into.iter().map(|target| format!("`{target}`")).collect();
    for (target, called) in event.splits_into.iter().zip(&called) {
        match evolutions.get(&target.value).and_then(|it| it.majors.last()) {
            Some(new) => {
                targets.push(way(called, new, assignments(event, target), target));
                names.push((target.value.clone(), new.version.major));
            }
            None => {
                let message = format!("`{target}` has no fields, so data of `{}` cannot become it", evolution.name);
                diagnostics.push(Diagnostic::new(&codes::MISSING_KEY, target.span, message).help("write its `fields`"));
            }
        }
    }
    if targets.len() < event.splits_into.len() {
        return Vec::new();
    }
    let what = format!("`{}`", evolution.name);
    let gone = Gone { removed: event.removed.iter().collect(), ..Gone::default() };
    let fields = ((&*old.types, old.fields()), what.as_str());
    let hops = expr::transfer(fields, &targets, gone, event.name.span, diagnostics).unwrap_or_default();
    hops.iter().for_each(|hop| hook_example(hop, old, &evolution.versions, event, diagnostics));
    let successors = names.into_iter().zip(hops).map(|((name, major), hop)| Successor { name, major, hop });
    successors.collect()
}

fn way<'a>(what: &'a str, new: &'a Major, assignments: &'a [Assignment], at: &Spanned<Name>) -> Target<'a> {
    Target { what, fields: (&new.types, new.fields()), assignments, span: at.span }
}

fn assignments<'a>(rules: &'a Event, other: &Name) -> &'a [Assignment] {
    let own = rules.upgrade.by_event.iter().find(|(name, _)| name.value == *other);
    own.map_or(&[], |(_, assignments)| assignments)
}

/// Reports what `removed` of a merge names although no event that comes to it has such a field.
fn leftover_removed(
    merge: &Merge,
    evolutions: &Table<Name, Evolution>,
    sound: &HashSet<Name>,
    diagnostics: &mut Diagnostics,
) {
    let Some(target) = evolutions.get(&merge.target).filter(|it| sound.contains(&it.name)) else { return };
    let before = merge.major.checked_sub(1).and_then(|major| target.major(major));
    let sources = merge.rules.merged_from.iter().filter_map(|it| find(evolutions, it)?.majors.last());
    let read: Vec<&Major> = before.into_iter().chain(sources).collect();
    for name in &merge.rules.removed {
        if !read.iter().any(|it| expr::has_field((&it.types, it.fields()), name)) {
            let known = read.iter().flat_map(|it| it.fields()).map(|field| field.name.value.as_str());
            let help = did_you_mean(name, known);
            let message = format!("none of the old events has a field `{name}`");
            diagnostics.push(Diagnostic::new(&codes::BAD_REMOVED, name.span, message).maybe_help(help));
        }
    }
}

/// Reports data that would become itself again, and lets it stay.
fn circles(model: &Model, evolutions: &mut Table<Name, Evolution>, diagnostics: &mut Diagnostics) {
    let next = |name: &Name| match evolutions.get(name).map(|it| &it.onward) {
        Some(Onward::Others(others)) => others.iter().map(|it| it.name.clone()).collect(),
        _ => Vec::new(),
    };
    let mut in_circles: Vec<Name> = Vec::new();
    for name in evolutions.keys() {
        let (mut met, mut open) = (HashSet::new(), next(name));
        while let Some(at) = open.pop() {
            if met.insert(at.clone()) {
                open.extend(next(&at));
            }
        }
        if met.contains(name) {
            in_circles.push(name.clone());
        }
    }
    for name in in_circles {
        if let Some(event) = model.event(&name) {
            let message = format!("data of `{name}` would become data of `{name}` again");
            let help = "name the events that its data is in the end";
            diagnostics.push(Diagnostic::new(&codes::BAD_VALUE, event.name.span, message).help(help));
        }
        if let Some(evolution) = evolutions.get_mut(&name) {
            evolution.onward = Onward::Itself;
        }
    }
}

/// Data that would become only what is no longer read is no longer read itself.
fn fade(evolutions: &mut Table<Name, Evolution>) {
    loop {
        let gone: HashSet<Name> =
            evolutions.values().filter(|it| matches!(it.onward, Onward::Nothing)).map(|it| it.name.clone()).collect();
        let mut faded = false;
        for evolution in evolutions.values_mut() {
            if let Onward::Others(others) = &mut evolution.onward {
                others.retain(|it| !gone.contains(&it.name));
                if others.is_empty() {
                    evolution.onward = Onward::Nothing;
                    faded = true;
                }
            }
        }
        if !faded {
            return;
        }
    }
}
