//! Types of expressions. What an expression is for is known first, so literals, hooks and `new_id()` take their type from it;
//! everything else has a type of its own and must convert. Every node of the [`Typed`] tree that comes out has its type, and
//! nobody later decides anything.

use super::env::{Env, Lost, META};
use super::literal::{is_null, literal, overlap, scalar};
use super::{Expr, ExprKind, Function, Operator, Root, Side, Step, Ty, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean, list},
    shape::{Field, Presence, Scalar, Shape, ShapeKind},
    source::Span,
    value::Value,
};

/// Checks an expression that must be of the type `expected`.
pub fn check(expr: &Expr, expected: &Ty, env: &Env<'_>, diags: &mut Diagnostics) -> Option<Typed> {
    Checker { env, diags }.check(expr, expected)
}

/// Checks a condition: `requires`, `invariants`, `only_if`.
pub fn condition(expr: &Expr, env: &Env<'_>, diags: &mut Diagnostics) -> Option<Typed> {
    Checker { env, diags }.condition(expr)
}

/// A literal's text, with the sign before it.
pub(super) fn literal_text(expr: &Expr) -> Option<(String, bool)> {
    match &expr.kind {
        ExprKind::Literal { text, quoted } => Some((text.clone(), *quoted)),
        ExprKind::Unary(Operator::Negate, inner) => match &inner.kind {
            ExprKind::Literal { text, quoted: false } if Value::number(text).is_some() && !text.starts_with('-') => {
                Some((format!("-{text}"), false))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A scalar without bounds. Its place is the expression's, so that no definition is shown for it.
pub(super) fn scalar_ty(scalar: Scalar, span: Span) -> Ty {
    Ty::new(Shape::new(ShapeKind::Scalar(scalar), span), Side::Target)
}

/// The expression in messages.
pub(super) fn spell(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Path(root, steps) => format!("`{}`", spell_path(*root, steps)),
        ExprKind::Literal { text, .. } => format!("`{text}`"),
        ExprKind::Call((name, _), _) => format!("`{name}(...)`"),
        _ => "this".into(),
    }
}

fn spell_path(root: Root, steps: &[(String, Span)]) -> String {
    let names = steps.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(".");
    match root {
        Root::Source => format!("${names}"),
        Root::State => format!("self.{names}"),
        Root::Meta => format!("$meta.{names}"),
    }
}

pub(super) struct Checker<'a, 'b> {
    pub(super) env: &'b Env<'a>,
    pub(super) diags: &'b mut Diagnostics,
}

impl<'a> Checker<'a, '_> {
    pub(super) fn condition(&mut self, expr: &Expr) -> Option<Typed> {
        self.check(expr, &scalar_ty(Scalar::Bool, expr.span))
    }

    pub(super) fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diags.push(diagnostic);
        None
    }

    pub(super) fn check(&mut self, expr: &Expr, expected: &Ty) -> Option<Typed> {
        let env = self.env;
        let present = Ty { optional: false, ..expected.clone() };
        let shape = env.resolve(expected);
        let whole = |kind| Some(Typed { ty: expected.clone(), kind });
        if expected.optional && is_null(expr) {
            return whole(TypedKind::Literal(Value::Null));
        }
        match (&expr.kind, &shape.kind) {
            (ExprKind::Broken, _) => None,
            (ExprKind::Hook(name), _) => whole(TypedKind::Hook(name.clone())),
            (ExprKind::List(items), ShapeKind::List(item) | ShapeKind::Set(item)) => {
                let items = self.items(items, &Ty::new((**item).clone(), expected.side))?;
                self.lengths(expr, &items, shape)?;
                let list = Typed { ty: present, kind: TypedKind::List(items) };
                Some(env.convert(list, expected))
            }
            (ExprKind::Record(members), ShapeKind::Record(fields)) => {
                let members = self.members(expr.span, members, fields, expected.side)?;
                let record = Typed { ty: present, kind: TypedKind::Record(members) };
                Some(env.convert(record, expected))
            }
            (ExprKind::Binary(Operator::Coalesce, left, right), _) => {
                let left_typed = self.infer(left)?;
                self.absent(left, &left_typed)?;
                let maybe = Ty { optional: true, ..expected.clone() };
                let left = self.coerce(left, left_typed, &maybe);
                let right = self.check(right, expected);
                whole(TypedKind::Binary(Operator::Coalesce, Box::new(left?), Box::new(right?)))
            }
            (ExprKind::Call((name, _), arguments), ShapeKind::Scalar(Scalar::Id(_) | Scalar::Uuid))
                if name == "new_id" =>
            {
                self.call(expr, arguments)?;
                let call = Typed { ty: present, kind: TypedKind::Call(Function::NewId, Vec::new()) };
                Some(env.convert(call, expected))
            }
            _ => {
                if let Some((text, quoted)) = literal_text(expr) {
                    let expr = Expr { span: expr.span, kind: ExprKind::Literal { text, quoted } };
                    return whole(TypedKind::Literal(literal(&expr, shape, env.types(expected.side), self.diags)?));
                }
                if matches!(expr.kind, ExprKind::List(_) | ExprKind::Record(_)) {
                    return match expr.as_value() {
                        Some(_) => {
                            whole(TypedKind::Literal(literal(expr, shape, env.types(expected.side), self.diags)?))
                        }
                        None => {
                            let message = format!("`{expected}` cannot be put together in an expression");
                            let help = "build it in a hook: `fn(name)`";
                            self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message).help(help))
                        }
                    };
                }
                let typed = self.infer(expr)?;
                self.coerce(expr, typed, expected)
            }
        }
    }

    /// All items, so that all that is wrong with them is found.
    fn items(&mut self, items: &[Expr], ty: &Ty) -> Option<Vec<Typed>> {
        let items: Vec<Option<Typed>> = items.iter().map(|item| self.check(item, ty)).collect();
        items.into_iter().collect()
    }

    /// The number of items is seen at once; whether computed items of a set are equal is not.
    fn lengths(&mut self, expr: &Expr, items: &[Typed], shape: &Shape) -> Option<()> {
        let (count, bounds) = (items.len() as u64, &shape.bounds);
        let few = bounds.min_length.filter(|min| count < *min).map(|min| format!("fewer than the minimum of {min}"));
        let many = bounds.max_length.filter(|max| count > *max).map(|max| format!("more than the maximum of {max}"));
        let literals: Vec<_> = items
            .iter()
            .filter_map(|item| match &item.kind {
                TypedKind::Literal(value) => Some(value),
                _ => None,
            })
            .collect();
        let twice = matches!(shape.kind, ShapeKind::Set(_))
            && literals.iter().enumerate().any(|(i, value)| literals[..i].contains(value));
        let message = match few.or(many) {
            Some(wrong) => format!("{count} items are {wrong}"),
            None if twice => "a value stands twice in a set".into(),
            None => return Some(()),
        };
        let diagnostic = Diagnostic::new(&codes::BAD_LITERAL, expr.span, message);
        self.refuse(diagnostic.also(shape.span, "the type it is for"))
    }

    /// A record written as a mapping, by field names.
    fn members(
        &mut self,
        span: Span,
        members: &[((String, Span), Expr)],
        fields: &[Field],
        side: Side,
    ) -> Option<Vec<(String, Typed)>> {
        let mut complete = true;
        for ((name, span), _) in members.iter().filter(|((name, _), _)| fields.iter().all(|f| f.name.value != *name)) {
            complete = false;
            self.diags.push(unknown_field(*span, "the record", name, fields));
        }
        let mut typed = Vec::new();
        for field in fields {
            let given = members.iter().find(|((name, _), _)| *name == field.name.value);
            let value = match (given, &field.presence) {
                (Some((_, expr)), _) => self.check(expr, &Ty::of(field, side)),
                (None, Presence::Optional) => continue,
                (None, Presence::Default(value)) => Some(default(field, value, side)),
                (None, Presence::Required) => {
                    let message = format!("the required field `{}` is not set", field.name);
                    let diagnostic = Diagnostic::new(&codes::UNSET_FIELD, span, message);
                    self.refuse(diagnostic.also(field.name.span, "required"))
                }
            };
            match value {
                Some(value) => typed.push((field.name.value.clone(), value)),
                None => complete = false,
            }
        }
        complete.then_some(typed)
    }

    /// The left side of `??` must be able to be absent.
    fn absent(&mut self, expr: &Expr, typed: &Typed) -> Option<()> {
        if typed.ty.optional {
            return Some(());
        }
        let message = format!("{} is never absent", spell(expr));
        let label = format!("this is `{}`, which is always there", typed.ty);
        self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message).label(label).help("leave `??` out"))
    }

    /// The type of an expression that nothing is expected of.
    pub(super) fn infer(&mut self, expr: &Expr) -> Option<Typed> {
        if let Some((text, quoted)) = literal_text(expr) {
            return self.infer_literal(expr, &text, quoted);
        }
        match &expr.kind {
            ExprKind::Broken | ExprKind::Literal { .. } => None,
            ExprKind::Path(root, steps) => self.path(expr.span, *root, steps),
            ExprKind::Unary(operator, inner) => self.unary(expr.span, *operator, inner),
            ExprKind::Binary(Operator::Coalesce, left, right) => {
                let left_typed = self.infer(left)?;
                self.absent(left, &left_typed)?;
                let bare = self.bare(&left_typed.ty);
                let left = self.env.convert(left_typed, &Ty { optional: true, ..bare.clone() });
                let right = if literal_text(right).is_some() || matches!(right.kind, ExprKind::List(_)) {
                    self.check(right, &bare)?
                } else {
                    let typed = self.infer(right)?;
                    let ty = Ty { optional: typed.ty.optional, ..bare };
                    self.coerce(right, typed, &ty)?
                };
                let ty = right.ty.clone();
                Some(Typed { ty, kind: TypedKind::Binary(Operator::Coalesce, Box::new(left), Box::new(right)) })
            }
            ExprKind::Binary(operator, left, right) => self.binary(expr.span, *operator, left, right),
            ExprKind::Call(_, arguments) => self.call(expr, arguments),
            ExprKind::Hook(name) => {
                let message = format!("nothing says what type the hook `{name}` gives");
                let help = "a hook stands alone, and its type is that of the field it is for";
                self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, expr.span, message).help(help))
            }
            ExprKind::List(_) | ExprKind::Record(_) => {
                let message = "nothing says what type this is";
                self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, expr.span, message))
            }
        }
    }

    fn infer_literal(&mut self, expr: &Expr, text: &str, quoted: bool) -> Option<Typed> {
        let (scalar, value) = match (text, quoted, Value::number(text)) {
            (_, false, Some(Value::Number(number))) => (Scalar::Decimal(number.scale()), Value::Number(number)),
            (_, false, Some(value)) => (Scalar::Float, value),
            ("true" | "false", false, _) => (Scalar::Bool, Value::Bool(text == "true")),
            ("" | "~" | "null", false, _) => {
                let message = "nothing says what is absent here";
                return self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message));
            }
            _ => (Scalar::String, Value::String(text.to_owned())),
        };
        Some(Typed { ty: scalar_ty(scalar, expr.span), kind: TypedKind::Literal(value) })
    }

    /// The type without bounds and without a name, where it is a scalar: what computing and comparing is done in.
    pub(super) fn bare(&self, ty: &Ty) -> Ty {
        match self.env.scalar(ty) {
            Some(scalar) => scalar_ty(scalar.clone(), ty.shape.span),
            None => Ty { optional: false, ..ty.clone() },
        }
    }

    fn path(&mut self, span: Span, root: Root, steps: &[(String, Span)]) -> Option<Typed> {
        if root == Root::Meta {
            return self.meta(span, steps);
        }
        let env = self.env;
        let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
        let (what, at) = match env.walk(root, &names) {
            Ok(typed) => return Some(typed),
            Err(Lost::Nowhere) => {
                let (symbol, other) = match root {
                    Root::State => ("self", env.source.map(|scope| format!("`$` reads {}", scope.what))),
                    _ => ("$", env.state.map(|scope| format!("`self` reads {}", scope.what))),
                };
                let message = format!("`{symbol}` reads nothing here");
                return self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, span, message).maybe_help(other));
            }
            // The name of a type that nothing defines was reported where it is written.
            Err(Lost::Undefined) => return None,
            Err(Lost::At(at, fields)) => {
                let scope = if root == Root::State { env.state } else { env.source };
                let what = match at {
                    0 => scope.map_or(String::new(), |scope| scope.what.to_owned()),
                    _ => format!("`{}`", spell_path(root, &steps[..at])),
                };
                match fields {
                    Ok(fields) => return self.refuse(unknown_field(steps[at].1, &what, &steps[at].0, fields)),
                    Err(field) => (format!("{what} is `{}`, which", field.shape), (at, field.name.span)),
                }
            }
        };
        let (name, place) = &steps[at.0];
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_FIELD, *place, format!("{what} has no field `{name}`"));
        self.refuse(diagnostic.also(at.1, "defined here"))
    }

    fn meta(&mut self, span: Span, steps: &[(String, Span)]) -> Option<Typed> {
        let [(name, at), rest @ ..] = steps else { return None };
        if !self.env.meta {
            let message = "there is no envelope to read here";
            return self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, span, message));
        }
        let names = || META.iter().map(|(name, ..)| *name);
        let found = META.iter().find(|(role, ..)| role == name);
        let Some((role, scalar, optional)) = found.filter(|_| rest.is_empty()) else {
            let (name, at) = rest.last().filter(|_| found.is_some()).unwrap_or(&steps[0]);
            let message = format!("`$meta` has no member `{name}`");
            let help = did_you_mean(name, names()).unwrap_or_else(|| format!("it has {}", list(names())));
            return self.refuse(Diagnostic::new(&codes::UNKNOWN_FIELD, *at, message).help(help));
        };
        let step = Step { field: (*role).into(), wire: (*role).into(), optional: *optional };
        let ty = Ty { optional: *optional, ..scalar_ty(scalar.clone(), *at) };
        Some(Typed { ty, kind: TypedKind::Path(Root::Meta, vec![step]) })
    }

    /// A value that is there, or `MAYBE_ABSENT`.
    pub(super) fn present(&mut self, expr: &Expr, typed: &Typed, target: Option<Span>) -> Option<()> {
        if !typed.ty.optional {
            return Some(());
        }
        let it = spell(expr);
        let mut diagnostic = Diagnostic::new(&codes::MAYBE_ABSENT, expr.span, format!("{it} may be absent"));
        if let Some(target) = target.filter(|target| !overlap(*target, expr.span)) {
            diagnostic = diagnostic.also(target, "a value is required here");
        }
        let written = if it == "this" { "(...)" } else { it.trim_matches('`') };
        self.refuse(diagnostic.help(format!("give a value for that case: `{written} ?? ...`")))
    }

    /// A value as the type `expected`, if every value of its type is read by that.
    pub(super) fn coerce(&mut self, expr: &Expr, typed: Typed, expected: &Ty) -> Option<Typed> {
        let env = self.env;
        let (from, to) = (env.scalar(&typed.ty), env.scalar(expected));
        if let Err(mismatch) = env.fits(&typed, expected) {
            let place = if mismatch.path.is_empty() { "this".into() } else { format!("`{}`", mismatch.path) };
            let label = format!("{place} {}", mismatch.why);
            let help = help(from, to, overlap(expected.shape.span, expr.span));
            return self.mismatch(expr.span, &typed.ty, expected, label, help);
        }
        if !expected.optional {
            self.present(expr, &typed, Some(expected.shape.span))?;
        }
        Some(env.convert(typed, expected))
    }

    fn mismatch<T>(&mut self, span: Span, from: &Ty, to: &Ty, label: String, help: Option<&str>) -> Option<T> {
        let message = format!("expected `{to}`, found `{from}`");
        let mut diagnostic = Diagnostic::new(&codes::TYPE_MISMATCH, span, message).label(label);
        if !overlap(to.shape.span, span) {
            diagnostic = diagnostic.also(to.shape.span, "expected because of this");
        }
        self.refuse(diagnostic.maybe_help(help.map(str::to_owned)))
    }

    /// A literal that is compared: of the other side's type, but not held to its bounds.
    pub(super) fn adapt(&mut self, expr: &Expr, text: &str, quoted: bool, other: &Ty) -> Option<Typed> {
        let shape = self.env.resolve(other);
        let bare = Shape::new(shape.kind.clone(), shape.span);
        match scalar(text, quoted, &bare) {
            Ok(value) => Some(Typed { ty: Ty { optional: false, ..other.clone() }, kind: TypedKind::Literal(value) }),
            Err(wrong) => {
                let mut diagnostic = Diagnostic::new(&codes::BAD_LITERAL, expr.span, wrong.message);
                if !overlap(shape.span, expr.span) {
                    diagnostic = diagnostic.also(shape.span, "the type it is compared with");
                }
                self.refuse(diagnostic.maybe_help(wrong.help))
            }
        }
    }
}

