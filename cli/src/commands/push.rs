//! `isobar push` and `isobar pull`: a workspace goes to a registry, and what others released comes from there.

use super::{Problem, folder, open};
use crate::{
    args::{Format, Registry},
    output::{self, Exit},
    remote::{Answer, Remote},
};
use isobar_model::{Diagnostic, Sources};
use isobar_registry::{Workspace, pulled, report};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// What a registry answers to a push.
#[derive(Deserialize)]
struct Taken {
    new: Vec<New>,
    known: usize,
}

#[derive(Deserialize)]
struct New {
    message: String,
    version: String,
    id: i64,
}

/// What a registry has of a context.
#[derive(Deserialize)]
struct Files {
    files: BTreeMap<String, String>,
}

pub(super) fn push(dir: &Path, registry: Registry, today: &str, format: Format) -> Result<Exit, Problem> {
    let remote = Remote::at(&registry.registry, registry.token)?;
    let mut workspace = output::working("checking", || Workspace::open_on(dir, today));
    workspace.sources.shown_from(dir);
    if workspace.diagnostics.has_errors() {
        return Ok(output::findings(&workspace.findings(), &workspace.sources, format));
    }
    let body = json!({ "files": workspace.texts() }).to_string();
    match output::working("pushing", || remote.put(&["workspaces", &workspace.model.name], &body))? {
        Answer::Refused(body) => refused(&body, &mut workspace.sources, format),
        Answer::Done(body) => {
            let Taken { new, known } = understood(&body)?;
            match format {
                Format::Json => anstream::println!("{}", body.trim_end()),
                Format::Human => {
                    for New { message, version, id } in &new {
                        anstream::println!("{message} {version}  (schema {id})");
                    }
                    let known = output::plural(known, "version");
                    anstream::eprintln!("{} pushed, {known} known already", output::plural(new.len(), "version"));
                }
            }
            Ok(Exit::Fine)
        }
    }
}

/// Shows the findings of a registry as those of `isobar check`.
fn refused(body: &str, sources: &mut Sources, format: Format) -> Result<Exit, Problem> {
    let read = report::read(body, sources).map_err(|error| format!("the registry's answer cannot be read: {error}"))?;
    let (findings, others): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    let findings: Vec<Diagnostic> = findings.into_iter().flatten().collect();
    others.into_iter().filter_map(Result::err).for_each(|line| anstream::eprintln!("{line}"));
    output::findings(&findings, sources, format);
    Ok(Exit::Findings)
}

pub(super) fn pull(
    mut contexts: Vec<String>,
    registry: Registry,
    out: Option<PathBuf>,
    format: Format,
) -> Result<Exit, Problem> {
    let dir = folder(out)?;
    let remote = Remote::at(&registry.registry, registry.token)?;
    let workspace = open(&dir, "reading");
    if contexts.is_empty() {
        let known: BTreeSet<&String> = workspace.pulled.history.events.keys().map(|name| &name.context).collect();
        contexts = known.into_iter().cloned().collect();
    }
    if contexts.is_empty() {
        return Err("nothing was pulled yet: name the contexts that are wanted".into());
    }
    // First everything comes, then it is written.
    let mut files = Vec::new();
    for context in &contexts {
        let answer = output::working("pulling", || remote.get(&["contexts", context, "files"]))?;
        let (Answer::Done(body) | Answer::Refused(body)) = answer;
        files.push((context, understood::<Files>(&body)?.files));
    }
    let mut pulled = Vec::new();
    for (context, files) in files {
        // The lock changes with every context.
        let workspace = open(&dir, "reading");
        match pulled::write(&workspace, context, &files) {
            Ok(changed) => pulled.push((context, changed, files.len())),
            Err(refused) => {
                let found = refused.diagnostics.sorted(&refused.sources);
                return Ok(output::findings(&found, &refused.sources, format));
            }
        }
    }
    match format {
        Format::Json => {
            let rows = pulled
                .iter()
                .map(|(context, changed, count)| json!({ "context": context, "new": changed, "files": count }));
            anstream::println!("{:#}", json!({ "pulled": rows.collect::<Vec<_>>() }));
        }
        Format::Human => {
            for (context, changed, count) in &pulled {
                let count = output::plural(*count, "version");
                anstream::println!("{context}: {count}, {} new", changed.len());
            }
            anstream::eprintln!("commit `{}`", isobar_registry::history::PULLED);
        }
    }
    Ok(Exit::Fine)
}

fn understood<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Problem> {
    serde_json::from_str(body).map_err(|error| format!("this is no registry, or a newer one: {error}"))
}
