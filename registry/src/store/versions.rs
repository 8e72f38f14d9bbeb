//! What subjects have: listing, finding and deleting versions. Deletion is in two steps, as Kafka's registries have it: a
//! soft-deleted version is only hidden; one deleted for good leaves its number behind, which is never given again.

use super::{
    Conflict, Error, Held, Schema, Store, Subject, What,
    changes::{Action, Entry, log},
    register::held,
    settings::{applied, forget},
    sql::{Row, Sql, all, first, only, values},
};
use std::collections::BTreeSet;

/// Which of the versions are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deleted {
    /// Those that are not deleted.
    #[default]
    Without,
    /// The soft-deleted ones as well.
    With,
    /// Only the soft-deleted ones.
    Only,
}

impl Deleted {
    /// The least and the greatest `gone`.
    fn range(self) -> (i64, i64) {
        match self {
            Deleted::Without => (0, 0),
            Deleted::With => (0, 1),
            Deleted::Only => (1, 1),
        }
    }
}

/// A part of a long list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many to leave out.
    pub offset: i64,
    /// How many to list.
    pub limit: i64,
}

impl Page {
    /// The whole list.
    pub const ALL: Page = Page { offset: 0, limit: i64::MAX };
}

/// How to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Hide it.
    Soft,
    /// Delete for good what is hidden.
    Hard,
}

/// A version in a list over many subjects.
pub type Listed = (Subject, Held);

fn listed(mut row: Row) -> Result<Listed, Error> {
    let subject = Subject { context: row.text()?, name: row.text()? };
    Ok((subject, Held { version: row.int()?, id: row.int()?, deleted: row.bool()?, created: row.int()? }))
}

/// Whether a schema that is live (or, for a deletion for good, soft-deleted) refers to a version.
async fn is_referenced(sql: &mut dyn Sql, subject: &Subject, version: i64, how: Deletion) -> Result<bool, Error> {
    let select = "SELECT 1 FROM refers r JOIN versions v ON v.schema_id = r.schema_id \
                  WHERE r.context = ?1 AND r.subject = ?2 AND r.version = ?3 AND v.gone <= ?4 LIMIT 1";
    let most = i64::from(how == Deletion::Hard);
    Ok(first(sql, select, values![&subject.context, &subject.name, version, most]).await?.is_some())
}

/// Whether this version may be deleted now.
fn step(held: &Held, how: Deletion) -> Result<(), Error> {
    match (how, held.deleted) {
        (Deletion::Soft, true) => Err(Error::Conflict(Conflict::AlreadyDeleted)),
        (Deletion::Hard, false) => Err(Error::Conflict(Conflict::NotYetDeleted)),
        _ => Ok(()),
    }
}

/// Hides versions, or deletes them for good, if nothing speaks against it.
async fn remove(
    sql: &mut dyn Sql,
    entry: Entry<'_>,
    subject: &Subject,
    versions: &[i64],
    how: Deletion,
) -> Result<i64, Error> {
    if applied(sql, subject).await?.is_read_only() {
        return Err(Error::Conflict(Conflict::ReadOnly));
    }
    let select = "SELECT released FROM subjects WHERE context = ?1 AND name = ?2";
    let released = first(sql, select, values![&subject.context, &subject.name]).await?;
    if released.map_or(Ok(false), |mut row| row.bool())? {
        return Err(Error::Conflict(Conflict::Released));
    }
    let seq = log(sql, entry).await?;
    for &version in versions {
        if is_referenced(sql, subject, version, how).await? {
            return Err(Error::Conflict(Conflict::Referenced));
        }
        let gone = if how == Deletion::Soft { 1_i64 } else { 2 };
        let update = "UPDATE versions SET gone = ?1 WHERE context = ?2 AND subject = ?3 AND version = ?4";
        sql.rows(update, values![gone, &subject.context, &subject.name, version]).await?;
    }
    let update = "UPDATE subjects SET revision = ?1 WHERE context = ?2 AND name = ?3";
    sql.rows(update, values![seq, &subject.context, &subject.name]).await?;
    Ok(seq)
}

type OfVersion = (String, Subject, i64, Deletion);

