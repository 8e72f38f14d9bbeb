//! Payloads without generated code: validated, read and brought from one version to another by interpreting the model, with
//! the results that generated code has. What is accepted is the runtime's reading of a shape; nothing here is asynchronous,
//! and no payload is kept.

mod data;
mod eval;
mod examples;
mod statics;

pub use data::{Data, read, write};
pub use eval::{Scope, eval};
pub(crate) use examples::check as check_examples;

use crate::evolution::{Evolution, Known};
use isobar::{Invalid, UpcastError};
use isobar_model::{Version, expr::Typed, model::Name};
use std::fmt;

/// Why a payload does not come to the version that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The event has no such version.
    UnknownVersion {
        /// The event.
        name: Name,
        /// What was asked for.
        version: Version,
        /// The versions it has.
        known: Vec<Version>,
    },
    /// The payload is none of this version.
    Payload {
        /// The version that it was read as.
        version: Version,
        /// What is wrong, and where.
        source: Invalid,
    },
    /// The payload is fine, and its data has no form in the next version on the way.
    Hop {
        /// The version the data is in.
        from: Version,
        /// The version it does not come to.
        to: Version,
        /// Why.
        source: UpcastError,
    },
    /// The model does not say how data of the one major comes to the other.
    NoWay {
        /// The version the data is in.
        from: Version,
        /// The version it does not come to.
        to: Version,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::UnknownVersion { name, version, known } => {
                let known: Vec<String> = known.iter().map(Version::to_string).collect();
                write!(f, "{name} has no version {version}; known are {}", known.join(", "))
            }
            Refused::Payload { version, source } => write!(f, "not a payload of {version}: {source}"),
            Refused::Hop { from, to, source } => write!(f, "{from} to {to}: {source}"),
            Refused::NoWay { from, to } if to < from => {
                write!(f, "there is no way from {from} back to {to}: the event needs a `downgrade`")
            }
            Refused::NoWay { from, to } => {
                write!(f, "there is no way from {from} to {to}: the event needs an `upgrade`")
            }
        }
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refused::Payload { source, .. } => Some(source),
            Refused::Hop { source, .. } => Some(source),
            Refused::UnknownVersion { .. } | Refused::NoWay { .. } => None,
        }
    }
}

/// Checks a payload against one version.
///
/// # Errors
/// The first thing that is wrong, with its path.
pub fn validate(known: &Known, json: &[u8]) -> Result<(), Invalid> {
    read(json, known.record()).map(drop)
}

/// Brings a payload of the version `from` to `to`, or to the newest version, as compact JSON in declared order. The newest
/// reader of the major reads it; a minor that is not known yet is read by it too. An older `to` is reached by `downgrade`s.
///
/// # Errors
/// See [`Refused`].
pub fn upcast(evolution: &Evolution, from: Version, to: Option<Version>, json: &[u8]) -> Result<String, Refused> {
    let unknown = |version| Refused::UnknownVersion {
        name: evolution.name.clone(),
        version,
        known: evolution.versions.iter().map(|known| known.version).collect(),
    };
    let place = |version: Version| {
        let found = evolution.majors.iter().position(|major| major.version.major == version.major);
        found.ok_or_else(|| unknown(version))
    };
    let target = match to {
        Some(version) => evolution.version(version),
        None => evolution.newest(),
    };
    let target = target.ok_or_else(|| unknown(to.unwrap_or(from)))?;
    let (mut at, end) = (place(from)?, place(target.version)?);
    let refused = |version| move |source| Refused::Payload { version, source };
    let mut data = read(json, evolution.majors[at].record()).map_err(refused(from))?;
    while at != end {
        let next = if at < end { at + 1 } else { at - 1 };
        let (old, new) = (&evolution.majors[at], &evolution.majors[next]);
        let (from, to) = (old.version, new.version);
        let hop: &Option<Typed> = if at < end { &old.up } else { &old.down };
        let hop = hop.as_ref().ok_or(Refused::NoWay { from, to })?;
        let scope = Scope { source: &data, source_types: &old.types, target_types: &new.types };
        let bad = |source| Refused::Hop { from, to, source };
        let computed = eval(hop, scope).map_err(bad)?;
        // Read as its own version, so that bounds hold and members stand in declared order.
        data = text(&computed).and_then(|json| Ok(read(json.as_bytes(), new.record())?)).map_err(bad)?;
        at = next;
    }
    let fitting = text(&data).and_then(|json| Ok(read(json.as_bytes(), target.record())?));
    let newest = evolution.majors[end].version;
    fitting.and_then(|data| text(&data)).map_err(|source| Refused::Hop { from: newest, to: target.version, source })
}

/// What was computed is finite, since every operator makes sure of it.
fn text(data: &Data) -> Result<String, UpcastError> {
    write(data).map_err(|_| UpcastError::Overflow)
}

#[cfg(test)]
mod tests;
