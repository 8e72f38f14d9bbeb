use super::*;
use crate::testing;
use isobar_model::{expr, shape::Note};
use proptest::prelude::*;

const TYPES: &str = "{ Money: { fields: { amount: decimal(2) } }, Id: id(a_), Node: { fields: { next: Node?, size: int } }, \
    Pay: { oneof: { card: { fields: { no: string } }, bill: { fields: {} } }, tag: kind } }";

/// `change path backward forward` for each row.
fn rows(old: &str, new: &str) -> Vec<String> {
    rows_with(TYPES, old, TYPES, new)
}

fn rows_with(old_types: &str, old: &str, new_types: &str, new: &str) -> Vec<String> {
    let (old, new) = (testing::version(old_types, old), testing::version(new_types, new));
    let record = |it: &'_ isobar_model::lower::Frozen| (it.types.clone(), it.event.fields.clone().unwrap());
    let ((a, x), (b, y)) = (record(&old), record(&new));
    let (old, new) = (Record { types: &a, fields: &x }, Record { types: &b, fields: &y });
    let flag = |flag: bool| if flag { '+' } else { '-' };
    let told = |row: &Row| format!("{} {} {}{}", row.change.name(), row.path, flag(row.backward), flag(row.forward));
    compare(old, new).iter().map(told).collect()
}

/// The first sign is backward (new readers, old data), the second forward (old readers, new data).
#[test]
fn each_change_has_its_verdicts() {
    #[rustfmt::skip]
    let table: &[(&str, &str, &[&str])] = &[
        ("{ a: int }", "{ a: int }", &[]),
        ("{ a: Id }", "{ a: id(a_) }", &[]),
        ("{ a: int, b: bool }", "{ b: bool, a: int }", &[]),
        ("{ a: { type: string, format: email, doc: x } }", "{ a: string }", &[]),
        ("{}", "{ a: int }", &["added a -+"]),
        ("{}", "{ a: int? }", &["added a ++"]),
        ("{}", "{ a: int = 1 }", &["added a ++"]),
        ("{ a: int }", "{}", &["removed a +-"]),
        ("{ a: int? }", "{}", &["removed a ++"]),
        ("{ a: int }", "{ b: { type: int, wire: a } }", &["renamed b ++"]),
        ("{ a: int }", "{ a: int? }", &["presence a +-"]),
        ("{ a: int? }", "{ a: int }", &["presence a -+"]),
        ("{ a: int }", "{ a: int = 1 }", &["presence a ++"]),
        ("{ a: int? }", "{ a: int = 1 }", &["presence a ++"]),
        ("{ a: int = 1 }", "{ a: int? }", &["presence a ++"]),
        ("{ a: int = 1 }", "{ a: int = 2 }", &["default a ++"]),
        ("{ a: int32 }", "{ a: int }", &["widened a +-"]),
        ("{ a: int }", "{ a: decimal(2) }", &["widened a +-"]),
        // More digits behind the point leave fewer before it.
        ("{ a: decimal(2) }", "{ a: decimal(3) }", &["widened a +-"]),
        ("{ a: decimal(8) }", "{ a: decimal(9) }", &["type a --"]),
        ("{ a: { type: decimal(2), max: 9, min: 0 } }", "{ a: { type: decimal(3), max: 9, min: 0 } }", &["widened a +-"]),
        ("{ a: int }", "{ a: string }", &["type a --"]),
        ("{ a: uuid }", "{ a: string }", &["widened a +-"]),
        ("{ a: Id }", "{ a: string }", &["widened a +-"]),
        ("{ a: int }", "{ a: { type: int, min: 1 } }", &["narrowed a -+"]),
        ("{ a: { type: string, max_length: 3 } }", "{ a: { type: string, max_length: 5 } }", &["widened a +-"]),
        ("{ a: { type: string, pattern: x } }", "{ a: { type: string, pattern: y } }", &["type a --"]),
        ("{ a: list<int> }", "{ a: { type: list<int>, max_length: 5 } }", &["narrowed a -+"]),
        ("{ a: list<int> }", "{ a: list<decimal(1)> }", &["widened a[] +-"]),
        ("{ a: list<int> }", "{ a: set<int> }", &["narrowed a -+"]),
        ("{ a: map<int> }", "{ a: map<string> }", &["type a{} --"]),
        ("{ a: list<Money> }", "{ a: list<int> }", &["type a[] --"]),
        ("{ a: { enum: [x, v] } }", "{ a: { enum: [v, z] } }", &["added a +-", "removed a -+"]),
        ("{ a: { enum: [x, v], open: true } }", "{ a: { enum: [z], open: true } }", &["added a ++", "removed a ++", "removed a ++"]),
        ("{ a: { enum: [x] } }", "{ a: { enum: [x], open: true } }", &["widened a +-"]),
        ("{ a: { enum: [x] } }", "{ a: string }", &["widened a +-"]),
        ("{ a: Pay }", "{ a: json }", &["widened a +-"]),
        ("{ a: Money }", "{ a: { fields: { amount: decimal(2), tax: decimal(2) } } }", &["added a.tax -+"]),
        ("{ a: Pay }", "{ a: { oneof: { card: { fields: { no: int } }, cash: { fields: {} } }, tag: kind } }",
            &["type a<card>.no --", "added a<cash> +-", "removed a<bill> -+"]),
        ("{ a: Pay }", "{ a: { oneof: { card: { fields: { no: string } } }, tag: type } }", &["type a --"]),
    ];
    for (old, new, expected) in table {
        assert_eq!(rows(old, new), *expected, "{old} -> {new}");
    }
}

