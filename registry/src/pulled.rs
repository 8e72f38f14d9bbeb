//! The history of other workspaces, as `isobar pull` wrote it: what this workspace may read of theirs. It is under a lock as the
//! workspace's own is, and nothing of it is ever released, changed or generated here.

use crate::{
    evolution::{self, Evolution},
    history::{self, History, PULLED, Read},
};
use isobar_model::{Diagnostics, Model, Table, model, model::Name, parse::Tree};

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
