//! The board as SVG. Colours and fonts are the style sheet's; here are shapes, words, and classes that say what everything is. All text
//! is escaped. Nothing here decides where anything is.

use super::{
    place::{Board, Placed, Routed},
    storm::Kind,
    words::{escaped, wrapped},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// What of a board is brought out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    /// The notes of the flow that is followed; what is not of it is faint.
    pub(crate) lit: Option<BTreeSet<usize>>,
    /// Whether only what comes of failures is plain.
    pub(crate) failures: bool,
    /// What became of notes in the release that is looked at.
    pub(crate) marks: BTreeMap<usize, Mark>,
}

/// What became of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// As a style sheet knows it: `added`, `changed`, `removed`, `later`.
    pub(crate) kind: &'static str,
    /// What is written at the note.
    pub(crate) text: String,
}

/// How much of a note's corner is folded.
const FOLD: i32 = 13;

/// The drawing, with a style of its own if it is to stand alone. `href` gives the address of what a note stands for, where there is
/// a page of it.
pub(crate) fn svg(board: &Board, look: &Look, style: Option<&str>, href: impl Fn(&Placed) -> Option<String>) -> String {
    let mut out = String::new();
    let (width, height) = (board.width, board.height);
    let mut class = String::from("board");
    for (name, wanted) in [("dimmed", look.lit.is_some()), ("failures", look.failures)] {
        if wanted {
            let _ = write!(class, " {name}");
        }
    }
    // A picture is one thing, what has links is many.
    let role = if style.is_some() { "img" } else { "group" };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="{class}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="{role}" aria-label="The storming board">"#
    );
    if let Some(style) = style {
        let _ = write!(out, r#"<style>{style}</style><rect class="ground" width="{width}" height="{height}"/>"#);
    }
    definitions(&mut out, board);
    for (number, lane) in board.lanes.iter().enumerate() {
        let (y, height, name) = (lane.y, lane.height, escaped(&lane.name));
        let class = if number % 2 == 0 { "lane" } else { "lane odd" };
        let _ = write!(
            out,
            r#"<g class="{class}"><rect y="{y}" width="{width}" height="{height}"/><text x="20" y="{}">{name}</text></g>"#,
            y + 26
        );
    }
    for (x, name) in &board.barriers {
        let name = wrapped(name, 24, 1).remove(0);
        let wide = 20 + 7 * i32::try_from(name.chars().count()).unwrap_or(24);
        let _ = write!(
            out,
            r#"<g class="barrier"><path d="M{x} 30V{height}"/><rect x="{}" y="9" width="{wide}" height="22" rx="11"/><text x="{x}" y="24">{}</text></g>"#,
            x - wide / 2,
            escaped(&name)
        );
    }
    let failing = board.failing();
    let classes = |notes: &[usize]| {
        let all_in = |set: &BTreeSet<usize>| notes.iter().all(|note| set.contains(note));
        let lit = look.lit.as_ref().is_some_and(all_in);
        format!("{}{}", if lit { " lit" } else { "" }, if all_in(&failing) { " fails" } else { "" })
    };
    for edge in &board.edges {
        line(&mut out, edge, &classes(&[edge.from, edge.to]));
    }
    for (number, note) in board.notes.iter().enumerate() {
        sticky(&mut out, number, note, (&classes(&[number]), look.marks.get(&number)), href(note));
    }
    out.push_str("</svg>");
    out
}

