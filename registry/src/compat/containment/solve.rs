//! Goals: is there a value in all of some sets and in none of others? A goal that comes up again below itself is assumed to have no
//! value: the smallest value never needs another one of its own goal inside itself. What rests on such an assumption becomes
//! a fact only when the goal that was assumed is done and has no value indeed.

use super::{
    arena::{Arena, FALSE, NodeId, TRUE},
    number::Number,
    schema::Kinds,
    value::{Value, ValueId},
};
use crate::compat::abandon;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// How much may be spent on a question.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps; a million take about half a second.
    pub steps: u64,
    /// How deeply goals, and cases of one goal, may stand inside each other. The default does with two megabytes of stack,
    /// and what is deeper is tried again on a larger one.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { steps: 400_000, depth: 100 }
    }
}

/// After how many steps it is asked whether anybody still waits.
const ASKED: u64 = 1_000;

/// What is left of the steps.
#[derive(Debug)]
pub(super) struct Work(u64);

impl Work {
    pub(super) fn new(steps: u64) -> Work {
        Work(steps)
    }

    /// Spends some; whether there was enough.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        let enough = self.0 >= steps;
        let left = self.0.saturating_sub(steps);
        // All of it where nobody waits for the answer, which is asked rarely enough to cost nothing.
        let asks = left / ASKED != self.0 / ASKED;
        self.0 = if asks && abandon::is_left() { 0 } else { left };
        enough
    }

    pub(super) fn left(&self) -> u64 {
        self.0
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

pub(super) const TOO_DEEP: &str = "it is nested too deeply";

/// Why something was not decided, and at which node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    pub(super) keyword: &'static str,
    pub(super) why: &'static str,
    pub(super) node: NodeId,
    /// Whether it would be the same if the goal came up somewhere else.
    pub(super) lasting: bool,
}

/// The depth of the lowest assumption that a result rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Support(usize);

impl Support {
    /// It rests on nothing.
    pub(super) const NONE: Support = Support(usize::MAX);
}

/// What came of a goal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Found(ValueId),
    Empty(Support),
    Unknown(Doubt),
}

impl Outcome {
    /// No value, for no other reason than itself.
    pub(super) const NOTHING: Outcome = Outcome::Empty(Support::NONE);
}

/// Sums up cases of which each may have the value.
pub(super) struct Cases {
    outcome: Outcome,
}

impl Cases {
    pub(super) fn new(support: Support) -> Cases {
        Cases { outcome: Outcome::Empty(support) }
    }

    /// Adds a case; `Some` if it settles the matter.
    pub(super) fn add(&mut self, outcome: Outcome) -> Option<Outcome> {
        self.outcome = match (self.outcome, outcome) {
            (_, Outcome::Found(_)) => return Some(outcome),
            (Outcome::Empty(a), Outcome::Empty(b)) => Outcome::Empty(a.min(b)),
            (Outcome::Unknown(first), _) => Outcome::Unknown(first),
            (_, doubt) => doubt,
        };
        None
    }

    pub(super) fn end(self) -> Outcome {
        self.outcome
    }
}

/// In all of the first, in none of the second, each sorted.
type Goal = (Rc<[NodeId]>, Rc<[NodeId]>);

#[derive(Clone, Copy)]
struct Assumed {
    support: Support,
    /// How many values deep it was assumed.
    level: usize,
}

/// Answers questions about one arena.
pub(super) struct Solver<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) work: Work,
    max_depth: usize,
    facts: FxHashMap<Goal, Outcome>,
    /// Goals that are being worked on.
    open: FxHashMap<Goal, Assumed>,
    /// Goals without a value as long as an open one has none, in the order in which they were found.
    provisional: Vec<Goal>,
    assumed: FxHashMap<Goal, Assumed>,
    pub(super) depth: usize,
    pub(super) too_deep: bool,
    level: usize,
    pub(super) bare: FxHashMap<NodeId, NodeId>,
    pub(super) tags: FxHashMap<Rc<[NodeId]>, Option<Rc<super::unions::Tags>>>,
    pub(super) evaluated: FxHashMap<(NodeId, ValueId), Option<bool>>,
    /// A rule of a writer that was left out, so that what was found may not be a value.
    pub(super) left_out: Option<Doubt>,
}

impl<'a> Solver<'a> {
    pub(super) fn new(arena: &'a mut Arena, budget: Budget) -> Self {
        Solver {
            arena,
            work: Work::new(budget.steps),
            max_depth: budget.depth,
            facts: FxHashMap::default(),
            open: FxHashMap::default(),
            provisional: Vec::new(),
            assumed: FxHashMap::default(),
            depth: 0,
            too_deep: false,
            level: 0,
            bare: FxHashMap::default(),
            tags: FxHashMap::default(),
            evaluated: FxHashMap::default(),
            left_out: None,
        }
    }

    /// Whether a value inside of the present one can be in all of `yes` and in none of `no`.
    pub(super) fn inside(&mut self, yes: Vec<NodeId>, no: Vec<NodeId>) -> Outcome {
        self.level += 1;
        let outcome = self.solve(yes, no);
        self.level -= 1;
        outcome
    }

