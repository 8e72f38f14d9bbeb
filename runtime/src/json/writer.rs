//! Compact JSON into memory, called by generated code. Calls never fail: what JSON cannot say is remembered
//! and reported by [`Writer::finish`]. It never checks the bounds of a value.

use std::{collections::BTreeMap, fmt::Display, io::Write, mem};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{Bytes, Date, Decimal, Duration, EncodeError, Json, Set, Timestamp, Uuid};

/// Writes one JSON text from the front, with the commas it needs. Strings and numbers go through `serde_json`.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    error: Option<EncodeError>,
    /// An object was begun by its tag.
    begun: bool,
}

impl Writer {
    /// A writer of an empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text.
    ///
    /// # Errors
    /// The first value that JSON cannot say.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        match self.error {
            None => Ok(self.out),
            Some(error) => Err(error),
        }
    }

    /// The text so far, with `null` for what JSON cannot say.
    pub(crate) fn into_text(self) -> Vec<u8> {
        self.out
    }

    /// Begins an object.
    pub fn begin_object(&mut self) {
        if !mem::take(&mut self.begun) {
            self.raw(b"{");
        }
    }

    /// Writes the tag of a union's branch: the first member of the object that must be written next.
    pub fn tag(&mut self, key: &str, value: &str) {
        self.begin_object();
        self.key(key);
        self.string(value);
        self.begun = true;
    }

    /// Ends the object begun last.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Writes a member's key; its value must follow.
    pub fn key(&mut self, key: &str) {
        self.string(key);
        self.out.push(b':');
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.raw(b"null");
    }

    /// Writes a boolean.
    pub fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// Writes an integer.
    pub fn i32(&mut self, value: i32) {
        self.i64(value.into());
    }

    /// Writes an integer.
    pub fn i64(&mut self, value: i64) {
        self.comma();
        impossible(serde_json::to_writer(&mut self.out, &value));
    }

    /// Writes an integer.
    pub fn u32(&mut self, value: u32) {
        self.u64(value.into());
    }

    /// Writes an integer.
    pub fn u64(&mut self, value: u64) {
        self.comma();
        impossible(serde_json::to_writer(&mut self.out, &value));
    }

    /// Writes the shortest number that is read as this float; negative zero as zero, since JSON numbers do not
    /// tell them apart. Infinity and NaN are [`EncodeError::NotFinite`].
    pub fn f64(&mut self, value: f64) {
        if !value.is_finite() {
            self.error.get_or_insert(EncodeError::NotFinite);
        }
        self.comma();
        impossible(serde_json::to_writer(&mut self.out, &(value + 0.0)));
    }

    /// Writes a decimal without trailing zeros or an exponent.
    pub fn decimal(&mut self, value: &Decimal) {
        self.comma();
        impossible(write!(self.out, "{}", value.normalize()));
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) {
        self.comma();
        impossible(serde_json::to_writer(&mut self.out, text));
    }

    /// Writes a UUID, hyphenated, in lower case.
    pub fn uuid(&mut self, value: &Uuid) {
        self.quoted(value.hyphenated());
    }

    /// Writes an instant in UTC; see [`Timestamp`] for what UTC has no year for.
    pub fn timestamp(&mut self, value: &Timestamp) {
        self.quoted(value);
    }

    /// Writes a calendar date; one before the year 0000 is [`EncodeError::BeforeYearZero`].
    pub fn date(&mut self, value: &Date) {
        if value.year() < 0 {
            self.error.get_or_insert(EncodeError::BeforeYearZero);
        }
        self.quoted(value);
    }

    /// Writes a length of time.
    pub fn duration(&mut self, value: &Duration) {
        self.quoted(value);
    }

    /// Writes bytes as base64.
    pub fn bytes(&mut self, value: &Bytes) {
        self.quoted(STANDARD.encode(value));
    }

    /// Writes a JSON value as it was kept.
    pub fn json(&mut self, value: &Json) {
        self.raw(value.as_str().as_bytes());
    }

    /// Writes a list, each item by `item`.
    pub fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.raw(b"[");
        items.iter().for_each(|i| item(self, i));
        self.out.push(b']');
    }

    /// Writes a set as a list in its order, each item by `item`.
    pub fn set<T>(&mut self, items: &Set<T>, item: impl FnMut(&mut Self, &T)) {
        self.list(items.as_slice(), item);
    }

    /// Writes a map as an object, each value by `item`.
    pub fn map<T>(&mut self, items: &BTreeMap<String, T>, mut item: impl FnMut(&mut Self, &T)) {
        self.begin_object();
        for (key, value) in items {
            self.key(key);
            item(self, value);
        }
        self.end_object();
    }

    /// Separates what follows from the value before it. No value ends in one of these bytes, so the last byte
    /// tells whether there is one.
    fn comma(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':')) {
            self.out.push(b',');
        }
    }

    /// Writes a value that is JSON already.
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.comma();
        self.out.extend_from_slice(json);
    }

    /// Writes the members of an object that is JSON already, without its braces, into the one begun last.
    pub(crate) fn members(&mut self, json: &[u8]) {
        if !json.is_empty() {
            self.raw(json);
        }
    }

    /// Writes text that needs no escapes.
    fn quoted(&mut self, text: impl Display) {
        self.comma();
        impossible(write!(self.out, "\"{text}\""));
    }
}

/// Drops the outcome of writing a plain value into memory, which has no way to fail.
fn impossible<E>(outcome: Result<(), E>) {
    debug_assert!(outcome.is_ok());
}
