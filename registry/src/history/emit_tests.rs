//! What is emitted is read back as what it was, and every YAML reader sees the same tree in it.

use super::emit::emit;
use crate::{
    compat::{Record, compare},
    testing::{fields, frozen, types},
};
use isobar_model::{
    Diagnostics, Field, Sources, Version,
    model::{Event, Name},
    parse::{self, Node, NodeKind},
};
use proptest::prelude::*;

fn name() -> Name {
    Name { context: "shop".into(), name: "E".into() }
}

/// Everything that a field says, without where it stands.
fn told(fields: &[Field]) -> Vec<String> {
    let tell = |field: &Field| {
        let tags: Vec<&str> = field.tags.iter().map(|tag| tag.value.as_str()).collect();
        let Field { name, shape, presence, notes } = field;
        let (wire, doc, deprecated) = (field.wire_name(), &notes.doc, &notes.deprecated);
        format!("{name} {wire} {presence:?} {doc:?} {deprecated:?} {tags:?} {:?}", shape.bounds)
    };
    fields.iter().map(tell).collect()
}

fn with_fields(fields: Vec<Field>) -> Event {
    let mut event = frozen("event: shop.E\nversion: v1.0\nfields: {}\n").event;
    event.fields = Some(fields);
    event
}

/// The tree as another YAML reader sees it, and as ours does; scalars as text.
fn oracle(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::Null => "null".into(),
        serde_yaml::Value::Bool(flag) => flag.to_string(),
        serde_yaml::Value::Number(number) => format!("#{number}"),
        serde_yaml::Value::String(text) => format!("{text:?}"),
        serde_yaml::Value::Sequence(items) => format!("[{}]", items.iter().map(oracle).collect::<Vec<_>>().join(",")),
        serde_yaml::Value::Mapping(members) => {
            let members: Vec<String> = members.iter().map(|(k, v)| format!("{}:{}", oracle(k), oracle(v))).collect();
            format!("{{{}}}", members.join(","))
        }
        serde_yaml::Value::Tagged(_) => "a tag".into(),
    }
}

fn ours(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(text, false) if matches!(text.as_str(), "null" | "true" | "false") => text.clone(),
        NodeKind::Scalar(text, false) if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            // As the other reader shows numbers.
            format!("#{}", serde_yaml::from_str::<serde_yaml::Number>(text).unwrap())
        }
        NodeKind::Scalar(text, _) => format!("{text:?}"),
        NodeKind::List(items) => format!("[{}]", items.iter().map(ours).collect::<Vec<_>>().join(",")),
        NodeKind::Map(members) => {
            let members: Vec<String> = members.iter().map(|(k, v)| format!("{:?}:{}", k.text, ours(v))).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn both_readers_agree(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("e.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let node = parse::parse(file, &sources, &mut diagnostics).expect(text);
    assert!(diagnostics.is_empty(), "{text}");
    let other: serde_yaml::Value = serde_yaml::from_str(text).expect(text);
    assert_eq!(ours(&node), oracle(&other), "{text}");
    ours(&node)
}

proptest! {
    #[test]
    fn fields_come_back_as_they_were(fields in fields()) {
        let types = types();
        let event = with_fields(fields.clone());
        let text = emit(&name(), Version::new(1, 3), &event, &types);
        both_readers_agree(&text);
        let back = frozen(&text);
        prop_assert_eq!(&back.name.value, &name());
        prop_assert_eq!(back.version.value, Version::new(1, 3));
        let read = back.event.fields.clone().unwrap();
        prop_assert_eq!(told(&read), told(&fields));
        let (old, new) = (Record { types: &types, fields: &fields }, Record { types: &back.types, fields: &read });
        prop_assert_eq!(compare(old, new), vec![], "{}", text);
        prop_assert_eq!(emit(&name(), Version::new(1, 3), &back.event, &back.types), text);
    }
}

const EVERYTHING: &str = r##"event: shop.OrderPlaced
version: v2.0
wire: order-placed
renamed_from: OrderCreated
doc: "First line: with a colon.\nSecond \"line\" # no comment"
deprecated:
  since: v2.0
  use: shop.Other
  remove_after: "2027-06-30"
  doc: Too old.
types:
  OrderId: id(order_)
  Money:
    fields:
      amount: decimal(2)
      currency: { type: string, pattern: "^[A-Z]{3}$" }
fields:
  id: OrderId @key @pii
  price: { type: Money, doc: "What it costs, all in." }
  note: { type: string?, wire: a note, deprecated: Nobody reads it. }
  status: { enum: [open, "no"], default: open }
  pay:
    oneof:
      card:
        fields: { number: string }
      none:
        fields: {}
    tag: kind
upgrade:
  price.amount: "($total + $tax) * 2 - 1"
  price.currency: EUR
  note: "$note ?? \"none, \\\"really\\\"\""
  first: "split($name, \" \", 0)"
  flags: [$a, "b c"]
  nested: { x: $a, "y": "no" }
  big: "$a == $b && !($c || $d < 3)"
  x: fn(my_hook)
  literal: "\"$x\""
downgrade:
  gone: "2024"
removed: [region, "on"]
examples:
  - id: order_1
    price: { amount: 12.5, currency: EUR }
    status: open
    pay: { kind: card, number: "4 0 0" }
"##;

/// The forms that random fields do not have, read and written again without a change.
#[test]
fn a_file_with_everything_is_written_as_it_was_read() {
    let mut sources = Sources::default();
    let file = sources.add("e.yaml", EVERYTHING);
    let mut diagnostics = Diagnostics::default();
    let read = isobar_model::lower::frozen(file, &sources, &mut diagnostics).unwrap();
    let text = emit(&read.name, read.version.value, &read.event, &read.types);
    assert_eq!(text, EVERYTHING);
    both_readers_agree(&text);
}

#[test]
fn only_types_that_are_reached_are_frozen() {
    let event = with_fields(vec![]);
    assert_eq!(emit(&name(), Version::FIRST, &event, &types()), "event: shop.E\nversion: v1.0\nfields: {}\n");
}
