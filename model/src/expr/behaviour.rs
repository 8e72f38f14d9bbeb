//! What the expressions of an aggregate read and write: conditions of commands, what a command emits, what an event does to the
//! state, invariants. Whoever checks or runs them asks here, so that all read the same. Nothing is evaluated here.

use super::{Env, Expr, Scope, Step, Typed, changes, condition, record};
use crate::{
    diag::Diagnostics,
    model::{Aggregate, Assignment, Command, Event, Model, Name},
    shape::Field,
    source::Spanned,
};

/// An invariant, which reads the state alone.
pub fn invariant(invariant: &Expr, of: &Aggregate, model: &Model, diags: &mut Diagnostics) -> Option<Typed> {
    condition(invariant, &Env { state: state(Some(of)), ..Env::new(&model.types) }, diags)
}

/// A condition of `requires`, which reads the command as `$`. `None` for a sketch too.
pub fn requirement(
    requirement: &Expr,
    command: &Command,
    of: Option<&Aggregate>,
    model: &Model,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let what = format!("the command `{}`", command.name);
    condition(requirement, &commanded(command, &what, of, model)?, diags)
}

/// The event of `emits` as a record: from fields of the command, its `fill`, and the aggregate's key. `None` for sketches too.
pub fn emitted(
    command: &Command,
    event: &Spanned<Name>,
    of: Option<&Aggregate>,
    model: &Model,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let fields = model.event(event)?.fields.as_ref()?;
    let (what, target) = (format!("the command `{}`", command.name), format!("the event `{}`", event.name));
    let env = commanded(command, &what, of, model)?;
    // The key of an aggregate is known when a command reaches it, whether the command carries it or not.
    let key: Vec<&str> = of.and_then(|it| it.key.as_ref()).map(|key| key.as_str()).into_iter().collect();
    record(&about(&command.fill, fields), Scope { what: &target, fields }, &env, &key, event.span, diags)
}

/// The changes of `apply`, each with the path of the state that it sets. `None` for a sketch too.
pub fn applied(
    event: &Event,
    to: Option<&Aggregate>,
    model: &Model,
    diags: &mut Diagnostics,
) -> Option<Vec<(Vec<Step>, Typed)>> {
    let what = format!("the event `{}`", event.name);
    let source = Some(Scope { what: &what, fields: event.fields.as_ref()? });
    let env = Env { source, state: state(to), meta: true, ..Env::new(&model.types) };
    changes(&event.apply, state(to).unwrap_or(Scope { what: "the state", fields: &[] }), &env, diags)
}

/// What a command's expressions read.
fn commanded<'a>(command: &'a Command, what: &'a str, of: Option<&'a Aggregate>, model: &'a Model) -> Option<Env<'a>> {
    let source = Some(Scope { what, fields: command.fields.as_ref()? });
    Some(Env { source, state: state(of), meta: true, fresh: true, ..Env::new(&model.types) })
}

fn state(of: Option<&Aggregate>) -> Option<Scope<'_>> {
    of.map(|aggregate| Scope { what: "the state", fields: &aggregate.state })
}

/// The assignments that begin at one of these fields.
pub(crate) fn about(assignments: &[Assignment], fields: &[Field]) -> Vec<Assignment> {
    let ours = |it: &&Assignment| fields.iter().any(|field| it.target.first() == Some(&field.name.value));
    assignments.iter().filter(ours).cloned().collect()
}
