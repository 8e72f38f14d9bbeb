//! One goal and one kind of values: rules that are made of other rules are taken apart until only plain ones are left, one case for
//! each way in which the sets can be left, the cases with the fewest ways first. A case is then asked of the theory of its kind.

use super::{
    arena::{FALSE, NodeId, TRUE},
    number::Number,
    numbers::{self, Numbers},
    pattern::PatternId,
    schema::{Kinds, Limit, Schema},
    solve::{Cases, Doubt, Outcome, Solver, Support, TOO_DEEP},
    text::{self, Texts},
    value::{Name, Value, ValueId},
};
use std::{rc::Rc, sync::Arc};

/// Why a rule that is not understood is not decided.
const UNSUPPORTED: &str = "this use of the keyword is not supported";

/// A plain property of a value. Those about members and items of which a set is named say that the value is not in it.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Fact {
    NotAmong(Rc<[ValueId]>),
    Above(Limit),
    Below(Limit),
    NotMultiple(Number),
    Shorter(u64),
    Longer(u64),
    NotPattern(PatternId),
    NotFormat(Name),
    ItemNot(usize, NodeId),
    LaterItemNot(usize, NodeId),
    FewerItems(u64),
    MoreItems(u64),
    Repeats,
    FewerIn(NodeId, u64),
    MoreIn(NodeId, u64),
    Present(Name),
    Absent(Name),
    MemberNot(Name, NodeId),
    MatchedNot(PatternId, NodeId),
    /// A member that the rules of this schema say nothing else of.
    OtherNot(Arc<Schema>, NodeId),
    /// A name that, as a text, is not in the set.
    NameNot(NodeId),
    FewerMembers(u64),
    MoreMembers(u64),
    /// It breaks the rule of this node that is not understood.
    Undecided(NodeId),
}

/// One way in which something can be.
#[derive(Clone, Debug)]
pub(super) enum Way {
    Fact(Fact),
    Facts(Vec<Fact>),
    /// In all of the first and in none of the second.
    Nodes(Vec<NodeId>, Vec<NodeId>),
    /// With facts.
    Both(Vec<Fact>, Vec<NodeId>, Vec<NodeId>),
    /// In none of the branches.
    NoneOf(Rc<[NodeId]>),
}

/// A case that is being worked out.
#[derive(Clone, Default)]
pub(super) struct Case {
    /// Sets that the value is in, and sets that it is not in, all taken apart.
    pub(super) yes: Vec<NodeId>,
    pub(super) no: Vec<NodeId>,
    pub(super) facts: Vec<Fact>,
    /// Of each, one way must be.
    pub(super) choices: Vec<Rc<[Way]>>,
    /// How each set that it is not in can be left.
    pub(super) leaving: Vec<(NodeId, Rc<[Way]>)>,
    /// Unions that it is in no branch of, which wait until tags are known.
    unions: Vec<Rc<[NodeId]>>,
    /// How many sets were in `yes` when the sets to leave were last compared with them.
    compared: usize,
    /// What the case rests on already.
    pub(super) support: Option<Support>,
}

impl Case {
    pub(super) fn support(&self) -> Support {
        self.support.unwrap_or(Support::NONE)
    }

    pub(super) fn rests_on(&mut self, support: Support) {
        self.support = Some(self.support().min(support));
    }
}

