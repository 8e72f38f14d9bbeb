//! The declared bounds of a field, as generated code checks them after reading a value and before writing one.
//! Nothing here reads a payload, and no check changes the value it looks at.

use std::{collections::BTreeMap, fmt::Display, sync::OnceLock};

use regex_lite::Regex;

use crate::{Decimal, Invalid, Problem, json::whole_digits, problem::shown};

/// `value >= minimum`.
///
/// # Errors
/// [`Problem::BelowMinimum`].
pub fn at_least<T: PartialOrd + Display>(value: &T, minimum: T) -> Result<(), Invalid> {
    check(*value >= minimum, || Problem::BelowMinimum { value: value.to_string(), minimum: minimum.to_string() })
}

/// `value <= maximum`.
///
/// # Errors
/// [`Problem::AboveMaximum`].
pub fn at_most<T: PartialOrd + Display>(value: &T, maximum: T) -> Result<(), Invalid> {
    check(*value <= maximum, || Problem::AboveMaximum { value: value.to_string(), maximum: maximum.to_string() })
}

/// At least `minimum` code points.
///
/// # Errors
/// [`Problem::TooShort`].
pub fn min_length(text: &str, minimum: usize) -> Result<(), Invalid> {
    at_least_many(text.chars().count(), minimum, "characters")
}

/// At most `maximum` code points.
///
/// # Errors
/// [`Problem::TooLong`].
pub fn max_length(text: &str, maximum: usize) -> Result<(), Invalid> {
    at_most_many(text.chars().count(), maximum, "characters")
}

/// At least `minimum` items in a list, set or map of `length`.
///
/// # Errors
/// [`Problem::TooShort`].
pub fn min_items(length: usize, minimum: usize) -> Result<(), Invalid> {
    at_least_many(length, minimum, "items")
}

/// At most `maximum` items in a list, set or map of `length`.
///
/// # Errors
/// [`Problem::TooLong`].
pub fn max_items(length: usize, maximum: usize) -> Result<(), Invalid> {
    at_most_many(length, maximum, "items")
}

/// `pattern` is found somewhere in `text`.
///
/// # Errors
/// [`Problem::PatternMismatch`]; [`Problem::BadPattern`] if the pattern is no regular expression.
pub fn pattern(text: &str, pattern: &Pattern) -> Result<(), Invalid> {
    let source = pattern.source;
    match pattern.regex.get_or_init(|| Regex::new(source).ok()) {
        Some(regex) => check(regex.is_match(text), || Problem::PatternMismatch { value: shown(text), pattern: source }),
        None => Err(Problem::BadPattern { pattern: source }.into()),
    }
}

/// `text` starts with `prefix` and is longer than it.
///
/// # Errors
/// [`Problem::BadPrefix`].
pub fn prefix(text: &str, prefix: &'static str) -> Result<(), Invalid> {
    check(text.len() > prefix.len() && text.starts_with(prefix), || Problem::BadPrefix { value: shown(text), prefix })
}

/// `text` is one of `known`.
///
/// # Errors
/// [`Problem::UnknownValue`].
pub fn one_of(text: &str, known: &'static [&'static str]) -> Result<(), Invalid> {
    if known.contains(&text) { Ok(()) } else { Err(unknown_value(text, known)) }
}

/// A decimal that fits a field of `scale` digits after the point.
///
/// # Errors
/// [`Problem::TooPrecise`], [`Problem::OutOfRange`].
pub fn decimal(value: &Decimal, scale: u32) -> Result<(), Invalid> {
    let whole = value.mantissa().unsigned_abs() / 10_u128.pow(value.scale());
    match value.scale() <= scale && whole < 10_u128.pow(whole_digits(scale)) {
        true => Ok(()),
        // Zeros at the end do not count; the reader knows, and names what is wrong.
        false => Ok(crate::json::decimal(&value.normalize().to_string(), scale).map(drop)?),
    }
}

/// Checks the member `key` of a record.
///
/// # Errors
/// What `check` reports, at the key.
pub fn member<T: ?Sized>(
    key: &'static str,
    value: &T,
    check: impl FnOnce(&T) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    check(value).map_err(|e| e.at_field(key))
}

/// Checks the member `key` of a record where it is present.
///
/// # Errors
/// What `check` reports, at the key.
pub fn optional<T>(
    key: &'static str,
    value: &Option<T>,
    check: impl FnOnce(&T) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    value.as_ref().map_or(Ok(()), |value| member(key, value, check))
}

/// Checks every item of a list or set.
///
/// # Errors
/// What `check` reports first, at the index.
pub fn items<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    check: impl Fn(&T) -> Result<(), Invalid>,
) -> Result<(), Invalid> {
    items.into_iter().enumerate().try_for_each(|(index, item)| check(item).map_err(|e| e.at_index(index)))
}

/// Checks every value of a map.
///
/// # Errors
/// What `check` reports first, at the key.
pub fn entries<T>(map: &BTreeMap<String, T>, check: impl Fn(&T) -> Result<(), Invalid>) -> Result<(), Invalid> {
    map.iter().try_for_each(|(key, value)| check(value).map_err(|e| e.at_key(key)))
}

/// The error for a text that the closed enum of the values `known` does not list.
pub fn unknown_value(value: &str, known: &'static [&'static str]) -> Invalid {
    Problem::UnknownValue { value: shown(value), known }.into()
}

