//! The board: the storming of a workspace, laid out by itself. What is on it (`storm`), when it happens (`columns`), who stands under
//! whom (`rows`), where that is (`place`), how lines run (`route`), what belongs together (`flow`), and what it looks like (`svg`, with
//! `words` and `icons`; `file` where it stands alone). Every step is a function from values to values; nothing here reads a store or a
//! request.

mod columns;
mod file;
mod flow;
mod icons;
mod parts;
mod place;
mod route;
mod rows;
mod storm;
mod svg;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use file::{POLICY, STYLE};
pub(crate) use place::{Board, Placed};
pub(crate) use storm::{Kind, Storm};
pub(crate) use svg::{Look, Mark, svg};
pub(crate) use words::escaped as xml;
