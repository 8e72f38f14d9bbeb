//! From what the validator says of a witness to a code, a place in the payload and a sentence that a person understands.

use super::{Direction, codes};
use isobar_model::diag::codes::Code;
use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// Texts of values in sentences are cut off behind this many characters.
const LONGEST: usize = 80;
/// And a witness behind this many.
const LONGEST_WITNESS: usize = 400;

/// One reason why a payload is refused, in words.
pub(super) struct Reason {
    pub(super) code: &'static Code,
    /// In the payload.
    pub(super) pointer: String,
    pub(super) message: String,
}

/// The two sides of a direction, as sentences name them.
struct Sides {
    consumers: &'static str,
    producers: &'static str,
}

/// The reasons that an error stands for: one, but for properties that are refused.
pub(super) fn reasons(error: &ValidationError<'_>, writer: &Value, direction: Direction) -> Vec<Reason> {
    let sides = match direction {
        Direction::Backward => Sides { consumers: "the new schema", producers: "the old one" },
        Direction::Forward => Sides { consumers: "the old schema", producers: "the new one" },
    };
    let place = error.instance_path().as_str();
    let below = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    let refused = |names: &[String]| {
        let one = |name: &String| {
            let pointer = below(name);
            let message =
                format!("Consumers of {} refuse {}; {}", sides.consumers, at(&pointer), sides.may("write it"));
            Reason { code: &codes::REFUSED, pointer, message }
        };
        names.iter().map(one).collect()
    };
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => refused(unexpected),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let pointer = below(name);
            let message = format!(
                "Consumers of {} need {}; {}",
                sides.consumers,
                at(&pointer),
                if declares(writer, name) {
                    sides.may("leave it out")
                } else {
                    format!("producers of {} do not write it", sides.producers)
                }
            );
            vec![Reason { code: &codes::MISSING, pointer, message }]
        }
        Kind::FalseSchema if !place.is_empty() => {
            let message = format!("Consumers of {} refuse {}; {}", sides.consumers, at(place), sides.may("write it"));
            vec![Reason { code: &codes::REFUSED, pointer: place.to_owned(), message }]
        }
        kind => {
            let (code, expected) = expectation(kind, error);
            let value = short(error.instance());
            let does = match kind {
                Kind::PropertyNames { .. } => sides.may("write others"),
                Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
                    sides.may(&format!("write {value}, which fits none"))
                }
                Kind::OneOfMultipleValid { .. } => sides.may(&format!("write {value}, which fits several")),
                _ => sides.may(&format!("write {value}")),
            };
            let there = if place.is_empty() { String::new() } else { format!(" at {}", at(place)) };
            let message = format!("Consumers of {} {expected}{there}; {does}", sides.consumers);
            vec![Reason { code, pointer: place.to_owned(), message }]
        }
    }
}

impl Sides {
    fn may(&self, what: &str) -> String {
        format!("producers of {} may {what}", self.producers)
    }
}

