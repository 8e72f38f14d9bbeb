//! What the reader accepts, held against `serde_json`; what the writer writes, held against the reader.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::*;
use crate::{Problem, unknown_tag};

fn refusal<T: Decode>(json: &str) -> String {
    from_slice::<T>(json.as_bytes()).map(drop).unwrap_err().to_string()
}

/// As generated: a union by tag, with a recursive branch.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Leaf(Option<i64>),
    Node(Vec<Tree>),
}

impl Decode for Tree {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        let tag = r.tag("kind")?;
        let (mut value, mut items) = (None, None);
        r.begin_object()?;
        match tag.as_str() {
            "leaf" => {
                while r.next_key(&["value"])?.is_some() {
                    r.optional("value", &mut value, |r| r.i64())?;
                }
                Ok(Self::Leaf(value.flatten()))
            }
            "node" => {
                while r.next_key(&["items"])?.is_some() {
                    r.member("items", &mut items, Decode::decode)?;
                }
                Ok(Self::Node(required("items", items)?))
            }
            other => Err(unknown_tag("kind", other, &["leaf", "node"])),
        }
    }
}

impl Encode for Tree {
    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Leaf(value) => {
                w.tag("kind", "leaf");
                w.begin_object();
                if let Some(v) = value {
                    w.key("value");
                    w.i64(*v);
                }
            }
            Self::Node(items) => {
                w.tag("kind", "node");
                w.begin_object();
                w.key("items");
                items.encode(w);
            }
        }
        w.end_object();
    }
}

