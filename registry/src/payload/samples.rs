//! Payloads that a producer may write, made to find what breaks: the plainest one first, then bounds, every value of an enum,
//! every branch of a union, what is optional and there, empty and full collections, one at a time and all together. The same shape
//! gives the same payloads. They are meant to be valid; the caller reads each before it trusts it.

mod number;
mod text;

use isobar_model::{
    Field, Presence, Shape, ShapeKind, Types, Value,
    shape::{Bounds, Enum, Scalar, Union},
};
use std::cell::Cell;

/// How deeply named types are entered.
const DEPTH: usize = 8;
/// How many values a shape inside of a payload gives at most.
const WIDTH: usize = 32;
/// Lengths beyond this are not tried.
const LENGTH: usize = 2_000;

/// A value, and whether a number in it is as large as its type holds although nobody bounded it.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    pub(crate) extreme: bool,
}

impl Sample {
    pub(crate) fn plain(value: Value) -> Sample {
        Sample { value, extreme: false }
    }
}

/// At most `count` payloads of a record, the plainest first. None where a value cannot be made up, such as text of a pattern
/// that is out of the ordinary and has no example.
pub(crate) fn payloads(types: &Types, fields: &[Field], count: usize) -> Vec<Sample> {
    let maker = Maker { types, fuel: Cell::new(20_000), width: count.min(WIDTH) };
    maker.record(fields, DEPTH, count)
}

struct Maker<'a> {
    types: &'a Types,
    /// Types may hold one another in ways that branch without end.
    fuel: Cell<u32>,
    /// How many values of a shape are wanted at most.
    width: usize,
}

