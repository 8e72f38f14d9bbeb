//! What is written is read again, whatever the profile; what is not an envelope is refused with its path.

mod cloud_events;

use super::*;
use crate::{
    Decode, DecodeError, Encode, EncodeError, Event, Invalid, Reader, Writer, decode_event, decode_payload,
    encode_payload, parse_timestamp, required, unknown_name, unknown_version,
};
use proptest::prelude::*;

/// As generated: the first major had no quantity.
#[derive(Clone, Debug, PartialEq)]
struct Placed {
    order: String,
    quantity: i64,
}

impl Decode for Placed {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        const KEYS: &[&str] = &["order", "quantity"];
        let (mut order, mut quantity) = (None, None);
        r.begin_object()?;
        while let Some(key) = r.next_key(KEYS)? {
            match key {
                0 => r.member(KEYS[0], &mut order, |r| r.string())?,
                _ => r.member(KEYS[1], &mut quantity, |r| r.i64())?,
            }
        }
        Ok(Self { order: required(KEYS[0], order)?, quantity: quantity.unwrap_or(1) })
    }
}

impl Encode for Placed {
    fn encode(&self, w: &mut Writer) {
        w.begin_object();
        w.key("order");
        w.string(&self.order);
        w.key("quantity");
        w.i64(self.quantity);
        w.end_object();
    }
}

impl Event for Placed {
    const NAME: &'static str = "shop.Placed";
    const WIRE_NAME: &'static str = "Placed";
    const VERSION: Version = Version::new(2, 0);
    const KNOWN: &'static [Version] = &[Version::new(1, 0), Version::new(2, 0)];

    fn decode_version(version: Version, payload: &[u8]) -> Result<Self, DecodeError> {
        match version.major {
            1 | 2 => decode_payload("shop.Placed", version, payload),
            _ => Err(unknown_version("shop.Placed", version, Self::KNOWN)),
        }
    }
}

impl Events for Placed {
    const NAMES: &'static [&'static str] = &["Placed", "shop.Placed"];

    fn decode(name: &str, version: &str, payload: &[u8]) -> Result<Self, DecodeError> {
        match name {
            "Placed" | "shop.Placed" => decode_event(version, payload),
            _ => Err(unknown_name(name, Self::NAMES)),
        }
    }

    fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        encode_payload(self)
    }

    fn name(&self) -> &'static str {
        Self::WIRE_NAME
    }

    fn version(&self) -> Version {
        Self::VERSION
    }

    fn schema_id(&self) -> Option<&'static str> {
        Some("urn:isobar:shop:shop.Placed:v2.0")
    }
}

static DOMAIN: Profile = Profile::new(
    "domain",
    &[
        (Role::Type, &["eventType"]),
        (Role::Id, &["eventId"]),
        (Role::CorrelationId, &["metadata", "correlationId"]),
        (Role::Time, &["timestamp"]),
        (Role::Sequence, &["version"]),
        (Role::SchemaVersion, &["metadata", "schema", "version"]),
        (Role::Data, &["data"]),
        (Role::User, &["metadata", "userId"]),
        (Role::SchemaUrl, &["metadata", "schema", "url"]),
    ],
);

/// The payload's members stand beside the envelope's, as in a class that is serialized whole.
static FLAT: Profile = Profile::new("flat", &[(Role::Type, &["eventType"]), (Role::SchemaVersion, &["version"])])
    .version_form(VersionForm::Major);

fn placed() -> Placed {
    Placed { order: "order_1".into(), quantity: 2 }
}

fn time() -> Timestamp {
    parse_timestamp("2024-01-15T10:30:00Z").unwrap()
}

fn written(envelope: &Envelope<Placed>, profile: &Profile) -> String {
    String::from_utf8(envelope.write(profile).unwrap()).unwrap()
}

fn refused(profile: &Profile, json: &str) -> String {
    Envelope::<Placed>::read(profile, json.as_bytes()).unwrap_err().to_string()
}

const DOCUMENT: &str = concat!(
    r#"{"eventType":"Placed","eventId":"evt_1","metadata":{"correlationId":"corr_1","schema":{"version":"2.0","#,
    r#""url":"urn:isobar:shop:shop.Placed:v2.0"},"userId":"user_1"},"timestamp":"2024-01-15T10:30:00Z","version":7,"#,
    r#""data":{"order":"order_1","quantity":2}}"#
);

