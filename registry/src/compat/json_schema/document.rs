//! One JSON Schema document: its draft, and where each of its references leads. Never fetches anything: a reference out of the
//! document to something other than a published meta-schema is an error that names it.
//!
//! Most documents refer only to their own `#/definitions`. Those are followed by hand; the rest (`$id` below the root, anchors,
//! dynamic references) is followed by the crate that the validator follows it with, so that both arrive at the same place.

use super::SchemaError;
use jsonschema::Draft;
use referencing::{Registry, Resolver, Uri};
use serde_json::Value;
use std::borrow::Cow;

/// What a document without an address of its own is called while references are resolved.
const NO_ADDRESS: &str = "json-schema:///";

/// Iglu's own meta-schema adds names to draft 4 and takes nothing away.
const IGLU: &str = "iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/";

/// A document whose references are known to lead somewhere.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
    /// `None` where `$schema` names a meta-schema that is not known.
    pub(super) draft: Option<Draft>,
    registry: Option<(Registry<'a>, Uri<String>)>,
    dynamic: bool,
    /// Whether some object is closed to properties that it does not declare.
    pub(super) closes: bool,
    /// Whether no reference leads anywhere but to definitions.
    pub(super) divisible: bool,
}

/// A schema in a document, and how references in it are resolved.
#[derive(Clone, Debug)]
pub(super) struct Site<'r> {
    pub(super) schema: &'r Value,
    pub(super) draft: Draft,
    resolver: Option<Resolver<'r>>,
}

/// What tells one [`Site`] from another: the schema, and where dynamic references matter the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    schema: usize,
    scope: Vec<String>,
}

/// What a look over a whole document finds.
#[derive(Default)]
struct Traits {
    boolean_exclusive: bool,
    list_items: bool,
    dynamic: bool,
    closes: bool,
    /// Following references takes more than walking down from the root.
    registry: bool,
    /// A reference leads to something that is no definition.
    across: bool,
}

impl Traits {
    fn look(&mut self, value: &Value, root: bool) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) if key.starts_with('$') || key == "id" => self.refers(key, text, root),
                        Value::Bool(flag) => match key.as_str() {
                            "additionalProperties" | "unevaluatedProperties" => self.closes |= !flag,
                            "exclusiveMinimum" | "exclusiveMaximum" => self.boolean_exclusive = true,
                            _ => {}
                        },
                        _ if matches!(key.as_str(), "enum" | "const" | "default" | "examples") => {}
                        _ => {
                            self.list_items |= key == "items" && value.is_array();
                            self.look(value, false);
                        }
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|it| self.look(it, false)),
            _ => {}
        }
    }

    fn refers(&mut self, key: &str, text: &str, root: bool) {
        match key {
            "$ref" => {
                self.registry |= text != "#" && !text.starts_with("#/");
                self.across |= !text.starts_with("#/$defs/") && !text.starts_with("#/definitions/");
            }
            "$dynamicRef" | "$recursiveRef" => (self.dynamic, self.registry) = (true, true),
            "$anchor" | "$dynamicAnchor" => self.registry = true,
            "$id" | "id" | "$schema" => self.registry |= !root,
            _ => {}
        }
    }

    /// A document that names no draft is in the newest one in which it is well-formed: a list under `items` has been gone
    /// since 2020-12, and a boolean `exclusiveMinimum` since draft 6.
    fn draft(&self) -> Draft {
        match self {
            Traits { boolean_exclusive: true, .. } => Draft::Draft4,
            Traits { list_items: true, .. } => Draft::Draft201909,
            _ => Draft::Draft202012,
        }
    }

    fn draft_of(&self, root: &Value) -> Option<Draft> {
        let named = root.get("$schema").and_then(Value::as_str);
        match named.map(Draft::from_schema_uri) {
            Some(Draft::Unknown) => named.filter(|uri| uri.contains(IGLU)).map(|_| Draft::Draft4),
            Some(draft) => Some(draft),
            None => Some(self.draft()),
        }
    }
}

/// The draft of a document. `None` where `$schema` names a meta-schema that is not known.
pub(super) fn draft_of(root: &Value) -> Option<Draft> {
    let mut traits = Traits::default();
    traits.look(root, true);
    traits.draft_of(root)
}

/// What the references of a document are resolved against.
pub(super) fn address(root: &Value, draft: Draft) -> Result<Uri<String>, SchemaError> {
    let resource = draft.create_resource_ref(root);
    let id = resource.id().unwrap_or(NO_ADDRESS);
    referencing::uri::from_str(id.trim_end_matches('#')).map_err(|error| SchemaError::reference(id, &error))
}

