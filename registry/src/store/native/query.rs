//! Reading what was pushed: workspaces, contexts, messages, and frozen versions by name, hash and URL.

use super::push::version;
use crate::store::{
    Action, Error, Page, Store, What,
    sql::{Row, Sql, all, first, values},
};
use isobar_model::Version;

/// A workspace that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceCard {
    /// Its name.
    pub name: String,
    /// The hash of its last push.
    pub hash: String,
    /// When that was, in milliseconds since 1970.
    pub pushed: i64,
}

/// A context of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextCard {
    /// Its name.
    pub name: String,
    /// The workspace it belongs to.
    pub workspace: String,
    /// What it is about.
    pub doc: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
}

/// A message, without its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageCard {
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
}

/// Where a frozen version is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenAt {
    /// The message's context.
    pub context: String,
    /// The message's name in the context.
    pub message: String,
    /// The version.
    pub version: Version,
    /// The YAML's hash as the lock has it.
    pub hash: String,
    /// The `$id` of its JSON Schema.
    pub url: String,
    /// The id of its JSON Schema.
    pub schema: i64,
    /// The version of the message's subject that has its JSON Schema.
    pub subject_version: i64,
    /// When it came in, in milliseconds since 1970.
    pub created: i64,
}

/// A frozen version with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Where it is.
    pub at: FrozenAt,
    /// The frozen YAML, byte for byte.
    pub yaml: String,
}

macro_rules! frozen_where {
    ($rest:literal) => {
        concat!(
            "SELECT context, message, major, minor, hash, url, schema_id, subject_version, created, yaml FROM frozen ",
            $rest
        )
    };
}

fn frozen(mut row: Row) -> Result<Frozen, Error> {
    let at = FrozenAt {
        context: row.text()?,
        message: row.text()?,
        version: version(row.int()?, row.int()?)?,
        hash: row.text()?,
        url: row.text()?,
        schema: row.int()?,
        subject_version: row.int()?,
        created: row.int()?,
    };
    Ok(Frozen { at, yaml: row.text()? })
}

fn workspace(mut row: Row) -> Result<WorkspaceCard, Error> {
    Ok(WorkspaceCard { name: row.text()?, hash: row.text()?, pushed: row.int()? })
}

fn context(mut row: Row) -> Result<ContextCard, Error> {
    Ok(ContextCard { name: row.text()?, workspace: row.text()?, doc: row.maybe_text()?, owner: row.maybe_text()? })
}

fn message(mut row: Row) -> Result<MessageCard, Error> {
    Ok(MessageCard {
        context: row.text()?,
        name: row.text()?,
        kind: row.text()?,
        doc: row.maybe_text()?,
        owner: row.maybe_text()?,
    })
}

/// One message.
pub(super) async fn find(sql: &mut dyn Sql, context: &str, name: &str) -> Result<MessageCard, Error> {
    let select = "SELECT context, name, kind, doc, owner FROM messages WHERE context = ?1 AND name = ?2";
    let row = first(sql, select, values![context, name]).await?;
    row.map(message).transpose()?.ok_or(Error::Missing(What::Message))
}

