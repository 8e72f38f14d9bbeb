//! A push: a checked workspace becomes what a store keeps of it. What was released before must be in it as it was, which is decided
//! by the same comparison as `isobar check --against`; whatever is refused is refused with findings, and nothing is kept.
//!
//! Nothing here speaks HTTP or asks who may push.

mod consumers;
mod words;

pub use consumers::join;

use crate::{
    Base, Workspace,
    history::{FOLDER, Hash, History, LOCK, Lock, Release},
    parallel::in_parallel,
    schema::{self, Subject},
    store::{Conflict, Error, Frozen, Page, Push, Pushed, PushedContext, PushedMessage, PushedVersion, Schema, Store},
};
use isobar_model::{
    Span, Version,
    diag::{Diagnostic, codes},
    model::Name,
    parse::Tree,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

/// How often a push is compared anew with what others pushed meanwhile.
const ATTEMPTS: usize = 5;

/// Why a workspace was not taken in.
#[derive(Debug)]
pub enum Refused {
    /// The workspace with what is wrong with it.
    Findings(Box<Workspace>),
    /// The store did not take it.
    Store(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Store(error)
    }
}

/// In one line.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Findings(workspace) => {
                let errors = workspace.diagnostics.count(isobar_model::Severity::Error);
                write!(f, "the workspace has {errors} error{}", if errors == 1 { "" } else { "s" })
            }
            Refused::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

/// What was released of the workspace's contexts before, as the store has it.
type Stored = BTreeMap<Name, Vec<(Version, String)>>;

/// What a store has that a push of a workspace must agree with.
#[derive(Clone, Debug)]
pub struct Before {
    /// The released versions of the workspace's contexts.
    own: Vec<Frozen>,
    /// The released versions of the contexts that it pulled.
    pulled: Vec<Frozen>,
    /// The contexts of other workspaces: context, workspace.
    others: Vec<(String, String)>,
}

/// Takes a workspace into a store, on behalf of `by`. The same workspace again changes nothing. [`compare`] takes as long as
/// checking does: whoever must not be delayed runs the three steps where they belong.
///
/// # Errors
/// The findings, if the workspace has errors or contradicts what was pushed before; or what the store says.
pub async fn push(store: &Store, by: &str, workspace: &Workspace) -> Result<Pushed, Refused> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let before = before(store, workspace).await?;
        let push = compare(workspace, &before).map_err(Refused::Findings)?;
        match store.push(by, push).await {
            Err(error) if is_late(&error) && attempts < ATTEMPTS => {}
            done => return Ok(done?),
        }
    }
}

/// Whether somebody else pushed after [`before`] was read, so that it is to be compared with that.
#[must_use]
pub fn is_late(error: &Error) -> bool {
    matches!(error, Error::Conflict(Conflict::Edited(_) | Conflict::NotNewer(_) | Conflict::Owned(_)))
}

/// Reads what a push of the workspace must agree with.
///
/// # Errors
/// When the store cannot be read.
pub async fn before(store: &Store, workspace: &Workspace) -> Result<Before, Error> {
    let (own, others): (Vec<_>, Vec<_>) =
        store.contexts(None).await?.into_iter().partition(|context| context.workspace == workspace.model.name);
    let own = own.into_iter().map(|context| context.name).collect();
    let pulled = workspace.pulled.history.events.keys().map(|name| name.context.clone()).collect();
    Ok(Before {
        own: histories(store, &own).await?,
        pulled: histories(store, &pulled).await?,
        others: others.into_iter().map(|context| (context.name, context.workspace)).collect(),
    })
}

/// Makes the push of a checked workspace, if it agrees with what the store has. Pure.
///
/// # Errors
/// The workspace with its findings, if there are errors among them.
pub fn compare(workspace: &Workspace, before: &Before) -> Result<Push, Box<Workspace>> {
    let mut found = Vec::new();
    if workspace.files.iter().all(|path| !path.ends_with("isobar.yaml")) {
        let message = "a workspace that is pushed has an `isobar.yaml`";
        let help =
            format!("write `workspace: {}` into it, or another name that no other workspace has", workspace.model.name);
        found.push(Diagnostic::general(&codes::MISSING_KEY, message).help(help));
    }
    // A large workspace is copied only where something is to be said about it.
    let with = |found: Vec<Diagnostic>| {
        let mut compared = Box::new(workspace.clone());
        found.into_iter().for_each(|it| compared.diagnostics.push(it));
        compared
    };
    if workspace.diagnostics.has_errors() || !found.is_empty() {
        return Err(with(found));
    }
    for (context, owner) in &before.others {
        let Some(span) = place(workspace, context) else { continue };
        let message = format!("the context `{context}` belongs to the workspace `{owner}`");
        let help = format!(
            "give this one another name; to read the events of that one, remove this one and run `isobar pull {context}`"
        );
        found.push(Diagnostic::new(&codes::CONTEXT_OWNED, span, message).help(help));
    }
    let stored = by_name(&before.own);
    found.extend(passed(workspace, &stored));
    let own = others(&before.own, &workspace.history);
    let pulled = others(&before.pulled, &workspace.pulled.history);
    // Nothing but its lock is in a history that is no other one.
    if !found.is_empty() || own.len() > 1 || pulled.len() > 1 {
        let mut compared = with(found);
        compared.against(Tree::Texts(&own), Base::Registry, None);
        compared.pulled_against(Tree::Texts(&pulled));
        if compared.diagnostics.has_errors() {
            return Err(compared);
        }
    }
    Ok(of(workspace, &stored))
}

async fn histories(store: &Store, contexts: &BTreeSet<String>) -> Result<Vec<Frozen>, Error> {
    let mut frozen = Vec::new();
    for context in contexts {
        frozen.extend(store.context_history(context, Page::ALL).await?);
    }
    Ok(frozen)
}

