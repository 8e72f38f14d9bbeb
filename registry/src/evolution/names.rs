//! Which event of the model continues which releases: its own name's, and those of the names it had before.

use super::Past;
use crate::history::History;
use isobar_model::{Model, model::Name};
use std::collections::{HashMap, HashSet};

/// The releases that belong to each event. Names that no event of the model continues own their releases themselves.
pub(super) fn owners<'a>(model: &Model, history: &'a History) -> HashMap<Name, Vec<Past<'a>>> {
    let mut continued_by: HashMap<Name, Name> = HashMap::new();
    let mut rename = |new: &Name, old: Option<&str>| {
        if let Some(old) = old {
            let old = Name { context: new.context.clone(), name: old.to_owned() };
            // A name that is in use again is not the old one.
            if old != *new && model.event(&old).is_none() {
                continued_by.entry(old).or_insert_with(|| new.clone());
            }
        }
    };
    for (name, event) in model.events() {
        rename(&name, event.renamed_from.as_ref().map(|old| old.value.as_str()));
    }
    // A rename that was released holds even when the model no longer speaks of it.
    for (name, releases) in &history.events {
        for release in releases {
            rename(name, release.event.renamed_from.as_ref().map(|old| old.value.as_str()));
        }
    }
    let mut owners: HashMap<Name, Vec<Past<'a>>> = HashMap::new();
    for (name, releases) in &history.events {
        let mut owner = name;
        let mut met = HashSet::new();
        while let Some(next) = continued_by.get(owner).filter(|next| met.insert(*next)) {
            owner = next;
        }
        owners.entry(owner.clone()).or_default().push((name, releases));
    }
    owners
}
