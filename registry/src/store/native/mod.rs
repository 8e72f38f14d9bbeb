//! What the notation adds to subjects: workspaces with their contexts, messages, and frozen versions, and who consumes what.
//! Every frozen version is a version of the subject `context.Message` as well, and only a push extends such a subject.

mod consumers;
mod push;
mod query;
mod search;

pub use consumers::Consumer;
pub use push::{Push, Pushed, PushedContext, PushedMessage, PushedVersion, Word};
pub use query::{ContextCard, Frozen, FrozenAt, MessageCard, WorkspaceCard};
pub use search::Hit;

use super::{DEFAULT_CONTEXT, Subject};

/// The subject that has the frozen versions of a message.
#[must_use]
pub fn subject_of(context: &str, message: &str) -> Subject {
    Subject::new(DEFAULT_CONTEXT, format!("{context}.{message}"))
}
