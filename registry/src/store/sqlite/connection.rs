//! A connection to SQLite, and statements on it.

use super::wait::wait;
use crate::store::{
    Error,
    layout::{self, Dialect, FIRST},
    sql::{Boxed, Row, Sql, Statement, Value},
};
use rusqlite::{CachedStatement, Connection, ErrorCode, config::DbConfig, hooks::Wal, types::ValueRef};
use std::{
    future,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

/// How long to wait for another process that writes to the same file.
const BUSY: Duration = Duration::from_secs(10);

/// How many pages the log may have before they are copied into the file: 16 MB, as those that change again and again are copied less often.
const LONG_LOG: i32 = 4_000;

/// A number that is the key is the place of the row as well, and a table by key has no second tree for its rows.
const DIALECT: Dialect = Dialect {
    own: "sqlite: ",
    other: "postgres: ",
    texts: &[("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY"), ("/* by key */", "WITHOUT ROWID")],
};

pub(super) fn unavailable(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        // No operation breaks a constraint: what it read, or was given to import, is not what it should be.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation) => {
            Error::Corrupt(error.to_string())
        }
        _ => Error::Unavailable(error.to_string()),
    }
}

/// Opens the file, or memory.
pub(super) fn open(path: Option<&Path>) -> Result<Connection, Error> {
    let connection = match path {
        Some(path) => Connection::open(path),
        None => Connection::open_in_memory(),
    };
    let set = |connection: Connection| {
        connection.busy_timeout(BUSY)?;
        // The answer says which mode it is; memory has one of its own.
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // Otherwise SQLite plans a statement anew when its values change, which costs more than running it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    connection.and_then(set).map_err(|error| unavailable(&error))
}

/// Leaves the log's pages where they are until [`shorten`] copies them: a commit that did so would keep whoever waits for it.
pub(super) fn let_log_grow(connection: &mut Connection) -> Result<Arc<AtomicI32>, Error> {
    let pages = Arc::<AtomicI32>::default();
    let seen = Arc::clone(&pages);
    let note = move |_: &mut Wal, count| {
        seen.store(count, Ordering::Relaxed);
        Ok(())
    };
    connection.wal_hook(Some(note)).map_err(|error| unavailable(&error))?;
    Ok(pages)
}

/// Copies the log's pages into the file if there are many.
pub(super) fn shorten(connection: &Connection, pages: &AtomicI32) -> Result<(), Error> {
    if pages.swap(0, Ordering::Relaxed) < LONG_LOG {
        return Ok(());
    }
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(())).map_err(|error| unavailable(&error))
}

/// Runs a statement that is not prepared, such as `COMMIT`.
pub(super) fn run(connection: &Connection, statement: &str) -> Result<(), Error> {
    connection.execute_batch(statement).map_err(|error| unavailable(&error))
}

/// Brings the file to the newest layout; of several processes that start at once, one does it and the others wait.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    // A table that is made anew is gone for a moment, with rows that refer to it. Inside of a transaction this says nothing.
    run(connection, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
    let made = FIRST.iter().try_for_each(|statement| run(connection, statement));
    let done = made.and_then(|()| wait(layout::migrate(&mut Tx(connection), DIALECT)));
    // What failed is undone; if that fails as well, closing the connection does it.
    let end = if done.is_ok() { run(connection, "COMMIT") } else { run(connection, "ROLLBACK") };
    done.and(end).and(run(connection, "PRAGMA foreign_keys = ON"))
}

/// Whatever transaction the connection is in.
pub(super) struct Tx<'a>(pub(super) &'a mut Connection);

impl Sql for Tx<'_> {
    fn rows<'a>(&'a mut self, statement: &'a str, values: Vec<Value<'a>>) -> Boxed<'a, Vec<Row>> {
        Box::pin(future::ready(prepared(self.0, statement).and_then(|mut statement| rows(&mut statement, &values))))
    }

    fn run<'a>(&'a mut self, statements: Vec<Statement<'a>>) -> Boxed<'a, ()> {
        // Those that only differ in their values are one after the other.
        let mut same = statements.chunk_by(|(one, _), (other, _)| one == other);
        let done = same.try_for_each(|group| {
            let mut statement = prepared(self.0, &group[0].0)?;
            group.iter().try_for_each(|(_, values)| rows(&mut statement, values).map(drop))
        });
        Box::pin(future::ready(done))
    }
}

fn prepared<'a>(connection: &'a Connection, statement: &str) -> Result<CachedStatement<'a>, Error> {
    debug_assert!(!statement.contains('$'), "a name, not a number");
    connection.prepare_cached(statement).map_err(|error| unavailable(&error))
}

fn rows(statement: &mut CachedStatement<'_>, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
    values.iter().try_for_each(Value::check)?;
    let mut read = || -> rusqlite::Result<Vec<Row>> {
        for (at, value) in (1..).zip(values) {
            match value {
                Value::Null => statement.raw_bind_parameter(at, None::<i64>)?,
                Value::Int(value) => statement.raw_bind_parameter(at, value)?,
                Value::Text(value) => statement.raw_bind_parameter(at, &**value)?,
            }
        }
        let columns = statement.column_count();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let value = |column| {
                Ok(match row.get_ref(column)? {
                    ValueRef::Integer(value) => Value::Int(value),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned().into()),
                    // No statement of ours makes or keeps another type.
                    ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
                })
            };
            found.push(Row::new((0..columns).map(value).collect::<rusqlite::Result<_>>()?));
        }
        Ok(found)
    };
    read().map_err(|error| unavailable(&error))
}
