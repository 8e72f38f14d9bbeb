//! The releases of a workspace in order, and what became of events in each. A history knows the order of each event's own versions and
//! not that of events among each other: without more, the second release is the second version of everything that has one. A registry
//! also knows what was pushed together, and when. Only events have versions; nothing is said here of what else was there.

use super::board::Mark;
use isobar_model::{Version, model::Name};
use isobar_registry::Workspace;
use std::collections::{BTreeMap, BTreeSet};

/// When versions came into the registry, in milliseconds since 1970; those that came with one push have the same time.
pub(crate) type Times = BTreeMap<(Name, Version), i64>;

/// Everything that was released, and what is next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Releases {
    /// The oldest first. What is not released yet, or is gone since, is the last one.
    pub(crate) stops: Vec<Stop>,
    /// Whether it is known when they were.
    pub(crate) dated: bool,
    /// The events that are over: they have releases, and are not in the model any more.
    pub(crate) gone: BTreeSet<Name>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Its name in addresses: `1`, `2`, `next`.
    pub(crate) name: String,
    /// Its name for people: `2nd`, or a date.
    pub(crate) label: String,
    pub(crate) changes: BTreeMap<Name, Change>,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is new: its first version.
    Added(String),
    /// It has a new version.
    Changed(String),
    /// It is over.
    Removed,
}

impl Change {
    /// Its class and what is written at a note.
    pub(crate) fn mark(&self) -> Mark {
        match self {
            Change::Added(version) => Mark { kind: "added", text: format!("new {version}") },
            Change::Changed(version) => Mark { kind: "changed", text: format!("now {version}") },
            Change::Removed => Mark { kind: "removed", text: "removed".into() },
        }
    }
}

impl Releases {
    /// The releases of a workspace, of which a registry may know when its versions came.
    pub(crate) fn of(workspace: &Workspace, times: &Times) -> Releases {
        let mut stops: BTreeMap<(i64, usize), BTreeMap<Name, Change>> = BTreeMap::new();
        let (mut next, mut gone) = (BTreeMap::new(), BTreeSet::new());
        for (name, evolution) in workspace.evolutions.iter() {
            // How many versions of the event came at the same time before this one.
            let mut place = (i64::MIN, 0);
            for (number, known) in evolution.versions.iter().enumerate() {
                let version = known.version.to_string();
                let change = if number == 0 { Change::Added(version) } else { Change::Changed(version) };
                if known.draft {
                    next.insert(name.clone(), change);
                    continue;
                }
                let time = times.get(&(known.name.clone(), known.version)).copied().unwrap_or_default();
                // A later version is never earlier, whatever the clocks said.
                place = if time > place.0 { (time, 0) } else { (place.0, place.1 + 1) };
                stops.entry(place).or_default().insert(name.clone(), change);
            }
            let model = workspace.model.event(name);
            if evolution.versions.is_empty() {
                next.insert(name.clone(), Change::Added("sketch".into()));
            } else if !evolution.alive {
                next.insert(name.clone(), Change::Removed);
            }
            if model.is_none_or(|event| event.dropped) {
                gone.insert(name.clone());
            }
        }
        let places: Vec<(i64, usize)> = stops.keys().copied().collect();
        // One push says no more than the history.
        let dated = places.first().map(|it| it.0) != places.last().map(|it| it.0);
        let labels = labels(&places, dated);
        let numbered = (1_usize..).zip(labels).zip(stops.into_values());
        let mut stops: Vec<Stop> =
            numbered.map(|((number, label), changes)| Stop { name: number.to_string(), label, changes }).collect();
        if !next.is_empty() {
            stops.push(Stop { name: "next".into(), label: "next".into(), changes: next });
        }
        Releases { stops, dated, gone }
    }

    /// How events look at a stop. Those that nothing happened to are left out; those that came later are marked as such.
    pub(crate) fn marks(&self, at: usize) -> BTreeMap<&Name, Mark> {
        let mut marks = BTreeMap::new();
        for (number, stop) in self.stops.iter().enumerate() {
            for (name, change) in &stop.changes {
                if number == at {
                    marks.insert(name, change.mark());
                } else if number > at && matches!(change, Change::Added(_)) {
                    marks.insert(name, Mark { kind: "later", text: String::new() });
                }
            }
        }
        marks
    }
}

