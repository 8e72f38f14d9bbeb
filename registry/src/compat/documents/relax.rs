//! A reader's schema without one of its rules, so that what else it refuses comes to light.

use super::sentences::declares;
use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::{Map, Value};

/// A schema without the rule that an error names. `None` if it is not found where the validator says.
pub(super) fn without(schema: &Value, error: &ValidationError<'_>, writer: &Value) -> Option<Value> {
    let path = error.schema_path().as_str();
    if let Kind::FalseSchema = error.kind() {
        return changed(schema, path, &|it| it.is_boolean().then_some(Value::Bool(true)));
    }
    let (parent, keyword) = path.rsplit_once('/')?;
    changed(schema, parent, &|schema| relaxed(schema.as_object()?, keyword, error, writer).map(Value::Object))
}

fn relaxed(
    map: &Map<String, Value>,
    keyword: &str,
    error: &ValidationError<'_>,
    writer: &Value,
) -> Option<Map<String, Value>> {
    let with = |keyword: &str, value: Value| {
        let mut out = map.clone();
        out.insert(keyword.to_owned(), value);
        out
    };
    match error.kind() {
        Kind::Required { property } if keyword == "required" => {
            let names = map.get("required")?.as_array()?;
            let kept: Vec<Value> = names.iter().filter(|it| *it != property).cloned().collect();
            (kept.len() < names.len()).then(|| with("required", Value::Array(kept)))
        }
        Kind::AdditionalProperties { unexpected } if unexpected.iter().all(|name| declares(writer, name)) => {
            let mut known = map.get("properties").map_or_else(|| Some(Map::new()), |it| it.as_object().cloned())?;
            known.extend(unexpected.iter().map(|name| (name.clone(), Value::Bool(true))));
            Some(with("properties", Value::Object(known)))
        }
        // What is gone is not copied.
        _ if map.contains_key(keyword) => {
            let kept = map.iter().filter(|(it, _)| *it != keyword);
            Some(kept.map(|(it, value)| (it.clone(), value.clone())).collect())
        }
        _ => None,
    }
}

/// A copy, changed at one place.
fn changed(value: &Value, path: &str, change: &dyn Fn(&Value) -> Option<Value>) -> Option<Value> {
    let Some(path) = path.strip_prefix('/') else { return change(value) };
    let (token, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let token = token.replace("~1", "/").replace("~0", "~");
    match value {
        Value::Object(map) => {
            let inner = changed(map.get(&token)?, rest, change)?;
            let others = map.iter().filter(|(it, _)| **it != token).map(|(it, value)| (it.clone(), value.clone()));
            Some(Value::Object(others.chain([(token.clone(), inner)]).collect()))
        }
        Value::Array(list) => {
            let at: usize = token.parse().ok()?;
            let inner = changed(list.get(at)?, rest, change)?;
            let mut out: Vec<Value> = list[..at].to_vec();
            out.push(inner);
            out.extend_from_slice(&list[at + 1..]);
            Some(Value::Array(out))
        }
        _ => None,
    }
}
