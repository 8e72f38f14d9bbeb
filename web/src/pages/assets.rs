//! What pages load: a style sheet, scripts and a picture of our own, each under a name that changes with its content, so that browsers
//! keep them.

use super::board::STYLE;
use std::sync::LazyLock;

/// A file that pages load.
#[derive(Debug)]
pub(crate) struct Asset {
    /// What templates call it.
    pub(crate) id: &'static str,
    /// Its name: `style-1f2e3d4c.css`.
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

/// Every one of them.
pub(crate) static ALL: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    let style = [
        include_str!("assets/theme.css"),
        include_str!("assets/page.css"),
        include_str!("assets/board.css"),
        include_str!("assets/drawing.css"),
        include_str!("assets/reference.css"),
        include_str!("assets/watch.css"),
    ];
    [
        asset("style", "css", "text/css; charset=utf-8", style.concat()),
        asset("script", "js", "text/javascript; charset=utf-8", script(include_str!("assets/page.js"))),
        asset("watch", "js", "text/javascript; charset=utf-8", script(include_str!("assets/watch.js"))),
        asset("board", "js", "text/javascript; charset=utf-8", board()),
        asset("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg").into()),
    ]
});

/// A script whose names are its own. It is no module, since browsers load none of those from a disk.
fn script(text: &str) -> String {
    format!("\"use strict\";\n{{\n{text}}}\n")
}

/// The script of the board. Opened from a disk it can read no other file, so that it has the style of a drawing that stands alone in it.
fn board() -> String {
    script(&format!("const style = {};\n{}", serde_json::Value::from(STYLE.as_str()), include_str!("assets/board.js")))
}

fn asset(id: &'static str, ending: &str, kind: &'static str, body: String) -> Asset {
    let hash = hmac_sha256::Hash::hash(body.as_bytes());
    let start: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Asset { id, name: format!("{id}-{start}.{ending}"), kind, body }
}

pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}
