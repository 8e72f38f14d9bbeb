//! The pages that people look at. An address means a page (`site`), a page is data and a template (`page`), and templates are written
//! as HTML, Markdown or JSON. Only the routes in this file touch the store; everything else works on values.

mod assets;
mod board;
mod board_page;
mod catalogue;
#[cfg(test)]
mod crowd_tests;
mod diff;
mod drawing;
mod elements;
mod export;
mod fields;
mod home;
mod impact_page;
mod lineage;
mod lines;
mod lint;
mod listing;
mod markdown;
mod masked;
mod message;
mod news;
#[cfg(test)]
mod notation_tests;
mod packed;
mod page;
mod playground;
mod reference;
mod releases;
mod routes;
mod search;
mod site;
#[cfg(test)]
mod snapshot_tests;
mod subject;
#[cfg(test)]
mod subject_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod theme_tests;
mod verdict;
mod versions;
#[cfg(test)]
mod versions_tests;
mod watch;
mod ways;

#[cfg(test)]
pub(crate) use reference::tests::requests;
pub(crate) use routes::{Known, date, failed, known, routes};
pub use site::Prepared;
pub(crate) use watch::Watch;

use isobar_registry::Workspace;
use std::{collections::BTreeMap, sync::Arc};

/// The pages of workspaces as files that need no server: path to text. The first one is `index.html`.
///
/// # Errors
/// A page that cannot be written, which is a fault of this program.
pub fn static_pages(workspaces: impl IntoIterator<Item = Arc<Workspace>>) -> Result<BTreeMap<String, String>, String> {
    let shown = workspaces.into_iter().map(|it| site::Shown::new(it.model.name.clone(), it));
    let site = site::Site { workspaces: shown.collect(), ..site::Site::default() };
    let templates = page::Templates::new().map_err(|error| error.to_string())?;
    export::export(&site, &templates)
}
