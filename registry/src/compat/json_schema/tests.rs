//! What keywords mean, draft by draft: each schema stands beside one that says the same in plainer words, and each must hold
//! all that the other holds. Refusals are verified by the validator on the way.

use super::*;
use crate::compat::documents::{Mode, Verdict, judge};
use serde_json::json;

const D4: &str = "http://json-schema.org/draft-04/schema#";
const D6: &str = "http://json-schema.org/draft-06/schema#";
const D7: &str = "http://json-schema.org/draft-07/schema#";
const D19: &str = "https://json-schema.org/draft/2019-09/schema";
const D20: &str = "https://json-schema.org/draft/2020-12/schema";

fn in_draft(draft: &str, schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".into(), json!(draft));
    }
    schema
}

fn verdict(draft: &str, one: &Value, other: &Value, mode: Mode, content: Content) -> Verdict {
    let (one, other) = (in_draft(draft, one), in_draft(draft, other));
    let judgement = judge(&one, &other, mode, content).unwrap_or_else(|error| panic!("{one} {other}: {error}"));
    assert_ne!(judgement.verdict, Verdict::Unknown, "{one} {other}: {judgement:?}");
    judgement.verdict
}

fn same(draft: &str, one: Value, other: Value) {
    let verdict = verdict(draft, &one, &other, Mode::Full, Content::Strict);
    assert_eq!(verdict, Verdict::Compatible, "{draft}: {one} {other}");
}

fn differ(draft: &str, one: Value, other: Value) {
    let verdict = verdict(draft, &one, &other, Mode::Full, Content::Strict);
    assert_eq!(verdict, Verdict::Incompatible, "{draft}: {one} {other}");
}

#[test]
fn drafts_differ_where_they_do() {
    // What stands beside `$ref` counts since 2019-09.
    let beside =
        json!({"definitions": {"n": {"type": "integer"}}, "allOf": [{"$ref": "#/definitions/n", "minimum": 3}]});
    same(D7, beside.clone(), json!({"type": "integer"}));
    same(D19, beside, json!({"type": "integer", "minimum": 3}));
    // Limits.
    same(D4, json!({"minimum": 3, "exclusiveMinimum": true}), json!({"not": {"type": "number", "maximum": 3}}));
    same(D4, json!({"exclusiveMinimum": true}), json!({}));
    same(D6, json!({"exclusiveMinimum": 3}), json!({"not": {"type": "number", "maximum": 3}}));
    // Keywords that came later say nothing before.
    same(D4, json!({"const": 1, "contains": {}, "propertyNames": {"maxLength": 1}}), json!({}));
    same(D6, json!({"if": {"type": "string"}, "then": {"maxLength": 1}}), json!({}));
    differ(D7, json!({"if": {"type": "string"}, "then": {"maxLength": 1}}), json!({}));
    same(D7, json!({"dependentRequired": {"a": ["b"]}, "unevaluatedProperties": false}), json!({}));
    same(D7, json!({"minContains": 2, "contains": {"const": 1}}), json!({"contains": {"const": 1}}));
    // Lists of items.
    let tuple = json!({"items": [{"type": "string"}], "additionalItems": false});
    same(D7, tuple.clone(), json!({"maxItems": 1, "items": {"type": "string"}}));
    same(D19, tuple, json!({"maxItems": 1, "items": {"type": "string"}}));
    same(
        D20,
        json!({"prefixItems": [{"type": "string"}], "items": false}),
        json!({"maxItems": 1, "items": {"type": "string"}}),
    );
    same(D20, json!({"prefixItems": [{}], "additionalItems": false}), json!({}));
    same(D19, json!({"prefixItems": [false]}), json!({}));
    // Formats are checked up to draft 7.
    differ(D7, json!({"type": "string", "format": "ipv4"}), json!({"type": "string"}));
    same(D19, json!({"format": "ipv4"}), json!({}));
    same(D7, json!({"format": "colour"}), json!({}));
    same(D7, json!({"format": "uuid"}), json!({}));
    // Dependencies.
    let plain = json!({"not": {"type": "object", "required": ["a"], "not": {"required": ["b"]}}});
    for draft in [D4, D6, D7, D19, D20] {
        same(draft, json!({"dependencies": {"a": ["b"]}}), plain.clone());
        same(draft, json!({"dependencies": {"a": {"required": ["b"]}}}), plain.clone());
    }
    same(D20, json!({"dependentRequired": {"a": ["b"]}}), plain.clone());
    same(D20, json!({"dependentSchemas": {"a": {"required": ["b"]}}}), plain);
    // Encoded texts.
    differ(D7, json!({"contentEncoding": "base64"}), json!({}));
    same(D20, json!({"contentEncoding": "base64"}), json!({}));
}

