//! What people write in `doc` is Markdown. It becomes HTML without any of its own HTML, and without links that do more than lead
//! somewhere.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html::push_html};

/// Markdown as HTML. Raw HTML in it is shown as text.
pub(crate) fn html(text: &str) -> String {
    let events =
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).map(|event| match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: safe(dest_url), title, id })
            }
            // A picture would be fetched from somewhere.
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Link { link_type, dest_url: safe(dest_url), title, id })
            }
            Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Link),
            other => other,
        });
    let mut out = String::new();
    push_html(&mut out, events);
    out
}

/// An address that only leads somewhere; nowhere otherwise.
fn safe(address: CowStr<'_>) -> CowStr<'_> {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https" | "mailto") => address,
        // `//host` leads elsewhere as well, which is harmless; a colon may also stand in a path.
        None => address,
        Some(scheme) if scheme.contains(['/', '?', '#']) => address,
        Some(_) => CowStr::Borrowed("#"),
    }
}

/// Text as Markdown code, whatever it contains.
pub(crate) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let text = text.replace(['\n', '\r'], " ");
    if longest == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_markdown_runs() {
        for (text, expected) in [
            ("**fine** `a<b`", "<p><strong>fine</strong> <code>a&lt;b</code></p>\n"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"),
            ("[x](javascript:alert(1))", "<p><a href=\"#\">x</a></p>\n"),
            ("[x](JaVaScRiPt:alert(1))", "<p><a href=\"#\">x</a></p>\n"),
            ("[x](data:text/html,x)", "<p><a href=\"#\">x</a></p>\n"),
            ("![x](http://evil/x.png)", "<p><a href=\"http://evil/x.png\">x</a></p>\n"),
            ("[x](/a:b)", "<p><a href=\"/a:b\">x</a></p>\n"),
            ("<javascript:alert(1)>", "<p><a href=\"#\">javascript:alert(1)</a></p>\n"),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
