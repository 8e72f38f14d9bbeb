//! Arrays: items by position, items that must be in or outside of sets at places that are to be chosen, how many items are in a set,
//! equal items, and lengths. Positions behind all that rules tell apart are alike, so that only a few of them are tried.

use super::{
    arena::NodeId,
    schema::Schema,
    solve::{Outcome, Solver, Support},
    tableau::{Case, Fact, Prospect},
    value::{Value, ValueId},
};
use std::{collections::BTreeMap, sync::Arc};

/// The most items that are built.
const MOST: u64 = 2_000;
/// The most items in one set that are placed.
const PLACED: u64 = 24;

/// An item that must be there.
#[derive(Clone)]
struct Demand {
    from: usize,
    /// Whether it is the one at `from`, and not any from there on.
    exact: bool,
    yes: Vec<NodeId>,
    no: Vec<NodeId>,
    /// Demands of one group are for different items.
    group: Option<usize>,
}

/// A set that few items may be in.
#[derive(Clone, Copy)]
struct AtMost {
    node: NodeId,
    count: u64,
    /// The demands for items in it.
    group: usize,
}

/// What an item was given to do.
#[derive(Clone, Default)]
struct Slot {
    yes: Vec<NodeId>,
    no: Vec<NodeId>,
    groups: Vec<usize>,
}

/// What is known of the arrays of a case.
struct Arrays {
    rules: Vec<Arc<Schema>>,
    min: u64,
    max: u64,
    unique: bool,
    repeats: bool,
    demands: Vec<Demand>,
    limits: Vec<AtMost>,
    except: Vec<ValueId>,
    /// From here on, rules treat all positions alike.
    alike: usize,
}

/// Goes on with the next try, or is done.
enum Try {
    Done(Outcome),
    Failed(Support),
    Unsure(Outcome),
}

impl Arrays {
    fn of(rules: Vec<Arc<Schema>>, facts: &[Fact]) -> Arrays {
        let (demands, limits, except) = Default::default();
        let alike = rules.iter().filter_map(|schema| schema.array.as_ref()).map(|rules| rules.prefix.len()).max();
        let (min, max, alike) = (0, u64::MAX, alike.unwrap_or(0));
        let (unique, repeats) = (false, false);
        let mut out = Arrays { rules, min, max, unique, repeats, demands, limits, except, alike };
        for schema in out.rules.clone() {
            let Some(rules) = schema.array.as_deref() else { continue };
            out.min = out.min.max(rules.min);
            out.max = out.max.min(rules.max.unwrap_or(u64::MAX));
            out.unique |= rules.unique;
            rules.contains.iter().for_each(|it| out.count(it.node, it.min, it.max));
        }
        for fact in facts {
            match fact {
                Fact::ItemNot(at, node) => out.demand(*at, true, *node),
                Fact::LaterItemNot(at, node) => out.demand(*at, false, *node),
                Fact::FewerItems(count) => out.max = out.max.min(count - 1),
                Fact::MoreItems(count) => out.min = out.min.max(count + 1),
                Fact::Repeats => out.repeats = true,
                Fact::FewerIn(node, count) => out.count(*node, 0, Some(count - 1)),
                Fact::MoreIn(node, count) => out.count(*node, count + 1, None),
                Fact::NotAmong(values) => out.except.extend(values.iter()),
                _ => {}
            }
        }
        out
    }

    fn demand(&mut self, from: usize, exact: bool, outside: NodeId) {
        self.min = self.min.max(from as u64 + 1);
        self.demands.push(Demand { from, exact, yes: Vec::new(), no: vec![outside], group: None });
    }

    fn count(&mut self, node: NodeId, min: u64, max: Option<u64>) {
        let group = self.limits.len() + self.demands.len();
        self.min = self.min.max(min);
        for _ in 0..min.min(PLACED + 1) {
            self.demands.push(Demand { from: 0, exact: false, yes: vec![node], no: Vec::new(), group: Some(group) });
        }
        if let Some(count) = max {
            self.limits.push(AtMost { node, count, group });
        }
    }

    /// What an item at a position must be in.
    fn at(&self, position: usize) -> Vec<NodeId> {
        let rules = self.rules.iter().filter_map(|schema| schema.array.as_deref());
        rules.filter_map(|rules| rules.prefix.get(position).copied().or(rules.items)).collect()
    }
}

