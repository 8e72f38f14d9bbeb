//! Named things in the order they were declared. What a table does with its keys is compiled once, whatever the things are, and
//! a small one is nothing but its lists. Never takes anything out.

use std::{borrow::Borrow, collections::HashMap, hash::Hash, iter::Zip, ops::Index, slice, vec};

/// Up to this many keys are looked through one by one.
const FEW: usize = 12;

/// Things by their key, in the order they came.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    keys: Keys<K>,
    values: Vec<V>,
}

/// Knows nothing of the things.
#[derive(Clone, Debug)]
struct Keys<K> {
    list: Vec<K>,
    /// Where each key stands; empty while there are few.
    places: HashMap<K, usize>,
}

impl<K: Hash + Eq + Clone> Keys<K> {
    fn place<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        if self.list.len() > FEW {
            self.places.get(key).copied()
        } else {
            self.list.iter().position(|known| known.borrow() == key)
        }
    }

    /// Adds a new key at the end.
    fn push(&mut self, key: K) {
        self.list.push(key);
        let first = if self.list.len() == FEW + 1 { 0 } else { self.list.len() - 1 };
        if self.list.len() > FEW {
            for (place, key) in self.list.iter().enumerate().skip(first) {
                self.places.insert(key.clone(), place);
            }
        }
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table { keys: Keys { list: Vec::new(), places: HashMap::new() }, values: Vec::new() }
    }
}

impl<K, V> Table<K, V> {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty table with room for so many, and no more than it needs.
    pub fn with_capacity(count: usize) -> Self {
        Table {
            keys: Keys { list: Vec::with_capacity(count), places: HashMap::new() },
            values: Vec::with_capacity(count),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Keys and things, in order.
    pub fn iter(&self) -> Zip<slice::Iter<'_, K>, slice::Iter<'_, V>> {
        self.keys().zip(self.values())
    }

    /// The keys, in order.
    pub fn keys(&self) -> slice::Iter<'_, K> {
        self.keys.list.iter()
    }

    /// The things, in order.
    pub fn values(&self) -> slice::Iter<'_, V> {
        self.values.iter()
    }

    /// The things, in order, to be changed.
    pub fn values_mut(&mut self) -> slice::IterMut<'_, V> {
        self.values.iter_mut()
    }
}

impl<K: Hash + Eq + Clone, V> Table<K, V> {
    /// The thing of a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        Some(&self.values[self.keys.place(key)?])
    }

    /// The thing of a key, and the key as it stands in the table.
    pub fn get_key_value<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let place = self.keys.place(key)?;
        Some((&self.keys.list[place], &self.values[place]))
    }

    /// The thing of a key, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        Some(&mut self.values[self.keys.place(key)?])
    }

    /// Whether there is one of this key.
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.place(key).is_some()
    }

    /// Adds a thing at the end, or puts it in the place of the one of the same key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.keys.place(&key) {
            Some(place) => self.values[place] = value,
            None => self.push(key, value),
        }
    }

    /// The thing of a key, added at the end if there is none.
    pub fn get_or_insert(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let place = self.keys.place(&key).unwrap_or(self.values.len());
        if place == self.values.len() {
            self.push(key, value());
        }
        &mut self.values[place]
    }

    fn push(&mut self, key: K, value: V) {
        self.keys.push(key);
        self.values.push(value);
    }
}

/// The thing of a key that is there. Like those of the standard library, it panics where it is not: `table[key]` is for tests.
impl<Q: Hash + Eq + ?Sized, K: Hash + Eq + Clone + Borrow<Q>, V> Index<&Q> for Table<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        match self.get(key) {
            Some(value) => value,
            None => panic!("the table has no such key"),
        }
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Zip<slice::Iter<'a, K>, slice::Iter<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> IntoIterator for Table<K, V> {
    type Item = (K, V);
    type IntoIter = Zip<vec::IntoIter<K>, vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.keys.list.into_iter().zip(self.values)
    }
}

impl<K: Hash + Eq + Clone, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut table = Table::new();
        entries.into_iter().for_each(|(key, value)| table.insert(key, value));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_was_put_in_in_its_order(pairs in prop::collection::vec((0_u8..40, any::<u16>()), 0..60)) {
            let mut table = Table::new();
            let mut simple: Vec<(String, u16)> = Vec::new();
            for (key, value) in pairs {
                let key = key.to_string();
                table.insert(key.clone(), value);
                match simple.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) => *old = value,
                    None => simple.push((key, value)),
                }
                prop_assert_eq!(*table.get_or_insert("0".into(), || 7), table.get("0").copied().unwrap_or_default());
                if !simple.iter().any(|(known, _)| known == "0") {
                    simple.push(("0".into(), 7));
                }
            }
            for n in 0..40 {
                let key = n.to_string();
                let want = simple.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
                prop_assert_eq!(table.get(key.as_str()), want);
                prop_assert_eq!(table.get_mut(&key).copied(), want.copied());
                prop_assert_eq!(table.contains_key(&key), want.is_some());
            }
            prop_assert_eq!(table.len(), simple.len());
            prop_assert!(table.keys().zip(table.values()).eq(table.iter()));
            prop_assert_eq!(table.into_iter().collect::<Vec<_>>(), simple);
        }
    }
}
