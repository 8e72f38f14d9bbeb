//! What differs between two versions: each row with both verdicts, payloads that break with the place marked, who is broken, how data
//! gets from one to the other, and the two texts side by side.

use super::{
    masked,
    message::{Link, crumbs},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::Version;
use isobar_registry::{
    Evolution, Known,
    compat::{self, Difference, summary},
};
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

#[derive(Debug, Serialize)]
pub(super) struct Row {
    change: &'static str,
    path: String,
    old: Option<String>,
    new: Option<String>,
    backward: bool,
    forward: bool,
}

/// A payload that one side writes and the other refuses.
#[derive(Debug, Serialize)]
pub(super) struct Broken {
    writer: String,
    reader: String,
    places: Vec<String>,
    lines: Vec<Line>,
}

/// A line of a text, and whether it is marked.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) sign: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Shows {
    pub(super) event: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) old_href: String,
    pub(super) new_href: String,
    summary: String,
    backward: bool,
    forward: bool,
    rows: Vec<Row>,
    broken: Vec<Broken>,
    lossy: Vec<String>,
    readers: Vec<Link>,
    upgrade: Option<String>,
    text: Vec<Line>,
}

impl Shows {
    /// How many changes there are.
    pub(super) fn changes(&self) -> usize {
        self.rows.len()
    }

    /// Whether the new one reads what the old one writes, and the other way round.
    pub(super) fn reads(&self) -> (bool, bool) {
        (self.backward, self.forward)
    }
}

/// The page of a difference: `v1.1...v2.0`.
pub(super) fn page(shown: &Shown, name: &str, between: &str) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let (old, new) = between.split_once("...")?;
    let find = |text: &str| evolution.version(text.parse::<Version>().ok()?);
    let data = between_versions(shown, evolution, find(old)?, find(new)?);
    let here = shown.href(&format!("event/{}", escaped(name)));
    let title = format!("{name} {} to {}", data.old, data.new);
    let crumbs = crumbs(shown).into_iter().chain([(name.to_owned(), here)]);
    Some(Page::new("diff", title, &data).below(crumbs))
}

