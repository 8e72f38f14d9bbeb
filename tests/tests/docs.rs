//! The pages of `docs/` that show code show what is: the example of `docs/generated.md` is generated here.
//!
//! `UPDATE_EXPECT=1 cargo test -p isobar-tests --test docs` writes the page anew; read what changed.

use isobar_registry::Workspace;
use std::{env, fs, path::Path};

/// Replaces what stands in the first code block of a language.
fn with_block(page: &str, language: &str, text: &str) -> String {
    let fence = format!("```{language}\n");
    let start = page.find(&fence).expect("the page has such a block") + fence.len();
    // At the beginning of a line: documentation in the code has blocks of its own.
    let end = start + page[start..].find("\n```").expect("the block is closed") + 1;
    format!("{}{}\n{}", &page[..start], text.trim_end(), &page[end..])
}

#[test]
fn the_example_is_what_is_generated() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace").join("docs");
    let example = docs.join("example");
    let workspace = Workspace::open(&example);
    assert!(workspace.diagnostics.is_empty(), "the example is clean");
    let rust =
        isobar_generator::rust(&workspace).expect("it is without errors").remove("shop.rs").expect("one context");
    let storm = fs::read_to_string(example.join("shop.storm.yaml")).expect("it is there");
    let page = docs.join("generated.md");
    let there = fs::read_to_string(&page).expect("it is there");
    let right = with_block(&with_block(&there, "yaml", &storm), "rust", &rust);
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&page, &right).expect("it can be written");
    }
    assert!(there == right || env::var_os("UPDATE_EXPECT").is_some(), "docs/generated.md shows something else");
}
