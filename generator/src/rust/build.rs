//! From a workspace to a [`Plan`]: names every type, and lets frozen versions share the head's types where those are the same.

use super::{
    boxing,
    names::{Scope, pascal, snake},
    plan::{
        AggregatePlan, Body, Branch, ContextPlan, EventPlan, Item, ItemId, MajorPlan, Member, Module, Plan, Type, TypeKind, Value,
    },
    same::Same,
};
use isobar_model::{
    Diagnostics, Field, Shape, ShapeKind, Span, TypeName, Types,
    model::{Context, Deprecation, Event, Name},
    shape::{Enum, Scalar, Union},
};
use isobar_registry::{
    Workspace,
    evolution::{Evolution, Major},
};
use std::collections::HashMap;

/// Plans the Rust code of a workspace.
pub(super) fn plan<'a>(workspace: &'a Workspace, diagnostics: &mut Diagnostics) -> Plan<'a> {
    let mut planner = Planner {
        workspace,
        plan: Plan::default(),
        heads: HashMap::new(),
        ids: HashMap::new(),
        scopes: HashMap::new(),
        diagnostics,
    };
    planner.contexts();
    let mut plan = planner.plan;
    boxing::box_cycles(&mut plan.items);
    plan
}

struct Planner<'a, 'd> {
    workspace: &'a Workspace,
    plan: Plan<'a>,
    /// The item of every named type of the model.
    heads: HashMap<&'a TypeName, ItemId>,
    /// The named identifier types by their prefix, each with its context.
    ids: HashMap<&'a str, Vec<(&'a str, ItemId)>>,
    scopes: HashMap<Module, Scope>,
    diagnostics: &'d mut Diagnostics,
}

/// Where the shapes at hand are written, and where their items go.
struct Place<'a> {
    types: &'a Types,
    module: Module,
    /// The context whose names are written bare.
    context: &'a str,
    /// Before the names of inline types.
    prefix: String,
    /// The items of the types of a released version; `None` for the model itself.
    frozen: Option<HashMap<&'a TypeName, ItemId>>,
    /// The items made so far.
    made: Vec<ItemId>,
}

impl Place<'_> {
    /// Takes a name: reported when it is taken already, but numbered where nobody can rename it any more.
    fn take(&self, scope: &mut Scope, ident: String, written: &str, span: Span, diagnostics: &mut Diagnostics) -> String {
        match self.frozen {
            Some(_) => scope.settle(ident, written, span),
            None => scope.claim(ident, written, span, diagnostics),
        }
    }
}

