//! The pages of everything that is no message: aggregates, policies, sagas, read models, topics, consumers, teams, and what stands around
//! them. Each is a few sections (`section`) of facts, links, tables and drawings, which one template shows.

mod aggregate;
mod consumer;
mod context;
mod policy;
mod read_model;
mod saga;
mod section;
mod settings;
mod team;
#[cfg(test)]
mod tests;
mod topic;
mod types;

pub(super) use consumer::told;
pub(super) use context::{at, compatibility, envelope_named, envelope_of, hotspots};
pub(super) use section::{
    Cell, Section, cell, cells, chip, facts, filled, linked, mono, place, table, text, typed, written,
};
pub(super) use team::{owner, owner_of, teams};

use super::{
    listing::Part,
    message::{Link, crumbs},
    page::Page,
    site::Shown,
};
use isobar_model::model::Name;
use serde::Serialize;

/// What there is to show of an element.
#[derive(Debug, Serialize)]
struct Element {
    kind: &'static str,
    context: Option<Link>,
    name: String,
    doc: Option<String>,
    owner: Option<Link>,
    /// Questions that are open about it.
    hotspots: Vec<String>,
    sections: Vec<Section>,
}

/// The page of an element of a kind, with that part of its lists; none where there is no such element.
pub(super) fn page(shown: &Shown, kind: &str, name: &str, page: usize) -> Option<Page> {
    let part = &Part::of(page);
    let mut element = match kind {
        "topic" => topic::topic(shown, name, part)?,
        "broker" => topic::broker(shown, name)?,
        "consumer" => consumer::consumer(shown, name, part)?,
        "team" => team::team(shown, name, part)?,
        "context" => context::context(shown, name, part)?,
        _ => of_context(shown, kind, name, part)?,
    };
    element.sections.retain(Section::says_something);
    Some(Page::new("element", name, &element).below(crumbs(shown)))
}

/// The page of the workspace's settings, with that part of its lists.
pub(super) fn settings(shown: &Shown, page: usize) -> Page {
    let mut element = settings::settings(shown, &Part::of(page));
    element.sections.retain(Section::says_something);
    Page::new("element", format!("The settings of {}", shown.name), &element).below(crumbs(shown))
}

fn of_context(shown: &Shown, kind: &str, name: &str, part: &Part) -> Option<Element> {
    let (context, own) = name.split_once('.')?;
    let it = shown.workspace.model.contexts.get(context)?;
    let full = Name { context: context.to_owned(), name: own.to_owned() };
    let (kind, doc, sections) = match kind {
        "aggregate" => aggregate::aggregate(shown, it, &full, part)?,
        "policy" => policy::policy(shown, it, &full)?,
        "saga" => saga::saga(shown, it, &full)?,
        "read-model" => read_model::read_model(shown, it, &full, part)?,
        "actor" => context::actor(shown, it, &full, part)?,
        "external" => context::external(shown, it, &full, part)?,
        "type" => types::type_of(shown, &full, part)?,
        _ => return None,
    };
    Some(Element {
        kind,
        context: Some(context::link_to(shown, context)),
        name: own.to_owned(),
        doc,
        owner: owner_of(shown, context),
        hotspots: context::hotspots(it, &full),
        sections,
    })
}

/// What an element of a context tells of itself: its kind, its doc, and the rest.
type Told = (&'static str, Option<String>, Vec<Section>);
