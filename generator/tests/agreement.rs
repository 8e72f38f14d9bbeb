//! Generated code and the registry's interpreter are two readers of one model. They must accept the same payloads, give the same
//! result for each, and refuse the others at the same place: payloads are made from valid ones by breaking them one member at a time.

#![allow(deprecated, reason = "deprecated events are stored all the same")]

mod kinds {
    include!("fixtures/kinds/expected/isobar.rs");
}

mod names {
    include!("fixtures/names/expected/isobar.rs");
}

mod majors {
    include!("fixtures/majors/expected/isobar.rs");
}

mod across {
    include!("fixtures/across/expected/isobar.rs");
}

mod evolution {
    include!("fixtures/evolution/expected/isobar.rs");
    include!("fixtures/evolution/hooks.rs");
}

mod places {
    include!("fixtures/places/expected/isobar.rs");
}

use isobar::{DecodeError, EncodeAsError, Events};
use isobar_registry::{Workspace, evolution::Evolution, payload};
use serde_json::{Value, json};
use std::path::Path;

/// A message in one version: the fixture, the event, the version, and payloads that are fine.
type Case = (&'static str, &'static str, &'static str, Reader, Vec<Value>);
type Reader = fn(&str, &str, &[u8]) -> Result<Vec<Read>, DecodeError>;

type Older = dyn Fn(&str) -> Result<Vec<u8>, EncodeAsError>;

/// What was read: the event's name, the payload as it is written now, and the way to write it in another version.
struct Read {
    name: &'static str,
    json: String,
    encode_as: Box<Older>,
}

fn reader<E: Events + 'static>(name: &str, version: &str, json: &[u8]) -> Result<Vec<Read>, DecodeError> {
    let all = E::decode_all(name, version, json)?;
    match (E::decode(name, version, json), all.as_slice()) {
        (Ok(one), [only]) => assert_eq!(one.encode(), only.encode()),
        (Err(DecodeError::Became { events, .. }), all) if events.len() == all.len() => {}
        (other, all) => panic!("{:?} is not one of {}", other.map(drop), all.len()),
    }
    let read = |event: E| {
        let json = event.encode().expect("what was read can be written");
        let json = String::from_utf8(json).expect("JSON is text");
        Read { name: event.name(), json, encode_as: Box::new(move |version| event.encode_as(version)) }
    };
    Ok(all.into_iter().map(read).collect())
}

fn everything() -> Value {
    json!({
        "text": "five5", "flag": true, "whole": -5, "small": -2147483648, "count": 18446744073709551615_u64, "index": 4294967295_u32,
        "ratio": 0.5, "price": 0.1, "key": "67e55044-10b1-426f-9247-bb680e5fe0c8", "at": "2024-01-15T10:00:00.5+01:00",
        "day": "2024-02-29", "lasts": "P1DT2H", "data": "AQI=", "anything": {"a": [1.5, null]}, "anonymous": "anon_1", "order-id": "order_1"
    })
}

