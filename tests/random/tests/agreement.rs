//! For every random event and payload of any version: the generated type, the registry's interpreter and the JSON Schema (under
//! an independent validator) accept and refuse the same things. Where the payload is accepted, the two readers give the same
//! events, however many its event became, and write each of them the same for every older version, which the JSON Schema of that
//! version accepts. Hooks in Rust are held against the expressions that they compute.

use isobar::{DecodeError, EncodeAsError};
use isobar_model::{Version, model::Name};
use isobar_random::{CONTEXTS, Event, Read, SPELLED, WORKSPACE};
use isobar_registry::{
    Evolution, Workspace,
    payload::{Refused, upcast, upcast_all},
    schema::{Subject, schema},
};
use isobar_tests::{Dice, random};
use jsonschema::Validator;
use serde_json::Value;
use std::{collections::HashMap, path::Path};

/// How many payloads each version of each event gets.
const PAYLOADS: usize = 24;

/// What happened how often.
#[derive(Debug, Default)]
struct Seen {
    accepted: usize,
    upcast: usize,
    several: usize,
    refused: usize,
    /// Fine payloads whose data has no form in the newest version.
    unfit: usize,
    written_older: usize,
    no_way_back: usize,
    unfit_older: usize,
}

/// One context, read by both.
struct Both<'a> {
    context: &'a str,
    read: Read,
    workspace: &'a Workspace,
    validators: HashMap<(Name, Version), Validator>,
    seen: Seen,
}

#[test]
fn generated_code_interpreter_and_schema_agree() {
    let (workspace, called) = (Workspace::open(Path::new(SPELLED)), Workspace::open(Path::new(WORKSPACE)));
    assert!(!workspace.diagnostics.has_errors() && !called.diagnostics.has_errors());
    let mut total = Seen::default();
    for (context, read) in CONTEXTS {
        let seen = std::mem::take(&mut total);
        let mut both = Both { context, read: *read, workspace: &workspace, validators: HashMap::new(), seen };
        for evolution in workspace.evolutions.values().filter(|it| it.name.context == *context) {
            both.event(evolution);
        }
        total = both.seen;
    }
    println!("{total:?}");
    let Seen { accepted, upcast, several, refused, unfit, written_older, no_way_back, unfit_older } = total;
    let all = accepted + refused + unfit;
    assert!(accepted * 5 > all && refused * 5 > all, "both happen often");
    for often in [upcast, several, unfit, written_older, no_way_back, unfit_older] {
        assert!(often * 500 > all, "everything happens");
    }
}

