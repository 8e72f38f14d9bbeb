//! The derived JSON Schema accepts what the derived `Decode` reads, and `schemars`' own derive goes together with ours.

use isobar::{
    Bytes, Date, Decimal, Decode, Duration, Encode, JsonSchema, Set, Timestamp, Uuid, from_slice, schemars::schema_for,
};
use std::collections::BTreeMap;

/// A node.
#[derive(Encode, Decode, JsonSchema)]
#[allow(dead_code, reason = "only read")]
struct Node {
    /// Its text.
    #[isobar(min_length = 2, max_length = 3)]
    text: String,
    #[isobar(min = 1, max = 9)]
    small: i32,
    big: u64,
    #[isobar(min = -0.5)]
    ratio: f64,
    #[isobar(scale = 2, min = 0, max = 10.5)]
    price: Decimal,
    #[isobar(scale = 0, max_length = 2)]
    counts: Vec<Decimal>,
    #[isobar(min_length = 2, max_length = 4)]
    image: Bytes,
    at: Timestamp,
    on: Option<Date>,
    took: Option<Duration>,
    uuid: Option<Uuid>,
    #[isobar(default)]
    tags: Set<i64>,
    #[isobar(max_length = 1, default)]
    labels: BTreeMap<String, bool>,
    id: NodeId,
    level: Option<Level>,
    colour: Option<Colour>,
    pay: Option<Pay>,
    next: Option<Box<Node>>,
    #[isobar(default = 7)]
    count: i64,
}

#[derive(Encode, Decode, JsonSchema)]
#[isobar(prefix = "a.b", pattern = "[0-9]$")]
struct NodeId(String);

#[derive(Encode, Decode, JsonSchema)]
enum Level {
    Low,
    High,
}

#[derive(Encode, Decode, JsonSchema)]
#[isobar(open)]
enum Colour {
    Red,
    Unknown(String),
}

#[derive(Encode, Decode, JsonSchema)]
#[isobar(tag = "kind")]
enum Pay {
    Card(Card),
    Invoice { days: u32 },
    Cash,
}

#[derive(Encode, Decode, JsonSchema)]
struct Card {
    number: Option<String>,
}

const NODE: &str = r#"{"text":"ab","small":1,"big":0,"ratio":0,"price":1.5,"counts":[1],"image":"AAA=","at":"2024-01-15T10:30:00Z","id":"a.b1"}"#;

fn read(text: &str) -> bool {
    from_slice::<Node>(text.as_bytes()).is_ok()
}

/// Each member with values that are read and values that are not.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("text", &["\"ab\"", "\"éé\""], &["\"a\"", "\"abcd\"", "1", "null"]),
    ("small", &["1", "9", "2.0"], &["0", "10", "1.5", "\"1\"", "null"]),
    ("big", &["18446744073709551615"], &["-1", "18446744073709551616"]),
    ("ratio", &["-0.5", "1e3"], &["-0.6", "\"1\""]),
    ("price", &["0", "10.50"], &["10.51", "-0.01", "0.001"]),
    ("counts", &["[]", "[1, 2.0]"], &["[0.5]", "[1, 2, 3]", "{}"]),
    ("image", &["\"AAA=\"", "\"AAAAAA==\""], &["\"AA==\"", "\"AAAAAAA=\"", "\"AAA\""]),
    ("at", &["\"2024-01-15T10:30:00+01:00\""], &["\"2024-01-15\"", "\"2024-02-30T10:30:00Z\""]),
    ("on", &["null", "\"2024-02-29\""], &["\"2023-02-29\"", "1"]),
    ("took", &["\"PT0.5S\""], &["\"P1M\""]),
    ("uuid", &["\"01890a5d-ac96-774b-bcce-b302099a8057\""], &["\"01890a5dac96774bbcceb302099a8057\""]),
    ("tags", &["[]", "[1, 2]"], &["[1, 1]", "null"]),
    ("labels", &["{}", "{\"a\": true}"], &["{\"a\": 1}", "{\"a\": true, \"b\": true}"]),
    ("id", &["\"a.b1\""], &["\"a.b\"", "\"axb1\"", "\"a.bx\""]),
    ("level", &["null", "\"low\""], &["\"Low\"", "\"medium\""]),
    ("colour", &["\"red\"", "\"blue\""], &["1"]),
    (
        "pay",
        &["{\"kind\": \"cash\"}", "{\"kind\": \"card\"}", "{\"kind\": \"invoice\", \"days\": 3}"],
        &["{\"kind\": \"invoice\"}", "{\"kind\": \"cheque\"}", "{}", "{\"kind\": \"card\", \"number\": 1}"],
    ),
    ("next", &["null"], &["{}"]),
    ("count", &["1"], &["null", "0.5"]),
    ("unheard", &["1", "null"], &[]),
];

