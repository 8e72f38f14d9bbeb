//! The board by hand: moved, followed, slid through releases, looked at beside itself, and taken along.

use crate::{
    browser::Browser,
    server::{Registry, example},
};
use serde_json::json;

/// The names of what a selector finds, each once.
fn names(browser: &mut Browser, selector: &str) -> Vec<String> {
    let script =
        format!("[...new Set([...document.querySelectorAll({})].map(it => it.dataset.name))]", json!(selector));
    let names = browser.say(&script);
    names.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

#[test]
fn the_board_is_moved_and_followed() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop"));
    let width = |browser: &mut Browser| {
        browser.say("document.querySelector('svg.board').getBoundingClientRect().width").as_f64().unwrap()
    };
    let before = width(&mut browser);
    browser.say("document.querySelector('[data-board=in]').click()");
    assert!(width(&mut browser) > before, "it grows");
    browser.say("document.querySelector('[data-board=fit]').click()");
    let fits = "document.querySelector('svg.board').getBoundingClientRect().width <= document.querySelector('.frame').clientWidth + 1";
    assert_eq!(browser.say(fits), json!(true));
    let over = "document.querySelector('[data-name=\"payment.PaymentFailed\"]').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";
    browser.say(over);
    let lit = names(&mut browser, ".note.lit");
    for expected in
        ["ordering.OrderPlaced", "payment.ProcessPayment", "inventory.ReleaseStock", "ordering.OrderCancelled"]
    {
        assert!(lit.iter().any(|it| it == expected), "{expected} is not in the flow: {lit:?}");
    }
    assert!(!lit.iter().any(|it| it == "customer.EmailSent"), "{lit:?}");
    // Nothing lies on anything, as the browser sees it.
    let overlaps = browser.say(
        "(() => { const boxes = [...document.querySelectorAll('.paper')].map(it => it.getBoundingClientRect()); \
         return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length })()",
    );
    assert_eq!(overlaps, json!(0));
}

