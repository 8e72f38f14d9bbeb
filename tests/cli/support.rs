//! Runs the binary and copies workspaces to where they may be changed.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What a run printed and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_isobar"))
}

pub(crate) fn isobar(arguments: &[&str]) -> Ran {
    isobar_with(arguments, "")
}

/// Runs in a folder, so that what is printed does not depend on where that is.
pub(crate) fn isobar_in(folder: &tempfile::TempDir, arguments: &[&str]) -> Ran {
    run(command().current_dir(folder.path()).args(arguments), "")
}

/// Runs in a folder where no other program can be found.
pub(crate) fn isobar_without_path(folder: &Path, arguments: &[&str]) -> Ran {
    run(command().current_dir(folder).env("PATH", "").args(arguments), "")
}

/// Runs with text on standard input. No run may print colours, since none has a terminal, or panic.
pub(crate) fn isobar_with(arguments: &[&str], input: &str) -> Ran {
    run(command().args(arguments), input)
}

pub(crate) fn run(command: &mut Command, input: &str) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    // It may end before it has read everything, which is its right.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    let ran = Ran {
        code: output.status.code().expect("it is not killed"),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "colours without a terminal");
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// A folder of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("cli/ is in the repository").join(path)
}

/// A workspace of `schemas/`, copied to where it may be changed.
pub(crate) fn copy_of(workspace: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&repository("schemas").join(workspace), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("known").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Replaces text in a file, which must hold it.
pub(crate) fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("readable");
    assert!(text.contains(from), "{} holds no {from:?}", file.display());
    fs::write(file, text.replacen(from, to, 1)).expect("writable");
}

pub(crate) fn path(folder: &tempfile::TempDir) -> &str {
    folder.path().to_str().expect("temporary folders have plain names")
}
