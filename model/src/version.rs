//! `vMAJOR.MINOR`, the version of a message, and ranges of them.

use std::{fmt, str::FromStr};

/// A released or declared version. Minors of one major can be read by that major's newest reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Counts breaking changes, from 1.
    pub major: u32,
    /// Counts compatible changes within a major, from 0.
    pub minor: u32,
}

impl Version {
    /// The version of a message that was never released.
    pub const FIRST: Version = Version { major: 1, minor: 0 };

    /// `v{major}.{minor}`.
    pub const fn new(major: u32, minor: u32) -> Self {
        Version { major, minor }
    }

    /// The next compatible version.
    pub const fn next_minor(self) -> Self {
        Version { minor: self.minor + 1, ..self }
    }

    /// The next breaking version.
    pub const fn next_major(self) -> Self {
        Version { major: self.major + 1, minor: 0 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

/// Why a text is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAVersion;

impl fmt::Display for NotAVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is written `vMAJOR.MINOR`, such as `v1.0`")
    }
}

impl std::error::Error for NotAVersion {}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let part = |text: &str| {
            let plain =
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
            if plain { text.parse().map_err(|_| NotAVersion) } else { Err(NotAVersion) }
        };
        let (major, minor) = text.strip_prefix('v').and_then(|t| t.split_once('.')).ok_or(NotAVersion)?;
        let version = Version { major: part(major)?, minor: part(minor)? };
        if version.major == 0 { Err(NotAVersion) } else { Ok(version) }
    }
}

/// The versions `first..=last` that a consumer accepts, written `v1.0..v2.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// The oldest version accepted.
    pub first: Version,
    /// The newest version accepted, included.
    pub last: Version,
}

impl VersionRange {
    /// Whether a version is one of these.
    pub fn accepts(&self, version: Version) -> bool {
        (self.first..=self.last).contains(&version)
    }
}

impl FromStr for VersionRange {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let range = VersionRange { first: first.parse()?, last: last.parse()? };
        if range.first > range.last { Err(NotAVersion) } else { Ok(range) }
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_written_form_is_a_version() {
        assert_eq!("v1.10".parse(), Ok(Version::new(1, 10)));
        for bad in ["1.0", "v1", "v0.1", "v01.0", "v1.00", "v1.0.0", "v1.", "v.1", "v-1.0", "v99999999999.0", ""] {
            assert_eq!(bad.parse::<Version>(), Err(NotAVersion), "{bad}");
        }
    }

    #[test]
    fn a_range_does_not_run_backwards() {
        assert_eq!("v1.0..v1.1".parse::<VersionRange>().unwrap().to_string(), "v1.0..v1.1");
        assert_eq!("v2.0".parse::<VersionRange>().unwrap().to_string(), "v2.0..v2.0");
        assert!("v2.0..v1.0".parse::<VersionRange>().is_err());
    }
}
