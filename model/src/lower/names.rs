//! Every name must refer to something: types, tags, teams, envelopes, messages, actors, read models, fields by path.

use super::{reader::Cx, walk};
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    model::{Context, Event, Model, Name, Outcome},
    shape::{Field, Shape, ShapeKind, TypeName, Types},
    source::{Span, Spanned},
};
use std::collections::HashMap;

/// What a name of a message may refer to.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Event,
    /// An event that is only read, and may be another workspace's.
    Read,
    Command,
    ReadModel,
    /// An event, a command or an aggregate with all its events.
    Carried,
}

impl Wanted {
    fn noun(self) -> &'static str {
        match self {
            Wanted::Event | Wanted::Read => "event",
            Wanted::Command => "command",
            Wanted::ReadModel => "read model",
            Wanted::Carried => "event, command or aggregate",
        }
    }

    fn is_event(self) -> bool {
        matches!(self, Wanted::Event | Wanted::Read | Wanted::Carried)
    }

    /// Whether it may be another workspace's.
    fn may_be_pulled(self) -> bool {
        matches!(self, Wanted::Read | Wanted::Carried)
    }

    fn names(self, context: &Context) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        if self.is_event() {
            names.extend(context.events.keys().map(String::as_str));
        }
        if matches!(self, Wanted::Command | Wanted::Carried) {
            names.extend(context.commands.keys().map(String::as_str));
        }
        if self == Wanted::ReadModel {
            names.extend(context.read_models.keys().map(String::as_str));
        }
        if self == Wanted::Carried {
            names.extend(context.aggregates.keys().map(String::as_str));
        }
        names
    }

    fn has(self, context: &Context, name: &str) -> bool {
        let event = self.is_event() && context.events.contains_key(name);
        let command = matches!(self, Wanted::Command | Wanted::Carried) && context.commands.contains_key(name);
        let model = self == Wanted::ReadModel && context.read_models.contains_key(name);
        event || command || model || (self == Wanted::Carried && context.aggregates.contains_key(name))
    }
}

impl Cx {
    pub(super) fn check_names(&mut self, model: &Model) {
        for def in model.types.0.values() {
            self.check_shape(&def.shape, &model.types);
            self.tags_of_shape(&def.shape, model);
            self.known_tags(&def.tags, model);
        }
        for record in walk::records(model) {
            self.check_references(record, &model.types);
            self.tags_of(record, model);
        }
        for context in model.contexts.values() {
            if let Some((_, pulled)) = model.pulled.iter().find(|(name, _)| name.context == context.name.value) {
                let message = format!("the context `{}` is pulled, and so another workspace's", context.name);
                self.push(
                    Diagnostic::new(&codes::DUPLICATE_NAME, context.name.span, message)
                        .also(pulled.event.name.span, "pulled here")
                        .help(
                            "give this one another name, or remove what was pulled and its lines in the lock beside it",
                        ),
                );
            }
            self.context_names(context, model);
        }
        self.messaging_names(model);
        for waiver in &model.waivers {
            self.team(&Some(waiver.owner.clone()), model);
            self.refer_each(&waiver.message, Wanted::Event, model);
        }
    }

    /// References of fields to types.
    pub(super) fn check_references(&mut self, fields: &[Field], types: &Types) {
        fields.iter().for_each(|field| self.check_shape(&field.shape, types));
    }

