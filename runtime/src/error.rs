//! What decoding, upcasting and encoding a message can report.
//! Errors name the message and the version; the fault inside the payload is an [`Invalid`] below them.

use std::{convert::Infallible, error::Error, fmt};

use crate::{Decimal, Invalid, Version};

/// A stored or received message that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub enum DecodeError {
    /// The name belongs to no event of the set.
    UnknownName {
        /// The name as given.
        name: String,
        /// The names that are known.
        known: &'static [&'static str],
    },
    /// The version is not written as one, or its major is not known.
    UnknownVersion {
        /// The event.
        name: &'static str,
        /// The version as given.
        version: String,
        /// The newest known version of each major.
        known: &'static [Version],
    },
    /// The event was split, dropped or moved elsewhere, so that its data is several events of the set, or none.
    Became {
        /// The event.
        name: &'static str,
        /// What its data becomes in the set.
        events: &'static [&'static str],
    },
    /// The payload is not one of this version.
    Payload {
        /// The event.
        name: &'static str,
        /// The version it was read as.
        version: Version,
        /// What is wrong, and where.
        source: Invalid,
    },
    /// The payload is one of an old version, but its data does not fit the next one.
    Upcast {
        /// The event.
        name: &'static str,
        /// The version the data is in.
        from: Version,
        /// The version it does not fit.
        to: Version,
        /// Why.
        source: UpcastError,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName { name, known } => {
                write!(f, "{name:?} is not a known event; known are {}", known.join(", "))
            }
            Self::UnknownVersion { name, version, known } => {
                let known: Vec<String> = known.iter().map(Version::to_string).collect();
                write!(f, "{name} has no version {version:?}; known are {}", known.join(", "))
            }
            Self::Became { name, events: [] } => {
                write!(f, "{name} is none of these events any more; `decode_all` passes over it")
            }
            Self::Became { name, events } => {
                write!(f, "{name} became {}; `decode_all` reads it", events.join(", "))
            }
            Self::Payload { name, version, source } => write!(f, "{name} {version}: {source}"),
            Self::Upcast { name, from, to, source } => write!(f, "{name} {from} to {to}: {source}"),
        }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Payload { source, .. } => Some(source),
            Self::Upcast { source, .. } => Some(source),
            Self::UnknownName { .. } | Self::UnknownVersion { .. } | Self::Became { .. } => None,
        }
    }
}

/// Why the data of an old version does not fit the next one, or an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum UpcastError {
    /// A result too large for its type, or with more digits than exact arithmetic holds.
    Overflow,
    /// A result with more fraction digits than its type keeps.
    Inexact {
        /// The exact result.
        value: Decimal,
        /// The fraction digits kept; 0 for integers.
        scale: u32,
    },
    /// A result that its declared bounds refuse.
    Invalid(Invalid),
    /// A value that has no JSON text, where JSON is the target.
    Encode(EncodeError),
    /// What a hand-written hook reported.
    Hook(String),
}

impl UpcastError {
    /// The same error; of one about a value, what `change` makes of it.
    #[must_use]
    pub(crate) fn map_invalid(self, change: impl FnOnce(Invalid) -> Invalid) -> Self {
        match self {
            Self::Invalid(invalid) => Self::Invalid(change(invalid)),
            other => other,
        }
    }
}

impl fmt::Display for UpcastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("a computed number is too large or needs too many digits"),
            Self::Inexact { value, scale } => {
                write!(f, "the computed {value} has more than {scale} digits after the point")
            }
            Self::Invalid(invalid) => write!(f, "{invalid}"),
            Self::Encode(error) => write!(f, "{error}"),
            Self::Hook(message) => f.write_str(message),
        }
    }
}

impl Error for UpcastError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid(invalid) => Some(invalid),
            Self::Encode(error) => Some(error),
            Self::Overflow | Self::Inexact { .. } | Self::Hook(_) => None,
        }
    }
}

impl From<Invalid> for UpcastError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<EncodeError> for UpcastError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<Infallible> for UpcastError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Why a value is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// A value is outside of its declared bounds, so that no reader would take it.
    Invalid(Invalid),
    /// A float is infinite or not a number.
    NotFinite,
    /// A date lies before the year 0000, which the wire format cannot write.
    BeforeYearZero,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::NotFinite => f.write_str("a float is infinite or not a number"),
            Self::BeforeYearZero => f.write_str("a date lies before the year 0000"),
        }
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid(invalid) => Some(invalid),
            Self::NotFinite | Self::BeforeYearZero => None,
        }
    }
}

impl From<Invalid> for EncodeError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;

    #[test]
    fn errors_name_the_message_and_the_cause() {
        const KNOWN: &[Version] = &[Version::new(1, 1), Version::new(2, 0)];
        let known = KNOWN;
        let name = "ordering.OrderPlaced";
        let missing = || Invalid::from(Problem::Missing).at_field("orderId");
        let table = [
            (
                DecodeError::UnknownName { name: "Foo".into(), known: &["A", "B"] },
                "\"Foo\" is not a known event; known are A, B",
                false,
            ),
            (
                DecodeError::UnknownVersion { name, version: "v3.0".into(), known },
                "ordering.OrderPlaced has no version \"v3.0\"; known are v1.1, v2.0",
                false,
            ),
            (
                DecodeError::Became { name, events: &["A", "B"] },
                "ordering.OrderPlaced became A, B; `decode_all` reads it",
                false,
            ),
            (
                DecodeError::Became { name, events: &[] },
                "ordering.OrderPlaced is none of these events any more; `decode_all` passes over it",
                false,
            ),
            (
                DecodeError::Payload { name, version: known[0], source: missing() },
                "ordering.OrderPlaced v1.1: orderId: is missing",
                true,
            ),
            (
                DecodeError::Upcast { name, from: known[0], to: known[1], source: UpcastError::Overflow },
                "ordering.OrderPlaced v1.1 to v2.0: a computed number is too large or needs too many digits",
                true,
            ),
        ];
        for (error, text, has_source) in table {
            assert_eq!(error.to_string(), text);
            assert_eq!(error.source().is_some(), has_source, "{text}");
        }
        assert_eq!(UpcastError::from(missing()).to_string(), "orderId: is missing");
        assert!(UpcastError::from(missing()).source().is_some());
        let float = UpcastError::from(EncodeError::NotFinite);
        assert_eq!(float.to_string(), float.source().unwrap().to_string());
        assert_eq!(UpcastError::Hook("no rate".into()).to_string(), "no rate");
        let inexact = UpcastError::Inexact { value: Decimal::new(1234, 3), scale: 2 };
        assert_eq!(inexact.to_string(), "the computed 1.234 has more than 2 digits after the point");
        let invalid = EncodeError::from(missing());
        assert_eq!(invalid.to_string(), "orderId: is missing");
        assert!(invalid.source().is_some() && EncodeError::NotFinite.source().is_none());
        assert_eq!(EncodeError::NotFinite.to_string(), "a float is infinite or not a number");
        assert_eq!(EncodeError::BeforeYearZero.to_string(), "a date lies before the year 0000");
    }
}
