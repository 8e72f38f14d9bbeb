//! The protocol, tried without a socket: what is asked, with status, number and body of the answer, one table for each part.

mod settings;
mod subjects;
mod verdicts;

use crate::{Access, App, Options, router};
use axum::{Router, body::Body, http::Request};
use http_body_util::BodyExt;
use isobar_registry::store::{Schema, Store};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A server that anyone may write to.
async fn open() -> Router {
    server(Options { access: Access { insecure: true, private: false }, ..Options::default() }).await.0
}

async fn server(options: Options) -> (Router, Store) {
    let store = Store::open("sqlite::memory:").await.unwrap();
    (router(App::new(store.clone(), options).unwrap()), store)
}

async fn send(server: &Router, method: &str, path: &str, body: &str, token: &str) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = server.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/vnd.schemaregistry.v1+json", "{method} {path}");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// The body of a request about a schema.
fn body(schema: &Value) -> String {
    json!({ "schemaType": "JSON", "schema": schema.to_string() }).to_string()
}

/// Asks one thing after the other. What is expected of a failure is its number; its status must go with it.
async fn table(server: &Router, rows: &[(&str, &str, &str, Value)]) {
    for (method, path, body, expected) in rows {
        let (status, answer) = send(server, method, path, body, "").await;
        let what = format!("{method} {path} {body}: {status} {answer}");
        match expected {
            Value::Number(number) if number.as_u64() > Some(400) => {
                assert_eq!(&answer["error_code"], expected, "{what}");
                assert!(number.to_string().starts_with(&status.to_string()), "{what}");
                assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}");
            }
            expected => assert_eq!((status, &answer), (200, expected), "{what}"),
        }
    }
}

fn id_of(schema: &str) -> String {
    Schema::json(schema).guid()
}

const TEXT: &str = r#"{"type":"object","properties":{"id":{"type":"string"}}}"#;