/// The code of an error, and what consumers expect.
fn expectation(kind: &Kind, error: &ValidationError<'_>) -> (&'static Code, String) {
    let accept = |what: &str| format!("accept {what}");
    match kind {
        Kind::Type { kind } => (&codes::KIND, format!("read {}", kinds(kind))),
        Kind::Enum { options } => (&codes::VALUE, format!("know only {}", values(options))),
        Kind::Constant { expected_value } => (&codes::VALUE, accept(&format!("only {}", short(expected_value)))),
        Kind::Minimum { limit } => (&codes::RANGE, accept(&format!("numbers from {limit}"))),
        Kind::ExclusiveMinimum { limit } => (&codes::RANGE, accept(&format!("numbers above {limit}"))),
        Kind::Maximum { limit } => (&codes::RANGE, accept(&format!("numbers up to {limit}"))),
        Kind::ExclusiveMaximum { limit } => (&codes::RANGE, accept(&format!("numbers below {limit}"))),
        Kind::MultipleOf { multiple_of } => (&codes::MULTIPLE, accept(&format!("multiples of {multiple_of}"))),
        Kind::MinLength { limit } => {
            (&codes::LENGTH, accept(&some("texts of at least", *limit, "character", "characters")))
        }
        Kind::MaxLength { limit } => {
            (&codes::LENGTH, accept(&some("texts of at most", *limit, "character", "characters")))
        }
        Kind::Pattern { pattern } => (&codes::PATTERN, accept(&format!("texts that match `{pattern}`"))),
        Kind::Format { format } => (&codes::FORMAT, accept(&format!("texts of the format `{format}`"))),
        Kind::ContentEncoding { content_encoding: format } | Kind::ContentMediaType { content_media_type: format } => {
            (&codes::FORMAT, accept(&format!("texts that hold `{format}`")))
        }
        Kind::MinItems { limit } => (&codes::ITEMS, accept(&some("arrays of at least", *limit, "item", "items"))),
        Kind::MaxItems { limit } => (&codes::ITEMS, accept(&some("arrays of at most", *limit, "item", "items"))),
        Kind::AdditionalItems { limit } => {
            (&codes::ITEMS, accept(&some("arrays of at most", *limit as u64, "item", "items")))
        }
        Kind::UnevaluatedItems { .. } => (&codes::ITEMS, accept("no further items")),
        Kind::UniqueItems => (&codes::REPEATED, accept("arrays without equal items")),
        Kind::Contains => (&codes::CONTAINS, "look for certain items".to_owned()),
        Kind::PropertyNames { .. } => (&codes::NAMES, accept("only certain names of properties")),
        Kind::MinProperties { limit } => {
            (&codes::COUNT, accept(&some("objects of at least", *limit, "property", "properties")))
        }
        Kind::MaxProperties { limit } => {
            (&codes::COUNT, accept(&some("objects of at most", *limit, "property", "properties")))
        }
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => (&codes::BRANCH, "know several branches".to_owned()),
        Kind::OneOfMultipleValid { .. } => (&codes::AMBIGUOUS, "ask for exactly one of several branches".to_owned()),
        Kind::Not { .. } => (&codes::EXCLUDED, "exclude certain values".to_owned()),
        Kind::FalseSchema => (&codes::REFUSED, accept("nothing")),
        _ => (&codes::EXCLUDED, format!("refuse the payload ({error})")),
    }
}

fn some(what: &str, count: u64, one: &str, many: &str) -> String {
    format!("{what} {count} {}", if count == 1 { one } else { many })
}

fn kinds(kind: &TypeKind) -> String {
    let word = |name: String| match name.as_str() {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "an array",
        "object" => "an object",
        _ => "`null`",
    };
    match kind {
        TypeKind::Single(one) => word(one.to_string()).to_owned(),
        TypeKind::Multiple(set) => set.iter().map(|it| word(it.to_string())).collect::<Vec<_>>().join(" or "),
    }
}

fn values(options: &Value) -> String {
    let list: Vec<String> = options.as_array().into_iter().flatten().map(short).collect();
    cut(&list.join(", "), LONGEST)
}

/// A value, in as many characters as a sentence bears.
fn short(value: &Value) -> String {
    cut(&value.to_string(), LONGEST)
}

/// A witness, in as many characters as a message bears.
pub(super) fn witness(value: &Value) -> String {
    cut(&value.to_string(), LONGEST_WITNESS)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn at(pointer: &str) -> String {
    format!("`{pointer}`")
}

/// Whether a property of that name is declared anywhere in a schema.
pub(super) fn declares(schema: &Value, name: &str) -> bool {
    match schema {
        Value::Object(map) => {
            let here = |key| map.get(key).and_then(Value::as_object).is_some_and(|it| it.contains_key(name));
            here("properties") || map.values().any(|it| declares(it, name))
        }
        Value::Array(list) => list.iter().any(|it| declares(it, name)),
        _ => false,
    }
}
