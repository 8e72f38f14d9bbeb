//! Every page of the shop is written in every form.

use super::{
    assets,
    export::export,
    news::News,
    packed::gzip,
    page::{Form, Templates},
    playground::Tried,
    site::{Ask, Shown, Site, parts},
};
use isobar_registry::{Workspace, push::join, store::Consumer};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

pub(super) fn site() -> Site {
    let open = |name: &str| {
        let workspace = Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name));
        Shown::new(name, Arc::new(workspace))
    };
    let (at, what) = ("2026-11-21T05:40:00Z".into(), "shop was pushed".into());
    Site {
        workspaces: vec![open("bank"), open("shop")],
        news: vec![News { at, what, href: None, count: 20, versions: Vec::new(), more: 20 }],
        ..Site::default()
    }
}

#[test]
fn every_page_is_written_in_every_form() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let ask = Ask { query: "field:orderid kind:event", ..Ask::default() };
    for path in [
        &[][..],
        &["search"],
        &["api"],
        &["waiting", "drafts"],
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

/// Also of consumers that only the registry knows, and that the workspace was not opened with.
#[test]
fn findings_are_those_of_the_check_on_that_day() {
    let mut files = Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/shop")).texts();
    let payment = files.get_mut("payment.storm.yaml").unwrap();
    *payment = payment.replace("PaymentProcessed:\n", "PaymentProcessed:\n        version: v2.0\n");
    let draft = "number: int\n        upgrade: { number: 0 }\n        removed: [transactionId]\n";
    *payment = payment.replace("transactionId: string\n", draft).replace("transactionId: fn", "number: fn");
    let mut workspace = Workspace::of_files(files, None);
    let consumer = Consumer {
        name: "ledger".into(),
        context: "payment".into(),
        message: "PaymentProcessed".into(),
        accepts: "v1.0".parse().unwrap(),
        owner: None,
        workspace: None,
    };
    join(&mut workspace, &[consumer]);
    let shown = Shown::new("shop", Arc::new(workspace));
    let on_a_day = shown.clone().on("2026-11-21".into());
    for (shown, codes) in [(shown, &[][..]), (on_a_day, &["breaks-consumer"])] {
        let site = Site { workspaces: vec![shown], ..Site::default() };
        let page = site.answer(&["w", "shop", "lint"], &Ask::default()).unwrap();
        let found = page.data["findings"].as_array().unwrap();
        assert_eq!(found.iter().map(|it| it["code"].as_str().unwrap()).collect::<Vec<_>>(), codes);
        let home = site.answer(&[], &Ask::default()).unwrap();
        assert_eq!(home.data["workspaces"][0]["errors"], codes.len());
    }
}

/// The style sheet, the script, the picture and the board of the shop, as they travel.
#[test]
fn the_whole_interface_is_small() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let board = site.answer(&["w", "shop"], &Ask::default()).unwrap();
    let board = templates.write(&board, Form::Html).unwrap();
    let texts = assets::ALL.iter().map(|it| it.body.as_str()).chain([board.as_str()]);
    let bytes: usize = texts.map(|text| gzip(text.as_bytes()).unwrap().len()).sum();
    assert!(bytes < 100_000, "{bytes} bytes");
}