fn cases() -> Vec<Case> {
    let containers = json!({
        "names": ["a"], "matrix": [[1], []], "unique": [1.5, 2], "byName": {"a b": {"number": "1", "limit": 3}}, "lengths": [1, 2],
        "tags": ["x"], "nested": [[], [[]]], "maybe": ["b"]
    });
    let tree = json!({"value": 1, "left": {"value": 2, "others": []}, "others": [{"value": 3, "others": []}]});
    let named = json!({
        "currency": "EUR", "alias": "USD", "note": "", "title": "t", "quantity": 1, "rate": 0.25, "share": 0.5,
        "seen": "2024-01-15T10:00:00Z", "level": "2nd", "colour": "mauve", "payment": {"kind": "invoice", "dueIn": "P30D"}, "tree": tree,
        "expression": {"op": "negated", "inner": {"op": "number", "value": 1.25}}, "empty": {}
    });
    let inline = json!({
        "preferences": {"newsletter": true, "contact": {"phone": "1"}}, "status": "open", "detail": {"type": "short", "text": "t"}
    });
    let level_part = json!({"name": "a", "parts": [{"name": "b", "parts": [], "level": "high", "weight": 1.25}], "level": "low", "next": null});
    let counted = json!({
        "part": level_part, "payment": {"kind": "card", "number": "1", "level": "high"}, "parts": {"x": [level_part]}, "count": 2,
        "fee": 0.5, "ratio": 1.5, "wide": 7, "big": 9
    });
    let customer = json!({"id": "cust_1", "address": {"street": "s", "city": "c"}, "email": "e"});
    let mut cases: Vec<Case> = vec![
        ("kinds", "EverythingHappened", "v1.0", reader::<kinds::kinds::EverythingHappened>, vec![everything()]),
        ("kinds", "ContainersHappened", "v1.0", reader::<kinds::kinds::ContainersHappened>, vec![containers]),
        ("kinds", "NamedHappened", "v1.0", reader::<kinds::kinds::NamedHappened>, vec![named]),
        (
            "kinds",
            "DefaultsHappened",
            "v1.0",
            reader::<kinds::kinds::DefaultsHappened>,
            vec![
                json!({}),
                json!({"colour": "red", "card": {"number": "1"}, "payment": {"kind": "card", "number": "2"}, "tree": tree, "level2": "low"}),
            ],
        ),
        ("kinds", "InlineHappened", "v1.0", reader::<kinds::kinds::InlineHappened>, vec![inline]),
        ("kinds", "NothingHappened", "v1.0", reader::<kinds::kinds::NothingHappened>, vec![json!({"unknown": 1})]),
        (
            "names",
            "Super",
            "v1.0",
            reader::<names::super_::Super>,
            vec![json!({"sku": "sku_1", "option": {"value": "v"}})],
        ),
        (
            "majors",
            "OrderPlaced",
            "v1.0",
            reader::<majors::sales::OrderEvent>,
            vec![
                json!({"orderId": "order_1", "total": 1000.5, "name": "Ada Lovelace", "tags": ["a", "b"], "region": "North"}),
            ],
        ),
        (
            "majors",
            "OrderPlaced",
            "v2.0",
            reader::<majors::sales::OrderEvent>,
            vec![json!({
                "orderId": "order_1", "pricing": {"total": 1, "currency": "USD"}, "name": "Ada", "level": "high", "colour": "pink",
                "lines": [{"sku": "sku_1", "quantity": 2, "price": 0.25}], "tags": ["x"], "region": "north"
            })],
        ),
        (
            "majors",
            "CustomerMoved",
            "v1.0",
            reader::<majors::sales::CustomerMoved>,
            vec![json!({"address": {"street": "a"}, "previous": {"street": "b"}}), json!({"address": {"street": "a"}})],
        ),
        ("majors", "Counted", "v1.0", reader::<majors::sales::Counted>, vec![counted]),
        (
            "across",
            "InvoiceSent",
            "v1.0",
            reader::<across::billing::InvoiceSent>,
            vec![json!({"invoiceId": "inv_1", "customer": customer, "amount": {"value": 1.5, "currency": "USD"}})],
        ),
        (
            "across",
            "InvoiceSent",
            "v2.0",
            reader::<across::billing::InvoiceSent>,
            vec![json!({"invoiceId": "inv_1", "customer": customer, "total": {"value": 1.5}, "status": "paid"})],
        ),
    ];
    cases.extend(evolved());
    cases
}

fn evolved() -> Vec<Case> {
    use evolution::club::{MemberEvent, Resized, Scaled};
    let case = |event, version, read: Reader, payload| -> Case { ("evolution", event, version, read, vec![payload]) };
    let joined = json!({"memberId": "m_1", "name": "Ada Lovelace", "region": "north"});
    let enrolled = json!({
        "memberId": "m_1", "first": "Ada", "last": "L", "level": "gold", "nickname": "n", "invitedBy": "m_2"
    });
    let settled = json!({"memberId": "m_1", "amount": 1.5, "currency": "EUR"});
    vec![
        case("Joined", "v1.0", reader::<MemberEvent>, joined),
        case("Enrolled", "v2.1", reader::<MemberEvent>, enrolled),
        case("Settled", "v1.0", reader::<MemberEvent>, settled),
        case("Closed", "v1.0", reader::<MemberEvent>, json!({"memberId": "m_1", "reason": "it is closed"})),
        case("Grown", "v1.0", reader::<MemberEvent>, json!({"memberId": "m_1", "by": 3})),
        case("Shrunk", "v1.0", reader::<Resized>, json!({"memberId": "m_1", "less": 3})),
        case("Resized", "v1.0", reader::<MemberEvent>, json!({"memberId": "m_1", "by": 3})),
        case("Scaled", "v1.0", reader::<Scaled>, json!({"memberId": "m_1", "names": ["a", "b"]})),
        case("Scaled", "v3.0", reader::<Scaled>, json!({"memberId": "m_1", "size": 2})),
    ]
}

