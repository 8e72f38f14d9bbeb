//! References of sets that contain themselves: resolved, checked, and merged where they mean the same. Two nodes are merged if
//! no path through them ever shows a difference, so that equal recursive schemas have one id as plain ones do.

use super::{
    arena::{Arena, FALSE, Node, NodeId, TRUE},
    schema::{Kinds, Schema, Unsupported},
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The most rounds of telling nodes apart, each a step further away from them.
const ROUNDS: usize = 100;

impl Arena {
    /// Resolves what was reserved, and `roots` with it. A node that is defined by nothing but itself (`$ref` in a circle without
    /// a member or item between) means nothing to a validator: it becomes `unsupported`. A reserved node that was never defined
    /// is one, too.
    pub fn close(&mut self, roots: &mut [NodeId]) {
        if !self.has_holes() {
            return;
        }
        self.settle_links();
        self.cut_circles();
        self.merge(roots);
    }

    /// Makes every link point to a schema, and links in a circle unsupported schemas.
    fn settle_links(&mut self) {
        for at in 2..self.nodes.len() {
            let mut to = NodeId(at as u32);
            let mut steps = 0;
            while let Node::Link(same) = self.nodes[to.0 as usize] {
                to = same;
                steps += 1;
                if steps > self.nodes.len() {
                    break;
                }
            }
            match self.nodes[to.0 as usize] {
                Node::Link(_) | Node::Hole => self.undecide(NodeId(at as u32)),
                _ if to.0 as usize != at => self.nodes[at] = Node::Link(to),
                _ => {}
            }
        }
    }

    /// Nothing is known of the node any more.
    fn undecide(&mut self, node: NodeId) {
        let text = format!("circle {}", node.0);
        let identity = self.values.add_text(&text);
        let unsupported = Some(Unsupported { keyword: "$ref", identity: Some(identity) });
        self.nodes[node.0 as usize] = Node::Schema(Arc::new(Schema { unsupported, ..Schema::default() }));
    }

    /// Finds nodes that lead to themselves without a member or item between, and makes nothing known of them.
    fn cut_circles(&mut self) {
        // 0: not seen, 1: on the way, 2: done.
        let mut marks = vec![0u8; self.nodes.len()];
        for at in 2..self.nodes.len() as u32 {
            let mut way = vec![(NodeId(at), false)];
            while let Some((node, leave)) = way.pop() {
                let mark = &mut marks[node.0 as usize];
                match (leave, *mark) {
                    (true, _) => *mark = 2,
                    (false, 0) => {
                        *mark = 1;
                        way.push((node, true));
                        let below = self.in_place(node);
                        if below.iter().any(|it| marks[it.0 as usize] == 1) {
                            self.undecide(node);
                            continue;
                        }
                        way.extend(below.into_iter().map(|it| (it, false)));
                    }
                    _ => {}
                }
            }
        }
    }

    /// The nodes that a node judges the same value by.
    fn in_place(&self, node: NodeId) -> Vec<NodeId> {
        let node = self.resolve(node);
        let Some(schema) = self.schema(node) else { return Vec::new() };
        let mut out = Vec::new();
        if let Some(logic) = &schema.logic {
            out.extend(logic.all.iter().chain(logic.any.iter().flatten()));
            out.extend(logic.one.iter().flatten().chain(&logic.not));
            out.extend(logic.conditions.iter().flat_map(|(a, b, c)| [a, b, c]));
        }
        out.extend(schema.object.iter().flat_map(|rules| &rules.dependent_schemas).map(|(_, node)| *node));
        out.into_iter().map(|node| self.resolve(node)).filter(|node| *node > FALSE).collect()
    }

    /// The coarsest classes of nodes that no path tells apart; each class keeps its first node. Where it takes too many rounds
    /// to tell all apart, nothing is merged, which costs time later and no truth.
    fn merge(&mut self, roots: &mut [NodeId]) {
        let count = self.nodes.len();
        let target: Vec<NodeId> = (0..count as u32).map(|at| self.resolve(NodeId(at))).collect();
        let mut class: Vec<u32> = target.iter().map(|to| to.0.min(2)).collect();
        let mut classes = 0;
        for round in 0.. {
            if round == ROUNDS {
                class = target.iter().map(|to| to.0).collect();
                break;
            }
            let mut known: FxHashMap<Schema, u32> = FxHashMap::default();
            let mut next = class.clone();
            for (node, next) in self.nodes.iter().zip(&mut next) {
                if let Node::Schema(schema) = node {
                    let shown = renamed(schema, &|node| NodeId(class[node.0 as usize]));
                    let fresh = known.len() as u32 + 2;
                    *next = *known.entry(shown).or_insert(fresh);
                }
            }
            class = target.iter().map(|to| next[to.0 as usize]).collect();
            if known.len() == classes {
                break;
            }
            classes = known.len();
        }
        let mut first: FxHashMap<u32, NodeId> = FxHashMap::from_iter([(0, TRUE), (1, FALSE)]);
        for (at, (node, class)) in self.nodes.iter().zip(&class).enumerate() {
            if let Node::Schema(_) = node {
                first.entry(*class).or_insert(NodeId(at as u32));
            }
        }
        let kept = |node: NodeId| first.get(&class[node.0 as usize]).copied().unwrap_or(node);
        for at in 2..count {
            let id = NodeId(at as u32);
            self.nodes[at] = match &self.nodes[at] {
                Node::Schema(schema) if kept(id) == id => {
                    let mut schema = renamed(schema, &kept);
                    self.tidy(&mut schema);
                    Node::Schema(Arc::new(schema))
                }
                _ => Node::Link(kept(id)),
            };
        }
        for root in roots {
            *root = kept(*root);
        }
        self.learn_kinds();
    }

    /// Of which kinds the values of each node can be, now that every node is there.
    fn learn_kinds(&mut self) {
        self.kinds.iter_mut().skip(2).for_each(|kinds| *kinds = Kinds::ALL);
        // Each round only takes kinds away; two of them see most.
        for _ in 0..2 {
            for at in 2..self.nodes.len() {
                self.kinds[at] = match &self.nodes[at] {
                    Node::Schema(schema) => self.kinds_of(&schema.clone()),
                    _ => self.kinds[self.resolve(NodeId(at as u32)).0 as usize],
                };
            }
        }
    }
}

/// The schema with every node as `to` names it.
fn renamed(schema: &Schema, to: &dyn Fn(NodeId) -> NodeId) -> Schema {
    let mut out = schema.clone();
    let each = |nodes: &mut Vec<NodeId>| nodes.iter_mut().for_each(|node| *node = to(*node));
    if let Some(logic) = &mut out.logic {
        each(&mut logic.all);
        each(&mut logic.not);
        logic.any.iter_mut().chain(&mut logic.one).for_each(|nodes| {
            each(nodes);
            nodes.sort_unstable();
        });
        for (a, b, c) in &mut logic.conditions {
            (*a, *b, *c) = (to(*a), to(*b), to(*c));
        }
    }
    if let Some(array) = &mut out.array {
        each(&mut array.prefix);
        array.items = array.items.map(to);
        array.contains.iter_mut().for_each(|it| it.node = to(it.node));
    }
    if let Some(object) = &mut out.object {
        object.properties.iter_mut().for_each(|(_, node)| *node = to(*node));
        object.patterns.iter_mut().for_each(|(_, node)| *node = to(*node));
        object.dependent_schemas.iter_mut().for_each(|(_, node)| *node = to(*node));
        object.others = object.others.map(to);
        object.names = object.names.map(to);
    }
    out
}
