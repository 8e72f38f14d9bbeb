//! Whether a consumer of one record reads all that a producer of another one writes, decided exactly, with a finding for every
//! place where it does not: the place, a sentence, and the smallest payload found that shows it in a whole message. Every such payload
//! was held against the emitted JSON Schemas of both by an independent validator.

mod lower;
mod reason;
mod scalar;
mod verify;
mod walk;

pub use reason::Reason;

use super::{
    Record,
    containment::{Arena, Budget, FALSE, Side, Verdict as Contains, contains},
};
use isobar_model::expr;
use lower::Lower;
use walk::Walk;

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Everything that may be written is read.
    Compatible,
    /// It is not known.
    Unknown,
    /// Something that may be written is refused.
    Incompatible,
}

/// A place where what is written may not be read.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Where, by names on the wire: `items[].unitPrice`; `[]` is an item, `{}` a value of a map, `<card>` a branch of a union.
    pub path: String,
    /// Where in the payload, as a JSON pointer: the value that is refused, or the object that lacks one.
    pub pointer: String,
    /// Its kind.
    pub reason: Reason,
    /// A sentence.
    pub message: String,
    /// A whole payload that is written and not read; `None` where it is not known whether there is one.
    pub witness: Option<serde_json::Value>,
}

/// A verdict with its findings: those of fields in the order of the consumer's.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// What was decided.
    pub verdict: Verdict,
    /// Why; empty if all is read.
    pub findings: Vec<Finding>,
}

/// Whether a consumer of `reader` reads all that a producer of `writer` writes.
pub fn judge(writer: Record<'_>, reader: Record<'_>) -> Judgement {
    let mut arena = Arena::default();
    let mut sides = (Lower::new(writer.types, Side::Writer), Lower::new(reader.types, Side::Reader));
    let mut roots = [sides.0.message(&mut arena, writer.fields), sides.1.message(&mut arena, reader.fields)];
    arena.close(&mut roots);
    let mut findings = Walk::new(&mut arena, Budget::default(), sides, (writer, reader), roots).findings();
    // Where the structure differs and something is refused already, that is why.
    let is_read = findings.is_empty();
    findings.extend(confused(writer, reader).filter(|(differs, _)| is_read || !differs).map(|(_, finding)| finding));
    let of = |finding: &Finding| if finding.witness.is_some() { Verdict::Incompatible } else { Verdict::Unknown };
    Judgement { verdict: findings.iter().map(of).max().unwrap_or(Verdict::Compatible), findings }
}

/// Sets that a consumer may refuse although its schema accepts them: items differ there in what it does not read. No validator can
/// confirm a payload for that, so that it stays a doubt. With each, whether the structure differs there.
fn confused(writer: Record<'_>, reader: Record<'_>) -> impl Iterator<Item = (bool, Finding)> {
    let found = expr::confusions((writer.types, writer.fields), (reader.types, reader.fields));
    found.into_iter().map(|expr::Mismatch { path, why, undecided }| {
        let message = format!("consumers may refuse `{path}`, which {why}");
        let pointer = String::new();
        (undecided, Finding { path, pointer, reason: Reason::Undecided, message, witness: None })
    })
}

/// The smallest payload found that a producer of `writer` may write; `None` if there is none, or it was not decided.
pub fn smallest(writer: Record<'_>) -> Option<serde_json::Value> {
    let mut arena = Arena::default();
    let mut roots = [Lower::new(writer.types, Side::Writer).message(&mut arena, writer.fields)];
    arena.close(&mut roots);
    // What is in the set and not in the empty one is any value of it.
    match contains(&mut arena, roots[0], FALSE, Budget::default(), &|_| true) {
        Contains::Escapes(payload) => Some(payload),
        Contains::Contained | Contains::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests;
