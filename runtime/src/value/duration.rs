//! Lengths of time that are exact to the nanosecond. Never negative, and never in years or months, which have
//! no fixed length.

use std::{fmt, str::FromStr, time};

use super::nanoseconds;
use crate::Problem;

/// The texts that [`parse_duration`] reads, range aside.
pub const DURATION_PATTERN: &str = "^P([0-9]+W|[0-9]+D|([0-9]+D)?T([0-9]+H([0-9]+M)?([0-9]+(\\.[0-9]{1,9})?S)?|[0-9]+M([0-9]+(\\.[0-9]{1,9})?S)?|[0-9]+(\\.[0-9]{1,9})?S))$";

const DAY: u64 = 86_400;

/// A length of time of at most [`u64::MAX`] seconds, written as ISO 8601 text: `PT30S`, `P1DT2H`, `PT0S`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(time::Duration);

impl Duration {
    /// This many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(time::Duration::from_secs(seconds))
    }

    /// The same length for the standard library.
    pub const fn as_std(self) -> time::Duration {
        self.0
    }
}

impl From<time::Duration> for Duration {
    fn from(value: time::Duration) -> Self {
        Self(value)
    }
}

impl From<Duration> for time::Duration {
    fn from(value: Duration) -> Self {
        value.0
    }
}

impl FromStr for Duration {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        parse_duration(text)
    }
}

impl fmt::Display for Duration {
    /// Days, hours, minutes and seconds, each only if not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (total, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        f.write_str("P")?;
        let (days, clock) = (total / DAY, total % DAY);
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if clock > 0 || nanos > 0 || days == 0 {
            f.write_str("T")?;
        }
        let (hours, minutes, seconds) = (clock / 3600, clock / 60 % 60, clock % 60);
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if nanos > 0 {
            write!(f, "{seconds}.{}S", format!("{nanos:09}").trim_end_matches('0'))
        } else if seconds > 0 || *self == Self::default() {
            write!(f, "{seconds}S")
        } else {
            Ok(())
        }
    }
}

/// Reads an ISO 8601 duration of either weeks (`P2W`) or days of 24 hours, hours, minutes and seconds, of
/// which seconds may have up to nine fraction digits (`P1DT2H`, `PT0.5S`).
///
/// # Errors
/// [`Problem::BadText`], or [`Problem::OutOfRange`] beyond [`u64::MAX`] seconds.
pub fn parse_duration(text: &str) -> Result<Duration, Problem> {
    let (seconds, nanos) =
        length(text).ok_or_else(|| Problem::bad_text(text, "a duration such as PT30S, P1DT2H or P2W"))?;
    match u64::try_from(seconds) {
        Ok(seconds) => Ok(Duration(time::Duration::new(seconds, nanos))),
        Err(_) => Err(Problem::out_of_range(text, "duration")),
    }
}

/// Whole seconds (saturating) and nanoseconds.
fn length(text: &str) -> Option<(u128, u32)> {
    let text = text.strip_prefix('P')?;
    if let Some(weeks) = text.strip_suffix('W') {
        return Some((whole(weeks)?.saturating_mul(7 * u128::from(DAY)), 0));
    }
    let (days, mut clock) = match text.split_once('T') {
        Some((days, clock)) => (days, Some(clock).filter(|c| !c.is_empty())?),
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    let mut total = 0_u128;
    if !days.is_empty() {
        total = whole(days.strip_suffix('D')?)?.saturating_mul(DAY.into());
    }
    for (unit, seconds) in [('H', 3600), ('M', 60)] {
        if let Some((count, rest)) = clock.split_once(unit) {
            total = total.saturating_add(whole(count)?.saturating_mul(seconds));
            clock = rest;
        }
    }
    if clock.is_empty() {
        return Some((total, 0));
    }
    let seconds = clock.strip_suffix('S')?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    Some((total.saturating_add(whole(seconds)?), nanoseconds(fraction)?))
}

/// One or more digits, saturating.
fn whole(text: &str) -> Option<u128> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(u128::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::matches;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_exact_and_written_canonically() {
        let table = [
            ("PT30S", 30, 0, "PT30S"),
            ("P1DT2H", 93_600, 0, "P1DT2H"),
            ("P2W", 1_209_600, 0, "P14D"),
            ("PT90M", 5400, 0, "PT1H30M"),
            ("PT1H30S", 3630, 0, "PT1H30S"),
            ("P0D", 0, 0, "PT0S"),
            ("PT0.000000001S", 0, 1, "PT0.000000001S"),
            ("P1DT0.50S", 86_400, 500_000_000, "P1DT0.5S"),
            ("PT007S", 7, 0, "PT7S"),
            ("PT18446744073709551615S", u64::MAX, 0, "P213503982334601DT7H15S"),
        ];
        for (text, seconds, nanos, written) in table {
            let read = parse_duration(text).unwrap();
            assert_eq!(read, time::Duration::new(seconds, nanos).into(), "{text}");
            assert_eq!(read.to_string(), written);
        }
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "P1Y",
            "P1M",
            "P1Y2M",
            "1D",
            "-P1D",
            "P-1D",
            "P+1D",
            "P1.5D",
            "PT1.5H",
            "PT1,5S",
            "PT.5S",
            "PT1.S",
            "PT1.1234567890S",
            "P1W2D",
            "P1WT1H",
            "PT1S1M",
            "PT1M1H",
            "PT1H1H",
            "p1d",
            "pT1S",
            "P1D ",
            "P1H",
            "T1S",
            "PTS",
            "PWT",
            "P1DT1D",
        ] {
            assert!(matches!(parse_duration(text), Err(Problem::BadText { .. })), "{text}");
            assert!(!matches(DURATION_PATTERN, text), "{text}");
        }
        let long = format!("P{}W", "9".repeat(100));
        for text in ["PT18446744073709551616S", "P213503982334602D", &long] {
            assert!(matches!(parse_duration(text), Err(Problem::OutOfRange { .. })), "{text}");
            assert!(matches(DURATION_PATTERN, text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds: u64, nanos in 0_u32..1_000_000_000) {
            let value = Duration(time::Duration::new(seconds, nanos));
            let text = value.to_string();
            prop_assert!(matches(DURATION_PATTERN, &text), "{}", text);
            prop_assert_eq!(parse_duration(&text), Ok(value));
        }

        #[test]
        fn the_pattern_is_exact(text in "P?([0-9]{0,2}W)?([0-9]{0,2}D)?(T?([0-9]{0,2}H)?([0-9]{0,2}M)?([0-9]{0,2}(\\.[0-9]{0,10})?S)?)?") {
            prop_assert_eq!(parse_duration(&text).is_ok(), matches(DURATION_PATTERN, &text), "{}", text);
        }
    }
}
