//! What tests share: workspaces in temporary folders, and random fields over a fixed table of types.

use crate::Workspace;
use isobar_model::{
    Diagnostics, Field, FileId, Presence, Shape, ShapeKind, Sources, Span, Spanned, TypeName, Types, Value, diag,
    lower::{self, Frozen},
    shape::{Bounded, Bounds, Enum, Note, Scalar},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::{fs, path::Path};
use tempfile::TempDir;

/// A workspace of these files (path, text) in a folder of its own.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), files);
    folder
}

pub(crate) fn put(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The findings as people see them.
pub(crate) fn report(workspace: &Workspace) -> String {
    diag::render(&workspace.findings(), &workspace.sources, false)
}

/// Opens a workspace without findings.
pub(crate) fn open(root: &Path) -> Workspace {
    let workspace = Workspace::open(root);
    assert_eq!(report(&workspace), "");
    workspace
}

/// Parses the text of a frozen file.
pub(crate) fn frozen(text: &str) -> Frozen {
    let mut sources = Sources::default();
    let file = sources.add("frozen.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let frozen = lower::frozen(file, &sources, &mut diagnostics);
    let found = diagnostics.sorted(&sources);
    assert!(found.is_empty(), "{text}\n{}", diag::render(&found, &sources, false));
    frozen.unwrap()
}

/// A version of `shop.E` with these types and fields, each as YAML on one line.
pub(crate) fn version(types: &str, fields: &str) -> Frozen {
    frozen(&format!("event: shop.E\nversion: v1.0\ntypes: {types}\nfields: {fields}\n"))
}

/// A table with one type of each kind.
pub(crate) fn types() -> Types {
    frozen(
        r#"
event: shop.E
version: v1.0
types:
  OrderId: id(order.)
  Code: { type: string, pattern: "^[A-Z]{3}$", example: EUR }
  Color: { enum: [red, green, "no"] }
  Mood: { enum: [good, bad], open: true }
  Line: { fields: { code: Code, count: { type: int, min: 1, max: 9 }, "y": "decimal(2)?" } }
  Card: { fields: { number: string, color: Color = red } }
  Bill: { fields: { days: uint32 } }
  Pay: { oneof: { card: Card, bill: Bill, none: { fields: {} } }, tag: kind }
  Node: { fields: { value: int32, next: "Node?", all: list<Node> } }
  other.Money: { fields: { amount: decimal(3), code: Code } }
fields: { a: Pay, b: Node, c: other.Money, d: OrderId, e: Mood, f: list<Line> }
"#,
    )
    .types
}

const NAMES: [&str; 9] = ["OrderId", "Code", "Color", "Mood", "Line", "Card", "Pay", "Node", "other.Money"];

fn span() -> Span {
    Span::top(FileId(0))
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, span())
}

fn scalar() -> impl Strategy<Value = Shape> {
    let plain = prop::sample::select(vec![
        Scalar::Bool,
        Scalar::Float,
        Scalar::Uuid,
        Scalar::Timestamp,
        Scalar::Date,
        Scalar::Duration,
        Scalar::Json,
        Scalar::Id("x-".into()),
    ]);
    let shape = |scalar, bounds: Bounds| Shape { span: span(), kind: ShapeKind::Scalar(scalar), bounds: bounds.into() };
    let ints = prop::sample::select(vec![Scalar::Int, Scalar::Int32, Scalar::Uint, Scalar::Uint32, Scalar::Decimal(2)]);
    let numbers = (ints, prop::option::of(0_i64..3), prop::option::of(3_i64..9)).prop_map(move |(scalar, min, max)| {
        shape(scalar, Bounds { min: min.map(Decimal::from), max: max.map(Decimal::from), ..Bounds::default() })
    });
    let long = prop::sample::select(vec![Scalar::String, Scalar::Bytes]);
    let texts = (long, prop::option::of(0_u64..4), prop::option::of(4_u64..9)).prop_map(move |(scalar, min, max)| {
        shape(scalar, Bounds { min_length: min, max_length: max, ..Bounds::default() })
    });
    let pattern = Just(shape(Scalar::String, Bounds { pattern: Some("^[a-z]: \"#,".into()), ..Bounds::default() }));
    prop_oneof![plain.prop_map(move |scalar| shape(scalar, Bounds::default())), numbers, texts, pattern]
}

fn reference() -> impl Strategy<Value = Shape> {
    prop::sample::select(NAMES.to_vec()).prop_map(|name| {
        let (context, name) = name.split_once('.').unwrap_or(("shop", name));
        Shape::new(ShapeKind::Ref(TypeName { context: context.into(), name: name.into() }), span())
    })
}

/// What can stand in a list: it has no bounds of its own.
fn item() -> impl Strategy<Value = Shape> {
    let bare = scalar().prop_map(|shape| Shape { bounds: Bounded::default(), ..shape });
    prop_oneof![bare, reference()].prop_recursive(2, 4, 1, |inner| {
        prop_oneof![
            inner.clone().prop_map(|item| Shape::new(ShapeKind::List(Box::new(item)), span())),
            inner.prop_map(|item| Shape::new(ShapeKind::Map(Box::new(item)), span())),
        ]
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let words = prop::collection::btree_set("[a-z #:,'\"]{1,8}", 1..4);
    let lengths = (prop::option::of(0_u64..2), prop::option::of(2_u64..4));
    let bounded = |kind: fn(Box<Shape>) -> ShapeKind| {
        (item(), lengths.clone()).prop_map(move |(item, (min_length, max_length))| Shape {
            bounds: Bounds { min_length, max_length, ..Bounds::default() }.into(),
            ..Shape::new(kind(Box::new(item)), span())
        })
    };
    let ints = Shape::new(ShapeKind::Scalar(Scalar::Int), span());
    prop_oneof![
        4 => scalar(),
        3 => reference(),
        2 => bounded(ShapeKind::List),
        1 => bounded(ShapeKind::Map),
        1 => Just(Shape::new(ShapeKind::Set(Box::new(ints)), span())),
        1 => (words, any::<bool>()).prop_map(|(values, open)| {
            let values = values.into_iter().map(spanned).collect();
            Shape::new(ShapeKind::Enum(Enum { values, open }), span())
        }),
    ]
}

/// A field, whatever its shape: optional where that can be written, with a default where one is at hand.
fn field() -> impl Strategy<Value = Field> {
    let doc = prop::option::of("[ -~\u{e9}\n]{0,20}[!-~]");
    let name = prop_oneof!["[a-z][a-zA-Z0-9_]{0,4}", Just("no".to_owned()), Just("null".to_owned())];
    (name, shape(), 0..3, doc, prop::option::of("[a-z]{1,3} [@#]"), any::<bool>()).prop_map(
        |(name, shape, presence, doc, wire, tagged)| {
            let anonymous = matches!(shape.kind, ShapeKind::Enum(_));
            let default = match &shape.kind {
                ShapeKind::Scalar(Scalar::Bool) => Some(Value::Bool(true)),
                ShapeKind::Scalar(Scalar::Int | Scalar::Uint32) => Some(Value::Number(Decimal::from(3))),
                ShapeKind::Scalar(Scalar::String) if shape.bounds.is_empty() => Some(Value::String("no, \"x\"".into())),
                ShapeKind::Scalar(Scalar::Json) => Some(Value::Record(vec![("a b".into(), Value::Null)])),
                ShapeKind::Ref(name) if name.name == "Mood" => Some(Value::String("bad".into())),
                ShapeKind::Enum(it) => Some(Value::String(it.values[0].value.clone())),
                _ => None,
            };
            let presence = match (presence, default) {
                (1, _) if !anonymous => Presence::Optional,
                (2, Some(default)) => Presence::Default(default),
                _ => Presence::Required,
            };
            let tags = if tagged { vec![spanned("pii".into())] } else { Vec::new() };
            let note = Note { wire: wire.map(spanned), doc, example: None, tags, deprecated: None };
            Field { name: spanned(name), shape, presence, notes: note.into() }
        },
    )
}

/// Fields of distinct names, over [`types`].
pub(crate) fn fields() -> impl Strategy<Value = Vec<Field>> {
    prop::collection::vec(field(), 0..6).prop_map(|mut fields| {
        let mut seen = std::collections::HashSet::new();
        fields.retain(|field| seen.insert(field.name.value.clone()));
        let mut wires = std::collections::HashSet::new();
        fields.retain(|field| wires.insert(field.wire_name().to_owned()));
        fields
    })
}
