//! What went wrong in a transaction, and whether to try it again. Only what is known to have changed nothing is tried again.

use crate::store::Error;
use std::{
    error::Error as _,
    io,
    time::{Duration, Instant},
};
use tokio_postgres::{error::SqlState, types::WrongType};

/// How long is tried.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a transaction did not happen.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) error: Error,
    /// Whether the same may go better next time.
    pub(super) passes: bool,
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            // Nobody answered, or what came was no answer.
            let passes = error.is_closed() || error.source().is_some_and(|source| source.is::<io::Error>());
            let wrong = error.source().is_some_and(|source| source.is::<WrongType>());
            let text = match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            };
            return Trouble { error: if wrong { Error::Corrupt(text) } else { Error::Unavailable(text) }, passes };
        };
        let (code, text) = (said.code(), format!("{} ({})", said.message(), said.code().code()));
        let is_class = |class| code.code().starts_with(class);
        // Aborted for another transaction, or the server goes down, comes up or is full.
        let passes = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code)
            || *code == SqlState::TOO_MANY_CONNECTIONS
            || is_class("57P")
            || is_class("08");
        if is_class("54") {
            return Trouble { error: Error::Refused(text), passes };
        }
        // No operation breaks a constraint: what it read, or was given to import, is not what it should be.
        let error = if is_class("22") || is_class("23") { Error::Corrupt(text) } else { Error::Unavailable(text) };
        Trouble { error, passes }
    }
}

impl From<deadpool_postgres::PoolError> for Trouble {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            error => Trouble { error: Error::Unavailable(error.to_string()), passes: false },
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble { error, passes: false }
    }
}

/// How often and how long something was tried.
pub(super) struct Attempts {
    since: Instant,
    pause: Duration,
}

impl Default for Attempts {
    fn default() -> Self {
        Attempts { since: Instant::now(), pause: Duration::from_millis(5) }
    }
}

impl Attempts {
    /// Waits a little longer each time, or gives up with the error.
    pub(super) async fn again(&mut self, trouble: Trouble) -> Result<(), Error> {
        if !trouble.passes || self.since.elapsed() > PATIENCE {
            return Err(trouble.error);
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(Duration::from_millis(500));
        Ok(())
    }
}
