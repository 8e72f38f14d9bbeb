//! The operators and calls of expressions, shared by generated code and by what interprets a model, so that
//! both give equal results. Exact numbers are computed as decimals and never rounded; nothing panics.

mod places;

pub use places::{at, at_hidden, at_index, each, each_entry, within};

use crate::{Decimal, Json, UpcastError, Writer, json::whole_digits};

/// `a + b`, exactly.
///
/// # Errors
/// [`UpcastError::Overflow`] if no decimal is the exact sum.
pub fn add(a: Decimal, b: Decimal) -> Result<Decimal, UpcastError> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    // Overflow here means a sum that is too large as well: the other number has all its digits below it.
    let aligned = |d: Decimal| d.mantissa().checked_mul(10_i128.pow(scale - d.scale()));
    let sum = aligned(a).zip(aligned(b)).and_then(|(a, b)| a.checked_add(b));
    exact(sum, scale)
}

/// `a - b`, exactly.
///
/// # Errors
/// [`UpcastError::Overflow`] if no decimal is the exact difference.
pub fn sub(a: Decimal, b: Decimal) -> Result<Decimal, UpcastError> {
    add(a, -b)
}

/// `a * b`, exactly.
///
/// # Errors
/// [`UpcastError::Overflow`] if no decimal is the exact product.
pub fn mul(a: Decimal, b: Decimal) -> Result<Decimal, UpcastError> {
    if a.is_zero() || b.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let (mut x, mut y, mut scale) = (a.mantissa(), b.mantissa(), a.scale() + b.scale());
    // Take every factor of ten out of the product before it is made, so that it overflows only if it must.
    for (p, q) in [(10, 1), (1, 10), (2, 5), (5, 2)] {
        while scale > 0 && x % p == 0 && y % q == 0 {
            (x, y, scale) = (x / p, y / q, scale - 1);
        }
    }
    exact(x.checked_mul(y), scale)
}

/// `-a`.
pub fn neg(a: Decimal) -> Decimal {
    (-a).normalize()
}

/// `mantissa / 10^scale` without trailing zeros, which might be what makes it too long.
fn exact(mantissa: Option<i128>, mut scale: u32) -> Result<Decimal, UpcastError> {
    let mut mantissa = mantissa.ok_or(UpcastError::Overflow)?;
    while scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| UpcastError::Overflow)
}

/// `a + b` of floats.
///
/// # Errors
/// [`UpcastError::Overflow`] if the sum is not finite.
pub fn add_f64(a: f64, b: f64) -> Result<f64, UpcastError> {
    finite(a + b)
}

/// `a - b` of floats.
///
/// # Errors
/// [`UpcastError::Overflow`] if the difference is not finite.
pub fn sub_f64(a: f64, b: f64) -> Result<f64, UpcastError> {
    finite(a - b)
}

/// `a * b` of floats.
///
/// # Errors
/// [`UpcastError::Overflow`] if the product is not finite.
pub fn mul_f64(a: f64, b: f64) -> Result<f64, UpcastError> {
    finite(a * b)
}

fn finite(value: f64) -> Result<f64, UpcastError> {
    if value.is_finite() { Ok(value) } else { Err(UpcastError::Overflow) }
}

/// The integer that `value` is.
///
/// # Errors
/// [`UpcastError::Inexact`] if it has a fraction, [`UpcastError::Overflow`] if it is out of range.
pub fn to_i32(value: Decimal) -> Result<i32, UpcastError> {
    integer(value)
}

/// The integer that `value` is.
///
/// # Errors
/// As [`to_i32`].
pub fn to_i64(value: Decimal) -> Result<i64, UpcastError> {
    integer(value)
}

/// The integer that `value` is.
///
/// # Errors
/// As [`to_i32`].
pub fn to_u32(value: Decimal) -> Result<u32, UpcastError> {
    integer(value)
}

/// The integer that `value` is.
///
/// # Errors
/// As [`to_i32`].
pub fn to_u64(value: Decimal) -> Result<u64, UpcastError> {
    integer(value)
}

fn integer<T: TryFrom<i128>>(value: Decimal) -> Result<T, UpcastError> {
    let value = fits(value, 0)?;
    T::try_from(value.mantissa()).map_err(|_| UpcastError::Overflow)
}

