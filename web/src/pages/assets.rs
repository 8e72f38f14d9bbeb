//! What pages load: a style sheet and a script of our own, each under an address that changes with its content, so that browsers keep it.

use std::sync::LazyLock;

/// A file that pages load.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

/// Every one of them.
pub(crate) static ALL: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset {
            name: "style.css",
            kind: "text/css; charset=utf-8",
            body: [include_str!("assets/theme.css"), include_str!("assets/page.css"), include_str!("assets/board.css")]
                .concat(),
        },
        Asset { name: "page.js", kind: "text/javascript; charset=utf-8", body: include_str!("assets/page.js").into() },
        Asset { name: "icon.svg", kind: "image/svg+xml", body: include_str!("assets/icon.svg").into() },
    ]
});

pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}
