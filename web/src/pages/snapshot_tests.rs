//! A page of each kind, as it stands in the HTML: what is a heading, a list or a link, under which class, and in which order. Drawings and
//! code are left out, which have tests of their own.
//!
//! `INSTA_UPDATE=always cargo test -p isobar-web snapshot` writes what is now; read what changed.

use super::{page::Form, page::Templates, site::Ask, tests::site};

/// A page, and the name of what is kept of it.
const PAGES: [(&str, &[&str]); 22] = [
    ("home", &[]),
    ("api", &["api"]),
    ("search", &["search"]),
    ("board", &["w", "shop"]),
    ("messages", &["w", "shop", "messages"]),
    ("impact", &["w", "shop", "impact"]),
    ("lint", &["w", "shop", "lint"]),
    ("settings", &["w", "shop", "settings"]),
    ("event", &["w", "shop", "event", "ordering.OrderPlaced"]),
    ("versions", &["w", "shop", "event", "ordering.OrderPlaced", "versions"]),
    ("diff", &["w", "shop", "event", "ordering.OrderPlaced", "diff", "v1.1...v2.0"]),
    ("upcast", &["w", "shop", "event", "ordering.OrderPlaced", "upcast"]),
    ("field", &["w", "shop", "event", "ordering.OrderPlaced", "field", "pricing.total"]),
    ("command", &["w", "shop", "command", "ordering.PlaceOrder"]),
    ("aggregate", &["w", "shop", "aggregate", "ordering.Order"]),
    ("policy", &["w", "shop", "policy", "ordering.CancelWhenFailed"]),
    ("saga", &["w", "shop", "saga", "ordering.OrderProcessing"]),
    ("read-model", &["w", "shop", "read-model", "ordering.OrderSummary"]),
    ("context", &["w", "shop", "context", "ordering"]),
    ("topic", &["w", "shop", "topic", "orders"]),
    ("consumer", &["w", "shop", "consumer", "analytics-service"]),
    ("team", &["w", "shop", "team", "team-checkout"]),
];
/// What begins a line.
const BLOCKS: [&str; 21] = [
    "main", "section", "article", "nav", "div", "aside", "h1", "h2", "h3", "p", "ul", "li", "dl", "table", "thead",
    "tbody", "tr", "details", "summary", "form", "pre",
];
/// What is left out but for its beginning.
const LEFT_OUT: [&str; 3] = ["svg", "pre", "textarea"];
/// How many lines of a page are kept: those after look like those before.
const MOST: usize = 90;

/// A tag as `name.class#id(href)`, with whatever else says what it is.
fn told(tag: &str) -> String {
    let name = tag.split([' ', '\n']).next().unwrap();
    let value = |name: &str| tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
    let mut told = name.to_owned();
    told.extend(value("class").into_iter().flat_map(str::split_whitespace).map(|class| format!(".{class}")));
    told.extend(value("id").map(|id| format!("#{id}")));
    told.extend(
        ["href", "action", "aria-label"].iter().filter_map(|name| value(name)).map(|value| format!("({value})")),
    );
    let flags = [" hidden", " open", " aria-current"].iter().filter(|flag| tag.contains(**flag));
    told.extend(flags.map(|flag| format!("!{}", flag.trim())));
    told
}

/// The main part of a page, a line for each block.
fn outline(html: &str) -> String {
    let main = &html[html.find("<main").unwrap()..html.find("</main>").unwrap()];
    let (mut lines, mut depth, mut until) = (Vec::<String>::new(), 0_usize, None);
    for piece in main.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        if until.is_some_and(|end: &str| tag.strip_prefix('/') != Some(end)) {
            continue;
        }
        until = LEFT_OUT.into_iter().find(|it| *it == name && !tag.starts_with('/'));
        let block = BLOCKS.contains(&name);
        if tag.starts_with('/') {
            depth -= usize::from(block);
        } else {
            if block {
                lines.push("  ".repeat(depth));
            } else {
                lines.last_mut().unwrap().push(' ');
            }
            lines.last_mut().unwrap().push_str(&told(tag));
            depth += usize::from(block);
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if until.is_none() && !text.is_empty() {
            let line = lines.last_mut().unwrap();
            line.push(' ');
            line.push_str(&text);
        }
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    lines.join("\n")
}

#[test]
fn a_page_of_each_kind() {
    let (site, templates) = (site(), Templates::new().unwrap());
    let ask = Ask { query: "field:orderid kind:event", ..Ask::default() };
    for (name, path) in PAGES {
        let html = templates.write(&site.answer(path, &ask).unwrap(), Form::Html).unwrap();
        insta::assert_snapshot!(format!("page_{name}"), outline(&html));
    }
}
