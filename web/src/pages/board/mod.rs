//! The board: the storming of a workspace, laid out by itself. What is on it (`storm`), when it happens (`columns`), who stands under
//! whom (`rows`), where that is (`place`), how lines run (`route`), and what it looks like (`svg`). Every step is a function from values
//! to values; nothing here reads a store or a request.

mod columns;
mod parts;
mod place;
mod route;
mod rows;
mod storm;
mod svg;
#[cfg(test)]
mod tests;

pub(crate) use place::{Board, Placed};
pub(crate) use storm::{Kind, Storm};
pub(crate) use svg::{escaped as xml, svg};
