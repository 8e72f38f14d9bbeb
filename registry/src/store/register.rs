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
    Applied, Conflict, Error, Mode, Schema, Store, What,
    changes::{Action, Entry, entry_of, now},
    schema::{guid, insert},
    settings::{Applying, applied, scopes},
    sql::{Sql, Statement, all, by_number, first, names, only, values},
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
    subject: Subject,
    schema: Schema,
    /// Of the schema: computed by whoever asks, as there is one that writes.
    hash: String,
    /// The newest change that was seen; none if nothing was read.
    seen: Option<i64>,
    /// The id and the version that another registry gave.
    given: Option<(i64, Option<i64>)>,
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

/// What is known of a schema that is to become a version of a subject, and of the subject.
pub(crate) struct Known {
    /// The id and version of the newest live version that has the schema.
    pub(crate) had: Option<(i64, i64)>,
    /// The schema's own id.
    own: Option<i64>,
    /// The newest change to the subject, if it ever had a version.
    subject: Option<i64>,
    last_version: i64,
    /// The newest change to a setting that applies to it.
    settings: Option<i64>,
    /// The newest id of a schema, and the newest change.
    clock: (i64, i64),
}

pub(crate) async fn known(sql: &mut dyn Sql, subject: &Subject, hash: &str) -> Result<Known, Error> {
    let Subject { context, name } = subject;
    let select = "SELECT c.schema_id, c.change, s.revision, s.last_version, \
                  (SELECT id FROM schemas WHERE hash = ?3 AND twin = 0), \
                  (SELECT revision FROM settings WHERE context = ?1 AND subject = ?2), \
                  (SELECT revision FROM settings WHERE context = ?1 AND subject = ''), \
                  (SELECT revision FROM settings WHERE context = '' AND subject = '') \
                  FROM clock c LEFT JOIN subjects s ON s.context = ?1 AND s.name = ?2 WHERE c.one = 1";
    let mut row = only(sql, select, values![context, name, hash]).await?;
    let clock = (row.int()?, row.int()?);
    let (changed, last_version, own) = (row.maybe_int()?, row.maybe_int()?.unwrap_or(0), row.maybe_int()?);
    let settings = row.maybe_int()?.max(row.maybe_int()?).max(row.maybe_int()?);
    let had = match (changed, own) {
        (Some(_), Some(_)) => {
            let select = "SELECT v.schema_id, v.version FROM versions v WHERE v.context = ?1 AND v.subject = ?2 AND v.gone = 0 \
                          AND EXISTS (SELECT 1 FROM schemas s WHERE s.id = v.schema_id AND s.hash = ?3) \
                          ORDER BY v.version DESC LIMIT 1";
            match first(sql, select, values![context, name, hash]).await? {
                Some(mut row) => Some((row.int()?, row.int()?)),
                None => None,
            }
        }
        _ => None,
    };
    Ok(Known { had, own, subject: changed, last_version, settings, clock })
}

async fn register(sql: &mut dyn Sql, (by, asked): &(String, Registration)) -> Result<Registered, Error> {
    let Registration { subject, schema, hash, seen, given } = asked;
    let known = known(sql, subject, hash).await?;
    if seen.is_none() && known.settings.is_some() {
        let applied = applied(sql, subject).await?;
        // In another form it may be another schema.
        if applied.normalize || applied.mode != Mode::ReadWrite {
            return Err(Error::Moved);
        }
    }
    if let Some((id, version)) = known.had
        && given.is_none_or(|(wanted, at)| wanted == id && at.is_none_or(|at| at == version))
    {
        return Ok(Registered { id, version, new: false });
    }
    let moved = match seen {
        Some(seen) => known.subject.max(known.settings).unwrap_or(0) != *seen,
        None => known.subject.is_some(),
    };
    if moved {
        return Err(Error::Moved);
    }
    add(sql, Addition { by, subject, schema, hash, known, given: *given, released: false }).await
}

