//! Objects as records and maps, and alternatives as unions.

use super::{
    documents::Place,
    schema::{Converter, Members, NOTES, Type, Written, kinds},
    storming::{field_name, pascal},
};
use crate::history::Yaml;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl Converter<'_> {
    /// An object: a record if it declares members, else a map.
    pub(super) fn object(&mut self, map: &Map<String, Value>, at: &Place, hint: &str) -> Written {
        let declared = map.get("properties").and_then(Value::as_object).filter(|it| !it.is_empty());
        let patterns = map.get("patternProperties").and_then(Value::as_object).filter(|it| !it.is_empty());
        let Some(_) = declared else {
            return self.map(map, patterns, at, hint);
        };
        if patterns.is_some() {
            self.note(&at.below(&["patternProperties"]), "a record has no other members: they are left out");
        }
        if map.get("additionalProperties").is_some_and(Value::is_object) {
            self.note(&at.below(&["additionalProperties"]), "a record has no other members: they are left out");
        }
        for word in ["minProperties", "maxProperties"].iter().filter(|word| map.contains_key(**word)) {
            self.note(&at.below(&[word]), format!("the notation has no `{word}` for records: it is left out"));
        }
        Written::Long(vec![("fields".to_owned(), Yaml::Map(self.fields(map, at, hint, None)))])
    }

    fn map(
        &mut self,
        map: &Map<String, Value>,
        patterns: Option<&Map<String, Value>>,
        at: &Place,
        hint: &str,
    ) -> Written {
        if patterns.is_some() {
            let text = "the notation has no `patternProperties`: any key fits, with any value";
            self.note(&at.below(&["patternProperties"]), text);
            return Written::Short("map<json>".to_owned());
        }
        let below = at.below(&["additionalProperties"]);
        let value = match map.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                self.note(&below, "an object without members: it is a record without fields");
                return Written::Long(vec![("fields".to_owned(), Yaml::Map(Members::new()))]);
            }
            Some(schema) => self.convert(schema, &below, &format!("{hint}Value")),
            None => Written::json().into(),
        };
        let value = self.inner(value, &below, &format!("{hint}Value"));
        Written::bounded(&format!("map<{value}>"), super::bounds::length(map, "minProperties", "maxProperties"))
    }

    /// The members of an object as fields, in the order of its text, but for the one that `without` names.
    pub(super) fn fields(
        &mut self,
        map: &Map<String, Value>,
        at: &Place,
        hint: &str,
        without: Option<&str>,
    ) -> Members {
        let none = Map::new();
        let properties = map.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required: BTreeSet<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut left: BTreeMap<&str, &Value> = properties.iter().map(|(wire, it)| (wire.as_str(), it)).collect();
        let mut all: Vec<_> = self.order(at).iter().filter_map(|wire| left.remove_entry(wire.as_str())).collect();
        all.extend(left);
        all.extend(required.iter().filter(|it| !properties.contains_key(**it)).map(|it| (*it, &Value::Bool(true))));
        let mut taken = BTreeSet::new();
        let mut fields = Members::new();
        for (wire, schema) in all.into_iter().filter(|(wire, _)| Some(*wire) != without) {
            let below = at.below(&["properties", wire]);
            if *schema == Value::Bool(false) {
                self.note(&below, "it is never there: it is left out");
                continue;
            }
            let name = field_name(wire, &mut taken);
            let found = self.convert(schema, &below, &format!("{hint}{}", pascal(wire)));
            if found.nullable && required.contains(wire) {
                self.note(&below, "it must be there and may be `null`: here it may be absent instead");
            }
            let optional = found.nullable || !required.contains(wire);
            let doc = schema.get("description").and_then(Value::as_str).map(str::trim).filter(|doc| !doc.is_empty());
            fields.push((name.clone(), self.field(found, &below, optional, (name != wire).then_some(wire), doc, hint)));
        }
        fields
    }

    fn field(
        &mut self,
        found: Type,
        at: &Place,
        optional: bool,
        wire: Option<&str>,
        doc: Option<&str>,
        hint: &str,
    ) -> Yaml {
        let mark = |text: &str| if optional { format!("{text}?") } else { text.to_owned() };
        let mut members = match found.written {
            Written::Short(text) if wire.is_none() && doc.is_none() => return Yaml::text(&mark(&text)),
            Written::Short(text) => vec![("type".to_owned(), Yaml::text(&mark(&text)))],
            Written::Long(members) => match members.as_slice() {
                // `?` needs a type that has a name.
                [(key, _), ..] if key != "type" && optional => {
                    let last = at.pointer.rsplit('/').next().unwrap_or_default();
                    let name = self.named(&format!("{hint}{}", pascal(last)), at, Yaml::Map(members));
                    vec![("type".to_owned(), Yaml::text(&mark(&name)))]
                }
                [(_, Yaml::Plain(text)), rest @ ..] if members[0].0 == "type" => {
                    let text = text.trim_matches('"');
                    std::iter::once(("type".to_owned(), Yaml::text(&mark(text)))).chain(rest.iter().cloned()).collect()
                }
                _ => members,
            },
        };
        members.extend(wire.map(|wire| ("wire".to_owned(), Yaml::quoted(wire))));
        members.extend(doc.map(|doc| ("doc".to_owned(), Yaml::quoted(doc))));
        match members.as_slice() {
            [(key, only)] if key == "type" => only.clone(),
            _ => Yaml::Map(members),
        }
    }

    /// `oneOf` and `anyOf`: `null` beside something, a union by a tag, or only more about what is there already.
    pub(super) fn alternatives(
        &mut self,
        word: &str,
        branches: &[Value],
        map: &Map<String, Value>,
        at: &Place,
        hint: &str,
    ) -> Type {
        let is_null = |it: &&Value| it.get("type").and_then(Value::as_str) == Some("null");
        let others: Vec<(usize, &Value)> = branches.iter().enumerate().filter(|(_, it)| !is_null(it)).collect();
        let nullable = others.len() < branches.len();
        let mut rest = map.clone();
        rest.remove(word);
        rest.retain(|key, _| !NOTES.contains(&key.as_str()));
        let says_more = rest.keys().any(|key| key != "type");
        if let ([(i, only)], false) = (others.as_slice(), says_more) {
            let found = self.convert(only, &at.below(&[word, &i.to_string()]), hint);
            return Type { nullable: nullable || found.nullable, ..found };
        }
        if says_more {
            self.note(&at.below(&[word]), format!("the notation has no `{word}` beside other words: it is left out"));
            return self.convert(&Value::Object(rest), at, hint);
        }
        if let Some(written) = open_enum(&others).or_else(|| self.union(word, &others, at, hint)) {
            return Type { written, nullable };
        }
        let found = self.untyped(&at.below(&[word]), "nothing tells the alternatives apart");
        Type { nullable, ..found }
    }

    /// A union, if every branch is an object with one text in the same member.
    fn union(&mut self, word: &str, branches: &[(usize, &Value)], at: &Place, hint: &str) -> Option<Written> {
        let mut resolved = Vec::new();
        for (i, branch) in branches {
            let place = at.below(&[word, &i.to_string()]);
            let (place, schema) = match branch.get("$ref").and_then(Value::as_str) {
                Some(reference) => {
                    let root = self.documents.root(at).unwrap_or(self.root);
                    let (place, schema) = self.documents.find(reference, at, root)?;
                    (place, schema.clone())
                }
                None => (place, (*branch).clone()),
            };
            let map = schema.as_object()?.clone();
            if kinds(&map).0 != ["object"] {
                return None;
            }
            resolved.push((place, map));
        }
        let tag = resolved.first()?.1.get("properties")?.as_object()?.keys().find(|name| {
            let values: Option<BTreeSet<String>> = resolved.iter().map(|(_, map)| only_text(map, name)).collect();
            values.is_some_and(|values| values.len() == resolved.len())
        })?;
        let (tag, mut members) = (tag.clone(), Members::new());
        for (place, map) in &resolved {
            let value = only_text(map, &tag)?;
            let name = format!("{hint}{}", pascal(&value));
            let fields = self.fields(map, place, &name, Some(&tag));
            let branch = at.below(&[&value]);
            let name = self.named(&name, &branch, Yaml::Map(vec![("fields".to_owned(), Yaml::Map(fields))]));
            members.push((value, Yaml::text(&name)));
        }
        Some(Written::Long(vec![("oneof".to_owned(), Yaml::Map(members)), ("tag".to_owned(), Yaml::text(&tag))]))
    }

    /// `allOf` of objects as one object. A part that is met again says nothing new.
    pub(super) fn merged(
        &mut self,
        map: &Map<String, Value>,
        parts: &[Value],
        at: &Place,
    ) -> Option<Map<String, Value>> {
        let mut all = map.clone();
        all.remove("allOf");
        let mut names = self.documents.order(at).to_vec();
        let mut left: VecDeque<(Place, &Value)> = placed(at, parts).collect();
        let mut met = BTreeSet::from([at.clone()]);
        while let Some((place, part)) = left.pop_front() {
            if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
                let root = self.documents.root(&place).unwrap_or(self.root);
                let (place, found) = self.documents.find(reference, &place, root)?;
                // References inside of it would start from here instead of from there.
                if place.base != at.base && found.to_string().contains("\"$ref\"") {
                    return None;
                }
                if met.insert(place.clone()) {
                    left.push_front((place, found));
                }
                continue;
            }
            names.extend_from_slice(self.documents.order(&place));
            for (key, value) in part.as_object()? {
                match (all.get_mut(key), value) {
                    (_, Value::Array(parts)) if key == "allOf" => {
                        placed(&place, parts).rev().for_each(|part| left.push_front(part));
                    }
                    (None, _) => {
                        all.insert(key.clone(), value.clone());
                    }
                    (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
                        if more.iter().any(|(name, schema)| there.get(name).is_some_and(|it| it != schema)) {
                            return None;
                        }
                        there.extend(more.iter().map(|(name, schema)| (name.clone(), schema.clone())));
                    }
                    (Some(Value::Array(there)), Value::Array(more)) if key == "required" => there.extend(more.clone()),
                    (Some(there), _) if there == value || NOTES.contains(&key.as_str()) => {}
                    _ => return None,
                }
            }
        }
        self.merged.insert(at.clone(), names);
        Some(all)
    }
}

