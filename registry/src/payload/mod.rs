//! Payloads without generated code: validated, read and brought from one version to another by interpreting the model, with
//! the results that generated code has. What is accepted is the runtime's reading of a shape; nothing here is asynchronous,
//! and no payload is kept.

mod data;
mod eval;
mod examples;
mod lost;
pub mod machines;
mod prove;
mod samples;
pub mod scenarios;
mod statics;
mod travelling;

pub use data::{Data, read, write};
pub use eval::{Scope, Unknown, eval};
pub(crate) use examples::check as check_examples;
pub use lost::lost;
pub(crate) use prove::check as check_upgrades;
pub(crate) use scenarios::check as check_scenarios;
pub use travelling::{Travelling, role, travelling};

use crate::{
    Workspace,
    evolution::{Evolution, Known, Major, Onward},
};
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
    let (at, end) = (place(from)?, place(target.version)?);
    let refused = |source| Refused::Payload { version: from, source };
    let data = read(json, evolution.majors[at].record()).map_err(refused)?;
    let data = carry(evolution, data, at, end)?;
    let fitting = text(&data).and_then(|json| Ok(read(json.as_bytes(), target.record())?));
    let newest = evolution.majors[end].version;
    fitting.and_then(|data| text(&data)).map_err(|source| Refused::Hop { from: newest, to: target.version, source })
}

/// A payload and what it is a payload of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The event.
    pub name: Name,
    /// The version.
    pub version: Version,
    /// The payload, as compact JSON in declared order.
    pub json: String,
}

/// Brings a payload of the version `from` to the newest version, and where its event is over on to what its data becomes:
/// several events of a split, another one of a merge, none where it was dropped, which is not even read.
///
/// # Errors
/// See [`Refused`].
pub fn upcast_all(
    workspace: &Workspace,
    evolution: &Evolution,
    from: Version,
    json: &[u8],
) -> Result<Vec<Message>, Refused> {
    if matches!(evolution.onward, Onward::Nothing) {
        return Ok(Vec::new());
    }
    let at = evolution.majors.iter().position(|major| major.version.major == from.major);
    let at = at.ok_or_else(|| Refused::UnknownVersion {
        name: evolution.name.clone(),
        version: from,
        known: evolution.versions.iter().map(|known| known.version).collect(),
    })?;
    let data =
        read(json, evolution.majors[at].record()).map_err(|source| Refused::Payload { version: from, source })?;
    let mut all = Vec::new();
    onward(workspace, evolution, data, at, &mut all)?;
    Ok(all)
}

fn onward(
    workspace: &Workspace,
    evolution: &Evolution,
    data: Data,
    at: usize,
    all: &mut Vec<Message>,
) -> Result<(), Refused> {
    let Some(end) = evolution.majors.len().checked_sub(1) else { return Ok(()) };
    let data = carry(evolution, data, at, end)?;
    let old = &evolution.majors[end];
    match &evolution.onward {
        Onward::Nothing => {}
        Onward::Itself => {
            let json = text(&data).map_err(|source| Refused::Hop { from: old.version, to: old.version, source })?;
            all.push(Message { name: evolution.name.clone(), version: old.version, json });
        }
        // No data becomes itself again, so that this ends.
        Onward::Others(others) => {
            for other in others {
                let Some(next) = workspace.evolutions.get(&other.name) else { continue };
                let Some(at) = next.majors.iter().position(|it| it.version.major == other.major) else { continue };
                let data = hop(&other.hop, &data, old, &next.majors[at])?;
                onward(workspace, next, data, at, all)?;
            }
        }
    }
    Ok(())
}

/// Takes data from one major to another of the same event, one after the other. That there is no way is said before any of it is
/// gone, as generated code does: it depends on no payload.
fn carry(evolution: &Evolution, mut data: Data, at: usize, end: usize) -> Result<Data, Refused> {
    let majors = &evolution.majors;
    let steps: Vec<(usize, usize)> = match at <= end {
        true => (at..end).map(|at| (at, at + 1)).collect(),
        false => (end..at).rev().map(|end| (end + 1, end)).collect(),
    };
    let way = |(at, next): (usize, usize)| {
        let (old, new) = (&majors[at], &majors[next]);
        let way = if at < next { &old.up } else { &old.down };
        let way = way.as_ref().ok_or(Refused::NoWay { from: old.version, to: new.version })?;
        Ok((way, old, new))
    };
    let ways: Vec<(&Typed, &Major, &Major)> = steps.into_iter().map(way).collect::<Result<_, _>>()?;
    for (way, old, new) in ways {
        data = hop(way, &data, old, new)?;
    }
    Ok(data)
}

fn hop(way: &Typed, data: &Data, old: &Major, new: &Major) -> Result<Data, Refused> {
    let scope = Scope::of(data, &old.types, &new.types);
    let bad = |source| Refused::Hop { from: old.version, to: new.version, source };
    let computed = eval(way, scope).map_err(bad)?;
    // Read as its own version, so that bounds hold and members stand in declared order.
    text(&computed).and_then(|json| Ok(read(json.as_bytes(), new.record())?)).map_err(bad)
}

/// What was computed is finite, since every operator makes sure of it.
fn text(data: &Data) -> Result<String, UpcastError> {
    write(data).map_err(|_| UpcastError::Overflow)
}

#[cfg(test)]
mod tests;
