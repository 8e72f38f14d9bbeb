//! Which version the event in the model is: the released one where nothing on the wire changed, else the next minor if every
//! earlier version of the major can still be read, else the next major.

use super::Known;
use crate::compat::{self, Record};
use isobar_model::{
    Diagnostics, Span, Types, Version,
    diag::{Diagnostic, codes},
    expr::{self},
    model::{Compatibility, Event, Name},
};

/// The version of the event in the model.
pub(super) struct Next {
    /// The version.
    pub(super) version: Version,
    /// Whether it is not released yet.
    pub(super) is_new: bool,
}

/// Computes the version and holds what the author declares against it.
pub(super) fn version(
    name: &Name,
    event: &Event,
    types: &Types,
    released: &[Known],
    policy: Compatibility,
    diagnostics: &mut Diagnostics,
) -> Next {
    let declared = event.version.as_ref();
    let Some(last) = released.last() else {
        if let Some(declared) = declared.filter(|it| it.value != Version::FIRST) {
            let message = format!("`{name}` was never released, so it is {} and not {declared}", Version::FIRST);
            diagnostics.push(
                Diagnostic::new(&codes::VERSION_SKIPS, declared.span, message)
                    .help(format!("write `version: {}`, or leave it out: it is computed", Version::FIRST)),
            );
        }
        return Next { version: Version::FIRST, is_new: true };
    };
    let new = Record { types, fields: event.fields.as_deref().unwrap_or_default() };
    let renamed = last.event.wire_name() != event.wire_name();
    let broken = if !renamed && compat::same(last.record(), new) {
        None
    } else {
        Some(breaks(new, released, last.version, policy))
    };
    let computed = match &broken {
        None => last.version,
        Some(None) => last.version.next_minor(),
        Some(Some(_)) => last.version.next_major(),
    };
    let Some(declared) = declared else {
        return Next { version: computed, is_new: computed != last.version };
    };
    let allowed = [last.version, last.version.next_minor(), last.version.next_major()];
    if declared.value < computed {
        let mut diagnostic = too_low(name, declared.value, last.version, computed, declared.span);
        if let Some(Some(broken)) = broken {
            diagnostic = broken.explain(diagnostic);
        }
        diagnostics.push(diagnostic);
        return Next { version: computed, is_new: computed != last.version };
    }
    if !allowed.contains(&declared.value) {
        let message = format!("{} of `{name}` was released, so {declared} would leave a gap", last.version);
        diagnostics.push(
            Diagnostic::new(&codes::VERSION_SKIPS, declared.span, message)
                .help(format!("write `version: {computed}`, or leave it out: it is computed")),
        );
        return Next { version: computed, is_new: computed != last.version };
    }
    Next { version: declared.value, is_new: declared.value != last.version }
}

fn too_low(name: &Name, declared: Version, last: Version, computed: Version, span: Span) -> Diagnostic {
    let message = if computed == last {
        format!("`{name}` is declared as {declared}, but {last} was released already")
    } else if declared <= last {
        format!("{declared} of `{name}` was released already; what changed since makes it {computed}")
    } else {
        format!("`{name}` is declared as {declared}, but its changes since {last} make it {computed}")
    };
    Diagnostic::new(&codes::VERSION_TOO_LOW, span, message)
        .help(format!("write `version: {computed}`, or leave it out: it is computed"))
}

/// A reader of the major that does not read what a writer of it writes.
struct Break {
    writer: Version,
    /// `None` for the draft.
    reader: Option<Version>,
    path: String,
    why: String,
    place: Option<Span>,
    payload: Option<String>,
}

impl Break {
    fn explain(self, diagnostic: Diagnostic) -> Diagnostic {
        let (writer, reader) = match self.reader {
            None => (format!("data of {}", self.writer), "the new version".to_owned()),
            Some(reader) => ("data of the new version".to_owned(), format!("a reader of {reader}")),
        };
        let text = format!("`{}` {}: {reader} cannot read {writer}", self.path, self.why);
        let diagnostic = diagnostic.witness(self.payload);
        match self.place {
            Some(place) => diagnostic.also(place, text),
            None => diagnostic.label(text),
        }
    }
}

/// The first way in which the major would break.
fn breaks(new: Record<'_>, released: &[Known], last: Version, policy: Compatibility) -> Option<Break> {
    let both = matches!(policy, Compatibility::Forward | Compatibility::Full);
    let earlier = || released.iter().filter(|known| known.version.major == last.major);
    let backward = earlier().find_map(|old| first_break(old.record(), new).map(|found| (found, old.version, None)));
    let found = backward.or_else(|| {
        let forward = |old: &Known| first_break(new, old.record()).map(|found| (found, old.version, Some(old.version)));
        if both { earlier().find_map(forward) } else { None }
    });
    let ((path, why, payload), writer, reader) = found?;
    let top = path.split(['.', '[', '{', '<']).next().unwrap_or_default();
    let place = new
        .fields
        .iter()
        .find(|field| field.name.value == top || field.wire_name() == top)
        .map(|field| field.name.span);
    Some(Break { writer, reader, path, why, place, payload })
}

/// Where, why, and a payload that shows it.
pub(super) type Found = (String, String, Option<String>);

pub(super) fn first_break(writer: Record<'_>, reader: Record<'_>) -> Option<Found> {
    let mismatch = expr::mismatches((writer.types, writer.fields), (reader.types, reader.fields)).into_iter().next()?;
    let rows = compat::compare(writer, reader);
    let row = rows.iter().find(|row| !row.backward && row.path == mismatch.path);
    let row = row.or_else(|| rows.iter().find(|row| !row.backward));
    let payload = row.and_then(|row| compat::witness(writer, reader, row));
    let payload = payload.map(|value| crate::schema::Json::from(&value).to_string());
    let found = (mismatch.path, mismatch.why, payload);
    #[cfg(feature = "compat")]
    return decided(writer, reader, found);
    #[cfg(not(feature = "compat"))]
    Some(found)
}

/// What the engine says of a break in the structure. Where there is none there, it finds none either; where there is one,
/// all may be read all the same: a wider pattern, say.
#[cfg(feature = "compat")]
fn decided(writer: Record<'_>, reader: Record<'_>, found: Found) -> Option<Found> {
    use compat::shapes::{Verdict, judge};
    let judged = judge(writer, reader);
    match judged.verdict {
        Verdict::Compatible => None,
        Verdict::Incompatible if found.2.is_none() => {
            let proven = judged.findings.into_iter().find(|finding| finding.witness.is_some())?;
            // The structure has shorter words for what it knows.
            let why = if proven.path == found.0 { found.1 } else { proven.reason.to_string() };
            Some((proven.path, why, proven.witness.map(|payload| payload.to_string())))
        }
        _ => Some(found),
    }
}
