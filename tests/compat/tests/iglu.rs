//! The steps between versions in Iglu Central: our verdicts beside what the validator says of payloads, and beside the labels
//! that the maintainers gave (an ADDITION claims that all old data fits, a MODEL that some may not).

use isobar_compat::{payloads::Payloads, validator};
use isobar_registry::compat::documents::{Content, Mode, Verdict, judge};
use isobar_tests::Dice;
use serde_json::Value;
use std::{fmt::Write, fs, path::Path};

/// Payloads a step and direction.
const PAYLOADS: usize = 400;

fn data(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)
}

#[test]
fn every_step_is_judged_as_payloads_show_it() {
    let text = fs::read_to_string(data("iglu/steps.json")).expect("the steps are there");
    let suite: Value = serde_json::from_str(&text).expect("it is JSON");
    let steps = suite["steps"].as_array().expect("it has steps");
    assert_eq!(steps.len(), 70);
    let (mut found, mut tried) = (String::new(), 0);
    for step in steps {
        let text = |key: &str| step[key].as_str().expect("a text");
        let name = format!("{} {} to {} ({})", text("name"), text("from"), text("to"), text("claimed"));
        for mode in [Mode::Backward, Mode::Forward] {
            let (old, new) = (&step["old"], &step["new"]);
            let judgement = judge(old, new, mode, Content::Strict).unwrap_or_else(|error| panic!("{name}: {error}"));
            let (writer, reader) = if mode == Mode::Backward { (old, new) } else { (new, old) };
            let (writes, reads) = (validator(writer).expect("valid"), validator(reader).expect("valid"));
            match judgement.verdict {
                Verdict::Unknown => panic!("{name}: {:?}", judgement.findings),
                Verdict::Incompatible => {
                    for finding in &judgement.findings {
                        let payload = finding.witness.as_ref().expect("every refusal is shown");
                        assert!(writes.is_valid(payload) && !reads.is_valid(payload), "{name}: {payload}");
                    }
                }
                Verdict::Compatible => {
                    let mut dice = Dice::new(7);
                    for of in [writer, reader] {
                        for undeclared in [false, true] {
                            for _ in 0..PAYLOADS / 4 {
                                let payload = Payloads::new(&mut dice, of, undeclared).one();
                                if writes.is_valid(&payload) {
                                    tried += 1;
                                    assert!(reads.is_valid(&payload), "{name}, {mode:?}: {payload}");
                                }
                            }
                        }
                    }
                }
            }
            let claims = text("claimed") == "ADDITION";
            if mode == Mode::Backward && claims != (judgement.verdict == Verdict::Compatible) {
                let shown = match judgement.findings.first() {
                    Some(finding) => {
                        let witness = finding.witness.as_ref().expect("shown").to_string();
                        // A text that is one character too long is shown by how long it is.
                        let witness = witness.replace(&"a".repeat(4097), "(4,097 times a)");
                        format!("not all old data fits: {} at `{}`, {witness}", finding.code.name, finding.pointer)
                    }
                    None => "all old data fits".to_owned(),
                };
                let _ = writeln!(found, "{name}: {shown}");
            }
        }
    }
    assert!(tried > 500, "only {tried} payloads were of use");
    let known = fs::read_to_string(data("iglu/disagreements.txt")).expect("it is there");
    let known: String = known.lines().filter(|it| !it.starts_with('#')).map(|it| format!("{it}\n")).collect();
    assert_eq!(found.trim(), known.trim(), "read what is new, then write it down");
}
