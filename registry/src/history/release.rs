//! `isobar release`: freezes every draft under its computed version. All or nothing, and the only writer of the history.

use super::{FOLDER, LOCK, Lock, STAGING, commit, disk::Disk, emit, path_of};
use crate::{Evolution, Known, Major, Workspace, compat};
use isobar_model::{
    Diagnostics, Field, Severity, Shape, ShapeKind, Sources, TypeName, Types, Version,
    diag::{Diagnostic, codes, did_you_mean},
    model::{Event, Name},
};
use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    io,
    path::Path,
};

/// A file that a release wrote, or would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The event.
    pub name: Name,
    /// The version.
    pub version: Version,
    /// The file, below the workspace.
    pub path: String,
    /// Whether the version is a released one, and only what it tells people changed.
    pub revision: bool,
    /// What the file holds.
    pub text: String,
}

/// Freezes the drafts of the events that `filter` names, or of all events if it names none. With `dry_run` nothing is written.
/// Upgrades are tried and consumers are heard where the workspace is opened, by [`Workspace::open_on`].
///
/// # Errors
/// The findings of the workspace if there are errors among them, a name that is no event, or what kept the files from being
/// written. The history is then what it was.
pub fn release(workspace: &Workspace, filter: &[Name], dry_run: bool) -> Result<Vec<Released>, Diagnostics> {
    if workspace.diagnostics.has_errors() {
        return Err(workspace.diagnostics.clone());
    }
    let mut diagnostics = Diagnostics::default();
    for name in filter.iter().filter(|name| !workspace.evolutions.contains_key(*name)) {
        let known: Vec<String> = workspace.evolutions.keys().map(Name::to_string).collect();
        let help = did_you_mean(&name.to_string(), known.iter().map(String::as_str));
        let message = format!("there is no event `{name}`");
        diagnostics.push(Diagnostic::general(&codes::UNKNOWN_NAME, message).maybe_help(help));
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let wanted = workspace.evolutions.values().filter(|it| filter.is_empty() || filter.contains(&it.name));
    let released: Vec<Released> = wanted.filter_map(freeze).collect();
    if !dry_run {
        write(workspace, &released, &mut Disk::default()).map_err(unwritable)?;
    }
    Ok(released)
}

/// Writes a lock for a history that has none, with its files as they are. Says how many files there are.
///
/// # Errors
/// The findings of the workspace if there are other errors among them, or what kept the lock from being written.
pub fn adopt(workspace: &Workspace) -> Result<usize, Diagnostics> {
    let other = |it: &Diagnostic| it.severity() == Severity::Error && it.code != &codes::HISTORY_UNLOCKED;
    if workspace.diagnostics.iter().any(other) {
        return Err(workspace.diagnostics.clone());
    }
    write(workspace, &[], &mut Disk::default()).map_err(unwritable)?;
    Ok(workspace.history.found.0.len())
}

fn unwritable(error: io::Error) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let message = format!("`{FOLDER}` cannot be written: {error}");
    diagnostics.push(
        Diagnostic::general(&codes::UNWRITABLE, message)
            .help("run `isobar release` again: what was interrupted is finished or undone first"),
    );
    diagnostics
}

/// The file that an event needs, if any.
fn freeze(evolution: &Evolution) -> Option<Released> {
    let head = evolution.majors.last().filter(|_| evolution.alive)?;
    let newest = evolution.newest()?;
    let (event, types, name) = if newest.draft {
        let mut event = Event::clone(&newest.event);
        // How data comes to a major is said once, by its first version.
        if newest.version.minor > 0 {
            event.upgrade = Default::default();
            event.downgrade.clear();
            event.removed.clear();
        }
        (event, &newest.types, &evolution.name)
    } else {
        (revision(newest, head)?, &head.types, &newest.name)
    };
    let path = path_of(name, newest.version);
    Some(Released {
        name: evolution.name.clone(),
        version: newest.version,
        text: emit::emit(name, newest.version, &event, types),
        path: format!("{FOLDER}/{path}"),
        revision: !newest.draft,
    })
}

/// The released event with what the model now tells people, if it tells anything else.
fn revision(released: &Known, head: &Major) -> Option<Event> {
    let now = &head.event;
    let same = notes(&released.event, &released.types) == notes(now, &head.types);
    if same || !compat::same(released.record(), head.record()) {
        return None;
    }
    Some(Event {
        doc: now.doc.clone(),
        fields: now.fields.clone(),
        examples: now.examples.clone(),
        deprecated: now.deprecated.clone(),
        ..Event::clone(&released.event)
    })
}

