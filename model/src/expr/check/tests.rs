//! The check table: what is typed and how, and what is refused and with which words.

use super::*;
use crate::expr::testing::{Page, fields, show_typed};
use crate::expr::{Scope, parse_scalar};
use crate::{Types, lower::Frozen};

const TYPES: &str = "
types:
  OrderId: id(order_)
  Small: { type: int, min: 1, max: 9 }
  Code: { type: string, pattern: '^[A-Z]{3}$' }
  Status: { enum: [pending, confirmed] }
  Wide: { enum: [pending, confirmed, failed] }
  Loose: { enum: [pending], open: true }
  Item: { fields: { sku: string, count: int } }
  Bigger: { fields: { sku: string, count: 'decimal(0)', note: 'string?', tag: string = none } }
  Node: { fields: { value: int, next: 'Node?' } }
  Chain: { fields: { value: 'decimal(2)', next: 'Chain?' } }
  Pay: { oneof: { card: { fields: { number: string } }, cash: { fields: { } } }, tag: kind }
  More: { oneof: { card: { fields: { number: string } }, cash: { fields: { } }, bank: { fields: { } } }, tag: kind }
";

const SOURCE: &str = "
fields:
  b: bool
  n: int
  n32: int32
  u: uint
  f: float
  d2: decimal(2)
  d4: decimal(4)
  s: string
  small: Small
  code: Code
  id: OrderId
  other: id(order_x_)
  status: Status
  wide: Wide
  loose: Loose
  at: timestamp
  day: date
  maybe: decimal(2)?
  also: decimal(2)?
  word: string?
  set: set<string>
  list: list<int>
  items: list<Item>
  item: Item
  node: Node
  pay: Pay
  uid: uuid
  inner: { fields: { deep: 'Item?', code: Code } }
";

/// Checks `text` against a field of the type `target`, as a `fill` from a command whose aggregate has a state.
fn checked(page: &mut Page, source: &Frozen, target: &str, text: &str) -> Option<String> {
    let target = page.event("v2.0", &format!("fields: {{ t: '{target}' }}{TYPES}"));
    let span = page.write(text);
    let expr = parse_scalar(text, false, span, &mut page.diags);
    let scope = Scope { what: "the command", fields: fields(source) };
    let state = Scope { what: "the state", fields: fields(source) };
    let env = Env {
        source: Some(scope),
        state: Some(state),
        meta: true,
        fresh: true,
        trusting: false,
        source_types: &source.types,
        target_types: &source.types,
    };
    check(&expr, &Ty::of(&fields(&target)[0], Side::Target), &env, &mut page.diags).as_ref().map(show_typed)
}

fn source(page: &mut Page) -> Frozen {
    page.event("v1.0", &format!("{SOURCE}{TYPES}"))
}

