//! Events and commands.

use super::reader::{Cx, Map};
use crate::table::Table;
use crate::{
    diag::{Diagnostic, codes},
    expr::Expr,
    model::{Assignment, Command, Compatibility, Deprecation, Event, EventKind, Name, Upgrade},
    parse::{Node, NodeKind},
    source::Spanned,
};

impl Cx {
    /// An event; nothing behind its name makes it a sketch.
    pub(super) fn event(&mut self, name: Spanned<String>, node: Option<&Node>) -> Event {
        let before = self.diagnostics.len();
        let mut event = sketch_event(name);
        if let Some(mut map) = node.and_then(|node| self.map(node, "an event")) {
            self.event_keys(&mut map, &mut event);
            event.kind = self.one_of(map.get("kind"), &EventKind::NAMES).unwrap_or_default();
            event.apply = self.assignments(map.get("apply"));
            event.pivotal = self.flag(map.get("pivotal"));
            event.envelope = map.get("envelope").and_then(|node| self.text(node));
            event.compatibility = self.one_of(map.get("compatibility"), &Compatibility::NAMES);
            event.from = self.refer(map.get("from"));
            event.fill = self.assignments(map.get("fill"));
            map.finish(self);
        }
        event.sound = self.diagnostics.len() == before;
        event
    }

    /// The keys that an event and a released version of it share.
    pub(super) fn event_keys(&mut self, map: &mut Map<'_>, event: &mut Event) {
        event.version = self.version(map.get("version"));
        event.doc = self.prose(map.get("doc"));
        event.fields = map.get("fields").map(|node| self.fields(node));
        event.renamed_from = map.get("renamed_from").and_then(|node| self.text(node));
        event.splits_into = self.refer_all(map.get("splits_into"));
        event.merged_from = self.refer_all(map.get("merged_from"));
        let by_event = !event.splits_into.is_empty() || !event.merged_from.is_empty();
        let own = Name { context: self.context.clone(), name: event.name.value.clone() };
        event.upgrade = self.upgrade(map.get("upgrade"), by_event.then_some(&own));
        event.downgrade = self.assignments(map.get("downgrade"));
        event.removed = self.texts(map.get("removed"));
        event.dropped = self.flag(map.get("dropped"));
        if let Some(node) = map.get("examples") {
            let examples = self.items(node).iter().map(|item| self.literal(item)).collect();
            self.message_examples.insert(event.name.span, examples);
        }
        event.deprecated = self.deprecation(map.get("deprecated"));
        event.wire = map.get("wire").and_then(|node| self.text(node));
    }

    /// A command; nothing behind its name makes it a sketch.
    pub(super) fn command(&mut self, name: Spanned<String>, node: Option<&Node>) -> Command {
        let mut command = Command {
            name,
            aggregate: None,
            doc: None,
            by: Vec::new(),
            uses: Vec::new(),
            creates: false,
            fields: None,
            requires: Table::new(),
            emits: Vec::new(),
            fill: Vec::new(),
            deprecated: None,
            wire: None,
            envelope: None,
        };
        if let Some(mut map) = node.and_then(|node| self.map(node, "a command")) {
            command.doc = self.prose(map.get("doc"));
            command.by = self.texts(map.get("by"));
            command.uses = self.refer_all(map.get("uses"));
            command.creates = self.flag(map.get("creates"));
            command.fields = map.get("fields").map(|node| self.fields(node));
            command.requires = self.conditions(map.get("requires"));
            command.emits = self.refer_all(map.get("emits"));
            command.fill = self.assignments(map.get("fill"));
            command.deprecated = self.deprecation(map.get("deprecated"));
            command.wire = map.get("wire").and_then(|node| self.text(node));
            command.envelope = map.get("envelope").and_then(|node| self.text(node));
            map.finish(self);
        }
        command
    }

    /// `own` is the event itself where `upgrade` is written by event: under its own name stands what its own data needs.
    fn upgrade(&mut self, node: Option<&Node>, own: Option<&Name>) -> Upgrade {
        let mut upgrade = Upgrade::default();
        let Some(own) = own else {
            upgrade.assignments = self.assignments(node);
            return upgrade;
        };
        for (key, node) in node.and_then(|node| self.members(node, "events with an upgrade each")).unwrap_or_default() {
            if let Some(name) = self.reference(&key.text, key.span) {
                let assignments = self.assignments(Some(node));
                match name.value == *own {
                    true => upgrade.assignments = assignments,
                    false => upgrade.by_event.push((name, assignments)),
                }
            }
        }
        upgrade
    }

    /// `target.path: expression`.
    pub(super) fn assignments(&mut self, node: Option<&Node>) -> Vec<Assignment> {
        let mut found = Vec::new();
        for (key, node) in node.and_then(|node| self.members(node, "`field: expression`")).unwrap_or_default() {
            let path: Vec<String> = key.text.split('.').map(str::to_owned).collect();
            if path.iter().any(String::is_empty) {
                let message = format!("`{}` is not a path of fields with dots between", key.text);
                self.push(Diagnostic::new(&codes::BAD_NAME, key.span, message));
                continue;
            }
            found.push(Assignment { target: Spanned::new(path, key.span), expr: self.expr(node) });
        }
        found
    }

    /// Name -> condition.
    pub(super) fn conditions(&mut self, node: Option<&Node>) -> Table<String, Spanned<Expr>> {
        let mut found = Table::new();
        for (key, node) in node.and_then(|node| self.members(node, "names with their conditions")).unwrap_or_default() {
            let name = self.name(key, false);
            let expr = self.expr(node);
            found.insert(name.value, Spanned::new(expr, name.span));
        }
        found
    }

    /// `true`, a sentence, or the long form.
    fn deprecation(&mut self, node: Option<&Node>) -> Option<Deprecation> {
        let node = node?;
        let mut found = Deprecation { span: node.span, since: None, instead: None, remove_after: None, doc: None };
        match &node.kind {
            NodeKind::Scalar(text, false) if text == "true" => {}
            NodeKind::Scalar(text, false) if text == "false" => return None,
            NodeKind::Map(_) => {
                let mut map = self.map(node, "a deprecation")?;
                found.since = self.version(map.get("since")).map(|it| it.value);
                found.instead = self.refer(map.get("use"));
                found.remove_after = map.get("remove_after").and_then(|node| self.date(node));
                found.doc = self.prose(map.get("doc"));
                map.finish(self);
            }
            _ => found.doc = self.prose(Some(node)),
        }
        Some(found)
    }

    pub(super) fn date(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if crate::expr::text::is_date(&text) {
            return Some(text.value);
        }
        let message = format!("`{}` is not a date", text.value);
        self.push(Diagnostic::new(&codes::BAD_VALUE, text.span, message).help("write `2027-06-30`"));
        None
    }
}

/// An event that is no more than its name.
pub(super) fn sketch_event(name: Spanned<String>) -> Event {
    Event {
        name,
        aggregate: None,
        kind: EventKind::default(),
        doc: None,
        version: None,
        fields: None,
        upgrade: Upgrade::default(),
        downgrade: Vec::new(),
        removed: Vec::new(),
        renamed_from: None,
        splits_into: Vec::new(),
        merged_from: Vec::new(),
        dropped: false,
        apply: Vec::new(),
        examples: Vec::new(),
        deprecated: None,
        wire: None,
        pivotal: false,
        envelope: None,
        compatibility: None,
        from: None,
        fill: Vec::new(),
        sound: true,
    }
}
