//! Writing for readers of older versions: an event in the exact fields of another version, and the version that a consumer
//! and a producer can agree on. Nothing here decides what is lost on the way; generated `From` and `TryFrom` do.

use std::{error::Error, fmt};

use crate::{
    Decode, Encode, EncodeError, Event, Invalid, Reader, UpcastError, Version, VersionRange, Writer, from_slice, to_vec,
};

/// Why an event is not written in the version that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum EncodeAsError {
    /// The version is not written as one, or the event has none like it.
    UnknownVersion {
        /// The event.
        name: &'static str,
        /// The version as given.
        version: String,
        /// The versions that are known.
        known: Vec<Version>,
    },
    /// The model does not say how data of the one major becomes data of the other.
    NoWay {
        /// The event.
        name: &'static str,
        /// The version that the data cannot leave.
        from: Version,
        /// The version that it does not reach.
        to: Version,
    },
    /// This data has no form in the older version.
    Downcast {
        /// The event.
        name: &'static str,
        /// The version the data is in.
        from: Version,
        /// The version it does not fit.
        to: Version,
        /// Why.
        source: UpcastError,
    },
    /// The payload holds something that JSON cannot say.
    Encode(EncodeError),
}

impl fmt::Display for EncodeAsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion { name, version, known } => {
                write!(f, "{name} has no version {version:?}; known are {}", list(known))
            }
            Self::NoWay { name, from, to } => write!(f, "{name} has no way from {from} back to {to}"),
            Self::Downcast { name, from, to, source } => write!(f, "{name} {from} back to {to}: {source}"),
            Self::Encode(error) => write!(f, "{error}"),
        }
    }
}

impl Error for EncodeAsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Downcast { source, .. } => Some(source),
            Self::Encode(error) => Some(error),
            Self::UnknownVersion { .. } | Self::NoWay { .. } => None,
        }
    }
}

impl From<EncodeError> for EncodeAsError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

/// No version of an event is one that a consumer accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NegotiateError {
    /// The event.
    pub name: &'static str,
    /// What the consumer accepts, as given.
    pub accepted: String,
    /// Every version of the event, newest first, and why it is not the one.
    pub reasons: Vec<(Version, Unwritable)>,
}

/// Why a version is not written for a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// The consumer does not accept it.
    NotAccepted,
    /// It is accepted, but the way back to it ends before these two majors, the newer one first.
    NoWay(Version, Version),
}

impl fmt::Display for NegotiateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no version for a consumer of {:?}:", self.name, self.accepted)?;
        for (i, (version, reason)) in self.reasons.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            match reason {
                Unwritable::NotAccepted => write!(f, "{comma} {version} is not accepted")?,
                Unwritable::NoWay(from, to) => write!(f, "{comma} {version} has no way from {from} back to {to}")?,
            }
        }
        Ok(())
    }
}

impl Error for NegotiateError {}

/// Chooses the version of the event `E` to write for a consumer that accepts `accepted`, such as `v1.0..v1.1`: the newest one
/// in the range that the model says a way back to.
///
/// # Errors
/// With every version and why it is not the one. A text that is no range accepts nothing.
pub fn negotiate<E: Event>(accepted: &str) -> Result<Version, NegotiateError> {
    let range: Option<VersionRange> = accepted.parse().ok();
    let reason = |version: Version| match E::NO_WAY_BACK {
        _ if !range.is_some_and(|range| range.contains(version)) => Some(Unwritable::NotAccepted),
        Some((from, to)) if version.major <= to.major => Some(Unwritable::NoWay(from, to)),
        _ => None,
    };
    let mut reasons = Vec::new();
    for version in E::VERSIONS.iter().rev() {
        match reason(*version) {
            Some(reason) => reasons.push((*version, reason)),
            None => return Ok(*version),
        }
    }
    Err(NegotiateError { name: E::NAME, accepted: accepted.to_owned(), reasons })
}

/// Writes an event in the version that is given as text.
///
/// # Errors
/// As [`Event::encode_version`]; a text that is no version is an unknown one.
pub fn encode_event_as<E: Event>(event: &E, version: &str) -> Result<Vec<u8>, EncodeAsError> {
    match version.parse() {
        Ok(version) => event.encode_version(version),
        Err(_) => Err(unknown_older(E::NAME, version, E::VERSIONS)),
    }
}

