//! The table of requests in `docs/registry.md` has what the OpenAPI document has, no more and no less.

use super::*;
use std::{collections::BTreeSet, fs};

#[tokio::test]
async fn the_table_of_requests_is_the_document() {
    let server = Server::with(Access::default()).await;
    let document = server.get("/api/v1/openapi.json").await.json();
    let mut there = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            there.insert(format!("{} {}", method.to_uppercase(), path.strip_prefix("/api/v1/").unwrap()));
        }
    }
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/registry.md")).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with("The API\n")).unwrap();
    let mut told = BTreeSet::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let requests = row.strip_prefix('|').unwrap().split(" | ").next().unwrap();
        // Between backticks, methods with `\\|` between them and a path, perhaps with what stands behind a `?`.
        for request in requests.split('`').skip(1).step_by(2) {
            let (methods, path) = request.split_once(' ').unwrap_or_else(|| panic!("{request} has no method"));
            let path = path.split('?').next().unwrap();
            for method in methods.split("\\|") {
                assert!(told.insert(format!("{method} {path}")), "{method} {path} stands there twice");
            }
        }
    }
    assert!(there.len() > 30, "{there:?}");
    assert_eq!(told, there);
}
