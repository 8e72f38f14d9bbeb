//! A reader's schema without one of its rules, so that what else it refuses comes to light.

use super::sentences::declares;
use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;

/// Takes the rule that an error names out of a schema. `None` if it is not found where the validator says.
pub(super) fn without(schema: &Value, error: &ValidationError<'_>, writer: &Value) -> Option<Value> {
    let path = error.schema_path().as_str();
    let mut relaxed = schema.clone();
    if let Kind::FalseSchema = error.kind() {
        let place = relaxed.pointer_mut(path).filter(|it| it.is_boolean())?;
        *place = Value::Bool(true);
        return Some(relaxed);
    }
    let (parent, keyword) = path.rsplit_once('/')?;
    let map = relaxed.pointer_mut(parent)?.as_object_mut()?;
    match error.kind() {
        Kind::Required { property } if keyword == "required" => {
            map.get_mut("required")?.as_array_mut()?.retain(|it| it != property);
        }
        Kind::AdditionalProperties { unexpected } if unexpected.iter().all(|name| declares(writer, name)) => {
            let known = map.entry("properties").or_insert_with(|| Value::Object(serde_json::Map::new()));
            let known = known.as_object_mut()?;
            known.extend(unexpected.iter().map(|name| (name.clone(), Value::Bool(true))));
        }
        _ => {
            map.remove(keyword)?;
            if keyword.starts_with("exclusive") && map.get(&keyword[9..].to_lowercase()).is_none() {
                return Some(relaxed);
            }
        }
    }
    (relaxed != *schema).then_some(relaxed)
}
