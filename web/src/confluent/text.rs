//! The text of a schema as it is stored: without white space between its tokens, so that the same schema has the same id however it is laid
//! out; normalised, its keys are sorted as well. Numbers stay as they are written, with all of their digits. Whether it is a schema is not
//! known here.

use serde_json::Value;
use std::collections::BTreeMap;

/// How deep a text may nest, as for all that is read.
const DEEPEST: usize = 128;

/// The text to store, and what it says as far as programs read numbers.
///
/// # Errors
/// It is no JSON, nests too deeply, or has a number that is too large for any program.
pub(super) fn written(text: &str, normalize: bool) -> serde_json::Result<(String, Value)> {
    let value = serde_json::from_str(text)?;
    let sorted = if normalize { sorted(text) } else { None };
    Ok((sorted.unwrap_or_else(|| dense(text)), value))
}

/// A JSON text without the white space between its tokens.
fn dense(text: &str) -> String {
    let mut dense = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut from) = (false, false, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            // One byte each, so that what stands before and behind them is text.
            b' ' | b'\t' | b'\n' | b'\r' if !quoted => {
                dense.push_str(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    dense.push_str(&text[from..]);
    dense
}

/// A JSON text without white space, its keys in order, each string written in one way; `None` for what is no JSON, or nests too deeply.
pub(super) fn sorted(text: &str) -> Option<String> {
    let text = dense(text);
    let (mut rest, mut out) = (text.as_str(), String::with_capacity(text.len()));
    sort(&mut rest, 0, &mut out)?;
    rest.is_empty().then_some(out)
}

/// Takes a value off the front of a dense text, and writes it.
fn sort(rest: &mut &str, depth: usize, out: &mut String) -> Option<()> {
    match rest.as_bytes().first()? {
        b'{' | b'[' if depth == DEEPEST => return None,
        b'{' => {
            *rest = &rest[1..];
            // Of a key that stands twice, the last value counts, as everywhere.
            let mut members = BTreeMap::new();
            while !eat(rest, '}') {
                let key = string(rest)?;
                eat(rest, ':').then_some(())?;
                let mut value = String::new();
                sort(rest, depth + 1, &mut value)?;
                members.insert(key, value);
                eat(rest, ',');
            }
            out.push('{');
            for (at, (key, value)) in members.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&Value::String(key).to_string());
                out.push(':');
                out.push_str(&value);
            }
            out.push('}');
        }
        b'[' => {
            *rest = &rest[1..];
            out.push('[');
            while !eat(rest, ']') {
                sort(rest, depth + 1, out)?;
                if eat(rest, ',') {
                    out.push(',');
                }
            }
            out.push(']');
        }
        b'"' => out.push_str(&Value::String(string(rest)?).to_string()),
        _ => {
            let end = rest.find([',', ']', '}']).unwrap_or(rest.len());
            out.push_str(rest.get(..end).filter(|token| !token.is_empty())?);
            *rest = &rest[end..];
        }
    }
    Some(())
}

/// Takes a character off the front, if it is there.
fn eat(rest: &mut &str, c: char) -> bool {
    rest.strip_prefix(c).map(|behind| *rest = behind).is_some()
}

/// Takes a string off the front, and reads it.
fn string(rest: &mut &str) -> Option<String> {
    let mut escaped = false;
    let end = rest.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends.then_some(at + 1)
    })?;
    let (token, behind) = rest.split_at(end);
    *rest = behind;
    serde_json::from_str(token).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_between_tokens_goes() {
        for (text, expected) in [
            ("{ \"a b\" :\n [1, 2 ] }", r#"{"a b":[1,2]}"#),
            (r#"{"a": "b \" c", "d\\": "e f"}"#, r#"{"a":"b \" c","d\\":"e f"}"#),
            ("\ttrue\r\n", "true"),
        ] {
            assert_eq!(dense(text), expected);
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(value(&dense(text)), value(text));
        }
    }

    #[test]
    fn normalised_is_sorted_and_keeps_its_digits() {
        for (text, expected) in [
            (r#"{"b": 1, "a": {"d": [2, 1], "c": null}}"#, r#"{"a":{"c":null,"d":[2,1]},"b":1}"#),
            (r#" { "maximum" : 1e400 } "#, r#"{"maximum":1e400}"#),
            (r#"{"multipleOf": 12345678901234567890.123456789}"#, r#"{"multipleOf":12345678901234567890.123456789}"#),
            (r#"[ 1.0 , -0, 1E+2, 0.10 ]"#, r#"[1.0,-0,1E+2,0.10]"#),
            (r#"{"\u0062": "\u0041\/", "a": {}, "c": []}"#, r#"{"a":{},"b":"A/","c":[]}"#),
            (r#"{"a": 1, "a": 2}"#, r#"{"a":2}"#),
            (" 3 ", "3"),
        ] {
            assert_eq!(sorted(text).unwrap(), expected);
        }
        assert_eq!(written(r#"{"b": 1.50, "a": 2}"#, false).unwrap().0, r#"{"b":1.50,"a":2}"#);
        assert_eq!(written(r#"{"b": 1.50, "a": 2}"#, true).unwrap().0, r#"{"a":2,"b":1.50}"#);
        let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
        for bad in ["", "{", "[", "{1:2}", "{\"a\"}", "]", "1]", r#"{"a":"\ud800"}"#, &deep] {
            assert!(sorted(bad).is_none() && written(bad, true).is_err(), "{bad:.20}");
        }
    }

    proptest! {
        /// Normalising changes nothing but order, and nothing of what it has normalised.
        #[test]
        fn what_is_normalised_says_the_same(text in json()) {
            let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            let once = sorted(&text).unwrap();
            prop_assert_eq!(value(&once), value(&text));
            prop_assert_eq!(sorted(&once), Some(once));
        }
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(|it| it.to_string()),
            any::<bool>().prop_map(|it| it.to_string()),
            ".{0,6}".prop_map(|it| Value::String(it).to_string()),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
                prop::collection::vec((".{0,3}", inner), 0..4).prop_map(|members| {
                    let member = |(key, value): &(String, String)| format!("{}: {value}", Value::String(key.clone()));
                    format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }
}
