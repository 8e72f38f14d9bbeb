//! An example of what a schema of the OpenAPI document takes. What has a known name gets a value from the shop, so that examples can be
//! tried against a server that has it; the rest follows from the type.

use super::{members, schema};
use serde_json::{Map, Value, json};

/// What members are called, and a value as JSON or else as a word: `Schema.member` before `member`. Behind `?` are parameters of queries;
/// of those, only the ones that are required or stand here are shown.
const KNOWN: &[(&str, &str)] = &[
    ("?accepts", "v1.0..v1.1"),
    ("?from", "v1.0"),
    ("?q", "field:customerId"),
    ("?to", "v2.0"),
    ("?url", "urn:isobar:shop:ordering.OrderPlaced:v1.0"),
    ("Context.doc", "Orders from the cart to the doorstep."),
    ("Context.name", "ordering"),
    ("Done.known", "19"),
    ("Files.files", r#"{"isobar.yaml":"name: shop\n"}"#),
    ("Finding.message", "`customerId` is required and old data may not have it"),
    ("Finding.pointer", "/customerId"),
    ("Finding.witness", r#"{"orderId":"order_1"}"#),
    ("Found.place", "field"),
    ("Found.text", "customerId"),
    ("Happened.name", "OrderPlaced"),
    ("Message.name", "ordering.OrderPlaced"),
    ("Problem.detail", "there is no such message"),
    ("Problem.title", "Not Found"),
    ("Problem.type", "about:blank"),
    ("Pulled.files", r#"{"ordering/OrderPlaced/v1.0.yaml":"event: ordering.OrderPlaced\n"}"#),
    ("Token.role", "writer"),
    ("Version.id", "6"),
    ("Workspace.contexts", r#"["ordering","payment"]"#),
    ("Workspace.name", "shop"),
    ("Wrong.message", "a string belongs here"),
    ("Wrong.pointer", "/orderId"),
    ("accepts", "v1.0..v1.1"),
    ("action", "released"),
    ("at", "1795251389522"),
    ("body", r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":97.98}"#),
    ("by", "ci"),
    ("code", "required-added"),
    ("consumer", "billing"),
    ("context", "ordering"),
    ("created", "1795251389523"),
    ("detail", "6"),
    ("diagnostics", "[]"),
    ("direction", "backward"),
    ("doc", "A customer placed an order."),
    ("from", "v1.0"),
    ("hash", "af05c5c415b895c9b88bdedea6b0380d3e9964f77e570a0ed097d9cac5704cac"),
    ("impact", "[]"),
    ("kind", "event"),
    ("lost", r#"["/discountAmount"]"#),
    ("message", "ordering.OrderPlaced"),
    ("name", "ci"),
    ("new", r#"{"type":"object","required":["orderId","customerId"]}"#),
    ("next", "/api/v1/messages?limit=100&offset=100"),
    ("old", r#"{"type":"object","required":["orderId"]}"#),
    ("owner", "team-checkout"),
    ("payload", r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":97.98}"#),
    ("prefix", "ordering"),
    ("pushed", "1795251389521"),
    ("reason", "it is newer than v1.1, which the consumer accepts at most"),
    ("schema", r#"{"type":"object","properties":{"orderId":{"type":"string"}}}"#),
    ("serves", "v1.1"),
    ("status", "404"),
    ("to", "v2.0"),
    ("token", "isobar_..."),
    ("url", "urn:isobar:shop:ordering.OrderPlaced:v1.0"),
    ("verdict", "incompatible"),
    ("version", "v1.0"),
    ("workspace", "shop"),
    ("writes", "v2.0"),
    ("yaml", "event: ordering.OrderPlaced\n"),
];

/// How deep schemas may lie in one another. None of ours leads to itself.
const DEPTH: usize = 8;

fn known(name: &str) -> Option<Value> {
    let (_, text) = KNOWN.iter().find(|(it, _)| *it == name)?;
    Some(serde_json::from_str(text).unwrap_or_else(|_| json!(text)))
}

/// What a schema takes, where it stands under a name.
pub(super) fn of(document: &Value, name: &str, schema: &Value) -> Value {
    made(document, "", name, schema, DEPTH)
}

fn made(document: &Value, owner: &str, name: &str, schema: &Value, depth: usize) -> Value {
    if let (Some((owner, schema)), 1..) = (schema::referred(document, schema), depth) {
        return made(document, owner, owner, schema, depth - 1);
    }
    if let Some(first) = schema["oneOf"].get(0).or_else(|| schema["enum"].get(0)) {
        return if first.is_object() { made(document, owner, name, first, depth) } else { first.clone() };
    }
    if let Some(value) = known(&format!("{owner}.{name}")) {
        return value;
    }
    if schema["items"].is_object() && known(name).is_none() {
        return json!([made(document, "", name, &schema["items"], depth)]);
    }
    if schema["properties"].is_object() || schema["allOf"].is_array() {
        let owner = schema::name_of(document, schema).unwrap_or(owner);
        let mut object = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            object.extend(made(document, owner, name, part, depth).as_object().cloned().unwrap_or_default());
        }
        for (name, it) in members(&schema["properties"]) {
            object.insert(name.clone(), made(document, owner, name, it, depth));
        }
        return Value::Object(object);
    }
    known(name).unwrap_or_else(|| match schema::kind(schema) {
        Some("string") => json!(name),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!({}),
    })
}

/// What a request is tried with: a path with values in place of its parameters and those of the query that are shown, and a body.
pub(super) fn tried(document: &Value, path: &str, operation: &Value) -> (String, Option<Value>) {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for it in operation["parameters"].as_array().into_iter().flatten() {
        let name = it["name"].as_str().unwrap_or_default();
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = || text(of(document, name, &it["schema"]));
        match known(&format!("?{name}")) {
            _ if it["in"] == "path" => path = path.replace(&format!("{{{name}}}"), &value()),
            Some(shown) => query.push(format!("{name}={}", text(shown))),
            None if it["required"] == true => query.push(format!("{name}={}", value())),
            None => {}
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let body = members(&operation["requestBody"]["content"]).next();
    (path, body.map(|(_, body)| of(document, "body", &body["schema"])))
}