#[test]
fn a_release_is_slid_to_and_has_an_address() {
    let registry = Registry::of_the_examples();
    let changed = ["ordering.OrderPlaced", "ordering.OrderAccepted"];
    let mut plain = Browser::start(1440, false);
    plain.open(&registry.url("/w/shop"));
    assert_eq!(plain.say("document.querySelector('[data-slider]').checkVisibility()"), json!(false));
    let links =
        plain.say("[...document.querySelectorAll('[data-stop]')].map(it => `${it.textContent} ${it.pathname}`)");
    let expected =
        ["1st /w/shop/board/release/1", "2nd /w/shop/board/release/2", "3rd /w/shop/board/release/3", "now /w/shop"];
    assert_eq!(links, json!(expected));
    plain.open(&registry.url("/w/shop/board/release/2"));
    assert_eq!(names(&mut plain, ".note.changed"), changed);
    let text = plain.say("document.querySelector('.note.changed .mark').textContent");
    assert_eq!(text, json!("now v1.1"), "it is said in words");

    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop"));
    assert_eq!(names(&mut browser, ".note.changed, .note.added, .note.later"), Vec::<String>::new());
    let slide = |to: usize| {
        format!(
            "{{ const it = document.querySelector('[data-slider]'); it.value = {to}; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
        )
    };
    let before =
        browser.say("document.querySelector('[data-name=\"ordering.OrderPlaced\"]').getBoundingClientRect().x");
    browser.say(&slide(1));
    browser.wait("document.querySelectorAll('.note.changed').length === 2");
    assert_eq!(names(&mut browser, ".note.changed"), changed);
    assert_eq!(browser.say("location.pathname"), json!("/w/shop/board/release/2"));
    let after = browser.say("document.querySelector('[data-name=\"ordering.OrderPlaced\"]').getBoundingClientRect().x");
    assert_eq!(before, after, "nothing moves");
    browser.say(&slide(0));
    browser.wait("document.querySelectorAll('.note.added').length > 15");
    browser.say(&slide(3));
    browser.wait("location.pathname === '/w/shop' && document.querySelectorAll('.note.added').length === 0");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn pushes_are_releases_with_dates() {
    let registry = Registry::of_the_examples();
    let mut files = example("bank");
    let storm = files["accounts.storm.yaml"]
        .replace("\n    events:\n", "\n    events:\n      AccountFrozen: { fields: { accountId: AccountId } }\n");
    files.insert("accounts.storm.yaml".into(), storm);
    registry.push("bank", &files);
    let mut browser = Browser::start(1440, false);
    browser.open(&registry.url("/w/bank/board/release/next"));
    assert_eq!(names(&mut browser, ".note.added"), ["accounts.AccountFrozen"]);
    browser.open(&registry.url("/w/bank/board/release/1"));
    assert_eq!(names(&mut browser, ".note.later"), ["accounts.AccountFrozen"], "it was not there yet");
}

#[test]
fn a_note_is_shown_beside_the_board_by_mouse_and_by_keys() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop"));
    let panel = "document.querySelector('[data-panel]')";
    let place = browser.say(
        "(() => { const box = document.querySelector('[data-name=\"ordering.OrderPlaced\"] .paper').getBoundingClientRect(); return [box.x + 20, box.y + 40] })()",
    );
    for kind in ["mousePressed", "mouseReleased"] {
        browser.ask(
            "Input.dispatchMouseEvent",
            json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 }),
        );
    }
    browser.wait(&format!("!{panel}.hidden"));
    let text = browser.say(&format!("{panel}.textContent"));
    for expected in [
        "ordering.OrderPlaced",
        "v1.1",
        "customerId",
        "PlaceOrder",
        "what changed",
        "try a payload",
        "its price is fixed",
    ] {
        assert!(text.as_str().unwrap().contains(expected), "{expected} is not said: {text}");
    }
    let own =
        browser.say(&format!("[...{panel}.querySelectorAll('a')].every(it => it.href.startsWith(location.origin))"));
    assert_eq!(own, json!(true));
    // What is under the mouse is followed while it is there.
    browser.ask("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": 5, "y": 5 }));
    // A flow that is followed from there has an address.
    browser.say(&format!("{panel}.querySelector('.go').click()"));
    assert_eq!(browser.say("location.search"), json!("?focus=ordering.OrderPlaced"));
    let key = |browser: &mut Browser, key: &str| {
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" { "\r" } else { "" };
            let code = if key == "Enter" { 13 } else { 27 };
            browser.ask(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code }),
            );
        }
    };
    key(&mut browser, "Escape");
    browser.wait(&format!("{panel}.hidden"));
    let at = "document.activeElement.closest('.note')?.dataset.name";
    assert_eq!(browser.say(at), json!("ordering.OrderPlaced"), "the focus is where it was");
    key(&mut browser, "Enter");
    browser.wait(&format!("!{panel}.hidden"));
    key(&mut browser, "Escape");
    key(&mut browser, "Escape");
    browser.wait("location.search === '' && !document.querySelector('svg.board').classList.contains('dimmed')");
    // What has no page of its own says what it is.
    browser.say("document.querySelector('.note.hotspot').focus()");
    key(&mut browser, "Enter");
    browser.wait(&format!("{panel}.textContent.includes('comes back as USD')"));
    assert_eq!(browser.complaints, Vec::<String>::new());
    // Without scripts, the note is a link.
    let mut plain = Browser::start(1440, false);
    plain.open(&registry.url("/w/shop"));
    let link = plain.say("document.querySelector('[data-name=\"ordering.OrderPlaced\"] a').getAttribute('href')");
    assert_eq!(link, json!("/w/shop/event/ordering.OrderPlaced"));
}

#[test]
fn a_flow_can_be_shared() {
    let registry = Registry::of_the_examples();
    let (mut plain, mut browser) = (Browser::start(1440, false), Browser::start(1440, true));
    for address in ["/w/shop?focus=payment.PaymentFailed", "/w/shop?paths=failure", "/w/shop?focus=shop.Nothing"] {
        plain.open(&registry.url(address));
        browser.open(&registry.url(address));
        browser.wait("!document.querySelector('[data-zoom]').hidden");
        for selector in [".note.lit", ".note.fails", ".board.dimmed .note.lit", ".board.failures .note.fails"] {
            let (one, other) = (names(&mut plain, selector), names(&mut browser, selector));
            assert_eq!(one, other, "{address}: the server and the script agree on {selector}");
        }
        assert_eq!(
            browser.say("document.querySelectorAll('.edge.lit').length"),
            plain.say("document.querySelectorAll('.edge.lit').length")
        );
    }
    let told = plain.say("document.querySelector('[data-following]').textContent");
    assert!(told.as_str().unwrap().contains("Nothing on this board is called shop.Nothing"), "{told}");
    plain.open(&registry.url("/w/shop?paths=failure"));
    let opacity = |browser: &mut Browser, name: &str| {
        browser.say(&format!("Number(getComputedStyle(document.querySelector('[data-name=\"{name}\"]')).opacity)"))
    };
    assert_eq!(opacity(&mut plain, "payment.PaymentFailed"), json!(1));
    assert!(opacity(&mut plain, "ordering.PlaceOrder").as_f64().unwrap() < 0.3);
}

