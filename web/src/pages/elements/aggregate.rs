//! The page of an aggregate: its states and what leads from one to another, what it is asked, what happens to it, what always holds, and
//! its scenarios with what became of each.

use super::{
    Cell, Section, Told, cell, chip, facts, mono,
    section::{cells, named},
    table, text, types, written,
};
use crate::pages::{
    drawing::{self, Note},
    listing::Part,
    masked,
    message::link,
    site::Shown,
};
use isobar_model::{
    Spanned, Value,
    model::{self, Aggregate, Context, Name},
};
use isobar_registry::payload::{
    machines::{self, Machine, Move, State},
    scenarios::{self, Outcome},
};

/// More states or lines than these are told in the table alone.
const MOST: (usize, usize) = (30, 60);
/// From so many states on, what happens in all of them is drawn once.
const ANY: usize = 3;

pub(super) fn aggregate(shown: &Shown, context: &Context, name: &Name, part: &Part) -> Option<Told> {
    let it = context.aggregates.get(&name.name)?;
    let full = |own: &String| Name { context: name.context.clone(), name: own.clone() };
    let commands = it.commands.iter().filter_map(|own| context.commands.get(own));
    let commands = part.made(commands, |command| {
        let mut who = cell(link(shown, "command", &full(&command.name.value), None));
        if command.creates {
            who.extend([text(" "), chip("", "makes a new one")].concat());
        }
        let unless = command.requires.iter().enumerate().flat_map(|(number, (name, it))| {
            let between = if number > 0 { text(" and ") } else { Cell::new() };
            [between, mono(written(shown, &it.value)), text(format!(" ({name})"))].concat()
        });
        let unless = if command.requires.is_empty() { text("is never refused") } else { unless.collect() };
        vec![who, unless, cells(named(shown, &command.emits, "event"), " or ")]
    });
    let changes = part.made(it.events.iter().filter_map(|own| context.events.get(own)), |event| {
        let applied: Vec<String> = event
            .apply
            .iter()
            .map(|it| format!("{} = {}", it.target.value.join("."), written(shown, &it.expr)))
            .collect();
        let changes = if applied.is_empty() { text("nothing of its state") } else { mono(applied.join(", ")) };
        vec![cell(link(shown, "event", &full(&event.name.value), None)), changes]
    });
    let invariants = it.invariants.iter().map(|(name, it)| vec![text(name), mono(written(shown, &it.value))]);
    let mut sections = states(shown, name, it);
    sections.extend([
        table("Commands", &["Command", "Refused unless", "Emits"], commands),
        table("Events", &["Event", "Changes"], changes),
        table("Always true", &["Name", "Condition"], invariants),
        scenarios(shown, name, it),
        types::fields("What it keeps", shown, &it.state),
        facts(
            "In short",
            [
                ("Identified by", it.key.as_ref().map(|key| mono(&key.value))),
                ("Snapshot", it.snapshot_every.map(|every| text(format!("every {every} events")))),
            ],
        ),
    ]);
    Some(("aggregate", it.doc.clone(), sections))
}

/// The machines that can be read off, each drawn and as a table, or why there is none.
fn states(shown: &Shown, name: &Name, it: &Aggregate) -> Vec<Section> {
    match machines::of(&shown.workspace.model, &name.context, it) {
        Err(why) => vec![Section { title: "States".into(), none: why.replace('`', ""), ..Section::default() }],
        Ok(machines) => {
            machines.iter().enumerate().map(|(number, machine)| states_of(shown, name, number, machine)).collect()
        }
    }
}

/// What happens, and in which states: in one, or in all that there are.
struct Grouped<'a> {
    /// `None` for all states but the one that it leads to.
    from: Option<usize>,
    it: &'a Move,
}

