//! Whether every JSON value of one set is in another one. Sets are nodes of an [`Arena`]; who builds them from schemas or shapes
//! stands elsewhere. What cannot be decided is said to be unknown; nothing here ever guesses, reads a file or a network.
//!
//! The question is turned round: is there a value in the writer's set and outside of the reader's? It is looked for kind by kind
//! (`solve`), sets are taken apart into plain rules (`tableau`, `leave`, `unions`), and for plain rules there is a theory
//! for each kind: `numbers`, `text` with `pattern`, `arrays`, `objects` with `names`. A search that ends without a value is a proof.

mod arena;
mod arrays;
mod close;
mod evaluate;
mod format;
mod leave;
mod names;
mod number;
mod numbers;
mod objects;
mod pattern;
mod schema;
mod solve;
mod table;
mod tableau;
mod text;
mod tidy;
mod unions;
mod value;

pub use arena::{Arena, FALSE, NodeId, Origin, Side, TRUE};
pub use number::Number;
pub use pattern::{PatternId, Patterns};
pub use schema::{ArrayRules, Contains, Kinds, Limit, Logic, NumberRules, ObjectRules, Schema, TextRules, Unsupported};
pub use solve::Budget;
pub use value::{Name, Value, ValueId, Values};

use crate::compat::abandon;
use solve::{Doubt, Outcome, Solver};

/// What came of a question, before a payload is confirmed.
pub(super) enum Answer {
    Contained,
    Escapes(ValueId),
    Unknown(Unknown),
}

/// Several questions about one arena: what one finds out helps the next.
pub(super) struct Questions<'a> {
    solver: Solver<'a>,
}

impl<'a> Questions<'a> {
    pub(super) fn new(arena: &'a mut Arena, budget: Budget) -> Self {
        Questions { solver: Solver::new(arena, budget) }
    }

    pub(super) fn arena(&mut self) -> &mut Arena {
        self.solver.arena
    }

    /// Whether all values of `writer` are values of `reader`. What one question spends is missing for the next.
    pub(super) fn ask(&mut self, writer: NodeId, reader: NodeId) -> Answer {
        self.solver.left_out = None;
        match answer(&mut self.solver, writer, reader) {
            Outcome::Empty(_) => Answer::Contained,
            Outcome::Found(value) => Answer::Escapes(value),
            Outcome::Unknown(doubt) => Answer::Unknown(unknown(self.solver.arena, doubt)),
        }
    }

    /// Whether a set has a value.
    pub(super) fn has(&mut self, node: NodeId, value: ValueId) -> Option<bool> {
        self.solver.has(node, value)
    }
}

/// Asks on this stack, which does for nearly all, and again on a larger one if it was too small.
fn answer(solver: &mut Solver<'_>, writer: NodeId, reader: NodeId) -> Outcome {
    let outcome = solver.solve(vec![writer], vec![reader]);
    if !std::mem::take(&mut solver.too_deep) || matches!(outcome, Outcome::Found(_)) {
        return outcome;
    }
    let budget = Budget { steps: solver.work.left(), depth: DEEP };
    let (arena, left) = (&mut *solver.arena, abandon::who());
    let again = std::thread::scope(|scope| {
        let run = move || {
            let mut deep = Solver::new(arena, budget);
            let outcome = abandon::within(left, || deep.solve(vec![writer], vec![reader]));
            (outcome, deep.work.left(), deep.left_out)
        };
        std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok()?.join().ok()
    });
    let Some((deep, left, left_out)) = again else { return outcome };
    solver.work = solve::Work::new(left);
    solver.left_out = solver.left_out.or(left_out);
    deep
}

/// How deep goals may be on the larger stack, and its size in bytes, of which only what is used takes memory.
const DEEP: usize = 3_000;
const STACK: usize = 128 << 20;

fn unknown(arena: &Arena, doubt: Doubt) -> Unknown {
    let origin = arena.origin(doubt.node);
    Unknown { keyword: doubt.keyword, side: arena.side(origin), pointer: arena.pointer(origin), why: doubt.why }
}

const NOT_CONFIRMED: &str = "a value was found that is not confirmed";

/// Whether all values of a writer are values of a reader.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// They are.
    Contained,
    /// This one is not.
    Escapes(serde_json::Value),
    /// It was not decided.
    Unknown(Unknown),
}

/// Why something was not decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The keyword that was too hard; empty where it was no single one.
    pub keyword: &'static str,
    /// In which document.
    pub side: Side,
    /// Where there: the JSON pointer of a schema that has the keyword.
    pub pointer: String,
    /// What was hard.
    pub why: &'static str,
}

/// Whether all values of `writer` are values of `reader`, both nodes of an arena that is closed ([`Arena::close`]). A value that
/// escapes is given only if `confirm` says, by other means, that the writer's schema allows it and the reader's does not.
pub fn contains(
    arena: &mut Arena,
    writer: NodeId,
    reader: NodeId,
    budget: Budget,
    confirm: &dyn Fn(&serde_json::Value) -> bool,
) -> Verdict {
    contains_within(arena, writer, reader, &mut { budget }, confirm)
}

/// [`contains`], for one of several questions: the budget is what is left of it afterwards.
pub fn contains_within(
    arena: &mut Arena,
    writer: NodeId,
    reader: NodeId,
    budget: &mut Budget,
    confirm: &dyn Fn(&serde_json::Value) -> bool,
) -> Verdict {
    let (writer, reader) = (arena.resolve(writer), arena.resolve(reader));
    let mut solver = Solver::new(arena, *budget);
    let outcome = answer(&mut solver, writer, reader);
    budget.steps = solver.work.left();
    let left_out = solver.left_out;
    let doubt = match outcome {
        Outcome::Empty(_) => return Verdict::Contained,
        Outcome::Found(value) => {
            if let Some(payload) = arena.values.to_json(value).filter(confirm) {
                return Verdict::Escapes(payload);
            }
            left_out.unwrap_or(Doubt { keyword: "", why: NOT_CONFIRMED, node: reader, lasting: true })
        }
        Outcome::Unknown(doubt) => doubt,
    };
    Verdict::Unknown(unknown(arena, doubt))
}

#[cfg(test)]
pub(in crate::compat) mod random;
#[cfg(test)]
mod tests;
