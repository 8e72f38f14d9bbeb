//! Who stands under whom. A lane is a stack of rows; a step takes as many as its tallest stack of notes, in its column, at the height
//! of what led to it where there is room. Only what is to the left is looked at, so that what is added at an end moves nothing.

use super::{
    columns::Columns,
    storm::{SLOTS, Storm},
};

/// Rows of each step and lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    /// The first row of each step in its lane.
    pub(crate) of: Vec<usize>,
    /// How many rows each step takes.
    pub(crate) height: Vec<usize>,
    /// How many rows each lane has: at least one.
    pub(crate) lanes: Vec<usize>,
}

pub(crate) fn rows(storm: &Storm, columns: &Columns) -> Rows {
    let height = heights(storm);
    let mut from: Vec<Vec<usize>> = vec![Vec::new(); storm.steps.len()];
    for (edge, back) in storm.edges.iter().zip(&columns.back) {
        let (before, after) = (storm.notes[edge.from].step, storm.notes[edge.to].step);
        if !back && before != after && storm.steps[before] == storm.steps[after] {
            from[after].push(before);
        }
    }
    let mut order: Vec<usize> = (0..storm.steps.len()).collect();
    order.sort_by_key(|step| (columns.of[*step], *step));
    let (mut of, mut lanes) = (vec![0; storm.steps.len()], vec![1; storm.lanes.len()]);
    // The rows that are taken, by lane and column.
    let mut taken: Vec<Vec<std::ops::Range<usize>>> =
        vec![Vec::new(); storm.lanes.len() * (columns.of.iter().max().map_or(0, |most| most + 1))];
    for step in order {
        let (lane, column) = (storm.steps[step], columns.of[step]);
        let wanted = from[step].iter().map(|before| of[*before]).min().unwrap_or(0);
        let taken = &mut taken[column * storm.lanes.len() + lane];
        let free = |start: &usize| taken.iter().all(|it| it.end <= *start || *start + height[step] <= it.start);
        // Below everything that is taken there is always room.
        let start = (wanted..).find(free).unwrap_or(wanted);
        taken.push(start..start + height[step]);
        of[step] = start;
        lanes[lane] = lanes[lane].max(start + height[step]);
    }
    Rows { of, height, lanes }
}

/// The tallest stack of each step, at least one.
fn heights(storm: &Storm) -> Vec<usize> {
    let mut stacks = vec![[0_usize; SLOTS]; storm.steps.len()];
    for note in &storm.notes {
        stacks[note.step][note.slot as usize] += 1;
    }
    stacks.iter().map(|stack| stack.iter().copied().max().unwrap_or(0).max(1)).collect()
}
