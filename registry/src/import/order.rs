//! The order in which a document declares members, which a `serde_json::Value` forgets: that it need not is a feature of the whole
//! build. Only names are read here; what they mean is read elsewhere.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::{collections::BTreeMap, fmt};

/// The names under the `properties` of every schema, as they are written, by the schema's JSON pointer.
pub(super) type Order = BTreeMap<String, Vec<String>>;

/// The order in a text that is JSON; of one that is not, none.
pub(super) fn of(text: &str) -> Order {
    let (mut at, mut found) = (String::new(), Order::new());
    let walk = Walk { at: &mut at, found: &mut found };
    match walk.deserialize(&mut serde_json::Deserializer::from_str(text)) {
        Ok(()) => found,
        Err(_) => Order::new(),
    }
}

/// A step as a part of a JSON pointer.
pub(super) fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

struct Walk<'a> {
    /// The pointer of the value that comes next.
    at: &'a mut String,
    found: &'a mut Order,
}

impl Walk<'_> {
    /// What reads the value below, and afterwards the length that the pointer had.
    fn below(&mut self, step: &str) -> (Walk<'_>, usize) {
        let length = self.at.len();
        self.at.push('/');
        self.at.push_str(step);
        (Walk { at: self.at, found: self.found }, length)
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut names = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let (walk, length) = self.below(&escaped(&name));
            map.next_value_seed(walk)?;
            self.at.truncate(length);
            names.push(name);
        }
        if let Some(schema) = self.at.strip_suffix("/properties") {
            self.found.insert(schema.to_owned(), names);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        for index in 0.. {
            let (walk, length) = self.below(&format!("{index}"));
            let item = items.next_element_seed(walk)?;
            self.at.truncate(length);
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_they_are_declared() {
        let text = r#"{ "properties": { "z": { "properties": { "y": 1, "x": 2.5 } }, "a/b": { "items": [null, { "properties": { "c": true } }] } },
            "required": ["z"] }"#;
        let found: Vec<String> = of(text).iter().map(|(at, names)| format!("{at}: {}", names.join(" "))).collect();
        assert_eq!(found, [": z a/b", "/properties/a~1b/items/1: c", "/properties/z: y x"]);
        assert!(of(r#"{ "properties": { "a": 1 }"#).is_empty(), "what is no JSON has no order");
    }
}
