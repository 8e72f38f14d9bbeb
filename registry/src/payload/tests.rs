use super::*;
use crate::{
    Workspace,
    compat::Record,
    testing::{folder, report, types, version},
};
use isobar_model::{Diagnostic, Severity, expr};
use std::path::Path;

fn open(model: &str) -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(model);
    let workspace = Workspace::open(&root);
    assert!(!workspace.diagnostics.has_errors(), "{}", report(&workspace));
    workspace
}

fn v(text: &str) -> Version {
    text.parse().unwrap()
}

fn told(outcome: Result<String, Refused>) -> String {
    outcome.unwrap_or_else(|refused| format!("refused: {refused}"))
}

/// The samples of the design documents, through all versions.
#[test]
fn old_orders_are_read_as_new_ones() {
    let shop = open("shop");
    let placed = shop.find("ordering.OrderPlaced").unwrap();
    let up = |from: &str, json: &str| told(upcast(placed, v(from), None, json.as_bytes()));
    let v1_0 = r#"{"orderId":"order_123","customerId":"customer_456","totalAmount":99.99}"#;
    let v2_0 = r#"{"orderId":"order_123","customerId":"customer_456","items":[],"pricing":{"subtotal":99.99,"tax":0,"discount":0,"total":99.99}}"#;
    assert_eq!(up("v1.0", v1_0), v2_0);
    let v1_1 = r#"{"orderId":"order_123","customerId":"customer_456","totalAmount":89.99,"currency":"EUR","discountAmount":10.00}"#;
    let discounted = r#"{"orderId":"order_123","customerId":"customer_456","items":[],"pricing":{"subtotal":99.99,"tax":0,"discount":10,"total":89.99}}"#;
    assert_eq!(up("v1.1", v1_1), discounted);
    assert_eq!(up("v2.0", discounted), discounted);
    // A minor that is not known yet is read by the newest reader of its major.
    assert_eq!(up("v1.7", v1_0), v2_0);
    let back = told(upcast(placed, v("v2.0"), Some(v("v1.1")), discounted.as_bytes()));
    assert_eq!(back, v1_1.replace("EUR", "USD").replace("10.00", "10"));
    let back = told(upcast(placed, v("v2.0"), Some(v("v1.0")), v2_0.as_bytes()));
    assert_eq!(back, v1_0);
    assert_eq!(placed.majors[1].lossy, ["currency"]);

    let accepted = shop.find("OrderAccepted").unwrap();
    let json = br#"{"orderId":"order_1","customerId":"customer_1","amount":12.50}"#;
    assert_eq!(
        told(upcast(accepted, v("v1.0"), None, json)),
        r#"{"orderId":"order_1","customerId":"customer_1","amount":{"value":12.5,"currency":"USD"},"items":[]}"#
    );
    let bank = open("bank");
    let opened = bank.find("AccountOpened").unwrap();
    assert_eq!(
        told(upcast(opened, v("v1.0"), None, br#"{"accountId":"acc_1","balance":0}"#)),
        r#"{"accountId":"acc_1","ownerId":"own_unknown","initialBalance":0}"#
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let shop = open("shop");
    let placed = shop.find("ordering.OrderPlaced").unwrap();
    let up = |from: &str, to: Option<&str>, json: &str| told(upcast(placed, v(from), to.map(v), json.as_bytes()));
    #[rustfmt::skip]
    let table = [
        ("v3.0", None, "{}", "ordering.OrderPlaced has no version v3.0; known are v1.0, v1.1, v2.0"),
        ("v1.0", Some("v1.2"), "{}", "ordering.OrderPlaced has no version v1.2; known are v1.0, v1.1, v2.0"),
        ("v1.0", None, "{}", "not a payload of v1.0: orderId: is missing"),
        ("v1.0", None, "[", "not a payload of v1.0: payload: not JSON"),
        ("v1.0", None, r#"{"orderId":"1"}"#, r#"not a payload of v1.0: orderId: "1" is not "order_" followed by text"#),
        ("v1.0", None, r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1,"totalAmount":1}"#, "not a payload of v1.0: totalAmount: occurs twice"),
        ("v1.1", None, r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1,"currency":"eur"}"#, "not a payload of v1.1: currency: \"eur\" does not match the pattern ^[A-Z]{3}$"),
        ("v1.0", None, r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1} x"#, "not a payload of v1.0: payload: not JSON"),
        ("v1.1", None, r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":99999999999999999999.99,"discountAmount":0.01}"#, "v1.1 to v2.0: a computed number is too large or needs too many digits"),
    ];
    for (from, to, json, expected) in table {
        let found = up(from, to, json);
        assert!(found.starts_with(&format!("refused: {expected}")), "{json}: {found}");
    }
}

/// Each function and operator, from fields of the old version to one field `x` of the new one.
#[test]
fn expressions_have_their_values() {
    let old_fields = "{ a: decimal(2), b: int, s: string, o: int?, l: list<string>, f: float, t: timestamp, u: timestamp, c: bool, \
        m: { fields: { p: { type: int, wire: pp }, q: int } }, e: { enum: [red] }, n: { oneof: { k: { fields: { z: int } } }, tag: t1 }, d: duration, \
        w: { type: string, min_length: 3 } }";
    let payload = r#"{"a":12.50,"b":3,"s":"Ann Lee","l":["x","y"],"f":0.5,"t":"2024-01-01T00:00:00Z","u":"2024-01-01T00:30:00+01:00","c":true,
        "m":{"pp":1,"q":2},"e":"red","n":{"t1":"k","z":7},"d":"PT1H","w":"abc"}"#;
    #[rustfmt::skip]
    let table = [
        ("decimal(2)", "$a + $b", "15.5"),
        ("decimal(4)", "($a - 0.5) * $b * 0.5", "18"),
        ("int", "-$b", "-3"),
        ("float", "$f * 3 - 1", "0.5"),
        ("string", "\"split($s, ' ', 1) + '!'\"", "\"Lee!\""),
        ("string", "\"split($s, ' ', 5)\"", "\"\""),
        ("string", "\"join($l, '-')\"", "\"x-y\""),
        ("string", "upper($s)", "\"ANN LEE\""),
        ("string", "lower($s)", "\"ann lee\""),
        ("int", "cents($a)", "1250"),
        ("int", "len($s) + len($l)", "9"),
        ("int", "$o ?? 5", "5"),
        ("int?", "$o", ""),
        ("bool", "$a > 12 && !($b == 4)", "true"),
        ("bool", "$c || $o == 1", "true"),
        // What no value of the type is: not equal, and no error.
        ("bool", "$w == ab", "false"),
        ("bool", "$t > $u", "true"),
        ("bool", "$t <= $u", "false"),
        ("list<int>", "[$b, 4]", "[3,4]"),
        ("decimal(1)", "$b", "3"),
        ("json", "$m", "{\"pp\":1,\"q\":2}"),
        ("map<int>", "{}", "{}"),
        ("{ fields: { q: decimal(1), p: int, r: int = 9 } }", "$m", "{\"q\":2,\"p\":1,\"r\":9}"),
        ("{ enum: [red, blue] }", "$e", "\"red\""),
        ("{ oneof: { k: { fields: { z: decimal(1) } }, j: { fields: {} } }, tag: t1 }", "$n", "{\"t1\":\"k\",\"z\":7}"),
        ("duration", "$d", "\"PT1H\""),
    ];
    for (ty, text, expected) in table {
        let outcome = one_hop(old_fields, ty, text, payload);
        let expected = if expected.is_empty() { "{}".to_owned() } else { format!("{{\"x\":{expected}}}") };
        assert_eq!(outcome, expected, "{text}");
    }
    // Fits no more, or is not known here.
    let refused = |ty: &str, text: &str| one_hop(old_fields, ty, text, payload);
    assert_eq!(
        refused("{ type: int, max: 2 }", "$b * $b"),
        "refused: v1.0 to v2.0: x: 9 is greater than the maximum 2"
    );
    assert_eq!(
        refused("int", "fn(my_hook)"),
        "refused: v1.0 to v2.0: `fn(my_hook)` is written in Rust, and only the program that holds it can run it"
    );
}

fn one_hop(old_fields: &str, ty: &str, text: &str, payload: &str) -> String {
    let names = ["a", "b", "s", "o", "l", "f", "t", "u", "c", "m", "e", "n", "d", "w"];
    let removed: Vec<&str> =
        names.into_iter().filter(|it| !text.contains(&format!("${it}")) && !text.starts_with("fn")).collect();
    let storm = format!(
        "context: shop\nevents:\n  E:\n    version: v2.0\n    fields: {{ x: {ty} }}\n    upgrade:\n      x: {text}\n    removed: [{}]\n",
        removed.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    );
    let history = format!("event: shop.E\nversion: v1.0\nfields: {old_fields}\nexamples: [{payload}]\n");
    let folder = folder(&[
        ("isobar.yaml", "workspace: test\n"),
        ("shop.storm.yaml", &storm),
        ("history/shop/E/v1.0.yaml", &history),
    ]);
    crate::history::adopt(&Workspace::open(folder.path())).unwrap();
    let workspace = Workspace::open(folder.path());
    // An upgrade that is too narrow for some payload runs for others.
    let other = |it: &Diagnostic| it.severity() == Severity::Error && it.code.name != "upgrade-fails";
    assert!(!workspace.diagnostics.iter().any(other), "{text}\n{}", report(&workspace));
    told(upcast(workspace.find("E").unwrap(), v("v1.0"), None, payload.as_bytes()))
}

#[test]
fn text_is_read_into_one_form() {
    let fields = "{ u: uuid, t: timestamp, d: decimal(2), j: json, b: bytes, m: map<int>, s: set<uuid>, y: duration }";
    let version = version("{}", fields);
    let record = Record { types: &version.types, fields: version.event.fields.as_deref().unwrap() };
    let json = r#" { "u": "01890A5D-AC96-774B-BCCE-B302099A8057", "t": "2024-01-15t10:30:00+02:00", "d": -0.10, "j": { "n": 1.00 },
        "b": "AAE=", "m": { "b": 1, "a": 2 }, "s": [], "y": "PT90S", "more": [] } "#;
    assert_eq!(
        write(&read(json.as_bytes(), record).unwrap()).unwrap(),
        r#"{"u":"01890a5d-ac96-774b-bcce-b302099a8057","t":"2024-01-15T08:30:00Z","d":-0.1,"j":{"n":1.00},"b":"AAE=","m":{"a":2,"b":1},"s":[],"y":"PT1M30S"}"#
    );
    let twice = json.replace(
        "\"s\": []",
        r#""s": ["01890A5D-AC96-774B-BCCE-B302099A8057", "01890a5d-ac96-774b-bcce-b302099a8057"]"#,
    );
    assert_eq!(read(twice.as_bytes(), record).unwrap_err().to_string(), "s[1]: is equal to an earlier item of the set");
}

#[test]
fn defaults_inside_of_types_are_filled_in() {
    let types = types();
    let version = version(
        "{ Card: { fields: { no: string, color: string = red } } }",
        "{ a: list<Card>, b: { type: Card, default: { no: x } } }",
    );
    let record = Record { types: &version.types, fields: version.event.fields.as_deref().unwrap() };
    assert_eq!(
        write(&read(br#"{"a": [{"no": "1"}]}"#, record).unwrap()).unwrap(),
        r#"{"a":[{"no":"1","color":"red"}],"b":{"no":"x","color":"red"}}"#
    );
    assert!(types.0.len() > 1);
}

#[test]
fn endless_nesting_is_refused() {
    let version = version("{ Node: { fields: { next: Node? } } }", "{ node: Node, any: json }");
    let record = Record { types: &version.types, fields: version.event.fields.as_deref().unwrap() };
    let deep = format!("{{\"node\":{}", "{\"next\":".repeat(100_000));
    assert!(read(deep.as_bytes(), record).unwrap_err().to_string().contains("is nested deeper than"));
    let deep = format!("{{\"any\":{}", "[".repeat(100_000));
    assert!(read(deep.as_bytes(), record).unwrap_err().to_string().contains("is nested deeper than"));
}

#[test]
fn versions_validate_their_own_payloads() {
    let shop = open("shop");
    let placed = shop.find("ordering.OrderPlaced").unwrap();
    let json = br#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1}"#;
    assert_eq!(validate(placed.version(v("v1.0")).unwrap(), json), Ok(()));
    let refused = validate(placed.version(v("v2.0")).unwrap(), json).unwrap_err();
    assert_eq!(refused.to_string(), "items: is missing");
}

/// The interpreter and the checker agree on what a literal is: a default that checks is one that is read.
#[test]
fn a_default_is_a_payload_of_its_type() {
    for event in [
        "{ a: timestamp = 2024-01-15T10:30:00Z }",
        "{ a: { type: set<int>, default: [] } }",
        "{ a: json = null }",
        "{ a: float = 2 }",
    ] {
        let version = version("{}", event);
        let record = Record { types: &version.types, fields: version.event.fields.as_deref().unwrap() };
        let data = read(b"{}", record).unwrap();
        let again = read(write(&data).unwrap().as_bytes(), record).unwrap();
        assert_eq!(data, again, "{event}");
        let mismatches = expr::mismatches((record.types, record.fields), (record.types, record.fields));
        assert!(mismatches.is_empty());
    }
}

#[test]
fn examples_are_read_by_their_version() {
    let storm = "context: shop
events:
  E:
    fields: { at: set<timestamp>, n: int? }
    examples:
      - { at: [2024-01-15T10:30:00Z, 2024-01-15T11:30:00Z], n: 1 }
      - { at: [2024-01-15T10:30:00Z, 2024-01-15T11:30:00+01:00] }
";
    let folder = folder(&[("isobar.yaml", "workspace: test\n"), ("shop.storm.yaml", storm)]);
    insta::assert_snapshot!("examples", report(&Workspace::open(folder.path())));
}
