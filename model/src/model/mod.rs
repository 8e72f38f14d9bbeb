//! The whole of a storming, closed and checked: every name in it resolves. Only data and look-ups; no rule lives here.

mod flow;
mod messages;
mod wiring;

pub use flow::*;
pub use messages::*;
pub use wiring::*;

use crate::{
    diag::Code,
    expr::Expr,
    shape::{Field, Types},
    source::{Span, Spanned},
    table::Table,
    value::Value,
    version::Version,
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

/// An open question.
#[derive(Clone, Debug)]
pub struct Hotspot {
    /// The element it is about.
    pub at: Spanned<String>,
    /// The question.
    pub note: String,
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
