//! The playground: a payload of one version, every version on its way to another, and what is lost. What is wrong is said at its place.
//! Payloads come in the body of a request and go out with the page; they are neither kept nor logged.

use super::{
    lines::{self, Line, Mark, Step},
    masked,
    message::crumbs,
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::Version;
use isobar_registry::{
    Evolution,
    payload::{self, Refused},
};
use serde::{Deserialize, Serialize};

/// What somebody tries.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Tried {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) payload: String,
}

/// A version to choose, and a payload of it to begin with.
#[derive(Debug, Serialize)]
struct Choice {
    version: String,
    sample: Option<String>,
}

/// The data as it is in a version.
#[derive(Debug, Serialize)]
struct Hop {
    version: String,
    lines: Vec<Line>,
}

/// Why it goes no further, and where.
#[derive(Debug, Serialize)]
struct Problem {
    message: String,
    /// The payload with the place marked, where it is the payload's fault.
    lines: Vec<Line>,
}

#[derive(Debug, Default, Serialize)]
struct Playground {
    event: String,
    action: String,
    versions: Vec<Choice>,
    from: String,
    to: String,
    /// Whether it goes back to an older version.
    back: bool,
    payload: String,
    hops: Vec<Hop>,
    /// The places, by names on the wire, whose values are not there or not the same after the way there and back.
    lost: Vec<String>,
    problem: Option<Problem>,
}

/// The page, with what was tried on it; or with an example, as if somebody had tried it.
pub(crate) fn page(shown: &Shown, name: &str, tried: Option<&Tried>) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let versions: Vec<Choice> = samples(shown, evolution);
    let (first, last) = (versions.first()?, versions.last()?);
    let begin = versions.iter().find(|it| it.sample.is_some()).unwrap_or(first);
    let sample = Tried {
        from: begin.version.clone(),
        to: last.version.clone(),
        payload: begin.sample.clone().unwrap_or_else(|| "{\n  \n}".into()),
    };
    let Tried { from, to, payload } = tried.unwrap_or(&sample).clone();
    let action = shown.href(&format!("event/{}/upcast", escaped(name)));
    let mut data = Playground { event: name.to_owned(), action, versions, from, to, payload, ..Playground::default() };
    walk(evolution, tried.unwrap_or(&sample), &mut data);
    if tried.is_none() {
        // Nobody tried it, so nobody did anything wrong.
        data.problem = None;
    }
    let here = shown.href(&format!("event/{}", escaped(name)));
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    Some(Page::new("playground", format!("Try {name}"), &data).below(crumbs))
}

/// Every version with an example of its own, or with another version's brought to it.
fn samples(shown: &Shown, evolution: &Evolution) -> Vec<Choice> {
    let own = evolution.versions.iter().filter_map(|known| {
        let example = known.event.examples.first()?;
        Some((known.version, masked::record(shown, &known.types, known.fields(), &example.value).pretty()))
    });
    let own: Vec<(Version, String)> = own.collect();
    let sample = |version: Version| {
        let brought = |(from, text): &(Version, String)| {
            let json = payload::upcast(evolution, *from, Some(version), text.as_bytes()).ok()?;
            Some(lines::lines(&json, &[])?.into_iter().map(|line| line.text + "\n").collect())
        };
        let given = own.iter().find(|(it, _)| *it == version).map(|(_, text)| text.clone());
        given.or_else(|| own.iter().rev().find_map(brought))
    };
    let choice =
        |known: &isobar_registry::Known| Choice { version: known.version.to_string(), sample: sample(known.version) };
    evolution.versions.iter().map(choice).collect()
}

fn walk(evolution: &Evolution, tried: &Tried, data: &mut Playground) {
    let (Ok(from), Ok(to)) = (tried.from.parse::<Version>(), tried.to.parse::<Version>()) else {
        data.problem = Some(Problem { message: "A version is written as v1.0.".into(), lines: Vec::new() });
        return;
    };
    data.back = to < from;
    let lost = payload::lost(evolution, from, to, tried.payload.as_bytes()).unwrap_or_default();
    // Without a way back nobody can tell.
    let lost: Vec<String> = lost.into_iter().filter(|pointer| !pointer.is_empty()).collect();
    for version in way(evolution, from, to) {
        match payload::upcast(evolution, from, Some(version), tried.payload.as_bytes()) {
            Ok(json) => {
                let mark = |pointer: &String| Mark {
                    at: Step::of_pointer(pointer),
                    look: "lost",
                    note: Some(format!("not in {to}")),
                };
                let marks: Vec<Mark> = if version == from { lost.iter().map(mark).collect() } else { Vec::new() };
                let mut lines = lines::lines(&json, &marks).unwrap_or_default();
                if let Some(before) = data.hops.last() {
                    lines::mark_new(&before.lines, &mut lines);
                }
                data.hops.push(Hop { version: version.to_string(), lines });
            }
            Err(refused) => {
                data.problem = Some(problem(&refused, &tried.payload));
                return;
            }
        }
    }
    data.lost = lost.iter().map(|pointer| place(pointer)).collect();
}

/// What is wrong, at its place in what was sent.
fn problem(refused: &Refused, sent: &str) -> Problem {
    let message = refused.to_string();
    let Refused::Payload { source, .. } = refused else { return Problem { message, lines: Vec::new() } };
    let note = Some(source.problem().to_string());
    let mark = Mark { at: Step::of_pointer(&source.pointer()), look: "mark", note: note.clone() };
    let lines = lines::lines(sent, &[mark]).unwrap_or_else(|| {
        // It is no JSON, and there is only the text.
        let at = serde_json::from_str::<serde::de::IgnoredAny>(sent).err().map_or(0, |error| error.line());
        let line = |(number, text): (usize, &str)| match number + 1 == at.max(1) {
            true => Line { look: "mark", text: text.to_owned(), note: note.clone() },
            false => Line { look: "same", text: text.to_owned(), note: None },
        };
        sent.lines().enumerate().map(line).collect()
    });
    Problem { message, lines }
}

/// A JSON pointer as people write it: `items[0].price`.
fn place(pointer: &str) -> String {
    Step::of_pointer(pointer).iter().fold(String::new(), |at, step| match step {
        Step::Item(index) => format!("{at}[{index}]"),
        Step::Member(name) if at.is_empty() => name.clone(),
        Step::Member(name) => format!("{at}.{name}"),
        Step::AnyItem | Step::AnyMember => at,
    })
}

/// The versions to show: where it begins, the newest of every major in between, and where it ends.
fn way(evolution: &Evolution, from: Version, to: Version) -> Vec<Version> {
    let (low, high) = (from.major.min(to.major), from.major.max(to.major));
    let mut between: Vec<Version> = evolution
        .majors
        .iter()
        .map(|major| major.version)
        .filter(|version| (low..=high).contains(&version.major) && version.major != to.major)
        .collect();
    if to < from {
        between.reverse();
    }
    let mut all = vec![from];
    all.extend(between.into_iter().filter(|version| *version != from));
    all.extend((to != from).then_some(to));
    all
}
