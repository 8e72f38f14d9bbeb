//! Words on notes: names and sentences in lines that fit, and text that cannot end where it stands.

/// Text that cannot end where it stands.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no other control characters.
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// How many letters more than there is room for a word may have before it is cut.
const SQUEEZED: usize = 5;

/// A name or a sentence in at most `lines` lines of about `wide` characters, broken where a word begins. A word may be a little longer.
pub(super) fn wrapped(text: &str, wide: usize, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in words(text) {
        let length = word.chars().count();
        let last = out.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + word.trim_end().chars().count() > wide {
            out.push(String::new());
        }
        let Some(line) = out.last_mut() else { continue };
        if length > wide + SQUEEZED {
            line.extend(word.chars().take(wide + SQUEEZED - 1));
            line.push('…');
        } else {
            line.push_str(&word);
        }
    }
    if out.len() > lines {
        out.truncate(lines);
        if let Some(last) = out.last_mut() {
            let kept: String = last.trim_end().chars().take(wide.saturating_sub(1)).collect();
            *last = format!("{kept}…");
        }
    }
    out.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// The words of a sentence, each with the space behind it, or the humps of a name.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let begins = before.is_whitespace()
            || (matches!(before, '-' | '_' | '.') && !c.is_ascii_digit())
            || (c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()));
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_at_their_humps_and_long_ones_are_cut() {
        assert_eq!(wrapped("OrderProcessingFailed", 16, 3), ["OrderProcessing", "Failed"]);
        assert_eq!(wrapped("OrderPlaced", 16, 3), ["OrderPlaced"]);
        assert_eq!(wrapped("a sentence that goes on and on", 10, 2), ["a sentence", "that goes…"]);
        assert_eq!(wrapped("AuthenticationFailed", 11, 2), ["Authentication", "Failed"]);
        assert_eq!(wrapped("abcdefghijklmnop", 8, 2), ["abcdefghijkl…"]);
        assert_eq!(wrapped("of v1.1 orders", 8, 2), ["of v1.1", "orders"]);
        assert_eq!(wrapped("", 8, 2), [""]);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("</text><script>'\"&\u{1}"), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;\u{fffd}");
    }
}
