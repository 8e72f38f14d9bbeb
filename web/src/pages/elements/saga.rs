//! The page of a saga: its messages in time, with what happens if a step fails in frames of its own, and the same in words.

use super::{
    Section, Told, cell, facts, linked, mono,
    section::{named, time},
    table, text,
};
use crate::pages::{
    drawing::{self, Frame, Line, Note, Sequence, Turn},
    message::{Link, link},
    site::Shown,
};
use isobar_model::{
    Model, Spanned,
    model::{Context, Name, Saga, SagaStep, SagaStyle},
};

/// More turns than this are told in the table of its steps alone.
const MOST: usize = 200;

pub(super) fn saga(shown: &Shown, context: &Context, name: &Name) -> Option<Told> {
    let it = context.sagas.get(&name.name)?;
    let named_in = |kind: &'static str, name: &Option<Spanned<Name>>| {
        name.as_ref().map_or_else(|| text("–"), |name| cell(link(shown, kind, &name.value, None)))
    };
    let steps = it.steps.iter().enumerate().map(|(number, step)| {
        vec![
            text((number + 1).to_string()),
            cell(link(shown, "command", &step.command.value, None)),
            named_in("event", &step.ok),
            named_in("event", &step.fail),
            named_in("command", &step.undo),
            text(step.timeout.map_or_else(|| "–".into(), time)),
        ]
    });
    let ends = [(&it.succeeds, "tells of success"), (&it.fails, "tells of failure")];
    let ends = ends
        .into_iter()
        .filter_map(|(event, note)| event.as_ref().map(|event| link(shown, "event", &event.value, Some(note.into()))));
    let ends: Vec<Link> = ends.collect();
    let style = match it.style {
        SagaStyle::Orchestrated => "a coordinator (orchestrated)",
        SagaStyle::Choreographed => "events alone (choreographed)",
    };
    let sequence = Story::of(shown, name, it).told();
    let words = sequence.frames.iter().map(|frame| sentence(frame, &sequence.lines));
    // Each way to fail tells again what came before it.
    let drawn = sequence.frames.iter().map(|frame| frame.turns.len()).sum::<usize>() <= MOST;
    let sections = vec![
        Section {
            title: "What happens when".into(),
            lead: (!drawn).then(|| "It has too many steps to be drawn: they are told below.".into()),
            words: if drawn { words.collect() } else { Vec::new() },
            svg: drawn.then(|| drawing::sequence(&sequence)),
            ..Section::default()
        },
        linked("Begins with", "", named(shown, &it.starts, "event")),
        table("Steps", &["Step", "Does", "Goes on with", "Turns back with", "Undone by", "Waits at most"], steps),
        linked("Ends with", "", ends),
        facts(
            "How it is driven",
            [("Driven by", Some(text(style))), ("Key", it.key.as_ref().map(|key| mono(&key.value)))],
        ),
    ];
    Some(("saga", it.doc.clone(), sections))
}

/// A frame in words.
fn sentence(frame: &Frame, lines: &[Line]) -> String {
    let who = |at: usize| lines.get(at).map_or("", |line| line.name.as_str());
    let said = |turn: &Turn| {
        let (from, to, name) = (who(turn.from), who(turn.to), &turn.note.name);
        let beside = turn.beside.as_ref().map(|it| format!(", which {it}")).unwrap_or_default();
        match (turn.note.kind, turn.from == turn.to) {
            ("command", true) => format!("{to} does {name}{beside}"),
            ("command", false) => format!("{from} has {to} do {name}{beside}"),
            (_, true) => format!("{from} tells {name}"),
            (_, false) => format!("{from} tells {to} {name}"),
        }
    };
    let turns: Vec<String> = frame.turns.iter().map(said).collect();
    let case = frame.case.as_deref().unwrap_or("If all goes well");
    format!("{case}: {}. {}.", turns.join("; "), frame.end)
}

/// A saga on its way to a sequence.
struct Story<'a> {
    shown: &'a Shown,
    it: &'a Saga,
    lines: Vec<Line>,
    /// The line of who drives it; none where nobody does.
    hub: Option<usize>,
}

