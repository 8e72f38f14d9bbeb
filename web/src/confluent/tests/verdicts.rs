//! What is decided of schemas, and what is refused.

use super::{body, id_of, open, send, server, table};
use crate::{Access, Options};
use isobar_model::Version;
use isobar_registry::store::{Push, PushedMessage, PushedVersion, Schema, subject_of};
use serde_json::json;

#[tokio::test]
async fn levels_are_kept_to_and_refusals_show_a_witness() {
    let server = open().await;
    let old = body(&json!({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}));
    let narrow = body(
        &json!({"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "integer"}}, "required": ["id", "amount"]}),
    );
    let wide = body(
        &json!({"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "integer"}}, "required": ["id"]}),
    );
    let lookaround = body(
        &json!({"type": "object", "properties": {"id": {"type": "string", "pattern": "(?=a)b"}}, "required": ["id"]}),
    );
    let yes = json!({"is_compatible": true});
    assert_eq!(send(&server, "POST", "/subjects/s/versions", &old, "").await.0, 200);
    table(
        &server,
        &[
            ("POST", "/compatibility/subjects/s/versions/latest", &wide, yes.clone()),
            ("POST", "/compatibility/subjects/s/versions", &wide, yes.clone()),
            ("POST", "/compatibility/subjects/s/versions/1", &narrow, json!({"is_compatible": false})),
            ("POST", "/compatibility/subjects/s/versions", &narrow, json!({"is_compatible": false})),
            ("POST", "/compatibility/subjects/s/versions", &lookaround, json!({"is_compatible": false})),
            (
                "POST",
                "/compatibility/subjects/s/versions?verbose=True",
                &wide,
                json!({"is_compatible": true, "messages": [], "findings": []}),
            ),
            ("POST", "/compatibility/subjects/s/versions/2", &wide, json!(40402)),
            ("POST", "/compatibility/subjects/s/versions/x", &wide, json!(42202)),
            ("POST", "/compatibility/subjects/t/versions/latest", &wide, yes.clone()),
            ("POST", "/compatibility/subjects/t/versions", &wide, yes),
            ("POST", "/compatibility/subjects/t/versions/1", &wide, json!(40402)),
            ("POST", "/subjects/s/versions", &lookaround, json!(409)),
        ],
    )
    .await;
    let (status, answer) = send(&server, "POST", "/subjects/s/versions", &narrow, "").await;
    assert_eq!(status, 409);
    insta::assert_snapshot!(format!("{answer:#}"), @r#"
    {
      "error_code": 409,
      "findings": [
        {
          "findings": [
            {
              "code": "compat-missing",
              "direction": "backward",
              "message": "Consumers of the new schema need `/amount`; producers of the old one do not write it",
              "pointer": "/amount",
              "witness": {
                "id": ""
              }
            }
          ],
          "verdict": "incompatible",
          "version": 1
        }
      ],
      "message": "Schema being registered is incompatible with an earlier schema for subject \"s\" (BACKWARD): incompatible with version 1: Consumers of the new schema need `/amount`; producers of the old one do not write it, such as {\"id\":\"\"}"
    }
    "#);
    let (_, answer) = send(&server, "POST", "/compatibility/subjects/s/versions/1?verbose=true", &narrow, "").await;
    let sentence = "incompatible with version 1: Consumers of the new schema need `/amount`; producers of the old one do not write it, such as {\"id\":\"\"}";
    assert_eq!(answer["messages"], json!([sentence]));
    assert_eq!(send(&server, "GET", "/subjects/s/versions", "", "").await.1, json!([1]));
    table(
        &server,
        &[
            ("PUT", "/config/s", r#"{"compatibility":"NONE"}"#, json!({"compatibility": "NONE"})),
            ("POST", "/subjects/s/versions", &narrow, json!({"id": 2, "version": 2, "guid": id_of(r#"{"properties":{"amount":{"type":"integer"},"id":{"type":"string"}},"required":["id","amount"],"type":"object"}"#)})),
            ("PUT", "/config/s", r#"{"compatibility":"FORWARD"}"#, json!({"compatibility": "FORWARD"})),
            // Those who read the second version need an amount, those who read the first one do not.
            ("POST", "/compatibility/subjects/s/versions", &wide, json!({"is_compatible": false})),
            ("POST", "/compatibility/subjects/s/versions/1", &wide, json!({"is_compatible": true})),
            ("PUT", "/config/s", r#"{"compatibility":"BACKWARD"}"#, json!({"compatibility": "BACKWARD"})),
            ("POST", "/compatibility/subjects/s/versions", &narrow, json!({"is_compatible": true})),
            ("PUT", "/config/s", r#"{"compatibility":"BACKWARD_TRANSITIVE"}"#, json!({"compatibility": "BACKWARD_TRANSITIVE"})),
            ("POST", "/compatibility/subjects/s/versions", &narrow, json!({"is_compatible": false})),
        ],
    )
    .await;
}

#[tokio::test]
async fn references_are_part_of_what_is_decided() {
    let server = open().await;
    let money =
        |most: u32| body(&json!({"type": "object", "properties": {"amount": {"type": "integer", "maximum": most}}}));
    let order = |version: i64| {
        let reference = json!({"name": "money.json", "subject": "money", "version": version});
        let schema = json!({"type": "object", "properties": {"price": {"$ref": "money.json"}}}).to_string();
        json!({ "schemaType": "JSON", "schema": schema, "references": [reference] }).to_string()
    };
    let id = async |subject: &str, body: &str| {
        let (status, answer) = send(&server, "POST", &format!("/subjects/{subject}/versions"), body, "").await;
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_i64().unwrap()
    };
    assert_eq!((id("money", &money(10)).await, id("money", &money(20)).await), (1, 2));
    assert_eq!(id("order", &order(-1)).await, 3);
    let (_, answer) = send(&server, "GET", "/schemas/ids/3", "", "").await;
    assert_eq!(answer["references"], json!([{"name": "money.json", "subject": "money", "version": 2}]));
    let (status, answer) = send(&server, "POST", "/subjects/order/versions", &order(1), "").await;
    assert_eq!((status, &answer["findings"][0]["findings"][0]["pointer"]), (409, &json!("/price/amount")));
    table(
        &server,
        &[
            ("POST", "/subjects/order/versions", &order(3), json!(42201)),
            ("GET", "/subjects/money/versions/2/referencedby", "", json!([3])),
            ("GET", "/subjects/money/versions/1/referencedby", "", json!([])),
            ("DELETE", "/subjects/money", "", json!(42206)),
            ("DELETE", "/subjects/money/versions/2", "", json!(42206)),
            ("DELETE", "/subjects/money/versions/1", "", json!(1)),
            ("DELETE", "/subjects/order", "", json!([1])),
            ("DELETE", "/subjects/money", "", json!([2])),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_policy_says_how_schemas_are_read() {
    let server = open().await;
    let named = |name: &str| {
        let mut properties = serde_json::Map::new();
        properties.insert(name.to_owned(), json!({"type": "string"}));
        body(&json!({"type": "object", "properties": properties, "additionalProperties": false}))
    };
    let (a, b) = (named("a"), named("b"));
    let asked = "/compatibility/subjects/s/versions";
    assert_eq!(send(&server, "POST", "/subjects/s/versions", &a, "").await.0, 200);
    let policy = |policy: &str| json!({ "compatibilityPolicy": policy });
    table(
        &server,
        &[
            ("POST", asked, &b, json!({"is_compatible": true})),
            ("PUT", "/config", &policy("STRICT").to_string(), policy("STRICT")),
            ("POST", asked, &b, json!({"is_compatible": false})),
            ("PUT", "/config/s", &policy("LENIENT").to_string(), policy("LENIENT")),
            ("POST", asked, &b, json!({"is_compatible": true})),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_message_is_a_subject_that_only_pushes_extend() {
    let (server, store) =
        server(Options { access: Access { insecure: true, private: false }, ..Options::default() }).await;
    let text = "{\n  \"type\": \"object\",\n  \"title\": \"placed\"\n}\n";
    let version = PushedVersion {
        version: Version::new(1, 0),
        yaml: "event: OrderPlaced".into(),
        hash: "hash".into(),
        url: "https://example.org/OrderPlaced".into(),
        schema: Schema::json(text),
        revises: None,
    };
    let message = PushedMessage {
        context: "ordering".into(),
        name: "OrderPlaced".into(),
        versions: vec![version],
        ..Default::default()
    };
    store.push("test", Push { workspace: "shop".into(), messages: vec![message], ..Default::default() }).await.unwrap();
    assert_eq!(subject_of("ordering", "OrderPlaced").name, "ordering.OrderPlaced");
    let path = "/subjects/ordering.OrderPlaced";
    let again = body(&json!({"title": "placed", "type": "object"}));
    let (_, found) = send(&server, "POST", path, &again, "").await;
    assert_eq!((&found["id"], &found["version"], &found["schema"]), (&json!(1), &json!(1), &json!(text)));
    let (_, registered) = send(&server, "POST", &format!("{path}/versions"), &again, "").await;
    assert_eq!(registered["id"], 1);
    let other = body(&json!({"title": "other", "type": "object"}));
    let (status, refused) = send(&server, "POST", &format!("{path}/versions"), &other, "").await;
    assert_eq!((status, &refused["error_code"]), (422, &json!(42205)));
    assert!(refused["message"].as_str().unwrap().contains("isobar push"), "{refused}");
    table(&server, &[("DELETE", path, "", json!(42205)), ("GET", "/subjects", "", json!(["ordering.OrderPlaced"]))])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_write_to_one_subject_at_once_all_get_their_turn() {
    let server = open().await;
    let property = |number: usize| {
        let mut properties = serde_json::Map::new();
        properties.insert(format!("p{number}"), json!({"type": "string"}));
        body(&json!({"type": "object", "properties": properties}))
    };
    let writers: Vec<_> = (0..48)
        .map(|number| {
            // Every schema is sent twice.
            let (server, body) = (server.clone(), property(number / 2));
            tokio::spawn(async move { send(&server, "POST", "/subjects/s/versions", &body, "").await })
        })
        .collect();
    let mut places = Vec::new();
    for writer in writers {
        let (status, answer) = writer.await.unwrap();
        assert_eq!(status, 200, "{answer}");
        places.push((answer["version"].as_u64().unwrap(), answer["id"].as_u64().unwrap()));
    }
    places.sort_unstable();
    let expected: Vec<(u64, u64)> = (1..=24).flat_map(|number| [(number, number); 2]).collect();
    assert_eq!(places, expected, "each once, and none lost");
}
