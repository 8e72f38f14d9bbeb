//! Events as text: one struct a major with the hops between them, the traits of the head, and one enum for each aggregate.

use super::{
    build::{DOWNGRADE_HOOKS, UPGRADE_HOOKS, into_hooks},
    envelopes,
    hooks::{self, Hooked, Tested, ask},
    hop::{self, Refused, Written},
    names::snake,
    older::older,
    onward::{Pasts, Seen},
    plan::{AggregatePlan, ContextPlan, EventPlan, Form, MajorPlan, Minor, Plan},
    targets,
    text::{Code, quoted},
    types,
};
use isobar_model::{Diagnostic, Diagnostics, diag::codes, expr::Typed, model::Name};
use isobar_registry::evolution::Onward;
use std::collections::HashSet;

/// Writes an event: a module with a module for each major, and the head of a living one beside it.
pub(super) fn event(
    plan: &Plan<'_>,
    pasts: &Pasts<'_, '_>,
    event: &EventPlan<'_>,
    code: &mut Code,
    diagnostics: &mut Diagnostics,
) {
    let Some(head) = event.majors.last() else {
        return;
    };
    let ways = ways(plan, event, diagnostics);
    let onward = onward(plan, event, head, diagnostics);
    let is_over = !matches!(event.onward, Onward::Itself);
    let others: Vec<String> = onward.iter().map(|(other, _)| format!("`{}`", other.name)).collect();
    code.gap();
    code.doc(
        None,
        &match is_over {
            true => format!("Every version of `{}`, of which all data is {} now.", event.name, others.join(" and ")),
            false => format!("Every version of `{}`.", event.name),
        },
    );
    code.block(format!("pub mod {}", event.module), |code| {
        for (i, major) in event.majors.iter().enumerate() {
            code.gap();
            let is_head = major.item == head.item;
            let about = if is_head && !is_over { "the current" } else { "a former" };
            code.line(format!("/// Major version {}, {about} one.", major.version.major));
            code.block(format!("pub mod v{}", major.version.major), |code| {
                types::item(plan, major.item, code);
                if i > 0 {
                    hops(plan, event, &event.majors[i - 1], major, &ways[i], code);
                }
                if is_head {
                    let back: Vec<bool> = ways.iter().map(|(_, down)| down.is_some() && !is_over).collect();
                    let of_one = [(event, None)];
                    let seen = (!is_over).then(|| pasts.seen(&of_one, [].into_iter()));
                    traits(plan, event, &back, seen.as_deref(), code);
                    onward.iter().for_each(|way| others_of(plan, event, head, way, code));
                }
                major.items.iter().for_each(|item| types::item(plan, *item, code));
                major.minors.iter().for_each(|minor| self::minor(plan, minor, code));
            });
        }
        if !is_over {
            code.line(format!("pub use v{}::{};", head.version.major, event.ident));
        }
        tests(plan, event, &ways, &onward, code);
    });
    if !is_over {
        code.line(format!("pub use {}::{};", event.module, event.ident));
    }
}

/// An event that another becomes, in one of its majors, and the way there.
struct Other<'p> {
    name: &'p Name,
    major: &'p MajorPlan<'p>,
    hooks: String,
}

/// The ways to other events, where the event is over.
fn onward<'p>(
    plan: &'p Plan<'p>,
    event: &'p EventPlan<'p>,
    last: &MajorPlan<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(Other<'p>, Option<Written>)> {
    let Onward::Others(others) = event.onward else { return Vec::new() };
    let module = &plan.items[last.item].module;
    let mut ways = Vec::new();
    for other in others {
        let next = plan.event(&other.name);
        let major = next.and_then(|it| it.majors.iter().find(|it| it.version.major == other.major));
        let Some(major) = major else { continue };
        let (context, name) = (snake(&other.name.context), snake(&other.name.name));
        let foreign = other.name.context != event.name.context;
        let prefix = if foreign { format!("into_{context}_{name}") } else { format!("into_{name}") }.replace("r#", "");
        let hooks = into_hooks(&other.name);
        let written = match hop::hop(plan, module, (&prefix, &hooks), last.item, major.item, &other.hop) {
            Ok(written) => Some(written),
            Err(refused) => {
                let way = format!("the way from `{}` to `{}`", event.name, other.name);
                diagnostics.push(refusal(&way, event, &refused));
                None
            }
        };
        ways.push((Other { name: &other.name, major, hooks }, written));
    }
    ways
}

