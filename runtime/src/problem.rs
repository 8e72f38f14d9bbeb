//! What can be wrong with one value, each as one line of text.
//! A problem never repeats more than a short piece of the payload, and knows nothing of where it is.

use std::fmt;

/// What is wrong with one value. Displayed as one line without the path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A required member is absent.
    Missing,
    /// `null` where a value is needed.
    Null {
        /// What is needed, with its article.
        expected: &'static str,
    },
    /// A JSON value of another kind.
    WrongType {
        /// What is needed, with its article.
        expected: &'static str,
        /// What stands there, with its article.
        found: &'static str,
    },
    /// A number with a fraction where an integer is needed.
    NotInteger {
        /// The number as written, shortened.
        value: String,
    },
    /// A value outside of what its type can hold.
    OutOfRange {
        /// The value as written, shortened.
        value: String,
        /// The type as an author writes it, such as `int32` or `decimal(2)`.
        kind: String,
    },
    /// A decimal with more fraction digits than its type keeps.
    TooPrecise {
        /// The number as written, shortened.
        value: String,
        /// The fraction digits kept.
        scale: u32,
    },
    /// A value less than its declared minimum.
    BelowMinimum {
        /// The value.
        value: String,
        /// The declared minimum.
        minimum: String,
    },
    /// A value greater than its declared maximum.
    AboveMaximum {
        /// The value.
        value: String,
        /// The declared maximum.
        maximum: String,
    },
    /// Fewer characters or items than declared.
    TooShort {
        /// How many there are.
        length: usize,
        /// How many are needed.
        minimum: usize,
        /// `characters` or `items`.
        unit: &'static str,
    },
    /// More characters or items than declared.
    TooLong {
        /// How many there are.
        length: usize,
        /// How many are allowed.
        maximum: usize,
        /// `characters` or `items`.
        unit: &'static str,
    },
    /// Text in which the declared pattern is not found.
    PatternMismatch {
        /// The text, shortened.
        value: String,
        /// The regular expression.
        pattern: &'static str,
    },
    /// A declared pattern that is not a regular expression this crate can run; nothing can match it.
    BadPattern {
        /// The pattern.
        pattern: &'static str,
    },
    /// Text without the prefix of its identifier type, or with nothing after it.
    BadPrefix {
        /// The text, shortened.
        value: String,
        /// The prefix.
        prefix: &'static str,
    },
    /// Text that is not in the form its type asks for.
    BadText {
        /// The text, shortened.
        value: String,
        /// The form, with an example.
        expected: &'static str,
    },
    /// A value that a closed enum does not list.
    UnknownValue {
        /// The text, shortened.
        value: String,
        /// The listed values.
        known: &'static [&'static str],
    },
    /// A tag that names no branch of its union.
    UnknownTag {
        /// The tag, shortened.
        value: String,
        /// The tags of the branches.
        known: &'static [&'static str],
    },
    /// A member that occurs twice in one object.
    DuplicateKey,
    /// An item equal to an earlier one of a set.
    DuplicateItem,
    /// The text is not JSON.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Byte within the line, from 1.
        column: usize,
        /// What was met or missed there.
        message: String,
    },
    /// Nesting deeper than [`crate::MAX_DEPTH`].
    TooDeep,
}

/// How much of a refused text a message repeats, in characters.
const SHOWN: usize = 60;

/// `text`, shortened for a message.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

impl Problem {
    /// Text that is not in the form its type asks for; `expected` names the form and gives an example.
    pub fn bad_text(value: &str, expected: &'static str) -> Self {
        Self::BadText { value: shown(value), expected }
    }

    /// A value that the type `kind` (as an author writes it) cannot hold.
    pub fn out_of_range(value: &str, kind: impl Into<String>) -> Self {
        Self::OutOfRange { value: shown(value), kind: kind.into() }
    }

