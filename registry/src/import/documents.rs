//! Every schema that a `$ref` may lead to, by address. Nothing is ever fetched: what is not here is not found.

use super::{
    Note,
    order::{Order, escaped},
};
use crate::compat::json_schema::unescaped;
use serde_json::Value;
use std::collections::BTreeMap;

/// Schemas by their path and by their `$id`.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    by_address: BTreeMap<String, (String, Value)>,
    /// By file.
    orders: BTreeMap<String, Order>,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The file it is in.
    pub(super) file: String,
    /// The address that relative references start from.
    pub(super) base: String,
    /// A JSON pointer.
    pub(super) pointer: String,
}

impl Place {
    /// The root of a document in a file.
    pub(super) fn root(file: &str, schema: &Value) -> Place {
        Place { file: file.to_owned(), base: id(schema).unwrap_or(file).to_owned(), pointer: String::new() }
    }

    /// A place below.
    pub(super) fn below(&self, steps: &[&str]) -> Place {
        let mut place = self.clone();
        for step in steps {
            place.pointer.push('/');
            place.pointer.push_str(&escaped(step));
        }
        place
    }

    /// A note about what is here.
    pub(super) fn note(&self, text: impl Into<String>) -> Note {
        Note { file: self.file.clone(), pointer: self.pointer.clone(), text: text.into() }
    }
}

impl Documents {
    /// Adds the document of a file, under its path and its `$id`.
    pub fn add(&mut self, file: &str, schema: &Value) {
        self.by_address.insert(file.to_owned(), (file.to_owned(), schema.clone()));
        if let Some(id) = id(schema) {
            self.by_address.insert(id.trim_end_matches('#').to_owned(), (file.to_owned(), schema.clone()));
        }
    }

    /// Keeps in which order a file declares members.
    pub(super) fn keep_order(&mut self, file: &str, order: Order) {
        self.orders.insert(file.to_owned(), order);
    }

    /// The names that the schema at a place declares, as its file has them.
    pub(super) fn order(&self, place: &Place) -> &[String] {
        self.orders.get(&place.file).and_then(|order| order.get(&place.pointer)).map_or(&[], Vec::as_slice)
    }

    /// What `reference` at `from` in `root` leads to.
    pub(super) fn find<'a>(&'a self, reference: &str, from: &Place, root: &'a Value) -> Option<(Place, &'a Value)> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let (place, document) = if address.is_empty() {
            (Place { pointer: String::new(), ..from.clone() }, root)
        } else {
            let address = join(&from.base, address);
            let (file, document) =
                ["", ".json"].iter().find_map(|ending| self.by_address.get(&format!("{address}{ending}")))?;
            (Place { file: file.clone(), base: address, pointer: String::new() }, document)
        };
        if fragment.is_empty() {
            return Some((place, document));
        }
        let pointer = unescaped(fragment)?.into_owned();
        let found = document.pointer(&pointer)?;
        Some((Place { pointer, ..place }, found))
    }

    /// The document that a place is in.
    pub(super) fn root<'a>(&'a self, place: &Place) -> Option<&'a Value> {
        self.by_address.get(&place.file).map(|(_, document)| document)
    }
}

fn id(schema: &Value) -> Option<&str> {
    schema.get("$id").or_else(|| schema.get("id"))?.as_str()
}

/// A relative address from where it is written. Both may be paths of files.
fn join(base: &str, address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    let (origin, path) = match base.find("://") {
        Some(at) => base.split_at(base[at + 3..].find('/').map_or(base.len(), |slash| at + 3 + slash)),
        None => ("", base),
    };
    let mut steps: Vec<&str> = if address.starts_with('/') { Vec::new() } else { path.split('/').collect() };
    steps.pop();
    for step in address.split('/') {
        match step {
            "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    format!("{origin}{}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references_start_where_they_are_written() {
        assert_eq!(join("https://a.example/1/schema/x", "links/y"), "https://a.example/1/schema/links/y");
        assert_eq!(join("https://a.example/1/schema/x", "../y"), "https://a.example/1/y");
        assert_eq!(join("https://a.example", "/y"), "https://a.example/y");
        assert_eq!(join("v1/a.json", "b.json"), "v1/b.json");
        assert_eq!(join("v1/a.json", "https://b.example/c"), "https://b.example/c");
    }
}
