//! The scalar and container types of generated fields, and the text forms that they are read from.
//! Each text form is strict: what its `*_PATTERN` (ECMA-262, for JSON Schema) refuses is refused here, and what
//! the pattern accepts is accepted unless the calendar says otherwise.

mod bytes;
mod duration;
mod json;
mod set;
mod time;
mod timestamp;
mod uuid;

pub use ::uuid::Uuid;
pub use jiff::civil::Date;
pub use rust_decimal::Decimal;

pub use bytes::{BYTES_PATTERN, Bytes, parse_bytes};
pub use duration::{DURATION_PATTERN, Duration, parse_duration};
pub use json::Json;
pub use set::Set;
pub use time::{DATE_PATTERN, TIMESTAMP_PATTERN, parse_date, parse_timestamp};
pub use timestamp::Timestamp;
pub use uuid::{UUID_PATTERN, parse_uuid};

/// `text` as a number, if it is exactly `width` digits.
fn digits(text: &str, width: usize) -> Option<i16> {
    let plain = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// A fraction of a second, given as its 1 to 9 digits after the point, in nanoseconds.
fn nanoseconds(fraction: &str) -> Option<u32> {
    let plain = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    plain.then(|| padded.fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
fn matches(pattern: &str, text: &str) -> bool {
    regex_lite::Regex::new(pattern).unwrap().is_match(text)
}
