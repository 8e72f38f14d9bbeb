//! Shapes as sets of JSON values: what a producer of a shape writes, and what a consumer of it reads. A producer's records hold just
//! their fields, a consumer's hold any others too. A consumer's set is the one that the emitted JSON Schema accepts.

use super::scalar::scalar;
use crate::compat::containment::{Arena, FALSE, Kinds, NodeId, ObjectRules, Origin, Schema, Side, TRUE};
use isobar_model::{
    Field, Presence, Shape, ShapeKind, TypeName, Types,
    shape::{Enum, Union},
};
use rustc_hash::FxHashMap;

/// So deep named types are followed one inside another before the rest waits for its turn.
const DEPTH: usize = 60;

/// A named type, or as a branch of a union: then with the tag and its value.
type Key<'a> = (&'a TypeName, Option<(&'a str, &'a str)>);

/// Builds one side.
pub(super) struct Lower<'a> {
    types: &'a Types,
    side: Side,
    /// Types that are built or reserved.
    known: FxHashMap<Key<'a>, NodeId>,
    /// Types that are being built, with what was reserved for them.
    open: FxHashMap<Key<'a>, Option<NodeId>>,
    /// Types that were too deep: what was reserved for them is defined later.
    waiting: Vec<(Key<'a>, NodeId)>,
    depth: usize,
}

impl<'a> Lower<'a> {
    pub(super) fn new(types: &'a Types, side: Side) -> Self {
        let (known, open) = Default::default();
        Lower { types, side, known, open, waiting: Vec::new(), depth: 0 }
    }

    /// The payloads of a message.
    pub(super) fn message(&mut self, arena: &mut Arena, fields: &'a [Field]) -> NodeId {
        let top = arena.origin_of(self.side);
        let node = self.record(arena, fields, None, top);
        let node = arena.add(node, top);
        while let Some((key, hole)) = self.waiting.pop() {
            let built = self.build(arena, key, top);
            arena.define(hole, built);
        }
        node
    }

    fn record(&mut self, arena: &mut Arena, fields: &'a [Field], tag: Option<(&str, &str)>, at: Origin) -> Schema {
        let mut rules = ObjectRules::default();
        rules.properties.reserve_exact(fields.len() + usize::from(tag.is_some()));
        rules.required.reserve_exact(fields.len() + usize::from(tag.is_some()));
        for field in fields {
            let name = arena.values.name(field.wire_name());
            let inner = arena.member_named(at, name);
            let node = self.field(arena, field, inner);
            rules.properties.push((name, node));
            let written = self.side == Side::Writer && field.presence != Presence::Optional;
            if field.presence == Presence::Required || written {
                rules.required.push(name);
            }
        }
        if let Some((tag, value)) = tag {
            let (name, value) = (arena.values.name(tag), arena.values.add_text(value));
            let only = arena.only(value, at);
            rules.properties.push((name, only));
            rules.required.push(name);
        }
        if self.side == Side::Writer {
            rules.others = Some(FALSE);
        }
        Schema { object: Some(Box::new(rules)), ..Schema::of(Kinds::OBJECT) }
    }

    /// A field's values where it is there.
    pub(super) fn field(&mut self, arena: &mut Arena, field: &'a Field, at: Origin) -> NodeId {
        if field.presence != Presence::Optional {
            return self.shape(arena, &field.shape, at);
        }
        if self.side == Side::Reader {
            return self.nullable(arena, &field.shape, at);
        }
        let node = self.shape(arena, &field.shape, at);
        // Of all shapes only `json` holds `null`, and `null` is never written.
        let json =
            matches!(&self.types.resolve(&field.shape).kind, ShapeKind::Scalar(isobar_model::shape::Scalar::Json));
        if !json {
            return node;
        }
        let null = arena.add(Schema::of(Kinds::NULL), at);
        let mut out = Schema::default();
        out.logic_mut().all.push(node);
        out.logic_mut().not.push(null);
        arena.add(out, at)
    }

    /// The values of a shape, and `null`.
    fn nullable(&mut self, arena: &mut Arena, shape: &'a Shape, at: Origin) -> NodeId {
        if let Some(mut schema) = self.plain(arena, shape, at) {
            schema.kinds = schema.kinds.or(Kinds::NULL);
            if let Some(allowed) = &schema.allowed {
                let null = arena.values.from_json(&serde_json::Value::Null);
                let mut values = allowed.to_vec();
                values.push(null);
                schema.allowed = None;
                schema.allow_only(values);
            }
            return arena.add(schema, at);
        }
        let node = self.shape(arena, shape, at);
        let null = arena.add(Schema::of(Kinds::NULL), at);
        let mut out = Schema::default();
        out.logic_mut().any.push(vec![node, null]);
        arena.add(out, at)
    }

