//! Types of expressions. What an expression is for is known first, so literals, hooks and `new_id()` take their type from it;
//! everything else has a type of its own and must convert. Every node of the [`Typed`] tree that comes out has its type, and
//! nobody later decides anything.

use super::literal::{is_null, literal, overlap, scalar};
use super::readable::{Mismatch, convertible, scale};
use super::{Expr, ExprKind, Function, Operator, Root, Side, Step, Ty, Typed, TypedKind};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean, list},
    shape::{Field, Presence, Scalar, Shape, ShapeKind, Types},
    source::Span,
    value::Value,
};

/// What an expression can read.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// What `$` reads.
    pub source: Option<Scope<'a>>,
    /// What `self` reads. Its types are the target's.
    pub state: Option<Scope<'a>>,
    /// Whether there is an envelope, `$meta`.
    pub meta: bool,
    /// Whether `new_id()` and `now()` may be called: not where the same data must give the same result every time it is read.
    pub fresh: bool,
    /// The types of what `$` reads.
    pub source_types: &'a Types,
    /// The types of what is written, and of the state. The same table where only one workspace is involved.
    pub target_types: &'a Types,
}

/// A record that a path starts in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What it is, for messages: ``the event `OrderPlaced` ``.
    pub what: &'a str,
    /// Its fields.
    pub fields: &'a [Field],
}

/// The roles of the envelope: name, type, whether it may be absent.
pub const META: [(&str, Scalar, bool); 12] = [
    ("id", Scalar::String, false),
    ("type", Scalar::String, false),
    ("time", Scalar::Timestamp, false),
    ("source", Scalar::String, false),
    ("aggregate_id", Scalar::String, false),
    ("aggregate_type", Scalar::String, false),
    ("sequence", Scalar::Uint, false),
    ("schema_version", Scalar::String, false),
    ("schema_url", Scalar::String, false),
    ("correlation_id", Scalar::String, true),
    ("causation_id", Scalar::String, true),
    ("user", Scalar::String, true),
];

impl<'a> Env<'a> {
    /// An environment of one workspace: nothing can be read yet, and nothing fresh be made.
    pub fn new(types: &'a Types) -> Self {
        Env { source: None, state: None, meta: false, fresh: false, source_types: types, target_types: types }
    }

