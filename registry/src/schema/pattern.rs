//! Regular expressions as JSON Schema takes them. Authors' mean what they mean to generated code, where `\s` is white space of ASCII;
//! in JSON Schema it would be that of all alphabets.

use std::borrow::Cow;

/// A text as a regular expression that matches just it.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() && !matches!(c, '_' | '-' | ':') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An author's pattern in JSON Schema. Only `\S` among other characters of a class cannot be said in another way, and stays.
pub(crate) fn portable(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains("\\s") && !pattern.contains("\\S") {
        return pattern.into();
    }
    let (mut out, mut depth, mut escaped) = (String::new(), 0_u32, false);
    for c in pattern.chars() {
        match (c, depth) {
            ('s', 0) if escaped => out.push_str("[\\t-\\r ]"),
            ('s', _) if escaped => out.push_str("\\t-\\r "),
            ('S', 0) if escaped => out.push_str("[^\\t-\\r ]"),
            _ if escaped => out.extend(['\\', c]),
            ('\\', _) => {}
            _ => out.push(c),
        }
        match c {
            '[' if !escaped => depth += 1,
            ']' if !escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    out.into()
}

#[cfg(all(test, feature = "payload"))]
mod tests {
    use super::portable;

    #[test]
    fn white_space_is_that_of_ascii() {
        for (pattern, told) in [
            ("^a.c$", "^a.c$"),
            (r"^\S+\s?$", r"^[^\t-\r ]+[\t-\r ]?$"),
            (r"[a\s]", r"[a\t-\r ]"),
            (r"\\s\[\s", r"\\s\[[\t-\r ]"),
        ] {
            assert_eq!(portable(pattern), told);
            let own = isobar::Pattern::new(pattern);
            let told = serde_json::json!({ "pattern": told });
            for text in ["a", "a ", "\u{a0}", "\t", "\u{b}", "a\rc", "\\s[ ", "s"] {
                let read = isobar::bounds::pattern(text, &own).is_ok();
                assert_eq!(jsonschema::is_valid(&told, &text.into()), read, "{pattern} {text:?}");
            }
        }
    }
}
