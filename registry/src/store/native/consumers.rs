//! Who reads which messages, and which versions of them: what negotiation and the impact of a change are computed from.

use super::query::find;
use crate::store::{
    Error, Store, What,
    changes::{Action, Entry, log},
    sql::{Row, Sql, all, first, names, values},
};
use isobar_model::version::VersionRange;

/// A consumer of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// Its name.
    pub name: String,
    /// The message's context.
    pub context: String,
    /// The message's name in the context.
    pub message: String,
    /// The versions that it accepts.
    pub accepts: VersionRange,
    /// Who owns it.
    pub owner: Option<String>,
}

fn consumer(mut row: Row) -> Result<Consumer, Error> {
    Ok(Consumer {
        name: row.text()?,
        context: row.text()?,
        message: row.text()?,
        accepts: row.parsed()?,
        owner: row.maybe_text()?,
    })
}

async fn accept(sql: &mut dyn Sql, (by, consumer): &(String, Consumer)) -> Result<(), Error> {
    let Consumer { name, context, message, accepts, owner } = consumer;
    names([name])?;
    find(sql, context, message).await?;
    let (accepts, detail) = (accepts.to_string(), Some(format!("{context}.{message}")));
    let entry = Entry { by, action: Action::Accepts, context, name, version: Some(accepts.clone()), detail };
    log(sql, entry).await?;
    let upsert = "INSERT INTO consumers (name, context, message, accepts, owner) VALUES ($1, $2, $3, $4, $5) \
                  ON CONFLICT (name, context, message) DO UPDATE SET accepts = excluded.accepts, owner = excluded.owner";
    sql.rows(upsert, values![name, context, message, accepts, owner]).await.map(drop)
}

async fn leave(sql: &mut dyn Sql, [by, name, context, message]: &[String; 4]) -> Result<(), Error> {
    let delete = "DELETE FROM consumers WHERE name = $1 AND context = $2 AND message = $3 RETURNING name";
    first(sql, delete, values![name, context, message]).await?.ok_or(Error::Missing(What::Consumer))?;
    let detail = Some(format!("{context}.{message}"));
    log(sql, Entry { by, action: Action::Left, context, name, version: None, detail }).await.map(drop)
}

impl Store {
    /// Keeps what a consumer accepts of a message, in place of what it accepted before.
    ///
    /// # Errors
    /// [`What::Message`] is missing.
    pub async fn accept(&self, by: &str, consumer: Consumer) -> Result<(), Error> {
        self.write((by.to_owned(), consumer), |sql, input| Box::pin(accept(sql, input))).await
    }

    /// Forgets that a consumer reads a message.
    ///
    /// # Errors
    /// [`What::Consumer`] is missing.
    pub async fn leave(&self, by: &str, name: &str, context: &str, message: &str) -> Result<(), Error> {
        let input = [by, name, context, message].map(str::to_owned);
        self.write(input, |sql, input| Box::pin(leave(sql, input))).await
    }

    /// The consumers of a message, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consumers(&self, context: &str, message: &str) -> Result<Vec<Consumer>, Error> {
        let input = [context, message].map(str::to_owned);
        self.glance(input, |sql, [context, message]| {
            let select = "SELECT name, context, message, accepts, owner FROM consumers \
                          WHERE context = $1 AND message = $2 ORDER BY name";
            Box::pin(all(sql, select, values![context, message], consumer))
        })
        .await
    }

    /// What a consumer reads, or all of them, by name, context and message.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accepted(&self, name: Option<&str>) -> Result<Vec<Consumer>, Error> {
        self.glance(name.unwrap_or_default().to_owned(), |sql, name| {
            let select = "SELECT name, context, message, accepts, owner FROM consumers \
                          WHERE name = $1 OR $1 = '' ORDER BY name, context, message";
            Box::pin(all(sql, select, values![name], consumer))
        })
        .await
    }
}
