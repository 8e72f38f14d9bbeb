//! Names of subjects as the protocol writes them: `orders-value` in the default context, `:.eu:orders-value` in another; below
//! `/contexts/.eu`, names that say nothing else are of `.eu`. Whether a subject exists is not known here.

use crate::edge::InContext;
use isobar_registry::store::{DEFAULT_CONTEXT, Subject};

/// What a prefix stands for when every context is meant.
const EVERYWHERE: &str = ":*:";

impl InContext {
    /// The context, as contexts are called.
    fn name(&self) -> String {
        if self.0.starts_with('.') { self.0.clone() } else { format!(".{}", self.0) }
    }
}

/// The subject that a name stands for. The name of a whole context, `:.eu:`, is a subject with an empty name.
pub(super) fn read(name: &str, inside: Option<&InContext>) -> Subject {
    match name.strip_prefix(':').filter(|rest| rest.starts_with('.')) {
        Some(qualified) => {
            let (context, name) = qualified.split_once(':').unwrap_or((qualified, ""));
            Subject::new(context, name)
        }
        None => Subject::new(inside.map_or(DEFAULT_CONTEXT.into(), InContext::name), name),
    }
}

/// The subject that a name stands for where another one says it: of the same context, unless it says more.
pub(super) fn beside(name: &str, subject: &Subject) -> Subject {
    read(name, Some(&InContext(subject.context.clone())))
}

/// The context, none for all of them, and the beginning of names that a list is asked for.
pub(super) fn prefix(asked: Option<&str>, inside: Option<&InContext>) -> (Option<String>, String) {
    let everywhere = asked.map_or(Some(""), |asked| asked.strip_prefix(EVERYWHERE));
    match (everywhere, asked) {
        (Some(prefix), _) => (inside.map(InContext::name), prefix.to_owned()),
        (None, asked) => {
            let Subject { context, name } = read(asked.unwrap_or_default(), inside);
            (Some(context), name)
        }
    }
}

/// The name of a subject.
pub(crate) fn written(subject: &Subject) -> String {
    match subject.context.as_str() {
        DEFAULT_CONTEXT => subject.name.clone(),
        context => format!(":{context}:{}", subject.name),
    }
}

/// Whether a subject may have this name.
pub(super) fn is_sound(subject: &Subject) -> bool {
    let taken = matches!(subject.name.as_str(), "" | "__GLOBAL" | "__EMPTY");
    !taken && !subject.name.chars().chain(subject.context.chars()).any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_context() {
        let eu = InContext(".eu".into());
        for (name, inside, context, rest, again) in [
            ("orders-value", None, ".", "orders-value", "orders-value"),
            ("ordering.OrderPlaced", None, ".", "ordering.OrderPlaced", "ordering.OrderPlaced"),
            (":.eu:orders:x", None, ".eu", "orders:x", ":.eu:orders:x"),
            (":.:orders", Some(&eu), ".", "orders", "orders"),
            ("orders", Some(&eu), ".eu", "orders", ":.eu:orders"),
            ("orders", Some(&InContext("eu".into())), ".eu", "orders", ":.eu:orders"),
            (":.eu:", None, ".eu", "", ":.eu:"),
            (":.eu", None, ".eu", "", ":.eu:"),
            (":odd", None, ".", ":odd", ":odd"),
        ] {
            let subject = read(name, inside);
            assert_eq!((subject.context.as_str(), subject.name.as_str()), (context, rest), "{name}");
            assert_eq!(written(&subject), again, "{name}");
        }
        assert_eq!(beside("b", &Subject::new(".eu", "a")), Subject::new(".eu", "b"));
        for bad in ["", "__GLOBAL", "a\u{7}"] {
            assert!(!is_sound(&Subject::new(".", bad)), "{bad:?}");
        }
    }

    #[test]
    fn prefixes_are_of_one_context_or_of_all() {
        let eu = InContext(".eu".into());
        let some = |context: &str| Some(context.to_owned());
        for (asked, inside, expected) in [
            (None, None, (None, "")),
            (None, Some(&eu), (some(".eu"), "")),
            (Some(""), None, (some("."), "")),
            (Some("ord"), None, (some("."), "ord")),
            (Some("ord"), Some(&eu), (some(".eu"), "ord")),
            (Some(":.us:ord"), Some(&eu), (some(".us"), "ord")),
            (Some(":*:ord"), None, (None, "ord")),
        ] {
            assert_eq!(prefix(asked, inside), (expected.0, expected.1.to_owned()), "{asked:?}");
        }
    }
}
