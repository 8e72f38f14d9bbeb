//! Where the members of an envelope stand: a table from role to path. Profiles are data; reading and writing is done beside.

use super::{Role, cloud_events::MEMBERS};
use crate::{Invalid, Problem, Version, constant::equal};

/// Where a role stands in the JSON, outermost member first.
pub(super) type Path = &'static [&'static str];

/// An envelope's form: where in its JSON each role stands. The generator writes one for each of `isobar.yaml`.
///
/// ```
/// use isobar::{Profile, Role};
///
/// static DOMAIN: Profile = Profile::new(
///     "domain",
///     &[
///         (Role::Id, &["eventId"]),
///         (Role::Type, &["eventType"]),
///         (Role::Data, &["data"]),
///         (Role::User, &["metadata", "userId"]),
///     ],
/// );
/// assert_eq!(DOMAIN.path(Role::User), Some(&["metadata", "userId"][..]));
/// ```
///
/// A profile without [`Role::Data`] is flat: the members of the payload stand beside those of the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    name: &'static str,
    places: &'static [(Role, Path)],
    unversioned: Version,
    form: VersionForm,
    format: Format,
}

/// How a schema version is written. All of them are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionForm {
    /// `"1.1"`.
    #[default]
    Plain,
    /// `"v1.1"`.
    Prefixed,
    /// The number `1`. The minor is lost, which no reader needs: a major is one type.
    Major,
}

/// What holds beyond the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Nothing.
    Plain,
    /// The rules of CloudEvents 1.0.
    CloudEvents,
}

impl Profile {
    /// A profile with the roles at their paths, in the order in which they are written.
    ///
    /// # Panics
    /// When a role stands twice, a path is empty, or one path is another or lies inside it. In a `static` or `const` that is
    /// an error of the compiler.
    pub const fn new(name: &'static str, places: &'static [(Role, &'static [&'static str])]) -> Self {
        check(places);
        Self { name, places, unversioned: Version::new(1, 0), form: VersionForm::Plain, format: Format::Plain }
    }

    /// A profile that follows the rules of CloudEvents 1.0. The paths are names of attributes: lower case letters and digits.
    ///
    /// # Panics
    /// As [`Profile::new`], and when a path is no name of an attribute, or [`Role::Id`], [`Role::Source`], [`Role::Type`] or
    /// [`Role::Data`] has none.
    pub const fn cloud_events(name: &'static str, places: &'static [(Role, &'static [&'static str])]) -> Self {
        check_attributes(places);
        let mut profile = Self::new(name, places);
        profile.format = Format::CloudEvents;
        profile
    }

    /// The same, but messages without a schema version are read as `version`, and not as v1.0.
    #[must_use]
    pub const fn unversioned(mut self, version: Version) -> Self {
        self.unversioned = version;
        self
    }

    /// The same, but schema versions are written as `form`.
    #[must_use]
    pub const fn version_form(mut self, form: VersionForm) -> Self {
        self.form = form;
        self
    }

    /// Its name in `isobar.yaml`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where the role stands, outermost member first; `None` if this envelope does not have it.
    pub fn path(&self, role: Role) -> Option<&'static [&'static str]> {
        self.places.iter().find(|(other, _)| *other == role).map(|(_, path)| *path)
    }

    /// The roles with their paths, in the order in which they are written.
    pub const fn places(&self) -> &'static [(Role, &'static [&'static str])] {
        self.places
    }

    /// What a message without a schema version is read as.
    pub(super) fn default_version(&self) -> Version {
        self.unversioned
    }

    pub(super) fn form(&self) -> VersionForm {
        self.form
    }

    pub(super) fn is_cloud_events(&self) -> bool {
        self.format == Format::CloudEvents
    }

    /// The roles that a message cannot be without, where the profile has them at all.
    pub(super) fn required(&self) -> &'static [Role] {
        match self.format {
            Format::Plain => &[Role::Id, Role::Type, Role::Time, Role::Data],
            Format::CloudEvents => &[Role::Id, Role::Source, Role::Type, Role::Data],
        }
    }

    /// A problem with the value of the role, at its path.
    pub(super) fn at(&self, role: Role, problem: Problem) -> Invalid {
        let path = self.path(role).unwrap_or_default();
        path.iter().rev().fold(Invalid::from(problem), |invalid, name| invalid.at_field(name))
    }
}

