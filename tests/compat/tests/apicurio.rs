//! The compatibility suite of Apicurio Registry, its labels and our verdicts side by side. Where they differ, `disagreements.txt`
//! says what a payload shows, and the validator says here whether it does.

use isobar_compat::validator;
use isobar_registry::compat::documents::{Content, Mode, Verdict, judge};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

fn data(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)
}

#[test]
fn every_disagreement_with_the_labels_is_known_and_shown_by_a_payload() {
    let text = fs::read_to_string(data("apicurio/cases.json")).expect("the suite is there");
    let suite: Value = serde_json::from_str(&text).expect("it is JSON");
    let cases = suite["tests"].as_array().expect("it has cases");
    assert_eq!(cases.len(), 145);
    let (mut found, mut unknown) = (String::new(), 0);
    for case in cases {
        let (id, label) = (case["id"].as_str().expect("named"), case["compatibility"].as_str().expect("labelled"));
        for (mode, name, says) in
            [(Mode::Backward, "backward", label != "none"), (Mode::Forward, "forward", label == "both")]
        {
            let (old, new) = (&case["original"], &case["updated"]);
            let judgement = judge(old, new, mode, Content::Strict).unwrap_or_else(|error| panic!("{id}: {error}"));
            let (writer, reader) = if mode == Mode::Backward { (old, new) } else { (new, old) };
            match judgement.verdict {
                Verdict::Unknown => {
                    unknown += 1;
                    let _ = writeln!(found, "{id} | {name} | unknown: {}", judgement.findings[0].message);
                }
                Verdict::Compatible if !says => {
                    let _ = writeln!(found, "{id} | {name} | labelled incompatible; no payload shows it");
                }
                Verdict::Incompatible => {
                    for finding in &judgement.findings {
                        let payload = finding.witness.as_ref().expect("every refusal is shown");
                        let (writes, reads) = (validator(writer), validator(reader));
                        assert!(writes.expect("valid").is_valid(payload), "{id} {name}: {payload}");
                        assert!(!reads.expect("valid").is_valid(payload), "{id} {name}: {payload}");
                    }
                    if says {
                        let payload = judgement.findings[0].witness.as_ref().expect("shown");
                        let _ = writeln!(found, "{id} | {name} | labelled compatible; {payload} is refused");
                    }
                }
                Verdict::Compatible => {}
            }
        }
    }
    assert_eq!(unknown, 0);
    let known = fs::read_to_string(data("apicurio/disagreements.txt")).expect("it is there");
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
    };
    assert_eq!(lines(&found), lines(&known), "read what is new, then write it down:\n{found}");
}
