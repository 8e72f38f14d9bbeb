//! The history of other workspaces, as `isobar pull` wrote it: what this workspace may read of theirs. It is under a lock as the
//! workspace's own is, and nothing of it is ever released, changed or generated here.

use crate::{
    Workspace,
    evolution::{self, Evolution},
    history::{self, Disk, History, LOCK, Lock, PULLED, Read},
};
use isobar_model::{
    Diagnostics, Model, Sources, Table,
    diag::{Diagnostic, codes},
    model::{self, Name},
    parse::{Tree, misplaced},
};
use std::collections::BTreeMap;

/// What was pulled.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    /// The files.
    pub history: History,
    /// Every event through all of its versions.
    pub evolutions: Table<Name, Evolution>,
}

impl Pulled {
    /// Reads what was pulled into the workspace; `out.folder` does not matter.
    pub(crate) fn read(tree: Tree<'_>, out: Read<'_>) -> Pulled {
        let history = history::read(tree, &mut Read { folder: PULLED, ..out });
        // That their model goes on from here is for them to check.
        let mut theirs = Diagnostics::default();
        let evolutions = evolution::evolve(&Model::default(), &history, true, &mut theirs);
        Pulled { history, evolutions }
    }

    /// The newest version of every event: what the model may speak of.
    pub(crate) fn newest(&self) -> Table<Name, model::Pulled> {
        let newest = self.evolutions.iter().filter_map(|(name, evolution)| {
            let known = evolution.newest()?;
            let (version, event, types) = (known.version, known.event.clone(), known.types.clone());
            Some((name.clone(), model::Pulled { version, event, types }))
        });
        newest.collect()
    }
}

/// Why nothing was pulled.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The findings.
    pub diagnostics: Diagnostics,
    /// The files that they are about.
    pub sources: Sources,
}

/// Writes what a registry has of a context (path below its history, text) into a workspace, and returns the paths that are new or
/// were told in other words. What was pulled before stays. All or nothing.
///
/// # Errors
/// The context is the workspace's own; the files are not what a release writes, or not of this context; what kept them
/// from being written.
pub fn write(
    workspace: &Workspace,
    context: &str,
    files: &BTreeMap<String, String>,
) -> Result<Vec<String>, Box<Refused>> {
    let mut diagnostics = Diagnostics::default();
    if workspace.model.contexts.contains_key(context) {
        let message = format!("the context `{context}` is the workspace's own");
        diagnostics
            .push(Diagnostic::general(&codes::DUPLICATE_NAME, message).help("only what others released is pulled"));
    }
    let within = format!("{context}/");
    for path in files.keys().filter(|path| misplaced(path).is_some() || !path.starts_with(&within)) {
        let message = format!("`{}` is no path of a version of `{context}`", path.escape_debug());
        diagnostics.push(Diagnostic::general(&codes::BAD_PATH, message));
    }
    let before = &workspace.pulled.history;
    let changed = Lock::of(files).0.into_iter().filter(|(path, hash)| before.found.0.get(path) != Some(hash));
    let changed: Vec<String> = changed.map(|(path, _)| path).collect();
    let mut lock = before.lock.clone();
    lock.0.extend(Lock::of(files).0);
    // What comes from elsewhere is read as it will be, before it is written.
    let mut texts: BTreeMap<String, String> =
        files.iter().map(|(path, text)| (format!("{PULLED}/{path}"), text.clone())).collect();
    texts.insert(format!("{PULLED}/{LOCK}"), Lock::of(files).to_string());
    let mut sources = Sources::default();
    let out = Read {
        sources: &mut sources,
        diagnostics: &mut diagnostics,
        files: &mut Vec::new(),
        folders: &mut Vec::new(),
        folder: PULLED,
        at: "@registry",
    };
    Pulled::read(Tree::Texts(&texts), out);
    if !diagnostics.has_errors() {
        let files: Vec<(String, String)> = changed.iter().map(|path| (path.clone(), files[path].clone())).collect();
        match history::put(&workspace.root.join(PULLED), &before.lock, &files, &lock, &mut Disk::default()) {
            Ok(()) => return Ok(changed),
            Err(error) => diagnostics
                .push(Diagnostic::general(&codes::UNWRITABLE, format!("`{PULLED}` cannot be written: {error}"))),
        }
    }
    Err(Box::new(Refused { diagnostics, sources }))
}

#[cfg(test)]
mod tests;
