//! What happens between messages: policies, sagas, read models and scenarios.

use super::reader::{Cx, Map};
use crate::{
    diag::{Diagnostic, codes, did_you_mean},
    expr::Expr,
    model::{
        Name, Outcome, Policy, Projection, ProjectionAction, Query, ReadModel, Returns, Saga, SagaStep, SagaStyle,
        Scenario,
    },
    parse::{Node, NodeKind},
    source::Spanned,
    value::Value,
};

impl Cx {
    pub(super) fn policy(&mut self, name: Spanned<String>, node: Option<&Node>) -> Policy {
        let mut policy =
            Policy { name, doc: None, when: Vec::new(), only_if: None, then: Vec::new(), fill: Vec::new() };
        if let Some(mut map) = node.and_then(|node| self.map(node, "a policy")) {
            policy.doc = self.prose(map.get("doc"));
            policy.when = self.refer_all(map.get("when"));
            policy.only_if = map.entry("if").map(|(key, node)| Spanned::new(self.expr(node), key.span));
            policy.then = self.refer_all(map.get("then"));
            policy.fill = self.assignments(map.get("fill"));
            map.finish(self);
        }
        policy
    }

    pub(super) fn saga(&mut self, name: Spanned<String>, node: Option<&Node>) -> Saga {
        let mut saga = Saga {
            name,
            doc: None,
            style: SagaStyle::default(),
            starts: None,
            key: None,
            steps: Vec::new(),
            succeeds: None,
            fails: None,
        };
        let Some(mut map) = node.and_then(|node| self.map(node, "a saga")) else { return saga };
        saga.doc = self.prose(map.get("doc"));
        let styles = [("orchestrated", SagaStyle::Orchestrated), ("choreographed", SagaStyle::Choreographed)];
        saga.style = self.one_of(map.get("style"), &styles).unwrap_or_default();
        let starts = map.need("starts", self);
        saga.starts = self.refer(starts);
        saga.key = map.get("key").and_then(|node| self.text(node));
        if let Some(steps) = map.need("steps", self) {
            for item in self.items(steps) {
                let Some(mut map) = self.map(item, "a step") else { continue };
                let command = map.need("do", self);
                let command = self.refer(command);
                let (ok, fail, undo) =
                    (self.refer(map.get("ok")), self.refer(map.get("fail")), self.refer(map.get("undo")));
                let timeout = self.seconds(map.get("timeout"));
                map.finish(self);
                saga.steps.extend(command.map(|command| SagaStep {
                    span: item.span,
                    command,
                    ok,
                    fail,
                    undo,
                    timeout,
                }));
            }
        }
        saga.succeeds = self.refer(map.get("succeeds"));
        saga.fails = self.refer(map.get("fails"));
        map.finish(self);
        saga
    }

    pub(super) fn read_model(&mut self, name: Spanned<String>, node: Option<&Node>) -> ReadModel {
        let mut model =
            ReadModel { name, doc: None, key: None, fields: Vec::new(), from: Vec::new(), queries: Vec::new() };
        let Some(mut map) = node.and_then(|node| self.map(node, "a read model")) else { return model };
        model.doc = self.prose(map.get("doc"));
        model.key = map.get("key").and_then(|node| self.text(node));
        model.fields = map.get("fields").map(|node| self.fields(node)).unwrap_or_default();
        for (key, node) in map.get("from").and_then(|n| self.members(n, "events and what they do")).unwrap_or_default()
        {
            let Some(event) = self.reference(&key.text, key.span) else { continue };
            let Some(mut map) = self.map(node, "a projection") else { continue };
            let action = self.action(&mut map, node);
            map.finish(self);
            model.from.extend(action.map(|action| Projection { event, action }));
        }
        for (key, node) in map.get("queries").and_then(|n| self.members(n, "queries")).unwrap_or_default() {
            let name = self.name(key, false);
            let Some(mut map) = self.map(node, "a query") else { continue };
            let by = self.texts(map.get("by"));
            let order = map.get("order").and_then(|node| self.text(node)).map(|text| match text.strip_prefix('-') {
                Some(field) => (Spanned::new(field.trim().to_owned(), text.span), true),
                None => (text, false),
            });
            let returns = [("one", Returns::One), ("many", Returns::Many), ("page", Returns::Page)];
            let returns = self.one_of(map.get("returns"), &returns).unwrap_or_default();
            map.finish(self);
            model.queries.push(Query { name, by, order, returns });
        }
        map.finish(self);
        model
    }

