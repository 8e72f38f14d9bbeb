//! What the code of one message needs of a workspace: the event, those that it became or that became it, and every type that any of
//! their versions reaches; or the command and its types. Decides nothing about the code itself.

use isobar_model::{
    Field, Shape, ShapeKind, TypeName, Types,
    model::{Command, Name},
    shape::{Scalar, TypeDef},
};
use isobar_registry::{Workspace, evolution::Onward};
use std::collections::HashSet;

/// The part of a workspace that is planned.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    events: HashSet<&'a Name>,
    command: Option<&'a Command>,
    types: HashSet<&'a TypeName>,
    contexts: HashSet<&'a str>,
}

impl<'a> Part<'a> {
    /// The part that an event needs; none where there is no such event.
    pub(super) fn of(workspace: &'a Workspace, event: &Name) -> Option<Part<'a>> {
        let mut part = Part { events: [&workspace.evolutions.get(event)?.name].into(), ..Part::default() };
        while part.relate(workspace) {}
        let heads = &workspace.model.types;
        for evolution in part.events.iter().filter_map(|name| workspace.evolutions.get(*name)) {
            for known in &evolution.versions {
                let mut met = HashSet::new();
                reached(known.fields(), &known.types, &mut met);
                part.types.extend(met);
            }
        }
        // A type of a release may be another one by now, with other types in it.
        let mut met = HashSet::new();
        part.types.iter().for_each(|name| follow(name, heads, &mut met));
        part.types.extend(met);
        let types = part.types.iter().map(|name| name.context.as_str());
        part.contexts = part.events.iter().map(|name| name.context.as_str()).chain(types).collect();
        Some(part)
    }

    /// The part that a command needs; none where there is no such command.
    pub(super) fn of_command(workspace: &'a Workspace, name: &'a Name) -> Option<Part<'a>> {
        let command = workspace.model.command(name)?;
        let mut part = Part { command: Some(command), contexts: [name.context.as_str()].into(), ..Part::default() };
        reached(command.fields.as_deref()?, &workspace.model.types, &mut part.types);
        part.contexts.extend(part.types.iter().map(|name| name.context.as_str()));
        Some(part)
    }

    /// Adds the events that those here became or that became them; whether there were any.
    fn relate(&mut self, workspace: &'a Workspace) -> bool {
        let before = self.events.len();
        for (name, evolution) in &workspace.evolutions {
            let Onward::Others(others) = &evolution.onward else { continue };
            if self.events.contains(name) || others.iter().any(|it| self.events.contains(&it.name)) {
                self.events.insert(name);
                self.events.extend(others.iter().map(|it| &it.name));
            }
        }
        self.events.len() > before
    }

    /// Whether the event is planned.
    pub(super) fn has(&self, context: &str, name: &str) -> bool {
        self.events.iter().any(|it| it.context == context && it.name == name)
    }

    /// Whether the command is planned.
    pub(super) fn gives(&self, command: &Command) -> bool {
        self.command.is_some_and(|it| std::ptr::eq(it, command))
    }

    /// Whether anything of the context is planned.
    pub(super) fn reaches(&self, context: &str) -> bool {
        self.contexts.contains(context)
    }

    /// Whether the type is planned. Identifiers are found by their prefix, which all of them decide together.
    pub(super) fn names(&self, name: &TypeName, def: &TypeDef) -> bool {
        self.types.contains(name) || matches!(def.shape.kind, ShapeKind::Scalar(Scalar::Id(_)))
    }
}

/// The names of types that fields reach.
fn reached<'a>(fields: &'a [Field], types: &'a Types, met: &mut HashSet<&'a TypeName>) {
    fields.iter().for_each(|field| within(&field.shape, types, met));
}

fn follow<'a>(name: &'a TypeName, types: &'a Types, met: &mut HashSet<&'a TypeName>) {
    if met.insert(name)
        && let Some(def) = types.get(name)
    {
        within(&def.shape, types, met);
    }
}

fn within<'a>(shape: &'a Shape, types: &'a Types, met: &mut HashSet<&'a TypeName>) {
    match &shape.kind {
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) => {}
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => within(item, types, met),
        ShapeKind::Record(fields) => reached(fields, types, met),
        ShapeKind::Union(union) => union.branches.iter().for_each(|(_, shape)| within(shape, types, met)),
        ShapeKind::Ref(name) => follow(name, types, met),
    }
}
