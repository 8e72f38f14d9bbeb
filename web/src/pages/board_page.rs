//! The page of the board.

use super::{
    board::{Board, Kind, Placed, Storm, svg},
    page::Page,
    site::{Shown, escaped},
};
use serde::Serialize;

#[derive(Serialize)]
struct BoardPage {
    workspace: String,
    notes: usize,
    lanes: usize,
    svg: String,
    legend: Vec<Legend>,
    story: Vec<String>,
}

#[derive(Serialize)]
struct Legend {
    kind: &'static str,
    name: String,
    glyph: &'static str,
}

pub(super) fn page(shown: &Shown) -> Page {
    let board = Board::of(Storm::of(&shown.workspace.model));
    let mut kinds: Vec<Kind> = board.notes.iter().map(|placed| placed.note.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let legend = |kind: Kind| Legend { kind: kind.name(), name: kind.name().replace('-', " "), glyph: kind.glyph() };
    let data = BoardPage {
        workspace: shown.name.clone(),
        notes: board.notes.iter().filter(|placed| !placed.note.ghost).count(),
        lanes: board.lanes.len(),
        svg: svg(&board, |placed| href(shown, placed)),
        legend: kinds.into_iter().map(legend).collect(),
        story: board.story(),
    };
    Page::new("board", format!("The board of {}", shown.name), &data).below([("All workspaces", "/")])
}

/// The address of what a note stands for, where it has a page.
fn href(shown: &Shown, placed: &Placed) -> Option<String> {
    let kind = match placed.note.kind {
        Kind::Hotspot | Kind::Actor | Kind::System | Kind::External => return None,
        kind => kind.name(),
    };
    Some(shown.href(&format!("{kind}/{}", escaped(&placed.note.name.to_string()))))
}
