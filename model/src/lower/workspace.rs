//! `isobar.yaml`: the name, the policy, envelopes, tags, teams and the settings of lints.

use super::reader::Cx;
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    model::{Compatibility, Envelope, Model, Tag, Team},
    parse::Node,
    source::Spanned,
    value::Value,
};
use indexmap::IndexMap;

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
    pub(super) fn workspace(&mut self, node: &Node, model: &mut Model) {
        let Some(mut map) = self.map(node, "isobar.yaml") else { return };
        if let Some(name) = map.need("workspace", self).and_then(|node| self.text(node)) {
            model.name = name.value;
        }
        model.doc = self.prose(map.get("doc"));
        model.owner = map.get("owner").and_then(|node| self.text(node));
        model.compatibility = self.one_of(map.get("compatibility"), &Compatibility::NAMES).unwrap_or_default();
        model.envelope = map.get("envelope").and_then(|node| self.text(node));
        for (key, node) in map.get("envelopes").and_then(|n| self.members(n, "envelope profiles")).unwrap_or_default() {
            let name = self.name(key, true);
            let envelope = self.envelope(name.clone(), node);
            self.insert(&mut model.envelopes, &name, envelope, |it| it.name.span);
        }
        for (key, node) in map.get("tags").and_then(|n| self.members(n, "tags")).unwrap_or_default() {
            let name = self.name(key, true);
            if let Some(mut map) = self.map(node, "a tag") {
                let tag = Tag {
                    name: name.clone(),
                    doc: self.prose(map.get("doc")),
                    redact: self.flag(map.get("redact")),
                    shred_by: map.get("shred_by").and_then(|node| self.text(node)),
                };
                map.finish(self);
                self.insert(&mut model.tags, &name, tag, |it| it.name.span);
            }
        }
        for (key, node) in map.get("teams").and_then(|n| self.members(n, "teams")).unwrap_or_default() {
            let id = self.name(key, true);
            if let Some(mut map) = self.map(node, "a team") {
                let team = Team {
                    id: id.clone(),
                    name: self.prose(map.get("name")),
                    doc: self.prose(map.get("doc")),
                    email: self.prose(map.get("email")),
                    chat: self.prose(map.get("chat")),
                };
                map.finish(self);
                self.insert(&mut model.teams, &id, team, |it| it.id.span);
            }
        }
        for (key, node) in map.get("lint").and_then(|n| self.members(n, "lints and their settings")).unwrap_or_default()
        {
            let mut settings = IndexMap::new();
            for (setting, node) in self.members(node, "settings of a lint").unwrap_or_default() {
                let value = self.literal(node).as_value().unwrap_or(Value::Null);
                settings.insert(setting.text.clone(), Spanned::new(value, node.span));
            }
            model.lint.insert(key.text.clone(), settings);
        }
        map.finish(self);
        if let Some(envelope) = &model.envelope {
            self.known_envelope(envelope, &model.envelopes);
        }
    }

    fn envelope(&mut self, name: Spanned<String>, node: &Node) -> Envelope {
        let mut roles: IndexMap<String, Spanned<String>> = IndexMap::new();
        for (role, node) in self.members(node, "roles and where they sit in the JSON").unwrap_or_default() {
            if !ROLES.contains(&role.text.as_str()) {
                let known = || ROLES.iter().copied();
                let help = did_you_mean(&role.text, known()).unwrap_or_else(|| format!("roles are {}", list(known())));
                let message = format!("an envelope has no role `{}`", role.text);
                self.push(Diagnostic::new(&codes::UNKNOWN_KEY, role.span, message).help(help));
                continue;
            }
            let Some(path) = self.text(node) else { continue };
            if path.split('.').any(|part| part.is_empty()) {
                let message = format!("`{}` is not a path of names with dots between", path.value);
                self.push(Diagnostic::new(&codes::BAD_VALUE, path.span, message));
            }
            let twin = roles.iter().find(|(_, other)| paths_clash(other, &path));
            if let Some((other, at)) = twin {
                let message = format!("the roles `{other}` and `{}` sit in the same place", role.text);
                let at = at.span;
                self.push(Diagnostic::new(&codes::WIRE_CLASH, path.span, message).also(at, "the other one"));
            }
            roles.insert(role.text.clone(), path);
        }
        Envelope { name, roles }
    }

    /// Reports an envelope profile that is not there.
    pub(super) fn known_envelope(&mut self, name: &Spanned<String>, envelopes: &IndexMap<String, Envelope>) {
        if !envelopes.contains_key(&name.value) {
            let known = || envelopes.keys().map(String::as_str);
            let help =
                did_you_mean(name, known()).unwrap_or_else(|| format!("`isobar.yaml` defines {}", list(known())));
            let message = format!("there is no envelope `{}`", name.value);
            self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).help(help));
        }
    }
}

/// Whether one path is the other or lies inside it: a member cannot be a value and an object at once.
fn paths_clash(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