    /// The table that references of this side are looked up in.
    pub fn types(&self, side: Side) -> &'a Types {
        match side {
            Side::Source => self.source_types,
            Side::Target => self.target_types,
        }
    }

    /// The shape behind the type's references.
    pub(super) fn resolve<'b>(&self, ty: &'b Ty) -> &'b Shape
    where
        'a: 'b,
    {
        self.types(ty.side).resolve(&ty.shape)
    }

    /// The scalar behind the type's references.
    pub(super) fn scalar<'b>(&self, ty: &'b Ty) -> Option<&'b Scalar>
    where
        'a: 'b,
    {
        match &self.resolve(ty).kind {
            ShapeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The fields of the record behind the type's references.
    pub(super) fn fields<'b>(&self, shape: &'b Shape, side: Side) -> Option<&'b [Field]>
    where
        'a: 'b,
    {
        match &self.types(side).resolve(shape).kind {
            ShapeKind::Record(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether two types are one, so that a value of the one needs no conversion: the same name in the same table, or the same
    /// words of the notation. Types that merely look alike are two.
    fn same(&self, (a, side): (&Shape, Side), (b, other): (&Shape, Side)) -> bool {
        let one_table = side == other || std::ptr::eq(self.source_types, self.target_types);
        match (&a.kind, &b.kind) {
            _ if a.bounds != b.bounds => false,
            (ShapeKind::Scalar(a), ShapeKind::Scalar(b)) => a == b,
            (ShapeKind::Ref(a), ShapeKind::Ref(b)) => one_table && a == b,
            (ShapeKind::List(a), ShapeKind::List(b))
            | (ShapeKind::Set(a), ShapeKind::Set(b))
            | (ShapeKind::Map(a), ShapeKind::Map(b)) => self.same((a, side), (b, other)),
            (ShapeKind::Record(_), ShapeKind::Record(_))
            | (ShapeKind::Enum(_), ShapeKind::Enum(_))
            | (ShapeKind::Union(_), ShapeKind::Union(_)) => one_table && a.span == b.span,
            _ => false,
        }
    }

    /// Follows field names from what `$` or `self` reads.
    pub(super) fn walk<N: AsRef<str>>(&self, root: Root, names: &[N]) -> Result<Typed, Lost<'a>> {
        let (scope, side) = match root {
            Root::Source => (self.source, Side::Source),
            Root::State | Root::Meta => (self.state.filter(|_| root == Root::State), Side::Target),
        };
        let mut fields = scope.ok_or(Lost::Nowhere)?.fields;
        let mut optional = false;
        let mut steps = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let name = name.as_ref();
            let field = fields.iter().find(|field| field.name.value == name).ok_or(Lost::At(i, Ok(fields)))?;
            let step_optional = field.presence == Presence::Optional;
            optional |= step_optional;
            steps.push(Step { field: name.to_owned(), wire: field.wire_name().to_owned(), optional: step_optional });
            if i + 1 == names.len() {
                let ty = Ty { shape: field.shape.clone(), optional, side };
                return Ok(Typed { ty, kind: TypedKind::Path(root, steps) });
            }
            fields = match &self.types(side).resolve(&field.shape).kind {
                ShapeKind::Record(fields) => fields,
                ShapeKind::Ref(_) => return Err(Lost::Undefined),
                _ => return Err(Lost::At(i + 1, Err(field))),
            };
        }
        Err(Lost::Nowhere)
    }

    /// Whether every value of an expression is read by a type, absence aside.
    pub(super) fn fits(&self, typed: &Typed, to: &Ty) -> Result<(), Mismatch> {
        let computed = is_computed(typed) || matches!(typed.kind, TypedKind::Literal(Value::Number(_)));
        let fits = match (self.scalar(&typed.ty), self.scalar(to)) {
            (Some(from), Some(to)) if computed && from.is_number() && to.is_number() => {
                match (scale(from), scale(to)) {
                    (Some(from), Some(to)) => from <= to,
                    (from, None) => from.is_none_or(|from| from == 0),
                    (None, Some(_)) => false,
                }
            }
            (Some(Scalar::String), Some(Scalar::String)) => computed,
            _ => false,
        };
        if fits {
            return Ok(());
        }
        convertible((self.types(typed.ty.side), &typed.ty.shape), (self.types(to.side), &to.shape))
    }

    /// A value as another type, into which it is known to convert.
    pub(super) fn convert(&self, typed: Typed, to: &Ty) -> Typed {
        let same = typed.ty.optional == to.optional
            && !is_computed(&typed)
            && self.same((&typed.ty.shape, typed.ty.side), (&to.shape, to.side));
        let kind = if same { typed.kind } else { TypedKind::Convert(Box::new(typed)) };
        Typed { ty: to.clone(), kind }
    }
}

/// Why a path leads to no field.
pub(super) enum Lost<'a> {
    /// There is no record to start in.
    Nowhere,
    /// A type on the way is not defined.
    Undefined,
    /// The name of this index is not among the fields, or comes behind a field that is no record.
    At(usize, Result<&'a [Field], &'a Field>),
}

/// Checks an expression that must be of the type `expected`.
pub fn check(expr: &Expr, expected: &Ty, env: &Env<'_>, diags: &mut Diagnostics) -> Option<Typed> {
    Checker { env, diags }.check(expr, expected)
}

/// Checks a condition: `requires`, `invariants`, `only_if`.
pub fn condition(expr: &Expr, env: &Env<'_>, diags: &mut Diagnostics) -> Option<Typed> {
    Checker { env, diags }.condition(expr)
}

