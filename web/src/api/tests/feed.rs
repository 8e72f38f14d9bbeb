//! The stream of changes: where it begins, what it shows, how it ends.

use super::*;
use std::time::Duration;

/// Reads a stream until it has this many events, or ends.
async fn read(response: Response<Body>, events: usize) -> String {
    let mut body = response.into_body();
    let mut text = String::new();
    while text.matches("\n\n").count() < events {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.expect("nothing comes");
        let Some(frame) = frame else { break };
        text.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
    }
    text
}

fn ids(text: &str) -> Vec<i64> {
    text.lines().filter_map(|line| line.strip_prefix("id: ")).map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_stream_goes_on_where_it_ended() {
    let server = Server::with_shop().await;
    let last = server.app.store.last_change().await.unwrap();
    let path = "/api/v1/changes/stream";
    let all = server.send("GET", &format!("{path}?after=0"), &[], Body::empty()).await;
    assert_eq!(all.headers()["content-type"], "text/event-stream");
    let all = read(all, usize::try_from(last).unwrap()).await;
    assert_eq!(ids(&all), (1..=last).collect::<Vec<_>>());
    assert!(!all.contains("\"by\""), "{all}");
    // The header is newer than the address.
    let after = (last - 2).to_string();
    let some = server.send("GET", &format!("{path}?after=0"), &[("last-event-id", &after)], Body::empty()).await;
    assert_eq!(ids(&read(some, 2).await), [last - 1, last]);
    // Without either, what happens from now on.
    let news = server.send("GET", path, &[], Body::empty()).await;
    let news = tokio::spawn(read(news, 1));
    let accepts = json!({ "accepts": "v1.0" });
    server.put("/api/v1/consumers/billing/messages/ordering.OrderPlaced", &accepts).await;
    let news = news.await.unwrap();
    assert_eq!(ids(&news), [last + 1]);
    assert!(news.contains("event: accepts\n"), "{news}");
    let wrong = server.send("GET", path, &[("last-event-id", "x")], Body::empty()).await;
    assert_eq!(wrong.status().as_u16(), 400);
}

#[tokio::test]
async fn streams_are_bounded_and_end_with_the_server() {
    let server = Server::with_shop().await;
    let mut open = Vec::new();
    let refused = loop {
        let response = server.send("GET", "/api/v1/changes/stream", &[], Body::empty()).await;
        match response.status().as_u16() {
            200 => open.push(response),
            status => break status,
        }
    };
    assert_eq!((open.len(), refused), (256, 503));
    server.app.feed.end();
    assert_eq!(read(open.pop().unwrap(), 1).await, "");
    drop(open);
    assert_eq!(server.send("GET", "/api/v1/changes/stream", &[], Body::empty()).await.status().as_u16(), 200);
}

#[tokio::test]
async fn a_revoked_token_sees_nothing_more() {
    let server = Server::with(Access { insecure: false, private: true }).await;
    let bearer = format!("Bearer {}", server.token(Role::Reader, "").await);
    let id = server.app.store.tokens().await.unwrap()[0].id;
    let open = server.send("GET", "/api/v1/changes/stream", &[("authorization", &bearer)], Body::empty()).await;
    server.app.store.revoke_token("test", id).await.unwrap();
    server.app.store.note("test", "", "", "secret").await.unwrap();
    assert_eq!(read(open, 1).await, "");
}
