//! What a board needs to stand alone, as a file: its own style, in which every colour is written out, since few programs but browsers
//! know variables. It follows the reader's theme as pages do. Where it is served, its policy allows this style and nothing else.

use std::{collections::BTreeMap, sync::LazyLock};

const THEME: &str = include_str!("../assets/theme.css");
const BOARD: &str = include_str!("../assets/board.css");

/// The style of the file.
pub(crate) static STYLE: LazyLock<String> = LazyLock::new(|| {
    let light = values(":root {");
    let mut dark = light.clone();
    dark.extend(values(":root[data-theme=\"dark\"] {"));
    format!("{}@media (prefers-color-scheme: dark) {{\n{}}}\n", written(&light), written(&dark))
});

/// The policy of the file as a header: it may use that style, by its hash, and load nothing.
pub(crate) static POLICY: LazyLock<String> = LazyLock::new(|| {
    use base64::Engine;
    let hash = base64::engine::general_purpose::STANDARD.encode(hmac_sha256::Hash::hash(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// What the theme gives names to, in one of its blocks.
fn values(selector: &str) -> BTreeMap<&'static str, &'static str> {
    let block = THEME.split_once(selector).and_then(|(_, rest)| rest.split_once('}')).map_or("", |(block, _)| block);
    let pairs = block.split(';').filter_map(|it| it.trim().strip_prefix("--")?.split_once(':'));
    pairs.map(|(name, value)| (name.trim(), value.trim())).collect()
}

/// The board's style with values in the place of names.
fn written(values: &BTreeMap<&str, &str>) -> String {
    let mut out = String::with_capacity(BOARD.len());
    let mut parts = BOARD.split("var(--");
    out.extend(parts.next());
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        out.push_str(values.get(name).copied().unwrap_or("inherit"));
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_every_colour_of_both_themes_written_out() {
        assert!(!STYLE.contains("var(") && !STYLE.contains("inherit"), "{}", *STYLE);
        for colour in ["#ffb066", "#f0a055"] {
            assert!(STYLE.contains(colour), "an event is {colour} in one of the themes");
        }
        // It ends where the element ends, whatever is written into the style sheet.
        assert!(!STYLE.contains('<') && !STYLE.contains('&'));
        assert!(POLICY.contains("style-src 'sha256-"));
    }
}