/// What the event `E` is called on the wire in a version.
pub fn name_in<E: Event>(version: Version) -> &'static str {
    let former = E::FORMER_NAMES.iter().find(|(of, _)| *of == version);
    former.map_or(E::WIRE_NAME, |(_, name)| name)
}

/// The error for a version of the event `name` that none of `known` is.
pub fn unknown_older(name: &'static str, version: impl fmt::Display, known: &[Version]) -> EncodeAsError {
    EncodeAsError::UnknownVersion { name, version: version.to_string(), known: known.to_vec() }
}

/// Moves data from one major to the one before, by `From` or `TryFrom`.
///
/// # Errors
/// [`EncodeAsError::Downcast`].
pub fn hop_back<A, B>(name: &'static str, from: Version, to: Version, data: A) -> Result<B, EncodeAsError>
where
    B: TryFrom<A>,
    B::Error: Into<UpcastError>,
{
    B::try_from(data).map_err(|e| EncodeAsError::Downcast { name, from, to, source: e.into() })
}

/// Writes the members `keys` of a payload, in this order: what an older minor has of it.
///
/// # Errors
/// [`EncodeAsError::Encode`].
pub fn encode_members<T: Encode>(payload: &T, keys: &'static [&'static str]) -> Result<Vec<u8>, EncodeAsError> {
    let json = to_vec(payload)?;
    // What was written just now can be read.
    let members = members(&json, keys).unwrap_or_default();
    let mut w = Writer::new();
    w.begin_object();
    for (key, member) in keys.iter().zip(members) {
        if let Some(member) = member {
            w.key(key);
            w.json(&member);
        }
    }
    w.end_object();
    Ok(w.finish()?)
}

fn members(json: &[u8], keys: &[&str]) -> Result<Vec<Option<crate::Json>>, Invalid> {
    let mut found = vec![None; keys.len()];
    let mut r = Reader::new(json);
    r.begin_object()?;
    while let Some(at) = r.next_key(keys)? {
        found[at] = Some(r.json()?);
    }
    Ok(found)
}

/// Writes a payload as the type `Old`: an older minor whose members are not just some of its own.
///
/// # Errors
/// [`EncodeAsError::Downcast`] where the older minor does not read this payload.
pub fn encode_minor<Old: Decode + Encode>(
    name: &'static str,
    from: Version,
    to: Version,
    payload: &impl Encode,
) -> Result<Vec<u8>, EncodeAsError> {
    let old: Old = from_slice(&to_vec(payload)?).map_err(|source| EncodeAsError::Downcast {
        name,
        from,
        to,
        source: source.into(),
    })?;
    Ok(to_vec(&old)?)
}

/// What a hand-written hook made, checked as if it had been read: bounds and scales are held by reading, not by Rust's types.
///
/// # Errors
/// [`UpcastError::Invalid`] with the path of the value at fault.
pub fn checked<T: Decode + Encode>(made: &T) -> Result<T, UpcastError> {
    made.check()?;
    Ok(from_slice(&to_vec(made)?)?)
}

fn list(versions: &[Version]) -> String {
    versions.iter().map(Version::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;

    #[test]
    fn an_older_minor_has_some_members_in_its_own_order() {
        let payload = Json::new(r#"{"a":1.0,"b":{"c":[]},"d":"x"}"#).unwrap();
        assert_eq!(encode_members(&payload, &["d", "e", "a"]).unwrap(), br#"{"d":"x","a":1.0}"#);
        assert_eq!(encode_members(&payload, &[]).unwrap(), b"{}");
    }

    #[test]
    fn errors_name_both_versions_and_the_cause() {
        let (name, from, to) = ("shop.E", Version::new(2, 0), Version::new(1, 1));
        let source = UpcastError::Overflow;
        let table = [
            (EncodeAsError::NoWay { name, from, to }, "shop.E has no way from v2.0 back to v1.1", false),
            (
                EncodeAsError::Downcast { name, from, to, source },
                "shop.E v2.0 back to v1.1: a computed number is too large or needs too many digits",
                true,
            ),
            (EncodeError::NotFinite.into(), "a float is infinite or not a number", true),
            (unknown_older(name, "v9.0", &[to, from]), "shop.E has no version \"v9.0\"; known are v1.1, v2.0", false),
        ];
        for (error, text, has_source) in table {
            assert_eq!((error.to_string().as_str(), error.source().is_some()), (text, has_source));
        }
        assert_eq!(hop_back::<i32, i64>(name, from, to, 1), Ok(1));
    }
}
