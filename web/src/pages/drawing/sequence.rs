//! A sequence of messages between participants: time runs down, every participant has a line. What happens only if something fails stands in
//! frames of its own below.

use super::pen::{self, NOTE, Note, Rect, begin, cut, text, wide};
use std::fmt::Write;

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Line {
    pub(in crate::pages) name: String,
    /// `saga`, `aggregate`, `external` or `context`.
    pub(in crate::pages) kind: &'static str,
}

/// A message from one participant to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Turn {
    pub(in crate::pages) from: usize,
    pub(in crate::pages) to: usize,
    pub(in crate::pages) note: Note,
    /// How it looks: `undo` or nothing.
    pub(in crate::pages) class: &'static str,
    /// What is said beside it: how long its answer is waited for.
    pub(in crate::pages) beside: Option<String>,
}

/// What happens in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Frame {
    /// The case; none for what happens if all goes well.
    pub(in crate::pages) case: Option<String>,
    pub(in crate::pages) turns: Vec<Turn>,
    /// What comes of it.
    pub(in crate::pages) end: String,
}

/// A sequence, as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Sequence {
    pub(in crate::pages) id: String,
    pub(in crate::pages) title: String,
    pub(in crate::pages) words: String,
    pub(in crate::pages) lines: Vec<Line>,
    pub(in crate::pages) frames: Vec<Frame>,
}

/// The height of a participant, of a message and of a frame's name and end.
const HEAD: i32 = 52;
const ROW: i32 = 44;
const CASE: i32 = 40;
/// What stays free around everything, and beside a note on its line.
const MARGIN: i32 = 18;
const BESIDE: i32 = 26;

/// Where everything is.
#[derive(Debug)]
struct Plan {
    heads: Vec<Rect>,
    /// Each frame, and the middle of each of its messages.
    frames: Vec<(Rect, Vec<i32>)>,
    /// The note of each message, by frame.
    notes: Vec<Vec<Rect>>,
    width: i32,
    height: i32,
}

fn plan(it: &Sequence) -> Plan {
    let head = |line: &Line| wide(&line.name, 82).max(72) + 30;
    // Every line is as far right as what stands on the left of it needs.
    let mut middles: Vec<i32> = Vec::with_capacity(it.lines.len());
    let turns = || it.frames.iter().flat_map(|frame| &frame.turns);
    for (number, line) in it.lines.iter().enumerate() {
        let mut x = match number.checked_sub(1) {
            None => MARGIN + 14 + head(line) / 2,
            Some(before) => middles[before] + (head(&it.lines[before]) + head(line)) / 2 + MARGIN,
        };
        for turn in turns().filter(|turn| turn.from.max(turn.to) == number) {
            let other = turn.from.min(turn.to);
            if other < number {
                x = x.max(middles[other] + turn.note.width() + 2 * BESIDE);
            }
        }
        middles.push(x);
    }
    // What is said beside a message stands on the right of its beginning's line, and a message to oneself stands there as well.
    let beside = turns().map(|turn| {
        let own = if turn.from == turn.to { turn.note.width() + BESIDE } else { 0 };
        middles[turn.from.max(turn.to)] + own
    });
    let heads_end = it.lines.iter().zip(&middles).map(|(line, middle)| middle + head(line) / 2);
    let cases = it.frames.iter().map(|frame| {
        let case = frame.case.as_deref().unwrap_or_default();
        let letters = |text: &str| i32::try_from(text.chars().count()).unwrap_or(0) * 78 / 10;
        2 * MARGIN + 34 + letters(case).max(letters(&frame.end))
    });
    let width = heads_end.chain(beside).chain(cases).max().unwrap_or(0) + MARGIN + 14;
    let mut y = MARGIN + HEAD + MARGIN;
    let (mut frames, mut notes) = (Vec::new(), Vec::new());
    for frame in &it.frames {
        let top = y;
        y += if frame.case.is_some() { CASE } else { 0 };
        let mut rows = Vec::new();
        let mut row = Vec::new();
        for turn in &frame.turns {
            let middle = y + ROW / 2;
            let (left, right) = (middles[turn.from.min(turn.to)], middles[turn.from.max(turn.to)]);
            let wide = turn.note.width();
            let x = if left == right { left + BESIDE } else { (left + right - wide) / 2 };
            row.push(Rect { x, y: middle - NOTE / 2, width: wide, height: NOTE });
            rows.push(middle);
            y += ROW;
        }
        y += CASE;
        frames.push((Rect { x: MARGIN / 2, y: top, width: width - MARGIN, height: y - top }, rows));
        notes.push(row);
        y += MARGIN;
    }
    let heads = it.lines.iter().zip(&middles).map(|(line, middle)| {
        let width = head(line);
        Rect { x: middle - width / 2, y: MARGIN, width, height: HEAD }
    });
    Plan { heads: heads.collect(), frames, notes, width, height: y }
}

