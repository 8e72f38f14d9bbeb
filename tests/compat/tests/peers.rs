//! Our verdicts beside those of the crate `jsoncompat` and of `jsonschema`'s experimental subtraction of schemas, on the suites and on
//! random pairs. Every disagreement is printed (`--nocapture`), and payloads must show that we are not the ones who are
//! wrong: a witness where a peer says that everything is read, many payloads where it says that something is not.

use isobar_compat::{has_whole_floats, payloads::Payloads, schemas, validator};
use isobar_registry::compat::documents::{Content, Mode, Verdict, judge};
use isobar_tests::Dice;
use jsonschema::canonical::Satisfiability;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    panic,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// What a peer says: whether all is read, if it says anything.
type Says = Option<bool>;

fn subtraction(writer: &Value, reader: &Value) -> Says {
    let (writer, reader) = (jsonschema::canonicalize(writer).ok()?, jsonschema::canonicalize(reader).ok()?);
    match writer.subtract(&reader).ok()?.satisfiability() {
        Satisfiability::Yes => Some(false),
        Satisfiability::No => Some(true),
        Satisfiability::Unknown => None,
    }
}

/// What `jsoncompat` says of every pair. It is a program of its own (`tests/peers`), since it would change how `serde_json` reads numbers.
fn jsoncompat<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Vec<Says> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/Cargo.toml");
    let mut child = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cargo runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    let lines: Vec<String> = pairs.map(|(writer, reader)| format!("[{writer},{reader}]\n")).collect();
    let count = lines.len();
    let feed = thread::spawn(move || lines.iter().try_for_each(|line| stdin.write_all(line.as_bytes())));
    let output = child.wait_with_output().expect("it ends");
    feed.join().expect("no panic").expect("all is taken");
    assert!(output.status.success(), "it answers");
    let said = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let said: Vec<Says> = said.lines().map(|line| line.parse().ok()).collect();
    assert_eq!(said.len(), count, "an answer each");
    said
}

fn suites() -> Vec<(String, Value, Value)> {
    let read = |file: &str| -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
        serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON")
    };
    let mut pairs = Vec::new();
    for case in read("apicurio/cases.json")["tests"].as_array().expect("cases") {
        let name = case["id"].as_str().expect("named");
        pairs.push((format!("apicurio {name}, backward"), case["original"].clone(), case["updated"].clone()));
        pairs.push((format!("apicurio {name}, forward"), case["updated"].clone(), case["original"].clone()));
    }
    for step in read("iglu/steps.json")["steps"].as_array().expect("steps") {
        // The peers do not know Iglu's meta-schema.
        let plain = |key: &str| {
            let mut schema = step[key].clone();
            schema["$schema"] = "http://json-schema.org/draft-04/schema#".into();
            schema
        };
        let name = format!("iglu {} {}", step["name"], step["to"]);
        pairs.push((format!("{name}, backward"), plain("old"), plain("new")));
        pairs.push((format!("{name}, forward"), plain("new"), plain("old")));
    }
    pairs
}

#[test]
fn where_peers_disagree_payloads_are_on_our_side() {
    let mut pairs = suites();
    let random: u64 = env::var("ISOBAR_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    for seed in 0..random {
        let (old, new) = schemas::pair(&mut Dice::new(seed ^ 0x9e00));
        pairs.push((format!("random {seed}: {old} to {new}"), old, new));
    }
    // One peer knows the newest draft only. What a schema means there is another matter, for us as well.
    let newest = |schema: &Value| -> Value {
        let mut schema = schema.clone();
        if let Some(map) = schema.as_object_mut() {
            map.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        }
        schema
    };
    let again: Vec<_> =
        pairs.iter().map(|(name, a, b)| (format!("{name}, in 2020-12"), newest(a), newest(b))).collect();
    pairs.extend(again.into_iter().filter(|(_, a, b)| a.is_object() || b.is_object()));
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut dice = Dice::new(3);
    panic::set_hook(Box::new(|_| {}));
    let said = jsoncompat(pairs.iter().map(|(_, writer, reader)| (writer, reader)));
    for ((name, writer, reader), jsoncompat) in pairs.iter().zip(said) {
        let (Some(writes), Some(reads)) = (validator(writer), validator(reader)) else { continue };
        let Ok(ours) = judge(writer, reader, Mode::Backward, Content::Strict) else { continue };
        // A peer may panic, which is an answer as good as none.
        let subtracted = panic::catch_unwind(|| subtraction(writer, reader)).ok().flatten();
        for (peer, says) in [("jsoncompat", jsoncompat), ("subtraction", subtracted)] {
            let word = says.map_or("nothing", |yes| if yes { "compatible" } else { "incompatible" });
            *counts.entry((peer, ours.verdict.name(), word)).or_default() += 1;
            match (ours.verdict, says) {
                (Verdict::Incompatible, Some(true)) => {
                    let payload = ours.findings[0].witness.as_ref().expect("every refusal is shown");
                    println!("{peer} says compatible, {payload} is refused: {name}");
                    assert!(writes.is_valid(payload) && !reads.is_valid(payload), "{name}: {payload}");
                }
                (Verdict::Compatible, Some(false)) => {
                    println!("{peer} says incompatible, no payload shows it: {name}");
                    for number in 0..300 {
                        let of = if number % 3 == 0 { reader } else { writer };
                        let payload = Payloads::new(&mut dice, of, number % 2 == 0).one();
                        let fine = !writes.is_valid(&payload) || reads.is_valid(&payload) || has_whole_floats(&payload);
                        assert!(fine, "{peer} is right about {name}: {payload}");
                    }
                }
                _ => {}
            }
        }
    }
    let _ = panic::take_hook();
    for ((peer, ours, theirs), count) in counts {
        println!("{peer}: {count} where we say {ours} and it says {theirs}");
    }
}
