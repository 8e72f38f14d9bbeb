//! A JSON tree whose members keep their order, and its text. It only writes: nothing here parses, and a number is the text
//! it is given as, so no digit is lost.

use isobar_model::Value;
use std::fmt::{self, Write};

/// A JSON value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as its JSON text.
    Number(String),
    /// Text.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object; the caller gives each key once.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Text.
    pub fn string(text: impl Into<String>) -> Json {
        Json::String(text.into())
    }

    /// A number from anything that displays as one.
    pub fn number(number: impl fmt::Display) -> Json {
        Json::Number(number.to_string())
    }

    /// Texts.
    pub fn strings<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Json {
        Json::Array(texts.into_iter().map(Json::string).collect())
    }

    /// An object of these members.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Text of several lines, two spaces a level, with a line end; small arrays of scalars stay on one line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out.push('\n');
        out
    }

    fn is_scalar(&self) -> bool {
        !matches!(self, Json::Array(_) | Json::Object(_))
    }

    /// `indent` is the level of the line that the value starts on; `None` writes everything on one line.
    fn write(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::String(text) => quote(out, text),
            Json::Array(items) => {
                let short = items.iter().all(Json::is_scalar) && items.len() <= 12;
                let indent = if short { None } else { indent };
                block(out, "[", "]", indent, items, |out, item, inner| item.write(out, inner));
            }
            Json::Object(members) => block(out, "{", "}", indent, members, |out, (key, value), inner| {
                quote(out, key);
                out.push_str(": ");
                value.write(out, inner);
            }),
        }
    }
}

/// `{`, the items with commas between, `}`.
fn block<T>(
    out: &mut String,
    open: &str,
    close: &str,
    indent: Option<usize>,
    items: &[T],
    each: impl Fn(&mut String, &T, Option<usize>),
) {
    let line = |out: &mut String, level: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    };
    out.push_str(open);
    let inner = indent.map(|level| level + 1);
    for (i, item) in items.iter().enumerate() {
        match inner {
            Some(level) => {
                out.push_str(if i > 0 { "," } else { "" });
                line(out, level);
            }
            None => out.push_str(if i > 0 { ", " } else { "" }),
        }
        each(out, item, inner);
    }
    if let (Some(level), false) = (indent, items.is_empty()) {
        line(out, level);
    }
    out.push_str(close);
}

/// Writes a JSON string.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a `String` cannot fail.
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// On one line.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out, None);
        f.write_str(&out)
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Number(number) => Json::number(number),
            // The shortest text that reads back as the same double; `1e300` is fine in JSON.
            Value::Float(number) => Json::Number(format!("{number:?}")),
            Value::String(text) => Json::string(text),
            Value::List(items) => Json::Array(items.iter().map(Json::from).collect()),
            Value::Record(members) => Json::object(members.iter().map(|(key, value)| (key, Json::from(value)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::number),
            any::<String>().prop_map(Json::String),
        ];
        leaf.prop_recursive(4, 32, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..16).prop_map(Json::Array),
                prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(Json::object),
            ]
        })
    }

    fn oracle(json: &Json) -> serde_json::Value {
        match json {
            Json::Null => serde_json::Value::Null,
            Json::Bool(flag) => (*flag).into(),
            Json::Number(text) => text.parse::<i64>().unwrap().into(),
            Json::String(text) => text.as_str().into(),
            Json::Array(items) => items.iter().map(oracle).collect(),
            Json::Object(members) => {
                serde_json::Value::Object(members.iter().map(|(k, v)| (k.clone(), oracle(v))).collect())
            }
        }
    }

    proptest! {
        #[test]
        fn both_texts_read_back_as_the_same_tree(json in json()) {
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json.pretty()).unwrap(), oracle(&json));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&json.to_string()).unwrap(), oracle(&json));
        }
    }

    #[test]
    fn is_laid_out_for_people() {
        let json = Json::object([("a", Json::strings(["x", "y"])), ("b", Json::object([("c", Json::Null)]))]);
        assert_eq!(json.pretty(), "{\n  \"a\": [\"x\", \"y\"],\n  \"b\": {\n    \"c\": null\n  }\n}\n");
        assert_eq!(json.to_string(), r#"{"a": ["x", "y"], "b": {"c": null}}"#);
    }
}
