//! Whether the history is what was released: no file edited, missing, extra or in another's place. Versions that do not follow
//! one another are found where names are known to continue each other, in [`crate::evolution`].

use super::{LOCK, Lock, Read, folder_of, path_of};
use isobar_model::{
    FileId, Span,
    diag::{Diagnostic, codes},
    lower::Frozen,
};
use std::collections::HashSet;

/// Compares the hashes of what was found with the lock.
pub(super) fn hashes(
    lock_file: Option<FileId>,
    lock: &Lock,
    files: &[(&str, FileId)],
    found: &Lock,
    troubled: &mut HashSet<String>,
    out: &mut Read<'_>,
) {
    let within = out.folder;
    let Some(lock_file) = lock_file else {
        if let Some((_, first)) = files.first() {
            let message = "the history has no lock: nothing tells whether its files are as they were released";
            let help = format!(
                "restore `{within}/{LOCK}` from version control; `isobar release --adopt` writes one for a history that never had one"
            );
            out.diagnostics.push(Diagnostic::new(&codes::HISTORY_UNLOCKED, Span::top(*first), message).help(help));
        }
        return;
    };
    for (path, file) in files {
        let restore = format!("`git checkout -- {within}/{path}`");
        match lock.0.get(*path) {
            Some(hash) if found.0.get(*path) == Some(hash) => continue,
            Some(_) => {
                let message = format!("`{within}/{path}` was changed after its release");
                let help = format!(
                    "restore it, such as with {restore}, and make the change in the `*.storm.yaml` as a new version; if nobody changed it, git may convert line ends: `.gitattributes` needs `history/** -text`"
                );
                out.diagnostics.push(Diagnostic::new(&codes::HISTORY_EDITED, Span::top(*file), message).help(help));
            }
            None => {
                let message = format!("`{within}/{path}` was not written by a release");
                let help = "remove it; what is to be released stands in a `*.storm.yaml`, and `isobar release` writes the history";
                out.diagnostics.push(Diagnostic::new(&codes::HISTORY_EXTRA, Span::top(*file), message).help(help));
            }
        }
        troubled.insert(folder_of(path));
    }
    for path in lock.0.keys().filter(|path| !found.0.contains_key(*path)) {
        let text = &out.sources.get(lock_file).text;
        let at = text.find(&format!("  {path}")).map_or(0, |at| at + 2);
        let message = format!("`{within}/{path}` was released and is gone");
        let help = format!("restore it, such as with `git checkout -- {within}/{path}`");
        let span = Span::new(lock_file, at, at + path.len());
        troubled.insert(folder_of(path));
        out.diagnostics.push(Diagnostic::new(&codes::HISTORY_MISSING, span, message).help(help));
    }
}

/// Whether a file stands where its event and version belong.
pub(super) fn placed(path: &str, frozen: &Frozen, out: &mut Read<'_>) -> bool {
    let within = out.folder;
    let right = path_of(&frozen.name, frozen.version.value);
    if right == path {
        return true;
    }
    let message = format!("`{within}/{path}` holds {} of `{}`", frozen.version, frozen.name);
    out.diagnostics.push(
        Diagnostic::new(&codes::HISTORY_MISPLACED, frozen.name.span, message)
            .label("this")
            .also(frozen.version.span, "and this")
            .help(format!("its place is `{within}/{right}`")),
    );
    false
}
