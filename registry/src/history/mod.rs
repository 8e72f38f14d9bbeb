//! The frozen past: `history/<context>/<Event>/v1.1.yaml`, one file for each released version, and `history/isobar.lock` with
//! their hashes. Reading never writes. A release that was interrupted after its commit left files in `history/.staging`,
//! and a locked file that is not yet in its place is read from there, so that the history is the old or the new one.

mod check;
mod commit;
mod disk;
mod emit;
#[cfg(test)]
mod emit_tests;
mod lock;
mod release;
#[cfg(test)]
mod tests;
mod yaml;

pub(crate) use disk::Disk;
pub(crate) use emit::emit as text;
pub(crate) use release::put;
#[cfg(feature = "import")]
pub(crate) use yaml::Yaml;

pub use lock::{Hash, Lock};
pub use release::{Released, adopt, release};

use crate::parallel::in_parallel;
use isobar_model::Table;
use isobar_model::{
    FileId, Sources, Types, Version,
    diag::{Diagnostic, Diagnostics, codes},
    lower::{self, Frozen},
    model::{Event, Name},
    parse::{Entry, Tree},
};
use std::{
    collections::{BTreeMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The folder of the history, below the workspace.
pub const FOLDER: &str = "history";
/// The folder of other workspaces' history, below the workspace: the same files, with a lock of their own. Whatever is done to
/// keep the history as it is, such as no conversion of line ends, is so done to it as well.
pub const PULLED: &str = "history/.pulled";
/// The lock, below [`FOLDER`].
pub const LOCK: &str = "isobar.lock";
/// Where a release prepares files, below [`FOLDER`].
const STAGING: &str = ".staging";

/// Everything that was released.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The releases of each event under the name they were released with, oldest first. Sorted by name.
    pub events: Table<Name, Vec<Release>>,
    /// The lock as it was read.
    pub lock: Lock,
    /// The hash of every file that was read, by path: what the lock should hold.
    pub found: Lock,
    /// The paths of the files that began with a byte order mark, which reading drops.
    pub(crate) marked: HashSet<String>,
    /// The folders of events, `<context>/<Event>`, that are not as they were released.
    troubled: HashSet<String>,
    /// Whether the lock could not be read, so that nothing is known to be as it was released.
    broken: bool,
}

impl History {
    /// Whether these releases of one name are as they were released, and were read without an error.
    pub(crate) fn is_sound(&self, (name, releases): &(&Name, &[Release])) -> bool {
        let folder = format!("{}/{}", name.context, name.name);
        !self.broken && !self.troubled.contains(&folder) && releases.iter().all(|release| release.event.sound)
    }
}

/// The folder of a path below the history.
fn folder_of(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}

/// A released version of an event.
#[derive(Clone, Debug)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// The file's path below `history/`, with `/`.
    pub path: String,
    /// The file.
    pub file: FileId,
    /// The event as it was.
    pub event: Arc<Event>,
    /// The types that it reaches, as they were.
    pub types: Arc<Types>,
}

/// What reading leaves behind beside the history itself.
#[derive(Debug)]
pub(crate) struct Read<'a> {
    pub(crate) sources: &'a mut Sources,
    pub(crate) diagnostics: &'a mut Diagnostics,
    pub(crate) files: &'a mut Vec<PathBuf>,
    pub(crate) folders: &'a mut Vec<PathBuf>,
    /// The folder of the history: [`FOLDER`] or [`PULLED`].
    pub(crate) folder: &'a str,
    /// What stands behind the paths that people are shown: nothing, or `@main` for the history of another revision.
    pub(crate) at: &'a str,
}

