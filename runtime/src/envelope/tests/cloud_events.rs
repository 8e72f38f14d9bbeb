//! CloudEvents in both modes, and what is none.

use super::*;

fn order_placed() -> Envelope<Placed> {
    Envelope {
        source: Some("/shop/orders".into()),
        aggregate_id: Some("order_1".into()),
        aggregate_type: Some("Order".into()),
        sequence: Some(7),
        correlation_id: Some("corr 1".into()),
        causation_id: Some("cmd_1".into()),
        user: Some("Zo\u{eb} 100%".into()),
        ..Envelope::new("evt_1", time(), placed())
    }
}

const STRUCTURED: &str = concat!(
    r#"{"specversion":"1.0","datacontenttype":"application/json","id":"evt_1","source":"/shop/orders","type":"Placed","#,
    r#""subject":"order_1","time":"2024-01-15T10:30:00Z","dataschema":"urn:isobar:shop:shop.Placed:v2.0","#,
    r#""schemaversion":"2.0","aggregatetype":"Order","sequence":"00000000000000000007","correlationid":"corr 1","#,
    r#""causationid":"cmd_1","userid":"Zoë 100%","data":{"order":"order_1","quantity":2}}"#
);

#[test]
fn structured_mode() {
    assert_eq!(written(&order_placed(), &CLOUD_EVENTS), STRUCTURED);
    assert_eq!(Envelope::read(&CLOUD_EVENTS, STRUCTURED.as_bytes()), Ok(order_placed()));
    let http = [("Content-Type", "application/cloudevents+json; charset=UTF-8"), ("ce-id", "other")];
    assert_eq!(Envelope::read_http(&CLOUD_EVENTS, http, STRUCTURED.as_bytes()), Ok(order_placed()));
    let foreign = concat!(
        r#"{"specversion":"1.0","id":"1","source":"s","type":"shop.Placed","time":null,"sequence":"7","myextension":5,"#,
        r#""datacontenttype":"text/JSON; charset=utf-8","data_base64":"eyJvcmRlciI6Im9yZGVyXzEifQ=="}"#
    );
    let read: Envelope<Placed> = Envelope::read(&CLOUD_EVENTS, foreign.as_bytes()).unwrap();
    assert_eq!((read.data.order.as_str(), read.sequence, read.time), ("order_1", Some(7), None));
    let read: Envelope<Placed> = Envelope::read(&CLOUD_EVENTS, foreign.replace("\"7\"", "7").as_bytes()).unwrap();
    assert_eq!((read.sequence, read.schema_version), (Some(7), Version::new(1, 0)));
}

#[test]
fn binary_mode() {
    let BinaryMessage { headers, body } = order_placed().write_binary(&CLOUD_EVENTS).unwrap();
    let expected = [
        ("ce-aggregatetype", "Order"),
        ("ce-causationid", "cmd_1"),
        ("ce-correlationid", "corr%201"),
        ("ce-dataschema", "urn:isobar:shop:shop.Placed:v2.0"),
        ("ce-id", "evt_1"),
        ("ce-schemaversion", "2.0"),
        ("ce-sequence", "00000000000000000007"),
        ("ce-source", "/shop/orders"),
        ("ce-specversion", "1.0"),
        ("ce-subject", "order_1"),
        ("ce-time", "2024-01-15T10:30:00Z"),
        ("ce-type", "Placed"),
        ("ce-userid", "Zo%C3%AB%20100%25"),
        ("content-type", "application/json"),
    ];
    assert_eq!(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), expected);
    assert_eq!(body, br#"{"order":"order_1","quantity":2}"#);
    assert_eq!(Envelope::read_http(&CLOUD_EVENTS, &headers, &body), Ok(order_placed()));
    let shouted =
        headers.iter().map(|(name, value)| (name.to_uppercase(), value)).chain([("HOST".into(), &headers["ce-id"])]);
    assert_eq!(Envelope::read_http(&CLOUD_EVENTS, shouted, &body), Ok(order_placed()));
}

