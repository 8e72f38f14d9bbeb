//! Two JSON Schemas: can whoever reads by the one read what is written by the other? Every refusal carries a payload that the
//! independent validator has verified on both sides; what is not decided is said to be unknown. No file and no network here.

mod allowance;
pub mod codes;
mod declared;
mod expression;
mod part;
mod relax;
mod sentences;
mod verify;

pub use super::json_schema::{Content, Part, SchemaError, bundle};

use super::{
    containment::{Arena, NodeId, Side, Unknown, Verdict as Answer, contains_within},
    json_schema::{self, Reading},
};
use allowance::Allowance;
use isobar_model::diag::codes::Code;
use sentences::Reason;
use serde_json::{Value, json};
use std::{borrow::Cow, cell::OnceCell, collections::BTreeSet, fmt};
use verify::Opinion;

/// Findings of one direction, at most.
const MOST: usize = 50;

/// Which way payloads travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Consumers of the new schema read what producers of the old one have written.
    Backward,
    /// Consumers of the old schema read what producers of the new one write.
    Forward,
}

/// Which directions must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// [`Direction::Backward`].
    #[default]
    Backward,
    /// [`Direction::Forward`].
    Forward,
    /// Both.
    Full,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything that may be written is read.
    Compatible,
    /// It is not known: a finding says why.
    Unknown,
    /// Something that may be written is refused: a finding shows it.
    Incompatible,
}

/// One reason why a verdict is not [`Verdict::Compatible`].
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The way in which it is one.
    pub direction: Direction,
    /// Its kind; `isobar explain` tells more.
    pub code: &'static Code,
    /// Where: in the payload, or for [`codes::UNDECIDED`] in the schema, as a JSON pointer.
    pub pointer: String,
    /// A sentence.
    pub message: String,
    /// The smallest payload found that is written and not read.
    pub witness: Option<Value>,
}

/// A verdict with its reasons, in a stable order.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Finding {
    /// The sentence, with the witness as far as it bears it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.witness {
            Some(witness) => write!(f, ", such as {}", sentences::witness(witness)),
            None => Ok(()),
        }
    }
}

impl Verdict {
    /// Its name: `compatible`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Compatible => "compatible",
            Verdict::Unknown => "unknown",
            Verdict::Incompatible => "incompatible",
        }
    }
}

impl Judgement {
    /// `{"verdict", "findings": [{"direction", "code", "pointer", "message", "witness"}]}`.
    pub fn to_json(&self) -> Value {
        let finding = |it: &Finding| {
            json!({
                "direction": if it.direction == Direction::Backward { "backward" } else { "forward" },
                "code": it.code.name, "pointer": it.pointer, "message": it.message, "witness": it.witness,
            })
        };
        json!({ "verdict": self.verdict.name(), "findings": self.findings.iter().map(finding).collect::<Vec<_>>() })
    }
}

/// One of the two is no JSON Schema that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Whether it is the new one.
    pub new: bool,
    /// What is wrong with it.
    pub error: SchemaError,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} schema cannot be read: {}", if self.new { "new" } else { "old" }, self.error)
    }
}

impl std::error::Error for Unreadable {}

/// Whether a document is a JSON Schema that can be read.
///
/// # Errors
///
/// It is malformed, refers to something that is not in it, or has a regular expression that is none. Definitions that nothing refers to are
/// not looked at.
pub fn readable(schema: &Value) -> Result<(), SchemaError> {
    let mut arena = Arena::default();
    json_schema::read(&mut arena, schema, Side::Reader, Content::Strict)?;
    arena.patterns.texts().try_for_each(|text| {
        expression::read(text).map_err(|why| SchemaError {
            pointer: expression::place(schema, text).unwrap_or_default(),
            message: format!("`{text}` is no regular expression: {why}"),
        })
    })
}

/// Decides about two schemas.
///
/// # Errors
///
/// One of them is malformed, or refers to something that is not in it.
pub fn judge(old: &Value, new: &Value, mode: Mode, content: Content) -> Result<Judgement, Unreadable> {
    let directions: &[Direction] = match mode {
        Mode::Backward => &[Direction::Backward],
        Mode::Forward => &[Direction::Forward],
        Mode::Full => &[Direction::Backward, Direction::Forward],
    };
    let mut judgement = Judgement { verdict: Verdict::Compatible, findings: Vec::new() };
    for direction in directions {
        let (writer, reader) = match direction {
            Direction::Backward => (old, new),
            Direction::Forward => (new, old),
        };
        let pair = Pair { writer, reader, direction: *direction, content, allowance: Allowance::default() };
        judgement.verdict = judgement.verdict.max(pair.judge(&mut judgement.findings)?);
    }
    Ok(judgement)
}

