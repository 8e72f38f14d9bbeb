//! A payload for a version of which none is known: a hook that reads the version must be tested with something. Texts that must
//! match a pattern are not made up.

use isobar_model::{
    Field, Presence, Shape, ShapeKind, Types,
    shape::{Bounds, Scalar},
};
use serde_json::{Map, Value, json};

/// The least that a record must hold, by the names on the wire.
pub(super) fn record(types: &Types, fields: &[Field], depth: usize) -> Option<Value> {
    let mut out = Map::new();
    for field in fields.iter().filter(|field| field.presence == Presence::Required) {
        out.insert(field.wire_name().to_owned(), shape(types, &field.shape, depth)?);
    }
    Some(Value::Object(out))
}

fn shape(types: &Types, shape: &Shape, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let shape = types.resolve(shape);
    let least = usize::try_from(shape.bounds.min_length.unwrap_or(0)).ok()?;
    Some(match &shape.kind {
        ShapeKind::Scalar(scalar) => scalar_of(scalar, &shape.bounds)?,
        ShapeKind::Record(fields) => record(types, fields, depth)?,
        ShapeKind::Enum(it) => Value::String(it.values.first()?.value.clone()),
        ShapeKind::List(item) if least > 0 => Value::Array(vec![self::shape(types, item, depth)?; least]),
        ShapeKind::List(_) => json!([]),
        ShapeKind::Set(item) if least == 1 => Value::Array(vec![self::shape(types, item, depth)?]),
        ShapeKind::Set(_) | ShapeKind::Map(_) if least > 0 => return None,
        ShapeKind::Set(_) => json!([]),
        ShapeKind::Map(_) => json!({}),
        ShapeKind::Union(union) => {
            let (tag, branch) = union.branches.first()?;
            let mut value = self::shape(types, branch, depth)?;
            value.as_object_mut()?.insert(union.tag.clone(), Value::String(tag.value.clone()));
            value
        }
        ShapeKind::Ref(_) => return None,
    })
}

fn scalar_of(scalar: &Scalar, bounds: &Bounds) -> Option<Value> {
    if bounds.pattern.is_some() {
        return None;
    }
    let least = usize::try_from(bounds.min_length.unwrap_or(0)).ok()?;
    Some(match scalar {
        Scalar::String => match bounds.max_length {
            Some(0) => json!(""),
            _ => Value::String("x".repeat(least.max(1))),
        },
        Scalar::Bool => json!(true),
        Scalar::Uuid => json!("00000000-0000-4000-8000-000000000000"),
        Scalar::Timestamp => json!("2024-01-15T10:30:00Z"),
        Scalar::Date => json!("2024-01-15"),
        Scalar::Duration => json!("PT1H"),
        Scalar::Bytes if least == 0 => json!(""),
        Scalar::Bytes => return None,
        Scalar::Json => json!({}),
        Scalar::Id(prefix) => Value::String(format!("{prefix}1")),
        _ => {
            let number = match (bounds.min, bounds.max) {
                (Some(min), _) if min > 1.into() => min,
                (_, Some(max)) if max < 1.into() => max,
                _ => 1.into(),
            };
            serde_json::from_str(&number.to_string()).ok()?
        }
    })
}
