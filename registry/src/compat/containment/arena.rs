//! The nodes of one question, each held once: equal sets of values have one id as far as their text shows it. A reader of schemas
//! builds nodes bottom-up:
//!
//! ```
//! # use isobar_registry::compat::containment::{Arena, Kinds, Schema, Side};
//! let mut arena = Arena::default();
//! let top = arena.origin_of(Side::Writer);
//! let mut name = Schema::of(Kinds::TEXT);
//! name.text_mut().min = 1;
//! let at = arena.keyword(top, "properties");
//! let at = arena.member(at, "name");
//! let name = arena.add(name, at);
//! let mut person = Schema::of(Kinds::OBJECT);
//! let key = arena.values.name("name");
//! person.object_mut().properties.push((key, name));
//! let person = arena.add(person, top);
//! assert_eq!(arena.pointer(at), "/properties/name");
//! # let _ = person;
//! ```
//!
//! A set that contains itself is referred to before it is there: [`Arena::reserve`], and [`Arena::define`] when it is. At the
//! end, and before anything is asked, [`Arena::close`] resolves these references.

use super::{
    pattern::Patterns,
    schema::{Kinds, Schema},
    table::{self, Table},
    value::{Name, Value, Values},
};
use std::sync::Arc;

/// A node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub(super) u32);

/// All values.
pub const TRUE: NodeId = NodeId(0);
/// No value.
pub const FALSE: NodeId = NodeId(1);

/// Whose schema a node is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Of what is written.
    Writer,
    /// Of what is read.
    Reader,
}

/// Where a node is written: a place in one of the two documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin(u32);

#[derive(Clone, Copy, Debug)]
enum Step {
    Top(Side),
    Keyword(&'static str),
    Member(Name),
    Index(u32),
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    True,
    False,
    /// Reserved, and not (yet) defined.
    Hole,
    /// The same set as another node.
    Link(NodeId),
    Schema(Arc<Schema>),
}

/// Nodes, with the values, names and patterns that they refer to.
#[derive(Debug)]
pub struct Arena {
    /// Names of members, and values of enums.
    pub values: Values,
    /// Regular expressions.
    pub patterns: Patterns,
    pub(super) nodes: Vec<Node>,
    /// By node: of which kinds its values can be at most.
    pub(super) kinds: Vec<Kinds>,
    origins: Vec<Origin>,
    ids: Table,
    steps: Vec<(Origin, Step)>,
    holes: usize,
    distinct: usize,
}

impl Default for Arena {
    fn default() -> Self {
        let tops = [Side::Writer, Side::Reader].map(|side| (Origin(side as u32), Step::Top(side)));
        let mut steps = Vec::with_capacity(64);
        steps.extend(tops);
        Arena {
            values: Values::default(),
            patterns: Patterns::default(),
            nodes: vec![Node::True, Node::False],
            kinds: vec![Kinds::ALL, Kinds::NONE],
            origins: vec![Origin(0); 2],
            ids: Table::default(),
            steps,
            holes: 0,
            distinct: 0,
        }
    }
}

impl Arena {
    /// The top of a document.
    pub fn origin_of(&self, side: Side) -> Origin {
        Origin(side as u32)
    }

    fn step(&mut self, at: Origin, step: Step) -> Origin {
        self.steps.push((at, step));
        Origin(self.steps.len() as u32 - 1)
    }

    /// The value of a keyword of the object at `at`.
    pub fn keyword(&mut self, at: Origin, keyword: &'static str) -> Origin {
        self.step(at, Step::Keyword(keyword))
    }

    /// The member `name` of the object at `at`.
    pub fn member(&mut self, at: Origin, name: &str) -> Origin {
        let name = self.values.name(name);
        self.member_named(at, name)
    }

    pub(in crate::compat) fn member_named(&mut self, at: Origin, name: Name) -> Origin {
        self.step(at, Step::Member(name))
    }

