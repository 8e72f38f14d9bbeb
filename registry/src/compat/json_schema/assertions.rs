//! What the keywords of one schema say, by draft. One arm of a match a keyword; an unknown keyword says nothing, as in JSON Schema.
//! Those under which other schemas stand are in `applicators`.

use super::{
    SchemaError,
    document::Site,
    lowering::{Lowering, Way},
};
use crate::compat::containment::{Kinds, Name, Number, Origin, Schema};
use jsonschema::Draft;
use serde_json::{Map, Value};

/// Formats that the validator checks, the first draft that has each. They are asserted up to draft 7 and say nothing later.
const FORMATS: [(&str, Draft); 17] = [
    ("date", Draft::Draft4),
    ("date-time", Draft::Draft4),
    ("email", Draft::Draft4),
    ("hostname", Draft::Draft4),
    ("ipv4", Draft::Draft4),
    ("ipv6", Draft::Draft4),
    ("regex", Draft::Draft4),
    ("time", Draft::Draft4),
    ("uri", Draft::Draft4),
    ("json-pointer", Draft::Draft6),
    ("uri-reference", Draft::Draft6),
    ("uri-template", Draft::Draft6),
    ("iri", Draft::Draft7),
    ("iri-reference", Draft::Draft7),
    ("relative-json-pointer", Draft::Draft7),
    ("duration", Draft::Draft201909),
    ("uuid", Draft::Draft201909),
];