/// One direction.
struct Pair<'a> {
    writer: &'a Value,
    reader: &'a Value,
    direction: Direction,
    content: Content,
    allowance: Allowance,
}

impl Pair<'_> {
    fn judge(&self, findings: &mut Vec<Finding>) -> Result<Verdict, Unreadable> {
        let mut arena = Arena::default();
        let written = self.read(&mut arena, self.writer, Side::Writer)?;
        let read = self.read(&mut arena, self.reader, Side::Reader)?;
        let checks = Checks {
            writer: Opinion::of(self.writer, written.draft.unwrap_or_default(), written.divisible),
            reader: Opinion::of(self.reader, read.draft.unwrap_or_default(), read.divisible),
        };
        let failed = OnceCell::new();
        // Most pairs are compatible, and those need no validator.
        let confirm = |payload: &Value| {
            let deep = written.too_deep || read.too_deep;
            !deep && self.confirm(&checks, payload, true).unwrap_or_else(|error| failed.set(error).is_err())
        };
        let mut nodes = [written.node, read.node];
        arena.close(&mut nodes);
        let mut budget = self.allowance.for_verdict();
        let before = budget.steps;
        let answer = contains_within(&mut arena, nodes[0], nodes[1], &mut budget, &confirm);
        self.allowance.spend(before - budget.steps);
        match (answer, failed.into_inner()) {
            (_, Some(unreadable)) => Err(unreadable),
            (Answer::Escapes(witness), None) => {
                // What refers to itself is another set of nodes once it is closed.
                let node = (!arena.has_holes()).then_some(written.node);
                self.explain(witness, &checks, &mut Further { arena, written: node }, findings);
                Ok(Verdict::Incompatible)
            }
            (Answer::Unknown(unknown), None) => {
                findings.push(self.undecided(unknown));
                Ok(Verdict::Unknown)
            }
            _ => Ok(Verdict::Compatible),
        }
    }

    /// Whether the validator, and what producers declare, say of a payload what the engine says. The `first` one may cost more.
    fn confirm(&self, checks: &Checks<'_>, payload: &Value, first: bool) -> Result<bool, Unreadable> {
        let parts = [checks.writer.part(payload), checks.reader.part(payload)];
        let schemas = [&*parts[0], &*parts[1]];
        let can = if first {
            self.allowance.can_confirm(schemas, payload)
        } else {
            let fresh: Vec<&Value> = parts.iter().filter(|it| matches!(it, Cow::Owned(_))).map(|it| &**it).collect();
            self.allowance.can_look(schemas, &fresh, payload)
        };
        if !can || self.content == Content::Producer && !declared::holds_declared(self.writer, payload) {
            return Ok(false);
        }
        let check = |opinion: &Opinion<'_>, part| {
            let wrong = |message| SchemaError { pointer: String::new(), message };
            opinion.check(part).map_err(|message| self.unreadable(opinion.schema, wrong(message)))
        };
        let (writer, reader) = (check(&checks.writer, &parts[0])?, check(&checks.reader, &parts[1])?);
        Ok(writer.accepts(payload) && !reader.accepts(payload))
    }

    fn read(&self, arena: &mut Arena, schema: &Value, side: Side) -> Result<Reading, Unreadable> {
        let reading = json_schema::read(arena, schema, side, self.content);
        let reading = reading.map_err(|error| self.unreadable(schema, error))?;
        self.allowance.spend(reading.work);
        Ok(reading)
    }

    fn unreadable(&self, schema: &Value, error: SchemaError) -> Unreadable {
        let is_writer = std::ptr::eq(schema, self.writer);
        Unreadable { new: is_writer == (self.direction == Direction::Forward), error }
    }

    fn undecided(&self, unknown: Unknown) -> Finding {
        let Unknown { keyword, side, pointer, why } = unknown;
        let which = if (side == Side::Writer) == (self.direction == Direction::Forward) { "new" } else { "old" };
        let place = if pointer.is_empty() { String::new() } else { format!(" at `{pointer}`") };
        let what = if keyword.is_empty() { "a part".to_owned() } else { format!("`{keyword}`") };
        let why = if keyword == "$schema" { "it names a meta-schema that is not known" } else { why };
        let message = format!("{what} of the {which} schema{place} was not decided: {why}");
        Finding { direction: self.direction, code: &codes::UNDECIDED, pointer, message, witness: None }
    }

    /// Says what of a witness is refused; then takes the rules away that refused it, and looks for the next one.
    fn explain(&self, mut witness: Value, checks: &Checks<'_>, further: &mut Further, findings: &mut Vec<Finding>) {
        let mut seen = BTreeSet::new();
        let mut reader = Cow::Borrowed(self.reader);
        while seen.len() < MOST {
            let Some(relaxed) = self.reasons(&reader, &witness, checks, &mut seen, findings) else { break };
            reader = Cow::Owned(relaxed);
            match self.next(&reader, checks, further) {
                Some(next) => witness = next,
                None => break,
            }
        }
        if seen.is_empty() {
            let message = format!("`{witness}` may be written and is refused");
            let (direction, code, pointer) = (self.direction, &codes::EXCLUDED, String::new());
            findings.push(Finding { direction, code, pointer, message, witness: Some(witness) });
        }
    }

    /// Adds the reasons for which a witness is refused, and gives the schema without the rules that refuse it. Where unknown
    /// properties are ignored, what closes objects is not a reason as long as there are others.
    fn reasons(
        &self,
        reader: &Value,
        witness: &Value,
        checks: &Checks<'_>,
        seen: &mut BTreeSet<(&'static str, String)>,
        findings: &mut Vec<Finding>,
    ) -> Option<Value> {
        let relaxed = Opinion::of(reader, checks.reader.draft, checks.reader.divisible);
        let untouched = std::ptr::eq(reader, self.reader);
        let opinion = if untouched { &checks.reader } else { &relaxed };
        let part = opinion.part(witness);
        let opened = if self.content == Content::Producer { verify::opened(&part) } else { None };
        for view in opened.map(Cow::Owned).into_iter().chain([part]) {
            let is_there = untouched && std::ptr::eq(&*view, reader);
            if !is_there && !self.allowance.can_check(&view, witness) {
                break;
            }
            let Ok(check) = opinion.check(&view) else { continue };
            let mut relaxed: Option<Value> = None;
            for error in check.refusals(witness).take(MOST) {
                // Words for it are looked for in the writer's schema, and the rule is taken out of a copy of the reader's.
                if seen.len() >= MOST || !seen.is_empty() && !self.allowance.can_copy([self.writer, reader]) {
                    break;
                }
                for reason in sentences::reasons(&error, self.writer, self.direction) {
                    if seen.insert((reason.code.name, reason.pointer.clone())) {
                        let Reason { code, pointer, message } = reason;
                        let witness = Some(witness.clone());
                        findings.push(Finding { direction: self.direction, code, pointer, message, witness });
                    }
                }
                let base = relaxed.as_ref().unwrap_or(reader);
                relaxed = relax::without(base, &error, self.writer).or(relaxed);
            }
            if relaxed.is_some() {
                return relaxed;
            }
        }
        None
    }

    /// Another payload that is written and that the whole schema refuses, though not by the rules that are already gone.
    fn next(&self, relaxed: &Value, checks: &Checks<'_>, further: &mut Further) -> Option<Value> {
        self.allowance.for_more()?;
        let Further { arena, written } = further;
        let written = match *written {
            Some(node) => node,
            None => {
                *arena = Arena::default();
                self.read(arena, self.writer, Side::Writer).ok()?.node
            }
        };
        // Without one of its rules a schema may be malformed, where rules lean on each other.
        let read = json_schema::read(arena, relaxed, Side::Reader, self.content).ok()?;
        let mut nodes = [written, read.node];
        arena.close(&mut nodes);
        self.allowance.spend(read.work);
        let mut budget = self.allowance.for_more()?;
        let before = budget.steps;
        let confirm = |payload: &Value| self.confirm(checks, payload, false).unwrap_or(false);
        let answer = contains_within(arena, nodes[0], nodes[1], &mut budget, &confirm);
        self.allowance.spend(before - budget.steps);
        match answer {
            Answer::Escapes(next) => Some(next),
            _ => None,
        }
    }
}

/// Both schemas, as the validator understands them.
struct Checks<'a> {
    writer: Opinion<'a>,
    reader: Opinion<'a>,
}

/// Where further questions are asked, and what is written there, if it need not be read again.
struct Further {
    arena: Arena,
    written: Option<NodeId>,
}
