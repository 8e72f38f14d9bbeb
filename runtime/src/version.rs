//! The version of a message. It never orders anything but majors and minors: there are no patches or labels.

use std::{fmt, str::FromStr};

use crate::Problem;

/// `vMAJOR.MINOR`: a major is one Rust type, a minor is a compatible addition to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major.
    pub major: u32,
    /// The minor.
    pub minor: u32,
}

impl Version {
    /// `v{major}.{minor}`.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

impl FromStr for Version {
    type Err = Problem;

    /// Reads `v1.1`, `1.1`, `v1` and `1` (minor 0), and nothing else.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let numbers = text.strip_prefix('v').unwrap_or(text);
        let (major, minor) = numbers.split_once('.').unwrap_or((numbers, "0"));
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(Problem::bad_text(text, "a version such as v1.0")),
        }
    }
}

/// The versions `first..=last`, written `v1.0..v1.1`, or `v1.0` for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// The oldest version.
    pub first: Version,
    /// The newest version, included.
    pub last: Version,
}

impl VersionRange {
    /// Whether the version is one of these.
    pub fn contains(self, version: Version) -> bool {
        self.first <= version && version <= self.last
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for VersionRange {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let bad = || Problem::bad_text(text, "a range of versions such as v1.0..v1.1");
        let range = Self { first: first.parse().map_err(|_| bad())?, last: last.parse().map_err(|_| bad())? };
        if range.first > range.last { Err(bad()) } else { Ok(range) }
    }
}

/// A number without sign or leading zeros.
fn number(text: &str) -> Option<u32> {
    let canonical = text == "0" || text.starts_with(|c: char| ('1'..='9').contains(&c));
    if canonical { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_four_forms_and_nothing_else() {
        for (text, major, minor) in [("v1.1", 1, 1), ("1.10", 1, 10), ("v2", 2, 0), ("3", 3, 0), ("v0.0", 0, 0)] {
            assert_eq!(text.parse(), Ok(Version::new(major, minor)), "{text}");
        }
        for text in [
            "",
            "v",
            "V1",
            "v1.",
            ".1",
            "v.1",
            "1.1.1",
            "01",
            "v1.01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "v v1",
            "vv1",
            "1.1a",
            "00",
            "4294967296",
            "\u{661}",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
        assert_eq!("x".parse::<Version>().unwrap_err().to_string(), "\"x\" is not a version such as v1.0");
    }

    #[test]
    fn a_range_holds_both_ends_and_does_not_run_backwards() {
        let range: VersionRange = "v1.1..v2.0".parse().unwrap();
        for (version, inside) in [((1, 0), false), ((1, 1), true), ((1, 7), true), ((2, 0), true), ((2, 1), false)] {
            assert_eq!(range.contains(Version::new(version.0, version.1)), inside, "{version:?}");
        }
        assert_eq!("v2".parse::<VersionRange>().unwrap().to_string(), "v2.0..v2.0");
        for text in ["", "v1.0..", "..v1.0", "v2.0..v1.0", "v1.0..v1.1..v1.2"] {
            let wrong = text.parse::<VersionRange>().unwrap_err().to_string();
            assert_eq!(wrong, format!("{text:?} is not a range of versions such as v1.0..v1.1"));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(major: u32, minor: u32) {
            let version = Version::new(major, minor);
            prop_assert_eq!(version.to_string().parse(), Ok(version));
        }
    }
}
