//! The ways in which a value can be outside of a set: one for each rule that it can break.

use super::{
    arena::{NodeId, TRUE},
    pattern::PatternId,
    schema::{ArrayRules, Kinds, Limit, Logic, NumberRules, ObjectRules, Schema, TextRules},
    solve::Solver,
    tableau::{Fact, Way},
    value::{Name, ValueId},
};

/// So many sets that the value is in are compared rule by rule.
const FEW: usize = 4;

/// Whether something is true of the rules of a set that the value is in.
type Held<'a> = dyn Fn(&dyn Fn(&Schema) -> bool) -> bool + 'a;

impl Solver<'_> {
    /// How a value of a kind, which is in all of some sets, can be outside of another one; `None` if it is in any case. Rules that
    /// those sets have as well cannot be broken.
    pub(super) fn ways_out(&mut self, kind: Kinds, node: NodeId, inside: &[NodeId]) -> Option<Vec<Way>> {
        let schema = self.arena.schema(node)?.clone();
        if !schema.kinds.has(kind) {
            return None;
        }
        let mut out = Vec::new();
        let of_one = |test: &dyn Fn(&Schema) -> bool| {
            inside.iter().take(FEW).any(|it| self.arena.schema(*it).is_some_and(|it| test(it)))
        };
        let held: &Held<'_> = &of_one;
        let mut fact = |fact: Fact| out.push(Way::Fact(fact));
        if let Some(allowed) = &schema.allowed {
            let of_kind = |value: &ValueId| self.arena.kinds_of_value(*value) == kind;
            fact(Fact::NotAmong(allowed.iter().copied().filter(of_kind).collect()));
        }
        match kind {
            Kinds::NUMBER => schema.number.iter().for_each(|rules| number(rules, held, &mut fact)),
            Kinds::TEXT => schema.text.iter().for_each(|rules| text(rules, held, &mut fact)),
            Kinds::ARRAY => schema.array.iter().for_each(|rules| array(rules, held, &mut fact)),
            Kinds::OBJECT => {
                if let Some(rules) = &schema.object {
                    object(rules, held, &mut fact);
                    if let Some(others) = rules.others {
                        fact(Fact::OtherNot(schema.clone(), others));
                    }
                    dependencies(rules, &mut out);
                }
            }
            _ => {}
        }
        if let Some(rules) = &schema.logic {
            self.ways_out_of_logic(kind, rules, &mut out);
        }
        if schema.unsupported.is_some() {
            out.push(Way::Fact(Fact::Undecided(node)));
        }
        Some(out)
    }

    fn ways_out_of_logic(&mut self, kind: Kinds, rules: &Logic, out: &mut Vec<Way>) {
        let nodes = |yes: &[NodeId], no: &[NodeId]| Way::Nodes(yes.to_vec(), no.to_vec());
        out.extend(rules.all.iter().map(|node| nodes(&[], &[*node])));
        out.extend(rules.not.iter().map(|node| nodes(&[*node], &[])));
        for branches in &rules.any {
            out.push(Way::NoneOf(self.of_this_kind(branches, kind).into()));
        }
        for branches in &rules.one {
            let branches = self.of_this_kind(branches, kind);
            if !(kind == Kinds::OBJECT && self.tags(&branches).is_some_and(|tags| tags.exclusive)) {
                for (at, one) in branches.iter().enumerate() {
                    out.extend(branches[at + 1..].iter().map(|other| nodes(&[*one, *other], &[])));
                }
            }
            out.push(Way::NoneOf(branches.into()));
        }
        for (condition, then, otherwise) in &rules.conditions {
            out.push(nodes(&[*condition], &[*then]));
            out.push(nodes(&[], &[*condition, *otherwise]));
        }
    }
}

fn number(rules: &NumberRules, held: &Held<'_>, fact: &mut impl FnMut(Fact)) {
    if rules.integer && !held(&|it| it.number.as_ref().is_some_and(|it| it.integer)) {
        fact(Fact::NotMultiple(super::number::Number::ONE));
    }
    rules.multiples.iter().for_each(|step| fact(Fact::NotMultiple(*step)));
    let other_side = |limit: Limit| Limit { exclusive: !limit.exclusive, ..limit };
    rules.max.into_iter().for_each(|max| fact(Fact::Above(other_side(max))));
    rules.min.into_iter().for_each(|min| fact(Fact::Below(other_side(min))));
}

