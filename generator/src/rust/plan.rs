//! What is generated, before any of it is text: every Rust item with its module, its name and the items that its members have.
//! All names are resolved here, in one pass, so that what writes the text decides nothing.

use crate::options::Target;
use isobar_model::{
    Field, Presence, Span, Spanned, Value as Literal, Version,
    expr::Typed,
    model::{Aggregate, Command, Context, Envelope, Event, Name},
    shape::{Bounds, Scalar},
};
use isobar_registry::evolution::Onward;
use std::{collections::BTreeMap, rc::Rc};

/// Where an item stands: the identifiers of its modules, outermost first.
pub(super) type Module = Rc<[String]>;

/// An item by its place in [`Plan::items`].
pub(super) type ItemId = usize;

/// Everything that is generated.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// All types.
    pub(super) items: Vec<Item<'a>>,
    /// The modules at the top.
    pub(super) contexts: Vec<ContextPlan<'a>>,
    /// The module of the envelopes, beside those of the contexts.
    pub(super) envelopes_module: String,
    /// The envelopes of the workspace, each with the identifier of its static.
    pub(super) envelopes: Vec<(String, &'a Envelope)>,
    /// An event that calls a hook, if any does.
    pub(super) hooked: Option<Span>,
    /// The frameworks whose traits are implemented, each once.
    pub(super) targets: Vec<Target>,
    /// Whether examples are tests of the documentation.
    pub(super) doc_tests: bool,
}

/// A bounded context: a module.
#[derive(Debug)]
pub(super) struct ContextPlan<'a> {
    pub(super) ident: String,
    pub(super) context: &'a Context,
    /// Named types, the inline types in them, and commands.
    pub(super) items: Vec<ItemId>,
    /// The commands among them.
    pub(super) commands: Vec<(ItemId, &'a Command)>,
    pub(super) events: Vec<EventPlan<'a>>,
    /// The events that were split, merged into others, or dropped.
    pub(super) past: Vec<EventPlan<'a>>,
    pub(super) aggregates: Vec<AggregatePlan<'a>>,
}

/// An event: a module with one module a major.
#[derive(Debug)]
pub(super) struct EventPlan<'a> {
    pub(super) name: Name,
    pub(super) event: &'a Event,
    /// The module's name.
    pub(super) module: String,
    /// The struct's name.
    pub(super) ident: String,
    /// Every name it had on the wire or in the notation, the present ones first.
    pub(super) names: Vec<String>,
    /// How many of them are present ones.
    pub(super) present: usize,
    /// Oldest first; the last one is the head.
    pub(super) majors: Vec<MajorPlan<'a>>,
    /// The name of the envelope that it travels in.
    pub(super) envelope: Option<&'a str>,
    /// The `$id` of the head's JSON Schema.
    pub(super) schema_id: Option<String>,
    /// The versions that had another name on the wire, with that name.
    pub(super) former: Vec<(Version, &'a str)>,
    /// What data of the last one becomes.
    pub(super) onward: &'a Onward,
}

/// A major version of an event.
#[derive(Debug)]
pub(super) struct MajorPlan<'a> {
    /// The newest version of the major.
    pub(super) version: Version,
    /// The struct.
    pub(super) item: ItemId,
    /// The types that stand beside it.
    pub(super) items: Vec<ItemId>,
    /// To the next major.
    pub(super) up: Option<&'a Typed>,
    /// To the previous major.
    pub(super) down: Option<&'a Typed>,
    /// The fields of the previous major that `down` cannot bring back.
    pub(super) lossy: &'a [String],
    /// Every version of the major, oldest first.
    pub(super) minors: Vec<Minor<'a>>,
    /// Payloads of the major as JSON; only where a hook reads it.
    pub(super) examples: Vec<(Version, String)>,
}

/// A version of a major.
#[derive(Debug)]
pub(super) struct Minor<'a> {
    pub(super) version: Version,
    pub(super) form: Form<'a>,
}

