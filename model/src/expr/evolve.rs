//! From one major version to the next and back. The way up is what the author wrote, completed by name, and accounts for every
//! old field; the way down undoes plain moves and copies, and says which fields it cannot bring back. Histories are not known here.

use super::account::{Gone, account, exists};
use super::assign::{Builder, Origins, record};
use super::env::{Env, Scope};
use super::{Operator, Root, Typed, TypedKind};
use crate::{
    diag::Diagnostics,
    model::{Assignment, Event},
    shape::{Field, Types},
    source::Span,
};

/// Checks `upgrade` and `removed` of `event` from the fields `old` to the fields `new`. `$` reads the old version. What is wrong
/// with the event as a whole is reported at `span`.
pub fn upgrade(
    old: (&Types, &[Field]),
    new: (&Types, &[Field]),
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let target = Target { what: "the new version", fields: new, assignments: &event.upgrade.assignments, span };
    // Of a merge, `removed` may name fields of the events that were merged; who brings their data knows them.
    let merges = !event.merged_from.is_empty();
    let removed = event.removed.iter().filter(|name| !merges || has_field(old, name)).collect();
    let given_back = event.downgrade.iter().map(|it| it.target.iter().map(String::as_str).collect()).collect();
    transfer((old, "the old version"), &[target], Gone { removed, given_back }, span, diags)?.pop()
}

/// What old data becomes.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// What it is called: `the new version`.
    pub what: &'a str,
    /// Its shape.
    pub fields: (&'a Types, &'a [Field]),
    /// What its author wrote.
    pub assignments: &'a [Assignment],
    /// Where it is written.
    pub span: Span,
}