impl Store {
    /// The workspaces, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn workspaces(&self) -> Result<Vec<WorkspaceCard>, Error> {
        self.glance((), |sql, ()| {
            Box::pin(all(sql, "SELECT name, hash, pushed FROM workspaces ORDER BY name", values![], workspace))
        })
        .await
    }

    /// A workspace.
    ///
    /// # Errors
    /// [`What::Workspace`] is missing.
    pub async fn workspace(&self, name: &str) -> Result<WorkspaceCard, Error> {
        self.glance(name.to_owned(), |sql, name| {
            Box::pin(async move {
                let select = "SELECT name, hash, pushed FROM workspaces WHERE name = ?1";
                let row = first(sql, select, values![name]).await?;
                row.map(workspace).transpose()?.ok_or(Error::Missing(What::Workspace))
            })
        })
        .await
    }

    /// A context.
    ///
    /// # Errors
    /// [`What::Context`] is missing.
    pub async fn context(&self, name: &str) -> Result<ContextCard, Error> {
        self.glance(name.to_owned(), |sql, name| {
            Box::pin(async move {
                let select = "SELECT name, workspace, doc, owner FROM contexts WHERE name = ?1";
                let row = first(sql, select, values![name]).await?;
                row.map(context).transpose()?.ok_or(Error::Missing(What::Context))
            })
        })
        .await
    }

    /// The contexts of a workspace, or of all, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contexts(&self, workspace: Option<&str>) -> Result<Vec<ContextCard>, Error> {
        self.glance(workspace.unwrap_or_default().to_owned(), |sql, workspace| {
            let select = "SELECT name, workspace, doc, owner FROM contexts \
                          WHERE workspace = ?1 OR ?1 = '' ORDER BY name";
            Box::pin(all(sql, select, values![workspace], context))
        })
        .await
    }

    /// The messages of a context, or of all, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages(&self, context: Option<&str>, page: Page) -> Result<Vec<MessageCard>, Error> {
        self.glance((context.unwrap_or_default().to_owned(), page), |sql, (context, page)| {
            let select = "SELECT context, name, kind, doc, owner FROM messages WHERE context = ?1 OR ?1 = '' \
                          ORDER BY context, name LIMIT ?2 OFFSET ?3";
            Box::pin(all(sql, select, values![context, page.limit, page.offset], message))
        })
        .await
    }

    /// One message.
    ///
    /// # Errors
    /// [`What::Message`] is missing.
    pub async fn message(&self, context: &str, name: &str) -> Result<MessageCard, Error> {
        let input = [context, name].map(str::to_owned);
        self.glance(input, |sql, [context, name]| Box::pin(find(sql, context, name))).await
    }

    /// The frozen versions of a message, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self, context: &str, message: &str) -> Result<Vec<Frozen>, Error> {
        let input = [context, message].map(str::to_owned);
        self.glance(input, |sql, [context, message]| {
            let select = frozen_where!("WHERE context = ?1 AND message = ?2 ORDER BY major, minor");
            Box::pin(all(sql, select, values![context, message], frozen))
        })
        .await
    }

    /// The frozen versions of a whole context, by message and version: what a pull writes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn context_history(&self, context: &str, page: Page) -> Result<Vec<Frozen>, Error> {
        self.glance((context.to_owned(), page), |sql, (context, page)| {
            let select = frozen_where!("WHERE context = ?1 ORDER BY message, major, minor LIMIT ?2 OFFSET ?3");
            Box::pin(all(sql, select, values![context, page.limit, page.offset], frozen))
        })
        .await
    }

    /// When each version of a workspace came: context, message, version, and the time of the push that brought it, in milliseconds
    /// since 1970. What was pushed together has the same time. Sorted by message and version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn released(&self, workspace: &str) -> Result<Vec<(String, String, Version, i64)>, Error> {
        self.glance(workspace.to_owned(), |sql, workspace| {
            Box::pin(async move {
                let select = "SELECT at FROM changes WHERE action = ?1 AND name = ?2 ORDER BY at";
                let pushes = all(sql, select, values![Action::Pushed.name(), workspace], |mut row| row.int()).await?;
                let select = "SELECT f.context, f.message, f.major, f.minor, f.created FROM frozen f \
                              JOIN contexts c ON c.name = f.context WHERE c.workspace = ?1 \
                              ORDER BY f.context, f.message, f.major, f.minor";
                all(sql, select, values![workspace], |mut row| {
                    let (context, message) = (row.text()?, row.text()?);
                    let (version, created) = (version(row.int()?, row.int()?)?, row.int()?);
                    // A push is noted after what it brought.
                    let push = pushes.get(pushes.partition_point(|at| *at < created)).copied();
                    Ok((context, message, version, push.unwrap_or(created)))
                })
                .await
            })
        })
        .await
    }

    /// One frozen version.
    ///
    /// # Errors
    /// [`What::Message`] is missing.
    pub async fn frozen(&self, context: &str, message: &str, version: Version) -> Result<Frozen, Error> {
        let input = (context.to_owned(), message.to_owned(), version);
        self.glance(input, |sql, (context, message, version)| {
            let select = frozen_where!("WHERE context = ?1 AND message = ?2 AND major = ?3 AND minor = ?4");
            let values = values![context, message, version.major, version.minor];
            Box::pin(async move {
                let row = first(sql, select, values).await?;
                row.map(frozen).transpose()?.ok_or(Error::Missing(What::Message))
            })
        })
        .await
    }

    /// The frozen versions whose JSON Schema has this `$id`; more than one only if workspaces share a base.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn frozen_by_url(&self, url: &str) -> Result<Vec<Frozen>, Error> {
        self.glance(url.to_owned(), |sql, url| {
            let select = frozen_where!("WHERE url = ?1 ORDER BY context, message, major, minor");
            Box::pin(all(sql, select, values![url], frozen))
        })
        .await
    }

    /// The frozen versions whose YAML has this hash.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn frozen_by_hash(&self, hash: &str) -> Result<Vec<Frozen>, Error> {
        self.glance(hash.to_owned(), |sql, hash| {
            let select = frozen_where!("WHERE hash = ?1 ORDER BY context, message, major, minor");
            Box::pin(all(sql, select, values![hash], frozen))
        })
        .await
    }
}
