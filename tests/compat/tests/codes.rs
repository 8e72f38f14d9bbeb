//! Every code of a refusal has a folder in `tests/fixtures/compat` with the smallest pair of schemas that shows it, and the
//! judgement that it gets. One that differs is written beside the expected one as `expected.json.new`: read it, then rename it.

use isobar_registry::compat::documents::{Content, Mode, codes, judge};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn every_fixture_gets_its_judgement_and_every_code_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/compat");
    let (mut have, mut wrong) = (BTreeSet::new(), Vec::new());
    for entry in fs::read_dir(&root).expect("the fixtures are there") {
        let folder = entry.expect("readable").path();
        let code = folder.file_name().expect("named").to_string_lossy().into_owned();
        let read = |file: &str| -> Value {
            let text = fs::read_to_string(folder.join(file)).expect("it is there");
            serde_json::from_str(&text).expect("it is JSON")
        };
        let judgement = judge(&read("old.json"), &read("new.json"), Mode::Backward, Content::Producer);
        let judgement = judgement.unwrap_or_else(|error| panic!("{code}: {error}")).to_json();
        let shown = format!("{judgement:#}\n");
        assert!(shown.contains(&format!("\"{code}\"")), "{code} is not shown by its own fixture: {shown}");
        if fs::read_to_string(folder.join("expected.json")).unwrap_or_default() != shown {
            fs::write(folder.join("expected.json.new"), &shown).expect("the new judgement can be written");
            wrong.push(shown);
        }
        have.insert(code);
    }
    assert!(wrong.is_empty(), "{} fixtures get another judgement:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(have, codes::ALL.iter().map(|code| code.name.to_owned()).collect());
}