/// Checks the ways of old data, called `what`, to each of the targets. Every old field must be read by one of them or be gone on
/// purpose; what is wrong with that is reported at `span`. `None` if anything is wrong.
pub fn transfer(
    (old, what): ((&Types, &[Field]), &str),
    targets: &[Target<'_>],
    gone: Gone<'_>,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Vec<Typed>> {
    let envs: Vec<Env<'_>> = targets.iter().map(|target| env(old, what, target.fields.0)).collect();
    let way = |(target, env): (&Target<'_>, _)| {
        let scope = Scope { what: target.what, fields: target.fields.1 };
        record(target.assignments, scope, env, &[], target.span, diags)
    };
    let ways: Vec<Option<Typed>> = targets.iter().zip(&envs).map(way).collect();
    let ways: Vec<Typed> = ways.into_iter().collect::<Option<_>>()?;
    let both: Vec<(&Typed, &Env<'_>)> = ways.iter().zip(&envs).collect();
    account((old, what), &both, gone, span, diags).then_some(ways)
}

/// Whether a dotted path names a field of a shape.
pub fn has_field((types, fields): (&Types, &[Field]), path: &str) -> bool {
    exists(types, fields, &path.split('.').collect::<Vec<_>>())
}

/// The outermost old fields, as dotted paths, that a way to new data does not read. None where a hook reads what it likes.
pub fn unread(old: (&Types, &[Field]), way: &Typed, new: &Types) -> Vec<String> {
    super::account::unread(old, way, &env(old, "the old version", new))
}

/// The way up of a released major, from the fields `old` to what the major's newest version has, `new`. What the release
/// assigned to a field that a later minor gave up is left out, and old fields are not accounted for again: that was done when
/// the major was released.
pub fn released_upgrade(
    old: (&Types, &[Field]),
    new: (&Types, &[Field]),
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let target = Target { what: "the new version", fields: new, assignments: &event.upgrade.assignments, span };
    released_transfer((old, "the old version"), target, diags)
}

/// [`transfer`] to one target as it was released, treated as [`released_upgrade`] is.
pub fn released_transfer(
    (old, what): ((&Types, &[Field]), &str),
    target: Target<'_>,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let (types, fields) = target.fields;
    let there = |it: &&Assignment| exists(types, fields, &it.target.iter().map(String::as_str).collect::<Vec<_>>());
    let assignments: Vec<Assignment> = target.assignments.iter().filter(there).cloned().collect();
    record(&assignments, Scope { what: target.what, fields }, &env(old, what, types), &[], target.span, diags)
}

/// Checks `downgrade` of `event` from the fields `new` back to the fields `old`, given the checked way up. `$` reads the new
/// version. With it come the dotted paths of the old version's fields that no value of the new one reaches. There is no way back,
/// and nothing is reported, if a required field cannot be brought back and the author wrote no `downgrade`.
pub fn downgrade(
    new: (&Types, &[Field]),
    old: (&Types, &[Field]),
    event: &Event,
    upgrade: &Typed,
    span: Span,
    diags: &mut Diagnostics,
) -> (Option<Typed>, Vec<String>) {
    // What comes back by itself nobody has asked for.
    let env = Env { trusting: false, ..env(new, "the new version", old.0) };
    let mut moves = Vec::new();
    find_moves(upgrade, &mut Vec::new(), &mut moves);
    let mut builder = Builder::new(&env, Origins::Moved(&moves), diags);
    let target = Scope { what: "the previous version", fields: old.1 };
    let typed = builder.whole(&event.downgrade, target, span);
    if !event.downgrade.is_empty() {
        builder.report_unset(span);
    }
    (typed, builder.lost)
}

/// Both ways read data of one version only: no state, no envelope, and nothing fresh, since reading twice must give the same.
/// Upgrades are tried before they are released, so that their authors are believed.
fn env<'a>(source: (&'a Types, &'a [Field]), what: &'a str, target_types: &'a Types) -> Env<'a> {
    let scope = Scope { what, fields: source.1 };
    Env { source: Some(scope), trusting: true, source_types: source.0, ..Env::new(target_types) }
}

/// The old paths that the way up only moves or copies, with the new path of each.
fn find_moves(typed: &Typed, at: &mut Vec<String>, moves: &mut Vec<(Vec<String>, Vec<String>)>) {
    match &typed.kind {
        TypedKind::Record(members) => {
            for (name, member) in members {
                at.push(name.clone());
                find_moves(member, at, moves);
                at.pop();
            }
        }
        TypedKind::Convert(inner) => find_moves(inner, at, moves),
        TypedKind::Path(Root::Source, steps) => {
            moves.push((steps.iter().map(|step| step.field.clone()).collect(), at.clone()));
        }
        // A value for the case that the old one is absent does not change one that is there.
        TypedKind::Binary(Operator::Coalesce, left, right) if matches!(right.kind, TypedKind::Literal(_)) => {
            find_moves(left, at, moves);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::testing::{Page, fields, show_typed};
    use crate::lower::Frozen;

    /// The way up from `old` to `new` and back, or what is wrong with it.
    fn ways(page: &mut Page, old: &Frozen, new: &Frozen) -> String {
        let (from, to) = ((&old.types, fields(old)), (&new.types, fields(new)));
        let span = new.event.name.span;
        let Some(up) = upgrade(from, to, &new.event, span, &mut page.diags) else { return page.take() };
        assert!(page.diags.is_empty(), "{}", page.report());
        let (down, lost) = downgrade(to, from, &new.event, &up, span, &mut page.diags);
        let back = down.as_ref().map_or("none".into(), show_typed);
        format!("up   {}\nback {back}\nlost {lost:?}\n{}", show_typed(&up), page.take())
    }

    fn both(old: &str, new: &str) -> String {
        let mut page = Page::default();
        let (old, new) = (page.event("v1.0", old), page.event("v2.0", new));
        ways(&mut page, &old, &new)
    }

    #[test]
    fn the_shop_moves_its_totals_into_pricing() {
        let old = "
fields:
  orderId:        id(order_)
  customerId:     id(customer_)
  totalAmount:    decimal(2)
  currency:       { type: string, pattern: '^[A-Z]{3}$', default: USD }
  discountAmount: decimal(2) = 0
";
        let new = |removed: &str| {
            format!(
                "
types:
  OrderId: id(order_)
  CustomerId: id(customer_)
  LineItem: {{ fields: {{ productId: string, quantity: int }} }}
  Pricing: {{ fields: {{ subtotal: decimal(2), tax: decimal(2), discount: decimal(2), total: decimal(2) }} }}
fields:
  orderId:    OrderId
  customerId: CustomerId
  items:      list<LineItem>
  pricing:    Pricing
upgrade:
  items: []
  pricing.total:    $totalAmount
  pricing.discount: $discountAmount
  pricing.tax:      0
  pricing.subtotal: $totalAmount + $discountAmount
{removed}
"
            )
        };
        let up = "up   {orderId: (t.OrderId $orderId), customerId: (t.CustomerId $customerId), items: [], \
                  pricing: {subtotal: (decimal(2) (+ $totalAmount $discountAmount)), tax: 0, discount: $discountAmount, \
                  total: $totalAmount}}\n";
        let back = "back {orderId: (id(order_) $orderId), customerId: (id(customer_) $customerId), \
                    totalAmount: $pricing.total, currency: \"USD\", discountAmount: $pricing.discount}\n\
                    lost [\"currency\"]\n";
        let removed = "removed: [currency]";
        assert_eq!(both(old, &new(removed)), format!("{up}{back}"));
        // Who says what readers of the old version see knows that the value is gone.
        assert_eq!(both(old, &new("downgrade: { currency: USD }")), format!("{up}{back}"));
        insta::assert_snapshot!(both(old, &new("")));
    }

    #[test]
    fn the_shop_makes_an_amount_of_money() {
        let old = "fields: { orderId: id(order_), customerId: id(customer_), amount: decimal(2) }";
        let new = "
types:
  Money: { fields: { value: decimal(2), currency: { type: string, pattern: '^[A-Z]{3}$' } } }
fields: { orderId: id(order_), customerId: id(customer_), amount: Money, items: list<string> }
upgrade: { amount.value: $amount, amount.currency: USD, items: [] }
";
        assert_eq!(
            both(old, new),
            "up   {orderId: $orderId, customerId: $customerId, amount: {value: $amount, currency: \"USD\"}, items: []}\n\
             back {orderId: $orderId, customerId: $customerId, amount: $amount.value}\nlost []\n"
        );
    }

    #[test]
    fn the_bank_renames_its_balance() {
        let old = "fields: { accountId: id(acc_), balance: decimal(2) }";
        let new = "
types: { AccountId: id(acc_), OwnerId: id(own_) }
fields: { accountId: AccountId, ownerId: OwnerId, initialBalance: decimal(2) }
upgrade: { initialBalance: $balance, ownerId: own_unknown }
removed: []
";
        assert_eq!(
            both(old, new),
            "up   {accountId: (t.AccountId $accountId), ownerId: \"own_unknown\", initialBalance: $balance}\n\
             back {accountId: (id(acc_) $accountId), balance: $initialBalance}\nlost []\n"
        );
    }

    #[test]
    fn fields_that_nothing_assigns_follow_the_rule() {
        // Old fields, new fields and further keys; the way up and back.
        for (old, new, ways) in [
            // Absent, or the default.
            ("a: int", "{ a: int, b: 'int?', c: int = 3 }", "up   {a: $a, c: 3}\nback {a: $a}\nlost []\n"),
            // An optional one becomes its default, and comes back as it was if it was there.
            ("a: 'int?'", "{ a: int = 1 }", "up   {a: (?? $a? 1)}\nback {a: (int? $a)}\nlost []\n"),
            // Not narrowed again.
            ("a: int", "{ a: decimal(2) }", "up   {a: (decimal(2) $a)}\nback none\nlost [\"a\"]\n"),
            ("a: 'int?'", "{ a: 'decimal(2)?' }", "up   {a: (decimal(2)? $a?)}\nback {}\nlost [\"a\"]\n"),
            ("a: int = 7", "{ a: decimal(2) }", "up   {a: (decimal(2) $a)}\nback {a: 7}\nlost [\"a\"]\n"),
        ] {
            assert_eq!(both(&format!("fields: {{ {old} }}"), &format!("fields: {new}")), ways, "{old} -> {new}");
        }
    }

    #[test]
    fn only_moves_come_back_by_themselves() {
        let both = |new: &str| both("fields: { a: int, b: 'string?', r: { fields: { x: int, y: 'int?' } } }", new);
        // The same name does not mean the same value once the author computes it.
        assert_eq!(
            both("fields: { a: int, b: 'string?', r: { fields: { x: int, y: 'int?' } } }\nupgrade: { a: $a * 100 }"),
            "up   {a: (int (* (decimal(0) $a) 100)), b: $b?, r: (record $r)}\nback none\nlost [\"a\"]\n"
        );
        // What the author writes for the way back counts.
        assert_eq!(
            both(
                "
fields: { a: int, r: { fields: { x: int, y: 'int?' } } }
upgrade: { a: $a * 100 }
removed: [b]
downgrade:
  a: 0
  b: split('x y', ' ', 0)"
            ),
            "up   {a: (int (* (decimal(0) $a) 100)), r: (record $r)}\n\
             back {a: 0, b: (string? Split(\"x y\", \" \", 0)), r: (record $r)}\nlost [\"a\", \"b\"]\n"
        );
        // Parts of records find their way back on their own.
        assert_eq!(
            both(
                "fields: { a: int, b: 'string?', s: { fields: { x: int, y: 'int?', z: int = 0 } } }\nupgrade: { s: $r }"
            ),
            "up   {a: $a, b: $b?, s: (record $r)}\nback {a: $a, b: $b?, r: (record $s)}\nlost []\n"
        );
        assert_eq!(
            both("fields: { a: int, b: 'string?', x: int, y: decimal(1) }\nupgrade: { x: $r.x, y: $r.y ?? 0 }"),
            "up   {a: $a, b: $b?, x: $r.x, y: (?? (decimal(1)? $r.y?) 0)}\nback {a: $a, b: $b?, r: {x: $x}}\nlost [\"r.y\"]\n"
        );
        // A hook reads everything, and nothing is known of the way back.
        assert_eq!(
            both("fields: { all: string }\nupgrade: { all: fn(pack) }"),
            "up   {all: fn(pack)}\nback none\nlost [\"a\", \"b\", \"r\"]\n"
        );
    }

    #[test]
    fn old_data_is_accounted_for() {
        let old = "
types:
  Item: { fields: { sku: string, note: 'string?', tags: { fields: { x: int, y: int } } } }
fields: { a: int, b: int, r: { fields: { x: int, y: int } }, items: list<Item> }
";
        let new = "
types:
  Item: { fields: { sku: string, tags: { fields: { x: int } } } }
fields: { a: int, z: int, items: list<Item> }
upgrade: { z: $r.x }
";
        let removed = |names: &str| both(old, &format!("{new}\nremoved: [{names}]"));
        assert!(
            removed("b, r.y, items.note, items.tags.y")
                .starts_with("up   {a: $a, z: $r.x, items: (list<t.Item> $items)}\n")
        );
        let reports =
            ["", "b, items", "b, r, items.note, items.tags", "a, b, c, r.y, r.q, items.sku, items.note, items.tags.y"];
        insta::assert_snapshot!(reports.map(removed).join("\n"));
    }

    #[test]
    fn what_is_wrong_with_an_upgrade_is_shown_at_once() {
        let old = "fields: { a: int, b: string, c: 'int?', r: { fields: { x: int } } }";
        let new = "
fields: { a: string, c: int, d: decimal(2), r: { fields: { x: int, y: int } }, s: 'string?' }
upgrade:
  e: $a
  r.q: 1
  r.x.y: 1
  s: $bb
  s.t: 1
  d: new_id()
";
        insta::assert_snapshot!(both(old, new));
    }

    #[test]
    fn a_way_back_that_was_begun_must_be_finished() {
        let old = "fields: { a: int, b: int, c: 'int?' }";
        let new = "fields: { d: int }\nupgrade: { d: $a + $b }\nremoved: [c]";
        assert!(both(old, new).contains("back none\nlost [\"a\", \"b\", \"c\"]\n"));
        insta::assert_snapshot!(both(old, &format!("{new}\ndowngrade: {{ a: $d, c: $q }}")));
    }

    #[test]
    fn types_that_contain_themselves_end() {
        let node = |value: &str, more: &str| {
            format!(
                "types: {{ Node: {{ fields: {{ value: {value}, left: 'Node?', right: 'Node?'{more} }} }} }}\nfields: {{ root: Node }}"
            )
        };
        assert_eq!(
            both(&node("int", ""), &node("decimal(0)", ", extra: 'int?'")),
            "up   {root: (t.Node $root)}\nback none\nlost [\"root\"]\n"
        );
        let lossy = both(&node("int = 1", ""), &node("decimal(0)", ""));
        assert!(lossy.starts_with("up   {root: (t.Node $root)}\n"), "{lossy}");
    }
}