impl<'a> Story<'a> {
    fn of(shown: &'a Shown, name: &Name, it: &'a Saga) -> Story<'a> {
        let mut story = Story { shown, it, lines: Vec::new(), hub: None };
        if let Some(start) = &it.starts {
            story.teller(&start.value);
        }
        if it.style == SagaStyle::Orchestrated {
            story.hub = Some(story.line("saga", name.name.clone()));
        }
        story
    }

    /// The line of a participant, which may be a new one.
    fn line(&mut self, kind: &'static str, name: String) -> usize {
        let line = Line { name, kind };
        self.lines.iter().position(|it| *it == line).unwrap_or_else(|| {
            self.lines.push(line);
            self.lines.len() - 1
        })
    }

    /// Who carries a command out: its aggregate, an external system, or some service of its context.
    fn doer(&mut self, command: &Name) -> usize {
        let (kind, name) = doer(&self.shown.workspace.model, command);
        self.line(kind, name)
    }

    /// Who tells an event.
    fn teller(&mut self, event: &Name) -> usize {
        let model = &self.shown.workspace.model;
        let aggregate = model.event(event).and_then(|it| it.aggregate.as_ref());
        let command = || model.commands().find(|(_, command)| command.emits.iter().any(|it| it.value == *event));
        let (kind, name) = match aggregate {
            Some(aggregate) => ("aggregate", format!("{}.{aggregate}", event.context)),
            None => command().map_or_else(|| ("context", event.context.clone()), |(name, _)| doer(model, &name)),
        };
        self.line(kind, name)
    }

    fn note(&self, kind: &'static str, name: &Name) -> Note {
        Note { kind, name: name.name.clone(), href: link(self.shown, kind, name, None).href }
    }

    fn turn(&self, from: usize, to: usize, kind: &'static str, name: &Name) -> Turn {
        Turn { from, to, note: self.note(kind, name), class: "", beside: None }
    }

    fn told(mut self) -> Sequence {
        let mut frames = vec![self.going_well()];
        for (number, step) in self.it.steps.iter().enumerate() {
            frames.extend(self.failing(number, step));
        }
        Sequence {
            id: "sequence".into(),
            title: "What happens when".into(),
            words: "It is told in words below.".into(),
            lines: self.lines,
            frames,
        }
    }

    /// The event that is told, to whoever drives it or to who comes next.
    fn tell(&mut self, turns: &mut Vec<Turn>, from: usize, event: &Name, next: Option<usize>) {
        let to = self.hub.or(next).unwrap_or(from);
        turns.push(self.turn(from, to, "event", event));
    }

    fn going_well(&mut self) -> Frame {
        let mut turns = Vec::new();
        let doers: Vec<usize> = self.it.steps.iter().map(|step| self.doer(&step.command.value)).collect();
        if let Some(start) = &self.it.starts {
            let from = self.teller(&start.value);
            self.tell(&mut turns, from, &start.value, doers.first().copied());
        }
        for (number, (step, doer)) in self.it.steps.iter().zip(&doers).enumerate() {
            let mut turn = self.turn(self.hub.unwrap_or(*doer), *doer, "command", &step.command.value);
            turn.beside = step.timeout.map(|seconds| format!("may take {}", time(seconds)));
            turns.push(turn);
            if let Some(ok) = &step.ok {
                self.tell(&mut turns, *doer, &ok.value, doers.get(number + 1).copied());
            }
        }
        let end = self.end(&mut turns, self.it.succeeds.as_ref(), doers.last().copied());
        Frame { case: None, turns, end: end.unwrap_or_else(|| "All is done".into()) }
    }

    /// How it ends: with an event, where there is one.
    fn end(&mut self, turns: &mut Vec<Turn>, event: Option<&Spanned<Name>>, at: Option<usize>) -> Option<String> {
        let event = event?;
        let to = self.teller(&event.value);
        let from = self.hub.or(at).unwrap_or(to);
        turns.push(self.turn(from, to, "event", &event.value));
        Some(format!("It ends with {}", event.value.name))
    }

    /// What happens if a step fails: what was done before is undone, the last first.
    fn failing(&mut self, number: usize, step: &SagaStep) -> Option<Frame> {
        let waits = step.timeout.map(|seconds| format!("no answer comes within {}", time(seconds)));
        let fails = step.fail.as_ref().map(|fail| format!("{} comes", fail.value.name));
        let case: Vec<String> = fails.into_iter().chain(waits).collect();
        if case.is_empty() {
            return None;
        }
        let mut turns = Vec::new();
        let mut at = self.doer(&step.command.value);
        let done = self.it.steps.get(..number).unwrap_or_default();
        let undone: Vec<&Name> = done.iter().rev().filter_map(|it| it.undo.as_ref()).map(|it| &it.value).collect();
        let next = undone.first().map(|undo| self.doer(undo));
        if let Some(fail) = &step.fail {
            let next = next.or_else(|| self.it.fails.as_ref().map(|fails| self.teller(&fails.value)));
            self.tell(&mut turns, at, &fail.value, next);
        }
        for undo in &undone {
            at = self.doer(undo);
            let mut turn = self.turn(self.hub.unwrap_or(at), at, "command", undo);
            turn.class = "undo";
            turns.push(turn);
        }
        let kept = done.iter().filter(|it| it.undo.is_none()).map(|it| it.command.value.name.clone());
        let kept: Vec<String> = kept.collect();
        let mut end = self.end(&mut turns, self.it.fails.as_ref(), Some(at)).unwrap_or_else(|| "It ends here".into());
        if !kept.is_empty() {
            end = format!("{end}; nothing undoes {}", kept.join(", "));
        }
        let case = format!("If step {}, {}, fails: {}", number + 1, step.command.value.name, case.join(", or "));
        Some(Frame { case: Some(case), turns, end })
    }
}

fn doer(model: &Model, command: &Name) -> (&'static str, String) {
    if let Some(aggregate) = model.command(command).and_then(|it| it.aggregate.as_ref()) {
        return ("aggregate", format!("{}.{aggregate}", command.context));
    }
    let systems = model.contexts.values().flat_map(|context| context.external_systems.values());
    let system = systems.into_iter().find(|it| it.handles.iter().any(|it| it.value == *command));
    system.map_or_else(|| ("context", command.context.clone()), |it| ("external", it.name.value.clone()))
}
