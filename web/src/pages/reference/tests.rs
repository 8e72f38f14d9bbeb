//! What the page of the API says. Its examples are tried against a server by the tests of the API.

use super::{Operation, example, groups, page};
use crate::{api, confluent};
use serde_json::Value;

/// A request as the page tells it to be tried: its name, method, path and body, and whether it takes a token.
pub(crate) struct Tried {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) guarded: bool,
}

/// Every request of the page, in its order.
pub(crate) fn requests() -> Vec<Tried> {
    let document = api::document();
    let one = |it: Operation| {
        let (path, body) = example::tried(document, &it.path, &document["paths"][&it.path][it.method.to_lowercase()]);
        Tried { id: it.id, method: it.method, path, body, guarded: it.guarded }
    };
    groups(document).into_values().flatten().map(one).collect()
}

#[test]
fn lines_for_a_shell_say_all_that_a_request_needs() {
    let all = groups(api::document());
    let line = |group: &str, id: &str| all[group].iter().find(|it| it.id == id).unwrap().curl.clone();
    insta::assert_snapshot!(line("payloads", "payloads_negotiate"), @r#"curl "$ISOBAR_REGISTRY/api/v1/messages/ordering.OrderPlaced/negotiate?accepts=v1.0..v1.1""#);
    insta::assert_snapshot!(line("payloads", "payloads_upcast"), @r#"
    curl "$ISOBAR_REGISTRY/api/v1/messages/ordering.OrderPlaced/upcast" \
      --json '{"from":"v1.0","payload":{"customerId":"customer_1","orderId":"order_1","totalAmount":97.98},"to":"v2.0"}'
    "#);
    insta::assert_snapshot!(line("consumers", "consumers_delete"), @r#"
    curl -X DELETE "$ISOBAR_REGISTRY/api/v1/consumers/billing/messages/ordering.OrderPlaced" \
      -H "Authorization: Bearer $ISOBAR_TOKEN"
    "#);
}

#[test]
fn every_name_leads_to_its_schema() {
    let data = page().data.to_string();
    let names: Vec<&str> = data.split("\"#schema-").skip(1).filter_map(|it| it.split('"').next()).collect();
    assert!(names.len() > 30, "{}", names.len());
    for name in names {
        assert!(!api::document()["components"]["schemas"][name].is_null(), "{name} is no schema");
    }
}

#[test]
fn examples_have_every_member_of_their_schema() {
    let document = api::document();
    let schema = &document["components"]["schemas"]["WholeVersion"];
    insta::assert_snapshot!(format!("{:#}", example::of(document, "WholeVersion", schema)), @r#"
    {
      "created": 1795251389523,
      "hash": "af05c5c415b895c9b88bdedea6b0380d3e9964f77e570a0ed097d9cac5704cac",
      "id": 6,
      "message": "ordering.OrderPlaced",
      "schema": {
        "properties": {
          "orderId": {
            "type": "string"
          }
        },
        "type": "object"
      },
      "subject_version": 1,
      "url": "urn:isobar:shop:ordering.OrderPlaced:v1.0",
      "version": "v1.0",
      "yaml": "event: ordering.OrderPlaced\n"
    }
    "#);
}

#[test]
fn what_the_clients_of_kafka_ask_is_told() {
    assert!(confluent::REQUESTS.iter().all(|it| it.path.starts_with('/') && it.what.len() > 10));
}