/// `value` without trailing zeros, if it has at most `scale` fraction digits.
fn fits(value: Decimal, scale: u32) -> Result<Decimal, UpcastError> {
    let value = value.normalize();
    if value.scale() <= scale { Ok(value) } else { Err(UpcastError::Inexact { value, scale }) }
}

/// `value` as a `decimal(scale)` field holds it: the same range and precision as [`crate::Reader::decimal`].
///
/// # Errors
/// [`UpcastError::Inexact`] if it has more fraction digits, [`UpcastError::Overflow`] if it is out of range.
pub fn to_decimal(value: Decimal, scale: u32) -> Result<Decimal, UpcastError> {
    let value = fits(value, scale)?;
    let limit = 10_u128.pow(whole_digits(scale));
    // The whole part: the limit is an integer, so the fraction does not matter.
    let whole = value.mantissa().unsigned_abs() / 10_u128.pow(value.scale());
    if whole < limit { Ok(value) } else { Err(UpcastError::Overflow) }
}

/// The float nearest to `value`.
pub fn to_f64(value: Decimal) -> f64 {
    // A decimal is always written as a number, and Rust reads numbers to the nearest float.
    value.to_string().parse().unwrap_or(f64::NAN)
}

/// The JSON text of a value that was read or computed; `write` writes it.
pub fn to_json(write: impl FnOnce(&mut Writer)) -> Json {
    let mut w = Writer::new();
    write(&mut w);
    Json::compact(&w.into_text())
}

/// An amount in hundredths.
///
/// # Errors
/// [`UpcastError::Inexact`] if it has more than two fraction digits, [`UpcastError::Overflow`] if it is out of
/// range.
pub fn cents(value: Decimal) -> Result<i64, UpcastError> {
    to_i64(mul(fits(value, 2)?, Decimal::ONE_HUNDRED)?)
}

/// Part `index` (from 0) of `text` between the separators; empty if there are fewer. An empty separator
/// separates nothing.
pub fn split(text: &str, separator: &str, index: usize) -> String {
    let part = match (separator, index) {
        ("", 0) => Some(text),
        ("", _) => None,
        _ => text.split(separator).nth(index),
    };
    part.unwrap_or_default().to_owned()
}

/// The parts with the separator between them.
pub fn join(parts: &[String], separator: &str) -> String {
    parts.join(separator)
}

/// `a` followed by `b`.
pub fn concat(a: &str, b: &str) -> String {
    format!("{a}{b}")
}

