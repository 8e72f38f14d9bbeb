//! The history of a workspace in another revision, by the `git` program. It reads objects and touches neither the index nor the
//! working tree, and what it writes is gone when it is dropped.

use std::{
    collections::HashSet,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};
use tempfile::TempDir;

/// The history that a workspace has in another revision.
pub(crate) struct History {
    /// A folder with its `history/`; empty where it has none there.
    pub(crate) folder: TempDir,
    /// The files that `history/` had where that revision and what is checked out parted; `None` where that is not known.
    pub(crate) parted: Option<HashSet<String>>,
}

/// The history that the workspace in `dir` has in the revision.
///
/// # Errors
/// There is no `git`, no repository or no such revision: what to say, with what to do about it.
pub(crate) fn history_in(dir: &Path, revision: &str) -> Result<History, String> {
    let inside = git(dir, &["rev-parse", "--git-dir"])?;
    if !inside.status.success() {
        return Err(format!(
            "`{}` is in no git repository that can be read: {}; name a folder to compare with instead",
            dir.display(),
            first_line(&inside)
        ));
    }
    let commit = format!("{revision}^{{commit}}");
    let found = git(dir, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    if !found.status.success() {
        let fetch = match revision.split_once('/') {
            Some((remote, branch)) => format!("`git fetch {remote} {branch}`"),
            None => "`git fetch`".to_owned(),
        };
        return Err(format!(
            "`{revision}` is neither a folder nor a revision of this repository; fetch it first ({fetch}; in CI, check out with \
             `fetch-depth: 0`)"
        ));
    }
    let commit = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let list = |commit: &str| {
        let listed = git(dir, &["ls-tree", "-r", "-z", commit, "--", "history/"])?;
        if !listed.status.success() {
            return Err(format!("`{revision}` cannot be listed: {}", first_line(&listed)));
        }
        Ok(files(&listed.stdout))
    };
    // Histories without a common commit, and shallow clones that have not fetched it, have none.
    let fork = git(dir, &["merge-base", "HEAD", &commit])?;
    let fork = fork.status.success().then(|| String::from_utf8_lossy(&fork.stdout).trim().to_owned());
    let of_history = |(_, path): (String, String)| path.strip_prefix("history/").map(str::to_owned);
    let parted = fork.map(|fork| Ok::<_, String>(list(&fork)?.into_iter().filter_map(of_history).collect()));
    let folder =
        TempDir::new().map_err(|error| format!("there is no room for the history of `{revision}`: {error}"))?;
    copy(dir, &list(&commit)?, folder.path())
        .map_err(|error| format!("the history of `{revision}` cannot be read: {error}"))?;
    Ok(History { folder, parted: parted.transpose()? })
}

fn git(dir: &Path, arguments: &[&str]) -> Result<Output, String> {
    let ran = Command::new("git").arg("-C").arg(dir).args(arguments).stdin(Stdio::null()).output();
    ran.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            "comparing with a revision needs the program `git`, which is not here; install it, or name a folder to compare with"
                .to_owned()
        }
        _ => format!("`git` cannot be run: {error}"),
    })
}

fn first_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned()
}

/// The files of a listing, as pairs of object and path: `<mode> <type> <object>\t<path>\0`. Links and submodules are left out.
fn files(listing: &[u8]) -> Vec<(String, String)> {
    let entries = String::from_utf8_lossy(listing).into_owned();
    let file = |entry: &str| {
        let (about, path) = entry.split_once('\t')?;
        let mut about = about.split(' ');
        let (mode, kind, object) = (about.next()?, about.next()?, about.next()?);
        (mode.starts_with("100") && kind == "blob").then(|| (object.to_owned(), path.to_owned()))
    };
    entries.split('\0').filter_map(file).collect()
}

/// Writes the files below a folder, all by one process.
fn copy(dir: &Path, files: &[(String, String)], folder: &Path) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let mut child = Command::new("git")
        .arg("-C")
        .arg(dir)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let missing = || io::Error::other("git ended early");
    let mut asked = child.stdin.take().ok_or_else(missing)?;
    let mut given = BufReader::new(child.stdout.take().ok_or_else(missing)?);
    let objects: String = files.iter().map(|(object, _)| format!("{object}\n")).collect();
    // Asked by another thread, since what is not read yet would keep git from reading on.
    let asking = thread::spawn(move || asked.write_all(objects.as_bytes()));
    for (_, path) in files {
        let mut about = String::new();
        given.read_line(&mut about)?;
        let size = about.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| io::Error::other(format!("{path}: {}", about.trim_end())))?;
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap_or(folder))?;
        io::copy(&mut given.by_ref().take(size), &mut fs::File::create(&place)?)?;
        given.read_exact(&mut [0])?;
    }
    drop(given);
    asking.join().map_err(|_| missing())??;
    child.wait().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read() {
        let listing = b"100644 blob aa\thistory/a b/\xc3\xa9.yaml\x00120000 blob bb\thistory/link\x00160000 commit cc\thistory/sub\0";
        assert_eq!(files(listing), [("aa".to_owned(), "history/a b/é.yaml".to_owned())]);
        assert_eq!(files(b""), []);
    }
}
