//! What reading and writing an envelope can report. What is wrong with the data inside is a [`DecodeError`] below it.

use std::{error::Error, fmt};

use super::Role;
use crate::{DecodeError, EncodeAsError, EncodeError, Invalid, Version};

/// A message that cannot be read or written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The envelope is not one of its profile: not JSON, or a member is missing, of another type or there twice.
    Invalid {
        /// The profile.
        profile: &'static str,
        /// What is wrong, and where in the envelope.
        source: Invalid,
    },
    /// The profile has no place for a role that a message cannot be without.
    NoPlace {
        /// The profile.
        profile: &'static str,
        /// The role.
        role: Role,
    },
    /// The profile has no place for a schema version, and readers would take the data for another major.
    Unversioned {
        /// The profile.
        profile: &'static str,
        /// The event on the wire.
        name: &'static str,
        /// The version of the data.
        version: Version,
        /// What readers would take it for.
        read_as: Version,
    },
    /// In a flat envelope, a field of the data has the name of a member of the envelope.
    Clash {
        /// The profile.
        profile: &'static str,
        /// The event on the wire.
        name: &'static str,
        /// The member.
        member: &'static str,
    },
    /// An HTTP message whose content type is not one that a CloudEvent with JSON data can have.
    ContentType {
        /// The content type.
        found: String,
    },
    /// Headers were asked for, or given, and the profile is not one of CloudEvents.
    NotCloudEvents {
        /// The profile.
        profile: &'static str,
    },
    /// The data is not that of a known event and version.
    Data(DecodeError),
    /// The data is not written in the version that was asked for.
    EncodeAs(EncodeAsError),
    /// The data, or a member of the envelope, holds something that JSON cannot say.
    Encode(EncodeError),
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { profile, source } if source.path().is_empty() => {
                write!(f, "envelope {profile}: {}", source.problem())
            }
            Self::Invalid { profile, source } => write!(f, "envelope {profile}: {source}"),
            Self::NoPlace { profile, role } => write!(f, "envelope {profile}: has no place for the role {role}"),
            Self::Unversioned { profile, name, version, read_as } => write!(
                f,
                "envelope {profile}: has no place for the version of {name} {version}, which would be read as {read_as}"
            ),
            Self::Clash { profile, name, member } => {
                write!(f, "envelope {profile}: its member {member:?} would hide the field of that name of {name}")
            }
            Self::ContentType { found } => {
                write!(f, "{found:?} is not the content type of a CloudEvent with JSON data")
            }
            Self::NotCloudEvents { profile } => write!(f, "envelope {profile}: is not one of CloudEvents"),
            Self::Data(error) => write!(f, "{error}"),
            Self::EncodeAs(error) => write!(f, "{error}"),
            Self::Encode(error) => write!(f, "{error}"),
        }
    }
}

impl Error for EnvelopeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid { source, .. } => Some(source),
            Self::Data(error) => Some(error),
            Self::EncodeAs(error) => Some(error),
            Self::Encode(error) => Some(error),
            _ => None,
        }
    }
}

impl From<DecodeError> for EnvelopeError {
    fn from(error: DecodeError) -> Self {
        Self::Data(error)
    }
}

impl From<EncodeAsError> for EnvelopeError {
    fn from(error: EncodeAsError) -> Self {
        Self::EncodeAs(error)
    }
}

impl From<EncodeError> for EnvelopeError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}
