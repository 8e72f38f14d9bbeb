//! How often a validator that judges a payload has to look at a schema, counted without one: references that lead to the same schema
//! twice, and those twice again, cost it more than any machine has time for. Says nothing of whether the payload is valid.

use super::{
    applicators::Step,
    document::{Document, Site},
    ignored::{beside, schemas_at},
    lowering::only_reference,
};
use serde_json::Value;

/// Schemas within one another at most, about one value and those within. Each takes some stack.
const DEEPEST: usize = 400;

/// The looks that a validator takes; `None` if they are more than `most`, or lead too deep.
pub(in crate::compat) fn effort(root: &Value, payload: &Value, most: u64) -> Option<u64> {
    let document = Document::new(root).ok()?;
    let mut left = most;
    look(&document, &document.top(), payload, &mut left, 0)?;
    Some(most - left)
}

fn look<'r>(document: &'r Document<'r>, site: &Site<'r>, value: &Value, left: &mut u64, depth: usize) -> Option<()> {
    *left = left.checked_sub(1)?;
    let Value::Object(map) = site.schema else { return Some(()) };
    if depth > DEEPEST {
        return None;
    }
    // What is unevaluated is found by looking at everything again.
    let again = ["unevaluatedProperties", "unevaluatedItems"].iter().filter(|it| map.contains_key(**it)).count();
    let same = beside(document, site).ok()?;
    for _ in 0..=again {
        for site in &same {
            look(document, site, value, left, depth + 1)?;
        }
    }
    if only_reference(site.draft, map) {
        return Some(());
    }
    let below = |step: Step<'r>, value: &Value, left: &mut u64| {
        for schema in schemas_at(map, step) {
            look(document, &site.child(schema).ok()?, value, left, depth + 1)?;
        }
        Some(())
    };
    match value {
        Value::Object(members) => {
            let patterns = map.get("patternProperties").and_then(Value::as_object);
            let declared = map.get("properties").and_then(Value::as_object);
            for (name, value) in members {
                if let Some((name, _)) = declared.and_then(|it| it.get_key_value(name)) {
                    below(Step::Property(name), value, left)?;
                }
                for pattern in patterns.into_iter().flat_map(serde_json::Map::keys) {
                    below(Step::Pattern(pattern), value, left)?;
                }
                below(Step::Others, value, left)?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(Step::Prefix(index), item, left)?;
                below(Step::Items, item, left)?;
                if let Some(schema) = map.get("contains") {
                    look(document, &site.child(schema).ok()?, item, left, depth + 1)?;
                }
            }
        }
        _ => {}
    }
    Some(())
}