#[test]
fn the_schema_accepts_what_is_read() {
    let schema = schema_for!(Node);
    assert!(jsonschema::meta::is_valid(schema.as_value()), "{schema:?}");
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    let validator = options.build(schema.as_value()).unwrap();
    let whole: serde_json::Map<String, serde_json::Value> = serde_json::from_str(NODE).unwrap();
    assert!(read(NODE) && validator.is_valid(&whole.clone().into()));
    for (key, good, bad) in TABLE {
        for (value, fine) in good.iter().map(|value| (value, true)).chain(bad.iter().map(|value| (value, false))) {
            let mut members = whole.clone();
            members.insert((*key).to_owned(), serde_json::from_str(value).unwrap());
            let payload = serde_json::Value::Object(members);
            assert_eq!(read(&payload.to_string()), fine, "reading {key} = {value}");
            assert_eq!(validator.is_valid(&payload), fine, "validating {key} = {value}");
        }
    }
    for key in whole.keys() {
        let mut members = whole.clone();
        members.remove(key);
        let payload = serde_json::Value::Object(members);
        assert!(!read(&payload.to_string()) && !validator.is_valid(&payload), "without {key}");
    }
    assert_eq!(schema.get("description"), Some(&"A node.".into()));
    assert_eq!(schema.pointer("/properties/text/description"), Some(&"Its text.".into()));
    assert_eq!(schema.pointer("/properties/count/default"), Some(&7.into()));
}

isobar::id! {
    /// Identifies an order.
    struct OrderId("order_");
}

/// Described by the derive of `schemars`, read by ours.
#[derive(Decode, schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code, reason = "only read")]
struct Theirs {
    order_id: OrderId,
    #[schemars(with = "isobar::json_schema::Decimal<2>")]
    #[isobar(scale = 2)]
    unit_price: Decimal,
    at: Timestamp,
    image: Bytes,
    tags: Set<String>,
    card: Card,
}

#[test]
fn the_derive_of_schemars_goes_together_with_ours() {
    let schema = schema_for!(Theirs);
    let validator = jsonschema::options().should_validate_formats(true).build(schema.as_value()).unwrap();
    let payload =
        r#"{"orderId":"order_1","unitPrice":1.5,"at":"2024-01-15T10:30:00Z","image":"AA==","tags":["a"],"card":{}}"#;
    let wrong = [
        ("order_1", "1"),
        ("1.5", "1.005"),
        ("T10", " 10"),
        ("AA==", "AA"),
        (r#"["a"]"#, r#"["a","a"]"#),
        ("{}", r#"{"number":1}"#),
    ];
    for (payload, fine) in
        [(payload.to_owned(), true)].into_iter().chain(wrong.map(|(a, b)| (payload.replace(a, b), false)))
    {
        assert_eq!(from_slice::<Theirs>(payload.as_bytes()).is_ok(), fine, "{payload}");
        assert_eq!(validator.is_valid(&serde_json::from_str(&payload).unwrap()), fine, "{payload}");
    }
}
