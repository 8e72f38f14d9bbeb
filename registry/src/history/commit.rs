//! Writing a release so that the history is the old or the new one at any moment. All new files are prepared in the staging
//! folder; renaming the new lock over the old one is the one moment that counts; then the files move to their places. Readers
//! look into staging for a locked file that is not in its place yet, and the next release moves what is left.

use super::{Hash, LOCK, Listing, Lock, STAGING, disk::Disk};
use isobar_model::parse::Tree;
use std::{fs, io, path::Path};

/// Releases files (path below the history, text) under a lock that names them.
pub(crate) fn commit(folder: &Path, files: &[(String, String)], lock: &Lock, disk: &mut Disk) -> io::Result<()> {
    let staging = folder.join(STAGING);
    for (path, text) in files {
        disk.write(&staging.join(path), text.as_bytes())?;
    }
    disk.write(&staging.join(LOCK), lock.to_string().as_bytes())?;
    disk.rename(&staging.join(LOCK), &folder.join(LOCK))?;
    for (path, _) in files {
        disk.rename(&staging.join(path), &folder.join(path))?;
    }
    disk.remove_all(&staging)
}

/// Finishes a release that was interrupted after its commit, and forgets one that was interrupted before. `lock` is the one
/// on the disk.
pub(crate) fn settle(folder: &Path, lock: &Lock, disk: &mut Disk) -> io::Result<()> {
    let staging = folder.join(STAGING);
    let staged = match Listing::of(Tree::Folder(&staging), &staging) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        listed => listed?,
    };
    for path in staged.files {
        let (from, to) = (staging.join(&path), folder.join(&path));
        let locked = lock.0.get(&path);
        let is_locked = |place: &Path| fs::read(place).is_ok_and(|bytes| locked == Some(&Hash::of(&bytes)));
        if locked.is_some() && is_locked(&from) && !is_locked(&to) {
            disk.rename(&from, &to)?;
        }
    }
    disk.remove_all(&staging)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// What a reader of the history sees: path to text, by the rule of `text_of`.
    fn seen(folder: &Path) -> Vec<(String, String)> {
        let lock = lock(folder);
        let see = |path: &String| {
            let (text, diagnostics) = super::super::text_of(Tree::Folder(folder), "", path, &lock);
            assert!(diagnostics.is_empty());
            let text = text.expect("a locked file is there");
            assert_eq!(lock.0[path], text.hash, "{path} is what the lock says");
            (path.clone(), text.text)
        };
        lock.0.keys().map(see).collect()
    }

    fn lock(folder: &Path) -> Lock {
        let mut sources = isobar_model::Sources::default();
        let file = sources.add("lock", fs::read_to_string(folder.join(LOCK)).unwrap());
        let mut diagnostics = isobar_model::Diagnostics::default();
        let lock = Lock::parse(file, &sources, &mut diagnostics);
        assert!(diagnostics.is_empty());
        lock
    }

    fn lock_of(files: &[(String, String)]) -> Lock {
        Lock::of(files.iter().map(|(path, text)| (path, text)))
    }

    fn files(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn killed_at_any_step_the_history_is_the_old_or_the_new_one() {
        let old = files(&[("a/A/v1.0.yaml", "old a\n"), ("b/B/v1.0.yaml", "old b\n")]);
        // One file is a new revision, two are new.
        let change = files(&[("a/A/v1.1.yaml", "new a\n"), ("b/B/v1.0.yaml", "new b\n"), ("c/C/v1.0.yaml", "c\n")]);
        let new = files(&[
            ("a/A/v1.0.yaml", "old a\n"),
            ("a/A/v1.1.yaml", "new a\n"),
            ("b/B/v1.0.yaml", "new b\n"),
            ("c/C/v1.0.yaml", "c\n"),
        ]);
        let mut outcomes = (0, 0);
        for steps in 0.. {
            let temp = tempfile::tempdir().unwrap();
            let folder: PathBuf = temp.path().join("history");
            commit(&folder, &old, &lock_of(&old), &mut Disk::default()).unwrap();
            let mut dying = Disk { left: Some(steps) };
            let done = commit(&folder, &change, &lock_of(&new), &mut dying).is_ok();

            let after = seen(&folder);
            assert!(after == old || after == new, "after {steps} steps: {after:?}");
            assert!(!done || after == new);
            if after == old {
                outcomes.0 += 1
            } else {
                outcomes.1 += 1
            }

            // Settling may die at any step too, and changes nothing that is seen.
            for more in 0.. {
                let settled = settle(&folder, &lock(&folder), &mut Disk { left: Some(more) }).is_ok();
                assert_eq!(seen(&folder), after, "after {steps} steps and {more} of settling");
                if settled {
                    break;
                }
            }
            assert!(!folder.join(STAGING).exists());
            for (path, text) in &after {
                assert_eq!(fs::read_to_string(folder.join(path)).unwrap(), *text);
            }
            assert_eq!(
                Listing::of(Tree::Folder(&folder), &folder).unwrap().files.len(),
                after.len(),
                "nothing is left that is not released"
            );
            if done {
                break;
            }
        }
        assert!(outcomes.0 >= 5 && outcomes.1 >= 4, "both outcomes were seen: {outcomes:?}");
    }
}
