//! From one major version to the next and back. The way up is what the author wrote, completed by name, and accounts for every
//! old field; the way down undoes plain moves and copies, and says which fields it cannot bring back. Histories are not known here.

use super::assign::{Builder, Origins, record};
use super::env::{Env, Scope};
use super::{Operator, Root, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean},
    model::{Assignment, Event},
    shape::{Field, Shape, ShapeKind, Types},
    source::Span,
};
use std::collections::HashSet;

/// Checks `upgrade` and `removed` of `event` from the fields `old` to the fields `new`. `$` reads the old version. What is wrong
/// with the event as a whole is reported at `span`.
pub fn upgrade(
    old: (&Types, &[Field]),
    new: (&Types, &[Field]),
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let env = env(old, "the old version", new.0);
    let target = Scope { what: "the new version", fields: new.1 };
    let typed = record(&event.upgrade.assignments, target, &env, &[], span, diags)?;
    account(old, &env, &typed, event, span, diags).then_some(typed)
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
    let there = |it: &&Assignment| exists(new.0, new.1, &it.target.iter().map(String::as_str).collect::<Vec<_>>());
    let assignments: Vec<Assignment> = event.upgrade.assignments.iter().filter(there).cloned().collect();
    let env = env(old, "the old version", new.0);
    record(&assignments, Scope { what: "the new version", fields: new.1 }, &env, &[], span, diags)
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
    let env = env(new, "the new version", old.0);
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
fn env<'a>(source: (&'a Types, &'a [Field]), what: &'a str, target_types: &'a Types) -> Env<'a> {
    let scope = Scope { what, fields: source.1 };
    Env { source: Some(scope), state: None, meta: false, fresh: false, source_types: source.0, target_types }
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

/// Reports old fields that are neither read nor named, and removed ones that are not gone. Whether all is well.
fn account(
    (types, fields): (&Types, &[Field]),
    env: &Env<'_>,
    typed: &Typed,
    event: &Event,
    span: Span,
    diags: &mut Diagnostics,
) -> bool {
    let mut account = Account { types, reads: Vec::new(), hook: false, gone: Vec::new() };
    typed.visit(&mut |node| match &node.kind {
        TypedKind::Path(Root::Source, steps) => {
            account.reads.push(steps.iter().map(|step| step.field.as_str()).collect());
        }
        TypedKind::Hook(_) => account.hook = true,
        _ => {}
    });
    // A hook gets the whole old version, and nobody can see what it reads of it.
    if !account.hook {
        account.unread(fields, &mut Vec::new());
        typed.visit(&mut |node| account.left_behind(node, env));
    }
    let mut fine = true;
    for name in &event.removed {
        let path: Vec<&str> = name.split('.').collect();
        let problem = if !exists(types, fields, &path) {
            let known = fields.iter().map(|field| field.name.value.as_str());
            Some((format!("the old version has no field `{name}`"), did_you_mean(name, known)))
        } else if !account.hook && !account.gone.iter().any(|(gone, _)| gone.starts_with(&path)) {
            Some((format!("`{name}` is not gone: its value is read"), Some("leave it out of `removed`".into())))
        } else if account.reads.iter().any(|read| read.len() > path.len() && read.starts_with(&path)) {
            Some((format!("a part of `{name}` is read"), Some("name only the parts that are gone".into())))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            fine = false;
            diags.push(Diagnostic::new(&codes::BAD_REMOVED, name.span, message).maybe_help(help));
        }
    }
    // A field that is gone may be named, or given back: whoever says what readers of the old version see knows that it is gone.
    let mut named: Vec<Vec<&str>> = event.removed.iter().map(|name| name.split('.').collect()).collect();
    named.extend(event.downgrade.iter().map(|it| it.target.iter().map(String::as_str).collect()));
    account.gone.retain(|(gone, _)| !named.iter().any(|name| gone.starts_with(name)));
    if !account.gone.is_empty() {
        fine = false;
        let names: Vec<String> = account.gone.iter().map(|(path, _)| path.join(".")).collect();
        let spelt = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("nothing reads {spelt} of the old version");
        let mut diagnostic = Diagnostic::new(&codes::UNREAD_FIELD, span, message);
        for (_, place) in account.gone.iter().take(3) {
            diagnostic = diagnostic.also(*place, "this data would be lost");
        }
        let help = format!("use it in `upgrade`, or write `removed: [{}]`", names.join(", "));
        diags.push(diagnostic.help(help));
    }
    fine
}

/// What becomes of the old fields.
struct Account<'a> {
    types: &'a Types,
    /// Every path that is read.
    reads: Vec<Vec<&'a str>>,
    /// Whether a hook may read anything.
    hook: bool,
    /// The outermost fields that are not read, and where they are defined.
    gone: Vec<(Vec<&'a str>, Span)>,
}

impl<'a> Account<'a> {
    /// Fields that no path leads to, through or into. Paths are finite, so types that contain themselves are no trouble.
    fn unread(&mut self, fields: &'a [Field], path: &mut Vec<&'a str>) {
        for field in fields {
            path.push(&field.name.value);
            if !self.reads.iter().any(|read| path.starts_with(read)) {
                match &self.types.resolve(&field.shape).kind {
                    ShapeKind::Record(inner) if self.reads.iter().any(|read| read.starts_with(path)) => {
                        self.unread(inner, path);
                    }
                    _ => self.gone.push((path.clone(), field.name.span)),
                }
            }
            path.pop();
        }
    }

    /// Fields that a conversion leaves behind since the type it leads to has none of their name.
    fn left_behind(&mut self, node: &'a Typed, env: &Env<'a>) {
        let TypedKind::Convert(inner) = &node.kind else { return };
        let TypedKind::Path(Root::Source, steps) = &inner.kind else { return };
        let path: Vec<&str> = steps.iter().map(|step| step.field.as_str()).collect();
        let mut seen = HashSet::new();
        let mut open = vec![(path.clone(), &inner.ty.shape, &node.ty.shape)];
        while let Some((at, from, to)) = open.pop() {
            let (from, to) = (env.types(inner.ty.side).resolve(from), env.types(node.ty.side).resolve(to));
            if !seen.insert((std::ptr::from_ref(from).addr(), std::ptr::from_ref(to).addr())) {
                continue;
            }
            match (&from.kind, &to.kind) {
                (ShapeKind::Record(from), ShapeKind::Record(to)) => {
                    for field in from {
                        let mut at = at.clone();
                        at.push(&field.name.value);
                        match to.iter().find(|other| other.name.value == field.name.value) {
                            Some(other) => open.push((at, &field.shape, &other.shape)),
                            None => {
                                let read = |read: &Vec<&str>| read.len() > path.len() && at.starts_with(read);
                                if !self.reads.iter().any(read) {
                                    self.gone.push((at, field.name.span));
                                }
                            }
                        }
                    }
                }
                (
                    ShapeKind::List(from) | ShapeKind::Set(from) | ShapeKind::Map(from),
                    ShapeKind::List(to) | ShapeKind::Set(to) | ShapeKind::Map(to),
                ) => open.push((at, from, to)),
                (ShapeKind::Union(from), ShapeKind::Union(to)) => {
                    for (tag, branch) in &from.branches {
                        let other = to.branches.iter().find(|(other, _)| other.value == tag.value);
                        open.extend(other.map(|(_, other)| (at.clone(), branch, other)));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a dotted path names a field, through lists, sets, maps and branches of unions.
fn exists(types: &Types, fields: &[Field], path: &[&str]) -> bool {
    let mut records: Vec<&[Field]> = vec![fields];
    for (i, name) in path.iter().enumerate() {
        let found: Vec<&Field> =
            records.iter().flat_map(|fields| fields.iter()).filter(|f| f.name.value == *name).collect();
        if found.is_empty() || i + 1 == path.len() {
            return !found.is_empty();
        }
        records = found.iter().flat_map(|field| inner_records(types, &field.shape)).collect();
    }
    false
}

fn inner_records<'a>(types: &'a Types, shape: &'a Shape) -> Vec<&'a [Field]> {
    let mut shape = types.resolve(shape);
    // Containers are written around one another a few times at most.
    while let ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) = &shape.kind {
        shape = types.resolve(item);
    }
    match &shape.kind {
        ShapeKind::Record(fields) => vec![fields],
        ShapeKind::Union(union) => union
            .branches
            .iter()
            .flat_map(|(_, branch)| match &types.resolve(branch).kind {
                ShapeKind::Record(fields) => Some(fields.as_slice()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
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