async fn delete_version(sql: &mut dyn Sql, (by, subject, version, how): &OfVersion) -> Result<(), Error> {
    let versions = held(sql, subject).await?;
    if versions.is_empty() {
        return Err(Error::Missing(What::Subject));
    }
    let held = versions.iter().find(|held| held.version == *version).ok_or(Error::Missing(What::Version))?;
    step(held, *how)?;
    let action = if *how == Deletion::Soft { Action::VersionDeleted } else { Action::VersionPurged };
    let Subject { context, name } = subject;
    let entry = Entry { by, action, context, name, version: Some(version.to_string()), detail: None };
    remove(sql, entry, subject, &[*version], *how).await.map(drop)
}

type OfSubject = (String, Subject, Deletion);

async fn delete_subject(sql: &mut dyn Sql, (by, subject, how): &OfSubject) -> Result<Vec<i64>, Error> {
    let versions = held(sql, subject).await?;
    // Those that were hidden one by one stay as they are when the rest is hidden.
    let wanted: Vec<&Held> = versions.iter().filter(|held| *how == Deletion::Hard || !held.deleted).collect();
    match (versions.first(), wanted.is_empty()) {
        (None, _) => return Err(Error::Missing(What::Subject)),
        (Some(_), true) => return Err(Error::Conflict(Conflict::AlreadyDeleted)),
        _ => wanted.iter().try_for_each(|held| step(held, *how))?,
    }
    let action = if *how == Deletion::Soft { Action::SubjectDeleted } else { Action::SubjectPurged };
    let Subject { context, name } = subject;
    let entry = Entry { by, action, context, name, version: None, detail: None };
    let numbers: Vec<i64> = wanted.iter().map(|held| held.version).collect();
    let seq = remove(sql, entry, subject, &numbers, *how).await?;
    forget(sql, subject, seq).await?;
    Ok(numbers)
}

