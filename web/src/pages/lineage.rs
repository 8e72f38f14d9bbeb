//! Where the value of a field comes from and where it goes: every field of the workspace that is made of it or that it is made of, as far
//! as expressions and names say it.

use super::{
    fields::{covers, mentions},
    listing::{EACH, Listing},
    message::{crumbs, link},
    page::Page,
    site::Shown,
};
use isobar_model::{
    Field, Model,
    model::{Assignment, Name, ProjectionAction},
};
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, VecDeque},
};

/// A field of something, or all of it, where no field is named. There is one for each field of a workspace, so it owns next to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct At<'a> {
    kind: &'static str,
    context: &'a str,
    name: &'a str,
    field: Cow<'a, str>,
}

impl At<'_> {
    fn full(&self) -> Name {
        Name { context: self.context.to_owned(), name: self.name.to_owned() }
    }
}

/// One field makes another.
struct Made<'a> {
    from: At<'a>,
    to: At<'a>,
    how: &'a str,
}

#[derive(Debug, Serialize)]
struct Step {
    kind: &'static str,
    name: String,
    field: String,
    href: String,
    how: String,
    depth: usize,
}

#[derive(Debug, Serialize)]
struct Lineage {
    event: String,
    field: String,
    before: Vec<Step>,
    after: Vec<Step>,
}

/// The page of a field of an event or a command.
pub(super) fn page(shown: &Shown, kind: &'static str, name: &str, field: &str, page: usize) -> Option<Page> {
    let (context, own) = name.split_once('.')?;
    let start = At { kind, context, name: own, field: field.into() };
    let full = start.full();
    let model = &shown.workspace.model;
    let known = match kind {
        "event" => model.event(&full)?.fields.as_ref()?,
        _ => model.command(&full)?.fields.as_ref()?,
    };
    known.iter().find(|it| Some(it.name.value.as_str()) == field.split('.').next())?;
    let all = made(shown, model);
    let before = way(&start, &all, |it| (&it.to, &it.from));
    let after = way(&start, &all, |it| (&it.from, &it.to));
    let listing = Listing::new(before.len().max(after.len()), page, EACH)?;
    let steps = |way: &[Reached<'_>]| {
        way.iter().skip(listing.range().start).take(EACH).map(|it| step(shown, it)).collect::<Vec<Step>>()
    };
    let (before, after) = (steps(&before), steps(&after));
    let data = Lineage { event: name.to_owned(), field: field.to_owned(), before, after };
    let here = link(shown, kind, &full, None).href;
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    let page = Page::new("lineage", format!("{field} of {name}"), &data).below(crumbs);
    Some(if listing.pages > 1 { page.part(listing) } else { page })
}

/// A field that is reached, how it is made, and how far it is.
type Reached<'a> = (&'a At<'a>, &'a str, usize);

fn step(shown: &Shown, (at, how, depth): &Reached<'_>) -> Step {
    Step {
        kind: at.kind,
        name: at.full().to_string(),
        field: at.field.clone().into_owned(),
        href: link(shown, at.kind, &at.full(), None).href,
        how: (*how).to_owned(),
        depth: *depth,
    }
}

/// Everything that is reached from a field, with how far it is, the nearest first.
fn way<'a>(
    start: &'a At<'a>,
    all: &'a [Made<'a>],
    ends: impl Fn(&'a Made<'a>) -> (&'a At<'a>, &'a At<'a>),
) -> Vec<Reached<'a>> {
    let mut beside: HashMap<(&str, &str, &str), Vec<usize>> = HashMap::new();
    for (number, it) in all.iter().enumerate() {
        let (near, _) = ends(it);
        beside.entry((near.kind, near.context, near.name)).or_default().push(number);
    }
    let (mut seen, mut steps, mut todo) = (HashSet::from([start]), Vec::new(), VecDeque::from([(start, 0)]));
    while let Some((at, depth)) = todo.pop_front() {
        for number in beside.get(&(at.kind, at.context, at.name)).into_iter().flatten() {
            let it = &all[*number];
            let (near, far) = ends(it);
            if covers(&near.field, &at.field) && seen.insert(far) {
                steps.push((far, it.how, depth));
                todo.push_back((far, depth + 1));
            }
        }
    }
    steps
}

