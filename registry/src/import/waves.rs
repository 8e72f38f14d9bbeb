//! The foreign versions in turn: each wave is written as a storming and released, and what old data lacks is left to a hook of
//! its new owner. The only part that touches a folder.

use super::{
    Chain, History, Note, Step,
    documents::Place,
    schema::{Converter, Members, Written},
    storming::{Draft, snake, storming},
};
use crate::{Evolution, Workspace, compat::shapes, history, history::Yaml, payload};
use isobar_model::{
    Diagnostics, Version,
    expr::{self, Target},
    model::Name,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// What became of a foreign version.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The event.
    pub name: Name,
    /// What the version was called.
    pub label: String,
    /// What it is called now. Where nothing on the wire changed, the same as the one before.
    pub version: Version,
    /// The fields that a hook has to fill from data of the version before.
    pub hooks: Vec<String>,
}

/// Why an import stopped.
#[derive(Debug)]
pub enum Failed {
    /// A file could not be written.
    Io(io::Error),
    /// What was written is not a workspace: boxed, with the texts that the findings are about.
    Refused(Box<Workspace>),
    /// A release was refused.
    Unreleased(Diagnostics),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Failed::Io(error)
    }
}

/// Writes the history into the folder `root`, which is empty or not there. Says what became of each version, and what was not
/// taken over as it is, sorted by file and pointer.
///
/// # Errors
/// What kept a file from being written, or findings. The folder then holds what was done so far.
pub fn write(root: &Path, history: &History) -> Result<(Vec<Imported>, Vec<Note>), Failed> {
    fs::create_dir_all(root)?;
    let settings = format!("workspace: {}\ncompatibility: backward\n", Yaml::text(&history.workspace).flow());
    fs::write(root.join("isobar.yaml"), settings)?;
    let last = history.chains.iter().flat_map(|chain| &chain.steps).map(|step| step.wave).max();
    let mut notes: BTreeSet<Note> = history.notes.iter().cloned().collect();
    let mut imported = Vec::new();
    for wave in 0..=last.unwrap_or(0) {
        imported.extend(release(root, history, wave, &mut notes)?);
    }
    Ok((imported, notes.into_iter().collect()))
}

type Contexts<'a> = BTreeMap<&'a str, (Members, Vec<(String, Draft)>)>;

/// One wave. What an event was before stays as it is where the wave has nothing of it.
fn release(root: &Path, history: &History, wave: usize, notes: &mut BTreeSet<Note>) -> Result<Vec<Imported>, Failed> {
    let mut contexts = drafts(history, wave, notes);
    put(root, &contexts)?;
    let workspace = Workspace::open(root);
    settle(&workspace, history, wave, &mut contexts);
    put(root, &contexts)?;
    let workspace = Workspace::open(root);
    if workspace.diagnostics.has_errors() {
        return Err(Failed::Refused(Box::new(workspace)));
    }
    history::release(&workspace, &[], false).map_err(Failed::Unreleased)?;
    Ok(outcome(history, wave, &workspace, &contexts))
}

/// The step that a chain is at in this wave.
fn at(chain: &Chain, wave: usize) -> Option<&Step> {
    chain.steps.iter().rev().find(|step| step.wave <= wave)
}

fn drafts<'a>(history: &'a History, wave: usize, notes: &mut BTreeSet<Note>) -> Contexts<'a> {
    let mut contexts = Contexts::new();
    let mut by_context: BTreeMap<&str, Vec<&Chain>> = BTreeMap::new();
    for chain in &history.chains {
        by_context.entry(&chain.context).or_default().push(chain);
    }
    for (context, chains) in by_context {
        let nothing = Value::Null;
        let taken = chains.iter().map(|chain| chain.name.clone()).collect();
        let mut converter = Converter::new(&history.documents, &nothing, taken);
        let mut events = Vec::new();
        for (chain, step) in chains.iter().filter_map(|chain| Some((chain, at(chain, wave)?))) {
            events.push((chain.name.clone(), draft(&mut converter, chain, step)));
        }
        notes.append(&mut converter.notes);
        contexts.insert(context, (converter.types, events));
    }
    contexts
}

