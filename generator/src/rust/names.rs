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

/// `customerId` as `customer_id`; keywords as `r#type`. Underscores around the name stay: `__count__` is not `count`.
pub(super) fn snake(name: &str) -> String {
    // `self` and `Self` are two words in Rust, too.
    if name == "Self" {
        return "self_type".into();
    }
    let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    let core = name.trim_matches('_');
    if core.is_empty() {
        return identifier(words.join("_"));
    }
    let (before, after) =
        (name.len() - name.trim_start_matches('_').len(), name.len() - name.trim_end_matches('_').len());
    identifier(format!("{}{}{}", "_".repeat(before), words.join("_"), "_".repeat(after)))
}

/// `order_placed` and `orderPlaced` as `OrderPlaced`; `SKU` as `Sku`.
pub(super) fn pascal(name: &str) -> String {
    in_pascal(words(name))
}

/// The same with every sign in it spelt: `light-blue` as `LightMinusBlue`.
fn spelt_pascal(name: &str) -> String {
    let spelt: Vec<String> =
        name.chars().map(|c| if is_kept(c) { c.to_string() } else { format!(" {} ", spelt(c)) }).collect();
    in_pascal(words(&spelt.concat()))
}

fn in_pascal(words: Vec<String>) -> String {
    let mut out = String::new();
    for word in words {
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

/// The name of a module: in snake case, and no primitive type, which it would hide, nor the file that declares all modules.
pub(super) fn module_name(name: &str) -> String {
    let name = snake(name);
    let hides = ["bool", "f64", "i32", "i64", "str", "u32", "u64", "u8", "usize", "r#mod"].contains(&name.as_str());
    if hides { format!("{}_", name.trim_start_matches("r#")) } else { name }
}

/// The name of an event's module, which stands beside its struct. They differ in case, but digits have none.
pub(super) fn event_module(name: &str) -> String {
    let module = module_name(name);
    if module == type_name(name) { format!("{module}_") } else { module }
}

/// Names that code in the same module must be able to say, and traits whose methods it calls.
const SPOKEN: &[&str] =
    &["Ok", "Err", "Some", "None", "Clone", "From", "Into", "IntoIterator", "Iterator", "TryFrom", "TryInto"];

/// The name of a type: in Pascal case, and none of those that would hide what generated code says.
pub(super) fn type_name(name: &str) -> String {
    let name = pascal(name);
    if SPOKEN.contains(&name.as_str()) { format!("{name}_") } else { name }
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

/// What signs are called where they have to be spelt.
const SIGNS: &[(char, &str)] = &[
    (' ', "space"),
    ('!', "not"),
    ('"', "quote"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "and"),
    ('\'', "apostrophe"),
    ('*', "star"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "minus"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less"),
    ('=', "equal"),
    ('>', "greater"),
    ('?', "question"),
    ('@', "at"),
    ('\\', "backslash"),
    ('^', "caret"),
    ('_', "underscore"),
    ('`', "backtick"),
    ('|', "or"),
    ('~', "tilde"),
];

/// A sign, or a letter that is not kept, as a word: by its name, or else by its number.
fn spelt(c: char) -> String {
    SIGNS.iter().find(|(sign, _)| *sign == c).map_or_else(|| format!("u{:x}", u32::from(c)), |(_, word)| (*word).into())
}

/// Letters and digits that stand in identifiers as they are. Letters beyond extended Latin would draw lints.
fn is_kept(c: char) -> bool {
    let rare = matches!(c, '\u{130}' | '\u{132}' | '\u{133}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}');
    c.is_ascii_alphanumeric() || (('\u{c0}'..='\u{17f}').contains(&c) && c.is_alphabetic() && !rare)
}

/// The words of a name: apart at what is no letter or digit, before a capital behind a small letter, and before the last
/// capital of several. Letters that cannot be kept are words of their own; signs are left out where anything else is left.
fn words(name: &str) -> Vec<String> {
    let mut text = String::new();
    for c in name.chars() {
        match is_kept(c) {
            true => text.push(c),
            false if c.is_alphanumeric() => text.extend([" ", &spelt(c), " "]),
            false => text.push(' '),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for part in text.split_whitespace() {
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
        words = name.chars().map(spelt).collect();
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
        // A number behind a number would be read as one.
        let apart = if name.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
        while self.taken.contains_key(&free) {
            n += 1;
            free = format!("{}{apart}{n}", name.trim_end_matches('_'));
        }
        self.taken.insert(free.clone(), (name, None));
        free
    }
}

/// The identifiers of values that nobody can rename, since they are data: values of an enum, tags of a union. Of those that
/// would be called alike the first keeps the name, the others are spelt with their signs, or numbered. So a value that is
/// added behind the others changes the name of none.
pub(super) fn variants<'n>(values: impl IntoIterator<Item = &'n str>, scope: &mut Scope) -> Vec<String> {
    let name = |value: &str| match pascal(value) {
        plain if scope.has(&plain) => scope.settle(spelt_pascal(value)),
        plain => scope.settle(plain),
    };
    values.into_iter().map(name).collect()
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
            ("Self", "self_type", "Self_"),
            ("_", "underscore", "Underscore"),
            ("__count__", "__count__", "Count"),
            ("_id", "_id", "Id"),
            ("type_", "type_", "Type"),
            ("2nd", "_2nd", "_2nd"),
            ("grün", "grün", "Grün"),
            ("łódź", "łódź", "Łódź"),
            ("名前", "u540d_u524d", "U540dU524d"),
            ("名1", "u540d_1", "U540d1"),
            ("<=", "less_equal", "LessEqual"),
            ("😀", "u1f600", "U1f600"),
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
        assert_eq!((event_module("_3rd"), event_module("Third")), ("_3rd_".into(), "third".into()));
        assert_eq!((module_name("mod"), module_name("match")), ("mod_".into(), "r#match".into()));
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
    fn values_are_told_apart_by_their_signs_and_then_by_number() {
        let all = [
            "red",
            "Red",
            "RED",
            "light-blue",
            "light_blue",
            "light blue",
            "lightBlue",
            "",
            "empty",
            "+1",
            "-1",
            "1",
            "名",
        ];
        let names = [
            "Red",
            "Red2",
            "Red3",
            "LightBlue",
            "LightUnderscoreBlue",
            "LightSpaceBlue",
            "LightBlue2",
            "Empty",
            "Empty2",
            "_1",
            "Minus1",
            "_1_2",
            "U540d",
        ];
        assert_eq!(variants(all, &mut Scope::default()), names);
        assert_eq!(variants(["2nd", "2Nd"], &mut Scope::default()), ["_2nd", "_2Nd"]);
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
