//! Keywords under which other schemas stand: about the items of an array, the members of an object, or the same value. Each of
//! these is read the way its place asks for.

use super::{
    SchemaError,
    document::Site,
    lowering::{Lowering, Way},
};
use crate::compat::containment::{Contains, NodeId, Origin, Schema, TRUE};
use jsonschema::Draft;
use serde_json::{Map, Value};

/// Where a value stands in the value that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step<'v> {
    Property(&'v str),
    Pattern(&'v str),
    Others,
    Prefix(usize),
    Items,
}

impl<'r> Lowering<'r, '_> {
    pub(super) fn array(
        &mut self,
        (keyword, value): (&str, &'r Value),
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        let tuples = site.draft >= Draft::Draft202012;
        match keyword {
            "prefixItems" if !tuples => {}
            "prefixItems" => schema.array_mut().prefix = self.prefix(site, value, "prefixItems", way, at)?,
            "items" if value.is_array() && tuples => {
                return self.wrong(at, "`items` holds one schema since 2020-12; a list stands under `prefixItems`");
            }
            "items" if value.is_array() => {
                schema.array_mut().prefix = self.prefix(site, value, "items", way, at)?;
                if let Some(rest) = map.get("additionalItems") {
                    let origin = self.arena.keyword(at, "additionalItems");
                    schema.array_mut().items = Some(self.below(site, rest, way, Step::Items, origin)?);
                }
            }
            "items" => {
                let origin = self.arena.keyword(at, "items");
                schema.array_mut().items = Some(self.below(site, value, way, Step::Items, origin)?);
            }
            "contains" if site.draft >= Draft::Draft6 => {
                let origin = self.arena.keyword(at, "contains");
                let node = match way {
                    Way::Strict | Way::Written => self.child(site, value, &Way::Strict, origin)?,
                    Way::Read(_) => self.read_value(vec![(site.child(value)?, origin)], origin)?,
                };
                let mut contains = Contains { node, min: 1, max: None };
                if site.draft >= Draft::Draft201909 {
                    if let Some(min) = map.get("minContains") {
                        contains.min = self.count(min, "minContains", site.draft, at)?;
                    }
                    if let Some(max) = map.get("maxContains") {
                        contains.max = Some(self.count(max, "maxContains", site.draft, at)?);
                    }
                }
                schema.array_mut().contains.push(contains);
            }
            _ => {}
        }
        Ok(())
    }

    fn prefix(
        &mut self,
        site: &Site<'r>,
        value: &'r Value,
        keyword: &'static str,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<Vec<NodeId>, SchemaError> {
        let list = self.list(value, keyword, at)?;
        let origin = self.arena.keyword(at, keyword);
        list.iter()
            .enumerate()
            .map(|(index, item)| {
                let origin = self.arena.index(origin, index);
                self.below(site, item, way, Step::Prefix(index), origin)
            })
            .collect()
    }

    pub(super) fn object(
        &mut self,
        (keyword, value): (&str, &'r Value),
        site: &Site<'r>,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        match keyword {
            "properties" => {
                let origin = self.arena.keyword(at, "properties");
                let members = self.map(value, "properties", at)?;
                let mut properties = Vec::with_capacity(members.len());
                for (text, value) in members {
                    let name = self.name(text);
                    let origin = self.arena.member_named(origin, name);
                    properties.push((name, self.below(site, value, way, Step::Property(text), origin)?));
                }
                schema.object_mut().properties.append(&mut properties);
            }
            "patternProperties" => {
                let origin = self.arena.keyword(at, "patternProperties");
                for (pattern, value) in self.map(value, "patternProperties", at)? {
                    let origin = self.arena.member(origin, pattern);
                    let node = self.below(site, value, way, Step::Pattern(pattern), origin)?;
                    let pattern = self.arena.patterns.add(pattern);
                    schema.object_mut().patterns.push((pattern, node));
                }
            }
            "additionalProperties" => {
                let origin = self.arena.keyword(at, "additionalProperties");
                let opened = matches!(way, Way::Read(_)) && *value == Value::Bool(false);
                if !opened {
                    schema.object_mut().others = Some(self.below(site, value, way, Step::Others, origin)?);
                }
            }
            "propertyNames" if site.draft >= Draft::Draft6 => {
                let origin = self.arena.keyword(at, "propertyNames");
                schema.object_mut().names = Some(self.child(site, value, &Way::Strict, origin)?);
            }
            "dependentRequired" if site.draft >= Draft::Draft201909 => {
                for (name, names) in self.map(value, "dependentRequired", at)? {
                    let pair = (self.name(name), self.names(names, "dependentRequired", at)?);
                    schema.object_mut().dependent_required.push(pair);
                }
            }
            "dependentSchemas" if site.draft >= Draft::Draft201909 => {
                self.dependent(site, value, "dependentSchemas", way, schema, at)?;
            }
            // Gone since 2019-09, and still obeyed by validators.
            "dependencies" => self.dependent(site, value, "dependencies", way, schema, at)?,
            _ => {}
        }
        Ok(())
    }

    fn dependent(
        &mut self,
        site: &Site<'r>,
        value: &'r Value,
        keyword: &'static str,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        let origin = self.arena.keyword(at, keyword);
        for (name, value) in self.map(value, keyword, at)? {
            if value.is_array() && keyword == "dependencies" {
                let pair = (self.name(name), self.names(value, keyword, at)?);
                schema.object_mut().dependent_required.push(pair);
            } else {
                let origin = self.arena.member(origin, name);
                let node = self.beside(site, value, way, origin)?;
                let name = self.name(name);
                schema.object_mut().dependent_schemas.push((name, node));
            }
        }
        Ok(())
    }

    pub(super) fn logic(
        &mut self,
        (keyword, value): (&str, &'r Value),
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        match keyword {
            "allOf" => {
                let nodes = self.branches(site, value, "allOf", &way.beside(), at)?;
                schema.logic_mut().all.extend(nodes);
            }
            "anyOf" => {
                let nodes = self.branches(site, value, "anyOf", way, at)?;
                schema.logic_mut().any.push(nodes);
            }
            "oneOf" => {
                let nodes = self.branches(site, value, "oneOf", way, at)?;
                schema.logic_mut().one.push(nodes);
            }
            "not" => {
                let origin = self.arena.keyword(at, "not");
                let node = self.beside(site, value, way, origin)?;
                schema.logic_mut().not.push(node);
            }
            "if" if site.draft >= Draft::Draft7 => {
                let origin = self.arena.keyword(at, "if");
                let condition = self.beside(site, value, way, origin)?;
                let mut branch = |keyword| {
                    let origin = self.arena.keyword(at, keyword);
                    map.get(keyword).map_or(Ok(TRUE), |it| self.beside(site, it, way, origin))
                };
                let branches = (condition, branch("then")?, branch("else")?);
                schema.logic_mut().conditions.push(branches);
            }
            "$dynamicRef" if site.draft < Draft::Draft202012 => {}
            "$recursiveRef" if site.draft != Draft::Draft201909 => {}
            "$ref" | "$dynamicRef" | "$recursiveRef" => {
                let keyword = match keyword {
                    "$ref" => "$ref",
                    "$dynamicRef" => "$dynamicRef",
                    _ => "$recursiveRef",
                };
                if let Some((target, origin)) = self.leads_to(site, map, keyword, at)? {
                    let node = self.target(&target, &way.beside(), origin)?;
                    schema.logic_mut().all.push(node);
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn branches(
        &mut self,
        site: &Site<'r>,
        value: &'r Value,
        keyword: &'static str,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<Vec<NodeId>, SchemaError> {
        let list = self.list(value, keyword, at)?;
        if list.is_empty() {
            return self.wrong(at, format!("`{keyword}` has at least one schema"));
        }
        let origin = self.arena.keyword(at, keyword);
        list.iter()
            .enumerate()
            .map(|(index, branch)| {
                let origin = self.arena.index(origin, index);
                match way {
                    // Only branches that exclude one another come here: see `written`.
                    Way::Written => self.child(site, branch, way, origin),
                    _ => self.beside(site, branch, way, origin),
                }
            })
            .collect()
    }

    /// A schema about the same value.
    pub(super) fn beside(
        &mut self,
        site: &Site<'r>,
        schema: &'r Value,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        self.child(site, schema, &way.beside(), at)
    }

    /// A schema about a value within.
    pub(super) fn below(
        &mut self,
        site: &Site<'r>,
        schema: &'r Value,
        way: &Way<'r>,
        step: Step<'r>,
        at: Origin,
    ) -> Result<NodeId, SchemaError> {
        match way {
            Way::Strict | Way::Written => self.child(site, schema, way, at),
            Way::Read(place) => {
                let place = self.place_below(place, step, at)?;
                self.child(site, schema, &Way::Read(place), at)
            }
        }
    }
}

impl<'r> Way<'r> {
    /// The way of a schema about the same value.
    pub(super) fn beside(&self) -> Way<'r> {
        match self {
            Way::Strict | Way::Written => Way::Strict,
            Way::Read(place) => Way::Read(place.clone()),
        }
    }
}

/// Whether a schema says nothing.
pub(super) fn says_nothing(schema: &Value) -> bool {
    match schema {
        Value::Bool(accepts) => *accepts,
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
