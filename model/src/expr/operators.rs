//! Operators: what they take and give. Exact numbers are computed as decimals of the scale that their result needs, floats
//! only with floats; text is put together with `+`; comparisons bring both sides to one type first.

use super::check::{Checker, literal_text, scalar_ty, spell};
use super::literal::is_null;
use super::readable::{convertible, scale};
use super::{Expr, ExprKind, Operator, Ty, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, codes},
    shape::{Scalar, ShapeKind},
    source::Span,
    value::Value,
};

impl Checker<'_, '_> {
    pub(super) fn unary(&mut self, span: Span, operator: Operator, inner: &Expr) -> Option<Typed> {
        let inner = if operator == Operator::Not {
            self.condition(inner)?
        } else {
            let typed = self.infer(inner)?;
            self.number(inner, typed)?
        };
        let ty = Ty { shape: crate::shape::Shape { span, ..inner.ty.shape.clone() }, ..inner.ty.clone() };
        Some(Typed { ty, kind: TypedKind::Unary(operator, Box::new(inner)) })
    }

    /// Every binary operator but `??`.
    pub(super) fn binary(&mut self, span: Span, operator: Operator, left: &Expr, right: &Expr) -> Option<Typed> {
        use Operator::{And, Multiply, Or, Subtract};
        let (scalar, left, right) = match operator {
            And | Or => {
                let (left, right) = (self.condition(left), self.condition(right));
                (Scalar::Bool, left?, right?)
            }
            Operator::Add | Subtract | Multiply => self.arithmetic(span, operator, left, right)?,
            _ => {
                let (left, right) = self.comparison(span, operator, left, right)?;
                (Scalar::Bool, left, right)
            }
        };
        let kind = TypedKind::Binary(operator, Box::new(left), Box::new(right));
        Some(Typed { ty: scalar_ty(scalar, span), kind })
    }

    /// Both operands, so that what is wrong with either is found.
    fn both(&mut self, left: &Expr, right: &Expr) -> Option<(Typed, Typed)> {
        let (left, right) = (self.infer(left), self.infer(right));
        Some((left?, right?))
    }

