//! The ways of edges. Within a step a line goes from one slot to the next. Between steps it runs through the gutter between two columns,
//! and along the free line above or under a row where notes stand in between; so it never crosses a note.

use super::{
    columns::Columns,
    place::{GAP, GUTTER, Grid, Placed, ROW, Routed},
    storm::Storm,
};

/// What stays free between two lines in a gutter.
const TRACK: i32 = 6;

pub(crate) fn route(storm: &Storm, columns: &Columns, notes: &[Placed], grid: &Grid) -> Vec<Routed> {
    // How many lines each gutter has so far: each gets a track of its own, as long as there is room.
    let mut lines = vec![0; grid.columns.len() + 1];
    let edges = storm.edges.iter().zip(&columns.back);
    edges
        .map(|(edge, back)| {
            let (from, to) = (&notes[edge.from], &notes[edge.to]);
            let (before, after) = (columns.of[from.note.step], columns.of[to.note.step]);
            let mut way = if from.note.step == to.note.step && from.note.slot < to.note.slot {
                within(from, to, notes)
            } else {
                let right = gutter(grid, before + 1, &mut lines);
                let left = if after == before + 1 { right } else { gutter(grid, after, &mut lines) };
                between(from, to, notes, (right, left))
            };
            way.dedup();
            Routed { from: edge.from, to: edge.to, link: edge.link, back: *back, way }
        })
        .collect()
}

/// The next track in the gutter before a column.
fn gutter(grid: &Grid, column: usize, lines: &mut [i32]) -> i32 {
    let tracks = (GUTTER - 2 * TRACK) / TRACK - 2;
    let line = lines[column];
    lines[column] += 1;
    let left = match column {
        0 => grid.columns.first().map_or(0, |(left, _)| *left) - GUTTER,
        _ => grid.columns[column - 1].1,
    };
    // From the middle outwards, to either side in turn.
    let away = (line % tracks + 1) / 2 * if line % 2 == 0 { 1 } else { -1 };
    left + GUTTER / 2 + away * TRACK
}

/// Whether another note of the step stands in the row of a note, in a slot between two.
fn stands_between(note: &Placed, notes: &[Placed], slots: impl Fn(usize) -> bool) -> bool {
    notes.iter().any(|it| it.note.step == note.note.step && it.row == note.row && slots(it.note.slot as usize))
}

/// From slot to slot of a step. Where a note stands in the way, the line goes under the row.
fn within(from: &Placed, to: &Placed, notes: &[Placed]) -> Vec<(i32, i32)> {
    let (first, last) = (from.note.slot as usize, to.note.slot as usize);
    let (start, end) = ((from.at.right(), from.at.middle()), (to.at.x, to.at.middle()));
    let enter = to.slot.0 - GAP / 2;
    if !stands_between(from, notes, |slot| slot > first && slot < last) {
        return vec![start, (enter, start.1), (enter, end.1), end];
    }
    let leave = from.slot.1 + GAP / 2;
    let line = under(from);
    vec![start, (leave, start.1), (leave, line), (enter, line), (enter, end.1), end]
}

/// The free line under the row of a note.
fn under(note: &Placed) -> i32 {
    note.at.middle() + ROW / 2
}

/// From step to step, by the gutter right of the one and the gutter left of the other.
fn between(from: &Placed, to: &Placed, notes: &[Placed], (right, left): (i32, i32)) -> Vec<(i32, i32)> {
    let slot = from.note.slot as usize;
    let mut way = vec![(from.at.right(), from.at.middle())];
    let mut y = from.at.middle();
    if stands_between(from, notes, |other| other > slot) {
        let leave = from.slot.1 + GAP / 2;
        way.extend([(leave, y), (leave, under(from))]);
        y = under(from);
    }
    way.push((right, y));
    if right != left {
        // Back, or further than one column: along the free line.
        way.extend([(right, under(from)), (left, under(from))]);
    }
    let slot = to.note.slot as usize;
    let (end, enter) = ((to.at.x, to.at.middle()), to.slot.0 - GAP / 2);
    if stands_between(to, notes, |other| other < slot) {
        let line = under(to);
        way.extend([(left, line), (enter, line), (enter, end.1)]);
    } else {
        way.push((left, end.1));
    }
    way.push(end);
    way
}
