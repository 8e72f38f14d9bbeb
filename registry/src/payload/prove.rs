//! Upgrades that are not released yet, tried on payloads of the old version: what an upgrade computes must be valid in the new one.
//! What types decide was decided before; here the expressions run. Hooks are Rust code and are tested where they are written: only
//! what stands beside them runs here.

mod texts;

use super::{
    Data, Refused, Scope, eval,
    eval::at_field,
    hop, read,
    samples::{self, Sample},
};
use crate::{Evolution, Known, Major, compat::Record, evolution::Onward, parallel::in_parallel, schema::Json};
use isobar::{Problem, UpcastError};
use isobar_model::{
    Diagnostics, Field, Model, ShapeKind, Span, Table, Types, Version,
    diag::{Code, Diagnostic, codes},
    expr::{Typed, TypedKind},
    model::{Assignment, Event, Name},
};

/// How many payloads of a version are tried where an upgrade computes something, and where it only moves and copies, which
/// types prove.
const TRIED: (usize, usize) = (160, 8);
/// How many findings there are at most for one upgrade: each is about another field.
const SHOWN: usize = 5;

/// Reports upgrades and downgrades of drafts that fail for a payload that is allowed.
pub(crate) fn check(model: &Model, evolutions: &Table<Name, Evolution>, diagnostics: &mut Diagnostics) {
    let touched = |it: &&Evolution| it.draft().is_some() || !it.alive;
    let touched: Vec<&Evolution> = evolutions.values().filter(touched).collect();
    for found in in_parallel(&touched, |evolution| one(model, evolution, evolutions)) {
        diagnostics.extend(found);
    }
}

fn one(model: &Model, evolution: &Evolution, evolutions: &Table<Name, Evolution>) -> Diagnostics {
    let mut found = Diagnostics::default();
    for pair in evolution.majors.windows(2) {
        let [old, new] = pair else { continue };
        // A later minor of a draft is no upgrade: its major has one that was released.
        if !new.draft || new.known.len() > 1 {
            continue;
        }
        let rules = &new.event;
        let name = format!("`{}`", evolution.name);
        if let Some(up) = &old.up {
            let trial = Trial { way: up, code: &codes::UPGRADE_FAILS, old, new, span: rules.name.span };
            let what = format!("the upgrade of {name} to {}", new.version);
            trial.run(&what, &of_major(evolution, old), &rules.upgrade.assignments, &mut found);
        }
        if let Some(down) = new.down.as_ref().filter(|_| !rules.downgrade.is_empty()) {
            let trial = Trial { way: down, code: &codes::DOWNGRADE_FAILS, old: new, new: old, span: rules.name.span };
            let what = format!("the downgrade of {name} to {}", old.version);
            trial.run(&what, &of_major(evolution, new), &rules.downgrade, &mut found);
        }
    }
    let split = model.event(&evolution.name).is_some_and(|event| !event.splits_into.is_empty());
    if let (Onward::Others(others), Some(old)) = (&evolution.onward, evolution.majors.last()) {
        for other in others {
            let Some(target) = evolutions.get(&other.name) else { continue };
            let Some(new) = target.major(other.major).filter(|new| split || new.draft) else { continue };
            let rules = if split { model.event(&evolution.name).unwrap_or(&old.event) } else { &new.event };
            let part = if split { &other.name } else { &evolution.name };
            let span = rules.name.span;
            let trial = Trial { way: &other.hop, code: &codes::UPGRADE_FAILS, old, new, span };
            let what = format!("what `{}` becomes in `{}` {}", evolution.name, other.name, new.version);
            trial.run(&what, &of_major(evolution, old), part_of(rules, part), &mut found);
        }
    }
    found.about(&evolution.name)
}

fn of_major<'a>(evolution: &'a Evolution, major: &Major) -> Vec<&'a Known> {
    evolution.versions.iter().filter(|known| major.known.contains(&known.version)).collect()
}

fn part_of<'a>(rules: &'a Event, name: &Name) -> &'a [Assignment] {
    let part = rules.upgrade.by_event.iter().find(|(it, _)| it.value == *name);
    part.map_or(&[], |(_, assignments)| assignments)
}

/// A payload for which there is no result.
struct Failure {
    /// Whether a number that nobody bounded only made another one too large for its type.
    overflow: bool,
    extreme: bool,
    json: String,
    version: Version,
    why: UpcastError,
}

impl Failure {
    /// What people would rather see is smaller.
    fn size(&self) -> (bool, bool, usize) {
        (self.overflow, self.extreme, self.json.len())
    }
}

/// A way from one major to another that is to be tried.
struct Trial<'a> {
    way: &'a Typed,
    code: &'static Code,
    old: &'a Major,
    new: &'a Major,
    /// The place of the event, for what is about no assignment.
    span: Span,
}

