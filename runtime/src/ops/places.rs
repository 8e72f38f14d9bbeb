//! Where in the new version a value is that does not fit: hops name the member, the item or the entry that they are making. A path
//! is built while the error unwinds, so that it costs nothing on success.

use std::collections::BTreeMap;

use crate::{Invalid, UpcastError};

/// What is made for the member `name` (on the wire).
///
/// # Errors
/// Those of `make`, at the member.
pub fn at<T>(name: &'static str, make: impl FnOnce() -> Result<T, UpcastError>) -> Result<T, UpcastError> {
    make().map_err(|error| error.map_invalid(|invalid| invalid.at_field(name)))
}

/// As [`at`], of a member whose values are not for logs: `shown` stands in their place.
///
/// # Errors
/// Those of `make`, at the member and without the value.
pub fn at_hidden<T>(
    name: &'static str,
    shown: &'static str,
    make: impl FnOnce() -> Result<T, UpcastError>,
) -> Result<T, UpcastError> {
    make().map_err(|error| error.map_invalid(|invalid| invalid.hide(shown).at_field(name)))
}

/// What is made for the item `index` (from 0) of a list.
///
/// # Errors
/// Those of `make`, at the item.
pub fn at_index<T>(index: usize, make: impl FnOnce() -> Result<T, UpcastError>) -> Result<T, UpcastError> {
    make().map_err(|error| error.map_invalid(|invalid| invalid.at_index(index)))
}

/// All items, each made by `convert`.
///
/// # Errors
/// The first of `convert`, at the item.
pub fn each<A, B, C: FromIterator<B>>(
    items: impl IntoIterator<Item = A>,
    mut convert: impl FnMut(A) -> Result<B, UpcastError>,
) -> Result<C, UpcastError> {
    items.into_iter().enumerate().map(|(index, item)| at_index(index, || convert(item))).collect()
}

/// All entries, the value of each made by `convert`.
///
/// # Errors
/// The first of `convert`, at the entry.
pub fn each_entry<A, B>(
    entries: BTreeMap<String, A>,
    mut convert: impl FnMut(A) -> Result<B, UpcastError>,
) -> Result<BTreeMap<String, B>, UpcastError> {
    let entry = |(key, item): (String, A)| match convert(item) {
        Ok(item) => Ok((key, item)),
        Err(error) => Err(error.map_invalid(|invalid| invalid.at_key(&key))),
    };
    entries.into_iter().map(entry).collect()
}

/// A value that keeps its bounds.
///
/// # Errors
/// How it does not, without a path.
pub fn within<T>(value: T, check: impl FnOnce(&T) -> Result<(), Invalid>) -> Result<T, UpcastError> {
    check(&value)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounds;

    fn small(n: i64) -> Result<i64, UpcastError> {
        within(n, |n| bounds::at_most(n, 9))
    }

    #[test]
    fn errors_say_where_they_are() {
        let told = |result: Result<Vec<i64>, UpcastError>| result.unwrap_err().to_string();
        assert_eq!(each([1, 2], small), Ok(vec![1, 2]));
        assert_eq!(told(at("a", || at("b", || each([1, 10, 11], small)))), "a.b[1]: 10 is greater than the maximum 9");
        assert_eq!(told(at("a", || Ok(vec![at_index(3, || small(10))?]))), "a[3]: 10 is greater than the maximum 9");
        assert_eq!(told(at_hidden("a", "<pii>", || each([10], small))), "a[0]: <pii> is greater than the maximum 9");
        let entries = |n| BTreeMap::from([("x".to_owned(), 1), ("y z".to_owned(), n)]);
        assert_eq!(each_entry(entries(2), small), Ok(entries(2)));
        let error = at("m", || each_entry(entries(10), small)).unwrap_err();
        assert_eq!(error.to_string(), r#"m["y z"]: 10 is greater than the maximum 9"#);
        // What has no value has no place.
        assert_eq!(at("a", || Err::<(), _>(UpcastError::Overflow)), Err(UpcastError::Overflow));
    }
}
