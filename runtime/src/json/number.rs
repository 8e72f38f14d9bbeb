//! The exact value of a JSON number, from its text. Never goes through binary floating point, and its cost is
//! linear in the text whatever the exponent says.

use crate::{Decimal, Problem, problem::shown};

/// The digits that a decimal holds, before and after the point together.
const DECIMAL_DIGITS: u32 = 28;

/// The digits before the point that a decimal field holds: 20, which is every integer of 64 bits, up to a scale of 8, so that
/// more digits behind the point are a wider type; beyond that, what is left of 28.
pub(crate) fn whole_digits(scale: u32) -> u32 {
    DECIMAL_DIGITS - scale.clamp(8, DECIMAL_DIGITS)
}

/// `coefficient * 10^exponent`, where the coefficient does not end in 0 (and zero has exponent 0).
struct Exact {
    negative: bool,
    /// `None`: more than `u128` holds, which is more than any of the types below holds.
    coefficient: Option<u128>,
    exponent: i64,
}

impl Exact {
    /// `text` must be a JSON number.
    fn read(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (digits, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], exponent(&text[at + 1..])),
            None => (text, 0),
        };
        let fraction = digits.find('.').map_or(0, |point| digits.len() - point - 1);
        let (mut coefficient, mut zeros) = (Some(0_u128), 0_u32);
        for digit in digits.bytes().filter(u8::is_ascii_digit).map(|b| u128::from(b - b'0')) {
            if digit != 0 {
                coefficient = coefficient.and_then(|c| shift(c, zeros.saturating_add(1))?.checked_add(digit));
                zeros = 0;
            } else if coefficient != Some(0) {
                zeros = zeros.saturating_add(1);
            }
        }
        let exponent = match coefficient {
            Some(0) => 0,
            _ => exponent.saturating_sub(saturated(fraction)).saturating_add(i64::from(zeros)),
        };
        Self { negative, coefficient, exponent }
    }

    /// The value times `10^scale` with its sign, if that is an integer of at most 38 digits or so.
    fn scaled(&self, scale: i64) -> Option<i128> {
        let zeros = u32::try_from(self.exponent.saturating_add(scale)).ok()?;
        let value = i128::try_from(shift(self.coefficient?, zeros)?).ok()?;
        Some(if self.negative { -value } else { value })
    }
}

/// `value * 10^zeros`.
fn shift(value: u128, zeros: u32) -> Option<u128> {
    if value == 0 { Some(0) } else { value.checked_mul(10_u128.checked_pow(zeros)?) }
}

fn saturated(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// An exponent so large that it does not fit is as good as one half as large: no text is long enough to undo it.
fn exponent(text: &str) -> i64 {
    let saturated = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    text.parse().unwrap_or(saturated)
}

/// The integer that `text`, a JSON number, is equal to; `1.0` and `1e2` are integers. `kind` is its type as an
/// author writes it.
pub(crate) fn integer<T: TryFrom<i128>>(text: &str, kind: &'static str) -> Result<T, Problem> {
    let value = match text.parse::<i64>() {
        Ok(plain) => Some(i128::from(plain)),
        Err(_) => {
            let exact = Exact::read(text);
            if exact.exponent < 0 {
                return Err(Problem::NotInteger { value: shown(text) });
            }
            exact.scaled(0)
        }
    };
    value.and_then(|v| T::try_from(v).ok()).ok_or_else(|| Problem::out_of_range(text, kind))
}

/// The decimal with at most `scale` fraction digits that `text`, a JSON number, is equal to; without trailing
/// zeros. Its magnitude is less than `10^20`, or `10^(28 - scale)` for scales above 8.
pub(crate) fn decimal(text: &str, scale: u32) -> Result<Decimal, Problem> {
    if let Some(plain) = plain_decimal(text, scale) {
        return Ok(plain);
    }
    let exact = Exact::read(text);
    let digits = i64::from(scale.min(DECIMAL_DIGITS));
    if exact.exponent < -digits {
        return Err(Problem::TooPrecise { value: shown(text), scale });
    }
    let places = (-exact.exponent).clamp(0, digits);
    exact
        .scaled(digits)
        .filter(|v| v.unsigned_abs() < 10_u128.pow(whole_digits(scale) + scale.min(DECIMAL_DIGITS)))
        .and_then(|_| Decimal::try_from_i128_with_scale(exact.scaled(places)?, u32::try_from(places).ok()?).ok())
        .ok_or_else(|| Problem::out_of_range(text, format!("decimal({scale})")))
}

/// The same for what is written most: at most 18 digits, and no exponent. `None` says nothing about the number.
fn plain_decimal(text: &str, scale: u32) -> Option<Decimal> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.len() > 18 {
        return None;
    }
    let (mut value, mut places, mut behind) = (0_i64, 0_u32, 0_u32);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => (value, places) = (value * 10 + i64::from(byte - b'0'), places + behind),
            b'.' => behind = 1,
            _ => return None,
        }
    }
    while places > 0 && value % 10 == 0 {
        (value, places) = (value / 10, places - 1);
    }
    (places <= scale && digits.len() as u32 <= whole_digits(scale))
        .then(|| Decimal::new(if negative { -value } else { value }, places))
}

