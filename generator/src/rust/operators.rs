//! Operators and functions of the notation as calls of the runtime's, which the registry's interpreter calls too.

use super::{
    convert::Slot,
    fails::Fails,
    hop::{EXACT, Hop, Refused, Result, uncloned},
    plan::{Body, Type, TypeKind},
};
use isobar_model::{
    ShapeKind, Value,
    expr::{Function, Operator, Root, Typed, TypedKind},
    shape::Scalar,
};

/// A value of a scalar that is there.
fn plain<'a>(scalar: &'static Scalar) -> Slot<'a> {
    Slot { ty: Type::scalar(scalar), optional: false }
}

impl<'a> Hop<'_, 'a> {
    /// The expression in the type it has by itself.
    pub(super) fn natural(&mut self, typed: &Typed) -> Result<(String, Slot<'a>)> {
        match &typed.kind {
            TypedKind::Path(Root::Source, steps) => self.path(steps),
            TypedKind::Convert(inner) => self.natural(inner),
            TypedKind::Literal(value) => {
                let slot = match value {
                    Value::Bool(_) => plain(&Scalar::Bool),
                    Value::Number(_) => plain(&EXACT),
                    Value::Float(_) => plain(&Scalar::Float),
                    Value::String(_) => plain(&Scalar::String),
                    Value::Null | Value::List(_) | Value::Record(_) => {
                        return Err(Refused::Unconvertible);
                    }
                };
                Ok((self.literal(value, &slot), slot))
            }
            TypedKind::Unary(Operator::Not, it) => {
                let it = self.expression(it, &plain(&Scalar::Bool))?;
                Ok((format!("!{it}"), plain(&Scalar::Bool)))
            }
            TypedKind::Unary(_, it) if is_float(typed) => {
                let it = self.expression(it, &plain(&Scalar::Float))?;
                Ok((format!("-({it})"), plain(&Scalar::Float)))
            }
            TypedKind::Unary(_, it) => {
                let it = self.expression(it, &plain(&EXACT))?;
                Ok((format!("::isobar::ops::neg({it})"), plain(&EXACT)))
            }
            TypedKind::Binary(Operator::Coalesce, left, _) => {
                let (_, mut slot) = self.natural(left)?;
                slot.optional = typed.ty.optional;
                Ok((self.expression(typed, &slot)?, slot))
            }
            TypedKind::Binary(operator, left, right) => self.binary(*operator, left, right, typed),
            TypedKind::Call(function, arguments) => self.call(*function, arguments),
            _ => Err(Refused::Unconvertible),
        }
    }

    fn binary(&mut self, operator: Operator, left: &Typed, right: &Typed, whole: &Typed) -> Result<(String, Slot<'a>)> {
        let both = |hop: &mut Self, slot: &Slot<'a>| {
            Ok::<_, Refused>((hop.expression(left, slot)?, hop.expression(right, slot)?))
        };
        let name = match operator {
            Operator::Add => "add",
            Operator::Subtract => "sub",
            Operator::Multiply => "mul",
            Operator::And | Operator::Or => {
                let slot = plain(&Scalar::Bool);
                let (left, right) = both(self, &slot)?;
                return Ok((format!("({left} {} {right})", operator.symbol()), slot));
            }
            _ => {
                let slot = self.common(left, right)?;
                let (left, right) = both(self, &slot)?;
                return Ok((format!("({left} {} {right})", operator.symbol()), plain(&Scalar::Bool)));
            }
        };
        if matches!(&scalar_of(whole), Some(Scalar::String)) {
            let slot = plain(&Scalar::String);
            let (left, right) = (self.borrowed(left)?, self.borrowed(right)?);
            return Ok((format!("::isobar::ops::concat({left}, {right})"), slot));
        }
        self.fail(Fails::Computing);
        let (suffix, slot) = if is_float(whole) { ("_f64", plain(&Scalar::Float)) } else { ("", plain(&EXACT)) };
        let (left, right) = both(self, &slot)?;
        Ok((format!("::isobar::ops::{name}{suffix}({left}, {right})?"), slot))
    }

    /// The type in which two values are compared.
    fn common(&mut self, left: &Typed, right: &Typed) -> Result<Slot<'a>> {
        let optional = left.ty.optional || right.ty.optional || is_null(left) || is_null(right);
        let slot = |ty| Ok(Slot { ty, optional });
        if is_float(left) || is_float(right) {
            return slot(Type::scalar(&Scalar::Float));
        }
        if is_number(left) || is_number(right) {
            return slot(Type::scalar(&EXACT));
        }
        // Asking for their types writes them once for nothing; that leaves no trace but in what can fail.
        let fails = self.fails;
        let typed = |hop: &mut Self, it: &Typed| match strip(it).kind {
            TypedKind::Literal(_) => None,
            _ => hop.natural(it).ok().map(|(_, slot)| slot.ty),
        };
        let types = (typed(self, left), typed(self, right));
        self.fails = fails;
        match types {
            (Some(one), None) | (None, Some(one)) => slot(one),
            (Some(one), Some(other)) if same(&one, &other) => slot(one),
            _ => slot(Type::scalar(&Scalar::String)),
        }
    }

    fn call(&mut self, function: Function, arguments: &[Typed]) -> Result<(String, Slot<'a>)> {
        let text = plain(&Scalar::String);
        let argument = |i: usize| arguments.get(i).ok_or(Refused::Unconvertible);
        Ok(match function {
            Function::Lower | Function::Upper => {
                let name = if function == Function::Lower { "lower" } else { "upper" };
                (format!("::isobar::ops::{name}({})", self.borrowed(argument(0)?)?), text)
            }
            Function::Split => {
                let (it, separator) = (self.borrowed(argument(0)?)?, self.borrowed(argument(1)?)?);
                let index = match &strip(argument(2)?).kind {
                    TypedKind::Literal(Value::Number(number)) => number.to_string(),
                    // An index beyond every part gives what a missing part gives.
                    _ => {
                        let index = self.expression(argument(2)?, &plain(&Scalar::Uint))?;
                        format!("usize::try_from({index}).unwrap_or(usize::MAX)")
                    }
                };
                (format!("::isobar::ops::split({it}, {separator}, {index})"), text)
            }
            Function::Join => {
                let texts = Slot { ty: Type::plain(TypeKind::List(Box::new(text.ty.clone()))), optional: false };
                let it = self.expression(argument(0)?, &texts)?;
                let it = uncloned(&it);
                (format!("::isobar::ops::join(&{it}, {})", self.borrowed(argument(1)?)?), text)
            }
            Function::Cents => {
                self.fail(Fails::Computing);
                let it = self.expression(argument(0)?, &plain(&EXACT))?;
                (format!("::isobar::ops::cents({it})?"), plain(&Scalar::Int))
            }
            Function::Len => {
                let (it, slot) = self.natural(argument(0)?)?;
                let it = uncloned(&it);
                // Named lists, sets and maps are looked into: nothing of them is taken out.
                let (mut items, mut inner) = (it.to_owned(), slot.ty.clone());
                while let TypeKind::Item(id) = &inner.kind
                    && let Body::Newtype(of) = &self.plan.items[*id].body
                {
                    (items, inner) = (format!("{items}.get()"), of.clone());
                }
                let code = match &inner.kind {
                    TypeKind::List(_) | TypeKind::Set(_) | TypeKind::Map(_) => {
                        format!("{items}.len() as u64")
                    }
                    _ => format!("::isobar::ops::len_str({})", self.borrowed(argument(0)?)?),
                };
                (code, plain(&Scalar::Uint))
            }
            // Reading twice must give the same, so the check lets nothing fresh into an upgrade.
            Function::NewId | Function::Now => return Err(Refused::Unconvertible),
        })
    }
}

pub(super) fn strip(typed: &Typed) -> &Typed {
    match &typed.kind {
        TypedKind::Convert(inner) => strip(inner),
        _ => typed,
    }
}

fn scalar_of(typed: &Typed) -> Option<&Scalar> {
    match &typed.ty.shape.kind {
        ShapeKind::Scalar(scalar) => Some(scalar),
        _ => None,
    }
}

fn is_float(typed: &Typed) -> bool {
    scalar_of(typed) == Some(&Scalar::Float)
}

fn is_number(typed: &Typed) -> bool {
    scalar_of(typed).is_some_and(Scalar::is_number)
}

fn is_null(typed: &Typed) -> bool {
    matches!(strip(typed).kind, TypedKind::Literal(Value::Null))
}

fn same(one: &Type<'_>, other: &Type<'_>) -> bool {
    match (&one.kind, &other.kind) {
        (TypeKind::Item(one), TypeKind::Item(other)) => one == other,
        (TypeKind::Scalar(one), TypeKind::Scalar(other)) => one == other,
        _ => false,
    }
}
