//! The text form of UUIDs. Only the hyphenated form is read: no braces, no `urn:`, no bare digits.

use uuid::Uuid;

use crate::Problem;

/// The texts that [`parse_uuid`] reads.
pub const UUID_PATTERN: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

/// Reads the hyphenated form of a UUID, in either case and of any version.
///
/// # Errors
/// [`Problem::BadText`].
pub fn parse_uuid(text: &str) -> Result<Uuid, Problem> {
    // Of the forms that the library reads, only this one has 36 bytes.
    let read = if text.len() == 36 { Uuid::try_parse(text).ok() } else { None };
    read.ok_or_else(|| Problem::bad_text(text, "a UUID such as 0198c2f0-7d1e-7c3a-9f2b-5a1d0e4c8b77"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::matches;
    use proptest::prelude::*;

    #[test]
    fn only_the_hyphenated_form_is_read() {
        let hyphenated = "0198C2F0-7d1e-7c3a-9f2b-5a1d0e4c8b77";
        assert_eq!(parse_uuid(hyphenated).unwrap().to_string(), "0198c2f0-7d1e-7c3a-9f2b-5a1d0e4c8b77");
        let plain = hyphenated.replace('-', "");
        for text in [
            "",
            &plain,
            &format!("{{{hyphenated}}}"),
            &format!("urn:uuid:{hyphenated}"),
            &format!("{plain}----"),
            &format!("{hyphenated}\n"),
        ] {
            assert!(parse_uuid(text).is_err(), "{text}");
            assert!(!matches(UUID_PATTERN, text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pattern_is_exact(text in "[0-9a-gA-F]{7,9}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9A-F]{4}-[0-9a-f]{11,12}-?") {
            prop_assert_eq!(parse_uuid(&text).is_ok(), matches(UUID_PATTERN, &text), "{}", text);
        }
    }
}
