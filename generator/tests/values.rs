//! What is generated for single values, compiled and used: how they are made and checked, what they hide, what they are called.
//! `tests/shop` compiles this file once more, in edition 2021.
#![deny(warnings, missing_docs, clippy::all)]

/// Every kind of type.
pub mod kinds {
    include!("fixtures/kinds/expected/isobar.rs");
}

/// Every name that could get in the way.
pub mod obstacles {
    include!("fixtures/obstacles/expected/isobar.rs");
}

/// Types that contain themselves.
pub mod recursion {
    include!("fixtures/recursion/expected/isobar.rs");
}

use isobar::{Events, from_slice, to_vec};

#[test]
fn what_is_out_of_bounds_is_neither_made_nor_written() {
    use isobar::{Decimal, Encode, EncodeError};
    use kinds::kinds::{
        Card, Expression, ExpressionNumber, Negated, Payment, Quantity, containers_happened::v1::ContainersHappened,
    };
    let precise = Decimal::new(12345, 3);
    let wrong = ExpressionNumber::new(precise).unwrap_err();
    assert_eq!(wrong.to_string(), "value: 12.345 has more than 2 digits after the point");
    let number = ExpressionNumber::new(Decimal::new(1200, 2)).unwrap();
    let mut deep = Expression::Negated(Negated::new(Expression::Number(number)).unwrap());
    assert!(to_vec(&deep).is_ok());
    // Fields are public, so that what was made can be changed: it is checked again before it is written.
    let Expression::Negated(negated) = &mut deep else { panic!("{deep:?}") };
    *negated.inner = Expression::Number(ExpressionNumber { value: precise });
    let told = "inner.value: 12.345 has more than 2 digits after the point";
    assert_eq!(deep.check().unwrap_err().to_string(), told);
    assert_eq!(to_vec(&deep), Err(EncodeError::Invalid(deep.check().unwrap_err())));

    let card = Card { limit: Decimal::new(1, 3), ..Card::new("1".into()) };
    let payment = Payment::Card(card.clone());
    assert_eq!(to_vec(&payment).unwrap_err().to_string(), "limit: 0.001 has more than 2 digits after the point");
    let json = r#"{"names":[],"matrix":[],"unique":[1.5],"byName":{},"lengths":[1],"tags":[],"nested":[]}"#;
    let good = <ContainersHappened as Events>::decode("ContainersHappened", "v1.0", json.as_bytes()).unwrap();
    let written = |event: &ContainersHappened| Events::encode(event).map_err(|error| error.to_string());
    assert!(written(&good).is_ok());
    let with = |change: fn(&mut ContainersHappened, Card)| {
        let mut event = good.clone();
        change(&mut event, card.clone());
        written(&event).unwrap_err()
    };
    let digits = "0.001 has more than 2 digits after the point";
    assert_eq!(with(|it, card| _ = it.by_name.insert("a b".into(), card)), format!(r#"byName["a b"].limit: {digits}"#));
    assert_eq!(with(|it, _| it.unique = isobar::Set::new()), "unique: has 0 items, fewer than the minimum 1");
    assert_eq!(
        with(|it, _| it.unique = [Decimal::ONE, Decimal::new(11, 2)].into_iter().collect()),
        "unique[1]: 0.11 has more than 1 digits after the point"
    );
    assert_eq!(
        with(|it, _| it.lengths = vec![Quantity::new(1).unwrap(); 3]),
        "lengths: has 3 items, more than the maximum 2"
    );
}

#[test]
fn what_is_not_required_has_its_default_in_what_is_new() {
    use kinds::kinds::{Card, DefaultsHappened, Empty, Tree, inline_happened::v1::PreferencesContact};
    assert_eq!(Card::new("1".into()), from_slice(br#"{"number":"1"}"#).unwrap());
    assert_eq!(DefaultsHappened::new(), from_slice(b"{}"));
    assert_eq!(Empty::default(), Empty::new());
    assert_eq!(PreferencesContact::default(), from_slice(b"{}").unwrap());
    assert_eq!(Tree::new(1, vec![]).left, None);
}

#[test]
fn what_a_tag_hides_is_not_in_debug() {
    use obstacles::course::{PersonCame, TypeEvent};
    let json = concat!(
        r#"{"person":{"name":"NAME","email":"MAIL@x","emails":["MAIL@y"],"address":{"street":"STREET","zip":"12"},"#,
        r#""secret":{"value":"VALUE","number":777},"level":"high","type":"TYPE","mailbox":"BOX","mailboxes":["BOX"],"others":["BOX"],"open":"box","nested":{"a":[{"value":"VALUE","number":777}]}}}"#
    );
    let event = TypeEvent::decode("PersonCame", "v1.0", json.as_bytes()).unwrap();
    let shown = concat!(
        r#"PersonCame(PersonCame { person: Person { name: <pii>, age: <pii>, owed: <pii>, email: Some(<pii>), emails: [<pii>], "#,
        r#"address: PersonAddress { street: <pii>, zip: "12" }, secret: <pii>, level: <odd>, type: <odd>, mailbox: <pii>, mailboxes: <pii>, others: <pii>, open: Mailbox("box"), nested: {"a": [<pii>]} } })"#
    );
    assert_eq!(format!("{event:?}"), shown);
    assert_eq!(String::from_utf8(event.encode().unwrap()).unwrap(), json, "hidden in logs, not in data");
    // Errors get into logs as well.
    let told = |from: &str, to: &str| {
        let broken = json.replacen(from, to, 1);
        assert_ne!(broken, json);
        TypeEvent::decode("PersonCame", "v1.0", broken.as_bytes()).unwrap_err().to_string()
    };
    let pattern = "course.PersonCame v1.0: person.name: \"<pii>\" does not match the pattern ^[^!]*$";
    assert_eq!(told("\"NAME\"", "\"N!\""), pattern);
    assert_eq!(
        told("\"high\"", "\"secret\""),
        "course.PersonCame v1.0: person.level: \"<odd>\" is not one of low, high"
    );
    assert_eq!(
        told("\"email\"", "\"age\":{\"Ada\":[1,-30]},\"email\""),
        "course.PersonCame v1.0: person.age[\"<pii>\"][1]: <pii> is out of range for uint"
    );
    assert!(told("\"number\":777", "\"number\":7.7").ends_with("person.secret.number: <pii> is not an integer"));
    assert!(told("\"zip\":\"12\"", "\"zip\":12").ends_with("person.address.zip: expected a string, found a number"));
    let TypeEvent::PersonCame(PersonCame { mut person }) = event else { panic!("another event") };
    (person.email, person.r#type) = (None, None);
    person.owed = Some(isobar::Decimal::new(12345, 3));
    assert_eq!(to_vec(&person).unwrap_err().to_string(), "owed: <pii> has more than 2 digits after the point");
    assert!(format!("{person:?}").contains("email: None"));
    let masked = "<pii>";
    assert_eq!(format!("{:?}", obstacles::course::SecretId::new("secret_1").unwrap()), masked);
    assert_eq!(obstacles::course::Email::new("MAIL@x").unwrap().to_string(), "MAIL@x");
}

#[test]
fn examples_are_those_of_the_schema() {
    use obstacles::course::{Keywords, Others, Send};
    assert_eq!((Others::examples().len(), Keywords::examples().len()), (2, 1));
    assert_eq!(Others::examples()[0], Others::example());
    assert_eq!(Others::example().send, Send::Unknown("later".into()));
    // In UTC, as it is written.
    let second = String::from_utf8(to_vec(&Others::examples()[1]).unwrap()).unwrap();
    assert!(second.contains(r#""at":"2024-01-15T09:00:00Z","clone":3"#), "{second}");
}

#[test]
fn values_keep_their_text_whatever_they_are_called() {
    use obstacles::course::{Cases, Open};
    let texts: std::collections::HashSet<&str> = Cases::ALL.iter().map(Cases::as_str).collect();
    assert_eq!(texts.len(), Cases::ALL.len());
    for case in Cases::ALL {
        assert_eq!(case.as_str().parse(), Ok(*case));
        assert_eq!(from_slice(&to_vec(case).unwrap()), Ok(*case));
    }
    assert_eq!((Cases::Red.as_str(), Cases::Red2.as_str(), Cases::Red3.as_str()), ("red", "Red", "RED"));
    assert_eq!((Open::from("unknown"), Open::from("Unknown")), (Open::Unknown2, Open::Unknown3));
    assert_eq!(Open::from("new"), Open::Unknown("new".into()));
}

#[test]
fn what_was_released_without_a_box_stays_so() {
    use recursion::trees::{Branch, Formula, FormulaNegated, FormulaNumber, Sum, Zone};
    let inner = Zone::new("inner".into());
    let branch = Branch { zone: Some(Box::new(inner)), ..Branch::new("b".into()) };
    let zone = Zone { branch: Some(branch), ..Zone::new("outer".into()) };
    let json = br#"{"name":"outer","branch":{"name":"b","zone":{"name":"inner"}}}"#;
    assert_eq!(to_vec(&zone).unwrap(), json);
    assert_eq!(from_slice(json), Ok(zone));
    // `new` boxes by itself.
    let one = || Formula::Number(FormulaNumber::new(1));
    let sum = Sum::new(one(), Formula::Negated(FormulaNegated::new(one())));
    assert_eq!(*sum.left, one());
}
