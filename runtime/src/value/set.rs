//! A set that keeps the order in which its items came. Items are equal if they are written alike, so that any
//! field type can be an item; nothing here orders or hashes the items themselves.

use std::{collections::HashSet, slice, vec};

use crate::{Encode, Invalid, Problem, Writer};

/// Items without duplicates, in the order they came; an equal set has equal items in the same order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T>(Vec<T>);

impl<T> Set<T> {
    /// The empty set.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The items in their order.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// The items in their order.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The items in their order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Encode> Set<T> {
    /// Whether an equal item is in the set; looks at every item.
    pub fn contains(&self, item: &T) -> bool {
        let sought = canonical(item);
        self.0.iter().any(|i| canonical(i) == sought)
    }

    /// Adds an item at the end and says whether it was new; looks at every item, so collect many at once.
    pub fn insert(&mut self, item: T) -> bool {
        let new = !self.contains(&item);
        if new {
            self.0.push(item);
        }
        new
    }
}

/// The text by which items are compared.
fn canonical<T: Encode>(item: &T) -> Vec<u8> {
    let mut w = Writer::new();
    item.encode(&mut w);
    w.into_text()
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Encode> TryFrom<Vec<T>> for Set<T> {
    type Error = Invalid;

    /// Refuses duplicates, with the index of the second one.
    fn try_from(items: Vec<T>) -> Result<Self, Invalid> {
        let mut seen = HashSet::with_capacity(items.len());
        match items.iter().position(|item| !seen.insert(canonical(item))) {
            None => Ok(Self(items)),
            Some(index) => Err(Invalid::from(Problem::DuplicateItem).at_index(index)),
        }
    }
}

impl<T: Encode> FromIterator<T> for Set<T> {
    /// Of equal items, the first stays.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut seen = HashSet::new();
        Self(items.into_iter().filter(|item| seen.insert(canonical(item))).collect())
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Decimal;
    use proptest::prelude::*;

    #[test]
    fn order_is_kept_and_duplicates_are_not() {
        let mut set: Set<String> = ["b", "a", "b"].map(String::from).into_iter().collect();
        assert_eq!(set.as_slice(), ["b", "a"]);
        assert!(set.insert("c".into()) && !set.insert("a".into()));
        assert_eq!((set.len(), set.is_empty(), set.contains(&"c".into())), (3, false, true));
        assert_eq!(set.iter().count(), (&set).into_iter().count());
        assert_eq!(set.into_iter().collect::<String>(), "bac");
        let twice = Set::try_from(vec![Decimal::new(10, 1), Decimal::TWO, Decimal::ONE]);
        assert_eq!(twice.unwrap_err().to_string(), "[2]: is equal to an earlier item of the set");
    }

    #[test]
    fn a_large_set_is_linear() {
        let many: Vec<i64> = (0..200_000).collect();
        assert_eq!(Set::try_from(many.clone()).map(Set::into_vec), Ok(many));
    }

    proptest! {
        #[test]
        fn the_first_of_equal_items_stays(items in proptest::collection::vec(-5_i64..5, 0..20)) {
            let mut expected: Vec<i64> = Vec::new();
            for item in &items {
                if !expected.contains(item) {
                    expected.push(*item);
                }
            }
            let unique = expected.len() == items.len();
            prop_assert_eq!(Set::try_from(items.clone()).is_ok(), unique);
            prop_assert_eq!(items.into_iter().collect::<Set<_>>().into_vec(), expected);
        }
    }
}