    /// An operand of arithmetic: a float, or an exact number as a decimal.
    fn number(&mut self, expr: &Expr, typed: Typed) -> Option<Typed> {
        self.present(expr, &typed, None)?;
        let scalar = self.env.scalar(&typed.ty);
        if !scalar.is_some_and(Scalar::is_number) {
            let message = format!("`{}` is not a number", typed.ty);
            return self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message));
        }
        let scalar = computed_in(scalar);
        Some(self.plain(typed, scalar))
    }

    /// A value as a scalar without bounds or a name; no conversion where only bounds are left behind.
    fn plain(&self, typed: Typed, scalar: Scalar) -> Typed {
        let ty = Ty { optional: typed.ty.optional, ..scalar_ty(scalar, typed.ty.shape.span) };
        match (&typed.ty.shape.kind, &ty.shape.kind) {
            (ShapeKind::Scalar(is), ShapeKind::Scalar(to)) if is == to => Typed { ty, kind: typed.kind },
            _ => Typed { ty, kind: TypedKind::Convert(Box::new(typed)) },
        }
    }

    fn is_text(&self, typed: &Typed) -> bool {
        match &self.env.resolve(&typed.ty).kind {
            ShapeKind::Scalar(scalar) => matches!(scalar, Scalar::String | Scalar::Id(_)),
            kind => matches!(kind, ShapeKind::Enum(_)),
        }
    }

    fn arithmetic(
        &mut self,
        span: Span,
        operator: Operator,
        left: &Expr,
        right: &Expr,
    ) -> Option<(Scalar, Typed, Typed)> {
        let (l, r) = self.both(left, right)?;
        let texts = (self.is_text(&l), self.is_text(&r));
        if operator == Operator::Add && (texts.0 || texts.1) {
            let mut text = |expr: &Expr, typed: Typed, is_text: bool| {
                if !is_text {
                    return self.coerce(expr, typed, &scalar_ty(Scalar::String, expr.span));
                }
                self.present(expr, &typed, None)?;
                Some(self.plain(typed, Scalar::String))
            };
            let (l, r) = (text(left, l, texts.0), text(right, r, texts.1));
            return Some((Scalar::String, l?, r?));
        }
        let (l, r) = (self.number(left, l), self.number(right, r));
        let (l, r) = self.agree(span, operator, (left, l?), (right, r?))?;
        let scales = self.env.scalar(&l.ty).and_then(scale).zip(self.env.scalar(&r.ty).and_then(scale));
        let scalar = match scales {
            None => Scalar::Float,
            Some((a, b)) if operator == Operator::Multiply => Scalar::Decimal(a.saturating_add(b)),
            Some((a, b)) => Scalar::Decimal(a.max(b)),
        };
        Some((scalar, l, r))
    }

    /// Two numbers, both floats or both exact. A literal is what the other side is.
    fn agree(
        &mut self,
        span: Span,
        operator: Operator,
        (left, l): (&Expr, Typed),
        (right, r): (&Expr, Typed),
    ) -> Option<(Typed, Typed)> {
        let is_float = |typed: &Typed| self.env.scalar(&typed.ty) == Some(&Scalar::Float);
        let as_float = |typed: Typed| Typed {
            ty: Ty { shape: scalar_ty(Scalar::Float, typed.ty.shape.span).shape, ..typed.ty },
            ..typed
        };
        match (is_float(&l), is_float(&r)) {
            (true, false) if literal_text(right).is_some() => Some((l, as_float(r))),
            (false, true) if literal_text(left).is_some() => Some((as_float(l), r)),
            (a, b) if a == b => Some((l, r)),
            _ => {
                let message = format!("`{}` and `{}` do not go together with `{}`", l.ty, r.ty, operator.symbol());
                let help = "a float is not exact; say in a hook how to round it: `fn(name)`";
                self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, span, message).help(help))
            }
        }
    }

    fn comparison(&mut self, span: Span, operator: Operator, left: &Expr, right: &Expr) -> Option<(Typed, Typed)> {
        let adapts = |expr: &Expr| literal_text(expr).is_some() || matches!(expr.kind, ExprKind::List(_));
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        let (l, r) = match (adapts(left), adapts(right)) {
            (false, true) => {
                let l = self.infer(left)?;
                let r = self.adapted(left, &l, right, equality)?;
                (l, r)
            }
            (true, false) => {
                let r = self.infer(right)?;
                (self.adapted(right, &r, left, equality)?, r)
            }
            _ => self.both(left, right)?,
        };
        if !equality {
            self.present(left, &l, None)?;
            self.present(right, &r, None)?;
            self.ordered(left, &l)?;
            self.ordered(right, &r)?;
        }
        let (l, r) = self.one_type(span, operator, (left, l), (right, r))?;
        // Where one side may be absent both may be, so that two absent values are equal.
        let optional = l.ty.optional || r.ty.optional;
        let lift = |typed: Typed| {
            let ty = Ty { optional, ..typed.ty.clone() };
            match typed.kind {
                TypedKind::Literal(_) => Typed { ty, ..typed },
                _ => self.env.convert(typed, &ty),
            }
        };
        Some((lift(l), lift(r)))
    }

    /// A literal that is compared with `other`.
    fn adapted(&mut self, expr: &Expr, other: &Typed, literal: &Expr, equality: bool) -> Option<Typed> {
        if is_null(literal) && equality {
            if other.ty.optional {
                return Some(Typed { ty: other.ty.clone(), kind: TypedKind::Literal(Value::Null) });
            }
            let message = format!("{} is never absent", spell(expr));
            return self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, literal.span, message));
        }
        match literal_text(literal) {
            Some((text, false))
                if Value::number(&text).is_some() && self.env.scalar(&other.ty).is_some_and(Scalar::is_number) =>
            {
                self.infer(literal)
            }
            Some((text, quoted)) => self.adapt(literal, &text, quoted, &other.ty),
            None => self.check(literal, &Ty { optional: false, ..other.ty.clone() }),
        }
    }

    /// Values that stand in one order, whoever looks at them.
    fn ordered(&mut self, expr: &Expr, typed: &Typed) -> Option<()> {
        match self.env.scalar(&typed.ty) {
            Some(Scalar::Timestamp | Scalar::Date | Scalar::Duration) => return Some(()),
            Some(scalar) if scalar.is_number() => return Some(()),
            _ => {}
        }
        let message = format!("values of `{}` have no order", typed.ty);
        let help = "numbers, timestamps, dates and durations have one; everything else is compared with `==` and `!=`";
        self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message).help(help))
    }

    /// Both sides of a comparison as one type; either may stay optional.
    fn one_type(
        &mut self,
        span: Span,
        operator: Operator,
        (left, l): (&Expr, Typed),
        (right, r): (&Expr, Typed),
    ) -> Option<(Typed, Typed)> {
        let env = self.env;
        let like = |typed: &Typed, to: &Ty| Ty { optional: typed.ty.optional, ..to.clone() };
        if let (Some(a), Some(b)) = (env.scalar(&l.ty), env.scalar(&r.ty))
            && a.is_number()
            && b.is_number()
        {
            if a == b {
                let scalar = a.clone();
                return Some((self.plain(l, scalar.clone()), self.plain(r, scalar)));
            }
            let (l, r) = self.agree(span, operator, (left, l), (right, r))?;
            // Not one scale: the wider one would not hold every value of the other.
            let (a, b) = (computed_in(env.scalar(&l.ty)), computed_in(env.scalar(&r.ty)));
            return Some((self.plain(l, a), self.plain(r, b)));
        }
        let (a, b) = ((env.types(l.ty.side), &l.ty.shape), (env.types(r.ty.side), &r.ty.shape));
        if convertible(b, a).is_ok() {
            let ty = like(&r, &l.ty);
            return Some((l, env.convert(r, &ty)));
        }
        if convertible(a, b).is_ok() {
            let ty = like(&l, &r.ty);
            return Some((env.convert(l, &ty), r));
        }
        // Bounds do not matter to who only looks.
        let (bare_l, bare_r) = (self.bare(&l.ty), self.bare(&r.ty));
        if env.scalar(&bare_l).is_some() && env.scalar(&bare_l) == env.scalar(&bare_r) {
            let (to_l, to_r) = (like(&l, &bare_l), like(&r, &bare_r));
            return Some((env.convert(l, &to_l), env.convert(r, &to_r)));
        }
        let message = format!("`{}` and `{}` cannot be compared", l.ty, r.ty);
        self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, span, message))
    }
}

/// What a number is computed in: exact ones as decimals of their own scale.
fn computed_in(scalar: Option<&Scalar>) -> Scalar {
    scalar.and_then(scale).map_or(Scalar::Float, Scalar::Decimal)
}
