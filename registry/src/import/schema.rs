//! One schema as a type of the notation. Never fails: what has no counterpart is `json`, and noted.

use super::{
    Documents, Note,
    bounds::{integer, length, number, text},
    documents::Place,
    storming::{is_type_name, pascal},
};
use crate::history::Yaml;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Members = Vec<(String, Yaml)>;

/// A type as it is written.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// On one line: `list<string>`.
    Short(String),
    /// In the long form.
    Long(Members),
}

impl Written {
    pub(super) fn json() -> Written {
        Written::Short("json".to_owned())
    }

    /// A scalar with what bounds it.
    pub(super) fn bounded(name: &str, bounds: Members) -> Written {
        if bounds.is_empty() {
            return Written::Short(name.to_owned());
        }
        let mut members = vec![("type".to_owned(), Yaml::text(name))];
        members.extend(bounds);
        Written::Long(members)
    }

    /// As the definition of a named type.
    pub(super) fn into_yaml(self) -> Yaml {
        match self {
            Written::Short(text) => Yaml::text(&text),
            Written::Long(members) => Yaml::Map(members),
        }
    }
}

/// A type, and whether `null` stands beside it.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) written: Written,
    pub(super) nullable: bool,
}

impl From<Written> for Type {
    fn from(written: Written) -> Type {
        Type { written, nullable: false }
    }
}

/// Turns the schemas of one context into types.
pub(super) struct Converter<'a> {
    pub(super) documents: &'a Documents,
    /// The document that local references lead into.
    pub(super) root: &'a Value,
    /// The named types so far, in the order they were first met.
    pub(super) types: Members,
    pub(super) notes: BTreeSet<Note>,
    taken: BTreeSet<String>,
    referred: BTreeMap<Place, (String, bool)>,
    /// The names that the parts of an `allOf` declare, part by part.
    pub(super) merged: BTreeMap<Place, Vec<String>>,
    /// How many references are being followed.
    open: usize,
}

impl<'a> Converter<'a> {
    /// `taken` are names that no type may have.
    pub(super) fn new(documents: &'a Documents, root: &'a Value, taken: BTreeSet<String>) -> Self {
        let (types, notes, referred, merged, open) = Default::default();
        Converter { documents, root, types, notes, taken, referred, merged, open }
    }

    /// The names that the schema at a place declares, in their order.
    pub(super) fn order(&self, at: &Place) -> &[String] {
        self.merged.get(at).map_or_else(|| self.documents.order(at), Vec::as_slice)
    }

    pub(super) fn note(&mut self, at: &Place, text: impl Into<String>) {
        self.notes.insert(at.note(text));
    }

    /// What is not a type of the notation.
    pub(super) fn untyped(&mut self, at: &Place, why: &str) -> Type {
        self.note(at, format!("{why}: it is `json`"));
        Written::json().into()
    }

