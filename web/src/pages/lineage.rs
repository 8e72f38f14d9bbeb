//! Where the value of a field comes from and where it goes: every field of the workspace that is made of it or that it is made of.

use super::{
    listing::{EACH, Listing},
    message::{crumbs, link},
    page::Page,
    site::Shown,
    ways::{Reached, Way},
};
use isobar_model::model::Name;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Step<'a> {
    kind: &'static str,
    name: String,
    field: &'a str,
    href: String,
    how: &'a str,
    depth: usize,
}

#[derive(Debug, Serialize)]
struct Lineage<'a> {
    event: &'a str,
    field: &'a str,
    before: Vec<Step<'a>>,
    after: Vec<Step<'a>>,
}

/// The page of a field of an event or a command.
pub(super) fn page(shown: &Shown, kind: &'static str, name: &str, field: &str, page: usize) -> Option<Page> {
    let (context, own) = name.split_once('.')?;
    let full = Name { context: context.to_owned(), name: own.to_owned() };
    let model = &shown.workspace.model;
    let known = match kind {
        "event" => model.event(&full)?.fields.as_ref()?,
        _ => model.command(&full)?.fields.as_ref()?,
    };
    known.iter().find(|it| Some(it.name.value.as_str()) == field.split('.').next())?;
    let [before, after] = [Way::Before, Way::After].map(|way| shown.ways().reached((kind, full.clone()), field, way));
    let listing = Listing::new(before.len().max(after.len()), page, EACH)?;
    let part = |way: Vec<_>| way.into_iter().skip(listing.range().start).take(EACH);
    let [before, after] = [before, after].map(|way| part(way).map(|it| step(shown, it)).collect());
    let data = Lineage { event: name, field, before, after };
    let here = link(shown, kind, &full, None).href;
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    let page = Page::new("lineage", format!("{field} of {name}"), &data).below(crumbs);
    Some(if listing.pages > 1 { page.part(listing) } else { page })
}

fn step<'a>(shown: &'a Shown, Reached { kind, name, field, how, depth }: Reached<'a>) -> Step<'a> {
    let how = how.map_or("as it is", |span| shown.workspace.sources.text(span).trim());
    Step { kind, name: name.to_string(), field, href: link(shown, kind, name, None).href, how, depth }
}