    fn action(&mut self, map: &mut Map<'_>, node: &Node) -> Option<ProjectionAction> {
        let given = [map.get("insert"), map.get("update"), map.get("upsert"), map.get("delete")];
        match given {
            [Some(node), None, None, None] => Some(ProjectionAction::Insert(self.assignments(Some(node)))),
            [None, Some(node), None, None] => Some(ProjectionAction::Update(self.assignments(Some(node)))),
            [None, None, Some(node), None] => Some(ProjectionAction::Upsert(self.assignments(Some(node)))),
            [None, None, None, Some(node)] => {
                self.flag(Some(node));
                Some(ProjectionAction::Delete)
            }
            _ => {
                let message = "a projection needs exactly one of `insert`, `update`, `upsert` and `delete`";
                self.push(Diagnostic::new(&codes::MISSING_KEY, node.span, message));
                None
            }
        }
    }

    pub(super) fn scenarios(&mut self, node: Option<&Node>) -> Vec<Scenario> {
        let mut found = Vec::new();
        for (key, node) in node.and_then(|node| self.members(node, "scenarios by what they show")).unwrap_or_default() {
            let Some(mut map) = self.map(node, "a scenario") else { continue };
            let given = map.get("given").map(|node| self.steps(node)).unwrap_or_default();
            let mut when = map.get("when").map(|node| self.steps(node)).unwrap_or_default();
            if let [_, second, ..] = when.as_slice() {
                let message = "a scenario gives one command";
                let span = second.0.span;
                self.push(Diagnostic::new(&codes::WRONG_KIND, span, message));
            }
            let then = map.get("then").map(|node| self.outcomes(node)).unwrap_or_default();
            let state = map.get("state").and_then(|node| self.data(node));
            map.finish(self);
            let name = Spanned::new(key.text.clone(), key.span);
            let when = if when.is_empty() { None } else { Some(when.swap_remove(0)) };
            found.push(Scenario { name, given, when, then, state });
        }
        found
    }

    /// `- Name: { data }`, or `Name: { data }`.
    fn steps(&mut self, node: &Node) -> Vec<(Spanned<Name>, Spanned<Value>)> {
        let mut found = Vec::new();
        for item in self.items(node) {
            for (key, node) in self.members(item, "a name with its data").unwrap_or_default() {
                let name = self.reference(&key.text, key.span);
                found.extend(name.zip(self.data(node)));
            }
        }
        found
    }

    fn data(&mut self, node: &Node) -> Option<Spanned<Value>> {
        let literal: Expr = self.literal(node);
        self.scenario_data.insert(node.span, literal);
        // The value is read again with its type once all types are known.
        Some(Spanned::new(Value::Null, node.span))
    }

    fn outcomes(&mut self, node: &Node) -> Vec<Outcome> {
        let mut found = Vec::new();
        for item in self.items(node) {
            match &item.kind {
                NodeKind::Scalar(..) => found.extend(self.text(item).map(Outcome::Refused)),
                _ => found.extend(self.steps(item).into_iter().map(|(name, data)| Outcome::Event(name, Some(data)))),
            }
        }
        found
    }

    /// Reports a name that is none of the known ones.
    pub(super) fn unknown<'n>(
        &mut self,
        what: &str,
        name: &Spanned<String>,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let message = format!("there is no {what} `{}`", name.value);
        let help = did_you_mean(name, known.clone()).or_else(|| {
            let names: Vec<&str> = known.collect();
            (!names.is_empty()).then(|| format!("there is {}", crate::diag::list(names)))
        });
        self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).maybe_help(help));
    }
}
