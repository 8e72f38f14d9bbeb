//! One scenario, told from its first event to every end that it may have: several where what decides between them is not known,
//! such as a condition that rests on a hook. What an end is worth is not judged here.

use super::super::{Data, Scope, Unknown, eval};
use super::{
    Outcome,
    partly::{Partly, Trouble},
};
use crate::compat::Record;
use isobar_model::{
    Diagnostics, Field, Model, Span, Spanned, Value,
    expr::{self, Root, Typed},
    model::{Aggregate, Command, Event, Name, Scenario},
};

/// What comes of a command.
#[derive(Clone, Debug)]
pub(super) enum Came {
    /// The condition of this name refuses it.
    Refused(String),
    /// It emits this event.
    Event(Name, Partly),
}

/// An end that a scenario may have.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// `None` where nothing happens.
    pub(super) came: Option<Came>,
    /// The state after it.
    pub(super) state: Partly,
}

/// The ends of a scenario: one, or several and why it is not known which.
#[derive(Debug, Default)]
pub(super) struct Ends {
    pub(super) ends: Vec<Told<End>>,
    pub(super) why: Option<String>,
}

impl Ends {
    fn doubt(&mut self, why: String) {
        self.why.get_or_insert(why);
    }

    /// Whether there may be more behind a condition: it adds the end that it makes where it refuses, or may.
    fn go_on(&mut self, name: &str, decided: Result<bool, Trouble>, before: &Partly, span: Span) -> bool {
        let refused = || Ok(End { came: Some(Came::Refused(name.to_owned())), state: before.clone() });
        match decided {
            Ok(true) => true,
            Ok(false) => {
                self.ends.push(refused());
                false
            }
            Err(Trouble::Unknown(why)) => {
                self.ends.push(refused());
                self.doubt(format!("whether `{name}` refuses is not known: {why}"));
                true
            }
            Err(Trouble::Wrong(why)) => {
                self.ends.push(fails(format!("`{name}` is true or false"), why, span));
                false
            }
        }
    }
}

/// The place where a scenario is told.
#[derive(Clone, Copy)]
pub(super) struct Stage<'a> {
    pub(super) model: &'a Model,
    pub(super) context: &'a str,
    pub(super) aggregate: &'a Aggregate,
}

/// What there is, or how the scenario ends before it.
pub(super) type Told<T> = Result<T, Outcome>;

fn undecided<T>(why: impl Into<String>) -> Told<T> {
    Err(Outcome::Undecided(why.into()))
}

fn fails<T>(expected: impl Into<String>, found: impl Into<String>, span: Span) -> Told<T> {
    Err(Outcome::Fails { expected: expected.into(), found: found.into(), span })
}

impl<'a> Stage<'a> {
    /// Every end that the scenario may have.
    pub(super) fn tell(&self, scenario: &Scenario) -> Told<Ends> {
        let span = scenario.name.span;
        let mut state = match Partly::initial(&self.aggregate.state, &self.model.types) {
            Ok(state) => state,
            Err(Trouble::Unknown(why)) => return undecided(why),
            Err(Trouble::Wrong(why)) => return fails("the state begins with its defaults", why, span),
        };
        let given = scenario.given.iter().map(|(name, data)| Ok((self.event(name)?, name, data)));
        let given: Vec<(&Event, &Spanned<Name>, &Spanned<Value>)> = given.collect::<Told<_>>()?;
        let command = scenario.when.as_ref().map(|(name, data)| Ok((self.command(name)?, name, data))).transpose()?;
        let mut key = None;
        let mut past = Vec::new();
        for (event, name, data) in given {
            let payload = self.payload(name, data, event.fields.as_deref())?;
            self.same_key(&mut key, &payload, event.fields.as_deref(), name)?;
            past.push((event, name.span, payload));
        }
        let command = match command {
            Some((command, name, data)) => {
                let payload = self.payload(name, data, command.fields.as_deref())?;
                self.same_key(&mut key, &payload, command.fields.as_deref(), name)?;
                Some((command, payload))
            }
            None => None,
        };
        if let (Some(key), Some(field)) = (key, self.key_of_state()) {
            state.seed(key, field, &self.model.types);
        }
        for (event, span, payload) in &past {
            state = self.apply(event, payload, &state, *span)?;
        }
        let mut ends = Ends::default();
        match command {
            Some((command, payload)) => self.carry_out(command, &payload, &state, span, &mut ends),
            None if past.is_empty() => ends.ends.push(Ok(End { came: None, state })),
            None => self.hold(None, state.clone(), &state, span, &mut ends),
        }
        Ok(ends)
    }

