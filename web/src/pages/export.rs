//! The pages as static files. Every page that a link leads to is written, beginning with the first; links become relative, so that the
//! files can be looked at from anywhere, also from a disk. What needs a server (searching, trying payloads) is left out of them.

use super::{
    assets,
    page::{Form, Page, Templates},
    site::{Ask, Site, parts},
};
use std::collections::{BTreeMap, BTreeSet};

/// The files: path to text.
pub(crate) type Files = BTreeMap<String, String>;

/// Every page of a site as a file.
///
/// # Errors
/// The address of a page that a link leads to and that is not there, or a template that cannot be written: faults of this program.
pub(crate) fn export(site: &Site, templates: &Templates) -> Result<Files, String> {
    let mut files: Files = assets::ALL.iter().map(|it| (format!("assets/{}", it.name), it.body.clone())).collect();
    files.insert("api/v1/openapi.json".into(), format!("{:#}\n", crate::api::document()));
    let (mut known, mut todo) = (BTreeSet::from(["/".to_owned()]), vec!["/".to_owned()]);
    while let Some(address) = todo.pop() {
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let (path, form) = Form::of(path);
        let number = query.strip_prefix("page=").and_then(|number| number.parse().ok());
        let (parts, ask) = (parts(path), Ask { number, alone: form == Form::Svg, ..Ask::default() });
        let page = site.answer(&parts.iter().map(String::as_str).collect::<Vec<_>>(), &ask);
        let page = page.filter(|page| page.has(form)).map(|page| Page { still: true, ..page });
        let page = page.ok_or_else(|| format!("a link leads to `{address}`, which is no page"))?;
        let html = templates.write(&page, form).map_err(|error| format!("`{address}`: {error}"))?;
        if form != Form::Html {
            files.insert(file(&address), html);
            continue;
        }
        for link in links(&html) {
            let link = own(link).to_owned();
            if is_page(&link) && known.insert(link.clone()) {
                todo.push(link);
            }
        }
        files.insert(file(&address), relative(&html, &address));
    }
    Ok(files)
}

/// Whether an address is a page of ours that can be a file.
fn is_page(address: &str) -> bool {
    address.starts_with('/') && !["/assets/", "/api/"].iter().any(|begin| address.starts_with(begin))
}

/// What of a link is the address of a page by itself: of all that stands behind one, only the part of a list makes another.
fn own(link: &str) -> &str {
    let behind = link.find(['?', '#']).unwrap_or(link.len());
    let end = match link[behind..].strip_prefix("?page=") {
        Some(rest) => link.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len(),
        None => behind,
    };
    &link[..end]
}

/// What links lead to.
fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

/// The file of an address.
fn file(address: &str) -> String {
    match address.trim_matches('/').split_once("?page=") {
        Some((address, page)) => {
            let (address, form) = Form::of(address);
            format!("{address}.page-{page}{}", if form == Form::Html { ".html" } else { form.ending() })
        }
        None if address == "/" => "index.html".into(),
        None if Form::of(address).1 != Form::Html => address.trim_matches('/').to_owned(),
        None => format!("{}.html", address.trim_matches('/')),
    }
}

/// The page with links that are relative to its file.
fn relative(html: &str, address: &str) -> String {
    let deep = file(address).matches('/').count();
    let up = "../".repeat(deep);
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("=\"/") {
        let end = at + 3 + rest[at + 3..].find('"').unwrap_or(0);
        let whole = &rest[at + 2..end];
        let (path, behind) = whole.split_at(own(whole).len());
        let path = if is_page(path) { file(path) } else { path.trim_start_matches('/').to_owned() };
        out.push_str(&rest[..at + 2]);
        // A name such as `%2F` is one in the address and part of the file's name, so that it is written twice over.
        out.push_str(&format!("{up}{}", path.replace('%', "%25")));
        out.push_str(behind);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_their_file() {
        let html = r##"<a href="/w/a/event/b%20c#f">x</a><link href="/assets/style.css"><a href="https://x.org/">y</a><a href="/">z</a><a href="/w/a/messages?page=2#c">n</a>"##;
        assert_eq!(
            relative(html, "/w/a/lint"),
            r##"<a href="../../w/a/event/b%2520c.html#f">x</a><link href="../../assets/style.css"><a href="https://x.org/">y</a><a href="../../index.html">z</a><a href="../../w/a/messages.page-2.html#c">n</a>"##
        );
    }
}
