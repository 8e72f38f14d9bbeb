//! JSON values, each held once: equal values have one id, so that comparing them, and sets of them, cost nothing. Numbers are
//! equal by value (`1` and `1.0`), members of objects in any order. Names of members and texts are held the same way.

use super::{
    number::Number,
    table::{self, Table},
};
use std::sync::Arc;

/// The name of a member of objects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(u32);

/// A value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ValueId(u32);

/// What a value is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A number that is too large for [`Number`], as its text: it is equal to itself, and no more is known of it.
    Huge(Arc<str>),
    /// A text.
    Text(Name),
    /// An array.
    Array(Arc<[ValueId]>),
    /// An object, sorted by [`Name`].
    Object(Arc<[(Name, ValueId)]>),
}

/// Values within a value that is written out, at most.
const LARGEST: usize = 50_000;

/// All values and names of one question.
#[derive(Default, Debug)]
pub struct Values {
    values: Vec<Value>,
    ids: Table,
    /// All texts, one behind the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
    names: Table,
}

impl Values {
    /// The name of a text.
    pub fn name(&mut self, text: &str) -> Name {
        let hash = table::hash(text);
        if let Some(name) = self.names.find(hash, |name| self.text(Name(name)) == text) {
            return Name(name);
        }
        let name = self.ends.len() as u32;
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        self.names.insert(hash, name);
        Name(name)
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        let at = name.0 as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.texts[start..self.ends[at]]
    }

    /// The id of a value.
    pub fn add(&mut self, value: Value) -> ValueId {
        let hash = table::hash(&value);
        if let Some(id) = self.ids.find(hash, |id| self.values[id as usize] == value) {
            return ValueId(id);
        }
        let id = self.values.len() as u32;
        self.values.push(value);
        self.ids.insert(hash, id);
        ValueId(id)
    }

    /// The value of an id.
    pub fn get(&self, id: ValueId) -> &Value {
        &self.values[id.0 as usize]
    }

    /// A text as a value.
    pub fn add_text(&mut self, text: &str) -> ValueId {
        let name = self.name(text);
        self.add(Value::Text(name))
    }

    /// An object; of members with one name, the last one counts.
    pub fn add_object(&mut self, members: impl IntoIterator<Item = (Name, ValueId)>) -> ValueId {
        let sorted: std::collections::BTreeMap<Name, ValueId> = members.into_iter().collect();
        self.add(Value::Object(sorted.into_iter().collect()))
    }

    /// A JSON value. It is as deep as `serde_json` reads at most.
    pub fn from_json(&mut self, json: &serde_json::Value) -> ValueId {
        use serde_json::Value as Json;
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Number(number) => match Number::from_json(number) {
                Some(number) => Value::Number(number),
                None => Value::Huge(number.to_string().into()),
            },
            Json::String(text) => Value::Text(self.name(text)),
            Json::Array(items) => Value::Array(items.iter().map(|item| self.from_json(item)).collect()),
            Json::Object(members) => {
                let members: Vec<_> =
                    members.iter().map(|(name, value)| (self.name(name), self.from_json(value))).collect();
                return self.add_object(members);
            }
        };
        self.add(value)
    }

    /// As `serde_json` holds it, members sorted by their text; `None` if a number cannot be held there, or if it is too large: a
    /// value that holds another one twice is small here, and doubles there.
    pub fn to_json(&self, id: ValueId) -> Option<serde_json::Value> {
        self.written_out(id, &mut { LARGEST })
    }

    fn written_out(&self, id: ValueId, room: &mut usize) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        *room = room.checked_sub(1)?;
        Some(match self.get(id) {
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Number(number) => Json::Number(number.to_json()?),
            Value::Huge(text) => serde_json::from_str(text).ok()?,
            Value::Text(name) => Json::String(self.text(*name).to_string()),
            Value::Array(items) => {
                Json::Array(items.iter().map(|item| self.written_out(*item, room)).collect::<Option<_>>()?)
            }
            Value::Object(members) => {
                let mut sorted: Vec<(&str, ValueId)> =
                    members.iter().map(|(name, value)| (self.text(*name), *value)).collect();
                sorted.sort();
                let members = sorted.into_iter();
                let members = members.map(|(name, value)| Some((name.to_string(), self.written_out(value, room)?)));
                Json::Object(members.collect::<Option<_>>()?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_values_are_one() {
        let mut values = Values::default();
        let a = values.from_json(&json!({"a": [1, 2.5], "b": null}));
        let b = values.from_json(&serde_json::from_str(r#"{"b": null, "a": [1.0, 25e-1]}"#).unwrap());
        assert_eq!(a, b);
        assert_ne!(a, values.from_json(&json!({"a": [2.5, 1], "b": null})));
        assert_eq!(values.to_json(a).unwrap().to_string(), r#"{"a":[1,2.5],"b":null}"#);
    }
}
