//! A JSON Schema with the documents that it refers to by name, made into one document that refers to nothing outside of itself. A
//! name means what it would if the document lay there: it is resolved against the address of whoever refers to it. Nothing is
//! fetched, and nothing is decided here.

use super::{
    SchemaError,
    document::{address, draft_of},
};
use jsonschema::Draft;
use referencing::{Uri, uri};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, VecDeque};

/// Documents in one bundle, at most.
const MOST: usize = 1_000;

/// A document, and what the names in it stand for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The schema.
    pub schema: Value,
    /// The names under which it refers to others, with their places in the list of all parts.
    pub names: Vec<(String, usize)>,
}

/// The first of the parts, with all parts that it leads to under its definitions. A part that is its own address, beside the name it
/// goes by, is there under both.
///
/// # Errors
///
/// A name that is no URI, or that stands for two documents at once; more than 1,000 documents; a schema that is no object and
/// refers to others.
pub fn bundle(parts: &[Part]) -> Result<Value, SchemaError> {
    let Some(root) = parts.first() else { return Ok(Value::Bool(true)) };
    if root.names.is_empty() {
        return Ok(root.schema.clone());
    }
    let draft = draft_of(&root.schema).unwrap_or_default();
    let base = address(&root.schema, draft)?;
    let mut found = Vec::<(Uri<String>, usize)>::new();
    let mut seen = BTreeSet::from([base.as_str().to_owned()]);
    let mut open = VecDeque::from([(base, 0)]);
    while let Some((base, part)) = open.pop_front() {
        for (name, to) in parts.get(part).map_or(&[][..], |part| &part.names) {
            let Some(target) = parts.get(*to) else { continue };
            let wrong = |error| SchemaError::reference(name, &error);
            let named = uri::resolve_against(&base.borrow(), name.trim_end_matches('#')).map_err(wrong)?;
            let own = target.schema.get(id_of(draft_of(&target.schema).unwrap_or(draft))).and_then(Value::as_str);
            let own = own.map(|own| uri::resolve_against(&named.borrow(), own.trim_end_matches('#'))).transpose();
            for address in [Some(named), own.map_err(wrong)?].into_iter().flatten() {
                if seen.insert(address.as_str().to_owned()) {
                    found.push((address.clone(), *to));
                    open.push_back((address, *to));
                } else if found.iter().any(|(known, at)| *known == address && at != to) {
                    return Err(SchemaError::new(format!("the reference `{name}` stands for two schemas")));
                }
            }
            if found.len() > MOST {
                return Err(SchemaError::new(format!("more than {MOST} schemas are referred to")));
            }
        }
    }
    let mut bundle = root.schema.clone();
    let place = definitions(draft);
    let definitions = bundle.as_object_mut().map(|map| map.entry(place).or_insert_with(|| json!({})));
    let Some(definitions) = definitions.and_then(Value::as_object_mut) else {
        return Err(SchemaError::new(format!("the schema refers to others, and its `{place}` cannot hold them")));
    };
    for (address, part) in found {
        let mut key = address.as_str().to_owned();
        while definitions.contains_key(&key) {
            key.push('_');
        }
        definitions.insert(key, placed(&parts[part].schema, address.as_str(), draft));
    }
    Ok(bundle)
}

/// A schema at an address.
fn placed(schema: &Value, address: &str, around: Draft) -> Value {
    let Value::Object(map) = schema else { return json!({ id_of(around): address, "allOf": [schema] }) };
    let draft = if map.contains_key("$schema") { draft_of(schema).unwrap_or(around) } else { around };
    let mut map = map.clone();
    // Up to draft 7 nothing counts beside `$ref`, an address neither.
    if is_old(draft)
        && let Some(reference) = map.remove("$ref")
    {
        let kept = |key: &str| matches!(key, "definitions" | "$defs" | "$schema");
        map = map.into_iter().filter(|(key, _)| kept(key)).collect::<Map<_, _>>();
        map.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
    map.insert(id_of(draft).into(), address.into());
    Value::Object(map)
}

fn is_old(draft: Draft) -> bool {
    matches!(draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7)
}

fn id_of(draft: Draft) -> &'static str {
    if draft == Draft::Draft4 { "id" } else { "$id" }
}

fn definitions(draft: Draft) -> &'static str {
    if is_old(draft) { "definitions" } else { "$defs" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::documents::{Content, Mode, Verdict, judge, readable};

    fn part(schema: Value, names: &[(&str, usize)]) -> Part {
        Part { schema, names: names.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect() }
    }

    fn verdict(old: &[Part], new: &[Part]) -> Verdict {
        judge(&bundle(old).unwrap(), &bundle(new).unwrap(), Mode::Backward, Content::Producer).unwrap().verdict
    }

    #[test]
    fn what_is_referred_to_decides_in_every_draft() {
        let drafts = [
            (None, "$id"),
            (Some("http://json-schema.org/draft-04/schema#"), "id"),
            (Some("http://json-schema.org/draft-07/schema#"), "$id"),
            (Some("https://json-schema.org/draft/2019-09/schema"), "$id"),
            (Some("https://json-schema.org/draft/2020-12/schema"), "$id"),
        ];
        for (draft, id) in drafts {
            let order = |longest: u32| {
                let mut root = json!({"properties": {"card": {"$ref": "card.json"}}, "required": ["card"]});
                // A reference to itself, one to a third, and an address of its own that is used.
                let mut card = json!({id: "http://acme.test/card", "$ref": "#/definitions/card", "definitions": {
                    "card": {"properties": {"owner": {"$ref": "http://acme.test/owner.json#/definitions/name"}}}}});
                let mut owner = json!({"definitions": {"name": {"type": "string", "maxLength": longest}}});
                for schema in [&mut root, &mut card, &mut owner] {
                    if let Some(draft) = draft {
                        schema["$schema"] = json!(draft);
                    }
                }
                [part(root, &[("card.json", 1)]), part(card, &[("owner.json", 2)]), part(owner, &[])]
            };
            assert_eq!(verdict(&order(5), &order(6)), Verdict::Compatible, "{draft:?}");
            assert_eq!(verdict(&order(6), &order(5)), Verdict::Incompatible, "{draft:?}");
        }
    }

    #[test]
    fn documents_may_refer_to_each_other_in_circles() {
        let node = json!({"properties": {"children": {"items": {"$ref": "tree.json"}}, "name": {"type": "string"}}});
        let root = json!({"$ref": "node.json"});
        let parts = [
            part(root, &[("node.json", 1)]),
            part(node, &[("tree.json", 2)]),
            part(json!({"$ref": "node.json"}), &[("node.json", 1)]),
        ];
        assert_eq!(verdict(&parts, &parts), Verdict::Compatible);
    }

    #[test]
    fn what_cannot_be_bundled_is_said() {
        let one = part(json!({"type": "string"}), &[]);
        let said = |parts: &[Part]| match bundle(parts) {
            Ok(bundle) => readable(&bundle).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        let twice = [part(json!({}), &[("a", 1), ("a", 2)]), one.clone(), part(json!({"type": "number"}), &[])];
        assert_eq!(said(&twice), "the reference `a` stands for two schemas");
        let missing = [part(json!({"$ref": "b"}), &[("a", 1)]), one.clone()];
        assert_eq!(said(&missing), "`b` is not in this document, and nothing is fetched: bundle it under `$defs`");
        let full = [part(json!({"$defs": 1}), &[("a", 1)]), one];
        assert_eq!(said(&full), "the schema refers to others, and its `$defs` cannot hold them");
    }
}
