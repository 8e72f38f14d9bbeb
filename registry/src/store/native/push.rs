//! A push: a workspace with its whole history goes into the registry, in one transaction. What was released stays as it was, new
//! versions go on top, and the same push again changes nothing. Whether the history is allowed is checked before, by
//! [`crate::push`].

use super::{
    consumers::{Consumer, of_push},
    subject_of,
};
use crate::store::{
    Conflict, Error, Schema, Store, What,
    add::{Addition, add, known},
    changes::{Action, Entry, log, now},
    schema::hexadecimal,
    settings::applied,
    sql::{self, Row, Sql, all, first, names, values},
};
use isobar_model::Version;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

/// A workspace as it is pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Push {
    /// The workspace's name.
    pub workspace: String,
    /// Its contexts.
    pub contexts: Vec<PushedContext>,
    /// Its messages.
    pub messages: Vec<PushedMessage>,
    /// What it says that consumers accept.
    pub consumers: Vec<Consumer>,
    /// Its files: path below it, and text.
    pub files: BTreeMap<String, String>,
}

/// A context as it is pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PushedContext {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub doc: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
}

/// A message as it is pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PushedMessage {
    /// Its context.
    pub context: String,
    /// Its name in the context.
    pub name: String,
    /// What it is, such as `event`.
    pub kind: String,
    /// What it says.
    pub doc: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its frozen versions, oldest first.
    pub versions: Vec<PushedVersion>,
    /// What it is found by.
    pub words: Vec<Word>,
}

/// A frozen version as it is pushed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PushedVersion {
    /// Its number.
    pub version: Version,
    /// The frozen YAML, byte for byte.
    pub yaml: String,
    /// The YAML's hash as the lock has it.
    pub hash: String,
    /// The `$id` of its JSON Schema.
    pub url: String,
    /// Its JSON Schema.
    pub schema: Schema,
    /// The hash of the stored YAML that this one takes the place of, where they were found to differ only in what they tell people.
    pub revises: Option<String>,
}

/// Something by which a message is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// What it is: `name`, `doc`, `field`, `type`, `tag` ...
    pub place: String,
    /// The text.
    pub text: String,
}

/// What a push did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The versions that the registry did not have: `context.Message`, version, id of the schema.
    pub new: Vec<(String, Version, i64)>,
    /// How many versions it had already.
    pub known: usize,
    /// What the workspace's card has for its hash from now on.
    pub hash: String,
}

impl Push {
    /// The hash of everything in it. It only saves work: a push that hashes differently is compared in full.
    fn hash(&self) -> String {
        struct Bytes(Sha256);
        impl std::hash::Hasher for Bytes {
            fn finish(&self) -> u64 {
                0
            }
            fn write(&mut self, bytes: &[u8]) {
                // The length keeps neighbours apart.
                self.0.update((bytes.len() as u64).to_be_bytes());
                self.0.update(bytes);
            }
        }
        let mut bytes = Bytes(Sha256::new());
        std::hash::Hash::hash(self, &mut bytes);
        hexadecimal(&bytes.0.finalize())
    }
}

async fn push(sql: &mut dyn Sql, (by, push): &(String, Push)) -> Result<Pushed, Error> {
    names([&push.workspace])?;
    let hash = push.hash();
    let known = first(sql, "SELECT hash FROM workspaces WHERE name = ?1", values![&push.workspace]).await?;
    if known.map(|mut row| row.text()).transpose()?.as_ref() == Some(&hash) {
        return Ok(Pushed { new: Vec::new(), known: push.messages.iter().map(|it| it.versions.len()).sum(), hash });
    }
    let upsert = "INSERT INTO workspaces (name, hash, pushed) VALUES (?1, ?2, ?3) \
                  ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, pushed = excluded.pushed";
    sql.rows(upsert, values![&push.workspace, &hash, now()]).await?;
    sql.rows("DELETE FROM sources WHERE workspace = ?1", values![&push.workspace]).await?;
    for (path, body) in &push.files {
        names([path])?;
        let insert = "INSERT INTO sources (workspace, path, body) VALUES (?1, ?2, ?3)";
        sql.rows(insert, values![&push.workspace, path, body]).await?;
    }
    for context in &push.contexts {
        put_context(sql, &push.workspace, context).await?;
    }
    let mut pushed = Pushed { hash, ..Pushed::default() };
    for message in &push.messages {
        // A message of a context that the push does not list is in a context of its own making all the same.
        if push.contexts.iter().all(|context| context.name != message.context) {
            put_context(sql, &push.workspace, &PushedContext { name: message.context.clone(), ..Default::default() })
                .await?;
        }
        put_message(sql, by, message, &mut pushed).await?;
    }
    forget(sql, push).await?;
    of_push(sql, by, push).await?;
    let detail = Some(format!("{} new, {} known", pushed.new.len(), pushed.known));
    let name = &push.workspace;
    log(sql, Entry { by, action: Action::Pushed, context: "", name, version: None, detail }).await?;
    Ok(pushed)
}

