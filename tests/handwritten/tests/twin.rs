//! Events written by hand and their generated twins read the same samples, with the same results, and refuse the same payloads
//! with the same words.

use handwritten_events::{OrderEvent as ByHand, OrderPlaced, order_placed::OrderPlacedV1};
use isobar::{Command, Event, Events, Version, to_vec};
use serde_json::Value;
use shop_consumer::shop::ordering::{self, OrderEvent as Generated};

/// The samples of the seed documents: the event, its version, the payload.
const SAMPLES: [(&str, &str, &str); 5] = [
    ("OrderPlaced", "v1.0", include_str!("../../shop/samples/order_placed_v1_0.json")),
    ("OrderPlaced", "1.1", include_str!("../../shop/samples/order_placed_v1_1.json")),
    ("ordering.OrderPlaced", "v2.0", include_str!("../../shop/samples/order_placed_v2_0.json")),
    ("OrderAccepted", "1", include_str!("../../shop/samples/order_accepted_v1.json")),
    ("ordering.OrderAccepted", "v2", include_str!("../../shop/samples/order_accepted_v2.json")),
];

/// What comes of a payload: its event, its version and its text, or what is said of it.
fn outcome<E: Events>(name: &str, version: &str, payload: &str) -> Result<(String, Version, String), String> {
    let event = E::decode(name, version, payload.as_bytes()).map_err(|error| error.to_string())?;
    let text = event.encode().map_err(|error| error.to_string())?;
    Ok((event.name().to_owned(), event.version(), String::from_utf8(text).expect("JSON is UTF-8")))
}

/// The outcome that both have.
fn same(name: &str, version: &str, payload: &str) -> Result<(String, Version, String), String> {
    let by_hand = outcome::<ByHand>(name, version, payload);
    assert_eq!(by_hand, outcome::<Generated>(name, version, payload), "{name} {version} {payload}");
    by_hand
}

