//! What a consumer reads: properties that no schema of a place declares are dropped before the value is judged. So a closing
//! `additionalProperties: false` refuses only what another schema of the same place declares, such as a sibling branch of `oneOf`.

use super::{
    SchemaError,
    applicators::Step,
    document::{Document, Key, Site},
    evaluated::Evaluated,
    lowering::{Lowering, Way, only_reference},
};
use crate::compat::containment::{FALSE, NodeId, Origin, Schema, TRUE};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use std::{collections::BTreeSet, rc::Rc};

/// Schemas about one value at most; a place has few.
const MOST: usize = 2000;

/// A place in payloads: all schemas that may have a say about the value there.
#[derive(Debug)]
pub(super) struct Place<'r> {
    pub(super) number: usize,
    members: Vec<Site<'r>>,
    names: BTreeSet<&'r str>,
    patterns: BTreeSet<&'r str>,
}

impl<'r> Lowering<'r, '_> {
    /// A value of its own, read by some schemas at once.
    pub(super) fn read_value(&mut self, sites: Vec<(Site<'r>, Origin)>, at: Origin) -> Result<NodeId, SchemaError> {
        let place = self.place(sites.iter().map(|(site, _)| site.clone()).collect(), at)?;
        let mut schema = Schema::default();
        for (site, at) in sites {
            let node = self.target(&site, &Way::Read(place.clone()), at)?;
            schema.logic_mut().all.push(node);
        }
        Ok(self.arena.add(schema, at))
    }

    /// All schemas that may have a say about the value of one.
    pub(super) fn everything_beside(&mut self, site: &Site<'r>, at: Origin) -> Result<Vec<Site<'r>>, SchemaError> {
        let place = self.place(vec![site.clone()], at)?;
        let reference = |it: &Site<'r>| it.schema.as_object().is_some_and(|map| only_reference(it.draft, map));
        Ok(place.members.iter().filter(|it| !reference(it)).cloned().collect())
    }

    fn place(&mut self, roots: Vec<Site<'r>>, at: Origin) -> Result<Rc<Place<'r>>, SchemaError> {
        let mut keys: Vec<Key> = roots.iter().map(|site| self.document.key(site)).collect();
        keys.sort();
        keys.dedup();
        if let Some(place) = self.places.get(&keys) {
            return Ok(place.clone());
        }
        let (mut members, mut seen) = (Vec::new(), BTreeSet::new());
        let mut next = roots;
        while let Some(site) = next.pop() {
            if members.len() < MOST && seen.insert(self.document.key(&site)) {
                next.extend(beside(self.document, &site).map_err(|error| error.at(self.arena.pointer(at)))?);
                members.push(site);
            }
        }
        let (mut names, mut patterns) = (BTreeSet::new(), BTreeSet::new());
        for member in &members {
            let Value::Object(map) = member.schema else { continue };
            if only_reference(member.draft, map) {
                continue;
            }
            names.extend(keys_of(map, "properties"));
            patterns.extend(keys_of(map, "patternProperties"));
            let required = map.get("required").and_then(Value::as_array);
            names.extend(required.into_iter().flatten().filter_map(Value::as_str));
        }
        let place = Rc::new(Place { number: self.places.len(), members, names, patterns });
        self.places.insert(keys, place.clone());
        Ok(place)
    }

    /// The place of a value within.
    pub(super) fn place_below(
        &mut self,
        place: &Place<'r>,
        step: Step<'r>,
        at: Origin,
    ) -> Result<Rc<Place<'r>>, SchemaError> {
        if let Some(known) = self.places_below.get(&(place.number, step)) {
            return Ok(known.clone());
        }
        let mut below = Vec::new();
        self.work += place.members.len() / 8;
        for member in &place.members {
            let Value::Object(map) = member.schema else { continue };
            if !only_reference(member.draft, map) {
                for schema in schemas_at(map, step) {
                    below.push(member.child(schema)?);
                }
            }
        }
        let below = self.place(below, at)?;
        self.places_below.insert((place.number, step), below.clone());
        Ok(below)
    }

    /// `additionalProperties: false`, as a consumer reads it.
    pub(super) fn ignore_undeclared(
        &mut self,
        map: &'r Map<String, Value>,
        place: &Place<'r>,
        schema: &mut Schema,
        at: Origin,
    ) {
        if map.get("additionalProperties") == Some(&Value::Bool(false)) {
            let own = Evaluated {
                names: keys_of(map, "properties").collect(),
                patterns: keys_of(map, "patternProperties").collect(),
                all: false,
            };
            self.refuse_declared_elsewhere(&own, place, schema, at);
        }
    }

    /// Refuses what the place declares and `own` does not.
    pub(super) fn refuse_declared_elsewhere(
        &mut self,
        own: &Evaluated<'r>,
        place: &Place<'r>,
        schema: &mut Schema,
        at: Origin,
    ) {
        let ours: FxHashSet<&str> = own.names.iter().copied().collect();
        let names: Vec<&str> = place.names.iter().filter(|it| !ours.contains(*it)).copied().collect();
        let patterns: Vec<&str> = place.patterns.iter().filter(|it| !own.patterns.contains(it)).copied().collect();
        if own.patterns.is_empty() && patterns.is_empty() {
            for name in names {
                let name = self.name(name);
                schema.object_mut().properties.push((name, FALSE));
            }
        } else if !names.is_empty() || !patterns.is_empty() {
            // Every name is one of ours, or one that nobody declares.
            let ours = self.named(&own.names, &own.patterns, at);
            let others = self.named(&names, &patterns, at);
            let mut unknown = Schema::default();
            unknown.logic_mut().not.push(others);
            let unknown = self.arena.add(unknown, at);
            let mut rule = Schema::default();
            rule.logic_mut().any.push(vec![ours, unknown]);
            let rule = self.arena.add(rule, at);
            let before = schema.object_mut().names.unwrap_or(TRUE);
            let mut both = Schema::default();
            both.logic_mut().all = vec![before, rule];
            schema.object_mut().names = Some(self.arena.add(both, at));
        }
    }

    /// The texts that are one of these names or match one of these patterns.
    fn named(&mut self, names: &[&str], patterns: &[&str], at: Origin) -> NodeId {
        let mut either = Vec::new();
        let mut list = Schema::default();
        list.allow_only(names.iter().map(|name| self.arena.values.add_text(name)));
        either.push(self.arena.add(list, at));
        for pattern in patterns {
            let mut matching = Schema::of(crate::compat::containment::Kinds::TEXT);
            let pattern = self.arena.patterns.add(pattern);
            matching.text_mut().patterns.push(pattern);
            either.push(self.arena.add(matching, at));
        }
        let mut named = Schema::default();
        named.logic_mut().any.push(either);
        self.arena.add(named, at)
    }
}

/// The schemas about the same value that a schema is made of, one step down.
pub(super) fn beside<'r>(document: &'r Document<'r>, site: &Site<'r>) -> Result<Vec<Site<'r>>, SchemaError> {
    let mut out = Vec::new();
    let Value::Object(map) = site.schema else { return Ok(out) };
    for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
        if let Some(reference) = map.get(keyword) {
            out.push(document.referred(site, keyword, reference)?);
        }
    }
    if only_reference(site.draft, map) {
        return Ok(out);
    }
    for keyword in ["not", "if", "then", "else"] {
        if let Some(schema) = map.get(keyword) {
            out.push(site.child(schema)?);
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for schema in map.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            out.push(site.child(schema)?);
        }
    }
    for keyword in ["dependentSchemas", "dependencies"] {
        let schemas = map.get(keyword).and_then(Value::as_object);
        for schema in schemas.into_iter().flat_map(Map::values).filter(|it| !it.is_array()) {
            out.push(site.child(schema)?);
        }
    }
    Ok(out)
}

/// The names under a keyword.
pub(super) fn keys_of<'r>(map: &'r Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'r str> + use<'r> {
    map.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str)
}

/// The schemas that a schema has for a value within.
pub(super) fn schemas_at<'r>(map: &'r Map<String, Value>, step: Step<'r>) -> Vec<&'r Value> {
    let list = |keyword| map.get(keyword).and_then(Value::as_array);
    let named = |keyword, name| map.get(keyword).and_then(|it: &Value| it.get(name));
    let found = match step {
        Step::Property(name) => [named("properties", name), None],
        Step::Pattern(pattern) => [named("patternProperties", pattern), None],
        Step::Others => [map.get("additionalProperties"), map.get("unevaluatedProperties")],
        Step::Prefix(index) => {
            let lists = list("prefixItems").or_else(|| list("items"));
            [lists.and_then(|it| it.get(index)), map.get("items").filter(|it| !it.is_array())]
        }
        Step::Items => [map.get("items").filter(|it| !it.is_array()), map.get("additionalItems")],
    };
    found.into_iter().flatten().collect()
}