impl Solver<'_> {
    pub(super) fn of_kind(&mut self, kind: Kinds, yes: &[NodeId], no: &[NodeId]) -> Outcome {
        self.expand(kind, Case::default(), yes.to_vec(), no.to_vec())
    }

    pub(super) fn doubt(&self, case: &Case, keyword: &'static str, why: &'static str) -> Outcome {
        let node = case.no.first().or(case.yes.first()).copied().unwrap_or(TRUE);
        Outcome::Unknown(Doubt { keyword, why, node, lasting: true })
    }

    fn spent(&self, case: &Case) -> Outcome {
        let node = case.no.first().or(case.yes.first()).copied().unwrap_or(TRUE);
        Outcome::Unknown(Doubt { keyword: "", why: "the limit on work was reached", node, lasting: false })
    }

    /// Takes sets apart, then tries the ways of one choice, each with all others.
    fn expand(&mut self, kind: Kinds, mut case: Case, mut yes: Vec<NodeId>, mut no: Vec<NodeId>) -> Outcome {
        loop {
            // To go on with a case costs as much as to copy it.
            let size = case.facts.len() + case.choices.len() + case.leaving.len() + case.yes.len() + case.no.len();
            if !self.work.spend(1 + size as u64 / 4) {
                return self.spent(&case);
            }
            if self.saturate(kind, &mut case, &mut yes, &mut no).is_err() {
                return Outcome::Empty(case.support());
            }
            if let Some(values) = self.few_values(kind, &case) {
                return self.among(&case, &values);
            }
            if self.conflict(kind, &case) {
                return Outcome::Empty(case.support());
            }
            // What can be left in one way only is no choice.
            if let Some(at) = case.leaving.iter().position(|(_, ways)| ways.len() <= 1) {
                let (_, ways) = case.leaving.swap_remove(at);
                match ways.first().cloned() {
                    Some(way) => take(way, &mut case, &mut yes, &mut no),
                    None => return Outcome::Empty(case.support()),
                }
                continue;
            }
            if case.choices.is_empty() {
                if let Some(union) = case.unions.pop() {
                    no.extend(self.in_question(kind, &case, &union));
                    continue;
                }
                if matches!(kind, Kinds::OBJECT | Kinds::ARRAY) && !case.leaving.is_empty() {
                    match self.weigh(kind, &mut case) {
                        Weighed::Settled(outcome) => return outcome,
                        Weighed::Changed => continue,
                        Weighed::Same => {}
                    }
                }
                let fewest = (0..case.leaving.len()).min_by_key(|at| case.leaving[*at].1.len());
                if let Some(at) = fewest {
                    let (_, ways) = case.leaving.swap_remove(at);
                    case.choices.push(ways);
                }
            }
            let fewest = (0..case.choices.len()).min_by_key(|at| case.choices[*at].len());
            let Some(at) = fewest else { return self.plain(kind, &case) };
            let ways = case.choices.swap_remove(at);
            return self.try_each(kind, case, ways);
        }
    }

    fn try_each(&mut self, kind: Kinds, case: Case, ways: Rc<[Way]>) -> Outcome {
        if !self.deeper() {
            return self.doubt(&case, "", TOO_DEEP);
        }
        let mut cases = Cases::new(case.support());
        let last = ways.len().saturating_sub(1);
        let mut case = Some(case);
        for (at, way) in ways.iter().cloned().enumerate() {
            let next = if at == last { case.take() } else { case.clone() };
            let Some(mut next) = next else { break };
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            take(way, &mut next, &mut yes, &mut no);
            if let Some(found) = cases.add(self.expand(kind, next, yes, no)) {
                self.depth -= 1;
                return found;
            }
        }
        self.depth -= 1;
        cases.end()
    }

    /// Takes all sets apart that are given; `Err` if the case cannot be.
    fn saturate(
        &mut self,
        kind: Kinds,
        case: &mut Case,
        yes: &mut Vec<NodeId>,
        no: &mut Vec<NodeId>,
    ) -> Result<(), ()> {
        loop {
            if let Some(node) = yes.pop() {
                let node = self.arena.resolve(node);
                if node == TRUE || case.yes.contains(&node) {
                    continue;
                }
                if node == FALSE || case.no.contains(&node) || !self.arena.kinds[node.0 as usize].has(kind) {
                    return Err(());
                }
                case.yes.push(node);
                self.open_up(kind, node, case, yes, no)?;
            } else if let Some(node) = no.pop() {
                let node = self.arena.resolve(node);
                if node == FALSE || case.no.contains(&node) {
                    continue;
                }
                if node == TRUE || case.yes.contains(&node) {
                    return Err(());
                }
                case.no.push(node);
                if self.arena.kinds[node.0 as usize].has(kind) {
                    let ways = self.ways_out(kind, node, &case.yes);
                    self.work.spend(ways.iter().map(Vec::len).sum::<usize>() as u64 / 2);
                    case.leaving.extend(ways.map(|ways| (node, ways.into())));
                }
            } else {
                return Ok(());
            }
        }
    }

    /// What being in a set means beside its plain rules.
    fn open_up(
        &mut self,
        kind: Kinds,
        node: NodeId,
        case: &mut Case,
        yes: &mut Vec<NodeId>,
        no: &mut Vec<NodeId>,
    ) -> Result<(), ()> {
        let Some(schema) = self.arena.schema(node).cloned() else { return Ok(()) };
        if let Some(it) = &schema.unsupported {
            self.left_out.get_or_insert(Doubt { keyword: it.keyword, why: UNSUPPORTED, node, lasting: true });
        }
        if let Some(rules) = schema.object.as_deref().filter(|_| kind == Kinds::OBJECT) {
            for (name, others) in &rules.dependent_required {
                let all = [*name].into_iter().chain(others.iter().copied()).map(Fact::Present).collect();
                case.choices.push([Way::Fact(Fact::Absent(*name)), Way::Facts(all)].into());
            }
            for (name, node) in &rules.dependent_schemas {
                let there = Way::Both(vec![Fact::Present(*name)], vec![*node], Vec::new());
                case.choices.push([Way::Fact(Fact::Absent(*name)), there].into());
            }
        }
        let Some(logic) = &schema.logic else { return Ok(()) };
        yes.extend(&logic.all);
        no.extend(&logic.not);
        for branches in &logic.any {
            let branches = self.of_this_kind(branches, kind);
            match branches[..] {
                [] => return Err(()),
                [one] => yes.push(one),
                _ if branches.iter().any(|it| case.yes.contains(it) || *it == TRUE) => {}
                _ => case.choices.push(branches.into_iter().map(|it| Way::Nodes(vec![it], Vec::new())).collect()),
            }
        }
        for branches in &logic.one {
            let branches = self.of_this_kind(branches, kind);
            let exclusive = kind == Kinds::OBJECT && self.tags(&branches).is_some_and(|tags| tags.exclusive);
            match branches[..] {
                [] => return Err(()),
                [one] => yes.push(one),
                _ => {
                    let others = |at: usize| {
                        let others = branches.iter().enumerate().filter(|(other, _)| *other != at && !exclusive);
                        others.map(|(_, it)| *it).collect()
                    };
                    let ways = branches.iter().enumerate().map(|(at, it)| Way::Nodes(vec![*it], others(at)));
                    case.choices.push(ways.collect());
                }
            }
        }
        for (condition, then, otherwise) in &logic.conditions {
            let met = Way::Nodes(vec![*condition, *then], Vec::new());
            case.choices.push([met, Way::Nodes(vec![*otherwise], vec![*condition])].into());
        }
        Ok(())
    }

    /// The branches of a union that the value could be in, by what is known of its tag.
    fn in_question(&mut self, kind: Kinds, case: &Case, union: &Rc<[NodeId]>) -> Vec<NodeId> {
        // Of other kinds, a branch may hold whatever its rules about objects say.
        let tags = if kind == Kinds::OBJECT { self.tags(union) } else { None };
        let Some(tags) = tags else { return union.to_vec() };
        let mut values: Option<Vec<ValueId>> = None;
        for rules in case.yes.iter().filter_map(|node| self.arena.schema(*node)?.object.as_deref()) {
            if let Ok(at) = rules.properties.binary_search_by_key(&tags.tag, |(name, _)| *name)
                && let Some(allowed) = self.arena.schema(rules.properties[at].1).and_then(|it| it.allowed.as_deref())
            {
                match &mut values {
                    Some(values) => values.retain(|value| allowed.contains(value)),
                    None => values = Some(allowed.to_vec()),
                }
            }
        }
        values.map_or_else(|| union.to_vec(), |values| tags.of(&values))
    }

    /// All values that come into question, where they can be listed.
    fn few_values(&mut self, kind: Kinds, case: &Case) -> Option<Vec<ValueId>> {
        let lists = case.yes.iter().filter_map(|node| self.arena.schema(*node)?.allowed.clone());
        if let Some(list) = lists.min_by_key(|list| list.len()) {
            return Some(list.iter().copied().filter(|it| self.arena.kinds_of_value(*it) == kind).collect());
        }
        match kind {
            Kinds::NULL => Some(vec![self.arena.values.add(Value::Null)]),
            Kinds::BOOL => Some([true, false].map(|flag| self.arena.values.add(Value::Bool(flag))).into()),
            _ => None,
        }
    }

    /// Tries values one by one. Every choice of the case follows from the sets that it came from.
    fn among(&mut self, case: &Case, values: &[ValueId]) -> Outcome {
        let mut unsure = None;
        'values: for value in values {
            let mut unknown = None;
            for (nodes, wanted) in [(&case.yes, true), (&case.no, false)] {
                for node in nodes {
                    match self.has(*node, *value) {
                        Some(holds) if holds == wanted => {}
                        Some(_) => continue 'values,
                        None => unknown = unknown.or(Some(*node)),
                    }
                }
            }
            if unknown.is_none() {
                return Outcome::Found(*value);
            }
            unsure = unsure.or(unknown);
        }
        match unsure {
            Some(node) => {
                let keyword = self.keyword_of(node);
                Outcome::Unknown(Doubt {
                    keyword,
                    why: "whether it holds for a value is not known",
                    node,
                    lasting: true,
                })
            }
            None => Outcome::Empty(case.support()),
        }
    }

    /// The keyword of a node that is most likely not understood.
    pub(super) fn keyword_of(&self, node: NodeId) -> &'static str {
        let Some(schema) = self.arena.schema(node) else { return "" };
        match (&schema.unsupported, &schema.text) {
            (Some(it), _) => it.keyword,
            (None, Some(text)) if !text.formats.is_empty() => "format",
            (None, Some(text)) if !text.patterns.is_empty() => "pattern",
            _ => "",
        }
    }

    /// Whether the facts contradict each other in a way that shows at once.
    fn conflict(&self, kind: Kinds, case: &Case) -> bool {
        if case.facts.is_empty() || !matches!(kind, Kinds::NUMBER | Kinds::TEXT) {
            return false;
        }
        let schemas = self.plain_rules(case);
        match kind {
            Kinds::NUMBER => Numbers::of(&schemas, &case.facts, &self.arena.values).conflict(),
            _ => Texts::of(&schemas, &case.facts, &self.arena.values).conflict(),
        }
    }

    fn plain_rules(&self, case: &Case) -> Vec<&Schema> {
        case.yes.iter().filter_map(|node| self.arena.schema(*node).map(|it| &**it)).collect()
    }

    /// A case of plain rules only.
    fn plain(&mut self, kind: Kinds, case: &Case) -> Outcome {
        let outcome = match kind {
            Kinds::NUMBER => {
                let schemas = self.plain_rules(case);
                match Numbers::of(&schemas, &case.facts, &self.arena.values).find() {
                    numbers::Found::Number(number) => Outcome::Found(self.arena.values.add(Value::Number(number))),
                    numbers::Found::Nothing => Outcome::NOTHING,
                    numbers::Found::Unknown(keyword, why) => self.doubt(case, keyword, why),
                }
            }
            Kinds::TEXT => {
                let schemas = self.plain_rules(case);
                let texts = Texts::of(&schemas, &case.facts, &self.arena.values);
                if texts.is_guess(&self.arena.values) {
                    let (node, why) =
                        (case.no.first().or(case.yes.first()).copied().unwrap_or(TRUE), "the format is not known");
                    self.left_out.get_or_insert(Doubt { keyword: "format", why, node, lasting: true });
                }
                match texts.find(&self.arena.patterns, &self.arena.values, &mut self.work) {
                    text::Found::Text(text) => Outcome::Found(self.arena.values.add_text(&text)),
                    text::Found::Nothing => Outcome::NOTHING,
                    text::Found::Unknown(keyword, why) => self.doubt(case, keyword, why),
                }
            }
            Kinds::ARRAY => self.arrays(case),
            _ => self.objects(case),
        };
        let undecided = case.facts.iter().find_map(|fact| match fact {
            Fact::Undecided(node) => Some(*node),
            _ => None,
        });
        match (outcome, undecided) {
            (Outcome::Empty(support), _) => Outcome::Empty(support.min(case.support())),
            (Outcome::Found(_), Some(node)) => {
                let keyword = self.keyword_of(node);
                Outcome::Unknown(Doubt { keyword, why: UNSUPPORTED, node, lasting: true })
            }
            (outcome, _) => outcome,
        }
    }

    /// Compares each set to leave with those that the value is in: some cannot be left, and some it is never in.
    fn weigh(&mut self, kind: Kinds, case: &mut Case) -> Weighed {
        if case.leaving.len() > 1 && case.compared != case.yes.len() {
            case.compared = case.yes.len();
            let base: Vec<NodeId> = case.yes.clone().into_iter().map(|node| self.bare(node)).collect();
            for (node, ways) in std::mem::take(&mut case.leaving) {
                match self.solve(base.clone(), vec![node]) {
                    Outcome::Empty(support) => return Weighed::Settled(Outcome::Empty(support.min(case.support()))),
                    outcome @ Outcome::Unknown(_) if self.work.is_spent() => return Weighed::Settled(outcome),
                    _ => {}
                }
                let both = base.iter().copied().chain([node]).collect();
                match self.solve(both, Vec::new()) {
                    Outcome::Empty(support) => case.rests_on(support),
                    _ => case.leaving.push((node, ways)),
                }
            }
        }
        let rules = if kind == Kinds::OBJECT { self.object_rules(case) } else { Vec::new() };
        let mut changed = false;
        let mut at = 0;
        'sets: while at < case.leaving.len() {
            let ways = case.leaving[at].1.clone();
            let before = ways.len();
            let alone = case.leaving.len() == 1 && case.choices.is_empty();
            let mut kept = Vec::with_capacity(before);
            for way in ways.iter() {
                let prospect = match way {
                    Way::Fact(fact) if kind == Kinds::OBJECT => self.object_prospect(case, &rules, fact, alone),
                    Way::Fact(fact) => self.array_prospect(case, fact),
                    _ => Prospect::Open,
                };
                match prospect {
                    Prospect::Never(support) => case.rests_on(support),
                    Prospect::Always(support) => {
                        case.rests_on(support);
                        case.leaving.swap_remove(at);
                        changed = true;
                        continue 'sets;
                    }
                    Prospect::Open => kept.push(way.clone()),
                }
            }
            if kept.is_empty() {
                return Weighed::Settled(Outcome::Empty(case.support()));
            }
            changed |= kept.len() == 1;
            if kept.len() < before {
                case.leaving[at].1 = kept.into();
            }
            at += 1;
        }
        if changed { Weighed::Changed } else { Weighed::Same }
    }

    /// A set without the rules that are made of others: those were taken apart, and to ask of them again would be circular.
    fn bare(&mut self, node: NodeId) -> NodeId {
        let Some(schema) = self.arena.schema(node).cloned() else { return node };
        let depends = schema.object.as_ref().is_some_and(|it| !it.dependent_schemas.is_empty());
        if schema.logic.is_none() && !depends {
            return node;
        }
        if let Some(known) = self.bare.get(&node) {
            return *known;
        }
        let mut plain = Schema { logic: None, ..(*schema).clone() };
        if let Some(rules) = &mut plain.object {
            rules.dependent_schemas.clear();
        }
        let origin = self.arena.origin(node);
        let added = self.arena.add(plain, origin);
        let added = self.arena.resolve(added);
        self.bare.insert(node, added);
        added
    }
}

enum Weighed {
    Settled(Outcome),
    Changed,
    Same,
}

/// Whether a way can be gone, by what is known of a case.
pub(super) enum Prospect {
    Never(Support),
    /// It is gone anyway.
    Always(Support),
    Open,
}

/// Goes a way.
fn take(way: Way, case: &mut Case, yes: &mut Vec<NodeId>, no: &mut Vec<NodeId>) {
    match way {
        Way::Fact(fact) => case.facts.push(fact),
        Way::Facts(facts) => case.facts.extend(facts),
        Way::Nodes(more, less) => {
            yes.extend(more);
            no.extend(less);
        }
        Way::Both(facts, more, less) => {
            case.facts.extend(facts);
            yes.extend(more);
            no.extend(less);
        }
        Way::NoneOf(branches) => case.unions.push(branches),
    }
}
