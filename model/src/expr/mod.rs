//! Expressions of `upgrade`, `downgrade`, `fill`, `apply`, `requires` and `invariants`: parsed here, checked against the field
//! types, and turned into [`Typed`] trees that the generator compiles and the registry interprets. Nothing is evaluated here.
//!
//! ```text
//! text --lex, parse--> Expr --check, operators, functions--> Typed --assign--> records --evolve, account--> upgrade, downgrade
//!                       literal, text: values as written      env, readable, confused: what is read, and as what
//! ```

mod account;
mod assign;
pub(crate) mod behaviour;
mod check;
mod confused;
mod env;
mod evolve;
mod functions;
mod lex;
mod literal;
mod operators;
mod parse;
mod readable;
#[cfg(test)]
mod testing;
pub(crate) mod text;
mod typed;

pub use account::{Gone, inner_records};
pub use assign::{changes, record};
pub use behaviour::{applied, emitted, invariant, requirement};
pub use check::{check, condition};
pub use env::{Env, META, Scope};
pub use evolve::{Target, downgrade, has_field, released_transfer, released_upgrade, transfer, unread, upgrade};
pub use literal::{literal, payload};
pub use parse::parse_scalar;
pub use readable::{Mismatch, confusions, mismatches, readable};
pub use typed::{Function, Operator, Root, Side, Step, Ty, Typed, TypedKind};

use crate::{source::Span, value::Value};

/// An expression as written.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of [`Expr`].
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A scalar literal. `text` is kept as written since the type it meets decides how it is read; `quoted` literals are text.
    Literal {
        /// As written, without quotes.
        text: String,
        /// Whether it was quoted.
        quoted: bool,
    },
    /// `$x.y`, `self.x`, `$meta.time`.
    Path(Root, Vec<(String, Span)>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a: x, b: y }`.
    Record(Vec<((String, Span), Expr)>),
    /// `!x`, `-x`.
    Unary(Operator, Box<Expr>),
    /// `a + b`.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `split(a, b, 0)`. The name is not yet known to be a function.
    Call((String, Span), Vec<Expr>),
    /// `fn(name)`: a hook written in Rust.
    Hook(String),
    /// What could not be read. It was reported, so nothing more is said of it.
    Broken,
}

impl Expr {
    /// The value of an expression that is made of literals only, read without a type: `null`, booleans and numbers where the
    /// text is one, text otherwise.
    pub fn as_value(&self) -> Option<Value> {
        Some(match &self.kind {
            ExprKind::Literal { text, quoted: true } => Value::String(text.clone()),
            ExprKind::Literal { text, quoted: false } => match text.as_str() {
                "null" | "~" | "" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::number(text).unwrap_or_else(|| Value::String(text.clone())),
            },
            ExprKind::List(items) => Value::List(items.iter().map(Expr::as_value).collect::<Option<_>>()?),
            ExprKind::Record(members) => Value::Record(
                members.iter().map(|((name, _), e)| Some((name.clone(), e.as_value()?))).collect::<Option<_>>()?,
            ),
            _ => return None,
        })
    }
}
