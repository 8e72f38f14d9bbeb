//! Tokens: made, listed and revoked by administrators of what they reach. A secret is shown once and not kept.

use super::{answer::Answer, document::Problems};
use crate::{
    App,
    access::{Caller, hash_of, new_secret},
    extract::{Json, Path},
    failure::Failure,
};
use axum::{Extension, extract::State, http::StatusCode};
use isobar_registry::store::{self, Error, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a token may do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// Read.
    Reader,
    /// Read, register and push.
    Writer,
    /// Everything.
    Admin,
}

impl From<Role> for store::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Reader => Self::Reader,
            Role::Writer => Self::Writer,
            Role::Admin => Self::Admin,
        }
    }
}

/// A token without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Token {
    /// Its number.
    id: i64,
    /// What its maker calls it.
    name: String,
    /// `reader`, `writer` or `admin`.
    role: &'static str,
    /// Where: in what has a name that starts with this.
    prefix: String,
    /// When it was made, in milliseconds since 1970.
    created: i64,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<i64>,
}

/// A token that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Wanted {
    /// What to call it.
    name: String,
    /// What it may do.
    role: Role,
    /// Where: in what has a name that starts with this; everywhere otherwise.
    #[serde(default)]
    prefix: String,
}

/// A token with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Made {
    /// Its number.
    id: i64,
    /// The secret. It is not shown again.
    token: String,
}

/// The tokens that the caller administers.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens",
    responses((status = 200, description = "By number", body = Vec<Token>), Problems))]
pub(super) async fn list(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Answer, Failure> {
    let access = app.options.access;
    caller.may(access, store::Role::Admin, caller.reach())?;
    let mut tokens = app.store.tokens().await?;
    tokens.retain(|it| caller.may(access, store::Role::Admin, &it.prefix).is_ok());
    let shown = tokens.into_iter().map(|store::Token { id, name, role, prefix, created, revoked, .. }| Token {
        id,
        name,
        role: role.name(),
        prefix,
        created,
        revoked,
    });
    Ok(Answer::json(&shown.collect::<Vec<_>>())?.secret())
}

/// Makes a token, at most for what the caller administers.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = Wanted,
    responses((status = 201, description = "The only time the secret is shown", body = Made), Problems))]
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(Wanted { name, role, prefix }): Json<Wanted>,
) -> Result<Answer, Failure> {
    caller.may(app.options.access, store::Role::Admin, &prefix)?;
    let token = new_secret().map_err(Failure::internal)?;
    let id = app.store.make_token(&caller.name(), &name, &hash_of(&token), role.into(), &prefix).await?;
    Ok(Answer::json(&Made { id, token })?.status(StatusCode::CREATED).secret())
}

/// Revokes a token for good.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", params(("id" = i64, Path)),
    responses((status = 204, description = "It opens nothing any more"), Problems))]
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failure> {
    let access = app.options.access;
    caller.may(access, store::Role::Admin, caller.reach())?;
    let token = app.store.tokens().await?.into_iter().find(|it| it.id == id);
    let token = token.filter(|it| caller.may(access, store::Role::Admin, &it.prefix).is_ok());
    token.ok_or(Error::Missing(What::Token))?;
    app.store.revoke_token(&caller.name(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
