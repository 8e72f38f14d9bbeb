//! Random pairs of records of the notation, the second a small edit of the first: where all is said to be read, payloads of the first
//! are read by the registry's own reader and by the emitted JSON Schema; where not, the payload that is shown is written and refused.
//! `ISOBAR_PAIRS=1000000 ISOBAR_SEED=7` tries more and others; a run says on standard output what it saw.

use isobar::{Invalid, Problem};
use isobar_compat::records::{self, Payloads, Version};
use isobar_model::model::Name;
use isobar_registry::{
    compat::{
        Record,
        shapes::{Verdict, judge},
    },
    payload,
    schema::{Subject, schema},
};
use isobar_tests::{Dice, cpu};
use jsonschema::Validator;
use serde_json::Value;
use std::{cell::OnceCell, collections::BTreeMap, env, ops::AddAssign, thread};

/// Payloads of either side for each question that is answered with yes.
const PAYLOADS: usize = 6;

/// Counts of a run.
#[derive(Debug, Default)]
struct Seen {
    pairs: u64,
    compatible: u64,
    incompatible: u64,
    unknown: u64,
    witnesses: u64,
    payloads: u64,
    /// Held against the JSON Schema too.
    validated: u64,
    cpu: f64,
    reasons: BTreeMap<String, u64>,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Seen) {
        self.pairs += other.pairs;
        self.compatible += other.compatible;
        self.incompatible += other.incompatible;
        self.unknown += other.unknown;
        self.witnesses += other.witnesses;
        self.payloads += other.payloads;
        self.validated += other.validated;
        self.cpu += other.cpu;
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
    }
}

#[test]
fn no_verdict_on_random_records_is_unsound() {
    let setting = |name, otherwise| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (pairs, seed): (u64, u64) = (setting("ISOBAR_PAIRS", 1000), setting("ISOBAR_SEED", 1));
    let workers = thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let mut seen = Seen::default();
    thread::scope(|scope| {
        let run = |worker: u64| {
            scope.spawn(move || {
                let (mut seen, mut payloads) = (Seen::default(), Payloads::default());
                let mine = (worker..).step_by(workers as usize).map(|number| seed.wrapping_mul(1 << 40) + number);
                for number in mine {
                    if seen.pairs >= pairs.div_ceil(workers) {
                        break;
                    }
                    one(number, &mut payloads, &mut seen);
                }
                seen.cpu = cpu();
                seen
            })
        };
        for worker in (0..workers).map(run).collect::<Vec<_>>() {
            seen += worker.join().expect("what failed stands above");
        }
    });
    println!("seed {seed}: {seen:#?}");
    assert!(seen.compatible > pairs / 3 && seen.incompatible > pairs / 3, "both answers are given often");
    assert!(seen.payloads > pairs && seen.validated > pairs / 2, "payloads are tried");
}

struct Side<'a> {
    version: &'a Version,
    schema: OnceCell<Validator>,
}

impl<'a> Side<'a> {
    fn new(version: &'a Version) -> Self {
        Side { version, schema: OnceCell::new() }
    }

    fn record(&self) -> Record<'a> {
        Record { types: &self.version.frozen.types, fields: self.version.fields() }
    }

    fn validator(&self) -> &Validator {
        self.schema.get_or_init(|| {
            let frozen = &self.version.frozen;
            let name: &Name = &frozen.name;
            let subject = Subject::event("random", name, *frozen.version, &frozen.event, &frozen.types);
            let text = schema(&subject.expect("it has fields")).to_string();
            let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
            // What authors call a format is for people and tools.
            let options = jsonschema::options().should_validate_formats(true).with_format("email", |_| true);
            options.build(&schema).expect("it is a schema")
        })
    }
}

fn one(seed: u64, payloads: &mut Payloads, seen: &mut Seen) {
    let mut dice = Dice::new(seed);
    let Some((old, new)) = records::pair(&mut dice) else { return };
    seen.pairs += 1;
    let (old, new) = (Side::new(&old), Side::new(&new));
    for (writer, reader) in [(&old, &new), (&new, &old)] {
        question(seed, writer, reader, payloads, &mut dice, seen);
    }
}

fn question(seed: u64, writer: &Side<'_>, reader: &Side<'_>, all: &mut Payloads, dice: &mut Dice, seen: &mut Seen) {
    let judged = judge(writer.record(), reader.record());
    let reads = |side: &Side<'_>, json: &str| payload::read(json.as_bytes(), side.record());
    let context = |json: &str| {
        let (writes, reads) = (&writer.version.text, &reader.version.text);
        format!("seed {seed}\n{json}\nwriter\n{writes}\nreader\n{reads}\n{judged:#?}")
    };
    for finding in &judged.findings {
        let Some(witness) = &finding.witness else {
            *seen.reasons.entry(finding.message.split('`').step_by(2).collect()).or_default() += 1;
            continue;
        };
        let witness = witness.to_string();
        seen.witnesses += 1;
        // A validator takes two spellings of one moment or length of time for two items.
        let spelled = |error: &Invalid| matches!(error.problem(), Problem::DuplicateItem);
        let written = reads(writer, &witness).map_or_else(|error| spelled(&error), |_| true);
        assert!(written, "not written: {}", context(&witness));
        assert!(reads(reader, &witness).is_err(), "read: {}", context(&witness));
    }
    match judged.verdict {
        Verdict::Incompatible => return seen.incompatible += 1,
        Verdict::Unknown => return seen.unknown += 1,
        Verdict::Compatible => seen.compatible += 1,
    }
    for number in 0..2 * PAYLOADS {
        // What lies at the reader's bounds is worth trying, as far as the writer writes it.
        let of = if number % 2 == 0 { writer } else { reader };
        let raw = all.one(of.record().types, of.record().fields, dice);
        let Ok(data) = reads(writer, &raw) else { continue };
        let written = payload::write(&data).expect("what was read can be written");
        let raw = (number % 2 == 0).then_some(raw).filter(|raw| *raw != written);
        for json in raw.iter().chain([&written]) {
            seen.payloads += 1;
            if let Err(error) = reads(reader, json) {
                panic!("said to be read, and it is not: {error}\n{}", context(json));
            }
            if !is_long(json) {
                seen.validated += 1;
                let value = serde_json::from_str(json).expect("it is JSON");
                assert!(reader.validator().is_valid(&value), "refused by the schema: {}", context(json));
            }
        }
    }
}

/// Whether a number has so many digits that a validator, which reads doubles, may see another one.
fn is_long(json: &str) -> bool {
    json.split(|c: char| !c.is_ascii_digit() && c != '.').any(|digits| digits.len() > 16)
}
