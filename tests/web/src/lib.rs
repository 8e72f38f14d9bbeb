//! The registry as its users run it: the program `isobar`, built once and started as a process, and Python with the packages that
//! a client needs. What is missing fails the test that needs it; nothing is skipped.

use isobar_store_tests::{Server, serving};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock, PoisonError},
};

/// A server over a store, with more options.
///
/// # Panics
/// When it does not start.
#[must_use]
pub fn server(store: &str, options: &[&str]) -> Server {
    Server::start(serving(isobar(), store).args(options))
}

/// The program, as it is now.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn isobar() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--locked", "-p", "isobar-cli", "--bin", "isobar"])
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the program is built");
        target().join(format!("isobar{}", std::env::consts::EXE_SUFFIX))
    })
}

/// The folder of programs: tests are in a folder `deps` below it.
fn target() -> PathBuf {
    let this = std::env::current_exe().expect("a program knows where it is");
    this.ancestors().nth(2).expect("it is in a folder of a folder").to_owned()
}

/// The secret of a new token.
///
/// # Panics
/// When none is made.
#[must_use]
pub fn token(store: &str, role: &str, prefix: &str) -> String {
    let made = Command::new(isobar())
        .args(["token", "create", "--name", "test", "--role", role, "--prefix", prefix, "--store", store])
        .args(["--format", "json"])
        .output()
        .expect("the program runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&made.stdout).expect("it answers JSON");
    answer["token"].as_str().expect("it tells the secret").to_owned()
}

/// A Python that has what a file `clients/NAME.txt` lists; it is kept beside the built programs until that file changes.
///
/// # Panics
/// When there is no Python with `venv`, or the packages cannot be had.
#[must_use]
pub fn python(name: &str) -> PathBuf {
    environment(name, &[]).join("bin/python")
}

/// A file of the one package that `clients/NAME.txt` lists, which is installed without what it would need to run.
///
/// # Panics
/// As [`python`], and when there is no such file in it.
#[must_use]
pub fn packed(name: &str, file: &str) -> PathBuf {
    let versions = fs::read_dir(environment(name, &["--no-deps"]).join("lib")).expect("it has packages");
    let mut files = versions.filter_map(|it| Some(it.ok()?.path().join("site-packages").join(file)));
    files.find(|it| it.exists()).unwrap_or_else(|| panic!("the package has a file `{file}`"))
}

/// The folder of an environment with what a file lists.
fn environment(name: &str, options: &[&str]) -> PathBuf {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("clients/{name}.txt"));
    let folder = target().join("python").join(name);
    let (python, installed) = (folder.join("bin/python"), folder.join("installed.txt"));
    let list = fs::read(&wanted).expect("the list of packages is there");
    if fs::read(&installed).is_ok_and(|had| had == list) {
        return folder;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "-q", "--disable-pip-version-check"]).args(options);
    run(install.arg("-r").arg(&wanted));
    fs::write(installed, list).expect("what is installed can be noted");
    folder
}

/// Runs a program that must succeed.
///
/// # Panics
/// When it does not; its output is in the message.
pub fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{command:?}\n{}\n{}", said(&done.stdout), said(&done.stderr));
}
