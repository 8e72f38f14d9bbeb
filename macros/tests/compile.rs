//! What compiles, and what is said of what does not: one file for each mistake, with the message beside it. To rewrite the
//! messages, `TRYBUILD=overwrite cargo test -p isobar-macros --test compile`; then read them.

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("tests/pass/*.rs");
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}

#[test]
fn every_mistake_has_a_file() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fail")).expect("the folder is there");
    let names: Vec<_> = files.map(|file| file.expect("readable").file_name().into_string().expect("plain")).collect();
    let cases = names.iter().filter(|name| name.ends_with(".rs")).count();
    assert!(cases >= 40, "{cases}");
    for name in &names {
        let other =
            name.strip_suffix(".rs").map_or_else(|| name.replace(".stderr", ".rs"), |name| format!("{name}.stderr"));
        assert!(names.contains(&other), "{name} has no {other}");
    }
}
