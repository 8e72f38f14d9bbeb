//! A state machine: states as rounded boxes, what may happen between them as the notes of a command and its event on the line, and what
//! leaves a state as it is within its box.

use super::{
    layered::{self, plan},
    pen::{self, NOTE, Note, Rect, begin, cut, text, wide},
};
use std::fmt::Write;

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct State {
    pub(in crate::pages) name: String,
    /// What is said of it in small letters: that it begins or ends here.
    pub(in crate::pages) said: Option<&'static str>,
    /// How it looks: `first`, `last`, or `any` for what stands for several.
    pub(in crate::pages) class: &'static str,
    /// What leaves it as it is.
    pub(in crate::pages) inner: Vec<Vec<Note>>,
}

/// What leads from one state to another: each as the notes of a command and its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Tie {
    pub(in crate::pages) from: usize,
    pub(in crate::pages) to: usize,
    pub(in crate::pages) moves: Vec<Vec<Note>>,
}

/// A machine, as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Machine {
    /// Unlike that of any other drawing of the page.
    pub(in crate::pages) id: String,
    pub(in crate::pages) title: String,
    pub(in crate::pages) words: String,
    pub(in crate::pages) states: Vec<State>,
    pub(in crate::pages) ties: Vec<Tie>,
}

/// What stays free between two moves.
const BETWEEN: i32 = 8;
/// What stays free within a box.
const PAD: i32 = 14;

/// The width and height of moves, one under the other.
fn stack(moves: &[Vec<Note>]) -> (i32, i32) {
    let width = moves.iter().flatten().map(Note::width).max().unwrap_or(0);
    let lines: i32 = moves.iter().map(|it| i32::try_from(it.len()).unwrap_or(0) * NOTE).sum();
    (width, lines + BETWEEN * (i32::try_from(moves.len()).unwrap_or(1) - 1).max(0))
}

fn size(state: &State) -> (i32, i32) {
    let (width, height) = stack(&state.inner);
    let words = wide(&state.name, 92).max(wide(state.said.unwrap_or_default(), 70));
    let inner = if state.inner.is_empty() { 0 } else { height + PAD };
    (words.max(width).max(96) + 2 * PAD, head(state) + inner)
}

/// The height of what stands above the moves of a state.
fn head(state: &State) -> i32 {
    if state.said.is_some() { 60 } else { 46 }
}

/// The drawing.
pub(in crate::pages) fn machine(it: &Machine) -> String {
    let ties: Vec<layered::Tie> =
        it.ties.iter().map(|tie| layered::Tie { from: tie.from, to: tie.to, label: stack(&tie.moves) }).collect();
    let sizes: Vec<(i32, i32)> = it.states.iter().map(size).collect();
    let plan = plan(&sizes, &ties);
    let mut out = String::new();
    begin(&mut out, "machine", &it.id, (plan.width, plan.height), &it.title, &it.words);
    for (way, tie) in plan.ways.iter().zip(&it.ties) {
        let any = if it.states[tie.from].class == "any" { " any" } else { "" };
        let _ = write!(out, r#"<path class="tie{any}" marker-end="url(#{}-tip)" d=""#, pen::xml(&it.id));
        for (number, &(x, y)) in way.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|before| way.get(before));
            let _ = match before {
                None => write!(out, "M{x} {y}"),
                Some(_) if number % 2 == 0 => write!(out, "H{x}"),
                Some((from, level)) => {
                    let middle = (from + x) / 2;
                    write!(out, "C{middle} {level} {middle} {y} {x} {y}")
                }
            };
        }
        out.push_str("\"/>");
    }
    for (at, state) in plan.boxes.iter().zip(&it.states) {
        draw(&mut out, *at, state);
    }
    for (at, tie) in plan.labels.iter().zip(&it.ties) {
        moves(&mut out, (at.x, at.y), at.width, &tie.moves);
    }
    out.push_str("</svg>");
    out
}

fn draw(out: &mut String, at: Rect, state: &State) {
    let (class, middle) = (state.class, at.x + at.width / 2);
    let Rect { x, y, width, height } = at;
    let _ =
        write!(out, r#"<g class="state {class}"><rect x="{x}" y="{y}" width="{width}" height="{height}" rx="14"/>"#);
    if class == "last" {
        let (x, y, width, height) = (x + 4, y + 4, width - 8, height - 8);
        let _ = write!(out, r#"<rect class="inner" x="{x}" y="{y}" width="{width}" height="{height}" rx="11"/>"#);
    }
    let (inner, high) = stack(&state.inner);
    // What stands in a box that is higher than it needs to be stands in its middle.
    let used = if state.inner.is_empty() { head(state) } else { head(state) + high + PAD };
    let top = y + (height - used) / 2;
    text(out, "name", (middle, top + 29), &cut(&state.name));
    if let Some(said) = state.said {
        text(out, "small", (middle, top + 47), said);
    }
    moves(out, (x + (width - inner) / 2, top + head(state)), inner, &state.inner);
    out.push_str("</g>");
}

fn moves(out: &mut String, (x, mut y): (i32, i32), width: i32, moves: &[Vec<Note>]) {
    for notes in moves {
        for note in notes {
            note.draw(out, Rect { x, y, width, height: NOTE });
            y += NOTE;
        }
        y += BETWEEN;
    }
}
