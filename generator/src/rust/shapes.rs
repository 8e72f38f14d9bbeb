//! Shapes as items and types of the plan: inline types are named from their fields, and frozen versions share the head's types
//! where those are the same.

use super::{
    build::Planner,
    names::{Scope, pascal, snake, type_name, variants},
    plan::{Body, Branch, ItemId, Member, Module, Type, TypeKind, Value},
    same::Same,
    sentences::facts,
    text::code_span,
};
use isobar_model::{
    Diagnostics, Field, Shape, ShapeKind, Span, Spanned, TypeName, Types,
    shape::{Enum, Scalar, TypeDef, Union},
};
use std::collections::HashMap;

/// Where the shapes at hand are written, and where their items go.
pub(super) struct Place<'a> {
    pub(super) types: &'a Types,
    pub(super) module: Module,
    /// The context whose names are written bare.
    pub(super) context: &'a str,
    /// The owner of inline types, as the notation calls it.
    pub(super) path: String,
    /// Before the names of inline types.
    pub(super) prefix: String,
    /// The items of the types of a released version; `None` for the model itself.
    pub(super) frozen: Option<HashMap<&'a TypeName, ItemId>>,
    /// The items made so far.
    pub(super) made: Vec<ItemId>,
}

impl Place<'_> {
    /// Takes a name: reported when it is taken already, but numbered where nobody can rename it any more.
    fn take(
        &self,
        scope: &mut Scope,
        ident: String,
        written: &str,
        span: Span,
        diagnostics: &mut Diagnostics,
    ) -> String {
        match self.frozen {
            Some(_) => scope.settle(ident),
            None => scope.claim(ident, written, span, diagnostics),
        }
    }
}