/// A version to be added.
pub(crate) struct Addition<'a> {
    pub(crate) by: &'a str,
    pub(crate) subject: &'a Subject,
    pub(crate) schema: &'a Schema,
    pub(crate) hash: &'a str,
    pub(crate) known: Known,
    pub(crate) given: Option<(i64, Option<i64>)>,
    pub(crate) released: bool,
}

/// Adds a version, and the schema if it is new.
pub(crate) async fn add(sql: &mut dyn Sql, addition: Addition<'_>) -> Result<Registered, Error> {
    let Addition { by, subject, schema, hash, known, given, released } = addition;
    let Subject { context, name } = subject;
    names([context, name])?;
    references(sql, schema).await?;
    let version = given.and_then(|(_, version)| version);
    let wanted = match given {
        None => None,
        Some((id, version)) => is_free(sql, subject, hash, id, version).await?.then_some(id),
    };
    // New are: a schema without an id, and one under a second id.
    let fresh = known.own.is_none() && given.is_none();
    let last = (known.clock.0 + i64::from(fresh)).max(wanted.unwrap_or(0));
    let id = wanted.or(given.map(|(id, _)| id)).or(known.own).unwrap_or(last);
    let seq = known.clock.1 + 1;
    let update = "UPDATE clock SET schema_id = ?1, change = ?2 WHERE one = 1";
    let mut statements: Vec<Statement> = vec![(update.into(), values![last, seq])];
    if fresh || wanted.is_some() {
        statements.extend(insert(id, schema, hash, known.own.is_some())?);
    }
    let version = version.unwrap_or(known.last_version + 1);
    let insert = "INSERT INTO versions (context, subject, version, schema_id, gone, created) \
                  VALUES (?1, ?2, ?3, ?4, 0, ?5)";
    statements.push((insert.into(), values![context, name, version, id, now()]));
    let keep = match known.subject {
        None => "INSERT INTO subjects (context, name, revision, last_version, released) VALUES (?1, ?2, ?3, ?4, ?5)",
        Some(_) => {
            "UPDATE subjects SET revision = ?3, last_version = ?4, released = ?5 WHERE context = ?1 AND name = ?2"
        }
    };
    let last_version = known.last_version.max(version);
    statements.push((keep.into(), values![context, name, seq, last_version, released]));
    let (action, number, detail) = (Action::Registered, Some(version.to_string()), Some(id.to_string()));
    statements.push(entry_of(seq, Entry { by, action, context, name, version: number, detail }));
    sql.run(statements).await?;
    Ok(Registered { id, version, new: true })
}

/// Whether an id that another registry gave is free; if not, it is this schema's.
async fn is_free(
    sql: &mut dyn Sql,
    subject: &Subject,
    hash: &str,
    id: i64,
    version: Option<i64>,
) -> Result<bool, Error> {
    let found = first(sql, "SELECT hash FROM schemas WHERE id = ?1", values![id]).await?;
    let free = match found.map(|mut row| row.text()).transpose()? {
        None => true,
        Some(other) if other != hash => return Err(Error::Conflict(Conflict::IdTaken(id))),
        Some(_) => false,
    };
    if let Some(version) = version {
        let select = "SELECT version FROM versions WHERE context = ?1 AND subject = ?2 AND version = ?3";
        if first(sql, select, values![&subject.context, &subject.name, version]).await?.is_some() {
            return Err(Error::Conflict(Conflict::VersionTaken(version)));
        }
    }
    Ok(free)
}

/// Everything that a schema refers to must be there.
async fn references(sql: &mut dyn Sql, schema: &Schema) -> Result<(), Error> {
    for reference in &schema.references {
        let select = "SELECT 1 FROM versions WHERE context = ?1 AND subject = ?2 AND version = ?3 AND gone = 0";
        let values = values![&reference.subject.context, &reference.subject.name, reference.version];
        first(sql, select, values).await?.ok_or(Error::Missing(What::Reference))?;
    }
    Ok(())
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
        self.write((by.to_owned(), registration), |sql, input| Box::pin(register(sql, input))).await
    }
}
