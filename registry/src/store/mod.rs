//! What the registry keeps, and where: one SQLite file, or a PostgreSQL that any number of servers share. Both behave the same,
//! as every operation is written once, over `sql.rs`, and an engine only runs it.
//!
//! A write is answered after it is on the disk, and then never lost. Writes happen one after the other, in the order of
//! the change feed, which is also what makes ids dense and the feed free of gaps; to make them many a second, an engine commits those
//! that wait together. Whether a schema is compatible is not decided here: see [`Store::register`].
//!
//! Nothing here knows HTTP, compares schemas, or panics.

mod add;
mod changes;
mod error;
mod export;
mod gather;
mod layout;
mod memory;
mod native;
#[cfg(feature = "postgres")]
mod postgres;
mod register;
mod schema;
mod settings;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod tokens;
mod versions;
mod work;

pub use changes::{Action, Change};
pub use error::{Conflict, Error, What};
pub use native::*;
pub use register::{DEFAULT_CONTEXT, Held, Reading, Registered, Registration, Subject};
pub use schema::{Reference, Schema, Stored};
pub use settings::{Applied, Config, Level, Mode, Scope};
pub use tokens::{Role, Token};
pub use versions::{Deleted, Deletion, Listed, Page};

use gather::Gathering;
use memory::Memory;
use std::sync::Arc;
use work::{Engine, Lane, Operation};

/// An open store. A clone is the same store; the last one closes it.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Arc<dyn Engine>,
    known: Arc<Memory>,
    gathering: Arc<Gathering>,
}

impl Store {
    /// Opens the store of a URL: `sqlite:PATH`, `sqlite::memory:`, or `postgres://...`. One that is not there is made, one of an
    /// older program is brought to this one's layout.
    ///
    /// # Errors
    /// [`Error::Refused`] for a URL that names no store, [`Error::Newer`], and whatever the database says.
    pub async fn open(url: &str) -> Result<Store, Error> {
        #[cfg(feature = "sqlite")]
        if let Some(path) = url.strip_prefix("sqlite:") {
            if path.is_empty() {
                return Err(Error::Refused("`sqlite:` wants a path behind it".into()));
            }
            let path = (path != ":memory:").then_some(path.as_ref());
            return sqlite::Sqlite::open(path).map(Store::over);
        }
        #[cfg(feature = "postgres")]
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return postgres::Postgres::open(url).await.map(Store::over);
        }
        // What follows the scheme may hold a password.
        let scheme = url.split(':').next().unwrap_or_default();
        Err(Error::Refused(format!("this program has no store `{scheme}:`")))
    }

    fn over(engine: impl Engine + 'static) -> Store {
        Store { engine: Arc::new(engine), known: Arc::default(), gathering: Arc::default() }
    }

    async fn write<A, T>(&self, input: A, operation: Operation<A, T>) -> Result<T, Error>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        work::run(&*self.engine, Lane::Write, input, operation).await
    }

    async fn snapshot<A, T>(&self, input: A, operation: Operation<A, T>) -> Result<T, Error>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        work::run(&*self.engine, Lane::Snapshot, input, operation).await
    }

    async fn glance<A, T>(&self, input: A, operation: Operation<A, T>) -> Result<T, Error>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        work::run(&*self.engine, Lane::Glance, input, operation).await
    }
}
