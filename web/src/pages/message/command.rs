//! The page of a command.

use super::{Link, MessagePage, Tab, around, crumbs, deprecated, link};
use crate::pages::{
    elements::{
        Section, cell, cells, envelope_named, facts, filled, hotspots, mono, owner_of, place, table, text, written,
    },
    fields,
    masked::{self, HIDDEN},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::model::{Command, Name};
use isobar_registry::schema::{Subject, schema};

pub(in crate::pages) fn command(shown: &Shown, full: &str) -> Option<Page> {
    let model = &shown.workspace.model;
    let (context, own) = full.split_once('.')?;
    let name = Name { context: context.to_owned(), name: own.to_owned() };
    let command = model.command(&name)?;
    let (bare, types) = masked::command(shown, command);
    let subject = Subject::command(&model.name, &name, &bare, &types);
    let schema = subject
        .map(|subject| subject.published(model.schema_base.as_ref().map(|base| base.value.as_str())))
        .map(|subject| Tab {
            id: "schema".into(),
            title: "JSON Schema".into(),
            note: None,
            text: schema(&subject).pretty(),
        });
    let rust = shown.rust(&name).map(|text| masked::code_of_command(shown, command, text));
    let rust = rust.map(|text| Tab { id: "rust".into(), title: "Rust".into(), note: None, text });
    let yaml = source(shown, command).map(|text| Tab { id: "yaml".into(), title: "YAML".into(), note: None, text });
    let page = MessagePage {
        kind: "command",
        name: name.name.clone(),
        context: Some(place(shown, "context", context, None)),
        doc: command.doc.clone(),
        owner: owner_of(shown, context),
        deprecated: command.deprecated.as_ref().map(deprecated),
        lineage: command.fields.is_some().then(|| shown.href(&format!("command/{}/field/", escaped(full)))),
        sketch: command.fields.is_none(),
        fields: fields::rows(model, &model.types, command.fields.as_deref().unwrap_or_default()),
        writers: around::givers(shown, &name, command),
        readers: command.emits.iter().map(|it| link(shown, "event", &it.value, Some("emits".into()))).collect(),
        // What stands for an aggregate on a topic is its events.
        topics: around::topics(shown, &name, None),
        sections: sections(shown, &name, command).into_iter().filter(Section::says_something).collect(),
        tabs: [rust, schema, yaml].into_iter().flatten().collect(),
        hotspots: model.contexts.get(context).map(|it| hotspots(it, &name)).unwrap_or_default(),
        ..MessagePage::default()
    };
    Some(Page::new("message", full, &page).below(crumbs(shown)))
}

fn sections(shown: &Shown, name: &Name, command: &Command) -> Vec<Section> {
    let model = &shown.workspace.model;
    let aggregate = command.aggregate.as_ref().map(|own| Name { context: name.context.clone(), name: own.clone() });
    let systems = model.contexts.iter().flat_map(|(context, it)| {
        let handles = it.external_systems.values().filter(|system| system.handles.iter().any(|it| it.value == *name));
        handles.map(move |it| (context, it))
    });
    let systems: Vec<Link> = systems
        .map(|(context, it)| {
            link(shown, "external", &Name { context: context.clone(), name: it.name.value.clone() }, None)
        })
        .collect();
    let uses = cells(command.uses.iter().map(|it| link(shown, "read-model", &it.value, None)), ", ");
    let requires = command.requires.iter().map(|(name, it)| vec![text(name), mono(written(shown, &it.value))]);
    vec![
        facts(
            "In short",
            [
                ("Handled by", aggregate.map(|name| cell(link(shown, "aggregate", &name, None)))),
                ("Carried out by", Some(cells(systems, ", "))),
                ("Makes a new one", command.creates.then(|| text("yes"))),
                ("Its giver looks at", Some(uses)),
                ("On the wire", command.wire.as_ref().map(|wire| mono(&wire.value))),
                (
                    "Use instead",
                    command
                        .deprecated
                        .as_ref()
                        .and_then(|it| it.instead.as_ref())
                        .map(|it| cell(link(shown, "command", &it.value, None))),
                ),
                ("Envelope", command.envelope.as_ref().and_then(|it| envelope_named(shown, &it.value))),
            ],
        ),
        table("Refused unless", &["Name", "Condition"], requires),
        table("Where the values of its events come from", &["Field", "Value"], filled(shown, &command.fill)),
    ]
}

/// The lines that its author wrote.
fn source(shown: &Shown, command: &Command) -> Option<String> {
    let span = command.name.span;
    let mut text = shown.workspace.sources.get(span.file).text.to_string();
    let mut hidden = masked::examples(shown, command.fields.iter().flatten());
    hidden.sort_unstable_by_key(|span| std::cmp::Reverse(span.start));
    for span in hidden.iter().filter(|hidden| hidden.file == span.file) {
        if let (Ok(start), Ok(end)) = (usize::try_from(span.start), usize::try_from(span.end)) {
            text.replace_range(start..end, HIDDEN);
        }
    }
    let line = shown.workspace.sources.locate(span.file, span.start).line.checked_sub(1)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip(line);
    let first = lines.next()?;
    let deep = indent(first);
    let more = lines.take_while(|line| line.trim().is_empty() || indent(line) > deep);
    let all = std::iter::once(first).chain(more).map(|line| line.get(deep..).unwrap_or_default());
    Some(all.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n")
}
