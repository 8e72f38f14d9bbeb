//! What a build script calls. The only place of this crate that touches files, and only files in the output folder.

use crate::{Files, Target, options::Options, rust};
use isobar_model::{Diagnostic, Severity, diag, source::LineColumn};
use isobar_registry::Workspace;
use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

/// Generates the Rust code of the workspace in the folder `schemas` into `$OUT_DIR/isobar.rs`.
///
/// # Errors
/// What is wrong with the schemas, as the report that people read; or a file that cannot be written.
pub fn compile(schemas: impl AsRef<Path>) -> Result<(), Error> {
    Generator::new().schemas(schemas).compile()
}

/// A build script's wishes, where [`compile`] is not enough.
///
/// ```no_run
/// # fn main() -> Result<(), isobar_generator::Error> {
/// isobar_generator::Generator::new().schemas("schemas/bank").include_file("bank.rs").compile()
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    schemas: PathBuf,
    out_dir: Option<PathBuf>,
    include_file: String,
    modules: bool,
    options: Options,
}

impl Default for Generator {
    fn default() -> Self {
        Generator {
            schemas: "schemas".into(),
            out_dir: None,
            include_file: "isobar.rs".into(),
            modules: false,
            options: Options::default(),
        }
    }
}

impl Generator {
    /// Reads `schemas` and writes `$OUT_DIR/isobar.rs`, until told otherwise.
    #[must_use]
    pub fn new() -> Self {
        Generator::default()
    }

    /// The folder of the workspace, relative to the package.
    #[must_use]
    pub fn schemas(mut self, folder: impl AsRef<Path>) -> Self {
        self.schemas = folder.as_ref().to_owned();
        self
    }

    /// The folder to write to, instead of `$OUT_DIR`.
    #[must_use]
    pub fn out_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.out_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// The name of the file to include, instead of `isobar.rs`: several workspaces need several names.
    #[must_use]
    pub fn include_file(mut self, name: impl Into<String>) -> Self {
        self.include_file = name.into();
        self
    }

    /// Writes a `mod.rs` that declares a file for each context, as `isobar generate rust` does, in place of one file to include:
    /// for code that is committed.
    #[must_use]
    pub fn modules(mut self) -> Self {
        self.modules = true;
        self
    }

    /// Puts an attribute above every struct and enum that the pattern covers: `.` covers all, `ordering` a context,
    /// `ordering.OrderPlaced` all majors of an event and what stands inline in them, `ordering.OrderEvent` the enum of an
    /// aggregate's events. It stands after the derives that are there anyway, and the same pattern may be given several times.
    #[must_use]
    pub fn type_attribute(mut self, pattern: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.options.type_attributes.push((pattern.into(), attribute.into()));
        self
    }

    /// Puts an attribute above every field that the pattern covers, and above every value of an enum and branch of a union:
    /// `ordering.LineItem.quantity`, `ordering.LineItem` for all of its fields, or a context, or `.`. Fields are called as in the
    /// notation.
    #[must_use]
    pub fn field_attribute(mut self, pattern: impl Into<String>, attribute: impl Into<String>) -> Self {
        self.options.field_attributes.push((pattern.into(), attribute.into()));
        self
    }

    /// Uses a type of another crate or module for a named type, which is then not generated: `ordering.Money` as
    /// `::my_crate::Money`. It must implement `Decode` and `Encode` of `isobar`, and `Clone`, `Debug` and `PartialEq`.
    #[must_use]
    pub fn extern_path(mut self, path: impl Into<String>, rust: impl Into<String>) -> Self {
        self.options.extern_paths.push((path.into(), rust.into()));
        self
    }

    /// Boxes a field or a branch of a union: `ordering.Tree.left`. What contains itself is boxed without being asked.
    #[must_use]
    pub fn boxed(mut self, path: impl Into<String>) -> Self {
        self.options.boxed.push(path.into());
        self
    }

