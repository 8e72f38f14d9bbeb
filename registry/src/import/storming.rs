//! Names that the notation allows, and the text of a storming.

use super::schema::Members;
use crate::history::Yaml;
use serde_json::Value;
use std::collections::BTreeSet;

/// An event as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) wire: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) fields: Members,
    /// The fields that only a hook can fill from old data, with the hook's name.
    pub(super) hooks: Vec<(String, String)>,
    pub(super) removed: Vec<String>,
    pub(super) examples: Vec<Value>,
}

impl Draft {
    fn yaml(&self) -> Yaml {
        let mut out = Members::new();
        let mut add = |key: &str, value: Option<Yaml>| out.extend(value.map(|value| (key.to_owned(), value)));
        add("wire", self.wire.as_deref().map(Yaml::quoted));
        add("doc", self.doc.as_deref().map(Yaml::quoted));
        add("fields", Some(Yaml::Map(self.fields.clone())));
        let hooks = self.hooks.iter().map(|(field, hook)| (field.clone(), Yaml::text(&format!("fn({hook})"))));
        add("upgrade", (!self.hooks.is_empty()).then(|| Yaml::Map(hooks.collect())));
        add("removed", (!self.removed.is_empty()).then(|| Yaml::texts(&self.removed)));
        let examples = self.examples.iter().map(literal).collect();
        add("examples", (!self.examples.is_empty()).then_some(Yaml::List(examples)));
        Yaml::Map(out)
    }
}

/// The text of the storming of a context.
pub(super) fn storming(context: &str, types: &Members, events: &[(String, Draft)]) -> String {
    let mut out = vec![("context".to_owned(), Yaml::text(context))];
    if !types.is_empty() {
        out.push(("types".to_owned(), Yaml::Map(types.clone())));
    }
    let events = events.iter().map(|(name, draft)| (name.clone(), draft.yaml())).collect();
    out.push(("events".to_owned(), Yaml::Map(events)));
    Yaml::document(&out)
}

/// A JSON value as the literal of an example.
fn literal(value: &Value) -> Yaml {
    match value {
        Value::String(text) => Yaml::quoted(text),
        Value::Array(items) => Yaml::List(items.iter().map(literal).collect()),
        Value::Object(members) => {
            Yaml::Map(members.iter().map(|(name, value)| (name.clone(), literal(value))).collect())
        }
        other => Yaml::Plain(other.to_string()),
    }
}

/// `order-placed_v2` as `OrderPlacedV2`.
pub(super) fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            let shouted = word.chars().all(|c| !c.is_lowercase());
            let rest = if shouted { rest.to_lowercase() } else { rest.to_owned() };
            format!("{}{rest}", first.to_uppercase())
        })
        .collect()
}

/// Whether a text may be the name of a type.
pub(super) fn is_type_name(text: &str) -> bool {
    const SCALARS: [&str; 3] = ["List", "Set", "Map"];
    text.starts_with(|c: char| c.is_alphabetic()) && !SCALARS.contains(&text)
}

/// The name of a field that is called `wire` in JSON: the same if it is a name, and no other field's.
pub(super) fn field_name(wire: &str, taken: &mut BTreeSet<String>) -> String {
    let is_name = wire.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && wire.chars().all(|c| c.is_alphanumeric() || c == '_');
    let base = if is_name {
        wire.to_owned()
    } else {
        let pascal = pascal(wire);
        let (first, rest) = pascal.split_at(pascal.chars().next().map_or(0, char::len_utf8));
        let camel = format!("{}{rest}", first.to_lowercase());
        if camel.starts_with(|c: char| c.is_alphabetic()) { camel } else { format!("field{pascal}") }
    };
    let mut name = base.clone();
    let mut more = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}{more}");
        more += 1;
    }
    name
}

/// `OrderPlaced` as `order_placed`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in text.chars() {
        if c.is_uppercase() && lower {
            out.push('_');
        }
        lower = c.is_lowercase() || c.is_numeric();
        out.extend(if c.is_alphanumeric() { c.to_lowercase().next() } else { Some('_') });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_conventions() {
        assert_eq!(pascal("order-placed"), "OrderPlaced");
        assert_eq!(pascal("embeddedlinkend"), "Embeddedlinkend");
        assert_eq!(pascal("PATH"), "Path");
        assert_eq!(snake("OrderPlacedV2"), "order_placed_v2");
        let mut taken = BTreeSet::new();
        let names: Vec<String> =
            ["type", "$id", "x-y", "xY", "3d", "__c"].iter().map(|wire| field_name(wire, &mut taken)).collect();
        assert_eq!(names, ["type", "id", "xY", "xY2", "field3d", "__c"]);
    }
}