/// The default of a field, as the value of a field that nothing sets.
pub(super) fn default(field: &Field, value: &Value, side: Side) -> Typed {
    Typed { ty: Ty::of(field, side), kind: TypedKind::Literal(value.clone()) }
}

/// `UNKNOWN_FIELD` at a name of a path.
pub(super) fn unknown_field(span: Span, what: &str, name: &str, fields: &[Field]) -> Diagnostic {
    let known = || fields.iter().map(|field| field.name.value.as_str());
    let help = did_you_mean(name, known()).unwrap_or_else(|| match fields {
        [] => "it has no fields".into(),
        _ => format!("it has {}", list(known())),
    });
    Diagnostic::new(&codes::UNKNOWN_FIELD, span, format!("{what} has no field `{name}`")).help(help)
}

/// What to do about a value of one scalar where another is expected; `condition` where no field is.
fn help(from: Option<&Scalar>, to: Option<&Scalar>, condition: bool) -> Option<&'static str> {
    use Scalar::{Bool, Bytes, Date, Duration, Float, String as Text, Timestamp, Uuid};
    Some(match (from?, to?) {
        (_, Bool) if condition => "compare it with something, such as `$x == y`",
        (Uuid | Timestamp | Date | Duration | Bytes, Text) => {
            "text of one kind does not silently become another: give the field that type, or convert in a hook, `fn(name)`"
        }
        (Scalar::Decimal(1 | 2), to) if to.integer_range().is_some() => {
            "`cents(x)` gives a hundred times as much as an int; to round, write a hook: `fn(name)`"
        }
        (Float, to) if to.is_number() => "how to round is for you to say, in a hook: `fn(name)`",
        (from, Text) if from.is_number() => "a number is not text; write it in a hook: `fn(name)`",
        _ => "convert it in a hook: `fn(name)`",
    })
}

#[cfg(test)]
mod tests;
