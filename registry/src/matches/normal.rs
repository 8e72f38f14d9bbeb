//! One subschema in the form in which two are compared: references followed, `null` told apart, and the several ways to write
//! an enum, an integer or an object in parts made one. Keywords for people are dropped here.

use serde_json::{Map, Value, json};

/// The keywords that bound a value or give it its default: compared as they are.
pub(super) const KEYWORDS: [&str; 17] = [
    "type",
    "enum",
    "const",
    "x-known-values",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// A schema, and the document that its references are in.
#[derive(Clone, Copy)]
pub(super) struct Place<'v> {
    pub(super) schema: &'v Value,
    pub(super) root: &'v Value,
}

/// What is compared of a subschema.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// Whether `null` is accepted beside the rest.
    pub(super) nullable: bool,
    pub(super) keywords: Map<String, Value>,
    pub(super) default: Option<Value>,
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<String>,
    pub(super) items: Option<Value>,
    pub(super) entries: Option<Value>,
    /// The branches of a union, by their tags.
    pub(super) branches: Vec<(String, Value)>,
    /// The definitions that were followed to come here.
    pub(super) followed: Vec<String>,
}

/// How many references and parts may be followed to one subschema.
const DEEP: usize = 32;

impl Normal {
    pub(super) fn of(place: Place<'_>) -> Self {
        let mut normal = Self::default();
        normal.add(place.schema, place.root, DEEP);
        normal.integers();
        normal
    }

    fn add(&mut self, schema: &Value, root: &Value, deep: usize) {
        let (Some(members), Some(deep)) = (schema.as_object(), deep.checked_sub(1)) else { return };
        for (key, value) in members {
            match (key.as_str(), value) {
                ("$ref", Value::String(reference)) => {
                    self.followed.push(reference.clone());
                    if let Some(target) = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
                        self.add(target, root, deep);
                    }
                }
                ("type", Value::Array(types)) => {
                    self.nullable |= types.contains(&json!("null"));
                    if let Some(other) = types.iter().find(|name| **name != json!("null")) {
                        self.keywords.insert(key.clone(), other.clone());
                    }
                }
                ("anyOf", Value::Array(parts)) if parts.iter().any(is_null) => {
                    self.nullable = true;
                    parts.iter().filter(|part| !is_null(part)).for_each(|part| self.add(part, root, deep));
                }
                ("oneOf", Value::Array(parts)) => self.one_of(parts, root),
                ("allOf", Value::Array(parts)) => parts.iter().for_each(|part| match part.get("anyOf") {
                    // The lengths of bytes, which are compared as they are.
                    Some(_) => push(&mut self.keywords, "allOf", part),
                    None => self.add(part, root, deep),
                }),
                ("properties", Value::Object(properties)) => {
                    self.properties.extend(properties.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                ("required", Value::Array(names)) => {
                    self.required.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                ("items", items) => self.items = Some(items.clone()),
                ("additionalProperties", Value::Object(_)) => self.entries = Some(value.clone()),
                ("default", default) => self.default = Some(default.clone()),
                ("format", Value::String(format)) => self.format(format),
                ("pattern", pattern) if self.keywords.get("pattern").is_some_and(|other| other != pattern) => {
                    push(&mut self.keywords, "allOf", &json!({"pattern": pattern}));
                }
                (key, value) if KEYWORDS.contains(&key) => {
                    self.keywords.insert(key.to_owned(), value.clone());
                }
                _ => {}
            }
        }
    }

    /// Texts that stand one by one are an enum; objects with a tag are a union.
    fn one_of(&mut self, parts: &[Value], root: &Value) {
        let texts = |part: &Value| match (part.get("const"), part.get("enum")) {
            (Some(text), _) => Some(vec![text.clone()]),
            (None, Some(Value::Array(texts))) => Some(texts.clone()),
            _ => None,
        };
        if let Some(texts) = parts.iter().map(texts).collect::<Option<Vec<_>>>() {
            self.keywords.insert("type".into(), json!("string"));
            self.keywords.insert("enum".into(), texts.concat().into());
            return;
        }
        for part in parts {
            let branch = Self::of(Place { schema: part, root });
            let tag = branch.properties.iter().find_map(|(key, value)| Some((key, value.get("const")?)));
            let name = tag.map_or_else(|| "?".to_owned(), |(key, value)| format!("{key} = {value}"));
            self.branches.push((name, part.clone()));
        }
        self.branches.sort_by(|a, b| a.0.cmp(&b.0));
    }

    /// What `schemars` says of integers only by their format.
    fn format(&mut self, format: &str) {
        let (low, high) = match format {
            "int32" => (json!(i32::MIN), json!(i32::MAX)),
            "int64" => (json!(i64::MIN), json!(i64::MAX)),
            "uint32" => (json!(u32::MIN), json!(u32::MAX)),
            "uint64" => (json!(u64::MIN), json!(u64::MAX)),
            _ => return,
        };
        self.keywords.entry("x-low").or_insert(low);
        self.keywords.entry("x-high").or_insert(high);
    }

    /// The range of an integer's format, where nothing narrower is said.
    fn integers(&mut self) {
        for (from, to) in [("x-low", "minimum"), ("x-high", "maximum")] {
            if let Some(bound) = self.keywords.remove(from) {
                self.keywords.entry(to).or_insert(bound);
            }
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("null"))
}

fn push(keywords: &mut Map<String, Value>, key: &str, value: &Value) {
    if let Value::Array(all) = keywords.entry(key).or_insert_with(|| json!([])) {
        all.push(value.clone());
    }
}