#[test]
fn samples_are_read_as_the_same() {
    let texts: Vec<String> =
        SAMPLES.iter().map(|(name, version, payload)| same(name, version, payload).unwrap().2).collect();
    let order = r#"{"orderId":"order_123","customerId":"customer_456","items":"#;
    let items = r#"[{"productId":"product_789","quantity":2,"unitPrice":49.99}]"#;
    assert_eq!(texts[0], format!(r#"{order}[],"pricing":{{"subtotal":99.99,"tax":0,"discount":0,"total":99.99}}}}"#));
    assert_eq!(texts[1], format!(r#"{order}[],"pricing":{{"subtotal":109.99,"tax":0,"discount":10,"total":99.99}}}}"#));
    assert_eq!(
        texts[2],
        format!(r#"{order}{items},"pricing":{{"subtotal":99.98,"tax":8,"discount":10,"total":97.98}}}}"#)
    );
    let accepted =
        r#"{"orderId":"order_1","customerId":"customer_1","amount":{"value":12.5,"currency":"USD"},"items":"#;
    assert_eq!(texts[3], format!("{accepted}[]}}"));
    assert_eq!(texts[4], format!(r#"{accepted}[{{"productId":"product_1","quantity":2,"unitPrice":6.25}}]}}"#));
}

#[test]
fn what_is_wrong_is_told_in_the_same_words() {
    let large = r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":99999999999999999999.99,"discountAmount":0.01}"#;
    let none = SAMPLES[2].2.replace(r#""quantity":2"#, r#""quantity":0"#);
    let table = [
        (
            "OrderPlaced",
            "v2.0",
            none.as_str(),
            "ordering.OrderPlaced v2.0: items[0].quantity: 0 is less than the minimum 1",
        ),
        ("OrderPlaced", "v3.0", "{}", r#"ordering.OrderPlaced has no version "v3.0"; known are v1.1, v2.0"#),
        ("OrderPlaced", "v0.1", "{}", r#"ordering.OrderPlaced has no version "v0.1"; known are v1.1, v2.0"#),
        ("OrderPlaced", "new", "{}", r#"ordering.OrderPlaced has no version "new"; known are v1.1, v2.0"#),
        (
            "OrderPlaced",
            "v1.1",
            large,
            "ordering.OrderPlaced v1.1 to v2.0: a computed number is too large or needs too many digits",
        ),
    ];
    for (name, version, payload, message) in table {
        assert_eq!(same(name, version, payload), Err(message.to_owned()));
    }
    let unknown = outcome::<ByHand>("OrderSent", "v1.0", "{}").unwrap_err();
    assert_eq!(
        unknown,
        "\"OrderSent\" is not a known event; known are OrderPlaced, ordering.OrderPlaced, OrderAccepted, ordering.OrderAccepted"
    );
}

/// Every member of every sample replaced by, or joined with, something else.
#[test]
fn damaged_samples_are_read_or_refused_alike() {
    let values =
        ["null", "0", "-1", "1.005", "1e2", "\"\"", "\"order_\"", "\"usd\"", "[]", "{}", "true", "1e30", "[null]"];
    let (mut read, mut refused) = (0, 0);
    for (name, version, payload) in SAMPLES {
        let whole: Value = serde_json::from_str(payload).expect("samples are JSON");
        for path in pointers(&whole, "") {
            for replacement in values {
                let mut damaged = whole.clone();
                *damaged.pointer_mut(&path).expect("it is there") = serde_json::from_str(replacement).expect("JSON");
                match same(name, version, &damaged.to_string()) {
                    Ok(_) => read += 1,
                    Err(_) => refused += 1,
                }
            }
        }
        for end in (0..payload.len()).filter(|end| payload.is_char_boundary(*end)) {
            assert!(same(name, version, &payload[..end]).is_err() || payload[end..].trim().is_empty());
        }
    }
    assert!(read > 20 && refused > 200, "{read} {refused}");
}

/// The JSON Pointer of every value in `value`.
fn pointers(value: &Value, at: &str) -> Vec<String> {
    let within: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (format!("{at}/{key}"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, value)| (format!("{at}/{i}"), value)).collect(),
        _ => Vec::new(),
    };
    let deeper = within.iter().flat_map(|(at, value)| pointers(value, at));
    [at.to_owned()].into_iter().chain(deeper).collect()
}

/// Members left out are told of alike.
#[test]
fn missing_members_are_told_of_alike() {
    for (name, version, payload) in SAMPLES {
        let whole: Value = serde_json::from_str(payload).expect("samples are JSON");
        for key in whole.as_object().expect("an object").keys() {
            let mut less = whole.clone();
            less.as_object_mut().expect("an object").remove(key);
            // The samples of v1.0 and v1.1 say their version, which no type has.
            let optional = matches!(key.as_str(), "currency" | "discountAmount" | "version");
            assert_eq!(same(name, version, &less.to_string()).is_ok(), optional, "{key}");
        }
    }
}

#[test]
fn both_know_the_same_versions() {
    assert_eq!(OrderPlaced::KNOWN, ordering::OrderPlaced::KNOWN);
    assert_eq!(
        (OrderPlaced::NAME, OrderPlaced::WIRE_NAME),
        (ordering::OrderPlaced::NAME, ordering::OrderPlaced::WIRE_NAME)
    );
    assert_eq!(<OrderPlaced as Events>::NAMES, <ordering::OrderPlaced as Events>::NAMES);
    assert_eq!((OrderPlaced::AGGREGATE, ordering::OrderPlaced::AGGREGATE), (Some("Order"), Some("Order")));
}

#[test]
fn an_old_major_is_an_event_too() {
    let old = OrderPlacedV1::decode_version(Version::new(1, 0), SAMPLES[0].2.as_bytes()).unwrap();
    let text = r#"{"orderId":"order_123","customerId":"customer_456","totalAmount":99.99,"currency":"USD","discountAmount":0}"#;
    assert_eq!(String::from_utf8(to_vec(&old).unwrap()).unwrap(), text, "handle_v1_0 of the seed");
}

#[test]
fn readers_of_the_first_major_get_the_same() {
    let older = |version: &str| {
        let (name, from, payload) = SAMPLES[2];
        let by_hand = ByHand::decode(name, from, payload.as_bytes()).unwrap();
        let generated = Generated::decode(name, from, payload.as_bytes()).unwrap();
        let written = by_hand.encode_as(version).map_err(|error| error.to_string());
        assert_eq!(written, generated.encode_as(version).map_err(|error| error.to_string()), "{version}");
        written.map(|text| String::from_utf8(text).unwrap())
    };
    let text = r#"{"orderId":"order_123","customerId":"customer_456","totalAmount":97.98,"currency":"USD","discountAmount":10}"#;
    assert_eq!(older("v1.1").as_deref(), Ok(text), "handle_v2_0 of the seed");
    assert_eq!(older("v2.0"), same(SAMPLES[2].0, SAMPLES[2].1, SAMPLES[2].2).map(|(.., text)| text));
    let accepted = ByHand::decode(SAMPLES[4].0, SAMPLES[4].1, SAMPLES[4].2.as_bytes()).unwrap();
    assert_eq!(
        accepted.encode_as("v1.0").unwrap_err().to_string(),
        "ordering.OrderAccepted has no way from v2.0 back to v1.0"
    );
}

#[test]
fn what_would_be_refused_is_not_written() {
    let (name, version, payload) = SAMPLES[2];
    let ByHand::OrderPlaced(mut by_hand) = ByHand::decode(name, version, payload.as_bytes()).unwrap() else { panic!() };
    let Generated::OrderPlaced(mut generated) = Generated::decode(name, version, payload.as_bytes()).unwrap() else {
        panic!()
    };
    (by_hand.items[0].quantity, generated.items[0].quantity) = (0, 0);
    let told = by_hand.encode().unwrap_err().to_string();
    assert_eq!(told, generated.encode().unwrap_err().to_string());
    assert_eq!(told, "items[0].quantity: 0 is less than the minimum 1");
}

/// What a command is called, whoever wrote it.
fn called<C: Command>() -> (&'static str, &'static str, Option<&'static str>) {
    (C::NAME, C::WIRE_NAME, C::AGGREGATE)
}

#[test]
fn commands_are_called_the_same() {
    #[derive(isobar::Command)]
    #[command(name = "ordering.CancelOrder", aggregate = "Order")]
    #[allow(dead_code, reason = "only its name is asked for")]
    struct CancelOrder {
        reason: String,
    }
    assert_eq!(called::<CancelOrder>(), called::<ordering::CancelOrder>());
}

/// An aggregate may hold both kinds of events.
#[derive(Debug, isobar::Aggregate)]
enum Mixed {
    OrderPlaced(OrderPlaced),
    OrderShipped(ordering::OrderShipped),
}

#[test]
fn both_meet_in_one_decode() {
    let shipped = r#"{"orderId":"order_1","trackingNumber":"T1","carrier":"post"}"#;
    assert!(matches!(Mixed::decode("OrderShipped", "v1.0", shipped.as_bytes()), Ok(Mixed::OrderShipped(_))));
    let placed = Mixed::decode(SAMPLES[0].0, SAMPLES[0].1, SAMPLES[0].2.as_bytes()).unwrap();
    assert!(matches!(&placed, Mixed::OrderPlaced(event) if event.items.is_empty()));
    assert_eq!(
        placed.encode().unwrap(),
        outcome::<Generated>(SAMPLES[0].0, SAMPLES[0].1, SAMPLES[0].2).unwrap().2.as_bytes()
    );
}
