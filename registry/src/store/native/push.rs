//! A push: a workspace with its whole history goes into the registry, in one transaction. What was released stays as it was, new
//! versions go on top, and the same push again changes nothing. Whether the history is allowed is checked before, from the push
//! alone, as everything older is in it.

use super::subject_of;
use crate::store::{
    Conflict, Error, Schema, Store,
    changes::{Action, Entry, log, now},
    register::{Addition, add, known},
    schema::hexadecimal,
    settings::applied,
    sql::{self, Sql, all, first, names, values},
};
use isobar_model::Version;

/// A workspace as it is pushed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Push {
    /// The workspace's name.
    pub workspace: String,
    /// Its contexts.
    pub contexts: Vec<PushedContext>,
    /// Its messages.
    pub messages: Vec<PushedMessage>,
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
}

impl Push {
    /// The hash of everything in it. It only saves work: a push that hashes differently is compared in full.
    fn hash(&self) -> String {
        struct Bytes(hmac_sha256::Hash);
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
        let mut bytes = Bytes(hmac_sha256::Hash::new());
        std::hash::Hash::hash(self, &mut bytes);
        hexadecimal(&bytes.0.finalize())
    }
}

async fn push(sql: &mut dyn Sql, (by, push): &(String, Push)) -> Result<Pushed, Error> {
    names([&push.workspace])?;
    let hash = push.hash();
    let known = first(sql, "SELECT hash FROM workspaces WHERE name = $1", values![&push.workspace]).await?;
    if known.map(|mut row| row.text()).transpose()?.as_ref() == Some(&hash) {
        return Ok(Pushed { new: Vec::new(), known: push.messages.iter().map(|it| it.versions.len()).sum() });
    }
    let upsert = "INSERT INTO workspaces (name, hash, pushed) VALUES ($1, $2, $3) \
                  ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, pushed = excluded.pushed";
    sql.rows(upsert, values![&push.workspace, &hash, now()]).await?;
    for context in &push.contexts {
        put_context(sql, &push.workspace, context).await?;
    }
    let mut pushed = Pushed::default();
    for message in &push.messages {
        // A message of a context that the push does not list is in a context of its own making all the same.
        if push.contexts.iter().all(|context| context.name != message.context) {
            put_context(sql, &push.workspace, &PushedContext { name: message.context.clone(), ..Default::default() })
                .await?;
        }
        put_message(sql, by, message, &mut pushed).await?;
    }
    let detail = Some(format!("{} new, {} known", pushed.new.len(), pushed.known));
    let name = &push.workspace;
    log(sql, Entry { by, action: Action::Pushed, context: "", name, version: None, detail }).await?;
    Ok(pushed)
}

async fn put_context(sql: &mut dyn Sql, workspace: &str, context: &PushedContext) -> Result<(), Error> {
    let PushedContext { name, doc, owner } = context;
    names([name])?;
    let select = "SELECT workspace FROM contexts WHERE name = $1";
    if let Some(mut row) = first(sql, select, values![name]).await? {
        let other = row.text()?;
        if other != workspace {
            return Err(Error::Conflict(Conflict::Owned(other)));
        }
    }
    let upsert = "INSERT INTO contexts (name, workspace, doc, owner) VALUES ($1, $2, $3, $4) \
                  ON CONFLICT (name) DO UPDATE SET doc = excluded.doc, owner = excluded.owner";
    sql.rows(upsert, values![name, workspace, doc, owner]).await.map(drop)
}

async fn put_message(sql: &mut dyn Sql, by: &str, message: &PushedMessage, pushed: &mut Pushed) -> Result<(), Error> {
    let PushedMessage { context, name, versions, .. } = message;
    names([context, name])?;
    let select =
        "SELECT major, minor, hash, yaml FROM frozen WHERE context = $1 AND message = $2 ORDER BY major, minor";
    let stored = all(sql, select, values![context, name], |mut row| {
        Ok((version(row.int()?, row.int()?)?, row.text()?, row.text()?))
    })
    .await?;
    let mut newest = stored.last().map(|(version, ..)| *version);
    for frozen in versions {
        if let Some((_, hash, yaml)) = stored.iter().find(|(version, ..)| *version == frozen.version) {
            if (hash, yaml) != (&frozen.hash, &frozen.yaml) {
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

/// Keeps a frozen version, and registers its schema in the message's subject.
async fn release(sql: &mut dyn Sql, by: &str, message: &PushedMessage, frozen: &PushedVersion) -> Result<i64, Error> {
    let PushedMessage { context, name, .. } = message;
    let PushedVersion { version, yaml, hash, url, schema } = frozen;
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
    let entry = Entry {
        by,
        action: Action::Released,
        context,
        name,
        version: Some(version.to_string()),
        detail: Some(id.to_string()),
    };
    log(sql, entry).await?;
    let insert = "INSERT INTO frozen (context, message, major, minor, yaml, hash, url, schema_id, subject_version, created) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = values![context, name, version.major, version.minor, yaml, hash, url, id, number, now()];
    sql.rows(insert, values).await?;
    Ok(id)
}

/// Keeps what is said about a message, which is not part of its history.
async fn describe(sql: &mut dyn Sql, message: &PushedMessage) -> Result<(), Error> {
    let PushedMessage { context, name, kind, doc, owner, words, .. } = message;
    let upsert = "INSERT INTO messages (context, name, kind, doc, owner) VALUES ($1, $2, $3, $4, $5) \
                  ON CONFLICT (context, name) DO UPDATE SET kind = excluded.kind, doc = excluded.doc, owner = excluded.owner";
    sql.rows(upsert, values![context, name, kind, doc, owner]).await?;
    sql.rows("DELETE FROM words WHERE context = $1 AND message = $2", values![context, name]).await?;
    for (position, Word { place, text }) in (0_i64..).zip(words) {
        let insert =
            "INSERT INTO words (context, message, position, place, body, lowered) VALUES ($1, $2, $3, $4, $5, $6)";
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
    /// [`Conflict::Owned`], [`Conflict::Edited`], [`Conflict::NotNewer`], [`Conflict::ReadOnly`]; a reference is missing.
    pub async fn push(&self, by: &str, it: Push) -> Result<Pushed, Error> {
        self.write((by.to_owned(), it), |sql, input| Box::pin(push(sql, input))).await
    }
}
