//! Verdicts on records as authors write them, and on random ones, held against the comparison of structure and against reading.

use super::*;
use crate::{compat::Record, testing};
use isobar_model::{Field, expr, lower::Frozen, shape::Note};
use proptest::prelude::*;

const TYPES: &str = "{ Money: { fields: { amount: decimal(2) } }, Id: id(a_), Node: { fields: { next: Node?, size: int } }, \
    Pay: { oneof: { card: { fields: { no: string } }, bill: { fields: {} } }, tag: kind } }";

/// `path pointer code: message witness` for each finding.
fn findings((types, writer): (&str, &str), (other_types, reader): (&str, &str)) -> Vec<String> {
    let (writer, reader) = (testing::version(types, writer), testing::version(other_types, reader));
    let fields = |it: &Frozen| it.event.fields.clone().unwrap_or_default();
    let (a, b) = (fields(&writer), fields(&reader));
    let judged = judge(Record { types: &writer.types, fields: &a }, Record { types: &reader.types, fields: &b });
    let told = |it: &Finding| {
        let witness = it.witness.as_ref().map_or("-".into(), |payload| payload.to_string());
        format!("{} {} {}: {} {witness}", it.path, it.pointer, it.reason.code(), it.message)
    };
    let lines: Vec<String> = judged.findings.iter().map(told).collect();
    assert_eq!(lines.is_empty(), judged.verdict == Verdict::Compatible, "{lines:?}");
    lines
}

#[test]
fn what_is_read() {
    for (writer, reader) in [
        ("{ a: int }", "{ a: int }"),
        ("{ a: int, b: bool }", "{ b: bool }"),
        ("{ a: int }", "{ a: int, b: int?, c: int = 1 }"),
        ("{ a: int? }", "{ a: int = 1 }"),
        ("{ a: int = 1 }", "{ a: int }"),
        ("{ a: json? }", "{ a: json? }"),
        ("{ a: int32 }", "{ a: { type: decimal(2), min: -2147483648 } }"),
        ("{ a: decimal(2) }", "{ a: decimal(3) }"),
        ("{ a: decimal(2) }", "{ a: float }"),
        ("{ a: { type: int, min: 0, max: 9 } }", "{ a: uint32 }"),
        ("{ a: Id }", "{ a: { type: string, min_length: 3, pattern: '^a' } }"),
        (
            "{ a: { type: string, pattern: '^[a-c]{2}$' } }",
            "{ a: { type: string, pattern: '^[a-z]+$', max_length: 2 } }",
        ),
        ("{ a: { enum: [x, w] } }", "{ a: { type: string, pattern: '^[xwz]$' } }"),
        ("{ a: { type: string, pattern: '^(x|w)$' } }", "{ a: { enum: [x, w, z] } }"),
        ("{ a: { enum: ['2024-02-29'] } }", "{ a: date }"),
        ("{ a: uuid, b: timestamp, c: duration }", "{ a: string, b: string, c: { type: string, min_length: 3 } }"),
        ("{ a: bytes }", "{ a: { type: string, pattern: '^[A-Za-z0-9+/=]*$' } }"),
        ("{ a: { type: bytes, min_length: 2 } }", "{ a: { type: bytes, min_length: 1 } }"),
        ("{ a: set<int32> }", "{ a: list<int> }"),
        ("{ a: { type: list<int>, max_length: 1 } }", "{ a: set<int> }"),
        ("{ a: map<int32> }", "{ a: map<int> }"),
        ("{ a: Money }", "{ a: map<float> }"),
        ("{ a: Money }", "{ a: { fields: { amount: decimal(3), more: int? } } }"),
        ("{ a: Node }", "{ a: { fields: { next: Node?, size: int } } }"),
        ("{ a: Pay }", "{ a: { fields: { kind: { enum: [card, bill] }, no: string? } } }"),
        ("{ a: Pay, b: Node? }", "{ a: json, b: json }"),
        ("{ a: { type: list<Node>, max_length: 0 } }", "{ a: { type: list<int>, max_length: 0 } }"),
    ] {
        let lines = findings((TYPES, writer), (TYPES, reader));
        let expected: &[&str] = if reader == "{ a: json, b: json }" {
            &["b  compat-missing: consumers need `b`, which may be absent {\"a\":{\"kind\":\"card\",\"no\":\"\"}}"]
        } else {
            &[]
        };
        assert_eq!(lines, expected, "{writer} {reader}");
    }
}