/// Drops what the workspace had and no longer has, as far as nothing of it was released.
async fn forget(sql: &mut dyn Sql, push: &Push) -> Result<(), Error> {
    let select = "SELECT m.context, m.name FROM messages m JOIN contexts c ON c.name = m.context WHERE c.workspace = ?1 \
                  AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.context = m.context AND f.message = m.name)";
    let unreleased = all(sql, select, values![&push.workspace], |mut row| Ok((row.text()?, row.text()?))).await?;
    let kept: HashSet<(&str, &str)> = push.messages.iter().map(|it| (it.context.as_str(), it.name.as_str())).collect();
    for (context, name) in
        unreleased.iter().filter(|(context, name)| !kept.contains(&(context.as_str(), name.as_str())))
    {
        sql.rows("DELETE FROM words WHERE context = ?1 AND message = ?2", values![context, name]).await?;
        sql.rows("DELETE FROM messages WHERE context = ?1 AND name = ?2", values![context, name]).await?;
    }
    Ok(())
}

async fn put_context(sql: &mut dyn Sql, workspace: &str, context: &PushedContext) -> Result<(), Error> {
    let PushedContext { name, doc, owner } = context;
    names([name])?;
    let select = "SELECT workspace FROM contexts WHERE name = ?1";
    if let Some(mut row) = first(sql, select, values![name]).await? {
        let other = row.text()?;
        if other != workspace {
            return Err(Error::Conflict(Conflict::Owned(other)));
        }
    }
    let upsert = "INSERT INTO contexts (name, workspace, doc, owner) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT (name) DO UPDATE SET doc = excluded.doc, owner = excluded.owner";
    sql.rows(upsert, values![name, workspace, doc, owner]).await.map(drop)
}

async fn put_message(sql: &mut dyn Sql, by: &str, message: &PushedMessage, pushed: &mut Pushed) -> Result<(), Error> {
    let PushedMessage { context, name, versions, .. } = message;
    names([context, name])?;
    let select =
        "SELECT major, minor, hash, yaml FROM frozen WHERE context = ?1 AND message = ?2 ORDER BY major, minor";
    let stored = all(sql, select, values![context, name], |mut row| {
        Ok((version(row.int()?, row.int()?)?, row.text()?, row.text()?))
    })
    .await?;
    let mut newest = stored.last().map(|(version, ..)| *version);
    for frozen in versions {
        if let Some((_, hash, yaml)) = stored.iter().find(|(version, ..)| *version == frozen.version) {
            if (hash, yaml) == (&frozen.hash, &frozen.yaml) {
                // As it was.
            } else if frozen.revises.as_ref() == Some(hash) {
                revise(sql, by, message, frozen).await?;
            } else {
                return Err(Error::Conflict(Conflict::Edited(format!("{context}.{name}@{}", frozen.version))));
            }
            pushed.known += 1;
            continue;
        }
        if newest.is_some_and(|newest| newest >= frozen.version) {
            return Err(Error::Conflict(Conflict::NotNewer(format!("{context}.{name}@{}", frozen.version))));
        }
        newest = Some(frozen.version);
        let id = release(sql, by, message, frozen).await?;
        pushed.new.push((format!("{context}.{name}"), frozen.version, id));
    }
    // An older clone does not take back what a newer one says.
    if versions.last().map(|frozen| frozen.version) == newest {
        describe(sql, message).await?;
    }
    Ok(())
}

/// Registers the schema of a frozen version in the message's subject; returns its id and the subject's version.
async fn registered(
    sql: &mut dyn Sql,
    by: &str,
    message: &PushedMessage,
    frozen: &PushedVersion,
    action: Action,
) -> Result<(i64, i64), Error> {
    let PushedMessage { context, name, .. } = message;
    let PushedVersion { version, hash, url, schema, .. } = frozen;
    names([hash]).and(sql::url(url))?;
    let (subject, schema_hash) = (subject_of(context, name), schema.hash());
    let known = known(sql, &subject, &schema_hash).await?;
    let (id, number) = match known.had {
        Some(had) => had,
        None => {
            if applied(sql, &subject).await?.is_read_only() {
                return Err(Error::Conflict(Conflict::ReadOnly));
            }
            let subject = &subject;
            let it = Addition { by, subject, schema, hash: &schema_hash, known, given: None, released: true };
            let added = add(sql, it).await?;
            (added.id, added.version)
        }
    };
    let (version, detail) = (Some(version.to_string()), Some(id.to_string()));
    log(sql, Entry { by, action, context, name, version, detail }).await?;
    Ok((id, number))
}

