//! Schemas that refer to other schemas: which ones are meant, and all that they lead to. Only what is stored is read; nothing is
//! ever fetched.

use super::{answer::invalid, names};
use crate::{
    App,
    access::{Caller, key_of},
    failure::Failure,
};
use isobar_registry::{
    compat::documents::{Part, SchemaError, bundle},
    store::{Deleted, Error, Held, Reference, Role, Schema, Subject, What},
};
use serde::Deserialize;
use std::collections::HashMap;

/// Schemas that one may lead to, at most.
const MOST: usize = 1_000;
/// How long they may be together, in bytes.
const LONGEST: usize = 16 << 20;

/// A reference, as it is sent.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    name: String,
    subject: String,
    version: i64,
}

/// The versions that are meant; `-1` is the newest.
///
/// # Errors
/// 42201 for one that is not there, and 403 for one that the caller may not read.
pub(super) async fn resolved(
    app: &App,
    caller: &Caller,
    subject: &Subject,
    named: Vec<Named>,
) -> Result<Vec<Reference>, Failure> {
    if named.len() > MOST {
        return Err(invalid(format!("more than {MOST} references")));
    }
    let mut references = Vec::new();
    for Named { name, subject: other, version } in named {
        let other = names::beside(&other, subject);
        caller.may(app.options.access, Role::Reader, &key_of(&other))?;
        let versions = app.store.versions(&other, Deleted::Without).await?;
        let found = match version {
            -1 => versions.last(),
            _ => versions.iter().find(|held| held.version == version),
        };
        let missing = || {
            let which = if version == -1 { "version".to_owned() } else { format!("version {version}") };
            invalid(format!(
                "the reference '{name}' leads nowhere: subject '{}' has no {which}",
                names::written(&other)
            ))
        };
        let version = found.map(|held| held.version).ok_or_else(missing)?;
        references.push(Reference { name, subject: other, version });
    }
    Ok(references)
}

/// The texts of a schema and of all that it leads to, the schema itself first.
#[derive(Clone, Debug)]
pub(super) struct Texts(Vec<(String, Vec<(String, usize)>)>);

impl Texts {
    /// Collects them. What was deleted meanwhile is read all the same.
    ///
    /// # Errors
    /// 42201 for too many; what the store says.
    pub(super) async fn of(app: &App, schema: &Schema) -> Result<Texts, Failure> {
        let mut texts = vec![(schema.text.clone(), Vec::new())];
        let mut open = vec![(0, schema.references.clone())];
        let mut places = HashMap::new();
        let (mut at, mut length) = (0, schema.text.len());
        while let Some((from, references)) = open.get(at).cloned() {
            for Reference { name, subject, version } in references {
                let key = (subject, version);
                let place = match places.get(&key) {
                    Some(place) => *place,
                    None if texts.len() > MOST => {
                        return Err(invalid(format!("more than {MOST} schemas are referred to")));
                    }
                    None => {
                        let schema = version_of(app, &key.0, key.1).await?;
                        length += schema.text.len();
                        if length > LONGEST {
                            return Err(invalid(format!(
                                "what is referred to is longer than {LONGEST} bytes together"
                            )));
                        }
                        texts.push((schema.text, Vec::new()));
                        open.push((texts.len() - 1, schema.references));
                        places.insert(key, texts.len() - 1);
                        texts.len() - 1
                    }
                };
                texts[from].1.push((name, place));
            }
            at += 1;
        }
        Ok(Texts(texts))
    }

    /// All of them as one document. This takes long for long texts.
    ///
    /// # Errors
    /// A text that is no JSON, or names that do not go together.
    pub(super) fn bundled(&self) -> Result<serde_json::Value, SchemaError> {
        let mut parts = Vec::new();
        for (text, names) in &self.0 {
            let no_json =
                |error| SchemaError { pointer: String::new(), message: format!("it cannot be read: {error}") };
            parts.push(Part { schema: serde_json::from_str(text).map_err(no_json)?, names: names.clone() });
        }
        bundle(&parts)
    }
}

async fn version_of(app: &App, subject: &Subject, version: i64) -> Result<Schema, Failure> {
    let versions = app.store.versions(subject, Deleted::With).await?;
    let Held { id, .. } =
        versions.iter().find(|held| held.version == version).ok_or(Error::Missing(What::Reference))?;
    Ok(app.store.schema(*id).await?.schema.clone())
}
