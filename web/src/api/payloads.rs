//! Payloads: checked, brought to another version, and which version a consumer is served. Payloads are not kept and not logged.

use super::{answer::Answer, document::Problems, known, version};
use crate::{
    App,
    access::Caller,
    extract::{Json, Path, Query},
    failure::Failure,
};
use axum::{Extension, body::Bytes, extract::State};
use isobar_registry::{evolution, payload};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use utoipa::{IntoParams, ToSchema};

/// What is wrong with a payload.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Wrong {
    /// Where, as a JSON pointer.
    pointer: String,
    /// What.
    message: String,
}

/// Whether a payload is one of a version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Validity {
    /// Whether it is.
    valid: bool,
    /// The first thing that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Wrong>,
}

/// A payload on its way to another version.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Bringing {
    /// The version it was written in.
    from: String,
    /// The version to bring it to; the newest one otherwise. An older one is a downcast.
    to: Option<String>,
    /// The payload.
    #[schema(value_type = Object)]
    payload: Box<RawValue>,
}

/// A payload in another version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Brought {
    /// The version it is in.
    version: String,
    /// The payload.
    #[schema(value_type = Object)]
    payload: Box<RawValue>,
    /// What of the payload that was sent this version does not hold, as JSON pointers.
    lost: Vec<String>,
}

/// Who reads what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Negotiation {
    /// The version that the producer writes; the newest released one otherwise.
    writes: Option<String>,
    /// The versions that the consumer accepts, such as `v1.0..v1.1`.
    accepts: Option<String>,
    /// A consumer that told the registry what it accepts, in place of `accepts`.
    consumer: Option<String>,
}

/// Why a version is not served.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reason {
    /// The version.
    version: String,
    /// Why not.
    reason: String,
}

/// What is served.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Served {
    /// The version that the producer writes.
    writes: String,
    /// The versions that the consumer accepts.
    accepts: String,
    /// The version to serve; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    serves: Option<String>,
    /// If there is none: every version, newest first, and why it is not the one.
    reasons: Vec<Reason>,
}

/// Checks a payload against a version.
#[utoipa::path(post, path = "/api/v1/messages/{message}/versions/{version}/validate", tag = "payloads",
    params(("message" = String, Path), ("version" = String, Path)), request_body(content = Object, description = "The payload"),
    responses((status = 200, description = "Whether it is one", body = Validity), Problems))]
pub(super) async fn validate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((message, number)): Path<(String, String)>,
    body: Bytes,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let validity = app.decide(&message, move |_, evolution| {
        let problem = payload::validate(known(evolution, &number)?, &body).err();
        let problem = problem.map(|it| Wrong { pointer: it.pointer(), message: it.to_string() });
        Ok(Validity { valid: problem.is_none(), problem })
    });
    Answer::json(&validity.await?)
}

/// Brings a payload to another version, and says what is lost on the way.
///
/// 422 for a payload that is none of its version, with the `pointer` to what is wrong, and for one that has no form in the other.
#[utoipa::path(post, path = "/api/v1/messages/{message}/upcast", tag = "payloads", params(("message" = String, Path)),
    request_body = Bringing, responses((status = 200, description = "The payload", body = Brought), Problems))]
pub(super) async fn upcast(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
    Json(Bringing { from, to, payload }): Json<Bringing>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let brought = app.decide(&message, move |_, evolution| {
        let from = version(&from)?;
        let to = match &to {
            Some(to) => known(evolution, to)?.version,
            None => evolution.newest().map_or(from, |it| it.version),
        };
        let json = payload.get().as_bytes();
        let text = payload::upcast(evolution, from, Some(to), json).map_err(refused)?;
        let lost = payload::lost(evolution, from, to, json).map_err(refused)?;
        let payload = RawValue::from_string(text).map_err(Failure::internal)?;
        Ok(Brought { version: to.to_string(), payload, lost })
    });
    Answer::json(&brought.await?)
}

fn refused(refused: payload::Refused) -> Failure {
    let failure = match &refused {
        payload::Refused::UnknownVersion { .. } => return Failure::missing(refused.to_string()),
        _ => Failure::unprocessable(refused.to_string()),
    };
    match &refused {
        payload::Refused::Payload { version, source } => {
            failure.with("pointer", json!(source.pointer())).with("version", json!(version.to_string()))
        }
        payload::Refused::Hop { to, .. } | payload::Refused::NoWay { to, .. } => {
            failure.with("version", json!(to.to_string()))
        }
        _ => failure,
    }
}

/// Which version a consumer is served, or the reasons why there is none.
#[utoipa::path(get, path = "/api/v1/messages/{message}/negotiate", tag = "payloads",
    params(("message" = String, Path), Negotiation),
    responses((status = 200, description = "What is served", body = Served), Problems))]
pub(super) async fn negotiate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
    Query(Negotiation { writes, accepts, consumer }): Query<Negotiation>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let range = match (accepts, consumer) {
        (Some(range), None) => range.parse().map_err(|error| Failure::bad(format!("{range:?}: {error}")))?,
        (None, Some(consumer)) => app.range_of(&consumer, &message).await?,
        _ => return Err(Failure::bad("either `accepts` or `consumer` is needed")),
    };
    let served = app.decide(&message, move |_, evolution| {
        let written = match &writes {
            Some(writes) => known(evolution, writes)?.version,
            None => evolution.released().ok_or_else(|| Failure::missing("nothing of it is released"))?.version,
        };
        let decided = evolution::negotiate(evolution, written, range);
        let (serves, reasons) = match decided {
            Ok(version) => (Some(version.to_string()), Vec::new()),
            Err(reasons) => (None, reasons),
        };
        let reason = |(version, reason): (isobar_model::Version, evolution::Unserved)| Reason {
            version: version.to_string(),
            reason: reason.to_string(),
        };
        let (writes, accepts) = (written.to_string(), range.to_string());
        Ok(Served { writes, accepts, serves, reasons: reasons.into_iter().map(reason).collect() })
    });
    Answer::json(&served.await?)
}
