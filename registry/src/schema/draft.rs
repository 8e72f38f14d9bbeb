//! The drafts of JSON Schema that are written. What is emitted is 2020-12; an older draft says the same in other words.

use super::Json;

/// A draft of JSON Schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Draft {
    /// 2020-12.
    #[default]
    Draft202012,
    /// Draft-07, which many tools still ask for.
    Draft07,
}

/// What holds one schema, what holds a list of them, and what holds them by name.
const ONE: &[&str] = &["items", "additionalProperties"];
const SEVERAL: &[&str] = &["allOf", "anyOf", "oneOf"];
const NAMED: &[&str] = &["properties", "$defs"];

impl Draft {
    /// The address of its meta-schema.
    pub fn dialect(self) -> &'static str {
        match self {
            Draft::Draft202012 => "https://json-schema.org/draft/2020-12/schema",
            Draft::Draft07 => "http://json-schema.org/draft-07/schema#",
        }
    }

    /// A schema of 2020-12 as one of this draft.
    #[must_use]
    pub fn of(self, schema: Json) -> Json {
        match self {
            Draft::Draft202012 => schema,
            Draft::Draft07 => older(schema),
        }
    }
}

/// `definitions` for `$defs`, and nothing beside a `$ref`, since draft-07 ignores what stands there. All other keywords mean the
/// same in both, and those that draft-07 does not know (`deprecated`) are for people only.
fn older(schema: Json) -> Json {
    let Json::Object(members) = schema else {
        return schema;
    };
    let alone = members.len() == 1;
    let members = members.into_iter().map(|(key, value)| {
        let value = match key.as_str() {
            "$schema" => Json::string(Draft::Draft07.dialect()),
            "$ref" => reference(value),
            it if ONE.contains(&it) => older(value),
            it if SEVERAL.contains(&it) => each(value, older),
            it if NAMED.contains(&it) => each(value, older),
            // Values: `const`, `default`, `examples`.
            _ => value,
        };
        match key.as_str() {
            "$defs" => ("definitions".to_owned(), value),
            "$ref" if !alone => ("allOf".to_owned(), Json::Array(vec![Json::object([("$ref", value)])])),
            _ => (key, value),
        }
    });
    Json::Object(members.collect())
}

fn reference(value: Json) -> Json {
    match value {
        Json::String(text) => Json::String(text.replacen("#/$defs/", "#/definitions/", 1)),
        other => other,
    }
}

fn each(value: Json, change: fn(Json) -> Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(change).collect()),
        Json::Object(members) => Json::Object(members.into_iter().map(|(key, value)| (key, change(value))).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_schemas_are_changed() {
        let reference = |to: &str| Json::object([("$ref", Json::string(to))]);
        let schema = Json::object([
            ("$schema", Json::string(Draft::Draft202012.dialect())),
            (
                "properties",
                Json::object([
                    ("$defs", reference("#/$defs/A")),
                    ("$ref", Json::object([("type", Json::string("string"))])),
                ]),
            ),
            ("default", reference("#/$defs/A")),
            (
                "oneOf",
                Json::Array(vec![Json::object([
                    ("type", Json::string("object")),
                    ("$ref", Json::string("#/$defs/A")),
                ])]),
            ),
            ("$defs", Json::object([("A", Json::object([("items", reference("#/$defs/A"))]))])),
        ]);
        assert_eq!(Draft::Draft202012.of(schema.clone()), schema);
        let expected = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"$defs": {"$ref": "#/definitions/A"}, "$ref": {"type": "string"}}, "default": {"$ref": "#/$defs/A"}, "oneOf": [{"type": "object", "allOf": [{"$ref": "#/definitions/A"}]}], "definitions": {"A": {"items": {"$ref": "#/definitions/A"}}}}"##;
        assert_eq!(Draft::Draft07.of(schema).to_string(), expected);
    }
}
