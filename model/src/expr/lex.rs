//! The tokens of an expression, and the question whether a scalar is an expression at all. A lexer never reports: what is wrong
//! becomes a [`Problem`] with its place.

use crate::value::Value;

/// A token; places are kept beside it, in bytes of the scalar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// The end of the text.
    End,
    /// `$a.b`: the names behind `$`, each with its place.
    Source(Vec<Part<'a>>),
    /// `self.a.b`: the names behind `self`.
    State(Vec<Part<'a>>),
    /// A bare word.
    Word(&'a str),
    /// A number without a sign.
    Number(&'a str),
    /// A quoted text, without its quotes and escapes.
    Text(String),
    /// An operator or a bracket.
    Symbol(&'static str),
}

/// A name of a path and the byte it starts at.
pub(super) type Part<'a> = (&'a str, usize);

/// What cannot be read: the bytes, what is wrong with them, and what to do.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn new(start: usize, end: usize, message: impl Into<String>) -> Self {
        Problem { start, end, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Longer ones first, so that `<=` is not read as `<`.
const SYMBOLS: &[&str] =
    &["||", "&&", "==", "!=", "<=", ">=", "??", "<", ">", "+", "-", "*", "!", "(", ")", "[", "]", ","];

/// What people write out of habit, and what to write instead.
const HABITS: &[(&str, &str)] = &[
    ("=", "compare with `==`"),
    ("&", "write `&&`"),
    ("|", "write `||`"),
    ("?", "`$x ?? y` gives a value for the case that `$x` is absent"),
    ("/", "there is no division: it is not exact; multiply, or write a hook `fn(name)`"),
    ("%", "there is no remainder: write a hook `fn(name)`"),
    (".", "put text with a dot in quotes"),
];

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// The name at the start of `text`; empty where there is none.
fn name(text: &str) -> &str {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    if !text.starts_with(starts_name) {
        return "";
    }
    &text[..text.find(|c| !goes_on(c)).unwrap_or(text.len())]
}

/// Whether a scalar holds a path (`$x`, `self.x`) or a call (`name(`). Everything else is a literal with its whole text.
pub(super) fn is_expression(text: &str) -> bool {
    let mut rest = text;
    let mut joined = false;
    while let Some(c) = rest.chars().next() {
        let word = if joined { "" } else { name(rest) };
        let behind = &rest[word.len().max(c.len_utf8())..];
        let path = (c == '$' && behind.starts_with(starts_name))
            || (word == "self" && behind.strip_prefix('.').is_some_and(|b| b.starts_with(starts_name)));
        if path || (!word.is_empty() && behind.starts_with('(')) {
            return true;
        }
        // A name is looked for where one can begin: not in the middle of another, and not behind a dot.
        joined = word.is_empty() && (c.is_alphanumeric() || matches!(c, '_' | '.'));
        rest = behind;
    }
    false
}

/// Reads the token at `at`, or behind the white space there: the token, where it starts and where it ends.
pub(super) fn next(text: &str, at: usize) -> Result<(Token<'_>, usize, usize), Problem> {
    let start = at + (text[at..].len() - text[at..].trim_start().len());
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else { return Ok((Token::End, start, start)) };
    let word = name(rest);
    let (token, end) = match first {
        '$' => path(text, start + 1, Token::Source)?,
        '"' | '\'' => quoted(text, start, first)?,
        '0'..='9' => number(text, start)?,
        _ if word == "self" && rest[word.len()..].starts_with('.') => path(text, start + 5, Token::State)?,
        _ if !word.is_empty() => (Token::Word(word), start + word.len()),
        _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            Some(symbol) => (Token::Symbol(symbol), start + symbol.len()),
            None => {
                let problem = Problem::new(start, start + first.len_utf8(), format!("`{first}` means nothing here"));
                let habit = HABITS.iter().find(|(habit, _)| rest.starts_with(habit));
                return Err(problem.help(habit.map_or("put text in quotes", |(_, help)| help)));
            }
        },
    };
    Ok((token, start, end))
}

/// Dotted names from `at` on.
fn path<'a>(
    text: &'a str,
    at: usize,
    token: impl Fn(Vec<Part<'a>>) -> Token<'a>,
) -> Result<(Token<'a>, usize), Problem> {
    let mut parts = Vec::new();
    let mut end = at;
    loop {
        let part = name(&text[end..]);
        if part.is_empty() {
            let stop = text[end..].chars().next().map_or(end, |c| end + c.len_utf8());
            let help = "a path is written `$field`, `$field.inner`, `self.field` or `$meta.time`";
            return Err(Problem::new(at - 1, stop, "the name of a field is missing").help(help));
        }
        parts.push((part, end));
        end += part.len();
        if !text[end..].starts_with('.') {
            return Ok((token(parts), end));
        }
        end += 1;
    }
}

/// `"..."` with the escapes `\" \\ \n \t`, or `'...'` in which `''` is a quote.
fn quoted(text: &str, start: usize, quote: char) -> Result<(Token<'_>, usize), Problem> {
    let mut value = String::new();
    let mut chars = text[start + 1..].char_indices().map(|(i, c)| (start + 1 + i, c)).peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => match chars.next() {
                Some((_, c @ ('"' | '\\'))) => value.push(c),
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                other => {
                    let end = other.map_or(text.len(), |(i, c)| i + c.len_utf8());
                    let problem = Problem::new(i, end, "this escape is not known");
                    return Err(problem.help("escapes are `\\\"`, `\\\\`, `\\n` and `\\t`"));
                }
            },
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, c)| *c == '\'') => {
                chars.next();
                value.push('\'');
            }
            _ if c == quote => return Ok((Token::Text(value), i + 1)),
            _ => value.push(c),
        }
    }
    Err(Problem::new(start, text.len(), "the closing quote is missing"))
}

/// Digits with a fraction and an exponent, and whatever sticks to them, which then is an error.
fn number(text: &str, start: usize) -> Result<(Token<'_>, usize), Problem> {
    let bytes = text.as_bytes();
    let sticks = |i: usize| {
        let sign = matches!(bytes[i], b'+' | b'-') && matches!(bytes[i - 1], b'e' | b'E');
        sign || matches!(bytes[i], b'.' | b'_' | 0x80..) || bytes[i].is_ascii_alphanumeric()
    };
    let end = (start + 1..text.len()).find(|i| !sticks(*i)).unwrap_or(text.len());
    let digits = &text[start..end];
    match Value::number(digits) {
        Some(_) => Ok((Token::Number(digits), end)),
        None => Err(Problem::new(start, end, format!("`{digits}` is not a number")).help("put text in quotes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_and_calls_make_an_expression() {
        for text in
            ["$x", "a $x", "self.x", "(self.x)", "!self.x", "new_id()", "fn(x)", "cost: $total", "'self.x'", "é$é"]
        {
            assert!(is_expression(text), "{text}");
        }
        for text in [
            "",
            "USD",
            "own_unknown",
            "[A-Z]",
            "hello world",
            "order.placed",
            "new_id",
            "0",
            "$",
            "$5",
            "a$ b",
            "self",
            "myself.x",
            "x.self.y",
            "self. x",
            "f (x)",
            "^(a|b)$",
            "2024-01-15T10:30:00Z",
        ] {
            assert!(!is_expression(text), "{text}");
        }
    }
}
