//! The independent validator: what it accepts and why it refuses. It verifies every witness; verdicts are not its business.

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

/// A schema as the validator understands it.
pub(super) struct Check {
    validator: Validator,
}

impl Check {
    /// Compiles a schema in its draft.
    ///
    /// # Errors
    ///
    /// What the validator finds wrong with it.
    pub(super) fn new(schema: &Value, draft: Draft) -> Result<Check, String> {
        let mut options = jsonschema::options().with_draft(draft);
        // A meta-schema that adds names to a draft is not fetched.
        let known = schema.get("$schema").and_then(Value::as_str).map(Draft::from_schema_uri);
        let mut copy;
        let schema = if known == Some(Draft::Unknown) {
            copy = schema.clone();
            copy.as_object_mut().map(|map| map.remove("$schema"));
            &copy
        } else {
            schema
        };
        options = options.offline();
        let validator = options.build(schema).map_err(|error| match error.instance_path().as_str() {
            "" => error.to_string(),
            pointer => format!("{error} (at {pointer})"),
        })?;
        Ok(Check { validator })
    }

    /// Whether it accepts a payload.
    pub(super) fn accepts(&self, payload: &Value) -> bool {
        self.validator.is_valid(payload)
    }

    /// Why it refuses a payload.
    pub(super) fn refusals<'v>(&'v self, payload: &'v Value) -> impl Iterator<Item = ValidationError<'v>> {
        self.validator.iter_errors(payload)
    }
}

/// A schema without what closes its objects, for the reading in which unknown properties are ignored.
pub(super) fn opened(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let closing = |key: &str, value: &Value| {
                matches!(key, "additionalProperties" | "unevaluatedProperties") && *value == Value::Bool(false)
            };
            let kept = map.iter().filter(|(key, value)| !closing(key, value));
            let data = |key: &str| matches!(key, "enum" | "const" | "default" | "examples");
            let opened = kept.map(|(key, it)| (key.clone(), if data(key) { it.clone() } else { opened(it) }));
            Value::Object(opened.collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(opened).collect()),
        other => other.clone(),
    }
}
