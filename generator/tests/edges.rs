//! Texts at the edge of what values are: the model (as a default), generated code, the interpreter and the JSON Schema under an
//! independent validator read the same of them, and the two readers write the same.

#![allow(deprecated, missing_docs, reason = "generated for this test alone")]

mod kinds {
    include!("fixtures/kinds/expected/isobar.rs");
}

use isobar::{from_slice, to_vec};
use isobar_registry::{
    Workspace, payload,
    schema::{Subject, schema},
};
use kinds::kinds::EverythingHappened;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{fs, path::Path, sync::LazyLock};

const FIELDS: [(&str, &str); 4] = [("at", "timestamp"), ("day", "date"), ("lasts", "duration"), ("key", "uuid")];

/// The field, a text, and how it is written, if it is read.
#[rustfmt::skip]
const EDGES: &[(&str, &str, Option<&str>)] = &[
    ("at", "9999-12-30T22:00:01Z", Some("9999-12-30T22:00:01Z")),
    ("at", "9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z")),
    ("at", "9999-12-31T23:59:59.999999999Z", Some("9999-12-31T23:59:59.999999999Z")),
    ("at", "9999-12-31T23:59:59-01:00", Some("9999-12-31T23:59:59-01:00")),
    ("at", "9999-12-31T23:00:00-01:00", Some("9999-12-31T23:59:00-00:01")),
    ("at", "9999-12-31T23:59:59.999999999-23:59", Some("9999-12-31T23:59:59.999999999-23:59")),
    ("at", "9999-12-31T23:59:59+23:59", Some("9999-12-31T00:00:59Z")),
    ("at", "10000-01-01T00:00:00Z", None),
    ("at", "0000-01-01T00:00:00Z", Some("0000-01-01T00:00:00Z")),
    ("at", "0000-01-01T00:00:00+23:59", Some("0000-01-01T00:00:00+23:59")),
    ("at", "0000-01-01T00:30:30.5+01:00", Some("0000-01-01T00:00:30.5+00:30")),
    ("at", "-0001-12-31T23:59:59Z", None),
    ("at", "0000-02-29T00:00:00Z", Some("0000-02-29T00:00:00Z")),
    ("at", "0999-06-01T00:00:00Z", Some("0999-06-01T00:00:00Z")),
    ("at", "999-06-01T00:00:00Z", None),
    ("at", "2023-02-29T00:00:00Z", None),
    ("at", "1900-02-29T00:00:00Z", None),
    ("at", "2024-02-29t23:59:59z", Some("2024-02-29T23:59:59Z")),
    ("at", "2024-02-29T23:59:59-00:00", Some("2024-02-29T23:59:59Z")),
    ("at", "2016-12-31T23:59:60Z", None),
    ("at", "2016-12-31T24:00:00Z", None),
    ("at", "2024-01-15T10:30:00.123456789Z", Some("2024-01-15T10:30:00.123456789Z")),
    ("at", "2024-01-15T10:30:00.1234567890Z", None),
    ("at", "2024-01-15T10:30:00.Z", None),
    ("at", "2024-01-15T10:30:00,5Z", None),
    ("at", "2024-01-15T10:30:00.000Z", Some("2024-01-15T10:30:00Z")),
    ("at", "2024-01-15T10:30:00+24:00", None),
    ("at", "2024-01-15T10:30:00+0100", None),
    ("at", "2024-01-15 10:30:00Z", None),
    ("at", "2024-01-15T10:30:00", None),
    ("day", "9999-12-31", Some("9999-12-31")),
    ("day", "0000-01-01", Some("0000-01-01")),
    ("day", "0000-02-29", Some("0000-02-29")),
    ("day", "0999-12-31", Some("0999-12-31")),
    ("day", "999-12-31", None),
    ("day", "10000-01-01", None),
    ("day", "-0001-01-01", None),
    ("day", "1900-02-29", None),
    ("day", "2024-04-31", None),
    ("day", "2024-W01-1", None),
    ("lasts", "PT2562047788015215H30M7.999999999S", Some("P106751991167300DT15H30M7.999999999S")),
    ("lasts", "PT18446744073709551616S", Some("P213503982334601DT7H16S")),
    ("lasts", "PT99999999999999999999S", Some("P1157407407407407DT9H46M39S")),
    ("lasts", "PT100000000000000000000S", None),
    ("lasts", "P9999999999999999999W", Some("P69999999999999999993D")),
    ("lasts", "P10000000000000000000W", None),
    ("lasts", "P99999999999999999999DT99999999999999999999H", Some("P99999999999999999999DT99999999999999999999H")),
    ("lasts", "PT0.0000000001S", None),
    ("lasts", "PT0.000000001S", Some("PT0.000000001S")),
    ("lasts", "PT0.0S", Some("PT0S")),
    ("lasts", "PT60M", Some("PT1H")),
    ("lasts", "P1Y", None),
    ("lasts", "-PT1S", None),
    ("lasts", "pt1s", None),
    ("lasts", "PT1H1S", Some("PT1H1S")),
    ("key", "67E55044-10B1-426F-9247-BB680E5FE0C8", Some("67e55044-10b1-426f-9247-bb680e5fe0c8")),
    ("key", "00000000-0000-0000-0000-000000000000", Some("00000000-0000-0000-0000-000000000000")),
    ("key", "67e5504410b1426f9247bb680e5fe0c8", None),
    ("key", "urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8", None),
];

