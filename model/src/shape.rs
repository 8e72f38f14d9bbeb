//! The pivot: a small algebra of wire types to which every message's fields lower. Compatibility, JSON Schema, generated code
//! and diffs all work on shapes. A shape refers to a named type only through [`ShapeKind::Ref`], so recursion is always
//! through a [`Types`] table.

use crate::{
    source::{Span, Spanned},
    table::Table,
    value::Value,
};
use rust_decimal::Decimal;
use std::{collections::HashSet, fmt};

/// The qualified name of a type: `ordering.LineItem`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeName {
    /// The context that defines it.
    pub context: String,
    /// Its own name.
    pub name: String,
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.context, self.name)
    }
}

/// A type's wire form.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: ShapeKind,
    /// What values it is bounded to, beyond its kind.
    pub bounds: Bounded,
}

/// [`Bounds`] that take no room where there are none: most shapes have none, and a large storming has a million shapes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounded(Option<Box<Bounds>>);

impl From<Bounds> for Bounded {
    fn from(bounds: Bounds) -> Self {
        Bounded((!bounds.is_empty()).then(|| Box::new(bounds)))
    }
}

impl std::ops::Deref for Bounded {
    type Target = Bounds;

    fn deref(&self) -> &Bounds {
        static NONE: Bounds =
            Bounds { min: None, max: None, min_length: None, max_length: None, pattern: None, format: None };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

/// The kinds of [`Shape`].
#[derive(Clone, Debug)]
pub enum ShapeKind {
    /// A scalar.
    Scalar(Scalar),
    /// `list<T>`: a JSON array.
    List(Box<Shape>),
    /// `set<T>`: a JSON array without equal items.
    Set(Box<Shape>),
    /// `map<T>`: a JSON object with any keys.
    Map(Box<Shape>),
    /// A JSON object with declared members, in declared order.
    Record(Vec<Field>),
    /// One of a few texts.
    Enum(Enum),
    /// A JSON object whose member `tag` says which record it is.
    Union(Union),
    /// A named type.
    Ref(TypeName),
}

/// The scalars of the notation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Text.
    String,
    /// `true` or `false`.
    Bool,
    /// A signed integer of 64 bits.
    Int,
    /// A signed integer of 32 bits.
    Int32,
    /// An unsigned integer of 64 bits.
    Uint,
    /// An unsigned integer of 32 bits.
    Uint32,
    /// A finite IEEE 754 double.
    Float,
    /// An exact number with at most so many fraction digits; see [`Scalar::whole_digits`] for those before the point.
    Decimal(u32),
    /// A UUID, hyphenated.
    Uuid,
    /// An RFC 3339 date and time with offset.
    Timestamp,
    /// An ISO 8601 date.
    Date,
    /// An ISO 8601 duration of weeks, days and time.
    Duration,
    /// Bytes in base64.
    Bytes,
    /// Any JSON value.
    Json,
    /// Text that starts with this prefix and goes on.
    Id(String),
}

impl Scalar {
    /// The smallest and largest value of an integer kind.
    pub fn integer_range(&self) -> Option<(Decimal, Decimal)> {
        Some(match self {
            Scalar::Int => (i64::MIN.into(), i64::MAX.into()),
            Scalar::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Scalar::Uint => (u64::MIN.into(), u64::MAX.into()),
            Scalar::Uint32 => (u32::MIN.into(), u32::MAX.into()),
            _ => return None,
        })
    }

    /// The digits before the point that a decimal of this scale holds: 20, which is every integer of 64 bits, up to a scale of
    /// 8, so that more digits behind the point are a wider type; beyond that, what is left of 28.
    pub fn whole_digits(scale: u32) -> u32 {
        28 - scale.clamp(8, 28)
    }

