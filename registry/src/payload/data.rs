//! Payloads as trees: read by a shape, written back. Reading goes through [`isobar::Reader`], as generated code does, and so
//! every rule about text is the runtime's; only the order of steps that a generated type would take is here.

use super::statics;
use crate::compat::Record;
use isobar::{Decimal, Encode, Invalid, Problem, Reader, Set, UpcastError, Writer, bounds};
use isobar_model::{
    Field, Presence, Shape, ShapeKind, Types, Value,
    shape::{Bounds, Enum, Scalar, Union},
};
use std::collections::BTreeMap;

/// A payload, or a part of one. Text is canonical: instants are in UTC, UUIDs in lower case, decimals without trailing zeros.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// An optional value that is not there.
    Absent,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a decimal, normalized.
    Number(Decimal),
    /// A `float`, finite.
    Float(f64),
    /// Text, and everything that is text on the wire.
    Text(String),
    /// A list or a set.
    List(Vec<Data>),
    /// A record or a tagged union by wire names in declared order, or a map by its keys in order. No member is absent.
    Record(Vec<(String, Data)>),
    /// Any JSON, as compact source text.
    Json(String),
}

impl Data {
    /// The member of a record.
    pub fn get(&self, key: &str) -> Option<&Data> {
        match self {
            Data::Record(members) => members.iter().find(|(name, _)| name == key).map(|(_, data)| data),
            _ => None,
        }
    }
}

/// Without a shape: a tree that was read or computed by a shape says all that is needed.
impl Encode for Data {
    fn encode(&self, w: &mut Writer) {
        match self {
            Data::Absent => w.null(),
            Data::Bool(flag) => w.bool(*flag),
            Data::Number(number) => w.decimal(number),
            Data::Float(number) => w.f64(*number),
            Data::Text(text) => w.string(text),
            Data::List(items) => w.list(items, |w, item| item.encode(w)),
            Data::Record(members) => {
                w.begin_object();
                for (key, data) in members {
                    w.key(key);
                    data.encode(w);
                }
                w.end_object();
            }
            Data::Json(text) => match isobar::Json::new(text) {
                Ok(json) => w.json(&json),
                // It was made from JSON.
                Err(_) => w.null(),
            },
        }
    }
}

/// Reads a payload: fills in defaults, drops members that the record does not know, and takes `null` for absent where a
/// field is optional.
///
/// # Errors
/// The first thing that is wrong, with its path.
pub fn read(json: &[u8], record: Record<'_>) -> Result<Data, Invalid> {
    let mut reader = Reader::new(json);
    let data = Reading { types: record.types }.record(&mut reader, record.fields)?;
    reader.finish()?;
    Ok(data)
}

/// A payload as compact JSON.
///
/// # Errors
/// A number that JSON cannot say.
pub fn write(data: &Data) -> Result<String, isobar::EncodeError> {
    // The writer makes UTF-8 only.
    isobar::to_vec(data).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A literal of the model as data of its shape.
///
/// # Errors
/// The literal is no value of the shape; the model has been checked, so that it is.
pub(super) fn literal(value: &Value, shape: &Shape, types: &Types) -> Result<Data, Invalid> {
    let json = crate::schema::Json::from(value).to_string();
    let mut reader = Reader::new(json.as_bytes());
    Reading { types }.shape(&mut reader, shape)
}

/// A computed value of a shape, references followed: a scalar as reading it would give it.
///
/// # Errors
/// How it is out of bounds, without a path.
pub(super) fn bounded(data: Data, shape: &Shape) -> Result<Data, UpcastError> {
    match &shape.kind {
        ShapeKind::Scalar(kind) if data != Data::Absent && !shape.bounds.is_empty() => {
            let json = write(&data)?;
            Ok(scalar(&mut Reader::new(json.as_bytes()), kind, &shape.bounds)?)
        }
        _ => Ok(data),
    }
}

struct Reading<'a> {
    types: &'a Types,
}