/// What is told of two versions.
pub(super) fn between_versions(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> Shows {
    let difference = Difference::between((evolution, old), (evolution, new));
    let (backward, forward) = difference.reads();
    let row = |judged: &isobar_registry::compat::Judged| Row {
        change: judged.row.change.name(),
        path: judged.row.path.clone(),
        old: judged.row.old.clone(),
        new: judged.row.new.clone(),
        backward: judged.row.backward,
        forward: judged.row.forward,
    };
    let href =
        |known: &Known| shown.href(&format!("event/{}", escaped(&format!("{}@{}", evolution.name, known.version))));
    let (before, after) = (masked::known(shown, old).yaml(), masked::known(shown, new).yaml());
    // What brings data on is written in the newer version.
    let upgrade = (difference.upgraded && old.version.major + 1 == new.version.major)
        .then(|| after.split_once("\nupgrade:").map(|(_, rest)| rest))
        .flatten();
    Shows {
        event: evolution.name.to_string(),
        old: old.version.to_string(),
        new: new.version.to_string(),
        old_href: href(old),
        new_href: href(new),
        summary: summary(&difference),
        backward,
        forward,
        rows: difference.rows.iter().map(row).collect(),
        broken: compat::breaks(&difference).into_iter().map(broken).collect(),
        lossy: difference.lossy.clone(),
        readers: readers(shown, evolution, new.version),
        upgrade: upgrade.map(indented),
        text: text(&before, &after),
    }
}

/// The lines that belong to a key of a document: those that are further in.
fn indented(rest: &str) -> String {
    let lines = rest.lines().skip(1).take_while(|line| line.starts_with(' '));
    lines.map(|line| format!("{}\n", line.trim_start_matches("  "))).collect()
}

fn broken(it: compat::Broken<'_>) -> Broken {
    let places: Vec<String> = it.places.into_iter().map(str::to_owned).collect();
    Broken { lines: marked(it.payload, &places), writer: it.writer, reader: it.reader, places }
}

/// A payload in lines, those marked at which one of the places stands.
pub(super) fn marked(payload: &str, places: &[String]) -> Vec<Line> {
    let Ok(value) = serde_json::from_str::<Value>(payload) else {
        return vec![Line { sign: "", text: payload.to_owned() }];
    };
    let places: Vec<Vec<&str>> = places
        .iter()
        .map(|place| {
            place.split(['.', '[', ']', '{', '}']).filter(|part| !part.is_empty() && !part.starts_with('<')).collect()
        })
        .collect();
    let mut lines = Vec::new();
    write(&mut lines, &value, "", "", &mut Vec::new(), &places, false);
    lines
}

fn write<'a>(
    lines: &mut Vec<Line>,
    value: &'a Value,
    lead: &str,
    trail: &str,
    at: &mut Vec<&'a str>,
    places: &[Vec<&str>],
    above: bool,
) {
    let is_place = above || (!at.is_empty() && places.iter().any(|place| place.as_slice() == at.as_slice()));
    let sign = if is_place { "!" } else { "" };
    let indent = lead.len() - lead.trim_start().len();
    let inner = " ".repeat(indent + 2);
    let mut line = |text: String| lines.push(Line { sign, text });
    match value {
        Value::Object(members) if !members.is_empty() => {
            line(format!("{lead}{{"));
            let last = members.len() - 1;
            for (number, (name, member)) in members.iter().enumerate() {
                at.push(name);
                let comma = if number == last { "" } else { "," };
                let name = Value::String(name.clone());
                write(lines, member, &format!("{inner}{name}: "), comma, at, places, is_place);
                at.pop();
            }
            lines.push(Line { sign, text: format!("{}}}{trail}", " ".repeat(indent)) });
        }
        Value::Array(items) if !items.is_empty() => {
            line(format!("{lead}["));
            let last = items.len() - 1;
            for (number, item) in items.iter().enumerate() {
                let comma = if number == last { "" } else { "," };
                write(lines, item, &inner, comma, at, places, is_place);
            }
            lines.push(Line { sign, text: format!("{}]{trail}", " ".repeat(indent)) });
        }
        other => line(format!("{lead}{other}{trail}")),
    }
}

/// The consumers that do not accept a version.
fn readers(shown: &Shown, evolution: &Evolution, version: Version) -> Vec<Link> {
    let consumers = shown.workspace.model.consumers.iter();
    consumers
        .filter_map(|(name, consumer)| {
            let (_, range) = consumer.accepts.iter().find(|(it, _)| it.value == evolution.name)?;
            (!range.value.accepts(version)).then(|| Link {
                kind: "consumer",
                name: name.clone(),
                href: shown.href(&format!("consumer/{}", escaped(name))),
                note: Some(format!("accepts {}", range.value)),
            })
        })
        .collect()
}

/// The lines of both texts.
fn text(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let line = |change: similar::Change<&str>| Line {
        sign: match change.tag() {
            ChangeTag::Delete => "-",
            ChangeTag::Insert => "+",
            ChangeTag::Equal => "",
        },
        text: change.value().trim_end_matches('\n').to_owned(),
    };
    diff.iter_all_changes().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_that_breaks_is_marked() {
        let lines = marked(r#"{"a":{"b":[{"c":1,"d":[]}]},"e":2}"#, &["a.b[].c".into(), "e".into()]);
        let text: Vec<String> = lines.iter().map(|line| format!("{:1}{}", line.sign, line.text)).collect();
        assert_eq!(
            text,
            [
                " {",
                "   \"a\": {",
                "     \"b\": [",
                "       {",
                "!        \"c\": 1,",
                "         \"d\": []",
                "       }",
                "     ]",
                "   },",
                "!  \"e\": 2",
                " }"
            ]
        );
    }
}
