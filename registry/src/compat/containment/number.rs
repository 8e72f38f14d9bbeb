//! Numbers of JSON, exactly: a whole number times a power of ten. Every comparison and every question of divisibility is
//! decided; only sums and multiples can leave the range, and then they are `None`. Nothing here is ever a float that decides.

use std::{cmp::Ordering, fmt};

/// Digits that a mantissa has at most, so that ten times it still fits.
const DIGITS: u32 = 37;
/// The mantissas are smaller than this.
const LIMIT: u128 = 10u128.pow(DIGITS);
/// The exponents are at most this far from zero.
const REACH: i32 = 100_000;

/// `mantissa * 10^exponent`, the mantissa no multiple of ten, and zero as `0 * 10^0`: equal numbers are equal here.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Number {
    mantissa: i128,
    exponent: i32,
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::normal(value.into(), 0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Number::normal(value.into(), 0)
    }
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number { mantissa: 0, exponent: 0 };
    /// One.
    pub const ONE: Number = Number { mantissa: 1, exponent: 0 };

    /// `mantissa * 10^exponent`; `None` beyond 37 digits or an exponent of 100,000.
    pub fn new(mantissa: i128, exponent: i32) -> Option<Number> {
        let number = Number::normal(mantissa, exponent);
        (number.mantissa.unsigned_abs() < LIMIT && number.exponent.abs() <= REACH).then_some(number)
    }

    fn normal(mut mantissa: i128, mut exponent: i32) -> Number {
        if mantissa == 0 {
            return Number::ZERO;
        }
        loop {
            // Nearly all fit into 64 bits, where dividing costs a tenth.
            let (tenth, rest) = match i64::try_from(mantissa) {
                Ok(small) => ((small / 10).into(), (small % 10).into()),
                Err(_) => (mantissa / 10, mantissa % 10),
            };
            if rest != 0 {
                break;
            }
            (mantissa, exponent) = (tenth, exponent + 1);
        }
        Number { mantissa, exponent }
    }

    /// From the text of a JSON number, `-1.5e3`; `None` if it is none, or out of range.
    pub fn parse(text: &str) -> Option<Number> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut mantissa: u128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            mantissa = mantissa.checked_mul(10)?.checked_add((digit - b'0').into())?;
        }
        let mantissa = i128::try_from(mantissa).ok()?;
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        if whole.is_empty() || exponent.abs() > REACH {
            return None;
        }
        Number::new(if negative { -mantissa } else { mantissa }, exponent)
    }

    /// From a number of `serde_json`: what its text says, which for a float is the shortest one that means it.
    pub fn from_json(number: &serde_json::Number) -> Option<Number> {
        match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Some(value.into()),
            (None, Some(value)) => Some(value.into()),
            (None, None) => Number::parse(&number.to_string()),
        }
    }

    /// As `serde_json` holds it: an integer of 64 bits, or a float whose shortest text is this number. `None` if it is
    /// neither.
    pub fn to_json(self) -> Option<serde_json::Number> {
        if let Some(whole) = self.whole() {
            if let Ok(value) = i64::try_from(whole) {
                return Some(value.into());
            }
            if let Ok(value) = u64::try_from(whole) {
                return Some(value.into());
            }
        }
        let float: f64 = format!("{}e{}", self.mantissa, self.exponent).parse().ok()?;
        let json = serde_json::Number::from_f64(float)?;
        (Number::from_json(&json) == Some(self)).then_some(json)
    }

    /// The value, if it is an integer that fits.
    pub fn whole(self) -> Option<i128> {
        if self.exponent < 0 {
            return None;
        }
        self.mantissa.checked_mul(10i128.checked_pow(self.exponent.unsigned_abs())?)
    }

    /// Whether it has no fraction.
    pub fn is_integer(self) -> bool {
        self.exponent >= 0
    }

    /// Whether it is larger than zero.
    pub fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// Whether it is an integer times `step`, which is not zero.
    pub fn is_multiple_of(self, step: Number) -> bool {
        let divisor = step.mantissa.unsigned_abs();
        if self.mantissa == 0 || divisor == 0 {
            return self.mantissa == 0;
        }
        let mut rest = self.mantissa.unsigned_abs();
        let shift = self.exponent - step.exponent;
        if shift < 0 {
            // The divisor is so many powers of ten larger; beyond the range it is larger than anything here.
            let divisor = 10u128.checked_pow(shift.unsigned_abs()).and_then(|power| divisor.checked_mul(power));
            return divisor.is_some_and(|divisor| rest.is_multiple_of(divisor));
        }
        for _ in 0..shift {
            if rest == 0 {
                return true;
            }
            rest = rest % divisor * 10;
        }
        rest.is_multiple_of(divisor)
    }

    /// Both as integers of one power of ten.
    fn aligned(self, other: Number) -> Option<(i128, i128, i32)> {
        let exponent = match (self.mantissa, other.mantissa) {
            (0, _) => other.exponent,
            (_, 0) => self.exponent,
            _ => self.exponent.min(other.exponent),
        };
        let scaled = |number: Number| {
            if number.mantissa == 0 {
                return Some(0);
            }
            number.mantissa.checked_mul(10i128.checked_pow(number.exponent.checked_sub(exponent)?.try_into().ok()?)?)
        };
        Some((scaled(self)?, scaled(other)?, exponent))
    }

    /// The sum.
    pub fn plus(self, other: Number) -> Option<Number> {
        let (a, b, exponent) = self.aligned(other)?;
        Number::new(a.checked_add(b)?, exponent)
    }

    /// So many times the number.
    pub fn times(self, factor: i128) -> Option<Number> {
        Number::new(self.mantissa.checked_mul(factor)?, self.exponent)
    }

    /// Half of it.
    pub fn half(self) -> Option<Number> {
        Number::new(self.mantissa.checked_mul(5)?, self.exponent.checked_sub(1)?)
    }

    /// The nearest number of two digits below (-1) or above (1) it.
    pub fn rounded(self, direction: i128) -> Option<Number> {
        let digits = self.mantissa.unsigned_abs().checked_ilog10()?;
        let power = 10i128.pow(digits.saturating_sub(1));
        Number::new(self.mantissa / power + direction, self.exponent + digits.saturating_sub(1) as i32)
    }

    /// The smallest positive number that is a multiple of both, which are not zero.
    pub fn common_multiple(self, other: Number) -> Option<Number> {
        let (a, b, exponent) = self.aligned(other)?;
        let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
        let multiple = (a / common_divisor(a, b).max(1)).checked_mul(b)?;
        Number::new(i128::try_from(multiple).ok()?, exponent)
    }

    /// How many times `step` fits, and whether nothing is left: rounded down.
    pub fn quotient(self, step: Number) -> Option<(i128, bool)> {
        let (a, b, _) = self.aligned(step)?;
        Some((a.checked_div_euclid(b)?, a.checked_rem_euclid(b)? == 0))
    }
}

