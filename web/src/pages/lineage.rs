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
    Model,
    model::{Assignment, Name, ProjectionAction},
};
use serde::Serialize;
use std::collections::{HashMap, HashSet, VecDeque};

/// A field of something, or all of it, where no field is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct At {
    kind: &'static str,
    name: Name,
    field: String,
}

/// One field makes another.
struct Made<'a> {
    from: At,
    to: At,
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
    let start = At { kind, name: Name { context: context.into(), name: own.into() }, field: field.into() };
    let model = &shown.workspace.model;
    let known = match kind {
        "event" => model.event(&start.name)?.fields.as_ref()?,
        _ => model.command(&start.name)?.fields.as_ref()?,
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
    let here = link(shown, kind, &start.name, None).href;
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    let page = Page::new("lineage", format!("{field} of {name}"), &data).below(crumbs);
    Some(if listing.pages > 1 { page.part(listing) } else { page })
}

/// A field that is reached, how it is made, and how far it is.
type Reached<'a> = (&'a At, &'a str, usize);

fn step(shown: &Shown, (at, how, depth): &Reached<'_>) -> Step {
    Step {
        kind: at.kind,
        name: at.name.to_string(),
        field: at.field.clone(),
        href: link(shown, at.kind, &at.name, None).href,
        how: (*how).to_owned(),
        depth: *depth,
    }
}

/// Everything that is reached from a field, with how far it is, the nearest first.
fn way<'a>(start: &'a At, all: &'a [Made<'_>], ends: impl Fn(&'a Made<'_>) -> (&'a At, &'a At)) -> Vec<Reached<'a>> {
    let mut beside: HashMap<(&str, &Name), Vec<usize>> = HashMap::new();
    for (number, it) in all.iter().enumerate() {
        let (near, _) = ends(it);
        beside.entry((near.kind, &near.name)).or_default().push(number);
    }
    let (mut seen, mut steps, mut todo) = (HashSet::from([start]), Vec::new(), VecDeque::from([(start, 0)]));
    while let Some((at, depth)) = todo.pop_front() {
        for number in beside.get(&(at.kind, &at.name)).into_iter().flatten() {
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
    for (name, command) in model.commands() {
        let given: Vec<&str> = command.fields.iter().flatten().map(|field| field.name.value.as_str()).collect();
        for event in &command.emits {
            let fields = fields_of(model, &event.value);
            passed(shown, &mut all, ("command", &name, &given), ("event", &event.value, &fields), &command.fill);
        }
    }
    for (context, it) in model.contexts.iter() {
        for policy in it.policies.values() {
            for event in &policy.when {
                for command in &policy.then {
                    let given = fields_of(model, &event.value);
                    let wanted = model.command(&command.value).map(|it| &it.fields);
                    let wanted: Vec<&str> =
                        wanted.into_iter().flatten().flatten().map(|it| it.name.value.as_str()).collect();
                    passed(
                        shown,
                        &mut all,
                        ("event", &event.value, &given),
                        ("command", &command.value, &wanted),
                        &policy.fill,
                    );
                }
            }
        }
        for (own, read_model) in it.read_models.iter() {
            let name = Name { context: context.clone(), name: own.clone() };
            for projection in &read_model.from {
                let given = fields_of(model, &projection.event.value);
                if let ProjectionAction::Insert(set) | ProjectionAction::Update(set) | ProjectionAction::Upsert(set) =
                    &projection.action
                {
                    passed(
                        shown,
                        &mut all,
                        ("event", &projection.event.value, &given),
                        ("read-model", &name, &[]),
                        set,
                    );
                }
            }
        }
    }
    for (name, event) in model.events() {
        if let Some(from) = &event.from {
            let (given, wanted) = (fields_of(model, &from.value), fields_of(model, &name));
            passed(shown, &mut all, ("event", &from.value, &given), ("event", &name, &wanted), &event.fill);
        }
    }
    all
}

fn fields_of<'a>(model: &'a Model, event: &Name) -> Vec<&'a str> {
    let fields = model.event(event).and_then(|it| it.fields.as_ref());
    fields.into_iter().flatten().map(|field| field.name.value.as_str()).collect()
}

type Side<'s> = (&'static str, &'s Name, &'s [&'s str]);

/// What one side gives to the other: fields of the same name, unless they are filled in otherwise.
fn passed<'a>(shown: &'a Shown, all: &mut Vec<Made<'a>>, from: Side<'_>, to: Side<'_>, fill: &'a [Assignment]) {
    let at = |side: Side<'_>, field: &str| At { kind: side.0, name: side.1.clone(), field: field.to_owned() };
    let filled = |field: &str| fill.iter().any(|it| it.target.value.first().is_some_and(|first| first == field));
    for field in to.2.iter().filter(|field| from.2.contains(field) && !filled(field)) {
        all.push(Made { from: at(from, field), to: at(to, field), how: "as it is" });
    }
    for set in fill {
        let how = shown.workspace.sources.text(set.expr.span).trim();
        let mut sources: Vec<&str> = from.2.iter().copied().filter(|field| mentions(&set.expr, field)).collect();
        if sources.is_empty() {
            // A value, a hook, or something of the envelope: it is given there, and by no field.
            sources.push("");
        }
        for source in sources {
            all.push(Made { from: at(from, source), to: at(to, &set.target.value.join(".")), how });
        }
    }
}
