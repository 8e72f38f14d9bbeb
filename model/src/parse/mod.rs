//! Text to a spanned tree: files are read within bounds, YAML becomes [`Node`]s. What a key means is not known here.

mod files;
mod tree;
mod yaml;

pub(crate) use files::shown;
pub use files::{Files, MAX_FILE_BYTES, walk};
pub use tree::{Entry, MAX_PATH_BYTES, Tree, misplaced};
pub use yaml::{Key, MAX_DEPTH, Node, NodeKind, parse};
