//! Where things stand in the text: files, byte spans, and their lines and columns.
//! A span is twelve bytes and never owns text; only [`Sources`] does.

use std::{fmt, path::Path};

/// A file of [`Sources`], by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open byte range of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        // Files are bounded far below 4 GiB when they are read (`parse::MAX_FILE_BYTES`).
        Span { file, start: start as u32, end: end.max(start) as u32 }
    }

    /// The first byte of `file`, for what concerns the file as a whole.
    pub fn top(file: FileId) -> Self {
        Span { file, start: 0, end: 0 }
    }

    /// From the start of `self` to the end of `other`, which must be of the same file.
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// The part `start..end`, counted from the start of this span, as for a word inside a scalar.
    pub fn slice(self, start: usize, end: usize) -> Span {
        let clip = |n: usize| self.start.saturating_add(n as u32).min(self.end);
        Span { start: clip(start), end: clip(end), ..self }
    }
}

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Two spanned values are equal when the values are; where they stand does not count.
impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// One file that was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path relative to the workspace, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Every file that was read, in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    base: String,
}

/// A place as people count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl Sources {
    /// Adds a file and names it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(Source { path: path.into(), text: text.into() });
        FileId(self.files.len() as u32 - 1)
    }

    /// Shows paths from where `root`, the workspace's folder, is named from, so that they can be opened there.
    pub fn shown_from(&mut self, root: &Path) {
        let root = root.to_string_lossy().replace('\\', "/");
        let root = root.trim_start_matches("./").trim_end_matches('/');
        self.base = if matches!(root, "" | ".") { String::new() } else { format!("{root}/") };
    }

    /// The path of a file as people see it.
    pub fn path(&self, file: FileId) -> String {
        self.seen(&self.get(file).path)
    }

    /// A path below the workspace as people see it.
    pub fn seen(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The file's path and text. An id of another `Sources` gives an empty file.
    pub fn get(&self, file: FileId) -> &Source {
        static NONE: Source = Source { path: String::new(), text: String::new() };
        self.files.get(file.0 as usize).unwrap_or(&NONE)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(i, source)| (FileId(i as u32), source))
    }

    /// The line and column of byte `at` of `file`.
    pub fn locate(&self, file: FileId, at: u32) -> LineColumn {
        let text = &self.get(file).text;
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        LineColumn {
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "é: 1\nbé: 2\n");
        assert_eq!(sources.locate(file, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(sources.locate(file, 3 + 3), LineColumn { line: 2, column: 1 });
        let two = sources.get(file).text.find('2').unwrap();
        assert_eq!(sources.locate(file, two as u32), LineColumn { line: 2, column: 5 });
        assert_eq!(sources.locate(file, 999), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn paths_are_shown_from_where_the_workspace_is_named() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "");
        for (root, shown) in [(".", "a.yaml"), ("./x/", "x/a.yaml"), ("../x", "../x/a.yaml"), ("/x", "/x/a.yaml")] {
            sources.shown_from(root.as_ref());
            assert_eq!(sources.path(file), shown);
        }
    }
}
