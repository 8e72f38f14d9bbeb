//! The only place of this crate that touches files: finds `*.storm.yaml` below a folder and reads texts within bounds.

use crate::diag::{Diagnostic, Diagnostics, codes};
use std::{
    fs::File,
    io::Read,
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

/// Finds the files below `root`. Hidden folders, `history`, `target` and `node_modules` are left out.
pub fn walk(root: &Path, diagnostics: &mut Diagnostics) -> Files {
    let mut files = Files::default();
    let settings = root.join("isobar.yaml");
    files.settings = settings.exists().then_some(settings);
    let skipped = |name: &str| name.starts_with('.') || matches!(name, "history" | "target" | "node_modules");
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !entry.file_name().to_str().is_some_and(skipped)
    });
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => files.folders.push(entry.into_path()),
            Ok(entry) => {
                if entry.file_name().to_str().is_some_and(|name| name.ends_with(".storm.yaml")) {
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

/// The text of a file, at most [`MAX_FILE_BYTES`] of it and only if it is UTF-8. `shown` names it in diagnostics.
pub fn read_file(path: &Path, shown: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits, whatever its length is said to be.
    let read = File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        let message = format!("`{shown}` cannot be read: {}", reason(&error));
        diagnostics.push(Diagnostic::general(&codes::UNREADABLE, message));
        return None;
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let message = format!("`{shown}` is larger than {} MiB", MAX_FILE_BYTES >> 20);
        diagnostics.push(
            Diagnostic::general(&codes::FILE_TOO_LARGE, message)
                .help("split the context over several `*.storm.yaml` files; files of one context are merged"),
        );
        return None;
    }
    match String::from_utf8(bytes) {
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
