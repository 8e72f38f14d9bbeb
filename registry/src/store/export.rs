//! Everything a store has, as lines of JSON, and back: a header, a line for each row, and a last line that counts them, so that
//! a stream that was cut off is known. Ids, versions and numbers of changes stay what they are. Both engines have the same tables,
//! so that what one writes the other takes.

use super::{
    Conflict, Error, Store,
    layout::{LAYOUT, NUMBERS, TABLES, Table},
    sql::{Sql, Statement, Value, all, only, values},
};
use serde::{Deserialize, Serialize};
use std::{
    io::{BufRead, Write},
    mem,
    sync::{Mutex, PoisonError},
};

/// The form of the lines.
const FORM: i64 = 1;
/// How many rows are read at once.
const ROWS: i64 = 500;
/// How many rows are inserted at once.
const TOGETHER: usize = 16;
/// How long a line may be: no text that a server takes is as long.
const LONGEST: usize = 256 << 20;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first line.
    IsobarStore {
        /// The form of the lines.
        form: i64,
        /// The layout of the tables.
        layout: i64,
    },
    /// A row of a table.
    Row(String, Vec<Cell>),
    /// The last line: how many rows came before it.
    End(u64),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Null,
    Int(i64),
    Text(String),
}

impl From<Value<'_>> for Cell {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Cell::Null,
            Value::Int(value) => Cell::Int(value),
            Value::Text(value) => Cell::Text(value.into_owned()),
        }
    }
}

impl From<Cell> for Value<'_> {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null => Value::Null,
            Cell::Int(value) => Value::Int(value),
            Cell::Text(value) => Value::Text(value.into()),
        }
    }
}

type Out = Mutex<Box<dyn Write + Send>>;
/// None once it was begun, as it cannot be read twice.
type In = Mutex<Option<Box<dyn BufRead + Send>>>;

fn say(out: &Out, line: &Line) -> Result<(), Error> {
    let mut text = serde_json::to_string(line).map_err(|error| Error::Corrupt(error.to_string()))?;
    text.push('\n');
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    out.write_all(text.as_bytes()).map_err(|error| Error::Unavailable(format!("the export cannot be written: {error}")))
}

/// `?from, ?from + 1, ...`, `count` of them.
fn numbers(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ")
}

async fn export(sql: &mut dyn Sql, out: &Out) -> Result<u64, Error> {
    say(out, &Line::IsobarStore { form: FORM, layout: LAYOUT })?;
    let mut count = 0;
    for table in &TABLES {
        let (name, columns, key) = (table.name, table.columns.join(", "), table.columns[..table.key].join(", "));
        let mut last: Vec<Value<'static>> = Vec::new();
        loop {
            let after = match table.key {
                _ if last.is_empty() => String::new(),
                width => format!("WHERE ({key}) > ({})", numbers(1, width)),
            };
            let select = format!("SELECT {columns} FROM {name} {after} ORDER BY {key} LIMIT {ROWS}");
            let read = |mut row: super::sql::Row| table.columns.iter().map(|_| row.value()).collect();
            let rows: Vec<Vec<Value<'static>>> = all(sql, &select, last, read).await?;
            last = rows.last().map(|row| row[..table.key].to_vec()).unwrap_or_default();
            let full = rows.len() as i64 == ROWS;
            for row in rows {
                say(out, &Line::Row(name.to_owned(), row.into_iter().map(Cell::from).collect()))?;
                count += 1;
            }
            if !full {
                break;
            }
        }
    }
    say(out, &Line::End(count))?;
    let flushed = out.lock().unwrap_or_else(PoisonError::into_inner).flush();
    flushed.map_err(|error| Error::Unavailable(format!("the export cannot be written: {error}")))?;
    Ok(count)
}

/// The next line, none at the end.
fn hear(input: &mut dyn BufRead, buffer: &mut Vec<u8>, number: u64) -> Result<Option<Line>, Error> {
    let bad = |why: String| Error::Corrupt(format!("line {number} of the import: {why}"));
    buffer.clear();
    let limit = LONGEST as u64;
    let mut limited = std::io::Read::take(&mut *input, limit);
    let read = limited.read_until(b'\n', buffer);
    match read.map_err(|error| Error::Unavailable(format!("the import cannot be read: {error}")))? {
        0 => Ok(None),
        length if length as u64 == limit => Err(bad("it is too long".into())),
        _ => serde_json::from_slice(buffer).map(Some).map_err(|error| bad(error.to_string())),
    }
}

