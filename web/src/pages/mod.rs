//! The pages that people look at. An address means a page (`site`), a page is data and a template (`page`), and templates are written
//! as HTML, Markdown or JSON. Only the routes in this file touch the store; everything else works on values.

mod assets;
mod board;
mod board_page;
mod catalogue;
mod diff;
mod elements;
mod export;
mod fields;
mod home;
mod impact_page;
mod lineage;
mod lint;
mod markdown;
mod message;
mod page;
mod playground;
mod search;
mod site;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod theme_tests;
mod versions;
