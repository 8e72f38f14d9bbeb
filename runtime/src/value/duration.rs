//! Lengths of time that are exact to the nanosecond. Never negative, and never in years or months, which have
//! no fixed length.

use std::{fmt, str::FromStr, time};

use super::nanoseconds;
use crate::Problem;

/// The texts that [`parse_duration`] reads.
pub const DURATION_PATTERN: &str = "^P([0-9]{1,19}W|[0-9]{1,20}D|([0-9]{1,20}D)?T([0-9]{1,20}H([0-9]{1,20}M)?([0-9]{1,20}(\\.[0-9]{1,9})?S)?|[0-9]{1,20}M([0-9]{1,20}(\\.[0-9]{1,9})?S)?|[0-9]{1,20}(\\.[0-9]{1,9})?S))$";

const SECOND: u128 = 1_000_000_000;

/// The units of a written duration, in nanoseconds.
const UNITS: [(char, u128); 4] = [('D', 86_400 * SECOND), ('H', 3600 * SECOND), ('M', 60 * SECOND), ('S', SECOND)];

/// The most of a unit that its twenty digits can say.
const MOST: u128 = 99_999_999_999_999_999_999;

/// A length of time, exact to the nanosecond: what ISO 8601 says in days, hours, minutes and seconds of at most twenty digits each, or
/// in weeks of nineteen. Written as `PT30S`, `P1DT2H`, `PT0S`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanoseconds: u128,
}

impl Duration {
    /// This many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self { nanoseconds: seconds as u128 * SECOND }
    }

    /// The same length for the standard library; `None` beyond [`u64::MAX`] seconds.
    pub fn as_std(self) -> Option<time::Duration> {
        let seconds = u64::try_from(self.nanoseconds / SECOND).ok()?;
        let rest = u32::try_from(self.nanoseconds % SECOND).ok()?;
        Some(time::Duration::new(seconds, rest))
    }
}

impl From<time::Duration> for Duration {
    fn from(value: time::Duration) -> Self {
        Self { nanoseconds: value.as_nanos() }
    }
}

impl FromStr for Duration {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        parse_duration(text)
    }
}

impl fmt::Display for Duration {
    /// Days, hours, minutes and seconds, each only if not zero, and as much of each as can be: what goes beyond twenty digits of days
    /// is hours, and so on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let mut rest = self.nanoseconds;
        let mut clock = false;
        for (unit, length) in UNITS {
            let count = (rest / length).min(MOST);
            rest -= count * length;
            let fraction = if unit == 'S' { rest } else { 0 };
            if count == 0 && fraction == 0 && (unit != 'S' || self.nanoseconds > 0) {
                continue;
            }
            if unit != 'D' && !std::mem::replace(&mut clock, true) {
                f.write_str("T")?;
            }
            write!(f, "{count}")?;
            if fraction > 0 {
                write!(f, ".{}", format!("{fraction:09}").trim_end_matches('0'))?;
            }
            write!(f, "{unit}")?;
        }
        Ok(())
    }
}

/// Reads an ISO 8601 duration of either weeks (`P2W`, at most 19 digits) or days of 24 hours, hours, minutes and seconds (at most 20
/// digits each), of which seconds may have up to nine fraction digits (`P1DT2H`, `PT0.5S`).
///
/// # Errors
/// [`Problem::BadText`].
pub fn parse_duration(text: &str) -> Result<Duration, Problem> {
    let read = length(text).map(|nanoseconds| Duration { nanoseconds });
    read.ok_or_else(|| Problem::bad_text(text, "a duration such as PT30S, P1DT2H or P2W"))
}

/// In nanoseconds. Twenty digits of everything are far from the end of the type.
fn length(text: &str) -> Option<u128> {
    let text = text.strip_prefix('P')?;
    if let Some(weeks) = text.strip_suffix('W') {
        return Some(whole(weeks, 19)? * 7 * UNITS[0].1);
    }
    let (days, mut clock) = match text.split_once('T') {
        Some((days, clock)) => (days, Some(clock).filter(|c| !c.is_empty())?),
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    let mut total = 0;
    if !days.is_empty() {
        total = whole(days.strip_suffix('D')?, 20)? * UNITS[0].1;
    }
    for (unit, length) in &UNITS[1..3] {
        if let Some((count, rest)) = clock.split_once(*unit) {
            total += whole(count, 20)? * length;
            clock = rest;
        }
    }
    if clock.is_empty() {
        return Some(total);
    }
    let seconds = clock.strip_suffix('S')?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    Some(total + whole(seconds, 20)? * SECOND + u128::from(nanoseconds(fraction)?))
}

/// One digit or more.
fn whole(text: &str, most: usize) -> Option<u128> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
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
            let length = time::Duration::new(seconds, nanos);
            assert_eq!((read, read.as_std()), (length.into(), Some(length)), "{text}");
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
    }

    #[test]
    fn so_many_digits_are_read_and_written() {
        let (most, weeks) = ("9".repeat(20), "9".repeat(19));
        let table = [
            ("PT2562047788015215H30M7.999999999S".to_owned(), "P106751991167300DT15H30M7.999999999S".to_owned()),
            ("PT18446744073709551616S".to_owned(), "P213503982334601DT7H16S".to_owned()),
            (format!("P{most}D"), format!("P{most}D")),
            (format!("P{weeks}W"), "P69999999999999999993D".to_owned()),
            (format!("P{most}DT24H"), format!("P{most}DT24H")),
            (format!("PT{most}H"), "P4166666666666666666DT15H".to_owned()),
        ];
        for (text, written) in table {
            let read = parse_duration(&text).unwrap();
            assert_eq!(read.to_string(), written, "{text}");
            assert_eq!(parse_duration(&written), Ok(read));
            assert!(matches(DURATION_PATTERN, &text) && matches(DURATION_PATTERN, &written), "{text}");
        }
        let longest = parse_duration(&format!("P{most}DT{most}H{most}M{most}.999999999S")).unwrap();
        assert_eq!(longest.to_string(), format!("P{most}DT{most}H{most}M{most}.999999999S"));
        assert_eq!(longest.as_std(), None);
        for text in [format!("P1{weeks}W"), format!("P0{most}D"), format!("PT1{most}S"), format!("PT{most}0H")] {
            assert!(matches!(parse_duration(&text), Err(Problem::BadText { .. })), "{text}");
            assert!(!matches(DURATION_PATTERN, &text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(nanoseconds in prop_oneof![0..MOST, 0..MOST * UNITS[0].1, 0..MOST * 90_061 * SECOND]) {
            let value = Duration { nanoseconds };
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
