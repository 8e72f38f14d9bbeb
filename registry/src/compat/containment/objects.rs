//! Objects: members that must be there, members that must be outside of sets, names by what patterns say of them, and how many
//! members there are. Names that no rule mentions are alike as far as the same patterns match them, so that one stands for all.

use super::{
    arena::{FALSE, NodeId},
    names::{Candidate, Names},
    schema::Schema,
    solve::{Outcome, Solver, Support},
    tableau::{Case, Fact, Prospect},
    value::{Name, Value, ValueId},
};
use std::{collections::BTreeMap, sync::Arc};

/// The most members that are built.
const MOST: u64 = 2_000;

/// What is known of the objects of a case.
pub(super) struct Objects {
    pub(super) rules: Vec<Arc<Schema>>,
    /// Members that are there, with the sets that they are outside of.
    pub(super) must: BTreeMap<Name, Vec<NodeId>>,
    pub(super) absent: Vec<Name>,
    /// Facts about a member of any name.
    pub(super) wanted: Vec<Fact>,
    min: u64,
    pub(super) max: u64,
    except: Vec<ValueId>,
}

/// The members that were built, and what the failures on the way rested on.
pub(super) struct Built {
    pub(super) members: BTreeMap<Name, ValueId>,
    pub(super) support: Support,
}

/// Why there is no object, or may be none.
pub(super) type Failed = Outcome;

impl Objects {
    fn of(solver: &Solver<'_>, case: &Case) -> Objects {
        let rules = solver.object_rules(case);
        let (must, absent, wanted, except) = Default::default();
        let mut out = Objects { rules, must, absent, wanted, min: 0, max: u64::MAX, except };
        for rules in out.rules.iter().filter_map(|schema| schema.object.as_deref()) {
            out.min = out.min.max(rules.min);
            out.max = out.max.min(rules.max.unwrap_or(u64::MAX));
            for name in &rules.required {
                out.must.entry(*name).or_default();
            }
        }
        for fact in &case.facts {
            match fact {
                Fact::Present(name) => drop(out.must.entry(*name).or_default()),
                Fact::MemberNot(name, node) => out.must.entry(*name).or_default().push(*node),
                Fact::Absent(name) => out.absent.push(*name),
                Fact::MatchedNot(..) | Fact::OtherNot(..) | Fact::NameNot(_) => out.wanted.push(fact.clone()),
                Fact::FewerMembers(count) => out.max = out.max.min(count - 1),
                Fact::MoreMembers(count) => out.min = out.min.max(count + 1),
                Fact::NotAmong(values) => out.except.extend(values.iter()),
                _ => {}
            }
        }
        out
    }

    /// Whether no object can be there, as far as it shows at once.
    fn conflict(&self) -> bool {
        self.min > self.max
            || self.must.len() as u64 > self.max
            || self.absent.iter().any(|name| self.must.contains_key(name))
    }
}

