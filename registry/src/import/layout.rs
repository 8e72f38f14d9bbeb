//! The layouts in which histories of JSON Schemas are kept: a folder of files with a version in their names, an Iglu registry,
//! and the tags of CDEvents side by side.

use super::{
    Chain, Files, History, Note, Step, order,
    storming::{is_type_name, pascal},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Files with their JSON; what is none is noted. Only the order of members is added to the documents here.
fn parsed(files: &Files, history: &mut History) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for (file, text) in files {
        match serde_json::from_str(text) {
            Ok(value) => {
                history.documents.keep_order(file, order::of(text));
                out.push((file.clone(), value));
            }
            Err(error) => history.notes.push(Note {
                file: file.clone(),
                pointer: String::new(),
                text: format!("it is left out, since it is not JSON: {error}"),
            }),
        }
    }
    out
}

fn left_out(file: &str, why: &str) -> Note {
    Note { file: file.to_owned(), pointer: String::new(), text: format!("it is left out: {why}") }
}

/// Foreign versions by context and name.
type Found = BTreeMap<(String, String), Vec<(Vec<u64>, Step)>>;

/// The chains of versions that are told apart by numbers, with the n-th of each in wave n.
fn chains(found: Found) -> Vec<Chain> {
    let mut chains = Vec::new();
    for ((context, name), mut versions) in found {
        versions.sort_by(|a, b| a.0.cmp(&b.0));
        let steps = versions.into_iter().enumerate().map(|(wave, (_, step))| Step { wave, ..step }).collect();
        chains.push(Chain { context, name, steps });
    }
    chains
}

/// Schemas as files: `order-placed.json`, or with versions `order-placed.v1.json`, `order-placed-1.2.0.json` or
/// `order-placed/v1.json`. A folder above is the context, else `workspace` is.
pub fn json_schema(files: &Files, workspace: &str) -> History {
    let mut history = History { workspace: workspace.to_owned(), ..History::default() };
    let mut found = Found::new();
    for (file, schema) in parsed(files, &mut history) {
        history.documents.add(&file, &schema);
        let stem = file.strip_suffix(".json").unwrap_or(&file);
        let stem = stem.strip_suffix(".schema").unwrap_or(stem);
        let (folders, last) = stem.rsplit_once('/').unwrap_or(("", stem));
        let (above, folder) = folders.rsplit_once('/').unwrap_or(("", folders));
        let (context, name, version) = match (numbers(last), split(last)) {
            (Some(version), _) if !folder.is_empty() => (above, folder, version),
            (_, Some((name, version))) => (folders, name, version),
            _ => (folders, last, vec![1]),
        };
        let (context, name) = (context_name(context, workspace), pascal(name));
        if !is_type_name(&name) {
            history.notes.push(left_out(&file, "its name is not one of an event"));
            continue;
        }
        let label = version.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        found.entry((context, name)).or_default().push((version, step(label, file, schema)));
    }
    history.chains = chains(found);
    history
}

fn step(label: String, file: String, schema: Value) -> Step {
    let examples = schema.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
    Step { label, file, wire: None, wave: 0, schema, examples }
}

fn context_name(folders: &str, workspace: &str) -> String {
    let name: String = folders.chars().map(|c| if c == '/' { '.' } else { c }).collect();
    let name = if name.is_empty() { workspace.to_owned() } else { name };
    let name: String = name.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_alphabetic() || c == '_') { name } else { format!("_{name}") }
}

/// `v1`, `1.2.3`, `1-0-0`.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    text.split(['.', '-', '_']).map(|part| part.parse().ok()).collect()
}

/// `name.v1`, `name-1.2.0`, `name_2`.
fn split(text: &str) -> Option<(&str, Vec<u64>)> {
    let at = text.char_indices().filter(|(_, c)| matches!(c, '.' | '-' | '_'));
    at.filter_map(|(at, _)| Some((&text[..at], numbers(&text[at + 1..])?))).find(|(name, _)| !name.is_empty())
}

