//! Formats of texts. Which texts are of a format is asked of the validator, text by text; as a set, nothing is known of a format but
//! a few texts that are of it and a few that are not.

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// A format that is known.
struct Format {
    name: &'static str,
    /// A text of it.
    is: &'static str,
    /// One that looks like it.
    is_not: &'static str,
    /// How long its texts are at least and at most, as the validator has it.
    lengths: (u64, u64),
}

const ANY: (u64, u64) = (0, u64::MAX);

const fn format(name: &'static str, is: &'static str, is_not: &'static str, lengths: (u64, u64)) -> Format {
    Format { name, is, is_not, lengths }
}

/// The formats that are known; those with a space in their names are ones that only older drafts check, or check in another way.
const KNOWN: &[Format] = &[
    format("application/json", "{}", "{", ANY),
    format("application/json in base64", "e30=", "ew==", ANY),
    format("base64", "AAAA", "A", ANY),
    format("date", "2024-01-15", "2023-02-30", (10, 10)),
    format("date-time", "2024-01-15T10:30:00Z", "2023-02-30T10:30:00Z", ANY),
    format("duration", "P1D", "P", ANY),
    // A name may stand before the address.
    format("email", "a@example.org", "a@", (3, u64::MAX)),
    format("hostname", "example.org", "-", (1, 255)),
    format("hostname (draft 6)", "example.org", "-", (1, 255)),
    format("ipv4", "192.0.2.1", "192.0.2.256", (7, 15)),
    format("ipv6", "2001:db8::1", ":::", (2, 45)),
    format("iri", "https://example.org/a", "a", ANY),
    format("iri-reference", "/a", "\\", ANY),
    format("json-pointer", "/a", "a", ANY),
    format("regex", "a", "(", ANY),
    format("relative-json-pointer", "0/a", "a", ANY),
    format("time", "10:30:00Z", "25:00:00Z", ANY),
    format("uri", "https://example.org/a", "a", ANY),
    format("uri-reference", "/a", "\\", ANY),
    format("uri-template", "/{a}", "{", ANY),
    format("uuid", "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a805", (36, 36)),
];

fn known(format: &str) -> Option<&'static Format> {
    KNOWN.iter().find(|it| it.name == format)
}

/// A text of a format, and one that is not.
pub(super) fn samples(format: &str) -> (Option<&'static str>, Option<&'static str>) {
    known(format).map(|it| (it.is, it.is_not)).unzip()
}

/// How texts of a format are made as long as need be: what stands before the letters, and behind them.
const LONG: &[(&str, &str, &str)] = &[
    ("email", "", " <a@example.org>"),
    ("iri", "https://example.org/", ""),
    ("iri-reference", "/", ""),
    ("json-pointer", "/", ""),
    ("regex", "", ""),
    ("relative-json-pointer", "0/", ""),
    ("uri", "https://example.org/", ""),
    ("uri-reference", "/", ""),
    ("uri-template", "/", ""),
];

/// A text of a format that has at least so many characters.
pub(super) fn long(format: &str, length: u64) -> Option<String> {
    let (_, head, tail) = LONG.iter().find(|(name, ..)| *name == format)?;
    let missing = usize::try_from(length).ok()?.saturating_sub(head.len() + tail.len());
    Some(format!("{head}{}{tail}", "a".repeat(missing)))
}

/// How long texts of a format are at least and at most.
pub(super) fn lengths(format: &str) -> (u64, u64) {
    known(format).map_or(ANY, |it| it.lengths)
}

/// Whether a text is of a format; `None` for a format that is not known.
pub(super) fn is_of(format: &str, text: &str) -> Option<bool> {
    type Made = HashMap<&'static str, Option<Arc<Validator>>>;
    static MADE: LazyLock<Mutex<Made>> = LazyLock::new(Mutex::default);
    let name = known(format)?.name;
    // A panic elsewhere leaves the map as it was.
    let made = MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert_with(|| made(name)).clone();
    Some(made?.is_valid(&Value::String(text.to_owned())))
}

fn made(format: &str) -> Option<Arc<Validator>> {
    let (draft, schema) = match format {
        "application/json" => (Draft::Draft7, json!({ "contentMediaType": format })),
        "base64" => (Draft::Draft7, json!({ "contentEncoding": format })),
        "application/json in base64" => {
            (Draft::Draft7, json!({ "contentMediaType": "application/json", "contentEncoding": "base64" }))
        }
        "hostname (draft 6)" => (Draft::Draft6, json!({ "format": "hostname" })),
        _ => (Draft::Draft202012, json!({ "format": format })),
    };
    jsonschema::options().with_draft(draft).should_validate_formats(true).build(&schema).ok().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_of_their_formats() {
        for (format, ..) in LONG {
            let text = long(format, 400).unwrap();
            assert!(text.len() >= 400 && lengths(format).1 >= 400, "{format}");
            assert_eq!(is_of(format, &text), Some(true), "{format}");
        }
    }

    #[test]
    fn samples_are_what_they_say() {
        for Format { name: format, .. } in KNOWN {
            let (is, is_not) = samples(format);
            assert_eq!(is_of(format, is.unwrap()), Some(true), "{format}");
            assert_eq!(is_of(format, is_not.unwrap()), Some(false), "{format}");
        }
        assert_eq!(is_of("colour", "red"), None);
    }
}
