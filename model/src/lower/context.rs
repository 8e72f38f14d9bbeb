//! A `*.storm.yaml` file: one context, or a part of one, and the messaging of the workspace.

use super::reader::{Cx, Map};
use crate::table::Table;
use crate::{
    diag::{Diagnostic, codes},
    model::{Actor, ActorKind, Aggregate, Compatibility, Context, EventKind, ExternalSystem, Hotspot, Model},
    parse::{Key, Node, NodeKind},
    shape::TypeName,
    source::Spanned,
};
use std::sync::Arc;

impl Cx {
    /// Lowers one file into the model.
    pub(super) fn storm(&mut self, node: &Node, model: &mut Model) {
        let Some(mut map) = self.map(node, "a storming") else { return };
        self.context.clear();
        self.messaging(&mut map, model);
        let name = match map.entry("context") {
            Some((_, node)) => self.text(node).map(|text| self.name(&Key { text: text.value, span: text.span }, true)),
            None if map.is_messaging() => None,
            None => {
                let message = "a storming names its `context`";
                self.push(Diagnostic::new(&codes::MISSING_KEY, node.span, message));
                None
            }
        };
        if let Some(name) = name {
            self.context = name.value.clone();
            // Files of one context are merged, in the place of the first.
            let place = model.contexts.get_or_insert(name.value.clone(), || empty(name.clone()));
            let mut context = std::mem::replace(place, empty(name));
            self.context_keys(&mut map, &mut context, model);
            model.contexts.insert(self.context.clone(), context);
            map.finish(self);
        } else if map.is_messaging() {
            map.finish(self);
        }
    }

    fn context_keys(&mut self, map: &mut Map<'_>, context: &mut Context, model: &mut Model) {
        if let Some(doc) = self.prose(map.get("doc")) {
            // Files of one context are merged, and so is what they say of it.
            context.doc = Some(context.doc.take().map_or(doc.clone(), |first| format!("{first}\n\n{doc}")));
        }
        let owner = map.get("owner").and_then(|node| self.text(node));
        self.once(&mut context.owner, owner, "owner");
        let envelope = map.get("envelope").and_then(|node| self.text(node));
        self.once(&mut context.envelope, envelope, "envelope");
        let policy = self.one_of(map.get("compatibility"), &Compatibility::NAMES);
        context.compatibility = policy.or(context.compatibility);

        for (name, node) in self.named(map.get("actors")) {
            let mut actor = Actor { name: name.clone(), kind: ActorKind::default(), doc: None };
            if let Some(mut map) = node.and_then(|node| self.map(node, "an actor")) {
                let kinds = [("person", ActorKind::Person), ("system", ActorKind::System)];
                actor.kind = self.one_of(map.get("kind"), &kinds).unwrap_or_default();
                actor.doc = self.prose(map.get("doc"));
                map.finish(self);
            }
            self.insert(&mut context.actors, &name, actor, |it| it.name.span);
        }
        for (name, node) in self.named(map.get("external_systems")) {
            let mut system = ExternalSystem { name: name.clone(), doc: None, handles: Vec::new() };
            if let Some(mut map) = node.and_then(|node| self.map(node, "an external system")) {
                system.doc = self.prose(map.get("doc"));
                system.handles = self.refer_all(map.get("handles"));
                map.finish(self);
            }
            self.insert(&mut context.external_systems, &name, system, |it| it.name.span);
        }
        for (key, node) in map.get("types").and_then(|n| self.members(n, "types")).unwrap_or_default() {
            let name = self.name(key, false);
            if let Some(def) = self.type_def(name, node) {
                let name = TypeName { context: self.context.clone(), name: def.name.value.clone() };
                match model.types.0.get(&name) {
                    Some(first) => {
                        let message = format!("the type `{}` is defined twice", name.name);
                        let first = first.name.span;
                        self.push(
                            Diagnostic::new(&codes::DUPLICATE_NAME, def.name.span, message)
                                .label("here again")
                                .also(first, "first here"),
                        );
                    }
                    None => {
                        model.types.0.insert(name, def);
                    }
                }
            }
        }
        for (name, node) in self.named(map.get("aggregates")) {
            let aggregate = self.aggregate(name.clone(), node, context);
            self.insert(&mut context.aggregates, &name, aggregate, |it| it.name.span);
        }
        self.events(map.get("events"), None, context);
        self.commands(map.get("commands"), None, context);
        for (name, node) in self.named(map.get("read_models")) {
            let model = self.read_model(name.clone(), node);
            self.insert(&mut context.read_models, &name, model, |it| it.name.span);
        }
        for (name, node) in self.named(map.get("policies")) {
            let policy = self.policy(name.clone(), node);
            self.insert(&mut context.policies, &name, policy, |it| it.name.span);
        }
        for (name, node) in self.named(map.get("sagas")) {
            let saga = self.saga(name.clone(), node);
            self.insert(&mut context.sagas, &name, saga, |it| it.name.span);
        }
        if let Some(hotspots) = map.get("hotspots") {
            for item in self.items(hotspots) {
                let Some(mut map) = self.map(item, "a hotspot") else { continue };
                let at = map.need("at", self).and_then(|node| self.text(node));
                let note = map.need("note", self);
                let note = self.prose(note);
                context.hotspots.extend(at.zip(note).map(|(at, note)| Hotspot { at, note }));
                map.finish(self);
            }
        }
    }