/// The moves, with those that happen in every state told once.
fn grouped(machine: &Machine) -> Vec<Grouped<'_>> {
    let mut reached: Vec<usize> = vec![0];
    reached.extend(machine.moves.iter().filter_map(|it| it.to));
    reached.sort_unstable();
    reached.dedup();
    let alike = |a: &Move, b: &Move| a.command == b.command && a.event == b.event && a.to == b.to;
    let everywhere = |it: &Move| {
        let others = reached.iter().filter(|state| Some(**state) != it.to);
        let mut all =
            others.clone().map(|state| machine.moves.iter().any(|other| other.from == *state && alike(it, other)));
        others.count() >= ANY && all.all(|found| found)
    };
    let mut all: Vec<Grouped<'_>> = Vec::new();
    for it in &machine.moves {
        let from = (!everywhere(it)).then_some(it.from);
        if from.is_some() || !all.iter().any(|known| known.from.is_none() && alike(known.it, it)) {
            all.push(Grouped { from, it });
        }
    }
    all.sort_by_key(|it| it.from.unwrap_or(usize::MAX));
    all
}

fn states_of(shown: &Shown, name: &Name, number: usize, machine: &Machine) -> Section {
    let moves = grouped(machine);
    let called =
        |at: Option<usize>, none: &str| at.map_or_else(|| none.to_owned(), |at| state(&name.name, machine, at));
    let row = |it: &Grouped<'_>| {
        let named =
            |kind: &'static str, name: &Option<Name>| name.as_ref().map(|name| cell(link(shown, kind, name, None)));
        let to = if it.it.to.is_some() && it.it.to == it.from {
            text("stays as it is")
        } else {
            text(called(it.it.to, "what the event says"))
        };
        vec![
            text(called(it.from, "any state")),
            named("command", &it.it.command).unwrap_or_else(|| text("no command of its own")),
            named("event", &it.it.event).unwrap_or_default(),
            to,
        ]
    };
    let begins = match &machine.field {
        Some(field) => format!("What {field} says of it. It begins as {}.", called(Some(0), "")),
        None => "Whether there is one: nothing else tells its states apart.".into(),
    };
    let title = match &machine.field {
        Some(field) => format!("States by {field}"),
        None => "States".into(),
    };
    let mut words = Vec::new();
    let idle: Vec<String> = (1..machine.states.len())
        .filter(|at| machine.moves.iter().all(|it| it.to != Some(*at)))
        .map(|at| called(Some(at), ""))
        .collect();
    if !idle.is_empty() {
        words.push(format!("Nothing leads to {}.", idle.join(", ")));
    }
    let drawn = machine.states.len() <= MOST.0 && moves.len() <= MOST.1;
    Section {
        title,
        svg: drawn.then(|| drawing::machine(&drawing_of(shown, name, number, machine, &moves))),
        lead: Some(begins),
        words,
        head: vec!["In", "comes", "and tells", "Then it is"],
        rows: moves.iter().map(row).collect(),
        ..Section::default()
    }
}

/// What a state is called.
fn state(aggregate: &str, machine: &Machine, at: usize) -> String {
    let flag = |it: &str| machine.field.as_ref().filter(|_| matches!(it, "true" | "false")).cloned();
    match machine.states.get(at) {
        Some(State::Value(text)) => match flag(text) {
            Some(field) if text == "true" => field,
            Some(field) => format!("not {field}"),
            None => text.clone(),
        },
        Some(State::Unset) => "not set yet".into(),
        Some(State::Nothing) | None => format!("no {aggregate} yet"),
        Some(State::Being) => aggregate.to_owned(),
    }
}