/// The finite float nearest to `text`, a JSON number.
pub(crate) fn float(text: &str) -> Result<f64, Problem> {
    text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| Problem::out_of_range(text, "float"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn int(text: &str) -> Result<i64, Problem> {
        integer(text, "int")
    }

    #[test]
    fn integers_are_values_not_spellings() {
        let table = [
            ("0", 0),
            ("-0", 0),
            ("-0.0e5", 0),
            ("0e99999999999999999999999", 0),
            ("1.0", 1),
            ("1e2", 100),
            ("-1.50E+1", -15),
            ("1200e-2", 12),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-9223372036854775808.000", i64::MIN),
            ("922337203685477580700000000000000000000000000000000e-32", i64::MAX),
        ];
        for (text, value) in table {
            assert_eq!(int(text), Ok(value), "{text}");
        }
        assert_eq!(integer::<u64>("18446744073709551615", "uint"), Ok(u64::MAX));
        for text in
            ["1.5", "1e-1", "1e-99999999999999999999", "0.1e0", "12345678901234567890123456789012345678901234.5"]
        {
            assert!(matches!(int(text), Err(Problem::NotInteger { .. })), "{text}");
        }
        for text in ["9223372036854775808", "1e19", "1e99999999999999999999", "-1e4000000000"] {
            assert!(matches!(int(text), Err(Problem::OutOfRange { .. })), "{text}");
        }
        assert_eq!(integer::<u32>("-1", "uint32").unwrap_err().to_string(), "-1 is out of range for uint32");
        assert_eq!(integer::<i32>("2147483648", "int32"), Err(Problem::out_of_range("2147483648", "int32")));
    }

    #[test]
    fn decimals_keep_every_digit_or_refuse() {
        let table = [
            ("8.00", 2, "8"),
            ("99.90", 2, "99.9"),
            ("0.1", 1, "0.1"),
            ("-0.00", 2, "0"),
            ("1e2", 0, "100"),
            ("12.5e-1", 2, "1.25"),
            ("99999999999999999999.99", 2, "99999999999999999999.99"),
            ("-99999999999999999999", 0, "-99999999999999999999"),
            ("0.0000000000000000000000000001", 28, "0.0000000000000000000000000001"),
            ("0.50", 99, "0.5"),
        ];
        for (text, scale, value) in table {
            assert_eq!(decimal(text, scale).map(|d| d.to_string()), Ok(value.to_owned()), "{text}");
        }
        for (text, scale) in [("0.001", 2), ("1e-3", 2), ("1e-30", 30), ("1e-99999999999999999999", 2)] {
            assert_eq!(decimal(text, scale), Err(Problem::TooPrecise { value: text.into(), scale }));
        }
        for (text, scale) in
            [("1e20", 2), ("-100000000000000000000", 8), ("1e20", 0), ("1e19", 9), ("1", 28), ("1e999", 2)]
        {
            assert_eq!(decimal(text, scale), Err(Problem::out_of_range(text, format!("decimal({scale})"))));
        }
    }

    #[test]
    fn floats_are_finite() {
        assert_eq!(float("12345678901234567890"), Ok(12345678901234567000.0));
        assert_eq!(float("1e-400"), Ok(0.0));
        assert_eq!(float("-1e400").unwrap_err().to_string(), "-1e400 is out of range for float");
    }

    /// `value / 10^places` in one of three spellings, with `padding` zeros that say nothing.
    fn spelled(value: i128, places: usize, form: u8, padding: usize) -> String {
        let (sign, digits) = (if value < 0 { "-" } else { "" }, value.unsigned_abs().to_string());
        let zeros = "0".repeat(padding);
        match form {
            0 => format!("{sign}{digits}{zeros}E-{}", places + padding),
            1 => {
                let moved = (digits.len() + padding) as i64 - places as i64;
                format!("{sign}0.{zeros}{digits}e{moved:+}")
            }
            _ => {
                let digits = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = digits.split_at(digits.len() - places);
                format!("{sign}{whole}.{fraction}0{zeros}")
            }
        }
    }

    proptest! {
        #[test]
        fn any_spelling_of_an_integer_is_it(value: i64, places in 0_u32..15, form in 0_u8..3, padding in 0_usize..60) {
            let text = spelled(i128::from(value) * 10_i128.pow(places), places as usize, form, padding);
            prop_assert_eq!(int(&text), Ok(value), "{}", text);
        }

        #[test]
        fn a_fraction_is_never_an_integer(value: i64, last in 1_i128..10, places in 1_usize..60, form in 0_u8..3) {
            let text = spelled(i128::from(value) * 10 + last, places, form, 3);
            prop_assert!(matches!(int(&text), Err(Problem::NotInteger { .. })), "{}", text);
        }

        #[test]
        fn decimals_agree_with_the_library(value in -9_999_999_999_999_999_i64..=9_999_999_999_999_999, places in 0_u32..9, scale in 0_u32..13, form in 0_u8..3) {
            let text = spelled(i128::from(value), places as usize, form, 2);
            let exact = Decimal::new(value, places).normalize();
            if exact.scale() > scale {
                prop_assert!(matches!(decimal(&text, scale), Err(Problem::TooPrecise { .. })), "{}", text);
            } else if exact.abs() >= Decimal::from(10_u128.pow(28 - scale)) {
                prop_assert!(matches!(decimal(&text, scale), Err(Problem::OutOfRange { .. })), "{}", text);
            } else {
                let read = decimal(&text, scale).unwrap();
                prop_assert_eq!((read, read.scale(), read.is_sign_negative()), (exact, exact.scale(), exact.is_sign_negative()));
            }
        }

        #[test]
        fn floats_survive_their_own_spelling(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            prop_assert_eq!(float(&format!("{value:e}")), Ok(value));
        }
    }
}
