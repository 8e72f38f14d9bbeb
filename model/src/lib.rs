//! The notation: YAML text in, a closed and checked [`Model`] out, with a source span on every node.
//!
//! ```text
//! *.storm.yaml --parse--> Node (spans) --lower--> Model --check--> diagnostics
//! ```
//!
//! Nothing here touches a file beyond reading the workspace, and nothing here panics on bad input: what is wrong
//! becomes a [`Diagnostic`], and all of a workspace's diagnostics are reported together.

pub mod diag;
pub mod expr;
pub mod lower;
pub mod model;
pub mod parse;
pub mod shape;
pub mod source;
pub mod table;
pub mod value;
pub mod version;

pub use diag::{Diagnostic, Diagnostics, Severity};
pub use model::Model;
pub use shape::{Field, Presence, Shape, ShapeKind, TypeName, Types};
pub use source::{FileId, Sources, Span, Spanned};
pub use table::Table;
pub use value::Value;
pub use version::Version;
