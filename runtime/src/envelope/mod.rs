//! Envelopes: what a message says beside its data, typed, and in whatever JSON a [`Profile`] describes. The data comes in through
//! [`Events::decode`] and by no other way. Nothing here sends, stores, or asks a clock.
//!
//! ```text
//! profile.rs       role -> path             role.rs   what a member means
//! read.rs          JSON -> roles            write.rs  roles -> JSON
//! cloud_events.rs  the profile of CloudEvents, and its form in the headers of HTTP (percent.rs)
//! ```

mod cloud_events;
mod error;
mod percent;
mod profile;
mod read;
mod role;
#[cfg(test)]
mod tests;
mod write;

pub use cloud_events::{BinaryMessage, CLOUD_EVENTS, CLOUD_EVENTS_JSON};
pub use error::EnvelopeError;
pub use profile::{Profile, VersionForm};
pub use role::Role;

use crate::{DecodeError, Events, Timestamp, Version};
use read::Opened;
use write::{Outgoing, Value};

/// An event with what is said about it.
///
/// What the profile of a message has no place for is `None` when it is read, and left out when it is written. Where the profile
/// has a place for them, `id` and `time` are always there after reading, and must be there to write.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope<T> {
    /// Identifies this one message.
    pub id: Option<String>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The service that says so.
    pub source: Option<String>,
    /// The aggregate that it happened to.
    pub aggregate_id: Option<String>,
    /// What kind of aggregate that is.
    pub aggregate_type: Option<String>,
    /// Its place among the events of its aggregate. Has nothing to do with the schema.
    pub sequence: Option<u64>,
    /// The version that the data was read in, before it was upcast. What is written is always the version of `data`.
    pub schema_version: Version,
    /// Where the schema of that version is. Written as long as the data is still of that version, and else the event's own.
    pub schema_url: Option<String>,
    /// What everything has in common that one request set off.
    pub correlation_id: Option<String>,
    /// The identifier of what set this off.
    pub causation_id: Option<String>,
    /// Who set it off.
    pub user: Option<String>,
    /// The event.
    pub data: T,
}

impl<T: Events> Envelope<T> {
    /// An event that happened at `time`. Nothing else is known of it but its schema.
    pub fn new(id: impl Into<String>, time: Timestamp, data: T) -> Self {
        let url = data.schema_id().map(str::to_owned);
        let about = Envelope { id: Some(id.into()), time: Some(time), schema_url: url, ..Envelope::empty() };
        Envelope { schema_version: data.version(), ..about.map(|()| data) }
    }

    /// Reads a message. A version that is not given is the profile's default.
    ///
    /// Unknown members are ignored, and `null` is the same as absent.
    ///
    /// # Errors
    /// An envelope that is not one of the profile, or data that [`Events::decode`] refuses.
    pub fn read(profile: &Profile, json: &[u8]) -> Result<Self, EnvelopeError> {
        Self::open(profile, read::json(profile, json)?)
    }

    /// Reads a message as every event of the set that its data became: see [`Events::decode_all`]. All of them have what the
    /// envelope says, its identifier too.
    ///
    /// # Errors
    /// An envelope that is not one of the profile, or data that [`Events::decode_all`] refuses.
    pub fn read_all(profile: &Profile, json: &[u8]) -> Result<Vec<Self>, EnvelopeError> {
        let opened = read::json(profile, json)?;
        let about = opened.about.clone();
        let (version, all) = Self::door(profile, opened, T::decode_all)?;
        Ok(all.into_iter().map(|data| Envelope { schema_version: version, ..about.clone().map(|()| data) }).collect())
    }

    /// Writes a message, its members in the order of the profile. What the profile has no place for is left out.
    ///
    /// # Errors
    /// Something that the profile needs is missing, or the profile has no place for a version that readers need.
    pub fn write(&self, profile: &Profile) -> Result<Vec<u8>, EnvelopeError> {
        let data = self.data.encode()?;
        write::json(profile, &self.outgoing(&data, self.data.version()))
    }

    /// Writes a message in an older version, such as `v1.0`, for readers that know no newer one: under the name that the event
    /// had then, and with the URL of a schema only where one of that version was read.
    ///
    /// # Errors
    /// As [`Envelope::write`]; and what [`Events::encode_as`] refuses.
    pub fn write_as(&self, profile: &Profile, version: &str) -> Result<Vec<u8>, EnvelopeError> {
        let data = self.data.encode_as(version)?;
        // What was written just now has a version.
        let version = version.parse().unwrap_or(self.data.version());
        write::json(profile, &self.outgoing(&data, version))
    }

    /// The data of what was read, through the only door.
    fn open(profile: &Profile, mut opened: Opened<'_>) -> Result<Self, EnvelopeError> {
        let about = std::mem::replace(&mut opened.about, Envelope::empty());
        let (version, data) = Self::door(profile, opened, T::decode)?;
        Ok(Envelope { schema_version: version, ..about.map(|()| data) })
    }

