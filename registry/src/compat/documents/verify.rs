//! The independent validator: what it accepts and why it refuses. It verifies every witness; verdicts are not its business.

use super::part::part_for;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;
use std::{borrow::Cow, cell::OnceCell, rc::Rc};

/// A schema that payloads are held against: as a whole, or the part of it that matters for a payload.
pub(super) struct Opinion<'a> {
    pub(super) schema: &'a Value,
    pub(super) draft: Draft,
    /// Whether parts of it mean by themselves what they mean in the whole.
    pub(super) divisible: bool,
    whole: OnceCell<Result<Rc<Check>, String>>,
}

impl<'a> Opinion<'a> {
    pub(super) fn of(schema: &'a Value, draft: Draft, divisible: bool) -> Self {
        Opinion { schema, draft, divisible, whole: OnceCell::new() }
    }

    /// What the validator is asked about for a payload.
    pub(super) fn part(&self, payload: &Value) -> Cow<'a, Value> {
        let part = if self.divisible { part_for(self.schema, self.draft, payload) } else { None };
        part.map_or(Cow::Borrowed(self.schema), Cow::Owned)
    }

    /// The validator of a part, or of the whole.
    pub(super) fn check(&self, part: &Value) -> Result<Rc<Check>, String> {
        let make = || Check::new(part, self.draft).map(Rc::new);
        if std::ptr::eq(part, self.schema) { self.whole.get_or_init(make).clone() } else { make() }
    }
}

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

/// A schema without what closes its objects, for the reading in which unknown properties are ignored; `None` if nothing closes them.
pub(super) fn opened(schema: &Value) -> Option<Value> {
    closes(schema).then(|| open(schema))
}

fn is_closing(key: &str, value: &Value) -> bool {
    matches!(key, "additionalProperties" | "unevaluatedProperties") && *value == Value::Bool(false)
}

fn is_data(key: &str) -> bool {
    matches!(key, "enum" | "const" | "default" | "examples")
}

fn closes(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, it)| is_closing(key, it) || !is_data(key) && closes(it)),
        Value::Array(list) => list.iter().any(closes),
        _ => false,
    }
}

fn open(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, value)| !is_closing(key, value));
            let opened = kept.map(|(key, it)| (key.clone(), if is_data(key) { it.clone() } else { open(it) }));
            Value::Object(opened.collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(open).collect()),
        other => other.clone(),
    }
}
