//! JSON Schema 2020-12 of what this crate reads, through `schemars`: functions for what the derives emit, and implementations
//! for the values. A schema says exactly what [`crate::Decode`] accepts, as far as JSON Schema can say it, and the same as the
//! schema that Isobar writes for a model.
//!
//! [`Decimal`], [`Date`] and [`Uuid`] stand for types of other crates, for use with `schemars`' own derive:
//!
//! ```
//! #[derive(schemars::JsonSchema)]
//! struct Price {
//!     #[schemars(with = "isobar::json_schema::Decimal<2>")]
//!     amount: isobar::Decimal,
//!     #[schemars(with = "isobar::json_schema::Date")]
//!     since: isobar::Date,
//! }
//! ```

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::{
    BYTES_PATTERN, Bytes, DATE_PATTERN, DURATION_PATTERN, Duration, Encode, Json, Set, TIMESTAMP_PATTERN, Timestamp,
    UUID_PATTERN, json::whole_digits, to_vec,
};

/// `schema` with one more keyword.
pub fn with(mut schema: Schema, key: &str, value: impl Into<Value>) -> Schema {
    schema.insert(key.to_owned(), value.into());
    schema
}

/// A value as it is written; `null` if JSON cannot say it.
pub fn value(value: &impl Encode) -> Value {
    to_vec(value).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

fn bounded<V: Into<Value>>(schema: Schema, bounds: impl IntoIterator<Item = (&'static str, Option<V>)>) -> Schema {
    bounds.into_iter().fold(schema, |schema, (key, bound)| match bound {
        Some(bound) => with(schema, key, bound),
        None => schema,
    })
}

/// Text; lengths are in code points.
pub fn text(min: Option<u64>, max: Option<u64>, pattern: Option<&str>) -> Schema {
    let schema = bounded(json_schema!({"type": "string"}), [("minLength", min), ("maxLength", max)]);
    bounded(schema, [("pattern", pattern)])
}

/// Text with this prefix and something after it, beside what `schema` says.
pub fn identifier(schema: Schema, prefix: &str) -> Schema {
    let mut pattern = String::from("^");
    for c in prefix.chars() {
        if !c.is_alphanumeric() && !matches!(c, '_' | '-' | ':') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str("[\\s\\S]");
    match schema.get("pattern") {
        Some(_) => with(schema, "allOf", json!([{"pattern": pattern}])),
        None => with(schema, "pattern", pattern),
    }
}

/// An integer of this range.
pub fn integer<T: Into<Value>>(low: T, high: T) -> Schema {
    bounded(json_schema!({"type": "integer"}), [("minimum", Some(low)), ("maximum", Some(high))])
}

/// A float.
pub fn float(min: Option<f64>, max: Option<f64>) -> Schema {
    bounded(json_schema!({"type": "number"}), [("minimum", min), ("maximum", max)])
}

/// A decimal of so many digits after the point.
pub fn decimal(scale: u32, min: Option<f64>, max: Option<f64>) -> Schema {
    // Read from text, so that each is the double nearest to it.
    let number = |text: String| text.parse::<f64>().unwrap_or_default();
    let step = if scale == 0 { json!(1) } else { json!(number(format!("1e-{scale}"))) };
    let limit = number(format!("1e{}", whole_digits(scale)));
    let schema = json_schema!({
        "type": "number",
        "multipleOf": step,
        "exclusiveMinimum": -limit,
        "exclusiveMaximum": limit,
    });
    bounded(schema, [("minimum", min), ("maximum", max)])
}

/// `true` or `false`.
pub fn boolean() -> Schema {
    json_schema!({"type": "boolean"})
}

/// A UUID, hyphenated.
pub fn uuid() -> Schema {
    json_schema!({"type": "string", "format": "uuid", "pattern": UUID_PATTERN})
}

/// An RFC 3339 date and time.
pub fn timestamp() -> Schema {
    json_schema!({"type": "string", "format": "date-time", "pattern": TIMESTAMP_PATTERN})
}

/// An ISO 8601 date.
pub fn date() -> Schema {
    json_schema!({"type": "string", "format": "date", "pattern": DATE_PATTERN})
}

/// A length of time. The format of this name knows no fractions of a second, so there is none.
pub fn duration() -> Schema {
    json_schema!({"type": "string", "pattern": DURATION_PATTERN})
}

/// Any value.
pub fn json() -> Schema {
    json_schema!({})
}

/// Base64 of so many bytes. Three bytes are four characters; where a bound falls inside of three, the padding of a text of just
/// the bounding length decides.
pub fn bytes(min: Option<u64>, max: Option<u64>) -> Schema {
    let schema = json_schema!({"type": "string", "contentEncoding": "base64", "pattern": BYTES_PATTERN});
    let characters = |bytes: u64| bytes.div_ceil(3).saturating_mul(4);
    let mut all = Vec::new();
    let mut either =
        |pattern: &str, key: &str, length: u64| all.push(json!({"anyOf": [{"pattern": pattern}, {key: length}]}));
    if let Some(min) = min {
        match min % 3 {
            0 if min > 0 => either("[^=]$", "minLength", characters(min).saturating_add(1)),
            2 => either("[^=]=?$", "minLength", characters(min).saturating_add(1)),
            _ => {}
        }
    }
    if let Some(max) = max {
        match max % 3 {
            1 => either("==$", "maxLength", (max / 3).saturating_mul(4)),
            2 => either("=$", "maxLength", (max / 3).saturating_mul(4)),
            _ => {}
        }
    }
    let schema = bounded(schema, [("minLength", min.map(characters)), ("maxLength", max.map(characters))]);
    if all.is_empty() { schema } else { with(schema, "allOf", all) }
}

/// A list.
pub fn list(item: Schema, min: Option<u64>, max: Option<u64>) -> Schema {
    bounded(json_schema!({"type": "array", "items": item}), [("minItems", min), ("maxItems", max)])
}

/// A list without equal items.
pub fn set(item: Schema, min: Option<u64>, max: Option<u64>) -> Schema {
    with(list(item, min, max), "uniqueItems", true)
}

/// An object with any keys.
pub fn map(item: Schema, min: Option<u64>, max: Option<u64>) -> Schema {
    let schema = json_schema!({"type": "object", "additionalProperties": item});
    bounded(schema, [("minProperties", min), ("maxProperties", max)])
}

/// `schema` or `null`, which reads as absent.
pub fn nullable(schema: Schema) -> Schema {
    match schema.get("type") {
        _ if schema.as_object().is_some_and(Map::is_empty) => schema,
        Some(Value::String(name)) if schema.get("enum").is_none() => {
            let both = json!([name, "null"]);
            with(schema, "type", both)
        }
        _ => json_schema!({"anyOf": [schema, {"type": "null"}]}),
    }
}

/// One of these texts, or any text of an open enum.
pub fn values(texts: &[&str], open: bool) -> Schema {
    let key = if open { "x-known-values" } else { "enum" };
    with(json_schema!({"type": "string"}), key, texts)
}

/// An object with these members: the name, the value, and whether it must be there. Others are allowed.
pub fn record(members: Vec<(&str, Schema, bool)>) -> Schema {
    let required: Vec<&str> = members.iter().filter(|(.., required)| *required).map(|(key, ..)| *key).collect();
    let properties: Map<String, Value> =
        members.into_iter().map(|(key, schema, _)| (key.to_owned(), schema.to_value())).collect();
    let schema = with(json_schema!({"type": "object"}), "properties", properties);
    if required.is_empty() { schema } else { with(schema, "required", required) }
}

/// An object whose member `tag` says which of the branches it is.
pub fn union(tag: &str, branches: Vec<(&str, Schema)>) -> Schema {
    let branches = branches.into_iter().map(|(value, schema)| {
        let tagged = json_schema!({"type": "object", "properties": {tag: {"const": value}}, "required": [tag]});
        match schema.get("$ref") {
            Some(reference) => with(tagged, "$ref", reference.clone()),
            None => with(tagged, "allOf", vec![schema.to_value()]),
        }
    });
    let branches: Vec<Value> = branches.map(Schema::to_value).collect();
    with(json_schema!({}), "oneOf", branches)
}

/// Stands for [`crate::Decimal`] with so many digits after the point.
#[derive(Clone, Copy, Debug)]
pub struct Decimal<const SCALE: u32>;

/// Stands for [`crate::Date`].
#[derive(Clone, Copy, Debug)]
pub struct Date;

/// Stands for [`crate::Uuid`].
#[derive(Clone, Copy, Debug)]
pub struct Uuid;

/// Types whose schema is the same wherever it stands, and has no name.
macro_rules! inline {
    ($($name:literal: [$($generic:tt)*] $ty:ty = |$generator:pat_param| $schema:expr;)*) => { $(
        impl<$($generic)*> JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_id() -> Cow<'static, str> {
                std::any::type_name::<Self>().into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )* };
}

inline! {
    "Decimal": [const SCALE: u32] Decimal<SCALE> = |_| decimal(SCALE, None, None);
    "Timestamp": [] Timestamp = |_| timestamp();
    "Date": [] Date = |_| date();
    "Uuid": [] Uuid = |_| uuid();
    "Duration": [] Duration = |_| duration();
    "Bytes": [] Bytes = |_| bytes(None, None);
    "Json": [] Json = |_| json();
    "Set": [T: JsonSchema] Set<T> = |generator| set(generator.subschema_for::<T>(), None, None);
}
