//! What a store answers when it cannot do as it was asked. Every failure has a type that a server can turn into its own codes;
//! nothing here panics.

use std::fmt;

/// Why a store did not do as it was asked. Nothing was changed, except where [`Error::Unavailable`] says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no such thing.
    Missing(What),
    /// The subject, or a setting that applies to it, changed after it was read: read it again and decide again.
    Moved,
    /// It contradicts what is stored.
    Conflict(Conflict),
    /// The input cannot be stored at all. Holds the reason.
    Refused(String),
    /// The database did not answer, or the commit's answer was lost: whether the write happened is then unknown, and as every
    /// write is idempotent or says what it found, it may be sent again.
    Unavailable(String),
    /// The database holds what no program of this kind wrote, or a stream to import is damaged.
    Corrupt(String),
    /// The database was written by a newer program, which this one would damage.
    Newer {
        /// The layout of the database.
        found: i64,
        /// The newest layout that this program knows.
        known: i64,
    },
}

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A subject that has no version, or a subject whose versions are all deleted.
    Subject,
    /// A version of a subject that is there.
    Version,
    /// A schema of this id.
    Schema,
    /// A schema that is referred to, as a version of a subject.
    Reference,
    /// A workspace.
    Workspace,
    /// A context.
    Context,
    /// A message, or a frozen version of it.
    Message,
    /// A consumer of a message.
    Consumer,
    /// A token.
    Token,
}

/// What is contradicted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// It is soft-deleted already.
    AlreadyDeleted,
    /// It must be soft-deleted before it can be deleted for good.
    NotYetDeleted,
    /// A schema that is in use refers to it.
    Referenced,
    /// The subject is read-only.
    ReadOnly,
    /// Only a subject in import mode takes ids from outside.
    NotImporting,
    /// The id belongs to another schema. Holds the id.
    IdTaken(i64),
    /// The version number is, or was, another schema's. Holds the version.
    VersionTaken(i64),
    /// The subject is the released history of a message, which only a push extends.
    Released,
    /// The context belongs to another workspace. Holds the workspace.
    Owned(String),
    /// A released version has another text than the one stored. Holds the message and version.
    Edited(String),
    /// A new version is not newer than the newest stored. Holds the message and version.
    NotNewer(String),
    /// Somebody else says what a consumer accepts of a message.
    Said {
        /// The consumer.
        consumer: String,
        /// `context.Message`.
        message: String,
        /// The workspace that says so; none where it is the consumer itself.
        workspace: Option<String>,
    },
    /// A store must be empty to be imported into.
    NotEmpty,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing(what) => write!(f, "there is no such {}", format!("{what:?}").to_lowercase()),
            Error::Moved => f.write_str("the subject or its settings changed after they were read"),
            Error::Conflict(conflict) => conflict.fmt(f),
            Error::Refused(why) => write!(f, "this cannot be stored: {why}"),
            Error::Unavailable(why) => write!(f, "the store is unavailable: {why}"),
            Error::Corrupt(why) => write!(f, "the store is damaged: {why}"),
            Error::Newer { found, known } => write!(
                f,
                "the database has layout {found}, this program knows layouts up to {known}: start the newer program that wrote it"
            ),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Conflict::AlreadyDeleted => f.write_str("it is soft-deleted already"),
            Conflict::NotYetDeleted => f.write_str("it must be soft-deleted before it is deleted for good"),
            Conflict::Referenced => f.write_str("a schema that is in use refers to it"),
            Conflict::ReadOnly => f.write_str("the subject is read-only"),
            Conflict::NotImporting => f.write_str("only a subject in import mode takes ids from outside"),
            Conflict::IdTaken(id) => write!(f, "the id {id} belongs to another schema"),
            Conflict::VersionTaken(version) => write!(f, "version {version} is or was another schema"),
            Conflict::Released => {
                f.write_str("the subject is the released history of a message, which only a push extends")
            }
            Conflict::Owned(workspace) => write!(f, "the context belongs to the workspace `{workspace}`"),
            Conflict::Edited(name) => write!(f, "{name} is released and has another text in the registry"),
            Conflict::NotNewer(name) => write!(f, "{name} is not newer than the newest version in the registry"),
            Conflict::Said { consumer, message, workspace } => {
                write!(f, "what `{consumer}` accepts of `{message}` is said by ")?;
                match workspace {
                    Some(workspace) => write!(f, "the workspace `{workspace}`, and changed there"),
                    None => f.write_str("itself, and is to be deleted before somebody else says it"),
                }
            }
            Conflict::NotEmpty => f.write_str("only an empty store can be imported into"),
        }
    }
}

impl std::error::Error for Error {}
