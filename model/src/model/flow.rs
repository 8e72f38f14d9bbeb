//! What happens because of it: read models, policies and sagas. Only data.

use super::{Assignment, Name};
use crate::{
    expr::Expr,
    shape::Field,
    source::{Span, Spanned},
};

/// A read model.
#[derive(Clone, Debug)]
pub struct ReadModel {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The field that identifies a row.
    pub key: Option<Spanned<String>>,
    /// A row.
    pub fields: Vec<Field>,
    /// What each event does to it.
    pub from: Vec<Projection>,
    /// What can be asked of it.
    pub queries: Vec<Query>,
}

/// What an event does to a read model.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The event.
    pub event: Spanned<Name>,
    /// What it does.
    pub action: ProjectionAction,
}

/// The kinds of [`Projection`].
#[derive(Clone, Debug)]
pub enum ProjectionAction {
    /// Adds a row.
    Insert(Vec<Assignment>),
    /// Changes the row of the key.
    Update(Vec<Assignment>),
    /// Adds or changes the row of the key.
    Upsert(Vec<Assignment>),
    /// Removes the row of the key.
    Delete,
}

/// `getOrders: { by: [customerId], order: -createdDate, returns: page }`.
#[derive(Clone, Debug)]
pub struct Query {
    /// Its name.
    pub name: Spanned<String>,
    /// The fields it selects by.
    pub by: Vec<Spanned<String>>,
    /// The field it sorts by, and whether downwards.
    pub order: Option<(Spanned<String>, bool)>,
    /// How much it returns.
    pub returns: Returns,
}

/// How much a query returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Returns {
    /// At most one row.
    One,
    /// All rows.
    #[default]
    Many,
    /// A page of rows.
    Page,
}

/// Whenever this event, then that command.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// Any of these events.
    pub when: Vec<Spanned<Name>>,
    /// A condition on the event.
    pub only_if: Option<Spanned<Expr>>,
    /// All of these commands.
    pub then: Vec<Spanned<Name>>,
    /// Where a command's values come from when the event does not carry them.
    pub fill: Vec<Assignment>,
}

/// A long-running process.
#[derive(Clone, Debug)]
pub struct Saga {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// Who drives it.
    pub style: SagaStyle,
    /// The event that starts it.
    pub starts: Option<Spanned<Name>>,
    /// The field that its events share.
    pub key: Option<Spanned<String>>,
    /// Its steps, in order.
    pub steps: Vec<SagaStep>,
    /// The event that tells of its success.
    pub succeeds: Option<Spanned<Name>>,
    /// The event that tells of its failure.
    pub fails: Option<Spanned<Name>>,
}

/// Who drives a saga.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SagaStyle {
    /// A coordinator.
    #[default]
    Orchestrated,
    /// Nobody: each service reacts to events.
    Choreographed,
}

/// One step of a saga.
#[derive(Clone, Debug)]
pub struct SagaStep {
    /// Where it is written.
    pub span: Span,
    /// The command given.
    pub command: Spanned<Name>,
    /// The event that lets the saga go on.
    pub ok: Option<Spanned<Name>>,
    /// The event that makes it turn back.
    pub fail: Option<Spanned<Name>>,
    /// The command that undoes the step.
    pub undo: Option<Spanned<Name>>,
    /// How long to wait, in seconds.
    pub timeout: Option<u64>,
}