    /// An item of the array at `at`.
    pub fn index(&mut self, at: Origin, index: usize) -> Origin {
        self.step(at, Step::Index(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// The JSON pointer of a place in its document: `/properties/name`, and empty for the top.
    pub fn pointer(&self, at: Origin) -> String {
        let mut tokens = Vec::new();
        let mut at = at;
        loop {
            let (before, step) = self.steps[at.0 as usize];
            tokens.push(match step {
                Step::Top(_) => break,
                Step::Keyword(keyword) => keyword.to_owned(),
                Step::Member(name) => self.values.text(name).replace('~', "~0").replace('/', "~1"),
                Step::Index(index) => index.to_string(),
            });
            at = before;
        }
        tokens.iter().rev().flat_map(|token| ["/", token]).collect()
    }

    /// In which document a place is.
    pub fn side(&self, at: Origin) -> Side {
        let mut at = at;
        loop {
            match self.steps[at.0 as usize] {
                (_, Step::Top(side)) => return side,
                (before, _) => at = before,
            }
        }
    }

    /// Where a node is written; where equal ones stand in several places, the first of them that was added.
    pub fn origin(&self, node: NodeId) -> Origin {
        self.origins[node.0 as usize]
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none but [`TRUE`] and [`FALSE`].
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 2
    }

    /// A node whose set of values is said later. Only a set that contains itself needs it: everything is the faster
    /// without.
    pub fn reserve(&mut self, origin: Origin) -> NodeId {
        self.holes += 1;
        self.push(Node::Hole, Kinds::ALL, origin)
    }

    /// Says that a reserved node is the same set as another one (which may be reserved as well).
    pub fn define(&mut self, hole: NodeId, same: NodeId) {
        if let Node::Hole = self.nodes[hole.0 as usize] {
            self.nodes[hole.0 as usize] = Node::Link(same);
        }
    }

    /// Whether a set contains itself, so that [`Arena::close`] changes nodes.
    pub(in crate::compat) fn has_holes(&self) -> bool {
        self.holes > 0
    }

    fn push(&mut self, node: Node, kinds: Kinds, origin: Origin) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.kinds.push(kinds);
        self.origins.push(origin);
        id
    }

    /// The node of a set of values, written at `origin`. Lists may come in any order and with duplicates; what says nothing is
    /// dropped, so that [`TRUE`], [`FALSE`] and a single `all` come back as themselves.
    pub fn add(&mut self, mut schema: Schema, origin: Origin) -> NodeId {
        if let Some(it) = &mut schema.unsupported
            && it.identity.is_none()
        {
            self.distinct += 1;
            let text = format!("unsupported {}", self.distinct);
            let lone = self.values.add_text(&text);
            it.identity = Some(self.values.add(Value::Array([lone].into())));
        }
        self.tidy(&mut schema);
        if schema == Schema::default() {
            return TRUE;
        }
        if let Some(same) = only_link(&schema) {
            return same;
        }
        let kinds = self.kinds_of(&schema);
        if kinds.is_none() {
            return FALSE;
        }
        let hash = table::hash(&schema);
        let same = |id: u32| matches!(&self.nodes[id as usize], Node::Schema(it) if **it == schema);
        if let Some(id) = self.ids.find(hash, same) {
            return NodeId(id);
        }
        let id = self.push(Node::Schema(Arc::new(schema)), kinds, origin);
        self.ids.insert(hash, id.0);
        id
    }

    /// One value alone.
    pub fn only(&mut self, value: super::value::ValueId, origin: Origin) -> NodeId {
        let mut schema = Schema::default();
        schema.allow_only([value]);
        self.add(schema, origin)
    }

    pub(super) fn kinds_of_value(&self, value: super::value::ValueId) -> Kinds {
        match self.values.get(value) {
            Value::Null => Kinds::NULL,
            Value::Bool(_) => Kinds::BOOL,
            Value::Number(_) | Value::Huge(_) => Kinds::NUMBER,
            Value::Text(_) => Kinds::TEXT,
            Value::Array(_) => Kinds::ARRAY,
            Value::Object(_) => Kinds::OBJECT,
        }
    }

    /// Of which kinds the values of a schema can be at most.
    pub(super) fn kinds_of(&self, schema: &Schema) -> Kinds {
        let of = |node: &NodeId| self.kinds[node.0 as usize];
        let either = |nodes: &[NodeId]| nodes.iter().map(of).fold(Kinds::NONE, Kinds::or);
        let mut kinds = schema.kinds;
        if let Some(values) = &schema.allowed {
            let values = values.iter().map(|value| self.kinds_of_value(*value));
            kinds = kinds.and(values.fold(Kinds::NONE, Kinds::or));
        }
        if let Some(logic) = &schema.logic {
            kinds = logic.all.iter().map(of).fold(kinds, Kinds::and);
            kinds = logic.any.iter().chain(&logic.one).map(|nodes| either(nodes)).fold(kinds, Kinds::and);
            if logic.not.contains(&TRUE) {
                kinds = Kinds::NONE;
            }
        }
        kinds
    }

    /// Whether a node says nothing but of which kinds its values are.
    pub(super) fn says_kinds_only(&self, node: NodeId) -> bool {
        self.schema(node).is_some_and(|schema| {
            let Schema { kinds: _, allowed, logic, number, text, array, object, unsupported } = &**schema;
            allowed.is_none()
                && logic.is_none()
                && unsupported.is_none()
                && number.is_none()
                && text.is_none()
                && array.is_none()
                && object.is_none()
        })
    }

    /// Follows links.
    pub(super) fn resolve(&self, mut node: NodeId) -> NodeId {
        while let Node::Link(same) = self.nodes[node.0 as usize] {
            node = same;
        }
        node
    }

    /// The rules of a node; `None` for [`TRUE`] and [`FALSE`].
    pub(super) fn schema(&self, node: NodeId) -> Option<&Arc<Schema>> {
        match &self.nodes[node.0 as usize] {
            Node::Schema(schema) => Some(schema),
            _ => None,
        }
    }
}

/// The one node that a schema is equal to, if it says nothing else.
fn only_link(schema: &Schema) -> Option<NodeId> {
    let logic = schema.logic.as_deref()?;
    let [same] = logic.all[..] else { return None };
    let Schema { kinds, allowed, logic: _, number, text, array, object, unsupported } = schema;
    let bare = *kinds == Kinds::ALL
        && allowed.is_none()
        && number.is_none()
        && text.is_none()
        && array.is_none()
        && object.is_none()
        && unsupported.is_none();
    let lone = logic.any.is_empty() && logic.one.is_empty() && logic.not.is_empty() && logic.conditions.is_empty();
    (bare && lone).then_some(same)
}
