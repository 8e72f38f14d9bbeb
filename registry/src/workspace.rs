//! A workspace with its past: the one thing that the command line, the build script and tests open.

use crate::{
    envelopes,
    evolution::{self, Evolution},
    history::{self, History},
    impact, waivers,
};
use isobar_model::{Diagnostic, Diagnostics, Model, Severity, Sources, Table, diag::codes, lower, model::Name};
use std::path::{Path, PathBuf};

/// A workspace that was read and checked.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The folder it was read from.
    pub root: PathBuf,
    /// The text of every file.
    pub sources: Sources,
    /// What the `*.storm.yaml` say.
    pub model: Model,
    /// What was released.
    pub history: History,
    /// Every event through all of its versions: in the order of the model, then released events that it no longer has.
    pub evolutions: Table<Name, Evolution>,
    /// What is wrong, unsorted. While there are errors, nothing else here is complete.
    pub diagnostics: Diagnostics,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// Every folder that was listed: a file added to one of them changes the workspace.
    pub folders: Vec<PathBuf>,
}

impl Workspace {
    /// Reads and checks the workspace in the folder `root`: all that must be right for code and schemas to be made of it, and for
    /// payloads to be read. Never fails: what is wrong is in `diagnostics`. What a waiver names is a note, whatever day it is.
    pub fn open(root: &Path) -> Workspace {
        Workspace::read(root, None)
    }

    /// Like [`Workspace::open`], and judges what a release on that day, `YYYY-MM-DD`, would do: upgrades of drafts are tried
    /// (feature `payload`), consumers are held against drafts, waivers that have expired by then are errors, and those that
    /// nothing needs are warnings.
    pub fn open_on(root: &Path, today: &str) -> Workspace {
        Workspace::read(root, Some(today))
    }

    fn read(root: &Path, today: Option<&str>) -> Workspace {
        let lower::Loaded { mut sources, model, mut diagnostics, mut files, mut folders } = lower::load(root);
        let model_errors = diagnostics.has_errors();
        let history = history::read(
            root,
            &mut history::Read {
                sources: &mut sources,
                diagnostics: &mut diagnostics,
                files: &mut files,
                folders: &mut folders,
                at: "",
            },
        );
        let complete = !model_errors;
        let evolutions = evolution::evolve(&model, &history, complete, &mut diagnostics);
        envelopes::check(&model, &evolutions, &mut diagnostics);
        // What could be waived leaves the rest of the model whole.
        let whole =
            !diagnostics.iter().any(|it| it.severity() == Severity::Error && !codes::WAIVABLE.contains(&it.code));
        #[cfg(feature = "payload")]
        if whole {
            crate::payload::check_examples(evolutions.values(), &mut diagnostics);
        }
        let judged = today.filter(|_| whole);
        if judged.is_some() {
            #[cfg(feature = "payload")]
            crate::payload::check_upgrades(&model, &evolutions, &mut diagnostics);
            impact::check(&model, &evolutions, &mut diagnostics);
        }
        waivers::apply(&model, today, &mut diagnostics);
        if let Some(today) = judged {
            waivers::unused(&model, today, &mut diagnostics);
        }
        Workspace { root: root.to_owned(), sources, model, history, evolutions, diagnostics, files, folders }
    }

    /// The findings, sorted by place.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.diagnostics.clone().sorted(&self.sources)
    }

    /// The event of a name: `ordering.OrderPlaced`, or `OrderPlaced` if only one context has it; old names and names on the
    /// wire count too.
    ///
    /// # Errors
    /// The qualified names of the events that it may mean: none or several.
    pub fn find(&self, text: &str) -> Result<&Evolution, Vec<String>> {
        let exact = self.evolutions.values().find(|it| it.name.to_string() == text);
        if let Some(exact) = exact {
            return Ok(exact);
        }
        let (context, bare) = text.rsplit_once('.').map_or((None, text), |(context, bare)| (Some(context), bare));
        let means = |it: &&Evolution| {
            let named = it.name.name == bare
                || it.wire_names.iter().any(|name| name == bare || name == text)
                || it.versions.iter().any(|known| known.name.name == bare);
            named && context.is_none_or(|context| it.name.context == context)
                || it.wire_names.iter().any(|name| name == text)
        };
        let found: Vec<&Evolution> = self.evolutions.values().filter(means).collect();
        match found.as_slice() {
            [one] => Ok(one),
            many => Err(many.iter().map(|it| it.name.to_string()).collect()),
        }
    }
}