/// Old readers know a field by its old name, rows by its new one.
#[cfg(all(feature = "compat", feature = "payload"))]
#[test]
fn what_was_renamed_is_blamed_for_what_old_readers_refuse() {
    for (old, new, expected) in [
        ("{ aa: { type: bool, wire: x } }", "{ a0: { type: int, wire: x } }", &["renamed a0 ++", "type a0 --"][..]),
        (
            "{ a: { type: bool, wire: x }, b: { type: int, wire: y } }",
            "{ b: { type: string, wire: x }, a: { type: int, wire: y } }",
            &["renamed b ++", "type b --", "renamed a ++"],
        ),
        (
            "{ o: { wire: p, fields: { i: { type: bool, wire: q } } } }",
            "{ n: { wire: p, fields: { j: { type: int, wire: q } } } }",
            &["renamed n ++", "renamed n.j ++", "type n.j --"],
        ),
    ] {
        let (old, new) = (testing::version(TYPES, old), testing::version(TYPES, new));
        let a = Record { types: &old.types, fields: old.event.fields.as_ref().unwrap() };
        let b = Record { types: &new.types, fields: new.event.fields.as_ref().unwrap() };
        let judged = super::difference::judge(compare(a, b), &[refused(a, b, false), refused(b, a, false)]);
        let flag = |flag: bool| if flag { '+' } else { '-' };
        let told =
            |row: &Row| format!("{} {} {}{}", row.change.name(), row.path, flag(row.backward), flag(row.forward));
        let found: Vec<String> = judged.iter().map(|it| told(&it.row)).collect();
        assert_eq!(found, expected);
        assert!(judged.iter().all(|it| it.row.forward || it.forward.is_some()), "{judged:?}");
    }
}

#[test]
fn recursive_types_are_compared_once() {
    let changed = TYPES.replace("size: int", "size: int, at: timestamp");
    let found = rows_with(TYPES, "{ a: Node, b: list<Node> }", &changed, "{ a: Node, b: list<Node> }");
    assert_eq!(found, ["added a.at -+"]);
    assert_eq!(rows("{ a: Node }", "{ a: Node }"), [""; 0]);
}

/// Two versions that have most fields in common.
fn pair() -> impl Strategy<Value = (Vec<Field>, Vec<Field>)> {
    (testing::fields(), testing::fields(), any::<u8>()).prop_map(|(old, other, mask)| {
        let kept = old.iter().enumerate().filter(|(i, _)| mask & (1 << i) == 0).map(|(_, field)| field.clone());
        let mut new: Vec<Field> = kept.collect();
        for (i, mut field) in other.into_iter().enumerate() {
            // Now and then the other field takes the place of an old one.
            if let Some(old) = old.get(i).filter(|_| mask & (1 << i) != 0) {
                field.name = old.name.clone();
                field.notes = Note { wire: old.wire.clone(), ..(*field.notes).clone() }.into();
            }
            if new.iter().all(|it| it.wire_name() != field.wire_name() && it.name != field.name) {
                new.push(field);
            }
        }
        (old, new)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    /// The rows and the one structural comparison never disagree.
    #[test]
    fn rows_agree_with_the_comparison((old, new) in pair()) {
        let types = testing::types();
        let (a, b) = (Record { types: &types, fields: &old }, Record { types: &types, fields: &new });
        let rows = compare(a, b);
        let mismatches = |x: &[Field], y: &[Field]| expr::mismatches((&types, x), (&types, y));
        prop_assert_eq!(rows.iter().all(|row| row.backward), mismatches(&old, &new).is_empty(), "{:?}", rows);
        prop_assert_eq!(rows.iter().all(|row| row.forward), mismatches(&new, &old).is_empty(), "{:?}", rows);
        let back = compare(b, a);
        prop_assert_eq!(back.len(), rows.len());
        prop_assert_eq!(compare(a, a), vec![]);
    }

    /// A payload that breaks is written by the old version and refused by the new one, and a row is blamed if and only if
    /// something is refused.
    #[cfg(all(feature = "compat", feature = "payload"))]
    #[test]
    fn what_is_refused_is_written((old, new) in pair()) {
        let types = testing::types();
        let (a, b) = (Record { types: &types, fields: &old }, Record { types: &types, fields: &new });
        let sides = [refused(a, b, false), refused(b, a, false)];
        for refused in &sides[0] {
            let json = refused.payload.as_deref().unwrap_or_default();
            prop_assert!(crate::payload::read(json.as_bytes(), a).is_ok(), "{} {:?}", json, refused);
            prop_assert!(crate::payload::read(json.as_bytes(), b).is_err(), "{} {:?}", json, refused);
        }
        let judged = super::difference::judge(compare(a, b), &sides);
        prop_assert_eq!(judged.iter().all(|it| it.row.backward), sides[0].is_empty(), "{:?} {:?}", judged, sides);
        prop_assert_eq!(judged.iter().all(|it| it.row.forward), sides[1].is_empty(), "{:?} {:?}", judged, sides);
    }
}
