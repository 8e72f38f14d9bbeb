//! Who may do what, and who sees what.

use super::*;

#[tokio::test]
async fn a_private_server_shows_what_a_token_reaches() {
    let server = Server::with(Access { insecure: false, private: true }).await;
    let writer = server.token(Role::Writer, "").await;
    let bearer = format!("Bearer {writer}");
    let pushed = server.send("PUT", "/api/v1/workspaces/shop", &[("authorization", &bearer)], shop().to_string()).await;
    assert_eq!(pushed.status().as_u16(), 200);
    let reader = server.token(Role::Reader, "payment.").await;
    for path in [
        "/api/v1/workspaces",
        "/api/v1/contexts",
        "/api/v1/messages?limit=1000",
        "/api/v1/search?q=order",
        "/api/v1/changes?limit=1000",
    ] {
        let all = server.get_as(&writer, path).await;
        let some = server.get_as(&reader, path).await;
        assert!(all.text.contains("ordering"), "{path}: {}", all.text);
        assert!(!some.text.contains("ordering"), "{path}: {}", some.text);
    }
    for (path, expected) in [
        ("/api/v1/messages/ordering.OrderPlaced", 403),
        ("/api/v1/contexts/ordering/files", 403),
        ("/api/v1/contexts/payment/files", 200),
        ("/api/v1/audit", 403),
        ("/api/v1/tokens", 403),
        ("/api/v1/openapi.json", 200),
    ] {
        assert_eq!(server.get_as(&reader, path).await.status, expected, "{path}");
        if expected == 403 {
            assert_eq!(server.get(path).await.status, 401, "{path}");
        }
    }
    let ids = server.get_as(&writer, "/api/v1/messages/ordering.OrderPlaced/versions").await.json();
    let id = &ids[0]["id"];
    assert_eq!(server.get_as(&reader, &format!("/api/v1/schemas/ids/{id}")).await.status, 404);
    assert_eq!(server.get(&format!("/api/v1/schemas/ids/{id}")).await.status, 401);
    let seen = server.get_as(&writer, &format!("/api/v1/schemas/ids/{id}")).await;
    assert_eq!(seen.keep.as_deref(), Some("private, max-age=31536000, immutable"));
}

#[tokio::test]
async fn a_push_takes_the_right_to_every_context() {
    let server = Server::with(Access::default()).await;
    for (role, prefix, expected) in [(Role::Reader, "", 403), (Role::Writer, "ordering.", 403), (Role::Writer, "", 200)]
    {
        let bearer = format!("Bearer {}", server.token(role, prefix).await);
        let body = shop().to_string();
        let answered = server.send("PUT", "/api/v1/workspaces/shop", &[("authorization", &bearer)], body).await;
        assert_eq!(answered.status().as_u16(), expected, "{role:?} {prefix}");
    }
    assert_eq!(server.put("/api/v1/workspaces/shop", &shop()).await.status, 401);
    // What only the registry has of the workspace counts as well.
    let bearer = format!("Bearer {}", server.token(Role::Writer, "web.").await);
    let files = json!({ "files": { "isobar.yaml": "isobar: 1\nworkspace: shop\n" } }).to_string();
    let answered = server.send("PUT", "/api/v1/workspaces/shop", &[("authorization", &bearer)], files).await;
    assert_eq!(answered.status().as_u16(), 403);
}

#[tokio::test]
async fn administrators_make_tokens_for_what_they_reach() {
    let server = Server::with(Access::default()).await;
    let admin = format!("Bearer {}", server.token(Role::Admin, "payment.").await);
    server.token(Role::Reader, "ordering.").await;
    let make = async |prefix: &str| {
        let wanted = json!({ "name": "ci", "role": "writer", "prefix": prefix }).to_string();
        Answered::read(server.send("POST", "/api/v1/tokens", &[("authorization", &admin)], wanted).await).await
    };
    assert_eq!((make("").await.status, make("ordering.").await.status), (403, 403));
    let made = make("payment.eu").await;
    assert_eq!((made.status, made.keep.as_deref()), (201, Some("no-store")));
    let (id, secret) = (made.json()["id"].clone(), made.json()["token"].as_str().unwrap().to_owned());
    assert_eq!(server.get_as(&secret, "/api/v1/contexts").await.status, 200);
    let listed =
        Answered::read(server.send("GET", "/api/v1/tokens", &[("authorization", &admin)], Body::empty()).await).await;
    assert!(!listed.text.contains("ordering") && !listed.text.contains(&secret), "{}", listed.text);
    let path = format!("/api/v1/tokens/{id}");
    assert_eq!(server.send("DELETE", &path, &[("authorization", &admin)], Body::empty()).await.status().as_u16(), 204);
    assert_eq!(server.get_as(&secret, "/api/v1/contexts").await.status, 401);
    let other = server.app.store.tokens().await.unwrap().into_iter().find(|it| it.prefix == "ordering.").unwrap();
    let path = format!("/api/v1/tokens/{}", other.id);
    assert_eq!(server.send("DELETE", &path, &[("authorization", &admin)], Body::empty()).await.status().as_u16(), 404);
}