#[test]
fn what_is_not_read() {
    #[rustfmt::skip]
    let table: &[(&str, &str)] = &[
        ("{}", "{ a: int, b: string }"),
        ("{ a: int? }", "{ a: int }"),
        ("{ a: int, b: string }", "{ a: int32, b: int }"),
        ("{ a: float }", "{ a: decimal(2) }"),
        ("{ a: { type: string, pattern: '^[a-z]+$' } }", "{ a: { type: string, pattern: '^[a-f]+$' } }"),
        ("{ a: { enum: [x, w, z] } }", "{ a: { enum: [x] } }"),
        ("{ a: { enum: [x], open: true } }", "{ a: { enum: [x] } }"),
        ("{ a: list<int> }", "{ a: set<int32> }"),
        ("{ a: map<Money> }", "{ a: { type: map<Small>, max_length: 2 } }"),
        ("{ a: Node }", "{ a: Other }"),
        ("{ a: Pay }", "{ a: { oneof: { card: { fields: { no: string, to: date } } }, tag: kind } }"),
        ("{ a: timestamp }", "{ a: date }"),
        ("{ a: { type: string, pattern: '^2023-02-[0-2][0-9]$' } }", "{ a: date }"),
        ("{ a: { type: bytes, min_length: 1 } }", "{ a: { type: bytes, min_length: 2 } }"),
        ("{ a: set<Money>, b: list<Money> }", "{ a: set<Empty>, b: list<Empty> }"),
        ("{ a: Money }", "{ a: { fields: { amount: decimal(2), more: set<Money>? } } }"),
    ];
    let mut told = String::new();
    for (writer, reader) in table {
        let other = format!(
            "{}, Other: {{ fields: {{ next: Other?, size: int32 }} }}, Small: {{ fields: {{ amount: decimal(1) }} }}, \
            Empty: {{ fields: {{}} }} }}",
            &TYPES[..TYPES.len() - 2]
        );
        for line in findings((TYPES, writer), (&other, reader)) {
            told.push_str(&line);
            told.push('\n');
        }
    }
    insta::assert_snapshot!(told, @r#"
    a  compat-missing: consumers need `a`, which is not written {}
    b  compat-missing: consumers need `b`, which is not written {}
    a  compat-missing: consumers need `a`, which may be absent {}
    a /a compat-range: consumers read `a` as `int32`; it is written as `int` {"a":2147483648,"b":""}
    b /b compat-kind: consumers read `b` as `int`; it is written as `string` {"a":0,"b":""}
    a /a compat-multiple: consumers read `a` as `decimal(2)`; it is written as `float` {"a":0.001}
    a /a compat-pattern: consumers read `a` as `string, pattern ^[a-f]+$`; it is written as `string, pattern ^[a-z]+$` {"a":"g"}
    a /a compat-value: consumers of `a` do not know `w`, `z`, which it may be {"a":"w"}
    a /a compat-value: consumers know a closed list of values of `a`; any text may be written {"a":""}
    a[] /a/0 compat-range: consumers read `a[]` as `int32`; it is written as `int` {"a":[2147483648]}
    a /a compat-repeated: consumers read `a` as `set<int32>`; it is written as `list<int>` {"a":[0,0]}
    a{}.amount /a/a/amount compat-multiple: consumers read `a{}.amount` as `decimal(1)`; it is written as `decimal(2)` {"a":{"a":{"amount":0.01}}}
    a /a compat-count: consumers read `a` as `map<shop.Small>, max_length 2`; it is written as `map<shop.Money>` {"a":{"a":{"amount":0},"b":{"amount":0},"c":{"amount":0}}}
    a.size /a/size compat-range: consumers read `a.size` as `int32`; it is written as `int` {"a":{"size":2147483648}}
    a<card>.to /a compat-missing: consumers need `a<card>.to`, which is not written {"a":{"kind":"card","no":""}}
    a<bill> /a compat-branch: consumers do not know the branch `bill` of `a` {"a":{"kind":"bill"}}
    a /a compat-pattern: consumers read `a` as `date`; it is written as `timestamp` {"a":"2024-01-15T10:30:00Z"}
    a /a compat-pattern: consumers read `a` as `date`; it is written as `string, pattern ^2023-02-[0-2][0-9]$` {"a":"2023-02-00"}
    a /a compat-length: consumers read `a` as `bytes, min_length 2`; it is written as `bytes, min_length 1` {"a":"ag=="}
    a  compat-undecided: consumers may refuse `a`, which may have items that differ only in `amount`, which is not read -
    "#);
}

#[test]
fn long_chains_of_types_do_not_exhaust_the_stack() {
    let mut one = testing::version("{ T0: { fields: { x: T0? } } }", "{ x: T0 }");
    let name = |at: usize| isobar_model::TypeName { context: "shop".into(), name: format!("T{at}") };
    let first = one.types.get(&name(0)).cloned().unwrap();
    for at in 0..3_000 {
        let mut def = first.clone();
        if let isobar_model::ShapeKind::Record(fields) = &mut def.shape.kind {
            fields[0].shape.kind = isobar_model::ShapeKind::Ref(name((at + 1) % 3_000));
        }
        one.types.0.insert(name(at), def);
    }
    let fields = one.event.fields.clone().unwrap_or_default();
    let mut other = one.types.clone();
    // Only far down, consumers need what is not always there.
    if let isobar_model::ShapeKind::Record(fields) = &mut other.0.get_mut(&name(2_000)).unwrap().shape.kind {
        fields[0].presence = isobar_model::Presence::Required;
    }
    let (a, b) = (Record { types: &one.types, fields: &fields }, Record { types: &other, fields: &fields });
    assert_eq!(judge(a, a).verdict, Verdict::Compatible);
    assert_ne!(judge(a, b).verdict, Verdict::Compatible);
}

/// Two versions that have most fields in common.
fn pair() -> impl Strategy<Value = (Vec<Field>, Vec<Field>)> {
    (testing::fields(), testing::fields(), any::<u8>()).prop_map(|(old, other, mask)| {
        let mut new = old.clone();
        for (at, field) in other.into_iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0) {
            if let Some(before) = new.get_mut(at) {
                let notes = Note { wire: before.wire.clone(), ..(*field.notes).clone() };
                *before = Field { name: before.name.clone(), notes: notes.into(), ..field };
            } else if new.iter().all(|it| it.wire_name() != field.wire_name()) {
                new.push(field);
            }
        }
        (old, new)
    })
}

