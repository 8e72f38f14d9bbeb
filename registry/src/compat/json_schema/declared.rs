//! What a producer writes: the values of a schema, every object closed to the properties that are declared for it. `allOf` and
//! `$ref` declare together; of `anyOf` and `oneOf`, the branches that hold. An object for which nothing is declared stays a
//! free map, and properties that are required are declared.

use super::{
    SchemaError,
    applicators::{Step, says_nothing},
    document::{Key, Site},
    evaluated::{Alternative, BRANCHES},
    ignored::{keys_of, schemas_at},
    lowering::{DEEPEST, Lowering, Target, Way, only_reference},
};
use crate::compat::containment::{FALSE, NodeId, Origin, Schema, TRUE};
use jsonschema::Draft;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

impl<'r> Lowering<'r, '_> {
    /// A value of its own, as it is written.
    pub(super) fn written(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        let beside = schemas_beside(site.draft, map);
        let union = match beside[..] {
            [keyword @ ("anyOf" | "oneOf")] => map[keyword].as_array(),
            _ => None,
        };
        // Branches that exclude one another are closed one by one, so that they can be paired with those of the reader.
        let one_by_one = match union {
            Some(list) if !declares(map) => self.disjoint(site, list)?,
            _ => false,
        };
        if beside.is_empty() || one_by_one {
            let schema = self.keywords(site, map, &Way::Written, at)?;
            return Ok(self.arena.add(schema, at));
        }
        let strict = self.keywords(site, map, &Way::Strict, at)?;
        let strict = self.arena.add(strict, at);
        let closing = self.closing(vec![site.clone()], at)?;
        let mut schema = Schema::default();
        schema.logic_mut().all = vec![strict, closing];
        Ok(self.arena.add(schema, at))
    }

    /// Closes an object that one schema alone describes.
    pub(super) fn close(&mut self, map: &'r Map<String, Value>, schema: &mut Schema) {
        if !declares(map) || schema.object.as_ref().is_some_and(|it| it.others.is_some_and(|it| it != TRUE)) {
            return;
        }
        let object = schema.object_mut();
        object.others = Some(FALSE);
        for name in object.required.clone() {
            if object.properties.iter().all(|(it, _)| *it != name) {
                object.properties.push((name, TRUE));
            }
        }
    }

    /// What is true of a value that some schemas describe together, if only what they declare is written.
    fn closing(&mut self, sites: Vec<Site<'r>>, at: Origin) -> Result<NodeId, SchemaError> {
        let mut keys: Vec<Key> = sites.iter().map(|site| self.document.key(site)).collect();
        keys.sort();
        keys.dedup();
        match self.closed.get_mut(&keys) {
            Some(Target::Done(node)) | Some(Target::Open(Some(node))) => return Ok(*node),
            Some(Target::Open(hole)) => {
                let node = self.arena.reserve(at);
                *hole = Some(node);
                return Ok(node);
            }
            None => {}
        }
        if self.depth > DEEPEST {
            return Ok(self.unsayable("$ref", at));
        }
        self.closed.insert(keys.clone(), Target::Open(None));
        self.depth += 1;
        let node = self.close_all(&sites, at)?;
        self.depth -= 1;
        let node = match self.closed.get(&keys).copied() {
            // It says nothing but itself.
            Some(Target::Open(Some(hole))) if hole == node => {
                self.arena.define(hole, TRUE);
                TRUE
            }
            Some(Target::Open(Some(hole))) => {
                self.arena.define(hole, node);
                node
            }
            _ => node,
        };
        self.closed.insert(keys, Target::Done(node));
        Ok(node)
    }

    fn close_all(&mut self, sites: &[Site<'r>], at: Origin) -> Result<NodeId, SchemaError> {
        let mut all = Schema::default();
        let mut plain = Alternative { conditions: Vec::new(), members: Vec::new() };
        let mut varying = Vec::new();
        let mut combinations = 1;
        for site in sites {
            match self.alternatives(site, &Way::Strict, at, 0)? {
                Some(mut list) if list.len() == 1 => plain.members.append(&mut list[0].members),
                Some(list) if combinations * list.len() <= BRANCHES => {
                    combinations *= list.len();
                    varying.push(list);
                }
                // Too many to tell apart: what any of them declares may be written.
                _ => plain.members.extend(self.everything_beside(site, at)?),
            }
        }
        let mut list = vec![plain];
        for more in varying {
            list = list
                .iter()
                .flat_map(|one| {
                    more.iter().map(|other| Alternative {
                        conditions: [one.conditions.as_slice(), &other.conditions].concat(),
                        members: [one.members.as_slice(), &other.members].concat(),
                    })
                })
                .collect();
        }
        let mut nodes = Vec::new();
        for alternative in list {
            let closing = self.close_one(&alternative.members, at)?;
            let mut schema = Schema::default();
            schema.logic_mut().all = alternative.conditions;
            let silent = closing == TRUE;
            schema.logic_mut().all.push(closing);
            nodes.push((self.arena.add(schema, at), silent));
        }
        // The conditions alone say nothing that the schemas do not say.
        if nodes.iter().any(|(_, silent)| !silent) {
            all.logic_mut().any.push(nodes.into_iter().map(|(node, _)| node).collect());
        }
        Ok(self.arena.add(all, at))
    }

    /// The closing of one alternative.
    fn close_one(&mut self, members: &[Site<'r>], at: Origin) -> Result<NodeId, SchemaError> {
        let maps: Vec<(&Site<'r>, &'r Map<String, Value>)> =
            members.iter().filter_map(|site| Some((site, site.schema.as_object()?))).collect();
        let mut schema = Schema::default();
        let open = maps.iter().any(|(site, map)| is_open(site, map));
        if maps.iter().any(|(_, map)| declares(map)) {
            let (mut names, mut patterns) = (BTreeSet::new(), BTreeSet::new());
            for (_, map) in &maps {
                names.extend(keys_of(map, "properties"));
                patterns.extend(keys_of(map, "patternProperties"));
                let required = map.get("required").and_then(Value::as_array);
                names.extend(required.into_iter().flatten().filter_map(Value::as_str));
            }
            for name in names {
                let node = self.closing_at(&maps, Step::Property(name), at)?;
                let name = self.name(name);
                schema.object_mut().properties.push((name, node));
            }
            for pattern in patterns {
                let node = self.closing_at(&maps, Step::Pattern(pattern), at)?;
                let pattern = self.arena.patterns.add(pattern);
                schema.object_mut().patterns.push((pattern, node));
            }
            let others = if open { self.closing_at(&maps, Step::Others, at)? } else { FALSE };
            schema.object_mut().others = Some(others);
        } else if open {
            schema.object_mut().others = Some(self.closing_at(&maps, Step::Others, at)?);
        }
        let longest = maps.iter().filter_map(|(_, map)| {
            let list = map.get("prefixItems").or_else(|| map.get("items"));
            list.and_then(Value::as_array).map(Vec::len)
        });
        for index in 0..longest.max().unwrap_or(0) {
            let node = self.closing_at(&maps, Step::Prefix(index), at)?;
            schema.array_mut().prefix.push(node);
        }
        schema.array_mut().items = Some(self.closing_at(&maps, Step::Items, at)?);
        Ok(self.arena.add(schema, at))
    }

    fn closing_at(
        &mut self,
        maps: &[(&Site<'r>, &'r Map<String, Value>)],
        step: Step<'r>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        let mut sites = Vec::new();
        for (site, map) in maps {
            for schema in schemas_at(map, step) {
                sites.push(site.child(schema)?);
            }
        }
        if sites.is_empty() { Ok(TRUE) } else { self.closing(sites, at) }
    }
}

/// Whether a schema declares properties.
fn declares(map: &Map<String, Value>) -> bool {
    ["properties", "patternProperties"].iter().any(|keyword| keys_of(map, keyword).next().is_some())
}

/// Whether a schema describes properties of any name: a map.
fn is_open(site: &Site<'_>, map: &Map<String, Value>) -> bool {
    let map_of = |keyword| map.get(keyword).is_some_and(|it| !says_nothing(it) && *it != Value::Bool(false));
    map_of("additionalProperties") || site.draft >= Draft::Draft201909 && map_of("unevaluatedProperties")
}

/// The keywords of a schema under which others stand that describe the same value.
fn schemas_beside(draft: Draft, map: &Map<String, Value>) -> Vec<&'static str> {
    if only_reference(draft, map) {
        return vec!["$ref"];
    }
    let keywords: [(&'static str, Draft); 8] = [
        ("allOf", Draft::Draft4),
        ("anyOf", Draft::Draft4),
        ("oneOf", Draft::Draft4),
        ("if", Draft::Draft7),
        ("$ref", Draft::Draft4),
        ("$dynamicRef", Draft::Draft202012),
        ("$recursiveRef", Draft::Draft201909),
        ("dependentSchemas", Draft::Draft201909),
    ];
    let mut found: Vec<_> =
        keywords.iter().filter(|(it, since)| draft >= *since && map.contains_key(*it)).map(|(it, _)| *it).collect();
    let dependencies = map.get("dependencies").and_then(Value::as_object);
    if draft <= Draft::Draft7 && dependencies.into_iter().flat_map(Map::values).any(|it| !it.is_array()) {
        found.push("dependencies");
    }
    found
}