#[test]
fn a_document_without_a_draft_is_of_the_newest_in_which_it_is_well_formed() {
    let full = |one: &Value, other: &Value| judge(one, other, Mode::Full, Content::Strict).unwrap().verdict;
    let exclusive = json!({"minimum": 3, "exclusiveMinimum": true});
    assert_eq!(full(&exclusive, &json!({"exclusiveMinimum": 3})), Verdict::Compatible);
    let list = json!({"items": [false]});
    assert_eq!(full(&list, &json!({"prefixItems": [false]})), Verdict::Compatible);
    let iglu = json!({
        "$schema": "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
        "self": {"vendor": "a", "name": "b", "format": "jsonschema", "version": "1-0-0"}, "type": "string",
    });
    assert_eq!(full(&iglu, &json!({"type": "string"})), Verdict::Compatible);
    let ours = json!({"$schema": "https://example.org/ours", "type": "string"});
    assert_eq!(full(&ours, &json!({"type": "string"})), Verdict::Unknown);
    assert_eq!(full(&ours, &ours), Verdict::Compatible);
}

#[test]
fn references_lead_where_the_validator_follows_them() {
    let id = json!({
        "$id": "https://example.org/root.json", "$ref": "inner.json",
        "$defs": {"x": {"$id": "inner.json", "$ref": "#/$defs/y", "$defs": {"y": {"type": "integer"}}}},
    });
    same(D20, id, json!({"type": "integer"}));
    let old_id = json!({
        "id": "http://example.org/root.json", "allOf": [{"$ref": "inner.json#/definitions/y"}],
        "definitions": {"x": {"id": "inner.json", "definitions": {"y": {"type": "integer"}}}},
    });
    same(D4, old_id, json!({"type": "integer"}));
    same(
        D20,
        json!({"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "integer"}}}),
        json!({"type": "integer"}),
    );
    same(
        D7,
        json!({"$ref": "#here", "definitions": {"x": {"$id": "#here", "type": "integer"}}}),
        json!({"type": "integer"}),
    );
    same(
        D7,
        json!({"$ref": "#/definitions/a~1b%25", "definitions": {"a/b%": {"type": "null"}}}),
        json!({"type": "null"}),
    );
    // A list of what the outermost document says an item is.
    let dynamic = json!({
        "$id": "https://example.org/strings", "$ref": "list", "$defs": {
            "item": {"$dynamicAnchor": "item", "type": "string"},
            "list": {
                "$id": "list", "type": "array", "items": {"$dynamicRef": "#item"},
                "$defs": {"item": {"$dynamicAnchor": "item"}},
            },
        },
    });
    same(D20, dynamic, json!({"type": "array", "items": {"type": "string"}}));
    let tree = json!({
        "$id": "https://example.org/strict", "$recursiveAnchor": true, "$ref": "tree", "maxProperties": 1,
        "$defs": {"tree": {
            "$id": "tree", "$recursiveAnchor": true, "type": "object",
            "additionalProperties": {"$recursiveRef": "#"},
        }},
    });
    let plain = json!({"type": "object", "maxProperties": 1, "additionalProperties": {"$ref": "#"}});
    same(D19, tree, plain);
}

#[test]
fn lists_that_hold_themselves_are_compared() {
    let list = |leaf: Value| {
        json!({
            "$ref": "#/definitions/list",
            "definitions": {"list": {"type": "object", "required": ["head"], "properties": {
                "head": leaf, "tail": {"$ref": "#/definitions/list"},
            }}},
        })
    };
    let (narrow, wide) = (list(json!({"type": "integer"})), list(json!({"type": "number"})));
    for content in [Content::Strict, Content::Producer] {
        assert_eq!(verdict(D7, &narrow, &wide, Mode::Backward, content), Verdict::Compatible);
        assert_eq!(verdict(D7, &wide, &narrow, Mode::Backward, content), Verdict::Incompatible);
    }
}

#[test]
fn what_is_unevaluated_follows_from_what_holds() {
    let closed = |map: Value| {
        let mut map = map;
        map["unevaluatedProperties"] = json!(false);
        map
    };
    for draft in [D19, D20] {
        let object = json!({"type": "object"});
        same(
            draft,
            closed(json!({"allOf": [{"properties": {"a": object}}], "properties": {"b": {}}})),
            json!({"properties": {"a": object, "b": {}}, "additionalProperties": false}),
        );
        same(
            draft,
            closed(json!({"anyOf": [{"properties": {"a": {}}, "required": ["a"]}, {"properties": {"b": {}}}]})),
            json!({"anyOf": [
                {"properties": {"a": {}, "b": {}}, "required": ["a"], "additionalProperties": false},
                {"properties": {"b": {}}, "additionalProperties": false},
            ]}),
        );
        same(
            draft,
            closed(json!({
                "if": {"required": ["k"], "properties": {"k": {"const": 1}}},
                "then": {"properties": {"a": {}}}, "else": {"properties": {"b": {}}},
            })),
            json!({"anyOf": [
                {"required": ["k"], "properties": {"k": {"const": 1}, "a": {}}, "additionalProperties": false},
                {
                    "not": {"required": ["k"], "properties": {"k": {"const": 1}}},
                    "properties": {"b": {}}, "additionalProperties": false,
                },
            ]}),
        );
        same(
            draft,
            closed(json!({"properties": {"a": {}}, "dependentSchemas": {"a": {"properties": {"b": {}}}}})),
            json!({"properties": {"a": {}, "b": {}}, "additionalProperties": false, "dependentRequired": {"b": ["a"]}}),
        );
        same(
            draft,
            closed(json!({"oneOf": [{"$ref": "#/$defs/x"}], "$defs": {"x": {"patternProperties": {"^x": {}}}}})),
            json!({"patternProperties": {"^x": {}}, "additionalProperties": false}),
        );
        same(draft, closed(json!({"allOf": [{"additionalProperties": true}]})), json!({}));
    }
    same(
        D20,
        json!({"allOf": [{"prefixItems": [{"type": "string"}]}], "unevaluatedItems": {"type": "null"}}),
        json!({"prefixItems": [{"type": "string"}], "items": {"type": "null"}}),
    );
    same(
        D20,
        json!({"type": "array", "contains": {"const": 1}, "unevaluatedItems": {"const": 2}}),
        json!({"type": "array", "contains": {"const": 1}, "items": {"enum": [1, 2]}}),
    );
    same(D19, json!({"items": [{}], "unevaluatedItems": false}), json!({"maxItems": 1}));
}

#[test]
fn producers_write_what_is_declared_and_consumers_ignore_the_rest() {
    let backward = |old: &Value, new: &Value| verdict(D20, old, new, Mode::Backward, Content::Producer);
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let (fine, broken) = (Verdict::Compatible, Verdict::Incompatible);

    // A new optional property, and one that goes, both ways.
    let (less, more) =
        (object(json!({"a": {"type": "string"}})), object(json!({"a": {"type": "string"}, "b": {"type": "null"}})));
    assert_eq!((backward(&less, &more), backward(&more, &less)), (fine, fine));
    // A name that returns with another kind.
    assert_eq!(backward(&more, &object(json!({"b": {"type": "string"}}))), broken);
    // Through allOf, references and branches.
    let composed =
        json!({"allOf": [{"$ref": "#/$defs/a"}, {"properties": {"b": {"type": "null"}}}], "$defs": {"a": less}});
    assert_eq!(backward(&composed, &object(json!({"a": {"type": "string"}, "z": {"type": "integer"}}))), fine);
    assert_eq!(backward(&composed, &object(json!({"b": {"type": "string"}}))), broken);
    let branches = json!({"anyOf": [object(json!({"a": {"const": 1}})), object(json!({"b": {"const": 1}}))]});
    assert_eq!(backward(&branches, &object(json!({"z": false}))), fine);
    assert_eq!(backward(&branches, &object(json!({"a": {"const": 1}, "b": {"const": 1}}))), fine);
    // What two schemas declare of one property is declared together.
    let part = |name: &str| {
        object(json!({"p": {"type": "object", "required": [name], "properties": {name: {"type": "null"}}}}))
    };
    let both = json!({"required": ["p"], "allOf": [part("x"), part("y")]});
    assert_eq!(backward(&both, &object(json!({"p": {"type": "object", "maxProperties": 1}}))), broken);
    assert_eq!(backward(&both, &object(json!({"p": {"properties": {"z": false}}}))), fine);
    // Maps stay maps, and `true` declares nothing.
    let map = json!({"type": "object"});
    assert_eq!(backward(&map, &object(json!({"a": {"type": "string"}}))), broken);
    let mut said = less.clone();
    said["additionalProperties"] = json!(true);
    assert_eq!(backward(&said, &object(json!({"z": false}))), fine);
    // What is required is declared.
    let mut required = less.clone();
    required["required"] = json!(["k"]);
    assert_eq!(backward(&required, &object(json!({"k": {"type": "string"}}))), broken);

    // Closed consumers ignore what nobody declares.
    let closed = |schema: &Value| {
        let mut schema = schema.clone();
        schema["additionalProperties"] = json!(false);
        schema
    };
    assert_eq!(backward(&more, &closed(&less)), fine);
    assert_eq!(verdict(D20, &more, &closed(&less), Mode::Backward, Content::Strict), broken);
    // And refuse what another branch declares, so that a union is still what it was.
    let card = closed(&object(json!({"number": {"type": "string"}})));
    let bank = closed(&object(json!({"iban": {"type": "string"}})));
    let mut union = json!({"oneOf": [card, bank]});
    for branch in union["oneOf"].as_array_mut().unwrap() {
        let name = branch["properties"].as_object().unwrap().keys().next().unwrap().clone();
        branch["required"] = json!([name]);
    }
    assert_eq!(backward(&union, &union), fine);
    let mut wider = union.clone();
    wider["oneOf"][0]["properties"]["note"] = json!({});
    assert_eq!(backward(&wider, &union), fine);
}

#[test]
fn malformed_schemas_are_errors_that_say_where() {
    for (schema, says) in [
        (json!(7), "a schema is an object"),
        (json!({"type": "strnig"}), "\"strnig\" is no `type`"),
        (json!({"properties": {"a": {"minLength": -1}}}), "`minLength` is a count, not `-1` (at /properties/a)"),
        (json!({"allOf": []}), "`allOf` has at least one schema"),
        (json!({"$ref": "#/$defs/none"}), "`$ref` leads nowhere: the document has nothing at `#/$defs/none`"),
        (json!({"$ref": "https://example.org/x"}), "`https://example.org/x` is not in this document"),
        (json!({"multipleOf": 0}), "`multipleOf` is more than 0"),
        (json!({"required": true}), "`required` is a list"),
        (json!({"$schema": D4, "items": [{"type": 7}]}), "7 is no `type` of JSON Schema (at /items/0)"),
    ] {
        let error = judge(&schema, &json!(true), Mode::Backward, Content::Strict).unwrap_err();
        assert!(!error.new && error.to_string().contains(says), "{schema}: {error}");
        let error = judge(&json!(true), &schema, Mode::Backward, Content::Producer).unwrap_err();
        assert!(error.new && error.to_string().contains(says), "{schema}: {error}");
    }
}
