//! Schemas that were asked for lately, by id. An id's schema never changes, so nothing here can be stale; it is bounded by bytes,
//! and never holds anything but schemas.

use super::schema::Stored;
use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many bytes of text a generation holds; there are two.
const GENERATION: usize = 4 << 20;

/// Two generations: when the young one is full, the old one is forgotten and the young one grows old. What is asked for grows
/// young again, so that what is in use stays, without a list to keep in order.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<i64, Arc<Stored>>,
    old: HashMap<i64, Arc<Stored>>,
    bytes: usize,
}

impl Memory {
    pub(crate) fn get(&self, id: i64) -> Option<Arc<Stored>> {
        let mut generations = self.lock();
        if let Some(found) = generations.young.get(&id) {
            return Some(found.clone());
        }
        let found = generations.old.remove(&id)?;
        generations.put(&found);
        Some(found)
    }

    pub(crate) fn put(&self, schema: &Arc<Stored>) {
        self.lock().put(schema);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        // Every step leaves the maps whole, so a lock that a panic left behind is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, schema: &Arc<Stored>) {
        // The map's own entry and the strings beside the text are about this.
        const BESIDE: usize = 256;
        if self.young.insert(schema.id, schema.clone()).is_none() {
            self.bytes += schema.schema.text.len() + BESIDE;
        }
        if self.bytes > GENERATION {
            self.old = mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Schema;

    #[test]
    fn what_is_in_use_stays_and_the_rest_is_bounded() {
        let memory = Memory::default();
        let text = "x".repeat(GENERATION / 64);
        for id in 0..1_000 {
            memory.put(&Arc::new(Stored { id, guid: String::new(), schema: Schema::json(text.clone()) }));
            assert!(memory.get(0).is_some(), "forgotten after {id}");
        }
        let held = (0..1_000).filter(|id| memory.get(*id).is_some()).count();
        assert!(held < 140, "{held} of 64 KiB each");
        assert!(memory.get(999).is_some());
    }
}
