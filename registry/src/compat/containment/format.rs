//! Formats of texts. Which texts are of a format is asked of the validator, text by text; as a set, nothing is known of a format but
//! a few texts that are of it and a few that are not.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// The formats that are known, with a text of each, and one that looks like it.
const KNOWN: &[(&str, &str, &str)] = &[
    ("date", "2024-01-15", "2023-02-30"),
    ("date-time", "2024-01-15T10:30:00Z", "2023-02-30T10:30:00Z"),
    ("duration", "P1D", "P"),
    ("email", "a@example.org", "a@"),
    ("hostname", "example.org", "-"),
    ("ipv4", "192.0.2.1", "192.0.2.256"),
    ("ipv6", "2001:db8::1", ":::"),
    ("iri", "https://example.org/a", "a"),
    ("iri-reference", "/a", "\\"),
    ("json-pointer", "/a", "a"),
    ("regex", "a", "("),
    ("relative-json-pointer", "0/a", "a"),
    ("time", "10:30:00Z", "25:00:00Z"),
    ("uri", "https://example.org/a", "a"),
    ("uri-reference", "/a", "\\"),
    ("uri-template", "/{a}", "{"),
    ("uuid", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a805"),
];

/// Texts of a format, and texts that may not be, to be tried.
pub(super) fn samples(format: &str) -> (Option<&'static str>, Option<&'static str>) {
    KNOWN.iter().find(|(name, ..)| *name == format).map(|(_, is, is_not)| (*is, *is_not)).unzip()
}

/// Whether a text is of a format; `None` for a format that is not known.
pub(super) fn is_of(format: &str, text: &str) -> Option<bool> {
    static MADE: LazyLock<Mutex<HashMap<&'static str, Option<Arc<Validator>>>>> = LazyLock::new(Mutex::default);
    let (name, ..) = KNOWN.iter().find(|(name, ..)| *name == format)?;
    // A panic elsewhere leaves the map as it was.
    let made = MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert_with(|| made(name)).clone();
    Some(made?.is_valid(&Value::String(text.to_owned())))
}

fn made(format: &str) -> Option<Arc<Validator>> {
    let draft = jsonschema::Draft::Draft202012;
    let options = jsonschema::options().with_draft(draft).should_validate_formats(true);
    options.build(&json!({ "format": format })).ok().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_they_say() {
        for (format, ..) in KNOWN {
            let (is, is_not) = samples(format);
            assert_eq!(is_of(format, is.unwrap()), Some(true), "{format}");
            assert_eq!(is_of(format, is_not.unwrap()), Some(false), "{format}");
        }
        assert_eq!(is_of("colour", "red"), None);
    }
}
