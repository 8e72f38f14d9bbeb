//! What is other in a workspace than in the one before, in a few words: by the text of each of its parts, so that a part that only
//! moved is the same.

use isobar_model::{FileId, Span, Spanned};
use isobar_registry::Workspace;
use std::collections::{BTreeMap, HashSet};

/// So many are named; more are counted.
const NAMED: usize = 2;

/// A part: its kind and its name.
type Part = (&'static str, String);

/// `OrderPlaced changed, 2 events added`. Empty for the first one.
pub(super) fn notice(old: Option<&Workspace>, new: &Workspace) -> String {
    let Some(old) = old else { return String::new() };
    let (before, after) = (parts(old), parts(new));
    let changed = after.iter().filter(|(part, text)| before.get(*part).is_some_and(|old| old != *text));
    let added = after.keys().filter(|part| !before.contains_key(*part));
    let removed = before.keys().filter(|part| !after.contains_key(*part));
    let said: Vec<String> = [
        said(&changed.map(|(part, _)| part).collect::<Vec<_>>(), "changed"),
        said(&added.collect::<Vec<_>>(), "added"),
        said(&removed.collect::<Vec<_>>(), "removed"),
        said(&released(old, new).iter().collect::<Vec<_>>(), "released"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() { "Saved".into() } else { said.join(", ") }
}

/// `OrderPlaced and OrderPaid changed`, `3 events and 1 command changed`; nothing of no parts.
fn said(parts: &[&Part], what: &str) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    if parts.len() <= NAMED {
        let names: Vec<&str> = parts.iter().map(|(_, name)| name.as_str()).collect();
        return Some(format!("{} {what}", names.join(" and ")));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, _) in parts {
        *counts.entry(kind).or_default() += 1;
    }
    let counted = counts.iter().map(|(kind, count)| format!("{count} {kind}{}", if *count == 1 { "" } else { "s" }));
    let counted: Vec<String> = counted.collect();
    let (last, rest) = counted.split_last()?;
    let all = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
    Some(format!("{all} {what}"))
}

/// The versions that were released since.
fn released(old: &Workspace, new: &Workspace) -> Vec<Part> {
    let all = new.evolutions.values().flat_map(|evolution| {
        let before = old.evolutions.get(&evolution.name);
        let known = move |version| {
            before.is_some_and(|it| it.versions.iter().any(|known| known.version == version && !known.draft))
        };
        let versions = evolution.versions.iter().filter(move |it| !it.draft && !known(it.version));
        versions.map(|it| ("version", format!("{} {}", evolution.name.name, it.version)))
    });
    all.collect()
}

/// Every part of a workspace that has a name, with its text.
fn parts(workspace: &Workspace) -> BTreeMap<Part, Vec<&str>> {
    let mut names = Vec::new();
    let mut add = |kind: &'static str, name: &Spanned<String>| names.push((kind, name.clone()));
    let model = &workspace.model;
    model.teams.values().for_each(|it| add("team", &it.id));
    model.topics.values().for_each(|it| add("topic", &it.name));
    model.consumers.values().for_each(|it| add("consumer", &it.name));
    for context in model.contexts.values() {
        add("context", &context.name);
        context.events.values().for_each(|it| add("event", &it.name));
        context.commands.values().for_each(|it| add("command", &it.name));
        context.aggregates.values().for_each(|it| add("aggregate", &it.name));
        context.policies.values().for_each(|it| add("policy", &it.name));
        context.sagas.values().for_each(|it| add("saga", &it.name));
        context.read_models.values().for_each(|it| add("read model", &it.name));
        context.actors.values().for_each(|it| add("actor", &it.name));
        context.external_systems.values().for_each(|it| add("external system", &it.name));
    }
    let begins: HashSet<(FileId, u32)> = names.iter().map(|(_, name)| (name.span.file, name.span.start)).collect();
    let text = |span| text(workspace, span, &begins);
    names.into_iter().map(|(kind, name)| ((kind, name.value), text(name.span))).collect()
}

/// What belongs to the key at a place: the rest of its line and what is indented below it, without comments, empty lines, and
/// what belongs to other parts in it, which begin at `begins`.
fn text<'a>(workspace: &'a Workspace, at: Span, begins: &HashSet<(FileId, u32)>) -> Vec<&'a str> {
    let text = &workspace.sources.get(at.file).text;
    let start = at.start as usize;
    let column = text.get(..start).map_or(0, |before| start - before.rfind('\n').map_or(0, |end| end + 1));
    let (mut lines, mut inner, mut offset) = (Vec::new(), None, start);
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let first = offset == start;
        let key = offset + indent;
        offset += line.len();
        if !first && matches!(line.trim_start().chars().next(), None | Some('#')) {
            continue;
        }
        if !first && indent <= column {
            break;
        }
        inner = inner.filter(|inner| indent > *inner);
        if !first && inner.is_none() && begins.contains(&(at.file, key as u32)) {
            inner = Some(indent);
        }
        if inner.is_none() {
            lines.push(line.trim_end());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(storm: &str) -> Workspace {
        let files = [("isobar.yaml", "workspace: w\n"), ("a.storm.yaml", storm)];
        Workspace::of_files(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into(), None)
    }

    #[test]
    fn what_changed_is_said_in_a_few_words() {
        let base =
            "context: a\nevents:\n  One:\n    doc: first\n    fields: { x: int }\n  Two: { fields: { y: int } }\n";
        let old = workspace(base);
        assert!(!old.diagnostics.has_errors(), "{:?}", old.findings());
        for (edit, said) in [
            (("first", "other"), "One changed"),
            (("  One:", "  # a comment\n\n  One:"), "Saved"),
            (("y: int", "z: int"), "Two changed"),
            (("  Two: { fields: { y: int } }\n", ""), "Two removed"),
            (("  Two:", "  Three: { fields: { z: int } }\n  Two:"), "Three added"),
            (("  Two:", "  Three: {}\n  Four: {}\n  Five: {}\n  Two:"), "3 events added"),
            (("  One:\n    doc: first", "  Uno:\n    doc: second"), "Uno added, One removed"),
        ] {
            let new = workspace(&base.replace(edit.0, edit.1));
            assert_eq!(notice(Some(&old), &new), said, "{edit:?}");
        }
        assert_eq!(notice(None, &old), "");
        let nested = "context: a\naggregates:\n  A:\n    key: id\n    events:\n      One:\n        fields: { id: string }\n        doc: x\n    commands:\n      Do: { fields: { id: string }, emits: One }\n";
        let edited = nested.replace("doc: x", "doc: y");
        assert_eq!(notice(Some(&workspace(nested)), &workspace(&edited)), "One changed", "and not what it is part of");
    }
}
