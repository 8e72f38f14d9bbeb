//! The text forms of instants and calendar dates. Nothing here knows a time zone but fixed offsets.

use jiff::civil::{Date, DateTime, Time};

use super::{Timestamp, digits, nanoseconds};
use crate::Problem;

/// The texts that [`parse_timestamp`] reads, calendar aside.
pub const TIMESTAMP_PATTERN: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";

/// The texts that [`parse_date`] reads, calendar aside.
pub const DATE_PATTERN: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// Reads an RFC 3339 date and time with its offset; up to nine fraction digits, no leap second.
///
/// # Errors
/// [`Problem::BadText`].
pub fn parse_timestamp(text: &str) -> Result<Timestamp, Problem> {
    let read = instant(text).and_then(|(local, offset)| Timestamp::at_offset(local, offset));
    read.ok_or_else(|| Problem::bad_text(text, "an RFC 3339 time such as 2026-01-31T08:30:00Z"))
}

/// Reads a date as `YYYY-MM-DD`.
///
/// # Errors
/// [`Problem::BadText`].
pub fn parse_date(text: &str) -> Result<Date, Problem> {
    day(text).ok_or_else(|| Problem::bad_text(text, "a date such as 2026-01-31"))
}

/// A date and time, and how many seconds ahead of UTC its clock is.
fn instant(text: &str) -> Option<(DateTime, i32)> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.strip_prefix(['T', 't'])?.split_at_checked(8)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
        None => ("0", rest),
    };
    let (hour, minute) = hour_minute(clock.get(..5)?)?;
    let second = pair(clock.get(5..)?.strip_prefix(':')?)?;
    let time = Time::new(hour, minute, second, i32::try_from(nanoseconds(fraction)?).ok()?).ok()?;
    Some((day(date)?.to_datetime(time), zone_offset(zone)?))
}

fn zone_offset(zone: &str) -> Option<i32> {
    let sign = match zone.chars().next()? {
        'Z' | 'z' if zone.len() == 1 => return Some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hour, minute) = hour_minute(&zone[1..])?;
    Some(sign * (i32::from(hour) * 3600 + i32::from(minute) * 60))
}

fn day(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Date::new(digits(year, 4)?, pair(month)?, pair(day)?).ok()
}

/// `HH:MM` of a day.
fn hour_minute(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    Some((pair(hour)?, pair(minute)?)).filter(|(hour, minute)| *hour < 24 && *minute < 60)
}

/// Two digits.
fn pair(text: &str) -> Option<i8> {
    digits(text, 2).and_then(|n| i8::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::matches;
    use proptest::prelude::*;

    #[test]
    fn instants_are_read_strictly_and_written_in_utc() {
        let table = [
            ("2024-06-19T15:22:45Z", "2024-06-19T15:22:45Z"),
            ("2024-06-19t15:22:45.120z", "2024-06-19T15:22:45.12Z"),
            ("2024-06-19T15:22:45.000000001+02:30", "2024-06-19T12:52:45.000000001Z"),
            ("2024-02-29T23:59:59-00:00", "2024-02-29T23:59:59Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ];
        for (text, written) in table {
            assert_eq!(parse_timestamp(text).map(|t| t.to_string()), Ok(written.to_owned()), "{text}");
            assert!(matches(TIMESTAMP_PATTERN, text), "{text}");
        }
        for text in [
            "",
            "2024-06-19",
            "2024-06-19T15:22:45",
            "2024-06-19 15:22:45Z",
            "2024-06-19T15:22Z",
            "2024-06-19T15:22:60Z",
            "2024-06-19T24:00:00Z",
            "2024-06-19T15:22:45.Z",
            "2024-06-19T15:22:45.1234567890Z",
            "2024-06-19T15:22:45,5Z",
            "2024-06-19T15:22:45+0200",
            "2024-06-19T15:22:45+02",
            "2024-06-19T15:22:45+24:00",
            "2024-06-19T15:22:45+02:60",
            "2024-06-19T15:22:45+02:00:00",
            "2024-06-19T15:22:45Z[UTC]",
            "2024-06-19T15:22:45ZZ",
            "+002024-06-19T15:22:45Z",
            " 2024-06-19T15:22:45Z",
            "2024-06-19T15:22:45Z\n",
            "2024-06-1\u{e9}T15:22:45Z",
            "2024-06-19T15:2\u{e9}:45Z",
            "2024-06-19T15:22:45\u{e9}",
        ] {
            assert!(matches!(parse_timestamp(text), Err(Problem::BadText { .. })), "{text}");
            assert!(!matches(TIMESTAMP_PATTERN, text), "{text}");
        }
        assert!(parse_timestamp("2023-02-29T00:00:00Z").is_err(), "the pattern knows no calendar");
    }

    #[test]
    fn dates_have_ten_characters() {
        assert_eq!(parse_date("2024-02-29").unwrap().to_string(), "2024-02-29");
        for text in ["", "2024-2-9", "20240229", "2024-02-29T", "-2024-02-29", "2024-13-01", "2024-00-01", "2024-060"] {
            assert!(parse_date(text).is_err(), "{text}");
            assert!(!matches(DATE_PATTERN, text), "{text}");
        }
        assert_eq!(
            parse_date("2023-02-29").unwrap_err().to_string(),
            "\"2023-02-29\" is not a date such as 2026-01-31"
        );
    }

    proptest! {
        #[test]
        fn the_date_pattern_is_exact_but_for_the_calendar(text in "[0-9]{4}-[0-3][0-9]-[0-3][0-9]") {
            let in_calendar = jiff::fmt::strtime::parse("%Y-%m-%d", &text).and_then(|t| t.to_date()).is_ok();
            prop_assert_eq!(parse_date(&text).is_ok(), matches(DATE_PATTERN, &text) && in_calendar, "{}", text);
        }

        #[test]
        fn the_time_pattern_is_exact(
            day in 1_i8..=28, month in 1_i8..=12, year in 0_i16..=9999,
            rest in "[Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,11})?([Zz]|[+-][0-2][0-9]:?[0-6][0-9])",
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}{rest}");
            prop_assert_eq!(parse_timestamp(&text).is_ok(), matches(TIMESTAMP_PATTERN, &text), "{}", text);
        }

        #[test]
        fn what_is_read_is_an_rfc_3339_time_to_the_library(
            text in "20[0-9]{2}-(0[1-9]|1[0-2])-[012][0-9]T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
        ) {
            let library = text.parse::<jiff::Timestamp>().ok().and_then(|it| it.try_into().ok());
            prop_assert_eq!(parse_timestamp(&text).ok(), library, "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}|[0-9TZ:.+-]{0,30}") {
            prop_assert!(parse_timestamp(&text).is_err() || matches(TIMESTAMP_PATTERN, &text));
            prop_assert!(parse_date(&text).is_err() || matches(DATE_PATTERN, &text));
        }
    }
}
