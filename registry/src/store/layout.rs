//! The tables, as steps from one layout to the next, and as a list for those who move all of them. A step that has been released
//! is never edited: a change is a new step at the end.
//! Tables that are marked `by key` have short rows, which are best kept in the order of their key.
//!
//! Written for SQLite, PostgreSQL and CockroachDB alike: numbers are `BIGINT`, everything else is `TEXT`, which sorts by bytes.

use super::{
    Error,
    sql::{Sql, first, values},
};

/// The newest layout that this program knows.
pub(crate) const LAYOUT: i64 = STEPS.len() as i64;

/// The table that holds the layout, made before anything else. Its row is also the lock of those who migrate.
pub(crate) const FIRST: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS layout (one BIGINT PRIMARY KEY, version BIGINT NOT NULL)",
    "INSERT INTO layout (one, version) VALUES (1, 0) ON CONFLICT (one) DO NOTHING",
];

const STEPS: [&[&str]; 4] = [STEP_1, STEP_2, STEP_3, STEP_4];

const STEP_1: &[&str] = &[
    // The counters. Every write holds this row until it is committed, so that what readers see is in the order of the numbers.
    "CREATE TABLE clock (one BIGINT PRIMARY KEY, schema_id BIGINT NOT NULL, change BIGINT NOT NULL)",
    "INSERT INTO clock (one, schema_id, change) VALUES (1, 0, 0)",
    // `twin` is 0, or the id itself for a schema that was imported under a second id.
    "CREATE TABLE schemas (id BIGINT PRIMARY KEY, hash TEXT NOT NULL, twin BIGINT NOT NULL, guid TEXT NOT NULL, \
     kind TEXT NOT NULL, body TEXT NOT NULL, refers TEXT, metadata TEXT, rules TEXT, UNIQUE (hash, twin))",
    "CREATE TABLE refers (context TEXT NOT NULL, subject TEXT NOT NULL, version BIGINT NOT NULL, \
     schema_id BIGINT NOT NULL REFERENCES schemas (id), PRIMARY KEY (context, subject, version, schema_id)) /* by key */",
    "CREATE TABLE subjects (context TEXT NOT NULL, name TEXT NOT NULL, revision BIGINT NOT NULL, \
     last_version BIGINT NOT NULL, released BIGINT NOT NULL, PRIMARY KEY (context, name)) /* by key */",
    // `gone` is 0 for a live version, 1 for a soft-deleted one, 2 for one deleted for good, whose number stays taken.
    "CREATE TABLE versions (context TEXT NOT NULL, subject TEXT NOT NULL, version BIGINT NOT NULL, \
     schema_id BIGINT NOT NULL REFERENCES schemas (id), gone BIGINT NOT NULL, created BIGINT NOT NULL, \
     PRIMARY KEY (context, subject, version)) /* by key */",
    "CREATE INDEX versions_schema ON versions (schema_id)",
    // A scope is a subject, a context (`subject` empty) or everything (both empty).
    "CREATE TABLE settings (context TEXT NOT NULL, subject TEXT NOT NULL, level TEXT, normalize BIGINT, more TEXT, \
     mode TEXT, revision BIGINT NOT NULL, PRIMARY KEY (context, subject)) /* by key */",
    "CREATE TABLE workspaces (name TEXT PRIMARY KEY, hash TEXT NOT NULL, pushed BIGINT NOT NULL)",
    "CREATE TABLE contexts (name TEXT PRIMARY KEY, workspace TEXT NOT NULL, doc TEXT, owner TEXT)",
    "CREATE TABLE messages (context TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, doc TEXT, owner TEXT, \
     PRIMARY KEY (context, name))",
    "CREATE TABLE frozen (context TEXT NOT NULL, message TEXT NOT NULL, major BIGINT NOT NULL, minor BIGINT NOT NULL, \
     yaml TEXT NOT NULL, hash TEXT NOT NULL, url TEXT NOT NULL, schema_id BIGINT NOT NULL REFERENCES schemas (id), \
     subject_version BIGINT NOT NULL, created BIGINT NOT NULL, PRIMARY KEY (context, message, major, minor))",
    "CREATE INDEX frozen_url ON frozen (url)",
    "CREATE INDEX frozen_hash ON frozen (hash)",
    // There are far more words than anything else. Older files have them in two trees, which is slower and otherwise the same.
    "CREATE TABLE words (context TEXT NOT NULL, message TEXT NOT NULL, place TEXT NOT NULL, position BIGINT NOT NULL, \
     body TEXT NOT NULL, lowered TEXT NOT NULL, PRIMARY KEY (context, message, position)) /* by key */",
    "CREATE TABLE consumers (name TEXT NOT NULL, context TEXT NOT NULL, message TEXT NOT NULL, accepts TEXT NOT NULL, \
     owner TEXT, PRIMARY KEY (name, context, message)) /* by key */",
    "CREATE INDEX consumers_message ON consumers (context, message)",
    "CREATE TABLE tokens (id BIGINT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, \
     prefix TEXT NOT NULL, created BIGINT NOT NULL, revoked BIGINT)",
    "CREATE TABLE changes (seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, \
     context TEXT NOT NULL, name TEXT NOT NULL, number TEXT, detail TEXT)",
];

/// The files of workspaces. Those that were pushed before have none until they are pushed again.
const STEP_2: &[&str] = &["CREATE TABLE sources (workspace TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, \
                           PRIMARY KEY (workspace, path))"];

