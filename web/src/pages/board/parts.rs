//! Boards that are too large for one look: the contexts as a map, and one context by itself with what comes in from others.

use super::storm::{Edge, Kind, Link, Slot, Storm};
use isobar_model::model::Name;
use std::{collections::BTreeSet, ops::Range};

impl Storm {
    /// How many notes there are, copies left out.
    pub(crate) fn size(&self) -> usize {
        self.notes.iter().filter(|note| !note.ghost).count()
    }

    /// One note for each context, with how many events it has, and an edge where one leads to another.
    pub(crate) fn map(&self) -> Storm {
        let mut map = Storm { lanes: vec![String::new()], ..Storm::default() };
        for (lane, name) in self.lanes.iter().enumerate() {
            let step = map.step(0);
            let name = Name { context: name.clone(), name: name.clone() };
            let note = map.note(Kind::Aggregate, &name, step, Slot::Events);
            let own = |note: &&super::storm::Note| self.steps[note.step] == lane && !note.ghost;
            let events = self.notes.iter().filter(own).filter(|note| note.kind == Kind::Event).count();
            map.notes[note].label = Some(format!("{events} events"));
        }
        // From context to context once, whatever leads there.
        let lane = |note: usize| self.steps[self.notes[note].step];
        let links: BTreeSet<(usize, usize)> =
            self.edges.iter().map(|edge| (lane(edge.from), lane(edge.to))).filter(|(from, to)| from != to).collect();
        links.into_iter().for_each(|(from, to)| map.edge(from, to, Link::Flow));
        map
    }

    /// One context by itself.
    pub(crate) fn only(&self, context: &str) -> Option<Storm> {
        let lane = self.lanes.iter().position(|it| it == context)?;
        let mut part = self.part(|step| self.steps[step] == lane);
        // One without a note is a context all the same.
        part.lanes = vec![context.to_owned()];
        Some(part)
    }

    /// Some of the steps, in the order in which they are written.
    pub(crate) fn stretch(&self, steps: Range<usize>) -> Storm {
        self.part(|step| steps.contains(&step))
    }

    /// The steps that are wanted, with their contexts: what comes from others stands as a copy before what it leads to.
    fn part(&self, wanted: impl Fn(usize) -> bool) -> Storm {
        let mut part = Storm::default();
        let mut lanes = vec![None; self.lanes.len()];
        let mut steps = vec![None; self.steps.len()];
        let mut places = vec![None; self.notes.len()];
        for (lane, name) in self.lanes.iter().enumerate() {
            if (0..self.steps.len()).any(|step| self.steps[step] == lane && wanted(step)) {
                lanes[lane] = Some(part.lanes.len());
                part.lanes.push(name.clone());
            }
        }
        for (number, note) in self.notes.iter().enumerate().filter(|(_, note)| wanted(note.step)) {
            // A step that is wanted has a lane.
            let Some(lane) = lanes[self.steps[note.step]] else { continue };
            let step = *steps[note.step].get_or_insert_with(|| part.step(lane));
            let mut note = note.clone();
            note.step = step;
            part.notes.push(note);
            places[number] = Some(part.notes.len() - 1);
        }
        part.notes.iter_mut().for_each(|note| note.copy_of = note.copy_of.and_then(|of| places[of]));
        for Edge { from, to, link } in &self.edges {
            let Some(to) = places[*to] else { continue };
            let from = places[*from].unwrap_or_else(|| {
                let mut copy = self.notes[*from].clone();
                (copy.step, copy.slot, copy.ghost, copy.pivotal) = (part.notes[to].step, Slot::Ghosts, true, false);
                copy.copy_of = None;
                let known = part
                    .notes
                    .iter()
                    .position(|it| it.ghost && it.step == copy.step && it.name == copy.name && it.kind == copy.kind);
                known.unwrap_or_else(|| {
                    part.notes.push(copy);
                    part.notes.len() - 1
                })
            });
            part.edge(from, to, *link);
        }
        part
    }
}
