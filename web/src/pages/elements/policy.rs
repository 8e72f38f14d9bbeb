//! The page of a policy: whenever this, then that.

use super::{
    Section, Told, cell, filled, linked,
    section::{cells, named},
    table, written,
};
use crate::pages::{message::link, site::Shown};
use isobar_model::model::{Context, Name};

pub(super) fn policy(shown: &Shown, context: &Context, name: &Name) -> Option<Told> {
    let it = context.policies.get(&name.name)?;
    let said = |names: &[isobar_model::Spanned<Name>], between: &str| {
        names.iter().map(|it| it.value.to_string()).collect::<Vec<_>>().join(between)
    };
    let condition = it.only_if.as_ref().map(|condition| written(shown, &condition.value));
    let only = condition.as_ref().map(|condition| format!(", if {condition}")).unwrap_or_default();
    let sentence = format!("Whenever {}{only}, then {}.", said(&it.when, " or "), said(&it.then, " and "));
    let gives = it.then.iter().flat_map(|command| {
        let fields = shown.workspace.model.command(&command.value).and_then(|it| it.fields.as_ref());
        fields.into_iter().flatten().map(move |field| (command, field))
    });
    // What is filled is told apart from what the event carries under the same name.
    let passed = gives.filter_map(|(command, field)| {
        let filled = it.fill.iter().any(|set| set.target.value.first() == Some(&field.name.value));
        let carried = it.when.iter().filter(|event| {
            let fields = shown.workspace.model.read(&event.value).map(|(fields, _)| fields);
            fields.is_some_and(|fields| fields.iter().any(|it| it.name.value == field.name.value))
        });
        let carried = cells(carried.map(|event| link(shown, "event", &event.value, None)), ", ");
        (!filled && !carried.is_empty())
            .then(|| vec![cell(link(shown, "command", &command.value, None)), super::mono(&field.name.value), carried])
    });
    let sections = vec![
        Section { title: "In a sentence".into(), lead: Some(sentence), ..Section::default() },
        linked("Whenever", "Nothing sets it off.", named(shown, &it.when, "event")),
        Section { title: "Only if".into(), code: condition, ..Section::default() },
        linked("Then", "It gives no command.", named(shown, &it.then, "command")),
        table("What the command is given", &["Field", "Value"], filled(shown, &it.fill)),
        table("What it takes from the event", &["Command", "Field", "Carried by"], passed),
    ];
    Some(("policy", it.doc.clone(), sections))
}