/// Which workspace says what a consumer accepts; nothing where it told so by itself. What the workspaces say that were pushed before
/// comes with their next push.
const STEP_3: &[&str] = &["ALTER TABLE consumers ADD COLUMN workspace TEXT"];

/// Schemas are found by the beginnings of their hashes. Hashes come in no order, so that each new one is written to a page of the index of
/// its own: the shorter they are there, the fewer pages it has, and the more of them share one. SQLite only takes the constraint off by
/// making the table anew.
const STEP_4: &[&str] = &[
    "postgres: ALTER TABLE schemas DROP CONSTRAINT schemas_hash_twin_key",
    "sqlite: CREATE TABLE schemas_4 (id BIGINT PRIMARY KEY, hash TEXT NOT NULL, twin BIGINT NOT NULL, guid TEXT NOT NULL, \
     kind TEXT NOT NULL, body TEXT NOT NULL, refers TEXT, metadata TEXT, rules TEXT)",
    "sqlite: INSERT INTO schemas_4 (id, hash, twin, guid, kind, body, refers, metadata, rules) \
     SELECT id, hash, twin, guid, kind, body, refers, metadata, rules FROM schemas ORDER BY id",
    "sqlite: DROP TABLE schemas",
    "sqlite: ALTER TABLE schemas_4 RENAME TO schemas",
    "CREATE INDEX schemas_hash ON schemas (substr(hash, 1, 8))",
];

/// A table, for those who move all of them.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// How many of the columns, from the first, are the key.
    pub(crate) key: usize,
}

/// The columns that hold numbers, in whichever table; all others hold texts. SQLite itself would take either.
pub(crate) const NUMBERS: [&str; 20] = [
    "one",
    "schema_id",
    "change",
    "id",
    "twin",
    "version",
    "revision",
    "last_version",
    "released",
    "gone",
    "created",
    "normalize",
    "pushed",
    "major",
    "minor",
    "subject_version",
    "position",
    "revoked",
    "seq",
    "at",
];

/// Every table but the layout, in an order in which rows can be inserted.
pub(crate) const TABLES: [Table; 15] = [
    Table { name: "clock", columns: &["one", "schema_id", "change"], key: 1 },
    Table {
        name: "schemas",
        columns: &["id", "hash", "twin", "guid", "kind", "body", "refers", "metadata", "rules"],
        key: 1,
    },
    Table { name: "refers", columns: &["context", "subject", "version", "schema_id"], key: 4 },
    Table { name: "subjects", columns: &["context", "name", "revision", "last_version", "released"], key: 2 },
    Table { name: "versions", columns: &["context", "subject", "version", "schema_id", "gone", "created"], key: 3 },
    Table {
        name: "settings",
        columns: &["context", "subject", "level", "normalize", "more", "mode", "revision"],
        key: 2,
    },
    Table { name: "workspaces", columns: &["name", "hash", "pushed"], key: 1 },
    Table { name: "sources", columns: &["workspace", "path", "body"], key: 2 },
    Table { name: "contexts", columns: &["name", "workspace", "doc", "owner"], key: 1 },
    Table { name: "messages", columns: &["context", "name", "kind", "doc", "owner"], key: 2 },
    Table {
        name: "frozen",
        columns: &[
            "context",
            "message",
            "major",
            "minor",
            "yaml",
            "hash",
            "url",
            "schema_id",
            "subject_version",
            "created",
        ],
        key: 4,
    },
    Table { name: "words", columns: &["context", "message", "position", "place", "body", "lowered"], key: 3 },
    Table { name: "consumers", columns: &["name", "context", "message", "accepts", "owner", "workspace"], key: 3 },
    Table { name: "tokens", columns: &["id", "hash", "name", "role", "prefix", "created", "revoked"], key: 1 },
    Table {
        name: "changes",
        columns: &["seq", "at", "actor", "action", "context", "name", "number", "detail"],
        key: 1,
    },
];

/// What is particular to a database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// What statements begin with that are for it alone.
    pub(crate) own: &'static str,
    /// What statements begin with that are not for it.
    pub(crate) other: &'static str,
    /// What it writes differently in the definition of a table: a text and its replacement.
    pub(crate) texts: &'static [(&'static str, &'static str)],
}

impl Dialect {
    /// The statement as this database takes it, if it is for it.
    fn statement(self, statement: &str) -> Option<String> {
        let statement = statement.strip_prefix(self.own).unwrap_or(statement);
        let written = || self.texts.iter().fold(statement.to_owned(), |text, (from, to)| text.replace(from, to));
        (!statement.starts_with(self.other)).then(written)
    }
}

/// Brings the database to [`LAYOUT`]. To be called in a transaction that holds the row of `layout`.
pub(crate) async fn migrate(sql: &mut dyn Sql, dialect: Dialect) -> Result<(), Error> {
    let row = first(sql, "SELECT version FROM layout WHERE one = 1", values![]).await?;
    let found = row.map_or(Ok(0), |mut row| row.int())?;
    let behind = usize::try_from(found).map_err(|_| Error::Corrupt(format!("a layout of {found}")))?;
    if found > LAYOUT {
        return Err(Error::Newer { found, known: LAYOUT });
    }
    let steps = STEPS.iter().skip(behind).flat_map(|step| step.iter());
    for statement in steps.filter_map(|statement| dialect.statement(statement)) {
        sql.rows(&statement, values![]).await?;
    }
    if found < LAYOUT {
        sql.rows("UPDATE layout SET version = ?1 WHERE one = 1", values![LAYOUT]).await?;
    }
    Ok(())
}
