//! Which schemas have their say about one value: `allOf` always, a branch of `anyOf` where it holds. From it follow what
//! `unevaluatedProperties` and `unevaluatedItems` apply to, and what a producer has declared. A value satisfies a schema in one of
//! several *alternatives*; where there are too many of them, nothing is guessed.

use super::{
    SchemaError,
    applicators::{Step, says_nothing},
    document::Site,
    lowering::{Lowering, Way, only_reference},
};
use crate::compat::containment::{FALSE, NodeId, Origin, Schema, TRUE};
use jsonschema::Draft;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

/// Combinations of alternatives of one schema, at most.
const MOST: usize = 64;
/// Alternatives of one schema, at most: a large union has as many.
pub(super) const BRANCHES: usize = 512;
/// Schemas read in one document before no more alternatives are looked for, at most.
const WORK: usize = 20_000;
/// Branches of one `anyOf` that may hold together, at most, where it matters which do.
const TOGETHER: usize = 4;
/// References and branches within one another, at most.
const DEEPEST: usize = 24;

/// One way in which a schema is satisfied.
#[derive(Clone, Debug)]
pub(super) struct Alternative<'r> {
    /// What holds then.
    pub(super) conditions: Vec<NodeId>,
    /// The schemas that have a say.
    pub(super) members: Vec<Site<'r>>,
}

/// What `unevaluatedProperties` of a member reaches.
#[derive(Default, Debug)]
pub(super) struct Evaluated<'r> {
    pub(super) names: Vec<&'r str>,
    pub(super) patterns: Vec<&'r str>,
    pub(super) all: bool,
}