/// Writes the way to another event.
fn others_of(
    plan: &Plan<'_>,
    event: &EventPlan<'_>,
    last: &MajorPlan<'_>,
    (other, written): &(Other<'_>, Option<Written>),
    code: &mut Code,
) {
    let Some(written) = written else { return };
    let module = &plan.items[last.item].module;
    let way = format!("the way from `{}` to `{}`", event.name, other.name);
    ask(&Hooked { way, name: &other.hooks, module, old: plan.path(module, last.item) }, written, code);
    let about = format!("Data of `{}` as `{}` {} has it.", event.name, other.name, other.major.version);
    hop::implementation(plan, module, (last.item, other.major.item), written, &about, code);
}

/// The ways between the major before and each major: up and back.
type Ways = (Option<Written>, Option<Written>);

fn ways(plan: &Plan<'_>, event: &EventPlan<'_>, diagnostics: &mut Diagnostics) -> Vec<Ways> {
    let mut ways = vec![(None, None)];
    for pair in event.majors.windows(2) {
        let [before, major] = pair else { continue };
        let module = &plan.items[major.item].module;
        let mut written = |names, from: &MajorPlan<'_>, to: &MajorPlan<'_>, typed: Option<&Typed>| match hop::hop(
            plan, module, names, from.item, to.item, typed?,
        ) {
            Ok(written) => Some(written),
            Err(refused) => {
                diagnostics.push(refusal(&way(event, from, to), event, &refused));
                None
            }
        };
        let up = written(("upgrade", UPGRADE_HOOKS), before, major, before.up);
        let down = written(("downgrade", DOWNGRADE_HOOKS), major, before, major.down);
        ways.push((up, down));
    }
    ways
}

/// Writes the ways between the major before and this one.
fn hops(
    plan: &Plan<'_>,
    event: &EventPlan<'_>,
    before: &MajorPlan<'_>,
    major: &MajorPlan<'_>,
    (up, down): &Ways,
    code: &mut Code,
) {
    let module = &plan.items[major.item].module;
    if let Some(written) = up {
        let way = way(event, before, major);
        ask(&Hooked { way, name: UPGRADE_HOOKS, module, old: plan.path(module, before.item) }, written, code);
        let about = format!("Data of {} as {} has it.", before.version, major.version);
        hop::implementation(plan, module, (before.item, major.item), written, &about, code);
    }
    if let Some(written) = down {
        let way = way(event, major, before);
        ask(&Hooked { way, name: DOWNGRADE_HOOKS, module, old: plan.path(module, major.item) }, written, code);
        let lost: Vec<String> = major.lossy.iter().map(|path| format!("`{path}`")).collect();
        let lost = match lost.as_slice() {
            [] => String::new(),
            lost => format!(" Not brought back: {}.", lost.join(", ")),
        };
        let about = format!("Data of {} as readers of {} see it.{lost}", major.version, before.version);
        hop::implementation(plan, module, (major.item, before.item), written, &about, code);
    }
}

fn way(event: &EventPlan<'_>, from: &MajorPlan<'_>, to: &MajorPlan<'_>) -> String {
    let kind = if from.version < to.version { "upgrade" } else { "downgrade" };
    format!("the {kind} of `{}` from {} to {}", event.name, from.version, to.version)
}

fn refusal(way: &str, event: &EventPlan<'_>, refused: &Refused) -> Diagnostic {
    let span = event.event.name.span;
    match refused {
        Refused::Hook(why) => {
            let message = format!("{way} calls {why}");
            Diagnostic::new(&codes::NAME_COLLISION, span, message)
                .help("a hook is one function: give two of them names")
        }
        Refused::Unconvertible => {
            let message = format!("{way} cannot be written in Rust yet");
            Diagnostic::new(&codes::NOT_GENERATED, span, message).help("write it in smaller steps, or as a hook")
        }
    }
}

/// Writes the struct of a version that is not just some members of the newest one.
fn minor(plan: &Plan<'_>, minor: &Minor<'_>, code: &mut Code) {
    if let Form::Item(item, types) = &minor.form {
        code.gap();
        code.line(format!("/// What version {} writes, where readers know no newer one.", minor.version));
        code.block(format!("pub mod minor{}", minor.version.minor), |code| {
            types::item(plan, *item, code);
            types.iter().for_each(|item| types::item(plan, *item, code));
        });
    }
}

/// Writes the tests of hooks, where there are any.
fn tests(
    plan: &Plan<'_>,
    event: &EventPlan<'_>,
    ways: &[Ways],
    onward: &[(Other<'_>, Option<Written>)],
    code: &mut Code,
) {
    let Some(head) = event.majors.last() else { return };
    let mut module = plan.items[head.item].module.to_vec();
    module.truncate(2);
    module.push("tests".into());
    let mut all = Code::default();
    let mut test = |test: String, written: &Option<Written>, from: &MajorPlan<'_>, to: &MajorPlan<'_>| {
        if written.as_ref().is_some_and(|it| !it.hooks.is_empty()) {
            let (old, new) = (plan.path(&module, from.item), plan.path(&module, to.item));
            hooks::test(&Tested { test, event: &event.name, from: (from, old), to: (to.version, new) }, &mut all);
        }
    };
    for (pair, (up, down)) in event.majors.windows(2).zip(&ways[1..]) {
        let [before, major] = pair else { continue };
        for (written, from, to) in [(up, before, major), (down, major, before)] {
            test(format!("v{}_to_v{}", from.version.major, to.version.major), written, from, to);
        }
    }
    for (other, written) in onward {
        test(snake(&other.hooks), written, head, other.major);
    }
    let all = all.finish();
    if !all.is_empty() {
        code.gap();
        code.line("/// Hooks on the examples of the versions that they read.");
        code.line("#[cfg(test)]");
        code.block("mod tests", |code| code.paste(&all));
    }
}

/// What the current major implements. `seen` is what a living event sees of those that are over.
fn traits(plan: &Plan<'_>, event: &EventPlan<'_>, back: &[bool], seen: Option<&[Seen<'_, '_, '_>]>, code: &mut Code) {
    let Some(head) = event.majors.last() else {
        return;
    };
    let (name, wire) = (quoted(&event.name.to_string()), quoted(event.event.wire_name()));
    let module = &plan.items[head.item].module;
    let path = |major: &MajorPlan<'_>| match major.item == head.item {
        true => format!("{} Self", pair(major)),
        false => format!("{} {}", pair(major), plan.path(module, major.item)),
    };
    let mut row = format!("{} = {name}, {wire}, {}", event.ident, pair(head));
    row.extend(event.event.aggregate.as_deref().map(|aggregate| format!(", of {}", quoted(aggregate))));
    row.extend(event.schema_id.as_ref().map(|id| format!(", schema {}", quoted(id))));
    row.extend(envelopes::profile(plan, event, module).map(|profile| format!(", envelope {profile}")));
    code.gap();
    code.block("::isobar::event!", |code| {
        code.line(row + ":");
        for i in 0..event.majors.len() - 1 {
            code.line(format!("{};", event.majors[i..].iter().map(path).collect::<Vec<_>>().join(" > ")));
        }
        // What is written of older versions is a row each where all of them are majors that there is a way back to.
        let plain = event.majors.iter().all(|major| major.minors.len() == 1);
        let rows = plain && event.majors.len() > 1 && back[1..].iter().all(|back| *back);
        if rows {
            let older = (0..event.majors.len() - 1).map(|to| {
                let way: Vec<String> = event.majors[to..].iter().rev().skip(1).map(path).collect();
                format!("{}: {}", pair(&event.majors[to]), way.join(" > "))
            });
            code.line(format!("back {};", older.collect::<Vec<_>>().join(", ")));
        }
        if let Some(seen) = seen {
            let names = own_names([event].into_iter().chain(seen.iter().map(|it| it.event)));
            code.line(format!("named {};", pattern(&names[0])));
            past(plan, module, seen, &names[1..], code);
        }
        let mut more = Code::default();
        older(plan, event, back, rows, &mut more);
        let more = more.finish();
        if !more.is_empty() {
            code.open("{");
            code.paste(&more);
            code.close("}");
        }
    });
}

/// The version of a major in a table.
fn pair(major: &MajorPlan<'_>) -> String {
    format!("({}, {})", major.version.major, major.version.minor)
}

/// Writes the enum of an aggregate's events.
pub(super) fn aggregate(
    plan: &Plan<'_>,
    pasts: &Pasts<'_, '_>,
    context: &ContextPlan<'_>,
    aggregate: &AggregatePlan<'_>,
    code: &mut Code,
) {
    let ident = &aggregate.ident;
    let all: Vec<&EventPlan<'_>> = aggregate.events.iter().map(|at| &context.events[*at]).collect();
    code.gap();
    let variants: Vec<(&EventPlan<'_>, Option<&str>)> =
        all.iter().map(|event| (*event, Some(event.ident.as_str()))).collect();
    let seen = pasts.seen(&variants, aggregate.past.iter().map(|at| &context.past[*at].name));
    code.block("::isobar::events!", |code| {
        code.doc(None, &format!("Any event of the aggregate `{}`.", aggregate.aggregate.name));
        code.line("#[derive(Clone, Debug, PartialEq)]");
        aggregate.attributes.own.iter().for_each(|attribute| code.line(attribute));
        let names = own_names(all.iter().copied().chain(seen.iter().map(|it| it.event)));
        code.block(format!("pub enum {ident}"), |code| {
            for (event, names) in all.iter().zip(&names) {
                code.doc(event.event.doc.as_deref(), &format!("The event `{}`.", event.name));
                code.line(format!("{}: {};", event.ident, pattern(names)));
            }
        });
        past(plan, std::slice::from_ref(&context.ident), &seen, &names[all.len()..], code);
    });
    targets::aggregate(plan, context, aggregate, code);
}

/// Writes the arms of events that are over, where a set of events sees any.
fn past(plan: &Plan<'_>, module: &[String], seen: &[Seen<'_, '_, '_>], names: &[Vec<&str>], code: &mut Code) {
    let seen: Vec<_> = seen.iter().zip(names).filter(|(_, names)| !names.is_empty()).collect();
    if seen.is_empty() {
        return;
    }
    let listed: Vec<String> = seen.iter().flat_map(|(_, names)| names.iter()).map(|name| quoted(name)).collect();
    code.open(format!("past [{}] |version, payload| {{", listed.join(", ")));
    seen.iter().for_each(|(seen, names)| seen.decode(plan, module, &pattern(names), code));
    code.dedent();
    code.open("} {");
    let several = seen.iter().filter(|(it, _)| !it.is_one());
    several.for_each(|(seen, names)| seen.decode_all(plan, module, &pattern(names), code));
    code.close("}");
}

/// Any of the names, as a pattern.
fn pattern(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" | ")
}

/// The names that each event is found by. What an event is called now goes before what another was once called, and events that
/// are over come last.
fn own_names<'e>(all: impl Iterator<Item = &'e EventPlan<'e>> + Clone) -> Vec<Vec<&'e str>> {
    let mut taken: HashSet<&str> = HashSet::new();
    let mut names: Vec<Vec<&str>> = vec![Vec::new(); all.clone().count()];
    for present in [true, false] {
        for (event, own) in all.clone().zip(&mut names) {
            let count = if present { event.present } else { event.names.len() };
            let is_over = !matches!(event.onward, Onward::Itself);
            if !(is_over && present) {
                own.extend(event.names[..count].iter().map(String::as_str).filter(|name| taken.insert(name)));
            }
        }
    }
    names
}
