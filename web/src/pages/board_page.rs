//! The page of the board. A storming of many notes opens as a map of its contexts, each of which has a board of its own.

use super::{
    board::{Board, Kind, Placed, Storm, svg},
    message::crumbs,
    page::Page,
    site::{Shown, escaped},
};
use serde::Serialize;

/// More notes than this are not shown at once, unless somebody asks.
const MOST: usize = 150;

#[derive(Serialize)]
struct BoardPage<'a> {
    workspace: &'a str,
    /// The one context that is shown.
    context: Option<&'a str>,
    /// Whether it is a map of contexts.
    map: bool,
    notes: usize,
    lanes: usize,
    svg: String,
    legend: Vec<Legend>,
    story: Vec<String>,
    contexts: Vec<Tab<'a>>,
    whole: String,
}

#[derive(Serialize)]
struct Legend {
    kind: &'static str,
    name: String,
    glyph: &'static str,
}

#[derive(Serialize)]
struct Tab<'a> {
    name: &'a str,
    href: String,
    shown: bool,
}

/// The board as it opens.
pub(super) fn page(shown: &Shown) -> Page {
    let storm = Storm::of(&shown.workspace.model);
    match storm.size() > MOST {
        true => draw(shown, storm.size(), storm.map(), None, true),
        false => draw(shown, storm.size(), storm, None, false),
    }
}

/// All of it, however large.
pub(super) fn whole(shown: &Shown) -> Page {
    let storm = Storm::of(&shown.workspace.model);
    draw(shown, storm.size(), storm, None, false)
}

/// The board of a context.
pub(super) fn context(shown: &Shown, context: &str) -> Option<Page> {
    let storm = Storm::of(&shown.workspace.model).only(context)?;
    Some(draw(shown, storm.size(), storm, Some(context), false))
}

fn draw(shown: &Shown, notes: usize, storm: Storm, context: Option<&str>, map: bool) -> Page {
    let board = Board::of(storm);
    let mut kinds: Vec<Kind> = board.notes.iter().map(|placed| placed.note.kind).filter(|_| !map).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let legend = |kind: Kind| Legend { kind: kind.name(), name: kind.name().replace('-', " "), glyph: kind.glyph() };
    let href = |placed: &Placed| match map {
        true => Some(shown.href(&format!("board/{}", escaped(&placed.note.name.context)))),
        false => href(shown, placed),
    };
    let tab = |name: &'_ String| shown.href(&format!("board/{}", escaped(name)));
    let contexts = shown.workspace.model.contexts.keys();
    let data = BoardPage {
        workspace: &shown.name,
        context,
        map,
        notes,
        lanes: shown.workspace.model.contexts.len(),
        svg: svg(&board, href),
        legend: kinds.into_iter().map(legend).collect(),
        story: board.story(),
        contexts: contexts.map(|name| Tab { name, href: tab(name), shown: context == Some(name) }).collect(),
        whole: shown.href("board/all/of/it"),
    };
    let title = match context {
        Some(context) => format!("The board of {context}"),
        None => format!("The board of {}", shown.name),
    };
    let crumbs: Vec<_> = crumbs(shown).into_iter().take(if context.is_some() || map { 2 } else { 1 }).collect();
    Page::new("board", title, &data).below(crumbs)
}

/// The address of what a note stands for, where it has a page.
fn href(shown: &Shown, placed: &Placed) -> Option<String> {
    let kind = match placed.note.kind {
        Kind::Hotspot | Kind::Actor | Kind::System | Kind::External => return None,
        kind => kind.name(),
    };
    Some(shown.href(&format!("{kind}/{}", escaped(&placed.note.name.to_string()))))
}