impl<'a> Planner<'a, '_> {
    fn contexts(&mut self) {
        let model = &self.workspace.model;
        let mut top = Scope::default();
        for context in model.contexts.values() {
            let ident = top.claim(snake(&context.name), &context.name, context.name.span, self.diagnostics);
            let plan = ContextPlan { ident, context, items: Vec::new(), events: Vec::new(), aggregates: Vec::new() };
            self.plan.contexts.push(plan);
        }
        let modules: HashMap<&str, Module> =
            self.plan.contexts.iter().map(|it| (it.context.name.as_str(), Module::from([it.ident.clone()]))).collect();
        // All names first, since types refer to each other across contexts.
        for (name, def) in &model.types.0 {
            let Some(module) = modules.get(name.context.as_str()) else { continue };
            let ident = self.claim(module, pascal(&name.name), &name.name, def.name.span);
            let item = self.add(module, ident, def.doc.as_deref(), format!("The type `{name}`."));
            self.heads.insert(name, item);
            if let ShapeKind::Scalar(Scalar::Id(prefix)) = &def.shape.kind {
                self.ids.entry(prefix).or_default().push((&name.context, item));
            }
        }
        for at in 0..self.plan.contexts.len() {
            let context = self.plan.contexts[at].context;
            let module = modules[context.name.as_str()].clone();
            let mut place = Place {
                types: &model.types,
                module,
                context: &context.name,
                prefix: String::new(),
                frozen: None,
                made: Vec::new(),
            };
            self.types(&mut place);
            self.commands(context, &mut place);
            let (events, aggregates) = self.messages(context, &place.module);
            let plan = &mut self.plan.contexts[at];
            (plan.items, plan.events, plan.aggregates) = (place.made, events, aggregates);
        }
    }

    /// Fills the items of a context's named types.
    fn types(&mut self, place: &mut Place<'a>) {
        let (model, context) = (&self.workspace.model, place.context);
        for (name, def) in model.types.0.iter().filter(|(name, _)| name.context == context) {
            let Some(&item) = self.heads.get(name) else { continue };
            place.made.push(item);
            self.define(item, &def.shape, place);
        }
    }

    fn commands(&mut self, context: &'a Context, place: &mut Place<'a>) {
        for (name, command) in &context.commands {
            let Some(fields) = &command.fields else { continue };
            let ident = self.claim(&place.module, pascal(name), name, command.name.span);
            let about = format!("The command `{}.{name}`.", place.context);
            let item = self.add(&place.module, ident, command.doc.as_deref(), about);
            self.plan.items[item].deprecated = command.deprecated.as_ref().map(|it| note(it, place.context));
            place.made.push(item);
            place.prefix = self.plan.items[item].ident.clone();
            self.plan.items[item].body = Body::Record(self.members(fields, place));
        }
    }

    fn messages(&mut self, context: &'a Context, module: &Module) -> (Vec<EventPlan<'a>>, Vec<AggregatePlan<'a>>) {
        let mut events: Vec<EventPlan<'a>> = Vec::new();
        for event in context.events.values() {
            events.extend(self.event(context, event, module));
        }
        let mut aggregates = Vec::new();
        for aggregate in context.aggregates.values() {
            let at = |name: &String| events.iter().position(|it| it.name.name == *name);
            let events: Vec<usize> = aggregate.events.iter().filter_map(at).collect();
            if !events.is_empty() {
                let ident = format!("{}Event", pascal(&aggregate.name));
                let ident = self.claim(module, ident, &aggregate.name, aggregate.name.span);
                aggregates.push(AggregatePlan { ident, aggregate, events });
            }
        }
        (events, aggregates)
    }

    /// An event with all its majors. Sketches have none.
    fn event(&mut self, context: &'a Context, event: &'a Event, module: &Module) -> Option<EventPlan<'a>> {
        let name = Name { context: context.name.value.clone(), name: event.name.value.clone() };
        let evolution = self.workspace.evolutions.get(&name).filter(|it| it.alive)?;
        let ident = self.claim(module, pascal(&name.name), &name.name, event.name.span);
        let inner = self.claim(module, snake(&name.name), &name.name, event.name.span);
        let mut majors = Vec::new();
        for (i, major) in evolution.majors.iter().enumerate() {
            let is_head = i + 1 == evolution.majors.len();
            let place: Module = [module[0].clone(), inner.clone(), format!("v{}", major.version.major)].into();
            majors.push(self.major(&name, context, &ident, is_head, place, major));
            if let Some(deprecation) = event.deprecated.as_ref().filter(|_| is_head) {
                let item = majors[i].item;
                self.plan.items[item].deprecated = Some(note(deprecation, &name.context));
            }
        }
        let (names, present) = names(&name, event, evolution);
        Some(EventPlan { names, present, name, event, module: inner, ident, majors })
    }

    /// One major. The head's types are the model's own.
    fn major(
        &mut self,
        name: &Name,
        context: &'a Context,
        ident: &str,
        is_head: bool,
        module: Module,
        major: &'a Major,
    ) -> MajorPlan<'a> {
        let mut place = Place {
            types: &major.types,
            module,
            context: &context.name,
            prefix: String::new(),
            frozen: (!is_head).then(HashMap::new),
            made: Vec::new(),
        };
        let ident = self.claim(&place.module, ident.to_owned(), &name.name, major.event.name.span);
        let about = format!("The event `{name}`, version {}.", major.version);
        let item = self.add(&place.module, ident, major.event.doc.as_deref(), about);
        self.plan.items[item].body = Body::Record(self.members(major.fields(), &mut place));
        let (up, down) = (major.up.as_ref(), major.down.as_ref());
        MajorPlan { version: major.version, item, items: place.made, up, down }
    }

    fn add(&mut self, module: &Module, ident: String, doc: Option<&'a str>, about: String) -> ItemId {
        let body = Body::Pending;
        self.plan.items.push(Item { module: module.clone(), ident, doc, about, deprecated: None, body });
        self.plan.items.len() - 1
    }

    fn claim(&mut self, module: &Module, ident: String, written: &str, span: Span) -> String {
        self.scopes.entry(module.clone()).or_default().claim(ident, written, span, self.diagnostics)
    }

    /// Fills an item that a name or a field gave.
    fn define(&mut self, item: ItemId, shape: &'a Shape, place: &mut Place<'a>) {
        let outer = std::mem::replace(&mut place.prefix, self.plan.items[item].ident.clone());
        let body = match &shape.kind {
            ShapeKind::Scalar(Scalar::Id(prefix)) => Body::Id(prefix),
            ShapeKind::Record(fields) => Body::Record(self.members(fields, place)),
            ShapeKind::Enum(it) => self.values(it, place),
            ShapeKind::Union(union) => self.branches(union, place),
            ShapeKind::Ref(name) => self.named(name, place).map_or(Body::Pending, Body::Alias),
            ShapeKind::Scalar(_) | ShapeKind::List(_) | ShapeKind::Set(_) | ShapeKind::Map(_) => {
                Body::Newtype(self.ty(shape, "item", place))
            }
        };
        self.plan.items[item].body = body;
        place.prefix = outer;
    }

    fn members(&mut self, fields: &'a [Field], place: &mut Place<'a>) -> Vec<Member<'a>> {
        let mut scope = Scope::default();
        let mut members = Vec::new();
        for field in fields {
            let ident = snake(&field.name);
            members.push(Member {
                ident: place.take(&mut scope, ident, &field.name, field.name.span, self.diagnostics),
                name: &field.name,
                wire: field.wire_name(),
                ty: self.ty(&field.shape, &field.name, place),
                presence: &field.presence,
                boxed: false,
                doc: field.doc.as_deref(),
                deprecated: field.deprecated.as_deref(),
            });
        }
        members
    }

    fn values(&mut self, it: &'a Enum, place: &Place<'a>) -> Body<'a> {
        let mut scope = Scope::default();
        let mut values = Vec::new();
        for value in &it.values {
            let ident = place.take(&mut scope, pascal(value), value, value.span, self.diagnostics);
            values.push(Value { ident, wire: value });
        }
        let other = it.values.first().map(|first| scope.settle("Unknown".into(), "the unknown value", first.span));
        Body::Enum { values, unknown: other.filter(|_| it.open) }
    }

    fn branches(&mut self, union: &'a Union, place: &mut Place<'a>) -> Body<'a> {
        let mut scope = Scope::default();
        let mut branches = Vec::new();
        for (tag, shape) in &union.branches {
            let ident = place.take(&mut scope, pascal(tag), tag, tag.span, self.diagnostics);
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
                Scalar::Id(prefix) if place.frozen.is_some() => {
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
                let ident = format!("{}{}", place.prefix, pascal(field));
                let ident = self.beside(place, ident, field, shape.span);
                let item = self.add(&place.module.clone(), ident, None, format!("What `{field}` holds."));
                place.made.push(item);
                self.define(item, shape, place);
                TypeKind::Item(item)
            }
        };
        Type { kind, bounds: &shape.bounds }
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
        let Some(known) = &place.frozen else { return self.heads.get(name).copied() };
        if let Some(item) = known.get(name) {
            return Some(*item);
        }
        let head = last_name(name, heads).filter(|(_, head)| Same::new(place.types, heads).shapes(&def.shape, &head.shape));
        let head = head.and_then(|(name, _)| self.heads.get(name).copied());
        let item = match head {
            Some(item) => item,
            None => {
                let ident = self.beside(place, pascal(&name.name), &name.name, def.name.span);
                self.add(&place.module.clone(), ident, def.doc.as_deref(), format!("The type `{name}`, as it was."))
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
fn last_name<'a>(mut name: &'a TypeName, types: &'a Types) -> Option<(&'a TypeName, &'a isobar_model::shape::TypeDef)> {
    for _ in 0..=types.0.len() {
        let def = types.get(name)?;
        match &def.shape.kind {
            ShapeKind::Ref(next) => name = next,
            _ => return Some((name, def)),
        }
    }
    None
}

/// Every name under which data of the event may be stored: so many present ones first, then those it had before.
fn names(name: &Name, event: &Event, evolution: &Evolution) -> (Vec<String>, usize) {
    let mut names = vec![event.wire_name().to_owned(), name.name.clone(), name.to_string()];
    names.dedup();
    let present = names.len();
    names.extend(evolution.wire_names.iter().cloned());
    let renamed = event.renamed_from.iter().map(|old| Name { context: name.context.clone(), name: old.value.clone() });
    for old in evolution.versions.iter().map(|known| known.name.clone()).chain(renamed) {
        names.extend([old.to_string(), old.name]);
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    (names, present)
}

/// The note of `#[deprecated]`.
fn note(deprecation: &Deprecation, context: &str) -> String {
    let mut parts = Vec::new();
    parts.extend(deprecation.doc.clone());
    parts.extend(deprecation.instead.as_ref().map(|it| match it.context == context {
        true => format!("use `{}`", it.name),
        false => format!("use `{}`", it.value),
    }));
    parts.extend(deprecation.since.map(|since| format!("deprecated since {since}")));
    parts.extend(deprecation.remove_after.as_ref().map(|date| format!("may be removed after {date}")));
    if parts.is_empty() { "no longer used".into() } else { parts.join("; ") }
}