impl<'r> Lowering<'r, '_> {
    /// The alternatives of a schema; `None` if there are too many.
    pub(super) fn alternatives(
        &mut self,
        site: &Site<'r>,
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        let Value::Object(map) = site.schema else {
            return Ok(Some(vec![Alternative { conditions: Vec::new(), members: Vec::new() }]));
        };
        self.work += 1;
        if depth > DEEPEST || self.work > WORK {
            return Ok(None);
        }
        if only_reference(site.draft, map) {
            let Some((target, _)) = self.leads_to(site, map, "$ref", at)? else { return Ok(None) };
            return self.alternatives(&target, way, at, depth + 1);
        }
        let mut found = vec![Alternative { conditions: Vec::new(), members: vec![site.clone()] }];
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            let obeyed = match keyword {
                "$dynamicRef" => site.draft >= Draft::Draft202012,
                "$recursiveRef" => site.draft == Draft::Draft201909,
                _ => true,
            };
            if obeyed && let Some((target, _)) = self.leads_to(site, map, keyword, at)? {
                let more = self.alternatives(&target, way, at, depth + 1)?;
                let Some(both) = more.and_then(|more| product(&found, &more)) else { return Ok(None) };
                found = both;
            }
        }
        for (keyword, value) in map {
            let more = match (keyword.as_str(), value) {
                ("allOf", Value::Array(list)) => self.all_of(site, list, way, at, depth)?,
                ("anyOf", Value::Array(list)) => self.any_of(site, list, way, at, depth)?,
                ("oneOf", Value::Array(list)) => self.one_of(site, list, way, at, depth)?,
                ("if", condition) if site.draft >= Draft::Draft7 => {
                    self.condition(site, map, condition, way, at, depth)?
                }
                ("dependentSchemas", Value::Object(list)) if site.draft >= Draft::Draft201909 => {
                    self.dependents(site, list, way, at, depth)?
                }
                ("dependencies", Value::Object(list)) if site.draft <= Draft::Draft7 => {
                    self.dependents(site, list, way, at, depth)?
                }
                _ => continue,
            };
            let Some(both) = more.and_then(|more| product(&found, &more)) else { return Ok(None) };
            found = both;
        }
        Ok(Some(found))
    }

    fn all_of(
        &mut self,
        site: &Site<'r>,
        list: &'r [Value],
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        let mut found = vec![Alternative { conditions: Vec::new(), members: Vec::new() }];
        for branch in list {
            let branch = site.child(branch)?;
            let more = self.alternatives(&branch, way, at, depth + 1)?;
            let Some(both) = more.and_then(|more| product(&found, &more)) else { return Ok(None) };
            found = both;
        }
        Ok(Some(found))
    }

    fn one_of(
        &mut self,
        site: &Site<'r>,
        list: &'r [Value],
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        let mut found = Vec::new();
        for branch in list {
            let condition = self.beside(site, branch, way, at)?;
            let branch = site.child(branch)?;
            let Some(more) = self.alternatives(&branch, way, at, depth + 1)? else { return Ok(None) };
            found.extend(more.into_iter().map(|it| it.when(condition)));
            if found.len() > BRANCHES {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// Branches that say nothing of properties and items stand together: whichever of them hold, it is the same.
    fn any_of(
        &mut self,
        site: &Site<'r>,
        list: &'r [Value],
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        if self.disjoint(site, list)? {
            return self.one_of(site, list, way, at, depth);
        }
        let (mut silent, mut telling) = (Vec::new(), Vec::new());
        for branch in list {
            let condition = self.beside(site, branch, way, at)?;
            let branch = site.child(branch)?;
            let Some(more) = self.alternatives(&branch, way, at, depth + 1)? else { return Ok(None) };
            if more.iter().all(|it| it.members.iter().all(is_silent)) {
                silent.push(condition);
            } else {
                telling.push(more.into_iter().map(|it| it.when(condition)).collect::<Vec<_>>());
            }
        }
        if telling.len() > TOGETHER {
            return Ok(None);
        }
        let mut found = Vec::new();
        if !silent.is_empty() {
            let mut either = Schema::default();
            either.logic_mut().any.push(silent);
            let condition = self.arena.add(either, at);
            found.push(Alternative { conditions: vec![condition], members: Vec::new() });
        }
        for set in 1_usize..1 << telling.len() {
            let chosen = telling.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1).map(|(_, it)| it);
            let mut both = vec![Alternative { conditions: Vec::new(), members: Vec::new() }];
            for more in chosen {
                let Some(next) = product(&both, more) else { return Ok(None) };
                both = next;
            }
            found.extend(both);
        }
        Ok((found.len() <= MOST).then_some(found))
    }

    fn condition(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        condition: &'r Value,
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        let holds = self.beside(site, condition, way, at)?;
        let mut not = Schema::default();
        not.logic_mut().not.push(holds);
        let fails = self.arena.add(not, at);
        let mut found = Vec::new();
        for (test, keywords) in [(holds, &["if", "then"][..]), (fails, &["else"][..])] {
            let mut all = vec![Alternative { conditions: vec![test], members: Vec::new() }];
            for branch in keywords.iter().filter_map(|keyword| map.get(*keyword)) {
                let branch = site.child(branch)?;
                let more = self.alternatives(&branch, way, at, depth + 1)?;
                let Some(both) = more.and_then(|more| product(&all, &more)) else { return Ok(None) };
                all = both;
            }
            found.extend(all);
        }
        Ok(Some(found))
    }

    fn dependents(
        &mut self,
        site: &Site<'r>,
        list: &'r Map<String, Value>,
        way: &Way<'r>,
        at: Origin,
        depth: usize,
    ) -> Result<Option<Vec<Alternative<'r>>>, SchemaError> {
        let mut found = vec![Alternative { conditions: Vec::new(), members: Vec::new() }];
        for (name, branch) in list.iter().filter(|(_, branch)| !branch.is_array()) {
            let name = self.name(name);
            let (mut there, mut absent) = (Schema::default(), Schema::default());
            there.object_mut().required.push(name);
            absent.object_mut().properties.push((name, FALSE));
            let there = self.arena.add(there, at);
            let absent = self.arena.add(absent, at);
            let branch = site.child(branch)?;
            let Some(more) = self.alternatives(&branch, way, at, depth + 1)? else { return Ok(None) };
            let mut either: Vec<_> = more.into_iter().map(|it| it.when(there)).collect();
            either.push(Alternative { conditions: vec![absent], members: Vec::new() });
            let Some(both) = product(&found, &either) else { return Ok(None) };
            found = both;
        }
        Ok(Some(found))
    }

    /// `unevaluatedProperties`.
    pub(super) fn unevaluated_properties(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        let value = &map["unevaluatedProperties"];
        if says_nothing(value) {
            return Ok(());
        }
        let opened = matches!(way, Way::Read(_)) && *value == Value::Bool(false);
        let origin = self.arena.keyword(at, "unevaluatedProperties");
        let rest = if opened { TRUE } else { self.below(site, value, way, Step::Others, origin)? };
        let Some(alternatives) = self.alternatives(site, &way.beside(), at, 0)? else {
            self.cannot_say(schema, "unevaluatedProperties", self.document.root);
            return Ok(());
        };
        let mut nodes = Vec::new();
        for alternative in alternatives {
            let evaluated = evaluated(&alternative.members, site);
            let mut rule = Schema::default();
            rule.logic_mut().all = alternative.conditions;
            match way {
                _ if evaluated.all => {}
                Way::Read(place) if opened => {
                    let place = place.clone();
                    self.refuse_declared_elsewhere(&evaluated, &place, &mut rule, at);
                }
                _ => {
                    for name in evaluated.names {
                        let name = self.name(name);
                        rule.object_mut().properties.push((name, TRUE));
                    }
                    for pattern in evaluated.patterns {
                        let pattern = self.arena.patterns.add(pattern);
                        rule.object_mut().patterns.push((pattern, TRUE));
                    }
                    rule.object_mut().others = Some(rest);
                }
            }
            nodes.push(self.arena.add(rule, origin));
        }
        schema.logic_mut().any.push(nodes);
        Ok(())
    }

    /// `unevaluatedItems`. What `contains` matches is evaluated.
    pub(super) fn unevaluated_items(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        let value = &map["unevaluatedItems"];
        if says_nothing(value) {
            return Ok(());
        }
        let origin = self.arena.keyword(at, "unevaluatedItems");
        let rest = self.below(site, value, way, Step::Items, origin)?;
        let Some(alternatives) = self.alternatives(site, &way.beside(), at, 0)? else {
            self.cannot_say(schema, "unevaluatedItems", self.document.root);
            return Ok(());
        };
        let mut nodes = Vec::new();
        for alternative in alternatives {
            let mut rule = Schema::default();
            rule.logic_mut().all = alternative.conditions;
            let (mut prefix, mut all, mut either) = (0, false, vec![rest]);
            for member in &alternative.members {
                let Value::Object(map) = member.schema else { continue };
                let tuples = member.draft >= Draft::Draft202012;
                all |= map.contains_key("unevaluatedItems") && !std::ptr::eq(member.schema, site.schema);
                match map.get("items") {
                    Some(Value::Array(list)) => {
                        prefix = prefix.max(list.len());
                        all |= map.contains_key("additionalItems");
                    }
                    Some(_) => all = true,
                    None => {}
                }
                if let Some(Value::Array(list)) = map.get("prefixItems").filter(|_| tuples) {
                    prefix = prefix.max(list.len());
                }
                if let Some(contains) = map.get("contains") {
                    either.push(self.child(member, contains, &Way::Strict, origin)?);
                }
            }
            if !all {
                let mut items = Schema::default();
                items.logic_mut().any.push(either);
                let items = self.arena.add(items, origin);
                rule.array_mut().prefix = vec![TRUE; prefix];
                rule.array_mut().items = Some(items);
            }
            nodes.push(self.arena.add(rule, origin));
        }
        schema.logic_mut().any.push(nodes);
        Ok(())
    }

    /// Whether no value satisfies two of these branches, as far as their texts show it: each is of another kind, or each requires
    /// the same property with values of its own.
    pub(super) fn disjoint(&mut self, site: &Site<'r>, list: &'r [Value]) -> Result<bool, SchemaError> {
        let mut branches = Vec::new();
        for branch in list {
            let mut branch = site.child(branch)?;
            for _ in 0..DEEPEST {
                let Value::Object(map) = branch.schema else { return Ok(false) };
                match map.get("$ref").and_then(Value::as_str) {
                    Some(reference) if only_reference(branch.draft, map) => {
                        branch = self.document.follow(&branch, reference)?;
                    }
                    _ => break,
                }
            }
            let Value::Object(map) = branch.schema else { return Ok(false) };
            branches.push((branch.draft, map));
        }
        let mut kinds = FxHashSet::default();
        let kind = |map: &'r Map<String, Value>| map.get("type").and_then(Value::as_str);
        if branches
            .iter()
            .all(|(_, map)| kind(map).is_some_and(|kind| kinds.insert(if kind == "integer" { "number" } else { kind })))
        {
            return Ok(true);
        }
        let Some((_, first)) = branches.first() else { return Ok(false) };
        let Some(Value::Object(properties)) = first.get("properties") else { return Ok(false) };
        Ok(properties.keys().any(|tag| {
            let mut seen = FxHashSet::default();
            branches.iter().all(|(draft, map)| {
                let values = tags(map, tag, *draft);
                values.is_some_and(|list| list.iter().all(|it| seen.insert(self.arena.values.from_json(it))))
            })
        }))
    }
}

