//! The narrow door to a database: rows for a statement and its values. Every operation is written once, over this, so that two
//! databases cannot disagree. Statements are in the SQL that SQLite, PostgreSQL and CockroachDB share, with `?1` for values;
//! only integers and texts cross. No operation may know which database it talks to.

use super::Error;
use std::{borrow::Cow, future::Future, pin::Pin, vec};

/// A future that an operation returns.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A transaction on some database.
pub(crate) trait Sql: Send {
    /// The rows of one statement, none for one that returns none.
    fn rows<'a>(&'a mut self, statement: &'a str, values: Vec<Value<'a>>) -> Boxed<'a, Vec<Row>>;

    /// Statements whose rows nobody wants, in their order, and without waiting for each where there is something to wait for.
    fn run<'a>(&'a mut self, statements: Vec<Statement<'a>>) -> Boxed<'a, ()>;
}

/// A statement with its values.
pub(crate) type Statement<'a> = (Cow<'static, str>, Vec<Value<'a>>);

/// What a column holds. Texts are borrowed where they can be: of many writes at once, copies would be most of the work here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
}

impl Value<'_> {
    /// Texts that one of the databases cannot hold are refused for both.
    pub(crate) fn storable(text: &str) -> Result<(), Error> {
        if text.contains('\0') { Err(Error::Refused("a text holds the character U+0000".into())) } else { Ok(()) }
    }

    /// The same of a value.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Value::Text(text) => Value::storable(text),
            _ => Ok(()),
        }
    }
}

/// How long a name may be, in bytes: three of them fit into a key of PostgreSQL.
const LONGEST_NAME: usize = 512;
/// How long a URL may be, in bytes.
const LONGEST_URL: usize = 2_000;

/// Refuses names that are too long for a key of one of the databases.
pub(crate) fn names<const N: usize>(names: [&str; N]) -> Result<(), Error> {
    names.iter().try_for_each(|name| at_most(name, LONGEST_NAME))
}

/// Refuses a URL that is too long for a key of one of the databases.
pub(crate) fn url(url: &str) -> Result<(), Error> {
    at_most(url, LONGEST_URL)
}

fn at_most(text: &str, most: usize) -> Result<(), Error> {
    if text.len() <= most { Ok(()) } else { Err(Error::Refused(format!("a name is longer than {most} bytes"))) }
}

macro_rules! into_value {
    ($($from:ty, $value:ident => $to:expr;)*) => {
        $(impl<'a> From<$from> for Value<'a> {
            fn from($value: $from) -> Self {
                $to
            }
        })*
    };
}
into_value! {
    i64, value => Value::Int(value);
    bool, value => Value::Int(value.into());
    u32, value => Value::Int(value.into());
    &'a str, value => Value::Text(value.into());
    String, value => Value::Text(value.into());
    &'a String, value => Value::Text(value.into());
    Option<String>, value => value.map_or(Value::Null, Value::from);
    &'a Option<String>, value => value.as_ref().map_or(Value::Null, Value::from);
    Option<&'a str>, value => value.map_or(Value::Null, Value::from);
    Option<i64>, value => value.map_or(Value::Null, Value::Int);
}

/// The values of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// A row, read column by column in the order of the statement.
#[derive(Debug)]
pub(crate) struct Row(vec::IntoIter<Value<'static>>);

impl Row {
    pub(crate) fn new(values: Vec<Value<'static>>) -> Self {
        Row(values.into_iter())
    }

    pub(crate) fn value(&mut self) -> Result<Value<'static>, Error> {
        self.0.next().ok_or_else(|| Error::Corrupt("a row has fewer columns than were asked for".into()))
    }

    pub(crate) fn int(&mut self) -> Result<i64, Error> {
        self.maybe_int()?.ok_or_else(|| Error::Corrupt("a number is missing".into()))
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Error> {
        Ok(self.int()? != 0)
    }

    pub(crate) fn text(&mut self) -> Result<String, Error> {
        self.maybe_text()?.ok_or_else(|| Error::Corrupt("a text is missing".into()))
    }

    pub(crate) fn maybe_int(&mut self) -> Result<Option<i64>, Error> {
        match self.value()? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(value)),
            Value::Text(_) => Err(Error::Corrupt("a text stands where a number belongs".into())),
        }
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, Error> {
        match self.value()? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.into_owned())),
            Value::Int(_) => Err(Error::Corrupt("a number stands where a text belongs".into())),
        }
    }

    /// A column that is written as text, such as a version.
    pub(crate) fn parsed<T: std::str::FromStr>(&mut self) -> Result<T, Error> {
        let text = self.text()?;
        text.parse().map_err(|_| Error::Corrupt(format!("`{text}` is not what its column holds")))
    }
}

/// The first row of a statement, if there is one.
pub(crate) async fn first(sql: &mut dyn Sql, statement: &str, values: Vec<Value<'_>>) -> Result<Option<Row>, Error> {
    Ok(sql.rows(statement, values).await?.into_iter().next())
}

/// The row of a statement that always has one.
pub(crate) async fn only(sql: &mut dyn Sql, statement: &str, values: Vec<Value<'_>>) -> Result<Row, Error> {
    first(sql, statement, values).await?.ok_or_else(|| Error::Corrupt("a row that is always there is missing".into()))
}

/// Every row of a statement, read by `read`.
pub(crate) async fn all<T>(
    sql: &mut dyn Sql,
    statement: &str,
    values: Vec<Value<'_>>,
    read: impl Fn(Row) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    sql.rows(statement, values).await?.into_iter().map(read).collect()
}

/// The rows of a statement whose first column is a number, in the order of the numbers: a few are sorted sooner here than there.
pub(crate) async fn by_number(
    sql: &mut dyn Sql,
    statement: &str,
    values: Vec<Value<'_>>,
) -> Result<Vec<(i64, Row)>, Error> {
    let mut rows = all(sql, statement, values, |mut row| Ok((row.int()?, row))).await?;
    rows.sort_by_key(|(number, _)| *number);
    Ok(rows)
}