    /// Shows something else in the place of the value.
    pub(crate) fn hide(&mut self, shown: &str) {
        match self {
            Self::NotInteger { value }
            | Self::OutOfRange { value, .. }
            | Self::TooPrecise { value, .. }
            | Self::BelowMinimum { value, .. }
            | Self::AboveMaximum { value, .. }
            | Self::PatternMismatch { value, .. }
            | Self::BadPrefix { value, .. }
            | Self::BadText { value, .. }
            | Self::UnknownValue { value, .. }
            | Self::UnknownTag { value, .. } => shown.clone_into(value),
            Self::Missing
            | Self::Null { .. }
            | Self::WrongType { .. }
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::BadPattern { .. }
            | Self::DuplicateKey
            | Self::DuplicateItem
            | Self::Syntax { .. }
            | Self::TooDeep => {}
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Null { expected } => write!(f, "expected {expected}, found null"),
            Self::WrongType { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::NotInteger { value } => write!(f, "{value} is not an integer"),
            Self::OutOfRange { value, kind } => write!(f, "{value} is out of range for {kind}"),
            Self::TooPrecise { value, scale } => {
                write!(f, "{value} has more than {scale} digits after the point")
            }
            Self::BelowMinimum { value, minimum } => {
                write!(f, "{value} is less than the minimum {minimum}")
            }
            Self::AboveMaximum { value, maximum } => {
                write!(f, "{value} is greater than the maximum {maximum}")
            }
            Self::TooShort { length, minimum, unit } => {
                write!(f, "has {length} {unit}, fewer than the minimum {minimum}")
            }
            Self::TooLong { length, maximum, unit } => {
                write!(f, "has {length} {unit}, more than the maximum {maximum}")
            }
            Self::PatternMismatch { value, pattern } => {
                write!(f, "{value:?} does not match the pattern {pattern}")
            }
            Self::BadPattern { pattern } => {
                write!(f, "the pattern {pattern} is not a regular expression")
            }
            Self::BadPrefix { value, prefix } => {
                write!(f, "{value:?} is not {prefix:?} followed by text")
            }
            Self::BadText { value, expected } => write!(f, "{value:?} is not {expected}"),
            Self::UnknownValue { value, known } => {
                write!(f, "{value:?} is not one of {}", known.join(", "))
            }
            Self::UnknownTag { value, known } => {
                write!(f, "{value:?} names no branch; known are {}", known.join(", "))
            }
            Self::DuplicateKey => f.write_str("occurs twice"),
            Self::DuplicateItem => f.write_str("is equal to an earlier item of the set"),
            Self::Syntax { line, column, message } => {
                write!(f, "not JSON: {message} at line {line} column {column}")
            }
            Self::TooDeep => write!(f, "is nested deeper than {} levels", crate::MAX_DEPTH),
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_one_line() {
        let known = &["a", "b"];
        let v = || "x".to_owned();
        let table = [
            (Problem::Missing, "is missing"),
            (Problem::Null { expected: "a string" }, "expected a string, found null"),
            (Problem::WrongType { expected: "a list", found: "a number" }, "expected a list, found a number"),
            (Problem::NotInteger { value: "1.5".into() }, "1.5 is not an integer"),
            (Problem::out_of_range("300", "int32"), "300 is out of range for int32"),
            (Problem::TooPrecise { value: "1.234".into(), scale: 2 }, "1.234 has more than 2 digits after the point"),
            (Problem::AboveMaximum { value: "9".into(), maximum: "5".into() }, "9 is greater than the maximum 5"),
            (Problem::TooShort { length: 1, minimum: 2, unit: "items" }, "has 1 items, fewer than the minimum 2"),
            (
                Problem::TooLong { length: 3, maximum: 2, unit: "characters" },
                "has 3 characters, more than the maximum 2",
            ),
            (Problem::PatternMismatch { value: v(), pattern: "^y$" }, "\"x\" does not match the pattern ^y$"),
            (Problem::BadPattern { pattern: "(" }, "the pattern ( is not a regular expression"),
            (Problem::BadPrefix { value: v(), prefix: "order_" }, "\"x\" is not \"order_\" followed by text"),
            (Problem::bad_text("x\n", "a UUID"), "\"x\\n\" is not a UUID"),
            (Problem::UnknownValue { value: v(), known }, "\"x\" is not one of a, b"),
            (Problem::UnknownTag { value: v(), known }, "\"x\" names no branch; known are a, b"),
            (Problem::DuplicateKey, "occurs twice"),
            (Problem::DuplicateItem, "is equal to an earlier item of the set"),
            (
                Problem::Syntax { line: 1, column: 2, message: "expected value".into() },
                "not JSON: expected value at line 1 column 2",
            ),
            (Problem::TooDeep, "is nested deeper than 127 levels"),
        ];
        for (problem, text) in table {
            assert_eq!(problem.to_string(), text);
            assert!(!text.contains('\n'));
        }
    }

    #[test]
    fn long_values_are_shortened() {
        let problem = Problem::bad_text(&"\u{e9}".repeat(1000), "a UUID");
        assert_eq!(problem.to_string().chars().count(), 60 + "\"...\" is not a UUID".len());
    }
}