fn draft(converter: &mut Converter<'_>, chain: &Chain, step: &Step) -> Draft {
    let place = Place::root(&step.file, &step.schema);
    let found = converter.convert(&step.schema, &place, &chain.name);
    let fields = match found.written {
        Written::Long(members) => members.into_iter().find(|(key, _)| key == "fields").map(|(_, fields)| fields),
        Written::Short(_) => None,
    };
    let fields = match fields {
        Some(Yaml::Map(fields)) => fields,
        _ => {
            converter.note(&place, "an event is an object with members: it has no fields here");
            Members::new()
        }
    };
    let doc = step.schema.get("description").and_then(Value::as_str).map(|doc| doc.trim().to_owned());
    Draft { wire: step.wire.clone(), doc: doc.filter(|doc| !doc.is_empty()), fields, ..Draft::default() }
}

fn put(root: &Path, contexts: &Contexts<'_>) -> io::Result<()> {
    for (context, (types, events)) in contexts {
        fs::write(root.join(format!("{context}.storm.yaml")), storming(context, types, events))?;
    }
    Ok(())
}

/// Says of every new major what becomes of old data, and gives every version an example.
fn settle(workspace: &Workspace, history: &History, wave: usize, contexts: &mut Contexts<'_>) {
    for evolution in workspace.evolutions.values() {
        let Some((_, events)) = contexts.get_mut(evolution.name.context.as_str()) else { continue };
        let Some((_, draft)) = events.iter_mut().find(|(name, _)| *name == evolution.name.name) else { continue };
        ways(evolution, draft);
        let Some(major) = evolution.majors.last() else { continue };
        let is_it = |chain: &&Chain| chain.context == evolution.name.context && chain.name == evolution.name.name;
        let step = history.chains.iter().find(is_it).and_then(|chain| at(chain, wave));
        let given = step.map(|step| step.examples.as_slice()).unwrap_or_default();
        let fits = |example: &&Value| payload::read(example.to_string().as_bytes(), major.record()).is_ok();
        draft.examples = given.iter().filter(fits).cloned().collect();
        if draft.examples.is_empty() {
            draft.examples = shapes::smallest(major.record()).iter().filter(fits).cloned().collect();
        }
    }
}

fn ways(evolution: &Evolution, draft: &mut Draft) {
    let [.., old, new] = evolution.majors.as_slice() else { return };
    if !new.draft || new.known.len() > 1 {
        return;
    }
    let from = (&*old.types, old.fields());
    let span = new.event.name.span;
    let target = |fields| Target { what: "the new version", fields: (&*new.types, fields), assignments: &[], span };
    let copied = |fields| {
        let mut unused = Diagnostics::default();
        expr::released_transfer((from, "the old version"), target(fields), &mut unused)
    };
    for field in new.fields().iter().filter(|field| copied(std::slice::from_ref(*field)).is_none()) {
        let hook = format!("{}_{}_v{}", snake(&evolution.name.name), snake(&field.name.value), new.version.major);
        draft.hooks.push((field.name.value.clone(), hook));
    }
    // A hook reads what it likes; without one, what nothing reads is gone.
    if let Some(way) = copied(new.fields()).filter(|_| draft.hooks.is_empty()) {
        draft.removed = expr::unread(from, &way, &new.types);
    }
}

fn outcome(history: &History, wave: usize, workspace: &Workspace, contexts: &Contexts<'_>) -> Vec<Imported> {
    let mut out = Vec::new();
    for chain in &history.chains {
        let name = Name { context: chain.context.clone(), name: chain.name.clone() };
        let step = at(chain, wave).filter(|step| step.wave == wave);
        let newest = workspace.evolutions.get(&name).and_then(Evolution::newest);
        let draft =
            contexts.get(chain.context.as_str()).and_then(|(_, all)| all.iter().find(|(it, _)| *it == chain.name));
        if let (Some(step), Some(newest), Some((_, draft))) = (step, newest, draft) {
            let hooks = draft.hooks.iter().map(|(field, _)| field.clone()).collect();
            out.push(Imported { name, label: step.label.clone(), version: newest.version, hooks });
        }
    }
    out
}
