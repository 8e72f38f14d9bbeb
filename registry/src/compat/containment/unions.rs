//! Alternatives that a member tells apart: where every branch requires it and allows few values, the value says which branches come
//! into question, so that two unions are compared branch by branch and not each with each.

use super::{
    arena::NodeId,
    schema::Kinds,
    solve::Solver,
    value::{Name, ValueId},
};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The member that tells branches apart.
#[derive(Debug)]
pub(super) struct Tags {
    pub(super) tag: Name,
    branches: FxHashMap<ValueId, Vec<NodeId>>,
    /// Whether no value is of two branches.
    pub(super) exclusive: bool,
}

impl Tags {
    /// The branches that may hold an object with one of these values of the tag.
    pub(super) fn of(&self, values: &[ValueId]) -> Vec<NodeId> {
        let mut out: Vec<NodeId> =
            values.iter().filter_map(|value| self.branches.get(value)).flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

impl Solver<'_> {
    /// Those of the branches that may hold values of a kind.
    pub(super) fn of_this_kind(&self, branches: &[NodeId], kind: Kinds) -> Vec<NodeId> {
        branches.iter().copied().filter(|node| self.arena.kinds[node.0 as usize].has(kind)).collect()
    }

    /// What tells the branches apart as objects, if anything does.
    pub(super) fn tags(&mut self, branches: &[NodeId]) -> Option<Rc<Tags>> {
        if branches.len() < 2 {
            return None;
        }
        if let Some(known) = self.tags.get(branches) {
            return known.clone();
        }
        let found = self.find_tags(branches).map(Rc::new);
        self.tags.insert(branches.into(), found.clone());
        found
    }

    fn find_tags(&self, branches: &[NodeId]) -> Option<Tags> {
        let mut first = Vec::new();
        self.tag_values(branches[0], 0, &mut first);
        let mut best: Option<Tags> = None;
        for (tag, _) in first {
            let mut found = Tags { tag, branches: FxHashMap::default(), exclusive: true };
            let all = branches.iter().all(|branch| {
                let mut known = Vec::new();
                self.tag_values(*branch, 0, &mut known);
                let Some((_, values)) = known.into_iter().find(|(name, _)| *name == tag) else { return false };
                for value in values.iter() {
                    let entry = found.branches.entry(*value).or_default();
                    found.exclusive &= entry.is_empty();
                    entry.push(*branch);
                }
                true
            });
            if all && (found.exclusive || best.is_none()) {
                let exclusive = found.exclusive;
                best = Some(found);
                if exclusive {
                    break;
                }
            }
        }
        best.filter(|tags| tags.exclusive || tags.branches.len() > 1)
    }

    /// Members that an object of the branch must have, with the few values that they can have.
    fn tag_values(&self, branch: NodeId, depth: usize, out: &mut Vec<(Name, Rc<[ValueId]>)>) {
        let Some(schema) = self.arena.schema(branch) else { return };
        if let Some(rules) = &schema.object {
            for (name, node) in &rules.properties {
                if rules.required.binary_search(name).is_ok()
                    && let Some(allowed) = self.arena.schema(*node).and_then(|schema| schema.allowed.as_deref())
                {
                    out.push((*name, allowed.into()));
                }
            }
        }
        if let Some(logic) = schema.logic.as_deref().filter(|_| depth < 4) {
            logic.all.iter().for_each(|node| self.tag_values(*node, depth + 1, out));
        }
    }
}