/// The value with one thing in it changed, for every thing in it.
fn broken(value: &Value) -> Vec<Value> {
    let mut out: Vec<Value> = [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "0.001",
        "1e2",
        "1e20",
        "1e24",
        "1e400",
        "12345678901234567890123456789",
        "\"\"",
        "\"x\"",
        "\"order_\"",
        "[]",
        "[[]]",
        "{}",
        "{\"kind\":\"cash\"}",
        "\"2024-02-30\"",
        "\"toolongtext\"",
    ]
    .iter()
    .filter_map(|text| serde_json::from_str(text).ok())
    .collect();
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let mut without = members.clone();
                without.remove(key);
                out.push(Value::Object(without));
                for other in broken(inner) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), other);
                    out.push(Value::Object(changed));
                }
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                for other in broken(item) {
                    let mut changed = items.clone();
                    changed[i] = other;
                    out.push(Value::Array(changed));
                }
                let mut twice = items.clone();
                twice.push(item.clone());
                out.push(Value::Array(twice));
            }
        }
        _ => {}
    }
    out
}

#[test]
fn generated_code_and_the_interpreter_agree() {
    let (mut accepted, mut refused, mut older) = (0, 0, 0);
    for (fixture, event, version, read, payloads) in cases() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture).join("schemas");
        let workspace = Workspace::open(&folder);
        let evolution = workspace.find(event).expect("the event is there");
        let from = version.parse().expect("a version");
        for payload in payloads {
            let text = payload.to_string();
            assert!(read(event, version, text.as_bytes()).is_ok(), "{event} {version}: {text}");
            for other in broken(&payload).into_iter().chain([payload]) {
                let text = other.to_string();
                let generated = read(event, version, text.as_bytes());
                let interpreted = payload::upcast_all(&workspace, evolution, from, text.as_bytes());
                match (generated, interpreted) {
                    (Ok(generated), Ok(interpreted)) => {
                        assert_eq!(generated.len(), interpreted.len(), "{event} {version}: {text}");
                        for (generated, interpreted) in generated.iter().zip(interpreted) {
                            let (name, json) = (interpreted.name.name, interpreted.json);
                            assert_eq!((generated.name, &generated.json), (&*name, &json), "{event} {version}: {text}");
                            older += written_alike(generated, workspace.find(&name).expect("the event is there"));
                        }
                        accepted += 1;
                    }
                    (
                        Err(DecodeError::Payload { source: generated, .. }),
                        Err(payload::Refused::Payload { source, .. }),
                    ) => {
                        assert_eq!(generated.to_string(), source.to_string(), "{event} {version}: {text}");
                        refused += 1;
                    }
                    (
                        Err(DecodeError::Upcast { from: a, to: b, source, .. }),
                        Err(payload::Refused::Hop { from: x, to: y, source: other }),
                    ) => {
                        assert_eq!((a.to_string(), b.to_string()), (x.to_string(), y.to_string()), "{event}: {text}");
                        assert_eq!(source, other, "{event}: {text}");
                        refused += 1;
                    }
                    (generated, interpreted) => {
                        panic!("{event} {version}: {text}\n{:?}\n{interpreted:?}", generated.map(|all| all.len()))
                    }
                }
            }
        }
    }
    assert!(accepted > 300 && refused > 1000, "{accepted} accepted, {refused} refused");
    assert!(older > 500, "{older} written in older versions");
}

/// An event written in every version that there is and one that there is not, by both; how many of them it could be.
fn written_alike(event: &Read, evolution: &Evolution) -> usize {
    let newest = evolution.newest().expect("there is a version").version;
    let versions = evolution.versions.iter().map(|known| known.version).chain([newest.next_major()]);
    let mut written = 0;
    for version in versions {
        let generated = (event.encode_as)(&version.to_string()).map(|it| String::from_utf8(it).expect("JSON is text"));
        let interpreted = payload::upcast(evolution, newest, Some(version), event.json.as_bytes());
        let pair = |a: &dyn ToString, b: &dyn ToString| (a.to_string(), b.to_string());
        match (generated, interpreted) {
            (Ok(generated), Ok(interpreted)) => {
                assert_eq!(generated, interpreted, "{} as {version}", event.json);
                written += 1;
            }
            (Err(EncodeAsError::UnknownVersion { .. }), Err(payload::Refused::UnknownVersion { .. })) => {}
            (Err(EncodeAsError::NoWay { from, to, .. }), Err(payload::Refused::NoWay { from: a, to: b })) => {
                assert_eq!(pair(&from, &to), pair(&a, &b), "{} as {version}", event.json);
            }
            (
                Err(EncodeAsError::Downcast { from, to, source, .. }),
                Err(payload::Refused::Hop { from: a, to: b, source: other }),
            ) => {
                assert_eq!(pair(&from, &to), pair(&a, &b), "{} as {version}", event.json);
                assert_eq!(source, other, "{} as {version}", event.json);
            }
            (generated, interpreted) => panic!("{} as {version}\n{generated:?}\n{interpreted:?}", event.json),
        }
    }
    written
}