/// The values that a required property may have.
fn tags<'r>(map: &'r Map<String, Value>, name: &str, draft: Draft) -> Option<&'r [Value]> {
    let required = map.get("required")?.as_array()?.iter().any(|it| it.as_str() == Some(name));
    let objects = map.get("type").and_then(Value::as_str) == Some("object");
    let property = map.get("properties")?.get(name)?;
    if !required || !objects || property.get("$ref").is_some() {
        return None;
    }
    match (property.get("const").filter(|_| draft >= Draft::Draft6), property.get("enum")) {
        (Some(only), _) => Some(std::slice::from_ref(only)),
        (None, Some(Value::Array(values))) => Some(values),
        _ => None,
    }
}

impl Alternative<'_> {
    fn when(mut self, condition: NodeId) -> Self {
        if condition != TRUE {
            self.conditions.push(condition);
        }
        self
    }
}

/// Both at once.
fn product<'r>(one: &[Alternative<'r>], other: &[Alternative<'r>]) -> Option<Vec<Alternative<'r>>> {
    if one.len() * other.len() > MOST.max(one.len()).max(other.len()) {
        return None;
    }
    let both = one.iter().flat_map(|a| {
        other.iter().map(|b| Alternative {
            conditions: [a.conditions.as_slice(), &b.conditions].concat(),
            members: [a.members.as_slice(), &b.members].concat(),
        })
    });
    Some(both.collect())
}

/// Whether a schema says nothing of what is in an object or array.
fn is_silent(site: &Site<'_>) -> bool {
    const TELLING: [&str; 9] = [
        "properties",
        "patternProperties",
        "additionalProperties",
        "unevaluatedProperties",
        "items",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
        "contains",
    ];
    site.schema.as_object().is_none_or(|map| TELLING.iter().all(|keyword| !map.contains_key(*keyword)))
}

/// What the members evaluate of an object, but for the `unevaluatedProperties` of one of them.
fn evaluated<'r>(members: &[Site<'r>], but: &Site<'r>) -> Evaluated<'r> {
    let mut evaluated = Evaluated::default();
    for member in members {
        let Value::Object(map) = member.schema else { continue };
        evaluated.all |= map.contains_key("additionalProperties")
            || map.contains_key("unevaluatedProperties") && !std::ptr::eq(member.schema, but.schema);
        let keys = |keyword| map.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::keys);
        evaluated.names.extend(keys("properties").map(String::as_str));
        evaluated.patterns.extend(keys("patternProperties").map(String::as_str));
    }
    evaluated.names.sort_unstable();
    evaluated.names.dedup();
    evaluated
}