/// An Iglu registry: schemas that say of themselves who they are, `self: { vendor, name, version }`.
pub fn iglu(files: &Files, workspace: &str) -> History {
    let mut history = History { workspace: workspace.to_owned(), ..History::default() };
    let mut found = Found::new();
    for (file, schema) in parsed(files, &mut history) {
        let own = |key: &str| schema.get("self")?.get(key)?.as_str();
        let (Some(vendor), Some(name), Some(label)) = (own("vendor"), own("name"), own("version")) else {
            history.notes.push(left_out(&file, "it has no `self` with `vendor`, `name` and `version`"));
            continue;
        };
        let (Some(version), true) = (numbers(label), is_type_name(&pascal(name))) else {
            history.notes.push(left_out(&file, "its name or version is none"));
            continue;
        };
        history.documents.add(&file, &schema);
        let key = (context_name(vendor, workspace), pascal(name));
        let wire = Some(format!("{vendor}/{name}"));
        let step = Step { wire, ..step(label.to_owned(), file, schema) };
        found.entry(key).or_default().push((version, step));
    }
    history.chains = chains(found);
    history
}

/// What of the context is the message's and not the event's, or about the specification.
const CONTEXT: [&str; 8] = ["id", "type", "source", "timestamp", "schemaUri", "chainId", "version", "specversion"];

/// CDEvents: a folder for each tag, `v0.4.1/schemas/changemerged.json`, with examples in `conformance` or `examples`. The event is all but the
/// `context`, which is the envelope; there is no profile for it, since it keeps the version of the event in the event's name.
pub fn cdevents(files: &Files, workspace: &str) -> History {
    let mut history = History { workspace: workspace.to_owned(), ..History::default() };
    let mut tags: BTreeMap<Vec<u64>, BTreeMap<String, (String, Value)>> = BTreeMap::new();
    let mut examples: BTreeMap<(Vec<u64>, String), Value> = BTreeMap::new();
    for (file, value) in parsed(files, &mut history) {
        let parts: Vec<&str> = file.split('/').collect();
        let [tag, folder, rest @ ..] = parts.as_slice() else { continue };
        let Some(tag) = numbers(tag) else { continue };
        match (*folder, rest) {
            ("schemas", [name]) => {
                history.documents.add(&file, &value);
                let key = name.trim_end_matches(".json").to_owned();
                tags.entry(tag).or_default().insert(key, (file.clone(), value));
            }
            ("schemas", _) => history.documents.add(&file, &value),
            ("conformance" | "examples", [name]) => {
                examples.insert((tag, name.trim_end_matches(".json").replace('_', "")), value);
            }
            _ => {}
        }
    }
    let mut chains: BTreeMap<String, Chain> = BTreeMap::new();
    for (wave, (tag, schemas)) in tags.into_iter().enumerate() {
        let label = tag.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        for (key, (file, mut schema)) in schemas {
            let title = schema.get("$id").and_then(Value::as_str).and_then(|id| id.rsplit('/').next());
            let name = pascal(title.unwrap_or(&key).trim_end_matches("-event"));
            let example = examples.get(&(tag.clone(), key.clone())).map(payload);
            let wire = type_name(&schema);
            outside_of_context(&file, &mut schema, &mut history.notes);
            let step = Step { label: label.clone(), file, wire, wave, schema, examples: example.into_iter().collect() };
            // Two files may say the same of themselves.
            let is_taken = chains.iter().any(|(other, chain)| *other != key && chain.name == name);
            let name = if is_taken { pascal(&key) } else { name };
            let chain = Chain { context: workspace.to_owned(), name, steps: Vec::new() };
            chains.entry(key).or_insert(chain).steps.push(step);
        }
    }
    history.chains = chains.into_values().collect();
    history
}

/// What the schema says that `context.type` is, where it says one.
fn type_name(schema: &Value) -> Option<String> {
    let values = schema.pointer("/properties/context/properties/type/enum")?.as_array()?;
    match values.as_slice() {
        [Value::String(only)] => Some(only.clone()),
        _ => None,
    }
}

/// The event of a message: all but its context.
fn payload(message: &Value) -> Value {
    let mut message = message.clone();
    if let Some(members) = message.as_object_mut() {
        members.remove("context");
    }
    message
}

fn outside_of_context(file: &str, schema: &mut Value, notes: &mut Vec<Note>) {
    let context = schema.get_mut("properties").and_then(Value::as_object_mut).and_then(|it| it.remove("context"));
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != "context");
    }
    let members = context.as_ref().and_then(|it| it.get("properties")).and_then(Value::as_object);
    for name in members.into_iter().flat_map(|it| it.keys()).filter(|name| !CONTEXT.contains(&name.as_str())) {
        let pointer = format!("/properties/context/properties/{name}");
        notes.push(Note { file: file.to_owned(), pointer, text: "it is left out with the context".into() });
    }
}
