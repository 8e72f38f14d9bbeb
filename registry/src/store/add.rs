//! Writing versions: many registrations at once, each decided as if it came alone, and what they write together, table by table, as a
//! database writes many rows of one kind sooner than rows of all kinds in turn. Whether schemas are compatible is not known here.

use super::{
    Conflict, Error, Mode, Registered, Registration, Schema, Subject, What,
    changes::{Action, Entry, entry_of, now},
    schema,
    settings::applied,
    sql::{Row, Sql, Statement, Value, all, first, names, only, values},
};
use std::collections::BTreeSet;

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
}

/// The settings, if there are few: of many registrations at once, none then looks for its own among them.
struct Few(Vec<(String, String, i64)>);

impl Few {
    const MOST: usize = 64;

    async fn read(sql: &mut dyn Sql) -> Result<Option<Few>, Error> {
        let select = "SELECT context, subject, revision FROM settings LIMIT ?1";
        let read = |mut row: Row| Ok((row.text()?, row.text()?, row.int()?));
        let all = all(sql, select, values![Few::MOST as i64 + 1], read).await?;
        Ok((all.len() <= Few::MOST).then_some(Few(all)))
    }

    /// The newest change to one that applies to a subject.
    fn newest(&self, Subject { context, name }: &Subject) -> Option<i64> {
        let applies = |(of, subject): (&str, &str)| match subject {
            "" => of.is_empty() || of == context,
            _ => of == context && subject == name,
        };
        self.0.iter().filter(|(of, subject, _)| applies((of, subject))).map(|(.., revision)| *revision).max()
    }
}

/// What is known of a subject and a schema: the columns that are always read, and what else.
macro_rules! select_known {
    ($more:literal) => {
        // The clock is a row that is always there.
        concat!(
            "SELECT s.revision, s.last_version, \
             (SELECT id FROM schemas WHERE substr(hash, 1, 8) = ?4 AND hash = ?3 AND twin = 0)",
            $more,
            " FROM clock c LEFT JOIN subjects s ON s.context = ?1 AND s.name = ?2 WHERE c.one = 1"
        )
    };
}

pub(crate) async fn known(sql: &mut dyn Sql, subject: &Subject, hash: &str) -> Result<Known, Error> {
    known_with(sql, subject, hash, None).await
}

async fn known_with(sql: &mut dyn Sql, subject: &Subject, hash: &str, few: Option<&Few>) -> Result<Known, Error> {
    let Subject { context, name } = subject;
    let select = match few {
        Some(_) => select_known!(""),
        None => select_known!(
            ", (SELECT revision FROM settings WHERE context = ?1 AND subject = ?2), \
             (SELECT revision FROM settings WHERE context = ?1 AND subject = ''), \
             (SELECT revision FROM settings WHERE context = '' AND subject = '')"
        ),
    };
    let mut row = only(sql, select, values![context, name, hash, schema::start(hash)]).await?;
    let (changed, last_version, own) = (row.maybe_int()?, row.maybe_int()?.unwrap_or(0), row.maybe_int()?);
    let settings = match few {
        Some(few) => few.newest(subject),
        None => row.maybe_int()?.max(row.maybe_int()?).max(row.maybe_int()?),
    };
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
    Ok(Known { had, own, subject: changed, last_version, settings })
}

/// Registers many, as if one came after the other. What fails for one of them leaves nothing behind; what fails for all is the error.
///
/// # Errors
/// When the database cannot be read or written.
pub(crate) async fn register(
    sql: &mut dyn Sql,
    asked: &[(String, Registration)],
) -> Result<Vec<Result<Registered, Error>>, Error> {
    let mut answers: Vec<Option<Result<Registered, Error>>> = asked.iter().map(|_| None).collect();
    let few = Few::read(sql).await?;
    while answers.iter().any(Option::is_none) {
        let mut writes = Writes::begin(sql).await?;
        let (mut subjects, mut hashes) = (BTreeSet::new(), BTreeSet::new());
        for (answer, (by, it)) in answers.iter_mut().zip(asked).filter(|(answer, _)| answer.is_none()) {
            // What rests on what another one writes comes when that is written.
            let alone = it.given.is_some() && !writes.is_empty();
            if alone || subjects.contains(&it.subject) || hashes.contains(&it.hash) {
                continue;
            }
            let done = match decide(sql, by, it, few.as_ref(), &mut writes).await {
                Err(error @ (Error::Unavailable(_) | Error::Corrupt(_))) => return Err(error),
                done => done,
            };
            if done.as_ref().is_ok_and(|done| done.new) {
                subjects.insert(&it.subject);
                hashes.insert(&it.hash);
            }
            *answer = Some(done);
            if it.given.is_some() {
                break;
            }
        }
        writes.end(sql).await?;
    }
    Ok(answers.into_iter().flatten().collect())
}

