//! What reading a stored event costs: generated code, with its bounds, beside hand-written code with serde and none, upcasters of
//! cqrs-es, and validating by a JSON Schema first. Rounds of all of them follow each other, so that a busy machine is busy for
//! all; the fastest round of each counts, and the ratios are what to quote.
//!
//! `cargo bench -p isobar-speed --bench decode`

use cqrs_es::persist::{EventUpcaster, SemanticVersionEventUpcaster, SerializedEvent};
use isobar::{Decimal, Events};
use isobar_speed::{V1, V3, by_hand, generated::sales::OrderPlaced};
use serde_json::{Value, json};
use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 60;
const EACH: u32 = 4_000;

type Case<'a> = (&'static str, Box<dyn Fn() + 'a>);

fn main() {
    let upcasters = upcasters();
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let ours = |version: &str, json: &str| {
        let event =
            <OrderPlaced as Events>::decode(black_box("OrderPlaced"), black_box(version), black_box(json).as_bytes());
        assert!(black_box(event).is_ok());
    };
    let hand = |version: &str, json: &str| {
        let event =
            by_hand::decode::<Decimal>(black_box("OrderPlaced"), black_box(version), black_box(json).as_bytes());
        assert!(black_box(event).is_ok());
    };
    let doubles = |version: &str, json: &str| {
        let event = by_hand::decode::<f64>(black_box("OrderPlaced"), black_box(version), black_box(json).as_bytes());
        assert!(black_box(event).is_ok());
    };
    let current = |json: &str| assert!(black_box(serde_json::from_slice::<by_hand::V3>(json.as_bytes())).is_ok());
    let current_doubles =
        |json: &str| assert!(black_box(serde_json::from_slice::<by_hand::V3<f64>>(json.as_bytes())).is_ok());
    let validated = |json: &str| {
        let value: Value = serde_json::from_slice(json.as_bytes()).expect("it is JSON");
        assert!(validator.is_valid(&value));
        assert!(black_box(serde_json::from_value::<by_hand::V3>(value)).is_ok());
    };
    // A store has one list of them for all of its events: here two each of 200 others.
    let mut of_many = upcasters_of_others(200);
    of_many.extend(self::upcasters());
    let upcast = |json: &str, upcasters: &[SemanticVersionEventUpcaster]| {
        // From the text, as the others: what a store hands over is parsed first.
        let mut event = stored(serde_json::from_slice(json.as_bytes()).expect("it is JSON"));
        for upcaster in upcasters {
            if upcaster.can_upcast(&event.event_type, &event.event_version) {
                event = upcaster.upcast(event);
            }
        }
        assert!(black_box(serde_json::from_value::<by_hand::V3>(event.payload)).is_ok());
    };
    let cases: Vec<Case<'_>> = vec![
        ("from_slice", Box::new(|| current(black_box(V3)))),
        ("from_slice, amounts as f64", Box::new(|| current_doubles(black_box(V3)))),
        ("generated, bounds included", Box::new(|| ours("v3.0", V3))),
        ("jsonschema, then from_value", Box::new(|| validated(black_box(V3)))),
    ];
    table("a current event, against `serde_json::from_slice`", cases);
    let cases: Vec<Case<'_>> = vec![
        ("by hand", Box::new(|| hand("v1.0", V1))),
        ("by hand, amounts as f64", Box::new(|| doubles("v1.0", V1))),
        ("generated, bounds included", Box::new(|| ours("v1.0", V1))),
        ("cqrs-es, 2 upcasters", Box::new(|| upcast(black_box(V1), &upcasters))),
        ("cqrs-es, 402 upcasters", Box::new(|| upcast(black_box(V1), &of_many))),
    ];
    table("v1 to v3, against hand-written `From`", cases);
}

/// Runs the cases in turns and prints each with its ratio to the first.
fn table(title: &str, cases: Vec<Case<'_>>) {
    let mut best = vec![f64::INFINITY; cases.len()];
    for _ in 0..ROUNDS {
        for ((_, case), best) in cases.iter().zip(&mut best) {
            let start = Instant::now();
            (0..EACH).for_each(|_| case());
            *best = best.min(start.elapsed().as_secs_f64() / f64::from(EACH));
        }
    }
    println!("\n{title}");
    for ((name, _), seconds) in cases.iter().zip(&best) {
        println!("{name:<30} {:>8.0} ns {:>7.2}", seconds * 1e9, seconds / best[0]);
    }
}

fn stored(payload: Value) -> SerializedEvent {
    SerializedEvent {
        aggregate_id: String::new(),
        sequence: 1,
        aggregate_type: String::new(),
        event_type: "OrderPlaced".into(),
        event_version: "1.0".into(),
        payload,
        metadata: Value::Null,
    }
}

/// The two hops as cqrs-es does them: on trees of JSON.
fn upcasters() -> Vec<SemanticVersionEventUpcaster> {
    let take =
        |payload: &mut Value, name: &str| payload.as_object_mut().and_then(|it| it.remove(name)).unwrap_or_default();
    vec![
        SemanticVersionEventUpcaster::new(
            "OrderPlaced",
            "2.0.0",
            Box::new(move |mut payload| {
                payload["customerRef"] = take(&mut payload, "customerId");
                payload["pricing"] = json!({"total": take(&mut payload, "total"), "currency": "EUR"});
                payload
            }),
        ),
        SemanticVersionEventUpcaster::new(
            "OrderPlaced",
            "3.0.0",
            Box::new(move |mut payload| {
                let name = take(&mut payload, "name");
                let mut parts = name.as_str().unwrap_or_default().split(' ');
                payload["first"] = parts.next().into();
                payload["last"] = parts.next().into();
                payload
            }),
        ),
    ]
}

/// Two hops each of so many other events, none of which is called.
fn upcasters_of_others(events: usize) -> Vec<SemanticVersionEventUpcaster> {
    let hops = |n| ["2.0.0", "3.0.0"].map(|to| (format!("Other{n}Placed"), to));
    let hop = |(name, to): (String, _)| SemanticVersionEventUpcaster::new(&name, to, Box::new(|payload| payload));
    (0..events).flat_map(hops).map(hop).collect()
}

/// The schema of the current version, as `isobar generate json-schema` writes it.
fn schema() -> Value {
    serde_json::from_str(include_str!("../schema.json")).expect("it is JSON")
}
