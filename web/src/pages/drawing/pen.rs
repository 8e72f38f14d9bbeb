//! The pieces that drawings are made of: text that fits, notes of messages, and arrows.

pub(super) use super::super::board::xml;
use std::fmt::Write;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Rect {
    pub(super) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> i32 {
        self.y + self.height
    }

    pub(super) fn middle(self) -> i32 {
        self.y + self.height / 2
    }
}

/// A message on a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Note {
    /// `command` or `event`.
    pub(in crate::pages) kind: &'static str,
    pub(in crate::pages) name: String,
    pub(in crate::pages) href: String,
}

/// The height of a note.
pub(super) const NOTE: i32 = 24;
/// Longer names are cut; the whole one is the note's title.
const LONGEST: usize = 34;

/// A name that is not too long to be drawn.
pub(super) fn cut(name: &str) -> String {
    match name.chars().count() > LONGEST {
        true => name.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

/// How wide a text is at most, in a font of which a letter takes so many tenths of a pixel.
pub(super) fn wide(text: &str, tenths: i32) -> i32 {
    let letters = i32::try_from(cut(text).chars().count()).unwrap_or(i32::MAX / 100);
    letters * tenths / 10
}

impl Note {
    pub(super) fn width(&self) -> i32 {
        wide(&self.name, 80) + 38
    }

    fn glyph(&self) -> &'static str {
        if self.kind == "command" { "▸" } else { "●" }
    }

    /// Draws it, as a link.
    pub(super) fn draw(&self, out: &mut String, at: Rect) {
        let (kind, href, name, shown) = (self.kind, xml(&self.href), xml(&self.name), xml(&cut(&self.name)));
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            r#"<a href="{href}" class="said {kind}"><title>{kind} {name}</title><rect x="{}" y="{}" width="{}" height="{}" rx="4"/><text class="glyph" x="{}" y="{}">{}</text><text x="{}" y="{}">{shown}</text></a>"#,
            at.x,
            at.y,
            at.width,
            at.height,
            at.x + 9,
            at.middle() + 4,
            self.glyph(),
            at.x + 24,
            at.middle() + 4
        );
    }
}

/// A line of text.
pub(super) fn text(out: &mut String, class: &str, (x, y): (i32, i32), words: &str) {
    let _ = write!(out, r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#, xml(words));
}

/// Begins a drawing: what it is called, and what it shows in words.
pub(super) fn begin(out: &mut String, class: &str, id: &str, (width, height): (i32, i32), title: &str, words: &str) {
    let (id, title, words) = (xml(id), xml(title), xml(words));
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="drawing {class}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group" aria-labelledby="{id}-title" aria-describedby="{id}-words"><title id="{id}-title">{title}</title><desc id="{id}-words">{words}</desc><defs><marker id="{id}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker></defs>"#
    );
}