fn by_name(frozen: &[Frozen]) -> Stored {
    let mut stored = Stored::new();
    for Frozen { at, .. } in frozen {
        let name = Name { context: at.context.clone(), name: at.message.clone() };
        stored.entry(name).or_default().push((at.version, at.hash.clone()));
    }
    stored
}

/// The frozen versions that a history has not, or not so, as a history of their own with a lock: path and text.
fn others(frozen: &[Frozen], history: &History) -> BTreeMap<String, String> {
    let mut files = pulled(frozen);
    files.retain(|path, text| history.found.0.get(path) != Some(&Hash::of(text.as_bytes())));
    let lock = Lock::of(&files).to_string();
    files = files.into_iter().map(|(path, text)| (format!("{FOLDER}/{path}"), text)).collect();
    files.insert(format!("{FOLDER}/{LOCK}"), lock);
    files
}

/// Frozen versions as a pull sends them: path below a history, and text.
#[must_use]
pub fn pulled(frozen: &[Frozen]) -> BTreeMap<String, String> {
    let path = |Frozen { at, .. }: &Frozen| format!("{}/{}/{}.yaml", at.context, at.message, at.version);
    frozen.iter().map(|it| (path(it), it.yaml.clone())).collect()
}

/// Where the workspace has a context: in the model, or in what was released.
fn place(workspace: &Workspace, context: &str) -> Option<Span> {
    let modelled = workspace.model.contexts.get(context).map(|it| it.name.span);
    let released = || workspace.history.events.iter().find(|(name, _)| name.context == context);
    modelled.or_else(|| Some(released()?.1.first()?.event.name.span))
}

/// Reports versions that the store lacks while it has newer ones of the event: who reads them in their order would miss them.
fn passed(workspace: &Workspace, stored: &Stored) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, releases) in &workspace.history.events {
        let Some(theirs) = stored.get(name) else { continue };
        let Some((newest, _)) = theirs.last() else { continue };
        let late = |release: &&Release| {
            release.version < *newest && theirs.iter().all(|(version, _)| *version != release.version)
        };
        for release in releases.iter().filter(late) {
            let message = format!("the registry has {newest} of `{name}` and no {}", release.version);
            found.push(
                Diagnostic::new(&codes::BASE_PASSED, release.event.name.span, message)
                    .help("remove the file and its line in the lock, and release what it changed on top of the newest version")
                    .about(name),
            );
        }
    }
    found
}

/// What a store keeps of a workspace without errors, beside what it has `stored`.
fn of(workspace: &Workspace, stored: &Stored) -> Push {
    let (model, files) = (&workspace.model, workspace.texts());
    let contexts = model.contexts.values().map(|context| PushedContext {
        name: context.name.value.clone(),
        doc: context.doc.clone(),
        owner: owner(workspace, &context.name),
    });
    let events = model.events().map(|(name, event)| (name, event.doc.clone()));
    // Events that are over, or have another name by now, last.
    let over = workspace.history.events.iter().filter(|(name, _)| model.event(name).is_none());
    let over = over.map(|(name, releases)| (name.clone(), releases.last().and_then(|it| it.event.doc.clone())));
    let hashes: HashMap<&Name, &Vec<(Version, String)>> = stored.iter().collect();
    let events: Vec<(Name, Option<String>)> = events.chain(over).collect();
    let events = in_parallel(&events, |(name, doc)| PushedMessage {
        owner: owner(workspace, &name.context),
        kind: "event".to_owned(),
        doc: doc.clone(),
        versions: versions(workspace, name, hashes.get(name).map_or(&[][..], |it| it.as_slice()), &files),
        words: words::of_event(workspace, name),
        context: name.context.clone(),
        name: name.name.clone(),
    });
    let commands = model.commands().map(|(name, command)| PushedMessage {
        owner: owner(workspace, &name.context),
        kind: "command".to_owned(),
        doc: command.doc.clone(),
        versions: Vec::new(),
        words: words::of_command(model, command),
        context: name.context,
        name: name.name,
    });
    let messages = events.into_iter().chain(commands).collect();
    let (contexts, consumers) = (contexts.collect(), consumers::named(model));
    Push { workspace: model.name.clone(), contexts, messages, consumers, files }
}

fn owner(workspace: &Workspace, context: &str) -> Option<String> {
    let own = workspace.model.contexts.get(context).and_then(|it| it.owner.as_ref());
    own.or(workspace.model.owner.as_ref()).map(|owner| owner.value.clone())
}

/// The released versions of a name. A schema has the name that its version was released with, so that it stays what it is.
fn versions(
    workspace: &Workspace,
    name: &Name,
    stored: &[(Version, String)],
    files: &BTreeMap<String, String>,
) -> Vec<PushedVersion> {
    let History { events, found, .. } = &workspace.history;
    let base = workspace.model.schema_base.as_ref().map(|base| base.value.as_str());
    let version = |release: &Release| {
        let Release { version, path, event, types, .. } = release;
        let subject = Subject::event(&workspace.model.name, name, *version, event, types)?.published(base);
        let hash = found.0.get(path)?.to_string();
        // That they differ in words only was found before.
        let before = stored.iter().find(|(known, before)| known == version && *before != hash);
        Some(PushedVersion {
            version: *version,
            yaml: files.get(&format!("{FOLDER}/{path}"))?.clone(),
            url: subject.id(),
            schema: Schema::json(schema::schema(&subject).to_string()),
            revises: before.map(|(_, before)| before.clone()),
            hash,
        })
    };
    events.get(name).into_iter().flatten().filter_map(version).collect()
}