/// What becomes of one registration.
async fn decide<'a>(
    sql: &mut dyn Sql,
    by: &'a str,
    asked: &'a Registration,
    few: Option<&Few>,
    writes: &mut Writes<'a>,
) -> Result<Registered, Error> {
    let Registration { subject, schema, hash, seen, given } = asked;
    let known = known_with(sql, subject, hash, few).await?;
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
    plan(sql, Addition { by, subject, schema, hash, known, given: *given, released: false }, writes).await
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
    let mut writes = Writes::begin(sql).await?;
    let registered = plan(sql, addition, &mut writes).await?;
    writes.end(sql).await?;
    Ok(registered)
}

/// What is to be written for versions, none of which rests on another one, and the clock when it is.
struct Writes<'a> {
    schema_id: i64,
    change: i64,
    now: i64,
    schemas: Vec<Statement<'a>>,
    refers: Vec<Statement<'a>>,
    versions: Vec<Statement<'a>>,
    subjects: Vec<Statement<'a>>,
    changes: Vec<Statement<'a>>,
}

impl<'a> Writes<'a> {
    async fn begin(sql: &mut dyn Sql) -> Result<Self, Error> {
        let mut clock = only(sql, "SELECT schema_id, change FROM clock WHERE one = 1", values![]).await?;
        let (schema_id, change, none) = (clock.int()?, clock.int()?, Vec::new);
        let (schemas, refers, versions, subjects, changes) = (none(), none(), none(), none(), none());
        Ok(Writes { schema_id, change, now: now(), schemas, refers, versions, subjects, changes })
    }

    fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    async fn end(self, sql: &mut dyn Sql) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        let mut all = self.schemas;
        all.extend(self.refers);
        all.extend(self.versions);
        all.extend(self.subjects);
        all.extend(self.changes);
        let update = "UPDATE clock SET schema_id = ?1, change = ?2 WHERE one = 1";
        all.push((update.into(), values![self.schema_id, self.change]));
        sql.run(all).await
    }
}

/// Looks whether a version can be added, and notes what is to be written for it.
async fn plan<'a>(sql: &mut dyn Sql, addition: Addition<'a>, writes: &mut Writes<'a>) -> Result<Registered, Error> {
    let Addition { by, subject, schema, hash, known, given, released } = addition;
    let Subject { context, name } = subject;
    names([context, name])?;
    storable(by, schema)?;
    references(sql, schema).await?;
    let version = given.and_then(|(_, version)| version);
    let wanted = match given {
        None => None,
        Some((id, version)) => is_free(sql, subject, hash, id, version).await?.then_some(id),
    };
    // New are: a schema without an id, and one under a second id.
    let fresh = known.own.is_none() && given.is_none();
    let last = (writes.schema_id + i64::from(fresh)).max(wanted.unwrap_or(0));
    let id = wanted.or(given.map(|(id, _)| id)).or(known.own).unwrap_or(last);
    if fresh || wanted.is_some() {
        let (insert, refers) = schema::insert(id, schema, hash, known.own.is_some())?;
        writes.schemas.push(insert);
        writes.refers.extend(refers);
    }
    let (seq, now) = (writes.change + 1, writes.now);
    (writes.schema_id, writes.change) = (last, seq);
    let version = version.unwrap_or(known.last_version + 1);
    let insert = "INSERT INTO versions (context, subject, version, schema_id, gone, created) \
                  VALUES (?1, ?2, ?3, ?4, 0, ?5)";
    writes.versions.push((insert.into(), values![context, name, version, id, now]));
    let keep = match known.subject {
        None => "INSERT INTO subjects (context, name, revision, last_version, released) VALUES (?1, ?2, ?3, ?4, ?5)",
        Some(_) => {
            "UPDATE subjects SET revision = ?3, last_version = ?4, released = ?5 WHERE context = ?1 AND name = ?2"
        }
    };
    let last_version = known.last_version.max(version);
    writes.subjects.push((keep.into(), values![context, name, seq, last_version, released]));
    let (action, number, detail) = (Action::Registered, Some(version.to_string()), Some(id.to_string()));
    writes.changes.push(entry_of(seq, now, Entry { by, action, context, name, version: number, detail }));
    Ok(Registered { id, version, new: true })
}

/// Refuses what no database can hold, before it is written beside others.
fn storable(by: &str, schema: &Schema) -> Result<(), Error> {
    let Schema { kind, text, references, metadata, rules } = schema;
    let optional = [metadata, rules].into_iter().flatten();
    let named = references.iter().map(|reference| &reference.name);
    [kind, text].into_iter().chain(optional).chain(named).map(String::as_str).chain([by]).try_for_each(Value::storable)
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
