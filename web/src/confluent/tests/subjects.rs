//! Registering, finding and deleting schemas.

use super::{TEXT, body, id_of, open, send, table};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The same as `TEXT`, normalised.
const SORTED: &str = r#"{"properties":{"id":{"type":"string"}},"type":"object"}"#;

#[tokio::test]
async fn a_schema_is_registered_found_deleted_and_restored() {
    let server = open().await;
    let guid = id_of(TEXT);
    let one = json!({ "schemaType": "JSON", "schema": TEXT }).to_string();
    let spaced = json!({ "schemaType": "JSON", "schema": TEXT.replace(':', " : ") }).to_string();
    let sorted =
        json!({ "schemaType": "JSON", "schema": r#"{"properties":{"id":{"type":"string"}},"type":"object"}"# })
            .to_string();
    let other = body(&json!({"type": "object"}));
    let place = json!({"id": 1, "version": 1, "guid": guid});
    let card = json!({"subject": "s", "id": 1, "version": 1, "guid": guid, "schemaType": "JSON", "schema": TEXT});
    table(
        &server,
        &[
            ("GET", "/subjects", "", json!([])),
            ("GET", "/subjects/s/versions", "", json!(40401)),
            ("POST", "/subjects/s", &one, json!(40401)),
            ("POST", "/subjects/s/versions", &one, place.clone()),
            ("POST", "/subjects/s/versions", &one, place.clone()),
            ("POST", "/subjects/s/versions?normalize=False", &spaced, place.clone()),
            ("POST", "/subjects/s/versions?normalize=True", &sorted, place.clone()),
            ("POST", "/subjects/s?normalize=False&deleted=False", &spaced, card.clone()),
            ("POST", "/subjects/s", &sorted, card.clone()),
            ("POST", "/subjects/s", &other, json!(40403)),
            ("POST", "/subjects/t", &one, json!(40401)),
            ("GET", "/subjects", "", json!(["s"])),
            ("GET", "/subjects/s/versions", "", json!([1])),
            ("GET", "/subjects/s/versions/latest", "", card.clone()),
            ("GET", "/subjects/s/versions/-1", "", card.clone()),
            ("GET", "/subjects/s/versions/1", "", card.clone()),
            ("GET", "/subjects/s/versions/1/schema", "", serde_json::from_str(TEXT).unwrap()),
            ("GET", "/subjects/s/versions/1/referencedby", "", json!([])),
            ("GET", "/subjects/s/versions/2", "", json!(40402)),
            ("GET", "/subjects/s/versions/0", "", json!(42202)),
            ("GET", "/subjects/s/versions/newest", "", json!(42202)),
            ("GET", "/subjects/t/versions/1", "", json!(40401)),
            ("DELETE", "/subjects/s/versions/1?permanent=true", "", json!(40407)),
            ("DELETE", "/subjects/s?permanent=true", "", json!(40405)),
            ("DELETE", "/subjects/s/versions/2", "", json!(40402)),
            ("DELETE", "/subjects/t", "", json!(40401)),
            ("DELETE", "/subjects/s", "", json!([1])),
            ("DELETE", "/subjects/s", "", json!(40404)),
            ("DELETE", "/subjects/s/versions/1", "", json!(40406)),
            ("GET", "/subjects", "", json!([])),
            ("GET", "/subjects?deleted=true", "", json!(["s"])),
            ("GET", "/subjects?deletedOnly=true", "", json!(["s"])),
            ("GET", "/subjects/s/versions", "", json!(40401)),
            ("GET", "/subjects/s/versions?deleted=true", "", json!([1])),
            ("GET", "/subjects/s/versions/1", "", json!(40401)),
            ("GET", "/subjects/s/versions/1?deleted=true", "", card.clone()),
            ("POST", "/subjects/s", &one, json!(40401)),
            ("POST", "/subjects/s?deleted=true", &one, card),
            // Restored by registering again: the same id, a new version.
            ("POST", "/subjects/s/versions", &one, json!({"id": 1, "version": 2, "guid": guid})),
            ("GET", "/subjects/s/versions?deletedOnly=true", "", json!([1])),
            ("DELETE", "/subjects/s/versions/latest", "", json!(2)),
            ("DELETE", "/subjects/s/versions/2?permanent=true", "", json!(2)),
            ("DELETE", "/subjects/s?permanent=true", "", json!([1])),
            ("GET", "/subjects?deleted=true", "", json!([])),
            ("POST", "/subjects/s/versions", &one, json!({"id": 1, "version": 3, "guid": guid})),
            // Without a wish for it, another order of keys is another schema.
            ("POST", "/subjects/s/versions", &sorted, json!({"id": 2, "version": 4, "guid": id_of(SORTED)})),
        ],
    )
    .await;
}

#[tokio::test]
async fn schemas_are_found_by_id_and_guid() {
    let server = open().await;
    let (one, guid) = (json!({ "schemaType": "JSON", "schema": TEXT }).to_string(), id_of(TEXT));
    let with_metadata = json!({
        "schemaType": "JSON", "schema": TEXT, "metadata": {"properties": {"owner": "a", "tier": "1"}},
        "ruleSet": {"domainRules": []},
    });
    for (path, body) in
        [("/subjects/a/versions", &one), ("/subjects/b/versions", &one), ("/contexts/.eu/subjects/a/versions", &one)]
    {
        assert_eq!(send(&server, "POST", path, body, "").await.1["id"], 1);
    }
    let (_, place) = send(&server, "POST", "/subjects/b/versions", &with_metadata.to_string(), "").await;
    assert_eq!((&place["id"], &place["version"]), (&json!(2), &json!(2)));
    let card = json!({"guid": guid, "schemaType": "JSON", "schema": TEXT});
    let full = |subject: &str, version: i64| json!({"subject": subject, "id": 1, "version": version, "guid": guid, "schemaType": "JSON", "schema": TEXT});
    let rich = json!({
        "subject": "b", "id": 2, "version": 2, "guid": place["guid"], "schemaType": "JSON", "schema": TEXT,
        "metadata": with_metadata["metadata"], "ruleSet": with_metadata["ruleSet"],
    });
    let mut with_most = card.clone();
    with_most["maxId"] = json!(2);
    table(
        &server,
        &[
            ("GET", "/schemas/types", "", json!(["JSON"])),
            ("GET", "/schemas/ids/1", "", card.clone()),
            ("GET", "/schemas/ids/1?subject=a&format=serialized", "", card.clone()),
            ("GET", "/schemas/ids/1?fetchMaxId=true", "", with_most),
            ("GET", "/schemas/ids/3", "", json!(40403)),
            ("GET", "/schemas/ids/1/schema", "", serde_json::from_str(TEXT).unwrap()),
            ("GET", "/schemas/ids/3/schema", "", json!(40403)),
            ("GET", "/schemas/ids/1/subjects", "", json!(["a", "b", ":.eu:a"])),
            ("GET", "/schemas/ids/1/subjects?subject=b", "", json!(["b"])),
            ("GET", "/schemas/ids/3/subjects", "", json!(40403)),
            ("GET", "/schemas/ids/2/versions", "", json!([{"subject": "b", "version": 2}])),
            ("GET", "/schemas/ids/3/versions", "", json!(40403)),
            ("GET", &format!("/schemas/guids/{guid}"), "", card.clone()),
            ("GET", "/schemas/guids/nonsense", "", json!(40403)),
            (
                "GET",
                &format!("/schemas/guids/{guid}/ids"),
                "",
                json!([{"context": ".", "id": 1}, {"context": ".eu", "id": 1}]),
            ),
            ("GET", "/schemas/guids/nonsense/ids", "", json!(40403)),
            ("GET", "/schemas", "", json!([full("a", 1), full("b", 1), rich, full(":.eu:a", 1)])),
            ("GET", "/schemas?latestOnly=true&subjectPrefix=b", "", json!([rich])),
            ("GET", "/schemas?offset=1&limit=1", "", json!([full("b", 1)])),
            ("GET", "/subjects?subjectPrefix=b", "", json!(["b"])),
            ("GET", "/subjects?subjectPrefix=:*:a", "", json!(["a", ":.eu:a"])),
            ("GET", "/subjects?offset=1&limit=1", "", json!(["b"])),
            ("GET", "/contexts/.eu/subjects", "", json!([":.eu:a"])),
            ("GET", "/subjects/:.eu:a/versions/1", "", full(":.eu:a", 1)),
            ("GET", "/contexts/.eu/subjects/a/versions/1", "", full(":.eu:a", 1)),
            ("GET", "/contexts", "", json!([".", ".eu"])),
            ("GET", "/contexts?offset=1&limit=-1", "", json!([".eu"])),
            ("GET", "/subjects/b/metadata?key=tier&value=1", "", rich.clone()),
            ("GET", "/subjects/b/metadata?key=tier&value=2", "", json!(40403)),
            ("GET", "/subjects/c/metadata?key=tier&value=2", "", json!(40401)),
        ],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_schema_is_refused() {
    let server = open().await;
    let sent = |schema: Value| body(&schema);
    let typed = |kind: &str| json!({"schemaType": kind, "schema": "{}"}).to_string();
    let text = |schema: &str| json!({"schemaType": "JSON", "schema": schema}).to_string();
    let deep = format!("{}{}", r#"{"not":"#.repeat(200), "}".repeat(200));
    let long = format!(r#"{{"description":"{}"}}"#, "x".repeat(4 << 20));
    let invalid = json!(42201);
    for body in [
        typed("AVRO"),
        typed("PROTOBUF"),
        typed("XML"),
        json!({"schema": "{}"}).to_string(),
        json!({"schemaType": "JSON"}).to_string(),
        json!({"schemaType": "JSON", "schema": {}}).to_string(),
        "nonsense".to_owned(),
        text(""),
        text("{"),
        text("{} {}"),
        text("5"),
        text(r#"{"maximum": 1e400}"#),
        text(&deep),
        sent(json!({"type": "strin"})),
        sent(json!({"properties": 5})),
        sent(json!({"$ref": "#/definitions/nowhere"})),
        sent(json!({"pattern": "("})),
        sent(json!({"patternProperties": {"[": true}})),
        sent(json!({"$ref": "http://127.0.0.1:1/schema.json"})),
        json!({"schemaType": "JSON", "schema": "{}", "references": [{"name": "a", "subject": "a", "version": 1}]})
            .to_string(),
    ] {
        let rows = [
            ("POST", "/subjects/s/versions", body.as_str(), invalid.clone()),
            ("POST", "/compatibility/subjects/s/versions", body.as_str(), invalid.clone()),
        ];
        table(&server, &rows).await;
    }
    for (schema, place) in [
        (json!({"properties": {"a": {"type": 5}}}), "/properties/a"),
        (json!({"properties": {"a": {"pattern": "("}}}), "/properties/a/pattern"),
    ] {
        let refused = send(&server, "POST", "/subjects/s/versions", &sent(schema), "").await;
        assert_eq!(refused.1["pointer"], place, "{refused:?}");
    }
    table(
        &server,
        &[
            ("POST", "/subjects/s/versions", &text(&long), json!(42209)),
            ("POST", "/subjects/__GLOBAL/versions", &text("{}"), json!(42208)),
            ("POST", "/subjects/:.eu:/versions", &text("{}"), json!(42208)),
            ("POST", "/subjects/a%07/versions", &text("{}"), json!(42208)),
            ("GET", "/subjects?deleted=true", "", json!([])),
        ],
    )
    .await;
}

#[tokio::test]
async fn normalised_numbers_keep_their_digits() {
    let server = open().await;
    let send_text = |text: &str| json!({ "schemaType": "JSON", "schema": text }).to_string();
    let body = send_text(r#"{"type": "number", "multipleOf": 0.10, "maximum": 12345678901234567890.123456789}"#);
    assert_eq!(send(&server, "POST", "/subjects/s/versions?normalize=true", &body, "").await.0, 200);
    let stored = send(&server, "GET", "/subjects/s/versions/1", "", "").await.1;
    let expected = r#"{"maximum":12345678901234567890.123456789,"multipleOf":0.10,"type":"number"}"#;
    assert_eq!(stored["schema"], expected);
    // It is found as it was sent, and one with other digits is another one.
    assert_eq!(send(&server, "POST", "/subjects/s", &body, "").await.1["version"], 1);
    let other = body.replace("456789", "456788");
    assert_eq!(send(&server, "POST", "/subjects/s", &other, "").await.1["error_code"], 40403);
}

#[tokio::test]
async fn what_an_id_stands_for_may_be_kept_for_ever() {
    let server = open().await;
    let one = json!({ "schemaType": "JSON", "schema": TEXT }).to_string();
    assert_eq!(send(&server, "POST", "/subjects/s/versions", &one, "").await.0, 200);
    for path in ["/schemas/ids/1", "/schemas/ids/1/schema", &format!("/schemas/guids/{}", id_of(TEXT))] {
        let ask = async |tag: &str| {
            let request = Request::builder().uri(path).header("if-none-match", tag).body(Body::empty()).unwrap();
            server.clone().oneshot(request).await.unwrap()
        };
        let response = ask("").await;
        assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        for (tag, expected) in [(tag.as_str(), 304), (&format!("\"x\", W/{tag}"), 304), ("\"x\"", 200)] {
            assert_eq!(ask(tag).await.status().as_u16(), expected, "{path} {tag}");
        }
    }
}

#[tokio::test]
async fn traps_of_clients_are_answered() {
    let server = open().await;
    table(
        &server,
        &[
            ("GET", "/", "", json!({})),
            ("GET", "/v1/metadata/version", "", json!({"version": env!("CARGO_PKG_VERSION"), "commitId": ""})),
            ("GET", "/associations/resources/-/orders?resourceType=topic", "", json!(404)),
            ("POST", "/associations", "{}", json!(404)),
            ("PATCH", "/subjects", "", json!(405)),
        ],
    )
    .await;
    let (status, answer) = send(&server, "GET", "/v1/metadata/id", "", "").await;
    assert_eq!((status, answer["scope"]["path"].as_array().map(Vec::len)), (200, Some(0)));
    assert_eq!(send(&server, "HEAD", "/subjects", "", "").await, (200, Value::Null));
}
