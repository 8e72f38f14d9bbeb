//! JSON to roles, in one pass and without a tree. The data is only found here, never read.

use std::borrow::Cow;

use super::{Envelope, EnvelopeError, Profile, Role, cloud_events, profile::Path};
use crate::{Invalid, Problem, Reader};

/// A message whose data has not been read yet.
pub(super) struct Opened<'a> {
    pub(super) about: Envelope<()>,
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) data: Option<Cow<'a, [u8]>>,
}

impl<'a> Opened<'a> {
    pub(super) fn new() -> Self {
        Self { about: Envelope::empty(), name: None, version: None, data: None }
    }

    /// Reads the value that `r` stands before.
    fn take(&mut self, role: Role, profile: &Profile, r: &mut Reader<'a>) -> Result<(), Invalid> {
        if role == Role::Data {
            self.data = Some(Cow::Borrowed(r.raw()?));
            return Ok(());
        }
        if r.null()? {
            return Ok(());
        }
        match role {
            Role::Time => self.about.time = Some(r.timestamp()?),
            Role::SchemaVersion => self.version = Some(r.text_or_number("a version")?),
            Role::Sequence if profile.is_cloud_events() => {
                self.text(role, profile, &r.text_or_number("a sequence number")?)?
            }
            Role::Sequence => self.about.sequence = Some(r.u64()?),
            _ => r.text(|text| self.text(role, profile, text))?,
        }
        Ok(())
    }

    /// Takes a value that is given as text.
    pub(super) fn text(&mut self, role: Role, profile: &Profile, text: &str) -> Result<(), Problem> {
        if profile.is_cloud_events() {
            cloud_events::attribute(text)?;
        }
        match role {
            Role::Type => self.name = Some(text.to_owned()),
            Role::SchemaVersion => self.version = Some(text.to_owned()),
            Role::Time => self.about.time = Some(crate::parse_timestamp(text)?),
            Role::Sequence => self.about.sequence = Some(cloud_events::sequence(text)?),
            _ => {
                if let Some(slot) = self.about.text(role) {
                    *slot = Some(text.to_owned());
                }
            }
        }
        Ok(())
    }

    /// Whether the role was there.
    pub(super) fn has(&mut self, role: Role) -> bool {
        match role {
            Role::Type => self.name.is_some(),
            Role::Time => self.about.time.is_some(),
            Role::Sequence => self.about.sequence.is_some(),
            Role::SchemaVersion => self.version.is_some(),
            Role::Data => self.data.is_some(),
            _ => self.about.text(role).is_some_and(|text| text.is_some()),
        }
    }

    /// Checks that nothing is missing that the profile has a place for.
    pub(super) fn complete(mut self, profile: &Profile) -> Result<Self, EnvelopeError> {
        if profile.path(Role::Type).is_none() {
            return Err(EnvelopeError::NoPlace { profile: profile.name(), role: Role::Type });
        }
        for (role, _) in profile.places() {
            if profile.required().contains(role) && !self.has(*role) {
                let source = profile.at(*role, Problem::Missing);
                return Err(EnvelopeError::Invalid { profile: profile.name(), source });
            }
        }
        Ok(self)
    }
}

/// Finds the roles of a message.
pub(super) fn json<'a>(profile: &Profile, json: &'a [u8]) -> Result<Opened<'a>, EnvelopeError> {
    let mut opened = Opened::new();
    let mut whole = || {
        let mut r = Reader::new(json);
        let mut cloud = cloud_events::Members::default();
        object(profile, &[], &mut r, &mut opened, &mut cloud)?;
        r.finish()?;
        if profile.is_cloud_events() { cloud.check(&mut opened) } else { Ok(()) }
    };
    whole().map_err(|source| EnvelopeError::Invalid { profile: profile.name(), source })?;
    if profile.path(Role::Data).is_none() {
        opened.data = Some(Cow::Borrowed(json));
    }
    opened.complete(profile)
}

/// Reads an object of the envelope: the one at the path `outer`.
fn object<'a>(
    profile: &Profile,
    outer: Path,
    r: &mut Reader<'a>,
    opened: &mut Opened<'a>,
    cloud: &mut cloud_events::Members,
) -> Result<(), Invalid> {
    let (depth, places) = (outer.len(), profile.places());
    let is_here = |path: Path, key: &str| path.len() > depth && path.starts_with(outer) && path[depth] == key;
    // One bit for each member of this object: that of the first place that it leads to.
    let mut seen = 0_u32;
    r.begin_object()?;
    while let Some(at) = r.next_member(|key| match places.iter().position(|(_, path)| is_here(path, key)) {
        None if profile.is_cloud_events() => {
            cloud_events::MEMBERS.iter().position(|it| *it == key).map(|at| places.len() + at)
        }
        at => at,
    })? {
        let twice = seen & (1 << at) != 0;
        seen |= 1 << at;
        let place = places.get(at);
        let key = place.map_or_else(|| cloud_events::MEMBERS[at - places.len()], |(_, path)| path[depth]);
        let read = match place {
            _ if twice => Err(Problem::DuplicateKey.into()),
            None => cloud.take(key, r),
            Some((role, path)) if path.len() == depth + 1 => opened.take(*role, profile, r),
            Some((_, path)) => match r.null() {
                Ok(false) => object(profile, &path[..=depth], r, opened, cloud),
                null => null.map(drop),
            },
        };
        read.map_err(|e| e.at_field(key))?;
    }
    Ok(())
}
