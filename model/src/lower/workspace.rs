//! `isobar.yaml`: the name, the policy, envelopes, tags, teams and the settings of lints.

use super::reader::Cx;
use crate::table::Table;
use crate::{
    diag::{Diagnostic, codes},
    model::{Compatibility, Model, Tag, Team},
    parse::Node,
    source::Spanned,
    value::Value,
};

impl Cx {
    pub(super) fn workspace(&mut self, node: &Node, model: &mut Model) {
        let Some(mut map) = self.map(node, "isobar.yaml") else { return };
        if let Some(name) = map.need("workspace", self).and_then(|node| self.text(node)) {
            model.name = name.value;
        }
        model.doc = self.prose(map.get("doc"));
        model.owner = map.get("owner").and_then(|node| self.text(node));
        model.compatibility = self.one_of(map.get("compatibility"), &Compatibility::NAMES).unwrap_or_default();
        model.schema_base = map.get("schema_base").and_then(|node| self.address(node));
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
            let mut settings = Table::new();
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

    /// An absolute address, without the slash at its end.
    fn address(&mut self, node: &Node) -> Option<Spanned<String>> {
        let mut text = self.text(node)?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}?#".contains(c);
        if !rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain)) {
            let message = format!("`{}` is not an address below which schemas can stand", text.value);
            let help = "write `https://`, a host and perhaps a path: `https://schemas.example.com/shop`";
            self.push(Diagnostic::new(&codes::BAD_VALUE, text.span, message).help(help));
            return None;
        }
        text.value.truncate(text.value.trim_end_matches('/').len());
        Some(text)
    }
}
