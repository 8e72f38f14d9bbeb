//! CloudEvents 1.0: the profile of its JSON (structured mode), the rules that hold beyond a profile, and its form in HTTP headers
//! (binary mode). Only JSON data is read; nothing here speaks HTTP.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Envelope, EnvelopeError, Profile, Role, percent,
    read::Opened,
    write::{self, Value},
};
use crate::{Events, Invalid, Problem, Reader, Writer, parse_bytes};

/// CloudEvents 1.0. In [`Envelope::read`] and [`Envelope::write`] it is the structured mode, whose content type is
/// [`CLOUD_EVENTS_JSON`].
///
/// The aggregate is the `subject`, and the schema's URL is `dataschema`. `correlationid`, `causationid` and `sequence` are the
/// extensions of these names (a `sequence` is padded with zeros, since it must be in order as text); `schemaversion`,
/// `aggregatetype` and `userid` are our own.
pub static CLOUD_EVENTS: Profile = Profile::cloud_events(
    "cloudevents",
    &[
        (Role::Id, &["id"]),
        (Role::Source, &["source"]),
        (Role::Type, &["type"]),
        (Role::AggregateId, &["subject"]),
        (Role::Time, &["time"]),
        (Role::SchemaUrl, &["dataschema"]),
        (Role::SchemaVersion, &["schemaversion"]),
        (Role::AggregateType, &["aggregatetype"]),
        (Role::Sequence, &["sequence"]),
        (Role::CorrelationId, &["correlationid"]),
        (Role::CausationId, &["causationid"]),
        (Role::User, &["userid"]),
        (Role::Data, &["data"]),
    ],
);

/// The content type of a CloudEvent in structured mode.
pub const CLOUD_EVENTS_JSON: &str = "application/cloudevents+json";

/// The content type of its data.
const JSON: &str = "application/json";

/// The version of CloudEvents.
const SPEC_VERSION: &str = "1.0";

/// A CloudEvent in binary mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinaryMessage {
    /// `content-type` and the `ce-` headers: names in lower case, values encoded as HTTP needs them.
    pub headers: BTreeMap<String, String>,
    /// The data.
    pub body: Vec<u8>,
}

impl<T: Events> Envelope<T> {
    /// Writes a CloudEvent in binary mode. `profile` is [`CLOUD_EVENTS`], or another made by [`Profile::cloud_events`].
    ///
    /// # Errors
    /// As [`Envelope::write`].
    pub fn write_binary(&self, profile: &Profile) -> Result<BinaryMessage, EnvelopeError> {
        let body = self.data.encode()?;
        let message = self.outgoing(&body, self.data.version());
        is_cloud_events(profile)?;
        message.check(profile)?;
        let mut headers = BTreeMap::from([("ce-specversion".to_owned(), SPEC_VERSION.to_owned())]);
        headers.insert("content-type".to_owned(), JSON.to_owned());
        for (role, path) in profile.places() {
            let text = match message.value(*role) {
                None | Some(Value::Json(_)) => continue,
                Some(Value::Text(text)) => percent::encode(text),
                Some(Value::Number(number)) => padded(*number),
                Some(Value::Version(version)) => write::version_text(profile, *version),
                Some(Value::Time(time)) => time.to_string(),
            };
            headers.insert(format!("ce-{}", path[0]), text);
        }
        Ok(BinaryMessage { headers, body })
    }

    /// Reads a CloudEvent from an HTTP message, in binary or structured mode as its content type says. Headers that have nothing to
    /// do with it are ignored, and the case of their names never matters.
    ///
    /// # Errors
    /// As [`Envelope::read`]; and a content type of something else.
    pub fn read_http<N: AsRef<str>, V: AsRef<[u8]>>(
        profile: &Profile,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &[u8],
    ) -> Result<Self, EnvelopeError> {
        is_cloud_events(profile)?;
        let mut opened = Opened::new();
        let mut spec_version = None;
        let mut content_type = None;
        for (name, value) in headers {
            let name = name.as_ref().to_ascii_lowercase();
            if name == "content-type" {
                content_type = Some(String::from_utf8_lossy(value.as_ref()).into_owned());
            } else if let Some(name) = name.strip_prefix("ce-") {
                header(profile, name, value.as_ref(), &mut opened, &mut spec_version)
                    .map_err(|source| EnvelopeError::Invalid { profile: profile.name(), source })?;
            }
        }
        match content_type {
            Some(found) if is(&found, |media| media == CLOUD_EVENTS_JSON) => return Self::read(profile, body),
            // Another format of CloudEvents, or data that is not JSON.
            Some(found) if !is_json(&found) || is(&found, |media| media.starts_with("application/cloudevents")) => {
                return Err(EnvelopeError::ContentType { found });
            }
            _ => opened.data = Some(Cow::Borrowed(body)),
        }
        check_spec_version(spec_version.as_deref())
            .map_err(|source| EnvelopeError::Invalid { profile: profile.name(), source })?;
        Self::open(profile, opened.complete(profile)?)
    }
}

