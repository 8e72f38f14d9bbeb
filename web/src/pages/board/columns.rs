//! When things happen: each step's column is the length of the longest way that leads to it. Ways that lead back are found first, in the
//! order in which steps are declared, and left out; what is added at an end changes nothing before it. Events that stand alone, such as
//! those of a history that was imported, are laid side by side.

use super::storm::{Edge, Link, Slot, Storm};

/// The columns, and which edges lead back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The column of each step.
    pub(crate) of: Vec<usize>,
    /// Whether each edge, in the order of the storm's, closes a loop.
    pub(crate) back: Vec<bool>,
}

/// How far an edge may reach before a copy of its note stands in for it.
const REACH: usize = 1;
/// How many events that stand alone are a handy stack, and how many stand side by side if there are more.
const STACK: usize = 5;
const ABREAST: usize = 7;

pub(crate) fn columns(storm: &Storm) -> Columns {
    let steps = storm.steps.len();
    let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); steps];
    for (number, edge) in storm.edges.iter().enumerate() {
        let (from, to) = (storm.notes[edge.from].step, storm.notes[edge.to].step);
        if from != to {
            out[from].push((to, number));
        }
    }
    let (mut back, order) = loops(&out, storm.edges.len());
    // In a step, a loop is what leads to the left.
    for (edge, back) in storm.edges.iter().zip(&mut back) {
        let (from, to) = (&storm.notes[edge.from], &storm.notes[edge.to]);
        *back |= from.step == to.step && from.slot >= to.slot;
    }
    let mut of = abreast(storm);
    // Whatever leads to a step comes before it in this order.
    for &step in &order {
        for &(to, edge) in &out[step] {
            if !back[edge] {
                of[to] = of[to].max(of[step] + 1);
            }
        }
    }
    Columns { of, back }
}

/// Where steps begin: in the first column. More events of one lane than would make a handy stack, which nothing is known to lead to,
/// stand in rows instead. What they lead to does not count, so that it may be added without moving them.
fn abreast(storm: &Storm) -> Vec<usize> {
    let mut alone = vec![true; storm.steps.len()];
    storm.notes.iter().for_each(|note| alone[note.step] &= note.slot == Slot::Events);
    for edge in &storm.edges {
        alone[storm.notes[edge.to].step] = false;
    }
    let mut of = vec![0; storm.steps.len()];
    for lane in 0..storm.lanes.len() {
        let steps: Vec<usize> = (0..of.len()).filter(|step| storm.steps[*step] == lane && alone[*step]).collect();
        if steps.len() > STACK {
            steps.into_iter().zip((0..ABREAST).cycle()).for_each(|(step, column)| of[step] = column);
        }
    }
    of
}

/// Which edges lead back into the way that led to them, and the steps in an order in which all others lead forwards.
fn loops(out: &[Vec<(usize, usize)>], edges: usize) -> (Vec<bool>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        New,
        Open,
        Done,
    }
    let (mut seen, mut back, mut finished) = (vec![Seen::New; out.len()], vec![false; edges], Vec::new());
    let mut entered = vec![false; out.len()];
    out.iter().flatten().for_each(|(to, _)| entered[*to] = true);
    // A story begins with what nothing leads to; steps that are only in loops come after.
    let starts = (0..out.len()).filter(|step| !entered[*step]).chain((0..out.len()).filter(|step| entered[*step]));
    for start in starts.collect::<Vec<_>>() {
        if seen[start] != Seen::New {
            continue;
        }
        // The way from the start to here, with how many of each step's edges were followed.
        let mut way = vec![(start, 0)];
        seen[start] = Seen::Open;
        while let Some((step, followed)) = way.last_mut() {
            let Some(&(to, edge)) = out[*step].get(*followed) else {
                seen[*step] = Seen::Done;
                finished.push(*step);
                way.pop();
                continue;
            };
            *followed += 1;
            match seen[to] {
                Seen::Open => back[edge] = true,
                Seen::Done => {}
                Seen::New => {
                    seen[to] = Seen::Open;
                    way.push((to, 0));
                }
            }
        }
    }
    finished.reverse();
    (back, finished)
}

/// Replaces what reaches too far by copies of its notes, each at the step that it leads to. What leads back is left as it is.
pub(crate) fn with_ghosts(mut storm: Storm, columns: &mut Columns) -> Storm {
    let edges = std::mem::take(&mut storm.edges);
    let mut back = Vec::with_capacity(edges.len());
    for (edge, leads_back) in edges.into_iter().zip(&columns.back) {
        let (from, to) = (storm.notes[edge.from].step, storm.notes[edge.to].step);
        let far = !leads_back && columns.of[to] > columns.of[from] + REACH;
        let from = if far { ghost(&mut storm, edge, to) } else { edge.from };
        let edge = Edge { from, ..edge };
        if !storm.edges.contains(&edge) {
            storm.edges.push(edge);
            back.push(*leads_back);
        }
    }
    columns.back = back;
    storm
}

/// The copy of an edge's first note in a step.
fn ghost(storm: &mut Storm, edge: Edge, step: usize) -> usize {
    let original = storm.notes[edge.from].clone();
    let copy_of = original.copy_of.or(Some(edge.from));
    let known = storm.notes.iter().position(|note| {
        note.step == step && note.slot == Slot::Ghosts && note.kind == original.kind && note.name == original.name
    });
    known.unwrap_or_else(|| {
        let mut copy = original;
        (copy.step, copy.slot, copy.ghost, copy.pivotal) = (step, Slot::Ghosts, true, false);
        copy.copy_of = copy_of;
        storm.notes.push(copy);
        storm.notes.len() - 1
    })
}

impl Link {
    /// Its name, as a style sheet knows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Link::Flow => "flow",
            Link::Failure => "failure",
            Link::Feeds => "feeds",
        }
    }
}