    /// Sets what all files of a context say at most once.
    fn once(&mut self, slot: &mut Option<Spanned<String>>, value: Option<Spanned<String>>, key: &str) {
        let Some(value) = value else { return };
        match slot {
            Some(first) if first.value != value.value => {
                let message = format!("the context has another `{key}` in another file");
                self.push(Diagnostic::new(&codes::DUPLICATE_NAME, value.span, message).also(first.span, "first here"));
            }
            _ => *slot = Some(value),
        }
    }

    /// Named elements: a mapping, or a list of bare names (sketches).
    pub(super) fn named<'a>(&mut self, node: Option<&'a Node>) -> Vec<(Spanned<String>, Option<&'a Node>)> {
        let Some(node) = node else { return Vec::new() };
        let mut found = Vec::new();
        if let NodeKind::List(items) = &node.kind {
            for item in items {
                let name = self.text(item).map(|text| self.name(&Key { text: text.value, span: text.span }, false));
                found.extend(name.map(|name| (name, None)));
            }
            return found;
        }
        for (key, node) in self.members(node, "names with what they are").unwrap_or_default() {
            found.push((self.name(key, false), (!node.is_null()).then_some(node)));
        }
        found
    }

    fn aggregate(&mut self, name: Spanned<String>, node: Option<&Node>, context: &mut Context) -> Aggregate {
        let mut aggregate = Aggregate {
            name: name.clone(),
            doc: None,
            key: None,
            state: Vec::new(),
            snapshot_every: None,
            invariants: Table::new(),
            commands: Vec::new(),
            events: Vec::new(),
            scenarios: Vec::new(),
        };
        let Some(mut map) = node.and_then(|node| self.map(node, "an aggregate")) else { return aggregate };
        aggregate.doc = self.prose(map.get("doc"));
        aggregate.key = map.get("key").and_then(|node| self.text(node));
        aggregate.state = map.get("state").map(|node| self.fields(node)).unwrap_or_default();
        if let Some(mut map) = map.get("snapshot").and_then(|node| self.map(node, "a snapshot")) {
            aggregate.snapshot_every = self.count(map.get("every"));
            map.finish(self);
        }
        aggregate.invariants = self.conditions(map.get("invariants"));
        aggregate.commands = self.commands(map.get("commands"), Some(&name), context);
        aggregate.events = self.events(map.get("events"), Some(&name), context);
        aggregate.scenarios = self.scenarios(map.get("scenarios"));
        map.finish(self);
        aggregate
    }

    fn events(
        &mut self,
        node: Option<&Node>,
        aggregate: Option<&Spanned<String>>,
        context: &mut Context,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for (name, node) in self.named(node) {
            let mut event = self.event(name.clone(), node);
            event.aggregate = aggregate.map(|it| it.value.clone());
            if aggregate.is_some() && event.kind != EventKind::Domain {
                let message = "an aggregate's events are domain events";
                let help = "put it under the context's `events:` and say `from:` which event it is made";
                self.push(Diagnostic::new(&codes::BAD_VALUE, name.span, message).help(help));
            }
            if self.free(&name, context) {
                names.push(name.value.clone());
                context.events.insert(name.value, Arc::new(event));
            }
        }
        names
    }

    fn commands(
        &mut self,
        node: Option<&Node>,
        aggregate: Option<&Spanned<String>>,
        context: &mut Context,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for (name, node) in self.named(node) {
            let mut command = self.command(name.clone(), node);
            command.aggregate = aggregate.map(|it| it.value.clone());
            if self.free(&name, context) {
                names.push(name.value.clone());
                context.commands.insert(name.value, command);
            }
        }
        names
    }

    /// Whether no event or command of the context has the name yet.
    fn free(&mut self, name: &Spanned<String>, context: &Context) -> bool {
        let event = context.events.get(&name.value).map(|it| it.name.span);
        let Some(first) = event.or_else(|| context.commands.get(&name.value).map(|it| it.name.span)) else {
            return true;
        };
        let message = format!("`{}` is defined twice", name.value);
        self.push(
            Diagnostic::new(&codes::DUPLICATE_NAME, name.span, message).label("here again").also(first, "first here"),
        );
        false
    }
}

fn empty(name: Spanned<String>) -> Context {
    Context {
        name,
        doc: None,
        owner: None,
        envelope: None,
        compatibility: None,
        actors: Table::new(),
        external_systems: Table::new(),
        aggregates: Table::new(),
        events: Table::new(),
        commands: Table::new(),
        read_models: Table::new(),
        policies: Table::new(),
        sagas: Table::new(),
        hotspots: Vec::new(),
    }
}
