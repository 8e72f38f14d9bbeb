//! Scenarios, run on the model that they are written in: what was given is applied to the state, the command is held against its
//! conditions, its event is made, applied and held against the invariants, and what came is compared with what was expected. What
//! rests on Rust code or on a fresh value stays undecided; nothing is guessed, and nothing is written.

mod partly;
mod story;

use super::{Data, data::literal, write};
use isobar_model::{
    Diagnostics, Field, Model, Presence, Span, Spanned, Value,
    diag::{Diagnostic, codes},
    model::{self, Name, Scenario},
};
use partly::Partly;
use story::{Came, End, Ends, Stage, Told};

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it says is what the model does.
    Holds,
    /// The model does something else, whatever is not known.
    Fails {
        /// What it says, as a clause without a full stop.
        expected: String,
        /// What came of it instead, likewise.
        found: String,
        /// The place of what was expected.
        span: Span,
    },
    /// It rests on what is not known here: the reason, as a clause without a full stop.
    Undecided(String),
}

/// A scenario that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The aggregate.
    pub aggregate: Name,
    /// What the scenario shows: its name.
    pub scenario: String,
    /// The place of its name.
    pub span: Span,
    /// What became of it.
    pub outcome: Outcome,
}

/// Runs every scenario of a checked model, in its order.
pub fn run(model: &Model) -> Vec<Ran> {
    let contexts = model.contexts.iter();
    contexts.flat_map(|(context, it)| it.aggregates.values().flat_map(|it| run_of(model, context, it))).collect()
}

/// Runs the scenarios of one aggregate of a context, in their order.
pub fn run_of(model: &Model, context: &str, aggregate: &model::Aggregate) -> Vec<Ran> {
    let stage = Stage { model, context, aggregate };
    let ran = |scenario: &Scenario| Ran {
        aggregate: Name { context: context.to_owned(), name: aggregate.name.value.clone() },
        scenario: scenario.name.value.clone(),
        span: scenario.name.span,
        outcome: stage.tell(scenario).map_or_else(|early| early, |ends| judge(&stage, scenario, ends)),
    };
    aggregate.scenarios.iter().map(ran).collect()
}

/// Reports the scenarios that fail.
pub(crate) fn check(model: &Model, diagnostics: &mut Diagnostics) {
    for ran in run(model) {
        let Outcome::Fails { expected, found, span } = ran.outcome else { continue };
        let message = format!("the scenario `{}` of `{}` fails: {found}", ran.scenario, ran.aggregate);
        let mut finding = Diagnostic::new(&codes::SCENARIO_FAILS, span, message);
        finding = finding.label(format!("expected: {expected}"));
        if span != ran.span {
            finding = finding.also(ran.span, "in this scenario");
        }
        let help = "correct what the scenario says, or the `requires`, `fill`, `apply` or invariant that it is about";
        diagnostics.push(finding.help(help));
    }
}

/// Every end that is possible must be the expected one, and if none is, the scenario fails.
fn judge(stage: &Stage<'_>, scenario: &Scenario, Ends { ends, why }: Ends) -> Outcome {
    let names = |end: &Told<End>| match (end, scenario.then.first()) {
        (Ok(End { came: Some(Came::Event(name, _)), .. }), Some(then)) => {
            event_of(stage, scenario, then).as_ref() == Some(name)
        }
        _ => false,
    };
    // If all fail, what is told is how the expected event differs.
    let told = ends.iter().position(names).unwrap_or(0);
    let mut judged: Vec<Outcome> =
        ends.into_iter().map(|end| end.map_or_else(|early| early, |end| one(stage, scenario, &end))).collect();
    let alike = |wanted: fn(&Outcome) -> bool| judged.iter().all(wanted);
    if judged.len() == 1 || alike(|it| matches!(it, Outcome::Fails { .. })) || alike(|it| *it == Outcome::Holds) {
        return judged.swap_remove(told);
    }
    Outcome::Undecided(why.unwrap_or_else(|| "it has no end".to_owned()))
}

