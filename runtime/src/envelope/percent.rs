//! Texts as values of HTTP headers, as the HTTP binding of CloudEvents 1.0.2 says (3.1.3.2): percent-encoded on the way out, unquoted
//! and decoded once on the way in. Nothing here knows an attribute.

use std::borrow::Cow;

/// What the value of a header says where it cannot be read.
const EXPECTED: &str = "a percent-encoded UTF-8 text";

use crate::Problem;

/// Encodes a space, `"`, `%` and everything beyond printable ASCII.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' | b'%' => out.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Decodes whatever is encoded, inside double quotes or not.
pub(super) fn decode(value: &[u8]) -> Result<String, Problem> {
    let refuse = || Problem::bad_text(&String::from_utf8_lossy(value), EXPECTED);
    let value = unquote(value.trim_ascii());
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(*digit).to_digit(16));
                let (high, low) = digit().zip(digit()).ok_or_else(refuse)?;
                u8::try_from(high * 16 + low).map_err(|_| refuse())?
            }
            other => *other,
        });
    }
    String::from_utf8(out).map_err(|_| refuse())
}

/// What stands between double quotes, with its backslashes resolved; the value itself where there are none.
fn unquote(value: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")) else {
        return Cow::Borrowed(value);
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.iter();
    while let Some(byte) = rest.next() {
        out.push(*if *byte == b'\\' { rest.next().unwrap_or(byte) } else { byte });
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_binding() {
        assert_eq!(encode("Euro \u{20ac} \u{1f600}"), "Euro%20%E2%82%AC%20%F0%9F%98%80");
        for (header, text) in [
            ("Euro%20%e2%82%ac%20%F0%9f%98%80", "Euro \u{20ac} \u{1f600}"),
            ("%41BC", "ABC"),
            (" a b ", "a b"),
            (r#""a b \"c\" \\ d""#, r#"a b "c" \ d"#),
            (r#""%20""#, " "),
            ("%2520", "%20"),
            (r#"5" pipe"#, r#"5" pipe"#),
            ("\"", "\""),
            ("\u{20ac}", "\u{20ac}"),
        ] {
            assert_eq!(decode(header.as_bytes()).as_deref(), Ok(text), "{header}");
        }
        for header in ["%", "%4", "%zz", "%+1", "%C0%A0", "%ff", "%\u{e9}0"] {
            let message = format!("{header:?} is not a percent-encoded UTF-8 text");
            assert_eq!(decode(header.as_bytes()).map_err(|e| e.to_string()), Err(message));
        }
        assert!(decode(b"\xff").is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(text: String) {
            let header = encode(&text);
            prop_assert!(header.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'"'), "{}", header);
            prop_assert_eq!(decode(header.as_bytes()), Ok(text));
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes).is_ok_and(|text| text.len() <= bytes.len()) || bytes.iter().any(|b| *b == b'%' || *b > 0x7f));
        }
    }
}
