//! What is wrong with an item, collected so that all of it is told at once. Nothing here knows what may be wrong.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;

/// Everything that is wrong with an item so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Something is wrong `at` these tokens; `help` says what to write instead.
    pub(crate) fn add(&mut self, at: impl ToTokens, message: impl Display, help: impl Display) {
        self.push(syn::Error::new_spanned(at, format!("{message}\n\nhelp: {help}")));
    }

    /// The same, at a place without tokens.
    pub(crate) fn add_at(&mut self, at: Span, message: impl Display, help: impl Display) {
        self.push(syn::Error::new(at, format!("{message}\n\nhelp: {help}")));
    }

    fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            None => self.0 = Some(error),
            Some(all) => all.combine(error),
        }
    }

    /// The code, if nothing is wrong; if something is, that alone, since code of a wrong item would only bring more errors.
    pub(crate) fn or(self, code: impl FnOnce() -> TokenStream) -> TokenStream {
        match self.0 {
            None => code(),
            Some(errors) => errors.into_compile_error(),
        }
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The one of `known` that `text` may be meant to be: at most two letters away, or a third of its length.
pub(crate) fn similar<'k>(text: &str, known: &[&'k str]) -> Option<&'k str> {
    let (distance, name) = known.iter().map(|name| (distance(text, name), *name)).min()?;
    (distance <= 2.max(text.len() / 3)).then_some(name)
}

/// How many letters must be added, dropped or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_meant() {
        let known = ["min_length", "max_length", "rename", "min"];
        assert_eq!(similar("minlength", &known), Some("min_length"));
        assert_eq!(similar("rname", &known), Some("rename"));
        assert_eq!(similar("skip", &known), None);
        assert_eq!((distance("", "abc"), distance("kitten", "sitting")), (3, 3));
    }

    #[test]
    fn names_are_listed_as_people_do() {
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
