//! Generated code with all that can become of an event, compiled as strictly as a user might, and what it does with data.
//! `tests/shop` compiles this file once more, in edition 2021.
#![deny(warnings, missing_docs, clippy::all)]

/// Events with hooks, older versions, and events that became others.
pub mod evolution {
    include!("fixtures/evolution/expected/isobar.rs");
    include!("fixtures/evolution/hooks.rs");
}

use isobar::{Events, Version, from_slice};

/// What is written of a payload that was read.
fn written<E: Events>(name: &str, version: &str, json: &str) -> Result<String, String> {
    let event = E::decode(name, version, json.as_bytes()).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(event.encode().unwrap()).unwrap())
}

#[test]
fn hooks_run_and_what_they_give_is_checked() {
    use evolution::club::{MemberEvent, Priced};
    let of = |json: &str| written::<MemberEvent>("Priced", "v1.0", json);
    let lines = r#""lines":[{"amount":12.5,"currency":"EUR"}]}"#;
    assert_eq!(
        of(r#"{"memberId":"m_1","price":"12.50 EUR","rebate":2}"#),
        Ok(format!(r#"{{"memberId":"m_1","length":3,"fee":{{"amount":12.5,"currency":"EUR"}},"discount":2,{lines}"#))
    );
    assert!(of(r#"{"memberId":"m_1","price":"0 EUR"}"#).is_ok_and(|it| it.contains(r#""discount":1,"#)));
    let table = [("12", "no currency"), ("x EUR", "no amount")];
    for (price, why) in table {
        let found = of(&format!(r#"{{"memberId":"m_1","price":"{price}"}}"#));
        assert_eq!(found, Err(format!("club.Priced v1.0 to v2.0: {why}")));
    }
    // Rust's types hold more than the fields do.
    for (price, why) in [
        ("1 euro", r#"fee.currency: "euro" does not match the pattern ^[A-Z]{3}$"#),
        ("1.005 EUR", "fee.amount: 1.005 has more than 2 digits after the point"),
    ] {
        let found = of(&format!(r#"{{"memberId":"m_1","price":"{price}"}}"#));
        assert_eq!(found, Err(format!("club.Priced v1.0 to v2.0: {why}")));
    }
    let new: Priced =
        from_slice(br#"{"memberId":"m_1","fee":{"amount":1.5,"currency":"USD"},"discount":1,"lines":[]}"#).unwrap();
    assert_eq!(new.encode_as("v1.0").unwrap(), br#"{"memberId":"m_1","price":"1.5 USD"}"#);
}

#[test]
fn old_readers_get_exactly_the_fields_they_know() {
    use evolution::club::Enrolled;
    use isobar::EncodeAsError;
    let json =
        r#"{"memberId":"m_1","first":"Ada","last":"Lovelace","level":"gold","nickname":"Countess","invitedBy":"m_2"}"#;
    let event: Enrolled = from_slice(json.as_bytes()).unwrap();
    let of = |version: &str| event.encode_as(version).map(|json| String::from_utf8(json).unwrap());
    assert_eq!(of("v2.1").as_deref(), Ok(json));
    assert_eq!(of("2.0"), Ok(json.replace(r#","invitedBy":"m_2""#, "")));
    let v1_2 = r#"{"memberId":"m_1","name":"Ada Lovelace","region":"north","level":"basic"}"#;
    let v1_2 = v1_2.replace("basic", "gold").replace('}', r#","nickname":"Countess"}"#);
    assert_eq!(of("v1.2"), Ok(v1_2.clone()));
    let v1_1 = v1_2.replace(r#","nickname":"Countess""#, "");
    assert_eq!(of("v1.1"), Ok(v1_1.clone()));
    assert_eq!(of("v1.0"), Ok(v1_1.replace(r#","level":"gold""#, "")));
    let known = "club.Enrolled has no version \"v1.3\"; known are v1.0, v1.1, v1.2, v2.0, v2.1";
    assert_eq!(of("v1.3").unwrap_err().to_string(), known);
    assert!(matches!(of("first"), Err(EncodeAsError::UnknownVersion { version, .. }) if version == "first"));
    // An older minor that does not have this value says so.
    let event = Enrolled { level: evolution::club::Level::Platinum, ..event };
    let wrong = event.encode_as("v1.1").unwrap_err();
    let known = r#"level: "platinum" is not one of basic, gold"#;
    assert_eq!(wrong.to_string(), format!("club.Enrolled v1.2 back to v1.1: {known}"));
}

#[test]
fn a_version_is_negotiated_or_every_reason_given() {
    use evolution::club::{Enrolled, MemberEvent, Scaled};
    let scaled: Scaled = from_slice(br#"{"memberId":"m_1","size":1}"#).unwrap();
    assert_eq!(isobar::negotiate::<Enrolled>("v1.0..v1.1"), Ok(Version::new(1, 1)));
    assert_eq!(isobar::negotiate::<Enrolled>("v1.0..v9.0"), Ok(Version::new(2, 1)));
    assert_eq!(MemberEvent::from(scaled.clone()).negotiate("v1.0..v3.4"), Ok(Version::new(3, 0)));
    let none = scaled.negotiate("v1.5..v2.0").unwrap_err();
    assert_eq!(
        none.to_string(),
        "club.Scaled has no version for a consumer of \"v1.5..v2.0\": v3.0 is not accepted, v2.0 has no way from v3.0 back to \
         v2.0, v1.0 is not accepted"
    );
    assert_eq!(scaled.negotiate("everything").unwrap_err().reasons.len(), 3);
    let no_way = scaled.encode_as("v1.0").unwrap_err();
    assert_eq!(no_way.to_string(), "club.Scaled has no way from v3.0 back to v2.0");
}

#[test]
fn data_of_events_that_are_over_becomes_others() {
    use evolution::club::{MemberEvent, Named, Resized};
    use evolution::post::Reachable;
    let all = |name: &str, version: &str, json: &str| {
        let all = MemberEvent::decode_all(name, version, json.as_bytes()).map_err(|error| error.to_string())?;
        Ok::<_, String>(all.iter().map(|it| String::from_utf8(it.encode().unwrap()).unwrap()).collect::<Vec<_>>())
    };
    // Split: each set of events sees what of it is its own.
    let old = br#"{"memberId":"m_1","name":"Ada Lovelace","mail":"A@B","note":"gold"}"#;
    let named = Named::decode("Registered", "v1.0", old).unwrap();
    assert_eq!(named.name, "Ada Lovelace");
    assert_eq!(MemberEvent::decode_all("club.Registered", "v1", old), Ok(vec![named.into()]));
    let reachable = Reachable::decode("club.Registered", "v1.0", old).unwrap();
    assert_eq!((reachable.mail.as_str(), reachable.level), ("a@b", Some(evolution::club::Level::Gold)));
    // Split into several of one set, of which one was split again.
    let old = r#"{"memberId":"m_1","amount":1.5,"currency":"EUR"}"#;
    assert_eq!(
        all("Settled", "v1.0", old),
        Ok(vec![
            old.to_owned(),
            r#"{"memberId":"m_1","why":"paid eur"}"#.to_owned(),
            r#"{"memberId":"m_1","size":0}"#.to_owned()
        ])
    );
    let several = MemberEvent::decode("Settled", "v1.0", old.as_bytes()).unwrap_err();
    assert_eq!(several, isobar::became("club.Settled", &["club.Paid", "club.Left", "club.Scaled"]));
    assert_eq!(all("Settled", "v1.0", "{}"), Err("club.Settled v1.0: memberId: is missing".into()));
    let unknown = "club.Settled has no version \"v2.0\"; known are v1.0";
    assert_eq!(all("Settled", "v2.0", "{}"), Err(unknown.into()));
    // Merged: the name on the wire was another.
    let merged = r#"{"memberId":"m_1","by":-3}"#;
    assert_eq!(written::<Resized>("ShrunkV", "v1.0", r#"{"memberId":"m_1","less":3}"#), Ok(merged.into()));
    assert_eq!(all("Grown", "v1.0", merged), Ok(vec![merged.to_owned()]));
    // Dropped.
    assert_eq!(all("club.Pinged", "v1.0", "anything"), Ok(vec![]));
    let dropped = MemberEvent::decode("Pinged", "v1.0", b"{}").unwrap_err();
    assert_eq!(dropped.to_string(), "club.Pinged is none of these events any more; `decode_all` passes over it");
    // Unknown.
    let unknown = Named::decode("Pinged", "v1.0", b"{}").unwrap_err().to_string();
    assert_eq!(unknown, "\"Pinged\" is not a known event; known are Named, club.Named, Registered, club.Registered");
    assert!(
        all("Unheard", "v1.0", "{}")
            .is_err_and(|it| it.contains("Enrolled, club.Enrolled, Joined, club.Joined, Named"))
    );
}

#[test]
fn a_former_name_is_read_and_the_present_one_written() {
    use evolution::club::{Enrolled, MemberEvent};
    let old = r#"{"memberId":"m_1","name":"Ada Lovelace","region":"north"}"#;
    let new = r#"{"memberId":"m_1","first":"Ada","last":"Lovelace","level":"basic"}"#;
    for name in ["Joined", "club.Joined", "Enrolled", "club.Enrolled"] {
        assert_eq!(written::<MemberEvent>(name, "v1.0", old), Ok(new.into()));
        assert_eq!(written::<Enrolled>(name, "v2.0", new), Ok(new.into()));
    }
    let event = MemberEvent::decode("Joined", "v1.0", old.as_bytes()).unwrap();
    assert_eq!((event.name(), event.version()), ("Enrolled", Version::new(2, 1)));
}

/// Readers of before the rename know the event by its name of then.
#[test]
fn envelopes_carry_older_versions_and_what_became_several() {
    use evolution::club::{Enrolled, MemberEvent};
    use isobar::{CLOUD_EVENTS, Envelope, EnvelopeError};
    let event: Enrolled = from_slice(br#"{"memberId":"m_1","first":"Ada","last":"L","level":"gold"}"#).unwrap();
    assert_eq!([Version::new(2, 1), Version::new(2, 0)].map(|it| event.name_in(it)), ["Enrolled", "Joined"]);
    let time = isobar::parse_timestamp("2024-01-15T10:00:00Z").unwrap();
    let message = Envelope { source: Some("/club".into()), ..Envelope::new("evt_1", time, MemberEvent::from(event)) };
    let json = message.write_as(&CLOUD_EVENTS, "v1.1").unwrap();
    let text = String::from_utf8(json.clone()).unwrap();
    assert!(text.contains(r#""type":"Joined""#) && text.contains(r#""schemaversion":"1.1""#), "{text}");
    assert!(text.ends_with(r#""data":{"memberId":"m_1","name":"Ada L","region":"north","level":"gold"}}"#), "{text}");
    assert!(!text.contains("dataschema"), "the URL is that of another version: {text}");
    let read: Envelope<MemberEvent> = Envelope::read(&CLOUD_EVENTS, &json).unwrap();
    assert_eq!((read.data, read.schema_version), (message.data.clone(), Version::new(1, 1)));
    assert!(matches!(message.write_as(&CLOUD_EVENTS, "v7.0"), Err(EnvelopeError::EncodeAs(_))));
    assert_eq!(message.write_as(&CLOUD_EVENTS, "v2.1"), message.write(&CLOUD_EVENTS));

    let settled = text.replace("Joined", "Settled").replace(r#""1.1""#, r#""1.0""#);
    let settled =
        settled.replace(r#""name":"Ada L","region":"north","level":"gold""#, r#""amount":1,"currency":"EUR""#);
    let all: Vec<Envelope<MemberEvent>> = Envelope::read_all(&CLOUD_EVENTS, settled.as_bytes()).unwrap();
    let told: Vec<_> = all.iter().map(|it| (it.data.name(), it.id.as_deref(), it.source.as_deref())).collect();
    assert_eq!(told, ["Paid", "Left", "Scaled"].map(|name| (name, Some("evt_1"), Some("/club"))));
    assert!(matches!(
        Envelope::<MemberEvent>::read(&CLOUD_EVENTS, settled.as_bytes()),
        Err(EnvelopeError::Data(isobar::DecodeError::Became { .. }))
    ));
}