/// Whether a number or text is computed, so that its range and bounds show only when it is.
pub(super) fn is_computed(typed: &Typed) -> bool {
    use Operator::{Add, Multiply, Negate, Subtract};
    match &typed.kind {
        TypedKind::Binary(Add | Subtract | Multiply, ..) | TypedKind::Unary(Negate, _) => true,
        TypedKind::Call(function, _) => !matches!(function, Function::NewId | Function::Now),
        _ => false,
    }
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
        (_, Text) => "a number is not text; write it in a hook: `fn(name)`",
        _ => "convert it in a hook: `fn(name)`",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parse_scalar;
    use crate::expr::testing::{Page, fields, show_typed};
    use crate::lower::Frozen;

    const TYPES: &str = "
types:
  OrderId: id(order_)
  Small: { type: int, min: 1, max: 9 }
  Code: { type: string, pattern: '^[A-Z]{3}$' }
  Status: { enum: [pending, confirmed] }
  Wide: { enum: [pending, confirmed, failed] }
  Loose: { enum: [pending], open: true }
  Item: { fields: { sku: string, count: int } }
  Bigger: { fields: { sku: string, count: 'decimal(0)', note: 'string?', tag: string = none } }
  Node: { fields: { value: int, next: 'Node?' } }
  Chain: { fields: { value: 'decimal(2)', next: 'Chain?' } }
  Pay: { oneof: { card: { fields: { number: string } }, cash: { fields: { } } }, tag: kind }
  More: { oneof: { card: { fields: { number: string } }, cash: { fields: { } }, bank: { fields: { } } }, tag: kind }
";

    const SOURCE: &str = "
fields:
  b: bool
  n: int
  n32: int32
  u: uint
  f: float
  d2: decimal(2)
  d4: decimal(4)
  s: string
  small: Small
  code: Code
  id: OrderId
  other: id(order_x_)
  status: Status
  wide: Wide
  loose: Loose
  at: timestamp
  day: date
  maybe: decimal(2)?
  also: decimal(2)?
  word: string?
  set: set<string>
  list: list<int>
  items: list<Item>
  item: Item
  node: Node
  pay: Pay
  uid: uuid
  inner: { fields: { deep: 'Item?', code: Code } }
";

    /// Checks `text` against a field of the type `target`, as a `fill` from a command whose aggregate has a state.
    fn checked(page: &mut Page, source: &Frozen, target: &str, text: &str) -> Option<String> {
        let target = page.event("v2.0", &format!("fields: {{ t: '{target}' }}{TYPES}"));
        let span = page.write(text);
        let expr = parse_scalar(text, false, span, &mut page.diags);
        let scope = Scope { what: "the command", fields: fields(source) };
        let state = Scope { what: "the state", fields: fields(source) };
        let env = Env {
            source: Some(scope),
            state: Some(state),
            meta: true,
            fresh: true,
            source_types: &source.types,
            target_types: &source.types,
        };
        check(&expr, &Ty::of(&fields(&target)[0], Side::Target), &env, &mut page.diags).as_ref().map(show_typed)
    }

    fn source(page: &mut Page) -> Frozen {
        page.event("v1.0", &format!("{SOURCE}{TYPES}"))
    }

    #[test]
    fn what_fits_is_typed() {
        let mut page = Page::default();
        let source = source(&mut page);
        for (target, text, typed) in [
            // Literals take the type they meet.
            ("decimal(2)", "0", "0"),
            ("decimal(2)", "-1.50", "-1.5"),
            ("string", "USD", "\"USD\""),
            ("Status", "pending", "\"pending\""),
            ("OrderId", "order_1", "\"order_1\""),
            ("string?", "null", "null"),
            ("decimal(2)?", "1", "1"),
            // Paths of the very type need no conversion.
            ("int", "$n", "$n"),
            ("OrderId", "self.id", "self.id"),
            ("list<Item>", "$items", "$items"),
            ("decimal(2)?", "$maybe", "$maybe?"),
            ("int", "$item.count", "$item.count"),
            ("Item?", "$inner.deep", "$inner.deep?"),
            ("string?", "$inner.deep.sku", "$inner.deep.sku?"),
            ("timestamp", "$meta.time", "$meta.time"),
            ("string?", "$meta.user", "$meta.user?"),
            // Conversions in which nothing is lost.
            ("int", "$n32", "(int $n32)"),
            ("int32", "$small", "(int32 $small)"),
            ("decimal(2)", "$n", "(decimal(2) $n)"),
            ("decimal(2)", "$u", "(decimal(2) $u)"),
            ("decimal(4)", "$d2", "(decimal(4) $d2)"),
            ("float", "$n32", "(float $n32)"),
            ("int?", "$n", "(int? $n)"),
            ("string", "$id", "(string $id)"),
            ("OrderId", "$other", "(t.OrderId $other)"),
            ("string", "$status", "(string $status)"),
            ("Wide", "$status", "(t.Wide $status)"),
            ("Loose", "$status", "(t.Loose $status)"),
            ("string", "$code", "(string $code)"),
            ("list<string>", "$set", "(list<string> $set)"),
            ("list<decimal(0)>", "$list", "(list<decimal(0)> $list)"),
            ("Bigger", "$item", "(t.Bigger $item)"),
            ("list<Bigger>", "$items", "(list<t.Bigger> $items)"),
            ("Chain", "$node", "(t.Chain $node)"),
            ("More", "$pay", "(t.More $pay)"),
            ("json", "$items", "(json $items)"),
            ("string?", "$word", "$word?"),
            // Arithmetic is done in decimals; its result is checked when it is there.
            ("decimal(2)", "$d2 + $d2", "(decimal(2) (+ $d2 $d2))"),
            ("decimal(4)", "$d2 * $d2", "(decimal(4) (* $d2 $d2))"),
            ("decimal(4)", "$d2 - $d4", "(decimal(4) (- $d2 $d4))"),
            ("int", "$n + $n32 * 2", "(int (+ (decimal(0) $n) (* (decimal(0) $n32) 2)))"),
            ("Small", "$small + 1", "(t.Small (+ (decimal(0) $small) 1))"),
            ("float", "$f * 1.5", "(float (* $f 1.5))"),
            ("float", "-$f", "(float (- $f))"),
            ("decimal(2)", "- $n", "(decimal(2) (- (decimal(0) $n)))"),
            ("string", "$s + ', ' + $id", "(string (+ (+ $s \", \") (string $id)))"),
            ("string", "$code + $status", "(string (+ (string $code) (string $status)))"),
            ("Code", "upper($s)", "(t.Code Upper($s))"),
            // Something for what is absent.
            ("decimal(2)", "$maybe ?? 0", "(?? $maybe? 0)"),
            ("decimal(2)", "$maybe ?? $also ?? 0", "(?? (?? $maybe? $also?) 0)"),
            ("decimal(4)", "$maybe ?? $d4", "(?? (decimal(4)? $maybe?) $d4)"),
            ("decimal(4)", "($maybe ?? 0) * $d2", "(decimal(4) (* (?? $maybe? 0) $d2))"),
            ("string", "$word ?? $id", "(?? $word? (string $id))"),
            ("int", "$inner.deep.count ?? 0", "(?? $inner.deep.count? 0)"),
            // Comparisons bring both sides to one type.
            ("bool", "$b", "$b"),
            ("bool", "!$b && $n > 0", "(&& (! $b) (> (decimal(0) $n) 0))"),
            ("bool", "$d2 >= $n", "(>= $d2 (decimal(0) $n))"),
            ("bool", "$n == $n", "(== $n $n)"),
            ("bool", "$small > 0", "(> (decimal(0) $small) 0)"),
            ("bool", "$d2 < 0.005", "(< $d2 0.005)"),
            ("bool", "$status == pending", "(== $status \"pending\")"),
            ("bool", "pending != $status", "(!= \"pending\" $status)"),
            ("bool", "$status == $wide", "(== (t.Wide $status) $wide)"),
            ("bool", "$code == x", "(== $code \"x\")"),
            ("bool", "$at > '2024-01-15T10:30:00Z'", "(> $at \"2024-01-15T10:30:00Z\")"),
            ("bool", "$maybe == null", "(== $maybe? null)"),
            ("bool", "$maybe != $d2", "(!= $maybe? (decimal(2)? $d2))"),
            ("bool", "$items == []", "(== $items [])"),
            ("bool", "$f > 1", "(> $f 1)"),
            // Functions.
            ("OrderId", "new_id()", "NewId()"),
            ("uuid?", "new_id()", "(uuid? NewId())"),
            ("string", "new_id()", "NewId()"),
            ("timestamp", "now()", "Now()"),
            ("string", "split($s, ' ', 0)", "(string Split($s, \" \", 0))"),
            ("string", "join($set, ',')", "(string Join((list<string> $set), \",\"))"),
            ("string", "join([$s, $id], ',')", "(string Join([$s, (string $id)], \",\"))"),
            ("int", "cents($d2)", "(int Cents($d2))"),
            ("uint", "len($items)", "(uint Len($items))"),
            ("bool", "len($code) == 3", "(== (decimal(0) Len((string $code))) 3)"),
            // What the type says everything about.
            ("Pay", "fn(choose)", "fn(choose)"),
        ] {
            let found = checked(&mut page, &source, target, text);
            assert_eq!(found.as_deref(), Some(typed), "{target} = {text}\n{}", page.report());
        }
    }

    #[test]
    fn what_does_not_fit_is_shown() {
        let mut page = Page::default();
        let source = source(&mut page);
        let mut reports = String::new();
        for (target, text) in [
            // Types.
            ("int", "$s"),
            ("int", "$d2"),
            ("decimal(2)", "$d4"),
            ("float", "$d2"),
            ("decimal(2)", "$f"),
            ("int32", "$n"),
            ("uint", "$n"),
            ("Small", "$n"),
            ("Code", "$s"),
            ("OrderId", "$s"),
            ("string", "$at"),
            ("string", "$n"),
            ("Status", "$wide"),
            ("Status", "$loose"),
            ("set<string>", "$set + 'x'"),
            ("list<Item>", "$list"),
            ("Node", "$item"),
            ("Pay", "$item"),
            ("bool", "$n"),
            ("int", "$d2 * 2"),
            ("decimal(2)", "$d2 * $d2"),
            ("decimal(2)", "$d2 + $f"),
            ("decimal(2)", "$d2 + $at"),
            ("bool", "$s < 'a'"),
            ("bool", "$status == $at"),
            ("bool", "$id == $n"),
            ("bool", "!$n"),
            // Absence.
            ("decimal(2)", "$maybe"),
            ("decimal(2)", "$maybe + 1"),
            ("bool", "$maybe > 1"),
            ("string", "$inner.deep.sku"),
            ("decimal(2)", "$d2 ?? 0"),
            ("bool", "$d2 == null"),
            // Names.
            ("int", "$m"),
            ("int", "$item.cuont"),
            ("int", "$n.x"),
            ("timestamp", "$meta.tine"),
            ("timestamp", "$meta.time.x"),
            ("string", "lowr($s)"),
            ("string", "frobnicate($s)"),
            ("string", "split($s)"),
            ("uint", "len($n)"),
            ("int", "fn(x) + 1"),
            // Literals beside a path.
            ("bool", "$status == pnding"),
            ("bool", "$id == own_1"),
            ("bool", "$s == 0"),
            ("decimal(2)", "$maybe ?? 0.001"),
            ("int", "$n + 0.5"),
        ] {
            assert_eq!(checked(&mut page, &source, target, text), None, "{target} = {text}");
            reports += &page.take();
            reports += "\n";
        }
        insta::assert_snapshot!(reports);
    }

    #[test]
    fn reading_again_gives_the_same() {
        let types = Types::default();
        let mut page = Page::default();
        for text in ["new_id()", "$x", "self.x", "$meta.time"] {
            let span = page.write(text);
            let expr = parse_scalar(text, false, span, &mut page.diags);
            assert!(check(&expr, &scalar_ty(Scalar::String, span), &Env::new(&types), &mut page.diags).is_none());
        }
        insta::assert_snapshot!(page.report());
    }

    #[test]
    fn lists_and_records_are_checked_item_by_item() {
        let mut page = Page::default();
        let source = source(&mut page);
        let target = page.event(
            "v2.0",
            &format!(
                "
fields: {{ items: list<Bigger>, tags: {{ type: set<string>, max_length: 1 }} }}
{TYPES}
upgrade:
  items: [{{ sku: $s, count: $n }}, {{ sku: a, count: 1, note: null }}]
  tags: [$s]
"
            ),
        );
        let env = Env {
            source: Some(Scope { what: "the old version", fields: fields(&source) }),
            source_types: &source.types,
            ..Env::new(&target.types)
        };
        let found: Vec<String> = target
            .event
            .upgrade
            .assignments
            .iter()
            .zip(fields(&target))
            .map(|(it, field)| {
                let typed = check(&it.expr, &Ty::of(field, Side::Target), &env, &mut page.diags);
                typed.as_ref().map_or_else(|| page.report(), show_typed)
            })
            .collect();
        assert_eq!(
            found,
            [
                "[{sku: $s, count: (decimal(0) $n), tag: \"none\"}, {sku: \"a\", count: 1, note: null, tag: \"none\"}]",
                "[$s]",
            ]
        );
        let target = page.event(
            "v2.1",
            &format!(
                "
fields: {{ items: list<Bigger>, tags: {{ type: set<string>, max_length: 1 }}, pay: Pay }}
{TYPES}
upgrade:
  items: [{{ sku: $s }}, {{ sku: a, count: $s, nte: x }}]
  tags: [$s, $s]
  pay: {{ kind: card, number: $s }}
"
            ),
        );
        for (it, field) in target.event.upgrade.assignments.iter().zip(fields(&target)) {
            assert!(check(&it.expr, &Ty::of(field, Side::Target), &env, &mut page.diags).is_none());
        }
        insta::assert_snapshot!(page.report());
    }
}
