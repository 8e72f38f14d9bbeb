//! JSON Schema: a file for each version of each event, and for each command. What a schema says is the registry's business.

use crate::Files;
use isobar_model::model::Name;
use isobar_registry::{
    Workspace,
    schema::{Subject, schema},
};

/// `<context>/<Event>/v1.1.json` and `<context>/<Command>.json`.
pub(crate) fn files(workspace: &Workspace) -> Files {
    let model = &workspace.model;
    let mut files = Files::new();
    for (name, evolution) in &workspace.evolutions {
        for known in &evolution.versions {
            if let Some(subject) = Subject::event(&model.name, name, known.version, &known.event, &known.types) {
                files.insert(
                    format!("{}/{}/{}.json", name.context, name.name, known.version),
                    schema(&subject).pretty(),
                );
            }
        }
    }
    for (name, command) in model.commands() {
        let Some(fields) = &command.fields else {
            continue;
        };
        let subject = Subject {
            workspace: &model.name,
            name: &name,
            version: None,
            doc: command.doc.as_deref(),
            fields,
            types: &model.types,
            examples: &[],
            deprecated: command.deprecated.as_ref(),
        };
        files.insert(path(&name), schema(&subject).pretty());
    }
    files
}

fn path(name: &Name) -> String {
    format!("{}/{}.json", name.context, name.name)
}
