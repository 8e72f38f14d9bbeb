//! Real histories: every version becomes a released one, and what was valid then is read now.

use crate::support::{isobar, isobar_with, repository};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// What was imported: the event, what its version was called, and what it is called now.
fn imported(from: &str, source: &Path, out: &str) -> Vec<(String, String, String)> {
    let ran = isobar(&["import", from, source.to_str().expect("UTF-8"), "--out", out, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let whole: Value = serde_json::from_str(&ran.out).expect("it prints JSON");
    let text = |row: &Value, key: &str| row[key].as_str().expect("it is a text").to_owned();
    let rows = whole["imported"].as_array().expect("a list");
    rows.iter().map(|row| (text(row, "event"), text(row, "from"), text(row, "version"))).collect()
}

#[test]
fn every_version_of_cdevents_is_released_and_reads_the_examples_of_its_time() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let out = out.path().join("cdevents");
    let out = out.to_str().expect("UTF-8");
    let rows = imported("cdevents", &repository("tests/data/cdevents"), out);
    assert_eq!(rows.len(), 354, "as many as there are schemas in the nine tags");
    let ran = isobar(&["check", out]);
    assert_eq!(
        (ran.code, ran.err.lines().last()),
        (0, Some("checked 50 events in 1 context: nothing wrong")),
        "{}",
        ran.err
    );

    let versions: BTreeMap<(&str, &str), &str> =
        rows.iter().map(|(event, label, version)| ((event.as_str(), label.as_str()), version.as_str())).collect();
    let mut read = 0;
    let tags = [("0.2.0", "examples"), ("0.4.0", "examples"), ("0.4.1", "conformance"), ("0.5.1", "conformance")];
    for (tag, folder) in tags {
        let folder = repository(&format!("tests/data/cdevents/v{tag}/{folder}"));
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            let mut message: Value = serde_json::from_str(&fs::read_to_string(&path).expect("readable")).expect("JSON");
            let stem = path.file_stem().and_then(|it| it.to_str()).expect("UTF-8").replace('_', "");
            let is_it =
                |(event, _): &(&str, &str)| event.rsplit('.').next().map(str::to_lowercase) == Some(stem.clone());
            let event = versions.keys().copied().find(|key| is_it(key) && key.1 == tag).expect("it was imported");
            message.as_object_mut().expect("an object").remove("context");
            let name = format!("{}@{}", event.0, versions[&event]);
            let ran = isobar_with(&["validate", &name, "--workspace", out], &format!("{message}\n"));
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
            read += 1;
        }
    }
    assert_eq!(read, 36 + 3 * 45, "as many as there are schemas in these tags");
}

#[test]
fn every_step_of_iglu_is_a_release() {
    let steps = fs::read_to_string(repository("tests/compat/data/iglu/steps.json")).expect("readable");
    let steps: Value = serde_json::from_str(&steps).expect("JSON");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut versions = BTreeSet::new();
    for step in steps["steps"].as_array().expect("a list") {
        for (version, schema) in [("from", "old"), ("to", "new")] {
            let (name, version) = (step["name"].as_str().expect("a name"), step[version].as_str().expect("a version"));
            let file = folder.path().join("schemas").join(name).join("jsonschema").join(version);
            fs::create_dir_all(file.parent().expect("it is in a folder")).expect("writable");
            fs::write(file, step[schema].to_string()).expect("writable");
            versions.insert((name, version));
        }
    }
    let out = folder.path().join("out");
    let out = out.to_str().expect("UTF-8");
    let rows = imported("iglu", &folder.path().join("schemas"), out);
    assert_eq!(rows.len(), versions.len(), "every version is there");
    assert_eq!(rows.len(), 108, "70 steps of 38 schemas");
    let ran = isobar(&["check", out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let version = |event: &str, label: &str| {
        let row = rows.iter().find(|(name, from, _)| name.ends_with(event) && from == label);
        row.map(|(.., version)| version.as_str())
    };
    // Its authors call it an addition, and it added a field that must be there.
    assert_eq!(version(".BotDetectionEnrichmentConfig", "1-0-1"), Some("v2.0"));
    // Its authors say that some old data may not fit, and all of it does.
    assert_eq!(version(".GeolocationContext", "1-1-0"), Some("v1.1"));
}

#[test]
fn what_is_there_already_is_kept() {
    let out = tempfile::tempdir().expect("a temporary folder");
    fs::write(out.path().join("notes.txt"), "mine").expect("writable");
    let source = repository("registry/tests/import/versions");
    let (source, out) = (source.to_str().expect("UTF-8"), out.path().to_str().expect("UTF-8"));
    let ran = isobar(&["import", "json-schema", source, "--out", out]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is not empty"), "{}", ran.err);
    let ran = isobar(&["import", "iglu", source, "--out", &format!("{out}/new")]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is nothing to import"), "{}", ran.err);
}
