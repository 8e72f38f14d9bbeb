//! Pages and what they load, packed on their way to whoever takes it so. What is short, what is no text, and streams stay as they are.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, header},
    middleware::Next,
};
use flate2::{Compression, write::GzEncoder};
use std::io::{self, Write};

/// Texts of fewer bytes fit into one packet either way.
const SHORT: u64 = 1024;
/// What is packed.
const TEXTS: [&str; 6] =
    ["text/html", "text/markdown", "text/css", "text/javascript", "application/json", "image/svg+xml"];

/// Packs the answer where that is wanted and pays.
pub(super) async fn pack(request: Request, next: Next) -> Response<Body> {
    let wanted = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    // Pages are made whole, so that their length is known; of streams it is not.
    let length = response.body().size_hint().exact().unwrap_or_default();
    if length < SHORT || !is_text(response.headers()) {
        return response;
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !wanted {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A body that is a text already never fails, and neither does packing it in memory.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    let plain = bytes.clone();
    let body = match tokio::task::spawn_blocking(move || gzip(&plain)).await {
        Ok(Ok(packed)) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            parts.headers.remove(header::CONTENT_LENGTH);
            Body::from(packed)
        }
        _ => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}

pub(super) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    packer.write_all(bytes)?;
    packer.finish()
}

/// Whether the reader says that it can unpack it, and does not say that it would rather not.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|one| {
        let (name, rest) = one.split_once(';').unwrap_or((one, ""));
        let refused = rest.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    TEXTS.contains(&kind.split(';').next().unwrap_or_default()) && !headers.contains_key(header::CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_takes_it_gets_it() {
        let takes = |said: &str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(said).unwrap())]))
        };
        assert!(takes("br, GZIP;q=0.5") && takes("gzip, deflate"));
        assert!(!takes("gzip;q=0, br") && !takes("identity") && !takes("x-gzip2"));
    }
}
