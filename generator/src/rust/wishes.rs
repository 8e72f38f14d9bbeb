//! A build script's options applied to the plan: attributes, boxes, and types that others define. What matches nothing is
//! reported, since a wish that is silently not granted is found much later.

use super::plan::{Attributes, Body, ItemId, Plan, TypeKind};
use crate::options::{Options, covers};
use isobar_model::{
    Diagnostic, Diagnostics, TypeName, Types,
    diag::{codes, did_you_mean},
};

/// Applies the options, before boxes are chosen.
pub(super) fn apply(plan: &mut Plan<'_>, types: &Types, options: &Options, diagnostics: &mut Diagnostics) {
    for target in &options.targets {
        if !plan.targets.contains(target) {
            plan.targets.push(*target);
        }
    }
    let mut wishes = Wishes { plan, diagnostics };
    for (pattern, attribute) in &options.type_attributes {
        wishes.type_attribute(pattern, attribute);
    }
    for (pattern, attribute) in &options.field_attributes {
        wishes.field_attribute(pattern, attribute);
    }
    for path in &options.boxed {
        wishes.boxed(path);
    }
    for (path, to) in &options.extern_paths {
        wishes.extern_path(path, to, types);
    }
}

struct Wishes<'p, 'a, 'd> {
    plan: &'p mut Plan<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Wishes<'_, 'a, '_> {
    fn type_attribute(&mut self, pattern: &str, attribute: &str) {
        let wish = format!("type_attribute({pattern:?}, {attribute:?})");
        if !self.is_attribute(&wish, attribute) {
            return;
        }
        let mut granted = false;
        for (path, attributes) in self.places() {
            if covers(pattern, path) {
                attributes.own.push(attribute.to_owned());
                granted = true;
            }
        }
        if !granted {
            let known = self.plan.items.iter().map(|item| item.path.clone());
            let known = known.chain(self.aggregates()).collect();
            self.nothing(&wish, pattern, "type", known);
        }
    }

    fn field_attribute(&mut self, pattern: &str, attribute: &str) {
        let wish = format!("field_attribute({pattern:?}, {attribute:?})");
        if !self.is_attribute(&wish, attribute) {
            return;
        }
        let mut granted = false;
        for at in 0..self.plan.items.len() {
            for (member, path) in self.members(at) {
                if covers(pattern, &path) {
                    self.plan.items[at].attributes.members.entry(member).or_default().push(attribute.to_owned());
                    granted = true;
                }
            }
        }
        if !granted {
            let known = self.all_members();
            self.nothing(&wish, pattern, "field", known);
        }
    }

    fn boxed(&mut self, path: &str) {
        let wish = format!("boxed({path:?})");
        let found: Vec<(ItemId, usize)> = (0..self.plan.items.len())
            .flat_map(|at| {
                self.members(at).into_iter().filter(|(_, it)| it == path).map(move |(member, _)| (at, member))
            })
            .collect();
        if found.is_empty() {
            let known = self.all_members();
            return self.nothing(&wish, path, "field", known);
        }
        let mut refused = false;
        for (at, member) in found {
            match &mut self.plan.items[at].body {
                Body::Record(members) if matches!(members[member].ty.kind, TypeKind::Item(_)) => {
                    members[member].boxed = true;
                }
                Body::Union { branches, .. } => branches[member].boxed = true,
                _ => refused = true,
            }
        }
        if refused {
            self.refuse(format!("`{wish}`: only fields of named or inline types, and branches, can be boxed"), None);
        }
    }

    fn extern_path(&mut self, path: &str, to: &str, types: &Types) {
        let wish = format!("extern_path({path:?}, {to:?})");
        let is_type = path.split_once('.').is_some_and(|(context, name)| {
            types.get(&TypeName { context: context.into(), name: name.into() }).is_some()
        });
        if !is_type {
            let known = types.0.keys().map(ToString::to_string).collect();
            return self.nothing(&wish, path, "named type", known);
        }
        for item in self.plan.items.iter_mut().filter(|item| item.module.len() == 1 && covers(path, &item.path)) {
            // What stands inline in it is the other type's business too.
            item.body = if item.path == path { Body::Extern(to.to_owned()) } else { Body::Pending };
        }
    }

    /// Everything that has attributes, with its path.
    fn places(&mut self) -> impl Iterator<Item = (&str, &mut Attributes)> + use<'_, 'a> {
        let Plan { items, contexts, .. } = &mut *self.plan;
        // Another name of a type can have no attributes of its own.
        let items = items.iter_mut().filter(|item| !matches!(item.body, Body::Alias(_)));
        let aggregates = contexts.iter_mut().flat_map(|context| &mut context.aggregates);
        items
            .map(|item| (item.path.as_str(), &mut item.attributes))
            .chain(aggregates.map(|aggregate| (aggregate.path.as_str(), &mut aggregate.attributes)))
    }

    fn aggregates(&self) -> Vec<String> {
        let all = self.plan.contexts.iter().flat_map(|context| &context.aggregates);
        all.map(|aggregate| aggregate.path.clone()).collect()
    }

    /// The members of an item, each with its path.
    fn members(&self, at: ItemId) -> Vec<(usize, String)> {
        let item = &self.plan.items[at];
        let names: Vec<&str> = match &item.body {
            Body::Record(members) => members.iter().map(|member| member.name).collect(),
            Body::Enum { values, .. } => values.iter().map(|value| value.wire).collect(),
            Body::Union { branches, .. } => branches.iter().map(|branch| branch.wire).collect(),
            _ => Vec::new(),
        };
        names.iter().enumerate().map(|(i, name)| (i, format!("{}.{name}", item.path))).collect()
    }

    fn all_members(&self) -> Vec<String> {
        (0..self.plan.items.len()).flat_map(|at| self.members(at)).map(|(_, path)| path).collect()
    }

    fn is_attribute(&mut self, wish: &str, attribute: &str) -> bool {
        let is = attribute.trim_start().starts_with("#[") && attribute.trim_end().ends_with(']');
        if !is {
            self.refuse(
                format!("`{wish}`: this is not an attribute"),
                Some("write it whole: `#[derive(Hash)]`".into()),
            );
        }
        is
    }

    fn nothing(&mut self, wish: &str, given: &str, what: &str, known: Vec<String>) {
        let help = did_you_mean(given, known.iter().map(String::as_str))
            .unwrap_or_else(|| "a path is `context`, `context.Name` or `context.Name.field`".into());
        self.refuse(format!("`{wish}` matches no {what}"), Some(help));
    }

    fn refuse(&mut self, message: String, help: Option<String>) {
        self.diagnostics.push(Diagnostic::general(&codes::UNKNOWN_NAME, message).maybe_help(help));
    }
}