    pub(super) fn shape(&mut self, arena: &mut Arena, shape: &'a Shape, at: Origin) -> NodeId {
        match (&shape.kind, self.plain(arena, shape, at)) {
            (_, Some(schema)) => arena.add(schema, at),
            (ShapeKind::Union(union), None) => self.union(arena, union, at),
            (ShapeKind::Ref(name), None) => match self.types.0.get_key_value(name) {
                Some((name, _)) => self.named(arena, (name, None), at),
                // The model was not read without errors: nothing is known.
                None => TRUE,
            },
            _ => TRUE,
        }
    }

    /// A shape that is no reference and no choice, as a conjunction of rules. Rules are about one kind only, so that another
    /// kind can be added.
    fn plain(&mut self, arena: &mut Arena, shape: &'a Shape, at: Origin) -> Option<Schema> {
        let bounds = &shape.bounds;
        Some(match &shape.kind {
            ShapeKind::Scalar(kind) => scalar(arena, kind, bounds, at),
            ShapeKind::List(item) | ShapeKind::Set(item) => {
                let inner = arena.keyword(at, "[]");
                let item = self.shape(arena, item, inner);
                let mut out = Schema::of(Kinds::ARRAY);
                let rules = out.array_mut();
                rules.items = Some(item);
                rules.unique = matches!(shape.kind, ShapeKind::Set(_));
                (rules.min, rules.max) = (bounds.min_length.unwrap_or(0), bounds.max_length);
                out
            }
            ShapeKind::Map(item) => {
                let inner = arena.keyword(at, "{}");
                let item = self.shape(arena, item, inner);
                let mut out = Schema::of(Kinds::OBJECT);
                let rules = out.object_mut();
                rules.others = Some(item);
                (rules.min, rules.max) = (bounds.min_length.unwrap_or(0), bounds.max_length);
                out
            }
            ShapeKind::Record(fields) => self.record(arena, fields, None, at),
            ShapeKind::Enum(it) => enumeration(arena, it),
            ShapeKind::Union(_) | ShapeKind::Ref(_) => return None,
        })
    }

    fn union(&mut self, arena: &mut Arena, union: &'a Union, at: Origin) -> NodeId {
        let mut branches = Vec::new();
        for (value, shape) in &union.branches {
            let inner = arena.member(at, &value.value);
            let tag = Some((union.tag.as_str(), value.value.as_str()));
            branches.push(match &shape.kind {
                ShapeKind::Record(fields) => {
                    let record = self.record(arena, fields, tag, inner);
                    arena.add(record, inner)
                }
                ShapeKind::Ref(name) => match self.types.0.get_key_value(name) {
                    Some((name, _)) => self.named(arena, (name, tag), inner),
                    None => TRUE,
                },
                // Branches are records, as lowering has it.
                _ => TRUE,
            });
        }
        let mut out = Schema::default();
        out.logic_mut().one.push(branches);
        arena.add(out, at)
    }

    /// A named type: built once, and referred to where it is inside of itself.
    fn named(&mut self, arena: &mut Arena, key: Key<'a>, at: Origin) -> NodeId {
        if let Some(node) = self.known.get(&key) {
            return *node;
        }
        if let Some(reserved) = self.open.get_mut(&key) {
            return *reserved.get_or_insert_with(|| arena.reserve(at));
        }
        if self.depth >= DEPTH {
            let hole = arena.reserve(at);
            self.known.insert(key, hole);
            self.waiting.push((key, hole));
            return hole;
        }
        let node = self.build(arena, key, at);
        self.known.insert(key, node);
        node
    }

    fn build(&mut self, arena: &mut Arena, key: Key<'a>, at: Origin) -> NodeId {
        let (name, tag) = key;
        let Some(def) = self.types.get(name) else { return TRUE };
        self.open.insert(key, None);
        self.depth += 1;
        let node = match (&self.types.resolve(&def.shape).kind, tag) {
            (ShapeKind::Record(fields), Some(_)) => {
                let record = self.record(arena, fields, tag, at);
                arena.add(record, at)
            }
            _ => self.shape(arena, &def.shape, at),
        };
        self.depth -= 1;
        if let Some(Some(reserved)) = self.open.remove(&key) {
            arena.define(reserved, node);
        }
        node
    }
}

fn enumeration(arena: &mut Arena, it: &Enum) -> Schema {
    let mut out = Schema::of(Kinds::TEXT);
    if !it.open {
        let values: Vec<_> = it.values.iter().map(|value| arena.values.add_text(&value.value)).collect();
        out.allow_only(values);
    }
    out
}