impl Trial<'_> {
    fn run(&self, what: &str, versions: &[&Known], written: &[Assignment], found: &mut Diagnostics) {
        let mut computes = false;
        self.way.visit(&mut |node| {
            computes |= matches!(node.kind, TypedKind::Binary(..) | TypedKind::Unary(..) | TypedKind::Call(..));
        });
        let hook = has_hook(self.way);
        let mut failures: Table<String, Failure> = Table::new();
        for known in versions {
            let count = if computes { TRIED.0 } else { TRIED.1 };
            let examples = known.event.examples.iter().map(|it| Sample::plain(it.value.clone()));
            let samples = examples.chain(samples::payloads(&known.types, known.fields(), count));
            let samples = samples.map(|it| (Json::from(&it.value).to_string(), it.extreme));
            let texts = texts::refused(self.way, (self.old, self.new), known).into_iter().map(|json| (json, false));
            for (json, extreme) in samples.chain(texts) {
                let Ok(data) = read(json.as_bytes(), self.old.record()) else { continue };
                let Err(Refused::Hop { source, .. }) = hop(self.way, &data, self.old, self.new) else { continue };
                // What could not have been written is no reason against an upgrade.
                if read(json.as_bytes(), known.record()).is_err() {
                    continue;
                }
                let mut wrong = self.members(&data);
                // A hook always fails here.
                if wrong.is_empty() && !hook {
                    wrong.push((String::new(), source));
                }
                for (field, why) in wrong {
                    let (json, overflow) = (json.clone(), extreme && is_size(&why));
                    let failure = Failure { overflow, extreme, json, version: known.version, why };
                    let smaller = failures.get(&field).is_none_or(|before| failure.size() < before.size());
                    if smaller && (failures.len() < SHOWN || failures.contains_key(&field)) {
                        failures.insert(field, failure);
                    }
                }
            }
        }
        for (field, failure) in failures {
            let at = written.iter().find(|it| leads_to(&it.target.value, &field));
            let span = at.map_or(self.span, |it| it.target.span.to(it.expr.span));
            let message = format!("{what} fails for data of {}: {}", failure.version, failure.why);
            let label = if field.is_empty() { String::new() } else { format!("`{field}` has no valid value") };
            let (code, help) = match (failure.overflow, self.code == &codes::UPGRADE_FAILS) {
                (true, _) => {
                    let help = "bound the fields that it computes with, write a hook that says what becomes of such data, or waive it if there is none";
                    (&codes::MAY_OVERFLOW, help)
                }
                (_, true) => (self.code, "make the expression fit every old payload, widen the field, or write a hook"),
                (_, false) => (self.code, "make the expression fit every new payload, or leave `downgrade` out"),
            };
            let finding = Diagnostic::new(code, span, message).label(label).help(help);
            found.push(finding.witness(Some(failure.json)));
        }
    }

    /// The members that cannot be computed, or are no values of their fields; each is looked at, whatever the others are.
    fn members(&self, data: &Data) -> Vec<(String, UpcastError)> {
        let mut wrong = Vec::new();
        self.record(self.way, self.new.fields(), data, &mut Vec::new(), &mut wrong);
        wrong
    }

    fn record<'t>(
        &self,
        way: &'t Typed,
        fields: &'t [Field],
        data: &Data,
        path: &mut Vec<&'t str>,
        wrong: &mut Vec<(String, UpcastError)>,
    ) where
        Self: 't,
    {
        let types: &'t Types = &self.new.types;
        let TypedKind::Record(members) = &way.kind else { return };
        for (name, member) in members {
            let Some(field) = fields.iter().find(|field| field.name.value == *name) else { continue };
            path.push(name);
            match (&member.kind, &types.resolve(&field.shape).kind) {
                (TypedKind::Record(_), ShapeKind::Record(inner)) => self.record(member, inner, data, path, wrong),
                _ if has_hook(member) => {}
                _ => wrong.extend(self.value(member, field, data).err().map(|why| (path.join("."), why))),
            }
            path.pop();
        }
    }

    /// Computes one member and reads it as its field.
    fn value(&self, member: &Typed, field: &Field, data: &Data) -> Result<(), UpcastError> {
        let scope = Scope::of(data, &self.old.types, &self.new.types);
        let computed = match eval(member, scope).map_err(|error| at_field(error, field))? {
            Data::Absent => Data::Record(Vec::new()),
            value => Data::Record(vec![(field.wire_name().to_owned(), value)]),
        };
        let json = super::text(&computed)?;
        let record = Record { types: &self.new.types, fields: std::slice::from_ref(field) };
        read(json.as_bytes(), record)?;
        Ok(())
    }
}

fn has_hook(way: &Typed) -> bool {
    let mut found = false;
    way.visit(&mut |node| found |= matches!(node.kind, TypedKind::Hook(_)));
    found
}

/// Whether the assignment's target is the field, or holds it.
fn leads_to(target: &[String], field: &str) -> bool {
    let target = target.join(".");
    field.strip_prefix(&target).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether a number was only too large for what any number of its type holds.
fn is_size(error: &UpcastError) -> bool {
    match error {
        UpcastError::Overflow => true,
        UpcastError::Invalid(invalid) => matches!(invalid.problem(), Problem::OutOfRange { .. }),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
