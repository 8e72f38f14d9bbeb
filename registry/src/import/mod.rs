//! Histories that were kept as JSON Schemas, as workspaces with released history: each version becomes a storming, and each is
//! released in turn by the same code that releases any other. What the notation cannot say becomes `json`, or is left out where
//! that is all that can be done, and a note says where. Reads no foreign files itself; only [`write`] touches a folder.

mod bounds;
mod documents;
mod layout;
mod object;
mod order;
mod schema;
mod storming;
mod waves;

pub use documents::Documents;
pub use layout::{cdevents, iglu, json_schema};
pub use waves::{Failed, Imported, write};

use serde_json::Value;

/// The files of a foreign history: path below its folder, with `/`, to text.
pub type Files = std::collections::BTreeMap<String, String>;

/// One event through its foreign versions.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The context that it becomes part of.
    pub context: String,
    /// The name that it gets.
    pub name: String,
    /// The versions, oldest first.
    pub steps: Vec<Step>,
}

/// One foreign version.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is called where it comes from: `1-0-1`.
    pub label: String,
    /// The file.
    pub file: String,
    /// Its name on the wire, where that is not the event's.
    pub wire: Option<String>,
    /// When it is released: steps of one wave are released together, and a chain has at most one in each.
    pub wave: usize,
    /// What it says.
    pub schema: Value,
    /// Payloads that its authors gave.
    pub examples: Vec<Value>,
}

/// A foreign history, read.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The name of the workspace.
    pub workspace: String,
    /// The events.
    pub chains: Vec<Chain>,
    /// Every schema that a `$ref` may lead to.
    pub documents: Documents,
    /// What could not be read at all.
    pub notes: Vec<Note>,
}

/// Something that was not taken over as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The foreign file.
    pub file: String,
    /// A JSON pointer into it.
    pub pointer: String,
    /// What was done instead.
    pub text: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}: {}", self.file, self.pointer, self.text)
    }
}