/// How a version of a major is written.
#[derive(Debug)]
pub(super) enum Form<'a> {
    /// As the major's struct is: it is the newest version.
    Newest,
    /// These members of the newest version, by their names in JSON.
    Members(Vec<&'a str>),
    /// By a struct of its own, with the types that stand beside it.
    Item(ItemId, Vec<ItemId>),
}

/// An aggregate: an enum of its events.
#[derive(Debug)]
pub(super) struct AggregatePlan<'a> {
    pub(super) ident: String,
    /// `ordering.OrderEvent`, for the patterns of a build script.
    pub(super) path: String,
    pub(super) attributes: Attributes,
    pub(super) aggregate: &'a Aggregate,
    /// Places in [`ContextPlan::events`].
    pub(super) events: Vec<usize>,
    /// Places in [`ContextPlan::past`].
    pub(super) past: Vec<usize>,
}

/// A Rust type.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) id: ItemId,
    pub(super) module: Module,
    pub(super) ident: String,
    /// What it is called in the notation: `ordering.Money`, or `ordering.Money.kind` where it stands inline.
    pub(super) path: String,
    pub(super) attributes: Attributes,
    /// The author's words.
    pub(super) doc: Option<&'a str>,
    /// Ours, where there are none.
    pub(super) about: String,
    /// What else there is to say of it.
    pub(super) facts: Vec<String>,
    /// The tag that hides its values in `Debug`.
    pub(super) mask: Option<&'a str>,
    /// Whole payloads.
    pub(super) examples: &'a [Spanned<Literal>],
    /// Whether a value can break a bound after it was made.
    pub(super) bounded: bool,
    /// Whether equality is an equivalence.
    pub(super) total: bool,
    /// Why it should not be used.
    pub(super) deprecated: Option<String>,
    pub(super) body: Body<'a>,
}

/// What a build script wants to see above a type and its members.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) own: Vec<String>,
    /// By the place of the member, value or branch.
    pub(super) members: BTreeMap<usize, Vec<String>>,
}

impl Attributes {
    /// Those of one member.
    pub(super) fn member(&self, at: usize) -> &[String] {
        self.members.get(&at).map_or(&[], Vec::as_slice)
    }
}

/// What an item is.
#[derive(Debug)]
pub(super) enum Body<'a> {
    /// Named but not yet filled.
    Pending,
    /// `id(order_)`.
    Id(&'a str),
    /// A named scalar, list, set or map.
    Newtype(Type<'a>),
    Record(Vec<Member<'a>>),
    Enum {
        values: Vec<Value<'a>>,
        unknown: Option<String>,
    },
    Union {
        tag: &'a str,
        branches: Vec<Branch<'a>>,
    },
    /// Another name of an item.
    Alias(ItemId),
    /// A type of another crate, by its path there.
    Extern(String),
}

/// A member of a record.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) ident: String,
    /// Its name in the notation.
    pub(super) name: &'a str,
    /// Its name in JSON.
    pub(super) wire: &'a str,
    pub(super) ty: Type<'a>,
    pub(super) presence: &'a Presence,
    /// Whether it closes a cycle.
    pub(super) boxed: bool,
    /// What the notation says of it.
    pub(super) field: &'a Field,
    /// The tag that hides its values in `Debug`.
    pub(super) mask: Option<&'a str>,
}

/// A value of an enum.
#[derive(Debug)]
pub(super) struct Value<'a> {
    pub(super) ident: String,
    pub(super) wire: &'a str,
}

/// A branch of a union.
#[derive(Debug)]
pub(super) struct Branch<'a> {
    pub(super) ident: String,
    /// The tag's value.
    pub(super) wire: &'a str,
    pub(super) item: ItemId,
    /// Whether it closes a cycle.
    pub(super) boxed: bool,
}

/// The type of a value, and what bounds it.
#[derive(Clone, Debug)]
pub(super) struct Type<'a> {
    pub(super) kind: TypeKind<'a>,
    pub(super) bounds: &'a Bounds,
}

