//! Drawings of a single thing: the states of an aggregate, the messages of a saga. What is to be drawn comes in as values, with the words
//! and addresses that stand on it; colours and fonts are the style sheet's. All text is escaped, and nothing here reads a model.

mod layered;
mod machine;
mod pen;
mod sequence;

pub(super) use machine::{Machine, State, Tie, machine};
pub(super) use pen::Note;
pub(super) use sequence::{Frame, Line, Sequence, Turn, sequence};
