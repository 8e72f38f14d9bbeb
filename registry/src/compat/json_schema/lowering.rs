//! Schemas to nodes, bottom-up: where references lead, what contains itself, and which way each schema is read. What the
//! keywords of one schema say stands in `assertions`; the ways, in `declared` (what is written) and `ignored` (what is read).

use super::{
    Content, SchemaError,
    applicators::Step,
    document::{Document, Key, Site},
    ignored::Place,
};
use crate::compat::containment::{Arena, FALSE, Name, NodeId, Origin, Schema, Side, TRUE, Unsupported};
use jsonschema::Draft;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::rc::Rc;

/// Schemas within schemas, references followed, at most. Each takes some stack.
pub(super) const DEEPEST: usize = 200;

/// Schemas read in one document, at most, each as often as it is: so that no circle of references takes long.
pub(super) const MOST: usize = 100_000;

/// How a schema is read.
#[derive(Clone, Debug)]
pub(super) enum Way<'r> {
    /// As it says.
    Strict,
    /// As what a producer writes: a value of its own, closed to what is declared.
    Written,
    /// As one of the schemas of a place that a consumer reads.
    Read(Rc<Place<'r>>),
}

/// What names a way, among the ones a schema was read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum WayKey {
    Strict,
    Written,
    Read(usize),
}

/// The target of a reference.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// It is being read; the node stands for it where it contains itself.
    Open(Option<NodeId>),
    /// It was read.
    Done(NodeId),
}

/// Reads one document.
pub(super) struct Lowering<'r, 'x> {
    pub(super) document: &'r Document<'r>,
    pub(super) arena: &'x mut Arena,
    side: Side,
    content: Content,
    targets: FxHashMap<(Key, WayKey), Target>,
    /// What is closed, by the schemas whose value it is.
    pub(super) closed: FxHashMap<Vec<Key>, Target>,
    /// Places that are read, by the schemas whose value they hold.
    pub(super) places: FxHashMap<Vec<Key>, Rc<Place<'r>>>,
    /// The places of values within places.
    pub(super) places_below: FxHashMap<(usize, Step<'r>), Rc<Place<'r>>>,
    pub(super) depth: usize,
    /// Schemas that were read, and alternatives that were looked for.
    pub(super) work: usize,
    pub(super) too_deep: bool,
}

impl<'r, 'x> Lowering<'r, 'x> {
    pub(super) fn new(document: &'r Document<'r>, arena: &'x mut Arena, side: Side, content: Content) -> Self {
        Lowering {
            document,
            arena,
            side,
            content,
            targets: FxHashMap::default(),
            closed: FxHashMap::default(),
            places: FxHashMap::default(),
            places_below: FxHashMap::default(),
            depth: 0,
            work: 0,
            too_deep: false,
        }
    }

    /// The whole document.
    pub(super) fn document(&mut self) -> Result<NodeId, SchemaError> {
        let at = self.arena.origin_of(self.side);
        let top = self.document.top();
        if self.document.draft.is_none() {
            let mut schema = Schema::default();
            self.cannot_say(&mut schema, "$schema", self.document.root);
            return Ok(self.arena.add(schema, at));
        }
        match (self.content, self.side) {
            (Content::Strict, _) => self.target(&top, &Way::Strict, at),
            // Where nothing closes an object, nothing more is ignored.
            (Content::Producer, Side::Reader) if !self.document.closes => self.target(&top, &Way::Strict, at),
            (Content::Producer, Side::Writer) => self.target(&top, &Way::Written, at),
            (Content::Producer, Side::Reader) => self.read_value(vec![(top, at)], at),
        }
    }

    /// A rule that nodes cannot state. Equal ones on both sides are known to be equal.
    pub(super) fn cannot_say(&mut self, schema: &mut Schema, keyword: &'static str, all_that_it_means: &Value) {
        let identity = Some(self.arena.values.from_json(all_that_it_means));
        schema.unsupported.get_or_insert(Unsupported { keyword, identity });
    }

    /// A rule that nodes cannot state, and that is equal to no other.
    pub(super) fn unsayable(&mut self, keyword: &'static str, at: Origin) -> NodeId {
        let unsupported = Some(Unsupported { keyword, identity: None });
        self.arena.add(Schema { unsupported, ..Schema::default() }, at)
    }

    pub(super) fn wrong<T>(&self, at: Origin, message: impl Into<String>) -> Result<T, SchemaError> {
        Err(SchemaError::new(message).at(self.arena.pointer(at)))
    }