#[test]
fn a_page_leads_to_its_place_on_the_board() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    for (page, name) in
        [("actor/ordering.Customer", "ordering.Customer"), ("event/payment.PaymentFailed", "payment.PaymentFailed")]
    {
        browser.open(&registry.url(&format!("/w/shop/{page}")));
        browser.say("document.querySelector('.on-board').click()");
        // What is lit is drawn so by the server; the script goes there, and says that it has by its buttons.
        let there = "!(document.querySelector('[data-zoom]')?.hidden ?? true)";
        browser.wait(&format!(
            "location.pathname === '/w/shop' && {there} && document.querySelectorAll('.note.lit').length > 1"
        ));
        let note = format!("document.querySelector('[data-name=\"{name}\"]')");
        let seen = browser.say(&format!(
            "(() => {{ const [note, frame] = [{note}, document.querySelector('.stage .frame')].map(it => it.getBoundingClientRect()); \
             return note.left >= frame.left && note.right <= frame.right && note.top >= frame.top && note.bottom <= frame.bottom; }})()",
        ));
        assert_eq!(seen, json!(true), "{name} is in sight");
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn the_board_is_taken_along_as_a_picture() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    // By itself, under a policy of its own: it has its colours, and nothing was refused.
    browser.open(&registry.url("/w/shop/board.svg"));
    let fill = "getComputedStyle(document.querySelector('.event .paper')).fill";
    assert_eq!(browser.say(fill), json!("rgb(255, 176, 102)"));
    assert_eq!(browser.say("document.querySelectorAll('a').length"), json!(0), "a file has no links to a server");
    assert_eq!(browser.complaints, Vec::<String>::new());
    // As a picture on the page, twice its size.
    browser.open(&registry.url("/w/shop"));
    picture(&mut browser, "shop-board.png");
}

/// Asks for the picture of the board that is open: it is twice the size, has this name, and its colours.
pub(crate) fn picture(browser: &mut Browser, name: &str) {
    browser.say("{ const make = URL.createObjectURL; URL.createObjectURL = (blob) => { if (blob.type === 'image/png') window.picture = blob; return make(blob); }; }");
    browser.say("HTMLAnchorElement.prototype.click = function () { window.called = this.download; }");
    browser.say("document.querySelector('[data-png]').click()");
    browser.wait("Boolean(window.called)");
    assert_eq!(browser.say("window.called"), json!(name));
    let seen = browser.say(
        "(async () => { const image = await createImageBitmap(window.picture); const box = document.querySelector('svg.board').viewBox.baseVal; \
         const note = document.querySelector('[data-name=\"ordering.OrderPlaced\"].event .paper').getBBox(); \
         const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d'); canvas.drawImage(image, 0, 0); \
         const at = [...canvas.getImageData(2 * (note.x + 60), 2 * (note.y + 75), 1, 1).data]; \
         return { twice: image.width === 2 * box.width && image.height === 2 * box.height, kind: window.picture.type, at }; })()",
    );
    assert_eq!((&seen["twice"], &seen["kind"]), (&json!(true), &json!("image/png")));
    let [red, green, blue] = [0, 1, 2].map(|at| seen["at"][at].as_i64().unwrap());
    assert!(red > 230 && (150..200).contains(&green) && blue < 130, "the note is orange: {seen}");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn paper_is_light_and_as_wide_as_the_board() {
    let registry = Registry::of_the_examples();
    let mut browser = Browser::start(1440, true);
    browser.open(&registry.url("/w/shop"));
    browser.say("document.documentElement.dataset.theme = 'dark'");
    let lane = "getComputedStyle(document.querySelector('.lane rect')).fill";
    assert_eq!(browser.say(lane), json!("rgb(22, 25, 32)"));
    browser.ask("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.say(lane), json!("rgb(248, 248, 251)"));
    let fits = "(() => { const [board, main] = ['svg.board', 'main'].map(it => document.querySelector(it).getBoundingClientRect()); \
                return board.width <= main.width && getComputedStyle(document.querySelector('.frame')).overflow === 'visible'; })()";
    assert_eq!(browser.say(fits), json!(true));
    let seen =
        "['.bar', 'footer', '.tools', '.releases', '.zoom'].filter(it => document.querySelector(it).checkVisibility())";
    assert_eq!(browser.say(seen), json!([]), "what is clicked is of no use on paper");
}
