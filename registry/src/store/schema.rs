//! Schemas by id. What an id stands for never changes and is never forgotten: ids rise by one, are given once, and stay readable
//! when no subject has the schema any more, since there may be records that were written with it.

use super::{
    Error, Store, Subject, What,
    sql::{Row, Statement, all, first, only, values},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{ops::Range, sync::Arc};

/// A schema as it is registered. Two that are equal have the same id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schema {
    /// Its language, such as `JSON`.
    pub kind: String,
    /// The text, in the form that the caller holds to be canonical: the store compares bytes.
    pub text: String,
    /// The schemas that it refers to, in the order they were given.
    pub references: Vec<Reference>,
    /// Metadata as JSON text.
    pub metadata: Option<String>,
    /// A rule set as JSON text.
    pub rules: Option<String>,
}

/// A schema that another refers to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// What the referring text calls it.
    pub name: String,
    /// The subject that has it.
    pub subject: Subject,
    /// The version of the subject.
    pub version: i64,
}

/// A schema as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its id, in all contexts.
    pub id: i64,
    /// Its other name, made from its content: the same in every registry.
    pub guid: String,
    /// What it is.
    pub schema: Schema,
}

impl Schema {
    /// A JSON Schema without references or metadata.
    pub fn json(text: impl Into<String>) -> Self {
        Schema { kind: "JSON".into(), text: text.into(), ..Schema::default() }
    }

    /// The SHA-256 of everything that makes the schema what it is, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |text: &str| {
            // The length keeps `ab` + `c` and `a` + `bc` apart.
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        };
        part(&self.kind);
        part(&self.text);
        for optional in [&self.metadata, &self.rules] {
            part(if optional.is_some() { "+" } else { "-" });
            part(optional.as_deref().unwrap_or_default());
        }
        for Reference { name, subject, version } in &self.references {
            for text in [name, &subject.context, &subject.name, &version.to_string()] {
                part(text);
            }
        }
        hexadecimal(&hasher.finalize())
    }

    /// The name that is made from the content, which the schema has or would have in every registry.
    #[must_use]
    pub fn guid(&self) -> String {
        guid(&self.hash())
    }
}

/// Bytes as lowercase hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit)]);
    let mut text = String::with_capacity(2 * bytes.len());
    bytes.iter().for_each(|byte| text.extend([digit(byte >> 4), digit(byte & 15)]));
    text
}

/// The beginning of a hash, by which its schema is found.
pub(crate) fn start(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

/// The first 16 bytes of a hash as a UUID of version 8, the one for hashes of one's own choice.
pub(crate) fn guid(hash: &str) -> String {
    let part = |range: Range<usize>| hash.get(range).unwrap_or_default();
    let variant = part(16..17).chars().next().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
    let variant = char::from(b"89ab"[variant as usize % 4]);
    [
        part(0..8),
        "-",
        part(8..12),
        "-8",
        part(13..16),
        "-",
        variant.encode_utf8(&mut [0; 4]),
        part(17..20),
        "-",
        part(20..32),
    ]
    .concat()
}

fn stored(mut row: Row) -> Result<Stored, Error> {
    let (id, guid, kind, text) = (row.int()?, row.text()?, row.text()?, row.text()?);
    let references = match row.maybe_text()? {
        None => Vec::new(),
        Some(text) => serde_json::from_str(&text)
            .map_err(|error| Error::Corrupt(format!("the references of schema {id}: {error}")))?,
    };
    let (metadata, rules) = (row.maybe_text()?, row.maybe_text()?);
    Ok(Stored { id, guid, schema: Schema { kind, text, references, metadata, rules } })
}

/// The statement that stores a schema under a new id, and those that say what it refers to. `twin` says that the schema has another
/// id already.
pub(crate) fn insert<'a>(
    id: i64,
    schema: &'a Schema,
    hash: &'a str,
    twin: bool,
) -> Result<(Statement<'a>, impl Iterator<Item = Statement<'a>>), Error> {
    let references = match schema.references.as_slice() {
        [] => None,
        some => Some(
            serde_json::to_string(some)
                .map_err(|error| Error::Refused(format!("the references cannot be written: {error}")))?,
        ),
    };
    let insert = "INSERT INTO schemas (id, hash, twin, guid, kind, body, refers, metadata, rules) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let Schema { kind, text, metadata, rules, .. } = schema;
    let twin = if twin { id } else { 0 };
    let values = values![id, hash, twin, guid(hash), kind, text, references, metadata, rules];
    let refers = schema.references.iter().map(move |Reference { subject, version, .. }| {
        let insert = "INSERT INTO refers (context, subject, version, schema_id) VALUES (?1, ?2, ?3, ?4) \
                      ON CONFLICT (context, subject, version, schema_id) DO NOTHING";
        (insert.into(), values![&subject.context, &subject.name, *version, id])
    });
    Ok(((insert.into(), values), refers))
}

