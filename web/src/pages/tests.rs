//! Every page of the shop is written in every form.

use super::{
    export::export,
    page::{Form, Templates},
    playground::Tried,
    site::{Ask, News, Shown, Site},
};
use isobar_registry::Workspace;
use std::{path::Path, sync::Arc};

fn site() -> Site {
    let open = |name: &str| {
        let workspace = Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name));
        Shown::new(name, Arc::new(workspace))
    };
    let (at, what) = ("2026-11-21T05:40:00Z".into(), "ordering.OrderPlaced v2.0 was released".into());
    Site { workspaces: vec![open("bank"), open("shop")], news: vec![News { at, what, href: None }] }
}

#[test]
fn every_page_is_written_in_every_form() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let ask = Ask { query: "field:orderid kind:event", ..Ask::default() };
    for path in [
        &[][..],
        &["search"],
        &["api"],
        &["w", "shop"],
        &["w", "shop", "lint"],
        &["w", "shop", "event", "ordering.OrderPlaced", "upcast"],
        &["w", "shop", "impact"],
        &["w", "shop", "event", "ordering.OrderPlaced", "field", "pricing.total"],
        &["w", "shop", "messages"],
        &["w", "bank", "board"],
        &["w", "shop", "board", "ordering"],
        &["w", "shop", "board", "all", "of", "it"],
        &["w", "shop", "board", "release", "2"],
        &["w", "shop", "board", "ordering", "release", "2"],
        &["w", "shop", "event", "ordering.OrderPlaced"],
        &["w", "shop", "event", "ordering.OrderPlaced@v1.1"],
        &["w", "shop", "event", "ordering.OrderPlaced", "versions"],
        &["w", "shop", "event", "ordering.OrderPlaced", "diff", "v1.1...v2.0"],
        &["w", "shop", "aggregate", "ordering.Order"],
        &["w", "shop", "policy", "ordering.CancelWhenFailed"],
        &["w", "shop", "saga", "ordering.OrderProcessing"],
        &["w", "shop", "read-model", "ordering.OrderSummary"],
        &["w", "shop", "topic", "orders"],
        &["w", "shop", "consumer", "analytics-service"],
        &["w", "shop", "team", "team-checkout"],
        &["w", "shop", "command", "ordering.PlaceOrder"],
    ] {
        let page = site.answer(path, &ask).unwrap_or_else(|| panic!("no page {path:?}"));
        for (form, begin) in [(Form::Html, "<!doctype html>"), (Form::Markdown, "# "), (Form::Json, "{")] {
            let text = templates.write(&page, form).unwrap_or_else(|error| panic!("{path:?} {form:?}: {error}"));
            assert!(text.starts_with(begin), "{path:?} {form:?}: {text}");
        }
    }
}

#[test]
fn every_link_leads_to_a_page() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let files = export(&site, &templates).unwrap();
    let pages = files.keys().filter(|name| name.ends_with(".html")).count();
    assert!(pages > 100, "{pages}");
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in text.split(" href=\"").skip(1).filter_map(|rest| rest.split(['"', '#', '?']).next()) {
            let outside =
                link.contains(':') || link.is_empty() || link.ends_with("/upcast") || link.ends_with("search");
            let target = Path::new(name).parent().unwrap().join(link.replace("%25", "%"));
            let target = target.to_str().unwrap();
            let mut parts: Vec<&str> = Vec::new();
            for part in target.split('/') {
                match part {
                    ".." => parts.truncate(parts.len() - 1),
                    part => parts.push(part),
                }
            }
            assert!(outside || files.contains_key(&parts.join("/")), "{name} has a link to {link}");
        }
    }
}

#[test]
fn the_playground_shows_every_step_and_what_is_lost() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let told = |from: &str, to: &str, payload: &str| {
        let tried = Tried { from: from.into(), to: to.into(), payload: payload.into() };
        let ask = Ask { tried: Some(&tried), ..Ask::default() };
        let page = site.answer(&["w", "shop", "event", "ordering.OrderPlaced", "upcast"], &ask).unwrap();
        templates.write(&page, Form::Markdown).unwrap()
    };
    let old =
        r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":97.98,"currency":"EUR","discountAmount":2}"#;
    let up = told("v1.0", "v2.0", old);
    assert!(up.contains("## v1.0\n") && up.contains("## v2.0\n") && up.contains("\"subtotal\": 99.98"), "{up}");
    let down = r#"{"orderId":"order_1","customerId":"customer_1","items":[],"pricing":{"subtotal":1,"tax":0,"discount":0,"total":1}}"#;
    let down = told("v2.0", "v1.1", down);
    assert!(down.contains("\"currency\": \"USD\""), "{down}");
    let wrong = told("v1.0", "v2.0", r#"{"orderId":"order_1"}"#);
    assert!(wrong.contains("**not a payload of v1.0"), "{wrong}");
    assert!(told("v7", "v2.0", "{").contains("**A version is written as v1.0.**"));
}
