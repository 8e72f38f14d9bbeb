//! Roles to JSON, each at its path. What is written is what `read.rs` finds again.

use super::{EnvelopeError, Profile, Role, VersionForm, cloud_events, profile::Path};
use crate::{Invalid, Problem, Reader, Timestamp, Version, Writer};

/// A message to be written.
pub(super) struct Outgoing<'a> {
    /// The event on the wire.
    pub(super) name: &'static str,
    /// The version of the data.
    pub(super) version: Version,
    /// The value of each role, by its place in the type.
    pub(super) values: [Option<Value<'a>>; Role::COUNT],
}

/// The value of a role.
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(u64),
    Time(&'a Timestamp),
    Version(Version),
    Json(&'a [u8]),
}

impl<'a> Outgoing<'a> {
    pub(super) fn value(&self, role: Role) -> Option<&Value<'a>> {
        self.values[role as usize].as_ref()
    }

    /// Checks that the profile can say what its readers need.
    pub(super) fn check(&self, profile: &Profile) -> Result<(), EnvelopeError> {
        let name = profile.name();
        if profile.path(Role::Type).is_none() {
            return Err(EnvelopeError::NoPlace { profile: name, role: Role::Type });
        }
        let read_as = profile.default_version();
        if profile.path(Role::SchemaVersion).is_none() && self.version.major != read_as.major {
            return Err(EnvelopeError::Unversioned { profile: name, name: self.name, version: self.version, read_as });
        }
        for (role, _) in profile.places() {
            let problem = match self.value(*role) {
                None if profile.required().contains(role) => Some(Problem::Missing),
                Some(Value::Text(text)) if profile.is_cloud_events() => cloud_events::attribute(text).err(),
                _ => None,
            };
            if let Some(problem) = problem {
                return Err(EnvelopeError::Invalid { profile: name, source: profile.at(*role, problem) });
            }
        }
        Ok(())
    }
}

/// Writes a message.
pub(super) fn json(profile: &Profile, message: &Outgoing<'_>) -> Result<Vec<u8>, EnvelopeError> {
    message.check(profile)?;
    let mut w = Writer::new();
    w.begin_object();
    if profile.is_cloud_events() {
        cloud_events::begin(&mut w);
    }
    members(profile, &[], message, &mut w);
    if profile.path(Role::Data).is_none() {
        w.members(fields(profile, message)?);
    }
    w.end_object();
    Ok(w.finish()?)
}

/// Writes the members of the object at the path `outer`. Where several lead into one object, the first says where it stands,
/// whether it is there or not.
fn members(profile: &Profile, outer: Path, message: &Outgoing<'_>, w: &mut Writer) {
    let depth = outer.len();
    let all: Vec<&(Role, Path)> = profile.places().iter().filter(|(_, path)| path.starts_with(outer)).collect();
    for (i, (role, path)) in all.iter().enumerate() {
        let key = path[depth];
        let inside = |(_, path): &&&(Role, Path)| path[depth] == key;
        if path.len() == depth + 1 {
            if let Some(value) = message.value(*role) {
                w.key(key);
                self::value(profile, value, w);
            }
        } else if !all[..i].iter().any(|it| inside(&it))
            && all.iter().filter(inside).any(|(role, _)| message.value(*role).is_some())
        {
            w.key(key);
            w.begin_object();
            members(profile, &path[..=depth], message, w);
            w.end_object();
        }
    }
}

fn value(profile: &Profile, value: &Value<'_>, w: &mut Writer) {
    match value {
        Value::Text(text) => w.string(text),
        Value::Number(number) if profile.is_cloud_events() => w.string(&cloud_events::padded(*number)),
        Value::Number(number) => w.u64(*number),
        Value::Time(time) => w.timestamp(time),
        Value::Version(version) if profile.form() == VersionForm::Major => w.u32(version.major),
        Value::Version(version) => w.string(&version_text(profile, *version)),
        Value::Json(json) => w.raw(json),
    }
}

/// A version as text.
pub(super) fn version_text(profile: &Profile, version: Version) -> String {
    let Version { major, minor } = version;
    match profile.form() {
        VersionForm::Plain => format!("{major}.{minor}"),
        VersionForm::Prefixed => version.to_string(),
        VersionForm::Major => major.to_string(),
    }
}

/// The fields of the data without the braces around them, if none has the name of a member of the envelope.
fn fields<'a>(profile: &Profile, message: &Outgoing<'a>) -> Result<&'a [u8], EnvelopeError> {
    let Some(Value::Json(data)) = message.value(Role::Data) else {
        return Ok(&[]);
    };
    let member = |key: &str| profile.places().iter().map(|(_, path)| path[0]).find(|member| *member == key);
    let clash = || -> Result<Option<&'static str>, Invalid> {
        let mut r = Reader::new(data);
        r.begin_object()?;
        r.next_member(member)
    };
    match clash() {
        Err(source) => Err(EnvelopeError::Invalid { profile: profile.name(), source }),
        Ok(Some(member)) => Err(EnvelopeError::Clash { profile: profile.name(), name: message.name, member }),
        Ok(None) => {
            let fields = data.trim_ascii().strip_prefix(b"{").and_then(|data| data.strip_suffix(b"}"));
            Ok(fields.unwrap_or_default().trim_ascii())
        }
    }
}
