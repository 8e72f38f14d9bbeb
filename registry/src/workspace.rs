//! A workspace with its past: the one thing that the command line, the build script and tests open.

use crate::{
    envelopes,
    evolution::{self, Evolution},
    history::{self, FOLDER, History, PULLED, Read},
    impact,
    pulled::Pulled,
    waivers,
};
use isobar_model::{
    Diagnostic, Diagnostics, Model, Severity, Sources, Table,
    diag::codes,
    lower,
    model::Name,
    parse::{Tree, misplaced},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A workspace that was read and checked.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// The folder it was read from; empty where it was read from texts.
    pub root: PathBuf,
    /// The text of every file.
    pub sources: Sources,
    /// What the `*.storm.yaml` say.
    pub model: Model,
    /// What was released.
    pub history: History,
    /// What was released by others, and may be read here.
    pub pulled: Pulled,
    /// Every event through all of its versions: in the order of the model, then released events that it no longer has.
    pub evolutions: Table<Name, Evolution>,
    /// What is wrong, unsorted. While there are errors, nothing else here is complete.
    pub diagnostics: Diagnostics,
    /// Every file that was read.
    pub files: Vec<PathBuf>,
    /// Every folder that was listed: a file added to one of them changes the workspace.
    pub folders: Vec<PathBuf>,
    /// How many of the sources are the workspace's own, and not of what it was compared with.
    pub(crate) own: usize,
    /// Whether it is sound enough for its releases to be judged.
    pub(crate) whole: bool,
    /// Whether it was opened for a day.
    pub(crate) judged: bool,
}

impl Workspace {
    /// Reads and checks the workspace in the folder `root`: all that must be right for code and schemas to be made of it, and for
    /// payloads to be read. Never fails: what is wrong is in `diagnostics`. What a waiver names is a note, whatever day it is.
    pub fn open(root: &Path) -> Workspace {
        Workspace::read(Tree::Folder(root), None)
    }

    /// Like [`Workspace::open`], and judges what a release on that day, `YYYY-MM-DD`, would do: upgrades of drafts are tried
    /// and scenarios are run (feature `payload`), consumers are held against drafts, waivers that have expired by then are errors, and those that
    /// nothing needs are warnings.
    pub fn open_on(root: &Path, today: &str) -> Workspace {
        Workspace::read(Tree::Folder(root), Some(today))
    }

    /// Reads and checks a workspace without a disk, from the texts of its files by path below it, with `/`; what it has beside a
    /// workspace's files is not looked at. The findings are those of [`Workspace::open`], or of [`Workspace::open_on`] where a day
    /// is given, and paths that no workspace can have.
    pub fn of_files(mut files: BTreeMap<String, String>, today: Option<&str>) -> Workspace {
        let mut refused = Diagnostics::default();
        let through = |path: &str| {
            let below = format!("{path}/");
            files.range(below.clone()..).next().is_some_and(|(other, _)| other.starts_with(&below))
        };
        let through: Vec<String> = files.keys().filter(|path| through(path)).cloned().collect();
        files.retain(|path, _| {
            let leads_on = || through.contains(path).then_some("another one leads through it");
            let Some(why) = misplaced(path).or_else(leads_on) else { return true };
            refused.push(Diagnostic::general(&codes::BAD_PATH, format!("`{}` is no path: {why}", path.escape_debug())));
            false
        });
        let mut workspace = Workspace::read(Tree::Texts(&files), today);
        workspace.diagnostics.extend(refused);
        workspace
    }

