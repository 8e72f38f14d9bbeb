//! Envelope profiles: what `isobar.yaml` says of them, and whether the events that travel in one can.

use super::reader::Cx;
use crate::table::Table;
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    model::{CLOUD_EVENTS, Context, Envelope, Event, Model, VersionForm},
    parse::{Node, NodeKind},
    source::Spanned,
    version::Version,
};

/// The roles that a field of an envelope can have.
pub const ROLES: &[&str] = &[
    "id",
    "type",
    "time",
    "source",
    "aggregate_id",
    "aggregate_type",
    "sequence",
    "schema_version",
    "schema_url",
    "correlation_id",
    "causation_id",
    "user",
    "data",
];

impl Cx {
    pub(super) fn envelope(&mut self, name: Spanned<String>, node: &Node) -> Envelope {
        let mut envelope = Envelope {
            name,
            roles: Table::new(),
            version_form: VersionForm::default(),
            default_version: Version::FIRST,
        };
        for (role, node) in self.members(node, "roles and where they sit in the JSON").unwrap_or_default() {
            if !ROLES.contains(&role.text.as_str()) {
                let known = || ROLES.iter().copied();
                let help = did_you_mean(&role.text, known()).unwrap_or_else(|| format!("roles are {}", list(known())));
                let message = format!("an envelope has no role `{}`", role.text);
                self.push(Diagnostic::new(&codes::UNKNOWN_KEY, role.span, message).help(help));
                continue;
            }
            let path = match &node.kind {
                NodeKind::Map(_) if role.text == "schema_version" => self.schema_version(node, &mut envelope),
                _ => self.text(node),
            };
            let Some(path) = path else { continue };
            if path.split('.').any(|part| part.is_empty()) {
                let message = format!("`{}` is not a path of names with dots between", path.value);
                self.push(Diagnostic::new(&codes::BAD_VALUE, path.span, message));
            }
            let twin = envelope.roles.iter().find(|(_, other)| paths_clash(other, &path));
            if let Some((other, at)) = twin {
                let message = format!("the roles `{other}` and `{}` sit in the same place", role.text);
                let at = at.span;
                self.push(Diagnostic::new(&codes::WIRE_CLASH, path.span, message).also(at, "the other one"));
            }
            envelope.roles.insert(role.text.clone(), path);
        }
        envelope
    }

    /// The long form of the role, with how versions are written and what is read where there is none.
    fn schema_version(&mut self, node: &Node, envelope: &mut Envelope) -> Option<Spanned<String>> {
        let mut map = self.map(node, "a schema version")?;
        let path = map.get("path").and_then(|node| self.text(node));
        envelope.version_form = self.one_of(map.get("form"), &VersionForm::NAMES).unwrap_or_default();
        envelope.default_version = self.version(map.get("default")).map_or(Version::FIRST, |version| version.value);
        map.finish(self);
        path
    }

    /// Reports an envelope profile that is not there.
    pub(super) fn known_envelope(&mut self, name: &Spanned<String>, envelopes: &Table<String, Envelope>) {
        if !envelopes.contains_key(&name.value) && name.value != CLOUD_EVENTS {
            let known = || envelopes.keys().map(String::as_str).chain([CLOUD_EVENTS]);
            let help = did_you_mean(name, known()).unwrap_or_else(|| {
                let defined = list(envelopes.keys().map(String::as_str));
                format!("`isobar.yaml` defines {defined}; `{CLOUD_EVENTS}` is always there")
            });
            let message = format!("there is no envelope `{}`", name.value);
            self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).help(help));
        }
    }

    /// Reports fields that a flat envelope hides.
    pub(super) fn flat_envelopes(&mut self, context: &Context, model: &Model) {
        for event in context.events.values() {
            let flat = model.envelope_of(context, event).filter(|envelope| !envelope.roles.contains_key("data"));
            if let Some(envelope) = flat {
                self.beside(event, envelope);
            }
        }
    }

    /// Fields that stand beside the members of a flat envelope.
    fn beside(&mut self, event: &Event, envelope: &Envelope) {
        for field in event.fields.iter().flatten() {
            let wire = field.wire_name();
            let twin = envelope.roles.iter().find(|(_, path)| path.split('.').next() == Some(wire));
            if let Some((role, path)) = twin {
                let message =
                    format!("the field `{wire}` sits where the envelope `{}` has its `{role}`", envelope.name.value);
                let found = Diagnostic::new(&codes::WIRE_CLASH, field.name.span, message);
                let help = "give the field another `wire` name, or the envelope the role `data`";
                self.push(found.also(path.span, "the envelope's").help(help));
            }
        }
    }
}

/// Whether one path is the other or lies inside it: a member cannot be a value and an object at once.
fn paths_clash(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