impl<'r> Lowering<'r, '_> {
    /// All that a schema says.
    pub(super) fn keywords(
        &mut self,
        site: &Site<'r>,
        map: &'r Map<String, Value>,
        way: &Way<'r>,
        at: Origin,
    ) -> Result<Schema, SchemaError> {
        let mut schema = Schema::default();
        let draft = site.draft;
        for (keyword, value) in map {
            match keyword.as_str() {
                "type" => self.kinds(value, &mut schema, at)?,
                "enum" => {
                    let values = self.list(value, "enum", at)?;
                    schema.allow_only(values.iter().map(|it| self.arena.values.from_json(it)));
                }
                "const" if draft >= Draft::Draft6 => schema.allow_only([self.arena.values.from_json(value)]),
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                    self.limit(keyword, value, map, draft, &mut schema, at)?;
                }
                "multipleOf" => match Number::from_json(self.number(value, "multipleOf", at)?) {
                    Some(number) if number > Number::ZERO => schema.number_mut().multiples.push(number),
                    Some(_) => return self.wrong(at, "`multipleOf` is more than 0"),
                    None => self.cannot_say(&mut schema, "multipleOf", value),
                },
                "minLength" => schema.text_mut().min = self.count(value, "minLength", draft, at)?,
                "maxLength" => schema.text_mut().max = Some(self.count(value, "maxLength", draft, at)?),
                "pattern" => {
                    let pattern = self.text(value, "pattern", at)?;
                    let pattern = self.arena.patterns.add(pattern);
                    schema.text_mut().patterns.push(pattern);
                }
                "format" if draft <= Draft::Draft7 => {
                    let format = self.text(value, "format", at)?;
                    if FORMATS.iter().any(|(name, since)| *name == format && draft >= *since) {
                        // The rules for host names changed.
                        let old = format == "hostname" && draft <= Draft::Draft6;
                        let name = self.name(if old { "hostname (draft 6)" } else { format });
                        schema.text_mut().formats.push(name);
                    }
                }
                "contentMediaType" | "contentEncoding" if matches!(draft, Draft::Draft6 | Draft::Draft7) => {
                    if let Some(format) = content(map) {
                        let name = self.name(format);
                        schema.text_mut().formats.push(name);
                    }
                }
                "uniqueItems" => match value {
                    Value::Bool(unique) => schema.array_mut().unique = *unique,
                    _ => return self.wrong(at, "`uniqueItems` is `true` or `false`"),
                },
                "minItems" => schema.array_mut().min = self.count(value, "minItems", draft, at)?,
                "maxItems" => schema.array_mut().max = Some(self.count(value, "maxItems", draft, at)?),
                "minProperties" => schema.object_mut().min = self.count(value, "minProperties", draft, at)?,
                "maxProperties" => schema.object_mut().max = Some(self.count(value, "maxProperties", draft, at)?),
                "required" => schema.object_mut().required.extend(self.names(value, "required", at)?),
                "items" | "prefixItems" | "contains" => {
                    self.array((keyword, value), site, map, way, &mut schema, at)?
                }
                "properties"
                | "patternProperties"
                | "additionalProperties"
                | "propertyNames"
                | "dependencies"
                | "dependentRequired"
                | "dependentSchemas" => {
                    self.object((keyword, value), site, way, &mut schema, at)?;
                }
                "allOf" | "anyOf" | "oneOf" | "not" | "if" | "$ref" | "$dynamicRef" | "$recursiveRef" => {
                    self.logic((keyword, value), site, map, way, &mut schema, at)?;
                }
                "unevaluatedProperties" if draft >= Draft::Draft201909 => {
                    self.unevaluated_properties(site, map, way, &mut schema, at)?;
                }
                "unevaluatedItems" if draft >= Draft::Draft201909 => {
                    self.unevaluated_items(site, map, way, &mut schema, at)?;
                }
                _ => {}
            }
        }
        match way {
            Way::Strict => {}
            Way::Written => self.close(map, &mut schema),
            Way::Read(place) => self.ignore_undeclared(map, place, &mut schema, at),
        }
        Ok(schema)
    }

    fn kinds(&mut self, value: &Value, schema: &mut Schema, at: Origin) -> Result<(), SchemaError> {
        let mut kinds = Kinds::NONE;
        let (mut integer, mut number) = (false, false);
        let names = match value {
            Value::Array(names) => names.as_slice(),
            name => std::slice::from_ref(name),
        };
        for name in names {
            kinds = kinds.or(match name.as_str() {
                Some("null") => Kinds::NULL,
                Some("boolean") => Kinds::BOOL,
                Some("string") => Kinds::TEXT,
                Some("array") => Kinds::ARRAY,
                Some("object") => Kinds::OBJECT,
                Some("number") => {
                    number = true;
                    Kinds::NUMBER
                }
                Some("integer") => {
                    integer = true;
                    Kinds::NUMBER
                }
                _ => return self.wrong(at, format!("{name} is no `type` of JSON Schema")),
            });
        }
        schema.kinds = kinds;
        if integer && !number {
            schema.number_mut().integer = true;
        }
        Ok(())
    }

    fn limit(
        &mut self,
        keyword: &str,
        value: &Value,
        map: &Map<String, Value>,
        draft: Draft,
        schema: &mut Schema,
        at: Origin,
    ) -> Result<(), SchemaError> {
        let (upper, keyword, flag) = match keyword {
            "minimum" => (false, "minimum", "exclusiveMinimum"),
            "maximum" => (true, "maximum", "exclusiveMaximum"),
            "exclusiveMinimum" => (false, "exclusiveMinimum", ""),
            _ => (true, "exclusiveMaximum", ""),
        };
        let exclusive = match (draft, flag) {
            // Up to draft 4 they are flags, and say nothing by themselves.
            (Draft::Draft4, "") => return Ok(()),
            (Draft::Draft4, flag) => map.get(flag).and_then(Value::as_bool).unwrap_or(false),
            (_, flag) => flag.is_empty(),
        };
        match Number::from_json(self.number(value, keyword, at)?) {
            None => self.cannot_say(schema, keyword, value),
            Some(number) if upper => schema.number_mut().at_most(number, exclusive),
            Some(number) => schema.number_mut().at_least(number, exclusive),
        }
        Ok(())
    }

    pub(super) fn number<'v>(
        &self,
        value: &'v Value,
        keyword: &str,
        at: Origin,
    ) -> Result<&'v serde_json::Number, SchemaError> {
        match value {
            Value::Number(number) => Ok(number),
            other => self.wrong(at, format!("`{keyword}` is a number, not `{other}`")),
        }
    }

    pub(super) fn text<'v>(&self, value: &'v Value, keyword: &str, at: Origin) -> Result<&'v str, SchemaError> {
        match value {
            Value::String(text) => Ok(text),
            other => self.wrong(at, format!("`{keyword}` is a text, not `{other}`")),
        }
    }

    pub(super) fn list<'v>(&self, value: &'v Value, keyword: &str, at: Origin) -> Result<&'v [Value], SchemaError> {
        match value {
            Value::Array(list) => Ok(list),
            other => self.wrong(at, format!("`{keyword}` is a list, not `{other}`")),
        }
    }

    pub(super) fn map<'v>(
        &self,
        value: &'v Value,
        keyword: &str,
        at: Origin,
    ) -> Result<&'v Map<String, Value>, SchemaError> {
        match value {
            Value::Object(map) => Ok(map),
            other => self.wrong(at, format!("`{keyword}` is an object, not `{other}`")),
        }
    }

    pub(super) fn names(&mut self, value: &Value, keyword: &str, at: Origin) -> Result<Vec<Name>, SchemaError> {
        let list = self.list(value, keyword, at)?;
        list.iter().map(|it| self.text(it, keyword, at).map(|it| self.arena.values.name(it))).collect()
    }

    /// A count; since draft 6 `1.0` is one. One that is too large for any payload is the largest.
    pub(super) fn count(&self, value: &Value, keyword: &str, draft: Draft, at: Origin) -> Result<u64, SchemaError> {
        let float = || value.as_f64().filter(|it| draft >= Draft::Draft6 && *it >= 0.0 && it.fract() == 0.0);
        // The cast saturates.
        let count = value.as_u64().or_else(|| float().map(|it| it as u64));
        count.map_or_else(|| self.wrong(at, format!("`{keyword}` is a count, not `{value}`")), Ok)
    }
}

/// What drafts 6 and 7 check of encoded texts, as a format. Encodings and media types that the validator does not know say nothing.
fn content(map: &Map<String, Value>) -> Option<&'static str> {
    let text = |keyword: &str| map.get(keyword).and_then(Value::as_str);
    match (text("contentMediaType"), text("contentEncoding")) {
        (Some("application/json"), Some("base64")) => Some("application/json in base64"),
        (Some("application/json"), None) if !map.contains_key("contentEncoding") => Some("application/json"),
        (None, Some("base64")) if !map.contains_key("contentMediaType") => Some("base64"),
        _ => None,
    }
}
