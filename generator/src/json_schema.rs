//! JSON Schema: a file for each version of each event and for each command, and a bundle of each context's heads. What a schema
//! says is the registry's business.

use crate::Files;
use isobar_model::model::Name;
use isobar_registry::{
    Workspace,
    schema::{Draft, Json, Subject, bundle, schema},
};

/// `<context>/<Event>/v1.1.json`, `<context>/<Command>.json` and `<context>/bundle.json`.
pub(crate) fn files(workspace: &Workspace, draft: Draft) -> Files {
    let model = &workspace.model;
    let base = model.schema_base.as_ref().map(|base| base.value.as_str());
    let mut files = Files::new();
    let mut add = |path: String, schema: Json| files.insert(path, draft.of(schema).pretty());
    for (name, evolution) in &workspace.evolutions {
        for known in &evolution.versions {
            if let Some(subject) = Subject::event(&model.name, name, known.version, &known.event, &known.types) {
                let subject = subject.published(base);
                add(subject.path(), schema(&subject));
            }
        }
    }
    let commands: Vec<_> = model.commands().collect();
    for (name, command) in &commands {
        if let Some(subject) = Subject::command(&model.name, name, command, &model.types) {
            let subject = subject.published(base);
            add(subject.path(), schema(&subject));
        }
    }
    for context in model.contexts.values() {
        let ours = |name: &Name| name.context == context.name.value;
        let commands = commands.iter().filter(|(name, _)| ours(name));
        let commands = commands.filter_map(|(name, it)| Subject::command(&model.name, name, it, &model.types));
        let events = workspace.evolutions.iter().filter(|(name, it)| ours(name) && it.alive);
        let events = events.filter_map(|(name, it)| {
            let head = it.versions.last()?;
            let event = context.events.get(&name.name)?;
            Subject::event(&model.name, name, head.version, event, &model.types)
        });
        let heads: Vec<Subject<'_>> = commands.chain(events).collect();
        if !heads.is_empty() {
            let path = format!("{}/bundle.json", context.name);
            add(path, bundle(&model.name, base, context, &model.types, &heads));
        }
    }
    files
}
