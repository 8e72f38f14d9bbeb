//! Who reads which messages, and which versions of them: what negotiation and the impact of a change are computed from. What a
//! consumer accepts of a message is said once: by itself, or by a workspace that names it. The workspace that has the message has
//! the last word; otherwise it stays with who said it first.

use super::{push::Push, query::find};
use crate::store::{
    Conflict, Error, Store, What,
    changes::{Action, Entry, log},
    sql::{Row, Sql, all, first, names, values},
};
use isobar_model::version::VersionRange;
use std::collections::BTreeMap;

/// A consumer of a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// The workspace that says so; none where the consumer told it by itself.
    pub workspace: Option<String>,
}

fn consumer(mut row: Row) -> Result<Consumer, Error> {
    Ok(Consumer {
        name: row.text()?,
        context: row.text()?,
        message: row.text()?,
        accepts: row.parsed()?,
        owner: row.maybe_text()?,
        workspace: row.maybe_text()?,
    })
}

/// What is said of a consumer and a message.
async fn said(sql: &mut dyn Sql, name: &str, context: &str, message: &str) -> Result<Option<Consumer>, Error> {
    let select = "SELECT name, context, message, accepts, owner, workspace FROM consumers \
                  WHERE name = ?1 AND context = ?2 AND message = ?3";
    first(sql, select, values![name, context, message]).await?.map(consumer).transpose()
}

/// Refuses to touch what somebody else says.
fn may_say(said: Option<&Consumer>, workspace: Option<&String>) -> Result<(), Error> {
    match said {
        Some(said) if said.workspace.as_ref() != workspace => Err(Error::Conflict(Conflict::Said {
            consumer: said.name.clone(),
            message: format!("{}.{}", said.context, said.message),
            workspace: said.workspace.clone(),
        })),
        _ => Ok(()),
    }
}

async fn keep(sql: &mut dyn Sql, by: &str, consumer: &Consumer) -> Result<(), Error> {
    let Consumer { name, context, message, accepts, owner, workspace } = consumer;
    names([name])?;
    let (accepts, detail) = (accepts.to_string(), Some(format!("{context}.{message}")));
    let entry = Entry { by, action: Action::Accepts, context, name, version: Some(accepts.clone()), detail };
    log(sql, entry).await?;
    let upsert = "INSERT INTO consumers (name, context, message, accepts, owner, workspace) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                  ON CONFLICT (name, context, message) DO UPDATE \
                  SET accepts = excluded.accepts, owner = excluded.owner, workspace = excluded.workspace";
    sql.rows(upsert, values![name, context, message, accepts, owner, workspace]).await.map(drop)
}

async fn forget(sql: &mut dyn Sql, by: &str, name: &str, context: &str, message: &str) -> Result<(), Error> {
    let delete = "DELETE FROM consumers WHERE name = ?1 AND context = ?2 AND message = ?3";
    sql.rows(delete, values![name, context, message]).await?;
    let detail = Some(format!("{context}.{message}"));
    log(sql, Entry { by, action: Action::Left, context, name, version: None, detail }).await.map(drop)
}

async fn accept(sql: &mut dyn Sql, (by, consumer): &(String, Consumer)) -> Result<(), Error> {
    let Consumer { name, context, message, workspace, .. } = consumer;
    find(sql, context, message).await?;
    may_say(said(sql, name, context, message).await?.as_ref(), workspace.as_ref())?;
    keep(sql, by, consumer).await
}

async fn leave(sql: &mut dyn Sql, [by, name, context, message]: &[String; 4]) -> Result<(), Error> {
    let said = said(sql, name, context, message).await?.ok_or(Error::Missing(What::Consumer))?;
    may_say(Some(&said), None)?;
    forget(sql, by, name, context, message).await
}

/// Keeps what a pushed workspace says of consumers, and drops what it no longer says.
pub(super) async fn of_push(sql: &mut dyn Sql, by: &str, push: &Push) -> Result<(), Error> {
    let workspace = Some(&push.workspace);
    for consumer in &push.consumers {
        let Consumer { name, context, message, .. } = consumer;
        let said = said(sql, name, context, message).await?;
        if said.as_ref() == Some(consumer) {
            continue;
        }
        let select = "SELECT workspace FROM contexts WHERE name = ?1";
        let has = first(sql, select, values![context]).await?.map(|mut row| row.text()).transpose()?;
        if has.as_ref() != workspace {
            may_say(said.as_ref(), workspace)?;
        }
        keep(sql, by, consumer).await?;
    }
    let select = "SELECT name, context, message, accepts, owner, workspace FROM consumers WHERE workspace = ?1 \
                  ORDER BY name, context, message";
    let stored = all(sql, select, values![&push.workspace], consumer).await?;
    for Consumer { name, context, message, .. } in stored.iter().filter(|it| !push.consumers.contains(it)) {
        forget(sql, by, name, context, message).await?;
    }
    Ok(())
}

impl Store {
    /// Keeps what a consumer accepts of a message, in place of what it accepted before.
    ///
    /// # Errors
    /// [`What::Message`] is missing; [`Conflict::Said`].
    pub async fn accept(&self, by: &str, consumer: Consumer) -> Result<(), Error> {
        self.write((by.to_owned(), consumer), |sql, input| Box::pin(accept(sql, input))).await
    }

    /// Forgets that a consumer reads a message.
    ///
    /// # Errors
    /// [`What::Consumer`] is missing; [`Conflict::Said`].
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
            let select = "SELECT name, context, message, accepts, owner, workspace FROM consumers \
                          WHERE context = ?1 AND message = ?2 ORDER BY name";
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
            let select = "SELECT name, context, message, accepts, owner, workspace FROM consumers \
                          WHERE name = ?1 OR ?1 = '' ORDER BY name, context, message";
            Box::pin(all(sql, select, values![name], consumer))
        })
        .await
    }

    /// What is said of a workspace's messages by others: consumers themselves, and other workspaces. Without a name, of all of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn told(&self, workspace: Option<&str>) -> Result<BTreeMap<String, Vec<Consumer>>, Error> {
        let told = self.glance(workspace.unwrap_or_default().to_owned(), |sql, workspace| {
            let select = "SELECT x.workspace, c.name, c.context, c.message, c.accepts, c.owner, c.workspace FROM consumers c \
                          JOIN contexts x ON x.name = c.context WHERE (x.workspace = ?1 OR ?1 = '') \
                          AND (c.workspace IS NULL OR c.workspace <> x.workspace) ORDER BY c.name, c.context, c.message";
            Box::pin(all(sql, select, values![workspace], |mut row| Ok((row.text()?, consumer(row)?))))
        });
        let mut all: BTreeMap<String, Vec<Consumer>> = BTreeMap::new();
        told.await?.into_iter().for_each(|(workspace, told)| all.entry(workspace).or_default().push(told));
        Ok(all)
    }
}
