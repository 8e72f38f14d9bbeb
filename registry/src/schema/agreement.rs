//! The schema accepts just what is read: random fields, and random payloads near to what they read.

use super::tests::{schema_of, validator, validator_07};
use crate::{compat::Record, payload, testing};
use isobar_model::{Field, Presence, Shape, ShapeKind, Types, shape::Scalar};
use proptest::prelude::*;
use serde_json::{Value, json};

/// JSON near what fields read: now and then it is just what they read.
pub(crate) fn near(fields: &[Field], types: &Types, depth: u32) -> BoxedStrategy<Value> {
    let mut members: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    for field in fields {
        let value = near_shape(&field.shape, types, depth);
        let key = field.wire_name().to_owned();
        let present = if field.presence == Presence::Required { 0.99 } else { 0.6 };
        let member = prop::option::weighted(present, value).prop_map(move |value| Some((key.clone(), value?)));
        members.push(member.boxed());
    }
    members.prop_map(|members| Value::Object(members.into_iter().flatten().collect())).boxed()
}

fn near_shape(shape: &Shape, types: &Types, depth: u32) -> BoxedStrategy<Value> {
    let one = |texts: &[&str]| {
        let values: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        prop::sample::select(values).boxed()
    };
    let deeper = depth.saturating_sub(1);
    let fits = match &types.resolve(shape).kind {
        ShapeKind::Scalar(scalar) => match scalar {
            Scalar::String => one(&["\"\"", "\"abc\"", "\"EUR\"", "\"a: \\\"#,\"", "\"éééé\""]),
            Scalar::Bool => one(&["true", "false"]),
            Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 => {
                one(&["1", "2", "3", "5.0", "-1", "3000000000"])
            }
            Scalar::Decimal(_) => one(&["1", "2.5", "3.25", "19.99", "0.001", "4.10", "8.125"]),
            Scalar::Float => one(&["1.5", "-2"]),
            Scalar::Uuid => {
                one(&["\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"01890A5D-AC96-774B-BCCE-B302099A8057\""])
            }
            Scalar::Timestamp => one(&[
                "\"2024-01-15T10:30:00Z\"",
                "\"2024-02-30T10:30:00Z\"",
                "\"2024-01-15T10:30:00.123+02:00\"",
                "\"9999-12-31T23:59:59.5-01:00\"",
                "\"2016-12-31T23:59:60Z\"",
            ]),
            Scalar::Date => one(&["\"2024-02-29\"", "\"2023-02-29\"", "\"0000-02-29\""]),
            Scalar::Duration => one(&[
                "\"PT0.5S\"",
                "\"P2W\"",
                "\"P1M\"",
                "\"PT99999999999999999999S\"",
                "\"PT100000000000000000000S\"",
            ]),
            Scalar::Bytes => one(&[
                "\"\"",
                "\"AA==\"",
                "\"AAE=\"",
                "\"AAAA\"",
                "\"AAAAAA==\"",
                "\"AAAAAAA=\"",
                "\"AAAAAAAA\"",
                "\"AAAAAAAAAA==\"",
            ]),
            Scalar::Json => one(&["null", "[1]", "{\"a\": 0.5}"]),
            Scalar::Id(prefix) => one(&[&format!("\"{prefix}1\""), &format!("\"{prefix}\"")]),
        },
        ShapeKind::List(item) | ShapeKind::Set(item) => {
            let length = if depth == 0 { 0..1 } else { 0..4 };
            prop::collection::vec(near_shape(item, types, deeper), length).prop_map(Value::Array).boxed()
        }
        ShapeKind::Map(item) => {
            let length = if depth == 0 { 0..1 } else { 0..3 };
            let members = prop::collection::btree_map("[a-c]", near_shape(item, types, deeper), length);
            members.prop_map(|members| Value::Object(members.into_iter().collect())).boxed()
        }
        ShapeKind::Record(fields) if depth > 0 => near(fields, types, deeper),
        ShapeKind::Enum(it) => {
            let mut values: Vec<Value> = it.values.iter().map(|value| json!(value.value)).collect();
            values.push(json!("another"));
            prop::sample::select(values).boxed()
        }
        ShapeKind::Union(it) if depth > 0 => {
            let branches = it.branches.iter().map(|(tag, shape)| {
                let (key, tag) = (it.tag.clone(), tag.value.clone());
                let tagged = move |mut value: Value| {
                    if let Some(members) = value.as_object_mut() {
                        members.insert(key.clone(), json!(tag));
                    }
                    value
                };
                near_shape(shape, types, deeper).prop_map(tagged).boxed()
            });
            prop::strategy::Union::new(branches.collect::<Vec<_>>()).boxed()
        }
        _ => Just(json!({})).boxed(),
    };
    let junk = one(&["null", "0", "1.5", "\"\"", "[]", "{}", "[null]", "{\"kind\": \"card\"}", "true"]);
    prop_oneof![15 => fits, 1 => junk].boxed()
}

/// Random fields, and a payload that is near to what they read.
fn case() -> impl Strategy<Value = (Vec<Field>, Value)> {
    testing::fields().prop_flat_map(|fields| {
        let payload = near(&fields, &testing::types(), 4);
        (Just(fields), payload)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn accepts_just_what_is_read((fields, payload) in case()) {
        let types = testing::types();
        let schema = schema_of(&fields, &types);
        let read = payload::read(payload.to_string().as_bytes(), Record { types: &types, fields: &fields });
        let valid = validator(&schema).is_valid(&payload);
        prop_assert_eq!(valid, read.is_ok(), "{} {:?} {:#}", payload, read, schema);
        prop_assert_eq!(validator_07(&fields, &types).is_valid(&payload), valid, "{} {:#}", payload, schema);
        if let Ok(data) = read {
            let again = payload::write(&data).unwrap();
            prop_assert!(validator(&schema).is_valid(&serde_json::from_str(&again).unwrap()), "{}", again);
            let twice = payload::read(again.as_bytes(), Record { types: &types, fields: &fields });
            prop_assert_eq!(twice, Ok(data));
        }
    }
}
