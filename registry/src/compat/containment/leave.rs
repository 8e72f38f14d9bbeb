//! The ways in which a value can be outside of a set: one for each rule that it can break.

use super::{
    arena::{NodeId, TRUE},
    schema::{ArrayRules, Kinds, Limit, Logic, NumberRules, ObjectRules, TextRules},
    solve::Solver,
    tableau::{Fact, Way},
    value::ValueId,
};

impl Solver<'_> {
    /// How a value of a kind can be outside of a set; `None` if it is in any case.
    pub(super) fn ways_out(&mut self, kind: Kinds, node: NodeId) -> Option<Vec<Way>> {
        let schema = self.arena.schema(node)?.clone();
        if !schema.kinds.has(kind) {
            return None;
        }
        let mut out = Vec::new();
        let mut fact = |fact: Fact| out.push(Way::Fact(fact));
        if let Some(allowed) = &schema.allowed {
            let of_kind = |value: &ValueId| self.arena.kinds_of_value(*value) == kind;
            fact(Fact::NotAmong(allowed.iter().copied().filter(of_kind).collect()));
        }
        match kind {
            Kinds::NUMBER => schema.number.iter().for_each(|rules| number(rules, &mut fact)),
            Kinds::TEXT => schema.text.iter().for_each(|rules| text(rules, &mut fact)),
            Kinds::ARRAY => schema.array.iter().for_each(|rules| array(rules, &mut fact)),
            Kinds::OBJECT => {
                if let Some(rules) = &schema.object {
                    object(rules, &mut fact);
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

fn number(rules: &NumberRules, fact: &mut impl FnMut(Fact)) {
    if rules.integer {
        fact(Fact::NotMultiple(super::number::Number::ONE));
    }
    rules.multiples.iter().for_each(|step| fact(Fact::NotMultiple(*step)));
    let other_side = |limit: Limit| Limit { exclusive: !limit.exclusive, ..limit };
    rules.max.into_iter().for_each(|max| fact(Fact::Above(other_side(max))));
    rules.min.into_iter().for_each(|min| fact(Fact::Below(other_side(min))));
}

fn text(rules: &TextRules, fact: &mut impl FnMut(Fact)) {
    if rules.min > 0 {
        fact(Fact::Shorter(rules.min));
    }
    rules.max.into_iter().for_each(|max| fact(Fact::Longer(max)));
    rules.patterns.iter().for_each(|pattern| fact(Fact::NotPattern(*pattern)));
    rules.formats.iter().for_each(|format| fact(Fact::NotFormat(*format)));
}

fn array(rules: &ArrayRules, fact: &mut impl FnMut(Fact)) {
    let prefix = rules.prefix.iter().enumerate().filter(|(_, node)| **node != TRUE);
    prefix.for_each(|(at, node)| fact(Fact::ItemNot(at, *node)));
    rules.items.into_iter().for_each(|node| fact(Fact::LaterItemNot(rules.prefix.len(), node)));
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

fn object(rules: &ObjectRules, fact: &mut impl FnMut(Fact)) {
    rules.required.iter().for_each(|name| fact(Fact::Absent(*name)));
    let properties = rules.properties.iter().filter(|(_, node)| *node != TRUE);
    properties.for_each(|(name, node)| fact(Fact::MemberNot(*name, *node)));
    let patterns = rules.patterns.iter().filter(|(_, node)| *node != TRUE);
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