#[test]
fn what_fits_is_typed() {
    let mut page = Page::default();
    let source = source(&mut page);
    for (target, text, typed) in [
        // Literals take the type they meet.
        ("decimal(2)", "0", "0"),
        ("decimal(2)", "-1.50", "-1.5"),
        ("string", "USD", "\"USD\""),
        ("Status", "pending", "\"pending\""),
        ("OrderId", "order_1", "\"order_1\""),
        ("string?", "null", "null"),
        ("decimal(2)?", "1", "1"),
        // Paths of the very type need no conversion.
        ("int", "$n", "$n"),
        ("OrderId", "self.id", "self.id"),
        ("list<Item>", "$items", "$items"),
        ("decimal(2)?", "$maybe", "$maybe?"),
        ("int", "$item.count", "$item.count"),
        ("Item?", "$inner.deep", "$inner.deep?"),
        ("string?", "$inner.deep.sku", "$inner.deep.sku?"),
        ("timestamp", "$meta.time", "$meta.time"),
        ("string?", "$meta.user", "$meta.user?"),
        // Conversions in which nothing is lost.
        ("int", "$n32", "(int $n32)"),
        ("int32", "$small", "(int32 $small)"),
        ("decimal(2)", "$n", "(decimal(2) $n)"),
        ("decimal(2)", "$u", "(decimal(2) $u)"),
        ("decimal(4)", "$d2", "(decimal(4) $d2)"),
        ("float", "$n32", "(float $n32)"),
        ("int?", "$n", "(int? $n)"),
        ("string", "$id", "(string $id)"),
        ("OrderId", "$other", "(t.OrderId $other)"),
        ("string", "$status", "(string $status)"),
        ("Wide", "$status", "(t.Wide $status)"),
        ("Loose", "$status", "(t.Loose $status)"),
        ("string", "$code", "(string $code)"),
        ("list<string>", "$set", "(list<string> $set)"),
        ("list<decimal(0)>", "$list", "(list<decimal(0)> $list)"),
        ("Bigger", "$item", "(t.Bigger $item)"),
        ("list<Bigger>", "$items", "(list<t.Bigger> $items)"),
        ("Chain", "$node", "(t.Chain $node)"),
        ("More", "$pay", "(t.More $pay)"),
        ("json", "$items", "(json $items)"),
        ("string?", "$word", "$word?"),
        // Arithmetic is done in decimals; its result is checked when it is there.
        ("decimal(2)", "$d2 + $d2", "(decimal(2) (+ $d2 $d2))"),
        ("decimal(4)", "$d2 * $d2", "(decimal(4) (* $d2 $d2))"),
        ("decimal(4)", "$d2 - $d4", "(decimal(4) (- $d2 $d4))"),
        ("int", "$n + $n32 * 2", "(int (+ (decimal(0) $n) (* (decimal(0) $n32) 2)))"),
        ("Small", "$small + 1", "(t.Small (+ (decimal(0) $small) 1))"),
        ("float", "$f * 1.5", "(float (* $f 1.5))"),
        ("float", "-$f", "(float (- $f))"),
        ("decimal(2)", "- $n", "(decimal(2) (- (decimal(0) $n)))"),
        ("string", "$s + ', ' + $id", "(string (+ (+ $s \", \") (string $id)))"),
        ("string", "$code + $status", "(string (+ (string $code) (string $status)))"),
        ("Code", "upper($s)", "(t.Code Upper($s))"),
        // Something for what is absent.
        ("decimal(2)", "$maybe ?? 0", "(?? $maybe? 0)"),
        ("decimal(2)", "$maybe ?? $also ?? 0", "(?? (?? $maybe? $also?) 0)"),
        ("decimal(4)", "$maybe ?? $d4", "(?? (decimal(4)? $maybe?) $d4)"),
        ("decimal(4)", "($maybe ?? 0) * $d2", "(decimal(4) (* (?? $maybe? 0) $d2))"),
        ("string", "$word ?? $id", "(?? $word? (string $id))"),
        ("int", "$inner.deep.count ?? 0", "(?? $inner.deep.count? 0)"),
        // Comparisons bring both sides to one type.
        ("bool", "$b", "$b"),
        ("bool", "!$b && $n > 0", "(&& (! $b) (> (decimal(0) $n) 0))"),
        ("bool", "$d2 >= $n", "(>= $d2 (decimal(0) $n))"),
        ("bool", "$n == $n", "(== $n $n)"),
        ("bool", "$small > 0", "(> (decimal(0) $small) 0)"),
        ("bool", "$d2 < 0.005", "(< $d2 0.005)"),
        ("bool", "$status == pending", "(== $status \"pending\")"),
        ("bool", "pending != $status", "(!= \"pending\" $status)"),
        ("bool", "$status == $wide", "(== (t.Wide $status) $wide)"),
        ("bool", "$code == x", "(== $code \"x\")"),
        ("bool", "$at > '2024-01-15T10:30:00Z'", "(> $at \"2024-01-15T10:30:00Z\")"),
        ("bool", "$maybe == null", "(== $maybe? null)"),
        ("bool", "$maybe != $d2", "(!= $maybe? (decimal(2)? $d2))"),
        ("bool", "$items == []", "(== $items [])"),
        ("bool", "$f > 1", "(> $f 1)"),
        // Functions.
        ("OrderId", "new_id()", "NewId()"),
        ("uuid?", "new_id()", "(uuid? NewId())"),
        ("string", "new_id()", "NewId()"),
        ("timestamp", "now()", "Now()"),
        ("string", "split($s, ' ', 0)", "(string Split($s, \" \", 0))"),
        ("string", "join($set, ',')", "(string Join((list<string> $set), \",\"))"),
        ("string", "join([$s, $id], ',')", "(string Join([$s, (string $id)], \",\"))"),
        ("int", "cents($d2)", "(int Cents($d2))"),
        ("uint", "len($items)", "(uint Len($items))"),
        ("bool", "len($code) == 3", "(== (decimal(0) Len((string $code))) 3)"),
        // What the type says everything about.
        ("Pay", "fn(choose)", "fn(choose)"),
    ] {
        let found = checked(&mut page, &source, target, text);
        assert_eq!(found.as_deref(), Some(typed), "{target} = {text}\n{}", page.report());
    }
}