/// Keeps a frozen version.
async fn release(sql: &mut dyn Sql, by: &str, message: &PushedMessage, frozen: &PushedVersion) -> Result<i64, Error> {
    let (id, number) = registered(sql, by, message, frozen, Action::Released).await?;
    let PushedMessage { context, name, .. } = message;
    let PushedVersion { version, yaml, hash, url, .. } = frozen;
    let insert = "INSERT INTO frozen (context, message, major, minor, yaml, hash, url, schema_id, subject_version, created) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let values = values![context, name, version.major, version.minor, yaml, hash, url, id, number, now()];
    sql.rows(insert, values).await?;
    Ok(id)
}

/// Keeps a frozen version as it is told now. The schema that tells it as before stays, under its id.
async fn revise(sql: &mut dyn Sql, by: &str, message: &PushedMessage, frozen: &PushedVersion) -> Result<(), Error> {
    let (id, number) = registered(sql, by, message, frozen, Action::Revised).await?;
    let PushedMessage { context, name, .. } = message;
    let PushedVersion { version, yaml, hash, url, .. } = frozen;
    let update = "UPDATE frozen SET yaml = ?1, hash = ?2, url = ?3, schema_id = ?4, subject_version = ?5 \
                  WHERE context = ?6 AND message = ?7 AND major = ?8 AND minor = ?9";
    let values = values![yaml, hash, url, id, number, context, name, version.major, version.minor];
    sql.rows(update, values).await.map(drop)
}

/// Keeps what is said about a message, which is not part of its history.
async fn describe(sql: &mut dyn Sql, message: &PushedMessage) -> Result<(), Error> {
    let PushedMessage { context, name, kind, doc, owner, words, .. } = message;
    let upsert = "INSERT INTO messages (context, name, kind, doc, owner) VALUES (?1, ?2, ?3, ?4, ?5) \
                  ON CONFLICT (context, name) DO UPDATE SET kind = excluded.kind, doc = excluded.doc, owner = excluded.owner";
    sql.rows(upsert, values![context, name, kind, doc, owner]).await?;
    sql.rows("DELETE FROM words WHERE context = ?1 AND message = ?2", values![context, name]).await?;
    for (position, Word { place, text }) in (0_i64..).zip(words) {
        let insert =
            "INSERT INTO words (context, message, position, place, body, lowered) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        sql.rows(insert, values![context, name, position, place, text, text.to_lowercase()]).await?;
    }
    Ok(())
}

/// A version from its columns.
pub(super) fn version(major: i64, minor: i64) -> Result<Version, Error> {
    match (u32::try_from(major), u32::try_from(minor)) {
        (Ok(major), Ok(minor)) => Ok(Version::new(major, minor)),
        _ => Err(Error::Corrupt(format!("a version {major}.{minor}"))),
    }
}

impl Store {
    /// Takes a workspace in, all of it or nothing. The same push again changes nothing.
    ///
    /// # Errors
    /// [`Conflict::Owned`], [`Conflict::Edited`], [`Conflict::NotNewer`], [`Conflict::ReadOnly`], [`Conflict::Said`]; a reference is missing.
    pub async fn push(&self, by: &str, it: Push) -> Result<Pushed, Error> {
        self.write((by.to_owned(), it), |sql, input| Box::pin(push(sql, input))).await
    }

    /// The files of a workspace as they were pushed last: path below it, and text.
    ///
    /// # Errors
    /// [`What::Workspace`] is missing.
    pub async fn workspace_files(&self, workspace: &str) -> Result<BTreeMap<String, String>, Error> {
        self.glance(workspace.to_owned(), |sql, workspace| {
            Box::pin(async move {
                // The workspace itself is a row, also where it has no files.
                let select = "SELECT s.path, s.body FROM workspaces w LEFT JOIN sources s ON s.workspace = w.name \
                              WHERE w.name = ?1";
                let rows = sql.rows(select, values![workspace]).await?;
                if rows.is_empty() {
                    return Err(Error::Missing(What::Workspace));
                }
                let file = |mut row: Row| Ok(row.maybe_text()?.zip(row.maybe_text()?));
                rows.into_iter().filter_map(|row| file(row).transpose()).collect()
            })
        })
        .await
    }
}