impl<'a> Planner<'a, '_> {
    /// Fills an item that a name or a field gave.
    pub(super) fn define(&mut self, item: ItemId, shape: &'a Shape, place: &mut Place<'a>) {
        let outer = std::mem::replace(&mut place.prefix, self.plan.items[item].ident.clone());
        let owner = std::mem::replace(&mut place.path, self.plan.items[item].path.clone());
        let body = match &shape.kind {
            ShapeKind::Scalar(Scalar::Id(prefix)) => Body::Id(prefix),
            ShapeKind::Record(fields) => Body::Record(self.members(fields, place)),
            ShapeKind::Enum(it) => self.values(it),
            ShapeKind::Union(union) => self.branches(union, place),
            ShapeKind::Ref(name) => self.named(name, place).map_or(Body::Pending, Body::Alias),
            ShapeKind::Scalar(_) | ShapeKind::List(_) | ShapeKind::Set(_) | ShapeKind::Map(_) => {
                let mask = self.mask_of_names(shape, place.types);
                self.plan.items[item].mask = self.plan.items[item].mask.or(mask);
                Body::Newtype(self.ty(shape, "item", place))
            }
        };
        self.plan.items[item].body = body;
        (place.prefix, place.path) = (outer, owner);
    }

    pub(super) fn members(&mut self, fields: &'a [Field], place: &mut Place<'a>) -> Vec<Member<'a>> {
        let mut scope = Scope::default();
        let mut members = Vec::with_capacity(fields.len());
        for field in fields {
            let ident = snake(&field.name);
            members.push(Member {
                ident: place.take(&mut scope, ident, &field.name, field.name.span, self.diagnostics),
                name: &field.name,
                wire: field.wire_name(),
                ty: self.ty(&field.shape, &field.name, place),
                presence: &field.presence,
                boxed: false,
                field,
                mask: self.mask(&field.tags).or_else(|| self.mask_of_names(&field.shape, place.types)),
            });
        }
        members
    }

    fn values(&mut self, it: &'a Enum) -> Body<'a> {
        let mut scope = Scope::default();
        scope.settle("ALL".into());
        // First, so that a value called so, if one is added, does not change what code already says.
        let unknown = it.open.then(|| scope.settle("Unknown".into()));
        let idents = variants(it.values.iter().map(|value| value.as_str()), &mut scope);
        let values = it.values.iter().zip(idents).map(|(wire, ident)| Value { ident, wire }).collect();
        Body::Enum { values, unknown }
    }

    fn branches(&mut self, union: &'a Union, place: &mut Place<'a>) -> Body<'a> {
        let idents = variants(union.branches.iter().map(|(tag, _)| tag.as_str()), &mut Scope::default());
        let mut branches = Vec::new();
        for ((tag, shape), ident) in union.branches.iter().zip(idents) {
            if let TypeKind::Item(item) = self.ty(shape, tag, place).kind {
                branches.push(Branch { ident, wire: tag, item, boxed: false });
            }
        }
        Body::Union { tag: &union.tag, branches }
    }

    /// The type of a shape; inline records, enums and unions become items named from the field.
    fn ty(&mut self, shape: &'a Shape, field: &'a str, place: &mut Place<'a>) -> Type<'a> {
        let kind = match &shape.kind {
            ShapeKind::Scalar(scalar) => match scalar {
                // In new and in released versions alike, or no hop would lead from the one to the other.
                Scalar::Id(prefix) => {
                    self.id_of(prefix, place.context).map_or(TypeKind::Scalar(scalar), TypeKind::Item)
                }
                _ => TypeKind::Scalar(scalar),
            },
            ShapeKind::List(item) => TypeKind::List(Box::new(self.ty(item, field, place))),
            ShapeKind::Set(item) => TypeKind::Set(Box::new(self.ty(item, field, place))),
            ShapeKind::Map(item) => TypeKind::Map(Box::new(self.ty(item, field, place))),
            ShapeKind::Ref(name) => match self.named(name, place) {
                Some(item) => TypeKind::Item(item),
                // Reported when the model was read.
                None => TypeKind::Scalar(&Scalar::Json),
            },
            ShapeKind::Record(_) | ShapeKind::Enum(_) | ShapeKind::Union(_) => {
                let ident = match place.prefix.as_str() {
                    "" => type_name(field),
                    prefix => format!("{}{}", prefix.trim_end_matches('_'), pascal(field)),
                };
                let ident = self.beside(place, ident, field, shape.span);
                let path = format!("{}.{field}", place.path);
                let item =
                    self.add(&place.module.clone(), ident, path, None, format!("What {} holds.", code_span(field)));
                place.made.push(item);
                self.define(item, shape, place);
                TypeKind::Item(item)
            }
        };
        Type { kind, bounds: &shape.bounds }
    }

    /// What a definition says beside its shape.
    pub(super) fn describe(&mut self, item: ItemId, def: &'a TypeDef) {
        self.plan.items[item].mask = self.mask(&def.tags);
        self.plan.items[item].facts = facts(&def.shape, None, def.example.as_ref(), &def.tags);
    }

    /// The tag of a name that only stands for another name, and so has no type of its own to hide.
    fn mask_of_names(&self, shape: &'a Shape, types: &'a Types) -> Option<&'a str> {
        match &shape.kind {
            ShapeKind::Ref(name) => {
                let def = types.get(name)?;
                let next = matches!(def.shape.kind, ShapeKind::Ref(_)).then_some(&def.shape)?;
                self.mask(&def.tags).or_else(|| self.mask_of_names(next, types))
            }
            ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => self.mask_of_names(item, types),
            _ => None,
        }
    }

    /// The first of the tags whose values are to be hidden.
    fn mask(&self, tags: &'a [Spanned<String>]) -> Option<&'a str> {
        let redacts = |tag: &&Spanned<String>| self.workspace.model.tags.get(tag.as_str()).is_some_and(|it| it.redact);
        tags.iter().find(redacts).map(|tag| tag.as_str())
    }

    /// A name in the place's module.
    fn beside(&mut self, place: &Place<'a>, ident: String, written: &str, span: Span) -> String {
        let scope = self.scopes.entry(place.module.clone()).or_default();
        place.take(scope, ident, written, span, self.diagnostics)
    }

    /// The item of a named type. Names of names give what they stand for. A released version has an item of its own only where
    /// the head's type of that name is another by now.
    fn named(&mut self, name: &'a TypeName, place: &mut Place<'a>) -> Option<ItemId> {
        let (name, def) = last_name(name, place.types)?;
        let heads = &self.workspace.model.types;
        let Some(known) = &place.frozen else {
            return self.heads.get(name).copied();
        };
        if let Some(item) = known.get(name) {
            return Some(*item);
        }
        let head =
            last_name(name, heads).filter(|(_, head)| Same::new(place.types, heads).shapes(&def.shape, &head.shape));
        let head = head.and_then(|(name, _)| self.heads.get(name).copied());
        let item = match head {
            Some(item) => item,
            None => {
                let ident = self.beside(place, type_name(&name.name), &name.name, def.name.span);
                let about = format!("The type `{name}`, as it was.");
                let item = self.add(&place.module.clone(), ident, name.to_string(), def.doc.as_deref(), about);
                self.describe(item, def);
                item
            }
        };
        place.frozen.as_mut()?.insert(name, item);
        if head.is_none() {
            place.made.push(item);
            self.define(item, &def.shape, place);
        }
        Some(item)
    }

    /// The one named identifier type with this prefix: of the context, or else of the workspace.
    fn id_of(&self, prefix: &str, context: &str) -> Option<ItemId> {
        let all = self.ids.get(prefix)?;
        let own: Vec<_> = all.iter().filter(|(of, _)| *of == context).collect();
        match (own.as_slice(), all.as_slice()) {
            ([(_, item)], _) | ([], [(_, item)]) => Some(*item),
            _ => None,
        }
    }
}

/// Follows names that stand for other names.
fn last_name<'a>(mut name: &'a TypeName, types: &'a Types) -> Option<(&'a TypeName, &'a TypeDef)> {
    for _ in 0..=types.0.len() {
        let def = types.get(name)?;
        match &def.shape.kind {
            ShapeKind::Ref(next) => name = next,
            _ => return Some((name, def)),
        }
    }
    None
}
