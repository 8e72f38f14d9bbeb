//! The impact of drafts as text for people and as JSON. What it means is decided before.

use super::{Fate, Impact, Reader};
use crate::schema::Json;
use isobar_model::diag::list;
use std::fmt::Write;

/// A block for each draft, a line for each consumer: what becomes of it, who it is, why, and who answers for it.
pub fn human(impacts: &[Impact]) -> String {
    let mut out = String::new();
    for impact in impacts {
        let nobody = if impact.count() == 0 { ": no consumer reads it" } else { "" };
        // Writing to text does not fail.
        let _ = writeln!(out, "{} {}{nobody}", impact.name, impact.version);
        let width = impact.readers().map(|it| it.name.chars().count()).max().unwrap_or(0);
        for reader in impact.readers() {
            let owner = reader.owner.as_ref().map_or_else(String::new, |owner| format!(" ({owner})"));
            let lines = lines(impact, reader);
            let _ = writeln!(out, "  {:9}  {:width$}  {}{owner}", reader.fate.name(), reader.name, lines.join("; "));
        }
    }
    if impacts.is_empty() {
        out.push_str("no draft of a released event: a release changes nothing for anybody\n");
    }
    out
}

fn lines(impact: &Impact, reader: &Reader) -> Vec<String> {
    match &reader.fate {
        Fate::Fine(None) => vec![format!("reads {}", impact.version)],
        Fate::Fine(Some(version)) => vec![format!("reads it as {version}")],
        Fate::Downgraded { to, loses } if loses.is_empty() => vec![format!("gets it as {to}, by `downgrade`")],
        Fate::Downgraded { to, loses } => {
            let lost = list(loses.iter().map(|it| it.value.as_str())).replace(" or ", " and ");
            vec![format!("gets it as {to}, by `downgrade`, without the value of {lost}")]
        }
        Fate::Broken { misses, why } => {
            // What is said of the version as a whole stands before what is said of fields.
            let of = std::iter::repeat_n(None, why.len() - misses.len()).chain(misses.iter().map(Some));
            let told = of.zip(why).map(|(field, (_, text))| match field {
                Some(field) => format!("`{field}`: {text}"),
                None => text.clone(),
            });
            told.collect()
        }
        Fate::Unsaid => vec!["says neither what it accepts nor what it needs".to_owned()],
    }
}

/// `[{"event","version","consumers":[{"consumer","owner"?,"accepts"?,"needs","fate","as"?,"loses","why"}]}]`.
pub fn json(impacts: &[Impact]) -> Json {
    Json::Array(impacts.iter().map(one).collect())
}

fn one(impact: &Impact) -> Json {
    let readers = impact.readers().map(|reader| {
        let mut members = vec![("consumer", Json::string(&reader.name))];
        members.extend(reader.owner.as_ref().map(|owner| ("owner", Json::string(owner))));
        members.extend(reader.accepts.map(|range| ("accepts", Json::string(range.to_string()))));
        members.push(("needs", Json::strings(&reader.needs)));
        members.push(("fate", Json::string(reader.fate.name())));
        let (version, loses, why) = match &reader.fate {
            Fate::Fine(version) => (*version, Vec::new(), Vec::new()),
            Fate::Downgraded { to, loses } => {
                (Some(*to), loses.iter().map(|it| it.value.clone()).collect(), Vec::new())
            }
            Fate::Broken { .. } => (None, Vec::new(), lines(impact, reader)),
            Fate::Unsaid => (None, Vec::new(), Vec::new()),
        };
        members.extend(version.map(|version| ("as", Json::string(version.to_string()))));
        members.push(("loses", Json::strings(loses)));
        members.push(("why", Json::strings(why)));
        Json::object(members)
    });
    Json::object([
        ("event", Json::string(impact.name.to_string())),
        ("version", Json::string(impact.version.to_string())),
        ("consumers", Json::Array(readers.collect())),
    ])
}