    /// Whether the value is a number on the wire.
    pub fn is_number(&self) -> bool {
        self.integer_range().is_some() || matches!(self, Scalar::Float | Scalar::Decimal(_))
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scalar::String => "string",
            Scalar::Bool => "bool",
            Scalar::Int => "int",
            Scalar::Int32 => "int32",
            Scalar::Uint => "uint",
            Scalar::Uint32 => "uint32",
            Scalar::Float => "float",
            Scalar::Decimal(scale) => return write!(f, "decimal({scale})"),
            Scalar::Uuid => "uuid",
            Scalar::Timestamp => "timestamp",
            Scalar::Date => "date",
            Scalar::Duration => "duration",
            Scalar::Bytes => "bytes",
            Scalar::Json => "json",
            Scalar::Id(prefix) => return write!(f, "id({prefix})"),
        })
    }
}

/// What a shape's values are bounded to. Lengths count characters of text and items of lists, sets and maps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The smallest number allowed.
    pub min: Option<Decimal>,
    /// The largest number allowed.
    pub max: Option<Decimal>,
    /// The smallest length allowed.
    pub min_length: Option<u64>,
    /// The largest length allowed.
    pub max_length: Option<u64>,
    /// A regular expression that must match somewhere in the text.
    pub pattern: Option<String>,
    /// A format name for people and tools; not enforced.
    pub format: Option<String>,
}

impl Bounds {
    /// Whether nothing is bounded.
    pub fn is_empty(&self) -> bool {
        *self == Bounds::default()
    }
}

/// Whether a text is a regular expression that `pattern` takes.
pub fn is_pattern(text: &str) -> bool {
    regex_lite::Regex::new(text).is_ok()
}

/// `{ enum: [...], open: true }`.
#[derive(Clone, Debug)]
pub struct Enum {
    /// The known values, in declared order, without duplicates.
    pub values: Vec<Spanned<String>>,
    /// Whether unknown values are accepted and kept.
    pub open: bool,
}

/// `{ oneof: { card: Card }, tag: kind }`.
#[derive(Clone, Debug)]
pub struct Union {
    /// The JSON member that names the branch.
    pub tag: String,
    /// The branches: the tag's value and a record (or a reference to one).
    pub branches: Vec<(Spanned<String>, Shape)>,
}

/// One member of a record. What is said of it beside its type reads as if it stood here: `field.doc`.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name authors use.
    pub name: Spanned<String>,
    /// Its type.
    pub shape: Shape,
    /// Whether it must be there.
    pub presence: Presence,
    /// What is said of it beside its type.
    pub notes: Notes,
}

/// What may be said of a field.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// The JSON name, where it differs from the field's.
    pub wire: Option<Spanned<String>>,
    /// For people.
    pub doc: Option<String>,
    /// A value that shows what it looks like.
    pub example: Option<Spanned<Value>>,
    /// Tags such as `pii`.
    pub tags: Vec<Spanned<String>>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// [`Note`]s that take no room where nothing is said: of most fields there is not.
#[derive(Clone, Debug, Default)]
pub struct Notes(Option<Box<Note>>);

impl From<Note> for Notes {
    fn from(note: Note) -> Self {
        let Note { wire, doc, example, tags, deprecated } = &note;
        let said = wire.is_some() || doc.is_some() || example.is_some() || !tags.is_empty() || deprecated.is_some();
        Notes(said.then(|| Box::new(note)))
    }
}

impl std::ops::Deref for Notes {
    type Target = Note;

    fn deref(&self) -> &Note {
        static NONE: Note = Note { wire: None, doc: None, example: None, tags: Vec::new(), deprecated: None };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl std::ops::Deref for Field {
    type Target = Note;

    fn deref(&self) -> &Note {
        &self.notes
    }
}

impl Field {
    /// Shows what it looks like.
    pub(crate) fn set_example(&mut self, example: Spanned<Value>) {
        self.notes.0.get_or_insert_default().example = Some(example);
    }

    /// The JSON name.
    pub fn wire_name(&self) -> &str {
        self.wire.as_ref().map_or(&self.name.value, |wire| &wire.value)
    }
}

/// Whether a member must be there.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// `T`: always there.
    Required,
    /// `T?`: may be absent; `null` reads as absent and is never written.
    Optional,
    /// `T = x`: absent means the value; always written. The value conforms to the field's type.
    Default(Value),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name, where it is defined.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// A value that shows what it looks like.
    pub example: Option<Spanned<Value>>,
    /// Tags of every field of this type.
    pub tags: Vec<Spanned<String>>,
    /// Its wire form.
    pub shape: Shape,
    /// Whether it was read without an error: only then is its shape what its author wrote.
    pub sound: bool,
}

/// The named types of a workspace, or of one frozen file.
#[derive(Clone, Debug, Default)]
pub struct Types(pub Table<TypeName, TypeDef>);

impl Types {
    /// The definition of `name`.
    pub fn get(&self, name: &TypeName) -> Option<&TypeDef> {
        self.0.get(name)
    }