/// The kinds of [`Type`].
#[derive(Clone, Debug)]
pub(super) enum TypeKind<'a> {
    Scalar(&'a Scalar),
    List(Box<Type<'a>>),
    Set(Box<Type<'a>>),
    Map(Box<Type<'a>>),
    Item(ItemId),
}

impl<'a> Type<'a> {
    /// A type without bounds.
    pub(super) fn plain(kind: TypeKind<'a>) -> Self {
        static NONE: Bounds =
            Bounds { min: None, max: None, min_length: None, max_length: None, pattern: None, format: None };
        Type { kind, bounds: &NONE }
    }

    /// Whether a value is a plain text.
    pub(super) fn is_text(&self) -> bool {
        matches!(&self.kind, TypeKind::Scalar(Scalar::String))
    }

    /// A scalar without bounds.
    pub(super) fn scalar(scalar: &'a Scalar) -> Self {
        Type::plain(TypeKind::Scalar(scalar))
    }
}

impl<'a> Plan<'a> {
    /// The event of a name, alive or not.
    pub(super) fn event(&self, name: &Name) -> Option<&EventPlan<'a>> {
        let context = self.contexts.iter().find(|it| it.context.name.value == name.context)?;
        context.events.iter().chain(&context.past).find(|it| it.name == *name)
    }
    /// How code in the module `from` writes the item: `OrderId`, `super::super::OrderId`.
    pub(super) fn path(&self, from: &[String], item: ItemId) -> String {
        let item = &self.items[item];
        if let Body::Extern(path) = &item.body {
            return path.clone();
        }
        let mut path = module_path(from, &item.module);
        path.push_str(&item.ident);
        path
    }

    /// How code in the module `from` writes the type.
    pub(super) fn ty(&self, from: &[String], ty: &Type<'_>) -> String {
        match &ty.kind {
            TypeKind::Scalar(scalar) => scalar_type(scalar).to_owned(),
            TypeKind::List(item) => format!("::std::vec::Vec<{}>", self.ty(from, item)),
            TypeKind::Set(item) => format!("::isobar::Set<{}>", self.ty(from, item)),
            TypeKind::Map(item) => {
                format!("::std::collections::BTreeMap<::std::string::String, {}>", self.ty(from, item))
            }
            TypeKind::Item(item) => self.path(from, *item),
        }
    }

    /// Whether values are copied rather than moved.
    pub(super) fn is_copy(&self, ty: &Type<'_>) -> bool {
        match &ty.kind {
            TypeKind::Scalar(scalar) => {
                !matches!(scalar, Scalar::String | Scalar::Id(_) | Scalar::Bytes | Scalar::Json)
            }
            TypeKind::Item(item) => {
                matches!(&self.items[*item].body, Body::Enum { unknown: None, .. })
            }
            _ => false,
        }
    }
}

/// `super::` as often as it takes, and the way down again.
pub(super) fn module_path(from: &[String], to: &[String]) -> String {
    let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    let mut path = "super::".repeat(from.len() - common);
    for module in &to[common..] {
        path.push_str(module);
        path.push_str("::");
    }
    path
}

fn scalar_type(scalar: &Scalar) -> &'static str {
    match scalar {
        Scalar::String | Scalar::Id(_) => "::std::string::String",
        Scalar::Bool => "bool",
        Scalar::Int => "i64",
        Scalar::Int32 => "i32",
        Scalar::Uint => "u64",
        Scalar::Uint32 => "u32",
        Scalar::Float => "f64",
        Scalar::Decimal(_) => "::isobar::Decimal",
        Scalar::Uuid => "::isobar::Uuid",
        Scalar::Timestamp => "::isobar::Timestamp",
        Scalar::Date => "::isobar::Date",
        Scalar::Duration => "::isobar::Duration",
        Scalar::Bytes => "::isobar::Bytes",
        Scalar::Json => "::isobar::Json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative() {
        let module = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
        let path = |from, to| module_path(&module(from), &module(to));
        assert_eq!(path("a", "a"), "");
        assert_eq!(path("a.b.v1", "a"), "super::super::");
        assert_eq!(path("a.b.v2", "a.b.v1"), "super::v1::");
        assert_eq!(path("a.b.v2", "c"), "super::super::super::c::");
    }
}
