//! A JSON value of any shape, kept as text so that no digit and no member order is lost.
//! It is never anything but one whole, valid JSON value without white space between its tokens.

use std::{fmt, str::FromStr};

use crate::{EncodeError, Invalid, Problem, Writer};

/// Any JSON value, as compact source text. Two are equal if their texts are: `1.0` is not `1` here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Json(String);

impl Json {
    /// Checks that `text` is one JSON value and keeps it without white space.
    ///
    /// # Errors
    /// [`Problem::Syntax`], [`Problem::TooDeep`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        crate::from_slice(text.as_bytes())
    }

    /// The one value that `write` writes.
    ///
    /// # Errors
    /// When it holds something that JSON cannot say.
    pub fn written(write: impl FnOnce(&mut Writer)) -> Result<Self, EncodeError> {
        let mut w = Writer::new();
        write(&mut w);
        w.finish().map(|text| Self::compact(&text))
    }

    /// The compact text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `null`, which a member that may be absent has for no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// The value as a tree, in which numbers are integers of 64 bits or floats.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`] if a number is too large for a float.
    pub fn to_value(&self) -> Result<serde_json::Value, Invalid> {
        // The only thing that this text can hold and the tree cannot is a number of such a size.
        serde_json::from_str(&self.0).map_err(|_| Problem::out_of_range(&self.0, "a JSON tree").into())
    }

    /// `source` must be one JSON value that a [`crate::Reader`] has read or a [`Writer`] has written.
    pub(crate) fn compact(source: &[u8]) -> Self {
        let (mut in_string, mut escaped) = (false, false);
        let mut text = source.to_vec();
        text.retain(|byte| {
            let keep = in_string || !byte.is_ascii_whitespace();
            in_string ^= *byte == b'"' && !escaped;
            escaped = in_string && *byte == b'\\' && !escaped;
            keep
        });
        // Nothing is lost: the reader has checked every string, and the rest is ASCII.
        Self(String::from_utf8_lossy(&text).into_owned())
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        Self(value.to_string())
    }
}

impl FromStr for Json {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_white_space_between_tokens_is_dropped() {
        let json =
            Json::new(" { \"a b\\\" \\\\\" : [ 1.00 , \"\\\\\\\" x \" ,\n\tnull ] , \"\u{e9} \" : \" \" } ").unwrap();
        assert_eq!(json.as_str(), "{\"a b\\\" \\\\\":[1.00,\"\\\\\\\" x \",null],\"\u{e9} \":\" \"}");
        assert_eq!(json.to_value().unwrap(), json!({"a b\" \\": [1.0, "\\\" x ", null], "\u{e9} ": " "}));
        assert_eq!(Json::from(&json!([1, "x"])).to_string(), r#"[1,"x"]"#);
        assert_eq!("12 ".parse(), Json::new("12"));
        assert_eq!(Json::written(|w| w.string("a \"b")).unwrap().as_str(), r#""a \"b""#);
        assert_eq!(Json::written(|w| w.f64(f64::NAN)), Err(EncodeError::NotFinite));
    }

    #[test]
    fn anything_but_one_value_is_refused() {
        for text in ["", " ", "1 2", "{", "[1,]", "nul", "NaN", "'a'", "01"] {
            assert!(Json::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn digits_are_kept_that_a_tree_cannot_hold() {
        let json = Json::new("[1e400, 12345678901234567890123]").unwrap();
        assert_eq!(json.as_str(), "[1e400,12345678901234567890123]");
        assert!(matches!(json.to_value().unwrap_err().problem(), Problem::OutOfRange { .. }));
    }
}
