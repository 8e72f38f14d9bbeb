//! The wishes of a build script: each is granted in the text, and what matches nothing is an error. `tests/wishes` compiles the
//! same and uses it.

use isobar_generator::Generator;
use std::fs;

const STORM: &str = "
context: shop
types:
  Money: { fields: { value: decimal(2), kind: { enum: [gross, net] } } }
  Tree: { fields: { value: Money, best: Leaf, all: list<Tree> } }
  Leaf: { fields: { size: int } }
  Sign: { enum: [plus, minus] }
aggregates:
  Order:
    key: id
    events:
      Placed:
        fields:
          id: string
          total: { type: Money, default: { value: 0, kind: net } }
          tree: Tree
          sign: Sign
";

fn generator() -> (tempfile::TempDir, Generator) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.storm.yaml"), STORM).unwrap();
    let generator = Generator::new().schemas(&folder);
    (folder, generator)
}

/// The lines above the line that starts with `start`, up to an empty one.
fn above(text: &str, start: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start} in\n{text}"));
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with('#'));
    above.map(|line| (*line).to_owned()).collect()
}

#[test]
fn attributes_stand_above_what_the_pattern_covers() {
    let (_folder, generator) = generator();
    let generator = generator
        .type_attribute(".", "#[all]")
        .type_attribute("shop.Money", "#[money]")
        .type_attribute("shop.Placed", "#[placed]")
        .type_attribute("shop.OrderEvent", "#[event]")
        .field_attribute("shop.Leaf", "#[leaf]")
        .field_attribute("shop.Placed.id", "#[id]")
        .field_attribute("shop.Sign.plus", "#[default]");
    let text = generator.generate().unwrap().remove("isobar.rs").unwrap();
    let money = above(&text, "pub struct Money: Invalid {");
    assert!(money[0] == "#[money]" && money[1] == "#[all]" && money[2].starts_with("#[derive(Clone"), "{money:?}");
    assert_eq!(above(&text, "pub enum MoneyKind {")[..2], ["#[money]", "#[all]"]);
    assert_eq!(above(&text, "pub struct Placed: Invalid {")[..2], ["#[placed]", "#[all]"]);
    assert_eq!(above(&text, "pub enum OrderEvent {")[..2], ["#[event]", "#[all]"]);
    assert_eq!(above(&text, "\"size\" size: i64"), ["#[leaf]"]);
    assert_eq!(above(&text, "\"id\" id: "), ["#[id]"]);
    assert_eq!(above(&text, "\"plus\" Plus, \"minus\" Minus,"), ["#[default]"]);
}

#[test]
fn fields_are_boxed_and_types_come_from_elsewhere() {
    let (_folder, generator) = generator();
    let generator = generator.boxed("shop.Tree.best").extern_path("shop.Money", "::money::Money");
    let text = generator.generate().unwrap().remove("isobar.rs").unwrap();
    assert!(text.contains(r#""best" -> best: Leaf,"#), "{text}");
    assert!(text.contains(r#""value" value: ::money::Money = checked(),"#), "{text}");
    assert!(!text.contains("struct Money") && !text.contains("enum MoneyKind"), "{text}");
    let default =
        r#"= ::isobar::from_slice::<::money::Money>("{\"value\": 0, \"kind\": \"net\"}".as_bytes())? => total:"#;
    assert!(text.contains(default), "{text}");
}

#[test]
fn what_matches_nothing_is_an_error() {
    let (_folder, generator) = generator();
    let report = generator
        .type_attribute("shop.Mony", "#[x]")
        .type_attribute("shop.Money", "derive(Hash)")
        .field_attribute("shop.Placed.totl", "#[x]")
        .boxed("shop.Tree.worst")
        .boxed("shop.Leaf.size")
        .extern_path("shop.Placed", "::x::Y")
        .extern_path("Money", "::x::Y")
        .generate()
        .unwrap_err();
    insta::assert_snapshot!(report, @r###"
    error[unknown-name]: `boxed("shop.Leaf.size")`: only fields of named or inline types, and branches, can be boxed

    error[unknown-name]: `boxed("shop.Tree.worst")` matches no field
      = help: did you mean `shop.Tree.best`?

    error[unknown-name]: `extern_path("Money", "::x::Y")` matches no named type
      = help: a path is `context`, `context.Name` or `context.Name.field`

    error[unknown-name]: `extern_path("shop.Placed", "::x::Y")` matches no named type
      = help: a path is `context`, `context.Name` or `context.Name.field`

    error[unknown-name]: `field_attribute("shop.Placed.totl", "#[x]")` matches no field
      = help: did you mean `shop.Placed.total`?

    error[unknown-name]: `type_attribute("shop.Money", "derive(Hash)")`: this is not an attribute
      = help: write it whole: `#[derive(Hash)]`

    error[unknown-name]: `type_attribute("shop.Mony", "#[x]")` matches no type
      = help: did you mean `shop.Money`?
    "###);
}

#[test]
fn code_to_commit_is_a_file_for_each_context() {
    let (_folder, generator) = generator();
    let out = tempfile::tempdir().unwrap();
    let generator = generator.modules().out_dir(out.path()).type_attribute("shop.Money", "#[derive(Hash)]");
    generator.compile().unwrap();
    let names: Vec<String> = generator.generate().unwrap().into_keys().collect();
    assert_eq!(names, ["mod.rs", "shop.rs"]);
    assert!(fs::read_to_string(out.path().join("shop.rs")).unwrap().contains("#[derive(Hash)]\n    pub struct Money"));
}
