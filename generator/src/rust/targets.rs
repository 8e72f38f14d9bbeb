//! Traits of frameworks for the enums of aggregates, where a build script asks for them. What the traits need beyond what is
//! there anyway, the runtime's bridge to serde gives.

use super::{
    plan::{AggregatePlan, Body, ContextPlan, EventPlan, Member, Plan, TypeKind},
    text::{Code, quoted},
};
use crate::options::Target;
use isobar_model::{Presence, shape::Scalar};

/// Serde for a type that reads and writes itself.
pub(super) fn item(plan: &Plan<'_>, ident: &str, code: &mut Code) {
    if plan.targets.contains(&Target::Serde) {
        code.gap();
        code.line(format!("::isobar::serde_bridge!({ident});"));
    }
}

/// Everything that was asked for.
pub(super) fn aggregate(plan: &Plan<'_>, context: &ContextPlan<'_>, aggregate: &AggregatePlan<'_>, code: &mut Code) {
    if plan.targets.is_empty() {
        return;
    }
    code.gap();
    code.line(format!("::isobar::serde_bridge!(event {});", aggregate.ident));
    for target in &plan.targets {
        match target {
            Target::Serde => {}
            Target::CqrsEs => cqrs_es(&aggregate.ident, code),
            Target::Disintegrate => disintegrate(plan, context, aggregate, code),
        }
    }
}

fn cqrs_es(ident: &str, code: &mut Code) {
    code.gap();
    code.block(format!("impl ::cqrs_es::DomainEvent for {ident}"), |code| {
        code.block("fn event_type(&self) -> ::std::string::String", |code| {
            code.line("::std::string::String::from(::isobar::Events::name(self))");
        });
        code.gap();
        code.line("/// `2.0`: without the `v`, so that it reads as a semantic version.");
        code.block("fn event_version(&self) -> ::std::string::String", |code| {
            code.line("let version = ::isobar::Events::version(self);");
            code.line("::std::format!(\"{}.{}\", version.major, version.minor)");
        });
    });
}

/// The aggregate's key as a domain identifier of an event that has it.
struct Key {
    /// Its name, which is also the field's but for `r#`.
    name: String,
    /// The kind, as disintegrate calls it.
    kind: &'static str,
    value: String,
}

fn disintegrate(plan: &Plan<'_>, context: &ContextPlan<'_>, aggregate: &AggregatePlan<'_>, code: &mut Code) {
    let (ident, key) = (&aggregate.ident, aggregate.aggregate.key.as_ref().map(|key| key.value.as_str()));
    let events: Vec<(&EventPlan<'_>, Option<Key>)> = aggregate
        .events
        .iter()
        .map(|at| &context.events[*at])
        .map(|event| (event, key.and_then(|key| self::key(plan, event, key))))
        .collect();
    code.gap();
    code.block(format!("impl ::disintegrate::Event for {ident}"), |code| {
        code.open("const SCHEMA: ::disintegrate::EventSchema = ::disintegrate::EventSchema {");
        let names: Vec<String> = events.iter().map(|(event, _)| quoted(event.event.wire_name())).collect();
        code.line(format!("events: &[{}],", names.join(", ")));
        code.open("events_info: &[");
        for ((_, key), name) in events.iter().zip(&names) {
            let ids = key.as_ref().map_or(String::new(), |key| format!("&::disintegrate::ident!(#{})", key.name));
            code.line(format!("&::disintegrate::EventInfo {{ name: {name}, domain_ids: &[{ids}] }},"));
        }
        code.close("],");
        code.open("domain_ids: &[");
        // The key is one field, so all events that have it give it one name; of two kinds the first counts.
        if let Some(key) = events.iter().find_map(|(_, key)| key.as_ref()) {
            code.open("&::disintegrate::DomainIdInfo {");
            code.line(format!("ident: ::disintegrate::ident!(#{}),", key.name));
            code.line(format!("type_info: ::disintegrate::IdentifierType::{},", key.kind));
            code.close("},");
        }
        code.close("],");
        code.close("};");
        code.gap();
        code.block("fn domain_ids(&self) -> ::disintegrate::DomainIdSet", |code| {
            code.block("match self", |code| {
                for (event, key) in &events {
                    let (pattern, ids) = match key {
                        Some(key) => ("event", format!("{}: {}", key.name, key.value)),
                        None => ("_", String::new()),
                    };
                    let set = format!("::disintegrate::domain_ids! {{{ids}}}");
                    code.line(format!("Self::{}({pattern}) => {set},", event.ident));
                }
            });
        });
        code.gap();
        code.block("fn name(&self) -> &'static str", |code| code.line("::isobar::Events::name(self)"));
    });
}

/// The key of an event, if it has one that disintegrate can take: text, an integer of 64 bits or a UUID, under an ASCII name.
fn key(plan: &Plan<'_>, event: &EventPlan<'_>, key: &str) -> Option<Key> {
    let Body::Record(members) = &plan.items[event.majors.last()?.item].body else {
        return None;
    };
    let member: &Member<'_> = members.iter().find(|member| member.name == key)?;
    let name = member.ident.strip_prefix("r#").unwrap_or(&member.ident).to_owned();
    if !name.is_ascii() || *member.presence == Presence::Optional || member.boxed {
        return None;
    }
    let place = format!("event.{}", member.ident);
    let (kind, value) = match &member.ty.kind {
        TypeKind::Scalar(Scalar::String | Scalar::Id(_)) => ("String", place),
        TypeKind::Scalar(Scalar::Uuid) => ("Uuid", place),
        TypeKind::Scalar(Scalar::Int) => ("i64", place),
        TypeKind::Item(item) => match &plan.items[*item].body {
            Body::Id(_) => ("String", format!("{place}.as_str()")),
            Body::Newtype(inner) if inner.is_text() => ("String", format!("{place}.as_str()")),
            Body::Newtype(inner) => match &inner.kind {
                TypeKind::Scalar(Scalar::Uuid) => ("Uuid", format!("{place}.get()")),
                TypeKind::Scalar(Scalar::Int) => ("i64", format!("{place}.get()")),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    Some(Key { name, kind, value })
}
