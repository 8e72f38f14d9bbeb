//! The syntax of values that are text on the wire: UUIDs, dates, timestamps, durations, base64. Strict, without a dependency,
//! and to the letter what generated code reads. Nothing here reports: callers know what the text was for.

/// A UUID: 36 characters, hyphenated, in either case.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// An ISO 8601 calendar date, `2024-02-29`, of the years 0000 to 9999.
pub(crate) fn is_date(text: &str) -> bool {
    date(text.as_bytes()).is_some()
}

/// An RFC 3339 date and time with offset, at most nine fraction digits and no leap second.
pub(crate) fn is_timestamp(text: &str) -> bool {
    timestamp(text.as_bytes()).is_some()
}

/// An ISO 8601 duration of fixed length: `P2W`, or days, hours, minutes and seconds such as `P1DT2H` and `PT0.5S`.
pub(crate) fn is_duration(text: &str) -> bool {
    duration(text).is_some()
}

/// How many bytes a text in standard base64 with padding stands for; `None` where it is none.
pub(crate) fn base64_length(text: &str) -> Option<u64> {
    let body = text.trim_end_matches('=').as_bytes();
    let padding = text.len() - body.len();
    let digit = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    // The bits of the last digit that no byte takes must be zero, or two texts would stand for the same bytes.
    let spare = match padding {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return None,
    };
    let last = body.last().map_or(Some(0), |b| digit(*b))?;
    let whole = text.len().is_multiple_of(4) && body.iter().all(|b| digit(*b).is_some()) && last & spare == 0;
    whole.then(|| (body.len() * 3 / 4) as u64)
}

/// The number that exactly these digits write.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

fn date(text: &[u8]) -> Option<(u32, u32, u32)> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let (year, month, day) = (digits(&[y1, y2, y3, y4])?, digits(&[m1, m2])?, digits(&[d1, d2])?);
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}

fn timestamp(text: &[u8]) -> Option<()> {
    let (day, rest) = text.split_at_checked(10)?;
    date(day)?;
    let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else { return None };
    let (hour, minute, second) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?, digits(&[*s1, *s2])?);
    let rest = match rest {
        [b'.', rest @ ..] => {
            let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            (1..=9).contains(&count).then(|| &rest[count..])?
        }
        _ => rest,
    };
    let zone = match rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => digits(&[*h1, *h2])? < 24 && digits(&[*m1, *m2])? < 60,
        _ => false,
    };
    (hour < 24 && minute < 60 && second < 60 && zone).then_some(())
}

/// At most so many digits that the runtime can hold it.
fn duration(text: &str) -> Option<()> {
    let body = text.strip_prefix('P')?;
    let number = |digits: &str, most: usize| {
        let plain = (1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then_some(())
    };
    if let Some(weeks) = body.strip_suffix('W') {
        return number(weeks, 19);
    }
    let (days, mut time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (body, ""),
    };
    if !days.is_empty() {
        number(days.strip_suffix('D')?, 20)?;
    }
    for unit in ['H', 'M'] {
        if let Some((digits, rest)) = time.split_once(unit) {
            number(digits, 20)?;
            time = rest;
        }
    }
    if !time.is_empty() {
        let seconds = time.strip_suffix('S')?;
        let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        number(whole, 20)?;
        number(fraction, 9)?;
    }
    (!body.is_empty()).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(is: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(is(text), "{text} should be read");
        }
        for text in bad {
            assert!(!is(text), "{text} should be refused");
        }
    }

    #[test]
    fn uuids_are_hyphenated() {
        hold(
            is_uuid,
            &["550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000"],
            &[
                "",
                "550e8400e29b41d4a716446655440000",
                "{550e8400-e29b-41d4-a716-446655440000}",
                "550e8400-e29b-41d4-a716-44665544000g",
            ],
        );
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        hold(
            is_date,
            &["2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"],
            &[
                "",
                "2023-02-29",
                "1900-02-29",
                "2024-13-01",
                "2024-00-01",
                "2024-04-31",
                "2024-1-1",
                "20240101",
                "2024-01-01 ",
                "é24-01-01",
            ],
        );
    }

    #[test]
    fn timestamps_have_an_offset() {
        hold(
            is_timestamp,
            &[
                "2024-01-15T10:30:00Z",
                "2024-01-15t10:30:00.123456789z",
                "2024-01-15T10:30:00+05:30",
                "2024-01-15T10:30:00-00:00",
                "0000-01-01T00:00:00Z",
                "0000-01-01T00:00:00-01:00",
                "0000-01-01T00:59:00+01:00",
                "9999-12-31T23:59:59.999999999Z",
                "9999-12-31T23:59:59-23:59",
            ],
            &[
                "2024-01-15",
                "2024-01-15T10:30:00",
                "2024-01-15 10:30:00Z",
                "2024-01-15T10:30Z",
                "2024-01-15T24:00:00Z",
                "2024-01-15T10:60:00Z",
                "2024-01-15T23:59:60Z",
                "2024-01-15T10:30:00.Z",
                "2024-01-15T10:30:00.1234567890Z",
                "2024-01-15T10:30:00+0530",
                "2024-01-15T10:30:00+24:00",
                "2024-01-15T10:30:00+05:30x",
                "10000-01-01T00:00:00Z",
            ],
        );
    }

    #[test]
    fn durations_have_a_fixed_length() {
        hold(
            is_duration,
            &[
                "P2W",
                "P1D",
                "PT30S",
                "P1DT2H",
                "PT1H30M",
                "PT1M",
                "PT0.5S",
                "P1DT1H1M1.123456789S",
                "PT0S",
                "PT18446744073709551616S",
                "P1234567890123456789W",
                "P12345678901234567890DT12345678901234567890H",
            ],
            &[
                "",
                "P",
                "PT",
                "P1DT",
                "P1Y",
                "P1M",
                "P1W2D",
                "PT1S1M",
                "PT1H1H",
                "-PT1S",
                "PT1.5M",
                "PT.5S",
                "PT1.S",
                "PT1.1234567890S",
                "30s",
                "P1",
                "PTS",
                "P12345678901234567890W",
                "PT000000000000000000001S",
            ],
        );
    }

    #[test]
    fn base64_is_padded_and_canonical() {
        for (text, length) in [("", 0), ("AA==", 1), ("AAA=", 2), ("AAAA", 3), ("+/+/", 3)] {
            assert_eq!(base64_length(text), Some(length), "{text}");
        }
        for bad in ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA==AAAA", "AA=A", "AA AA", "A-_A"] {
            assert_eq!(base64_length(bad), None, "{bad}");
        }
    }
}
