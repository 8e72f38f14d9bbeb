//! Checked expressions. A [`Typed`] tree says of each node what type it has; whoever compiles or interprets it decides nothing.

use crate::{
    shape::{Field, Presence, Shape},
    value::Value,
};
use std::fmt;

/// A checked expression.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Its type.
    pub ty: Ty,
    /// What it is.
    pub kind: TypedKind,
}

impl Typed {
    /// Calls `f` with this node and every node below it, outermost first.
    pub fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Typed)) {
        f(self);
        match &self.kind {
            TypedKind::List(items) | TypedKind::Call(_, items) => items.iter().for_each(|item| item.visit(f)),
            TypedKind::Record(members) => members.iter().for_each(|(_, member)| member.visit(f)),
            TypedKind::Unary(_, inner) | TypedKind::Convert(inner) => inner.visit(f),
            TypedKind::Binary(_, left, right) => {
                left.visit(f);
                right.visit(f);
            }
            TypedKind::Literal(_) | TypedKind::Path(..) | TypedKind::Hook(_) => {}
        }
    }
}

/// A type in an expression.
#[derive(Clone, Debug)]
pub struct Ty {
    /// The shape of a value that is there.
    pub shape: Shape,
    /// Whether it may be absent.
    pub optional: bool,
    /// Which table of types the shape's references are to be looked up in.
    pub side: Side,
}

impl Ty {
    /// A value of `shape` that is there.
    pub fn new(shape: Shape, side: Side) -> Self {
        Ty { shape, optional: false, side }
    }

    /// What a field holds: only an optional one may be absent, since a default stands in for what is missing.
    pub fn of(field: &Field, side: Side) -> Self {
        Ty { shape: field.shape.clone(), optional: field.presence == Presence::Optional, side }
    }
}

/// How an author would write the type.
impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.shape, if self.optional { "?" } else { "" })
    }
}

/// The two tables of types that meet in an upgrade. Where only one workspace is involved both are the same table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The old version's, or the event's or command's that is read.
    Source,
    /// The new version's, or what is written.
    Target,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the old version, the event or the command.
    Source,
    /// `self`: the aggregate's state.
    State,
    /// `$meta`: the envelope.
    Meta,
}

/// One member of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The field's name (not its wire name).
    pub field: String,
    /// The field's name on the wire, for who walks a [`Value`].
    pub wire: String,
    /// Whether the field itself may be absent.
    pub optional: bool,
}

/// The kinds of [`Typed`].
#[derive(Clone, Debug)]
pub enum TypedKind {
    /// A value that conforms to the node's shape, in wire form (records by wire name). Enum values, ids, dates and the like are [`Value::String`];
    /// `Value::Null` stands for an absent optional.
    Literal(Value),
    /// A field of the source, the state or the envelope. `ty.optional` if any step is.
    Path(Root, Vec<Step>),
    /// A list or a set.
    List(Vec<Typed>),
    /// A record: every required field and every default of the node's shape once, by field name and in declared order;
    /// optional fields may be missing and are then absent.
    Record(Vec<(String, Typed)>),
    /// `!` on booleans, `-` on numbers.
    Unary(Operator, Box<Typed>),
    /// Arithmetic on two numbers (both `float`, or both exact: then computed as decimals), `+` on two texts,
    /// comparison of two values of one type (exact numbers: decimals of either scale; both optional or neither), `&&` and `||` on booleans, `??` of an optional and a value of the same type.
    Binary(Operator, Box<Typed>, Box<Typed>),
    /// A function of the table.
    Call(Function, Vec<Typed>),
    /// A hook written in Rust, which gets the whole source.
    Hook(String),
    /// The inner value as the node's type. Either every value of the inner type is read by that, or the value is computed: then
    /// its range, scale and bounds are checked when it is there, and what does not fit is an error value. Records convert field
    /// by field by name, and what is absent and has a default becomes it. Optional stays optional; a required inner may become
    /// optional.
    Convert(Box<Typed>),
}

/// Operators, loosest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the symbols say it")]
pub enum Operator {
    Not,
    Negate,
    Multiply,
    Add,
    Subtract,
    Coalesce,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

impl Operator {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Not => "!",
            Operator::Negate | Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Add => "+",
            Operator::Coalesce => "??",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::And => "&&",
            Operator::Or => "||",
        }
    }
}

/// The functions of the notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `new_id()`: a fresh identifier of the type it meets (an id, a uuid or text).
    NewId,
    /// `now()`: a timestamp.
    Now,
    /// `split(text, separator, index)`: the part of that index, or empty text.
    Split,
    /// `join(list of text, separator)`.
    Join,
    /// `cents(decimal)`: an int, a hundred times as much.
    Cents,
    /// `lower(text)`.
    Lower,
    /// `upper(text)`.
    Upper,
    /// `len(x)`: characters of text, items of a list, set or map.
    Len,
}
