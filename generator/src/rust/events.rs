//! Events as text: one struct a major with the hops between them, the traits of the head, and one enum for each aggregate.

use super::{
    envelopes,
    hop::{self, Refused},
    plan::{AggregatePlan, ContextPlan, EventPlan, MajorPlan, Plan},
    text::{Code, quoted},
    types,
};
use isobar_model::{Diagnostic, Diagnostics, diag::codes};
use std::collections::HashSet;

/// Writes an event: a module with a module for each major, and the head beside it.
pub(super) fn event(plan: &Plan<'_>, event: &EventPlan<'_>, code: &mut Code, diagnostics: &mut Diagnostics) {
    let Some(head) = event.majors.last() else {
        return;
    };
    code.gap();
    code.line(format!("/// Every version of `{}`.", event.name));
    code.block(format!("pub mod {}", event.module), |code| {
        for (i, major) in event.majors.iter().enumerate() {
            code.gap();
            let about = if major.item == head.item { "the current" } else { "a former" };
            code.line(format!("/// Major version {}, {about} one.", major.version.major));
            code.block(format!("pub mod v{}", major.version.major), |code| {
                types::item(plan, major.item, code);
                if i > 0 {
                    hops(plan, event, &event.majors[i - 1], major, code, diagnostics);
                }
                if major.item == head.item {
                    traits(plan, event, code);
                }
                major.items.iter().for_each(|item| types::item(plan, *item, code));
            });
        }
        code.gap();
        code.line(format!("pub use v{}::{};", head.version.major, event.ident));
    });
    code.gap();
    code.line(format!("pub use {}::{};", event.module, event.ident));
}

/// The ways from the major before to this one, and back.
fn hops(
    plan: &Plan<'_>,
    event: &EventPlan<'_>,
    before: &MajorPlan<'_>,
    major: &MajorPlan<'_>,
    code: &mut Code,
    diagnostics: &mut Diagnostics,
) {
    let module = plan.items[major.item].module.clone();
    for (typed, from, to) in [(before.up, before, major), (major.down, major, before)] {
        let up = to.item == major.item;
        let Some(typed) = typed else { continue };
        match hop::hop(plan, &module, if up { "upgrade" } else { "downgrade" }, from.item, to.item, typed) {
            Ok(written) => hop::implementation(plan, &module, from.item, to.item, &written, code),
            // A way back that is not there cannot be taken by mistake: code that calls it does not compile.
            Err(_) if !up => {}
            Err(refused) => diagnostics.push(refusal(event, before, major, &refused)),
        }
    }
}

fn refusal(event: &EventPlan<'_>, before: &MajorPlan<'_>, major: &MajorPlan<'_>, refused: &Refused) -> Diagnostic {
    let way = format!("the upgrade of `{}` from {} to {}", event.name, before.version, major.version);
    let (message, help) = match refused {
        Refused::Hook(name) => (
            format!("{way} calls the hook `fn({name})`, and hooks cannot be generated yet"),
            "write the value as an expression",
        ),
        Refused::Unconvertible => {
            (format!("{way} cannot be written in Rust yet"), "write the upgrade in smaller steps")
        }
    };
    Diagnostic::new(&codes::NOT_GENERATED, event.event.name.span, message).help(help)
}

/// What the current major implements.
fn traits(plan: &Plan<'_>, event: &EventPlan<'_>, code: &mut Code) {
    let Some(head) = event.majors.last() else {
        return;
    };
    let (name, wire) = (quoted(&event.name.to_string()), quoted(event.event.wire_name()));
    code.gap();
    code.block(format!("impl ::isobar::Event for {}", event.ident), |code| {
        code.line(format!("const NAME: &'static str = {name};"));
        code.line(format!("const WIRE_NAME: &'static str = {wire};"));
        code.line(format!("const VERSION: ::isobar::Version = {};", version(head)));
        let known: Vec<String> = event.majors.iter().map(version).collect();
        code.line(format!("const KNOWN: &'static [::isobar::Version] = &[{}];", known.join(", ")));
        if let Some(profile) = envelopes::profile(plan, event, &plan.items[head.item].module) {
            code.line(format!(
                "const ENVELOPE: ::core::option::Option<&'static ::isobar::Profile> = Some(&{profile});"
            ));
        }
        if let Some(id) = &event.schema_id {
            let id = quoted(id);
            code.line(format!("const SCHEMA_ID: ::core::option::Option<&'static str> = Some({id});"));
        }
        code.gap();
        let arguments = "version: ::isobar::Version, payload: &[u8]";
        let result = "::core::result::Result<Self, ::isobar::DecodeError>";
        code.block(format!("fn decode_version({arguments}) -> {result}"), |code| {
            code.block("match version.major", |code| {
                for (i, major) in event.majors.iter().enumerate() {
                    upcast(plan, event, &event.majors[i..], major, code);
                }
                let known = "<Self as ::isobar::Event>::KNOWN";
                code.line(format!("_ => Err(::isobar::unknown_version({name}, version, {known})),"));
            });
        });
    });
    let of_one = [(event, None)];
    events(&event.ident, &of_one, code);
}

fn version(major: &MajorPlan<'_>) -> String {
    format!("::isobar::Version::new({}, {})", major.version.major, major.version.minor)
}

