//! Registering a schema. Whether it gets along with the versions before it is decided outside, which takes long; so it goes in
//! two steps. [`Store::read`] shows the subject as it is, [`Reading::propose`] makes a [`Registration`] from that and from nothing
//! else, and [`Store::register`] answers [`Error::Moved`] if in between anything changed on which the decision rests.
//!
//! ```no_run
//! # use isobar_registry::store::*;
//! # fn gets_along(_: &Reading, _: &Schema) -> bool { true }
//! # async fn example(store: Store, subject: Subject, schema: Schema) -> Result<(), Error> {
//! let registered = loop {
//!     let reading = store.read(&subject).await?;
//!     if !gets_along(&reading, &schema) {
//!         return Ok(()); // Refuse it.
//!     }
//!     match store.register("token 7", reading.propose(schema.clone())?).await {
//!         Err(Error::Moved) => continue,
//!         done => break done?,
//!     }
//! };
//! # Ok(()) }
//! ```

use super::{
    Applied, Conflict, Error, Mode, Schema, Store,
    schema::guid,
    settings::{Applying, scopes},
    sql::{Sql, all, by_number, values},
};
use serde::{Deserialize, Serialize};

/// The context of subjects that name none.
pub const DEFAULT_CONTEXT: &str = ".";

/// What schemas are versions of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The context; [`DEFAULT_CONTEXT`] if none is named.
    pub context: String,
    /// The name in the context.
    pub name: String,
}

impl Subject {
    /// A subject of a context.
    pub fn new(context: impl Into<String>, name: impl Into<String>) -> Self {
        Subject { context: context.into(), name: name.into() }
    }
}

/// A version of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number, from 1, in the order of registration.
    pub version: i64,
    /// The schema's id.
    pub id: i64,
    /// Whether it is soft-deleted.
    pub deleted: bool,
    /// When it was registered, in milliseconds since 1970.
    pub created: i64,
}

/// A subject as it was at one moment: what a decision about its next version rests on.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The subject.
    pub subject: Subject,
    /// Its versions, oldest first, with those that are soft-deleted.
    pub versions: Vec<Held>,
    /// The settings that apply to it.
    pub applied: Applied,
    /// Whether it is the released history of a message.
    pub released: bool,
    seen: i64,
}

/// A schema on its way into a subject, which was read before.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(crate) subject: Subject,
    pub(crate) schema: Schema,
    /// Of the schema: computed by whoever asks, as there is one that writes.
    pub(crate) hash: String,
    /// The newest change that was seen; none if nothing was read.
    pub(crate) seen: Option<i64>,
    /// The id and the version that another registry gave.
    pub(crate) given: Option<(i64, Option<i64>)>,
}

/// The answer to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The schema's id.
    pub id: i64,
    /// Its version in the subject.
    pub version: i64,
    /// Whether the subject did not have it before.
    pub new: bool,
}

impl Reading {
    /// A registration of a schema that was found to get along with what was read.
    ///
    /// # Errors
    /// [`Conflict::ReadOnly`], or [`Conflict::Released`] for the history of a message.
    pub fn propose(&self, schema: Schema) -> Result<Registration, Error> {
        self.writable()?;
        Ok(self.registration(schema, None))
    }

    /// A registration under the id, and perhaps the version, that another registry gave.
    ///
    /// # Errors
    /// [`Conflict::NotImporting`] unless the subject is in import mode, [`Conflict::Released`] for the history of a message, and
    /// [`Error::Refused`] for an id or a version below 1.
    pub fn import(&self, schema: Schema, id: i64, version: Option<i64>) -> Result<Registration, Error> {
        self.writable()?;
        if self.applied.mode != Mode::Import {
            return Err(Error::Conflict(Conflict::NotImporting));
        }
        // Clients keep ids in 32 bits, and the numbers after these must be left.
        let sound = |number: i64| (1..i64::from(i32::MAX)).contains(&number);
        if !sound(id) || version.is_some_and(|version| !sound(version)) {
            return Err(Error::Refused("ids and versions are 31-bit numbers from 1".into()));
        }
        Ok(self.registration(schema, Some((id, version))))
    }

