//! The whole of a storming, closed and checked: every name in it resolves. Only data and look-ups; no rule lives here.

use crate::table::Table;
use crate::{
    diag::Code,
    expr::Expr,
    shape::{Field, Types},
    source::{Span, Spanned},
    value::Value,
    version::{Version, VersionRange},
};
use std::{fmt, sync::Arc};

/// A workspace.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// For people.
    pub doc: Option<String>,
    /// The team that answers for it.
    pub owner: Option<Spanned<String>>,
    /// The policy of every message that does not choose its own.
    pub compatibility: Compatibility,
    /// Where JSON Schemas are published: an address without a slash at the end.
    pub schema_base: Option<Spanned<String>>,
    /// The envelope profile of every message that does not choose its own.
    pub envelope: Option<Spanned<String>>,
    /// Envelope profiles: role of the field -> where it sits in the JSON.
    pub envelopes: Table<String, Envelope>,
    /// What field tags mean.
    pub tags: Table<String, Tag>,
    /// Who owns things.
    pub teams: Table<String, Team>,
    /// Settings of the lints: lint -> setting -> value.
    pub lint: Table<String, Table<String, Spanned<Value>>>,
    /// Findings that are accepted for a time.
    pub waivers: Vec<Waiver>,
    /// The bounded contexts.
    pub contexts: Table<String, Context>,
    /// Every named type of every context.
    pub types: Types,
    /// The events of other workspaces that may be spoken of here.
    pub pulled: Table<Name, Pulled>,
    /// Brokers.
    pub brokers: Table<String, Broker>,
    /// Topics, queues, streams.
    pub topics: Table<String, Topic>,
    /// Who reads them.
    pub consumers: Table<String, Consumer>,
}

/// `context.Name`: an event, a command or another element of a context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The context that defines it.
    pub context: String,
    /// Its own name.
    pub name: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.context, self.name)
    }
}

/// An event of another workspace, in its newest version.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// The version.
    pub version: Version,
    /// The event as it was released.
    pub event: Arc<Event>,
    /// The table that its references are looked up in.
    pub types: Arc<Types>,
}

/// Which earlier versions of the same major a new one must agree with, in which direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compatibility {
    /// New readers read old data.
    #[default]
    Backward,
    /// Old readers read new data.
    Forward,
    /// Both.
    Full,
    /// Nothing is promised.
    None,
}

impl Compatibility {
    /// Every policy with its name in the notation.
    pub const NAMES: [(&'static str, Compatibility); 4] = [
        ("backward", Compatibility::Backward),
        ("forward", Compatibility::Forward),
        ("full", Compatibility::Full),
        ("none", Compatibility::None),
    ];
}

/// An envelope profile.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Where it is defined.
    pub name: Spanned<String>,
    /// Role -> dotted JSON path. Without `data` it is flat: the fields of a payload stand beside the envelope's own.
    pub roles: Table<String, Spanned<String>>,
    /// How schema versions are written.
    pub version_form: VersionForm,
    /// What a message without a schema version is read as.
    pub default_version: Version,
}

/// How an envelope writes schema versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionForm {
    /// `"1.1"`.
    #[default]
    Plain,
    /// `"v1.1"`.
    Prefixed,
    /// The number `1`.
    Major,
}

impl VersionForm {
    /// Every form with its name in the notation.
    pub const NAMES: [(&'static str, VersionForm); 3] =
        [("plain", VersionForm::Plain), ("prefixed", VersionForm::Prefixed), ("major", VersionForm::Major)];
}

/// The envelope that every workspace has, unless it defines one of this name.
pub const CLOUD_EVENTS: &str = "cloudevents";

/// What a tag such as `pii` means.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Where it is defined.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// Whether values are hidden in logs and pages.
    pub redact: bool,
    /// The field whose value names the key that values are shredded by.
    pub shred_by: Option<Spanned<String>>,
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// Where it is defined.
    pub id: Spanned<String>,
    /// For people.
    pub name: Option<String>,
    /// For people.
    pub doc: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// Where to chat.
    pub chat: Option<String>,
}

/// A finding that is accepted for a time.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Where it is written.
    pub span: Span,
    /// The code of the finding.
    pub code: &'static Code,
    /// The event that the finding is about; findings about any otherwise.
    pub message: Option<Spanned<Name>>,
    /// What the finding names in backticks, such as a consumer or a field; findings that name anything otherwise.
    pub names: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The team that answers for it.
    pub owner: Spanned<String>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires: Spanned<String>,
}

