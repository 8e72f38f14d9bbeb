//! The state machines of an aggregate, as far as they are written: a field of the state with few values, which `apply` sets and `requires`
//! looks at; or only that there is one, where a command makes it. Conditions and changes are evaluated for every value with all else
//! unknown: what is not known keeps nothing from happening, and is never guessed.

use super::{Data, Scope, Unknown, data::literal, eval};
use isobar_model::{
    Diagnostics, Field, Model, Presence, ShapeKind,
    expr::{self, ExprKind, Operator, Root, Typed, TypedKind},
    model::{Aggregate, Command, Event, Name},
    shape::Scalar,
};

/// A machine: there is one for each field that tells states apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The field of the state; `None` where the states are only that there is none and that there is one.
    pub field: Option<String>,
    /// The states; it begins in the first.
    pub states: Vec<State>,
    /// What may happen, by state and then in declared order. Nothing leads from a state that nothing leads to.
    pub moves: Vec<Move>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The field has this value: text of an enum, `true` or `false`.
    Value(String),
    /// The field has no value yet.
    Unset,
    /// There is no such aggregate yet.
    Nothing,
    /// There is one.
    Being,
}

/// Something that may happen in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The state, by its place in [`Machine::states`].
    pub from: usize,
    /// The state after it, which may be the same; `None` where only what happens at run time tells.
    pub to: Option<usize>,
    /// What sets it off; `None` for an event that no command of the aggregate emits.
    pub command: Option<Name>,
    /// What comes of it.
    pub event: Option<Name>,
}

/// The machines of an aggregate: at least one.
///
/// # Errors
/// Why none can be read off, as a sentence.
pub fn of(model: &Model, context: &str, aggregate: &Aggregate) -> Result<Vec<Machine>, String> {
    let reading = Reading { model, context, aggregate };
    if aggregate.commands.is_empty() && aggregate.events.is_empty() {
        return Err("It has neither commands nor events, so that nothing happens to it.".into());
    }
    let fields = || aggregate.state.iter().filter_map(|field| Some((field, reading.values(field)?)));
    let machines: Vec<Machine> = fields().filter_map(|(field, values)| reading.of_field(field, values)).collect();
    if !machines.is_empty() {
        return Ok(machines);
    }
    let none = || {
        match fields().next() {
        Some((field, _)) => format!("No `apply` sets `{}` to a value that is written, so that it tells no states apart.", field.name),
        None => "No `apply` sets an enum or a flag of its state, and no command makes a new one, so that it has no states to tell apart.".into(),
    }
    };
    Ok(vec![reading.of_being().ok_or_else(none)?])
}

/// What an event does to a field.
enum Change {
    Nothing,
    To(Data),
    Unknown,
}

struct Reading<'a> {
    model: &'a Model,
    context: &'a str,
    aggregate: &'a Aggregate,
}

impl<'a> Reading<'a> {
    /// The values of a field that has few.
    fn values(&self, field: &Field) -> Option<Vec<Data>> {
        match &self.model.types.resolve(&field.shape).kind {
            ShapeKind::Enum(it) => Some(it.values.iter().map(|value| Data::Text(value.value.clone())).collect()),
            ShapeKind::Scalar(Scalar::Bool) => Some(vec![Data::Bool(false), Data::Bool(true)]),
            _ => None,
        }
    }

    fn commands(&self) -> impl Iterator<Item = &'a Command> + use<'a> {
        let context = self.model.contexts.get(self.context);
        self.aggregate.commands.iter().filter_map(move |name| context?.commands.get(name))
    }

    fn name(&self, name: &str) -> Name {
        Name { context: self.context.to_owned(), name: name.to_owned() }
    }

