//! Parts of a page: facts, links, a table, words, code, a drawing. They hold no rule; what stands in them is worked out by their page.

use crate::pages::{
    fields::Row,
    message::{Link, link},
    site::{Shown, escaped},
};
use isobar_model::{
    Spanned,
    expr::Expr,
    model::{Assignment, Name},
};
use serde::Serialize;

/// A part of a page, with whatever of these it has.
#[derive(Debug, Default, Serialize)]
pub(in crate::pages) struct Section {
    pub(in crate::pages) title: String,
    /// Shown where everything else is empty.
    pub(in crate::pages) none: String,
    /// A sentence before all else.
    pub(in crate::pages) lead: Option<String>,
    pub(in crate::pages) facts: Vec<(String, Cell)>,
    /// Those that stand in another part of the list keep an empty place.
    pub(in crate::pages) links: Vec<Option<Link>>,
    pub(in crate::pages) head: Vec<&'static str>,
    /// The same.
    pub(in crate::pages) rows: Vec<Vec<Cell>>,
    pub(in crate::pages) words: Vec<String>,
    pub(in crate::pages) code: Option<String>,
    /// A drawing, which says the same as the table or the words.
    pub(in crate::pages) svg: Option<String>,
}

/// A cell of a table: its parts, one after the other.
pub(in crate::pages) type Cell = Vec<Part>;

/// A part of a cell.
#[derive(Clone, Debug, Default, Serialize)]
pub(in crate::pages) struct Part {
    text: String,
    href: Option<String>,
    mono: bool,
    /// `good`, `warn` or `bad` for a word that stands out.
    chip: Option<&'static str>,
}

/// Words; nothing where there are none.
pub(in crate::pages) fn text(text: impl Into<String>) -> Cell {
    let text = text.into();
    if text.is_empty() { Cell::new() } else { vec![Part { text, ..Part::default() }] }
}

/// Something that somebody wrote for a program.
pub(in crate::pages) fn mono(text: impl Into<String>) -> Cell {
    vec![Part { text: text.into(), mono: true, ..Part::default() }]
}

/// The type of a field, with the way to the page of the type that is named in it.
pub(in crate::pages) fn typed(shown: &Shown, row: &Row) -> Cell {
    let optional = if row.optional { "?" } else { "" };
    let href = row.of_type.as_ref().map(|name| shown.href(&format!("type/{}", escaped(name))));
    vec![Part { text: format!("{}{optional}", row.of), href, mono: true, ..Part::default() }]
}

/// A word that stands out.
pub(in crate::pages) fn chip(tone: &'static str, text: impl Into<String>) -> Cell {
    vec![Part { text: text.into(), chip: Some(tone), ..Part::default() }]
}

/// Something with a page.
pub(in crate::pages) fn cell(link: Link) -> Cell {
    let href = Some(link.href).filter(|href| !href.is_empty());
    vec![Part { text: link.name, href, ..Part::default() }]
}

/// Things with pages, with a word between two.
pub(in crate::pages) fn cells(links: impl IntoIterator<Item = Link>, between: &str) -> Cell {
    let mut all = Cell::new();
    for link in links {
        if !all.is_empty() {
            all.extend(text(between));
        }
        all.extend(cell(link));
    }
    all
}

/// So many things with pages stand in one cell.
pub(in crate::pages) const FEW: usize = 12;

/// The same of the first ones, with how many more there are.
pub(in crate::pages) fn few(links: impl IntoIterator<Item = Link>, between: &str) -> Cell {
    let mut links = links.into_iter();
    let mut all = cells(links.by_ref().take(FEW), between);
    all.extend(and_more(links.count()));
    all
}

/// ` and 7 more`, where there are more.
pub(in crate::pages) fn and_more(count: usize) -> Cell {
    if count > 0 { text(format!(" and {count} more")) } else { Cell::new() }
}

/// A section of links.
pub(in crate::pages) fn linked(
    title: &str,
    none: &str,
    links: impl IntoIterator<Item = impl Into<Option<Link>>>,
) -> Section {
    let links = links.into_iter().map(Into::into).collect();
    Section { title: title.into(), none: none.into(), links, ..Section::default() }
}

/// A section with a table.
pub(in crate::pages) fn table(
    title: &str,
    head: &[&'static str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Section {
    Section { title: title.into(), head: head.to_vec(), rows: rows.into_iter().collect(), ..Section::default() }
}

/// A section of those facts that there are.
pub(in crate::pages) fn facts(title: &str, facts: impl IntoIterator<Item = (&'static str, Option<Cell>)>) -> Section {
    let said =
        facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|it| !it.is_empty())?)));
    Section { title: title.into(), facts: said.collect(), ..Section::default() }
}

impl Section {
    /// Whether there is anything in it.
    pub(in crate::pages) fn says_something(&self) -> bool {
        let lists = [self.facts.is_empty(), self.links.is_empty(), self.rows.is_empty(), self.words.is_empty()];
        let texts = [self.code.is_none(), self.svg.is_none(), self.none.is_empty(), self.lead.is_none()];
        lists.into_iter().chain(texts).any(|empty| !empty)
    }
}

/// An expression as its author wrote it.
pub(in crate::pages) fn written(shown: &Shown, expr: &Expr) -> String {
    shown.workspace.sources.text(expr.span).trim().to_owned()
}

/// What assignments set, and to what.
pub(in crate::pages) fn filled(shown: &Shown, assignments: &[Assignment]) -> Vec<Vec<Cell>> {
    let row = |it: &Assignment| vec![mono(it.target.value.join(".")), mono(written(shown, &it.expr))];
    assignments.iter().map(row).collect()
}

/// Links to events or commands.
pub(super) fn named<'a>(
    shown: &Shown,
    names: impl IntoIterator<Item = &'a Spanned<Name>>,
    kind: &'static str,
) -> impl Iterator<Item = Link> {
    names.into_iter().map(move |name| link(shown, kind, &name.value, None))
}

/// A page of the workspace that belongs to no context.
pub(in crate::pages) fn place(shown: &Shown, kind: &'static str, name: &str, note: Option<String>) -> Link {
    let href = shown.href(&format!("{kind}/{}", escaped(name)));
    Link { kind, name: name.to_owned(), href, note }
}

/// A length of time as people say it.
pub(super) fn time(seconds: u64) -> String {
    let many = |count: u64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match seconds {
        0 => "0 seconds".into(),
        it if it % 86_400 == 0 => many(it / 86_400, "day"),
        it if it % 3600 == 0 => many(it / 3600, "hour"),
        it if it % 60 == 0 => many(it / 60, "minute"),
        it => many(it, "second"),
    }
}
