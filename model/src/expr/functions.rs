//! The functions of the notation: one table, and the check of a call against it.

use super::check::{Checker, scalar_ty};
use super::{Expr, ExprKind, Function, Side, Ty, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    shape::{Scalar, Shape, ShapeKind},
};

/// A function.
struct Row {
    name: &'static str,
    function: Function,
    parameters: &'static [Parameter],
    result: Scalar,
    /// How a call looks.
    usage: &'static str,
}

/// What an argument must be.
enum Parameter {
    Text,
    /// A list or set of texts.
    Texts,
    /// The place of a part, from 0.
    Index,
    /// An exact number with at most two fraction digits.
    Amount,
    /// Something that has a length.
    Long,
}

const FUNCTIONS: &[Row] = {
    use Parameter::{Amount, Index, Long, Text, Texts};
    const fn row(
        name: &'static str,
        function: Function,
        parameters: &'static [Parameter],
        result: Scalar,
        usage: &'static str,
    ) -> Row {
        Row { name, function, parameters, result, usage }
    }
    &[
        row("new_id", Function::NewId, &[], Scalar::String, "new_id()"),
        row("now", Function::Now, &[], Scalar::Timestamp, "now()"),
        row("split", Function::Split, &[Text, Text, Index], Scalar::String, "split($name, \" \", 0)"),
        row("join", Function::Join, &[Texts, Text], Scalar::String, "join([$first, $last], \" \")"),
        row("cents", Function::Cents, &[Amount], Scalar::Int, "cents($amount)"),
        row("lower", Function::Lower, &[Text], Scalar::String, "lower($name)"),
        row("upper", Function::Upper, &[Text], Scalar::String, "upper($name)"),
        row("len", Function::Len, &[Long], Scalar::Uint, "len($items)"),
    ]
};

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, expr: &Expr, arguments: &[Expr]) -> Option<Typed> {
        let ExprKind::Call((name, at), _) = &expr.kind else { return None };
        let names = || FUNCTIONS.iter().map(|row| row.name);
        let Some(row) = FUNCTIONS.iter().find(|row| row.name == name) else {
            let message = format!("there is no function `{name}`");
            let help = did_you_mean(name, names())
                .unwrap_or_else(|| format!("functions are {}; `fn({name})` would be a hook", list(names())));
            return self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, *at, message).help(help));
        };
        if arguments.len() != row.parameters.len() {
            let (needs, has) = (row.parameters.len(), arguments.len());
            let message = format!("`{name}` takes {needs} argument{}, not {has}", if needs == 1 { "" } else { "s" });
            let help = format!("write `{}`", row.usage);
            return self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, expr.span, message).help(help));
        }
        if !self.env.fresh && matches!(row.function, Function::NewId | Function::Now) {
            let message = format!("`{name}()` would give another value every time this is read");
            let help = "what was recorded must always read the same; write a literal";
            return self.refuse(Diagnostic::new(&codes::BAD_EXPRESSION, expr.span, message).help(help));
        }
        let arguments: Vec<Option<Typed>> =
            row.parameters.iter().zip(arguments).map(|(parameter, expr)| self.argument(parameter, expr)).collect();
        let arguments = arguments.into_iter().collect::<Option<_>>()?;
        Some(Typed { ty: scalar_ty(row.result.clone(), expr.span), kind: TypedKind::Call(row.function, arguments) })
    }

    fn argument(&mut self, parameter: &Parameter, expr: &Expr) -> Option<Typed> {
        let scalar = match parameter {
            Parameter::Text => Scalar::String,
            Parameter::Index => Scalar::Uint,
            Parameter::Amount => Scalar::Decimal(2),
            Parameter::Texts => {
                let item = Shape::new(ShapeKind::Scalar(Scalar::String), expr.span);
                let list = Shape::new(ShapeKind::List(Box::new(item)), expr.span);
                return self.check(expr, &Ty::new(list, Side::Target));
            }
            Parameter::Long => {
                let typed = self.infer(expr)?;
                self.present(expr, &typed, None)?;
                return match &self.env.resolve(&typed.ty).kind {
                    ShapeKind::List(_) | ShapeKind::Set(_) | ShapeKind::Map(_) => Some(typed),
                    ShapeKind::Enum(_) | ShapeKind::Scalar(Scalar::String | Scalar::Id(_)) => {
                        self.coerce(expr, typed, &scalar_ty(Scalar::String, expr.span))
                    }
                    _ => {
                        let message = format!("`{}` has no length", typed.ty);
                        let help = "text, lists, sets and maps have one";
                        self.refuse(Diagnostic::new(&codes::TYPE_MISMATCH, expr.span, message).help(help))
                    }
                };
            }
        };
        self.check(expr, &scalar_ty(scalar, expr.span))
    }
}
