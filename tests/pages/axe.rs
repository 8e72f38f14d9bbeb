//! What axe, the engine that most audits of accessibility use, has to say of every page: WCAG 2 at the levels A and AA, and its own
//! best practice.

use crate::{browser::Browser, each_page, server::Registry};
use serde_json::{Value, json};
use std::fs;

/// The rules that a page is held against.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

/// What axe finds on the page that is open, by some of its rules: rule, what it says, and where.
fn findings(browser: &mut Browser, rules: &Value) -> Vec<String> {
    let found = browser.say(&format!(
        "axe.run(document, {{ runOnly: {rules}, resultTypes: ['violations'] }}).then(it => it.violations.flatMap(it => it.nodes.map(node => \
         `${{it.id}}: ${{node.failureSummary}} ${{node.target}} ${{node.html.slice(0, 200)}}`)))"
    ));
    found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn axe_finds_nothing_on_any_page_in_either_theme() {
    let axe = isobar_web_tests::packed("axe", "axe_playwright_python/axe.min.js");
    let axe = fs::read_to_string(axe).unwrap();
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    let mut found = Vec::new();
    let count = each_page(&mut browser, &registry, |browser, url| {
        for (theme, rules) in [
            ("light", json!({ "type": "tag", "values": TAGS })),
            // Nothing else depends on colours.
            ("dark", json!({ "type": "rule", "values": ["color-contrast"] })),
        ] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
            browser.ask("Emulation.setEmulatedMedia", media);
            browser.say(&format!("{axe}; null"));
            found.extend(findings(browser, &rules).into_iter().map(|it| format!("{url} {theme} {it}")));
        }
    });
    assert!(count > 100, "{count}");
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found[..found.len().min(40)].join("\n\n"));
}
