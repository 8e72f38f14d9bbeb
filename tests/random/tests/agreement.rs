//! For every random event and payload of either version: the generated type, the registry's interpreter and the JSON Schema
//! (under an independent validator) accept and refuse the same things, and where the payload is accepted the two readers give
//! the same event in the newest version.

use isobar_model::{Version, model::Name};
use isobar_random::{EVENTS, WORKSPACE};
use isobar_registry::{
    Workspace,
    payload::{Refused, upcast},
    schema::{Subject, schema},
};
use isobar_tests::{Dice, random};
use serde_json::Value;
use std::path::Path;

/// How many payloads each version of each event gets.
const PAYLOADS: usize = 40;

#[test]
fn generated_code_interpreter_and_schema_agree() {
    let workspace = Workspace::open(Path::new(WORKSPACE));
    assert!(!workspace.diagnostics.has_errors());
    let (mut accepted, mut refused, mut hops, mut overflows) = (0, 0, 0, 0);
    for (event, read) in EVENTS {
        let name = Name { context: "random".into(), name: (*event).into() };
        let evolution = &workspace.evolutions[&name];
        assert_eq!(evolution.majors.len(), 2, "{name} changed");
        for known in &evolution.versions {
            let subject = Subject::event("random", &name, known.version, &known.event, &known.types);
            let schema: Value = serde_json::from_str(&schema(&subject.expect("it has fields")).pretty()).unwrap();
            let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
            let mut dice = Dice::new(u64::from(known.version.major) << 32 | event.len() as u64);
            for _ in 0..PAYLOADS {
                let json = random::payload(known.fields(), &known.types, &mut dice);
                let value: Value = serde_json::from_str(&json).unwrap();
                let valid = validator.is_valid(&value);
                let interpreted = upcast(evolution, known.version, None, json.as_bytes());
                let generated = read(&known.version.to_string(), json.as_bytes());
                let context = || format!("{name} {}: {json}", known.version);
                match (&generated, &interpreted) {
                    (Ok(generated), Ok(interpreted)) => {
                        assert_eq!(generated, interpreted, "{}", context());
                        assert!(valid, "only the schema refuses {}", context());
                        accepted += 1;
                        hops += usize::from(known.version == Version::FIRST);
                    }
                    // The payload is fine and its data has no form in the newer version: both say so.
                    (Err(_), Err(Refused::Hop { .. })) => {
                        assert!(valid, "only the schema refuses {}", context());
                        overflows += 1;
                    }
                    (Err(error), Err(interpreted)) => {
                        assert!(!valid, "only the schema accepts {}: {error} / {interpreted}", context());
                        refused += 1;
                    }
                    (generated, interpreted) => panic!("{generated:?} is not {interpreted:?}: {}", context()),
                }
            }
        }
    }
    println!(
        "{accepted} accepted ({hops} of them old), {refused} refused, {overflows} without a form in the new version"
    );
    let all = EVENTS.len() * 2 * PAYLOADS;
    assert!(accepted * 5 > all && refused * 5 > all, "both happen often: {accepted} and {refused} of {all}");
}
