//! What changed between two versions, as rows: where, how, and whether readers of either can read data of the other. A producer
//! writes exactly the declared fields and a consumer ignores fields that it does not know; with `W` what a version writes
//! and `R` what it reads, a row is backward if it does not keep `W(old)` out of `R(new)`, and forward the other way round.
//! Only structure is judged here; which version follows from it is decided in [`crate::evolution`].

#[cfg(feature = "compat")]
pub mod abandon;
#[cfg(feature = "compat")]
pub mod containment;
#[cfg(feature = "compat")]
mod difference;
#[cfg(feature = "compat")]
pub mod documents;
#[cfg(feature = "compat")]
pub mod json_schema;
mod leaf;
#[cfg(all(feature = "compat", any(feature = "sqlite", feature = "postgres")))]
pub mod levels;
mod moves;
mod reading;
#[cfg(feature = "compat")]
mod render;
#[cfg(feature = "compat")]
pub mod shapes;
mod walk;

#[cfg(feature = "compat")]
pub use difference::{Difference, Judged};
pub use moves::compare_majors;
#[cfg(feature = "compat")]
pub use reading::on_wire;
pub use reading::{Refused, refused};
#[cfg(feature = "compat")]
pub use render::{Broken, breaks, human, json, markdown, summary};
pub use walk::compare;

use isobar_model::{Field, Types, model::Event};

/// A record with the table that its references are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The table.
    pub types: &'a Types,
    /// The members.
    pub fields: &'a [Field],
}

impl<'a> Record<'a> {
    /// An event's fields; none for a sketch.
    pub(crate) fn of(event: &'a Event, types: &'a Types) -> Record<'a> {
        Record { types, fields: event.fields.as_deref().unwrap_or_default() }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where, by field names: `items[].unitPrice`; `[]` is an item, `{}` a value of a map, `<card>` a branch of a union.
    /// Of the new version, but for what was removed.
    pub path: String,
    /// How.
    pub change: Change,
    /// What it was, as an author writes it.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// Whether new readers still read old data here.
    pub backward: bool,
    /// Whether old readers still read new data here.
    pub forward: bool,
}

/// The kinds of [`Row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// A field, a value of an enum or a branch of a union is new.
    Added,
    /// One is gone.
    Removed,
    /// The field has another name for authors, and the same on the wire.
    Renamed,
    /// The same value stands somewhere else; `old` is the path it was at.
    Moved,
    /// The value is computed from an old one; `old` names it.
    Converted,
    /// The value is a part of an old one that other fields have parts of too; of an event, its data became that of several.
    Split,
    /// The value is made of several old ones; of an event, its data became that of another.
    Merged,
    /// Every new value was allowed before.
    Narrowed,
    /// Every old value is still allowed.
    Widened,
    /// It must or need not be there.
    Presence,
    /// Absent means another value.
    Default,
    /// It is something else.
    Type,
}

impl Change {
    /// Every change with its name.
    pub const NAMES: [(&'static str, Change); 12] = [
        ("added", Change::Added),
        ("removed", Change::Removed),
        ("renamed", Change::Renamed),
        ("moved", Change::Moved),
        ("converted", Change::Converted),
        ("split", Change::Split),
        ("merged", Change::Merged),
        ("narrowed", Change::Narrowed),
        ("widened", Change::Widened),
        ("presence", Change::Presence),
        ("default", Change::Default),
        ("type", Change::Type),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Change::NAMES.iter().find(|(_, change)| *change == self).map_or("", |(name, _)| name)
    }

    /// Whether the row's `old` names the fields that the value comes from.
    pub fn names_sources(self) -> bool {
        matches!(self, Change::Moved | Change::Converted | Change::Split | Change::Merged)
    }

    /// Whether it is about the values of a field that is there in both.
    pub fn is_of_value(self) -> bool {
        matches!(self, Change::Narrowed | Change::Widened | Change::Type)
    }

    /// Whether anything on the wire, or what it means, is another.
    pub fn is_on_wire(self) -> bool {
        self != Change::Renamed
    }
}

/// Whether nothing on the wire changed. Names of types do not stand on the wire, nor does the order of members.
pub fn same(old: Record<'_>, new: Record<'_>) -> bool {
    compare(old, new).iter().all(|row| !row.change.is_on_wire())
}

#[cfg(all(test, feature = "compat"))]
mod difference_tests;
#[cfg(test)]
mod tests;