/// The error, located at the member `key`, for a tag that names none of a union's branches.
pub fn unknown_tag(key: &'static str, value: &str, known: &'static [&'static str]) -> Invalid {
    Invalid::from(Problem::UnknownTag { value: shown(value), known }).at_field(key)
}

fn check(holds: bool, problem: impl FnOnce() -> Problem) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(problem().into()) }
}

fn at_least_many(length: usize, minimum: usize, unit: &'static str) -> Result<(), Invalid> {
    check(length >= minimum, || Problem::TooShort { length, minimum, unit })
}

fn at_most_many(length: usize, maximum: usize, unit: &'static str) -> Result<(), Invalid> {
    check(length <= maximum, || Problem::TooLong { length, maximum, unit })
}

/// A regular expression for a `static`, compiled when it is first used and searched for unanchored, as in
/// JSON Schema.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern with this source; the generator has checked that it compiles.
    pub const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encode, Set};
    use proptest::prelude::*;

    #[test]
    fn bounds_are_inclusive() {
        assert!(at_least(&1, 1).is_ok() && at_most(&1, 1).is_ok());
        assert_eq!(at_least(&0, 1).unwrap_err().to_string(), "payload: 0 is less than the minimum 1");
        let price = Decimal::new(1001, 2);
        assert_eq!(
            at_most(&price, Decimal::TEN).unwrap_err().to_string(),
            "payload: 10.01 is greater than the maximum 10"
        );
        assert!(min_items(2, 2).is_ok() && max_items(2, 2).is_ok());
        assert_eq!(min_items(1, 2).unwrap_err().to_string(), "payload: has 1 items, fewer than the minimum 2");
        assert_eq!(max_items(3, 2).unwrap_err().to_string(), "payload: has 3 items, more than the maximum 2");
    }

    #[test]
    fn lengths_count_code_points() {
        assert!(min_length("\u{1F600}\u{e9}", 2).is_ok() && max_length("\u{1F600}\u{e9}", 2).is_ok());
        assert!(min_length("\u{1F600}", 2).is_err() && max_length("abc", 2).is_err());
    }

    #[test]
    fn patterns_search_unless_anchored() {
        static LOOSE: Pattern = Pattern::new("[A-Z]{3}");
        static TIGHT: Pattern = Pattern::new("^[A-Z]{3}$");
        static BROKEN: Pattern = Pattern::new("(");
        assert!(pattern("xEURx", &LOOSE).is_ok() && pattern("EUR", &TIGHT).is_ok());
        assert_eq!(
            pattern("xEURx", &TIGHT).unwrap_err().to_string(),
            "payload: \"xEURx\" does not match the pattern ^[A-Z]{3}$"
        );
        assert!(pattern("EUR\n", &TIGHT).is_err(), "$ is the end of the text, not of a line");
        assert_eq!(pattern("", &BROKEN).unwrap_err().problem(), &Problem::BadPattern { pattern: "(" });
    }

    #[test]
    fn prefixes_and_values() {
        assert!(prefix("order_1", "order_").is_ok());
        assert!(prefix("order_", "order_").is_err() && prefix("Order_1", "order_").is_err());
        assert!(one_of("a", &["a", "b"]).is_ok());
        assert_eq!(one_of("c", &["a", "b"]).unwrap_err().to_string(), "payload: \"c\" is not one of a, b");
        assert_eq!(unknown_tag("kind", "c", &["a"]).to_string(), "kind: \"c\" names no branch; known are a");
    }

    #[test]
    fn what_is_inside_is_told_with_its_path() {
        struct Positive(i64);
        impl Encode for Positive {
            fn encode(&self, w: &mut crate::Writer) {
                w.i64(self.0);
            }

            fn check(&self) -> Result<(), Invalid> {
                at_least(&self.0, 1)
            }
        }
        let told = |outcome: Result<(), Invalid>| outcome.unwrap_err().to_string();
        let list = vec![vec![Positive(1)], vec![Positive(1), Positive(0)]];
        assert_eq!(told(list.check()), "[1][1]: 0 is less than the minimum 1");
        assert_eq!(crate::to_vec(&list), Err(crate::EncodeError::Invalid(list.check().unwrap_err())));
        let set: Set<Positive> = [Positive(2), Positive(0)].into_iter().collect();
        assert_eq!(told(member("set", &set, Encode::check)), "set[1]: 0 is less than the minimum 1");
        let map = BTreeMap::from([("a b".to_owned(), Box::new(Positive(0)))]);
        assert_eq!(told(optional("map", &Some(map), Encode::check)), r#"map["a b"]: 0 is less than the minimum 1"#);
        assert!(optional("map", &None::<Positive>, Encode::check).is_ok());
        assert!(1_i64.check().is_ok() && crate::to_vec(&vec![Box::new(Positive(3))]).is_ok());
    }

    proptest! {
        #[test]
        fn decimals_are_checked_as_they_are_read(mantissa in any::<i64>(), zeros in 0_u32..8, places in 0_u32..28, scale in 0_u32..19) {
            let value = Decimal::from_i128_with_scale(i128::from(mantissa) * 10_i128.pow(zeros), places);
            let read = crate::Reader::new(value.normalize().to_string().as_bytes()).decimal(scale).map(drop);
            prop_assert_eq!(decimal(&value, scale), read);
        }
    }
}