#[test]
fn members_stand_at_their_paths_in_declared_order() {
    let envelope = Envelope {
        sequence: Some(7),
        correlation_id: Some("corr_1".into()),
        user: Some("user_1".into()),
        source: Some("nowhere to go".into()),
        ..Envelope::new("evt_1", time(), placed())
    };
    assert_eq!(written(&envelope, &DOMAIN), DOCUMENT);
    let read = Envelope::read(&DOMAIN, DOCUMENT.as_bytes()).unwrap();
    assert_eq!(read, Envelope { source: None, ..envelope });
    let few = Envelope { schema_url: None, ..Envelope::new("evt_1", time(), placed()) };
    let own = r#"{"schema":{"version":"2.0","url":"urn:isobar:shop:shop.Placed:v2.0"}}"#;
    assert!(written(&few, &DOMAIN).contains(&format!(r#""metadata":{own},"timestamp""#)), "the schema's own address");
}

#[test]
fn versions_are_read_in_every_form() {
    let of = |version: &str| {
        let json = DOCUMENT.replace(r#""version":"2.0""#, &format!(r#""version":{version}"#));
        Envelope::<Placed>::read(&DOMAIN, json.as_bytes()).map(|read| read.schema_version).map_err(|e| e.to_string())
    };
    let cases = [("1", (1, 0)), ("\"1.0\"", (1, 0)), ("\"v1.1\"", (1, 1)), ("2.1", (2, 1)), ("\"2\"", (2, 0))];
    for (version, (major, minor)) in cases {
        assert_eq!(of(version), Ok(Version::new(major, minor)), "{version}");
    }
    assert_eq!(of("null"), Ok(Version::new(1, 0)), "the default");
    for (version, shown) in [("3", "v3.0"), ("-1", "-1"), ("1e0", "1e0"), ("\"new\"", "new"), ("\"\"", "")] {
        let message = format!("shop.Placed has no version {shown:?}; known are v1.0, v2.0");
        assert_eq!(of(version), Err(message));
    }
    let path = "envelope domain: metadata.schema.version";
    assert_eq!(of("true"), Err(format!("{path}: expected a version, found a boolean")));
}

#[test]
fn a_version_that_is_not_given_is_the_default() {
    static BARE: Profile = Profile::new("bare", &[(Role::Type, &["type"]), (Role::Data, &["data"])]);
    let json = br#"{"type":"Placed","data":{"order":"order_1"}}"#;
    let old: Envelope<Placed> = Envelope::read(&BARE, json).unwrap();
    assert_eq!((old.schema_version, old.data.quantity, old.id.as_ref()), (Version::new(1, 0), 1, None));
    let refused = old.write(&BARE).unwrap_err();
    let message = "envelope bare: has no place for the version of Placed v2.0, which would be read as v1.0";
    assert_eq!(refused.to_string(), message);
    let second = BARE.unversioned(Version::new(2, 0));
    assert_eq!(written(&old, &second), r#"{"type":"Placed","data":{"order":"order_1","quantity":1}}"#);
    assert_eq!(Envelope::<Placed>::read(&second, json).unwrap().schema_version, Version::new(2, 0));
}

#[test]
fn an_address_is_kept_only_while_it_is_true() {
    let of = |version: &str| {
        let json = DOCUMENT.replace("urn:isobar:shop:shop.Placed:v2.0", "https://a.b/c").replace("2.0", version);
        let read: Envelope<Placed> = Envelope::read(&DOMAIN, json.as_bytes()).unwrap();
        assert_eq!(read.schema_url.as_deref(), Some("https://a.b/c"));
        written(&read, &DOMAIN)
    };
    assert!(of("2.0").contains(r#""version":"2.0","url":"https://a.b/c""#));
    assert!(of("1.0").contains(r#""version":"2.0","url":"urn:isobar:shop:shop.Placed:v2.0""#), "upcast");
}

#[test]
fn a_flat_envelope_shares_its_object_with_the_data() {
    let json = r#"{"eventType":"Placed","version":2,"order":"order_1","quantity":2}"#;
    let read: Envelope<Placed> = Envelope::read(&FLAT, json.as_bytes()).unwrap();
    assert_eq!((&read.data, read.schema_version), (&placed(), Version::new(2, 0)));
    assert_eq!(written(&read, &FLAT), json);
    static HIDES: Profile =
        Profile::new("hides", &[(Role::Type, &["type"]), (Role::SchemaVersion, &["v"]), (Role::User, &["order"])]);
    let message = "envelope hides: its member \"order\" would hide the field of that name of Placed";
    assert_eq!(read.write(&HIDES).unwrap_err().to_string(), message);
}

#[test]
fn what_is_not_an_envelope_is_told_with_its_path() {
    let table = [
        (r#""eventId":"evt_1","#, "", "eventId: is missing"),
        (r#""eventId":"evt_1","#, r#""eventId":null,"#, "eventId: is missing"),
        (r#""eventType":"Placed","#, "", "eventType: is missing"),
        (r#""timestamp":"2024-01-15T10:30:00Z","#, "", "timestamp: is missing"),
        (r#","data":{"order":"order_1","quantity":2}"#, "", "data: is missing"),
        (r#""evt_1""#, "1", "eventId: expected a string, found a number"),
        (
            "2024-01-15T",
            "2024-01-15 ",
            "timestamp: \"2024-01-15 10:30:00Z\" is not an RFC 3339 time such as 2026-01-31T08:30:00Z",
        ),
        (r#""version":7"#, r#""version":-7"#, "version: -7 is out of range for uint"),
        (r#""user_1""#, "[]", "metadata.userId: expected a string, found a list"),
        (r#"{"version":"2.0","#, r#"{"version":"2.0","version":1,"#, "metadata.schema.version: occurs twice"),
        (r#""version":7"#, r#""version":7,"metadata":{}"#, "metadata: occurs twice"),
        (r#""version":7"#, r#""version":7,"version":null"#, "version: occurs twice"),
        (r#""data":"#, r#""data":{},"data":"#, "data: occurs twice"),
    ];
    for (from, to, message) in table {
        let json = DOCUMENT.replacen(from, to, 1);
        assert_ne!(json, DOCUMENT, "{from}");
        assert_eq!(refused(&DOMAIN, &json), format!("envelope domain: {message}"));
    }
    assert_eq!(refused(&DOMAIN, "[]"), "envelope domain: expected an object, found a list");
    assert_eq!(refused(&DOMAIN, r#"{"metadata":1}"#), "envelope domain: metadata: expected an object, found a number");
    assert!(refused(&DOMAIN, &format!("{DOCUMENT} x")).starts_with("envelope domain: not JSON"));
    let other = DOCUMENT.replacen("Placed", "Paid", 1);
    assert_eq!(refused(&DOMAIN, &other), "\"Paid\" is not a known event; known are Placed, shop.Placed");
    let data = DOCUMENT.replace("order_1\"", "order_1\",\"quantity\":1");
    assert_eq!(refused(&DOMAIN, &data), "shop.Placed v2.0: quantity: occurs twice");
    static UNTYPED: Profile = Profile::new("untyped", &[(Role::Data, &["data"])]);
    assert_eq!(refused(&UNTYPED, "{}"), "envelope untyped: has no place for the role type");
    let nobody = Envelope { id: None, ..Envelope::new("", time(), placed()) };
    assert_eq!(nobody.write(&DOMAIN).unwrap_err().to_string(), "envelope domain: eventId: is missing");
}

#[test]
fn unknown_members_and_nulls_are_ignored() {
    let json = DOCUMENT
        .replace(r#""eventId""#, r#""extra":{"eventId":[1]},"eventId""#)
        .replace(r#""metadata":{"#, r#""metadata":{"version":{},"trace":null,"#)
        .replace(r#""user_1""#, "null");
    let read: Envelope<Placed> = Envelope::read(&DOMAIN, json.as_bytes()).unwrap();
    assert_eq!((read.user, read.correlation_id.as_deref()), (None, Some("corr_1")));
    let bare =
        DOCUMENT.replace(&DOCUMENT[DOCUMENT.find("{\"corr").unwrap()..DOCUMENT.find(",\"timestamp").unwrap()], "null");
    let read: Envelope<Placed> = Envelope::read(&DOMAIN, bare.as_bytes()).unwrap();
    assert_eq!((read.schema_version, read.correlation_id), (Version::new(1, 0), None));
}

const ROLES: [Role; 11] = [
    Role::Id,
    Role::Time,
    Role::Source,
    Role::AggregateId,
    Role::AggregateType,
    Role::Sequence,
    Role::SchemaVersion,
    Role::SchemaUrl,
    Role::CorrelationId,
    Role::CausationId,
    Role::User,
];

/// A profile with some of the roles, in any order, at paths that nest and never clash.
fn profile() -> impl Strategy<Value = Profile> {
    let name = prop::sample::select(vec!["a", "b", "c", "data", "meta data", "\"\u{e9}\\"]);
    let path = prop::collection::vec(name, 1..4);
    let form = prop::sample::select(vec![VersionForm::Plain, VersionForm::Prefixed, VersionForm::Major]);
    let roles = prop::sample::subsequence(ROLES.to_vec(), 0..=ROLES.len()).prop_shuffle();
    (roles, any::<bool>(), prop::collection::vec(path, Role::COUNT), form).prop_map(|(mut roles, flat, paths, form)| {
        roles.insert(0, Role::Type);
        roles.extend((!flat).then_some(Role::Data));
        let mut places: Vec<(Role, &'static [&'static str])> = Vec::new();
        for (role, path) in roles.into_iter().zip(paths) {
            if !places.iter().any(|(_, other)| other.starts_with(&path) || path.starts_with(other)) {
                places.push((role, path.leak()));
            }
        }
        places.reverse();
        Profile::new("random", places.leak()).version_form(form).unversioned(Placed::VERSION)
    })
}

prop_compose! {
    /// An envelope with something for every role.
    fn envelope()(
        texts in prop::collection::vec(prop::option::of(".*"), 9),
        (seconds, nanoseconds) in (-62_000_000_000_i64..253_000_000_000, 0_i32..1_000_000_000),
        sequence: Option<u64>,
        order: String,
        quantity: i64,
    ) -> Envelope<Placed> {
        let mut texts = texts.into_iter();
        let mut text = || texts.next().flatten();
        Envelope {
            source: text(),
            aggregate_id: text(),
            aggregate_type: text(),
            sequence,
            schema_url: Some(text().unwrap_or_default()),
            correlation_id: text(),
            causation_id: text(),
            user: text(),
            ..Envelope::new(
                text().unwrap_or_default(),
                Timestamp::new(seconds, nanoseconds).unwrap(),
                Placed { order, quantity },
            )
        }
    }
}

/// What a profile has no place for is lost.
fn through(profile: &Profile, envelope: Envelope<Placed>) -> Envelope<Placed> {
    let mut about = Envelope { schema_version: envelope.schema_version, ..Envelope::empty() };
    for role in ROLES.into_iter().filter(|role| profile.path(*role).is_some()) {
        let mut old = envelope.clone().map(|_| ());
        match (role, about.text(role)) {
            (_, Some(slot)) => *slot = old.text(role).unwrap().take(),
            (Role::Time, _) => about.time = envelope.time,
            (Role::Sequence, _) => about.sequence = envelope.sequence,
            _ => {}
        }
    }
    about.map(|()| envelope.data)
}

proptest! {
    #[test]
    fn what_is_written_is_read(profile in profile(), envelope in envelope()) {
        let json = envelope.write(&profile).unwrap();
        prop_assert_eq!(Envelope::read(&profile, &json), Ok(through(&profile, envelope.clone())));

        // And it stands where the profile says.
        let tree: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let at = |role| profile.path(role).map(|path| path.iter().try_fold(&tree, |tree, name| tree.get(name)));
        let name = at(Role::Type).unwrap();
        prop_assert_eq!(name, Some(&serde_json::json!("Placed")));
        for (role, text) in [(Role::Id, &envelope.id), (Role::User, &envelope.user), (Role::Source, &envelope.source)] {
            if let Some(found) = at(role) {
                prop_assert_eq!(found.and_then(|found| found.as_str()), text.as_deref());
            }
        }
        if let Some(found) = at(Role::Sequence) {
            prop_assert_eq!(found.and_then(|found| found.as_u64()), envelope.sequence);
        }
        let data = at(Role::Data).map_or(Some(&tree), |data| data).unwrap();
        prop_assert_eq!(data.get("quantity").and_then(|it| it.as_i64()), Some(envelope.data.quantity));
    }

    #[test]
    fn garbage_is_refused_in_peace(profile in profile(), garbage: Vec<u8>, at: usize, by in "[\\[\\]{}\":,0a\\\\]{0,3}") {
        let _ = Envelope::<Placed>::read(&profile, &garbage);
        let _ = Envelope::<Placed>::read(&CLOUD_EVENTS, &garbage);
        let whole = Envelope::new("evt_1", time(), placed()).write(&profile).unwrap();
        let at = at % (whole.len() + 1);
        let shortened = [&whole[..at], by.as_bytes()].concat();
        let changed = [&shortened, &whole[at..]].concat();
        for json in [shortened, changed] {
            let read = Envelope::<Placed>::read(&profile, &json);
            prop_assert!(read.is_err() || serde_json::from_slice::<serde_json::Value>(&json).is_ok(), "{:?}", read);
        }
    }
}
