//! What happened: one entry for every write, numbered without gaps in the order in which readers can see them. It is the feed
//! that others follow and the log of who did what. An entry is written in the transaction of what it tells, and never edited.

use super::{
    Error, Store,
    sql::{Row, Sql, Statement, all, only, values},
};
use std::time::SystemTime;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number, from 1. A reader who saw a number never later sees a new entry at or below it.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who did it, as the caller named them.
    pub by: String,
    /// What was done.
    pub action: Action,
    /// The context it was done in, empty for something global.
    pub context: String,
    /// The subject, message, workspace, consumer or token it was done to; empty for a whole context.
    pub name: String,
    /// The version, as a subject or a message counts them.
    pub version: Option<String>,
    /// Anything else, as text.
    pub detail: Option<String>,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name { $($(#[$item])* $variant,)* }

        impl $name {
            /// Every one of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The name it is stored and sent under.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::store::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok($name::$variant),)*
                    _ => Err($crate::store::Error::Refused(format!("`{text}` is no {}", stringify!($name).to_lowercase()))),
                }
            }
        }
    };
}
pub(crate) use named;

named! {
    /// What was done.
    Action {
        /// A schema became a version of a subject; the detail is its id.
        Registered = "registered",
        /// A version was soft-deleted.
        VersionDeleted = "version-deleted",
        /// A version was deleted for good.
        VersionPurged = "version-purged",
        /// All versions of a subject were soft-deleted.
        SubjectDeleted = "subject-deleted",
        /// All versions of a subject were deleted for good.
        SubjectPurged = "subject-purged",
        /// The configuration or mode of a scope was set.
        Configured = "configured",
        /// A workspace was pushed.
        Pushed = "pushed",
        /// A version of a message was released into the registry.
        Released = "released",
        /// A version of a message is told in other words, as its documentation changed; the detail is the id of its schema.
        Revised = "revised",
        /// A consumer said what it accepts.
        Accepts = "accepts",
        /// A consumer no longer reads a message.
        Left = "left",
        /// A token was made.
        TokenMade = "token-made",
        /// A token was revoked.
        TokenRevoked = "token-revoked",
        /// Something that the server notes; the detail says what.
        Noted = "noted",
    }
}

/// What to write down.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) by: &'a str,
    pub(crate) action: Action,
    pub(crate) context: &'a str,
    pub(crate) name: &'a str,
    pub(crate) version: Option<String>,
    pub(crate) detail: Option<String>,
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Writes an entry and returns its number, which is also the revision of what was changed.
pub(crate) async fn log(sql: &mut dyn Sql, entry: Entry<'_>) -> Result<i64, Error> {
    let update = "UPDATE clock SET change = change + 1 WHERE one = 1 RETURNING change";
    let seq = only(sql, update, values![]).await?.int()?;
    sql.run(vec![entry_of(seq, now(), entry)]).await?;
    Ok(seq)
}

/// The statement that writes an entry under its number.
pub(crate) fn entry_of(seq: i64, at: i64, entry: Entry<'_>) -> Statement<'_> {
    let insert = "INSERT INTO changes (seq, at, actor, action, context, name, number, detail) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Entry { by, action, context, name, version, detail } = entry;
    (insert.into(), values![seq, at, by, action.name(), context, name, version, detail])
}

fn change(mut row: Row) -> Result<Change, Error> {
    Ok(Change {
        seq: row.int()?,
        at: row.int()?,
        by: row.text()?,
        action: row.parsed()?,
        context: row.text()?,
        name: row.text()?,
        version: row.maybe_text()?,
        detail: row.maybe_text()?,
    })
}

impl Store {
    /// The changes after number `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes(&self, after: i64, limit: i64) -> Result<Vec<Change>, Error> {
        self.glance((after, limit), |sql, &(after, limit)| {
            let select = "SELECT seq, at, actor, action, context, name, number, detail FROM changes \
                          WHERE seq > ?1 ORDER BY seq LIMIT ?2";
            Box::pin(all(sql, select, values![after, limit], change))
        })
        .await
    }

    /// The number of the newest change, 0 in a new store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_change(&self) -> Result<i64, Error> {
        self.glance((), |sql, ()| {
            Box::pin(async move { only(sql, "SELECT change FROM clock WHERE one = 1", values![]).await?.int() })
        })
        .await
    }

    /// Writes down something that is no write of this store, such as a refused push.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note(&self, by: &str, context: &str, name: &str, detail: &str) -> Result<i64, Error> {
        let input = [by, context, name, detail].map(str::to_owned);
        self.write(input, |sql, [by, context, name, detail]| {
            let detail = Some(detail.clone());
            Box::pin(log(sql, Entry { by, action: Action::Noted, context, name, version: None, detail }))
        })
        .await
    }
}
