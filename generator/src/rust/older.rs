//! Writing older versions as text: the way back from the head, one hop after the other, and the fields of each minor.

use super::{
    hooks::version,
    plan::{EventPlan, Form, MajorPlan, Plan},
    text::{Code, quoted},
};

/// Writes what `Event` says of versions that are not the newest. `back` tells which majors have a way to the one before, `rows`
/// that the ways stand in the table already.
pub(super) fn older(plan: &Plan<'_>, event: &EventPlan<'_>, back: &[bool], rows: bool, code: &mut Code) {
    let Some(head) = event.majors.last() else {
        return;
    };
    let all: Vec<String> = event.majors.iter().flat_map(|it| &it.minors).map(|it| version(it.version)).collect();
    if all.len() <= 1 {
        return;
    }
    if !event.former.is_empty() {
        let former = event.former.iter().map(|(of, name)| format!("({}, {})", version(*of), quoted(name)));
        let former: Vec<String> = former.collect();
        code.line(format!(
            "const FORMER_NAMES: &'static [(::isobar::Version, &'static str)] = &[{}];",
            former.join(", ")
        ));
    }
    if rows {
        return;
    }
    // The oldest major that can be written.
    let newest = event.majors.len() - 1;
    let oldest = (1..=newest).rev().take_while(|at| back[*at]).last().map_or(newest, |at| at - 1);
    let no_way = oldest.checked_sub(1).map(|to| (&event.majors[oldest], &event.majors[to]));
    // What the trait supposes need not be said.
    if all.len() > event.majors.len() {
        code.line(format!("const VERSIONS: &'static [::isobar::Version] = &[{}];", all.join(", ")));
    }
    if oldest < newest {
        let pair = "(::isobar::Version, ::isobar::Version)";
        let ends = |(from, to): (&MajorPlan<'_>, &MajorPlan<'_>)| {
            format!("Some(({}, {}))", version(from.version), version(to.version))
        };
        let ends = no_way.map_or("None".into(), ends);
        code.line(format!("const NO_WAY_BACK: ::core::option::Option<{pair}> = {ends};"));
    } else if head.minors.len() == 1 {
        return;
    }
    code.gap();
    let name = quoted(&event.name.to_string());
    let result = "::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeAsError>";
    code.block(format!("fn encode_version(&self, version: ::isobar::Version) -> {result}"), |code| {
        code.block("match (version.major, version.minor)", |code| {
            for (at, major) in event.majors.iter().enumerate().skip(oldest) {
                let way: Vec<&MajorPlan<'_>> = event.majors[at..].iter().rev().collect();
                arm(plan, head, &name, &way, major, code);
            }
            if let Some((from, to)) = no_way {
                let patterns: Vec<String> = event.majors[..oldest].iter().map(pattern).collect();
                let (from, to) = (version(from.version), version(to.version));
                let error = format!("::isobar::EncodeAsError::NoWay {{ name: {name}, from: {from}, to: {to} }}");
                code.line(format!("{} => Err({error}),", patterns.join(" | ")));
            }
            let known = "<Self as ::isobar::Event>::VERSIONS";
            code.line(format!("_ => Err(::isobar::unknown_older({name}, version, {known})),"));
        });
    });
}

/// Every version of a major.
fn pattern(major: &MajorPlan<'_>) -> String {
    let minors: Vec<u32> = major.minors.iter().map(|it| it.version.minor).collect();
    let minors = match minors.as_slice() {
        [first, .., last] if minors.len() > 2 && minors.windows(2).all(|it| it[0] + 1 == it[1]) => {
            format!("{first}..={last}")
        }
        all => all.iter().map(u32::to_string).collect::<Vec<_>>().join(" | "),
    };
    format!("({}, {minors})", major.version.major)
}

/// The arm that goes back to one major and writes its minors.
fn arm(
    plan: &Plan<'_>,
    head: &MajorPlan<'_>,
    name: &str,
    way: &[&MajorPlan<'_>],
    major: &MajorPlan<'_>,
    code: &mut Code,
) {
    let module = &plan.items[head.item].module;
    let payload = if way.len() > 1 { "&older" } else { "self" };
    let write = |form: &Form<'_>, to: &str| match form {
        Form::Newest => format!("Ok(::isobar::encode_payload({payload})?)"),
        Form::Members(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
            format!("::isobar::encode_members({payload}, &[{}])", keys.join(", "))
        }
        Form::Item(item, _) => {
            let (old, from) = (plan.path(module, *item), version(major.version));
            format!("::isobar::encode_minor::<{old}>({name}, {from}, {to}, {payload})")
        }
    };
    if way.len() == 1 {
        for minor in &major.minors {
            let (at, written) = (pattern_of(major, minor.version.minor), write(&minor.form, "version"));
            code.line(format!("{at} => {written},"));
        }
        return;
    }
    code.block(format!("{} =>", pattern(major)), |code| {
        for (i, hop) in way.windows(2).enumerate() {
            let data = if i == 0 { "self.clone()" } else { "older" };
            let (from, to) = (version(hop[0].version), version(hop[1].version));
            let older = plan.path(module, hop[1].item);
            code.line(format!("let older: {older} = ::isobar::hop_back({name}, {from}, {to}, {data})?;"));
        }
        match major.minors.as_slice() {
            [minor] => code.line(write(&minor.form, "version")),
            minors => code.block("match version.minor", |code| {
                for (i, minor) in minors.iter().enumerate() {
                    let last = i + 1 == minors.len();
                    let at = if last { "_".into() } else { minor.version.minor.to_string() };
                    code.line(format!("{at} => {},", write(&minor.form, "version")));
                }
            }),
        }
    });
}

fn pattern_of(major: &MajorPlan<'_>, minor: u32) -> String {
    format!("({}, {minor})", major.version.major)
}
