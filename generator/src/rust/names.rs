//! Names of the notation as Rust identifiers, and scopes in which no two may meet. Knows nothing of what is named.

use isobar_model::{Diagnostic, Diagnostics, Span, diag::codes};
use std::collections::HashMap;

/// Words that need `r#` in edition 2021 or 2024.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot even be raw.
const UNRAWABLE: &[&str] = &["crate", "self", "Self", "super", "_"];

/// `customerId` as `customer_id`; keywords as `r#type`.
pub(super) fn snake(name: &str) -> String {
    let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    identifier(words.join("_"))
}

/// `order_placed` and `orderPlaced` as `OrderPlaced`; `SKU` as `Sku`.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        let mut chars = word.chars();
        // Two numbers that were apart stay apart: `v1_0` is not `V10`.
        if out.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(&chars.as_str().to_lowercase());
    }
    identifier(out)
}

/// The name of a module: in snake case, and no primitive type, which it would hide.
pub(super) fn module_name(name: &str) -> String {
    let name = snake(name);
    let primitive = ["bool", "f64", "i32", "i64", "str", "u32", "u64", "u8", "usize"].contains(&name.as_str());
    if primitive { format!("{name}_") } else { name }
}

/// The name of a type: in Pascal case, and none of those that code in the same module must be able to say.
pub(super) fn type_name(name: &str) -> String {
    let name = pascal(name);
    if ["Ok", "Err", "Some", "None"].contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn identifier(name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else if UNRAWABLE.contains(&name.as_str()) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// The words of a name: apart at what is no letter or digit, before a capital behind a small letter, and before the last
/// capital of several. Letters beyond ASCII and Latin-1 would draw lints, and signs cannot stand in identifiers at all, so those
/// are spelt by their number where nothing else is left of the name.
fn words(name: &str) -> Vec<String> {
    let kept = |c: char| c.is_ascii_alphanumeric() || (('\u{c0}'..='\u{ff}').contains(&c) && c.is_alphabetic());
    let mut words: Vec<String> = Vec::new();
    for part in name.split(|c| !kept(c)).filter(|part| !part.is_empty()) {
        let chars: Vec<char> = part.chars().collect();
        let mut start = 0;
        for i in 1..chars.len() {
            let rises = chars[i].is_uppercase() && !chars[i - 1].is_uppercase();
            let acronym_ends = chars[i].is_uppercase() && chars.get(i + 1).is_some_and(|c| c.is_lowercase());
            if rises || acronym_ends {
                words.push(chars[start..i].iter().collect());
                start = i;
            }
        }
        words.push(chars[start..].iter().collect());
    }
    if words.is_empty() {
        words = name.chars().map(|c| format!("u{:x}", u32::from(c))).collect();
    }
    if words.is_empty() {
        words.push("empty".into());
    }
    words
}

/// The names that stand beside each other in one module, struct or enum.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What each name is written as, and where if that is known.
    taken: HashMap<String, (String, Option<Span>)>,
}

impl Scope {
    /// Takes a name for what is called `written` at `span`. A second one of the same name is reported with both places.
    pub(super) fn claim(&mut self, name: String, written: &str, span: Span, diagnostics: &mut Diagnostics) -> String {
        if let Some((other, first)) = self.taken.get(&name) {
            let message = if other == written {
                format!("two things would be called `{name}` in Rust, both from `{written}`")
            } else {
                format!("`{written}` and `{other}` would both be called `{name}` in Rust")
            };
            let diagnostic = Diagnostic::new(&codes::NAME_COLLISION, span, message).help(
                "rename one of the two; a field keeps its JSON name with `wire`, an inline type can be named under `types`",
            );
            diagnostics.push(match first {
                Some(first) => diagnostic.also(*first, "the other one"),
                None => diagnostic,
            });
        } else {
            self.taken.insert(name.clone(), (written.to_owned(), Some(span)));
        }
        name
    }

    /// Whether the name is taken.
    pub(super) fn has(&self, name: &str) -> bool {
        self.taken.contains_key(name)
    }

    /// Takes the first of `name`, `name2`, `name3` ... that is free: for what no author can rename, such as released versions.
    pub(super) fn settle(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut n = 1;
        while self.taken.contains_key(&free) {
            n += 1;
            free = format!("{name}{n}");
        }
        self.taken.insert(free.clone(), (name, None));
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isobar_model::FileId;

    #[test]
    fn names_become_identifiers() {
        for (name, snake_name, pascal_name) in [
            ("customerId", "customer_id", "CustomerId"),
            ("OrderPlaced", "order_placed", "OrderPlaced"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("SKU", "sku", "Sku"),
            ("order-events.v1", "order_events_v1", "OrderEventsV1"),
            ("v1_0", "v1_0", "V1_0"),
            ("type", "r#type", "Type"),
            ("gen", "r#gen", "Gen"),
            ("self", "self_", "Self_"),
            ("_", "u5f", "U5f"),
            ("2nd", "_2nd", "_2nd"),
            ("grün", "grün", "Grün"),
            ("<=", "u3c_u3d", "U3cU3d"),
            ("", "empty", "Empty"),
        ] {
            assert_eq!(snake(name), snake_name, "{name}");
            assert_eq!(pascal(name), pascal_name, "{name}");
        }
    }

    #[test]
    fn types_do_not_hide_the_prelude() {
        assert_eq!(
            (type_name("ok"), type_name("Some"), type_name("Option")),
            ("Ok_".into(), "Some_".into(), "Option".into())
        );
        assert_eq!((module_name("Str"), module_name("Stream")), ("str_".into(), "stream".into()));
    }

    #[test]
    fn a_name_taken_twice_shows_both_places() {
        let (mut scope, mut found) = (Scope::default(), Diagnostics::default());
        let at = |start| Span::new(FileId(0), start, start + 1);
        scope.claim(snake("customerId"), "customerId", at(0), &mut found);
        scope.claim(snake("orderId"), "orderId", at(1), &mut found);
        assert!(found.is_empty());
        scope.claim(snake("customer_id"), "customer_id", at(2), &mut found);
        let found = found.sorted(&Default::default());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "`customer_id` and `customerId` would both be called `customer_id` in Rust");
        assert_eq!(found[0].labels.iter().map(|l| l.span).collect::<Vec<_>>(), [at(2), at(0)]);
    }

    #[test]
    fn what_nobody_can_rename_is_numbered() {
        let mut scope = Scope::default();
        assert_eq!(scope.settle("Money".into()), "Money");
        assert_eq!(scope.settle("Money".into()), "Money2");
        assert_eq!(scope.settle("Money".into()), "Money3");
    }

    proptest::proptest! {
        #[test]
        fn every_text_gives_an_identifier(name in ".*") {
            for identifier in [snake(&name), pascal(&name)] {
                let plain = identifier.strip_prefix("r#").unwrap_or(&identifier);
                let first = plain.chars().next();
                proptest::prop_assert!(first.is_some_and(|c| c.is_alphabetic() || c == '_'), "{identifier}");
                proptest::prop_assert!(plain.chars().all(|c| c.is_alphanumeric() || c == '_'), "{identifier}");
                proptest::prop_assert!(plain != "_" && !UNRAWABLE.contains(&plain), "{identifier}");
            }
        }
    }
}
