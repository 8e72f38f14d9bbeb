//! Boards that are too large for one look: the contexts as a map, and some of the steps with what comes in from others.

use super::storm::{Edge, Kind, Link, Slot, Storm};
use isobar_model::model::Name;
use std::collections::BTreeSet;

impl Storm {
    /// How many notes these steps have, copies left out.
    pub(crate) fn size(&self, steps: &[usize]) -> usize {
        let wanted = self.wanted(steps);
        self.notes.iter().filter(|note| !note.ghost && wanted[note.step]).count()
    }

    /// Which steps are among these.
    fn wanted(&self, steps: &[usize]) -> Vec<bool> {
        let mut wanted = vec![false; self.steps.len()];
        steps.iter().for_each(|step| wanted[*step] = true);
        wanted
    }

    /// The steps of a context, in the order in which they are written; none where there is no such context.
    pub(crate) fn steps_of(&self, context: &str) -> Option<Vec<usize>> {
        let lane = self.lanes.iter().position(|it| it == context)?;
        Some((0..self.steps.len()).filter(|step| self.steps[*step] == lane).collect())
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

    /// Some of the steps, with their contexts: what comes from others stands as a copy before what it leads to.
    pub(crate) fn part(&self, steps: &[usize]) -> Storm {
        let wanted = self.wanted(steps);
        let mut part = Storm::default();
        let mut lanes = vec![None; self.lanes.len()];
        let mut places = vec![None; self.notes.len()];
        for (lane, name) in self.lanes.iter().enumerate() {
            if steps.iter().any(|step| self.steps[*step] == lane) {
                lanes[lane] = Some(part.lanes.len());
                part.lanes.push(name.clone());
            }
        }
        let mut steps = vec![None; self.steps.len()];
        for (number, note) in self.notes.iter().enumerate().filter(|(_, note)| wanted[note.step]) {
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
