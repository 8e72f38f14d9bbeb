//! Many small random models, without compiling anything: the interpreter and the JSON Schema (under an independent validator)
//! accept and refuse the same payloads of every version, and what the interpreter writes, as any version that it can be written
//! in, is what the JSON Schema of that version accepts.
//!
//! `ISOBAR_SEED=7 ISOBAR_MODELS=10000 cargo test -p isobar-random --test models` tries others than every run does.

use isobar_model::{Version, model::Name};
use isobar_registry::{
    Evolution, Workspace,
    evolution::{Known, Onward},
    payload::{Refused, upcast, upcast_all, validate},
    release,
    schema::{Subject, schema},
};
use isobar_tests::{
    Dice,
    random::{self, EDITIONS, Storm, storm},
};
use jsonschema::Validator;
use serde_json::Value;
use std::{collections::HashMap, env, ops::AddAssign, thread};

/// How many models a run tries.
const MODELS: u64 = 1500;
/// How many events a model has at first.
const EVENTS: usize = 2;
/// How many models are one workspace: each of its files is written once.
const TOGETHER: u64 = 100;
/// How many payloads each version gets.
const PAYLOADS: usize = 4;

/// What happened how often.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    models: u64,
    versions: u64,
    accepted: u64,
    refused: u64,
    became: u64,
    rewritten: u64,
    unfit: u64,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Seen) {
        self.models += other.models;
        self.versions += other.versions;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.became += other.became;
        self.rewritten += other.rewritten;
        self.unfit += other.unfit;
    }
}

#[test]
fn interpreter_and_schema_agree_on_small_models() {
    let number = |name, default: u64| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (seed, models) = (number("ISOBAR_SEED", 1), number("ISOBAR_MODELS", MODELS));
    let workers = thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let batches = models.div_ceil(TOGETHER);
    let mut total = Seen::default();
    thread::scope(|scope| {
        let worker = |worker| {
            let of_worker = (0..batches).filter(move |batch| batch % workers == worker);
            scope.spawn(move || {
                let mut seen = Seen::default();
                of_worker.for_each(|batch| seen += tried(seed, batch * TOGETHER..models.min((batch + 1) * TOGETHER)));
                seen
            })
        };
        for worker in (0..workers).map(worker).collect::<Vec<_>>() {
            total += worker.join().expect("its message stands above");
        }
    });
    println!("{total:?}");
    assert_eq!(total.models, models);
    let all = total.accepted + total.refused;
    assert!(total.accepted * 5 > all && total.refused * 5 > all, "both happen often");
    assert!(total.rewritten > all / 4 && total.unfit * 200 > all, "everything happens");
}

/// Some models as one workspace, brought through all editions.
fn tried(seed: u64, models: std::ops::Range<u64>) -> Seen {
    let folder = tempfile::tempdir().expect("a folder");
    let one = |n: u64| storm(seed.wrapping_mul(0x1_0000_0001).wrapping_add(n), &format!("m{n}"), EVENTS);
    let storms: Vec<Storm> = models.map(one).collect();
    let mut workspace = Workspace::default();
    for edition in 0..EDITIONS {
        let file = |it: &Storm| (format!("{}.storm.yaml", it.context), it.spelled_out(edition));
        isobar_tests::write(folder.path(), &storms.iter().map(file).collect()).expect("files can be written");
        workspace = Workspace::open(folder.path());
        let findings = || isobar_model::diag::render(&workspace.findings(), &workspace.sources, false);
        assert!(!workspace.diagnostics.has_errors(), "seed {seed}, edition {edition}\n{}", findings());
        if edition + 1 < EDITIONS {
            release(&workspace, &[], false).expect("what has no errors can be released");
        }
    }
    let mut trial = Trial { workspace: &workspace, validators: HashMap::new(), seen: Seen::default() };
    trial.seen.models = storms.len() as u64;
    for evolution in workspace.evolutions.values() {
        for known in &evolution.versions {
            trial.version(evolution, known, seed);
        }
    }
    trial.seen
}

struct Trial<'a> {
    workspace: &'a Workspace,
    validators: HashMap<(Name, Version), Validator>,
    seen: Seen,
}

impl Trial<'_> {
    fn version(&mut self, evolution: &Evolution, known: &Known, seed: u64) {
        self.seen.versions += 1;
        let of_name = evolution.name.to_string().bytes().fold(seed, |a, b| a.wrapping_mul(31).wrapping_add(b.into()));
        let mut dice = Dice::new(of_name ^ u64::from(known.version.major) << 40 ^ u64::from(known.version.minor) << 50);
        for _ in 0..PAYLOADS {
            let json = random::payload(known.fields(), &known.types, &mut dice);
            let context = format!("seed {seed}, {} {}: {json}", evolution.name, known.version);
            let interpreted = validate(known, json.as_bytes());
            let valid = self.is_valid(evolution, known.version, &json);
            assert_eq!(interpreted.is_ok(), valid, "{context}\n{interpreted:?}");
            if valid {
                self.seen.accepted += 1;
                self.brought_on(evolution, known.version, &json, &context);
            } else {
                self.seen.refused += 1;
            }
        }
    }

    fn is_valid(&mut self, evolution: &Evolution, version: Version, json: &str) -> bool {
        let validator = self.validators.entry((evolution.name.clone(), version)).or_insert_with(|| {
            let known = evolution.version(version).expect("it is known");
            let subject = Subject::event("random", &evolution.name, version, &known.event, &known.types);
            let schema = schema(&subject.expect("it has fields")).pretty();
            let schema: Value = serde_json::from_str(&schema).expect("a schema is JSON");
            jsonschema::options().should_validate_formats(true).build(&schema).expect("it is a schema")
        });
        validator.is_valid(&serde_json::from_str(json).expect("it is JSON"))
    }

    /// What a fine payload becomes, and that in every version of what it became.
    fn brought_on(&mut self, evolution: &Evolution, version: Version, json: &str, context: &str) {
        let workspace = self.workspace;
        let became = match upcast_all(workspace, evolution, version, json.as_bytes()) {
            Ok(became) => became,
            Err(Refused::Hop { .. }) => return self.seen.unfit += 1,
            Err(other) => panic!("{context}\n{other}"),
        };
        let gone = matches!(evolution.onward, Onward::Nothing);
        assert!(gone || !became.is_empty(), "{context} is nothing");
        for message in became {
            self.seen.became += 1;
            let target = &workspace.evolutions[&message.name];
            for known in &target.versions {
                match upcast(target, message.version, Some(known.version), message.json.as_bytes()) {
                    Ok(written) => {
                        let fine = self.is_valid(target, known.version, &written);
                        assert!(fine, "{context}\nbecame {} {}: {written}", message.name, known.version);
                        self.seen.rewritten += 1;
                    }
                    Err(Refused::Hop { .. }) => self.seen.unfit += 1,
                    Err(Refused::NoWay { from, to }) if to < from => {}
                    Err(other) => panic!("{context}\nas {} {}: {other}", message.name, known.version),
                }
            }
        }
    }
}
