//! Statements on PostgreSQL.

use super::attempt::Trouble;
use crate::store::{
    Error,
    sql::{Boxed, Row, Sql, Statement, Value},
};
use deadpool_postgres::GenericClient;
use futures_util::future::try_join_all;
use tokio_postgres::{
    Row as PgRow, Statement as Prepared,
    types::{ToSql, Type},
};

/// How many statements are sent before an answer is waited for.
const PIPELINE: usize = 16;

type Parameter = Box<dyn ToSql + Sync + Send>;

/// Whatever transaction the client is in.
pub(super) struct Tx<'a, C> {
    client: &'a C,
    /// The first that no operation can do anything about; it might turn it into something else.
    trouble: Option<Trouble>,
}

impl<'a, C> Tx<'a, C> {
    pub(super) fn over(client: &'a C) -> Self {
        Tx { client, trouble: None }
    }

    fn keep(&mut self, trouble: Trouble) -> Error {
        let error = trouble.error.clone();
        if trouble.passes {
            self.trouble.get_or_insert(trouble);
        }
        error
    }

    /// What happened to the transaction itself, if anything did.
    pub(super) fn trouble(self) -> Result<(), Trouble> {
        self.trouble.map_or(Ok(()), Err)
    }
}

impl<C: GenericClient + Send> Sql for Tx<'_, C> {
    fn rows<'a>(&'a mut self, statement: &'a str, values: Vec<Value<'a>>) -> Boxed<'a, Vec<Row>> {
        Box::pin(async move {
            values.iter().try_for_each(Value::check)?;
            let rows = rows(self.client, statement, values).await;
            rows.map_err(|trouble| self.keep(trouble))
        })
    }

    fn run<'a>(&'a mut self, statements: Vec<Statement<'a>>) -> Boxed<'a, ()> {
        Box::pin(async move {
            statements.iter().flat_map(|(_, values)| values).try_for_each(Value::check)?;
            let mut statements = statements.into_iter().peekable();
            while statements.peek().is_some() {
                // Statements of one connection that are sent at once are run in the order in which they are sent.
                let some = statements.by_ref().take(PIPELINE).collect();
                run(self.client, some).await.map_err(|trouble| self.keep(trouble))?;
            }
            Ok(())
        })
    }
}

async fn run(client: &impl GenericClient, statements: Vec<Statement<'_>>) -> Result<(), Trouble> {
    let mut prepared = Vec::with_capacity(statements.len());
    for (statement, values) in statements {
        let statement = prepare(client, &statement).await?;
        let parameters = parameters(values, &statement);
        prepared.push((statement, parameters));
    }
    let sent = prepared.iter().map(async |(statement, parameters)| {
        client.execute(statement, &references(parameters)).await.map_err(Trouble::from)
    });
    try_join_all(sent).await.map(drop)
}

async fn rows(client: &impl GenericClient, statement: &str, values: Vec<Value<'_>>) -> Result<Vec<Row>, Trouble> {
    let statement = prepare(client, statement).await?;
    let parameters = parameters(values, &statement);
    let rows = client.query(&statement, &references(&parameters)).await?;
    rows.iter().map(|row| Ok(Row::new(values_of(row)?))).collect()
}

/// Values are `$1` here, and no statement has another question mark.
async fn prepare(client: &impl GenericClient, statement: &str) -> Result<Prepared, tokio_postgres::Error> {
    client.prepare_cached(&statement.replace('?', "$")).await
}

fn parameters(values: Vec<Value<'_>>, statement: &Prepared) -> Vec<Parameter> {
    values.into_iter().zip(statement.params()).map(|(value, expected)| parameter(value, expected)).collect()
}

fn references(parameters: &[Parameter]) -> Vec<&(dyn ToSql + Sync)> {
    parameters.iter().map(|it| &**it as &(dyn ToSql + Sync)).collect()
}

/// A value as the type that the server expects: it reads a number beside a literal as a short one.
fn parameter(value: Value<'_>, expected: &Type) -> Parameter {
    match value {
        Value::Int(value) if *expected == Type::INT4 => Box::new(i32::try_from(value).ok()),
        Value::Int(value) => Box::new(value),
        Value::Text(value) => Box::new(value.into_owned()),
        Value::Null if *expected == Type::INT8 => Box::new(None::<i64>),
        Value::Null => Box::new(None::<String>),
    }
}

fn values_of(row: &PgRow) -> Result<Vec<Value<'static>>, Trouble> {
    let value = |(at, column): (usize, &tokio_postgres::Column)| {
        let kind = column.type_();
        Ok(match () {
            () if *kind == Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map_or(Value::Null, Value::Int),
            () if *kind == Type::INT4 => {
                row.try_get::<_, Option<i32>>(at)?.map_or(Value::Null, |it| Value::Int(it.into()))
            }
            () if *kind == Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map_or(Value::Null, Value::from),
            () => row.try_get::<_, Option<String>>(at)?.map_or(Value::Null, Value::from),
        })
    };
    row.columns().iter().enumerate().map(value).collect()
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        trouble.error
    }
}
