//! The files of `deploy/` say nothing that the program does not know.

use crate::support::isobar;
use std::{collections::BTreeSet, fs, path::Path};

/// The variables that a text names.
fn variables(text: &str) -> BTreeSet<&str> {
    let parts = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    parts.filter(|part| part.strip_prefix("ISOBAR_").is_some_and(|name| !name.is_empty())).collect()
}

#[test]
fn every_variable_is_one_of_the_server() {
    let help = isobar(&["serve", "--help"]).out;
    let known = variables(&help);
    assert!(known.contains("ISOBAR_STORE") && known.contains("ISOBAR_LISTEN"), "{help}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    for (name, expected) in [
        ("Dockerfile", &["ISOBAR_LISTEN", "ISOBAR_LOG", "ISOBAR_STORE"][..]),
        ("compose.yaml", &["ISOBAR_STORE"]),
        ("isobar.service", &["ISOBAR_LOG", "ISOBAR_STORE"]),
        ("isobar.socket", &[]),
    ] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let named = variables(&text);
        assert_eq!(named, BTreeSet::from_iter(expected.iter().copied()), "{name}");
        assert!(named.is_subset(&known), "{name}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 4, "a file of deploy/ is not looked at");
}
