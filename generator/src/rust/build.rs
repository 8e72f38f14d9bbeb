//! From a workspace to a [`Plan`]: contexts, commands, and events with their majors. What a shape becomes, `shapes.rs` says.

use super::{
    boxing::Boxed,
    facts,
    hop::has_hooks,
    names::{Scope, event_module, module_name, pascal, snake, type_name},
    part::Part,
    plan::{
        AggregatePlan, Attributes, Body, ContextPlan, EventPlan, Form, Item, ItemId, MajorPlan, Minor, Module, Plan,
    },
    same::Same,
    shapes::Place,
    wishes,
};
use crate::options::Options;
use isobar_model::{
    Diagnostics, Field, Presence, ShapeKind, Span, TypeName, Version,
    expr::Typed,
    model::{Command, Context, Deprecation, Event, Name},
    shape::Scalar,
};
use isobar_registry::{
    Workspace,
    evolution::{Evolution, Known, Major, Onward},
    schema::Subject,
};
use std::collections::HashMap;

/// The trait of the hooks of an upgrade, in the module of the newer major.
pub(super) const UPGRADE_HOOKS: &str = "UpgradeHooks";
/// The trait of the hooks of a downgrade, in the module of the newer major.
pub(super) const DOWNGRADE_HOOKS: &str = "DowngradeHooks";

/// The trait of the hooks on the way to another event, in the module of the last major of the event that is over.
pub(super) fn into_hooks(other: &Name) -> String {
    format!("Into{}Hooks", pascal(&other.name))
}

/// The living events of a context, those that are over, and its aggregates.
type Messages<'a> = (Vec<EventPlan<'a>>, Vec<EventPlan<'a>>, Vec<AggregatePlan<'a>>);

/// Plans the Rust code of a workspace, or of a part of it.
pub(super) fn plan<'a>(
    workspace: &'a Workspace,
    options: &Options,
    part: Option<&Part<'_>>,
    boxed: &Boxed,
    diagnostics: &mut Diagnostics,
) -> Plan<'a> {
    let mut planner = Planner {
        workspace,
        part,
        plan: Plan { doc_tests: options.doc_tests, ..Plan::default() },
        heads: HashMap::new(),
        ids: HashMap::new(),
        scopes: HashMap::new(),
        diagnostics,
    };
    planner.contexts();
    let mut plan = planner.plan;
    wishes::apply(&mut plan, &workspace.model.types, options, diagnostics);
    boxed.mark(&mut plan.items);
    facts::mark(&mut plan.items);
    plan
}

