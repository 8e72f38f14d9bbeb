//! Whether every JSON value of one set is in another one. Sets are nodes of an [`Arena`]; who builds them from schemas or shapes
//! stands elsewhere. What cannot be decided is said to be unknown; nothing here ever guesses, reads a file or a network.

mod arena;
mod close;
mod number;
mod pattern;
mod schema;
mod tidy;
mod value;

pub use arena::{Arena, FALSE, NodeId, Origin, Side, TRUE};
pub use number::Number;
pub use pattern::{PatternId, Patterns};
pub use schema::{ArrayRules, Contains, Kinds, Limit, Logic, NumberRules, ObjectRules, Schema, TextRules, Unsupported};
pub use value::{Name, Value, ValueId, Values};
