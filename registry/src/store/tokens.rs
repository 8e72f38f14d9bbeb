//! Tokens: who may do what. Only hashes are kept, so that a stolen database opens nothing; no secret ever gets here.

use super::{
    Error, Store, What,
    changes::{Action, Entry, log, named, now},
    sql::{Row, Sql, all, first, values},
};

named! {
    /// What a token may do below its prefix.
    Role {
        /// Read.
        Reader = "reader",
        /// Read and register.
        Writer = "writer",
        /// Everything, also deleting and making tokens.
        Admin = "admin",
    }
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// What its maker calls it.
    pub name: String,
    /// The SHA-256 of its secret, in hexadecimal.
    pub hash: String,
    /// What it may do.
    pub role: Role,
    /// Where: in the contexts whose names start with this.
    pub prefix: String,
    /// When it was made, in milliseconds since 1970.
    pub created: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

fn token(mut row: Row) -> Result<Token, Error> {
    Ok(Token {
        id: row.int()?,
        name: row.text()?,
        hash: row.text()?,
        role: row.parsed()?,
        prefix: row.text()?,
        created: row.int()?,
        revoked: row.maybe_int()?,
    })
}

async fn make(sql: &mut dyn Sql, (texts, role): &([String; 4], Role)) -> Result<i64, Error> {
    let [by, name, hash, prefix] = texts;
    let detail = Some(role.name().to_owned());
    let entry = Entry { by, action: Action::TokenMade, context: prefix, name, version: None, detail };
    let id = log(sql, entry).await?;
    let insert = "INSERT INTO tokens (id, hash, name, role, prefix, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                  ON CONFLICT (hash) DO NOTHING RETURNING id";
    let made = first(sql, insert, values![id, hash, name, role.name(), prefix, now()]).await?;
    made.map(|_| id).ok_or_else(|| Error::Refused("there is a token with this secret".into()))
}

async fn revoke(sql: &mut dyn Sql, (by, id): &(String, i64)) -> Result<(), Error> {
    let select = "SELECT name, prefix, revoked FROM tokens WHERE id = ?1";
    let mut row = first(sql, select, values![*id]).await?.ok_or(Error::Missing(What::Token))?;
    let (name, context) = (row.text()?, row.text()?);
    if row.maybe_int()?.is_some() {
        return Ok(());
    }
    let (action, name, context) = (Action::TokenRevoked, name.as_str(), context.as_str());
    log(sql, Entry { by, action, context, name, version: None, detail: Some(id.to_string()) }).await?;
    sql.rows("UPDATE tokens SET revoked = ?1 WHERE id = ?2", values![now(), *id]).await.map(drop)
}

impl Store {
    /// Keeps a token and returns its number. `hash` is the SHA-256 of the secret in lowercase hexadecimal.
    ///
    /// # Errors
    /// [`Error::Refused`] if the hash is none, or is there already.
    pub async fn make_token(&self, by: &str, name: &str, hash: &str, role: Role, prefix: &str) -> Result<i64, Error> {
        if hash.len() != 64 || !hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Error::Refused("a token's hash is 64 lowercase hexadecimal digits".into()));
        }
        let texts = [by, name, hash, prefix].map(str::to_owned);
        self.write((texts, role), |sql, input| Box::pin(make(sql, input))).await
    }

    /// Revokes a token; one that was revoked stays as it is.
    ///
    /// # Errors
    /// [`What::Token`] is missing.
    pub async fn revoke_token(&self, by: &str, id: i64) -> Result<(), Error> {
        self.write((by.to_owned(), id), |sql, input| Box::pin(revoke(sql, input))).await
    }

    /// Every token, also revoked ones, by number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens(&self) -> Result<Vec<Token>, Error> {
        self.glance((), |sql, ()| {
            let select = "SELECT id, name, hash, role, prefix, created, revoked FROM tokens ORDER BY id";
            Box::pin(all(sql, select, values![], token))
        })
        .await
    }

    /// The token of a secret with this hash, also a revoked one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>, Error> {
        self.glance(hash.to_owned(), |sql, hash| {
            Box::pin(async move {
                let select = "SELECT id, name, hash, role, prefix, created, revoked FROM tokens WHERE hash = ?1";
                first(sql, select, values![hash]).await?.map(token).transpose()
            })
        })
        .await
    }
}
