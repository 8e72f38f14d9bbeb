//! The page of a read model: where each of its fields comes from, what feeds it, and what can be asked of it.

use super::{
    Section, Told, cell, facts, linked, mono,
    section::{FEW, and_more},
    table, text, typed, written,
};
use crate::pages::{
    fields,
    listing::Part,
    message::{Link, link},
    site::{Shown, escaped},
};
use isobar_model::model::{Assignment, Context, Name, Projection, ProjectionAction, Returns};

/// What an event does, and what it sets.
fn action(it: &Projection) -> (&'static str, &[Assignment]) {
    match &it.action {
        ProjectionAction::Insert(all) => ("adds a row", all),
        ProjectionAction::Update(all) => ("changes its row", all),
        ProjectionAction::Upsert(all) => ("adds or changes its row", all),
        ProjectionAction::Delete => ("removes its row", &[]),
    }
}

pub(super) fn read_model(shown: &Shown, context: &Context, name: &Name, part: &Part) -> Option<Told> {
    let it = context.read_models.get(&name.name)?;
    let model = &shown.workspace.model;
    let lineage = fields::rows(model, &model.types, &it.fields).into_iter().map(|row| {
        let mut from = Vec::new();
        let mut sets = it.from.iter().filter_map(|made| {
            let set = action(made).1.iter().find(|set| set.target.value.join(".") == row.path)?;
            Some((made, set))
        });
        for (made, set) in sets.by_ref().take(FEW) {
            if !from.is_empty() {
                from.extend(text(", "));
            }
            from.extend(cell(link(shown, "event", &made.event.value, None)));
            from.extend(text(" "));
            from.extend(source(shown, &made.event.value, set));
        }
        from.extend(and_more(sets.count()));
        if from.is_empty() && row.depth == 0 {
            from = super::chip("warn", "nothing sets it");
        }
        let means = [row.doc.clone().into_iter().collect(), row.bounds.clone(), row.tags.clone()].concat().join(", ");
        vec![mono(&row.path), typed(shown, &row), text(means), from]
    });
    let made = part.made(&it.from, |made| {
        let (does, sets) = action(made);
        let sets: Vec<String> = sets.iter().map(|it| it.target.value.join(".")).collect();
        let note = if sets.is_empty() { does.into() } else { format!("{does}: {}", sets.join(", ")) };
        Some(link(shown, "event", &made.event.value, Some(note)))
    });
    let queries = it.queries.iter().map(|query| {
        let by = query.by.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(", ");
        let order = query.order.as_ref().map(|(field, down)| {
            format!("by {}, {}", field.value, if *down { "the largest first" } else { "the smallest first" })
        });
        let returns = match query.returns {
            Returns::One => "one row",
            Returns::Many => "all rows",
            Returns::Page => "a page of rows",
        };
        vec![mono(&query.name.value), mono(by), text(order.unwrap_or_default()), text(returns)]
    });
    let users = model.commands().filter(|(_, command)| command.uses.iter().any(|it| it.value == *name));
    let users = part.made(users, |(name, _)| Some(link(shown, "command", &name, None)));
    let sections = vec![
        facts("In short", [("A row for each", it.key.as_ref().map(|key| mono(&key.value)))]),
        table("Where each field comes from", &["Field", "Type", "Means", "From"], lineage),
        linked("Made of", "Nothing feeds it.", made),
        table("Questions", &["Query", "By", "Order", "Returns"], queries),
        linked("Looked at before", "", users),
    ];
    Some(("read-model", it.doc.clone(), sections.into_iter().filter(Section::says_something).collect()))
}

/// What a field is set to, with a link to the field of the event that it is, where it is one.
fn source(shown: &Shown, event: &Name, set: &Assignment) -> super::Cell {
    let written = written(shown, &set.expr);
    let field = written.strip_prefix('$').filter(|it| it.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.'));
    let known = field.filter(|field| {
        let own = shown.workspace.model.event(event).and_then(|it| it.fields.as_ref());
        own.into_iter().flatten().any(|it| Some(it.name.value.as_str()) == field.split('.').next())
    });
    match known {
        Some(field) => {
            let href = shown.href(&format!("event/{}/field/{}", escaped(&event.to_string()), escaped(field)));
            cell(Link { kind: "event", name: written.clone(), href, note: None })
        }
        None => mono(written),
    }
}