impl Both<'_> {
    fn event(&mut self, evolution: &Evolution) {
        for known in &evolution.versions {
            self.schema(evolution, known.version);
            let seed =
                evolution.name.to_string().bytes().fold(u64::from(known.version.major), |a, b| a * 31 + u64::from(b));
            let mut dice = Dice::new(seed);
            for _ in 0..PAYLOADS {
                let json = random::payload(known.fields(), &known.types, &mut dice);
                self.payload(evolution, known.version, known.event.wire_name(), &json);
            }
        }
    }

    fn schema(&mut self, evolution: &Evolution, version: Version) {
        let known = evolution.version(version).expect("it is known");
        let subject = Subject::event("random", &evolution.name, version, &known.event, &known.types);
        let schema: Value = serde_json::from_str(&schema(&subject.expect("it has fields")).pretty()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        self.validators.insert((evolution.name.clone(), version), validator);
    }

    fn is_valid(&self, name: &Name, version: Version, json: &str) -> bool {
        self.validators[&(name.clone(), version)].is_valid(&serde_json::from_str(json).unwrap())
    }

    fn payload(&mut self, evolution: &Evolution, version: Version, wire_name: &str, json: &str) {
        let context = format!("{} {version}: {json}", evolution.name);
        let dropped = matches!(evolution.onward, isobar_registry::evolution::Onward::Nothing);
        let valid = self.is_valid(&evolution.name, version, json);
        let generated = (self.read)(wire_name, &version.to_string(), json.as_bytes());
        let interpreted = upcast_all(self.workspace, evolution, version, json.as_bytes());
        match (generated, interpreted) {
            (Ok(generated), Ok(interpreted)) => {
                assert!(valid || dropped, "only the schema refuses {context}");
                assert_eq!(generated.len(), interpreted.len(), "{context}");
                for (generated, interpreted) in generated.iter().zip(&interpreted) {
                    let (name, json) = (&*interpreted.name.name, &*interpreted.json);
                    assert_eq!((generated.name, &*generated.json), (name, json), "{context}");
                    self.written_alike(generated, &interpreted.name);
                }
                self.seen.accepted += 1;
                self.seen.upcast += usize::from(evolution.newest().is_some_and(|it| it.version.major > version.major));
                self.seen.several += usize::from(generated.len() > 1);
            }
            (Err(DecodeError::Payload { source: a, .. }), Err(Refused::Payload { source: b, .. })) => {
                assert!(!valid, "only the schema accepts {context}: {a}");
                assert_eq!(a.to_string(), b.to_string(), "{context}");
                self.seen.refused += 1;
            }
            // The payload is fine and its data has no form in the newer version: both say so.
            (
                Err(DecodeError::Upcast { from: a, to: b, source: why, .. }),
                Err(Refused::Hop { from: x, to: y, source: reason }),
            ) => {
                assert!(valid, "only the schema refuses {context}");
                assert_eq!((a.to_string(), b.to_string()), (x.to_string(), y.to_string()), "{context}");
                assert_eq!(why, reason, "{context}");
                self.seen.unfit += 1;
            }
            (generated, interpreted) => {
                panic!("{context}\n{:?}\n{interpreted:?}", generated.map(|all| all.len()))
            }
        }
    }

    /// Writes an event in every version that there is, and one that there is not, by both.
    fn written_alike(&mut self, event: &Event, name: &Name) {
        let evolution = &self.workspace.evolutions[name];
        let newest = evolution.newest().expect("there is a version").version;
        if !self.validators.contains_key(&(name.clone(), newest)) {
            evolution.versions.iter().for_each(|known| self.schema(evolution, known.version));
        }
        let versions = evolution.versions.iter().map(|known| known.version).chain([newest.next_major()]);
        for version in versions {
            let context = || format!("{} {} {} as {version}", self.context, event.name, event.json);
            let generated = (event.encode_as)(&version.to_string());
            let generated = generated.map(|json| String::from_utf8(json).expect("JSON is text"));
            let interpreted = upcast(evolution, newest, Some(version), event.json.as_bytes());
            let pair = |a: &dyn ToString, b: &dyn ToString| (a.to_string(), b.to_string());
            match (generated, interpreted) {
                (Ok(generated), Ok(interpreted)) => {
                    assert_eq!(generated, interpreted, "{}", context());
                    assert!(self.is_valid(name, version, &generated), "{} is {generated}", context());
                    self.seen.written_older += usize::from(version != newest);
                }
                (Err(EncodeAsError::UnknownVersion { .. }), Err(Refused::UnknownVersion { .. })) => {}
                (Err(EncodeAsError::NoWay { from, to, .. }), Err(Refused::NoWay { from: a, to: b })) => {
                    assert_eq!(pair(&from, &to), pair(&a, &b), "{}", context());
                    self.seen.no_way_back += 1;
                }
                (
                    Err(EncodeAsError::Downcast { from, to, source, .. }),
                    Err(Refused::Hop { from: a, to: b, source: other }),
                ) => {
                    assert_eq!(pair(&from, &to), pair(&a, &b), "{}", context());
                    assert_eq!(source, other, "{}", context());
                    self.seen.unfit_older += 1;
                }
                (generated, interpreted) => panic!("{}\n{generated:?}\n{interpreted:?}", context()),
            }
        }
    }
}