/// Reads the header `ce-{name}`.
fn header(
    profile: &Profile,
    name: &str,
    value: &[u8],
    opened: &mut Opened<'_>,
    spec_version: &mut Option<String>,
) -> Result<(), Invalid> {
    if name == "specversion" {
        return match spec_version.replace(percent::decode(value).map_err(|e| Invalid::from(e).at_field("specversion"))?)
        {
            Some(_) => Err(Invalid::from(Problem::DuplicateKey).at_field("specversion")),
            None => Ok(()),
        };
    }
    let Some((role, path)) = profile.places().iter().find(|(role, path)| path[0] == name && *role != Role::Data) else {
        return Ok(());
    };
    let read = if opened.has(*role) {
        Err(Problem::DuplicateKey)
    } else {
        percent::decode(value).and_then(|text| opened.text(*role, profile, &text))
    };
    read.map_err(|problem| Invalid::from(problem).at_field(path[0]))
}

fn is_cloud_events(profile: &Profile) -> Result<(), EnvelopeError> {
    if profile.is_cloud_events() { Ok(()) } else { Err(EnvelopeError::NotCloudEvents { profile: profile.name() }) }
}

/// Checks the text of an attribute: not empty, and without control characters.
pub(super) fn attribute(text: &str) -> Result<(), Problem> {
    let fits = !text.is_empty() && !text.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Problem::bad_text(text, "a text of one or more printable characters")) }
}

/// A sequence number that is in order as text.
pub(super) fn padded(number: u64) -> String {
    format!("{number:020}")
}

/// A sequence number, padded or not.
pub(super) fn sequence(text: &str) -> Result<u64, Problem> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.ok_or_else(|| Problem::bad_text(text, "a sequence number such as 00000000000000000001"))
}

fn check_spec_version(found: Option<&str>) -> Result<(), Invalid> {
    let problem = match found {
        Some(SPEC_VERSION) => return Ok(()),
        Some(other) => Problem::bad_text(other, "a version of CloudEvents that is known, which is 1.0"),
        None => Problem::Missing,
    };
    Err(Invalid::from(problem).at_field("specversion"))
}

/// What a content type says without its parameters.
fn is(content_type: &str, fits: impl FnOnce(&str) -> bool) -> bool {
    let media = content_type.split(';').next().unwrap_or_default();
    fits(&media.trim().to_ascii_lowercase())
}

/// `application/json`, `text/json`, `application/vnd.order+json`.
fn is_json(content_type: &str) -> bool {
    is(content_type, |media| {
        media.split_once('/').is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
    })
}

/// Writes what a CloudEvent begins with.
pub(super) fn begin(w: &mut Writer) {
    for (key, value) in [("specversion", SPEC_VERSION), ("datacontenttype", JSON)] {
        w.key(key);
        w.string(value);
    }
}

/// The members of structured mode that have no role.
#[derive(Default)]
pub(super) struct Members {
    spec_version: Option<String>,
    content_type: Option<String>,
    data: Option<Vec<u8>>,
}

/// Their names.
pub(super) const MEMBERS: [&str; 3] = ["specversion", "datacontenttype", "data_base64"];

impl Members {
    pub(super) fn take(&mut self, key: &str, r: &mut Reader<'_>) -> Result<(), Invalid> {
        if r.null()? {
            return Ok(());
        }
        match key {
            "specversion" => self.spec_version = Some(r.string()?),
            "datacontenttype" => self.content_type = Some(r.string()?),
            _ => self.data = Some(r.text(parse_bytes)?.0),
        }
        Ok(())
    }

    /// Checks them, and takes the data from them if it is here.
    pub(super) fn check(self, opened: &mut Opened<'_>) -> Result<(), Invalid> {
        check_spec_version(self.spec_version.as_deref())?;
        if let Some(found) = self.content_type.filter(|found| !is_json(found)) {
            let problem = Problem::bad_text(&found, "a content type of JSON such as application/json");
            return Err(Invalid::from(problem).at_field("datacontenttype"));
        }
        match self.data {
            Some(_) if opened.data.is_some() => Err(Invalid::from(Problem::DuplicateKey).at_field("data")),
            Some(data) => {
                opened.data = Some(Cow::Owned(data));
                Ok(())
            }
            None => Ok(()),
        }
    }
}
