//! Names that a member could have: those that rules mention, and for each way in which patterns can match a name, a new one.

use super::{
    arena::NodeId,
    objects::{Built, Failed, Objects, UNDECIDED_PATTERN},
    pattern::PatternId,
    schema::{Kinds, Schema},
    solve::{Outcome, Solver, Support},
    tableau::{Case, Fact},
    text::{Found, Texts},
    value::{Name, Value},
};

/// The most patterns whose combinations are tried.
const PATTERNS: usize = 8;

/// A name that a member could have to make a fact true, and what its value must be outside of then.
pub(super) struct Candidate {
    pub(super) name: Name,
    pub(super) no: Vec<NodeId>,
}

/// What rules say of names.
pub(super) struct Names {
    /// Names that rules mention.
    known: Vec<Name>,
    patterns: Vec<PatternId>,
    /// Sets that every name is in, as a text.
    all: Vec<NodeId>,
}

impl Names {
    pub(super) fn of(objects: &Objects) -> Names {
        let own = objects.rules.iter();
        let other = objects.wanted.iter().filter_map(|fact| match fact {
            Fact::OtherNot(schema, _) => Some(schema),
            _ => None,
        });
        let rules = || own.clone().chain(other.clone()).filter_map(|schema| schema.object.as_deref());
        let matched = objects.wanted.iter().filter_map(|fact| match fact {
            Fact::MatchedNot(pattern, _) => Some(*pattern),
            _ => None,
        });
        let mut known: Vec<Name> = rules().flat_map(|rules| &rules.properties).map(|(name, _)| *name).collect();
        let mut patterns: Vec<PatternId> =
            rules().flat_map(|rules| &rules.patterns).map(|(pattern, _)| *pattern).chain(matched).collect();
        let mut all: Vec<NodeId> = objects.rules.iter().filter_map(|schema| schema.object.as_deref()?.names).collect();
        known.sort_unstable();
        known.dedup();
        patterns.sort_unstable();
        patterns.dedup();
        all.sort_unstable();
        all.dedup();
        Names { known, patterns, all }
    }
}

