//! The examples of the page that tells of the API, tried: each is answered, and each takes a token exactly where the page says so.

use super::Server;
use crate::{Access, pages::requests};
use isobar_registry::store::Role;

#[tokio::test]
async fn every_example_is_answered() {
    let server = Server::with_shop().await;
    for it in requests() {
        let body = it.body.map(|body| body.to_string()).unwrap_or_default();
        let headers: &[_] = if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
        // Nobody knows beforehand what number a token will have.
        let path = match server.app.store.tokens().await.unwrap().last() {
            Some(token) if it.id == "tokens_revoke" => it.path.replace("/1", &format!("/{}", token.id)),
            _ => it.path.clone(),
        };
        let answer = server.send(&it.method, &path, headers, body).await;
        // A push without the history that is there is refused, as it should be.
        let right = if it.id == "workspaces_push" { 422 } else { 200 };
        let status = answer.status().as_u16();
        assert!(
            status == right || (right == 200 && answer.status().is_success()),
            "{} {}: {status}",
            it.method,
            it.path
        );
    }
}

#[tokio::test]
async fn a_token_is_asked_for_exactly_where_the_page_says_so() {
    let server = Server::with(Access { insecure: false, private: false }).await;
    let admin = server.token(Role::Admin, "").await;
    let authorization = format!("Bearer {admin}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let pushed = server.send("PUT", "/api/v1/workspaces/shop", &headers, super::shop().to_string()).await;
    assert_eq!(pushed.status(), 200);
    for it in requests() {
        let body = it.body.map(|body| body.to_string()).unwrap_or_default();
        let answer = server.send(&it.method, &it.path, &[("content-type", "application/json")], body).await;
        assert_eq!(answer.status() == 401, it.guarded, "{} {}: {}", it.method, it.path, answer.status());
    }
}
