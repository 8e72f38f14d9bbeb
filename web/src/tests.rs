//! What surrounds every request, tried without a socket.

use crate::{Access, App, Options, router};
use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use isobar_registry::store::Store;
use std::time::Duration;
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

/// A server to which three workspaces of one size were pushed, one after the other.
async fn pushed(options: Options) -> (App, Router) {
    let access = Access { insecure: true, ..Access::default() };
    let app = App::new(Store::open("sqlite::memory:").await.unwrap(), Options { access, ..options }).unwrap();
    let server = router(app.clone());
    for name in ["a", "b", "c"] {
        // Which one came last is known by the millisecond.
        tokio::time::sleep(Duration::from_millis(2)).await;
        let storm = format!("context: {name}\nevents:\n  Happened: {{ fields: {{ id: string }} }}\n");
        let files = serde_json::json!({ "isobar.yaml": format!("workspace: {name}\n"), "it.storm.yaml": storm });
        let request = Request::put(format!("/api/v1/workspaces/{name}")).header("content-type", "application/json");
        let body = serde_json::json!({ "files": files }).to_string();
        let answer = server.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    (app, server)
}

/// How many of them stay opened while the first page, which tells of all, is looked at twice.
async fn opened(options: Options) -> usize {
    let (app, server) = pushed(options).await;
    for _ in 0..2 {
        let home = ask(&server, "GET", "/", &[("accept", "text/html")]).await;
        assert!(["/w/a", "/w/b", "/w/c"].iter().all(|link| home.contains(link)), "{home}");
    }
    app.shown.lock().unwrap().len()
}

#[tokio::test]
async fn workspaces_stay_opened_where_there_is_room_and_are_opened_again_where_not() {
    assert_eq!(opened(Options::default()).await, 3);
    assert_eq!(opened(Options { opened: 1, ..Options::default() }).await, 1);
}

#[tokio::test]
async fn those_that_were_pushed_last_are_opened_before_anybody_asks() {
    let (app, _) = pushed(Options::default()).await;
    let size = app.model("a").await.unwrap().sources.iter().map(|(_, it)| it.text.len()).sum::<usize>();
    // As after a start, with room for two of the three.
    let app = App::new(app.store.clone(), Options { opened: 2 * size + size / 2, ..Options::default() }).unwrap();
    let _ = app.warm().await;
    let mut shown: Vec<String> = app.shown.lock().unwrap().keys().cloned().collect();
    shown.sort_unstable();
    assert_eq!(shown, ["b", "c"]);
}