/// `text` in lower case, by Unicode and without a locale.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// `text` in upper case, by Unicode and without a locale.
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// The code points of `text`.
pub fn len_str(text: &str) -> u64 {
    text.chars().map(|_| 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn arithmetic_is_exact_or_an_error() {
        assert_eq!(add(d("0.1"), d("0.20")).unwrap().to_string(), "0.3");
        assert_eq!(sub(d("1.5"), d("0.5")).unwrap().to_string(), "1");
        assert_eq!(mul(d("19.90"), d("3")).unwrap().to_string(), "59.7");
        assert_eq!(neg(d("0.00")).to_string(), "0");
        // The largest whole part with the smallest fraction would have to be rounded.
        let (large, small) = (Decimal::MAX, Decimal::new(1, 28));
        assert_eq!(add(large, small), Err(UpcastError::Overflow));
        assert_eq!(add(large, Decimal::ONE), Err(UpcastError::Overflow));
        assert_eq!(sub(large, large).unwrap().to_string(), "0");
        // Thirty digits until the last one turns out to be a zero.
        assert_eq!(
            sub(d("-79228162514264337593.543939699"), d("0.010640641")).unwrap().to_string(),
            "-79228162514264337593.55458034"
        );
        assert_eq!(mul(small, d("0.1")), Err(UpcastError::Overflow));
        assert_eq!(mul(large, Decimal::TWO), Err(UpcastError::Overflow));
        // Exact although the plain product of the mantissas has 57 digits.
        assert_eq!(
            mul(d("10000000000000000000000000000"), d("0.1234567890123456789012345678")).unwrap().to_string(),
            "1234567890123456789012345678"
        );
        assert_eq!(mul(d("-0.5"), d("0")).unwrap().to_string(), "0");
        assert_eq!(add_f64(1.5, 2.0), Ok(3.5));
        assert_eq!(sub_f64(1.5, 2.0), Ok(-0.5));
        assert_eq!(mul_f64(1e200, 1e200), Err(UpcastError::Overflow));
    }

    #[test]
    fn conversions_refuse_what_they_would_change() {
        assert_eq!(to_i64(d("42.000")), Ok(42));
        assert_eq!(to_i64(d("1.5")), Err(UpcastError::Inexact { value: d("1.5"), scale: 0 }));
        assert_eq!(to_i32(d("2147483648")), Err(UpcastError::Overflow));
        assert_eq!(to_u32(d("-1")), Err(UpcastError::Overflow));
        assert_eq!(to_u64(d("18446744073709551615")), Ok(u64::MAX));
        assert_eq!(to_decimal(d("1.50"), 1).unwrap().to_string(), "1.5");
        assert_eq!(to_decimal(d("1.25"), 1), Err(UpcastError::Inexact { value: d("1.25"), scale: 1 }));
        assert_eq!(to_decimal(d("100000000000000000000"), 2), Err(UpcastError::Overflow));
        assert!(to_decimal(d("99999999999999999999.99"), 2).is_ok());
        assert_eq!(to_f64(d("0.1")), 0.1);
        assert_eq!(cents(d("99.9")), Ok(9990));
        assert_eq!(cents(d("0.001")), Err(UpcastError::Inexact { value: d("0.001"), scale: 2 }));
        assert_eq!(cents(Decimal::MAX), Err(UpcastError::Overflow));
    }

    #[test]
    fn values_become_their_json_text() {
        assert_eq!(to_json(|w| w.list(&["a b".to_owned()], |w, s| w.string(s))).as_str(), r#"["a b"]"#);
    }

    #[test]
    fn text_calls_are_total() {
        let table = [("Ada Lovelace", " ", 0, "Ada"), ("Ada Lovelace", " ", 1, "Lovelace"), ("Ada", " ", 1, "")];
        for (text, separator, index, part) in table {
            assert_eq!(split(text, separator, index), part);
        }
        assert_eq!((split("abc", "", 0), split("abc", "", 1)), ("abc".into(), String::new()));
        assert_eq!(join(&["a".into(), "b".into()], ", "), "a, b");
        assert_eq!((lower("\u{c9}A"), upper("\u{df}a")), ("\u{e9}a".into(), "SSA".into()));
        assert_eq!((concat("a", "b"), len_str("\u{1F600}\u{e9}")), ("ab".into(), 2));
    }

    proptest! {
        #[test]
        fn small_sums_and_products_agree_with_integers(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000, s in 0_u32..9, t in 0_u32..9) {
            let (x, y) = (Decimal::new(a, s), Decimal::new(b, t));
            let scale = s.max(t);
            let up = |v: i64, by: u32| i128::from(v) * 10_i128.pow(scale - by);
            prop_assert_eq!(add(x, y), Ok(Decimal::from_i128_with_scale(up(a, s) + up(b, t), scale)));
            prop_assert_eq!(sub(x, y), Ok(Decimal::from_i128_with_scale(up(a, s) - up(b, t), scale)));
            prop_assert_eq!(mul(x, y), Ok(Decimal::from_i128_with_scale(i128::from(a) * i128::from(b), s + t)));
        }

        #[test]
        fn any_decimals_are_added_exactly_or_refused(
            a in -79_228_162_514_264_337_593_543_950_335_i128..=79_228_162_514_264_337_593_543_950_335,
            b in -79_228_162_514_264_337_593_543_950_335_i128..=79_228_162_514_264_337_593_543_950_335,
            s in 0_u32..=28, t in 0_u32..=28,
        ) {
            let (x, y) = (Decimal::from_i128_with_scale(a, s), Decimal::from_i128_with_scale(b, t));
            if let Ok(sum) = add(x, y) {
                prop_assert_eq!(sub(sum, y), Ok(x), "nothing was rounded away");
                prop_assert_eq!(sum.scale(), sum.normalize().scale());
            } else {
                prop_assert!(add(y, x).is_err());
            }
            prop_assert_eq!(mul(x, y), mul(y, x));
        }

        #[test]
        fn what_reading_accepts_computing_accepts(value: i64, places in 0_u32..19, scale in 0_u32..29) {
            let value = Decimal::new(value, places);
            let read = crate::Reader::new(value.to_string().as_bytes()).decimal(scale);
            prop_assert_eq!(read.ok(), to_decimal(value, scale).ok());
        }
    }
}
