//! Expressions that need nothing but the model: conditions, `fill`, `apply` and projections. Those that need the history
//! (`upgrade`, `downgrade`) are checked where the history is known.

use super::reader::Cx;
use crate::{
    diag::{Diagnostic, codes, did_you_mean},
    expr::{self, Env, Scope, behaviour::about},
    model::{Aggregate, Assignment, Command, Context, Event, Model, Policy, ProjectionAction, ReadModel},
    shape::Field,
};

impl Cx {
    pub(super) fn check_expressions(&mut self, model: &Model) {
        for context in model.contexts.values() {
            for aggregate in context.aggregates.values() {
                for invariant in aggregate.invariants.values() {
                    expr::invariant(invariant, aggregate, model, &mut self.diagnostics);
                }
            }
            context.commands.values().for_each(|command| self.command_expressions(command, context, model));
            context.events.values().for_each(|event| self.event_expressions(event, context, model));
            context.policies.values().for_each(|policy| self.policy_expressions(policy, model));
            context.read_models.values().for_each(|view| self.projections(view, model));
        }
    }

    fn command_expressions(&mut self, command: &Command, context: &Context, model: &Model) {
        if command.fields.is_none() {
            return;
        }
        let aggregate = owner(&command.aggregate, context);
        for condition in command.requires.values() {
            expr::requirement(condition, command, aggregate, model, &mut self.diagnostics);
        }
        let mut known: Vec<&Field> = Vec::new();
        for name in &command.emits {
            expr::emitted(command, name, aggregate, model, &mut self.diagnostics);
            known.extend(model.event(name).and_then(|event| event.fields.as_ref()).into_iter().flatten());
        }
        let mut emitted = command.emits.iter().map(|name| model.event(name).and_then(|event| event.fields.as_ref()));
        // An event that is not there is reported as such, and may have had the field.
        if emitted.all(|fields| fields.is_some()) {
            self.reach_something(&command.fill, &known, "no event that the command emits");
        }
    }

    fn event_expressions(&mut self, event: &Event, context: &Context, model: &Model) {
        let Some(fields) = &event.fields else { return };
        let what = format!("the event `{}`", event.name);
        if !event.apply.is_empty() {
            expr::applied(event, owner(&event.aggregate, context), model, &mut self.diagnostics);
        }
        if let Some(from) = &event.from
            && let Some((source, source_types)) = model.read(from)
        {
            let whence = format!("the event `{}`", from.value);
            let source = Scope { what: &whence, fields: source };
            let env = Env { source: Some(source), meta: true, fresh: true, source_types, ..Env::new(&model.types) };
            expr::record(&event.fill, Scope { what: &what, fields }, &env, &[], from.span, &mut self.diagnostics);
        } else if let (None, Some(first)) = (&event.from, event.fill.first()) {
            let message = "an event has a `fill` only where it is made `from` another one";
            let help = "say `from:` which event, or put the `fill` at the command that emits it";
            self.push(Diagnostic::new(&codes::MISSING_KEY, first.target.span, message).help(help));
        }
    }

    fn policy_expressions(&mut self, policy: &Policy, model: &Model) {
        let commands: Vec<&Command> = policy.then.iter().filter_map(|name| model.command(name)).collect();
        for name in &policy.when {
            let Some((fields, source_types)) = model.read(name) else { continue };
            let what = format!("the event `{}`", name.name);
            let source = Scope { what: &what, fields };
            let env = Env { source: Some(source), meta: true, fresh: true, source_types, ..Env::new(&model.types) };
            if let Some(condition) = &policy.only_if {
                expr::condition(condition, &env, &mut self.diagnostics);
            }
            for command in &commands {
                let fields = command.fields.as_deref().unwrap_or_default();
                let what = format!("the command `{}`", command.name);
                expr::changes(&about(&policy.fill, fields), Scope { what: &what, fields }, &env, &mut self.diagnostics);
            }
        }
        let known: Vec<&Field> = commands.iter().flat_map(|command| command.fields.iter().flatten()).collect();
        if commands.len() == policy.then.len() && commands.iter().all(|command| command.fields.is_some()) {
            self.reach_something(&policy.fill, &known, "no command that the policy gives");
        }
    }

    fn projections(&mut self, view: &ReadModel, model: &Model) {
        let what = format!("the read model `{}`", view.name);
        let target = Scope { what: &what, fields: &view.fields };
        for projection in &view.from {
            let Some((fields, source_types)) = model.read(&projection.event) else { continue };
            let whence = format!("the event `{}`", projection.event.name);
            let source = Scope { what: &whence, fields };
            let env = Env { source: Some(source), meta: true, source_types, ..Env::new(&model.types) };
            match &projection.action {
                ProjectionAction::Insert(row) | ProjectionAction::Upsert(row) => {
                    expr::record(row, target, &env, &[], projection.event.span, &mut self.diagnostics);
                }
                ProjectionAction::Update(row) => {
                    expr::changes(row, target, &env, &mut self.diagnostics);
                }
                ProjectionAction::Delete => {}
            }
        }
    }

    /// Reports assignments whose field none of the targets has: with several targets each takes what it has.
    fn reach_something(&mut self, assignments: &[Assignment], known: &[&Field], nobody: &str) {
        for assignment in assignments {
            let Some(first) = assignment.target.first() else { continue };
            let names = || known.iter().map(|field| field.name.value.as_str());
            if !names().any(|name| name == first) {
                let message = format!("{nobody} has a field `{first}`");
                let help = did_you_mean(first, names());
                self.push(Diagnostic::new(&codes::UNKNOWN_FIELD, assignment.target.span, message).maybe_help(help));
            }
        }
    }
}

fn owner<'a>(aggregate: &Option<String>, context: &'a Context) -> Option<&'a Aggregate> {
    context.aggregates.get(aggregate.as_ref()?)
}