    fn own(&self, name: &Name) -> Option<&'a Event> {
        let own = name.context == self.context && self.aggregate.events.contains(&name.name);
        self.model.event(name).filter(|_| own)
    }

    /// The machine of a field; none where nothing sets it to a value that is written.
    fn of_field(&self, field: &Field, mut states: Vec<Data>) -> Option<Machine> {
        let first = match &field.presence {
            Presence::Default(value) => literal(value, &field.shape, &self.model.types).ok()?,
            Presence::Optional | Presence::Required => Data::Absent,
        };
        states.retain(|state| *state != first);
        states.insert(0, first);
        let (mut moves, mut sets) = (Vec::new(), false);
        let (mut reached, mut at) = (vec![0], 0);
        // Only what is reached is asked about, and what it leads to is asked about next.
        while let Some(&from) = reached.get(at) {
            at += 1;
            for (command, event) in self.happens(field, &states[from], from == 0) {
                let change = event.as_ref().and_then(|name| self.own(name));
                let to = match change.map_or(Change::Nothing, |event| self.change(event, field, &states[from])) {
                    Change::Nothing => Some(from),
                    Change::Unknown => None,
                    Change::To(after) if self.violates(field, &after) => continue,
                    Change::To(after) => {
                        sets = true;
                        let known = states.iter().position(|state| *state == after);
                        // An open enum has values that it does not name.
                        let to = known.unwrap_or(states.len());
                        states.extend(known.is_none().then_some(after));
                        Some(to)
                    }
                };
                // An event that comes from elsewhere and changes nothing says nothing.
                if command.is_some() || to != Some(from) {
                    moves.push(Move { from, to, command, event });
                    reached.extend(to.filter(|to| !reached.contains(to)));
                }
            }
        }
        moves.sort_by_key(|it| it.from);
        let state = |data: Data| match data {
            Data::Text(text) => State::Value(text),
            Data::Bool(flag) => State::Value(flag.to_string()),
            _ => State::Unset,
        };
        let states = states.into_iter().map(state).collect();
        sets.then(|| Machine { field: Some(field.name.value.clone()), states, moves })
    }

    /// What may happen while a field has a value: commands that are not refused, with each event that may come of them, and events that
    /// come from elsewhere.
    fn happens(&self, field: &Field, value: &Data, first: bool) -> Vec<(Option<Name>, Option<Name>)> {
        let (state, unknown) = self.around(field, value);
        let mut all = Vec::new();
        for command in self.commands() {
            let refused = command.requires.values().any(|condition| {
                let diags = &mut Diagnostics::default();
                let typed = expr::requirement(condition, command, Some(self.aggregate), self.model, diags);
                typed.is_some_and(|typed| self.holds(&typed, &state, &unknown) == Some(false))
            });
            // What makes a new one comes where there is none.
            if refused || (command.creates && !first) {
                continue;
            }
            let name = || Some(self.name(&command.name.value));
            if command.emits.is_empty() {
                all.push((name(), None));
            }
            all.extend(command.emits.iter().map(|event| (name(), Some(event.value.clone()))));
        }
        let elsewhere = self.aggregate.events.iter().map(|event| self.name(event));
        all.extend(elsewhere.filter(|event| !self.is_emitted(event)).map(|event| (None, Some(event))));
        all
    }

    fn is_emitted(&self, event: &Name) -> bool {
        self.commands().any(|command| command.emits.iter().any(|it| it.value == *event))
    }

    /// A state of which one field is known.
    fn around(&self, field: &Field, value: &Data) -> (Data, Vec<Unknown>) {
        let hidden = |root, path: &[&str]| {
            let path = path.iter().map(|&step| step.to_owned()).collect();
            Unknown { root, path, why: "it is not known here".into() }
        };
        let others = self.aggregate.state.iter().filter(|it| it.name.value != field.name.value);
        let others = others.map(|it| hidden(Root::State, &[it.wire_name()]));
        let known = (*value != Data::Absent).then(|| (field.wire_name().to_owned(), value.clone()));
        (Data::Record(known.into_iter().collect()), std::iter::once(hidden(Root::Source, &[])).chain(others).collect())
    }

    fn scope<'s>(&'s self, source: &'s Data, state: &'s Data, unknown: &'s [Unknown]) -> Scope<'s> {
        let types = &self.model.types;
        Scope { source, state: Some(state), unknown, source_types: types, target_types: types }
    }

    /// Whether a condition holds, where that is known.
    fn holds(&self, typed: &Typed, state: &Data, unknown: &[Unknown]) -> Option<bool> {
        let inner = |it: &Typed| self.holds(it, state, unknown);
        match &typed.kind {
            // Either side may decide alone.
            TypedKind::Binary(Operator::And, a, b) => match (inner(a), inner(b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (a, b) => Some(a? && b?),
            },
            TypedKind::Binary(Operator::Or, a, b) => match (inner(a), inner(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (a, b) => Some(a? || b?),
            },
            TypedKind::Unary(Operator::Not, it) => Some(!inner(it)?),
            _ => match eval(typed, self.scope(&Data::Record(Vec::new()), state, unknown)) {
                Ok(Data::Bool(holds)) => Some(holds),
                _ => None,
            },
        }
    }

    /// Whether a state with this value breaks an invariant whatever else it is.
    fn violates(&self, field: &Field, value: &Data) -> bool {
        let (state, unknown) = self.around(field, value);
        self.aggregate.invariants.values().any(|condition| {
            let typed = expr::invariant(condition, self.aggregate, self.model, &mut Diagnostics::default());
            typed.is_some_and(|typed| self.holds(&typed, &state, &unknown) == Some(false))
        })
    }

    fn change(&self, event: &Event, field: &Field, value: &Data) -> Change {
        let changes = expr::applied(event, Some(self.aggregate), self.model, &mut Diagnostics::default());
        let about = |(path, _): &(Vec<expr::Step>, Typed)| path.first().is_some_and(|it| it.field == field.name.value);
        let Some((_, typed)) = changes.into_iter().flatten().find(about) else { return Change::Nothing };
        let (state, unknown) = self.around(field, value);
        match eval(&typed, self.scope(&Data::Record(Vec::new()), &state, &unknown)) {
            Ok(after) => Change::To(after),
            Err(_) => Change::Unknown,
        }
    }

    /// That there is none and then one: where a command says that it makes one, or gives it a new key.
    fn of_being(&self) -> Option<Machine> {
        let key = self.aggregate.key.as_ref().map(|key| key.value.as_str());
        let fresh = |command: &Command| {
            let new = |it: &expr::Expr| matches!(&it.kind, ExprKind::Call((name, _), _) if name == "new_id");
            command.fill.iter().any(|it| {
                it.target.value.len() == 1 && it.target.value.first().map(String::as_str) == key && new(&it.expr)
            })
        };
        let makes = |command: &Command| command.creates || fresh(command);
        self.commands().find(|command| makes(command))?;
        let mut moves = Vec::new();
        for command in self.commands() {
            let from = usize::from(!makes(command));
            // An event without the key is about none of them.
            let keyed = |event: &Name| {
                let fields = self.own(event).and_then(|event| event.fields.as_ref());
                key.is_none()
                    || fields.is_some_and(|all| all.iter().any(|field| Some(field.name.value.as_str()) == key))
            };
            let name = || Some(self.name(&command.name.value));
            if command.emits.is_empty() {
                moves.push(Move { from, to: Some(1), command: name(), event: None });
            }
            moves.extend(command.emits.iter().map(|event| {
                let to = if keyed(&event.value) { 1 } else { from };
                Move { from, to: Some(to), command: name(), event: Some(event.value.clone()) }
            }));
        }
        moves.sort_by_key(|it| it.from);
        Some(Machine { field: None, states: vec![State::Nothing, State::Being], moves })
    }
}

#[cfg(test)]
#[path = "machines/tests.rs"]
mod tests;
