//! What is on the board, before it has a place: notes, gathered into steps as a storming gathers them (what triggers, the command, who
//! handles it, what happens), and which note leads to which. Only the model is read here; nothing is placed.

use isobar_model::{
    Model,
    model::{ActorKind, Name, Saga},
};
use std::collections::{HashMap, HashSet};

/// What a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Actor,
    System,
    Policy,
    Saga,
    ReadModel,
    Command,
    Aggregate,
    External,
    Event,
    Hotspot,
}

/// Where in its step a note stands, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    /// What comes from far away.
    Ghosts,
    /// Actors, policies, sagas, what is looked at.
    Triggers,
    Command,
    Handler,
    Events,
}

/// How many slots a step has.
pub(crate) const SLOTS: usize = 5;

/// A sticky note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) kind: Kind,
    /// What it stands for: `ordering.OrderPlaced`.
    pub(crate) name: Name,
    /// What is written on it.
    pub(crate) title: String,
    /// A word more, such as the number of a saga's step.
    pub(crate) label: Option<String>,
    /// The step it belongs to.
    pub(crate) step: usize,
    pub(crate) slot: Slot,
    /// Whether it only repeats a note that stands elsewhere.
    pub(crate) ghost: bool,
    /// The note that it repeats, where that is on this board.
    pub(crate) copy_of: Option<usize>,
    /// Whether it is a turning point of the story.
    pub(crate) pivotal: bool,
    pub(crate) deprecated: bool,
}

/// What one note has to do with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Link {
    /// The one leads to the other.
    Flow,
    /// The same, where something has failed.
    Failure,
    /// The other shows what the one tells.
    Feeds,
}

/// From one note to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) link: Link,
}

/// Everything on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Storm {
    /// The contexts, from top to bottom.
    pub(crate) lanes: Vec<String>,
    /// The lane of each step.
    pub(crate) steps: Vec<usize>,
    pub(crate) notes: Vec<Note>,
    pub(crate) edges: Vec<Edge>,
    /// The same edges, to be looked up.
    pub(crate) known: HashSet<Edge>,
}

impl Storm {
    /// The storming of a workspace.
    pub(crate) fn of(model: &Model) -> Storm {
        let mut builder = Builder { model, storm: Storm::default(), places: HashMap::new() };
        builder.storm.lanes = model.contexts.keys().cloned().collect();
        builder.commands();
        builder.other_events();
        builder.policies();
        builder.sagas();
        builder.read_models();
        builder.hotspots();
        builder.storm
    }

    /// A new step in a lane.
    pub(crate) fn step(&mut self, lane: usize) -> usize {
        self.steps.push(lane);
        self.steps.len() - 1
    }

    /// A new note.
    pub(crate) fn note(&mut self, kind: Kind, name: &Name, step: usize, slot: Slot) -> usize {
        let (title, name) = (name.name.clone(), name.clone());
        let (ghost, pivotal, deprecated) = (false, false, false);
        let (label, copy_of) = (None, None);
        self.notes.push(Note { kind, name, title, label, step, slot, ghost, copy_of, pivotal, deprecated });
        self.notes.len() - 1
    }

    /// A step for an event that was released and is no longer part of the model. It stands after all others, so that it moves none.
    pub(crate) fn gone(&mut self, name: &Name) {
        let lane = self.lanes.iter().position(|lane| *lane == name.context);
        let lane = lane.unwrap_or_else(|| {
            self.lanes.push(name.context.clone());
            self.lanes.len() - 1
        });
        let step = self.step(lane);
        self.note(Kind::Event, name, step, Slot::Events);
    }

    /// A new edge, once.
    pub(crate) fn edge(&mut self, from: usize, to: usize, link: Link) {
        let edge = Edge { from, to, link };
        if from != to && self.known.insert(edge) {
            self.edges.push(edge);
        }
    }
}

/// The notes of a model as they are found.
struct Builder<'a> {
    model: &'a Model,
    storm: Storm,
    /// The one note of each command, event and read model.
    places: HashMap<(Kind, Name), usize>,
}