/// What people call releases: when they were, or which version of everything they are.
fn labels(places: &[(i64, usize)], dated: bool) -> Vec<String> {
    let several = |time: i64| places.contains(&(time, 1));
    let label = |(time, rank): &(i64, usize)| {
        let ordinal = ordinal(rank + 1);
        let day = jiff::Timestamp::from_millisecond(*time).ok().filter(|_| dated && *time > 0);
        match day.map(|day| day.strftime("%Y-%m-%d %H:%M").to_string()) {
            None => ordinal,
            Some(day) if several(*time) => format!("{day}, {ordinal}"),
            Some(day) => day,
        }
    };
    places.iter().map(label).collect()
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn shop() -> Workspace {
        Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/shop"))
    }

    fn told(releases: &Releases, stop: usize) -> Vec<String> {
        let changed = releases.stops[stop].changes.iter();
        changed
            .filter(|(_, it)| !matches!(it, Change::Added(_)))
            .map(|(name, it)| format!("{name} {}", it.mark().text))
            .collect()
    }

    #[test]
    fn a_history_has_an_order_for_each_event() {
        let releases = Releases::of(&shop(), &Times::new());
        let labels: Vec<&str> = releases.stops.iter().map(|it| it.label.as_str()).collect();
        assert_eq!((labels, releases.dated), (vec!["1st", "2nd", "3rd"], false));
        assert_eq!(told(&releases, 0), Vec::<String>::new());
        assert_eq!(told(&releases, 1), ["ordering.OrderAccepted now v2.0", "ordering.OrderPlaced now v1.1"]);
        assert_eq!(told(&releases, 2), ["ordering.OrderPlaced now v2.0"]);
        assert!(releases.marks(1).values().all(|mark| mark.kind == "changed"), "nothing is new, nothing comes later");
    }

    #[test]
    fn a_registry_knows_what_came_together() {
        let workspace = shop();
        let mut times = Times::new();
        for (name, evolution) in workspace.evolutions.iter() {
            for known in &evolution.versions {
                let late = name.name == "OrderAccepted" || known.version.major > 1;
                times.insert((name.clone(), known.version), if late { 1_800_000_000_000 } else { 1_700_000_000_000 });
            }
        }
        let releases = Releases::of(&workspace, &times);
        let labels: Vec<&str> = releases.stops.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(
            labels,
            ["2023-11-14 22:13, 1st", "2023-11-14 22:13, 2nd", "2027-01-15 08:00, 1st", "2027-01-15 08:00, 2nd"]
        );
        assert_eq!(told(&releases, 2), ["ordering.OrderPlaced now v2.0"]);
        let accepted = workspace.evolution("ordering.OrderAccepted").unwrap().name.clone();
        assert_eq!(releases.marks(0)[&accepted].kind, "later");
        assert_eq!(releases.marks(2)[&accepted], Mark { kind: "added", text: "new v1.0".into() });
    }

    #[test]
    fn what_is_not_released_is_next_and_what_is_gone_is_removed() {
        let mut files = shop().texts();
        let path = "customer.storm.yaml".to_owned();
        let storm = files[&path].replace("  EmailSent:", "  EmailOpened: { fields: { id: uuid } }\n  EmailSent:");
        files.insert(path, storm);
        let path = "ordering.storm.yaml".to_owned();
        let (before, rest) = files[&path].split_once("      OrderAccepted:").unwrap();
        let (_, after) = rest.split_once("    scenarios:").unwrap();
        let storm = format!("{before}      OrderAccepted: {{ dropped: true }}\n    scenarios:{after}");
        files.insert(path, storm);
        let workspace = Workspace::of_files(files, None);
        let errors: Vec<String> = workspace.findings().into_iter().map(|it| it.message).collect();
        assert!(!workspace.diagnostics.has_errors(), "{errors:?}");
        let releases = Releases::of(&workspace, &Times::new());
        let last = releases.stops.last().unwrap();
        let named = |name: &str| workspace.evolution(name).unwrap().name.clone();
        let (added, gone) = (named("customer.EmailOpened"), named("ordering.OrderAccepted"));
        assert_eq!((last.name.as_str(), &last.changes[&added]), ("next", &Change::Added("v1.0".into())));
        assert_eq!((&last.changes[&gone], releases.gone.contains(&gone)), (&Change::Removed, true));
        assert_eq!(releases.marks(0)[&added].kind, "later");
        assert_eq!(releases.marks(1)[&gone].text, "now v2.0", "it was there");
        assert_eq!([1, 2, 3, 4, 11, 22, 113].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "22nd", "113th"]);
    }
}
