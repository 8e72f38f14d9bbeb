//! A folder that is looked at again whenever something in it is saved, for as long as the server runs. Pages show what is found,
//! straight from memory; the store hears of the folder at first and when something was released, so that no number of saves fills it.

use crate::args::Today;
use isobar_model::{Severity, diag::render};
use isobar_registry::{Workspace, push, store::Store};
use isobar_web::App;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::{Duration, Instant},
};
use tokio::runtime::Handle;

/// Saving is over when nothing happens for so long.
const QUIET: Duration = Duration::from_millis(40);
/// Whoever saves all the time is shown something in between.
const LONGEST: Duration = Duration::from_millis(400);
/// How often it is looked whether the folder is another one, which nothing tells.
const TICK: Duration = Duration::from_secs(1);

/// The folder, and what was found in it last.
pub(super) struct Watched {
    dir: PathBuf,
    app: App,
    store: Store,
    runtime: Handle,
    watcher: RecommendedWatcher,
    /// One message for all that happened since the last one was taken.
    happened: Receiver<()>,
    folders: BTreeSet<PathBuf>,
    /// Whether there are folders that cannot be watched: then it is looked every now and then.
    blind: bool,
    identity: Option<Identity>,
    found: Option<u64>,
    released: Option<u64>,
}

/// Tells a folder from another one of its name.
type Identity = (u64, u64);

impl Watched {
    /// Looks for the first time. To be called where the runtime is not waited for.
    ///
    /// # Errors
    /// When the system watches nothing for anybody.
    pub(super) fn new(dir: PathBuf, app: App, store: Store, runtime: Handle) -> notify::Result<Watched> {
        // More than one waiting message would say the same.
        let (happens, happened) = sync_channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.as_ref().map_or(true, matters) {
                // There is one already, or nobody looks any more.
                let _ = happens.try_send(());
            }
        })?;
        let (folders, blind, identity, found, released) = (BTreeSet::new(), false, None, None, None);
        let mut watched =
            Watched { dir, app, store, runtime, watcher, happened, folders, blind, identity, found, released };
        watched.look();
        Ok(watched)
    }

    /// Looks again and again, on a thread of its own.
    ///
    /// # Errors
    /// When the system has no threads left.
    pub(super) fn start(mut self) -> io::Result<()> {
        let on = move || {
            loop {
                self.wait();
                self.look();
            }
        };
        thread::Builder::new().name("watch".into()).spawn(on).map(drop)
    }

    /// Comes back when there may be something new, and nobody is in the middle of saving it.
    fn wait(&mut self) {
        while self.happened.recv_timeout(TICK).is_err() {
            if self.blind || identity(&self.dir) != self.identity {
                return;
            }
        }
        let since = Instant::now();
        while since.elapsed() < LONGEST && self.happened.recv_timeout(QUIET).is_ok() {}
    }

    /// Reads the folder, and says what it holds if that is new.
    fn look(&mut self) {
        self.identity = identity(&self.dir);
        let mut workspace = Workspace::open_on(&self.dir, &Today::default().today());
        workspace.sources.shown_from(&self.dir);
        self.follow(&workspace);
        let mut errors = errors(&workspace);
        let found = hash(|hasher| {
            errors.hash(hasher);
            workspace.sources.iter().for_each(|(_, source)| (&source.path, &source.text).hash(hasher));
        });
        if self.found.replace(found) == Some(found) {
            return;
        }
        if errors.is_some() {
            // What only a release would break is shown as it is.
            workspace = Workspace::open(&self.dir);
            workspace.sources.shown_from(&self.dir);
        }
        let sound = !workspace.diagnostics.has_errors();
        if sound && errors.is_none() {
            errors = self.push(&workspace);
        }
        match &errors {
            None => tracing::info!(workspace = workspace.model.name, "what was saved is shown"),
            Some(errors) => tracing::warn!("what was saved has errors\n{errors}"),
        }
        self.app.watched(sound.then_some(workspace), errors);
    }

    /// Pushes the workspace if something was released since the last time; gives back why it cannot be.
    fn push(&mut self, workspace: &Workspace) -> Option<String> {
        let texts = workspace.texts();
        let released =
            hash(|hasher| texts.iter().filter(|(path, _)| path.starts_with("history/")).for_each(|it| it.hash(hasher)));
        if self.released.replace(released) == Some(released) {
            return None;
        }
        match self.runtime.block_on(push::push(&self.store, "isobar serve", workspace)) {
            Ok(_) => None,
            Err(push::Refused::Findings(refused)) => errors(&refused),
            Err(push::Refused::Store(error)) => Some(format!("error: the workspace is not pushed: {error}\n")),
        }
    }

    /// Watches the folders that the workspace has now: no others, since a repository may be around it.
    fn follow(&mut self, workspace: &Workspace) {
        let mut folders: BTreeSet<PathBuf> = workspace.folders.iter().cloned().collect();
        folders.insert(self.dir.clone());
        for gone in self.folders.difference(&folders) {
            // What is no more is watched no more.
            let _ = self.watcher.unwatch(gone);
        }
        // Also those that were there before: one that was made anew has its old name.
        let watched = folders.iter().map(|folder| self.watcher.watch(folder, RecursiveMode::NonRecursive));
        let failed = watched.filter_map(Result::err).last();
        if let Some(error) = failed.as_ref().filter(|_| !self.blind && self.dir.exists()) {
            tracing::warn!(%error, "not every folder can be watched, so that they are looked at every second");
        }
        // What was saved in a new one before it was watched is seen by looking again.
        self.blind = failed.is_some() || folders != self.folders;
        self.folders = folders;
    }
}

/// Whether something may have changed by an event: files that editors keep beside those that they write do not count.
fn matters(event: &notify::Event) -> bool {
    let matters =
        |path: &PathBuf| path.extension().is_none_or(|ending| ending == "yaml" || ending == "yml") || path.is_dir();
    !matches!(event.kind, EventKind::Access(_)) && (event.paths.is_empty() || event.paths.iter().any(matters))
}

/// What is wrong, as `isobar check` says it.
fn errors(workspace: &Workspace) -> Option<String> {
    let errors: Vec<_> = workspace.findings().into_iter().filter(|it| it.severity() == Severity::Error).collect();
    (!errors.is_empty()).then(|| render(&errors, &workspace.sources, false))
}

fn hash(what: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what(&mut hasher);
    hasher.finish()
}

#[cfg(unix)]
fn identity(dir: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(dir).ok().map(|about| (about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(dir: &Path) -> Option<Identity> {
    let created = fs::metadata(dir).ok()?.created().ok()?;
    Some((created.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos() as u64, 0))
}
