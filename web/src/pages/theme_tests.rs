//! Every pair of text and ground in the style sheet's two themes has the contrast that WCAG AA asks for.

use std::collections::HashMap;

/// Text, ground, and the least contrast: 4.5 for text, 3 for lines and borders that carry a meaning.
const PAIRS: &[(&str, &str, f64)] = &[
    ("text", "ground", 4.5),
    ("text", "raised", 4.5),
    ("text", "sunken", 4.5),
    ("text", "lane", 4.5),
    ("text", "lane-odd", 4.5),
    ("muted", "ground", 4.5),
    ("muted", "raised", 4.5),
    ("muted", "sunken", 4.5),
    ("muted", "lane", 4.5),
    ("muted", "lane-odd", 4.5),
    ("accent", "ground", 4.5),
    ("accent", "raised", 4.5),
    ("accent", "accent-soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("good", "good-soft", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "bad-soft", 4.5),
    ("ink", "event", 4.5),
    ("ink", "command", 4.5),
    ("ink", "aggregate", 4.5),
    ("ink", "actor", 4.5),
    ("ink", "policy", 4.5),
    ("ink", "external", 4.5),
    ("ink", "read-model", 4.5),
    ("ink", "hotspot", 4.5),
    ("edge", "lane", 3.0),
    ("edge", "lane-odd", 3.0),
    ("failure", "lane", 3.0),
    ("failure", "lane-odd", 3.0),
    ("feeds", "lane", 3.0),
    ("feeds", "lane-odd", 3.0),
    ("loop", "lane", 3.0),
    ("loop", "lane-odd", 3.0),
    ("barrier", "lane", 3.0),
    ("barrier", "lane-odd", 3.0),
    ("ground", "barrier-flag", 4.5),
    ("ground", "text", 4.5),
];

/// The colours of a block of the style sheet.
fn colours(block: &str) -> HashMap<String, [f64; 3]> {
    let colour = |text: &str| {
        let digits = text.trim().strip_prefix('#')?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(f64::from);
        Some([part(0)?, part(2)?, part(4)?])
    };
    let declared = block.split(';').filter_map(|it| it.trim().strip_prefix("--")?.split_once(':'));
    declared.filter_map(|(name, value)| Some((name.trim().to_owned(), colour(value)?))).collect()
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn block<'a>(css: &'a str, selector: &str) -> &'a str {
    let start = css.find(selector).unwrap() + selector.len();
    &css[start..start + css[start..].find('}').unwrap()]
}

#[test]
fn contrast_is_known() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 0.01);
    assert!((contrast([119.0; 3], [255.0; 3]) - 4.48).abs() < 0.01, "#777 on white");
}

#[test]
fn both_themes_can_be_read() {
    let css = include_str!("assets/theme.css");
    let light = colours(block(css, ":root {"));
    let dark = |selector: &str| {
        let mut all = light.clone();
        all.extend(colours(block(css, selector)));
        all
    };
    let (asked, chosen) = (dark(":root:not([data-theme=\"light\"]) {"), dark(":root[data-theme=\"dark\"] {"));
    assert_eq!(asked, chosen, "the dark theme is written twice, and both must be the same");
    for (theme, colours) in [("light", &light), ("dark", &chosen)] {
        for (text, ground, least) in PAIRS {
            let found = contrast(colours[*text], colours[*ground]);
            assert!(found >= *least, "{theme}: {text} on {ground} has {found:.2}, and needs {least}");
        }
    }
}