fn text(rules: &TextRules, held: &Held<'_>, fact: &mut impl FnMut(Fact)) {
    if rules.min > 0 {
        fact(Fact::Shorter(rules.min));
    }
    rules.max.into_iter().for_each(|max| fact(Fact::Longer(max)));
    let has = |pattern| held(&|it| it.text.as_ref().is_some_and(|it| it.patterns.contains(pattern)));
    rules.patterns.iter().filter(|it| !has(it)).for_each(|pattern| fact(Fact::NotPattern(*pattern)));
    let has = |format| held(&|it| it.text.as_ref().is_some_and(|it| it.formats.contains(format)));
    rules.formats.iter().filter(|it| !has(it)).for_each(|format| fact(Fact::NotFormat(*format)));
}

fn array(rules: &ArrayRules, held: &Held<'_>, fact: &mut impl FnMut(Fact)) {
    let is = |at, node| held(&|it| it.array.as_ref().is_some_and(|it| it.prefix.get(at) == Some(node)));
    let prefix = rules.prefix.iter().enumerate().filter(|(at, node)| **node != TRUE && !is(*at, *node));
    prefix.for_each(|(at, node)| fact(Fact::ItemNot(at, *node)));
    let from = rules.prefix.len();
    let are = |node| held(&|it| it.array.as_ref().is_some_and(|it| it.items == Some(node) && it.prefix.len() <= from));
    rules.items.into_iter().filter(|it| !are(*it)).for_each(|node| fact(Fact::LaterItemNot(from, node)));
    if rules.min > 0 {
        fact(Fact::FewerItems(rules.min));
    }
    rules.max.into_iter().for_each(|max| fact(Fact::MoreItems(max)));
    if rules.unique {
        fact(Fact::Repeats);
    }
    for it in &rules.contains {
        if it.min > 0 {
            fact(Fact::FewerIn(it.node, it.min));
        }
        it.max.into_iter().for_each(|max| fact(Fact::MoreIn(it.node, max)));
    }
}

fn object(rules: &ObjectRules, held: &Held<'_>, fact: &mut impl FnMut(Fact)) {
    let of = |test: &dyn Fn(&ObjectRules) -> bool| held(&|it| it.object.as_ref().is_some_and(|it| test(it)));
    let there = |name: &Name| of(&|it| it.required.binary_search(name).is_ok());
    rules.required.iter().filter(|it| !there(it)).for_each(|name| fact(Fact::Absent(*name)));
    let is = |rule: &(Name, NodeId)| of(&|it| it.properties.binary_search(rule).is_ok());
    let properties = rules.properties.iter().filter(|it| it.1 != TRUE && !is(it));
    properties.for_each(|(name, node)| fact(Fact::MemberNot(*name, *node)));
    let is = |rule: &(PatternId, NodeId)| of(&|it| it.patterns.contains(rule));
    let patterns = rules.patterns.iter().filter(|it| it.1 != TRUE && !is(it));
    patterns.for_each(|(pattern, node)| fact(Fact::MatchedNot(*pattern, *node)));
    rules.names.into_iter().for_each(|node| fact(Fact::NameNot(node)));
    if rules.min > 0 {
        fact(Fact::FewerMembers(rules.min));
    }
    rules.max.into_iter().for_each(|max| fact(Fact::MoreMembers(max)));
}

fn dependencies(rules: &ObjectRules, out: &mut Vec<Way>) {
    for (name, others) in &rules.dependent_required {
        out.extend(others.iter().map(|other| Way::Facts(vec![Fact::Present(*name), Fact::Absent(*other)])));
    }
    for (name, node) in &rules.dependent_schemas {
        out.push(Way::Both(vec![Fact::Present(*name)], Vec::new(), vec![*node]));
    }
}
