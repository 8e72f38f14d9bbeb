//! Whether readers of one version read all that writers of another one write: the one question that versions, consumers and
//! differences ask. The engine answers where it is compiled in. A build script has the structure alone, which knows as much but for
//! texts with patterns; what it cannot know it leaves to `isobar check`, and takes from the author, who writes an `upgrade` for a major.

use super::Record;
#[cfg(feature = "compat")]
use isobar_model::Field;
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
    for step in renamed(record, path, Field::wire_name, |field| field.name.as_str()) {
        if !out.is_empty() && !step.starts_with(['[', '{', '<']) {
            out.push('.');
        }
        out.push_str(step);
    }
    out
}

/// A path by the names of fields, as [`Refused::path`] is, in steps by names on the wire; `[]`, `{}` and `<branch>` are steps of their own.
#[cfg(feature = "compat")]
pub fn on_wire<'a>(record: Record<'a>, path: &'a str) -> Vec<&'a str> {
    renamed(record, path, |field| field.name.as_str(), Field::wire_name)
}

/// The steps of a path whose names are found by `from`, with what `to` calls them. What is not found keeps its name.
#[cfg(feature = "compat")]
fn renamed<'a>(
    record: Record<'a>,
    path: &'a str,
    from: impl Fn(&'a Field) -> &'a str,
    to: impl Fn(&'a Field) -> &'a str,
) -> Vec<&'a str> {
    let mut inside: Vec<&[Field]> = vec![record.fields];
    let step = |step: &'a str| {
        let bare = step.trim_start_matches('.');
        if bare.starts_with(['[', '{', '<']) {
            return bare;
        }
        let found: Vec<&Field> = inside.iter().flat_map(|fields| fields.iter()).filter(|it| from(it) == bare).collect();
        inside = found.iter().flat_map(|field| expr::inner_records(record.types, &field.shape)).collect();
        found.first().map_or(bare, |field| to(field))
    };
    steps(path).into_iter().map(step).collect()
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
        assert_eq!(on_wire(record, "pays[]<card>.no"), ["payments", "[]", "<card>", "number"]);
        assert_eq!(on_wire(record, "gone.by"), ["gone", "by"]);
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
