//! What an expression can read, and what its types have to do with one another: paths, conversions, sameness. Nothing is
//! reported here.

use super::readable::{Mismatch, convertible, scale, trusted};
use super::{Function, Operator, Root, Side, Step, Ty, Typed, TypedKind};
use crate::{
    shape::{Field, Presence, Scalar, Shape, ShapeKind, Types},
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
    /// Whether an author is believed that text with one pattern has another one, too.
    pub trusting: bool,
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
        Env {
            source: None,
            state: None,
            meta: false,
            fresh: false,
            trusting: false,
            source_types: types,
            target_types: types,
        }
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
        let rule = if self.trusting { trusted } else { convertible };
        rule((self.types(typed.ty.side), &typed.ty.shape), (self.types(to.side), &to.shape))
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

/// Whether a number or text is computed, so that its range and bounds show only when it is.
pub(super) fn is_computed(typed: &Typed) -> bool {
    use Operator::{Add, Multiply, Negate, Subtract};
    match &typed.kind {
        TypedKind::Binary(Add | Subtract | Multiply, ..) | TypedKind::Unary(Negate, _) => true,
        TypedKind::Call(function, _) => !matches!(function, Function::NewId | Function::Now),
        _ => false,
    }
}