/// What is drawn many times: the tips of lines, the light on paper, and the signs of kinds.
fn definitions(out: &mut String, board: &Board) {
    out.push_str(concat!(
        r#"<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">"#,
        r#"<path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker>"#,
        r##"<linearGradient id="light" x2="0" y2="1"><stop stop-color="#fff" stop-opacity=".30"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".05"/></linearGradient>"##
    ));
    for kind in Kind::ALL.into_iter().filter(|kind| board.notes.iter().any(|placed| placed.note.kind == *kind)) {
        let _ = write!(out, r#"<path id="icon-{}" fill-rule="evenodd" d="{}"/>"#, kind.name(), kind.icon());
    }
    out.push_str("</defs>");
}

/// A line with round corners.
fn line(out: &mut String, edge: &Routed, classes: &str) {
    let class = if edge.back { "back" } else { edge.link.name() };
    let _ = write!(out, r#"<path class="edge {class}{classes}" data-from="{}" data-to="{}" d=""#, edge.from, edge.to);
    let points = straightened(&edge.way);
    for (at, &(x, y)) in points.iter().enumerate() {
        let around = (at.checked_sub(1).and_then(|before| points.get(before)), points.get(at + 1));
        let _ = match around {
            (None, _) => write!(out, "M{x} {y}"),
            (_, None) => write!(out, "L{x} {y}"),
            (Some(&before), Some(&after)) => {
                let (start, end) = (towards((x, y), before), towards((x, y), after));
                write!(out, "L{} {}Q{x} {y} {} {}", start.0, start.1, end.0, end.1)
            }
        };
    }
    out.push_str(r#"" marker-end="url(#tip)"/>"#);
}

/// The way without points that lie between their neighbours.
fn straightened(way: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = Vec::with_capacity(way.len());
    for &point in way {
        if let [.., first, second] = points.as_slice() {
            let (a, b) = ((second.0 - first.0, second.1 - first.1), (point.0 - second.0, point.1 - second.1));
            let straight = a.0 * b.1 == a.1 * b.0 && a.0 * b.0 >= 0 && a.1 * b.1 >= 0;
            if straight {
                points.pop();
            }
        }
        points.push(point);
    }
    points
}

/// A point on the way from a corner to the next, at most ten pixels away.
fn towards(corner: (i32, i32), next: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| (to - from).signum() * ((to - from).abs() / 2).min(10);
    (corner.0 + step(corner.0, next.0), corner.1 + step(corner.1, next.1))
}

fn sticky(
    out: &mut String,
    number: usize,
    placed: &Placed,
    (classes, mark): (&str, Option<&Mark>),
    href: Option<String>,
) {
    let (note, at) = (&placed.note, placed.at);
    let mut class = format!("note {}{classes}", note.kind.name());
    let marked = mark.map_or("", |mark| mark.kind);
    for also in [("ghost", note.ghost), ("pivotal", note.pivotal), ("deprecated", note.deprecated)]
        .into_iter()
        .filter_map(|(also, wanted)| wanted.then_some(also))
        .chain(Some(marked).filter(|mark| !mark.is_empty()))
    {
        class.push(' ');
        class.push_str(also);
    }
    let (name, kind) = (escaped(&note.name.to_string()), note.kind.said());
    let _ = write!(out, r#"<g class="{class}" data-note="{number}" data-name="{name}""#);
    if let Some(of) = note.copy_of {
        let _ = write!(out, r#" data-of="{of}""#);
    }
    out.push('>');
    if let Some(href) = &href {
        let _ = write!(out, r#"<a href="{}">"#, escaped(href));
    }
    let _ = write!(out, "<title>{kind} {name}");
    if note.kind == Kind::Hotspot {
        let _ = write!(out, ": {}", escaped(&note.title));
    }
    if let Some(mark) = mark {
        let _ = write!(out, ", {}", escaped(&mark.text));
    }
    out.push_str("</title>");
    if note.kind == Kind::Hotspot {
        let _ = write!(out, r#"<g transform="rotate(-4 {} {})">"#, at.x + at.width / 2, at.middle());
    }
    paper(out, placed);
    let _ = write!(
        out,
        r##"<use class="icon" href="#icon-{}" transform="translate({} {}) scale(.82)"/>"##,
        note.kind.name(),
        at.x + 8,
        at.y + 8,
    );
    if let Some(label) = &note.label {
        let _ =
            write!(out, r#"<text class="label" x="{}" y="{}">{}</text>"#, at.right() - 9, at.y + 19, escaped(label));
    }
    title(out, placed);
    if note.kind == Kind::Hotspot {
        out.push_str("</g>");
    }
    if let Some(mark) = mark.filter(|mark| !mark.text.is_empty()) {
        let wide = 16 + 7 * i32::try_from(mark.text.chars().count()).unwrap_or(20);
        let x = at.right() - wide + 8;
        let _ = write!(
            out,
            r#"<g class="mark"><rect x="{x}" y="{}" width="{wide}" height="20" rx="10"/><text x="{}" y="{}">{}</text></g>"#,
            at.y - 10,
            x + wide / 2,
            at.y + 4,
            escaped(&mark.text)
        );
    }
    out.push_str(if href.is_some() { "</a></g>" } else { "</g>" });
}

/// A sheet with a folded corner.
fn paper(out: &mut String, placed: &Placed) {
    let (x, y, w, h) = (placed.at.x, placed.at.y, placed.at.width, placed.at.height);
    if placed.note.ghost {
        let _ = write!(out, r#"<rect class="paper" x="{x}" y="{y}" width="{w}" height="{h}" rx="3"/>"#);
        return;
    }
    let (inner_w, inner_h) = (w - FOLD, h - FOLD);
    let sheet = format!("M{x} {y}h{w}v{inner_h}l-{FOLD} {FOLD}h-{inner_w}z");
    let _ = write!(
        out,
        r#"<path class="paper" d="{sheet}"/><path class="shine" d="{sheet}"/><path class="fold" d="M{} {}h-{FOLD}v{FOLD}z"/>"#,
        x + w,
        y + inner_h
    );
}

/// What is written on a note, in its middle.
fn title(out: &mut String, placed: &Placed) {
    let (note, at) = (&placed.note, placed.at);
    let small = note.ghost || matches!(note.kind, Kind::Actor | Kind::System | Kind::Hotspot);
    // How wide a letter is at most, for the most part, and how high a line.
    let (letter, high) = if small { (8, 14) } else { (10, 17) };
    let wide = usize::try_from((at.width - 6) / letter).unwrap_or(1).max(4);
    let room = usize::try_from((at.height - 26) / high).unwrap_or(1).max(1);
    let lines = wrapped(&note.title, wide, room);
    let top = at.middle() + 11 - high * (i32::try_from(lines.len()).unwrap_or(1) - 1) / 2;
    out.push_str(r#"<text class="title" text-anchor="middle">"#);
    for (line, y) in lines.iter().zip((top..).step_by(usize::try_from(high).unwrap_or(1))) {
        let _ = write!(out, r#"<tspan x="{}" y="{y}""#, at.x + at.width / 2);
        if line.chars().count() > wide + 1 {
            // A long word is squeezed rather than cut.
            let _ = write!(out, r#" textLength="{}" lengthAdjust="spacingAndGlyphs""#, at.width - 12);
        }
        let _ = write!(out, ">{}</tspan>", escaped(line));
    }
    out.push_str("</text>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_loses_what_lies_on_it() {
        assert_eq!(straightened(&[(0, 0), (5, 0), (9, 0), (9, 4)]), [(0, 0), (9, 0), (9, 4)]);
    }
}