pub(super) struct Planner<'a, 'd> {
    pub(super) workspace: &'a Workspace,
    /// All that is planned, where it is not everything.
    part: Option<&'d Part<'d>>,
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
            let (items, events, past, aggregates) = Default::default();
            let plan = ContextPlan { ident, context, items, commands: Vec::new(), events, past, aggregates };
            self.plan.contexts.push(plan);
        }
        self.plan.envelopes_module = top.settle("envelopes".into());
        self.envelopes();
        let modules: HashMap<&str, Module> =
            self.plan.contexts.iter().map(|it| (it.context.name.as_str(), Module::from([it.ident.clone()]))).collect();
        // All names first, since types refer to each other across contexts.
        let part = self.part;
        for (name, def) in model.types.0.iter().filter(|(name, def)| part.is_none_or(|it| it.names(name, def))) {
            let Some(module) = modules.get(name.context.as_str()) else {
                continue;
            };
            let ident = self.claim(module, type_name(&name.name), &name.name, def.name.span);
            let item = self.add(module, ident, name.to_string(), def.doc.as_deref(), format!("The type `{name}`."));
            self.describe(item, def);
            self.heads.insert(name, item);
            if let ShapeKind::Scalar(Scalar::Id(prefix)) = &def.shape.kind {
                self.ids.entry(prefix).or_default().push((&name.context, item));
            }
        }
        for at in 0..self.plan.contexts.len() {
            let context = self.plan.contexts[at].context;
            if self.part.is_some_and(|part| !part.reaches(&context.name)) {
                continue;
            }
            let module = modules[context.name.as_str()].clone();
            let mut place = Place {
                types: &model.types,
                module,
                context: &context.name,
                path: String::new(),
                prefix: String::new(),
                frozen: None,
                made: Vec::new(),
            };
            self.types(&mut place);
            let commands = self.commands(context, &mut place);
            let (events, past, aggregates) = self.messages(context, &place.module);
            let plan = &mut self.plan.contexts[at];
            plan.commands = commands;
            (plan.items, plan.events, plan.past, plan.aggregates) = (place.made, events, past, aggregates);
        }
        if let Some(span) = self.plan.hooked {
            top.claim("hooks".into(), "fn(..)", span, self.diagnostics);
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

    fn commands(&mut self, context: &'a Context, place: &mut Place<'a>) -> Vec<(ItemId, &'a Command)> {
        let (part, mut commands) = (self.part, Vec::new());
        // Nothing refers to a command.
        for (name, command) in context.commands.iter().filter(|(_, it)| part.is_none_or(|part| part.gives(it))) {
            let Some(fields) = &command.fields else {
                continue;
            };
            let ident = self.claim(&place.module, type_name(name), name, command.name.span);
            let about = format!("The command `{}.{name}`.", place.context);
            let path = format!("{}.{name}", place.context);
            let item = self.add(&place.module, ident, path.clone(), command.doc.as_deref(), about);
            self.plan.items[item].deprecated = command.deprecated.as_ref().map(|it| note(it, place.context));
            place.made.push(item);
            (place.prefix, place.path) = (self.plan.items[item].ident.clone(), path);
            self.plan.items[item].body = Body::Record(self.members(fields, place));
            commands.push((item, command));
        }
        commands
    }

    fn messages(&mut self, context: &'a Context, module: &Module) -> Messages<'a> {
        let mut events: Vec<EventPlan<'a>> = Vec::new();
        let part = self.part;
        for event in context.events.values().filter(|it| part.is_none_or(|part| part.has(&context.name, &it.name))) {
            events.extend(self.event(context, event, module));
        }
        let past = self.past(context, module);
        let places = |of: &[EventPlan<'a>]| -> HashMap<String, usize> {
            of.iter().enumerate().map(|(i, event)| (event.name.name.clone(), i)).collect()
        };
        let (places, past_places) = (places(&events), places(&past));
        let mut aggregates = Vec::new();
        for aggregate in context.aggregates.values() {
            let at = |name: &String| places.get(name).copied();
            let events: Vec<usize> = aggregate.events.iter().filter_map(at).collect();
            if !events.is_empty() {
                let ident = format!("{}Event", pascal(&aggregate.name).trim_end_matches('_'));
                let ident = self.claim(module, ident, &aggregate.name, aggregate.name.span);
                let past = aggregate.events.iter().filter_map(|name| past_places.get(name).copied()).collect();
                let (path, attributes) = (format!("{}.{ident}", context.name), Attributes::default());
                aggregates.push(AggregatePlan { ident, path, attributes, aggregate, events, past });
            }
        }
        (events, past, aggregates)
    }

    /// An event with all its majors. Sketches have none.
    fn event(&mut self, context: &'a Context, event: &'a Event, module: &Module) -> Option<EventPlan<'a>> {
        let name = Name { context: context.name.value.clone(), name: event.name.value.clone() };
        let evolution = self.workspace.evolutions.get(&name).filter(|it| it.alive)?;
        let (ident, inner) = (type_name(&name.name), event_module(&name.name));
        let scope = self.scopes.entry(module.clone()).or_default();
        // One finding is enough where both the struct and the module meet those of another event.
        if !(scope.has(&ident) && scope.has(&inner)) {
            scope.claim(inner, &name.name, event.name.span, self.diagnostics);
        }
        self.claim(module, ident, &name.name, event.name.span);
        let planned = self.majors(context, event, evolution, module);
        if let (Some(deprecation), Some(head)) = (&event.deprecated, planned.majors.last()) {
            self.plan.items[head.item].deprecated = Some(note(deprecation, &name.context));
        }
        Some(planned)
    }

    /// The events of a context that are over but whose names may still be met.
    fn past(&mut self, context: &'a Context, module: &Module) -> Vec<EventPlan<'a>> {
        let mut past = Vec::new();
        let workspace = self.workspace;
        let part = self.part;
        let own = |name: &Name| {
            name.context == context.name.value && part.is_none_or(|part| part.has(&name.context, &name.name))
        };
        for (name, evolution) in workspace.evolutions.iter().filter(|(name, _)| own(name)) {
            let last = evolution.majors.last().map(|major| &*major.event);
            let Some(event) = workspace.model.event(name).or(last) else { continue };
            match &evolution.onward {
                Onward::Itself => {}
                Onward::Nothing => {
                    let (names, present) = names(name, event, evolution);
                    let (name, ident, module) = (name.clone(), type_name(&name.name), event_module(&name.name));
                    let (majors, former, envelope, schema_id) = Default::default();
                    let onward = &evolution.onward;
                    past.push(EventPlan {
                        names,
                        present,
                        name,
                        event,
                        module,
                        ident,
                        majors,
                        former,
                        onward,
                        envelope,
                        schema_id,
                    });
                }
                Onward::Others(_) => {
                    self.claim(module, event_module(&name.name), &name.name, event.name.span);
                    past.push(self.majors(context, event, evolution, module));
                }
            }
        }
        past
    }

    /// The majors of an event. The types of the newest are the model's own where the event is alive.
    fn majors(
        &mut self,
        context: &'a Context,
        event: &'a Event,
        evolution: &'a Evolution,
        module: &Module,
    ) -> EventPlan<'a> {
        let name = &evolution.name;
        let (ident, inner) = (type_name(&name.name), event_module(&name.name));
        let onward = match &evolution.onward {
            Onward::Others(others) => others.as_slice(),
            Onward::Itself | Onward::Nothing => &[],
        };
        let mut majors = Vec::new();
        for (i, major) in evolution.majors.iter().enumerate() {
            let is_last = i + 1 == evolution.majors.len();
            let place: Module = [module[0].clone(), inner.clone(), format!("v{}", major.version.major)].into();
            let up = i.checked_sub(1).and_then(|before| evolution.majors[before].up.as_ref());
            let down = major.down.as_ref();
            self.traits(&place, [(UPGRADE_HOOKS, up), (DOWNGRADE_HOOKS, down)], event);
            let mut onward = onward.iter().filter(|_| is_last);
            onward.clone().for_each(|it| self.traits(&place, [(&into_hooks(&it.name), Some(&it.hop))], event));
            let mut planned = self.major(name, context, &ident, is_last && evolution.alive, place.clone(), major);
            if evolution.alive {
                planned.minors = self.minors(name, context, &ident, &place, evolution, major);
            }
            if major.up.iter().chain(down).any(has_hooks) || onward.any(|it| has_hooks(&it.hop)) {
                planned.examples = examples(evolution, major);
            }
            majors.push(planned);
        }
        let (names, present) = names(name, event, evolution);
        let model = &self.workspace.model;
        // What is not written any more travels in nothing.
        let head = evolution.majors.last().filter(|_| evolution.alive);
        let envelope = head.and_then(|_| model.envelope_name(context, event));
        let schema_id = head
            .and_then(|it| Subject::event(&model.name, name, it.version, &it.event, &it.types))
            .map(|subject| subject.id());
        let (name, module, onward) = (name.clone(), inner, &evolution.onward);
        let others = evolution.versions.iter().map(|known| (known.version, known.event.wire_name()));
        let former = others.filter(|(_, wire)| *wire != event.wire_name()).collect();
        EventPlan { names, present, name, event, module, ident, majors, former, onward, envelope, schema_id }
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
            path: name.to_string(),
            prefix: String::new(),
            frozen: (!is_head).then(HashMap::new),
            made: Vec::new(),
        };
        let ident = self.claim(&place.module, ident.to_owned(), &name.name, major.event.name.span);
        let about = format!("The event `{name}`, version {}.", major.version);
        let item = self.add(&place.module, ident, name.to_string(), major.event.doc.as_deref(), about);
        self.plan.items[item].examples = &major.event.examples;
        self.plan.items[item].body = Body::Record(self.members(major.fields(), &mut place));
        let (up, down) = (major.up.as_ref(), major.down.as_ref());
        let (minors, examples) = Default::default();
        MajorPlan { version: major.version, item, items: place.made, up, down, lossy: &major.lossy, minors, examples }
    }

    /// How each version of a major is written.
    fn minors(
        &mut self,
        name: &Name,
        context: &'a Context,
        ident: &str,
        module: &Module,
        evolution: &'a Evolution,
        major: &'a Major,
    ) -> Vec<Minor<'a>> {
        let known = evolution.versions.iter().filter(|it| it.version.major == major.version.major);
        let mut minors = Vec::new();
        for known in known {
            let form = if known.version == major.version {
                Form::Newest
            } else if let Some(keys) = members(known, major) {
                Form::Members(keys)
            } else {
                let inner = format!("minor{}", known.version.minor);
                let module: Module = module.iter().cloned().chain([inner]).collect();
                let mut place = Place {
                    types: &known.types,
                    module,
                    context: &context.name,
                    path: name.to_string(),
                    prefix: String::new(),
                    frozen: Some(HashMap::new()),
                    made: Vec::new(),
                };
                let ident = self.claim(&place.module, ident.to_owned(), &name.name, known.event.name.span);
                let about = format!("The event `{name}` as version {} writes it.", known.version);
                let item = self.add(&place.module, ident, name.to_string(), None, about);
                self.plan.items[item].body = Body::Record(self.members(known.fields(), &mut place));
                Form::Item(item, place.made)
            };
            minors.push(Minor { version: known.version, form });
        }
        minors
    }

    /// Takes the names of the traits that hooks need, and that of the file they may stand in.
    fn traits<const N: usize>(&mut self, module: &Module, ways: [(&str, Option<&Typed>); N], event: &Event) {
        for (name, _) in ways.iter().filter(|(_, typed)| typed.is_some_and(has_hooks)) {
            self.claim(module, (*name).to_owned(), "fn(..)", event.name.span);
            self.plan.hooked.get_or_insert(event.name.span);
        }
    }

    pub(super) fn add(
        &mut self,
        module: &Module,
        ident: String,
        path: String,
        doc: Option<&'a str>,
        about: String,
    ) -> ItemId {
        let id = self.plan.items.len();
        self.plan.items.push(Item {
            id,
            module: module.clone(),
            ident,
            path,
            attributes: Attributes::default(),
            doc,
            about,
            facts: Vec::new(),
            mask: None,
            examples: &[],
            bounded: false,
            total: false,
            deprecated: None,
            body: Body::Pending,
        });
        id
    }

    fn claim(&mut self, module: &Module, ident: String, written: &str, span: Span) -> String {
        self.scopes.entry(module.clone()).or_default().claim(ident, written, span, self.diagnostics)
    }
}

/// The members of a major's newest version that an older version has, where it differs in nothing else.
fn members<'a>(old: &'a Known, major: &'a Major) -> Option<Vec<&'a str>> {
    let mut same = Same::new(&old.types, &major.types);
    let member = |field: &'a Field| {
        let other = major.fields().iter().find(|it| it.name == field.name)?;
        // What the newest version may leave out, the older one may leave out as well.
        let there = field.presence == Presence::Optional || other.presence != Presence::Optional;
        let equal = there && field.wire_name() == other.wire_name() && same.shapes(&field.shape, &other.shape);
        equal.then(|| field.wire_name())
    };
    old.fields().iter().map(member).collect()
}

/// The examples of a major with the version of each.
fn examples(evolution: &Evolution, major: &Major) -> Vec<(Version, String)> {
    let of_major = evolution.versions.iter().filter(|it| it.version.major == major.version.major);
    let text = |value| isobar_registry::schema::Json::from(value).to_string();
    let all = of_major.flat_map(|it| it.event.examples.iter().map(|value| (it.version, text(&value.value))));
    all.collect()
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
