//! `history/isobar.lock`: which files were released, and their hashes. Whether they are so is not checked here.

use isobar_model::{
    FileId, Sources, Span,
    diag::{Diagnostic, Diagnostics, codes},
    parse::misplaced,
};
use std::{collections::BTreeMap, fmt};

const FIRST_LINE: &str =
    "# Written by `isobar release` and `isobar pull`: the SHA-256 of every released file. Never edited by hand.";

/// A SHA-256 of a file's exact bytes. Line ends count, so `isobar init` tells git not to convert them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(hmac_sha256::Hash::hash(bytes))
    }

    fn parse(text: &str) -> Option<Hash> {
        let digits = text.as_bytes();
        let digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f').then(|| (b as char).to_digit(16)).flatten();
        if digits.len() != 64 {
            return None;
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Some(Hash(hash))
    }
}

/// Lower case hexadecimal.
impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The lock: path below `history/`, with `/`, to hash; sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<String, Hash>);

impl Lock {
    /// The lock of these files: path below the history, and text.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a String, &'a String)>) -> Lock {
        Lock(files.into_iter().map(|(path, text)| (path.clone(), Hash::of(text.as_bytes()))).collect())
    }

    /// Reads a lock. What cannot be read is reported line by line and left out.
    pub fn parse(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Lock {
        let text = &sources.get(file).text;
        let mut lock = Lock::default();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let span = Span::new(file, at, at + line.trim_end().len());
            at += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = line.split_once("  ").and_then(|(hash, path)| Some((Hash::parse(hash)?, path)));
            let problem = match entry {
                None => "expected a SHA-256, two spaces and a path",
                Some((_, path)) if misplaced(path).is_some() => "the path leads out of `history/`",
                Some((hash, path)) => match lock.0.insert(path.to_owned(), hash) {
                    None => continue,
                    Some(_) => "the path stands twice",
                },
            };
            diagnostics.push(
                Diagnostic::new(&codes::HISTORY_LOCK, span, format!("this line of the lock cannot be read: {problem}"))
                    .help("restore the lock from version control, such as with `git checkout -- history/isobar.lock`"),
            );
        }
        lock
    }
}

/// The text of the file.
impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        self.0.iter().try_for_each(|(path, hash)| writeln!(f, "{hash}  {path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Lock, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("history/isobar.lock", text);
        let mut diagnostics = Diagnostics::default();
        let lock = Lock::parse(file, &sources, &mut diagnostics);
        (lock, diagnostics.sorted(&sources).into_iter().map(|d| d.message).collect())
    }

    #[test]
    fn reads_what_it_writes() {
        let mut lock = Lock::default();
        lock.0.insert("b/B/v1.0.yaml".into(), Hash::of(b"b"));
        lock.0.insert("a/A/v1.0.yaml".into(), Hash::of(b""));
        let text = lock.to_string();
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a/A/v1.0.yaml";
        assert_eq!(text.lines().nth(1), Some(empty));
        assert_eq!(parse(&text), (lock.clone(), vec![]));
        assert_eq!(parse(&text.replace('\n', "\r\n")), (lock, vec![]));
    }

    #[test]
    fn reports_each_line_that_it_cannot_read() {
        let hash = Hash::of(b"");
        let text = format!("{hash}  a.yaml\nabc  b.yaml\n{hash}  ../c.yaml\n{hash}  a.yaml\n{hash} d.yaml\n");
        let (lock, messages) = parse(&text);
        assert_eq!(lock.0.keys().collect::<Vec<_>>(), ["a.yaml"]);
        assert_eq!(messages.len(), 4);
    }
}