impl Store {
    /// The schema of an id, also one that no subject has any more. Answered from memory when it was asked for lately.
    ///
    /// # Errors
    /// [`What::Schema`] is missing.
    pub async fn schema(&self, id: i64) -> Result<Arc<Stored>, Error> {
        if let Some(known) = self.known.get(id) {
            return Ok(known);
        }
        let found = self
            .glance(id, |sql, &id| {
                Box::pin(async move {
                    let select = "SELECT id, guid, kind, body, refers, metadata, rules FROM schemas WHERE id = ?1";
                    first(sql, select, values![id]).await?.map(stored).transpose()
                })
            })
            .await?;
        let found = Arc::new(found.ok_or(Error::Missing(What::Schema))?);
        self.known.put(&found);
        Ok(found)
    }

    /// The ids of schemas with this content: the first is the one that a registration answers; others were imported.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ids_of(&self, schema: &Schema) -> Result<Vec<i64>, Error> {
        self.glance(schema.hash(), |sql, hash| {
            let select = "SELECT id FROM schemas WHERE substr(hash, 1, 8) = ?2 AND hash = ?1 ORDER BY twin";
            Box::pin(all(sql, select, values![hash, start(hash)], |mut row| row.int()))
        })
        .await
    }

    /// The ids of schemas with this guid.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ids_of_guid(&self, guid: &str) -> Result<Vec<i64>, Error> {
        self.glance(guid.to_owned(), |sql, guid| {
            // It begins as the hash it is made from.
            let select = "SELECT id FROM schemas WHERE substr(hash, 1, 8) = ?2 AND guid = ?1 ORDER BY twin";
            Box::pin(all(sql, select, values![guid, start(guid)], |mut row| row.int()))
        })
        .await
    }

    /// The highest id that was given, 0 in a new store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_id(&self) -> Result<i64, Error> {
        self.glance((), |sql, ()| {
            Box::pin(async move { only(sql, "SELECT schema_id FROM clock WHERE one = 1", values![]).await?.int() })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_a_uuid_of_the_hash() {
        let schema = Schema::json("{}");
        let (hash, guid) = (schema.hash(), guid(&schema.hash()));
        assert_eq!(guid.len(), 36);
        assert_eq!(guid[..8], hash[..8]);
        assert_eq!(&guid[14..15], "8", "the version");
        assert!("89ab".contains(&guid[19..20]), "the variant");
    }

    #[test]
    fn every_part_of_a_schema_makes_it_another() {
        let plain = Schema::json("{}");
        let reference = |name: &str, subject: &str| Reference {
            name: name.into(),
            subject: Subject::new(".", subject),
            version: 1,
        };
        let others = [
            Schema { kind: "AVRO".into(), ..plain.clone() },
            Schema::json("{ }"),
            Schema { metadata: Some(String::new()), ..plain.clone() },
            Schema { rules: Some(String::new()), ..plain.clone() },
            Schema { metadata: Some("{}".into()), ..plain.clone() },
            Schema { references: vec![reference("ab", "c")], ..plain.clone() },
            Schema { references: vec![reference("a", "bc")], ..plain.clone() },
        ];
        let mut hashes: Vec<String> = others.iter().chain([&plain]).map(Schema::hash).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), others.len() + 1);
    }
}
