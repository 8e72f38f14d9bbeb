//! Whether readers of one version read all that writers of another one write: the one question that versions, consumers and
//! differences ask. The engine answers where it is compiled in. A build script has the structure alone, which knows as much but for
//! texts with patterns; what it cannot know it leaves to `isobar check`, and takes from the author, who writes an `upgrade` for a major.

use super::Record;
use isobar_model::expr::{self, Mismatch};

/// Something that is written and not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Where, by the names of the reader's fields; see [`super::Row::path`].
    pub path: String,
    /// The end of a sentence about the place: `may be absent, but is required`.
    pub why: String,
    /// A payload that is written and refused, as JSON. `None` without the engine, and where it did not decide.
    pub payload: Option<String>,
}

/// Everything that a writer may write and a reader refuses, a place each, in the reader's order. Nothing if all is read. Without the
/// engine, what takes one to know is refused if its author wrote an `upgrade`.
pub fn refused(writer: Record<'_>, reader: Record<'_>, has_upgrade: bool) -> Vec<Refused> {
    let mismatches = expr::mismatches((writer.types, writer.fields), (reader.types, reader.fields));
    // The structure finds at least what the engine does.
    if mismatches.is_empty() { Vec::new() } else { decided(writer, reader, mismatches, has_upgrade) }
}

#[cfg(not(feature = "compat"))]
fn decided(_: Record<'_>, _: Record<'_>, mismatches: Vec<Mismatch>, has_upgrade: bool) -> Vec<Refused> {
    let known = mismatches.into_iter().filter(|it| has_upgrade || !it.undecided);
    known.map(|Mismatch { path, why, .. }| Refused { path, why, payload: None }).collect()
}

#[cfg(feature = "compat")]
fn decided(writer: Record<'_>, reader: Record<'_>, mismatches: Vec<Mismatch>, _: bool) -> Vec<Refused> {
    let of = |finding: super::shapes::Finding| {
        let path = named(reader, &finding.path);
        // The structure has more words for what it knows.
        let known = mismatches.iter().find(|it| it.path == path || it.path == finding.path);
        let why = known.map_or_else(|| finding.reason.to_string(), |it| it.why.clone());
        Refused { path, why, payload: finding.witness.map(|payload| payload.to_string()) }
    };
    super::shapes::judge(writer, reader).findings.into_iter().map(of).collect()
}

/// A path by names on the wire as one by the names of fields.
#[cfg(feature = "compat")]
pub(super) fn named(record: Record<'_>, path: &str) -> String {
    let mut out = String::new();
    let mut inside: Vec<&[isobar_model::Field]> = vec![record.fields];
    for step in steps(path) {
        let bare = step.trim_start_matches('.');
        if bare.starts_with(['[', '{', '<']) {
            out.push_str(bare);
            continue;
        }
        let found: Vec<&isobar_model::Field> =
            inside.iter().flat_map(|fields| fields.iter()).filter(|field| field.wire_name() == bare).collect();
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(found.first().map_or(bare, |field| field.name.as_str()));
        inside = found.iter().flat_map(|field| expr::inner_records(record.types, &field.shape)).collect();
    }
    out
}

/// `a.b[]<c>.d` as `a`, `.b`, `[]`, `<c>`, `.d`.
#[cfg(feature = "compat")]
fn steps(path: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in path.char_indices() {
        if matches!(c, '.' | '[' | '{' | '<') && at > start {
            out.push(&path[start..at]);
            start = at;
        }
    }
    out.push(&path[start..]);
    out
}

#[cfg(all(test, feature = "compat"))]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn places_go_by_the_names_of_fields() {
        let version = testing::version(
            "{ Card: { fields: { no: { type: string, wire: number } } }, Pay: { oneof: { card: Card }, tag: kind } }",
            "{ pays: { type: list<Pay>, wire: payments }, total: int }",
        );
        let fields = version.event.fields.as_deref().unwrap();
        let record = Record { types: &version.types, fields };
        assert_eq!(named(record, "payments[]<card>.number"), "pays[]<card>.no");
        assert_eq!(named(record, "total"), "total");
        assert_eq!(named(record, "gone.by"), "gone.by");
    }

    #[test]
    fn every_place_is_told_with_a_payload() {
        let (old, new) = (
            testing::version("{}", "{ a: int, b: string?, code: { type: string, pattern: '^[a-z]$' } }"),
            testing::version(
                "{}",
                "{ a: { type: int, min: 1 }, b: string, code: { type: string, pattern: '^[a-z]+$' } }",
            ),
        );
        let record = |it: &'static isobar_model::lower::Frozen| Record {
            types: &it.types,
            fields: it.event.fields.as_deref().unwrap(),
        };
        let (old, new) = (record(Box::leak(Box::new(old))), record(Box::leak(Box::new(new))));
        let told = |found: Vec<Refused>| {
            let each =
                found.into_iter().map(|it| format!("{} {}: {}", it.path, it.why, it.payload.unwrap_or_default()));
            each.collect::<Vec<_>>()
        };
        assert_eq!(
            told(refused(old, new, false)),
            [
                r#"a can be -9223372036854775808, less than the minimum 1: {"a":0,"code":"a"}"#,
                r#"b may be absent, but is required: {"a":0,"code":"a"}"#,
            ]
        );
        assert_eq!(
            told(refused(new, old, false)),
            [r#"code may not match the pattern `^[a-z]$`: {"a":1,"b":"","code":"aa"}"#]
        );
    }
}
