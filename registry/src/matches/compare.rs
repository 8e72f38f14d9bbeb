//! Two schemas, walked side by side.

use super::{
    Difference,
    normal::{KEYWORDS, Normal, Place},
};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Where the schema of a type differs from the one that was released.
pub(super) fn compare(released: &Value, of_type: &Value) -> Vec<Difference> {
    let mut walk = Walk { differences: Vec::new(), seen: HashSet::new() };
    walk.compare(Place { schema: released, root: released }, Place { schema: of_type, root: of_type }, "");
    walk.differences.sort();
    walk.differences
}

struct Walk {
    differences: Vec<Difference>,
    /// Pairs of definitions that were compared already, which is what ends recursion.
    seen: HashSet<(Vec<String>, Vec<String>)>,
}

impl Walk {
    fn compare(&mut self, released: Place<'_>, of_type: Place<'_>, path: &str) {
        let (a, b) = (Normal::of(released), Normal::of(of_type));
        let named = !a.followed.is_empty() && !b.followed.is_empty();
        let first = !named || self.seen.insert((a.followed.clone(), b.followed.clone()));
        if a.nullable != b.nullable {
            let message = match a.nullable {
                true => "may be absent in the schema, and not in the type",
                false => "may be absent in the type, and not in the schema",
            };
            self.say(path, message);
        }
        self.keyword(path, "default", a.default.as_ref(), b.default.as_ref());
        if !first {
            return;
        }
        if a.keywords.get("type") != b.keywords.get("type") {
            // Nothing else can be equal then.
            return self.keyword(path, "type", a.keywords.get("type"), b.keywords.get("type"));
        }
        for key in KEYWORDS.into_iter().chain(["allOf"]) {
            self.keyword(path, key, a.keywords.get(key), b.keywords.get(key));
        }
        self.members(&a, &b, (released, of_type), path);
        for (one, other, suffix) in [(&a.items, &b.items, "[]"), (&a.entries, &b.entries, "{}")] {
            if let (Some(one), Some(other)) = (one, other) {
                let (one, other) = (Place { schema: one, ..released }, Place { schema: other, ..of_type });
                self.compare(one, other, &format!("{path}{suffix}"));
            }
        }
        self.branches(&a, &b, (released, of_type), path);
    }

    fn members(&mut self, a: &Normal, b: &Normal, places: (Place<'_>, Place<'_>), path: &str) {
        let within = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let keys: BTreeSet<&String> = a.properties.keys().chain(b.properties.keys()).collect();
        for key in keys {
            let path = within(key);
            match (a.properties.get(key), b.properties.get(key)) {
                (Some(one), Some(other)) => {
                    match (a.required.contains(key), b.required.contains(key)) {
                        (true, false) => self.say(&path, "is required in the schema, and not in the type"),
                        (false, true) => self.say(&path, "is required in the type, and not in the schema"),
                        _ => {}
                    }
                    let (one, other) = (Place { schema: one, ..places.0 }, Place { schema: other, ..places.1 });
                    self.compare(one, other, &path);
                }
                (Some(_), None) => self.say(&path, "is in the schema, and not in the type"),
                _ => self.say(&path, "is in the type, and not in the schema"),
            }
        }
    }

    fn branches(&mut self, a: &Normal, b: &Normal, places: (Place<'_>, Place<'_>), path: &str) {
        let find = |normal: &'_ Normal, name: &str| {
            normal.branches.iter().find(|(other, _)| other == name).map(|(_, schema)| schema.clone())
        };
        let names: BTreeSet<&String> = a.branches.iter().chain(&b.branches).map(|(name, _)| name).collect();
        for name in names {
            match (find(a, name), find(b, name)) {
                (Some(one), Some(other)) => {
                    let (one, other) = (Place { schema: &one, ..places.0 }, Place { schema: &other, ..places.1 });
                    self.compare(one, other, &format!("{path}({name})"));
                }
                (Some(_), None) => self.say(path, &format!("the branch {name} is in the schema, and not in the type")),
                _ => self.say(path, &format!("the branch {name} is in the type, and not in the schema")),
            }
        }
    }

    fn keyword(&mut self, path: &str, key: &str, released: Option<&Value>, of_type: Option<&Value>) {
        let message = match (released, of_type) {
            (Some(a), Some(b)) if !equal(a, b) => format!("`{key}` is {a} in the schema, and {b} in the type"),
            (Some(a), None) => format!("`{key}` is {a} in the schema, and the type has none"),
            (None, Some(b)) => format!("`{key}` is {b} in the type, and the schema has none"),
            _ => return,
        };
        self.say(path, &message);
    }

    fn say(&mut self, path: &str, message: &str) {
        self.differences.push(Difference { path: path.to_owned(), message: message.to_owned() });
    }
}

/// Numbers are equal by value, and lists of texts in any order.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i128(), b.as_i128()) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().all(|item| b.iter().any(|other| equal(item, other)))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}