#[test]
fn what_does_not_fit_is_shown() {
    let mut page = Page::default();
    let source = source(&mut page);
    let mut reports = String::new();
    for (target, text) in [
        // Types.
        ("int", "$s"),
        ("int", "$d2"),
        ("decimal(2)", "$d4"),
        ("float", "$d2"),
        ("decimal(2)", "$f"),
        ("int32", "$n"),
        ("uint", "$n"),
        ("Small", "$n"),
        ("Code", "$s"),
        ("OrderId", "$s"),
        ("string", "$at"),
        ("string", "$n"),
        ("Status", "$wide"),
        ("Status", "$loose"),
        ("set<string>", "$set + 'x'"),
        ("list<Item>", "$list"),
        ("Node", "$item"),
        ("Pay", "$item"),
        ("bool", "$n"),
        ("int", "$d2 * 2"),
        ("decimal(2)", "$d2 * $d2"),
        ("decimal(2)", "$d2 + $f"),
        ("decimal(2)", "$d2 + $at"),
        ("bool", "$s < 'a'"),
        ("bool", "$status == $at"),
        ("bool", "$id == $n"),
        ("bool", "!$n"),
        // Absence.
        ("decimal(2)", "$maybe"),
        ("decimal(2)", "$maybe + 1"),
        ("bool", "$maybe > 1"),
        ("string", "$inner.deep.sku"),
        ("decimal(2)", "$d2 ?? 0"),
        ("bool", "$d2 == null"),
        // Names.
        ("int", "$m"),
        ("int", "$item.cuont"),
        ("int", "$n.x"),
        ("timestamp", "$meta.tine"),
        ("timestamp", "$meta.time.x"),
        ("string", "lowr($s)"),
        ("string", "frobnicate($s)"),
        ("string", "split($s)"),
        ("uint", "len($n)"),
        ("int", "fn(x) + 1"),
        // Literals beside a path.
        ("bool", "$status == pnding"),
        ("bool", "$id == own_1"),
        ("bool", "$s == 0"),
        ("decimal(2)", "$maybe ?? 0.001"),
        ("int", "$n + 0.5"),
    ] {
        assert_eq!(checked(&mut page, &source, target, text), None, "{target} = {text}");
        reports += &page.take();
        reports += "\n";
    }
    insta::assert_snapshot!(reports);
}

#[test]
fn reading_again_gives_the_same() {
    let types = Types::default();
    let mut page = Page::default();
    for text in ["new_id()", "$x", "self.x", "$meta.time"] {
        let span = page.write(text);
        let expr = parse_scalar(text, false, span, &mut page.diags);
        assert!(check(&expr, &scalar_ty(Scalar::String, span), &Env::new(&types), &mut page.diags).is_none());
    }
    insta::assert_snapshot!(page.report());
}

#[test]
fn lists_and_records_are_checked_item_by_item() {
    let mut page = Page::default();
    let source = source(&mut page);
    let target = page.event(
        "v2.0",
        &format!(
            "
fields: {{ items: list<Bigger>, tags: {{ type: set<string>, max_length: 1 }} }}
{TYPES}
upgrade:
  items: [{{ sku: $s, count: $n }}, {{ sku: a, count: 1, note: null }}]
  tags: [$s]
"
        ),
    );
    let env = Env {
        source: Some(Scope { what: "the old version", fields: fields(&source) }),
        source_types: &source.types,
        ..Env::new(&target.types)
    };
    let found: Vec<String> = target
        .event
        .upgrade
        .assignments
        .iter()
        .zip(fields(&target))
        .map(|(it, field)| {
            let typed = check(&it.expr, &Ty::of(field, Side::Target), &env, &mut page.diags);
            typed.as_ref().map_or_else(|| page.report(), show_typed)
        })
        .collect();
    assert_eq!(
        found,
        [
            "[{sku: $s, count: (decimal(0) $n), tag: \"none\"}, {sku: \"a\", count: 1, note: null, tag: \"none\"}]",
            "[$s]",
        ]
    );
    let target = page.event(
        "v2.1",
        &format!(
            "
fields: {{ items: list<Bigger>, tags: {{ type: set<string>, max_length: 1 }}, pay: Pay }}
{TYPES}
upgrade:
  items: [{{ sku: $s }}, {{ sku: a, count: $s, nte: x }}]
  tags: [$s, $s]
  pay: {{ kind: card, number: $s }}
"
        ),
    );
    for (it, field) in target.event.upgrade.assignments.iter().zip(fields(&target)) {
        assert!(check(&it.expr, &Ty::of(field, Side::Target), &env, &mut page.diags).is_none());
    }
    insta::assert_snapshot!(page.report());
}

#[test]
fn the_longest_expression_fits_the_stack() {
    let mut page = Page::default();
    let source = source(&mut page);
    let chain = |n: usize| vec!["$n"; n].join(" + ");
    let signs = |n: usize| format!("{}$n", "- ".repeat(n));
    let calls = |n: usize| format!("len({}$s{})", "lower(".repeat(n), ")".repeat(n));
    let parentheses = |n: usize| format!("{}$n{}", "(".repeat(n), ")".repeat(n));
    let absent = |n: usize| vec!["$maybe"; n].join(" ?? ") + " ?? 1";
    for (target, longest, too_long) in [
        ("int", chain(32), chain(33)),
        ("int", signs(32), signs(33)),
        ("int", calls(31), calls(32)),
        ("int", parentheses(32), parentheses(33)),
        ("decimal(2)", absent(31), absent(32)),
    ] {
        assert!(checked(&mut page, &source, target, &longest).is_some(), "{}", page.report());
        assert!(checked(&mut page, &source, target, &too_long).is_none());
        assert!(page.take().starts_with("error[bad-expression]"));
    }
}