/// What does not fit is told with its path in the new version, which members of the notation may have other names than in JSON; the
/// first one in declared order. Values that are not for logs are in no error of generated code.
#[test]
fn what_does_not_fit_is_told_where_it_would_stand() {
    use places::places::Moved;
    let workspace = Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/places/schemas"));
    let evolution = workspace.find("Moved").expect("the event is there");
    let (old, new) = (evolution.majors[0].version, evolution.majors[1].version);
    let upcast = |low: &str, high: &str, name: &str, count: i64| {
        let json = json!({"name": name, "low-name": low, "high": high, "count": count}).to_string();
        let interpreted = payload::upcast(evolution, old, None, json.as_bytes());
        (Moved::decode("Moved", "v1.0", json.as_bytes()), interpreted)
    };
    #[rustfmt::skip]
    let table = [
        ("Q", "a", "a", 9, "address.zip: \"q\" does not match the pattern ^[^q]*$"),
        ("a", "a", "a", 10, "address.how many: 11 is greater than the maximum 10"),
        ("a", "a", "a", 6, "the second.how many: 12 is greater than the maximum 10"),
        ("a", "a", "a", 4, "the second.next.how many: 12 is greater than the maximum 10"),
        ("a", "a", "a", 3, "third.how many: 12 is greater than the maximum 10"),
        ("a", "Q", "a", 1, "codes[1]: \"q\" does not match the pattern ^[^q]*$"),
    ];
    for (low, high, name, count, expected) in table {
        let (Err(DecodeError::Upcast { source, .. }), Err(payload::Refused::Hop { source: other, .. })) =
            upcast(low, high, name, count)
        else {
            panic!("{expected}")
        };
        assert_eq!((source.to_string().as_str(), &source), (expected, &other));
    }
    let (generated, interpreted) = upcast("a", "a", "Q", 1);
    let secret = "v1.0 to v2.0: secret: \"<pii>\" does not match the pattern ^[^q]*$";
    assert_eq!(generated.unwrap_err().to_string(), format!("places.Moved {secret}"));
    assert_eq!(interpreted.unwrap_err().to_string(), secret.replace("<pii>", "q"));

    let (generated, interpreted) = upcast("abcdefgh", "a", "a", 1);
    let (generated, json) = (generated.expect("it fits"), interpreted.expect("it fits"));
    let Err(EncodeAsError::Downcast { source, .. }) = generated.encode_as("v1.0") else { panic!("{json}") };
    let Err(payload::Refused::Hop { source: other, .. }) = payload::upcast(evolution, new, Some(old), json.as_bytes())
    else {
        panic!("{json}")
    };
    assert_eq!(source.to_string(), "low-name: has 16 characters, more than the maximum 8");
    assert_eq!(source, other);
}

proptest::proptest! {
    /// What is made in memory is refused before it is written if and only if its reader would refuse it, at the same place and for
    /// the same reason.
    #[test]
    fn what_is_written_is_what_is_read(
        text in "[a-zé]{0,7}", whole in -8_i64..3, ratio in -0.5..1.5_f64, price in (-2_i64..12_345, 0_u32..5),
        data in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..6), anonymous in "(anon_)?[a-b]{0,2}",
    ) {
        use isobar::{Decimal, Encode, Writer, from_slice, to_vec};
        use kinds::kinds::EverythingHappened;
        let mut event: EverythingHappened = from_slice(everything().to_string().as_bytes()).expect("it is fine");
        (event.text, event.whole, event.ratio) = (text, whole, ratio);
        (event.price, event.data, event.anonymous) = (Decimal::new(price.0, price.1), isobar::Bytes(data), anonymous);
        let mut w = Writer::new();
        Encode::encode(&event, &mut w);
        let unchecked = w.finish().expect("all numbers are finite");
        let read = from_slice::<EverythingHappened>(&unchecked);
        match to_vec(&event) {
            Ok(written) => {
                proptest::prop_assert_eq!(written, unchecked);
                proptest::prop_assert_eq!(read, Ok(event));
            }
            Err(error) => {
                proptest::prop_assert_eq!(read.map_err(|invalid| invalid.to_string()), Err(error.to_string()));
            }
        }
    }
}
