//! The page of the API: every request that the OpenAPI document describes, with a line to try it by, and those that the clients of Kafka
//! make. All of it comes from the document and the table that the routes are made of; nothing is described here.

mod example;
mod schema;
#[cfg(test)]
pub(crate) mod tests;

use super::{elements::Cell, page::Page};
use crate::{api, confluent};
use schema::{Member, Schema};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The methods, in the order in which they are told.
const METHODS: [&str; 4] = ["get", "put", "post", "delete"];

#[derive(Debug, Serialize)]
struct Reference {
    doc: String,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
    /// What the clients of Kafka ask.
    confluent: &'static [confluent::Request],
}

/// The requests about one thing.
#[derive(Debug, Serialize)]
struct Group {
    name: String,
    operations: Vec<Operation>,
}

/// A request.
#[derive(Debug, Serialize)]
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    doc: Option<String>,
    /// Whether it takes a token of a server that is not `--insecure`.
    guarded: bool,
    /// What stands in the address, and then behind the `?`.
    parameters: Vec<Member>,
    body: Option<Content>,
    answers: Vec<Answer>,
    curl: String,
}

/// What is sent or answered.
#[derive(Debug, Serialize)]
struct Content {
    kind: String,
    of: Cell,
    example: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    /// `200`, or `otherwise`.
    status: String,
    doc: String,
    contents: Vec<Content>,
}

/// The page.
pub(super) fn page() -> Page {
    let document = api::document();
    let groups = groups(document).into_iter().map(|(name, operations)| Group { name, operations });
    let data = Reference {
        doc: words(&document["info"]["description"]),
        groups: groups.collect(),
        schemas: schema::named(document),
        confluent: confluent::REQUESTS,
    };
    Page::new("reference", "The API", &data)
}

fn groups(document: &Value) -> BTreeMap<String, Vec<Operation>> {
    let mut groups = BTreeMap::<String, Vec<Operation>>::new();
    for (path, item) in members(&document["paths"]) {
        for (method, it) in METHODS.iter().filter_map(|method| Some((*method, item.get(method)?))) {
            groups.entry(words(&it["tags"][0])).or_default().push(operation(document, path, method, it));
        }
    }
    groups
}

fn operation(document: &Value, path: &str, method: &str, it: &Value) -> Operation {
    let body = members(&it["requestBody"]["content"]).next();
    let (address, sent) = example::tried(document, path, it);
    let guarded = guarded(method, path);
    Operation {
        id: words(&it["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: words(&it["summary"]),
        doc: it["description"].as_str().map(str::to_owned),
        guarded,
        parameters: it["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| schema::parameter(document, it))
            .collect(),
        // Its example stands in the line that sends it.
        body: body.map(|(kind, body)| content(document, kind, body, false)),
        answers: members(&it["responses"]).map(|(status, it)| answer(document, status, it)).collect(),
        curl: curl(method, &address, guarded, sent.as_ref()),
    }
}

fn answer(document: &Value, status: &str, it: &Value) -> Answer {
    let fine = status.starts_with('2');
    Answer {
        status: if status == "default" { "otherwise".into() } else { status.to_owned() },
        doc: words(&it["description"]),
        contents: members(&it["content"]).map(|(kind, it)| content(document, kind, it, fine)).collect(),
    }
}

fn content(document: &Value, kind: &str, it: &Value, with_example: bool) -> Content {
    let example = (with_example && kind == "application/json").then(|| example::of(document, "answer", &it["schema"]));
    Content {
        kind: kind.to_owned(),
        of: schema::kind_of(document, &it["schema"]),
        example: example.map(|it| format!("{it:#}")),
    }
}

/// Whether a request changes something or tells secrets. A test holds it against what the server refuses.
fn guarded(method: &str, path: &str) -> bool {
    matches!(method, "put" | "delete") || ["/tokens", "/audit"].iter().any(|end| path.ends_with(end))
}

/// A line for a shell.
fn curl(method: &str, address: &str, guarded: bool, body: Option<&Value>) -> String {
    let method = match (method, body) {
        ("get", _) | ("post", Some(_)) => String::new(),
        (method, _) => format!(" -X {}", method.to_uppercase()),
    };
    let mut line = format!("curl{method} \"$ISOBAR_REGISTRY{address}\"");
    if guarded {
        line.push_str(" \\\n  -H \"Authorization: Bearer $ISOBAR_TOKEN\"");
    }
    if let Some(body) = body {
        line.push_str(&format!(" \\\n  --json '{}'", body.to_string().replace('\'', r"'\''")));
    }
    line
}

/// The members of an object, in their order.
fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

fn words(text: &Value) -> String {
    text.as_str().unwrap_or_default().to_owned()
}
