//! Binary data, as base64 text. One text for one value: no line breaks, no missing padding, no stray bits.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::Problem;

/// The texts that [`parse_bytes`] reads.
pub const BYTES_PATTERN: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

/// Binary data, written as base64 (RFC 4648, section 4) with padding.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Reads base64 (RFC 4648, section 4) with padding and without anything else.
///
/// # Errors
/// [`Problem::BadText`].
pub fn parse_bytes(text: &str) -> Result<Bytes, Problem> {
    let read = STANDARD.decode(text).map(Bytes);
    read.map_err(|_| Problem::bad_text(text, "base64 with padding such as aXNvYmFyCg=="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::matches;
    use proptest::prelude::*;

    #[test]
    fn base64_is_strict() {
        assert_eq!(parse_bytes(""), Ok(Bytes::default()));
        assert_eq!(parse_bytes("aXNvYmFy+/8="), Ok(Bytes(b"isobar\xfb\xff".to_vec())));
        for text in ["Q", "QQ", "QQ=", "QR==", "QUJ=", "QQ==QQ==", "QUJD\n", "QU JD", "_-8=", "====", "QQ==="] {
            assert!(parse_bytes(text).is_err(), "{text}");
            assert!(!matches(BYTES_PATTERN, text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pattern_is_exact(text in "[A-Za-z0-9+/]{0,9}={0,3}") {
            prop_assert_eq!(parse_bytes(&text).is_ok(), matches(BYTES_PATTERN, &text), "{}", text);
        }

        #[test]
        fn what_is_written_is_read(bytes: Vec<u8>) {
            let text = STANDARD.encode(&bytes);
            prop_assert!(matches(BYTES_PATTERN, &text));
            prop_assert_eq!(parse_bytes(&text), Ok(Bytes(bytes)));
        }
    }
}