/// A bounded context.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its name, where it is first written.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The team that answers for it.
    pub owner: Option<Spanned<String>>,
    /// Overrides the workspace's envelope.
    pub envelope: Option<Spanned<String>>,
    /// Overrides the workspace's policy.
    pub compatibility: Option<Compatibility>,
    /// Who gives commands.
    pub actors: Table<String, Actor>,
    /// Systems outside the storming.
    pub external_systems: Table<String, ExternalSystem>,
    /// Aggregates.
    pub aggregates: Table<String, Aggregate>,
    /// All events of the context, those of aggregates included. Shared with whoever keeps the versions of an event.
    pub events: Table<String, Arc<Event>>,
    /// All commands of the context, those of aggregates included.
    pub commands: Table<String, Command>,
    /// Read models.
    pub read_models: Table<String, ReadModel>,
    /// Policies: whenever this event, then that command.
    pub policies: Table<String, Policy>,
    /// Sagas.
    pub sagas: Table<String, Saga>,
    /// Open questions.
    pub hotspots: Vec<Hotspot>,
}

/// Who gives commands.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Its name.
    pub name: Spanned<String>,
    /// `person` or `system`.
    pub kind: ActorKind,
    /// For people.
    pub doc: Option<String>,
}

/// The kinds of [`Actor`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActorKind {
    /// A human being.
    #[default]
    Person,
    /// A program.
    System,
}

/// A system outside the storming.
#[derive(Clone, Debug)]
pub struct ExternalSystem {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The commands it carries out.
    pub handles: Vec<Spanned<Name>>,
}

/// An aggregate.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The field that identifies it, in its events and its state.
    pub key: Option<Spanned<String>>,
    /// What its events add up to.
    pub state: Vec<Field>,
    /// A snapshot every so many events.
    pub snapshot_every: Option<u64>,
    /// What must hold of the state, by name.
    pub invariants: Table<String, Spanned<Expr>>,
    /// Its commands, by name.
    pub commands: Vec<String>,
    /// Its events, by name.
    pub events: Vec<String>,
    /// Given, when, then.
    pub scenarios: Vec<Scenario>,
}

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

/// An open question.
#[derive(Clone, Debug)]
pub struct Hotspot {
    /// The element it is about.
    pub at: Spanned<String>,
    /// The question.
    pub note: String,
}

/// A message broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Its name.
    pub name: Spanned<String>,
    /// What it runs.
    pub kind: Spanned<String>,
    /// Addresses to start from.
    pub bootstrap: Vec<String>,
}

/// A topic, queue or stream.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// Its broker.
    pub broker: Option<Spanned<String>>,
    /// The events, commands and aggregates it carries.
    pub carries: Vec<Spanned<Name>>,
    /// The envelope role or field that keys it.
    pub key: Option<Spanned<String>>,
    /// How many partitions.
    pub partitions: Option<u64>,
    /// How many copies.
    pub replication: Option<u64>,
    /// How long data is kept, in seconds.
    pub retention: Option<u64>,
    /// RabbitMQ's kind of exchange.
    pub exchange: Option<String>,
    /// RabbitMQ's routing key.
    pub routing_key: Option<String>,
    /// Header -> envelope role.
    pub headers: Table<String, Spanned<String>>,
}