    /// Also implements the traits of a framework for the enums of aggregates.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.options.targets.push(target);
        self
    }

    /// Whether the examples of the schema are tests of the documentation, which `cargo test` runs in a library; they are only
    /// shown, unless told otherwise. Such tests see what other crates see: in a private module they would not compile.
    #[must_use]
    pub fn doc_tests(mut self, on: bool) -> Self {
        self.options.doc_tests = on;
        self
    }

    /// What would be written, by its path below the output folder. Touches nothing.
    ///
    /// # Errors
    /// What is wrong with the schemas.
    pub fn generate(&self) -> Result<Files, Error> {
        self.run(&self.open())
    }

    /// Writes the files whose bytes changed, and tells Cargo which files and folders were read.
    ///
    /// # Errors
    /// What is wrong with the schemas, or a file that cannot be written.
    pub fn compile(&self) -> Result<(), Error> {
        let workspace = self.open();
        // Also where there are errors, or Cargo would not run again once they are mended.
        for path in workspace.folders.iter().chain(&workspace.files) {
            println!("cargo:rerun-if-changed={}", path.display());
        }
        let files = self.run(&workspace)?;
        // What is waived is known, and said where it is checked.
        for warning in workspace.findings().into_iter().filter(|it| it.severity() == Severity::Warning) {
            println!("cargo:warning={}", Self::one_line(&workspace, &warning));
        }
        let out_dir = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => env::var_os("OUT_DIR")
                .map(PathBuf::from)
                .ok_or_else(|| Error::new("OUT_DIR is not set: this runs in a build script, or with `out_dir`"))?,
        };
        write(&out_dir, &files).map(drop)
    }

    fn open(&self) -> Workspace {
        let mut workspace = Workspace::open(&self.schemas);
        workspace.sources.shown_from(&self.schemas);
        workspace
    }

    /// A warning where Cargo has room for one line: `schemas/shop.storm.yaml:3:5: an event has no fields`.
    fn one_line(workspace: &Workspace, warning: &Diagnostic) -> String {
        let Some(label) = warning.labels.first() else {
            return warning.message.clone();
        };
        let LineColumn { line, column } = workspace.sources.locate(label.span.file, label.span.start);
        let path = &workspace.sources.get(label.span.file).path;
        format!("{path}:{line}:{column}: {}", warning.message)
    }

    fn run(&self, workspace: &Workspace) -> Result<Files, Error> {
        let refused = |diagnostics: diag::Diagnostics| {
            let sorted = diagnostics.sorted(&workspace.sources);
            Error::new(diag::render(&sorted, &workspace.sources, false).trim_end())
        };
        if workspace.diagnostics.has_errors() {
            return Err(refused(workspace.diagnostics.clone()));
        }
        if self.modules {
            return rust::files(workspace, &self.options).map_err(refused);
        }
        let text = rust::one_file(workspace, &self.options).map_err(refused)?;
        Ok(Files::from([(self.include_file.clone(), text)]))
    }
}

/// Writes files below a folder, but for those that hold their text already: what did not change is not compiled again. Says how
/// many changed.
///
/// # Errors
/// The file that cannot be written.
pub fn write(folder: &Path, files: &Files) -> Result<usize, Error> {
    let mut changed = 0;
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
        changed += 1;
    }
    Ok(changed)
}

/// Why nothing was generated. Both its `Debug` and its `Display` are the report for people, since `main` prints the former.
pub struct Error {
    report: String,
}

impl Error {
    fn new(report: impl Into<String>) -> Self {
        Error { report: report.into() }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    fn workspace(storm: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shop.storm.yaml"), storm).unwrap();
        folder
    }

    #[test]
    fn only_what_changed_is_written() {
        let schemas = workspace("context: shop\nevents: { Opened: { fields: { at: date } } }\n");
        let out = tempfile::tempdir().unwrap();
        let generator = Generator::new().schemas(&schemas).out_dir(out.path().join("new")).include_file("shop.rs");
        generator.compile().unwrap();
        let path = out.path().join("new/shop.rs");
        assert_eq!(fs::read_to_string(&path).unwrap(), generator.generate().unwrap()["shop.rs"]);

        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        generator.compile().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
        fs::write(schemas.path().join("shop.storm.yaml"), "context: shop\ntypes: { Id: id(a_) }\n").unwrap();
        generator.compile().unwrap();
        assert!(fs::metadata(&path).unwrap().modified().unwrap() > long_ago);
    }

    #[test]
    fn what_is_wrong_is_a_report_with_file_line_and_column() {
        let schemas = workspace("context: shop\nevents: { Opened: { fields: { at: dat } } }\n");
        let error = Generator::new().schemas(&schemas).generate().unwrap_err();
        let report = error.to_string();
        let place = format!("--> {}/shop.storm.yaml:2:35", schemas.path().display());
        assert!(report.contains(&place), "{report}");
        assert!(report.starts_with("error[bad-type]: `dat` is not a type"), "{report}");
        assert_eq!(format!("{error:?}"), report);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let report = Generator::new().schemas("no/such/folder").generate().unwrap_err().to_string();
        assert!(report.contains("unreadable"), "{report}");
    }

    #[test]
    fn names_that_meet_are_refused_with_both_places() {
        let schemas = workspace("context: shop\nevents: { Opened: { fields: { atDate: date, at_date: date } } }\n");
        let report = Generator::new().schemas(&schemas).generate().unwrap_err().to_string();
        let report = report.replace(&format!("{}/", schemas.path().display()), "");
        insta::assert_snapshot!(report, @r"
        error[name-collision]: `at_date` and `atDate` would both be called `at_date` in Rust
         --> shop.storm.yaml:2:45
          |
        2 | events: { Opened: { fields: { atDate: date, at_date: date } } }
          |                               ------        ^^^^^^^
          |                               |
          |                               the other one
          |
          = help: rename one of the two; a field keeps its JSON name with `wire`, an inline type can be named under `types`
        ");
    }
}
