//! The expected code of every fixture, compiled as strictly as a user might, and what it does with data. `tests/shop`
//! compiles this file once more, in edition 2021.
#![deny(warnings, missing_docs, clippy::all)]

/// Every kind of type.
pub mod kinds {
    include!("fixtures/kinds/expected/isobar.rs");
}

/// Names that Rust would rather not see.
pub mod names {
    include!("fixtures/names/expected/isobar.rs");
}

/// Several majors of events.
pub mod majors {
    include!("fixtures/majors/expected/isobar.rs");
}

/// Types of other contexts.
mod across {
    include!("fixtures/across/expected/isobar.rs");
}

/// Envelopes, chosen by the event, its context or the workspace.
pub mod envelopes {
    include!("fixtures/envelopes/expected/isobar.rs");
}

use isobar::{DecodeError, Envelope, Event, Events, Version, from_slice, to_vec};

/// What is written of a payload that was read.
fn written<E: Events>(name: &str, version: &str, json: &str) -> Result<String, String> {
    let event = E::decode(name, version, json.as_bytes()).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(event.encode().unwrap()).unwrap())
}

const EVERYTHING: &str = concat!(
    r#"{"text":"h\u00e9llo","flag":true,"whole":-5,"small":-2147483648,"count":18446744073709551615,"index":4294967295,"#,
    r#""ratio":0.5,"price":0.1,"key":"67e55044-10b1-426f-9247-bb680e5fe0c8","at":"2024-01-15T10:00:00Z","day":"2024-02-29","#,
    r#""lasts":"PT30S","data":"AQI=","anything":{"a":[1.0,null]},"anonymous":"anon_1","order-id":"order_1"}"#
);

#[test]
fn scalars_survive_a_round_trip() {
    use kinds::kinds::EverythingHappened;
    let canonical = EVERYTHING.replace("\\u00e9", "é");
    assert_eq!(written::<EverythingHappened>("EverythingHappened", "v1.0", EVERYTHING), Ok(canonical.clone()));
    let other = EVERYTHING.replacen("0.1,", "10e-2,", 1).replacen("{", "{ \"unknown\": [{}], ", 1);
    assert_eq!(written::<EverythingHappened>("kinds.EverythingHappened", "1.7", &other), Ok(canonical));
}

