//! `isobar.yaml`: the name, the policy, envelopes, tags, teams, the settings of lints, and waivers.

use super::reader::Cx;
use crate::table::Table;
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    model::{Compatibility, Model, Tag, Team, Waiver},
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
        if let Some(node) = map.get("waivers") {
            model.waivers = self.items(node).iter().filter_map(|node| self.waiver(node)).collect();
        }
        map.finish(self);
        if let Some(envelope) = &model.envelope {
            self.known_envelope(envelope, &model.envelopes);
        }
    }

    /// A finding that is accepted for a time: only with a reason, an owner and a last day.
    fn waiver(&mut self, node: &Node) -> Option<Waiver> {
        let mut map = self.map(node, "a waiver")?;
        let what = map.need("what", self).and_then(|node| self.text(node));
        let message = self.refer(map.get("message"));
        let names = map.get("names").and_then(|node| self.text(node)).map(|text| text.value);
        let reason = map.need("reason", self).and_then(|node| self.text(node));
        let owner = map.need("owner", self).and_then(|node| self.text(node));
        let expires = map.need("expires", self);
        let expires = expires.and_then(|node| Some(Spanned::new(self.date(node)?, node.span)));
        map.finish(self);
        let what = what?;
        let may = || codes::WAIVABLE.iter().map(|code| code.name);
        let Some(code) = codes::WAIVABLE.iter().find(|code| code.name == what.value) else {
            let message = match codes::find(&what) {
                Some(_) => format!("findings of `{}` cannot be waived", what.value),
                None => format!("there is no code `{}`", what.value),
            };
            let help = did_you_mean(&what, may()).unwrap_or_else(|| format!("it may be {}", list(may())));
            self.push(Diagnostic::new(&codes::BAD_VALUE, what.span, message).help(help));
            return None;
        };
        Some(Waiver { span: what.span, code, message, names, reason: reason?.value, owner: owner?, expires: expires? })
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
