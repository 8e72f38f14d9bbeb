//! What surrounds every request, tried without a socket.

use crate::{App, Options, router};
use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use isobar_registry::store::Store;
use tower::ServiceExt;

async fn server() -> Router {
    let store = Store::open("sqlite::memory:").await.unwrap();
    router(App::new(store, Options::default()).unwrap())
}

/// The status, content type and body that a request is answered with.
async fn ask(server: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, kind) = (response.status().as_u16(), response.headers().get("content-type").cloned());
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert!(response.headers().contains_key("x-request-id"));
    let kind = kind.map_or(String::new(), |kind| kind.to_str().unwrap().to_owned());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    format!("{status} {kind} {}", String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn failures_are_written_in_the_protocol_that_was_spoken() {
    let server = server().await;
    for (method, path, expected) in [
        (
            "GET",
            "/nowhere",
            r#"404 application/vnd.schemaregistry.v1+json {"error_code":404,"message":"there is no such resource"}"#,
        ),
        (
            "GET",
            "/api/v1/nowhere",
            r#"404 application/problem+json {"detail":"there is no such resource","status":404,"title":"Not Found","type":"about:blank"}"#,
        ),
        (
            "PATCH",
            "/schemas/types",
            r#"405 application/vnd.schemaregistry.v1+json {"error_code":405,"message":"this resource has no such method"}"#,
        ),
        (
            "GET",
            "/schemas/ids/1",
            r#"404 application/vnd.schemaregistry.v1+json {"error_code":40403,"message":"Schema 1 not found"}"#,
        ),
        ("GET", "/contexts/.eu/schemas/types", r#"200 application/vnd.schemaregistry.v1+json ["JSON"]"#),
    ] {
        assert_eq!(ask(&server, method, path, &[]).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused_wherever_it_goes() {
    let server = server().await;
    let answers = [
        ask(&server, "GET", "/schemas/types", &[("authorization", "Bearer nonsense")]).await,
        ask(&server, "GET", "/schemas/types", &[("authorization", "Digest nonsense")]).await,
    ];
    for answer in answers {
        assert!(answer.starts_with("401 "), "{answer}");
    }
}

#[tokio::test]
async fn a_ready_server_says_so_and_counts() {
    let server = server().await;
    assert!(ask(&server, "GET", "/readyz", &[]).await.starts_with("200 "));
    let metrics = ask(&server, "GET", "/metrics", &[]).await;
    assert!(metrics.contains(r#"isobar_requests_total{method="GET",route="/readyz",status="200"} 1"#), "{metrics}");
}