#[test]
fn unions_records_and_optional_members() {
    let text = br#" {"items" : [ {"value":null,"kind":"leaf"}, {"kind":"leaf","x":{"kind":[1]},"value":2e0} ], "kind":"node"} "#;
    let tree: Tree = from_slice(text).unwrap();
    assert_eq!(tree, Tree::Node(vec![Tree::Leaf(None), Tree::Leaf(Some(2))]));
    assert_eq!(
        String::from_utf8(to_vec(&tree).unwrap()).unwrap(),
        r#"{"kind":"node","items":[{"kind":"leaf"},{"kind":"leaf","value":2}]}"#
    );
    assert_eq!(from_slice::<Tree>(br#"{"k\u0069nd":"le\u0061f"}"#), Ok(Tree::Leaf(None)));
}

#[test]
fn errors_say_where() {
    let node = |item: &str| refusal::<Tree>(&format!(r#"{{"kind":"node","items":[{item}]}}"#));
    let table = [
        (r#"{"kind":"leaf"},{}"#, "items[1].kind: is missing"),
        (r#"{"kind":1}"#, "items[0].kind: expected a string, found a number"),
        (r#"{"kind":null}"#, "items[0].kind: expected a string, found null"),
        (r#"{"kind":"leaf","kind":"leaf"}"#, "items[0].kind: occurs twice"),
        (r#"{"kind":"bush"}"#, "items[0].kind: \"bush\" names no branch; known are leaf, node"),
        (r#"{"kind":"node"}"#, "items[0].items: is missing"),
        (r#"{"kind":"leaf","value":null,"value":1}"#, "items[0].value: occurs twice"),
        (r#"{"kind":"leaf","value":1.5}"#, "items[0].value: 1.5 is not an integer"),
        (r#"{"kind":"leaf","value":"1"}"#, "items[0].value: expected an integer, found a string"),
        ("[]", "items[0]: expected an object, found a list"),
        ("true", "items[0]: expected an object, found a boolean"),
        ("nul", "payload: not JSON: expected value at line 1 column 25"),
    ];
    for (item, message) in table {
        assert_eq!(node(item), message, "{item}");
    }
    type Labels = BTreeMap<String, Vec<bool>>;
    assert_eq!(refusal::<Labels>(r#"{"a b":[true,{}]}"#), "[\"a b\"][1]: expected a boolean, found an object");
    assert_eq!(refusal::<Labels>(r#"{"a":[],"\u0061":[]}"#), "[\"a\"]: occurs twice");
    assert_eq!(refusal::<Set<i64>>("[1, 2, 1.0]"), "[2]: is equal to an earlier item of the set");
    assert_eq!(refusal::<bool>("\n\n true x"), "payload: not JSON: trailing characters at line 3 column 7");
    assert_eq!(refusal::<bool>(""), "payload: not JSON: EOF while parsing a value at line 1 column 1");
}

#[test]
fn the_grammar_is_that_of_rfc_8259() {
    let refused: [&[u8]; 36] = [
        b"",
        b" ",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"-",
        b"+1",
        b"01",
        b"-01",
        b"1.",
        b".5",
        b"1e",
        b"1e+",
        b"0x1",
        b"1 2",
        b"[1,]",
        b"[,1]",
        b"[1 2]",
        b"[1",
        b"{\"a\":1,}",
        b"{\"a\" 1}",
        b"{a:1}",
        b"{\"a\"}",
        b"{\"a\":1",
        b"'a'",
        b"\"a",
        b"\"\\x\"",
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\\ud800\\u0041\"",
        b"\"a\nb\"",
        b"\"\x1f\"",
        b"\"\xff\"",
        b"\"\xed\xa0\x80\"",
        b"\xef\xbb\xbf1",
        b"// x\n1",
    ];
    for text in refused {
        assert!(from_slice::<Json>(text).is_err(), "{}", String::from_utf8_lossy(text));
        assert!(serde_json::from_slice::<Value>(text).is_err(), "{}", String::from_utf8_lossy(text));
        let skipped = [b"{\"x\":", text, b",\"kind\":\"leaf\"}"].concat();
        assert!(from_slice::<Tree>(&skipped).is_err(), "skipped {}", String::from_utf8_lossy(text));
    }
    let strings = [("\"\\ud83d\\ude00\\/\\b\\f\"", "\u{1F600}/\u{8}\u{c}"), ("\"\x7f\u{2028}\"", "\x7f\u{2028}")];
    for (text, value) in strings {
        assert_eq!(from_slice::<String>(text.as_bytes()), Ok(value.to_owned()));
    }
    assert_eq!(from_slice::<i64>(b"\t\r\n 1 \t\r\n"), Ok(1));
    let long = format!("[{}.5,{}]", "1".repeat(4300), "1".repeat(100_000));
    assert_eq!(from_slice::<Json>(long.as_bytes()).map(|json| json.as_str() == long), Ok(true));
    assert!(from_slice::<f64>(format!("0.{}", "1".repeat(100_000)).as_bytes()).is_ok());
}

#[test]
fn nesting_is_bounded_and_never_overflows_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        for (levels, fine) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false)] {
            let text = nested(levels);
            assert_eq!(from_slice::<Json>(text.as_bytes()).is_ok(), fine);
            assert_eq!(serde_json::from_str::<Value>(&text).is_ok(), fine, "as deep as serde_json reads");
        }
        for text in [nested(100_000), open.repeat(100_000)] {
            let error = from_slice::<Json>(text.as_bytes()).unwrap_err();
            assert_eq!(error.problem(), &Problem::TooDeep);
        }
    }
    let open = r#"{"kind":"node","items":["#;
    let recursive = |n: usize| format!("{}{}", open.repeat(n), "]}".repeat(n));
    assert!(from_slice::<Tree>(recursive(63).as_bytes()).is_ok());
    for n in [64, 100_000] {
        assert!(refusal::<Tree>(&recursive(n)).ends_with("nested deeper than 127 levels"));
    }
    // Depth is what is open, not what has been.
    assert!(from_slice::<Json>(format!("[{}1]", "[{\"a\":[]}],".repeat(1000)).as_bytes()).is_ok());
}

#[test]
fn every_scalar_is_written_as_it_is_read() {
    fn both<T: Decode + Encode + PartialEq + std::fmt::Debug>(json: &str, written: &str) {
        let value: T = from_slice(json.as_bytes()).unwrap();
        let text = to_vec(&value).unwrap();
        assert_eq!(String::from_utf8(text.clone()).unwrap(), written);
        assert_eq!(from_slice(&text), Ok(value));
    }
    both::<bool>("true", "true");
    both::<i32>("-1.0", "-1");
    both::<u32>("4294967295", "4294967295");
    both::<i64>("1e3", "1000");
    both::<u64>("18446744073709551615", "18446744073709551615");
    both::<f64>("1e2", "100.0");
    both::<f64>("-0.0", "0.0");
    both::<String>(r#""\u00e9\n\"""#, "\"\u{e9}\\n\\\"\"");
    both::<Uuid>("\"0198C2F0-7D1E-7C3A-9F2B-5A1D0E4C8B77\"", "\"0198c2f0-7d1e-7c3a-9f2b-5a1d0e4c8b77\"");
    both::<Timestamp>("\"2024-06-19T15:22:45.50+01:00\"", "\"2024-06-19T14:22:45.5Z\"");
    both::<Date>("\"2024-06-19\"", "\"2024-06-19\"");
    both::<Duration>("\"P1DT90M\"", "\"P1DT1H30M\"");
    both::<Bytes>("\"AQID\"", "\"AQID\"");
    both::<Json>("{ \"a\" : [ 1.0 ] }", "{\"a\":[1.0]}");
    both::<Vec<Vec<i64>>>("[[],[1,2],[]]", "[[],[1,2],[]]");
    both::<Set<String>>("[\"b\",\"a\"]", "[\"b\",\"a\"]");
    both::<BTreeMap<String, BTreeMap<String, bool>>>(r#"{"b":{},"a":{"x":true}}"#, r#"{"a":{"x":true},"b":{}}"#);
}

#[test]
fn decimals_are_written_plainly() {
    for (value, text) in [
        (Decimal::new(800, 2), "8"),
        (Decimal::new(9990, 2), "99.9"),
        (-Decimal::new(0, 2), "0"),
        (Decimal::from_i128_with_scale(10_i128.pow(27), 0), "1000000000000000000000000000"),
        (Decimal::new(1, 28), "0.0000000000000000000000000001"),
    ] {
        assert_eq!(to_vec(&value).unwrap(), text.as_bytes());
    }
}

#[test]
fn what_json_cannot_say_is_reported_at_the_end() {
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(to_vec(&vec![1.0, float]), Err(EncodeError::NotFinite));
    }
    assert!(to_vec(&Date::new(0, 1, 1).unwrap()).is_ok());
    assert_eq!(to_vec(&Date::new(-1, 12, 31).unwrap()), Err(EncodeError::BeforeYearZero));
}

#[test]
fn identifiers_and_nulls_are_read_in_place() {
    let mut r = Reader::new(br#"["order_1", null, 0]"#);
    let mut index = 0;
    let read = r.list(|r| {
        index += 1;
        match index {
            1 => r.id("order_").map(|id| id == "order_1"),
            2 => r.null(),
            _ => Ok(!r.null()? && r.u32()? == 0),
        }
    });
    assert_eq!(read, Ok(vec![true, true, true]));
    assert!(Reader::new(b"\"order_\"").id("order_").is_err());
}

fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|f: f64| Value::from(f)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((".{0,5}", inner), 0..6).prop_map(|members| json!(members.into_iter().collect::<BTreeMap<_, _>>())),
        ]
    })
}

fn unions() -> impl Strategy<Value = Tree> {
    any::<Option<i64>>().prop_map(Tree::Leaf).prop_recursive(5, 40, 4, |inner| vec(inner, 0..4).prop_map(Tree::Node))
}

proptest! {
    #[test]
    fn any_json_is_kept(tree in trees(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) }.unwrap();
        let kept = Json::new(&text).unwrap();
        prop_assert_eq!(kept.as_str(), tree.to_string());
    }

    #[test]
    fn changed_json_is_accepted_where_serde_json_accepts_it(
        tree in trees(), at: prop::sample::Index, how in 0..3, byte in prop_oneof![any::<u8>(), "[0-9\"\\\\{}\\[\\],:.eE+-]".prop_map(|s| s.as_bytes()[0])],
    ) {
        let mut text = tree.to_string().into_bytes();
        let at = at.index(text.len());
        match how {
            0 => text[at] = byte,
            1 => text.insert(at, byte),
            _ => drop(text.remove(at)),
        }
        let oracle = serde_json::from_slice::<Value>(&text);
        // A tree has no room for numbers beyond floats; the kept text has.
        prop_assume!(!oracle.as_ref().is_err_and(|e| e.to_string().starts_with("number out of range")));
        prop_assert_eq!(from_slice::<Json>(&text).is_ok(), oracle.is_ok(), "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn strings_agree_with_serde_json(text: String) {
        let written = to_vec(&text).unwrap();
        prop_assert_eq!(serde_json::from_slice::<String>(&written).unwrap(), text.as_str());
        let escaped: String = text.encode_utf16().map(|u| format!("\\u{u:04X}")).collect();
        prop_assert_eq!(from_slice::<String>(format!("\"{escaped}\"").as_bytes()), Ok(text));
    }

    #[test]
    fn floats_survive(bits: u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        prop_assert_eq!(from_slice(&to_vec(&value).unwrap()), Ok(value));
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic(bytes in vec(prop_oneof![any::<u8>(), "[0-9\"\\\\{}\\[\\],:.eE+nult-]".prop_map(|s| s.as_bytes()[0])], 0..60)) {
        let oracle = serde_json::from_slice::<Value>(&bytes).is_ok();
        prop_assert!(from_slice::<Json>(&bytes).is_ok() || !oracle);
        let tree = from_slice::<Tree>(&bytes);
        prop_assert!(tree.is_err() || oracle);
        prop_assert!(from_slice::<Vec<Timestamp>>(&bytes).is_err() || oracle);
        prop_assert!(from_slice::<BTreeMap<String, u64>>(&bytes).is_err() || oracle);
        prop_assert!(from_slice::<f64>(&bytes).is_err() || oracle);
    }

    #[test]
    fn unions_survive(tree in unions(), at: prop::sample::Index, byte: u8) {
        let mut text = to_vec(&tree).unwrap();
        prop_assert_eq!(from_slice(&text), Ok(tree));
        let at = at.index(text.len());
        text[at] = byte;
        prop_assert!(from_slice::<Tree>(&text).is_err() || serde_json::from_slice::<Value>(&text).is_ok());
    }
}