    /// Something that may be referred to from elsewhere, or from within itself.
    pub(super) fn target(&mut self, site: &Site<'r>, way: &Way<'r>, at: Origin) -> Result<NodeId, SchemaError> {
        let key = (self.document.key(site), way.key());
        match self.targets.get_mut(&key) {
            Some(Target::Done(node)) | Some(Target::Open(Some(node))) => return Ok(*node),
            Some(Target::Open(hole)) => {
                let node = self.arena.reserve(at);
                *hole = Some(node);
                return Ok(node);
            }
            None => {}
        }
        self.targets.insert(key.clone(), Target::Open(None));
        let mut node = self.lower_here(site, way, at)?;
        if let Some(Target::Open(Some(hole))) = self.targets.get(&key).copied() {
            if node == hole {
                // It refers to itself and to nothing else.
                node = self.unsayable("$ref", at);
            }
            self.arena.define(hole, node);
        }
        self.targets.insert(key, Target::Done(node));
        Ok(node)
    }

    /// A schema where it stands. What is written is read as it says, too, and by every schema around it: once is enough.
    pub(super) fn lower(&mut self, site: &Site<'r>, way: &Way<'r>, at: Origin) -> Result<NodeId, SchemaError> {
        let often = self.content == Content::Producer && self.side == Side::Writer;
        match way {
            Way::Strict if often && site.schema.is_object() => self.target(site, way, at),
            _ => self.lower_here(site, way, at),
        }
    }

    fn lower_here(&mut self, site: &Site<'r>, way: &Way<'r>, at: Origin) -> Result<NodeId, SchemaError> {
        let map = match site.schema {
            Value::Bool(true) => return Ok(TRUE),
            Value::Bool(false) => return Ok(FALSE),
            Value::Object(map) => map,
            other => return self.wrong(at, format!("a schema is an object, `true` or `false`, not `{other}`")),
        };
        if map.is_empty() {
            return Ok(TRUE);
        }
        self.work += 1;
        self.too_deep |= self.depth > DEEPEST;
        if self.depth > DEEPEST || self.work > MOST {
            return Ok(self.unsayable("$ref", at));
        }
        self.depth += 1;
        let node = match way {
            _ if only_reference(site.draft, map) => self.reference(site, map, way, at),
            Way::Strict | Way::Read(_) => self.keywords(site, map, way, at).map(|schema| self.arena.add(schema, at)),
            Way::Written => self.written(site, map, at),
        };
        self.depth -= 1;
        node
    }

    /// What `$ref` leads to.
    pub(super) fn reference(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        let Some((target, origin)) = self.leads_to(site, map, "$ref", at)? else { return Ok(TRUE) };
        self.target(&target, way, origin)
    }

    /// Where a reference leads, and how the place is called there.
    pub(super) fn leads_to(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        keyword: &'static str,
        at: Origin,
    ) -> Result<Option<(Site<'r>, Origin)>, SchemaError> {
        let Some(reference) = map.get(keyword) else { return Ok(None) };
        let here = |this: &Self, error: SchemaError| error.at(this.arena.pointer(at));
        let found = self.document.referred(site, keyword, reference).map_err(|error| here(self, error))?;
        let text = reference.as_str().unwrap_or_default();
        let origin = match text.strip_prefix("#/") {
            Some(path) if !path.contains(['%', '~']) => {
                let top = self.arena.origin_of(self.side);
                path.split('/').fold(top, |at, token| self.arena.member(at, token))
            }
            _ if text == "#" => self.arena.origin_of(self.side),
            _ => self.arena.keyword(at, keyword),
        };
        Ok(Some((found, origin)))
    }

    /// The schema under a keyword that holds one, as a value of its own.
    pub(super) fn child(
        &mut self,
        site: &Site<'r>,
        schema: &'r Value,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        let child = site.child(schema).map_err(|error| error.at(self.arena.pointer(at)))?;
        self.lower(&child, way, at)
    }

    pub(super) fn name(&mut self, text: &str) -> Name {
        self.arena.values.name(text)
    }
}

impl Way<'_> {
    fn key(&self) -> WayKey {
        match self {
            Way::Strict => WayKey::Strict,
            Way::Written => WayKey::Written,
            Way::Read(place) => WayKey::Read(place.number),
        }
    }
}

/// Up to draft 7, whatever stands beside `$ref` is ignored.
pub(super) fn only_reference(draft: Draft, map: &Map<String, Value>) -> bool {
    map.contains_key("$ref") && (draft <= Draft::Draft7 || map.len() == 1)
}
