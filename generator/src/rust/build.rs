//! From a workspace to a [`Plan`]: contexts, commands, and events with their majors. What a shape becomes, `shapes.rs` says.

use super::{
    boxing,
    names::{Scope, module_name, pascal, snake, type_name},
    plan::{AggregatePlan, Body, ContextPlan, EventPlan, Item, ItemId, MajorPlan, Module, Plan},
    shapes::Place,
};
use isobar_model::{
    Diagnostic, Diagnostics, ShapeKind, Span, TypeName,
    diag::codes,
    model::{Context, Deprecation, Event, Name},
    shape::Scalar,
};
use isobar_registry::{
    Workspace,
    evolution::{Evolution, Major},
    schema::Subject,
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

pub(super) struct Planner<'a, 'd> {
    pub(super) workspace: &'a Workspace,
    pub(super) plan: Plan<'a>,
    /// The item of every named type of the model.
    pub(super) heads: HashMap<&'a TypeName, ItemId>,
    /// The named identifier types by their prefix, each with its context.
    pub(super) ids: HashMap<&'a str, Vec<(&'a str, ItemId)>>,
    pub(super) scopes: HashMap<Module, Scope>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'a> Planner<'a, '_> {
    fn contexts(&mut self) {
        let model = &self.workspace.model;
        let mut top = Scope::default();
        for context in model.contexts.values() {
            let ident = top.claim(module_name(&context.name), &context.name, context.name.span, self.diagnostics);
            let plan = ContextPlan { ident, context, items: Vec::new(), events: Vec::new(), aggregates: Vec::new() };
            self.plan.contexts.push(plan);
        }
        self.plan.envelopes_module = top.settle("envelopes".into());
        self.envelopes();
        let modules: HashMap<&str, Module> =
            self.plan.contexts.iter().map(|it| (it.context.name.as_str(), Module::from([it.ident.clone()]))).collect();
        // All names first, since types refer to each other across contexts.
        for (name, def) in &model.types.0 {
            let Some(module) = modules.get(name.context.as_str()) else {
                continue;
            };
            let ident = self.claim(module, type_name(&name.name), &name.name, def.name.span);
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

    /// Names the statics of the envelopes.
    fn envelopes(&mut self) {
        let mut scope = Scope::default();
        for envelope in self.workspace.model.envelopes.values() {
            let name = snake(&envelope.name).to_uppercase();
            let ident = name.strip_prefix("R#").unwrap_or(&name).to_owned();
            let ident = scope.claim(ident, &envelope.name, envelope.name.span, self.diagnostics);
            self.plan.envelopes.push((ident, envelope));
        }
    }

    /// Fills the items of a context's named types.
    fn types(&mut self, place: &mut Place<'a>) {
        let (model, context) = (&self.workspace.model, place.context);
        for (name, def) in model.types.0.iter().filter(|(name, _)| name.context == context) {
            let Some(&item) = self.heads.get(name) else {
                continue;
            };
            place.made.push(item);
            self.define(item, &def.shape, place);
        }
    }

    fn commands(&mut self, context: &'a Context, place: &mut Place<'a>) {
        for (name, command) in &context.commands {
            let Some(fields) = &command.fields else {
                continue;
            };
            let ident = self.claim(&place.module, type_name(name), name, command.name.span);
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
        let places: HashMap<String, usize> =
            events.iter().enumerate().map(|(i, event)| (event.name.name.clone(), i)).collect();
        let mut aggregates = Vec::new();
        for aggregate in context.aggregates.values() {
            let at = |name: &String| places.get(name).copied();
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
        if !event.splits_into.is_empty() || !event.merged_from.is_empty() {
            let message =
                format!("`{name}` was split or merged, and the code that reads its old data cannot be generated yet");
            self.diagnostics.push(
                Diagnostic::new(&codes::NOT_GENERATED, event.name.span, message)
                    .help("keep the old events beside the new ones, marked `deprecated`, until it can"),
            );
        }
        let evolution = self.workspace.evolutions.get(&name).filter(|it| it.alive)?;
        let (ident, inner) = (type_name(&name.name), module_name(&name.name));
        let scope = self.scopes.entry(module.clone()).or_default();
        // One finding is enough where both the struct and the module meet those of another event.
        if !(scope.has(&ident) && scope.has(&inner)) {
            scope.claim(inner.clone(), &name.name, event.name.span, self.diagnostics);
        }
        self.claim(module, ident.clone(), &name.name, event.name.span);
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
        let model = &self.workspace.model;
        let envelope = model.envelope_name(context, event);
        let schema_id = evolution
            .majors
            .last()
            .and_then(|it| Subject::event(&model.name, &name, it.version, &it.event, &it.types))
            .map(|subject| subject.id());
        Some(EventPlan { names, present, name, event, module: inner, ident, majors, envelope, schema_id })
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

    pub(super) fn add(&mut self, module: &Module, ident: String, doc: Option<&'a str>, about: String) -> ItemId {
        let body = Body::Pending;
        self.plan.items.push(Item { module: module.clone(), ident, doc, about, deprecated: None, body });
        self.plan.items.len() - 1
    }

    fn claim(&mut self, module: &Module, ident: String, written: &str, span: Span) -> String {
        self.scopes.entry(module.clone()).or_default().claim(ident, written, span, self.diagnostics)
    }
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
    parts.extend(deprecation.doc.as_ref().map(|doc| doc.trim_end_matches('.').to_owned()));
    parts.extend(deprecation.instead.as_ref().map(|it| match it.context == context {
        true => format!("use `{}`", it.name),
        false => format!("use `{}`", it.value),
    }));
    parts.extend(deprecation.since.map(|since| format!("deprecated since {since}")));
    parts.extend(deprecation.remove_after.as_ref().map(|date| format!("may be removed after {date}")));
    if parts.is_empty() { "no longer used".into() } else { parts.join("; ") }
}