fn drawing_of(shown: &Shown, name: &Name, number: usize, machine: &Machine, moves: &[Grouped<'_>]) -> drawing::Machine {
    let notes = |it: &Move| {
        let note = |kind: &'static str, name: &Option<Name>| {
            name.as_ref().map(|name| Note { kind, name: name.name.clone(), href: link(shown, kind, name, None).href })
        };
        [note("command", &it.command), note("event", &it.event)].into_iter().flatten().collect::<Vec<Note>>()
    };
    // States that nothing leads to are told of, and not drawn.
    let is_drawn = |at: &usize| *at == 0 || moves.iter().any(|it| it.it.to == Some(*at));
    let places: Vec<usize> = (0..machine.states.len()).filter(is_drawn).collect();
    let any = moves.iter().any(|it| it.from.is_none()).then_some(places.len());
    let told = moves.iter().any(|it| it.it.to.is_none()).then_some(places.len() + usize::from(any.is_some()));
    let mut states: Vec<drawing::State> = places
        .iter()
        .map(|&at| {
            let inner = moves.iter().filter(|it| it.from == Some(at) && it.it.to == Some(at)).map(|it| notes(it.it));
            let leads_on = moves.iter().any(|it| it.from == Some(at));
            let (said, class) = match (at, leads_on, any) {
                (0, ..) => (Some("it begins here"), "first"),
                (_, true, _) => (None, ""),
                (_, false, None) => (Some("it ends here"), "last"),
                (_, false, Some(_)) => (None, "last"),
            };
            drawing::State { name: state(&name.name, machine, at), said, class, inner: inner.collect() }
        })
        .collect();
    let place = |at: usize| places.iter().position(|it| *it == at).unwrap_or(0);
    let extra = |name: &str| drawing::State { name: name.into(), said: None, class: "any", inner: Vec::new() };
    states.extend(any.map(|_| extra("any state")));
    states.extend(told.map(|_| extra("what the event says")));
    let mut ties: Vec<drawing::Tie> = Vec::new();
    for it in moves.iter().filter(|it| it.from.is_none() || it.from != it.it.to) {
        let from = it.from.map(place).or(any).unwrap_or(0);
        let to = it.it.to.map(place).or(told).unwrap_or(0);
        match ties.iter_mut().find(|tie| tie.from == from && tie.to == to) {
            Some(tie) => tie.moves.push(notes(it.it)),
            None => ties.push(drawing::Tie { from, to, moves: vec![notes(it.it)] }),
        }
    }
    drawing::Machine {
        id: format!("states-{number}"),
        title: format!("The states of {}", name.name),
        words: "The table below says the same in words.".into(),
        states,
        ties,
    }
}

fn scenarios(shown: &Shown, name: &Name, aggregate: &Aggregate) -> Section {
    let ran = scenarios::run_of(&shown.workspace.model, &name.context, aggregate);
    let said = |(name, value): &(Spanned<Name>, Spanned<Value>)| {
        let kind = if shown.workspace.model.event(&name.value).is_some() { "event" } else { "command" };
        let payload = mono(masked::message(shown, &name.value, &value.value).to_string());
        [cell(link(shown, kind, &name.value, None)), text(" "), payload].concat()
    };
    let row = |it: &model::Scenario| {
        let mut given: Vec<Cell> = it.given.iter().map(said).collect();
        if given.is_empty() {
            given.push(text("nothing"));
        }
        let then = it.then.iter().map(|then| match then {
            model::Outcome::Event(name, value) => {
                let payload = value.as_ref().map(|it| mono(masked::message(shown, &name.value, &it.value).to_string()));
                let payload = payload.unwrap_or_default();
                [cell(link(shown, "event", &name.value, None)), text(" "), payload].concat()
            }
            model::Outcome::Refused(name) => text(&name.value),
        });
        let mut then: Vec<Cell> = then.collect();
        let state =
            |value: &Value| masked::record(shown, &shown.workspace.model.types, &aggregate.state, value).to_string();
        then.extend(it.state.as_ref().map(|it| [text("state "), mono(state(&it.value))].concat()));
        let outcome = match ran.iter().find(|ran| ran.scenario == it.name.value).map(|ran| &ran.outcome) {
            Some(Outcome::Holds) => chip("good", "holds"),
            Some(Outcome::Fails { expected, found, .. }) => {
                [chip("bad", "fails"), text(format!(" expected {expected}; {found}"))].concat()
            }
            Some(Outcome::Undecided(why)) => [chip("warn", "undecided"), text(format!(" {why}"))].concat(),
            None => Vec::new(),
        };
        let when = it.when.as_ref().map(said).unwrap_or_default();
        vec![text(&it.name.value), joined(given), when, joined(then), outcome]
    };
    table("Scenarios", &["Scenario", "Given", "When", "Then", "Result"], aggregate.scenarios.iter().map(row))
}

fn joined(all: Vec<Cell>) -> Cell {
    let mut out = Cell::new();
    for (number, it) in all.into_iter().enumerate() {
        if number > 0 {
            out.extend(text(", "));
        }
        out.extend(it);
    }
    out
}