fn insert(table: &Table, row: Vec<Cell>) -> Result<Statement<'static>, Error> {
    if row.len() != table.columns.len() {
        return Err(Error::Corrupt(format!("a row of `{}` has {} columns", table.name, row.len())));
    }
    for (at, (column, cell)) in table.columns.iter().zip(&row).enumerate() {
        let fits = match cell {
            // SQLite would make a key of its own.
            Cell::Null => at >= table.key,
            Cell::Int(_) => NUMBERS.contains(column),
            Cell::Text(_) => !NUMBERS.contains(column),
        };
        if !fits {
            return Err(Error::Corrupt(format!("`{}.{column}` of the import holds a wrong type", table.name)));
        }
    }
    let (name, columns, numbers) = (table.name, table.columns.join(", "), numbers(1, row.len()));
    let insert = format!("INSERT INTO {name} ({columns}) VALUES ({numbers})");
    Ok((insert.into(), row.into_iter().map(Value::from).collect()))
}

async fn import(sql: &mut dyn Sql, input: &In) -> Result<u64, Error> {
    let taken = input.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut input = taken.ok_or_else(|| Error::Unavailable("the import was interrupted: start it again".into()))?;
    let mut clock = only(sql, "SELECT change, schema_id FROM clock WHERE one = 1", values![]).await?;
    if clock.int()? != 0 || clock.int()? != 0 {
        return Err(Error::Conflict(Conflict::NotEmpty));
    }
    sql.rows("DELETE FROM clock", values![]).await?;
    let mut buffer = Vec::new();
    match hear(&mut *input, &mut buffer, 1)? {
        Some(Line::IsobarStore { form: FORM, layout: LAYOUT }) => {}
        Some(Line::IsobarStore { layout, .. }) if layout > LAYOUT => {
            return Err(Error::Newer { found: layout, known: LAYOUT });
        }
        Some(Line::IsobarStore { form, layout }) => {
            return Err(Error::Refused(format!(
                "form {form} and layout {layout} of the import are not this program's ({FORM} and {LAYOUT})"
            )));
        }
        _ => return Err(Error::Corrupt("the import does not begin as an export does".into())),
    }
    let (mut count, mut waiting) = (0, Vec::new());
    loop {
        match hear(&mut *input, &mut buffer, count + 2)? {
            Some(Line::Row(name, row)) => {
                let table = TABLES.iter().find(|table| table.name == name);
                let table = table.ok_or_else(|| Error::Corrupt(format!("there is no table `{name}`")))?;
                waiting.push(insert(table, row)?);
                count += 1;
                if waiting.len() == TOGETHER {
                    sql.run(mem::take(&mut waiting)).await?;
                }
            }
            Some(Line::End(expected)) if expected == count => break,
            Some(Line::End(expected)) => {
                return Err(Error::Corrupt(format!("the import has {count} rows where {expected} were exported")));
            }
            Some(Line::IsobarStore { .. }) => return Err(Error::Corrupt("the import begins twice".into())),
            None => return Err(Error::Corrupt(format!("the import ends after {count} rows, before its end"))),
        }
    }
    sql.run(waiting).await?;
    // Numbers must go on where they were.
    let select = "SELECT c.schema_id >= (SELECT COALESCE(max(id), 0) FROM schemas) AND \
                  c.change >= (SELECT COALESCE(max(seq), 0) FROM changes) FROM clock c WHERE c.one = 1";
    if !only(sql, select, values![]).await?.bool()? {
        return Err(Error::Corrupt("the counters of the import are behind its rows".into()));
    }
    Ok(count)
}

impl Store {
    /// Writes everything, as it is at one moment, as lines of JSON; returns how many rows there are.
    ///
    /// # Errors
    /// When the database cannot be read, or the lines cannot be written.
    pub async fn export(&self, out: impl Write + Send + 'static) -> Result<u64, Error> {
        let out: Out = Mutex::new(Box::new(out));
        self.snapshot(out, |sql, out| Box::pin(export(sql, out))).await
    }

    /// Takes in what [`Store::export`] wrote, all of it or nothing; returns how many rows there are. The store must be empty.
    ///
    /// # Errors
    /// [`Conflict::NotEmpty`]; [`Error::Corrupt`] for a damaged or incomplete stream; [`Error::Newer`] and [`Error::Refused`] for
    /// one of another program.
    pub async fn import(&self, input: impl BufRead + Send + 'static) -> Result<u64, Error> {
        let input: In = Mutex::new(Some(Box::new(input)));
        self.write(input, |sql, input| Box::pin(import(sql, input))).await
    }
}
