//! The playground: a payload of one version, every version on its way to another, and what is lost. Payloads come in the body of a
//! request and go out with the page; they are neither kept nor logged.

use super::{
    diff::{Line, marked},
    masked,
    message::crumbs,
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::Version;
use isobar_registry::{Evolution, payload};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What somebody tries.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Tried {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) payload: String,
}

/// The data as it is in a version.
#[derive(Debug, Serialize)]
struct Hop {
    version: String,
    lines: Vec<Line>,
}

#[derive(Debug, Default, Serialize)]
struct Playground {
    event: String,
    action: String,
    versions: Vec<String>,
    from: String,
    to: String,
    payload: String,
    hops: Vec<Hop>,
    /// What the reader of an older version does not see.
    lost: Vec<String>,
    error: Option<String>,
}

/// The page, with what was tried on it.
pub(crate) fn page(shown: &Shown, name: &str, tried: Option<&Tried>) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let versions: Vec<String> = evolution.versions.iter().map(|known| known.version.to_string()).collect();
    let (first, last) = (versions.first()?.clone(), versions.last()?.clone());
    let mut data = Playground {
        event: name.to_owned(),
        action: shown.href(&format!("event/{}/upcast", escaped(name))),
        from: tried.map_or(first, |tried| tried.from.clone()),
        to: tried.map_or(last, |tried| tried.to.clone()),
        payload: tried.map_or_else(|| sample(shown, evolution), |tried| tried.payload.clone()),
        versions,
        ..Playground::default()
    };
    if let Some(tried) = tried {
        walk(evolution, tried, &mut data);
    }
    let here = shown.href(&format!("event/{}", escaped(name)));
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    Some(Page::new("playground", format!("Try {name}"), &data).below(crumbs))
}

/// A payload to begin with: an example of the oldest version that has one.
fn sample(shown: &Shown, evolution: &Evolution) -> String {
    let first = evolution.versions.first().and_then(|known| Some((known, known.event.examples.first()?)));
    let text = first.map(|(known, it)| masked::record(shown, &known.types, known.fields(), &it.value).pretty());
    text.unwrap_or_else(|| "{\n  \n}".into())
}

fn walk(evolution: &Evolution, tried: &Tried, data: &mut Playground) {
    let (Ok(from), Ok(to)) = (tried.from.parse::<Version>(), tried.to.parse::<Version>()) else {
        data.error = Some("A version is written as v1.0.".into());
        return;
    };
    let mut before: Option<String> = None;
    for version in way(evolution, from, to) {
        match payload::upcast(evolution, from, Some(version), tried.payload.as_bytes()) {
            Ok(json) => {
                data.hops.push(Hop { version: version.to_string(), lines: marked(&json, &[]) });
                before = Some(json);
            }
            Err(refused) => {
                data.error = Some(refused.to_string());
                return;
            }
        }
    }
    if to < from
        && let Some(last) = before
    {
        data.lost = lost(&tried.payload, &last);
    }
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

/// The members of one payload that the other has nowhere.
fn lost(before: &str, after: &str) -> Vec<String> {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
        (serde_json::from_str(before), serde_json::from_str(after))
    else {
        return Vec::new();
    };
    before.keys().filter(|name| !after.contains_key(*name)).cloned().collect()
}
