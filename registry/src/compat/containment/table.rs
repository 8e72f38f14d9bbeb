//! Ids by what they stand for, where each thing is held once in a list elsewhere: a table of hashes, so that a thing is hashed once
//! and never held twice. Knows nothing of the things.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Where there is nothing yet, room for this many slots is made.
const FIRST: usize = 64;

#[derive(Default, Debug)]
pub(super) struct Table {
    /// Hashes with their ids, each in the first free slot from where its hash points to.
    slots: Vec<Option<(u32, u32)>>,
    len: usize,
}

/// The hash of a thing.
pub(super) fn hash(thing: &(impl Hash + ?Sized)) -> u32 {
    let mut hasher = FxHasher::default();
    thing.hash(&mut hasher);
    hasher.finish() as u32
}

impl Table {
    /// The id that has this hash and is the one.
    pub(super) fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        while let Some((other, id)) = self.slots[at] {
            if other == hash && is(id) {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Adds an id that is not there.
    pub(super) fn insert(&mut self, hash: u32, id: u32) {
        if self.len * 2 >= self.slots.len() {
            let before = std::mem::take(&mut self.slots);
            self.slots = vec![None; (before.len() * 2).max(FIRST)];
            before.into_iter().flatten().for_each(|it| self.place(it));
        }
        self.place((hash, id));
        self.len += 1;
    }

    fn place(&mut self, it: (u32, u32)) {
        let mask = self.slots.len() - 1;
        let mut at = it.0 as usize & mask;
        while self.slots[at].is_some() {
            at = (at + 1) & mask;
        }
        self.slots[at] = Some(it);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_what_they_stand_for() {
        let mut table = Table::default();
        let things: Vec<String> = (0..500).map(|at| format!("thing {at}")).collect();
        // Few hashes, so that many things share one.
        let short = |thing: &str| hash(thing) % 40;
        for (at, thing) in things.iter().enumerate() {
            assert_eq!(table.find(short(thing), |id| things[id as usize] == *thing), None);
            table.insert(short(thing), at as u32);
        }
        for (at, thing) in things.iter().enumerate() {
            assert_eq!(table.find(short(thing), |id| things[id as usize] == *thing), Some(at as u32));
        }
    }
}
