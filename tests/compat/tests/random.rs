//! Random pairs of schemas with small edits between the two: no verdict is unsound. `ISOBAR_PAIRS=1000000 ISOBAR_SEED=7` tries more
//! and others; a run says on standard output what it saw.

use isobar_compat::{payloads::Payloads, schemas, validator};
use isobar_registry::compat::documents::{Content, Mode, Verdict, judge};
use isobar_tests::Dice;
use serde_json::Value;
use std::env;

/// Payloads a pair.
const PAYLOADS: usize = 24;

fn setting(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Counts of a run.
#[derive(Debug, Default)]
struct Seen {
    compatible: usize,
    incompatible: usize,
    unknown: usize,
    payloads: usize,
    slowest: u128,
}

#[test]
fn no_verdict_on_random_pairs_is_unsound() {
    let (pairs, seed) = (setting("ISOBAR_PAIRS", 3000), setting("ISOBAR_SEED", 1));
    let mut reasons = std::collections::BTreeMap::<String, usize>::new();
    for content in [Content::Strict, Content::Producer] {
        let mut seen = Seen::default();
        for number in 0..pairs / 2 {
            one(seed.wrapping_mul(1 << 40) + number, content, &mut seen, &mut reasons);
        }
        println!("{content:?}, seed {seed}: {seen:?}");
        let all = seen.compatible + seen.incompatible + seen.unknown;
        assert!(all as u64 > pairs / 3, "too few pairs are schemas");
        assert!(seen.unknown * 20 < all, "too much is unknown: {seen:?}, {reasons:?}");
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    println!("unknown: {reasons:#?}");
}

fn one(seed: u64, content: Content, seen: &mut Seen, reasons: &mut std::collections::BTreeMap<String, usize>) {
    let mut dice = Dice::new(seed);
    let (old, new) = schemas::pair(&mut dice);
    let (Some(writes), Some(reads)) = (validator(&old), validator(&new)) else { return };
    let context = |payload: &Value| format!("seed {seed}, {content:?}\nold {old}\nnew {new}\npayload {payload}");
    let start = std::time::Instant::now();
    let judgement = match judge(&old, &new, Mode::Backward, content) {
        Ok(judgement) => judgement,
        Err(error) => panic!("{error}: the validator reads it\n{}", context(&Value::Null)),
    };
    seen.slowest = seen.slowest.max(start.elapsed().as_micros());
    match judgement.verdict {
        Verdict::Unknown => {
            seen.unknown += 1;
            let message = &judgement.findings[0].message;
            let message: Vec<&str> = message.split('`').step_by(2).collect();
            *reasons.entry(message.join("_")).or_default() += 1;
        }
        Verdict::Incompatible => {
            seen.incompatible += 1;
            for finding in &judgement.findings {
                let payload = finding.witness.as_ref().expect("every refusal is shown");
                assert!(writes.is_valid(payload), "not written: {}", context(payload));
                assert!(!reads.is_valid(payload), "read: {}", context(payload));
            }
        }
        Verdict::Compatible => {
            seen.compatible += 1;
            let opened = isobar_compat::opened(&new);
            let reads_opened = validator(&opened).expect("it is a schema without some rules");
            for number in 0..PAYLOADS {
                let of = if number % 4 == 0 { &new } else { &old };
                let undeclared = content == Content::Strict && number % 2 == 0;
                let payload = Payloads::new(&mut dice, of, undeclared).one();
                let written = writes.is_valid(&payload)
                    && !isobar_compat::has_whole_floats(&payload)
                    && (content == Content::Strict || isobar_compat::is_declared(&payload, &old));
                if written {
                    seen.payloads += 1;
                    let read =
                        reads.is_valid(&payload) || content == Content::Producer && reads_opened.is_valid(&payload);
                    assert!(read, "compatible, and not read: {}", context(&payload));
                }
            }
        }
    }
}