impl Solver<'_> {
    pub(super) fn object_rules(&self, case: &Case) -> Vec<Arc<Schema>> {
        let schemas = case.yes.iter().filter_map(|node| self.arena.schema(*node));
        schemas.filter(|schema| schema.object.is_some()).cloned().collect()
    }

    /// The value of a member that is in all that the rules say of its name, and outside of some sets.
    fn member(&mut self, case: &Case, rules: &[Arc<Schema>], name: Name, no: Vec<NodeId>) -> Outcome {
        let mut yes = Vec::new();
        for rules in rules.iter().filter_map(|schema| schema.object.as_deref()) {
            if let Some(node) = rules.names {
                let text = self.arena.values.add(Value::Text(name));
                match self.has(node, text) {
                    Some(true) => {}
                    Some(false) => return Outcome::NOTHING,
                    None => return self.doubt(case, "propertyNames", "whether a name is allowed is not known"),
                }
            }
            if self.rules_for(rules, name, &mut yes).is_none() {
                return self.doubt(case, "patternProperties", UNDECIDED_PATTERN);
            }
        }
        self.inside(yes, no)
    }

    /// An object of a case.
    pub(super) fn objects(&mut self, case: &Case) -> Outcome {
        let objects = Objects::of(self, case);
        if objects.conflict() {
            return Outcome::NOTHING;
        }
        if objects.min > MOST {
            return self.doubt(case, "minProperties", "the object would be too large");
        }
        match self.build(case, &objects) {
            Ok(built) => Outcome::Found(self.arena.values.add_object(built.members)),
            Err(failed) => failed,
        }
    }

    fn build(&mut self, case: &Case, objects: &Objects) -> Result<Built, Failed> {
        let mut built = Built { members: BTreeMap::new(), support: Support::NONE };
        let mut doubt = None;
        for (name, no) in &objects.must {
            match self.member(case, &objects.rules, *name, no.clone()) {
                Outcome::Found(value) => drop(built.members.insert(*name, value)),
                // No value here means none at all, whatever is in doubt elsewhere.
                Outcome::Empty(support) => return Err(Outcome::Empty(support)),
                unknown => drop(doubt.get_or_insert(unknown)),
            }
        }
        if let Some(doubt) = doubt {
            return Err(doubt);
        }
        let names = Names::of(objects);
        if !objects.wanted.is_empty() {
            let mut lists = Vec::new();
            for fact in &objects.wanted {
                lists.push(self.candidates(case, objects, &names, &mut built, Some(fact))?);
            }
            self.place(case, objects, &lists, &mut built)?;
        }
        self.fill(case, objects, &names, built)
    }

    /// Adds members until there are enough of them, and the object is none of those that are excluded.
    fn fill(&mut self, case: &Case, objects: &Objects, names: &Names, mut built: Built) -> Result<Built, Failed> {
        loop {
            let count = built.members.len() as u64;
            let excluded = !objects.except.is_empty() && {
                let whole = self.arena.values.add_object(built.members.clone());
                objects.except.contains(&whole)
            };
            if count >= objects.min && !excluded {
                return Ok(built);
            }
            if count >= objects.max || !self.add_one(case, objects, names, &mut built)? {
                return Err(match excluded {
                    true => self.doubt(case, "enum", "all that was found is excluded by value"),
                    false => Outcome::Empty(built.support),
                });
            }
        }
    }

    /// Adds a member of any name; whether there is one.
    fn add_one(&mut self, case: &Case, objects: &Objects, names: &Names, built: &mut Built) -> Result<bool, Failed> {
        let mut doubt = None;
        for Candidate { name, .. } in self.candidates(case, objects, names, built, None)? {
            if built.members.contains_key(&name) {
                continue;
            }
            match self.member(case, &objects.rules, name, Vec::new()) {
                Outcome::Found(value) => {
                    built.members.insert(name, value);
                    return Ok(true);
                }
                Outcome::Empty(support) => built.support = built.support.min(support),
                unknown => drop(doubt.get_or_insert(unknown)),
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    /// Finds a name for each wanted fact; several may share one.
    fn place(
        &mut self,
        case: &Case,
        objects: &Objects,
        lists: &[Vec<Candidate>],
        built: &mut Built,
    ) -> Result<(), Failed> {
        let mut doubt = None;
        // Which candidate each list tries next, and which sets the members of the names so far are outside of.
        let mut tried = vec![0];
        let mut outside = objects.must.clone();
        let mut before: Vec<(Name, Option<ValueId>)> = Vec::new();
        while let Some(at) = tried.last_mut() {
            let list = &lists[before.len()];
            let Some(candidate) = list.get(*at) else {
                tried.pop();
                if let Some((name, value)) = before.pop() {
                    let old = &lists[before.len()][tried[before.len()] - 1];
                    let sets = outside.entry(name).or_default();
                    sets.truncate(sets.len() - old.no.len());
                    match value {
                        Some(value) => drop(built.members.insert(name, value)),
                        None => drop(built.members.remove(&name)),
                    }
                }
                continue;
            };
            *at += 1;
            if !self.work.spend(1) {
                return Err(self.doubt(case, "", "the limit on work was reached"));
            }
            let name = candidate.name;
            if !built.members.contains_key(&name) && built.members.len() as u64 >= objects.max {
                continue;
            }
            let mut no = outside.get(&name).cloned().unwrap_or_default();
            no.extend(&candidate.no);
            match self.member(case, &objects.rules, name, no) {
                Outcome::Found(value) => {
                    outside.entry(name).or_default().extend(&candidate.no);
                    before.push((name, built.members.insert(name, value)));
                    if before.len() == lists.len() {
                        return Ok(());
                    }
                    tried.push(0);
                }
                Outcome::Empty(support) => built.support = built.support.min(support),
                unknown => drop(doubt.get_or_insert(unknown)),
            }
        }
        Err(doubt.unwrap_or(Outcome::Empty(built.support)))
    }

    /// Whether an object of a case, which has these rules, can have a fact.
    pub(super) fn object_prospect(&mut self, case: &Case, rules: &[Arc<Schema>], fact: &Fact, alone: bool) -> Prospect {
        const NEVER: Prospect = Prospect::Never(Support::NONE);
        match fact {
            Fact::MemberNot(name, node) => {
                let absent = |fact: &Fact| matches!(fact, Fact::Absent(it) if it == name);
                if case.facts.iter().any(absent) {
                    return NEVER;
                }
                let outside = case.facts.iter().filter_map(|fact| match fact {
                    Fact::MemberNot(it, node) if it == name => Some(*node),
                    _ => None,
                });
                let mut no: Vec<NodeId> = outside.collect();
                if no.contains(node) {
                    return Prospect::Always(Support::NONE);
                }
                let required = |schema: &Arc<Schema>| {
                    schema.object.as_ref().is_some_and(|rules| rules.required.binary_search(name).is_ok())
                };
                if !no.is_empty() || !alone && rules.iter().any(required) {
                    // Every value that the member can have is outside anyway.
                    let mut yes = vec![*node];
                    for rules in rules.iter().filter_map(|schema| schema.object.as_deref()) {
                        if self.rules_for(rules, *name, &mut yes).is_none() {
                            return Prospect::Open;
                        }
                    }
                    if let Outcome::Empty(support) = self.inside(yes, no.clone()) {
                        return Prospect::Always(support);
                    }
                }
                no.push(*node);
                match self.member(case, rules, *name, no) {
                    Outcome::Empty(support) => Prospect::Never(support),
                    _ => Prospect::Open,
                }
            }
            Fact::Absent(name) => {
                let required = |schema: &Arc<Schema>| {
                    schema.object.as_ref().is_some_and(|rules| rules.required.binary_search(name).is_ok())
                };
                let there = |fact: &Fact| matches!(fact, Fact::Present(it) | Fact::MemberNot(it, _) if it == name);
                if rules.iter().any(required) || case.facts.iter().any(there) {
                    return NEVER;
                }
                let same = case.facts.contains(fact);
                if same { Prospect::Always(Support::NONE) } else { Prospect::Open }
            }
            Fact::OtherNot(schema, node) => {
                // Where all names are known, those that the rules of the fact do not name are few.
                let closed = rules.iter().filter_map(|schema| schema.object.as_deref());
                let mut closed = closed.filter(|rules| rules.others == Some(FALSE) && rules.patterns.is_empty());
                let (Some(closed), Some(named)) = (closed.next(), schema.object.as_deref()) else {
                    return Prospect::Open;
                };
                let mut support = Support::NONE;
                for (name, _) in &closed.properties {
                    if named.properties.binary_search_by_key(name, |(name, _)| *name).is_ok() {
                        continue;
                    }
                    match self.member(case, rules, *name, vec![*node]) {
                        Outcome::Empty(it) => support = support.min(it),
                        _ => return Prospect::Open,
                    }
                }
                Prospect::Never(support)
            }
            _ => Prospect::Open,
        }
    }
}

/// Why a pattern has no automaton.
pub(super) const UNDECIDED_PATTERN: &str = "the pattern is malformed, too large, or looks around or back";
