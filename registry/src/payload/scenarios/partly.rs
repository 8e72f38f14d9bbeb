//! Records of which not every member is known: an event with a field that a hook makes, a state that nothing has filled yet.
//! What is not known is never read as if it were.

use super::super::{Data, Scope, Unknown, data::literal, eval, eval::at_field, read, text};
use crate::{compat::Record, schema::Json};
use isobar::UpcastError;
use isobar_model::{
    Field, Presence, ShapeKind, Types, Value,
    expr::{Root, Typed, TypedKind},
};

/// Why there is no value: it is not known, or there is none.
#[derive(Debug)]
pub(super) enum Trouble {
    Unknown(String),
    Wrong(String),
}

impl From<UpcastError> for Trouble {
    fn from(error: UpcastError) -> Trouble {
        match error {
            UpcastError::Hook(why) => Trouble::Unknown(why),
            // Whoever tells of it names the place.
            UpcastError::Invalid(invalid) if invalid.path().is_empty() => Trouble::Wrong(invalid.problem().to_string()),
            other => Trouble::Wrong(other.to_string()),
        }
    }
}

/// A record; what is unknown of it is not among its members.
#[derive(Clone, Debug)]
pub(super) struct Partly {
    pub(super) data: Data,
    /// Paths by wire names, and why each is not known.
    unknown: Vec<(Vec<String>, String)>,
}

impl Partly {
    pub(super) fn nothing() -> Partly {
        Partly { data: Data::Record(Vec::new()), unknown: Vec::new() }
    }

    /// A whole payload that is written in the model.
    pub(super) fn given(value: &Value, record: Record<'_>) -> Result<Partly, Trouble> {
        let data = read(Json::from(value).to_string().as_bytes(), record).map_err(UpcastError::from)?;
        Ok(Partly { data, unknown: Vec::new() })
    }

    /// A state before its first event: what has a default is that, and what may be absent is.
    pub(super) fn initial(fields: &[Field], types: &Types) -> Result<Partly, Trouble> {
        let mut made = Partly::nothing();
        made.fill(fields, types, &mut Vec::new())?;
        Ok(made)
    }

    fn fill(&mut self, fields: &[Field], types: &Types, path: &mut Vec<String>) -> Result<(), Trouble> {
        for field in fields {
            path.push(field.wire_name().to_owned());
            match (&field.presence, &types.resolve(&field.shape).kind) {
                (Presence::Optional, _) => {}
                (Presence::Default(value), _) => {
                    let data = literal(value, &field.shape, types).map_err(UpcastError::from)?;
                    self.set(path, Ok(data));
                }
                // A record that is required cannot contain itself, so that this ends.
                (Presence::Required, ShapeKind::Record(inner)) => {
                    self.set(path, Ok(Data::Record(Vec::new())));
                    self.fill(inner, types, path)?;
                }
                (Presence::Required, _) => {
                    let why = format!(
                        "`self.{}` has no value yet: it has no default, and no event before sets it",
                        path.join(".")
                    );
                    self.set(path, Err(why));
                }
            }
            path.pop();
        }
        Ok(())
    }

    /// Sets a member to a value that may be of another type than it; then it stays what it is.
    pub(super) fn seed(&mut self, value: Data, field: &Field, types: &Types) {
        let name = [field.wire_name().to_owned()];
        let mut alone = Partly::nothing();
        alone.set(&name, Ok(value));
        let alone = alone.held(Record { types, fields: std::slice::from_ref(field) });
        if let Some(data) = alone.ok().and_then(|alone| alone.data.get(&name[0]).cloned()) {
            self.set(&name, Ok(data));
        }
    }

    /// What a checked expression makes of a scope, member by member, so that one that is not known leaves the others known.
    pub(super) fn made(typed: &Typed, record: Record<'_>, scope: Scope<'_>) -> Result<Partly, Trouble> {
        let mut made = Partly::nothing();
        made.make(typed, record, scope, &mut Vec::new())?;
        made.held(record)
    }

