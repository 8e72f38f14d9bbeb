//! What the schemas of the OpenAPI document say, as words and tables: names lead to the schema of that name. It decides nothing.

use super::{example, members, words};
use crate::pages::{
    elements::{Cell, cell, mono, text},
    message::Link,
};
use serde::Serialize;
use serde_json::Value;

/// A schema with a name.
#[derive(Debug, Serialize)]
pub(super) struct Schema {
    name: String,
    doc: String,
    /// What it is, where it is no object.
    of: Option<Cell>,
    members: Vec<Member>,
    example: String,
}

/// A member of an object, or a parameter.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    /// Its name; `items[].name` for a member of what has no name of its own.
    name: String,
    of: Cell,
    required: bool,
    doc: String,
    /// What numbers there may be.
    bounds: Option<String>,
}

/// All schemas with a name, sorted. A part of a list has its items' schema for a name, and is told where it is answered.
pub(super) fn named(document: &Value) -> Vec<Schema> {
    let all = members(&document["components"]["schemas"]);
    all.map(|(name, schema)| {
        let mut rows = Vec::new();
        collect(document, "", schema, &mut rows);
        Schema {
            name: name.clone(),
            doc: words(&schema["description"]),
            of: rows.is_empty().then(|| plain(document, schema)),
            members: rows,
            example: format!("{:#}", example::of(document, name, schema)),
        }
    })
    .collect()
}

/// A parameter of a request.
pub(super) fn parameter(document: &Value, it: &Value) -> Member {
    Member {
        required: it["required"] == true,
        ..member(document, words(&it["name"]), &it["schema"], &it["description"])
    }
}

fn member(document: &Value, name: String, schema: &Value, doc: &Value) -> Member {
    let bounds = match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) if least != 0 => Some(format!("at least {least}")),
        _ => None,
    };
    // Of what may be null, the words stand with what it is otherwise.
    let doc = if doc.is_null() { &schema["oneOf"][0]["description"] } else { doc };
    Member { name, of: kind_of(document, schema), required: false, doc: words(doc), bounds }
}

/// The members of an object, and of the objects in it that have no name.
fn collect(document: &Value, above: &str, schema: &Value, rows: &mut Vec<Member>) {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(document, above, referred(document, part).map_or(part, |(_, it)| it), rows);
    }
    let required = schema["required"].as_array();
    for (name, it) in members(&schema["properties"]) {
        let full = format!("{above}{name}");
        let required = required.is_some_and(|all| all.iter().any(|it| it == name));
        rows.push(Member { required, ..member(document, full.clone(), it, &it["description"]) });
        let (inner, dots) = if it["items"].is_object() { (&it["items"], "[].") } else { (it, ".") };
        if name_of(document, inner).is_none() {
            collect(document, &format!("{full}{dots}"), inner, rows);
        }
    }
}

/// The schema that a reference leads to, with its name.
pub(super) fn referred<'a>(document: &'a Value, schema: &'a Value) -> Option<(&'a str, &'a Value)> {
    let name = schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")?;
    Some((name, document["components"]["schemas"].get(name)?))
}

/// The name of a schema: the one it refers to, or the one that says the same.
pub(super) fn name_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a str> {
    let same = || {
        let mut all = members(&document["components"]["schemas"]);
        all.find_map(|(name, it)| (schema["properties"].is_object() && it == schema).then_some(name.as_str()))
    };
    referred(document, schema).map(|(name, _)| name).or_else(same)
}

/// What a schema takes, in a few words.
pub(super) fn kind_of(document: &Value, schema: &Value) -> Cell {
    let Some(name) = name_of(document, schema) else { return plain(document, schema) };
    cell(Link { kind: "type", name: name.to_owned(), href: format!("#schema-{name}"), note: None })
}

fn plain(document: &Value, schema: &Value) -> Cell {
    if let Some(first) = schema["oneOf"].get(0) {
        return kind_of(document, first);
    }
    if let Some(values) = schema["enum"].as_array() {
        let between = values.iter().enumerate().flat_map(|(at, value)| {
            let or = if at == 0 { Cell::new() } else { text(" or ") };
            or.into_iter().chain(mono(words(value)))
        });
        return between.collect();
    }
    let of_all = |begin: &str, inner: &Value| text(begin).into_iter().chain(kind_of(document, inner)).collect();
    let inner = |member: &str| schema.get(member).filter(|it| it.is_object());
    match (inner("items"), inner("additionalProperties")) {
        (Some(items), _) => of_all("list of ", items),
        (_, Some(values)) => of_all("map to ", values),
        _ => text(kind(schema).unwrap_or("any JSON")),
    }
}

/// The type of what is no null.
pub(super) fn kind(schema: &Value) -> Option<&str> {
    let one = schema["type"].as_str();
    one.or_else(|| schema["type"].as_array()?.iter().filter_map(Value::as_str).find(|it| *it != "null"))
}