/// The drawing.
pub(in crate::pages) fn sequence(it: &Sequence) -> String {
    let plan = plan(it);
    let mut out = String::new();
    begin(&mut out, "sequence", &it.id, (plan.width, plan.height), &it.title, &it.words);
    let middle = |line: usize| plan.heads.get(line).map_or(0, |head| head.x + head.width / 2);
    for ((Rect { x, y, width, height }, _), frame) in plan.frames.iter().zip(&it.frames) {
        if frame.case.is_some() {
            let _ = write!(out, r#"<rect class="frame" x="{x}" y="{y}" width="{width}" height="{height}" rx="10"/>"#);
        }
    }
    for (head, line) in plan.heads.iter().zip(&it.lines) {
        let (kind, x) = (line.kind, head.x + head.width / 2);
        let Rect { x: left, y, width, height } = *head;
        // Between frames, and where a frame has its words, a line is interrupted.
        out.push_str(r#"<path class="life" d=""#);
        for (number, (place, _)) in plan.frames.iter().enumerate() {
            let top = if number == 0 { head.bottom() } else { place.y + CASE };
            let _ = write!(out, "M{x} {top}V{}", place.bottom() - CASE);
        }
        let _ = write!(
            out,
            r#""/><g class="who {kind}"><rect x="{left}" y="{y}" width="{width}" height="{height}" rx="6"/>"#
        );
        text(&mut out, "small", (x, y + 19), kind);
        text(&mut out, "name", (x, y + 38), &cut(&line.name));
        out.push_str("</g>");
    }
    for (number, frame) in it.frames.iter().enumerate() {
        let (place, rows) = &plan.frames[number];
        if let Some(case) = &frame.case {
            text(&mut out, "case", (place.x + 16, place.y + 25), case);
        }
        for (turn, (note, y)) in frame.turns.iter().zip(plan.notes[number].iter().zip(rows)) {
            let (from, to) = (middle(turn.from), middle(turn.to));
            let class = if frame.case.is_some() { "turn failing" } else { "turn" };
            let id = pen::xml(&it.id);
            let _ = match from == to {
                true => write!(
                    out,
                    r#"<path class="{class}" d="M{from} {}H{}V{}H{from}" marker-end="url(#{id}-tip)"/>"#,
                    y - 8,
                    note.x + 12,
                    y + 8
                ),
                false => write!(out, r#"<path class="{class}" d="M{from} {y}H{to}" marker-end="url(#{id}-tip)"/>"#),
            };
            let _ = write!(out, r#"<g class="{}">"#, turn.class);
            turn.note.draw(&mut out, *note);
            out.push_str("</g>");
            if let Some(beside) = &turn.beside {
                text(&mut out, "beside", (note.x + note.width / 2, note.bottom() + 13), beside);
            }
        }
        let class = if frame.case.is_some() { "end bad" } else { "end good" };
        text(&mut out, class, (place.x + 16, place.bottom() - 15), &frame.end);
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sequences() -> impl Strategy<Value = Sequence> {
        let lines = prop::collection::vec("[A-Za-z]{1,40}", 1..6);
        let turn = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[A-Za-z]{1,40}");
        let frames = prop::collection::vec((any::<bool>(), prop::collection::vec(turn, 0..7)), 1..5);
        (lines, frames).prop_map(|(lines, frames)| {
            let count = lines.len();
            let turn = |(from, to, name): (prop::sample::Index, prop::sample::Index, String)| Turn {
                from: from.index(count),
                to: to.index(count),
                note: Note { kind: "event", name, href: String::new() },
                class: "",
                beside: None,
            };
            let frame = |(case, turns): (bool, Vec<_>)| Frame {
                case: case.then(|| "if it fails".to_owned()),
                turns: turns.into_iter().map(turn).collect(),
                end: "it ends".into(),
            };
            Sequence {
                id: "s".into(),
                title: "t".into(),
                words: "w".into(),
                lines: lines.into_iter().map(|name| Line { name, kind: "aggregate" }).collect(),
                frames: frames.into_iter().map(frame).collect(),
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn nothing_lies_on_anything(it in sequences()) {
            let plan = plan(&it);
            let notes = plan.notes.iter().flatten();
            let all: Vec<Rect> = plan.heads.iter().chain(notes).copied().collect();
            for (number, a) in all.iter().enumerate() {
                prop_assert!(a.x >= 0 && a.y >= 0 && a.right() <= plan.width && a.bottom() <= plan.height, "{a:?} in {} {}", plan.width, plan.height);
                for b in &all[number + 1..] {
                    prop_assert!(a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y, "{a:?} {b:?}");
                }
            }
            // Each note lies on its message's line, with some of it to be seen at either end.
            for (frame, notes) in it.frames.iter().zip(&plan.notes) {
                for (turn, note) in frame.turns.iter().zip(notes).filter(|(turn, _)| turn.from != turn.to) {
                    let (a, b) = (plan.heads[turn.from.min(turn.to)], plan.heads[turn.from.max(turn.to)]);
                    prop_assert!(a.x + a.width / 2 + BESIDE / 2 <= note.x && note.right() + BESIDE / 2 <= b.x + b.width / 2);
                }
            }
            for pair in plan.frames.windows(2) {
                prop_assert!(pair[0].0.bottom() < pair[1].0.y);
            }
        }
    }
}