    /// The texts of all its files by path below it, with `/`: what a push sends, and what [`Workspace::of_files`] takes.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let texts = self.sources.iter().take(self.own).map(|(_, source)| {
            let marked = |folder: &str, history: &History| {
                let below = source.path.strip_prefix(folder).and_then(|path| path.strip_prefix('/'));
                below.is_some_and(|path| history.marked.contains(path))
            };
            // Reading dropped a byte order mark, which the lock knows.
            let is_marked = marked(PULLED, &self.pulled.history) || marked(FOLDER, &self.history);
            let mark = if is_marked { "\u{feff}" } else { "" };
            (source.path.clone(), format!("{mark}{}", source.text))
        });
        texts.collect()
    }

    fn read(tree: Tree<'_>, today: Option<&str>) -> Workspace {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        let out = Read {
            sources: &mut sources,
            diagnostics: &mut found,
            files: &mut files,
            folders: &mut folders,
            folder: PULLED,
            at: "",
        };
        let pulled = Pulled::read(tree, out);
        let loaded = lower::load(tree, sources, pulled.newest());
        let lower::Loaded { mut sources, model, mut diagnostics, files: read, folders: listed } = loaded;
        let complete = !diagnostics.has_errors();
        diagnostics.extend(found);
        files.extend(read);
        folders.extend(listed);
        let mut out = Read {
            sources: &mut sources,
            diagnostics: &mut diagnostics,
            files: &mut files,
            folders: &mut folders,
            folder: FOLDER,
            at: "",
        };
        let history = history::read(tree, &mut out);
        let evolutions = evolution::evolve(&model, &history, complete, &mut diagnostics);
        envelopes::check(&model, &evolutions, &mut diagnostics);
        // What could be waived leaves the rest of the model whole.
        let whole =
            !diagnostics.iter().any(|it| it.severity() == Severity::Error && !codes::WAIVABLE.contains(&it.code));
        #[cfg(feature = "payload")]
        if whole {
            crate::payload::check_examples(evolutions.values(), &mut diagnostics);
        }
        let (root, own) = (tree.root().to_owned(), sources.iter().count());
        let found = Diagnostics::default();
        let judged = today.is_some();
        let mut workspace = Workspace {
            root,
            sources,
            model,
            history,
            pulled,
            evolutions,
            diagnostics: found,
            files,
            folders,
            own,
            whole,
            judged,
        };
        match today {
            Some(today) => workspace.judge(today, &mut diagnostics),
            None => waivers::apply(&workspace.model, None, &mut diagnostics),
        }
        workspace.diagnostics = diagnostics;
        workspace
    }

    /// Adds what a release on that day would do.
    fn judge(&self, today: &str, diagnostics: &mut Diagnostics) {
        if self.whole {
            #[cfg(feature = "payload")]
            {
                crate::payload::check_upgrades(&self.model, &self.evolutions, diagnostics);
                crate::payload::check_scenarios(&self.model, diagnostics);
            }
            impact::check(&self.model, &self.evolutions, &self.pulled.evolutions, diagnostics);
        }
        waivers::apply(&self.model, Some(today), diagnostics);
        if self.whole {
            waivers::unused(&self.model, today, diagnostics);
        }
    }

    /// The findings, sorted by place.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.diagnostics.clone().sorted(&self.sources)
    }

    /// The findings that it would have had if it had been opened for that day, `YYYY-MM-DD`, with what was learnt of its consumers
    /// since; sorted by place. One that was opened for a day has those of that day.
    pub fn findings_on(&self, today: &str) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.clone();
        if !self.judged {
            self.judge(today, &mut diagnostics);
        }
        diagnostics.sorted(&self.sources)
    }

    /// The event of a qualified name: `ordering.OrderPlaced`.
    pub fn evolution(&self, text: &str) -> Option<&Evolution> {
        let (context, name) = text.rsplit_once('.')?;
        self.evolutions.get(&Name { context: context.to_owned(), name: name.to_owned() })
    }

    /// The event of a name: `ordering.OrderPlaced`, or `OrderPlaced` if only one context has it; old names and names on the
    /// wire count too.
    ///
    /// # Errors
    /// The qualified names of the events that it may mean: none or several.
    pub fn find(&self, text: &str) -> Result<&Evolution, Vec<String>> {
        if let Some(exact) = self.evolution(text) {
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
