//! Who accepts what, as consumers and workspaces say it: whoever is asked, the answer is the same.

use super::*;

const BILLING: &str = "/api/v1/consumers/billing/messages/ordering.OrderPlaced";

async fn delete(server: &Server, path: &str) -> Answered {
    Answered::read(server.send("DELETE", path, &[], Body::empty()).await).await
}

#[tokio::test]
async fn a_consumer_says_what_it_accepts() {
    let server = Server::with_shop().await;
    let put = server.put(BILLING, &json!({ "accepts": "v1.0..v1.1", "owner": "money" })).await;
    assert_eq!(
        put.text,
        r#"{"consumer":"billing","message":"ordering.OrderPlaced","accepts":"v1.0..v1.1","owner":"money"}"#
    );
    assert_eq!(server.put(BILLING, &json!({ "accepts": "all" })).await.status, 422);
    let listed = server.get("/api/v1/consumers?consumer=billing").await.json();
    assert_eq!(listed["items"][0]["accepts"], "v1.0..v1.1");
    let impact = server.post("/api/v1/workspaces/shop/impact", &shop()).await.json();
    assert_eq!(impact["impact"], json!([]), "nothing is a draft");
    assert_eq!(delete(&server, BILLING).await.status, 204);
    assert_eq!(delete(&server, BILLING).await.status, 404);
}

/// The shop with a file that is another one.
fn with(edit: impl Fn(&str) -> String, path: &str) -> Value {
    let mut files = shop();
    let text = edit(files["files"][path].as_str().unwrap());
    files["files"][path] = json!(text);
    files
}

/// What is said of a consumer of `ordering.OrderPlaced`: by the list, by negotiation, by the impact of a draft, and by pages.
async fn said(server: &Server, consumer: &str, draft: &Value) -> [Option<String>; 5] {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let of = |list: &Value| {
        list.as_array().unwrap().iter().find(|it| it["consumer"] == consumer).and_then(|it| text(&it["accepts"]))
    };
    let base = "/api/v1/messages/ordering.OrderPlaced";
    let listed = of(&server.get(&format!("{base}/consumers")).await.json());
    let all = of(&server.get(&format!("/api/v1/consumers?consumer={consumer}")).await.json()["items"]);
    let negotiated = server.get(&format!("{base}/negotiate?consumer={consumer}")).await.json();
    let impact = server.post("/api/v1/workspaces/shop/impact", draft).await.json();
    let impact = impact["impact"].as_array().unwrap().iter().find(|it| it["event"] == "ordering.OrderPlaced").cloned();
    let page = server.get("/w/shop/event/ordering.OrderPlaced.json").await.json();
    let reader = page["readers"].as_array().unwrap().iter().find(|it| it["name"] == consumer).cloned();
    let reader = reader.and_then(|it| {
        let note = it["note"].as_str()?.strip_prefix("accepts ")?;
        // Behind it stands whether that is the version of the page.
        note.split(", ").next().map(str::to_owned)
    });
    [listed, all, text(&negotiated["accepts"]), of(&impact.unwrap()["consumers"]), reader]
}

#[tokio::test]
async fn whoever_is_asked_says_the_same() {
    let server = Server::with_shop().await;
    let draft = |text: &str| text.replace("pricing:    Pricing\n", "pricing:    Pricing\n          note: string?\n");
    let draft = with(draft, "ordering.storm.yaml");
    let both = |range: &str| [(); 5].map(|()| Some(range.to_owned()));
    let analytics = "/api/v1/consumers/analytics-service/messages/ordering.OrderPlaced";
    assert_eq!(said(&server, "analytics-service", &draft).await, both("v1.0..v1.1"), "the workspace says so");
    let refused = server.put(analytics, &json!({ "accepts": "v1.0" })).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("is said by the workspace `shop`, and changed there"), "{}", refused.text);
    assert_eq!(delete(&server, analytics).await.status, 409);

    server.put(BILLING, &json!({ "accepts": "v1.1..v2.0" })).await;
    assert_eq!(said(&server, "billing", &draft).await, both("v1.1..v2.0"), "the consumer says so");
    server.put(BILLING, &json!({ "accepts": "v1.0" })).await;
    assert_eq!(said(&server, "billing", &draft).await, both("v1.0..v1.0"));

    // The workspace that has the event has the last word.
    let billing = "\n  billing: { accepts: { ordering.OrderPlaced: v1.1 } }\n";
    let names = |text: &str| text.replace("\nconsumers:\n", &format!("\nconsumers:{billing}"));
    assert_eq!(server.put("/api/v1/workspaces/shop", &with(names, "messaging.storm.yaml")).await.status, 200);
    let mut both_drafted = draft.clone();
    both_drafted["files"]["messaging.storm.yaml"] =
        with(names, "messaging.storm.yaml")["files"]["messaging.storm.yaml"].clone();
    assert_eq!(said(&server, "billing", &both_drafted).await, both("v1.1..v1.1"));
    assert_eq!(server.put(BILLING, &json!({ "accepts": "v1.0" })).await.status, 409);
    // What it no longer names is gone.
    assert_eq!(server.put("/api/v1/workspaces/shop", &shop()).await.status, 200);
    assert_eq!(said(&server, "billing", &draft).await, [(); 5].map(|()| None));
    let left = server.get("/api/v1/changes?limit=1000").await;
    assert!(left.text.contains(r#""action":"left""#), "{}", left.text);
}
