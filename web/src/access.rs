//! Who asks, and what they may do. Secrets are compared by their hashes in constant time, and whoever has no right learns
//! nothing of what is there: rights are looked at before anything else. Nothing here reads or writes schemas.

use crate::{App, failure::Failure};
use axum::http::{HeaderMap, StatusCode, header};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use isobar_registry::store::{Role, Subject, Token};
use subtle::ConstantTimeEq;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Somebody without a token.
    Anyone,
    /// Somebody with one.
    Holder(Token),
}

/// Who may do what without a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Anyone may write and administer: for a server that only this machine reaches.
    pub insecure: bool,
    /// Reading needs a token too.
    pub private: bool,
}

/// What rights are given for: the name of a context of the notation or of a subject; in a named context of subjects, both.
pub(crate) fn key_of(subject: &Subject) -> String {
    match subject.context.as_str() {
        isobar_registry::store::DEFAULT_CONTEXT => subject.name.clone(),
        context => format!("{context}:{}", subject.name),
    }
}

/// The secret in the headers: a bearer token, or the password of basic authentication, which is what most clients can send.
fn secret(headers: &HeaderMap) -> Option<Result<String, ()>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let read = || {
        let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(rest.trim().to_owned()),
            "basic" => {
                let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
                pair.split_once(':').map(|(_, password)| password.to_owned())
            }
            _ => None,
        }
    };
    Some(read().ok_or(()))
}

/// The SHA-256 of a secret in hexadecimal, as the store keeps it.
#[must_use]
pub fn hash_of(secret: &str) -> String {
    hmac_sha256::Hash::hash(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A new secret of 256 random bits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("isobar_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

fn unknown() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, "this needs a valid token").numbered(40101)
}

impl Caller {
    /// Reads who asks from the headers of a request.
    ///
    /// # Errors
    /// 401 for a token that is malformed, unknown or revoked, which all look the same; what the store says.
    pub(crate) async fn of(app: &App, headers: &HeaderMap) -> Result<Caller, Failure> {
        let Some(secret) = secret(headers) else { return Ok(Caller::Anyone) };
        // A malformed one is looked up as well, so that it takes as long.
        let hash = hash_of(secret.as_deref().unwrap_or_default());
        let found = app.store.token(&hash).await?;
        let same = found.as_ref().is_some_and(|token| token.hash.as_bytes().ct_eq(hash.as_bytes()).into());
        match (found, secret) {
            (Some(token), Ok(_)) if same && token.revoked.is_none() => Ok(Caller::Holder(token)),
            _ => Err(unknown()),
        }
    }

    /// The name that the log of changes has.
    pub(crate) fn name(&self) -> String {
        match self {
            Caller::Anyone => "anyone".into(),
            Caller::Holder(token) => format!("token {} ({})", token.id, token.name),
        }
    }

    /// Refuses what the caller may not do to what has this key; for what concerns everything, the key is empty.
    ///
    /// # Errors
    /// 401 without a token, 403 with one that does not reach.
    pub(crate) fn may(&self, access: Access, role: Role, key: &str) -> Result<(), Failure> {
        if access.insecure || (role == Role::Reader && !access.private) {
            return Ok(());
        }
        let rank = |role: Role| Role::ALL.iter().position(|it| *it == role);
        match self {
            Caller::Anyone => Err(unknown()),
            Caller::Holder(token) if rank(token.role) >= rank(role) && key.starts_with(&token.prefix) => Ok(()),
            Caller::Holder(_) => {
                let message = format!("this token may not do that: it takes the role `{}` here", role.name());
                Err(Failure::new(StatusCode::FORBIDDEN, message).numbered(40301))
            }
        }
    }

    /// The key that the caller's rights begin with: for what concerns nothing in particular.
    pub(crate) fn reach(&self) -> &str {
        match self {
            Caller::Anyone => "",
            Caller::Holder(token) => &token.prefix,
        }
    }

    /// Whether the caller's token still is one.
    pub(crate) async fn is_valid(&self, app: &App) -> bool {
        match self {
            Caller::Anyone => true,
            Caller::Holder(token) => {
                let found = app.store.token(&token.hash).await;
                found.is_ok_and(|found| found.is_some_and(|it| it.revoked.is_none()))
            }
        }
    }

    /// Whether the caller sees what has this key.
    pub(crate) fn sees(&self, access: Access, key: &str) -> bool {
        self.may(access, Role::Reader, key).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(role: Role, prefix: &str) -> Caller {
        let (name, hash, prefix) = ("ci".into(), hash_of("secret"), prefix.into());
        Caller::Holder(Token { id: 7, name, hash, role, prefix, created: 0, revoked: None })
    }

    #[test]
    fn rights_follow_role_and_prefix() {
        let open = Access::default();
        let private = Access { private: true, ..open };
        let status =
            |caller: &Caller, access, role, key| caller.may(access, role, key).err().map(|it| it.status.as_u16());
        let writer = holder(Role::Writer, "ordering.");
        for (caller, access, role, key, expected) in [
            (&Caller::Anyone, open, Role::Reader, "ordering.OrderPlaced", None),
            (&Caller::Anyone, private, Role::Reader, "ordering.OrderPlaced", Some(401)),
            (&Caller::Anyone, open, Role::Writer, "ordering.OrderPlaced", Some(401)),
            (&Caller::Anyone, Access { insecure: true, ..open }, Role::Admin, "", None),
            (&writer, open, Role::Writer, "ordering.OrderPlaced", None),
            (&writer, open, Role::Writer, "payment.Captured", Some(403)),
            (&writer, open, Role::Writer, "", Some(403)),
            (&writer, open, Role::Admin, "ordering.OrderPlaced", Some(403)),
            (&writer, private, Role::Reader, "payment.Captured", Some(403)),
            (&holder(Role::Admin, ""), open, Role::Admin, "", None),
        ] {
            assert_eq!(status(caller, access, role, key), expected, "{caller:?} {role:?} {key}");
        }
    }

    #[test]
    fn a_secret_is_read_from_either_scheme() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            secret(&headers)
        };
        assert_eq!(read("Bearer abc"), Some(Ok("abc".into())));
        assert_eq!(read("basic dXNlcjphOmI="), Some(Ok("a:b".into())), "user:a:b");
        for bad in ["Bearer", "Digest abc", "Basic ???", "Basic dXNlcg=="] {
            assert_eq!(read(bad), Some(Err(())), "{bad}");
        }
        assert_eq!(secret(&HeaderMap::new()), None);
    }
}