impl Store {
    /// The versions of a subject, oldest first; none for a subject that is not there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn versions(&self, subject: &Subject, deleted: Deleted) -> Result<Vec<Held>, Error> {
        let mut versions = self.glance(subject.clone(), |sql, subject| Box::pin(held(sql, subject))).await?;
        let (least, most) = deleted.range();
        versions.retain(|held| (least..=most).contains(&i64::from(held.deleted)));
        Ok(versions)
    }

    /// The newest version of a subject that has this schema.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find(&self, subject: &Subject, schema: &Schema, deleted: Deleted) -> Result<Option<Held>, Error> {
        self.glance((subject.clone(), schema.hash(), deleted.range()), |sql, (subject, hash, (least, most))| {
            Box::pin(async move {
                let select = "SELECT v.context, v.subject, v.version, v.schema_id, v.gone, v.created FROM versions v \
                              JOIN schemas s ON s.id = v.schema_id WHERE v.context = ?1 AND v.subject = ?2 \
                              AND s.hash = ?3 AND v.gone >= ?4 AND v.gone <= ?5 ORDER BY v.version DESC LIMIT 1";
                let values = values![&subject.context, &subject.name, hash, *least, *most];
                Ok(first(sql, select, values).await?.map(listed).transpose()?.map(|(_, held)| held))
            })
        })
        .await
    }

    /// The subjects of a context, or of all, whose names start with `prefix`, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn subjects(
        &self,
        context: Option<&str>,
        prefix: &str,
        deleted: Deleted,
        page: Page,
    ) -> Result<Vec<Subject>, Error> {
        let input = (context.unwrap_or_default().to_owned(), prefix.to_owned(), deleted.range(), page);
        self.glance(input, |sql, (context, prefix, (least, most), page)| {
            let select = "SELECT DISTINCT context, subject FROM versions WHERE (context = ?1 OR ?1 = '') \
                          AND subject >= ?2 AND substr(subject, 1, length(CAST(?2 AS TEXT))) = ?2 \
                          AND gone >= ?3 AND gone <= ?4 ORDER BY context, subject LIMIT ?5 OFFSET ?6";
            let values = values![context, prefix, *least, *most, page.limit, page.offset];
            Box::pin(all(sql, select, values, |mut row| Ok(Subject { context: row.text()?, name: row.text()? })))
        })
        .await
    }

    /// The subjects that clients registered by themselves, sorted; what workspaces released is not among them, nor what is deleted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn registered(&self) -> Result<Vec<Subject>, Error> {
        self.glance((), |sql, ()| {
            let select = "SELECT s.context, s.name FROM subjects s WHERE s.released = 0 AND EXISTS (SELECT 1 FROM versions v \
                          WHERE v.context = s.context AND v.subject = s.name AND v.gone = 0) ORDER BY s.context, s.name";
            Box::pin(all(sql, select, values![], |mut row| Ok(Subject { context: row.text()?, name: row.text()? })))
        })
        .await
    }

    /// Every version of the subjects that [`Store::subjects`] would list, by subject and version; `newest` leaves only the
    /// newest of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_versions(
        &self,
        context: Option<&str>,
        prefix: &str,
        deleted: Deleted,
        newest: bool,
        page: Page,
    ) -> Result<Vec<Listed>, Error> {
        let input = (context.unwrap_or_default().to_owned(), prefix.to_owned(), deleted.range(), newest, page);
        self.glance(input, |sql, (context, prefix, (least, most), newest, page)| {
            let select = "SELECT context, subject, version, schema_id, gone, created FROM versions v \
                          WHERE (context = ?1 OR ?1 = '') \
                          AND subject >= ?2 AND substr(subject, 1, length(CAST(?2 AS TEXT))) = ?2 \
                          AND gone >= ?3 AND gone <= ?4 AND (?5 = 0 OR NOT EXISTS (SELECT 1 FROM versions n \
                          WHERE n.context = v.context AND n.subject = v.subject AND n.version > v.version \
                          AND n.gone >= ?3 AND n.gone <= ?4)) \
                          ORDER BY context, subject, version LIMIT ?6 OFFSET ?7";
            let values = values![context, prefix, *least, *most, *newest, page.limit, page.offset];
            Box::pin(all(sql, select, values, listed))
        })
        .await
    }

    /// The versions of subjects that have the schema of this id, by subject and version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn uses(&self, id: i64, deleted: Deleted) -> Result<Vec<Listed>, Error> {
        self.glance((id, deleted.range()), |sql, &(id, (least, most))| {
            let select = "SELECT context, subject, version, schema_id, gone, created FROM versions \
                          WHERE schema_id = ?1 AND gone >= ?2 AND gone <= ?3 ORDER BY context, subject, version";
            Box::pin(all(sql, select, values![id, least, most], listed))
        })
        .await
    }

    /// The ids of the schemas that refer to a version and that some subject has, ascending.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn referring(&self, subject: &Subject, version: i64, deleted: Deleted) -> Result<Vec<i64>, Error> {
        let referrers = self.referrers(subject, version, deleted).await?;
        let ids: BTreeSet<i64> = referrers.into_iter().map(|(_, held)| held.id).collect();
        Ok(ids.into_iter().collect())
    }

    /// The versions of subjects whose schemas refer to a version, by subject and version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn referrers(&self, subject: &Subject, version: i64, deleted: Deleted) -> Result<Vec<Listed>, Error> {
        self.glance((subject.clone(), version, deleted.range()), |sql, (subject, version, (least, most))| {
            let select = "SELECT DISTINCT v.context, v.subject, v.version, v.schema_id, v.gone, v.created FROM refers r \
                          JOIN versions v ON v.schema_id = r.schema_id \
                          WHERE r.context = ?1 AND r.subject = ?2 AND r.version = ?3 \
                          AND v.gone >= ?4 AND v.gone <= ?5 ORDER BY v.context, v.subject, v.version";
            let values = values![&subject.context, &subject.name, *version, *least, *most];
            Box::pin(all(sql, select, values, listed))
        })
        .await
    }

    /// How many live versions there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count(&self) -> Result<i64, Error> {
        self.glance((), |sql, ()| {
            let select = "SELECT count(*) FROM versions WHERE gone = 0";
            Box::pin(async move { only(sql, select, values![]).await?.int() })
        })
        .await
    }

    /// Deletes one version.
    ///
    /// # Errors
    /// [`What::Subject`] or [`What::Version`] is missing; [`Conflict::AlreadyDeleted`], [`Conflict::NotYetDeleted`],
    /// [`Conflict::Referenced`], [`Conflict::ReadOnly`], [`Conflict::Released`].
    pub async fn delete_version(&self, by: &str, subject: &Subject, version: i64, how: Deletion) -> Result<(), Error> {
        let input = (by.to_owned(), subject.clone(), version, how);
        self.write(input, |sql, input| Box::pin(delete_version(sql, input))).await
    }

    /// Deletes all versions of a subject, and what it said of itself; returns their numbers.
    ///
    /// # Errors
    /// Those of [`Store::delete_version`].
    pub async fn delete_subject(&self, by: &str, subject: &Subject, how: Deletion) -> Result<Vec<i64>, Error> {
        let input = (by.to_owned(), subject.clone(), how);
        self.write(input, |sql, input| Box::pin(delete_subject(sql, input))).await
    }
}