/// Refuses a table whose members could not be told apart.
const fn check(places: &[(Role, Path)]) {
    let mut i = 0;
    while i < places.len() {
        let (role, path) = places[i];
        assert!(!path.is_empty(), "a role has an empty path");
        let mut j = 0;
        while j < i {
            assert!(places[j].0 as usize != role as usize, "a role stands twice");
            assert!(!clash(places[j].1, path), "two roles stand in the same place, or one inside the other");
            j += 1;
        }
        i += 1;
    }
}

/// Refuses what cannot be a CloudEvent.
const fn check_attributes(places: &[(Role, Path)]) {
    let mut needed = 0;
    let mut i = 0;
    while i < places.len() {
        let (role, path) = places[i];
        assert!(path.len() == 1, "an attribute has no members");
        let name = path[0].as_bytes();
        assert!(!name.is_empty(), "an attribute has no name");
        let mut j = 0;
        while j < name.len() {
            let fits = name[j].is_ascii_lowercase() || name[j].is_ascii_digit();
            assert!(fits, "the name of an attribute consists of lower case letters and digits");
            j += 1;
        }
        let mut j = 0;
        while j < MEMBERS.len() {
            assert!(!equal(name, MEMBERS[j].as_bytes()), "the attribute has a meaning of its own");
            j += 1;
        }
        if matches!(role, Role::Id | Role::Source | Role::Type | Role::Data) {
            needed += 1;
        }
        i += 1;
    }
    assert!(needed == 4, "a CloudEvent needs the roles id, source, type and data");
}

/// Whether one path is the other or lies inside it.
const fn clash(a: &[&str], b: &[&str]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() {
        if !equal(a[i].as_bytes(), b[i].as_bytes()) {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn members_that_could_not_be_told_apart_are_refused() {
        let tables: [&'static [(Role, Path)]; 5] = [
            &[(Role::Id, &[])],
            &[(Role::Id, &["a"]), (Role::Id, &["b"])],
            &[(Role::Id, &["a"]), (Role::Type, &["a"])],
            &[(Role::Id, &["a"]), (Role::Type, &["a", "b"])],
            &[(Role::Id, &["a", "b", "c"]), (Role::Type, &["a", "b"])],
        ];
        for table in tables {
            assert!(catch_unwind(|| Profile::new("x", table)).is_err(), "{table:?}");
        }
        let fine = Profile::new("x", &[(Role::Id, &["a", "b"]), (Role::Type, &["a", "bc"]), (Role::User, &["ab"])]);
        assert_eq!((fine.path(Role::User), fine.path(Role::Time)), (Some(&["ab"][..]), None));
        let at = fine.at(Role::Type, Problem::Missing).to_string();
        assert_eq!((at.as_str(), fine.name(), fine.places().len()), ("a.bc: is missing", "x", 3));
    }

    #[test]
    fn a_cloud_event_has_four_roles_and_plain_names() {
        let tables: [&'static [(Role, Path)]; 4] = [
            &[(Role::Id, &["id"]), (Role::Type, &["type"]), (Role::Data, &["data"])],
            &[(Role::Id, &["id"]), (Role::Type, &["type"]), (Role::Source, &["Source"]), (Role::Data, &["data"])],
            &[(Role::Id, &["id"]), (Role::Type, &["type"]), (Role::Source, &["a", "b"]), (Role::Data, &["data"])],
            &[(Role::Id, &["id"]), (Role::Type, &["type"]), (Role::Source, &[""]), (Role::Data, &["data"])],
        ];
        for table in tables {
            assert!(catch_unwind(|| Profile::cloud_events("x", table)).is_err(), "{table:?}");
        }
    }
}
