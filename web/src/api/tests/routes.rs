//! Every route once, with what it answers; and what wrong requests are told.

use super::*;

/// What matters of an answer: the status, and of its JSON what a pointer leads to.
async fn seen(server: &Server, path: &str, pointer: &str) -> String {
    let answered = server.get(path).await;
    let json: Value = serde_json::from_str(&answered.text).unwrap_or_else(|_| json!(answered.text));
    let shown = json.pointer(pointer).map_or_else(|| format!("no {pointer} in {json}"), Value::to_string);
    format!("{} {shown}", answered.status)
}

#[tokio::test]
async fn what_is_there_is_read() {
    let server = Server::with_shop().await;
    let base = "/api/v1/messages/ordering.OrderPlaced";
    for (path, pointer, expected) in [
        ("/api/v1/workspaces", "/items/0/name", "200 \"shop\""),
        ("/api/v1/workspaces/shop", "/contexts/0", "200 \"customer\""),
        ("/api/v1/contexts", "/items/0/workspace", "200 \"shop\""),
        ("/api/v1/contexts/ordering", "/name", "200 \"ordering\""),
        ("/api/v1/messages?context=ordering&limit=1", "/items/0/context", "200 \"ordering\""),
        (base, "/kind", "200 \"event\""),
        (&format!("{base}/versions"), "/0/version", "200 \"v1.0\""),
        (&format!("{base}/versions/v1.1"), "/version", "200 \"v1.1\""),
        (&format!("{base}/versions/v1.1"), "/schema/title", "200 \"OrderPlaced\""),
        (&format!("{base}/versions/v1.1/schema"), "/x-isobar-version", "200 \"v1.1\""),
        (&format!("{base}/diff?from=v1.0&to=v1.1"), "/new/version", "200 \"v1.1\""),
        (&format!("{base}/negotiate?accepts=v1.0..v1.1&writes=v1.1"), "/serves", "200 \"v1.1\""),
        (
            &format!("{base}/negotiate?accepts=v7.0&writes=v1.1"),
            "/reasons/0/reason",
            "200 \"the consumer does not accept it\"",
        ),
        (&format!("{base}/consumers"), "/1/consumer", "200 \"inventory-service\""),
        ("/api/v1/consumers", "/items/0/accepts", "200 \"v1.0..v1.1\""),
        ("/api/v1/schemas/ids/1", "/$schema", "200 \"https://json-schema.org/draft/2020-12/schema\""),
        ("/api/v1/search?q=kind:event+name:OrderPlaced", "/items/0/message", "200 \"ordering.OrderPlaced\""),
        ("/api/v1/search?q=kind:command+name:OrderPlaced", "/items", "200 []"),
        ("/api/v1/changes?limit=1", "/items/0/seq", "200 1"),
        ("/api/v1/tokens", "", "200 []"),
        ("/api/v1/openapi.json", "/openapi", "200 \"3.1.0\""),
    ] {
        assert_eq!(seen(&server, path, pointer).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_a_problem() {
    let server = Server::with_shop().await;
    let base = "/api/v1/messages/ordering.OrderPlaced";
    for (path, expected) in [
        ("/api/v1/workspaces/none", "404 there is no such workspace"),
        ("/api/v1/contexts/none", "404 there is no such context"),
        ("/api/v1/contexts/none/files", "404 there is no such context"),
        ("/api/v1/messages/none", "404 there is no such message"),
        ("/api/v1/messages/ordering.None/versions", "404 there is no such message"),
        ("/api/v1/messages/none.None/diff?from=v1.0", "404 there is no such message"),
        ("/api/v1/messages?limit=0", "400 `limit` is from 1 to 1000"),
        ("/api/v1/messages?offset=-1", "400 `offset` is not below 0"),
        (&format!("{base}/versions/v9.9"), "404 there is no such message"),
        (&format!("{base}/versions/nine"), "400 \"nine\": a version is written `vMAJOR.MINOR`, such as `v1.0`"),
        (&format!("{base}/negotiate"), "400 either `accepts` or `consumer` is needed"),
        (&format!("{base}/negotiate?consumer=none"), "404 there is no such consumer"),
        ("/api/v1/schemas/ids/4711", "404 there is no such schema"),
        ("/api/v1/schemas/hashes/none", "404 there is no such schema"),
        ("/api/v1/schemas?url=none", "404 there is no such schema"),
        ("/api/v1/nowhere.json", "404 there is no such resource"),
        ("/nowhere.json", "404 there is no such resource"),
    ] {
        let answered = server.get(path).await;
        let json = answered.json();
        let detail = json.get("detail").or(json.get("message")).and_then(Value::as_str).unwrap();
        assert_eq!(format!("{} {detail}", answered.status), expected, "{path}");
    }
}

#[tokio::test]
async fn a_schema_is_found_where_its_id_says() {
    let server = Server::with_shop().await;
    let version = server.get("/api/v1/messages/ordering.OrderPlaced/versions/v1.0").await.json();
    let (url, hash) = (version["url"].as_str().unwrap(), version["hash"].as_str().unwrap());
    let by_url = server.get(&format!("/api/v1/schemas?url={url}")).await;
    assert_eq!((by_url.status, by_url.json()), (200, version["schema"].clone()));
    assert_eq!(by_url.kind, "application/schema+json");
    let by_hash = server.get(&format!("/api/v1/schemas/hashes/{hash}")).await;
    assert_eq!(by_hash.text, by_url.text);
    // As an address, on whatever host the server answers for.
    let server = Server::with(Access { insecure: true, private: false }).await;
    let mut published = shop();
    let text = published["files"]["isobar.yaml"].as_str().unwrap();
    published["files"]["isobar.yaml"] = json!(format!("{text}schema_base: https://schemas.example.com/shop\n"));
    assert_eq!(server.put("/api/v1/workspaces/shop", &published).await.status, 200);
    let path = "/shop/ordering/OrderPlaced/v1.0.json";
    for (method, host, status) in [
        ("GET", "schemas.example.com", 200),
        ("HEAD", "schemas.example.com", 200),
        ("POST", "schemas.example.com", 404),
        ("GET", "other.example.com", 404),
    ] {
        let found = server.send(method, path, &[("host", host)], Body::empty()).await;
        assert_eq!(found.status().as_u16(), status, "{method} {host}");
    }
    let found = Answered::read(server.send("GET", path, &[("host", "schemas.example.com")], Body::empty()).await).await;
    assert_eq!(found.json()["$id"], format!("https://schemas.example.com{path}"));
}

#[tokio::test]
async fn a_push_is_checked_and_can_be_repeated() {
    let server = Server::with_shop().await;
    let again = server.put("/api/v1/workspaces/shop", &shop()).await.json();
    assert_eq!((again["workspace"].as_str(), again["new"].as_array().map(Vec::len)), (Some("shop"), Some(0)));
    let named = server.put("/api/v1/workspaces/other", &shop()).await;
    assert_eq!((named.status, named.kind.as_str()), (422, "application/problem+json"));
    let mut edited = shop();
    let path = "history/ordering/OrderPlaced/v1.0.yaml";
    let text = edited["files"][path].as_str().unwrap().replace("v1.0", "v1.7");
    edited["files"][path] = json!(text);
    let refused = server.put("/api/v1/workspaces/shop", &edited).await;
    assert_eq!(refused.status, 422);
    let diagnostics = refused.json()["diagnostics"].clone();
    assert_eq!(diagnostics[0]["file"], path, "{diagnostics}");
    let files = server.get("/api/v1/contexts/ordering/files").await.json();
    assert!(files["files"]["ordering/OrderPlaced/v1.0.yaml"].as_str().unwrap().contains("OrderPlaced"), "{files}");
}

#[tokio::test]
async fn payloads_travel() {
    let server = Server::with_shop().await;
    let base = "/api/v1/messages/ordering.OrderPlaced";
    let payload = json!({
        "orderId": "order_123", "customerId": "customer_456", "totalAmount": 99.99, "currency": "USD", "discountAmount": 10.00,
    });
    let valid = server.post(&format!("{base}/versions/v1.1/validate"), &payload).await;
    assert_eq!(valid.text, r#"{"valid":true}"#);
    let invalid = server.post(&format!("{base}/versions/v1.1/validate"), &json!({})).await.json();
    assert_eq!(invalid["valid"], false);
    assert!(invalid["problem"]["pointer"].as_str().unwrap().starts_with('/'), "{invalid}");
    let upcast = async |from: &str, to: Option<&str>, payload: &Value| {
        let brought =
            server.post(&format!("{base}/upcast"), &json!({ "from": from, "to": to, "payload": payload })).await;
        assert_eq!(brought.status, 200, "{}", brought.text);
        brought.json()
    };
    let up = upcast("v1.1", None, &payload).await;
    assert_eq!((&up["version"], &up["lost"]), (&json!("v2.0"), &json!([])));
    assert_eq!(up["payload"]["pricing"], json!({ "subtotal": 109.99, "tax": 0, "discount": 10, "total": 99.99 }));
    let minor = upcast("v1.1", Some("v1.0"), &payload).await;
    assert_eq!(minor["payload"], json!({ "orderId": "order_123", "customerId": "customer_456", "totalAmount": 99.99 }));
    assert_eq!(minor["lost"], json!(["/discountAmount"]), "the currency is the one that absence means");
    let newest = json!({
        "orderId": "order_123", "customerId": "customer_456",
        "items": [{ "productId": "product_789", "quantity": 2, "unitPrice": 49.99 }],
        "pricing": { "subtotal": 99.98, "tax": 8, "discount": 10, "total": 97.98 },
    });
    let down = upcast("v2.0", Some("v1.1"), &newest).await;
    assert_eq!(down["payload"]["totalAmount"], json!(97.98));
    assert_eq!(down["lost"], json!(["/items", "/pricing/subtotal", "/pricing/tax"]));
    let bad = server.post(&format!("{base}/upcast"), &json!({ "from": "v1.1", "payload": {} })).await;
    assert_eq!((bad.status, bad.json()["version"].as_str()), (422, Some("v1.1")), "{}", bad.text);
}

#[tokio::test]
async fn compatibility_shows_what_breaks() {
    let server = Server::with_shop().await;
    let (old, new) = (json!({ "type": "string" }), json!({ "type": "string", "maxLength": 1 }));
    let judged =
        server.post("/api/v1/compatibility", &json!({ "old": old, "new": new, "mode": "backward" })).await.json();
    assert_eq!(judged["verdict"], "incompatible");
    assert_eq!(judged["findings"][0]["witness"].as_str().map(str::len), Some(2), "{judged}");
    let wrong = server.post("/api/v1/compatibility", &json!({ "old": old, "new": { "type": 7 } })).await;
    assert_eq!((wrong.status, wrong.json()["schema"].as_str()), (422, Some("new")), "{}", wrong.text);
    let base = "/api/v1/messages/ordering.OrderPlaced";
    let own = server.get(&format!("{base}/versions/v1.0/schema")).await.json();
    let all = server
        .post(&format!("{base}/compatibility"), &json!({ "schema": own, "mode": "forward", "all": true }))
        .await
        .json();
    assert_eq!(
        (&all["versions"][0]["version"], &all["versions"][0]["verdict"]),
        (&json!("v1.0"), &json!("compatible"))
    );
    let none = server.post(&format!("{base}/compatibility"), &json!({ "schema": { "type": "array" } })).await.json();
    assert_eq!(none["verdict"], "incompatible");
}

#[tokio::test]
async fn nobody_is_called() {
    let server = Server::with_shop().await;
    let trap = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let schema = json!({ "$ref": format!("http://{}/schema.json", trap.local_addr().unwrap()) });
    let pair = json!({ "old": schema, "new": { "type": "string" }, "mode": "full" });
    let answered = server.post("/api/v1/compatibility", &pair).await;
    assert_eq!(answered.status, 422, "{}", answered.text);
    let called = tokio::time::timeout(std::time::Duration::from_millis(200), trap.accept()).await;
    assert!(called.is_err(), "the server called somebody");
}

#[tokio::test]
async fn who_has_the_bytes_gets_none() {
    let server = Server::with_shop().await;
    let first = server.get("/api/v1/schemas/ids/1").await;
    assert_eq!(first.keep.as_deref(), Some("public, max-age=31536000, immutable"));
    let tag = first.tag.unwrap();
    for (had, status) in [(tag.as_str(), 304), ("*", 304), ("\"other\"", 200), (&format!("\"other\", W/{tag}"), 304)] {
        let answered =
            Answered::read(server.send("GET", "/api/v1/schemas/ids/1", &[("if-none-match", had)], Body::empty()).await);
        let answered = answered.await;
        assert_eq!((answered.status, answered.text.is_empty()), (status, status == 304), "{had}");
    }
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_refused() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let access = Access { insecure: true, private: false };
    let app = App::new(store, Options { access, body: 1000, ..Options::default() }).unwrap();
    let server = Server { router: router(app.clone()), app };
    let long = format!(r#"{{"files":{{"isobar.yaml":"{}"}}}}"#, "x".repeat(1000));
    let deep = format!(r#"{{"old":{}{},"new":true}}"#, "[".repeat(400), "]".repeat(400));
    for (method, path, body, expected) in [
        ("PUT", "/api/v1/workspaces/a", long.as_str(), 413),
        ("POST", "/api/v1/messages/a.B/versions/v1.0/validate", &long, 413),
        ("POST", "/api/v1/compatibility", &deep, 422),
        ("POST", "/api/v1/compatibility", "", 422),
    ] {
        let answered = Answered::read(server.send(method, path, &[], body.to_owned()).await).await;
        assert_eq!((answered.status, answered.kind.as_str()), (expected, "application/problem+json"), "{path}");
    }
}
