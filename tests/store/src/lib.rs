//! What tests share that need a store: fresh ones of every kind, a PostgreSQL of their own, and a server over one. A tool that is missing fails the
//! test that needs it; nothing is skipped.

pub mod cluster;
mod server;

pub use server::{Server, serving};

use isobar_registry::store::{Error, Registered, Schema, Store, Subject};
use std::time::Instant;
use tempfile::TempDir;

/// Every kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// SQLite in memory.
    Memory,
    /// SQLite in a file.
    File,
    /// A real PostgreSQL.
    Postgres,
}

/// A place for one store, empty at first.
#[derive(Debug)]
pub struct Place {
    /// The URL to open.
    pub url: String,
    _folder: Option<TempDir>,
}

impl Kind {
    /// A new place.
    #[must_use]
    pub fn place(self) -> Place {
        match self {
            Kind::Memory => Place { url: "sqlite::memory:".into(), _folder: None },
            Kind::File => {
                let folder = tempfile::tempdir().expect("a folder can be made");
                Place { url: format!("sqlite:{}", folder.path().join("store.db").display()), _folder: Some(folder) }
            }
            Kind::Postgres => Place { url: cluster::database(), _folder: None },
        }
    }
}

impl Place {
    /// Opens the store of this place.
    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.expect("the store opens")
    }
}

/// A subject of the default context.
#[must_use]
pub fn subject(name: &str) -> Subject {
    Subject::new(".", name)
}

/// The `number`th of many schemas that differ.
#[must_use]
pub fn schema(number: usize) -> Schema {
    Schema::json(format!(r#"{{"type":"object","properties":{{"field_{number}":{{"type":"string"}}}}}}"#))
}

/// Registers as a server does: read, decide (here always for it), register, and again if the subject moved.
///
/// # Errors
/// Whatever the store answers but `Moved`.
pub async fn register(store: &Store, subject: &Subject, schema: Schema) -> Result<Registered, Error> {
    loop {
        let registration = store.read(subject).await?.propose(schema.clone())?;
        match store.register("test", registration).await {
            Err(Error::Moved) => continue,
            done => return done,
        }
    }
}

/// A small generator of numbers, for tests that must not depend on a clock to be random.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same seed, the same numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `below`.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }
}

/// Seconds that `work` takes.
pub async fn seconds<T>(work: impl Future<Output = T>) -> (f64, T) {
    let since = Instant::now();
    let value = work.await;
    (since.elapsed().as_secs_f64(), value)
}