    fn owns(&self, event: &Name) -> bool {
        event.context == self.context && self.aggregate.events.contains(&event.name)
    }

    fn event(&self, name: &Name) -> Told<&'a Event> {
        match self.model.event(name) {
            Some(event) if self.owns(name) => Ok(event),
            _ => undecided(format!("`{name}` is no event of `{}`, and says nothing of its state", self.aggregate.name)),
        }
    }

    fn command(&self, name: &Name) -> Told<&'a Command> {
        match self.model.command(name) {
            Some(it) if name.context == self.context && it.aggregate.as_ref() == Some(&self.aggregate.name.value) => {
                Ok(it)
            }
            _ => undecided(format!("`{name}` is no command of `{}`", self.aggregate.name)),
        }
    }

    fn payload(&self, name: &Name, data: &Spanned<Value>, fields: Option<&[Field]>) -> Told<Partly> {
        let Some(fields) = fields else { return undecided(format!("`{}` is a sketch without fields", name.name)) };
        match Partly::given(&data.value, Record { types: &self.model.types, fields }) {
            Ok(payload) => Ok(payload),
            Err(Trouble::Unknown(why)) => undecided(why),
            Err(Trouble::Wrong(why)) => fails(format!("a payload of `{}`", name.name), why, data.span),
        }
    }

    fn key_of_state(&self) -> Option<&'a Field> {
        let key = self.aggregate.key.as_ref()?;
        self.aggregate.state.iter().find(|field| field.name.value == key.value)
    }

    /// The key is known from the first message that carries it; a scenario is about one aggregate.
    fn same_key(
        &self,
        key: &mut Option<Data>,
        payload: &Partly,
        fields: Option<&[Field]>,
        name: &Spanned<Name>,
    ) -> Told<()> {
        let Some(wanted) = &self.aggregate.key else { return Ok(()) };
        let field = fields.into_iter().flatten().find(|field| field.name.value == wanted.value);
        let found = field.map_or(Data::Absent, |it| payload.member(it.wire_name()).unwrap_or(Data::Absent));
        match key {
            _ if found == Data::Absent => {}
            None => *key = Some(found),
            Some(key) if *key == found => {}
            Some(key) => {
                let found = format!("`{}` is about {}", name.name, super::show(&found));
                return fails(
                    format!("all of it is about one `{}`, {}", self.aggregate.name, super::show(key)),
                    found,
                    name.span,
                );
            }
        }
        Ok(())
    }

    /// A condition, if it can be known.
    fn decide(&self, condition: Option<Typed>, source: &Partly, state: &Partly) -> Result<bool, Trouble> {
        let Some(condition) = condition else { return Err(Trouble::Unknown("it was not understood".into())) };
        let unknown: Vec<Unknown> = source.unknown(Root::Source).chain(state.unknown(Root::State)).collect();
        Ok(eval(&condition, self.scope(source, state, &unknown))? == Data::Bool(true))
    }

    fn scope<'s>(&'s self, source: &'s Partly, state: &'s Partly, unknown: &'s [Unknown]) -> Scope<'s> {
        let types = &self.model.types;
        Scope { source: &source.data, state: Some(&state.data), unknown, source_types: types, target_types: types }
    }

    /// The state after an event. All that it sets is computed of the state before it.
    fn apply(&self, event: &Event, payload: &Partly, before: &Partly, span: Span) -> Told<Partly> {
        let changes = expr::applied(event, Some(self.aggregate), self.model, &mut Diagnostics::default());
        let Some(changes) = changes else {
            return undecided(format!("`apply` of `{}` was not understood", event.name));
        };
        let unknown: Vec<Unknown> = payload.unknown(Root::Source).chain(before.unknown(Root::State)).collect();
        let mut after = before.clone();
        for (path, typed) in changes {
            let wire: Vec<String> = path.iter().map(|step| step.wire.clone()).collect();
            match eval(&typed, self.scope(payload, before, &unknown)).map_err(Trouble::from) {
                Ok(data) => after.set(&wire, Ok(data)),
                Err(Trouble::Unknown(why)) => after.set(&wire, Err(why)),
                Err(Trouble::Wrong(why)) => {
                    let found = format!("there is no value for `self.{}`: {why}", wire.join("."));
                    return fails(format!("`{}` changes the state", event.name), found, span);
                }
            }
        }
        match after.held(Record { types: &self.model.types, fields: &self.aggregate.state }) {
            Ok(after) => Ok(after),
            Err(Trouble::Unknown(why)) => undecided(why),
            Err(Trouble::Wrong(why)) => fails(
                format!("`{}` makes a valid state", event.name),
                format!("it makes one that is none: {why}"),
                span,
            ),
        }
    }

    fn carry_out(&self, command: &Command, payload: &Partly, state: &Partly, span: Span, ends: &mut Ends) {
        for (name, condition) in command.requires.iter() {
            let typed =
                expr::requirement(condition, command, Some(self.aggregate), self.model, &mut Diagnostics::default());
            let decided = self.decide(typed, payload, state);
            if !ends.go_on(name, decided, state, span) {
                return;
            }
        }
        if command.emits.is_empty() {
            ends.ends.push(Ok(End { came: None, state: state.clone() }));
        }
        if let [_, _, ..] = command.emits.as_slice() {
            let all: Vec<String> = command.emits.iter().map(|name| format!("`{}`", name.name)).collect();
            ends.doubt(format!("which of {} `{}` emits is not written in the model", all.join(", "), command.name));
        }
        for name in &command.emits {
            let made = self.emit(command, name, payload, state, span);
            // An event that is not the aggregate's own says nothing of its state.
            let after = |event: &Event, made: &Partly| match self.owns(name) {
                true => self.apply(event, made, state, span),
                false => Ok(state.clone()),
            };
            match made.and_then(|(event, made)| Ok((after(event, &made)?, made))) {
                Ok((after, made)) => {
                    self.hold(Some(Came::Event(name.value.clone(), made)), after, state, span, ends);
                }
                Err(outcome) => ends.ends.push(Err(outcome)),
            }
        }
    }

    fn emit(
        &self,
        command: &Command,
        name: &Spanned<Name>,
        payload: &Partly,
        state: &Partly,
        span: Span,
    ) -> Told<(&'a Event, Partly)> {
        let typed = expr::emitted(command, name, Some(self.aggregate), self.model, &mut Diagnostics::default());
        let event = self.model.event(name).and_then(|event| Some((event, event.fields.as_deref()?)));
        let (Some(typed), Some((event, fields))) = (typed, event) else {
            return undecided(format!("`{}` is a sketch without fields", name.name));
        };
        let unknown: Vec<Unknown> = payload.unknown(Root::Source).chain(state.unknown(Root::State)).collect();
        let record = Record { types: &self.model.types, fields };
        match Partly::made(&typed, record, self.scope(payload, state, &unknown)) {
            Ok(made) => Ok((event, made)),
            Err(Trouble::Unknown(why)) => undecided(why),
            Err(Trouble::Wrong(why)) => {
                let expected = format!("`{}` emits `{}`", command.name, name.name);
                fails(expected, format!("there is no such event for this command: {why}"), span)
            }
        }
    }

    /// Holds a state that something came to against the invariants: what violates one is refused, and nothing changes.
    fn hold(&self, came: Option<Came>, after: Partly, before: &Partly, span: Span, ends: &mut Ends) {
        for (name, condition) in self.aggregate.invariants.iter() {
            let typed = expr::invariant(condition, self.aggregate, self.model, &mut Diagnostics::default());
            let decided = self.decide(typed, &Partly::nothing(), &after);
            if !ends.go_on(name, decided, before, span) {
                return;
            }
        }
        ends.ends.push(Ok(End { came, state: after }));
    }
}