impl Solver<'_> {
    /// Names for a fact about any member, or just for a member more: required ones first, then known ones, then new ones.
    pub(super) fn candidates(
        &mut self,
        case: &Case,
        objects: &Objects,
        names: &Names,
        built: &mut Built,
        fact: Option<&Fact>,
    ) -> Result<Vec<Candidate>, Failed> {
        if names.patterns.len() > PATTERNS {
            return Err(self.doubt(case, "patternProperties", "there are too many patterns"));
        }
        let mut all: Vec<Name> = objects.must.keys().copied().collect();
        all.extend(names.known.iter().filter(|name| !objects.must.contains_key(name)));
        let mut taken: Vec<Name> = all.clone();
        taken.extend(built.members.keys().chain(&objects.absent));
        all.retain(|name| !objects.absent.contains(name));
        let not = match fact {
            Some(Fact::NameNot(node)) => Some(*node),
            _ => None,
        };
        for mask in 0..1u32 << names.patterns.len() {
            let is_set = |at: usize| mask >> at & 1 == 1;
            let split = |wanted: bool| {
                let patterns = names.patterns.iter().enumerate().filter(move |(at, _)| is_set(*at) == wanted);
                patterns.map(|(_, pattern)| *pattern).collect::<Vec<_>>()
            };
            let (yes, no) = (split(true), split(false));
            let possible = match fact {
                Some(Fact::MatchedNot(pattern, _)) => yes.contains(pattern),
                Some(Fact::OtherNot(schema, _)) => {
                    let patterns = schema.object.iter().flat_map(|rules| &rules.patterns);
                    patterns.into_iter().all(|(pattern, _)| no.contains(pattern))
                }
                _ => true,
            };
            // As many new names as there are facts, so that each can have its own.
            for _ in 0..if possible { objects.wanted.len().max(1) } else { 0 } {
                // Every name that is taken is looked at.
                self.work.spend(taken.len() as u64 / 2);
                match self.fresh(case, names, (&yes, &no), not, &taken, &mut built.support)? {
                    Some(name) => {
                        taken.push(name);
                        all.push(name);
                    }
                    None => break,
                }
            }
        }
        let mut out = Vec::new();
        for name in all {
            if let Some(no) = self.if_named(case, fact, name)? {
                out.push(Candidate { name, no });
            }
        }
        Ok(out)
    }

    /// What the value of a member of this name must be outside of to make the fact true; `None` if the fact says nothing of it.
    fn if_named(&mut self, case: &Case, fact: Option<&Fact>, name: Name) -> Result<Option<Vec<NodeId>>, Failed> {
        let unknown = |solver: &Self| solver.doubt(case, "patternProperties", UNDECIDED_PATTERN);
        Ok(match fact {
            Some(Fact::MatchedNot(pattern, node)) => {
                let text = self.arena.values.text(name);
                match self.arena.patterns.is_match(*pattern, text) {
                    Some(matches) => matches.then(|| vec![*node]),
                    None => return Err(unknown(self)),
                }
            }
            Some(Fact::OtherNot(schema, node)) => {
                let Some(rules) = schema.object.as_deref() else { return Ok(None) };
                if rules.properties.binary_search_by_key(&name, |(name, _)| *name).is_ok() {
                    return Ok(None);
                }
                for (pattern, _) in &rules.patterns {
                    match self.arena.patterns.is_match(*pattern, self.arena.values.text(name)) {
                        Some(false) => {}
                        Some(true) => return Ok(None),
                        None => return Err(unknown(self)),
                    }
                }
                Some(vec![*node])
            }
            Some(Fact::NameNot(node)) => {
                let text = self.arena.values.add(Value::Text(name));
                match self.has(*node, text) {
                    Some(holds) => (!holds).then(Vec::new),
                    None => return Err(self.doubt(case, "propertyNames", "whether a name is allowed is not known")),
                }
            }
            _ => Some(Vec::new()),
        })
    }

    /// A name that is not taken, that some patterns match and others do not.
    fn fresh(
        &mut self,
        case: &Case,
        names: &Names,
        (yes, no): (&[PatternId], &[PatternId]),
        not: Option<NodeId>,
        taken: &[Name],
        support: &mut Support,
    ) -> Result<Option<Name>, Failed> {
        if names.all.is_empty() && not.is_none() {
            // A name of at least one character, if there is one.
            for (min, max) in [(1, None), (0, Some(0))] {
                let (yes, no, except) = (yes.to_vec(), no.to_vec(), taken.to_vec());
                let texts = Texts { min, max, yes, no, except, ..Texts::default() };
                match texts.find(&self.arena.patterns, &self.arena.values, &mut self.work) {
                    Found::Text(text) => return Ok(Some(self.arena.values.name(&text))),
                    Found::Nothing => {}
                    Found::Unknown(keyword, why) => return Err(self.doubt(case, keyword, why)),
                }
            }
            return Ok(None);
        }
        let origin = self.arena.origin(names.all.first().copied().or(not).unwrap_or(super::arena::TRUE));
        let mut text = Schema::of(Kinds::TEXT);
        text.text_mut().patterns = yes.to_vec();
        let mut all = names.all.clone();
        all.push(self.arena.add(text, origin));
        let mut none: Vec<NodeId> = not.into_iter().collect();
        for pattern in no {
            let mut text = Schema::default();
            text.text_mut().patterns = vec![*pattern];
            none.push(self.arena.add(text, origin));
        }
        let mut texts = Schema::default();
        let taken: Vec<_> = taken.iter().map(|name| self.arena.values.add(Value::Text(*name))).collect();
        texts.allow_only(taken);
        none.push(self.arena.add(texts, origin));
        let settled =
            |solver: &Self, nodes: Vec<NodeId>| nodes.into_iter().map(|it| solver.arena.resolve(it)).collect();
        let (all, none) = (settled(self, all), settled(self, none));
        match self.inside(all, none) {
            Outcome::Found(value) => match self.arena.values.get(value) {
                Value::Text(name) => Ok(Some(*name)),
                _ => Ok(None),
            },
            Outcome::Empty(it) => {
                *support = it.min(*support);
                Ok(None)
            }
            unknown => Err(unknown),
        }
    }
}