/// Every field that makes another, in the whole workspace.
fn made<'a>(shown: &'a Shown, model: &'a Model) -> Vec<Made<'a>> {
    let mut all = Vec::new();
    let of = |kind, name: &'a Name| (kind, name.context.as_str(), name.name.as_str());
    for (context, it) in model.contexts.iter() {
        for (own, command) in it.commands.iter() {
            let given = names(command.fields.as_ref());
            for event in &command.emits {
                let wanted = fields_of(model, &event.value);
                let (from, to) = (("command", context.as_str(), own.as_str()), of("event", &event.value));
                passed(shown, &mut all, (from, &given), (to, &wanted), &command.fill);
            }
        }
        for policy in it.policies.values() {
            for event in &policy.when {
                let given = fields_of(model, &event.value);
                for command in &policy.then {
                    let wanted = names(model.command(&command.value).and_then(|it| it.fields.as_ref()));
                    let (from, to) = (of("event", &event.value), of("command", &command.value));
                    passed(shown, &mut all, (from, &given), (to, &wanted), &policy.fill);
                }
            }
        }
        for (own, read_model) in it.read_models.iter() {
            for projection in &read_model.from {
                let given = fields_of(model, &projection.event.value);
                if let ProjectionAction::Insert(set) | ProjectionAction::Update(set) | ProjectionAction::Upsert(set) =
                    &projection.action
                {
                    let (from, to) =
                        (of("event", &projection.event.value), ("read-model", context.as_str(), own.as_str()));
                    passed(shown, &mut all, (from, &given), (to, &[]), set);
                }
            }
        }
        for (own, event) in it.events.iter() {
            if let Some(source) = &event.from {
                let (given, wanted) = (fields_of(model, &source.value), names(event.fields.as_ref()));
                let (from, to) = (of("event", &source.value), ("event", context.as_str(), own.as_str()));
                passed(shown, &mut all, (from, &given), (to, &wanted), &event.fill);
            }
        }
    }
    all
}

fn fields_of<'a>(model: &'a Model, event: &Name) -> Vec<&'a str> {
    names(model.event(event).and_then(|it| it.fields.as_ref()))
}

fn names(fields: Option<&Vec<Field>>) -> Vec<&str> {
    fields.into_iter().flatten().map(|field| field.name.value.as_str()).collect()
}

/// A message or a read model, by its kind, context and name, with the fields that it has.
type Side<'a, 's> = ((&'static str, &'a str, &'a str), &'s [&'a str]);

/// What one side gives to the other: fields of the same name, unless they are filled in otherwise.
fn passed<'a>(
    shown: &'a Shown,
    all: &mut Vec<Made<'a>>,
    (from, given): Side<'a, '_>,
    (to, wanted): Side<'a, '_>,
    fill: &'a [Assignment],
) {
    let at = |(kind, context, name), field: Cow<'a, str>| At { kind, context, name, field };
    let filled = |field: &str| fill.iter().any(|it| it.target.value.first().is_some_and(|first| first == field));
    for field in wanted.iter().filter(|field| given.contains(field) && !filled(field)) {
        all.push(Made { from: at(from, (*field).into()), to: at(to, (*field).into()), how: "as it is" });
    }
    for set in fill {
        let how = shown.workspace.sources.text(set.expr.span).trim();
        let mut sources: Vec<&str> = given.iter().copied().filter(|field| mentions(&set.expr, field)).collect();
        if sources.is_empty() {
            // A value, a hook, or something of the envelope: it is given there, and by no field.
            sources.push("");
        }
        let target: Cow<'a, str> = match set.target.value.as_slice() {
            [field] => field.as_str().into(),
            path => path.join(".").into(),
        };
        for source in sources {
            all.push(Made { from: at(from, source.into()), to: at(to, target.clone()), how });
        }
    }
}
