//! Literal values: defaults, examples, and what the interpreter computes with.
//! Numbers are exact decimals wherever a decimal can hold them; nothing here goes through binary floating point first.

use rust_decimal::Decimal;

/// A JSON-like value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An exact number of up to 28 digits, normalized (no trailing zeros, no negative zero).
    Number(Decimal),
    /// A number that only a `float` can hold, or one that was computed as a `float`. Always finite.
    Float(f64),
    /// Text, and everything that is text on the wire (identifiers, timestamps, enum values).
    String(String),
    /// A list or a set.
    List(Vec<Value>),
    /// A record, a map or a tagged union, in the order written.
    Record(Vec<(String, Value)>),
}

impl Value {
    /// The number of a decimal text such as `12`, `-0.50` or `1e3`; `None` where the text is no JSON number.
    pub fn number(text: &str) -> Option<Value> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.bytes().next().is_some_and(|b| b.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
            && !(digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit())
            && !digits.ends_with('.');
        if !plain {
            return None;
        }
        let exact = if digits.contains(['e', 'E']) {
            Decimal::from_scientific(text).ok()
        } else {
            Decimal::from_str_exact(text).ok()
        };
        match exact {
            Some(number) => Some(Value::Number(number.normalize())),
            None => text.parse::<f64>().ok().filter(|f| f.is_finite()).map(Value::Float),
        }
    }

    /// The field of a record.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Record(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::List(_) => "a list",
            Value::Record(_) => "a record",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_their_text() {
        assert_eq!(Value::number("99.90"), Some(Value::Number(Decimal::new(999, 1))));
        assert_eq!(Value::number("1e3"), Some(Value::Number(Decimal::new(1000, 0))));
        assert_eq!(Value::number("1e300"), Some(Value::Float(1e300)));
        for bad in ["", "-", "01", "1.", ".5", "1e", "0x1", "1e999", "1-2", "nan", "+1"] {
            assert_eq!(Value::number(bad), None, "{bad}");
        }
    }
}