/// What one end is beside what was expected.
fn one(stage: &Stage<'_>, scenario: &Scenario, end: &End) -> Outcome {
    let mut unknown = None;
    match (&end.came, scenario.then.as_slice()) {
        (Some(Came::Refused(name)), []) => {
            let expected = "nothing is refused, since there is no `then` that says so".to_owned();
            return Outcome::Fails { expected, found: format!("`{name}` refuses it"), span: scenario.name.span };
        }
        (_, []) => {}
        (came, [then]) => match (came, then, event_of(stage, scenario, then)) {
            (Some(Came::Refused(found)), model::Outcome::Refused(wanted), None) if *found == wanted.value => {}
            (Some(Came::Event(found, payload)), _, Some(wanted)) if *found == wanted => {
                let data = if let model::Outcome::Event(_, data) = then { data.as_ref() } else { None };
                let fields = stage.model.event(&wanted).and_then(|event| event.fields.as_deref());
                if let Some(fails) = compare(stage, data, payload, fields.unwrap_or_default(), "", &mut unknown) {
                    return fails;
                }
            }
            _ => return other(came.as_ref(), scenario),
        },
        (came, _) => return other(came.as_ref(), scenario),
    }
    if let Some(fails) =
        compare(stage, scenario.state.as_ref(), &end.state, &stage.aggregate.state, "self.", &mut unknown)
    {
        return fails;
    }
    unknown.map_or(Outcome::Holds, Outcome::Undecided)
}

/// Something else came.
fn other(came: Option<&Came>, scenario: &Scenario) -> Outcome {
    let name = |then: &model::Outcome| match then {
        model::Outcome::Event(name, _) => (format!("`{}`", name.name), name.span),
        model::Outcome::Refused(name) => (format!("`{name}`"), name.span),
    };
    let expected: Vec<(String, Span)> = scenario.then.iter().map(name).collect();
    let span = expected.first().map_or(scenario.name.span, |(_, span)| *span);
    let expected: Vec<String> = expected.into_iter().map(|(name, _)| name).collect();
    let found = match came {
        Some(Came::Refused(name)) => format!("`{name}` refuses it"),
        Some(Came::Event(name, _)) => format!("`{}` comes", name.name),
        None => "nothing happens".to_owned(),
    };
    Outcome::Fails { expected: expected.join(" and "), found, span }
}

/// The event that a scenario expects: with its data, or by its bare name where no condition has that.
fn event_of(stage: &Stage<'_>, scenario: &Scenario, then: &model::Outcome) -> Option<Name> {
    match then {
        model::Outcome::Event(name, _) => Some(name.value.clone()),
        model::Outcome::Refused(name) => {
            let command = scenario.when.as_ref().and_then(|(name, _)| stage.model.command(name));
            let refuses = command.is_some_and(|it| it.requires.get(&name.value).is_some())
                || stage.aggregate.invariants.get(&name.value).is_some();
            let event = !refuses && stage.aggregate.events.contains(&name.value);
            event.then(|| Name { context: stage.context.to_owned(), name: name.value.clone() })
        }
    }
}

/// Compares the members that are given, all of them.
fn compare(
    stage: &Stage<'_>,
    expected: Option<&Spanned<Value>>,
    found: &Partly,
    fields: &[Field],
    prefix: &str,
    unknown: &mut Option<String>,
) -> Option<Outcome> {
    let expected = expected?;
    let Value::Record(members) = &expected.value else { return None };
    let (mut wanted, mut came) = (Vec::new(), Vec::new());
    for (name, value) in members {
        let Some(field) = fields.iter().find(|field| field.wire_name() == name) else { continue };
        let want = match value {
            Value::Null if field.presence == Presence::Optional => Ok(Data::Absent),
            value => literal(value, &field.shape, &stage.model.types),
        };
        match (want, found.member(name)) {
            (Ok(want), Ok(found)) if want == found => {}
            (Ok(want), Ok(found)) => {
                wanted.push(format!("`{prefix}{name}` is {}", show(&want)));
                came.push(format!("`{prefix}{name}` is {}", show(&found)));
            }
            (Ok(_), Err(why)) => {
                unknown.get_or_insert_with(|| format!("`{prefix}{name}` is not known: {why}"));
            }
            (Err(wrong), _) => {
                wanted.push(format!("`{prefix}{name}` has this value"));
                came.push(format!("it is no value of `{prefix}{name}`: {wrong}"));
            }
        }
    }
    let fails = || Outcome::Fails { expected: wanted.join(", "), found: came.join(", "), span: expected.span };
    (!wanted.is_empty()).then(fails)
}

/// A value in sentences: its JSON.
fn show(data: &Data) -> String {
    match data {
        Data::Absent => "absent".to_owned(),
        data => write(data).map_or_else(|_| "no JSON".to_owned(), |json| format!("`{json}`")),
    }
}

#[cfg(test)]
mod tests;
