//! Whether every event can travel in its envelope: one that does not say the version of its data carries a single major.

use crate::Evolution;
use isobar_model::Table;
use isobar_model::{
    Diagnostic, Diagnostics, Model,
    diag::codes,
    model::{Event, Name},
};

/// Reports events whose data would be read as that of another major.
pub(crate) fn check(model: &Model, evolutions: &Table<Name, Evolution>, diagnostics: &mut Diagnostics) {
    for (name, evolution) in evolutions.iter().filter(|(_, evolution)| evolution.alive) {
        let (context, event) = (model.contexts.get(&name.context), model.event(name));
        let (Some((context, event)), Some(head)) = (context.zip(event), evolution.majors.last()) else { continue };
        let Some(envelope) = model.envelope_of(context, event) else { continue };
        let read_as = envelope.default_version;
        if envelope.roles.contains_key("schema_version") || head.version.major == read_as.major {
            continue;
        }
        let message = format!(
            "the envelope `{}` has no place for the version of `{name}`, and data of {} would be read as {read_as}",
            envelope.name.value, head.version
        );
        let help = format!("add the role `schema_version` to `{}`", envelope.name.value);
        let found = Diagnostic::new(&codes::UNVERSIONED_ENVELOPE, at(event), message);
        diagnostics.push(found.also(envelope.name.span, "the envelope").help(help));
    }
}

/// Where the event says its version, or what it is called.
fn at(event: &Event) -> isobar_model::Span {
    event.version.as_ref().map_or(event.name.span, |version| version.span)
}
