//! The pages without a mouse, and for those whom movement makes ill: on a page of each kind everything is reached by the Tab key, in sight
//! and with a mark that says where one is; nothing moves for those who ask for that.

use crate::{browser::Browser, of_each_kind, server::Registry};
use serde_json::json;

/// Where links lead from to a page of each kind; nothing but the form leads to a search.
const START: [&str; 3] = ["w/shop", "", "search?q=order"];

/// Keeps what the focus passes: what of it has no mark, what is out of sight, and what is never passed.
const WATCH: &str = r"(() => {
    const told = (it) => it.outerHTML.slice(0, 120);
    const seen = new Set(), faults = new Set();
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\'0\']')]
        .filter((it) => it.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
    // Judged where it rests: while the focus moves, its mark may not be drawn yet.
    const judge = () => {
        const target = document.activeElement;
        if (!seen.has(target)) return;
        const { outlineStyle, outlineWidth } = getComputedStyle(target);
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 1) faults.add(`no mark: ${told(target)}`);
        const box = target.getBoundingClientRect();
        const there = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
        if (!there) faults.add(`out of sight: ${told(target)}`);
    };
    document.addEventListener('focusin', ({ target }) => seen.add(target));
    document.addEventListener('keydown', judge);
    if (document.activeElement !== document.body) seen.add(document.activeElement);
    window.passed = {
        left: () => all.filter((it) => !seen.has(it)).map(told),
        faults: () => { judge(); return [...faults]; },
        first: () => told([...seen][0]),
        count: all.length,
    };
})()";

/// What looks as if it could be clicked, and cannot be reached.
const CLICKABLE: &str = r"[...document.querySelectorAll('main *')]
    .filter((it) => getComputedStyle(it).cursor === 'pointer' && !it.closest('a[href], button, input, select, textarea, summary, [tabindex]'))
    .map((it) => it.outerHTML.slice(0, 120))";

/// What moves, or takes time to change.
const MOVING: &str = r"[...document.querySelectorAll('*')].filter((it) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(it);
    return transitionDuration.split(', ').some((time) => time !== '0s') || animationName !== 'none' || scrollBehavior === 'smooth';
}).length";

fn press(browser: &mut Browser, key: &str, code: u32, text: &str) {
    let mut event = json!({ "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code });
    if !text.is_empty() {
        event["text"] = json!(text);
    }
    browser.ask("Input.dispatchKeyEvent", event.clone());
    event["type"] = json!("keyUp");
    browser.ask("Input.dispatchKeyEvent", event);
}

#[test]
fn everything_is_reached_with_the_tab_key_and_seen_where_it_is() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    for url in of_each_kind(&mut browser, &registry.url("/"), &START) {
        browser.open(&url);
        browser.say(WATCH);
        let count = browser.say("window.passed.count").as_u64().unwrap();
        assert!(count > 5, "{url} has {count} places to go to");
        let mut pressed = 0;
        // Never past the last: what comes after it is the browser's own, and from there the focus may come back on the next page.
        while let Some(left) = browser.say("window.passed.left().length").as_u64().filter(|left| *left > 0) {
            assert!(pressed < count + 40, "{url}: what is never reached: {}", browser.say("window.passed.left()"));
            for _ in 0..left {
                press(&mut browser, "Tab", 9, "");
            }
            pressed += left;
        }
        assert_eq!(browser.say("window.passed.faults()"), json!([]), "{url}");
        assert_eq!(browser.say(CLICKABLE), json!([]), "{url}");
        let first = browser.say("window.passed.first()");
        let searched = first.as_str().unwrap().contains("autofocus");
        assert!(searched || first.as_str().unwrap().contains("class=\"skip\""), "{url} begins with {first}");
    }
}

#[test]
fn the_first_link_leads_past_everything_else() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop/event/ordering.OrderPlaced"));
    press(&mut browser, "Tab", 9, "");
    let shown = "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0";
    assert_eq!(browser.say(shown), json!(true), "it is seen");
    press(&mut browser, "Enter", 13, "\r");
    browser.wait("location.hash === '#main'");
    press(&mut browser, "Tab", 9, "");
    assert_eq!(browser.say("document.activeElement.closest('main') !== null"), json!(true));
}

#[test]
fn nothing_moves_for_those_who_ask_for_that() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    let urls = of_each_kind(&mut browser, &registry.url("/"), &START);
    let prefer = |browser: &mut Browser, value: &str| {
        let media = json!({ "features": [{ "name": "prefers-reduced-motion", "value": value }] });
        browser.ask("Emulation.setEmulatedMedia", media);
    };
    for url in urls {
        browser.open(&url);
        prefer(&mut browser, "reduce");
        assert_eq!(browser.say(MOVING), json!(0), "{url}");
        prefer(&mut browser, "no-preference");
        assert!(browser.say(MOVING).as_u64().is_some_and(|moving| moving > 0), "{url}: and for others it does");
    }
}
