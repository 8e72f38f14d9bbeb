//! Regular expressions that are none, whoever reads them. Validators differ in what they take (`\Z`, `(?i)`, `[\w-.]`), and a schema is for all of
//! them: only what breaks the rules of ECMA-262 and of Java alike is refused. What an expression matches is not known here.

use serde_json::Value;
use std::{iter::Peekable, str::Chars};

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub(super) fn read(text: &str) -> Result<(), String> {
    let mut rest = text.chars().peekable();
    let mut open = 0_usize;
    // Whether there is something before that can be repeated.
    let mut repeatable = false;
    while let Some(c) = rest.next() {
        match c {
            '\\' => escaped(&mut rest)?,
            '[' => class(&mut rest)?,
            '(' => {
                open += 1;
                // What follows says which kind of group it is.
                rest.next_if_eq(&'?');
            }
            ')' => open = open.checked_sub(1).ok_or("a `)` closes nothing")?,
            '*' | '+' | '?' if !repeatable => return Err(format!("there is nothing before `{c}` to repeat")),
            '{' => count(rest.clone())?,
            _ => {}
        }
        repeatable = !matches!(c, '(' | '|');
    }
    if open == 0 { Ok(()) } else { Err("a `(` is not closed".into()) }
}

fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    rest.next().map(drop).ok_or_else(|| "it ends with a `\\`".into())
}

/// A class of characters, behind its `[`.
fn class(rest: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    // The last two characters that stand for themselves.
    let (mut first, mut last) = (None, None);
    loop {
        let c = rest.next().ok_or("a `[` is not closed")?;
        match c {
            ']' => return Ok(()),
            '\\' => {
                escaped(rest)?;
                (first, last) = (None, None);
                continue;
            }
            _ => {}
        }
        if let (Some(from), Some('-')) = (first, last)
            && from > c
        {
            return Err(format!("the range `{from}-{c}` runs backwards"));
        }
        (first, last) = match (first, last) {
            // A range is over.
            (Some(_), Some('-')) => (None, None),
            _ => (last, Some(c)),
        };
    }
}

/// What follows a `{`, which is a count or stands for itself.
fn count(rest: Peekable<Chars<'_>>) -> Result<(), String> {
    let inside: String = rest.take_while(|c| *c != '}').take(32).collect();
    let Some((least, most)) = inside.split_once(',') else { return Ok(()) };
    match (least.parse::<u64>(), most.parse::<u64>()) {
        (Ok(least), Ok(most)) if least > most => Err(format!("`{{{least},{most}}}` is at least more than at most")),
        _ => Ok(()),
    }
}

/// Where an expression stands in a schema, as a JSON pointer.
pub(super) fn place(schema: &Value, text: &str) -> Option<String> {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match schema {
        Value::Object(map) => map.iter().find_map(|(key, value)| match (key.as_str(), value) {
            ("enum" | "const" | "default" | "examples", _) => None,
            ("pattern", Value::String(pattern)) if pattern == text => Some("/pattern".to_owned()),
            ("patternProperties", Value::Object(patterns)) if patterns.contains_key(text) => {
                Some(format!("/patternProperties/{}", escaped(text)))
            }
            (key, value) => place(value, text).map(|below| format!("/{}{below}", escaped(key))),
        }),
        Value::Array(list) => list.iter().enumerate().find_map(|(at, it)| Some(format!("/{at}{}", place(it, text)?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::documents::readable;
    use serde_json::json;

    #[test]
    fn what_no_validator_takes_is_refused() {
        for (text, why) in [
            ("(", "a `(` is not closed"),
            ("(?:a", "a `(` is not closed"),
            ("a)", "a `)` closes nothing"),
            ("[a-", "a `[` is not closed"),
            ("[\\]", "a `[` is not closed"),
            ("[z-a]", "the range `z-a` runs backwards"),
            ("*a", "there is nothing before `*` to repeat"),
            ("(+a)", "there is nothing before `+` to repeat"),
            ("a|?", "there is nothing before `?` to repeat"),
            ("a{2,1}", "`{2,1}` is at least more than at most"),
            ("a\\", "it ends with a `\\`"),
        ] {
            assert_eq!(read(text).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn what_some_validators_take_is_taken() {
        for text in [
            "",
            "^a+$",
            "(?<=a)b",
            "(?!a)",
            "(?i)a",
            "(?<n>a)\\k<n>",
            "(a)\\1",
            "\\p{L}",
            "^[\\w-.]+$",
            "[a-z-9]",
            "[]",
            "[^]",
            "[[]",
            "a{2,}",
            "a{,2}",
            "{",
            "}",
            "]",
            "a{2}",
            "\\(",
            "a+?",
            "a++",
            "\\Z",
            "[a\\-z]",
            "(|a)",
            "[(]",
            "()?",
            "[+--]",
            "\\uD83D",
        ] {
            assert_eq!(read(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_place_is_told() {
        let told = |schema: Value| readable(&schema).map_err(|error| error.to_string());
        for (schema, expected) in [
            (
                json!({ "properties": { "a/b": { "pattern": "(" } } }),
                "`(` is no regular expression: a `(` is not closed (at /properties/a~1b/pattern)",
            ),
            (
                json!({ "allOf": [true, { "patternProperties": { "[": {} } }] }),
                "`[` is no regular expression: a `[` is not closed (at /allOf/1/patternProperties/[)",
            ),
        ] {
            assert_eq!(told(schema), Err(expected.to_owned()));
        }
        // It is data, or nobody comes there.
        for schema in [json!({ "default": { "pattern": "(" } }), json!({ "$defs": { "a": { "pattern": "(" } } })] {
            assert_eq!(told(schema), Ok(()));
        }
    }
}
