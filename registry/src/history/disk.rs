//! The file operations of a release, one function each, so that a test can stop the process before and in the middle of any
//! of them. No decision is made here.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// The file system, which in tests fails for good at a chosen operation.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// How many more operations succeed; without a number, all.
    #[cfg(test)]
    pub(crate) left: Option<usize>,
}

impl Disk {
    /// Counts an operation. `half` is what a process that dies in the middle of it leaves behind.
    #[cfg_attr(not(test), expect(unused_variables, clippy::unused_self, reason = "only tests interrupt"))]
    fn step(&mut self, half: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        #[cfg(test)]
        if let Some(left) = &mut self.left {
            if *left == 0 {
                // The first failure is in the middle, all later ones before: the process is dead.
                *left = usize::MAX;
                half()?;
            }
            if *left == usize::MAX {
                return Err(io::Error::other("interrupted"));
            }
            *left -= 1;
        }
        Ok(())
    }

    /// Writes a file, with its folders, and waits until the bytes are on the disk.
    pub(crate) fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let put = |bytes: &[u8]| {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mut file = File::create(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        self.step(|| put(&bytes[..bytes.len() / 2]))?;
        put(bytes)
    }

    /// Moves a file over another, at once: whoever looks sees the one or the other.
    pub(crate) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| Ok(()))?;
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(from, to)?;
        to.parent().map_or(Ok(()), sync)
    }

    /// Removes a folder and everything below it, if it is there.
    pub(crate) fn remove_all(&mut self, path: &Path) -> io::Result<()> {
        self.step(|| Ok(()))?;
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Waits until a folder's entries are on the disk, where the system can do that.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