    fn registration(&self, schema: Schema, given: Option<(i64, Option<i64>)>) -> Registration {
        Registration { seen: Some(self.seen), given, ..Registration::first(self.subject.clone(), schema) }
    }

    fn writable(&self) -> Result<(), Error> {
        match () {
            () if self.released => Err(Error::Conflict(Conflict::Released)),
            () if self.applied.is_read_only() => Err(Error::Conflict(Conflict::ReadOnly)),
            () => Ok(()),
        }
    }
}

impl Registration {
    /// A registration without a reading, for a subject that never had a version: there is nothing to get along with. If there is, or
    /// if a setting wants more than a level, [`Store::register`] answers [`Error::Moved`].
    #[must_use]
    pub fn first(subject: Subject, schema: Schema) -> Registration {
        Registration { subject, hash: schema.hash(), schema, seen: None, given: None }
    }

    /// The schema's [`Schema::guid`].
    #[must_use]
    pub fn guid(&self) -> String {
        guid(&self.hash)
    }
}

/// The versions of a subject, oldest first, with those that are soft-deleted.
pub(crate) async fn held(sql: &mut dyn Sql, subject: &Subject) -> Result<Vec<Held>, Error> {
    let select = "SELECT version, schema_id, gone, created FROM versions \
                  WHERE context = ?1 AND subject = ?2 AND gone < 2 ORDER BY version";
    all(sql, select, values![&subject.context, &subject.name], |mut row| {
        Ok(Held { version: row.int()?, id: row.int()?, deleted: row.bool()?, created: row.int()? })
    })
    .await
}

/// Reads in one statement, so that all of it is of one moment.
async fn read(sql: &mut dyn Sql, subject: &Subject) -> Result<Reading, Error> {
    // First the settings, the nearest first, then what is kept of the subject, then its versions.
    let select = concat!(
        scopes!("level, mode, normalize, revision, 0, more"),
        " UNION ALL SELECT 3, NULL, NULL, released, revision, 0, NULL FROM subjects WHERE context = ?1 AND name = ?2 \
         UNION ALL SELECT 3 + version, NULL, NULL, schema_id, gone, created, NULL FROM versions \
         WHERE context = ?1 AND subject = ?2 AND gone < 2"
    );
    let (mut applying, mut released, mut seen, mut versions) = (Applying::default(), false, 0, Vec::new());
    for (part, mut row) in by_number(sql, select, values![&subject.context, &subject.name]).await? {
        let (level, mode) = (row.maybe_text()?, row.maybe_text()?);
        match part {
            0..3 => {
                applying.nearest(level, row.maybe_int()?, mode, row.int()?);
                row.int()?;
                applying.more.extend(row.maybe_text()?);
            }
            3 => (released, seen) = (row.bool()?, row.int()?),
            _ => {
                let (id, deleted, created) = (row.int()?, row.bool()?, row.int()?);
                versions.push(Held { version: part - 3, id, deleted, created });
            }
        }
    }
    let applied = applying.applied()?;
    Ok(Reading { subject: subject.clone(), versions, released, seen: seen.max(applied.revision), applied })
}

impl Store {
    /// A subject as it is now; one without versions is read as well, so that it can get its first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(&self, subject: &Subject) -> Result<Reading, Error> {
        self.glance(subject.clone(), |sql, subject| Box::pin(read(sql, subject))).await
    }

    /// Registers a schema. If the subject has it already, that version is the answer, whatever changed meanwhile.
    ///
    /// # Errors
    /// [`Error::Moved`] if the subject or its settings changed after they were read; [`What::Reference`] is missing;
    /// [`Conflict::IdTaken`] and [`Conflict::VersionTaken`] for what another registry gave.
    pub async fn register(&self, by: &str, registration: Registration) -> Result<Registered, Error> {
        self.gathering.register(&*self.engine, by, registration).await
    }
}