    /// The type of `schema`, which stands at `at`; `hint` is what it is called should it need a name.
    pub(super) fn convert(&mut self, schema: &Value, at: &Place, hint: &str) -> Type {
        let Some(map) = schema.as_object() else {
            return match schema {
                Value::Bool(true) => Written::json().into(),
                _ => self.untyped(at, "no value fits"),
            };
        };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            return self.refer(reference, map, at, hint);
        }
        for word in ["not", "if", "dependentSchemas", "dependentRequired", "dependencies", "contains", "propertyNames"]
        {
            if map.contains_key(word) {
                self.note(&at.below(&[word]), format!("the notation has no `{word}`: it is left out"));
            }
        }
        if let Some(parts) = map.get("allOf").and_then(Value::as_array) {
            return match self.merged(map, parts, at) {
                Some(merged) => self.convert(&Value::Object(merged), at, hint),
                None => self.untyped(at, "`allOf` of what is not all objects"),
            };
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(branches) = map.get(word).and_then(Value::as_array) {
                return self.alternatives(word, branches, map, at, hint);
            }
        }
        if let Some(values) = map.get("enum").and_then(Value::as_array) {
            return self.values(values, map, at);
        }
        if let Some(value) = map.get("const") {
            return self.values(std::slice::from_ref(value), map, at);
        }
        self.by_type(map, at, hint)
    }

    /// By what `type` says, or by what the other words are about.
    fn by_type(&mut self, map: &Map<String, Value>, at: &Place, hint: &str) -> Type {
        let (names, nullable) = kinds(map);
        let written = match names.as_slice() {
            ["object"] => self.object(map, at, hint),
            ["array"] => self.array(map, at, hint),
            ["string"] => text(map, at, &mut self.notes),
            ["integer"] => integer(map, at, &mut self.notes),
            ["number"] | ["integer", "number"] | ["number", "integer"] => number(map, at, &mut self.notes),
            ["boolean"] => Written::Short("bool".to_owned()),
            [] if !nullable => Written::json(),
            [] => return self.untyped(at, "nothing but `null` fits"),
            many => {
                let why = format!("{} may stand here", many.join(" or "));
                return self.untyped(at, &why);
            }
        };
        Type { written, nullable }
    }

    fn array(&mut self, map: &Map<String, Value>, at: &Place, hint: &str) -> Written {
        let set = map.get("uniqueItems") == Some(&Value::Bool(true));
        let items = match map.get("items") {
            Some(Value::Array(_)) => return self.untyped(&at.below(&["items"]), "items differ by position").written,
            _ if map.contains_key("prefixItems") => {
                return self.untyped(&at.below(&["prefixItems"]), "items differ by position").written;
            }
            items => items.unwrap_or(&Value::Bool(true)),
        };
        let below = at.below(&["items"]);
        let item = self.convert(items, &below, &format!("{hint}Item"));
        let item = self.inner(item, &below, &format!("{hint}Item"));
        let container = if set && item != "json" { "set" } else { "list" };
        if set && item == "json" {
            self.note(at, "a set of `json` cannot be told apart: it is a list");
        }
        Written::bounded(&format!("{container}<{item}>"), length(map, "minItems", "maxItems"))
    }

    /// A type inside of a list or a map: on one line, and never absent.
    pub(super) fn inner(&mut self, found: Type, at: &Place, hint: &str) -> String {
        if found.nullable {
            self.note(at, "`null` may stand among the values: they are `json`");
            return "json".to_owned();
        }
        match found.written {
            Written::Short(text) if text.matches('<').count() < NESTED => text,
            Written::Short(text) => self.named(hint, at, Yaml::text(&text)),
            Written::Long(members) => self.named(hint, at, Yaml::Map(members)),
        }
    }

    /// Defines a type under the last part of where it stands, or more of it where that is another type's. The same definition
    /// again is the same type.
    pub(super) fn named(&mut self, hint: &str, at: &Place, definition: Yaml) -> String {
        let plain = |step: &&str| step.parse::<usize>().is_err() && !KEYWORDS.contains(step);
        let steps: Vec<&str> = at.pointer.rsplit('/').filter(|step| !step.is_empty()).filter(plain).collect();
        let parts = |count: usize| steps[..count].iter().rev().map(|step| pascal(step)).collect::<String>();
        let names: Vec<String> =
            (1..=steps.len()).map(parts).filter(|it| is_type_name(it)).chain([hint.to_owned()]).collect();
        for name in &names {
            match self.types.iter().find(|(there, _)| there == name) {
                Some((_, there)) if *there == definition => return name.clone(),
                Some(_) => {}
                None if self.taken.contains(name) => {}
                None => return self.define(name, definition),
            }
        }
        self.define(hint, definition)
    }

    fn define(&mut self, hint: &str, definition: Yaml) -> String {
        let name = self.reserve(hint);
        self.types.push((name.clone(), definition));
        name
    }

    fn reserve(&mut self, hint: &str) -> String {
        let hint = if is_type_name(hint) { hint.to_owned() } else { format!("T{hint}") };
        let mut name = hint.clone();
        let mut more = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{hint}{more}");
            more += 1;
        }
        name
    }

    /// A reference as a named type.
    fn refer(&mut self, reference: &str, map: &Map<String, Value>, at: &Place, hint: &str) -> Type {
        let root = self.documents.root(at).unwrap_or(self.root);
        let Some((place, schema)) = self.documents.find(reference, at, root) else {
            return self.untyped(&at.below(&["$ref"]), &format!("`{reference}` is not among the files"));
        };
        let ignored = |key: &&String| !NOTES.contains(&key.as_str()) && *key != "$ref" && *key != "type";
        if let Some(word) = map.keys().find(ignored) {
            self.note(at, format!("`{word}` beside `$ref` is left out"));
        }
        if place == *at {
            return self.untyped(at, "it refers to itself alone");
        }
        if let Some((name, nullable)) = self.referred.get(&place) {
            return Type { written: Written::Short(name.clone()), nullable: *nullable };
        }
        if self.open == OPEN {
            return self.untyped(at, "references lead too deep");
        }
        let last = place.pointer.rsplit('/').next().filter(|last| !last.is_empty());
        let stem = last.or_else(|| place.base.rsplit('/').next()).unwrap_or(hint);
        let name = self.reserve(&pascal(stem.trim_end_matches(".json")));
        self.referred.insert(place.clone(), (name.clone(), false));
        let slot = self.types.len();
        self.types.push((name.clone(), Yaml::text("json")));
        self.open += 1;
        let found = self.convert(schema, &place, &name);
        self.open -= 1;
        let written = found.written.into_yaml();
        if self.is_called(&written, &name) {
            self.note(&place, "it refers to itself alone: it is `json`");
        } else {
            self.types[slot].1 = written;
        }
        self.referred.insert(place, (name.clone(), found.nullable));
        Type { written: Written::Short(name), nullable: found.nullable }
    }

    /// Whether a definition is but another name, and in the end this one. Types that are not done yet are `json` so far.
    fn is_called(&self, definition: &Yaml, name: &str) -> bool {
        let Yaml::Plain(text) = definition else { return false };
        let text = text.trim_matches('"');
        let next = self.types.iter().find(|(there, _)| there == text);
        text == name || next.is_some_and(|(_, definition)| self.is_called(definition, name))
    }

    /// The values of an `enum` or a `const`.
    fn values(&mut self, values: &[Value], map: &Map<String, Value>, at: &Place) -> Type {
        let nullable = values.contains(&Value::Null) && kinds(map).1 | !map.contains_key("type");
        let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        let texts: Option<Vec<&str>> = values.iter().map(|value| value.as_str()).collect();
        let written = match texts {
            Some(texts) if !texts.is_empty() => {
                let mut seen = BTreeSet::new();
                let texts = texts.into_iter().filter(|text| seen.insert(*text));
                Written::Long(vec![("enum".to_owned(), Yaml::texts(texts))])
            }
            _ if values.iter().all(|value| value.is_boolean()) && values.len() == 2 => {
                Written::Short("bool".to_owned())
            }
            _ if values.iter().all(|value| value.is_i64() || value.is_u64()) && !values.is_empty() => {
                self.note(at, "an enum of numbers is any whole number");
                Written::Short("int".to_owned())
            }
            _ => return self.untyped(at, "an enum of other things than text"),
        };
        Type { written, nullable }
    }
}

/// What `type` says without `null`, and whether it says `null`; what the other words are about where it is not there.
pub(super) fn kinds(map: &Map<String, Value>) -> (Vec<&str>, bool) {
    let names: Vec<&str> = match map.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ if map.contains_key("properties") || map.contains_key("patternProperties") => vec!["object"],
        _ if map.contains_key("items") || map.contains_key("prefixItems") => vec!["array"],
        _ => Vec::new(),
    };
    let nullable = names.contains(&"null");
    (names.into_iter().filter(|name| *name != "null").collect(), nullable)
}

/// How many containers stand in one another on a line; the notation has an end there, and so have readers.
const NESTED: usize = 8;

/// How many references may be followed in one another; a stack has an end, too.
const OPEN: usize = 256;

/// Words on the way to a schema that are no names.
const KEYWORDS: [&str; 6] = ["items", "additionalProperties", "properties", "oneOf", "anyOf", "allOf"];

/// Words that say nothing about what fits.
pub(super) const NOTES: [&str; 14] = [
    "title",
    "description",
    "$comment",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$schema",
    "$id",
    "id",
    "$defs",
    "definitions",
];