/// The parts of an `allOf`, with their places.
fn placed<'a>(at: &Place, parts: &'a [Value]) -> impl DoubleEndedIterator<Item = (Place, &'a Value)> {
    parts.iter().enumerate().map(|(i, part)| (at.below(&["allOf", &i.to_string()]), part))
}

/// Some texts, or any other: an enum that is open.
fn open_enum(branches: &[(usize, &Value)]) -> Option<Written> {
    let is_text = |it: &Value| it.get("type").and_then(Value::as_str) == Some("string");
    let [(_, a), (_, b)] = branches else { return None };
    let (known, any) = if a.get("enum").is_some() { (a, b) } else { (b, a) };
    let free = |key: &String| key == "type" || key == "minLength" || NOTES.contains(&key.as_str());
    let texts: Option<Vec<&str>> = known.get("enum")?.as_array()?.iter().map(Value::as_str).collect();
    if !is_text(any) || !any.as_object()?.keys().all(free) {
        return None;
    }
    Some(Written::Long(vec![
        ("enum".to_owned(), Yaml::texts(texts?)),
        ("open".to_owned(), Yaml::Plain("true".to_owned())),
    ]))
}

/// The one text that a required member may be.
fn only_text(map: &Map<String, Value>, name: &str) -> Option<String> {
    let required = map.get("required")?.as_array()?.iter().any(|it| it.as_str() == Some(name));
    let schema = map.get("properties")?.get(name)?;
    let only = match (schema.get("const"), schema.get("enum").and_then(Value::as_array).map(Vec::as_slice)) {
        (Some(only), _) | (None, Some([only])) => only,
        _ => return None,
    };
    only.as_str().filter(|_| required).map(str::to_owned)
}