    /// References of a shape to types, and what its unions are made of.
    pub(super) fn check_shape(&mut self, shape: &Shape, types: &Types) {
        let mut found = Vec::new();
        walk::shapes(shape, &mut |shape| match &shape.kind {
            ShapeKind::Ref(name) if types.get(name).is_none() => found.push(unknown_type(name, shape, types)),
            ShapeKind::Union(union) => {
                for (tag, branch) in &union.branches {
                    let resolved = types.resolve(branch);
                    match &resolved.kind {
                        ShapeKind::Record(fields) => {
                            if let Some(field) = fields.iter().find(|field| field.wire_name() == union.tag) {
                                let message = format!(
                                    "the branch `{}` has a field `{}` where the tag stands",
                                    tag.value, union.tag
                                );
                                let at = field.name.span;
                                found.push(
                                    Diagnostic::new(&codes::WIRE_CLASH, tag.span, message)
                                        .also(at, "this field")
                                        .help("choose another `tag`, or give the field another `wire` name"),
                                );
                            }
                        }
                        ShapeKind::Ref(_) => {}
                        _ => {
                            let message = format!("the branch `{}` of a union is no record", tag.value);
                            found.push(
                                Diagnostic::new(&codes::BAD_TYPE, branch.span, message).help(
                                    "the tag is a member of the branch's JSON object: put the value into a record",
                                ),
                            );
                        }
                    }
                }
            }
            ShapeKind::Set(item)
                if matches!(&types.resolve(item).kind, ShapeKind::Scalar(crate::shape::Scalar::Json)) =>
            {
                let message = "items of a set must be comparable, and `json` is not";
                found.push(Diagnostic::new(&codes::BAD_TYPE, shape.span, message).help("use `list<json>`"));
            }
            _ => {}
        });
        found.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    fn tags_of(&mut self, fields: &[Field], model: &Model) {
        for field in fields {
            self.known_tags(&field.tags, model);
            self.tags_of_shape(&field.shape, model);
        }
    }

    fn tags_of_shape(&mut self, shape: &Shape, model: &Model) {
        let mut tags = Vec::new();
        walk::shapes(shape, &mut |shape| {
            if let ShapeKind::Record(fields) = &shape.kind {
                tags.extend(fields.iter().map(|field| &field.tags));
            }
        });
        tags.into_iter().for_each(|tags| self.known_tags(tags, model));
    }

    fn known_tags(&mut self, tags: &[Spanned<String>], model: &Model) {
        for tag in tags.iter().filter(|tag| !model.tags.contains_key(&tag.value)) {
            let known = model.tags.keys().map(String::as_str);
            self.unknown("tag", tag, known);
        }
    }

    fn team(&mut self, owner: &Option<Spanned<String>>, model: &Model) {
        // Teams are optional: without a list of them owners are free text, as the owner of the whole workspace always is.
        if let Some(owner) = owner
            && !model.teams.is_empty()
            && !model.teams.contains_key(&owner.value)
        {
            self.unknown("team", owner, model.teams.keys().map(String::as_str));
        }
    }

    fn refers(&mut self, name: &Spanned<Name>, wanted: Wanted, model: &Model) -> bool {
        let context = model.contexts.get(&name.context);
        let is_pulled = wanted.may_be_pulled() && model.pulled.contains_key(&name.value);
        if is_pulled || context.is_some_and(|context| wanted.has(context, &name.name)) {
            return true;
        }
        let noun = wanted.noun();
        let mut pulled =
            model.pulled.keys().filter(|it| it.context == name.context).map(|it| it.name.as_str()).peekable();
        if context.is_none() && pulled.peek().is_some() {
            let (message, help) = if wanted.may_be_pulled() {
                let message = format!("the pulled context `{}` has no {noun} `{}`", name.context, name.name);
                (message, did_you_mean(&name.name, pulled))
            } else {
                let message = format!("the context `{}` is another workspace's", name.context);
                (message, Some("its events can be read here, and nothing else of it be spoken of".to_owned()))
            };
            self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).maybe_help(help));
            return false;
        }
        let message = match context {
            Some(_) => format!("the context `{}` has no {noun} `{}`", name.context, name.name),
            None => format!("there is no context `{}`", name.context),
        };
        let elsewhere = model.contexts.iter().find(|(_, context)| wanted.has(context, &name.name));
        let help = match (elsewhere, context) {
            (Some((other, _)), _) => Some(format!("did you mean `{other}.{}`?", name.name)),
            (None, Some(context)) => did_you_mean(&name.name, wanted.names(context)),
            (None, None) => {
                let pull = || format!("if it is another workspace's, `isobar pull {}` brings it here", name.context);
                did_you_mean(&name.context, model.contexts.keys().map(String::as_str))
                    .or_else(|| wanted.may_be_pulled().then(pull))
            }
        };
        self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).maybe_help(help));
        false
    }

    fn refer_each<'a>(&mut self, names: impl IntoIterator<Item = &'a Spanned<Name>>, wanted: Wanted, model: &Model) {
        for name in names {
            self.refers(name, wanted, model);
        }
    }

    fn context_names(&mut self, context: &Context, model: &Model) {
        self.team(&context.owner, model);
        let envelopes =
            context.events.values().map(|it| &it.envelope).chain(context.commands.values().map(|it| &it.envelope));
        for envelope in envelopes.chain([&context.envelope]).flatten() {
            self.known_envelope(envelope, &model.envelopes);
        }
        self.flat_envelopes(context, model);
        for system in context.external_systems.values() {
            self.refer_each(&system.handles, Wanted::Command, model);
        }
        let mut on_wire: HashMap<&str, Span> = HashMap::new();
        for event in context.events.values() {
            if let Some(first) = on_wire.insert(event.wire_name(), event.name.span) {
                let message = format!("two events of the context are called `{}` on the wire", event.wire_name());
                let at = event.wire.as_ref().map_or(event.name.span, |wire| wire.span);
                self.push(Diagnostic::new(&codes::WIRE_CLASH, at, message).also(first, "the other one"));
            }
            self.refer_each(&event.from, Wanted::Read, model);
            self.refer_each(&event.splits_into, Wanted::Event, model);
            self.refer_each(&event.merged_from, Wanted::Event, model);
            self.refer_each(event.upgrade.by_event.iter().map(|(name, _)| name), Wanted::Event, model);
            self.split_or_merged(event, model);
            self.refer_each(event.deprecated.iter().filter_map(|it| it.instead.as_ref()), Wanted::Read, model);
        }
        for command in context.commands.values() {
            for by in &command.by {
                let known = context.actors.keys().chain(context.external_systems.keys()).map(String::as_str);
                if !known.clone().any(|name| name == by.value) {
                    self.unknown("actor", by, known);
                }
            }
            self.refer_each(&command.uses, Wanted::ReadModel, model);
            self.refer_each(&command.emits, Wanted::Event, model);
            self.refer_each(command.deprecated.iter().filter_map(|it| it.instead.as_ref()), Wanted::Command, model);
        }
        for policy in context.policies.values() {
            self.refer_each(&policy.when, Wanted::Read, model);
            self.refer_each(&policy.then, Wanted::Command, model);
        }
        for saga in context.sagas.values() {
            self.refer_each(saga.starts.iter().chain(&saga.succeeds).chain(&saga.fails), Wanted::Read, model);
            for step in &saga.steps {
                self.refer_each([&step.command].into_iter().chain(&step.undo), Wanted::Command, model);
                self.refer_each(step.ok.iter().chain(&step.fail), Wanted::Read, model);
            }
            if let (Some(key), Some(start)) = (&saga.key, &saga.starts)
                && let Some((fields, types)) = model.read(start)
            {
                self.known_field(key, fields, types);
            }
        }
        for aggregate in context.aggregates.values() {
            let events = aggregate.events.iter().filter_map(|name| context.events.get(name)?.fields.as_deref());
            if let Some(key) = &aggregate.key
                && !aggregate.state.is_empty()
                && !events.clone().any(|fields| fields.iter().any(|field| field.name.value == key.value))
            {
                self.known_field(key, &aggregate.state, &model.types);
            }
            for scenario in &aggregate.scenarios {
                self.refer_each(scenario.given.iter().map(|(name, _)| name), Wanted::Event, model);
                self.refer_each(scenario.when.iter().map(|(name, _)| name), Wanted::Command, model);
                let outcomes = scenario.then.iter().filter_map(|it| match it {
                    Outcome::Event(name, _) => Some(name),
                    Outcome::Refused(_) => None,
                });
                self.refer_each(outcomes, Wanted::Event, model);
            }
        }
        for view in context.read_models.values() {
            let queried =
                view.queries.iter().flat_map(|it| it.by.iter().chain(it.order.iter().map(|(field, _)| field)));
            for field in view.key.iter().chain(queried) {
                self.known_field(field, &view.fields, &model.types);
            }
            self.refer_each(view.from.iter().map(|it| &it.event), Wanted::Read, model);
        }
        for hotspot in &context.hotspots {
            if !names_something(&hotspot.at.value, context, model) {
                let known = context.events.keys().chain(context.commands.keys()).chain(context.aggregates.keys());
                self.unknown("element", &hotspot.at, known.map(String::as_str));
            }
        }
    }

    /// An event that was split, merged or dropped keeps its name and nothing else, and `upgrade` names the others.
    fn split_or_merged(&mut self, event: &Event, model: &Model) {
        let others: Vec<&Spanned<Name>> = event.splits_into.iter().chain(&event.merged_from).collect();
        for (name, _) in &event.upgrade.by_event {
            if model.event(name).is_some() && !others.iter().any(|other| other.value == name.value) {
                let message = format!("`{name}` is none of the events of this split or merge");
                let known: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
                let help = format!("`upgrade` has a part for each of {}", known.join(", "));
                self.push(Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message).help(help));
            }
        }
        if let (Some(_), Some(first)) = (&event.fields, event.splits_into.first()) {
            let message = format!("`{}` was split, so it has no fields of its own any more", event.name);
            let help = "remove `fields`: the history keeps the shape of what was released";
            self.push(Diagnostic::new(&codes::BAD_VALUE, first.span, message).help(help));
        }
        for old in &event.merged_from {
            if model.event(old).is_some_and(|it| it.fields.is_some()) {
                let message = format!("`{old}` still has fields, so its data is its own");
                let help = format!("leave the bare name `{}:` of it, or do not merge it", old.name);
                self.push(Diagnostic::new(&codes::BAD_VALUE, old.span, message).help(help));
            }
        }
    }

    fn messaging_names(&mut self, model: &Model) {
        for topic in model.topics.values() {
            if let Some(broker) = topic.broker.as_ref().filter(|it| !model.brokers.contains_key(&it.value)) {
                self.unknown("broker", broker, model.brokers.keys().map(String::as_str));
            }
            self.refer_each(&topic.carries, Wanted::Carried, model);
            let by_field = |key: &Spanned<String>| {
                let carried = topic.carries.iter().filter_map(|name| model.read(name));
                carried.flat_map(|(fields, _)| fields).any(|field| field.name.value == key.value)
            };
            let key = topic.key.iter().filter(|key| !by_field(key));
            for role in topic.headers.values().chain(key) {
                if !super::ROLES.contains(&role.value.as_str()) {
                    self.unknown("envelope role", role, super::ROLES.iter().copied());
                }
            }
        }
        for consumer in model.consumers.values() {
            self.team(&consumer.owner, model);
            for topic in consumer.reads.iter().filter(|it| !model.topics.contains_key(&it.value)) {
                self.unknown("topic", topic, model.topics.keys().map(String::as_str));
            }
            if let Some(by) =
                consumer.idempotent.as_ref().map(|it| &it.by).filter(|by| !super::ROLES.contains(&by.value.as_str()))
            {
                self.unknown("envelope role", by, super::ROLES.iter().copied());
            }
            self.refer_each(consumer.accepts.iter().map(|(name, _)| name), Wanted::Read, model);
            self.refer_each(consumer.needs.iter().map(|(name, _)| name), Wanted::Read, model);
        }
    }

    /// A dotted path of fields, through lists, sets and maps to their items.
    fn known_field(&mut self, path: &Spanned<String>, fields: &[Field], types: &Types) {
        let mut at = fields;
        for part in path.split('.') {
            let Some(field) = at.iter().find(|field| field.name.value == part) else {
                let known = || at.iter().map(|field| field.name.value.as_str());
                let message = format!("there is no field `{}`", path.value);
                let help = did_you_mean(part, known()).unwrap_or_else(|| format!("there is {}", list(known())));
                self.push(Diagnostic::new(&codes::UNKNOWN_FIELD, path.span, message).help(help));
                return;
            };
            let mut shape = types.resolve(&field.shape);
            while let ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) = &shape.kind {
                shape = types.resolve(item);
            }
            at = match &shape.kind {
                ShapeKind::Record(fields) => fields,
                _ => &[],
            };
        }
    }
}

fn unknown_type(name: &TypeName, shape: &Shape, types: &Types) -> Diagnostic {
    let same = |other: &&TypeName| other.name == name.name;
    let own = types.0.keys().filter(|other| other.context == name.context);
    let help = match types.0.keys().find(same) {
        Some(other) => Some(format!("did you mean `{other}`?")),
        None => did_you_mean(&name.name, own.map(|other| other.name.as_str())),
    };
    let message = format!("the context `{}` has no type `{}`", name.context, name.name);
    Diagnostic::new(&codes::UNKNOWN_NAME, shape.span, message).maybe_help(help)
}

/// Whether any element of the context, or `context.Name` of another, has the name.
fn names_something(name: &str, context: &Context, model: &Model) -> bool {
    let (context, name) = match name.rsplit_once('.') {
        Some((other, name)) => match model.contexts.get(other) {
            Some(other) => (other, name),
            None => return false,
        },
        None => (context, name),
    };
    Wanted::Carried.has(context, name)
        || Wanted::ReadModel.has(context, name)
        || context.policies.contains_key(name)
        || context.sagas.contains_key(name)
        || context.actors.contains_key(name)
        || context.external_systems.contains_key(name)
}
