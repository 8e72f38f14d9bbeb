//! How answers look: JSON under Confluent's content type, a schema with what belongs to it, and the numbers of failures.

use super::names;
use crate::failure::{CONFLUENT_JSON, Failure};
use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
    response::IntoResponse,
};
use isobar_registry::store::{Conflict, Error, Schema, Stored, Subject, What};
use serde::Serialize;
use serde_json::value::RawValue;

/// A value that is sent as JSON.
pub(crate) struct Answer<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response<Body> {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => json(bytes),
            Err(error) => Failure::internal(error).into_response(),
        }
    }
}

/// Text that is JSON already.
pub(super) fn json(text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONFLUENT_JSON));
    response
}

/// A schema with what is known of it where it is asked for.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Card<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    guid: &'a str,
    schema_type: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_set: Option<&'a RawValue>,
    schema: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_id: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Reference<'a> {
    name: &'a str,
    subject: String,
    version: i64,
}

impl<'a> Card<'a> {
    /// The schema, whichever subject has it.
    pub(super) fn of(stored: &'a Stored) -> Card<'a> {
        let Schema { kind, text, references, metadata, rules } = &stored.schema;
        let reference = |it: &'a isobar_registry::store::Reference| Reference {
            name: &it.name,
            subject: names::written(&it.subject),
            version: it.version,
        };
        // It was written as JSON; what is not is left out.
        let raw = |text: &'a Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Card {
            guid: &stored.guid,
            schema_type: kind,
            references: references.iter().map(reference).collect(),
            metadata: raw(metadata),
            rule_set: raw(rules),
            schema: text,
            ..Card::default()
        }
    }

    /// The schema as a version of a subject.
    pub(super) fn version(stored: &'a Stored, subject: &Subject, version: i64) -> Card<'a> {
        Card { subject: Some(names::written(subject)), id: Some(stored.id), version: Some(version), ..Card::of(stored) }
    }
}

pub(super) fn no_subject(subject: &Subject) -> Failure {
    Failure::missing(format!("Subject '{}' not found.", names::written(subject))).numbered(40401)
}

pub(super) fn no_version(version: impl std::fmt::Display) -> Failure {
    Failure::missing(format!("Version {version} not found.")).numbered(40402)
}

pub(super) fn no_schema(which: impl std::fmt::Display) -> Failure {
    Failure::missing(format!("Schema {which} not found")).numbered(40403)
}

/// A schema that is none, or none that is taken.
pub(super) fn invalid(message: impl Into<String>) -> Failure {
    Failure::unprocessable(message).numbered(42201)
}

pub(super) fn not_permitted(message: impl Into<String>) -> Failure {
    Failure::unprocessable(message).numbered(42205)
}

/// What the store says of a subject, or of one of its versions, in the protocol's numbers.
pub(super) fn said(error: Error, subject: &Subject, version: Option<i64>) -> Failure {
    let name = names::written(subject);
    let at = version.map_or(String::new(), |version| format!(" Version {version}"));
    match error {
        Error::Missing(What::Subject) => no_subject(subject),
        Error::Missing(What::Version) => no_version(version.unwrap_or_default()),
        Error::Missing(What::Reference) => invalid("a schema that is referred to was deleted meanwhile"),
        Error::Conflict(conflict) => match conflict {
            Conflict::AlreadyDeleted => {
                let message =
                    format!("Subject '{name}'{at} was soft deleted. Set permanent=true to delete permanently");
                Failure::missing(message).numbered(if version.is_some() { 40406 } else { 40404 })
            }
            Conflict::NotYetDeleted => {
                let message = format!("Subject '{name}'{at} was not deleted first before being permanently deleted");
                Failure::missing(message).numbered(if version.is_some() { 40407 } else { 40405 })
            }
            Conflict::Referenced => {
                Failure::unprocessable(format!("One or more references exist to subject '{name}'{at}")).numbered(42206)
            }
            Conflict::ReadOnly => not_permitted(format!("Subject '{name}' is in read-only mode")),
            Conflict::NotImporting => not_permitted(format!("Subject '{name}' is not in import mode")),
            Conflict::Released => not_permitted(format!(
                "'{name}' is the released history of a message: change the message, release it, and run `isobar push`"
            )),
            taken @ (Conflict::IdTaken(_) | Conflict::VersionTaken(_)) => not_permitted(taken.to_string()),
            other => Error::Conflict(other).into(),
        },
        other => other.into(),
    }
}