    /// The version and the data, by one of the two ways to decode it.
    fn door<D>(
        profile: &Profile,
        opened: Opened<'_>,
        decode: fn(&str, &str, &[u8]) -> Result<D, DecodeError>,
    ) -> Result<(Version, D), EnvelopeError> {
        let Opened { name, version, data, .. } = opened;
        let unversioned = profile.default_version();
        let version = version.unwrap_or_else(|| unversioned.to_string());
        let data = decode(&name.unwrap_or_default(), &version, &data.unwrap_or_default())?;
        Ok((version.parse().unwrap_or(unversioned), data))
    }

    fn outgoing<'a>(&'a self, data: &'a [u8], version: Version) -> Outgoing<'a> {
        let own_url = || self.data.schema_id().filter(|_| version == self.data.version());
        let name = self.data.name_in(version);
        let url = self.schema_url.as_deref().filter(|_| self.schema_version == version).or_else(own_url);
        let texts = [
            (Role::Id, self.id.as_deref()),
            (Role::Type, Some(name)),
            (Role::Source, self.source.as_deref()),
            (Role::AggregateId, self.aggregate_id.as_deref()),
            (Role::AggregateType, self.aggregate_type.as_deref()),
            (Role::SchemaUrl, url),
            (Role::CorrelationId, self.correlation_id.as_deref()),
            (Role::CausationId, self.causation_id.as_deref()),
            (Role::User, self.user.as_deref()),
        ];
        let mut values = [const { None }; Role::COUNT];
        for (role, text) in texts {
            values[role as usize] = text.map(Value::Text);
        }
        values[Role::Time as usize] = self.time.as_ref().map(Value::Time);
        values[Role::Sequence as usize] = self.sequence.map(Value::Number);
        values[Role::SchemaVersion as usize] = Some(Value::Version(version));
        values[Role::Data as usize] = Some(Value::Json(data));
        Outgoing { name, version, values }
    }
}

impl<T> Envelope<T> {
    /// The same, set off by `cause`: in the same correlation (which the cause begins if it stands in none), with the cause's
    /// identifier as its causation.
    ///
    /// ```
    /// # use isobar::{DecodeError, EncodeError, Envelope, Events, Version};
    /// # #[derive(Clone)]
    /// # struct Placed;
    /// # impl Events for Placed {
    /// #     const NAMES: &'static [&'static str] = &["Placed"];
    /// #     fn decode(_: &str, _: &str, _: &[u8]) -> Result<Self, DecodeError> { Ok(Self) }
    /// #     fn encode(&self) -> Result<Vec<u8>, EncodeError> { Ok(b"{}".to_vec()) }
    /// #     fn name(&self) -> &'static str { "Placed" }
    /// #     fn version(&self) -> Version { Version::new(1, 0) }
    /// # }
    /// # let (time, placed, paid, shipped) = (isobar::Timestamp::UNIX_EPOCH, Placed, Placed, Placed);
    /// let placed = Envelope::new("evt_1", time, placed);
    /// let paid = Envelope::new("evt_2", time, paid).caused_by(&placed);
    /// let shipped = Envelope::new("evt_3", time, shipped).caused_by(&paid);
    /// assert_eq!(shipped.correlation_id.as_deref(), Some("evt_1"));
    /// assert_eq!(shipped.causation_id.as_deref(), Some("evt_2"));
    /// ```
    #[must_use]
    pub fn caused_by<C>(self, cause: &Envelope<C>) -> Self {
        let correlation_id = cause.correlation_id.clone().or_else(|| cause.id.clone());
        Self { correlation_id, causation_id: cause.id.clone(), ..self }
    }

    /// The same about other data, such as an event as one of its aggregate's.
    pub fn map<U>(self, data: impl FnOnce(T) -> U) -> Envelope<U> {
        Envelope {
            id: self.id,
            time: self.time,
            source: self.source,
            aggregate_id: self.aggregate_id,
            aggregate_type: self.aggregate_type,
            sequence: self.sequence,
            schema_version: self.schema_version,
            schema_url: self.schema_url,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            user: self.user,
            data: data(self.data),
        }
    }
}

impl Envelope<()> {
    fn empty() -> Self {
        Envelope {
            id: None,
            time: None,
            source: None,
            aggregate_id: None,
            aggregate_type: None,
            sequence: None,
            schema_version: Version::new(1, 0),
            schema_url: None,
            correlation_id: None,
            causation_id: None,
            user: None,
            data: (),
        }
    }

    /// Where the text of a role is kept; `None` for roles that are no texts, and for those that are about the data.
    fn text(&mut self, role: Role) -> Option<&mut Option<String>> {
        match role {
            Role::Id => Some(&mut self.id),
            Role::Source => Some(&mut self.source),
            Role::AggregateId => Some(&mut self.aggregate_id),
            Role::AggregateType => Some(&mut self.aggregate_type),
            Role::SchemaUrl => Some(&mut self.schema_url),
            Role::CorrelationId => Some(&mut self.correlation_id),
            Role::CausationId => Some(&mut self.causation_id),
            Role::User => Some(&mut self.user),
            Role::Type | Role::Time | Role::Sequence | Role::SchemaVersion | Role::Data => None,
        }
    }
}
