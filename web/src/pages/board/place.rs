//! Where everything is, in pixels: notes in a grid whose lines between rows stay free, so that edges can run along them.

use super::{
    columns::{Columns, columns, with_ghosts},
    route::route,
    rows::{Rows, rows},
    storm::{Kind, Link, Note, SLOTS, Storm},
};

/// The height of a row, with what stays free of it.
pub(crate) const ROW: i32 = 124;
/// What stays free between two slots of a step.
pub(crate) const GAP: i32 = 26;
/// What stays free between two columns.
pub(crate) const GUTTER: i32 = 68;
/// Where the first column begins.
pub(crate) const LEFT: i32 = 36;
/// What stays free above the rows of a lane, for its name, and below them.
pub(crate) const PAD: (i32, i32) = (40, 14);
/// What stays free above the first lane for the names of barriers, if there are any.
pub(crate) const TOP: i32 = 40;

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(crate) fn middle(self) -> i32 {
        self.y + self.height / 2
    }
}

/// A note with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) note: Note,
    pub(crate) at: Rect,
    /// Its row, counted from the top of the board.
    pub(crate) row: usize,
    /// The left and right edge of its slot, between which nothing of another slot stands.
    pub(crate) slot: (i32, i32),
}

/// An edge with its way: straight lines from point to point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Routed {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) link: Link,
    /// Whether it closes a loop.
    pub(crate) back: bool,
    pub(crate) way: Vec<(i32, i32)>,
}

/// A lane with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) y: i32,
    pub(crate) height: i32,
}

/// The board, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Board {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) notes: Vec<Placed>,
    pub(crate) edges: Vec<Routed>,
    /// Where the story turns: the place from left, and the event's name.
    pub(crate) barriers: Vec<(i32, String)>,
}

/// Where columns and their slots begin.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// The left edge of each slot of each column.
    pub(crate) slots: Vec<[i32; SLOTS]>,
    /// The width of each slot of each column, 0 for one that nothing stands in.
    pub(crate) widths: Vec<[i32; SLOTS]>,
    /// The left and right edge of each column.
    pub(crate) columns: Vec<(i32, i32)>,
    /// The top of each row of the board.
    pub(crate) rows: Vec<i32>,
    /// The first row of each lane.
    pub(crate) lanes: Vec<usize>,
}

/// The width and height of a kind of note.
pub(crate) fn size(kind: Kind, ghost: bool) -> (i32, i32) {
    match kind {
        _ if ghost => (112, 64),
        Kind::Actor | Kind::System => (92, 72),
        Kind::Aggregate => (144, 102),
        Kind::Hotspot => (124, 92),
        _ => (124, 94),
    }
}

impl Board {
    /// Lays a storm out.
    pub(crate) fn of(storm: Storm) -> Board {
        let mut columns = columns(&storm);
        let storm = with_ghosts(storm, &mut columns);
        let rows = rows(&storm, &columns);
        let grid = Grid::of(&storm, &columns, &rows);
        let notes = notes(&storm, &columns, &rows, &grid);
        let lanes = lanes(&storm, &rows, &grid);
        let barriers = barriers(&storm, &columns, &grid);
        let edges = route(&storm, &columns, &notes, &grid);
        let width = grid.columns.last().map_or(LEFT, |(_, right)| *right) + GUTTER;
        let height = lanes.last().map_or(TOP, |lane| lane.y + lane.height);
        Board { width, height, lanes, notes, edges, barriers }
    }
}

impl Board {
    /// What leads to what, in words and from left to right, for those who cannot see it.
    pub(crate) fn story(&self) -> Vec<String> {
        let mut edges: Vec<&Routed> = self.edges.iter().collect();
        edges.sort_by_key(|edge| (self.notes[edge.from].at.x, self.notes[edge.from].at.y, self.notes[edge.to].at.y));
        let said = |number: usize| {
            let note = &self.notes[number].note;
            format!("{} {}", note.kind.name().replace('-', " "), note.name)
        };
        let told = |edge: &&Routed| format!("{} leads to {}", said(edge.from), said(edge.to));
        edges.iter().map(told).collect()
    }
}

impl Grid {
    fn of(storm: &Storm, columns: &Columns, rows: &Rows) -> Grid {
        let count = columns.of.iter().max().map_or(0, |most| most + 1);
        let mut widths = vec![[0; SLOTS]; count];
        for note in &storm.notes {
            let width = &mut widths[columns.of[note.step]][note.slot as usize];
            *width = (*width).max(size(note.kind, note.ghost).0);
        }
        let (mut slots, mut edges, mut x) = (Vec::new(), Vec::new(), LEFT);
        for widths in &widths {
            let left = x;
            let mut begin = [0; SLOTS];
            for (slot, width) in widths.iter().enumerate() {
                begin[slot] = x;
                if *width > 0 {
                    x += width + GAP;
                }
            }
            slots.push(begin);
            edges.push((left, (x - GAP).max(left)));
            x = edges.last().map_or(x, |(_, right)| *right) + GUTTER;
        }
        let top = if storm.notes.iter().any(|note| note.pivotal) { TOP } else { 0 };
        let (mut tops, mut lanes, mut y) = (Vec::new(), Vec::new(), top);
        for lane in &rows.lanes {
            lanes.push(tops.len());
            y += PAD.0;
            for _ in 0..*lane {
                tops.push(y);
                y += ROW;
            }
            y += PAD.1;
        }
        Grid { slots, widths, columns: edges, rows: tops, lanes }
    }
}

fn notes(storm: &Storm, columns: &Columns, rows: &Rows, grid: &Grid) -> Vec<Placed> {
    let mut stacked = vec![[0_usize; SLOTS]; storm.steps.len()];
    let place = |note: &Note| {
        let (column, slot) = (columns.of[note.step], note.slot as usize);
        let below = &mut stacked[note.step][slot];
        let row = grid.lanes[storm.steps[note.step]] + rows.of[note.step] + *below;
        *below += 1;
        let (width, height) = size(note.kind, note.ghost);
        let (left, room) = (grid.slots[column][slot], grid.widths[column][slot]);
        let x = left + (room - width) / 2;
        let y = grid.rows[row] + (ROW - height) / 2;
        Placed { note: note.clone(), at: Rect { x, y, width, height }, row, slot: (left, left + room) }
    };
    storm.notes.iter().map(place).collect()
}

fn lanes(storm: &Storm, rows: &Rows, grid: &Grid) -> Vec<Lane> {
    let lane = |(number, name): (usize, &String)| {
        let y = grid.rows[grid.lanes[number]] - PAD.0;
        Lane {
            name: name.clone(),
            y,
            height: PAD.0 + PAD.1 + ROW * i32::try_from(rows.lanes[number]).unwrap_or(i32::MAX / ROW),
        }
    };
    storm.lanes.iter().enumerate().map(lane).collect()
}

/// A barrier stands behind the column of its event.
fn barriers(storm: &Storm, columns: &Columns, grid: &Grid) -> Vec<(i32, String)> {
    let pivotal = storm.notes.iter().filter(|note| note.pivotal && !note.ghost);
    let mut all: Vec<(i32, String)> =
        pivotal.map(|note| (grid.columns[columns.of[note.step]].1 + GUTTER / 2, note.title.clone())).collect();
    all.sort();
    // Those that stand in the same place are one.
    all.dedup_by(|(x, name), (place, names)| {
        let same = x == place;
        if same {
            *names += &format!(", {name}");
        }
        same
    });
    all
}