/// An event that is fine, but for one field.
fn event(field: &str, text: &str) -> Value {
    let mut event = json!({
        "text": "five5", "flag": true, "whole": -5, "small": 0, "count": 0, "index": 0, "ratio": 0.5, "price": 0.1,
        "key": "67e55044-10b1-426f-9247-bb680e5fe0c8", "at": "2024-01-15T10:00:00Z", "day": "2024-02-29", "lasts": "P1D",
        "data": "AQI=", "anything": {}, "anonymous": "anon_1", "order-id": "order_1"
    });
    event[field] = text.into();
    event
}

/// How all of them write the text of a field, if they read it.
fn written(field: &str, text: &str) -> Option<String> {
    static ALL: LazyLock<(Workspace, jsonschema::Validator)> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kinds/schemas");
        let workspace = Workspace::open(&folder);
        let evolution = workspace.find("EverythingHappened").expect("the event is there");
        let known = evolution.newest().expect("it has a version");
        let subject = Subject::event("edges", &evolution.name, known.version, &known.event, &known.types);
        let schema = schema(&subject.expect("it has fields")).pretty();
        let schema: Value = serde_json::from_str(&schema).expect("a schema is JSON");
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("it is a schema");
        (workspace, validator)
    });
    let (workspace, validator) = &*ALL;
    let evolution = workspace.find("EverythingHappened").expect("the event is there");
    let version = evolution.newest().expect("it has a version").version;
    let event = event(field, text);
    let json = event.to_string();
    let generated = from_slice::<EverythingHappened>(json.as_bytes());
    let interpreted = payload::upcast(evolution, version, None, json.as_bytes());
    assert_eq!(validator.is_valid(&event), generated.is_ok(), "the JSON Schema, of {field} {text}");
    match (generated, interpreted) {
        (Ok(generated), Ok(interpreted)) => {
            let again = to_vec(&generated).expect("what was read can be written");
            assert_eq!(String::from_utf8_lossy(&again), interpreted, "{field} {text}");
            let again: Value = serde_json::from_slice(&again).expect("it is JSON");
            assert!(validator.is_valid(&again), "the JSON Schema, of {again}");
            Some(again[field].as_str().expect("it is text").to_owned())
        }
        (Err(generated), Err(payload::Refused::Payload { source, .. })) => {
            assert_eq!(generated, source, "{field} {text}");
            None
        }
        (generated, interpreted) => panic!("{field} {text}: {generated:?} is not {interpreted:?}"),
    }
}

#[test]
fn all_readers_agree_on_the_edges() {
    for (field, text, expected) in EDGES {
        assert_eq!(written(field, text).as_deref(), *expected, "{field} {text}");
    }
}

/// The model reads texts by itself, since a build script has no runtime.
#[test]
fn the_model_agrees_on_the_edges() {
    let scalar = |field: &str| FIELDS.iter().find(|(name, _)| *name == field).expect("it is one of them").1;
    let fields: Vec<String> = EDGES
        .iter()
        .enumerate()
        .map(|(i, (field, text, _))| format!("      f{i}: {{ type: {}, default: \"{text}\" }}\n", scalar(field)))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let storm = format!("context: edges\nevents:\n  Happened:\n    fields:\n{}", fields.concat());
    fs::write(folder.path().join("isobar.yaml"), "workspace: edges\n").expect("it can be written");
    fs::write(folder.path().join("edges.storm.yaml"), storm).expect("it can be written");
    let workspace = Workspace::open(folder.path());
    let told: Vec<String> = workspace.findings().into_iter().map(|it| it.message).collect();
    for (field, text, expected) in EDGES {
        let refused = told.contains(&format!("`{text}` is not `{}`", scalar(field)));
        assert_eq!(refused, expected.is_none(), "{field} {text}\n{told:#?}");
    }
}

proptest! {
    #[test]
    fn all_readers_agree_near_timestamps(
        text in "(0000|0001|0999|1900|2024|9999|[0-9]{4})-(01|02|12|1[0-3]|0[0-9])-(01|28|29|30|31|00|32)[Tt ]?(00|23|24|[01][0-9]):(00|59|60|30):(00|59|60|61)(\\.[0-9]{0,10})?(Z|z|[+-](00|01|23|24):(00|59|60)|[+-]0100)?",
    ) {
        written("at", &text);
    }

    #[test]
    fn all_readers_agree_near_dates(text in "[+-]?(0000|0001|1900|2000|2024|9999|[0-9]{3,5})-?(01|02|04|12|1[0-3]|00)-?(01|28|29|30|31|00|32)") {
        written("day", &text);
    }

    #[test]
    fn all_readers_agree_near_durations(
        text in "-?P([0-9]{0,3}|9{19,21})?[WDYM]?([0-9]{1,3}D)?(T([0-9]{1,2}H|9{20,21}H)?([0-9]{1,2}M|9{20,21}M)?([0-9]{1,2}|9{20,21})?(\\.[0-9]{0,10})?S?)?",
    ) {
        written("lasts", &text);
    }
}