impl Solver<'_> {
    fn array_rules(&self, case: &Case) -> Vec<Arc<Schema>> {
        let schemas = case.yes.iter().filter_map(|node| self.arena.schema(*node));
        schemas.filter(|schema| schema.array.is_some()).cloned().collect()
    }

    /// An array of a case.
    pub(super) fn arrays(&mut self, case: &Case) -> Outcome {
        let arrays = Arrays::of(self.array_rules(case), &case.facts);
        if arrays.min > arrays.max || (arrays.unique && arrays.repeats) {
            return Outcome::NOTHING;
        }
        if arrays.min > MOST {
            return self.doubt(case, "minItems", "the array would be too long");
        }
        if arrays.demands.len() as u64 > PLACED {
            return self.doubt(case, "contains", "too many items are counted");
        }
        // As many items of each limited set as must be there, and then more of them: others may not be possible.
        let longest = arrays.min.max((arrays.alike + arrays.demands.len()) as u64) + 2;
        let mut support = Support::NONE;
        let mut unsure = None;
        let mut more = vec![0u64; arrays.limits.len()];
        loop {
            let mut demands = arrays.demands.clone();
            for (limit, more) in arrays.limits.iter().zip(&more) {
                let one = Demand { from: 0, exact: false, yes: vec![limit.node], no: vec![], group: Some(limit.group) };
                demands.extend((0..*more).map(|_| one.clone()));
            }
            if demands.len() as u64 <= PLACED {
                match self.placed(case, &arrays, &demands) {
                    Try::Done(outcome) => return outcome,
                    Try::Failed(it) => support = support.min(it),
                    Try::Unsure(outcome) => unsure = unsure.or(Some(outcome)),
                }
            } else {
                unsure = unsure.or(Some(self.doubt(case, "maxContains", "too many items are counted")));
            }
            let room = |at: usize, more: u64| {
                let limit = &arrays.limits[at];
                let there = arrays.demands.iter().filter(|demand| demand.group == Some(limit.group)).count() as u64;
                there + more < limit.count.min(longest)
            };
            let Some(at) = (0..more.len()).find(|at| room(*at, more[*at])) else { break };
            more[..at].fill(0);
            more[at] += 1;
        }
        unsure.unwrap_or(Outcome::Empty(support))
    }

    /// Tries all places for the demands.
    fn placed(&mut self, case: &Case, arrays: &Arrays, demands: &[Demand]) -> Try {
        let over =
            |limit: &AtMost| demands.iter().filter(|it| it.group == Some(limit.group)).count() as u64 > limit.count;
        if arrays.limits.iter().any(over) {
            return Try::Failed(Support::NONE);
        }
        let furthest = demands.iter().map(|demand| demand.from).max().unwrap_or(0);
        let window = arrays.alike.max(furthest) + demands.len();
        let mut support = Support::NONE;
        let mut unsure = None;
        let mut open: Vec<(usize, BTreeMap<usize, Slot>)> = vec![(0, BTreeMap::new())];
        while let Some((next, slots)) = open.pop() {
            if !self.work.spend(1) {
                return Try::Unsure(self.doubt(case, "", "the limit on work was reached"));
            }
            let Some(demand) = demands.get(next) else {
                match self.filled(case, arrays, &slots) {
                    Try::Failed(it) => support = support.min(it),
                    Try::Unsure(outcome) => unsure = unsure.or(Some(outcome)),
                    done => return done,
                }
                continue;
            };
            let last = if demand.exact { demand.from } else { window };
            for position in (demand.from..=last).rev().filter(|position| (*position as u64) < arrays.max) {
                let mut slots = slots.clone();
                let slot = slots.entry(position).or_default();
                if demand.group.is_some_and(|group| slot.groups.contains(&group)) {
                    continue;
                }
                slot.yes.extend(&demand.yes);
                slot.no.extend(&demand.no);
                slot.groups.extend(demand.group);
                open.push((next + 1, slots));
            }
        }
        unsure.map_or(Try::Failed(support), Try::Unsure)
    }

    /// Fills the places, and the rest as short as can be.
    fn filled(&mut self, case: &Case, arrays: &Arrays, slots: &BTreeMap<usize, Slot>) -> Try {
        let mut support = Support::NONE;
        let mut unsure = None;
        let used = slots.keys().last().map_or(0, |last| last + 1);
        let pairs: Vec<Option<(usize, usize)>> = if arrays.repeats {
            let end = used.max(arrays.alike) + 2;
            (1..end).flat_map(|second| (0..second).map(move |first| Some((first, second)))).collect()
        } else {
            vec![None]
        };
        for pair in pairs {
            let least = arrays.min.max(used as u64).max(pair.map_or(0, |(_, second)| second as u64 + 1));
            // A longer array is only wanted where a shorter one is excluded by value.
            for length in least..=least.saturating_add(arrays.except.len() as u64) {
                if length > arrays.max {
                    break;
                }
                match self.items(case, arrays, slots, pair, length as usize) {
                    Ok(items) => {
                        let whole = self.arena.values.add(Value::Array(items.into()));
                        if !arrays.except.contains(&whole) {
                            return Try::Done(Outcome::Found(whole));
                        }
                        unsure = Some(self.doubt(case, "enum", "all that was found is excluded by value"));
                    }
                    Err(Outcome::Empty(it)) => {
                        support = support.min(it);
                        break;
                    }
                    Err(outcome) => {
                        unsure = unsure.or(Some(outcome));
                        break;
                    }
                }
            }
        }
        unsure.map_or(Try::Failed(support), Try::Unsure)
    }

    /// Items of an array of a length, two of them equal if a pair is given.
    fn items(
        &mut self,
        case: &Case,
        arrays: &Arrays,
        slots: &BTreeMap<usize, Slot>,
        pair: Option<(usize, usize)>,
        length: usize,
    ) -> Result<Vec<ValueId>, Outcome> {
        let mut goals: Vec<(Vec<NodeId>, Vec<NodeId>)> = Vec::with_capacity(length);
        let mut out: Vec<ValueId> = Vec::with_capacity(length);
        let goal = |position: usize| {
            let slot = slots.get(&position).cloned().unwrap_or_default();
            let (mut yes, mut no) = (arrays.at(position), slot.no);
            yes.extend(slot.yes);
            no.extend(arrays.limits.iter().filter(|it| !slot.groups.contains(&it.group)).map(|it| it.node));
            (yes, no)
        };
        for position in 0..length {
            let (mut yes, mut no) = goal(position);
            match pair {
                Some((first, second)) if position == second => {
                    out.push(out[first]);
                    goals.push((yes, no));
                    continue;
                }
                Some((first, second)) if position == first => {
                    let (more, less) = goal(second);
                    yes.extend(more);
                    no.extend(less);
                }
                _ => {}
            }
            // A position like the one before it has the same item.
            if !arrays.unique && goals.last() == Some(&(yes.clone(), no.clone())) && pair.is_none() {
                out.extend(out.last().copied());
                goals.push((yes, no));
                continue;
            }
            let mut other = no.clone();
            if arrays.unique && !out.is_empty() {
                let mut taken = Schema::default();
                taken.allow_only(out.iter().copied());
                let origin = self.arena.origin(case.yes.first().copied().unwrap_or(super::arena::TRUE));
                let taken = self.arena.add(taken, origin);
                other.push(self.arena.resolve(taken));
            }
            match self.inside(yes.clone(), other) {
                Outcome::Found(value) => out.push(value),
                // All values of the item are taken. By items like it, there are too few; by others, those might do with less.
                Outcome::Empty(support) if arrays.unique && !out.is_empty() => {
                    let alike = goals.iter().all(|it| *it == (yes.clone(), no.clone()));
                    let impossible = alike || matches!(self.inside(yes, no), Outcome::Empty(_));
                    return Err(if impossible {
                        Outcome::Empty(support)
                    } else {
                        self.doubt(case, "uniqueItems", "items of different kinds could be chosen in many ways")
                    });
                }
                outcome => return Err(outcome),
            }
            goals.push((yes, no));
        }
        Ok(out)
    }

    /// Whether an array of a case can have a fact.
    pub(super) fn array_prospect(&mut self, case: &Case, fact: &Fact) -> Prospect {
        const NEVER: Prospect = Prospect::Never(Support::NONE);
        let arrays = Arrays::of(self.array_rules(case), &case.facts);
        match fact {
            Fact::ItemNot(at, _) | Fact::LaterItemNot(at, _) if arrays.max <= *at as u64 => NEVER,
            Fact::ItemNot(at, node) => match self.inside(arrays.at(*at), vec![*node]) {
                Outcome::Empty(support) => Prospect::Never(support),
                _ => Prospect::Open,
            },
            Fact::LaterItemNot(from, node) => {
                let mut support = Support::NONE;
                for at in *from..=arrays.alike.max(*from) {
                    match self.inside(arrays.at(at), vec![*node]) {
                        Outcome::Empty(it) => support = support.min(it),
                        _ => return Prospect::Open,
                    }
                }
                Prospect::Never(support)
            }
            Fact::FewerItems(count) if *count <= arrays.min => NEVER,
            Fact::MoreItems(count) if *count >= arrays.max => NEVER,
            Fact::Repeats if arrays.unique => NEVER,
            Fact::FewerIn(node, count) => {
                // It is counted already.
                let counted = |schema: &Arc<Schema>| {
                    let counts = schema.array.iter().flat_map(|rules| &rules.contains);
                    counts.into_iter().any(|it| it.node == *node && it.min >= *count)
                };
                if arrays.rules.iter().any(counted) { NEVER } else { Prospect::Open }
            }
            _ => Prospect::Open,
        }
    }
}