impl Maker<'_> {
    /// Values of a shape, the plainest first; none where nothing can be made up.
    fn shape(&self, shape: &Shape, depth: usize) -> Vec<Sample> {
        let Some(left) = self.fuel.get().checked_sub(1) else { return Vec::new() };
        self.fuel.set(left);
        let mut out = match &shape.kind {
            ShapeKind::Scalar(scalar) => self.scalar(scalar, &shape.bounds),
            ShapeKind::Enum(it) => enumeration(it),
            ShapeKind::List(item) => self.items(item, &shape.bounds, depth, false),
            ShapeKind::Set(item) => self.items(item, &shape.bounds, depth, true),
            ShapeKind::Map(item) => self.map(item, &shape.bounds, depth),
            ShapeKind::Record(fields) => self.record(fields, depth, self.width),
            ShapeKind::Union(union) => self.union(union, depth),
            ShapeKind::Ref(name) => {
                let Some(def) = self.types.get(name).filter(|_| depth > 0) else { return Vec::new() };
                let example = def.example.iter().map(|it| Sample::plain(it.value.clone()));
                example.chain(self.shape(&def.shape, depth - 1)).collect()
            }
        };
        out.truncate(self.width);
        out
    }

    fn scalar(&self, scalar: &Scalar, bounds: &Bounds) -> Vec<Sample> {
        let texts = |all: &[&str]| all.iter().map(|text| Sample::plain(Value::String((*text).to_owned()))).collect();
        match scalar {
            Scalar::String => text::strings(bounds),
            Scalar::Bytes => text::bytes(bounds),
            Scalar::Bool => [true, false].map(|flag| Sample::plain(Value::Bool(flag))).into(),
            Scalar::Uuid => texts(&["01890a5d-ac96-774b-bcce-b302099a8057", "ffffffff-ffff-ffff-ffff-ffffffffffff"]),
            Scalar::Timestamp => texts(&[
                "2024-01-15T10:30:00Z",
                "0001-01-01T00:00:00Z",
                "2024-02-29T23:59:59.123456789+05:30",
                "9999-12-31T23:59:59Z",
            ]),
            Scalar::Date => texts(&["2024-01-15", "0001-01-01", "2024-02-29", "9999-12-31"]),
            Scalar::Duration => texts(&["PT30S", "PT0S", "P7DT1H"]),
            Scalar::Id(prefix) => {
                let long = "0".repeat(64);
                texts(&[&format!("{prefix}1"), &format!("{prefix}é {prefix}"), &format!("{prefix}{long}")])
            }
            Scalar::Json => {
                let list = Value::List(vec![Value::Number(1.into()), Value::Null]);
                let record = Value::Record(vec![("a".into(), Value::Bool(true))]);
                [Value::Record(Vec::new()), list, record, Value::String("a".into())].map(Sample::plain).into()
            }
            _ => number::numbers(scalar, bounds),
        }
    }

    /// Lists and sets: empty, one of each, two, and as many as may be.
    fn items(&self, item: &Shape, bounds: &Bounds, depth: usize, distinct: bool) -> Vec<Sample> {
        let (least, most) = lengths(bounds);
        let all = self.shape(item, depth);
        let of = |count: usize, from: usize| {
            let items: Vec<&Sample> = match all.len() {
                0 if count > 0 => return None,
                n if distinct && count > n => return None,
                n => (0..count).map(|i| &all[(from + i) % n]).collect(),
            };
            let extreme = items.iter().any(|it| it.extreme);
            Some(Sample { value: Value::List(items.into_iter().map(|it| it.value.clone()).collect()), extreme })
        };
        let one = least.max(1);
        let mut out: Vec<Sample> = of(least, 0).into_iter().collect();
        if most.is_none_or(|most| one <= most) {
            out.extend((0..all.len()).filter_map(|from| of(one, from)));
        }
        let more = most.unwrap_or(least + 2).min(LENGTH);
        out.extend((more > one).then(|| of(more, 0)).flatten());
        out
    }

    fn map(&self, item: &Shape, bounds: &Bounds, depth: usize) -> Vec<Sample> {
        let (least, most) = lengths(bounds);
        let all = self.shape(item, depth);
        let of = |count: usize, from: usize| {
            let values = (0..count).map(|i| all.get((from + i) % all.len().max(1)));
            let values: Vec<&Sample> = values.collect::<Option<_>>()?;
            let extreme = values.iter().any(|it| it.extreme);
            let keys = (0..).map(|i| if i == 0 { "key".to_owned() } else { format!("é {i}") });
            let members = keys.zip(values).map(|(key, it)| (key, it.value.clone())).collect();
            Some(Sample { value: Value::Record(members), extreme })
        };
        let one = least.max(1);
        let mut out: Vec<Sample> = of(least, 0).into_iter().collect();
        if most.is_none_or(|most| one <= most) {
            out.extend((0..all.len()).filter_map(|from| of(one, from)));
        }
        let more = most.unwrap_or(least + 2).min(LENGTH);
        out.extend((more > one).then(|| of(more, 0)).flatten());
        out
    }

    /// Each branch as it is plainest, then what else they may be.
    fn union(&self, union: &Union, depth: usize) -> Vec<Sample> {
        let branches = union.branches.iter().map(|(tag, shape)| {
            let tagged = |sample: Sample| {
                let mut members = vec![(union.tag.clone(), Value::String(tag.value.clone()))];
                if let Value::Record(rest) = sample.value {
                    members.extend(rest);
                }
                Sample { value: Value::Record(members), ..sample }
            };
            self.shape(shape, depth).into_iter().map(tagged).collect()
        });
        in_turn(branches.collect())
    }

    /// A record as it is plainest, then with one member another, in turn over the members, and then with all members at their
    /// last values, at those before, and so on.
    fn record(&self, fields: &[Field], depth: usize, count: usize) -> Vec<Sample> {
        let members: Vec<Vec<Option<Sample>>> = fields.iter().map(|field| self.member(field, depth)).collect();
        let build = |pick: &dyn Fn(usize) -> usize| {
            let mut value = Vec::with_capacity(fields.len());
            let mut extreme = false;
            for (i, field) in fields.iter().enumerate() {
                if let Some(sample) = members[i].get(pick(i))? {
                    extreme |= sample.extreme;
                    value.push((field.wire_name().to_owned(), sample.value.clone()));
                }
            }
            Some(Sample { value: Value::Record(value), extreme })
        };
        let Some(plain) = build(&|_| 0) else { return Vec::new() };
        let mut out = vec![plain];
        // Everything at its end together, as far as somebody bounded it and beyond: that is where sums overflow.
        let tame = |i: usize| members[i].iter().filter(|it| it.as_ref().is_none_or(|it| !it.extreme)).count();
        out.extend((0..4).filter_map(|n| build(&|i| tame(i).saturating_sub(1 + n))));
        let far = (0..2).filter_map(|n| build(&|i| members[i].len().saturating_sub(1 + n)));
        out.extend(far.filter(|it| it.extreme));
        // The second value of each member, the third of each, and so on.
        let longest = members.iter().map(Vec::len).max().unwrap_or(0);
        let turns = (1..longest).flat_map(|n| (0..members.len()).map(move |at| (n, at)));
        let single = turns.filter(|(n, at)| *n < members[*at].len());
        let single = single.filter_map(|(n, at)| build(&|i| if i == at { n } else { 0 }));
        out.extend(single.take(count.saturating_sub(out.len())));
        out.truncate(count);
        out
    }

    /// What may stand for a field, `None` for what is not there; what is extreme comes last.
    fn member(&self, field: &Field, depth: usize) -> Vec<Option<Sample>> {
        let example = field.example.iter().map(|it| Sample::plain(it.value.clone()));
        let mut values: Vec<Sample> = example.chain(self.shape(&field.shape, depth)).collect();
        values.sort_by_key(|it| it.extreme);
        let values = values.into_iter().map(Some);
        match &field.presence {
            Presence::Optional => std::iter::once(None).chain(values).collect(),
            Presence::Default(value) => std::iter::once(Some(Sample::plain(value.clone()))).chain(values).collect(),
            Presence::Required => values.collect(),
        }
    }
}

fn enumeration(it: &Enum) -> Vec<Sample> {
    let unknown = it.open.then(|| "not known yet".to_owned());
    it.values.iter().map(|value| value.value.clone()).chain(unknown).map(Value::String).map(Sample::plain).collect()
}

/// The smallest length, and the largest if there is one that is worth trying.
fn lengths(bounds: &Bounds) -> (usize, Option<usize>) {
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    (bounds.min_length.map_or(0, size), bounds.max_length.map(size))
}

/// The first of each, the second of each, and so on.
fn in_turn<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut out = Vec::new();
    loop {
        let before = out.len();
        out.extend(lists.iter_mut().filter_map(Iterator::next));
        if out.len() == before {
            return out;
        }
    }
}

#[cfg(test)]
mod tests;
