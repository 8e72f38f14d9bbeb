//! Input that means harm: every one of these gets an error text, quickly and in little memory, and none a panic.

use isobar_model::{Sources, Table, diag::render, lower::load, parse::Tree};
use proptest::prelude::*;
use std::{fs, io::Write, path::Path};

fn check(root: &Path) -> String {
    let loaded = load(Tree::Folder(root), Sources::default(), Table::new());
    render(&loaded.diagnostics.sorted(&loaded.sources), &loaded.sources, false)
}

/// The findings of a workspace with this one file.
fn check_text(text: impl AsRef<[u8]>) -> String {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.storm.yaml"), text).unwrap();
    check(root.path())
}

#[test]
fn anchors_that_explode() {
    let mut text = String::from("context: shop\ntypes:\n  A0: &a0 { enum: [lol] }\n");
    for n in 1..12 {
        text += &format!("  A{n}: &a{n} {{ oneof: {{ x: *a{0}, y: *a{0}, z: *a{0} }}, tag: t }}\n", n - 1);
    }
    let report = check_text(&text);
    assert_eq!(report.matches("error[yaml-anchor]").count(), 12 + 11 * 3);
    insta::assert_snapshot!(report.split("\n\n").next().unwrap(), @r"
    error[yaml-anchor]: YAML anchors and aliases are not part of the notation
     --> a.storm.yaml:3:11
      |
    3 |   A0: &a0 { enum: [lol] }
      |           ^
      |
      = help: name a type under `types:` and refer to it by its name
    ");
}

#[test]
fn ten_thousand_levels_of_flow() {
    let text = format!("context: shop\ndoc: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let report = check_text(text);
    assert!(report.starts_with("error[yaml-too-deep]: more than 64 levels of nesting"), "{}", &report[..200]);
    assert!(report.contains("a.storm.yaml:2:"), "{}", &report[..200]);
}

#[test]
fn ten_thousand_levels_of_blocks() {
    let mut text = String::from("context: shop\n");
    for level in 0..10_000 {
        text += &format!("{}k:\n", " ".repeat(level));
    }
    assert!(text.len() > 8 << 20, "deep blocks are large files");
    insta::assert_snapshot!(check_text(text), @r"
    error[file-too-large]: `a.storm.yaml` is larger than 8 MiB
      = help: split the context over several `*.storm.yaml` files; files of one context are merged
    ");
    let mut text = String::from("context: shop\n");
    for level in 0..200 {
        text += &format!("{}k:\n", " ".repeat(level));
    }
    let report = check_text(text);
    assert!(report.starts_with("error[yaml-too-deep]: more than 64 levels of nesting"), "{report}");
}

#[test]
fn deep_types_and_expressions() {
    let list = format!("{}string{}", "list<".repeat(10_000), ">".repeat(10_000));
    let sum = format!("{}$a{}", "(".repeat(10_000), ")".repeat(10_000));
    let text = format!(
        "context: shop\nevents:\n  A: {{ fields: {{ a: \"{list}\", b: int }} }}\n  B: {{ from: A, fields: {{ b: int }}, fill: {{ b: \"{sum}\" }} }}\n"
    );
    let report = check_text(text);
    assert!(report.contains("error[bad-type]: containers are nested too deeply"), "{}", &report[..400]);
    assert!(report.contains("error[bad-expression]"), "{}", &report[..400]);
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let root = tempfile::tempdir().unwrap();
    let mut file = fs::File::create(root.path().join("a.storm.yaml")).unwrap();
    file.write_all(b"context: shop\n").unwrap();
    file.set_len(100 << 20).unwrap();
    insta::assert_snapshot!(check(root.path()), @r"
    error[file-too-large]: `a.storm.yaml` is larger than 8 MiB
      = help: split the context over several `*.storm.yaml` files; files of one context are merged
    ");
}

#[test]
fn bytes_that_are_not_utf8() {
    insta::assert_snapshot!(check_text(b"context: shop\ndoc: caf\xe9\n"), @r"
    error[not-utf8]: `a.storm.yaml` is not UTF-8: byte 22, on line 2
      = help: save the file as UTF-8
    ");
}

#[cfg(unix)]
#[test]
fn a_loop_of_symbolic_links() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.storm.yaml"), "context: shop\n").unwrap();
    fs::create_dir(root.path().join("sub")).unwrap();
    std::os::unix::fs::symlink("..", root.path().join("sub/up")).unwrap();
    insta::assert_snapshot!(check(root.path()), @r"
    error[symlink-loop]: the symbolic link `sub/up` leads back to `.`
      = help: remove the link
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    insta::assert_snapshot!(check(Path::new("/nowhere/at/all")), @"error[unreadable]: `/nowhere/at/all` cannot be read: no such file or directory");
}

#[test]
fn null_bytes_and_control_characters() {
    let report = check_text("context: shop\ndoc: \"a\u{0}b\"\nevents: \u{1}\n");
    assert!(report.contains("error[yaml-syntax]"), "{report}");
}

/// Lines of notation that are cut, doubled, shuffled and spiced: near enough to get far into the lowering.
fn mangled() -> impl Strategy<Value = String> {
    let lines: Vec<&'static str> = include_str!("hostile/lines.yaml").lines().collect();
    let line = prop_oneof![
        4 => prop::sample::select(lines.clone()).prop_map(str::to_owned),
        1 => (prop::sample::select(lines), 0usize..40).prop_map(|(line, at)| line.chars().take(at).collect()),
        1 => "[ ]{0,8}[a-z$@<>\\[\\]{}|?=(),.:\"'*&! -]{0,20}",
    ];
    prop::collection::vec(line, 1..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_panics(text in mangled()) {
        check_text(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_text(bytes);
    }
}
