use crate::{
    Workspace, history,
    testing::{folder, report},
};
use isobar_model::diag::{Diagnostic, codes};

/// What is said of an event with these released fields, and this draft of its next major: code, place in the draft, message,
/// payload.
fn tried(old: &str, draft: &str) -> Vec<String> {
    let storm = format!("context: shop\nevents:\n  E:\n    version: v2.0\n    {}\n", draft.replace('\n', "\n    "));
    let released = format!("event: shop.E\nversion: v1.0\nfields: {old}\n");
    let folder = folder(&[
        ("isobar.yaml", "workspace: test\n"),
        ("shop.storm.yaml", &storm),
        ("history/shop/E/v1.0.yaml", &released),
    ]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    let workspace = Workspace::open_on(folder.path(), "2026-11-21");
    let found = workspace.findings();
    let ours = |it: &Diagnostic| it.code.name.ends_with("-fails") || it.code == &codes::MAY_OVERFLOW;
    assert!(found.iter().all(ours), "{}", report(&workspace));
    let told = found.iter().map(|it| {
        let at = workspace.sources.text(it.labels[0].span);
        let may = if it.code == &codes::MAY_OVERFLOW { "warning: " } else { "" };
        format!("{may}{at} | {} | {}", it.message, it.witness.as_deref().unwrap_or("no payload"))
    });
    told.collect()
}

#[test]
fn what_is_only_moved_is_proven_by_its_types() {
    let old = "{ a: string, n: { enum: [x, z], open: true }, m: map<int>, o: int?, l: list<int> }";
    let draft = "fields: { b: string, n: { enum: [x], open: true }, m: map<decimal(2)>, o: int = 3, l: list<decimal(1)> }\n\
                 upgrade: { b: $a }";
    assert_eq!(tried(old, draft), [""; 0]);
}

#[test]
fn a_computed_value_must_be_valid_for_every_old_payload() {
    #[rustfmt::skip]
    let table = [
        ("{ n: int }", "{ type: int, max: 10 }", "$n + 1",
         "x: $n + 1 | the upgrade of `shop.E` to v2.0 fails for data of v1.0: x: 3000000001 is greater than the maximum 10 | {\"n\": 3000000000}"),
        ("{ n: { type: int, min: 1, max: 9 } }", "{ type: int, max: 9 }", "$n + 1",
         "x: $n + 1 | the upgrade of `shop.E` to v2.0 fails for data of v1.0: x: 10 is greater than the maximum 9 | {\"n\": 9}"),
        ("{ n: int32 }", "int32", "$n + 1",
         "x: $n + 1 | the upgrade of `shop.E` to v2.0 fails for data of v1.0: a computed number is too large or needs too many digits | {\"n\": 2147483647}"),
        ("{ n: string }", "{ type: string, min_length: 1 }", "split($n, \" \", 1)",
         "x: 'split($n, \" \", 1) | the upgrade of `shop.E` to v2.0 fails for data of v1.0: x: has 0 characters, fewer than the minimum 1 | {\"n\": \"\"}"),
        ("{ n: list<int> }", "{ type: int, max: 1 }", "len($n)",
         "x: len($n) | the upgrade of `shop.E` to v2.0 fails for data of v1.0: x: 2 is greater than the maximum 1 | {\"n\": [1, 0]}"),
    ];
    for (old, ty, text, expected) in table {
        let quoted = if text.contains('"') { format!("'{text}'") } else { text.to_owned() };
        assert_eq!(tried(old, &format!("fields: {{ x: {ty} }}\nupgrade:\n  x: {quoted}")), [expected], "{text}");
    }
}

#[test]
fn every_branch_every_value_and_every_absence_is_tried() {
    let old = "{ p: { oneof: { card: { fields: { fee: int } }, bill: { fields: {} } }, tag: kind }, \
               c: { enum: [red, green, blue] }, o: { type: string, max_length: 3, default: abc } }";
    let draft = "fields: { len: { type: int, min: 4, max: 5 }, o: { type: int, min: 1 } }\n\
                 upgrade: { len: len($c), o: len($o) }\nremoved: [p]";
    assert_eq!(
        tried(old, draft),
        [
            "len: len($c) | the upgrade of `shop.E` to v2.0 fails for data of v1.0: len: 3 is less than the minimum 4 | \
         {\"p\": {\"kind\": \"bill\"}, \"c\": \"red\", \"o\": \"abc\"}",
            "o: len($o) | the upgrade of `shop.E` to v2.0 fails for data of v1.0: o: 0 is less than the minimum 1 | \
         {\"p\": {\"kind\": \"card\", \"fee\": 1}, \"c\": \"red\", \"o\": \"\"}",
        ]
    );
}

#[test]
fn a_number_that_nobody_bounded_may_be_too_large_for_a_sum() {
    // As the shop adds its discount to its total.
    let old = "{ a: decimal(2), b: decimal(2), n: int, m: int }";
    let draft = "fields: { s: decimal(2), p: int }\nupgrade: { s: $a + $b, p: $n * $m }";
    let all = tried(old, draft);
    insta::assert_snapshot!(all.join("\n"), @r#"
    warning: s: $a + $b | the upgrade of `shop.E` to v2.0 fails for data of v1.0: a computed number is too large or needs too many digits | {"a": 99999999999999999999.99, "b": 1, "n": 1, "m": 1}
    warning: p: $n * $m | the upgrade of `shop.E` to v2.0 fails for data of v1.0: a computed number is too large or needs too many digits | {"a": 99999999999999999999.99, "b": 99999999999999999999.99, "n": 9223372036854775807, "m": 9223372036854775807}
    "#);
    // A bound of the new version is an error all the same, and what is bounded does not overflow.
    let draft = "fields: { s: { type: decimal(2), max: 99999999999 }, p: int }\nupgrade: { s: $a + $b, p: $n * $m }";
    let all = tried(old, draft);
    assert!(
        all.len() == 2 && all[0].starts_with("s: $a + $b |") && all[1].starts_with("warning: p: $n * $m |"),
        "{all:?}"
    );
    let old = "{ n: { type: int, min: -9, max: 9 }, m: { type: int, min: 0, max: 1000000000 } }";
    assert_eq!(tried(old, "fields: { p: int }\nupgrade: { p: $n * $m }"), [""; 0]);
}

/// Which only automata tell: the model believes its author.
#[test]
#[cfg(feature = "compat")]
fn text_that_is_moved_must_have_the_new_pattern() {
    let text = |pattern: &str| format!("{{ type: string, pattern: '^{pattern}$' }}");
    let draft = |pattern: &str| format!("fields: {{ code: {}, x: string }}\nupgrade: {{ x: wide }}", text(pattern));
    let old = format!("{{ code: {} }}", text("[a-f]{2}"));
    assert_eq!(tried(&old, &draft("[a-z]+")), [""; 0]);
    let failed = "the upgrade of `shop.E` to v2.0 fails for data of v1.0: code: ";
    let narrower = tried(&old, &draft("[a-e]{2}"));
    assert_eq!(narrower.len(), 1);
    assert!(narrower[0].contains(failed) && narrower[0].ends_with(r#" | {"code":"af"}"#), "{narrower:?}");
    // Under another name, in another place, within a list.
    let old = format!("{{ codes: {{ fields: {{ all: list<string>, one: {} }} }} }}", text("[0-9]+"));
    let draft = format!("fields: {{ n: {} }}\nupgrade: {{ n: $codes.one }}\nremoved: [codes.all]", text("[1-9][0-9]*"));
    let moved = tried(&old, &draft);
    assert!(moved.len() == 1 && moved[0].contains(r#""one":"0""#), "{moved:?}");
}

#[test]
fn a_declared_way_back_is_tried_too() {
    let draft = "fields: { words: list<string>, name: string }\n\
                 upgrade: { words: [$name] }\n\
                 downgrade:\n  name: 'split($name, \" \", 0)'\nremoved: []";
    assert_eq!(
        tried("{ name: { type: string, max_length: 20 } }", draft),
        ["name: 'split($name, \" \", 0) | the downgrade of `shop.E` to v1.0 fails for data of v2.0: \
         name: has 40 characters, more than the maximum 20 | \
         {\"words\": [], \"name\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",]
    );
}

#[test]
fn examples_of_old_versions_are_tried_too() {
    let storm = "context: shop\nevents:\n  E:\n    version: v2.0\n    fields: { x: { type: string, max_length: 400 } }\n    \
                 upgrade: { x: upper($s) }\n";
    // Nobody would make up a sharp s, which is two letters when it is large.
    let long = "ß".repeat(201);
    let released = format!(
        "event: shop.E\nversion: v1.0\nfields: {{ s: {{ type: string, max_length: 400 }} }}\nexamples: [{{ s: {long} }}]\n"
    );
    let folder = folder(&[("shop.storm.yaml", storm), ("history/shop/E/v1.0.yaml", &released)]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    let found = Workspace::open_on(folder.path(), "2026-11-21").findings();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "the upgrade of `shop.E` to v2.0 fails for data of v1.0: x: has 402 characters, more than the maximum 400"
    );
}

#[test]
fn hooks_are_tested_where_they_are_written() {
    let draft = "fields: { x: { type: int, max: 1 } }\nupgrade: { x: fn(guess) }\nremoved: [n]";
    let storm = format!("context: shop\nevents:\n  E:\n    version: v2.0\n    {}\n", draft.replace('\n', "\n    "));
    let released = "event: shop.E\nversion: v1.0\nfields: { n: int }\nexamples: [{ n: 1 }]\n";
    let folder = folder(&[("shop.storm.yaml", &storm), ("history/shop/E/v1.0.yaml", released)]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    assert_eq!(report(&Workspace::open_on(folder.path(), "2026-11-21")), "");
    // What stands beside one is tried.
    let draft = "fields: { x: int, y: { type: int, max: 5 } }\nupgrade:\n  x: fn(guess)\n  y: $n * 2\nremoved: [n]";
    let beside = tried("{ n: { type: int, min: 0, max: 3 } }\nexamples: [{ n: 1 }]", draft);
    let failed = "the upgrade of `shop.E` to v2.0 fails for data of v1.0: y: 6 is greater than the maximum 5";
    assert_eq!(beside, [format!("y: $n * 2 | {failed} | {{\"n\": 3}}")]);
}

#[test]
fn what_a_split_becomes_is_tried() {
    let storm = "
context: shop
events:
  Registered:
    splits_into: [Named, Reachable]
    upgrade: { Named: { name: '$first + \" \" + $last' } }
  Named: { fields: { name: { type: string, max_length: 9 } } }
  Reachable: { fields: { email: string } }
";
    let released = "event: shop.Registered\nversion: v1.0\nfields: { first: { type: string, max_length: 4 }, \
                    last: { type: string, max_length: 5 }, email: string }\n";
    let folder = folder(&[("shop.storm.yaml", storm), ("history/shop/Registered/v1.0.yaml", released)]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    let workspace = Workspace::open_on(folder.path(), "2026-11-21");
    let found: Vec<String> = workspace.findings().into_iter().map(|it| it.message).collect();
    assert_eq!(
        found,
        [
            "what `shop.Registered` becomes in `shop.Named` v1.0 fails for data of v1.0: name: has 10 characters, more than the maximum 9",
        ]
    );
}