/// The arm that reads one major and moves it, one hop after the other, to the head.
fn upcast(plan: &Plan<'_>, event: &EventPlan<'_>, way: &[MajorPlan<'_>], from: &MajorPlan<'_>, code: &mut Code) {
    let (Some(head), name) = (event.majors.last(), quoted(&event.name.to_string())) else {
        return;
    };
    let module = &plan.items[head.item].module;
    let arm = from.version.major;
    let Some((_, hops)) = way.split_first().filter(|(_, hops)| !hops.is_empty()) else {
        return code.line(format!("{arm} => ::isobar::decode_payload({name}, version, payload),"));
    };
    code.block(format!("{arm} =>"), |code| {
        let old = plan.path(module, from.item);
        code.line(format!("let old: {old} = ::isobar::decode_payload({name}, version, payload)?;"));
        for (i, next) in hops.iter().enumerate() {
            let hop = format!("::isobar::hop({name}, {}, {}, old)", version(&way[i]), version(next));
            match i + 1 == hops.len() {
                true => code.line(hop),
                false => code.line(format!("let old: {} = {hop}?;", plan.path(module, next.item))),
            }
        }
    });
}

/// Writes the enum of an aggregate's events.
pub(super) fn aggregate(context: &ContextPlan<'_>, aggregate: &AggregatePlan<'_>, code: &mut Code) {
    let ident = &aggregate.ident;
    let all: Vec<&EventPlan<'_>> = aggregate.events.iter().map(|at| &context.events[*at]).collect();
    code.gap();
    code.doc(None, &format!("Any event of the aggregate `{}`.", aggregate.aggregate.name));
    code.line("#[derive(Clone, Debug, PartialEq)]");
    code.block(format!("pub enum {ident}"), |code| {
        for event in &all {
            code.doc(event.event.doc.as_deref(), &format!("The event `{}`.", event.name));
            code.line(format!("{0}({0}),", event.ident));
        }
    });
    for event in &all {
        code.gap();
        code.block(format!("impl ::core::convert::From<{}> for {ident}", event.ident), |code| {
            code.block(format!("fn from(event: {}) -> Self", event.ident), |code| {
                code.line(format!("Self::{}(event)", event.ident));
            });
        });
    }
    let variants: Vec<(&EventPlan<'_>, Option<&str>)> =
        all.iter().map(|event| (*event, Some(event.ident.as_str()))).collect();
    events(ident, &variants, code);
}

/// Implements `Events` for one event, or for an enum with a variant for each.
fn events(ident: &str, all: &[(&EventPlan<'_>, Option<&str>)], code: &mut Code) {
    let names = own_names(all);
    let listed: Vec<String> = names.iter().flatten().map(|name| quoted(name)).collect();
    code.gap();
    code.block(format!("impl ::isobar::Events for {ident}"), |code| {
        code.line(format!("const NAMES: &'static [&'static str] = &[{}];", listed.join(", ")));
        code.gap();
        let arguments = "name: &str, version: &str, payload: &[u8]";
        let result = "::core::result::Result<Self, ::isobar::DecodeError>";
        code.block(format!("fn decode({arguments}) -> {result}"), |code| {
            code.block("match name", |code| {
                for ((_, variant), names) in all.iter().zip(&names) {
                    let pattern: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                    let wrap = variant.map_or(String::new(), |variant| format!(".map(Self::{variant})"));
                    code.line(format!("{} => ::isobar::decode_event(version, payload){wrap},", pattern.join(" | ")));
                }
                code.line("_ => Err(::isobar::unknown_name(name, <Self as ::isobar::Events>::NAMES)),");
            });
        });
        let result = "::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeError>";
        of_each("encode", result, "event", all, code, |_, event| format!("::isobar::encode_payload({event})"));
        of_each("name", "&'static str", "_", all, code, |event, _| quoted(event.event.wire_name()));
        of_each("version", "::isobar::Version", "_", all, code, |event, _| {
            event.majors.last().map_or_else(String::new, version)
        });
        let constant = |event: &EventPlan<'_>, name| format!("<{} as ::isobar::Event>::{name}", event.ident);
        if all.iter().any(|(event, _)| event.envelope.is_some()) {
            let result = "::core::option::Option<&'static ::isobar::Profile>";
            of_each("envelope", result, "_", all, code, |event, _| constant(event, "ENVELOPE"));
        }
        let result = "::core::option::Option<&'static str>";
        of_each("schema_id", result, "_", all, code, |event, _| constant(event, "SCHEMA_ID"));
    });
}

/// A method that asks the one event itself, or that of the variant.
fn of_each(
    method: &str,
    result: &str,
    pattern: &str,
    all: &[(&EventPlan<'_>, Option<&str>)],
    code: &mut Code,
    body: impl Fn(&EventPlan<'_>, &str) -> String,
) {
    code.gap();
    code.block(format!("fn {method}(&self) -> {result}"), |code| match all {
        [(event, None)] => code.line(body(event, "self")),
        _ => code.block("match self", |code| {
            for (event, variant) in all {
                let variant = variant.unwrap_or_default();
                code.line(format!("Self::{variant}({pattern}) => {},", body(event, pattern)));
            }
        }),
    });
}

/// The names that each event is found by. What an event is called now goes before what another was once called.
fn own_names<'e>(all: &[(&'e EventPlan<'_>, Option<&str>)]) -> Vec<Vec<&'e str>> {
    let mut taken: HashSet<&str> = HashSet::new();
    let mut names: Vec<Vec<&str>> = vec![Vec::new(); all.len()];
    for present in [true, false] {
        for ((event, _), own) in all.iter().zip(&mut names) {
            let count = if present { event.present } else { event.names.len() };
            own.extend(event.names[..count].iter().map(String::as_str).filter(|name| taken.insert(name)));
        }
    }
    names
}
