//! The pages of subjects, of schemas that were registered as clients do.

use crate::{Access, App, Options, router};
use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use isobar_registry::store::Store;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn ask(server: &Router, method: &str, path: &str, body: &Value) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("accept", "text/html");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = server.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn see(server: &Router, path: &str) -> String {
    let (status, text) = ask(server, "GET", path, &Value::Null).await;
    assert_eq!(status, 200, "{path}: {text}");
    text
}

/// Two versions of a subject, of which the second breaks who reads, and another subject that refers to the first one.
async fn server() -> Router {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let access = Access { insecure: true, private: false };
    let server = router(App::new(store, Options { access, ..Options::default() }).unwrap());
    let text = r#"{"title":"Order","description":"What was **ordered**.","type":"object","required":["id"],
        "properties":{"total":{"type":"number","maximum":1e5},"id":{"type":"string","description":"Its number."}}}"#;
    let put = async |path: &str, body: Value| {
        let method = if path.starts_with("/config") { "PUT" } else { "POST" };
        let (status, text) = ask(&server, method, path, &body).await;
        assert_eq!(status, 200, "{text}");
    };
    put("/config/orders-value", json!({ "compatibility": "NONE" })).await;
    let more = text.replace(r#""required":["id"]"#, r#""required":["id","total"]"#);
    for text in [text, &more] {
        put("/subjects/orders-value/versions", json!({ "schemaType": "JSON", "schema": text })).await;
    }
    let references = json!([{ "name": "order", "subject": ":.:orders-value", "version": 1 }]);
    let bill = r#"{"type":"object","properties":{"order":{"$ref":"order"}}}"#;
    let body = json!({ "schemaType": "JSON", "schema": bill, "references": references });
    put("/subjects/:.eu:bills%2Fnew/versions", body).await;
    server
}

#[tokio::test]
async fn a_version_says_what_it_did_to_those_before() {
    let server = server().await;
    let text = see(&server, "/subject/orders-value/latest.md").await;
    // The GUID and the times are not the same each time.
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("GUID") && !line.contains(" UTC")).collect();
    insta::assert_snapshot!(kept.join("\n"));
    let first = see(&server, "/subject/orders-value/1").await;
    assert!(
        first.contains("/subject/%3A.eu%3Abills%2Fnew/1") && !first.contains("What changed in the text"),
        "{first}"
    );
    assert!(first.contains("What was <strong>ordered</strong>."), "{first}");
    let second = see(&server, "/subject/orders-value/2").await;
    assert!(second.contains("since version 1") && second.contains("class=\"plus\""), "{second}");
    let bills = see(&server, "/subject/%3A.eu%3Abills%2Fnew/latest").await;
    assert!(bills.contains("version 1, as order") && bills.contains("/subject/orders-value/1"), "{bills}");
    for nothing in ["/subject/orders-value/3", "/subject/none/latest", "/subject/orders-value", "/subject?page=2"] {
        assert_eq!(ask(&server, "GET", nothing, &Value::Null).await.0, 404, "{nothing}");
    }
}

#[tokio::test]
async fn subjects_are_listed_and_found() {
    let server = server().await;
    let all = see(&server, "/subject").await;
    assert!(
        all.contains("/subject/orders-value/latest") && all.contains("/subject/%3A.eu%3Abills%2Fnew/latest"),
        "{all}"
    );
    let home = see(&server, "/").await;
    assert!(home.contains(">2 subjects</a>") && home.contains("Clients registered schemas"), "{home}");
    for (query, found) in
        [("value", 1), ("kind:subject", 2), ("kind:subject+bills", 1), ("orders+bills", 0), ("field:id", 0)]
    {
        let page = see(&server, &format!("/search.json?q={query}")).await;
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(page["hits"].as_array().map(Vec::len), Some(found), "{query}: {page}");
    }
}

#[tokio::test]
async fn a_schema_that_is_an_attack_is_shown() {
    let server = server().await;
    let text = r#"{"description":"<script>alert(1)</script>","properties":{"<b>x":{"description":"<img src=x onerror=alert(1)>"}}}"#;
    let body = json!({ "schemaType": "JSON", "schema": text });
    assert_eq!(ask(&server, "POST", "/subjects/%3Cscript%3E/versions", &body).await.0, 200);
    for path in ["/subject/%3Cscript%3E/latest", "/subject", "/", "/search?q=script"] {
        let html = see(&server, path).await;
        let hidden = ["<script>", "<img src=x", "<b>x"].iter().all(|bad| !html.contains(bad));
        assert!(hidden && html.contains("&lt;script&gt;"), "{path}: {html}");
    }
}