impl Reading<'_> {
    fn record(&self, r: &mut Reader<'_>, fields: &[Field]) -> Result<Data, Invalid> {
        let keys: Vec<&str> = fields.iter().map(Field::wire_name).collect();
        let mut found: Vec<Option<Data>> = vec![None; fields.len()];
        r.begin_object()?;
        while let Some(i) = r.next_key(&keys)? {
            let field = &fields[i];
            let at = |error: Invalid| error.at_field(statics::text(keys[i]));
            if found[i].is_some() {
                return Err(at(Problem::DuplicateKey.into()));
            }
            let absent = field.presence == Presence::Optional && r.null().map_err(at)?;
            found[i] = Some(if absent { Data::Absent } else { self.shape(r, &field.shape).map_err(at)? });
        }
        let mut members = Vec::with_capacity(fields.len());
        for ((field, found), key) in fields.iter().zip(found).zip(keys) {
            let data = match (found, &field.presence) {
                (Some(data), _) => data,
                (None, Presence::Optional) => Data::Absent,
                (None, Presence::Default(value)) => literal(value, &field.shape, self.types)?,
                (None, Presence::Required) => {
                    return Err(Invalid::from(Problem::Missing).at_field(statics::text(key)));
                }
            };
            if data != Data::Absent {
                members.push((key.to_owned(), data));
            }
        }
        Ok(Data::Record(members))
    }

    fn shape(&self, r: &mut Reader<'_>, shape: &Shape) -> Result<Data, Invalid> {
        let bounds = &shape.bounds;
        match &shape.kind {
            ShapeKind::Scalar(scalar) => self::scalar(r, scalar, bounds),
            ShapeKind::List(item) => {
                let items = r.list(|r| self.shape(r, item))?;
                items_within(items.len(), bounds)?;
                Ok(Data::List(items))
            }
            ShapeKind::Set(item) => {
                let items: Set<Data> = r.set(|r| self.shape(r, item))?;
                items_within(items.len(), bounds)?;
                Ok(Data::List(items.into_vec()))
            }
            ShapeKind::Map(item) => {
                let items: BTreeMap<String, Data> = r.map(|r| self.shape(r, item))?;
                items_within(items.len(), bounds)?;
                Ok(Data::Record(items.into_iter().collect()))
            }
            ShapeKind::Record(fields) => self.record(r, fields),
            ShapeKind::Enum(it) => enumeration(r, it),
            ShapeKind::Union(union) => self.union(r, union),
            ShapeKind::Ref(name) => match self.types.get(name) {
                Some(def) => self.shape(r, &def.shape),
                // The model is closed, so that there is no such name.
                None => Err(Problem::out_of_range(&name.to_string(), "the types of the model").into()),
            },
        }
    }

    fn union(&self, r: &mut Reader<'_>, union: &Union) -> Result<Data, Invalid> {
        let tag = statics::text(&union.tag);
        let value = r.tag(tag)?;
        let branch = union.branches.iter().find(|(name, _)| name.value == value);
        let Some((_, shape)) = branch else {
            let known = statics::list(union.branches.iter().map(|(name, _)| name.value.as_str()));
            return Err(isobar::unknown_tag(tag, &value, known));
        };
        let mut members = vec![(union.tag.clone(), Data::Text(value))];
        if let Data::Record(rest) = self.shape(r, shape)? {
            members.extend(rest.into_iter().filter(|(key, _)| *key != union.tag));
        }
        Ok(Data::Record(members))
    }
}

fn scalar(r: &mut Reader<'_>, scalar: &Scalar, limits: &Bounds) -> Result<Data, Invalid> {
    Ok(match scalar {
        Scalar::String => {
            let text = r.string()?;
            text_within(&text, limits)?;
            Data::Text(text)
        }
        Scalar::Bool => Data::Bool(r.bool()?),
        Scalar::Int => number(r.i64()?.into(), limits)?,
        Scalar::Int32 => number(r.i32()?.into(), limits)?,
        Scalar::Uint => number(r.u64()?.into(), limits)?,
        Scalar::Uint32 => number(r.u32()?.into(), limits)?,
        Scalar::Decimal(scale) => number(r.decimal(*scale)?, limits)?,
        Scalar::Float => {
            let number = r.f64()?;
            let limit = |bound: Option<Decimal>| bound.map(isobar::ops::to_f64);
            limit(limits.min).map_or(Ok(()), |min| bounds::at_least(&number, min))?;
            limit(limits.max).map_or(Ok(()), |max| bounds::at_most(&number, max))?;
            Data::Float(number)
        }
        Scalar::Uuid => Data::Text(r.uuid()?.to_string()),
        Scalar::Timestamp => Data::Text(r.timestamp()?.to_string()),
        Scalar::Date => Data::Text(r.date()?.to_string()),
        Scalar::Duration => Data::Text(r.duration()?.to_string()),
        Scalar::Bytes => {
            let bytes = r.bytes()?;
            items_within(bytes.0.len(), limits)?;
            canonical(&bytes)
        }
        Scalar::Json => Data::Json(r.json()?.as_str().to_owned()),
        Scalar::Id(prefix) => Data::Text(r.id(statics::text(prefix))?),
    })
}

/// The text that a value is written as.
fn canonical(value: &impl Encode) -> Data {
    let mut w = Writer::new();
    value.encode(&mut w);
    let json = w.finish().unwrap_or_default();
    Data::Text(String::from_utf8_lossy(&json).trim_matches('"').to_owned())
}

fn number(number: Decimal, limits: &Bounds) -> Result<Data, Invalid> {
    limits.min.map_or(Ok(()), |min| bounds::at_least(&number, min.normalize()))?;
    limits.max.map_or(Ok(()), |max| bounds::at_most(&number, max.normalize()))?;
    Ok(Data::Number(number.normalize()))
}

fn text_within(text: &str, limits: &Bounds) -> Result<(), Invalid> {
    limits.min_length.map_or(Ok(()), |n| bounds::min_length(text, size(n)))?;
    limits.max_length.map_or(Ok(()), |n| bounds::max_length(text, size(n)))?;
    limits.pattern.as_deref().map_or(Ok(()), |source| bounds::pattern(text, statics::pattern(source)))
}

fn items_within(length: usize, limits: &Bounds) -> Result<(), Invalid> {
    limits.min_length.map_or(Ok(()), |n| bounds::min_items(length, size(n)))?;
    limits.max_length.map_or(Ok(()), |n| bounds::max_items(length, size(n)))
}

fn size(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn enumeration(r: &mut Reader<'_>, it: &Enum) -> Result<Data, Invalid> {
    let text = r.string()?;
    if !it.open && it.values.iter().all(|value| value.value != text) {
        let known = statics::list(it.values.iter().map(|value| value.value.as_str()));
        return Err(isobar::unknown_value(&text, known));
    }
    Ok(Data::Text(text))
}