/// Two versions, and payloads that are near to what the first reads.
#[cfg(feature = "payload")]
fn written() -> impl Strategy<Value = ((Vec<Field>, Vec<Field>), Vec<serde_json::Value>)> {
    pair().prop_flat_map(|(old, new)| {
        let payload = crate::schema::agreement::near(&old, &testing::types(), 3);
        (Just((old, new)), prop::collection::vec(payload, 6))
    })
}

/// `ISOBAR_PAIRS` pairs, or a few.
fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(std::env::var("ISOBAR_PAIRS").ok().and_then(|it| it.parse().ok()).unwrap_or(256))
}

proptest! {
    #![proptest_config(cases())]
    /// What is written is of the writer's set, and where that is contained in the reader's, the reader reads it.
    #[cfg(feature = "payload")]
    #[test]
    fn what_is_written_is_read_where_it_is_said_to_be(((old, new), payloads) in written()) {
        use crate::payload;
        use crate::compat::containment::{Answer, Questions};
        let types = testing::types();
        let (a, b) = (Record { types: &types, fields: &old }, Record { types: &types, fields: &new });
        let judged = judge(a, b);
        for payload in payloads {
            let Ok(data) = payload::read(payload.to_string().as_bytes(), a) else { continue };
            let text = payload::write(&data).unwrap();
            let mut arena = Arena::default();
            let mut roots = [Lower::new(&types, Side::Writer).message(&mut arena, &old)];
            arena.close(&mut roots);
            let value = arena.values.from_json(&serde_json::from_str(&text).unwrap());
            let origin = arena.origin_of(Side::Writer);
            let only = arena.only(value, origin);
            let answer = Questions::new(&mut arena, Budget::default()).ask(only, roots[0]);
            prop_assert!(matches!(answer, Answer::Contained), "{} is written", text);
            let read = payload::read(text.as_bytes(), b);
            prop_assert!(read.is_ok() || judged.verdict == Verdict::Incompatible, "{} {:?} {:#?}", text, read, judged);
        }
    }

    /// What the comparison of structure calls readable is; where it does not, a payload shows it, or more is read than it knows.
    #[test]
    fn agrees_with_the_comparison_of_structure((old, new) in pair()) {
        let types = testing::types();
        let (a, b) = (Record { types: &types, fields: &old }, Record { types: &types, fields: &new });
        for (writer, reader) in [(a, b), (b, a), (a, a)] {
            let judged = judge(writer, reader);
            let mismatches = expr::mismatches((&types, writer.fields), (&types, reader.fields));
            prop_assert!(!mismatches.is_empty() || judged.verdict == Verdict::Compatible, "{:#?}", judged);
            prop_assert!(judged.verdict != Verdict::Unknown, "{:#?}", judged);
        }
    }
}