impl<'a> Document<'a> {
    /// Looks at a document and at where its references lead.
    pub(super) fn new(root: &'a Value) -> Result<Self, SchemaError> {
        let mut traits = Traits::default();
        traits.look(root, true);
        let draft = traits.draft_of(root);
        let registry = match draft {
            Some(draft) if traits.registry => Some(registry(root, draft)?),
            _ => None,
        };
        let divisible = !traits.registry && !traits.across;
        Ok(Document { root, draft, registry, dynamic: traits.dynamic, closes: traits.closes, divisible })
    }

    pub(super) fn top(&self) -> Site<'_> {
        let resolver = self.registry.as_ref().map(|(registry, uri)| registry.resolver(uri.clone()));
        Site { schema: self.root, draft: self.draft.unwrap_or_default(), resolver }
    }

    pub(super) fn key(&self, site: &Site<'_>) -> Key {
        let mut scope = Vec::new();
        if let (true, Some(resolver)) = (self.dynamic, &site.resolver) {
            // The outermost document that has an anchor decides, however often the way here led through it.
            for uri in resolver.dynamic_scope().iter().collect::<Vec<_>>().into_iter().rev() {
                if !scope.iter().any(|it| it == uri.as_str()) {
                    scope.push(uri.as_str().to_owned());
                }
            }
            scope.push(resolver.base_uri().as_str().to_owned());
            // Where the chain of `$recursiveAnchor`s ends is a matter of the whole way.
            let end = resolver.lookup_recursive_ref().ok();
            scope.extend(end.map(|end| format!("{:p}", std::ptr::from_ref(end.contents()))));
        }
        Key { schema: std::ptr::from_ref(site.schema) as usize, scope }
    }

    /// The schema that the value of one of the keywords for references leads to.
    pub(super) fn referred<'r>(
        &'r self,
        from: &Site<'r>,
        keyword: &str,
        reference: &Value,
    ) -> Result<Site<'r>, SchemaError> {
        match reference.as_str() {
            Some(_) if keyword == "$recursiveRef" => self.recursive(from),
            Some(text) => self.follow(from, text),
            None => Err(SchemaError::new(format!("`{keyword}` is a text, not `{reference}`"))),
        }
    }

    /// The schema that a reference leads to.
    pub(super) fn follow<'r>(&'r self, from: &Site<'r>, reference: &str) -> Result<Site<'r>, SchemaError> {
        let Some(resolver) = &from.resolver else {
            let found = local(self.root, reference).ok_or_else(|| SchemaError::nowhere(reference));
            return Ok(Site { schema: found?, ..from.clone() });
        };
        let found = resolver.lookup(reference).map_err(|error| SchemaError::reference(reference, &error))?;
        Ok(resolved(found))
    }

    /// The schema that `$recursiveRef: "#"` leads to.
    pub(super) fn recursive<'r>(&'r self, from: &Site<'r>) -> Result<Site<'r>, SchemaError> {
        let Some(resolver) = &from.resolver else { return self.follow(from, "#") };
        let found = resolver.lookup_recursive_ref().map_err(|error| SchemaError::reference("#", &error))?;
        Ok(resolved(found))
    }
}

impl<'r> Site<'r> {
    /// A schema below this one.
    pub(super) fn child(&self, schema: &'r Value) -> Result<Site<'r>, SchemaError> {
        let Some(resolver) = &self.resolver else {
            return Ok(Site { schema, draft: self.draft, resolver: None });
        };
        let draft = self.draft.detect(schema);
        let resolver = resolver.in_subresource(draft.create_resource_ref(schema));
        let resolver = resolver.map_err(|error| SchemaError::reference("$id", &error))?;
        Ok(Site { schema, draft, resolver: Some(resolver) })
    }
}

fn resolved(found: referencing::Resolved<'_>) -> Site<'_> {
    let (schema, resolver, draft) = found.into_inner();
    Site { schema, draft: draft.detect(schema), resolver: Some(resolver) }
}

fn registry(root: &Value, draft: Draft) -> Result<(Registry<'_>, Uri<String>), SchemaError> {
    let uri = address(root, draft)?;
    let wrong = |error: referencing::Error| SchemaError::reference(uri.as_str(), &error);
    let builder = Registry::new().draft(draft).add(uri.as_str(), draft.create_resource_ref(root)).map_err(wrong)?;
    let registry = builder.prepare().map_err(wrong)?;
    Ok((registry, uri))
}

/// The value that a reference within one document names: `#` or `#/a/b`, with `%` and `~` escapes.
fn local<'r>(root: &'r Value, reference: &str) -> Option<&'r Value> {
    let pointer = reference.strip_prefix('#')?;
    root.pointer(&unescaped(pointer)?)
}

/// A fragment without its `%` escapes, as a JSON pointer. `None` if it is no text then.
pub(crate) fn unescaped(pointer: &str) -> Option<Cow<'_, str>> {
    if !pointer.contains('%') {
        return Some(Cow::Borrowed(pointer));
    }
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}