#[test]
fn a_bound_that_is_broken_is_told_with_its_path() {
    use kinds::kinds::{ContainersHappened, EverythingHappened};
    let table = [
        (r#""text":"h\u00e9llo""#, r#""text":"longer""#, "text: has 6 characters, more than the maximum 5"),
        (r#""whole":-5"#, r#""whole":-6"#, "whole: -6 is less than the minimum -5"),
        (r#""ratio":0.5"#, r#""ratio":1.5"#, "ratio: 1.5 is greater than the maximum 1"),
        (r#""price":0.1"#, r#""price":0.001"#, "price: 0.001 has more than 2 digits after the point"),
        (r#""data":"AQI=""#, r#""data":"""#, "data: has 0 items, fewer than the minimum 1"),
        (r#""anon_1""#, r#""anon_""#, r#"anonymous: "anon_" is not "anon_" followed by text"#),
        (r#""order_1""#, r#""1""#, r#"order-id: "1" is not "order_" followed by text"#),
        (r#""flag":true,"#, "", "flag: is missing"),
        (r#""flag":true,"#, r#""flag":null,"#, "flag: expected a boolean, found null"),
        (r#""flag":true,"#, r#""flag":true,"flag":true,"#, "flag: occurs twice"),
    ];
    for (from, to, message) in table {
        let json = EVERYTHING.replacen(from, to, 1);
        assert_ne!(json, EVERYTHING);
        let found = written::<EverythingHappened>("EverythingHappened", "v1.0", &json);
        assert_eq!(found, Err(format!("kinds.EverythingHappened v1.0: {message}")));
    }
    let containers = r#"{"names":[],"matrix":[[1],[]],"unique":[1.5,2],"byName":{"a b":{"number":"1"}},"lengths":[1,2],"tags":["x"],"nested":[[],[[]]]}"#;
    let full = containers.replace(r#""number":"1""#, r#""number":"1","limit":10.5"#);
    assert_eq!(written::<ContainersHappened>("ContainersHappened", "v1.0", containers), Ok(full));
    for (from, to, message) in [
        ("[[1],[]]", "[[1],[true]]", "matrix[1][0]: expected an integer, found a boolean"),
        ("[1.5,2]", "[1.5,2,1.50]", "unique[2]: is equal to an earlier item of the set"),
        ("[1.5,2]", "[]", "unique: has 0 items, fewer than the minimum 1"),
        (r#"{"number":"1"}"#, "{}", r#"byName["a b"].number: is missing"#),
        ("[1,2]", "[1,0]", "lengths[1]: 0 is less than the minimum 1"),
        ("[1,2]", "[1,2,3]", "lengths: has 3 items, more than the maximum 2"),
        (r#"["x"]"#, r#"["x","y","z","a"]"#, "tags: has 4 items, more than the maximum 3"),
    ] {
        let found = written::<ContainersHappened>("ContainersHappened", "v1.0", &containers.replacen(from, to, 1));
        assert_eq!(found, Err(format!("kinds.ContainersHappened v1.0: {message}")));
    }
}

#[test]
fn what_is_absent_has_its_default() {
    use kinds::kinds::{Colour, DefaultsHappened};
    let defaults = concat!(
        r#"{"text":"hello","flag":true,"whole":-3,"ratio":1.0,"price":0,"key":"67e55044-10b1-426f-9247-bb680e5fe0c8","#,
        r#""at":"2024-01-15T10:00:00Z","day":"2024-02-29","lasts":"PT30S","data":"AQI=","anything":{"a":[1,null]},"#,
        r#""order":"order_none","currency":"EUR","quantity":1,"rate":0.25,"level":"low","colour":"violet","names":[],"#,
        r#""few":[1,2],"byName":{"one":1},"card":{"number":"1","limit":10.5},"payment":{"kind":"cash","drawer":7}}"#
    );
    for json in ["{}", defaults, r#"{"level2":null,"tree":null}"#] {
        assert_eq!(written::<DefaultsHappened>("DefaultsHappened", "v1.0", json), Ok(defaults.to_owned()), "{json}");
    }
    let event: DefaultsHappened = from_slice(b"{}").unwrap();
    assert_eq!(event.colour, Colour::Unknown("violet".into()));
    let null = written::<DefaultsHappened>("DefaultsHappened", "v1.0", r#"{"flag":null}"#);
    assert_eq!(null, Err("kinds.DefaultsHappened v1.0: flag: expected a boolean, found null".into()));
}

#[test]
fn enums_unions_and_recursion() {
    use kinds::kinds::{Colour, Expression, Level, Negated, Payment, PaymentCash, Tree};
    assert_eq!(Level::ALL.iter().map(Level::as_str).collect::<Vec<_>>(), ["low", "2nd", "high"]);
    assert_eq!("2nd".parse(), Ok(Level::_2nd));
    assert_eq!("3rd".parse::<Level>().unwrap_err().to_string(), "payload: \"3rd\" is not one of low, 2nd, high");
    // A value that is called `unknown` is not the unknown value.
    let colours: Vec<Colour> = from_slice(br#"["red","unknown","<=","light-blue","other"]"#).unwrap();
    let known = [Colour::Red, Colour::Unknown2, Colour::LessEqual, Colour::LightBlue, Colour::Unknown("other".into())];
    assert_eq!(colours, known);
    assert_eq!(to_vec(&colours).unwrap(), br#"["red","unknown","<=","light-blue","other"]"#);

    let cash: Payment = from_slice(br#"{"drawer":1,"kind":"cash"}"#).unwrap();
    assert_eq!(cash, Payment::Cash(PaymentCash { drawer: 1 }));
    assert_eq!(to_vec(&cash).unwrap(), br#"{"kind":"cash","drawer":1}"#);
    let unknown = from_slice::<Payment>(br#"{"kind":"barter"}"#).unwrap_err().to_string();
    assert_eq!(unknown, r#"kind: "barter" names no branch; known are card, invoice, cash"#);
    assert_eq!(from_slice::<Payment>(br#"{"drawer":1}"#).unwrap_err().to_string(), "kind: is missing");

    let twice = br#"{"op":"negated","inner":{"op":"negated","inner":{"op":"number","value":1.5}}}"#;
    let expression: Expression = from_slice(twice).unwrap();
    let Expression::Negated(Negated { inner }) = &expression else { panic!("{expression:?}") };
    assert!(matches!(**inner, Expression::Negated(_)));
    assert_eq!(to_vec(&expression).unwrap(), twice);
    let tree = br#"{"value":1,"left":{"value":0,"others":[]},"others":[{"value":2,"others":[]}]}"#;
    let read: Tree = from_slice(tree).unwrap();
    assert_eq!(read.left.as_ref().map(|left| left.value), Some(0));
    assert_eq!(to_vec(&read).unwrap(), tree);
    // Deeper than the reader goes is an error, not the end of the stack.
    let deep = format!("{}1{}", r#"{"value":1,"left":"#.repeat(100_000), "}".repeat(100_000));
    assert!(from_slice::<Tree>(deep.as_bytes()).unwrap_err().to_string().ends_with("is nested deeper than 127 levels"));
}

#[test]
fn checked_types_keep_what_they_check() {
    use kinds::kinds::{Currency, Quantity, Rate, Tags};
    assert_eq!(Quantity::new(1000).map(Quantity::into_inner), Ok(1000));
    assert_eq!(Quantity::new(1001).unwrap_err().to_string(), "payload: 1001 is greater than the maximum 1000");
    assert!(Rate::new(isobar::Decimal::ZERO).is_err());
    assert!(Currency::new("eur").is_err());
    assert!(Tags::new((0..4).map(|n| n.to_string()).collect()).is_err());
}

#[test]
fn names_on_the_wire_are_the_authors_own() {
    use names::order_events::{Move, TypeEvent};
    let json = concat!(
        r#"{"type":"sku_1","self":"a","super":"b","crate":"c","fn":1,"gen":2,"async":true,"r":"d","key":"e","value":"f","#,
        r#""old value":"g","quo\"te":"h","HTTPStatus":200,"v1_0":3,"option":{"value":"i"},"string":{"text":"j"},"#,
        r#""result":"self","ok":"k","some":[1]}"#
    );
    assert_eq!(written::<TypeEvent>("type.moved", "v1.0", json), Ok(json.to_owned()));
    assert_eq!(<TypeEvent as Events>::NAMES[..3], ["type.moved", "Move", "order-events.Move"]);
    let event: Move = from_slice(json.as_bytes()).unwrap();
    assert_eq!((event.self_.as_str(), event.r#fn, event.http_status), ("a", 1, 200));
}

#[test]
fn every_version_comes_to_the_head() {
    use majors::sales::{Level, OrderEvent, OrderPlaced, order_placed};
    assert_eq!(OrderPlaced::VERSION, Version::new(3, 0));
    let v1 = r#"{"orderId":"order_1","total":1000.50,"name":"Ada Lovelace","tags":["a","b"]}"#;
    let first = concat!(
        r#"{"orderId":"order_1","amount":{"value":1000.5,"currency":"EUR"},"first":"Ada","last":"LOVELACE","region":"unknown","#,
        r##""lines":[],"colour":"red","urgent":true,"cents":100050,"size":2,"tags":"a, b","label":"#order_1","origin":"low"}"##
    );
    let of = |name, version, json: &str| written::<OrderEvent>(name, version, json);
    assert_eq!(of("OrderCreated", "v1.0", v1), Ok(first.to_owned()));
    assert_eq!(of("sales.OrderPlaced", "1", v1), Ok(first.to_owned()));
    let v1_1 = v1.replace("\"tags\"", "\"region\":\"NORTH\",\"tags\"");
    assert_eq!(of("OrderPlaced", "v1.1", &v1_1), Ok(first.replace("unknown", "north")));
    let v2 = concat!(
        r#"{"orderId":"order_1","pricing":{"total":1,"currency":"USD"},"name":"Ada","level":"high","colour":"pink","#,
        r#""lines":[{"sku":"sku_1","quantity":2,"price":0.25}],"tags":[],"region":"north"}"#
    );
    let second = concat!(
        r#"{"orderId":"order_1","amount":{"value":1,"currency":"USD"},"first":"Ada","last":"","region":"north","#,
        r#""lines":[{"sku":"sku_1","quantity":2,"price":0.25,"level":"low"}],"colour":"pink","urgent":true,"cents":100,"#,
        r##""size":0,"tags":"","label":"#order_1","origin":"high"}"##
    );
    assert_eq!(of("OrderCreated", "v2.0", v2), Ok(second.to_owned()));
    assert_eq!(of("OrderPlaced", "v3.9", second), Ok(second.to_owned()), "a newer minor is read by the current major");

    let unknown = OrderEvent::decode("OrderPlaced", "v4.0", b"{}").unwrap_err();
    assert!(matches!(unknown, DecodeError::UnknownVersion { .. }));
    assert_eq!(unknown.to_string(), r#"sales.OrderPlaced has no version "v4.0"; known are v1.1, v2.0, v3.0"#);
    assert!(matches!(OrderEvent::decode("Nothing", "v1.0", b"{}"), Err(DecodeError::UnknownName { .. })));

    // And back, as the downgrade says.
    let head: OrderPlaced = from_slice(second.as_bytes()).unwrap();
    let old = order_placed::v2::OrderPlaced::from(head);
    assert_eq!(old.name, "Ada ");
    assert_eq!((old.level, old.region, old.tags), (order_placed::v2::Level::Low, None, vec![]));
    assert_eq!(Level::ALL.len(), 3);
}

#[test]
fn numbers_that_do_not_fit_are_an_error_with_both_versions() {
    use majors::sales::Counted;
    let json = |count: i64, big: u64, next: &str| {
        let level = r#""level":"low""#;
        let part = format!(r#"{{"name":"a","parts":[{{"name":"b","parts":[],{level}}}],{level}{next}}}"#);
        format!(
            r#"{{"part":{part},"payment":{{"kind":"card","number":"1","level":"high"}},"parts":{{"x":[]}},"count":{count},"fee":0.5,"ratio":1.5,"wide":7,"big":{big}}}"#
        )
    };
    let found =
        written::<Counted>("Counted", "v1.0", &json(2, u64::MAX, r#","next":{"name":"c","parts":[],"level":"high"}"#));
    let tail = r#""total":4,"ratio":3.0,"wide":7,"big":18446744073709551615,"narrow":5}"#;
    assert!(found.as_ref().is_ok_and(|found| found.ends_with(tail)), "{found:?}");
    assert!(found.is_ok_and(|found| found.contains(r#""next":{"name":"c","parts":[],"level":"high"}"#)));
    let message = "sales.Counted v1.0 to v2.0: a computed number is too large or needs too many digits";
    assert_eq!(written::<Counted>("Counted", "v1.0", &json(0, 0, "")), Err(message.into()), "-1 is no uint32");
}

#[test]
fn old_types_of_other_contexts_come_along() {
    use across::{billing::InvoiceSent, crm::Customer};
    let v1 = r#"{"invoiceId":"inv_1","customer":{"id":"cust_1","address":{"street":"s","city":"c"}},"amount":{"value":1.50,"currency":"USD"}}"#;
    let event = InvoiceSent::decode_version(Version::new(1, 0), v1.as_bytes()).unwrap();
    let Customer { email, address, .. } = &event.customer;
    assert_eq!((email, address.city.as_str(), event.total.currency.as_str()), (&None, "c", "USD"));
}

#[test]
fn events_know_the_envelope_that_they_travel_in() {
    use envelopes::{
        envelopes::{LetterEvent, Opened, Sent},
        post::{Printed, StampEvent, Torn},
    };
    let sent = LetterEvent::from(Sent { to: "Ada".into() });
    let opened = LetterEvent::from(Opened { by: "Ada".into() });
    let torn = StampEvent::from(Torn { value: isobar::Decimal::ONE });
    let names = [sent.envelope(), opened.envelope(), torn.envelope(), Printed::ENVELOPE].map(|it| it.unwrap().name());
    assert_eq!(names, ["domain", "self", "cloudevents", "class-004"]);
    assert_eq!(sent.schema_id(), Some("urn:isobar:envelopes:envelopes.Sent:v1.0"));
    assert_eq!(names::order_events::Move::ENVELOPE, None, "nobody chose one");

    let time = isobar::parse_timestamp("2024-01-15T10:00:00Z").unwrap();
    let written = |event: LetterEvent| {
        let profile = event.envelope().unwrap();
        let message = Envelope::new("evt_1", time, event);
        let json = message.write(profile).unwrap();
        assert_eq!(Envelope::read(profile, &json).map(|read| read.data), Ok(message.data));
        String::from_utf8(json).unwrap()
    };
    let domain = concat!(
        r#"{"eventType":"Sent","eventId":"evt_1","occurredAt":"2024-01-15T10:00:00Z","meta data":{"schema":"#,
        r#"{"version":"v1.0","url":"urn:isobar:envelopes:envelopes.Sent:v1.0"}},"data":{"to":"Ada"}}"#
    );
    assert_eq!(written(sent), domain);
    assert_eq!(written(opened), r#"{"name":"Opened","v":1,"body":{"by":"Ada"}}"#);
    let bare = domain.replace(r#""version":"v1.0","#, "");
    let read: Envelope<LetterEvent> = Envelope::read(&envelopes::envelopes2::DOMAIN, bare.as_bytes()).unwrap();
    assert_eq!(read.schema_version, Version::new(1, 2), "the profile's default");
    let flat = StampEvent::from(Printed { value: isobar::Decimal::ONE });
    let flat = Envelope { sequence: Some(3), ..Envelope::new("evt_2", time, flat) };
    let json = flat.write(Printed::ENVELOPE.unwrap()).unwrap();
    assert_eq!(json, br#"{"eventType":"Printed","version":3,"value":1}"#);
}
