//! What leads to a note or from it, and the ways that are taken when something fails. A copy goes on where its note does,
//! but what somebody looks at is the end of a flow, or all would lead to all. The script of the page follows flows by the same rules, so that a link that somebody shares shows what was seen.

use super::{
    place::Board,
    storm::{Kind, Link},
};
use std::collections::BTreeSet;

impl Board {
    /// The notes that lead to what has this name (`ordering.OrderPlaced`) or that it leads to, itself included; none if nothing has it.
    pub(crate) fn flow(&self, name: &str) -> Option<BTreeSet<usize>> {
        let named = self.notes.iter().enumerate().filter(|(_, placed)| placed.note.name.to_string() == name);
        let start: Vec<usize> = named.map(|(number, _)| number).collect();
        if start.is_empty() {
            return None;
        }
        let mut flow = self.reached(&start, |from, to| (from, to));
        flow.extend(self.reached(&start, |from, to| (to, from)));
        Some(flow)
    }

    /// The notes on the ways that are taken when something fails: what failed, in its step, and all that comes of it.
    pub(crate) fn failing(&self) -> BTreeSet<usize> {
        let failures = self.edges.iter().filter(|edge| edge.link == Link::Failure);
        let (mut failed, mut start) = (BTreeSet::new(), Vec::new());
        for edge in failures {
            start.extend([edge.from, edge.to]);
            // A copy stands for what happened elsewhere.
            let note = self.notes[edge.from].note.copy_of.unwrap_or(edge.from);
            if self.notes[note].note.kind == Kind::Event {
                failed.insert(note);
            }
        }
        let mut all = self.reached(&start, |from, to| (from, to));
        let within = |edge: &&super::place::Routed| self.notes[edge.from].note.step == self.notes[edge.to].note.step;
        let mut todo: Vec<usize> = failed.iter().copied().collect();
        while let Some(at) = todo.pop() {
            all.insert(at);
            let before = self.edges.iter().filter(within).filter(|edge| edge.to == at && !edge.back);
            todo.extend(before.map(|edge| edge.from).filter(|from| !all.contains(from)).collect::<Vec<_>>());
        }
        all
    }

    /// Everything that can be come to along edges that lead forwards; `turn` says which way they are followed.
    fn reached(&self, start: &[usize], turn: impl Fn(usize, usize) -> (usize, usize)) -> BTreeSet<usize> {
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.notes.len()];
        let edges = self.edges.iter().filter(|edge| !edge.back).map(|edge| (edge.from, edge.to));
        let copies = self.notes.iter().enumerate().filter(|(_, placed)| placed.note.kind != Kind::ReadModel);
        let copies = copies.filter_map(|(copy, placed)| Some((placed.note.copy_of?, copy)));
        for (from, to) in edges.chain(copies).map(|(from, to)| turn(from, to)) {
            next[from].push(to);
        }
        let (mut seen, mut todo): (BTreeSet<usize>, Vec<usize>) = (start.iter().copied().collect(), start.to_vec());
        while let Some(at) = todo.pop() {
            todo.extend(next[at].iter().copied().filter(|it| seen.insert(*it)));
        }
        seen
    }
}
