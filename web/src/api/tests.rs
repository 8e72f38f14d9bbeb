//! The API over a store in memory, with the shop pushed into it.

mod consumers;
mod docs;
mod feed;
mod reach;
mod reference;
mod rights;
mod routes;

use crate::{Access, App, Options, hash_of, router};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, Response},
};
use http_body_util::BodyExt;
use isobar_registry::{
    Workspace,
    store::{Role, Store},
};
use serde_json::{Value, json};
use std::path::Path;
use tower::ServiceExt;

/// A server that anyone may write to, or one that asks for tokens.
struct Server {
    router: Router,
    app: App,
}

impl Server {
    async fn with(access: Access) -> Server {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let app = App::new(store, Options { access, ..Options::default() }).unwrap();
        Server { router: router(app.clone()), app }
    }

    /// One that has the shop.
    async fn with_shop() -> Server {
        let server = Server::with(Access { insecure: true, private: false }).await;
        let pushed = server.put("/api/v1/workspaces/shop", &shop()).await;
        assert_eq!(pushed.status, 200, "{}", pushed.text);
        server
    }

    /// Keeps a token, and gives its secret.
    async fn token(&self, role: Role, prefix: &str) -> String {
        let secret = format!("isobar_{}_{prefix}_secret", role.name());
        self.app.store.make_token("test", "test", &hash_of(&secret), role, prefix).await.unwrap();
        secret
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    async fn get(&self, path: &str) -> Answered {
        Answered::read(self.send("GET", path, &[], Body::empty()).await).await
    }

    async fn get_as(&self, secret: &str, path: &str) -> Answered {
        let bearer = format!("Bearer {secret}");
        Answered::read(self.send("GET", path, &[("authorization", &bearer)], Body::empty()).await).await
    }

    async fn put(&self, path: &str, body: &Value) -> Answered {
        Answered::read(self.send("PUT", path, &[], body.to_string()).await).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answered {
        Answered::read(self.send("POST", path, &[], body.to_string()).await).await
    }
}

/// An answer that was read to its end.
struct Answered {
    status: u16,
    kind: String,
    tag: Option<String>,
    keep: Option<String>,
    text: String,
}

impl Answered {
    async fn read(response: Response<Body>) -> Answered {
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (kind, tag, keep) = (header("content-type").unwrap_or_default(), header("etag"), header("cache-control"));
        let status = response.status().as_u16();
        let body: Bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answered { status, kind, tag, keep, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// The shop as it is pushed.
fn shop() -> Value {
    let workspace = Workspace::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/shop").as_path());
    json!({ "files": workspace.texts() })
}