    /// Whether a value can be in all of `yes` and in none of `no`.
    pub(super) fn solve(&mut self, mut yes: Vec<NodeId>, mut no: Vec<NodeId>) -> Outcome {
        for node in yes.iter_mut().chain(&mut no) {
            *node = self.arena.resolve(*node);
        }
        tidy(&mut yes, TRUE);
        tidy(&mut no, FALSE);
        let clash = |id: &NodeId| no.binary_search(id).is_ok();
        if yes.first() == Some(&FALSE) || no.first() == Some(&TRUE) || yes.iter().any(clash) {
            return Outcome::NOTHING;
        }
        let kinds = yes.iter().fold(Kinds::ALL, |kinds, id| kinds.and(self.arena.kinds[id.0 as usize]));
        let covers = |id: &NodeId| self.arena.kinds[id.0 as usize].has(kinds) && self.arena.says_kinds_only(*id);
        if kinds.is_none() || no.iter().any(covers) {
            return Outcome::NOTHING;
        }
        if no.is_empty() && yes.iter().all(|id| self.arena.says_kinds_only(*id)) {
            return Outcome::Found(self.smallest_of(kinds));
        }
        let goal: Goal = (yes.into(), no.into());
        if let Some(known) = self.facts.get(&goal) {
            return *known;
        }
        let place = goal.1.first().or(goal.0.first()).copied().unwrap_or(TRUE);
        let doubt = |keyword, why| Outcome::Unknown(Doubt { keyword, why, node: place, lasting: false });
        if let Some(open) = self.open.get(&goal) {
            // An assumption holds for smaller values only.
            return if open.level < self.level {
                Outcome::Empty(open.support)
            } else {
                doubt("$ref", "it refers to itself without a member or an item between")
            };
        }
        if let Some(found) = self.assumed.get(&goal).filter(|found| self.level >= found.level) {
            return Outcome::Empty(found.support);
        }
        if !self.work.spend(1) {
            return doubt("", "the limit on work was reached");
        }
        let mine = Support(self.depth);
        if !self.deeper() {
            return doubt("", TOO_DEEP);
        }
        let before = self.provisional.len();
        self.open.insert(goal.clone(), Assumed { support: mine, level: self.level });
        let outcome = self.any_kind(kinds, &goal);
        self.open.remove(&goal);
        self.depth -= 1;
        self.conclude(goal, outcome, mine, before)
    }

    /// A value of one of some kinds.
    fn smallest_of(&mut self, kinds: Kinds) -> ValueId {
        let first = Kinds::EACH.into_iter().find(|kind| kinds.has(*kind));
        let value = match first.unwrap_or(Kinds::NULL) {
            Kinds::BOOL => Value::Bool(true),
            Kinds::NUMBER => Value::Number(Number::ZERO),
            Kinds::TEXT => Value::Text(self.arena.values.name("")),
            Kinds::ARRAY => Value::Array([].into()),
            Kinds::OBJECT => Value::Object([].into()),
            _ => Value::Null,
        };
        self.arena.values.add(value)
    }

    /// Goes a step deeper, if the stack has room for it. Who does comes up again. Once there was no room, all ends: other ways
    /// would only lead to the same depth.
    pub(super) fn deeper(&mut self) -> bool {
        let room = self.depth < self.max_depth && !self.too_deep;
        self.too_deep |= !room;
        self.depth += usize::from(room);
        room
    }

    fn any_kind(&mut self, kinds: Kinds, goal: &Goal) -> Outcome {
        let mut cases = Cases::new(Support::NONE);
        for kind in Kinds::EACH.into_iter().filter(|kind| kinds.has(*kind)) {
            let outcome = self.of_kind(kind, &goal.0, &goal.1);
            if let Some(found) = cases.add(outcome) {
                return found;
            }
        }
        cases.end()
    }

    /// Keeps what came of a goal, and decides what becomes of results that rest on it.
    fn conclude(&mut self, goal: Goal, outcome: Outcome, mine: Support, before: usize) -> Outcome {
        match outcome {
            Outcome::Empty(support) if support >= mine => {
                for settled in self.provisional.drain(before..) {
                    self.assumed.remove(&settled);
                    self.facts.insert(settled, Outcome::NOTHING);
                }
                self.facts.insert(goal, Outcome::NOTHING);
                Outcome::NOTHING
            }
            Outcome::Empty(support) => {
                // What rested on this goal rests on what this goal rests on.
                for waiting in &self.provisional[before..] {
                    if let Some(assumed) = self.assumed.get_mut(waiting) {
                        assumed.support = assumed.support.min(support);
                    }
                }
                self.assumed.insert(goal.clone(), Assumed { support, level: self.level });
                self.provisional.push(goal);
                outcome
            }
            _ => {
                for gone in self.provisional.drain(before..) {
                    self.assumed.remove(&gone);
                }
                if !matches!(outcome, Outcome::Unknown(Doubt { lasting: false, .. })) {
                    self.facts.insert(goal, outcome);
                }
                outcome
            }
        }
    }
}

fn tidy(nodes: &mut Vec<NodeId>, neutral: NodeId) {
    nodes.retain(|node| *node != neutral);
    if nodes.len() > 1 {
        nodes.sort_unstable();
        nodes.dedup();
    }
}
