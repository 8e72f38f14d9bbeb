//! Names on the wire, from names in Rust.

use crate::{errors::Errors, settings::Settings};
use syn::{Ident, ext::IdentExt};

/// How the names of a type's fields or variants are written on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Case {
    /// `orderId`.
    #[default]
    Camel,
    /// `OrderId`.
    Pascal,
    /// `order_id`.
    Snake,
    /// `ORDER_ID`.
    ScreamingSnake,
    /// `order-id`.
    Kebab,
}

const CASES: [(&str, Case); 5] = [
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
];

impl Case {
    /// Takes `rename_all = "snake_case"`.
    pub(crate) fn take(settings: &mut Settings, errors: &mut Errors) -> Self {
        let Some(written) = settings.text("rename_all", "\"snake_case\"", errors) else {
            return Self::default();
        };
        let text = written.value();
        match CASES.iter().find(|(name, _)| *name == text) {
            Some((_, case)) => *case,
            None => {
                let known: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
                let help = format!("there are {}", crate::errors::listed(&known));
                errors.add(&written, format!("`{text}` is no case of names"), help);
                Self::default()
            }
        }
    }

    /// The name on the wire.
    pub(crate) fn apply(self, ident: &Ident) -> String {
        let words = words(&ident.unraw().to_string());
        let joined = |separator: &str| words.join(separator);
        let capital = |word: &String| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        match self {
            Case::Snake => joined("_"),
            Case::Kebab => joined("-"),
            Case::ScreamingSnake => joined("_").to_uppercase(),
            Case::Pascal => words.iter().map(capital).collect(),
            Case::Camel => {
                let (first, rest) = words.split_first().map_or(("", [].as_slice()), |(f, rest)| (f.as_str(), rest));
                first.chars().chain(rest.iter().map(capital).collect::<String>().chars()).collect()
            }
        }
    }
}

/// The words of a name in any case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let after_small = letter.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        let before_small = letter.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase());
        if letter != '_' {
            if before == '_' || after_small || (before_small && before.is_uppercase()) {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        #[rustfmt::skip]
        let table = [
            ("order_id", "orderId", "OrderId", "order_id", "ORDER_ID", "order-id"),
            ("OutOfStock", "outOfStock", "OutOfStock", "out_of_stock", "OUT_OF_STOCK", "out-of-stock"),
            ("HTTPError", "httpError", "HttpError", "http_error", "HTTP_ERROR", "http-error"),
            ("r#type", "type", "Type", "type", "TYPE", "type"),
            ("line_2", "line2", "Line2", "line_2", "LINE_2", "line-2"),
            ("_x", "x", "X", "x", "X", "x"),
        ];
        for (name, camel, pascal, snake, screaming, kebab) in table {
            let ident: Ident = syn::parse_str(name).unwrap();
            let all = [Case::Camel, Case::Pascal, Case::Snake, Case::ScreamingSnake, Case::Kebab];
            assert_eq!(all.map(|case| case.apply(&ident)), [camel, pascal, snake, screaming, kebab]);
        }
    }
}