fn common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        if self.exponent == other.exponent {
            return self.mantissa.cmp(&other.mantissa);
        }
        let signs = self.mantissa.signum().cmp(&other.mantissa.signum());
        if signs != Ordering::Equal || self.mantissa == 0 {
            return signs;
        }
        // The place of the first digit decides; where it is the same, aligned mantissas have as many digits and fit.
        let first = |number: &Number| number.mantissa.unsigned_abs().ilog10() as i32 + number.exponent;
        let sizes = match first(self).cmp(&first(other)) {
            Ordering::Equal => match self.aligned(*other) {
                Some((a, b, _)) => a.abs().cmp(&b.abs()),
                None => Ordering::Equal,
            },
            unequal => unequal,
        };
        if self.mantissa < 0 { sizes.reverse() } else { sizes }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_json() {
            Some(number) => number.fmt(f),
            None => write!(f, "{}e{}", self.mantissa, self.exponent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn equal_numbers_are_equal() {
        for (a, b) in [("1", "1.0"), ("100", "1e2"), ("0", "-0.0"), ("0.5", "5E-1"), ("1e308", "10e307")] {
            assert_eq!(number(a), number(b));
        }
        for wrong in
            ["", "-", ".5", "1.2.3", "0x1", "1e", "1e999999999999", "99999999999999999999999999999999999999999"]
        {
            assert_eq!(Number::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn order_and_divisibility_are_exact() {
        let sorted = ["-1e300", "-2", "-0.1", "0", "1e-300", "0.1", "0.3", "2", "9007199254740993", "1e300"];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (a, step) in [("0.3", "0.1"), ("1e300", "7e-2"), ("0", "5"), ("-4.5", "1.5"), ("1e20", "0.01")] {
            assert!(number(a).is_multiple_of(number(step)) == (step != "7e-2"), "{a} {step}");
        }
        assert!(!number("0.35").is_multiple_of(number("0.1")));
        assert!(!number("1").is_multiple_of(number("1e30")));
        assert_eq!(number("0.4").common_multiple(number("6")), Some(number("6")));
        assert_eq!(number("-7").quotient(number("2")), Some((-4, false)));
    }

    proptest! {
        #[test]
        fn agrees_with_integers(a in -100_000i64..100_000, b in 1i64..1000, e in -3i32..3) {
            let (x, y) = (Number::new(a.into(), e).unwrap(), Number::new(b.into(), e).unwrap());
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x.is_multiple_of(y), a % b == 0);
            prop_assert_eq!(x.plus(y), Number::new((a + b).into(), e));
            prop_assert_eq!(x.quotient(y), Some((a.div_euclid(b).into(), a % b == 0)));
            prop_assert_eq!(Number::parse(&x.to_string()), Some(x));
        }
    }
}