/// A service that reads a topic.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The team that answers for it.
    pub owner: Option<Spanned<String>>,
    /// The topics it reads.
    pub reads: Vec<Spanned<String>>,
    /// `earliest` or `latest`.
    pub offset: Option<String>,
    /// `at_most_once`, `at_least_once` or `exactly_once`.
    pub delivery: Option<String>,
    /// How it recognizes a message it has seen.
    pub idempotent: Option<Idempotence>,
    /// How it tries again.
    pub retry: Option<Retry>,
    /// Where what it cannot process goes.
    pub dlq: Option<Spanned<String>>,
    /// The versions it can read, by event.
    pub accepts: Vec<(Spanned<Name>, Spanned<VersionRange>)>,
    /// The fields it uses, by event, as dotted paths.
    pub needs: Vec<(Spanned<Name>, Vec<Spanned<String>>)>,
}

/// `idempotent: { by: id, store: processed_events }`.
#[derive(Clone, Debug)]
pub struct Idempotence {
    /// The envelope role that identifies a message.
    pub by: Spanned<String>,
    /// Where seen ones are kept.
    pub store: Option<String>,
}

/// `retry: { max: 3, backoff: exponential, first: 1s }`.
#[derive(Clone, Debug)]
pub struct Retry {
    /// How often at most.
    pub max: u64,
    /// `fixed` or `exponential`.
    pub backoff: Option<String>,
    /// The first wait, in seconds.
    pub first: Option<u64>,
}

impl Model {
    /// The event of a name.
    pub fn event(&self, name: &Name) -> Option<&Event> {
        self.contexts.get(&name.context)?.events.get(&name.name).map(Arc::as_ref)
    }

    /// The shape of an event of this or another workspace, with the table that its references are looked up in. `None` for a
    /// sketch too.
    pub fn read(&self, name: &Name) -> Option<(&[Field], &Types)> {
        match self.event(name) {
            Some(event) => Some((event.fields.as_deref()?, &self.types)),
            None => {
                let pulled = self.pulled.get(name)?;
                Some((pulled.event.fields.as_deref()?, &pulled.types))
            }
        }
    }

    /// The envelope of an event, as its own choice, its context's or the workspace's; `None` where nobody chose, or for
    /// [`CLOUD_EVENTS`], which is not defined here.
    pub fn envelope_of(&self, context: &Context, event: &Event) -> Option<&Envelope> {
        self.envelopes.get(self.envelope_name(context, event)?)
    }

    /// The name of that envelope, defined or not.
    pub fn envelope_name<'a>(&'a self, context: &'a Context, event: &'a Event) -> Option<&'a str> {
        [&event.envelope, &context.envelope, &self.envelope]
            .into_iter()
            .flatten()
            .next()
            .map(|name| name.value.as_str())
    }

    /// The command of a name.
    pub fn command(&self, name: &Name) -> Option<&Command> {
        self.contexts.get(&name.context)?.commands.get(&name.name)
    }

    /// Every event with its qualified name, in declared order.
    pub fn events(&self) -> impl Iterator<Item = (Name, &Arc<Event>)> {
        self.contexts.iter().flat_map(|(context, it)| {
            it.events.iter().map(move |(name, event)| (Name { context: context.clone(), name: name.clone() }, event))
        })
    }

    /// Every command with its qualified name, in declared order.
    pub fn commands(&self) -> impl Iterator<Item = (Name, &Command)> {
        self.contexts.iter().flat_map(|(context, it)| {
            it.commands.iter().map(move |(name, it)| (Name { context: context.clone(), name: name.clone() }, it))
        })
    }

    /// The policy that an event is held to: its own, its context's or the workspace's.
    pub fn compatibility_of(&self, name: &Name) -> Compatibility {
        let context = self.contexts.get(&name.context);
        let event = context.and_then(|c| c.events.get(&name.name));
        event
            .and_then(|e| e.compatibility)
            .or_else(|| context.and_then(|c| c.compatibility))
            .unwrap_or(self.compatibility)
    }
}
