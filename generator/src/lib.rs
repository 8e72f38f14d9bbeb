//! Code from event schemas: Rust types that read, write and upcast every version, and JSON Schemas. Pure functions from a
//! [`Workspace`] to texts, and [`compile`], which a build script calls. Nothing here asks a network, a clock or a database.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), isobar_generator::Error> {
//!     isobar_generator::compile("schemas")
//! }
//! ```
//! ```text
//! // src/main.rs
//! mod schemas {
//!     include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
//! }
//! ```
//!
//! # Hooks
//! An expression `fn(name)` becomes a function of a trait, which a type `Hooks` beside the generated modules implements.
//! ```
//! mod schemas {
//!     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evolution/expected/isobar.rs"));
//!     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evolution/hooks.rs"));
//! }
//! # fn main() {}
//! ```
//! A trait that is not implemented is a compile error, and so is a function that is missing in it:
//! ```compile_fail,E0277
//! mod schemas {
//!     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/evolution/expected/isobar.rs"));
//!     struct Hooks;
//! }
//! # fn main() {}
//! ```

mod json_schema;
mod options;
mod rust;
mod script;

pub use isobar_registry::schema::Draft;
pub use options::Target;
pub use rust::Excerpts;
pub use script::{Error, Generator, compile, write};

use isobar_model::Diagnostics;
use isobar_registry::Workspace;
use std::collections::BTreeMap;

/// Generated files: path below the output folder, with `/`, to text.
pub type Files = BTreeMap<String, String>;

/// Rust modules: a `mod.rs` that declares one file for each context.
///
/// # Errors
/// Names that become the same in Rust, and what cannot be generated yet. The workspace itself must be without errors.
pub fn rust(workspace: &Workspace) -> Result<Files, Diagnostics> {
    rust::files(workspace, &options::Options::default())
}

/// JSON Schemas: `<context>/<Event>/v1.1.json` for each version of each event, `<context>/<Command>.json` for each command, and
/// `<context>/bundle.json` with the present version of all of them under `$defs`.
pub fn json_schema(workspace: &Workspace, draft: Draft) -> Files {
    json_schema::files(workspace, draft)
}