#[test]
fn what_is_no_cloud_event_is_told() {
    for (from, to, message) in [
        ("\"1.0\"", "\"0.3\"", "specversion: \"0.3\" is not a version of CloudEvents that is known, which is 1.0"),
        (r#""specversion":"1.0","#, "", "specversion: is missing"),
        (r#""source":"/shop/orders","#, "", "source: is missing"),
        ("evt_1", "", "id: \"\" is not a text of one or more printable characters"),
        (
            "application/json",
            "application/xml",
            "datacontenttype: \"application/xml\" is not a content type of JSON such as application/json",
        ),
        (
            "\"00000000000000000007\"",
            "\"7a\"",
            "sequence: \"7a\" is not a sequence number such as 00000000000000000001",
        ),
        ("\"data\":", "\"data_base64\":\"\",\"data\":", "data: occurs twice"),
        ("\"data\":", "\"specversion\":\"1.0\",\"data\":", "specversion: occurs twice"),
    ] {
        let json = STRUCTURED.replacen(from, to, 1);
        assert_eq!(refused(&CLOUD_EVENTS, &json), format!("envelope cloudevents: {message}"));
    }
    let nowhere = Envelope { source: None, ..order_placed() };
    assert_eq!(nowhere.write(&CLOUD_EVENTS).unwrap_err().to_string(), "envelope cloudevents: source: is missing");
    let bell = Envelope { user: Some("\u{7}".into()), ..order_placed() };
    assert!(bell.write_binary(&CLOUD_EVENTS).unwrap_err().to_string().starts_with("envelope cloudevents: userid: "));
    let refused = order_placed().write_binary(&DOMAIN).unwrap_err();
    assert_eq!(refused.to_string(), "envelope domain: is not one of CloudEvents");
}

#[test]
fn what_is_no_cloud_event_in_headers_is_told() {
    let BinaryMessage { headers, body } = order_placed().write_binary(&CLOUD_EVENTS).unwrap();
    let with = |name: &str, value: Option<&str>| {
        let mut headers = headers.clone();
        headers.remove(name);
        headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Envelope::<Placed>::read_http(&CLOUD_EVENTS, &headers, &body).map_err(|e| e.to_string())
    };
    assert_eq!(with("content-type", None), Ok(order_placed()));
    for (name, value, message) in [
        ("ce-specversion", None, "specversion: is missing"),
        ("ce-source", None, "source: is missing"),
        ("ce-id", Some(""), "id: \"\" is not a text of one or more printable characters"),
        ("ce-id", Some("%FF"), "id: \"%FF\" is not a percent-encoded UTF-8 text"),
        ("CE-ID", Some("again"), "id: occurs twice"),
        ("CE-SPECVERSION", Some("1.0"), "specversion: occurs twice"),
    ] {
        assert_eq!(with(name, value), Err(format!("envelope cloudevents: {message}")));
    }
    for found in ["text/plain", "application/cloudevents-batch+json", "application/cloudevents+avro", ""] {
        let message = format!("{found:?} is not the content type of a CloudEvent with JSON data");
        assert_eq!(with("content-type", Some(found)), Err(message));
    }
}

proptest! {
    #[test]
    fn both_modes_say_the_same(mut envelope in envelope()) {
        let printable = |text: &mut Option<String>| {
            *text = text.take().map(|it| it.replace(char::is_control, "")).filter(|it| !it.is_empty());
        };
        let Envelope { id, source, aggregate_id, aggregate_type, schema_url, correlation_id, causation_id, user, .. } = &mut envelope;
        [id, source, aggregate_id, aggregate_type, schema_url, correlation_id, causation_id, user].into_iter().for_each(printable);
        envelope.id.get_or_insert("id".into());
        envelope.source.get_or_insert("source".into());
        envelope.schema_url.get_or_insert("url".into());
        let structured = envelope.write(&CLOUD_EVENTS).unwrap();
        prop_assert_eq!(Envelope::read(&CLOUD_EVENTS, &structured), Ok(envelope.clone()));
        let binary = envelope.write_binary(&CLOUD_EVENTS).unwrap();
        prop_assert_eq!(Envelope::read_http(&CLOUD_EVENTS, &binary.headers, &binary.body), Ok(envelope));
    }

    #[test]
    fn garbage_in_headers_is_refused_in_peace(name in "ce-(id|type|time|sequence|source)", value: Vec<u8>, body: Vec<u8>) {
        let refused = Envelope::<Placed>::read_http(&CLOUD_EVENTS, [(name, value)], &body);
        prop_assert!(refused.is_err());
    }
}
