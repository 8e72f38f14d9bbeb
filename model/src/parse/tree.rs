//! Where a workspace is read from: a folder, or texts by path, as they come over a network. What is found is the same.
//! Nothing here writes, or knows which files matter.

use super::files::{self, shown};
use crate::diag::Diagnostics;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Paths of a workspace are at most so many bytes long.
pub const MAX_PATH_BYTES: usize = 512;

/// Where a workspace is read from.
#[derive(Clone, Copy, Debug)]
pub enum Tree<'a> {
    /// A folder on the disk.
    Folder(&'a Path),
    /// The texts of files by their path below the workspace, with `/`. Paths for which [`misplaced`] has a reason do not belong here.
    Texts(&'a BTreeMap<String, String>),
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

impl Tree<'_> {
    /// The folder of the workspace; texts have none.
    pub fn root(&self) -> &Path {
        match self {
            Tree::Folder(root) => root,
            Tree::Texts(_) => Path::new(""),
        }
    }

    /// The path of something below the workspace, as everything here wants it.
    pub fn at(&self, below: &str) -> PathBuf {
        self.root().join(below)
    }

    /// What is in a folder, in no order.
    ///
    /// # Errors
    /// As the operating system says it; a folder that is not there is [`io::ErrorKind::NotFound`].
    pub fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let texts = match self {
            Tree::Folder(_) => return fs::read_dir(folder)?.map(|entry| Entry::of(&entry?)).collect(),
            Tree::Texts(texts) => texts,
        };
        let prefix = format!("{}/", shown(Path::new(""), folder));
        let below = texts.range(prefix.clone()..).map_while(|(path, _)| path.strip_prefix(&prefix));
        let mut entries: Vec<Entry> = below
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => Entry { name: name.to_owned(), is_folder: true },
                None => Entry { name: rest.to_owned(), is_folder: false },
            })
            .collect();
        // What is below one folder stands together.
        entries.dedup();
        if entries.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(entries) }
    }

    /// How many bytes a file has; `None` where there is none.
    pub fn size(&self, path: &Path) -> Option<u64> {
        match self {
            Tree::Folder(_) => fs::metadata(path).ok().map(|about| about.len()),
            Tree::Texts(_) => self.text(path).map(|text| text.len() as u64),
        }
    }

    /// The text of a file, at most [`files::MAX_FILE_BYTES`] of it and only if it is UTF-8, without a byte order mark. `shown`
    /// names it in diagnostics.
    pub fn read(&self, path: &Path, shown: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let bytes = match self {
            Tree::Folder(_) => files::bytes(path).map(Cow::Owned),
            Tree::Texts(_) => self.text(path).map(|text| text.as_bytes().into()).ok_or(io::ErrorKind::NotFound.into()),
        };
        files::text(bytes, shown, diagnostics)
    }

    fn text(&self, path: &Path) -> Option<&str> {
        match self {
            Tree::Folder(_) => None,
            Tree::Texts(texts) => texts.get(&shown(Path::new(""), path)).map(String::as_str),
        }
    }
}

impl Entry {
    fn of(entry: &fs::DirEntry) -> io::Result<Entry> {
        let kind = entry.file_type()?;
        Ok(Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            is_folder: kind.is_dir() || (kind.is_symlink() && entry.path().is_dir()),
        })
    }
}

/// Why a path cannot be one of a file below a workspace, wherever that stands and on any system.
pub fn misplaced(path: &str) -> Option<&'static str> {
    let part = |wrong: &[&str]| path.split('/').any(|part| wrong.contains(&part));
    Some(match path {
        "" => "it is empty",
        _ if path.len() > MAX_PATH_BYTES => "it is longer than 512 bytes",
        _ if path.starts_with('/') => "it does not begin in the workspace",
        _ if part(&["..", "."]) => "it may lead out of the workspace",
        _ if part(&[""]) => "a part of it is empty",
        _ if path.contains(|c: char| c.is_control() || matches!(c, '\\' | ':')) => {
            "it holds a character that not every system has in a name"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folders_and_files() {
        let paths = ["a/b/c.yaml", "a/b/d.yaml", "a/b-", "a/e.yaml", "f.yaml"];
        let texts: BTreeMap<String, String> =
            paths.iter().map(|path| ((*path).to_owned(), (*path).to_owned())).collect();
        let tree = Tree::Texts(&texts);
        let names = |folder: &str| -> Vec<(String, bool)> {
            let entries = tree.list(&tree.at(folder)).unwrap();
            entries.into_iter().map(|entry| (entry.name, entry.is_folder)).collect()
        };
        assert_eq!(names("a"), [("b-".into(), false), ("b".into(), true), ("e.yaml".into(), false)]);
        assert_eq!(names("a/b"), [("c.yaml".into(), false), ("d.yaml".into(), false)]);
        assert_eq!(tree.list(&tree.at("x")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!((tree.size(&tree.at("f.yaml")), tree.size(&tree.at("a"))), (Some(6), None));
        let mut diagnostics = Diagnostics::default();
        assert_eq!(tree.read(&tree.at("a/e.yaml"), "a/e.yaml", &mut diagnostics).as_deref(), Some("a/e.yaml"));
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn no_path_leads_out_of_the_workspace() {
        for path in ["isobar.yaml", "history/a/B/v1.0.yaml", "a..b/c", "é/ü.storm.yaml"] {
            assert_eq!(misplaced(path), None, "{path}");
        }
        let long = "a".repeat(MAX_PATH_BYTES + 1);
        for path in ["", "/a", "../a", "a/../b", "a/.", "./a", "a//b", "a/", "a\\b", "C:a", "a\0", "a\nb", &long] {
            assert!(misplaced(path).is_some(), "{path}");
        }
    }
}
