//! What is said: events, commands and the scenarios that show them. Only data.

use super::{Compatibility, Name};
use crate::{
    expr::Expr,
    shape::Field,
    source::{Span, Spanned},
    table::Table,
    value::Value,
    version::Version,
};

/// What an event is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventKind {
    /// A fact of this context.
    #[default]
    Domain,
    /// A fact for other contexts.
    Integration,
    /// Something people are told.
    Notification,
}

impl EventKind {
    /// Every kind with its name in the notation.
    pub const NAMES: [(&'static str, EventKind); 3] = [
        ("domain", EventKind::Domain),
        ("integration", EventKind::Integration),
        ("notification", EventKind::Notification),
    ];
}

/// An event: the version being written. Released versions are in the history.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Spanned<String>,
    /// The aggregate that emits it.
    pub aggregate: Option<String>,
    /// What it is for.
    pub kind: EventKind,
    /// For people.
    pub doc: Option<String>,
    /// The version its author declares.
    pub version: Option<Spanned<Version>>,
    /// Its shape; `None` for a sketch, which generates nothing.
    pub fields: Option<Vec<Field>>,
    /// How data of the last released major comes here.
    pub upgrade: Upgrade,
    /// What readers of the previous major see.
    pub downgrade: Vec<Assignment>,
    /// Old fields that are gone on purpose.
    pub removed: Vec<Spanned<String>>,
    /// The name it had before, accepted forever.
    pub renamed_from: Option<Spanned<String>>,
    /// The events that old data of this one becomes.
    pub splits_into: Vec<Spanned<Name>>,
    /// The events whose old data becomes this one.
    pub merged_from: Vec<Spanned<Name>>,
    /// Whether old data of this event is no longer read.
    pub dropped: bool,
    /// How it changes the aggregate's state.
    pub apply: Vec<Assignment>,
    /// Whole payloads.
    pub examples: Vec<Spanned<Value>>,
    /// Why and until when it may still be used.
    pub deprecated: Option<Deprecation>,
    /// Its name on the wire, where it differs.
    pub wire: Option<Spanned<String>>,
    /// Whether the board shows it as a turning point.
    pub pivotal: bool,
    /// Overrides the context's envelope.
    pub envelope: Option<Spanned<String>>,
    /// Overrides the context's policy.
    pub compatibility: Option<Compatibility>,
    /// The event that an integration event is made from.
    pub from: Option<Spanned<Name>>,
    /// Where its values come from when `from` does not carry them.
    pub fill: Vec<Assignment>,
    /// Whether it was read without an error: only then is its shape what its author wrote.
    pub sound: bool,
}

impl Event {
    /// The name on the wire.
    pub fn wire_name(&self) -> &str {
        self.wire.as_ref().map_or(&self.name.value, |wire| &wire.value)
    }
}

/// `upgrade`: one set of assignments, or one for each target of a split and each source of a merge.
#[derive(Clone, Debug, Default)]
pub struct Upgrade {
    /// The assignments of an ordinary upgrade.
    pub assignments: Vec<Assignment>,
    /// The assignments by target (`splits_into`) or source (`merged_from`).
    pub by_event: Vec<(Spanned<Name>, Vec<Assignment>)>,
}

/// `target: expression`.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The field written, as a dotted path.
    pub target: Spanned<Vec<String>>,
    /// What is written.
    pub expr: Expr,
}

/// `deprecated: { since: v2.0, use: OrderPlaced, remove_after: 2027-06-30 }`.
#[derive(Clone, Debug)]
pub struct Deprecation {
    /// Where it is written.
    pub span: Span,
    /// The version that deprecated it.
    pub since: Option<Version>,
    /// What to use instead.
    pub instead: Option<Spanned<Name>>,
    /// The date, `YYYY-MM-DD`, after which it may go.
    pub remove_after: Option<String>,
    /// For people.
    pub doc: Option<String>,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its name.
    pub name: Spanned<String>,
    /// The aggregate that handles it.
    pub aggregate: Option<String>,
    /// For people.
    pub doc: Option<String>,
    /// Who gives it.
    pub by: Vec<Spanned<String>>,
    /// The read models its giver looks at.
    pub uses: Vec<Spanned<Name>>,
    /// Whether it makes a new aggregate.
    pub creates: bool,
    /// Its shape; `None` for a sketch.
    pub fields: Option<Vec<Field>>,
    /// Name of the error -> condition without which it is refused.
    pub requires: Table<String, Spanned<Expr>>,
    /// The events it may emit: one of these.
    pub emits: Vec<Spanned<Name>>,
    /// Where an event's values come from when the command does not carry them.
    pub fill: Vec<Assignment>,
    /// Why and until when it may still be used.
    pub deprecated: Option<Deprecation>,
    /// Its name on the wire, where it differs.
    pub wire: Option<Spanned<String>>,
    /// Overrides the context's envelope.
    pub envelope: Option<Spanned<String>>,
}

/// Given these events, when this command comes, then that happens.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it shows.
    pub name: Spanned<String>,
    /// The events so far.
    pub given: Vec<(Spanned<Name>, Spanned<Value>)>,
    /// The command.
    pub when: Option<(Spanned<Name>, Spanned<Value>)>,
    /// What comes of it.
    pub then: Vec<Outcome>,
    /// Members of the state afterwards.
    pub state: Option<Spanned<Value>>,
}

/// What a scenario expects.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This event, with these members if any are given.
    Event(Spanned<Name>, Option<Spanned<Value>>),
    /// The named condition of `requires` or `invariants` refuses.
    Refused(Spanned<String>),
}
