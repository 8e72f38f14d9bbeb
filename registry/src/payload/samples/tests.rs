use super::payloads;
use crate::{
    compat::Record,
    payload::read,
    schema::Json,
    testing::{fields, types, version},
};
use proptest::prelude::*;

fn made(fields: &str, count: usize) -> Vec<String> {
    let version = version("{ Node: { fields: { v: int32, all: list<Node>, next: Node? } } }", fields);
    let fields = version.event.fields.as_deref().unwrap();
    payloads(&version.types, fields, count).iter().map(|it| Json::from(&it.value).to_string()).collect()
}

#[test]
fn every_value_branch_and_bound_is_there() {
    #[rustfmt::skip]
    let table: [(&str, &[&str]); 9] = [
        ("{ c: { enum: [red, blue], open: true } }", &["\"red\"", "\"blue\"", "not known yet"]),
        ("{ p: { oneof: { a: { fields: { x: bool } }, b: { fields: {} } }, tag: t } }", &["\"t\": \"a\", \"x\": true", "\"x\": false", "\"t\": \"b\""]),
        ("{ n: { type: int, min: -7, max: 70 } }", &["-7", "70", "0"]),
        ("{ n: int }", &["-9223372036854775808", "9223372036854775807"]),
        ("{ n: decimal(2) }", &["0.01", "99999999999999999999.99"]),
        ("{ o: int? }", &["{}", "{\"o\": 1}"]),
        ("{ l: { type: list<bool>, min_length: 1, max_length: 3 } }", &["[true]", "[false]", "[true, false, true]"]),
        ("{ m: map<int> }", &["{\"m\": {}}", "\"key\": 1"]),
        ("{ s: { type: string, pattern: '^(ab|cd)-[0-9]{2,3}$' } }", &["ab-00", "ab-000", "cd-"]),
    ];
    for (fields, wanted) in table {
        let made = made(fields, 200).join("\n");
        for part in wanted {
            assert!(made.contains(part), "{fields} has no {part}:\n{made}");
        }
    }
}

#[test]
fn the_first_is_the_plainest_and_work_is_bounded() {
    assert_eq!(made("{ s: string, n: int, o: string?, l: list<int> }", 1), [r#"{"s": "a", "n": 1, "l": []}"#]);
    assert_eq!(made("{ n: Node }", 300).first().map(String::as_str), Some(r#"{"n": {"v": 1, "all": []}}"#));
    let many = made("{ a: Node, b: Node, c: Node }", 100).len();
    assert!((30..=100).contains(&many), "{many}");
}

proptest! {
    #[test]
    fn nearly_all_of_them_are_payloads(fields in fields()) {
        let types = types();
        let record = Record { types: &types, fields: &fields };
        let all = payloads(&types, &fields, 100);
        let read = all.iter().filter(|it| read(Json::from(&it.value).to_string().as_bytes(), record).is_ok()).count();
        prop_assert!(read * 10 >= all.len() * 7, "{read} of {}", all.len());
        let first = all.first().map(|it| Json::from(&it.value).to_string());
        if let Some(first) = first {
            prop_assert!(super::super::read(first.as_bytes(), record).is_ok(), "{first}");
        }
    }

    #[test]
    fn the_same_shape_gives_the_same(fields in fields()) {
        let types = types();
        let texts = || payloads(&types, &fields, 50).iter().map(|it| Json::from(&it.value).to_string()).collect::<Vec<_>>();
        prop_assert_eq!(texts(), texts());
    }
}
