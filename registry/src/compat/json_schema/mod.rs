//! JSON Schema (drafts 4, 6, 7, 2019-09 and 2020-12) as nodes of the containment engine. A keyword means what the validator
//! `jsonschema` understands by it in that draft; one that cannot be said in nodes becomes an unsupported rule, so that a verdict
//! that hangs on it is unknown. Nothing here decides, and nothing is ever fetched.

mod applicators;
mod assertions;
mod bundle;
mod declared;
mod document;
mod effort;
mod evaluated;
mod ignored;
mod lowering;
#[cfg(test)]
#[allow(unused_imports)]
mod tests;

use super::containment::{Arena, NodeId, Side};
pub use bundle::{Part, bundle};
#[cfg(feature = "import")]
pub(crate) use document::unescaped;
pub(super) use effort::effort;

use document::Document;
use jsonschema::Draft;
use serde_json::Value;
use std::fmt;

/// What producers write and consumers read beside what a schema declares (docs/compatibility.md, "Content").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// Producers write only properties that are declared, and consumers ignore others.
    #[default]
    Producer,
    /// Everything that the schema accepts is written, and everything that it refuses is refused.
    Strict,
}

/// Why a document is no JSON Schema that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Where in the document, as a JSON pointer.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

impl SchemaError {
    fn new(message: impl Into<String>) -> Self {
        SchemaError { pointer: String::new(), message: message.into() }
    }

    fn nowhere(reference: &str) -> Self {
        SchemaError::new(format!("`$ref` leads nowhere: the document has nothing at `{reference}`"))
    }

    fn reference(reference: &str, error: &referencing::Error) -> Self {
        use referencing::Error;
        SchemaError::new(match error {
            Error::Unretrievable { uri, .. } => {
                format!("`{uri}` is not in this document, and nothing is fetched: bundle it under `$defs`")
            }
            _ => format!("the reference `{reference}` cannot be followed: {error}"),
        })
    }

    fn at(self, pointer: String) -> Self {
        if self.pointer.is_empty() { SchemaError { pointer, ..self } } else { self }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}", self.message),
            pointer => write!(f, "{} (at {pointer})", self.message),
        }
    }
}

impl std::error::Error for SchemaError {}

/// What was read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The values that the schema stands for on its side.
    pub node: NodeId,
    /// The draft it was read in; `None` where `$schema` names a meta-schema that is not known.
    pub draft: Option<Draft>,
    /// The steps that it took.
    pub work: u64,
    /// Whether schemas stand within schemas, references followed, more deeply than anything is read.
    pub too_deep: bool,
    /// Whether no reference leads anywhere but to definitions, so that a part of the schema means by itself what it means here.
    pub divisible: bool,
}

/// Reads a schema as that of the writer or of the reader.
///
/// # Errors
///
/// It is malformed, or refers to something that is not in it.
pub fn read(arena: &mut Arena, root: &Value, side: Side, content: Content) -> Result<Reading, SchemaError> {
    let document = Document::new(root)?;
    let mut lowering = lowering::Lowering::new(&document, arena, side, content);
    let node = lowering.document()?;
    let (work, too_deep) = (lowering.work as u64, lowering.too_deep);
    Ok(Reading { node, draft: document.draft, work, too_deep, divisible: document.divisible })
}
