//! Whether a value is in a set, exactly. `None` where a rule is not understood and no other one refuses the value.

use super::{
    arena::{FALSE, NodeId, TRUE},
    schema::{ArrayRules, Logic, ObjectRules, Schema},
    solve::Solver,
    value::{Name, Value, ValueId},
};
use rustc_hash::FxHashSet;

/// What all of a few rules say together: refused if one refuses, and else unknown if one is.
#[derive(Clone, Copy)]
struct All(Option<bool>);

impl All {
    /// Adds a rule; `true` if nothing more can change.
    fn and(&mut self, holds: Option<bool>) -> bool {
        match holds {
            Some(true) => {}
            Some(false) => self.0 = Some(false),
            None => self.0 = None,
        }
        self.0 == Some(false)
    }
}

impl Solver<'_> {
    /// Whether a set has a value.
    pub(super) fn has(&mut self, node: NodeId, value: ValueId) -> Option<bool> {
        let node = self.arena.resolve(node);
        match node {
            TRUE => return Some(true),
            FALSE => return Some(false),
            _ => {}
        }
        if !self.work.spend(1) {
            return None;
        }
        if !self.arena.kinds[node.0 as usize].has(self.arena.kinds_of_value(value)) {
            return Some(false);
        }
        let schema = self.arena.schema(node)?.clone();
        if schema.logic.is_none() && schema.object.is_none() && schema.array.is_none() {
            return self.judge(&schema, value);
        }
        if let Some(known) = self.evaluated.get(&(node, value)) {
            return *known;
        }
        let judged = self.judge(&schema, value);
        self.evaluated.insert((node, value), judged);
        judged
    }

    fn judge(&mut self, schema: &Schema, value: ValueId) -> Option<bool> {
        if !schema.kinds.has(self.arena.kinds_of_value(value))
            || schema.allowed.as_ref().is_some_and(|allowed| allowed.binary_search(&value).is_err())
        {
            return Some(false);
        }
        let mut all = All(Some(true));
        let own = match self.arena.values.get(value).clone() {
            Value::Null | Value::Bool(_) => Some(true),
            Value::Huge(_) => schema.number.is_none().then_some(true),
            Value::Number(number) => Some(schema.number.as_ref().is_none_or(|rules| {
                (!rules.integer || number.is_integer())
                    && rules.min.is_none_or(|it| number > it.at || (!it.exclusive && number == it.at))
                    && rules.max.is_none_or(|it| number < it.at || (!it.exclusive && number == it.at))
                    && rules.multiples.iter().all(|step| number.is_multiple_of(*step))
            })),
            Value::Text(text) => self.text(schema, text),
            Value::Array(items) => schema.array.as_ref().map_or(Some(true), |rules| self.array(rules, &items)),
            Value::Object(members) => {
                schema.object.as_ref().map_or(Some(true), |rules| self.object(rules, value, &members))
            }
        };
        if all.and(own) || schema.logic.as_ref().is_some_and(|logic| all.and(self.logic(logic, value))) {
            return Some(false);
        }
        all.0.filter(|_| schema.unsupported.is_none())
    }

    fn logic(&mut self, logic: &Logic, value: ValueId) -> Option<bool> {
        let mut all = All(Some(true));
        let not = |holds: Option<bool>| holds.map(|holds| !holds);
        for node in &logic.all {
            if all.and(self.has(*node, value)) {
                return Some(false);
            }
        }
        for node in &logic.not {
            if all.and(not(self.has(*node, value))) {
                return Some(false);
            }
        }
        for nodes in &logic.any {
            let mut none = All(Some(true));
            let _ = nodes.iter().any(|node| none.and(not(self.has(*node, value))));
            if all.and(not(none.0)) {
                return Some(false);
            }
        }
        for nodes in &logic.one {
            let holds: Vec<Option<bool>> = nodes.iter().map(|node| self.has(*node, value)).collect();
            let surely = holds.iter().filter(|it| **it == Some(true)).count();
            let open = holds.iter().filter(|it| it.is_none()).count();
            let one = match (surely, open) {
                (2.., _) => Some(false),
                (count, 0) => Some(count == 1),
                _ => None,
            };
            if all.and(one) {
                return Some(false);
            }
        }
        for (condition, then, otherwise) in &logic.conditions {
            let holds = match self.has(*condition, value) {
                Some(true) => self.has(*then, value),
                Some(false) => self.has(*otherwise, value),
                None => None,
            };
            if all.and(holds) {
                return Some(false);
            }
        }
        all.0
    }

    fn text(&mut self, schema: &Schema, text: Name) -> Option<bool> {
        let Some(rules) = &schema.text else { return Some(true) };
        let text = self.arena.values.text(text);
        let length = text.chars().count() as u64;
        if length < rules.min || rules.max.is_some_and(|max| length > max) {
            return Some(false);
        }
        let mut all = All(Some(true));
        for pattern in &rules.patterns {
            if all.and(self.arena.patterns.is_match(*pattern, text)) {
                return Some(false);
            }
        }
        for format in &rules.formats {
            if all.and(super::format::is_of(self.arena.values.text(*format), text)) {
                return Some(false);
            }
        }
        all.0
    }

    fn array(&mut self, rules: &ArrayRules, items: &[ValueId]) -> Option<bool> {
        let length = items.len() as u64;
        if length < rules.min || rules.max.is_some_and(|max| length > max) {
            return Some(false);
        }
        if rules.unique {
            let mut seen = FxHashSet::default();
            if !items.iter().all(|item| seen.insert(*item)) {
                return Some(false);
            }
        }
        let mut all = All(Some(true));
        for (at, item) in items.iter().enumerate() {
            if let Some(node) = rules.prefix.get(at).copied().or(rules.items)
                && all.and(self.has(node, *item))
            {
                return Some(false);
            }
        }
        for it in &rules.contains {
            let holds: Vec<Option<bool>> = items.iter().map(|item| self.has(it.node, *item)).collect();
            let surely = holds.iter().filter(|it| **it == Some(true)).count() as u64;
            let maybe = surely + holds.iter().filter(|it| it.is_none()).count() as u64;
            let enough = if maybe < it.min { Some(false) } else { (surely >= it.min).then_some(true) };
            let few = match it.max {
                Some(max) if surely > max => Some(false),
                Some(max) => (maybe <= max).then_some(true),
                None => Some(true),
            };
            if all.and(enough) || all.and(few) {
                return Some(false);
            }
        }
        all.0
    }

    fn object(&mut self, rules: &ObjectRules, whole: ValueId, members: &[(Name, ValueId)]) -> Option<bool> {
        let count = members.len() as u64;
        let has = |name: &Name| members.binary_search_by_key(name, |(name, _)| *name).is_ok();
        if count < rules.min
            || rules.max.is_some_and(|max| count > max)
            || !rules.required.iter().all(has)
            || rules.dependent_required.iter().any(|(name, others)| has(name) && !others.iter().all(has))
        {
            return Some(false);
        }
        let mut all = All(Some(true));
        for (name, node) in &rules.dependent_schemas {
            if has(name) && all.and(self.has(*node, whole)) {
                return Some(false);
            }
        }
        for (name, value) in members {
            let mut nodes = Vec::new();
            if self.rules_for(rules, *name, &mut nodes).is_none() {
                all.and(None);
                continue;
            }
            for node in nodes {
                if all.and(self.has(node, *value)) {
                    return Some(false);
                }
            }
            if let Some(node) = rules.names {
                let text = self.arena.values.add(Value::Text(*name));
                if all.and(self.has(node, text)) {
                    return Some(false);
                }
            }
        }
        all.0
    }

    /// Adds what a member of this name must be; `None` if a pattern cannot be decided.
    pub(super) fn rules_for(&self, rules: &ObjectRules, name: Name, out: &mut Vec<NodeId>) -> Option<()> {
        let mut known = false;
        if let Ok(at) = rules.properties.binary_search_by_key(&name, |(name, _)| *name) {
            out.push(rules.properties[at].1);
            known = true;
        }
        for (pattern, node) in &rules.patterns {
            if self.arena.patterns.is_match(*pattern, self.arena.values.text(name))? {
                out.push(*node);
                known = true;
            }
        }
        if !known {
            out.extend(rules.others);
        }
        Some(())
    }
}
