//! The board as SVG. Colours and fonts are the style sheet's; here are shapes, words, and classes that say what everything is. All text
//! is escaped.

use super::{
    place::{Board, PAD, Placed, Routed},
    storm::Kind,
};
use std::fmt::Write;

impl Kind {
    /// Its name, as a style sheet knows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Actor => "actor",
            Kind::System => "system",
            Kind::Policy => "policy",
            Kind::Saga => "saga",
            Kind::ReadModel => "read-model",
            Kind::Command => "command",
            Kind::Aggregate => "aggregate",
            Kind::External => "external",
            Kind::Event => "event",
            Kind::Hotspot => "hotspot",
        }
    }

    /// A sign of its own, so that nobody has to tell colours apart.
    pub(crate) fn glyph(self) -> &'static str {
        match self {
            Kind::Actor => "☺",
            Kind::System => "⚙",
            Kind::Policy => "⇒",
            Kind::Saga => "⟳",
            Kind::ReadModel => "▤",
            Kind::Command => "▸",
            Kind::Aggregate => "◆",
            Kind::External => "☁",
            Kind::Event => "●",
            Kind::Hotspot => "!",
        }
    }
}

/// Text that cannot end where it stands.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no other control characters.
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The drawing. `href` gives the address of what a note stands for, where there is a page of it.
pub(crate) fn svg(board: &Board, href: impl Fn(&Placed) -> Option<String>) -> String {
    let mut out = String::new();
    let (width, height) = (board.width, board.height);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="board" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group" aria-label="The storming board">"#
    );
    out.push_str(concat!(
        r#"<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">"#,
        r#"<path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker></defs>"#
    ));
    for (number, lane) in board.lanes.iter().enumerate() {
        let (y, height, name) = (lane.y, lane.height, escaped(&lane.name));
        let class = if number % 2 == 0 { "lane" } else { "lane odd" };
        let _ = write!(
            out,
            r#"<g class="{class}"><rect x="0" y="{y}" width="{width}" height="{height}"/><text x="18" y="{}">{name}</text></g>"#,
            y + PAD + 12
        );
    }
    for (x, name) in &board.barriers {
        let (end, name) = (height - PAD / 2, escaped(name));
        let _ =
            write!(out, r#"<g class="barrier"><path d="M{x} 14V{end}"/><text x="{}" y="22">{name}</text></g>"#, x + 6);
    }
    board.edges.iter().for_each(|edge| line(&mut out, edge));
    for (number, note) in board.notes.iter().enumerate() {
        sticky(&mut out, number, note, href(note));
    }
    out.push_str("</svg>");
    out
}

/// A line with round corners.
fn line(out: &mut String, edge: &Routed) {
    let class = if edge.back { "back" } else { edge.link.name() };
    let _ = write!(out, r#"<path class="edge {class}" data-from="{}" data-to="{}" d=""#, edge.from, edge.to);
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

/// A point on the way from a corner to the next, at most eight pixels away.
fn towards(corner: (i32, i32), next: (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| (to - from).signum() * ((to - from).abs() / 2).min(8);
    (corner.0 + step(corner.0, next.0), corner.1 + step(corner.1, next.1))
}

fn sticky(out: &mut String, number: usize, placed: &Placed, href: Option<String>) {
    let (note, at) = (&placed.note, placed.at);
    let mut class = format!("note {}", note.kind.name());
    for (also, wanted) in [("ghost", note.ghost), ("pivotal", note.pivotal), ("deprecated", note.deprecated)] {
        if wanted {
            class.push(' ');
            class.push_str(also);
        }
    }
    let (name, kind) = (escaped(&note.name.to_string()), note.kind.name().replace('-', " "));
    let _ = write!(out, r#"<g class="{class}" data-note="{number}" data-name="{name}">"#);
    if let Some(href) = &href {
        let _ = write!(out, r#"<a href="{}">"#, escaped(href));
    }
    let _ = write!(out, "<title>{kind} {name}</title>");
    if note.kind == Kind::Hotspot {
        let _ = write!(out, r#"<g transform="rotate(-4 {} {})">"#, at.x + at.width / 2, at.middle());
    }
    let _ = write!(
        out,
        r#"<rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text class="glyph" x="{}" y="{}">{}</text>"#,
        at.x,
        at.y,
        at.width,
        at.height,
        at.x + 8,
        at.y + 16,
        note.kind.glyph()
    );
    if let Some(label) = &note.label {
        let _ =
            write!(out, r#"<text class="label" x="{}" y="{}">{}</text>"#, at.right() - 8, at.y + 16, escaped(label));
    }
    let small = note.ghost || matches!(note.kind, Kind::Actor | Kind::System | Kind::Hotspot);
    let (wide, high) = if small { (at.width / 8, 13) } else { (at.width / 9, 15) };
    let room = usize::try_from((at.height - 20) / high).unwrap_or(1).max(1);
    let lines = wrapped(&note.title, usize::try_from(wide - 1).unwrap_or(1).max(4), room);
    let top = at.middle() + 10 - high * (i32::try_from(lines.len()).unwrap_or(1) - 1) / 2;
    let _ = write!(out, r#"<text class="title" text-anchor="middle">"#);
    for (line, y) in lines.iter().zip((top..).step_by(usize::try_from(high).unwrap_or(1))) {
        let _ = write!(out, r#"<tspan x="{}" y="{y}">{}</tspan>"#, at.x + at.width / 2, escaped(line));
    }
    out.push_str("</text>");
    if note.kind == Kind::Hotspot {
        out.push_str("</g>");
    }
    out.push_str(if href.is_some() { "</a></g>" } else { "</g>" });
}

/// A name or a sentence in at most `lines` lines of about `wide` characters, broken where a word begins.
fn wrapped(text: &str, wide: usize, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in words(text) {
        let length = word.chars().count();
        let last = out.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + word.trim_end().chars().count() > wide {
            out.push(String::new());
        }
        let Some(line) = out.last_mut() else { continue };
        if length > wide {
            // A word that fits in no line is cut.
            line.extend(word.chars().take(wide.saturating_sub(1)));
            line.push('…');
        } else {
            line.push_str(&word);
        }
    }
    if out.len() > lines {
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            let kept: String = last.trim_end().chars().take(wide.saturating_sub(1)).collect();
            *last = format!("{kept}…");
        }
    }
    out.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// The words of a sentence, each with the space behind it, or the humps of a name.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let begins = before.is_whitespace()
            || matches!(before, '-' | '_' | '.')
            || (c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()));
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_at_their_humps_and_long_ones_are_cut() {
        assert_eq!(wrapped("OrderProcessingFailed", 16, 3), ["OrderProcessing", "Failed"]);
        assert_eq!(wrapped("OrderPlaced", 16, 3), ["OrderPlaced"]);
        assert_eq!(wrapped("a sentence that goes on and on", 10, 2), ["a sentence", "that goes…"]);
        assert_eq!(wrapped("abcdefghijklmnop", 8, 2), ["abcdefg…"]);
        assert_eq!(wrapped("", 8, 2), [""]);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("</text><script>'\"&\u{1}"), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;\u{fffd}");
    }

    #[test]
    fn a_way_loses_what_lies_on_it() {
        assert_eq!(straightened(&[(0, 0), (5, 0), (9, 0), (9, 4)]), [(0, 0), (9, 0), (9, 4)]);
    }
}