    fn make(
        &mut self,
        typed: &Typed,
        record: Record<'_>,
        scope: Scope<'_>,
        path: &mut Vec<String>,
    ) -> Result<(), Trouble> {
        let TypedKind::Record(members) = &typed.kind else { return Ok(()) };
        for (name, member) in members {
            let Some(field) = record.fields.iter().find(|field| field.name.value == *name) else { continue };
            path.push(field.wire_name().to_owned());
            match (eval(member, scope), &member.kind, &record.types.resolve(&field.shape).kind) {
                (Ok(data), ..) => self.set(path, Ok(data)),
                (Err(UpcastError::Hook(_)), TypedKind::Record(_), ShapeKind::Record(fields)) => {
                    self.set(path, Ok(Data::Record(Vec::new())));
                    self.make(member, Record { types: record.types, fields }, scope, path)?;
                }
                (Err(UpcastError::Hook(why)), ..) => self.set(path, Err(why)),
                (Err(error), ..) => return Err(at_field(error, field).into()),
            }
            path.pop();
        }
        Ok(())
    }

    /// The same, read as its own record where all of a member is known: bounds hold, and members stand in declared order.
    pub(super) fn held(mut self, record: Record<'_>) -> Result<Partly, Trouble> {
        let known = |field: &&Field| {
            self.unknown.iter().all(|(path, _)| path.first().map(String::as_str) != Some(field.wire_name()))
        };
        let fields: Vec<Field> = record.fields.iter().filter(known).cloned().collect();
        let read = read(text(&self.data)?.as_bytes(), Record { types: record.types, fields: &fields });
        let Data::Record(mut members) = read.map_err(UpcastError::from)? else { return Ok(self) };
        if let Data::Record(all) = self.data {
            let unknown = |name: &str| fields.iter().all(|field| field.wire_name() != name);
            members.extend(all.into_iter().filter(|(name, _)| unknown(name)));
        }
        self.data = Data::Record(members);
        Ok(self)
    }

    /// Sets the value at a path, or says why it is not known. Below what is unknown as a whole nothing becomes known.
    pub(super) fn set(&mut self, path: &[String], value: Result<Data, String>) {
        self.unknown.retain(|(unknown, _)| !unknown.starts_with(path));
        let data = match value {
            Ok(data) => data,
            Err(why) => {
                self.unknown.push((path.to_vec(), why));
                Data::Absent
            }
        };
        put(&mut self.data, path, data);
    }

    /// A member.
    ///
    /// # Errors
    /// Why it is not known.
    pub(super) fn member(&self, name: &str) -> Result<Data, &str> {
        match self.unknown.iter().find(|(path, _)| path.first().is_some_and(|first| first == name)) {
            Some((_, why)) => Err(why),
            None => Ok(self.data.get(name).cloned().unwrap_or(Data::Absent)),
        }
    }

    /// What is not known, seen from the start of a path.
    pub(super) fn unknown(&self, root: Root) -> impl Iterator<Item = Unknown> + '_ {
        self.unknown.iter().map(move |(path, why)| Unknown { root, path: path.clone(), why: why.clone() })
    }
}

fn put(data: &mut Data, path: &[String], value: Data) {
    let Some((name, rest)) = path.split_first() else {
        *data = value;
        return;
    };
    if !matches!(data, Data::Record(_)) {
        *data = Data::Record(Vec::new());
    }
    let Data::Record(members) = data else { return };
    let at = members.iter().position(|(known, _)| known == name);
    match (at, rest, value) {
        (Some(at), [], Data::Absent) => drop(members.remove(at)),
        (None, _, Data::Absent) => {}
        (Some(at), rest, value) => put(&mut members[at].1, rest, value),
        (None, rest, value) => {
            let mut inner = Data::Absent;
            put(&mut inner, rest, value);
            members.push((name.clone(), inner));
        }
    }
}
