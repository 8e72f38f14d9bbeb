//! Nodes to the [`Model`]: each file says which part of the notation it lowers. First everything is read, with references left
//! as names; then, once all names are known, references, literals and expressions are checked.
//!
//! ```text
//! workspace.rs context.rs messaging.rs   the files
//! types.rs type_text.rs message.rs flow.rs  what stands in them
//! names.rs finite.rs literals.rs exprs.rs   the checks, in this order
//! frozen.rs                              one released version
//! ```

mod context;
mod envelopes;
mod exprs;
mod finite;
mod flow;
mod frozen;
mod literals;
mod message;
mod messaging;
mod names;
mod reader;
mod type_text;
mod types;
mod walk;
mod workspace;

pub use envelopes::ROLES;
pub use frozen::{Frozen, frozen};

use crate::{
    diag::{Diagnostic, Diagnostics, codes},
    model::{Model, Name, Pulled},
    parse::{self, Node, Tree},
    source::{FileId, Sources, Span},
    table::Table,
};
use reader::Cx;
use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

/// A workspace as it was read: everything but its history.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The text of every file.
    pub sources: Sources,
    /// What they say. Complete only where there are no errors.
    pub model: Model,
    /// What is wrong, unsorted.
    pub diagnostics: Diagnostics,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// Every folder that was listed.
    pub folders: Vec<PathBuf>,
}

/// Reads a workspace: `isobar.yaml` and every `*.storm.yaml`. Its texts come behind those that `sources` has already, and what
/// it says may speak of events that were `pulled`.
pub fn load(tree: Tree<'_>, sources: Sources, pulled: Table<Name, Pulled>) -> Loaded {
    let mut loaded = Loaded { sources, ..Loaded::default() };
    let found = parse::walk(tree, &mut loaded.diagnostics);
    let mut read = |path: &Path| {
        loaded.files.push(path.to_owned());
        let shown = parse::shown(tree.root(), path);
        let text = tree.read(path, &shown, &mut loaded.diagnostics)?;
        Some(loaded.sources.add(shown, text))
    };
    let settings = found.settings.as_deref().and_then(&mut read);
    let storms: Vec<FileId> = found.storms.iter().filter_map(|path| read(path)).collect();
    loaded.folders = found.folders;
    if found.storms.is_empty() && !loaded.diagnostics.has_errors() {
        let message = "there is no `*.storm.yaml` here";
        loaded
            .diagnostics
            .push(Diagnostic::general(&codes::UNREADABLE, message).help("`isobar init` writes a first one"));
    }
    let (model, diagnostics) = lower(&loaded.sources, settings, &storms, pulled);
    loaded.model = model;
    loaded.diagnostics.extend(diagnostics);
    if loaded.model.name.is_empty() {
        let folder =
            tree.root().canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        loaded.model.name = folder.unwrap_or_else(|| "workspace".into());
    }
    loaded
}

/// Lowers texts that were read: the pure core of [`load`].
pub fn lower(
    sources: &Sources,
    settings: Option<FileId>,
    storms: &[FileId],
    pulled: Table<Name, Pulled>,
) -> (Model, Diagnostics) {
    let mut cx = Cx::default();
    let mut model = Model { pulled, ..Model::default() };
    if let Some(node) = settings.and_then(|file| parse::parse(file, sources, &mut cx.diagnostics)) {
        cx.workspace(&node, &mut model);
    }
    each_tree(sources, storms, |file, node, found| {
        let sound = found.is_empty();
        cx.diagnostics.extend(found);
        match node {
            Some(node) => cx.storm(&node, &mut model),
            None if sound => cx.push(
                Diagnostic::new(&codes::MISSING_KEY, Span::top(file), "a storming names its `context`")
                    .help("write `context: shop`, or remove the empty file"),
            ),
            None => {}
        }
    });
    cx.check_names(&model);
    cx.check_finite(&model.types);
    cx.fill_literals(&mut model);
    cx.check_expressions(&model);
    (model, cx.diagnostics)
}

/// Of fewer files, each is parsed when it is wanted.
const MANY: usize = 8;
/// So many trees wait at most: those of a large workspace are more than its model.
const AHEAD: usize = 4;

/// Hands on the tree of each file in their order, with what is wrong with it. Of many files the next ones are parsed meanwhile.
fn each_tree(sources: &Sources, files: &[FileId], mut take: impl FnMut(FileId, Option<Node>, Diagnostics)) {
    let parsed = |file: &FileId| {
        let mut found = Diagnostics::default();
        let node = parse::parse(*file, sources, &mut found);
        (*file, node, found)
    };
    if files.len() < MANY {
        return files.iter().map(parsed).for_each(|(file, node, found)| take(file, node, found));
    }
    thread::scope(|scope| {
        let (ready, wanted) = mpsc::sync_channel(AHEAD);
        // Nobody takes them any more only where the caller panicked.
        scope.spawn(move || files.iter().map(parsed).try_for_each(|tree| ready.send(tree)).is_ok());
        wanted.into_iter().for_each(|(file, node, found)| take(file, node, found));
    });
}
