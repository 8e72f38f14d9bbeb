//! Versions by hand: any two compared, with scripts and without; what is wrong with a payload at its place; tabs, and tables on a telephone.

use crate::{browser::Browser, server::Registry};
use serde_json::json;

const EVENT: &str = "/w/shop/event/ordering.OrderPlaced";

#[test]
fn any_two_versions_are_two_clicks_away() {
    let registry = Registry::of_the_examples();
    for scripts in [true, false] {
        let mut browser = Browser::start(1440, scripts);
        browser.open(&registry.url(&format!("{EVENT}/versions")));
        browser.say("document.forms[1].elements.from.value = 'v1.0'");
        browser.say("document.querySelector('.choose .go').click()");
        browser.wait("location.pathname.endsWith('/diff/v1.0...v2.0') && document.readyState === 'complete'");
        let chosen = browser.say("[...document.querySelectorAll('.choose select')].map(it => it.value)");
        assert_eq!(chosen, json!(["v1.0", "v2.0"]));
        assert_eq!(browser.say("document.querySelectorAll('.verdict').length"), json!(2));
        // The text of both lies open below.
        let offered = "document.querySelector('details[open] .minus').getBoundingClientRect().height > 0";
        assert_eq!(browser.say(offered), json!(true));
        browser.open(&registry.url(&format!("{EVENT}/versions")));
        browser.say("[...document.querySelectorAll('.grid a')].find(it => it.textContent === 'v1.0 to v1.1').click()");
        browser.wait("location.pathname.endsWith('/diff/v1.0...v1.1') && document.readyState === 'complete'");
        assert_eq!(browser.complaints, Vec::<String>::new());
    }
}

#[test]
fn what_is_wrong_with_a_payload_is_shown_at_its_place() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url(&format!("{EVENT}/upcast")));
    let shown = "document.querySelectorAll('.hops section').length";
    assert_eq!(browser.say(shown), json!(3), "an example is there before anybody tries");
    let send = |browser: &mut Browser, payload: &str| {
        browser.say(&format!("document.forms[1].elements.payload.value = {}", json!(payload)));
        browser.say("document.forms[1].requestSubmit()");
    };
    send(&mut browser, r#"{"orderId":"order_1","customerId":"customer_1"}"#);
    browser.wait("document.querySelector('.lines .gap')?.textContent.includes('totalAmount') ?? false");
    assert_eq!(browser.say("document.getElementById('payload').getAttribute('aria-invalid')"), json!("true"));
    send(&mut browser, "{\n  \"orderId\": oops\n}");
    browser.wait("document.querySelector('.lines .mark')?.textContent.includes('oops') ?? false");
    // What somebody wrote stays when another version is chosen; an example gives way to one of that version.
    let choose = |browser: &mut Browser, version: &str| {
        let event = "dispatchEvent(new Event('change', { bubbles: true }))";
        browser.say(&format!("{{ const it = document.forms[1].elements.from; it.value = '{version}'; it.{event}; }}"));
    };
    choose(&mut browser, "v2.0");
    assert_eq!(browser.say("document.getElementById('payload').value.includes('oops')"), json!(true));
    browser.open("about:blank");
    browser.open(&registry.url(&format!("{EVENT}/upcast")));
    choose(&mut browser, "v2.0");
    browser.wait("document.getElementById('payload').value.includes('pricing')");
    browser.say("{ const it = document.forms[1].elements.to; it.value = 'v1.1'; it.dispatchEvent(new Event('change', { bubbles: true })); }");
    browser.wait("document.querySelector('.lines .lost')?.textContent.includes('items') ?? false");
    browser.wait("document.getElementById('payload').getAttribute('aria-invalid') === 'false'");
    // Answers may come in another order than they were asked for: what is chosen last is what is shown.
    browser.say(
        "{ const ask = fetch; let calls = 0, release; const gate = new Promise((go) => { release = go; }); window.answered = 0; \
         fetch = async (...all) => { const late = calls++ === 0, answer = await ask(...all); if (late) await gate; else setTimeout(release, 200); \
         setTimeout(() => window.answered++, 200); return answer; }; }",
    );
    let to = |version: &str| {
        let event = "dispatchEvent(new Event('change', { bubbles: true }))";
        format!("{{ const it = document.forms[1].elements.to; it.value = '{version}'; it.{event}; }}")
    };
    browser.say(&format!("{} {}", to("v2.0"), to("v1.1")));
    browser.wait("window.answered === 2");
    browser.wait("document.querySelector('.lines .lost')?.textContent.includes('items') ?? false");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn one_tab_is_open_at_a_time() {
    let registry = Registry::of_the_examples();
    for scripts in [true, false] {
        let mut browser = Browser::start(1440, scripts);
        browser.open(&registry.url(EVENT));
        let open =
            "[...document.querySelectorAll('details[name=made][open] > summary')].map(it => it.textContent.trim())";
        assert_eq!(browser.say(open), json!(["Rust"]));
        browser.say("[...document.querySelectorAll('details[name=made] > summary')].find(it => it.textContent.trim() === 'YAML').click()");
        assert_eq!(browser.say(open), json!(["YAML"]));
        let seen = "[...document.querySelectorAll('details[name=made] pre')].filter(it => it.checkVisibility()).length";
        assert_eq!(browser.say(seen), json!(1));
    }
}

#[test]
fn no_table_is_wider_than_a_telephone() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(390, false);
    for page in [
        "event/ordering.OrderPlaced",
        "event/ordering.OrderPlaced/versions",
        "topic/orders",
        "settings",
        "consumer/analytics-service",
    ] {
        browser.open(&registry.url(&format!("/w/shop/{page}")));
        let wide = "[...document.querySelectorAll('.scroll')].filter(it => it.querySelector('.stack') && it.scrollWidth > it.clientWidth).length";
        assert_eq!(browser.say(wide), json!(0), "{page}");
    }
}

/// With a clipboard and without one, as where a server is reached without TLS under another name than that of this machine.
#[test]
fn what_is_made_of_an_event_is_copied() {
    let registry = Registry::of_the_examples();
    for clipboard in [true, false] {
        let mut browser = Browser::start(1440, true);
        if !clipboard {
            browser.before_each_page("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });");
        }
        browser.before_each_page(
            "document.addEventListener('copy', () => { window.taken = getSelection().toString(); }); \
             if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { window.taken = text; };",
        );
        browser.open(&registry.url(EVENT));
        let place = browser.say(
            "(() => { const button = document.querySelector('[data-copy=text-rust]'); button.scrollIntoView({ block: 'center' }); \
             const box = button.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()",
        );
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            browser.ask("Input.dispatchMouseEvent", event);
        }
        browser.wait("document.querySelector('[data-copy=text-rust]').textContent === 'Copied'");
        let whole = "window.taken.trim() === document.getElementById('text-rust').textContent.trim()";
        assert_eq!(browser.say(whole), json!(true), "{}", browser.say("window.taken"));
        assert_eq!(browser.complaints, Vec::<String>::new());
    }
}