    /// Follows references until the shape is something else. A name that is not in the table, or a cycle of bare references
    /// (both are reported when the model is lowered), gives the reference itself.
    pub fn resolve<'a>(&'a self, shape: &'a Shape) -> &'a Shape {
        let mut at = shape;
        for _ in 0..=self.0.len() {
            match &at.kind {
                ShapeKind::Ref(name) => match self.get(name) {
                    Some(def) => at = &def.shape,
                    None => return at,
                },
                _ => return at,
            }
        }
        shape
    }

    /// Whether the fields, and every type they reach, are what their authors wrote: read without an error and all there.
    pub fn are_sound(&self, fields: &[Field]) -> bool {
        let mut open: Vec<&Shape> = fields.iter().map(|field| &field.shape).collect();
        open.extend(self.reachable(fields).into_iter().filter_map(|name| self.get(name)).map(|def| &def.shape));
        let named = |shape: &Shape| match &shape.kind {
            ShapeKind::Ref(name) => self.get(name).is_some_and(|def| def.sound),
            _ => true,
        };
        open.into_iter().all(|shape| shape.all(&named))
    }

    /// Every named type that `fields` reach, each once, in the order first met.
    pub fn reachable<'a>(&'a self, fields: &'a [Field]) -> Vec<&'a TypeName> {
        let (mut met, mut found) = (HashSet::new(), Vec::new());
        let mut open: Vec<&Shape> = fields.iter().rev().map(|f| &f.shape).collect();
        while let Some(shape) = open.pop() {
            match &shape.kind {
                ShapeKind::Ref(name) => {
                    if let Some((key, def)) = self.0.get_key_value(name)
                        && met.insert(key)
                    {
                        found.push(key);
                        open.push(&def.shape);
                    }
                }
                ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => open.push(item),
                ShapeKind::Record(fields) => open.extend(fields.iter().rev().map(|f| &f.shape)),
                ShapeKind::Union(union) => open.extend(union.branches.iter().rev().map(|(_, s)| s)),
                ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
            }
        }
        found
    }
}

impl Shape {
    /// A shape without bounds.
    pub fn new(kind: ShapeKind, span: Span) -> Self {
        Shape { span, kind, bounds: Bounded::default() }
    }

    /// Whether `holds` for the shape and everything inside it, references not followed.
    pub fn all(&self, holds: &dyn Fn(&Shape) -> bool) -> bool {
        holds(self)
            && match &self.kind {
                ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => item.all(holds),
                ShapeKind::Record(fields) => fields.iter().all(|field| field.shape.all(holds)),
                ShapeKind::Union(union) => union.branches.iter().all(|(_, shape)| shape.all(holds)),
                ShapeKind::Scalar(_) | ShapeKind::Enum(_) | ShapeKind::Ref(_) => true,
            }
    }
}

/// How an author would write the type, for messages and diffs.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ShapeKind::Scalar(scalar) => scalar.fmt(f),
            ShapeKind::List(item) => write!(f, "list<{item}>"),
            ShapeKind::Set(item) => write!(f, "set<{item}>"),
            ShapeKind::Map(item) => write!(f, "map<{item}>"),
            ShapeKind::Record(_) => f.write_str("record"),
            ShapeKind::Enum(_) => f.write_str("enum"),
            ShapeKind::Union(_) => f.write_str("oneof"),
            ShapeKind::Ref(name) => name.fmt(f),
        }
    }
}