/// Everything about an event that is for people, by place, as text to be compared. Named types count where they are used.
fn notes(event: &Event, types: &Types) -> Vec<String> {
    let mut out = vec![format!("{:?}", event.doc)];
    out.extend(event.examples.iter().map(|example| format!("{:?}", example.value)));
    let deprecated = event.deprecated.as_ref();
    out.extend(deprecated.map(|it| {
        let instead = it.instead.as_ref().map(|name| name.value.to_string());
        format!("{:?} {instead:?} {:?} {:?}", it.since, it.remove_after, it.doc)
    }));
    let mut met = HashSet::new();
    let fields = event.fields.as_deref().unwrap_or_default();
    field_notes("", fields, types, &mut met, &mut out);
    out
}

fn field_notes<'a>(
    at: &str,
    fields: &'a [Field],
    types: &'a Types,
    met: &mut HashSet<&'a TypeName>,
    out: &mut Vec<String>,
) {
    for field in fields {
        let path = format!("{at}.{}", field.name.value);
        let tags: Vec<&str> = field.tags.iter().map(|tag| tag.value.as_str()).collect();
        let example = field.example.as_ref().map(|it| &it.value);
        let own = (&field.doc, example, &tags, &field.deprecated);
        if own != (&None, None, &Vec::new(), &None) {
            out.push(format!("{path} {own:?}"));
        }
        shape_notes(&path, &field.shape, types, met, out);
    }
}

fn shape_notes<'a>(
    path: &str,
    shape: &'a Shape,
    types: &'a Types,
    met: &mut HashSet<&'a TypeName>,
    out: &mut Vec<String>,
) {
    out.extend(shape.bounds.format.as_ref().map(|format| format!("{path} {format:?}")));
    match &shape.kind {
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => shape_notes(path, item, types, met, out),
        ShapeKind::Record(fields) => field_notes(path, fields, types, met, out),
        ShapeKind::Union(union) => {
            union.branches.iter().for_each(|(_, branch)| shape_notes(path, branch, types, met, out));
        }
        ShapeKind::Ref(name) => {
            if let Some(def) = types.get(name).filter(|_| met.insert(name)) {
                let tags: Vec<&str> = def.tags.iter().map(|tag| tag.value.as_str()).collect();
                let example = def.example.as_ref().map(|it| &it.value);
                if (&def.doc, example, &tags) != (&None, None, &Vec::new()) {
                    out.push(format!("{path} {:?} {example:?} {tags:?}", def.doc));
                }
                shape_notes(path, &def.shape, types, met, out);
            }
        }
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
    }
}

/// Writes the files and the lock that names them.
fn write(workspace: &Workspace, released: &[Released], disk: &mut Disk) -> io::Result<()> {
    if workspace.root.as_os_str().is_empty() {
        return Err(io::Error::other("the workspace is in no folder"));
    }
    let folder = workspace.root.join(FOLDER);
    // A history without a lock is taken as it is.
    let adopted = workspace.history.lock.0.is_empty() && !workspace.history.found.0.is_empty();
    if released.is_empty() && !adopted && !folder.join(STAGING).exists() {
        return Ok(());
    }
    let below = |path: &str| path.strip_prefix(&format!("{FOLDER}/")).unwrap_or(path).to_owned();
    let files: Vec<(String, String)> = released.iter().map(|it| (below(&it.path), it.text.clone())).collect();
    let mut lock = Lock(workspace.history.found.0.clone());
    lock.0.extend(Lock::of(files.iter().map(|(path, text)| (path, text))).0);
    put(&folder, &workspace.history.lock, &files, &lock, disk)
}

/// Puts files (path below the history, text) into a history whose lock was `before`, under a new lock.
pub(crate) fn put(
    folder: &Path,
    before: &Lock,
    files: &[(String, String)],
    lock: &Lock,
    disk: &mut Disk,
) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let _guard = guard(folder)?;
    if lock_on(folder)? != *before {
        return Err(io::Error::other("it was changed since it was read"));
    }
    commit::settle(folder, before, disk)?;
    if files.is_empty() && lock == before {
        return Ok(());
    }
    commit::commit(folder, files, lock, disk)
}

/// The lock as it is on the disk now.
fn lock_on(folder: &Path) -> io::Result<Lock> {
    let text = match fs::read_to_string(folder.join(LOCK)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let mut sources = Sources::default();
    let file = sources.add(LOCK, text);
    Ok(Lock::parse(file, &sources, &mut Diagnostics::default()))
}

/// Keeps other releases out until it is dropped, where folders can be locked.
fn guard(folder: &Path) -> io::Result<Option<File>> {
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another release is running")),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