impl Builder<'_> {
    fn lane(&self, context: &str) -> usize {
        // Every name in a model resolves, so that its context is there.
        self.storm.lanes.iter().position(|lane| lane == context).unwrap_or(0)
    }

    fn place(&mut self, kind: Kind, name: &Name, step: usize, slot: Slot) -> usize {
        let note = self.storm.note(kind, name, step, slot);
        self.places.insert((kind, name.clone()), note);
        note
    }

    fn find(&self, kind: Kind, name: &Name) -> Option<usize> {
        self.places.get(&(kind, name.clone())).copied()
    }

    /// The note of an event, in a step of its own if it has none yet.
    fn event(&mut self, name: &Name, step: Option<usize>) -> usize {
        if let Some(note) = self.find(Kind::Event, name) {
            return note;
        }
        let lane = self.lane(&name.context);
        let step = step.unwrap_or_else(|| self.storm.step(lane));
        let note = self.place(Kind::Event, name, step, Slot::Events);
        if let Some(event) = self.model.event(name) {
            self.storm.notes[note].pivotal = event.pivotal;
            self.storm.notes[note].deprecated = event.deprecated.is_some();
        }
        note
    }

    /// A step for each command: who gives it, who handles it, and the events that only it emits.
    fn commands(&mut self) {
        let model = self.model;
        let mut emitters: HashMap<&Name, usize> = HashMap::new();
        for (_, command) in model.commands() {
            command.emits.iter().for_each(|event| *emitters.entry(&event.value).or_default() += 1);
        }
        for (name, command) in model.commands() {
            let lane = self.lane(&name.context);
            let step = self.storm.step(lane);
            let note = self.place(Kind::Command, &name, step, Slot::Command);
            self.storm.notes[note].deprecated = command.deprecated.is_some();
            for actor in &command.by {
                let system = model.contexts.get(&name.context).and_then(|it| it.actors.get(&actor.value));
                let kind = match system.map(|it| it.kind) {
                    Some(ActorKind::System) => Kind::System,
                    _ => Kind::Actor,
                };
                let actor = Name { context: name.context.clone(), name: actor.value.clone() };
                let actor = self.storm.note(kind, &actor, step, Slot::Triggers);
                self.storm.edge(actor, note, Link::Flow);
            }
            let sources = self.handlers(&name, command.aggregate.as_ref(), step, note);
            for event in &command.emits {
                let alone = emitters.get(&event.value) == Some(&1) && event.value.context == name.context;
                let event = self.event(&event.value, alone.then_some(step));
                sources.iter().for_each(|source| self.storm.edge(*source, event, Link::Flow));
            }
        }
    }

    /// The aggregate or the external systems that carry a command out; without any, the command itself is where events come from.
    fn handlers(&mut self, name: &Name, aggregate: Option<&String>, step: usize, command: usize) -> Vec<usize> {
        let mut handlers = Vec::new();
        if let Some(aggregate) = aggregate {
            let aggregate = Name { context: name.context.clone(), name: aggregate.clone() };
            handlers.push(self.storm.note(Kind::Aggregate, &aggregate, step, Slot::Handler));
        }
        for (context, it) in self.model.contexts.iter() {
            let handling = it.external_systems.values().filter(|it| it.handles.iter().any(|it| it.value == *name));
            for system in handling {
                let system = Name { context: context.clone(), name: system.name.value.clone() };
                handlers.push(self.storm.note(Kind::External, &system, step, Slot::Handler));
            }
        }
        handlers.iter().for_each(|handler| self.storm.edge(command, *handler, Link::Flow));
        if handlers.is_empty() { vec![command] } else { handlers }
    }

    /// Events that no single command emits, and those that are made from others.
    fn other_events(&mut self) {
        let model = self.model;
        for (name, event) in model.events().filter(|(_, event)| !event.dropped) {
            let note = self.event(&name, None);
            if let Some(from) = &event.from {
                let from = self.event(&from.value, None);
                self.storm.edge(from, note, Link::Flow);
            }
        }
    }

    fn policies(&mut self) {
        for (context, it) in self.model.contexts.iter() {
            for (name, policy) in it.policies.iter() {
                let name = Name { context: context.clone(), name: name.clone() };
                let commands: Vec<usize> =
                    policy.then.iter().filter_map(|command| self.find(Kind::Command, &command.value)).collect();
                let lane = self.lane(context);
                let step = match commands.first() {
                    Some(first) => self.storm.notes[*first].step,
                    None => self.storm.step(lane),
                };
                let note = self.storm.note(Kind::Policy, &name, step, Slot::Triggers);
                for event in &policy.when {
                    let event = self.event(&event.value, None);
                    self.storm.edge(event, note, Link::Flow);
                }
                commands.iter().for_each(|command| self.storm.edge(note, *command, Link::Flow));
            }
        }
    }

    fn sagas(&mut self) {
        for (context, it) in self.model.contexts.iter() {
            for (name, saga) in it.sagas.iter() {
                self.saga(&Name { context: context.clone(), name: name.clone() }, saga);
            }
        }
    }

    /// A note of the saga before each command that it gives, forwards and back, and before the events that tell of its end.
    fn saga(&mut self, name: &Name, saga: &Saga) {
        let mut came = saga.starts.as_ref().map(|event| self.event(&event.value, None));
        for (number, step) in saga.steps.iter().enumerate() {
            if let Some(command) = self.find(Kind::Command, &step.command.value) {
                let note = self.saga_note(name, command, format!("{}", number + 1));
                came.into_iter().for_each(|event| self.storm.edge(event, note, Link::Flow));
            }
            came = step.ok.as_ref().map(|event| self.event(&event.value, None)).or(came);
        }
        let failures: Vec<(usize, usize)> = (0_usize..)
            .zip(&saga.steps)
            .filter_map(|(number, step)| step.fail.as_ref().map(|event| (number, event)))
            .map(|(number, event)| (number, self.event(&event.value, None)))
            .collect();
        for (number, step) in saga.steps.iter().enumerate() {
            // What was done is undone when a later step fails.
            let later = failures.iter().filter(|(at, _)| *at > number).map(|(_, event)| *event).collect::<Vec<_>>();
            let undo = step.undo.as_ref().and_then(|undo| self.find(Kind::Command, &undo.value));
            if let (Some(command), false) = (undo, later.is_empty()) {
                let note = self.saga_note(name, command, format!("undo {}", number + 1));
                later.iter().for_each(|event| self.storm.edge(*event, note, Link::Failure));
            }
        }
        if let Some(event) = &saga.succeeds {
            self.saga_end(name, &event.value, came.into_iter().collect(), ("done", Link::Flow));
        }
        if let Some(event) = &saga.fails {
            let failures = failures.into_iter().map(|(_, event)| event).collect();
            self.saga_end(name, &event.value, failures, ("failed", Link::Failure));
        }
    }

    fn saga_note(&mut self, name: &Name, command: usize, label: String) -> usize {
        let note = self.storm.note(Kind::Saga, name, self.storm.notes[command].step, Slot::Triggers);
        let link = if label.starts_with("undo") { Link::Failure } else { Link::Flow };
        self.storm.notes[note].label = Some(label);
        self.storm.edge(note, command, link);
        note
    }

    fn saga_end(&mut self, name: &Name, event: &Name, causes: Vec<usize>, (label, link): (&str, Link)) {
        let event = self.event(event, None);
        let step = self.storm.notes[event].step;
        // An event that a command emits is told by that command.
        let alone = self.storm.notes.iter().all(|note| note.step != step || note.kind != Kind::Command);
        if alone && !causes.is_empty() {
            let note = self.storm.note(Kind::Saga, name, step, Slot::Triggers);
            self.storm.notes[note].label = Some(label.into());
            causes.into_iter().for_each(|cause| self.storm.edge(cause, note, link));
            self.storm.edge(note, event, link);
        }
    }

    /// A read model stands behind the events that it is made of; commands whose givers look at it have a copy.
    fn read_models(&mut self) {
        let model = self.model;
        for (context, it) in model.contexts.iter() {
            for (name, read_model) in it.read_models.iter() {
                let name = Name { context: context.clone(), name: name.clone() };
                let lane = self.lane(context);
                let step = self.storm.step(lane);
                let note = self.place(Kind::ReadModel, &name, step, Slot::Triggers);
                for projection in &read_model.from {
                    let event = self.event(&projection.event.value, None);
                    self.storm.edge(event, note, Link::Feeds);
                }
            }
        }
        for (name, command) in model.commands() {
            let Some(command_note) = self.find(Kind::Command, &name) else { continue };
            let step = self.storm.notes[command_note].step;
            for used in &command.uses {
                let copy = self.storm.note(Kind::ReadModel, &used.value, step, Slot::Triggers);
                self.storm.notes[copy].ghost = true;
                self.storm.notes[copy].copy_of = self.find(Kind::ReadModel, &used.value);
                self.storm.edge(copy, command_note, Link::Flow);
            }
        }
    }

    /// An open question stands under what it is about; one about nothing on the board, in a step of its own.
    fn hotspots(&mut self) {
        for (context, it) in self.model.contexts.iter() {
            for hotspot in &it.hotspots {
                let about = self.storm.notes.iter().find(|note| {
                    let full = note.name.to_string() == hotspot.at.value;
                    !note.ghost && (full || (note.name.context == *context && note.name.name == hotspot.at.value))
                });
                let place = about.map(|note| (note.step, note.slot));
                let lane = self.lane(context);
                let (step, slot) = place.unwrap_or_else(|| (self.storm.step(lane), Slot::Events));
                let name = Name { context: context.clone(), name: hotspot.at.value.clone() };
                let note = self.storm.note(Kind::Hotspot, &name, step, slot);
                self.storm.notes[note].title.clone_from(&hotspot.note);
            }
        }
    }
}
