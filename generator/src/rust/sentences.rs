//! What the notation says of a value beside its documentation, in words: bounds, default, example, tags.

use super::text::code_span;
use isobar_model::{
    Field, Presence, Shape, ShapeKind, Spanned, Value,
    shape::{Bounds, Scalar},
};
use isobar_registry::schema::Json;

/// Phrases such as ``at least 1`` and ``for example `12` ``.
pub(super) fn facts(
    shape: &Shape,
    presence: Option<&Presence>,
    example: Option<&Spanned<Value>>,
    tags: &[Spanned<String>],
) -> Vec<String> {
    let Bounds { min, max, min_length, max_length, pattern, format } = &*shape.bounds;
    let mut facts = Vec::new();
    let unit = match &shape.kind {
        ShapeKind::Scalar(Scalar::Bytes) => "byte",
        ShapeKind::Scalar(_) => "character",
        _ => "item",
    };
    let many = |n: &u64| format!("{n} {unit}{}", if *n == 1 { "" } else { "s" });
    facts.extend(min.map(|min| format!("at least {min}")));
    facts.extend(max.map(|max| format!("at most {max}")));
    facts.extend(min_length.as_ref().map(|n| format!("at least {}", many(n))));
    facts.extend(max_length.as_ref().map(|n| format!("at most {}", many(n))));
    if let ShapeKind::Scalar(Scalar::Decimal(scale)) = &shape.kind {
        facts.push(match scale {
            0 => "without digits after the point".into(),
            1 => "with at most 1 digit after the point".into(),
            scale => format!("with at most {scale} digits after the point"),
        });
    }
    facts.extend(pattern.as_ref().map(|pattern| format!("matching {}", code_span(pattern))));
    facts.extend(format.as_ref().map(|format| format!("in the format {}", code_span(format))));
    if let Some(Presence::Default(default)) = presence {
        facts.push(format!("by default {}", shown(default)));
    }
    facts.extend(example.map(|example| format!("for example {}", shown(example))));
    facts.extend(tagged(tags.iter().map(|tag| tag.value.as_str())));
    facts
}

/// What there is to say of a field that its row in the table does not: `mask` is the tag that stands there.
pub(super) fn beside(field: &Field, mask: Option<&str>) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(field.shape.bounds.format.as_ref().map(|format| format!("in the format {}", code_span(format))));
    facts.extend(field.example.as_ref().map(|example| format!("for example {}", shown(example))));
    facts.extend(tagged(field.tags.iter().map(|tag| tag.value.as_str()).filter(|tag| Some(*tag) != mask)));
    facts
}

fn tagged<'t>(tags: impl Iterator<Item = &'t str>) -> Option<String> {
    let tags: Vec<String> = tags.map(code_span).collect();
    (!tags.is_empty()).then(|| format!("tagged {}", tags.join(", ")))
}

/// A literal as its JSON text, but a plain text without its quotes.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if !text.trim().is_empty() => code_span(text),
        _ => code_span(&Json::from(value).to_string()),
    }
}

/// The facts as a sentence of their own.
pub(super) fn sentence(facts: &[String]) -> String {
    let joined = facts.join(", ");
    let mut chars = joined.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str())
}