/// Every part of a list is there once, with a way to the next one, and nothing is behind the last.
#[test]
fn long_lists_have_parts() {
    let events = (0..350).map(|at| format!("  E{at}: {{ fields: {{ id: string }} }}\n")).collect::<String>();
    let fields = (0..250).map(|at| format!("      f{at}: string\n")).collect::<String>();
    let text = format!("context: many\nevents:\n{events}  Wide:\n    fields:\n{fields}");
    let files = [("isobar.yaml", "workspace: many\n".to_owned()), ("many.storm.yaml", text)];
    let files = files.map(|(path, text)| (path.to_owned(), text));
    let workspace = Workspace::of_files(files.into(), None);
    assert!(!workspace.diagnostics.has_errors());
    let site = Site { workspaces: vec![Shown::new("many", Arc::new(workspace))], ..Site::default() };
    let templates = Templates::new().unwrap();
    let at = |number| Ask { query: "kind:event", number: Some(number), ..Ask::default() };
    for (path, list, parts, count) in [
        (&["w", "many", "messages"][..], "/parts/0/messages", 4, 351),
        (&["w", "many", "event", "many.Wide"], "/fields", 3, 250),
        (&["waiting", "ownerless"], "/links", 4, 351),
        (&["search"], "/hits", 8, 351),
    ] {
        let mut met = Vec::new();
        for part in 1..=parts {
            let page = site.answer(path, &at(part)).unwrap();
            let things = page.data.pointer(list).unwrap().as_array().unwrap();
            met.extend(
                things.iter().map(|it| it.pointer("/link/href").or(it.get("href")).unwrap_or(&it["path"]).to_string()),
            );
            let html = templates.write(&page, Form::Html).unwrap();
            let next = format!("page={}\"", part + 1);
            assert_eq!(html.contains(&next), part < parts, "{path:?} {part}: {html}");
            let json: serde_json::Value = serde_json::from_str(&templates.write(&page, Form::Json).unwrap()).unwrap();
            assert_eq!(
                (&json["listing"]["count"], &json["listing"]["pages"]),
                (&count.into(), &parts.into()),
                "{path:?}"
            );
        }
        met.sort();
        met.dedup();
        assert_eq!(met.len(), count, "{path:?}");
        assert!([0, parts + 1].iter().all(|part| site.answer(path, &at(*part)).is_none()), "{path:?}");
    }
    // A board of many notes has parts as well, of which each event is in one.
    let mut drawn = 0;
    for number in 1..=9 {
        let page =
            site.answer(&["w", "many", "board", "many"], &Ask { number: Some(number), ..Ask::default() }).unwrap();
        drawn += page.data["svg"].as_str().unwrap().matches("data-name=\"many.").count();
    }
    assert!(drawn >= 351 && drawn % 351 == 0, "{drawn}");
    let files = export(&site, &templates).unwrap();
    for name in [
        "w/many/board/many.page-9.html",
        "w/many/board/many.page-9.svg",
        "w/many/messages.page-4.html",
        "waiting/wordless.page-2.html",
        "w/many/event/many.Wide.page-3.html",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    assert!(files["w/many/messages.html"].contains("href=\"../../w/many/messages.page-2.html\""));
}

/// However old a release is, links lead to it.
#[test]
fn every_release_is_reached() {
    let frozen = |version: usize| {
        let text = format!("event: many.Told\nversion: v1.{version}\nfields: {{ id: string }}\n");
        (format!("history/many/Told/v1.{version}.yaml"), text)
    };
    let storm = "context: many\nevents: { Told: { fields: { id: string } } }\n".to_owned();
    let files = [("isobar.yaml".to_owned(), "workspace: many\n".to_owned()), ("many.storm.yaml".to_owned(), storm)];
    let workspace = Workspace::of_files(files.into_iter().chain((0..70).map(frozen)).collect(), None);
    let site = Site { workspaces: vec![Shown::new("many", Arc::new(workspace))], ..Site::default() };
    let files = export(&site, &Templates::new().unwrap()).unwrap();
    for release in 1..=70 {
        assert!(files.contains_key(&format!("w/many/board/release/{release}.html")), "{release}");
    }
    let stops = |file: &str| -> Vec<String> {
        files[file].split(" data-stop href=\"").skip(1).map(|it| it.split('"').next().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (stops("w/many.html").len(), stops("w/many.html")[0].as_str()),
        (61, "../w/many/board/release/11.html"),
        "the newest, and now"
    );
    // The slider goes on from where one is.
    let near = stops("w/many/board/release/11.html");
    assert_eq!((near.len(), near[0].as_str()), (61, "../../../../w/many/board/release/1.html"));
    let all = &files["w/many/releases.html"];
    assert!(all.find(">70th<").unwrap() < all.find(">1st<").unwrap(), "the newest first");
}

#[test]
fn every_link_and_every_fragment_leads_somewhere() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let files = export(&site, &templates).unwrap();
    let pages = files.keys().filter(|name| name.ends_with(".html")).count();
    assert!(pages > 100, "{pages}");
    for board in ["w/shop/board.svg", "w/shop/board/ordering.svg", "w/shop/board/release/2.svg"] {
        let text = files.get(board).map(String::as_str).unwrap_or_default();
        assert!(text.starts_with("<svg") && text.contains("<style>"), "{board}: {text:.80}");
    }
    assert!(files.contains_key("w/shop/board/release/2.html"));
    let mut places = BTreeMap::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        let ids: Vec<String> = values(text, "id").collect();
        let all: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(all.len(), ids.len(), "{name} names a place twice");
        places.insert(name.as_str(), all);
    }
    let mut fragments = 0;
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in values(text, "href").chain(values(text, "src")).filter(|link| !link.contains(':')) {
            let (whole, fragment) = link.split_once('#').map_or((&*link, None), |(link, at)| (link, Some(at)));
            let path = whole.split('?').next().unwrap();
            let target = if path.is_empty() { name.clone() } else { beside(name, &path.replace("%25", "%")) };
            assert!(files.contains_key(&target), "{name} has a link to {link}");
            if let Some(fragment) = fragment {
                let fragment = parts(fragment).join("/");
                assert!(places[target.as_str()].contains(&fragment), "{name} has a link to {link}, where nothing is");
                fragments += 1;
            }
        }
    }
    assert!(fragments > 300, "{fragments}");
}

/// The values of an attribute, as they are meant.
fn values(html: &str, attribute: &str) -> impl Iterator<Item = String> {
    let begin = format!(" {attribute}=\"");
    let all: Vec<&str> = html.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect();
    all.into_iter().map(|it| it.replace("&#x2F;", "/").replace("&amp;", "&"))
}

/// The file that a path leads to from another one.
fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{path} leads out of all"),
            part => parts.push(part),
        }
    }
    parts.join("/")
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
