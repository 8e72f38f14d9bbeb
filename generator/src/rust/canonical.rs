//! The JSON that the runtime writes for a literal of the model, as far as it can be told without the runtime: members in
//! declared order, defaults filled in, maps sorted. Where it cannot be told there is no answer, never a wrong one.

use super::{
    plan::{Body, Plan, Type, TypeKind},
    text::unseen_escaped,
};
use isobar_model::{Presence, Value, shape::Scalar};
use isobar_registry::schema::Json;

/// What is written for the value, which was checked with the model.
pub(super) fn canonical(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> Option<String> {
    let json = compact(&json(plan, ty, value)?);
    // Some characters have several spellings, or may not stand in source text.
    (!json.contains("\\u") && json == unseen_escaped(&json)).then_some(json)
}

/// Without spaces between tokens.
fn compact(json: &Json) -> String {
    match json {
        Json::Array(items) => format!("[{}]", items.iter().map(compact).collect::<Vec<_>>().join(",")),
        Json::Object(members) => {
            let member = |(key, value): &(String, Json)| format!("{}:{}", Json::string(key), compact(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn json(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> Option<Json> {
    match &ty.kind {
        TypeKind::Scalar(it) => scalar(it, value),
        TypeKind::List(item) | TypeKind::Set(item) => match value {
            Value::List(items) => {
                Some(Json::Array(items.iter().map(|it| json(plan, item, it)).collect::<Option<_>>()?))
            }
            _ => None,
        },
        TypeKind::Map(item) => {
            let Value::Record(entries) = value else { return None };
            let mut entries: Vec<&(String, Value)> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key);
            let entry = |(key, value): &(String, Value)| Some((key.clone(), json(plan, item, value)?));
            Some(Json::Object(entries.into_iter().map(entry).collect::<Option<_>>()?))
        }
        TypeKind::Item(id) => match &plan.items[*id].body {
            Body::Id(_) | Body::Enum { .. } => text(value),
            Body::Newtype(inner) => json(plan, inner, value),
            Body::Alias(to) => json(plan, &Type::plain(TypeKind::Item(*to)), value),
            Body::Record(members) => {
                let mut object = Vec::new();
                for member in members {
                    let given = match (value.get(member.wire), member.presence) {
                        (None | Some(Value::Null), Presence::Optional) => continue,
                        (Some(given), _) | (None, Presence::Default(given)) => given,
                        (None, _) => return None,
                    };
                    object.push((member.wire.to_owned(), json(plan, &member.ty, given)?));
                }
                Some(Json::Object(object))
            }
            Body::Union { tag, branches } => {
                let named = text(value.get(tag)?)?;
                let branch = branches.iter().find(|it| Json::string(it.wire) == named)?;
                let inner = json(plan, &Type::plain(TypeKind::Item(branch.item)), value)?;
                let Json::Object(members) = inner else { return None };
                Some(Json::Object(std::iter::once(((*tag).to_owned(), named)).chain(members).collect()))
            }
            Body::Pending | Body::Extern(_) => None,
        },
    }
}

fn text(value: &Value) -> Option<Json> {
    if let Value::String(text) = value { Some(Json::string(text)) } else { None }
}

fn scalar(scalar: &Scalar, value: &Value) -> Option<Json> {
    match (scalar, value) {
        (Scalar::Bool, Value::Bool(_)) | (Scalar::Json, _) => Some(Json::from(value)),
        (Scalar::Float, Value::Number(number)) => float(number.to_string().parse().ok()?),
        (Scalar::Float, Value::Float(number)) => float(*number),
        (_, Value::Number(number)) => Some(Json::number(number.normalize())),
        (Scalar::String | Scalar::Id(_) | Scalar::Date | Scalar::Bytes, _) => text(value),
        (Scalar::Uuid, Value::String(text)) => Some(Json::string(text.to_lowercase())),
        (Scalar::Timestamp, Value::String(it)) if is_plain(it) => text(value),
        (Scalar::Duration, Value::String(it)) if is_short(it) => text(value),
        _ => None,
    }
}

/// Numbers that nobody writes with an exponent.
fn float(value: f64) -> Option<Json> {
    (value == 0.0 || (1e-4..1e15).contains(&value.abs())).then(|| Json::number(format!("{:?}", value + 0.0)))
}

/// A timestamp in UTC without a fraction.
fn is_plain(timestamp: &str) -> bool {
    timestamp.len() == 20 && timestamp.ends_with('Z') && timestamp.as_bytes()[10] == b'T'
}

/// A duration of one unit that does not fill the next: `PT30S`.
fn is_short(duration: &str) -> bool {
    let Some(time) = duration.strip_prefix("PT") else { return false };
    let (number, limit) = match (time.strip_suffix('H'), time.strip_suffix(['M', 'S'])) {
        (Some(hours), _) => (hours, 24),
        (_, Some(others)) => (others, 60),
        _ => return false,
    };
    !number.starts_with('0') && number.parse::<u32>().is_ok_and(|n| n < limit)
}
