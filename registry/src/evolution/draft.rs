//! Which version the event in the model is: the released one where nothing on the wire changed, else the next minor if every
//! earlier version of the major can still be read, else the next major.

use super::Known;
use crate::compat::{self, Record, Refused};
use isobar_model::{
    Diagnostics, Span, Types, Version,
    diag::{Diagnostic, codes},
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
    let (computed, broken) = computed(event, types, last, released, policy);
    let Some(declared) = declared else {
        return Next { version: computed, is_new: computed != last.version };
    };
    let allowed = [last.version, last.version.next_minor(), last.version.next_major()];
    if declared.value < computed {
        let mut diagnostic = too_low(name, declared.value, last.version, computed, declared.span);
        for broken in broken {
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

/// The version that follows from what changed, and every way in which the major would break.
pub(super) fn computed(
    event: &Event,
    types: &Types,
    last: &Known,
    released: &[Known],
    policy: Compatibility,
) -> (Version, Vec<Break>) {
    let new = Record { types, fields: event.fields.as_deref().unwrap_or_default() };
    let renamed = last.event.wire_name() != event.wire_name();
    let is_same = !renamed && compat::same(last.record(), new);
    let broken = if is_same { Vec::new() } else { breaks(event, new, released, policy) };
    let version = match broken.is_empty() {
        true if is_same => last.version,
        true => last.version.next_minor(),
        false => last.version.next_major(),
    };
    (version, broken)
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
pub(super) struct Break {
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
        // One payload is enough to show; each place says what is wrong with it.
        let payload = self.payload.filter(|_| diagnostic.witness.is_none());
        let diagnostic = if payload.is_some() { diagnostic.witness(payload) } else { diagnostic };
        match self.place {
            Some(place) => diagnostic.also(place, text),
            None => diagnostic.label(text),
        }
    }
}

/// Every way in which the major would break, each place once.
fn breaks(event: &Event, new: Record<'_>, released: &[Known], policy: Compatibility) -> Vec<Break> {
    let has_upgrade = !event.upgrade.assignments.is_empty();
    let last = released.last().map(|known| known.version.major);
    let both = matches!(policy, Compatibility::Forward | Compatibility::Full);
    let mut found: Vec<Break> = Vec::new();
    let mut add = |refused: Vec<Refused>, writer, reader: Option<Version>| {
        for Refused { path, why, payload } in refused {
            if found.iter().all(|it| (&it.path, it.reader.is_some()) != (&path, reader.is_some())) {
                let place = place(new, &path);
                found.push(Break { writer, reader, path, why, place, payload });
            }
        }
    };
    let earlier = || released.iter().filter(|known| Some(known.version.major) == last);
    for old in earlier() {
        add(compat::refused(old.record(), new, has_upgrade), old.version, None);
    }
    for old in earlier().filter(|_| both) {
        add(compat::refused(new, old.record(), has_upgrade), old.version, Some(old.version));
    }
    found
}

/// Where the model has the field that a path leads through.
fn place(new: Record<'_>, path: &str) -> Option<Span> {
    let top = path.split(['.', '[', '{', '<']).next().unwrap_or_default();
    new.fields.iter().find(|field| field.name.value == top).map(|field| field.name.span)
}
