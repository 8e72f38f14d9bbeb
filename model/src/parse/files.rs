//! Finds `*.storm.yaml` below a folder and reads texts within bounds: with `tree.rs`, the only place of this crate that touches
//! files.

use super::tree::Tree;
use crate::diag::{Diagnostic, Diagnostics, codes};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// Larger files are not read.
pub const MAX_FILE_BYTES: u64 = 8 << 20;

/// The files of a workspace, `history/` left out.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// `isobar.yaml`, if there is one.
    pub settings: Option<PathBuf>,
    /// Every `*.storm.yaml`, sorted.
    pub storms: Vec<PathBuf>,
    /// Every folder that was listed, sorted: a file added to one of them changes the workspace.
    pub folders: Vec<PathBuf>,
}

/// Finds the files of a workspace. Hidden folders, `history`, `target` and `node_modules` are left out.
pub fn walk(tree: Tree<'_>, diagnostics: &mut Diagnostics) -> Files {
    let mut files = match tree {
        Tree::Folder(root) => walk_folder(root, diagnostics),
        Tree::Texts(texts) => walk_texts(texts),
    };
    let settings = tree.at("isobar.yaml");
    files.settings = tree.size(&settings).map(|_| settings);
    files
}

fn skipped(folder: &str) -> bool {
    folder.starts_with('.') || matches!(folder, "history" | "target" | "node_modules")
}

fn is_storm(file: &str) -> bool {
    file.ends_with(".storm.yaml")
}

fn walk_texts(texts: &BTreeMap<String, String>) -> Files {
    let storm = |path: &&String| {
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
        is_storm(file) && !folders.split('/').any(skipped)
    };
    let mut storms: Vec<&String> = texts.keys().filter(storm).collect();
    // As folders are walked: name by name.
    storms.sort_by(|a, b| a.split('/').cmp(b.split('/')));
    Files { storms: storms.into_iter().map(PathBuf::from).collect(), ..Files::default() }
}

fn walk_folder(root: &Path, diagnostics: &mut Diagnostics) -> Files {
    let mut files = Files::default();
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !entry.file_name().to_str().is_some_and(skipped)
    });
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => files.folders.push(entry.into_path()),
            Ok(entry) => {
                if entry.file_name().to_str().is_some_and(is_storm) {
                    files.storms.push(entry.into_path());
                }
            }
            Err(error) => diagnostics.push(unreadable(root, &error)),
        }
    }
    files
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Diagnostic {
    let path = match error.path() {
        Some(path) if path != root => shown(root, path),
        _ => root.display().to_string(),
    };
    match error.loop_ancestor() {
        Some(above) => {
            let above = shown(root, above);
            let above = if above.is_empty() { ".".into() } else { above };
            Diagnostic::general(&codes::SYMLINK_LOOP, format!("the symbolic link `{path}` leads back to `{above}`"))
                .help("remove the link")
        }
        None => {
            let why = error.io_error().map_or_else(|| error.to_string(), reason);
            Diagnostic::general(&codes::UNREADABLE, format!("`{path}` cannot be read: {why}"))
        }
    }
}

/// The operating system's reason, without its number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// `path` as people see it: below `root`, with `/`.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").replace("//", "/")
}

/// The bytes of a file, one more than [`MAX_FILE_BYTES`] at most: that tells a file that is too large from one that just fits,
/// whatever its length is said to be.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // Room for all of it saves asking again and again; one byte more tells that it is at its end.
    let said = file.metadata().map_or(0, |it| it.len().min(MAX_FILE_BYTES) + 1);
    let mut bytes = Vec::with_capacity(usize::try_from(said).unwrap_or(0));
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What was read as text, or why it is none.
pub(super) fn text(bytes: io::Result<Cow<'_, [u8]>>, shown: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("`{shown}` cannot be read: {}", reason(&error));
            diagnostics.push(Diagnostic::general(&codes::UNREADABLE, message));
            return None;
        }
    };
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let message = format!("`{shown}` is larger than {} MiB", MAX_FILE_BYTES >> 20);
        diagnostics.push(
            Diagnostic::general(&codes::FILE_TOO_LARGE, message)
                .help("split the context over several `*.storm.yaml` files; files of one context are merged"),
        );
        return None;
    }
    match String::from_utf8(bytes.into_owned()) {
        // A byte order mark says nothing that is not known.
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
            let message = format!("`{shown}` is not UTF-8: byte {at}, on line {line}");
            diagnostics.push(Diagnostic::general(&codes::NOT_UTF8, message).help("save the file as UTF-8"));
            None
        }
    }
}
