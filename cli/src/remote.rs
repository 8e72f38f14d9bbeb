//! A registry over HTTP, as the command line speaks to it: one request at a time, within bounds, to the address that was given and
//! nowhere else. What an answer means for a workspace is not decided here.

use crate::commands::Problem;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use ureq::{
    Agent, Body,
    http::{Response, Uri, header},
    tls::{Certificate, RootCerts, TlsConfig},
};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a request may take: a large workspace is checked in a few seconds.
const WHOLE: Duration = Duration::from_secs(300);
/// How long an answer may be.
const MOST: u64 = 256 << 20;

/// A registry.
pub(crate) struct Remote {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// An answer that is not an error of the registry or of the way there.
pub(crate) enum Answer {
    /// The body of a success.
    Done(String),
    /// The body of a refusal: problem details, with findings among them.
    Refused(String),
}

/// RFC 9457, as far as it is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    title: Option<String>,
    detail: Option<String>,
    diagnostics: Option<serde::de::IgnoredAny>,
}

impl Remote {
    /// The registry at an address such as `https://registry.example.com`.
    pub(crate) fn at(address: &str, token: Option<String>) -> Result<Remote, Problem> {
        let wrong = || format!("`{address}` is no address of a registry: write `https://registry.example.com`");
        let uri: Uri = address.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(wrong)?;
        // What stands before an `@` is a secret that would be shown, and what comes behind a `?` has no place.
        if uri.authority().is_none_or(|it| it.as_str().contains('@')) || uri.query().is_some() {
            return Err(wrong());
        }
        if token.as_ref().is_some_and(|token| token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic())) {
            return Err("this is no token: `isobar token create` prints one".into());
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // Somebody else would be sent the workspace.
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent(concat!("isobar/", env!("CARGO_PKG_VERSION")));
        if scheme == "https" {
            config = config.tls_config(trusting_the_system()?);
        }
        let base = address.trim_end_matches('/').to_owned();
        Ok(Remote { agent: config.build().new_agent(), base, token })
    }

    /// Asks for what is at a path, given in its segments.
    pub(crate) fn get(&self, path: &[&str]) -> Result<Answer, Problem> {
        let mut request = self.agent.get(self.url(path));
        if let Some(bearer) = self.bearer() {
            request = request.header(header::AUTHORIZATION, bearer);
        }
        self.answer(request.call())
    }

    /// Puts JSON at a path, given in its segments.
    pub(crate) fn put(&self, path: &[&str], json: &str) -> Result<Answer, Problem> {
        let mut request = self.agent.put(self.url(path)).header(header::CONTENT_TYPE, "application/json");
        if let Some(bearer) = self.bearer() {
            request = request.header(header::AUTHORIZATION, bearer);
        }
        self.answer(request.send(json))
    }

    fn url(&self, path: &[&str]) -> String {
        path.iter().fold(format!("{}/api/v1", self.base), |url, segment| format!("{url}/{}", encoded(segment)))
    }

    fn bearer(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("Bearer {token}"))
    }

    fn answer(&self, answered: Result<Response<Body>, ureq::Error>) -> Result<Answer, Problem> {
        let unreachable = |error: ureq::Error| {
            let help = if is_distrust(&error) {
                "; `SSL_CERT_FILE` may name a file with the certificates to trust, in PEM"
            } else {
                ""
            };
            format!("the registry `{}` cannot be reached: {error}{help}", self.base)
        };
        let mut response = answered.map_err(unreachable)?;
        let status = response.status();
        let body = response.body_mut().with_config().limit(MOST).read_to_string().map_err(unreachable)?;
        if status.is_success() {
            return Ok(Answer::Done(body));
        }
        let details: Details = serde_json::from_str(&body).unwrap_or_default();
        if details.diagnostics.is_some() {
            return Ok(Answer::Refused(body));
        }
        let why = details.detail.or(details.title).unwrap_or_else(|| match status.canonical_reason() {
            Some(reason) => reason.to_lowercase(),
            None => "it does not say why".into(),
        });
        let help = match status.as_u16() {
            401 if self.token.is_none() => "; give a token with `--token` or in `ISOBAR_TOKEN`",
            300..=399 => "; give the address that it leads to",
            _ => "",
        };
        Err(format!("the registry `{}` answers {}: {why}{help}", self.base, status.as_u16()))
    }
}

/// Whether the registry shows a certificate that is not trusted.
fn is_distrust(error: &ureq::Error) -> bool {
    let inner = match error {
        ureq::Error::Io(error) => error.get_ref().and_then(|inner| inner.downcast_ref()),
        ureq::Error::Rustls(error) => Some(error),
        _ => None,
    };
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

/// TLS with the certificates that the system trusts, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
fn trusting_the_system() -> Result<TlsConfig, Problem> {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<_> = found.certs.iter().map(|it| Certificate::from_der(it).to_owned()).collect();
    if roots.is_empty() {
        let why = found.errors.first().map_or_else(String::new, |error| format!(": {error}"));
        return Err(format!("no certificates are found that this system trusts{why}"));
    }
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}

/// A segment of a path.
fn encoded(segment: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    segment
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_addresses() {
        for address in ["http://localhost:8321", "https://registry.example.com/isobar/"] {
            assert!(Remote::at(address, Some("isobar_x".into())).is_ok(), "{address}");
        }
        for address in
            ["", "registry", "ftp://a", "https://", "https://me:secret@host", "https://host/?a=b", "file:///etc"]
        {
            assert!(Remote::at(address, None).is_err(), "{address}");
        }
        assert!(Remote::at("http://localhost", Some("a\nb".into())).is_err());
        let remote = Remote::at("https://host/base/", None).ok().unwrap();
        assert_eq!(remote.url(&["workspaces", "my shop/é"]), "https://host/base/api/v1/workspaces/my%20shop%2F%C3%A9");
    }
}
