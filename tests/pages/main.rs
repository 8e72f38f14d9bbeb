//! The pages in a real browser: every page of the examples with scripts and without, wide and narrow; the board, the playground and search
//! by hand; and a workspace whose every word is an attack.

mod attack;
mod axe;
mod board;
mod browser;
mod compared;
mod export;
mod keyboard;
mod server;
mod watch;

use browser::Browser;
use serde_json::{Value, json};
use server::Registry;
use std::collections::{BTreeSet, VecDeque};

/// Opens every page that can be reached by links, and lets a check look at each.
fn each_page(browser: &mut Browser, registry: &Registry, mut check: impl FnMut(&mut Browser, &str)) -> usize {
    let start = registry.url("/");
    let (mut known, mut todo) = (BTreeSet::from([start.clone()]), VecDeque::from([start]));
    let mut count = 0;
    while let Some(url) = todo.pop_front() {
        browser.open(&url);
        for link in links(browser, &registry.url("/")) {
            // One flow looks like another.
            let flow = link.contains("?focus=") && known.iter().any(|it| it.contains("?focus="));
            if !flow && known.insert(link.clone()) {
                todo.push_back(link);
            }
        }
        check(browser, &url);
        count += 1;
    }
    count
}

/// The pages below an address that the one that is open leads to.
fn links(browser: &mut Browser, root: &str) -> Vec<String> {
    let all = browser.say(
        "[...document.querySelectorAll('a[href]:not([download], [href$=\".json\"])')].map(a => new URL(a.href.baseVal ?? a.href, location).href.split('#')[0])",
    );
    let all = all.as_array().unwrap().iter().filter_map(Value::as_str).filter(|link| link.starts_with(root));
    all.map(str::to_owned).collect()
}

/// What kind of page an address is: its parts without names, and what is asked for behind the `?`.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let asked = query.split('=').next().unwrap_or_default();
    format!("{}?{asked}", path.split('/').step_by(2).collect::<Vec<_>>().join("/"))
}

/// A page of each kind: the first one that links lead to.
fn of_each_kind(browser: &mut Browser, root: &str, start: &[&str]) -> Vec<String> {
    let mut todo: VecDeque<String> = start.iter().map(|path| format!("{root}{path}")).collect();
    let mut known: BTreeSet<String> = start.iter().map(|path| kind(path)).collect();
    let mut all = Vec::new();
    while let Some(url) = todo.pop_front() {
        browser.open(&url);
        todo.extend(links(browser, root).into_iter().filter(|link| known.insert(kind(&link[root.len()..]))));
        all.push(url);
    }
    assert!(all.len() > 20, "{all:?}");
    all
}

fn assert_sound(browser: &mut Browser, url: &str) {
    let complaints = std::mem::take(&mut browser.complaints);
    assert!(complaints.is_empty(), "{url}: {complaints:?}");
    assert_eq!(browser.say("document.querySelectorAll('h1').length"), json!(1), "{url} has one heading");
    let wider = browser.say("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert!(wider.as_i64().unwrap() <= 0, "{url} is {wider} pixels wider than the window");
    let broken = browser.say("[...document.images].filter(it => !it.complete || !it.naturalWidth).length");
    assert_eq!(broken, json!(0), "{url} has pictures that are not there");
    let unnamed = browser.say(
        "[...document.querySelectorAll('a, button, input, select, textarea')].filter(it => !(it.textContent.trim() \
         || it.getAttribute('aria-label') || it.labels?.length || it.querySelector('title'))).length",
    );
    assert_eq!(unnamed, json!(0), "{url} has controls without a name");
    let nowhere = browser.say(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(it => it.hash).filter(it => !document.getElementById(decodeURIComponent(it.slice(1))))",
    );
    assert_eq!(nowhere, json!([]), "{url} leads to places that are not there");
}

#[test]
fn every_page_with_scripts_and_without_wide_and_narrow() {
    let registry = Registry::of_the_examples();
    for (width, scripts) in [(1440, true), (390, false)] {
        let mut browser = Browser::start(width, scripts);
        let count = each_page(&mut browser, &registry, assert_sound);
        assert!(count > 100, "{count} pages at {width}");
    }
}

#[test]
fn a_payload_is_tried_and_leaves_no_trace() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop/event/ordering.OrderPlaced/upcast"));
    let payload = r#"{"orderId":"order_secret","customerId":"customer_1","totalAmount":97.98,"currency":"EUR","discountAmount":2}"#;
    browser.say(&format!("document.forms[1].elements.payload.value = {}", json!(payload)));
    browser.say("document.forms[1].requestSubmit()");
    browser.wait("document.querySelector('.hops').textContent.includes('order_secret')");
    let text = browser.say("document.querySelector('.hops').textContent");
    assert!(text.as_str().unwrap().contains("\"subtotal\": 99.98"), "{text}");
    assert_eq!(browser.say("location.hash.includes('order_secret')"), json!(true), "a link can be shared");
    assert_eq!(browser.complaints, Vec::<String>::new());
    // The same link opens with the same result.
    let link = browser.say("location.href").as_str().unwrap().to_owned();
    browser.open("about:blank");
    browser.open(&link);
    browser.wait("document.querySelector('.hops').textContent.includes('order_secret')");
    let log = registry.log();
    assert!(log.contains("/upcast") && !log.contains("order_secret"), "{log}");
    // Without scripts, the form does it.
    let mut plain = Browser::start(1440, false);
    plain.open(&registry.url("/w/shop/event/ordering.OrderPlaced/upcast"));
    plain.say(&format!("document.forms[1].elements.payload.value = {}", json!("{\"orderId\":1}")));
    plain.say("HTMLFormElement.prototype.submit.call(document.forms[1])");
    plain.wait("document.querySelector('.note-bar.bad')?.textContent.includes('not a payload of v1.0') ?? false");
}

#[test]
fn search_has_a_key_and_finds() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop/messages"));
    browser.say("document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))");
    assert_eq!(browser.say("document.activeElement.name"), json!("q"));
    browser.say(
        "document.activeElement.value = 'kind:event field:totalAmount'; document.activeElement.form.requestSubmit()",
    );
    browser.wait("location.pathname === '/search'");
    browser.open(&registry.url("/search?q=kind:command+type:decimal"));
    let found = browser.say("[...document.querySelectorAll('.list a')].map(it => it.textContent)");
    assert!(found.as_array().unwrap().contains(&json!("accounts.Deposit")), "{found}");
}

#[test]
fn a_theme_that_was_chosen_stays() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/"));
    let ground = "getComputedStyle(document.documentElement).backgroundColor";
    let before = browser.say(ground);
    browser.say("document.querySelector('[data-theme-toggle]').click()");
    let after = browser.say(ground);
    assert_ne!(before, after);
    browser.open(&registry.url("/w/bank"));
    assert_eq!(browser.say(ground), after);
}

#[test]
fn a_workspace_of_attacks_is_only_text() {
    let registry = Registry::of_files(attack::files());
    let mut browser = Browser::start(1440, true);
    browser.before_each_page(attack::LISTENER);
    let count = each_page(&mut browser, &registry, |browser, url| {
        assert_eq!(browser.say("window.attacked ?? null"), Value::Null, "{url}");
        assert_eq!(
            browser.say("document.querySelectorAll('main script, main iframe, main img, main object').length"),
            json!(0),
            "{url}"
        );
        let complaints = std::mem::take(&mut browser.complaints);
        assert!(complaints.is_empty(), "{url}: {complaints:?}");
    });
    assert!(count > 10, "{count}");
}