/// Reads and checks a history of a workspace.
pub(crate) fn read(tree: Tree<'_>, out: &mut Read<'_>) -> History {
    let within = out.folder;
    let folder = tree.at(within);
    let mut listed = match Listing::of(tree, &folder) {
        Ok(listed) => listed,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                let message = format!("`{within}` cannot be read: {error}");
                out.diagnostics.push(Diagnostic::general(&codes::UNREADABLE, message));
            }
            return History::default();
        }
    };
    out.folders.append(&mut listed.folders);
    let lock_path = folder.join(LOCK);
    let lock_file = tree.size(&lock_path).map(|_| {
        out.files.push(lock_path.clone());
        let shown = format!("{within}/{LOCK}{}", out.at);
        let text = tree.read(&lock_path, &shown, out.diagnostics).unwrap_or_default();
        out.sources.add(shown, text)
    });
    let mut broken = Diagnostics::default();
    let lock = lock_file.map_or_else(Lock::default, |file| Lock::parse(file, out.sources, &mut broken));
    let is_broken = broken.has_errors();
    out.diagnostics.extend(broken);

    let mut paths: Vec<&str> = listed.files.iter().chain(lock.0.keys()).map(String::as_str).collect();
    paths.sort_unstable();
    paths.dedup();
    let texts = in_parallel(&paths, |path| text_of(tree, within, path, &lock));
    let (mut found, mut marked) = (Lock::default(), HashSet::new());
    let mut files: Vec<(&str, FileId)> = Vec::new();
    for (path, (text, diagnostics)) in paths.iter().zip(texts) {
        out.diagnostics.extend(diagnostics);
        if let Some(Text { text, hash, is_marked }) = text {
            out.files.push(folder.join(path));
            marked.extend(is_marked.then(|| (*path).to_owned()));
            found.0.insert((*path).to_owned(), hash);
            files.push((path, out.sources.add(format!("{within}/{path}{}", out.at), text)));
        }
    }
    // What a lock does not say is not held against the files.
    let mut troubled = HashSet::new();
    if !is_broken {
        check::hashes(lock_file, &lock, &files, &found, &mut troubled, out);
    }

    let sources = &*out.sources;
    // Files that no release wrote are reported and not looked into.
    let known = files.into_iter().filter(|(path, _)| lock_file.is_none() || lock.0.contains_key(*path));
    let known: Vec<(&str, FileId)> = known.collect();
    let frozen = in_parallel(&known, |(_, file)| {
        let mut diagnostics = Diagnostics::default();
        let frozen = lower::frozen(*file, sources, &mut diagnostics);
        (frozen, diagnostics)
    });
    let mut events: BTreeMap<Name, Vec<Release>> = BTreeMap::new();
    for ((path, file), (frozen, diagnostics)) in known.into_iter().zip(frozen) {
        out.diagnostics.extend(diagnostics);
        let Some(frozen) = frozen else {
            troubled.insert(folder_of(path));
            continue;
        };
        if !check::placed(path, &frozen, out) {
            troubled.extend([folder_of(path), folder_of(&path_of(&frozen.name, frozen.version.value))]);
        } else {
            let Frozen { name, version, types, event } = frozen;
            let release = Release {
                version: version.value,
                path: path.to_owned(),
                file,
                event: Arc::new(event),
                types: Arc::new(types),
            };
            events.entry(name.value).or_default().push(release);
        }
    }
    events.values_mut().for_each(|releases| releases.sort_by_key(|release| release.version));
    History { events: events.into_iter().collect(), lock, found, marked, troubled, broken: is_broken }
}

/// Where a version's file belongs, below `history/`.
pub(crate) fn path_of(name: &Name, version: Version) -> String {
    format!("{}/{}/{version}.yaml", name.context, name.name)
}

/// The files below the history, as far down as releases go.
#[derive(Default)]
struct Listing {
    files: Vec<String>,
    folders: Vec<PathBuf>,
}

impl Listing {
    /// What is below a folder. Hidden entries are left out, and so is the lock.
    fn of(tree: Tree<'_>, folder: &Path) -> io::Result<Listing> {
        let mut listing = Listing::default();
        let contexts = listing.one(tree, folder, "")?;
        for inner in in_parallel(&contexts, |name| {
            let mut listing = Listing::default();
            let events = listing.one(tree, &folder.join(name), &format!("{name}/"))?;
            // A folder in the folder of an event is no release, and stands in the list as it is.
            for event in events {
                let path = format!("{name}/{event}");
                let deeper = listing.one(tree, &folder.join(&path), &format!("{path}/"))?;
                listing.files.extend(deeper.into_iter().map(|name| format!("{path}/{name}")));
            }
            io::Result::Ok(listing)
        }) {
            let inner = inner?;
            listing.files.extend(inner.files);
            listing.folders.extend(inner.folders);
        }
        Ok(listing)
    }

    /// Notes the files of one folder, and gives back the names of the folders in it.
    fn one(&mut self, tree: Tree<'_>, folder: &Path, prefix: &str) -> io::Result<Vec<String>> {
        self.folders.push(folder.to_owned());
        let mut inner = Vec::new();
        for Entry { name, is_folder } in tree.list(folder)? {
            if name.starts_with('.') || (prefix.is_empty() && name == LOCK) {
                continue;
            }
            if is_folder {
                inner.push(name);
            } else {
                self.files.push(format!("{prefix}{name}"));
            }
        }
        Ok(inner)
    }
}

/// A file that was read, and the hash of its bytes.
struct Text {
    text: String,
    hash: Hash,
    /// Whether it began with a byte order mark.
    is_marked: bool,
}

/// The text of a path of the history. A locked file that is not in its place, or not yet the new one, may still be in the
/// staging folder of an interrupted release; it is only looked for there if its place holds something else.
fn text_of(tree: Tree<'_>, within: &str, path: &str, lock: &Lock) -> (Option<Text>, Diagnostics) {
    let locked = lock.0.get(path);
    let folder = tree.at(within);
    let places = [folder.join(path), folder.join(STAGING).join(path), folder.join(path)];
    let mut first = None;
    for (i, place) in places.iter().enumerate() {
        if i > 0 && locked.is_none() {
            break;
        }
        let Some(size) = tree.size(place) else { continue };
        let mut diagnostics = Diagnostics::default();
        let text = tree.read(place, &format!("{within}/{path}"), &mut diagnostics).map(|text| {
            // Reading drops a byte order mark; the file is another one all the same.
            let is_marked = size != text.len() as u64;
            let hash = match is_marked {
                true => Hash::of(format!("\u{feff}{text}").as_bytes()),
                false => Hash::of(text.as_bytes()),
            };
            Text { text, hash, is_marked }
        });
        if text.as_ref().is_some_and(|text| locked == Some(&text.hash)) {
            return (text, diagnostics);
        }
        first.get_or_insert((text, diagnostics));
    }
    first.unwrap_or_default()
}
