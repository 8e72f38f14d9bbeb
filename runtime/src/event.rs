//! The door through which stored and received messages come in, and what generated dispatch calls.
//! Nothing here reads an envelope: a message is a name, a version and a payload.

use std::fmt::Display;

use crate::{
    Decode, DecodeError, Encode, EncodeAsError, EncodeError, Invalid, NegotiateError, Profile, UpcastError, Version,
    from_slice, older::unknown_older, to_vec,
};

/// A message type: the current major of one event.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "this is no event",
    note = "derive `isobar::Event` for it, with `#[event(name = \"context.Name\", version = \"v1.0\")]`"
)]
pub trait Event: Encode + Sized {
    /// The event with its context, such as `ordering.OrderPlaced`.
    const NAME: &'static str;
    /// The event on the wire, such as `OrderPlaced`.
    const WIRE_NAME: &'static str;
    /// The aggregate that it is an event of, such as `Order`.
    const AGGREGATE: Option<&'static str> = None;
    /// The version that is written.
    const VERSION: Version;
    /// The newest known version of each major, oldest first.
    const KNOWN: &'static [Version];
    /// The envelope that it travels in.
    const ENVELOPE: Option<&'static Profile> = None;
    /// The `$id` of the JSON Schema of the version that is written.
    const SCHEMA_ID: Option<&'static str> = None;
    /// Every known version, oldest first.
    const VERSIONS: &'static [Version] = Self::KNOWN;
    /// The newest two majors between which there is no way back, the newer one first: the older one and all before it cannot be
    /// written. `None` where every version can be.
    const NO_WAY_BACK: Option<(Version, Version)> = match Self::KNOWN {
        [.., old, new] => Some((*new, *old)),
        _ => None,
    };
    /// The versions that had another name on the wire, each with that name.
    const FORMER_NAMES: &'static [(Version, &'static str)] = &[];

    /// Reads a payload of any known major, upcasting an old one; a minor that is not known is read as the
    /// newest that is.
    ///
    /// # Errors
    /// An unknown major, an invalid payload, or old data that does not fit.
    fn decode_version(version: Version, payload: &[u8]) -> Result<Self, DecodeError>;

    /// Writes the payload in exactly the fields of a version, for readers that know no newer one.
    ///
    /// # Errors
    /// An unknown version, one that there is no way back to, or data that has no form in it.
    fn encode_version(&self, version: Version) -> Result<Vec<u8>, EncodeAsError> {
        match Self::NO_WAY_BACK {
            _ if version == Self::VERSION => Ok(to_vec(self)?),
            Some((from, to)) if Self::VERSIONS.contains(&version) => {
                Err(EncodeAsError::NoWay { name: Self::NAME, from, to })
            }
            _ => Err(unknown_older(Self::NAME, version, Self::VERSIONS)),
        }
    }
}

/// A command type. A command is written and read by programs of one time, so it has no versions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a command",
    label = "this is no command",
    note = "derive `isobar::Command` for it, with `#[command(name = \"context.Name\")]`"
)]
pub trait Command: Encode + Decode {
    /// The command with its context, such as `ordering.PlaceOrder`.
    const NAME: &'static str;
    /// The command on the wire, such as `PlaceOrder`.
    const WIRE_NAME: &'static str;
    /// The aggregate that handles it, such as `Order`.
    const AGGREGATE: Option<&'static str> = None;
}

/// A closed set of events: an aggregate's enum, or one event.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event, nor a set of events",
    label = "this is no event",
    note = "derive `isobar::Event` for an event, and `isobar::Aggregate` for an enum of events"
)]
pub trait Events: Sized {
    /// The names that [`Events::decode`] knows.
    const NAMES: &'static [&'static str];

    /// Reads a payload by its name (on the wire, with its context, or a former one) and version.
    ///
    /// # Errors
    /// An unknown name or version, an invalid payload, old data that does not fit, or an event that was split or dropped, so
    /// that its data is not one event of the set: see [`Events::decode_all`].
    fn decode(name: &str, version: &str, payload: &[u8]) -> Result<Self, DecodeError>;

    /// Reads a payload as every event of the set that it became: several where its event was split, none where it was dropped
    /// or where all that it became is elsewhere, and one otherwise.
    ///
    /// # Errors
    /// An unknown name or version, an invalid payload, or old data that does not fit. The payload of a dropped event is not
    /// looked at.
    fn decode_all(name: &str, version: &str, payload: &[u8]) -> Result<Vec<Self>, DecodeError> {
        Ok(vec![Self::decode(name, version, payload)?])
    }

    /// Writes the payload.
    ///
    /// # Errors
    /// When something in it is out of its bounds, or nothing that JSON can say.
    fn encode(&self) -> Result<Vec<u8>, EncodeError>;

    /// The event on the wire.
    fn name(&self) -> &'static str;

    /// The version that is written.
    fn version(&self) -> Version;

    /// The envelope that the event travels in.
    fn envelope(&self) -> Option<&'static Profile> {
        None
    }

    /// The `$id` of the JSON Schema of the version that is written.
    fn schema_id(&self) -> Option<&'static str> {
        None
    }

    /// Writes the payload in exactly the fields of a version, such as `v1.0`, for readers that know no newer one.
    ///
    /// # Errors
    /// An unknown version, one that there is no way back to, or data that has no form in it.
    fn encode_as(&self, version: &str) -> Result<Vec<u8>, EncodeAsError> {
        match version.parse() {
            Ok(known) if self.version() == known => Ok(self.encode()?),
            _ => Err(unknown_older(self.name(), version, &[self.version()])),
        }
    }

    /// What the event is called on the wire where it is written in this version: readers of before a rename know no other name.
    fn name_in(&self, version: Version) -> &'static str {
        let _ = version;
        self.name()
    }

    /// The version of this event to write for a consumer that accepts a range such as `v1.0..v1.1`: the newest one in it that
    /// there is a way back to.
    ///
    /// # Errors
    /// With every version and why it is not the one.
    fn negotiate(&self, accepted: &str) -> Result<Version, NegotiateError> {
        let version = self.version();
        match accepted.parse::<crate::VersionRange>() {
            Ok(range) if range.contains(version) => Ok(version),
            _ => {
                let reasons = vec![(version, crate::Unwritable::NotAccepted)];
                Err(NegotiateError { name: self.name(), accepted: accepted.to_owned(), reasons })
            }
        }
    }
}

/// Reads a payload of the event `E` whose version is given as text.
///
/// # Errors
/// As [`Event::decode_version`]; a text that is no version is an unknown one.
pub fn decode_event<E: Event>(version: &str, payload: &[u8]) -> Result<E, DecodeError> {
    match version.parse() {
        Ok(version) => E::decode_version(version, payload),
        Err(_) => Err(unknown_version(E::NAME, version, E::KNOWN)),
    }
}

/// Reads a whole payload as the type `T`, which is version `version` of the event `name`.
///
/// # Errors
/// [`DecodeError::Payload`].
pub fn decode_payload<T: Decode>(name: &'static str, version: Version, payload: &[u8]) -> Result<T, DecodeError> {
    from_slice(payload).map_err(|source| DecodeError::Payload { name, version, source })
}

/// Writes a payload.
///
/// # Errors
/// When something in it is out of its bounds, or nothing that JSON can say.
pub fn encode_payload<T: Encode>(payload: &T) -> Result<Vec<u8>, EncodeError> {
    to_vec(payload)
}

/// Moves a payload from one major to the next, by `From` or `TryFrom`.
///
/// # Errors
/// [`DecodeError::Upcast`].
pub fn hop<A, B>(name: &'static str, from: Version, to: Version, old: A) -> Result<B, DecodeError>
where
    B: TryFrom<A>,
    B::Error: Into<UpcastError>,
{
    B::try_from(old).map_err(|e| DecodeError::Upcast { name, from, to, source: e.into() })
}

/// What a field of the version before is in the new one, where no function is named: the same.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the field is `{Self}` in the version before, and `{T}` in this one",
    label = "`{Self}` does not become `{T}` by itself",
    note = "convert it: `#[upcast(with = path::to::function)]`, or `try_with` where that can fail"
)]
pub trait Unchanged<T> {
    /// The value.
    fn unchanged(self) -> T;
}

impl<T> Unchanged<T> for T {
    fn unchanged(self) -> T {
        self
    }
}

/// The value of a field that did not change; called by derived upcasts.
#[doc(hidden)]
pub fn unchanged<T, Old: Unchanged<T>>(old: Old) -> T {
    old.unchanged()
}

/// The error for an event whose data became these events of a set, which are not one.
pub fn became(name: &'static str, events: &'static [&'static str]) -> DecodeError {
    DecodeError::Became { name, events }
}

/// An example of the schema; `make` fails only where the example is no value of its type, and then nothing was generated.
///
/// # Panics
/// Never in generated code.
#[doc(hidden)]
pub fn example<T>(make: impl FnOnce() -> Result<T, Invalid>) -> T {
    match make() {
        Ok(value) => value,
        Err(invalid) => panic!("the example is no value of its type: {invalid}"),
    }
}

/// The error for a name that none of `known` is.
pub fn unknown_name(name: &str, known: &'static [&'static str]) -> DecodeError {
    DecodeError::UnknownName { name: name.to_owned(), known }
}

/// The error for a version of the event `name` whose major none of `known` has.
pub fn unknown_version(name: &'static str, version: impl Display, known: &'static [Version]) -> DecodeError {
    DecodeError::UnknownVersion { name, version: version.to_string(), known }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public modules")]
mod tests {
    use super::*;
    use crate::{Decimal, Reader, Writer, bounds, ops};

    crate::id! {
        /// Identifies an account.
        struct AccountId("acc_");
    }

    /// As generated: the first major held a whole amount in cents, as text.
    struct V1(String);

    #[derive(Debug, PartialEq)]
    struct Opened {
        id: AccountId,
        balance: Decimal,
    }

    impl Decode for V1 {
        fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
            r.string().map(Self)
        }
    }

    impl Decode for Opened {
        fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
            const KEYS: &[&str] = &["id", "balance"];
            let (mut id, mut balance) = (None, None);
            r.begin_object()?;
            while let Some(key) = r.next_key(KEYS)? {
                match key {
                    0 => r.member(KEYS[0], &mut id, AccountId::decode)?,
                    _ => r.member(KEYS[1], &mut balance, |r| r.decimal(2))?,
                }
            }
            Ok(Self { id: crate::required(KEYS[0], id)?, balance: balance.unwrap_or_default() })
        }
    }

    impl Encode for Opened {
        fn encode(&self, w: &mut Writer) {
            w.begin_object();
            w.key("id");
            self.id.encode(w);
            w.key("balance");
            w.decimal(&self.balance);
            w.end_object();
        }
    }

    impl TryFrom<V1> for Opened {
        type Error = UpcastError;

        fn try_from(old: V1) -> Result<Self, UpcastError> {
            let amount: Decimal = old.0.parse().map_err(|_| UpcastError::Hook("no amount".into()))?;
            bounds::at_least(&amount, Decimal::ZERO)?;
            Ok(Self { id: AccountId::new("acc_old")?, balance: ops::to_decimal(amount, 2)? })
        }
    }

    impl Event for Opened {
        const NAME: &'static str = "bank.Opened";
        const WIRE_NAME: &'static str = "Opened";
        const VERSION: Version = Version::new(2, 0);
        const KNOWN: &'static [Version] = &[Version::new(1, 0), Self::VERSION];

        fn decode_version(version: Version, payload: &[u8]) -> Result<Self, DecodeError> {
            match version.major {
                1 => {
                    let old = decode_payload::<V1>(Self::NAME, version, payload)?;
                    hop(Self::NAME, Self::KNOWN[0], Self::KNOWN[1], old)
                }
                2 => decode_payload(Self::NAME, version, payload),
                _ => Err(unknown_version(Self::NAME, version, Self::KNOWN)),
            }
        }
    }

    impl Events for Opened {
        const NAMES: &'static [&'static str] = &["Opened", "bank.Opened"];

        fn decode(name: &str, version: &str, payload: &[u8]) -> Result<Self, DecodeError> {
            match name {
                "Opened" | "bank.Opened" => decode_event(version, payload),
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
    }

    fn decode(name: &str, version: &str, payload: &str) -> Result<Opened, String> {
        <Opened as Events>::decode(name, version, payload.as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn every_known_version_is_read_as_the_head() {
        let head = decode("bank.Opened", "2", r#"{"id":"acc_old","balance":12.50}"#).unwrap();
        assert_eq!(decode("Opened", "v1.0", "\"12.5\"").as_ref(), Ok(&head));
        assert_eq!(decode("Opened", "v2.7", r#"{"id":"acc_old","balance":12.5,"new":1}"#).as_ref(), Ok(&head));
        assert_eq!(Events::encode(&head).unwrap(), br#"{"id":"acc_old","balance":12.5}"#);
        assert_eq!((head.name(), head.version()), ("Opened", Version::new(2, 0)));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let table = [
            ("Closed", "v2.0", "{}", "\"Closed\" is not a known event; known are Opened, bank.Opened"),
            ("Opened", "v3.0", "{}", "bank.Opened has no version \"v3.0\"; known are v1.0, v2.0"),
            ("Opened", "two", "{}", "bank.Opened has no version \"two\"; known are v1.0, v2.0"),
            ("Opened", "v2.0", "{}", "bank.Opened v2.0: id: is missing"),
            ("Opened", "v2.0", r#"{"id":"x"}"#, "bank.Opened v2.0: id: \"x\" is not \"acc_\" followed by text"),
            ("Opened", "v1.0", "\"-1\"", "bank.Opened v1.0 to v2.0: payload: -1 is less than the minimum 0"),
            ("Opened", "v1.0", "\"x\"", "bank.Opened v1.0 to v2.0: no amount"),
            (
                "Opened",
                "v1.0",
                "\"0.001\"",
                "bank.Opened v1.0 to v2.0: the computed 0.001 has more than 2 digits after the point",
            ),
        ];
        for (name, version, payload, message) in table {
            assert_eq!(decode(name, version, payload), Err(message.to_owned()));
        }
    }

    #[test]
    fn a_type_that_knows_no_way_back_writes_its_own_version() {
        let head = decode("Opened", "2", r#"{"id":"acc_old","balance":12.50}"#).unwrap();
        let of = |version: &str| crate::encode_event_as(&head, version).map_err(|error| error.to_string());
        assert_eq!(of("v2.0"), Ok(br#"{"id":"acc_old","balance":12.5}"#.to_vec()));
        assert_eq!(of("v1.0"), Err("bank.Opened has no way from v2.0 back to v1.0".into()));
        assert_eq!(of("v2.1"), Err("bank.Opened has no version \"v2.1\"; known are v1.0, v2.0".into()));
        assert_eq!(of("x"), Err("bank.Opened has no version \"x\"; known are v1.0, v2.0".into()));
        assert_eq!(crate::negotiate::<Opened>("v1.0..v2.0"), Ok(Version::new(2, 0)));
        let none = crate::negotiate::<Opened>("v1.0").unwrap_err();
        assert_eq!(
            none.to_string(),
            "bank.Opened has no version for a consumer of \"v1.0\": v2.0 is not accepted, v1.0 has no way from v2.0 back to v1.0"
        );
        // What a set of events does that says nothing of its own.
        assert_eq!(head.encode_as("v2.0"), Ok(br#"{"id":"acc_old","balance":12.5}"#.to_vec()));
        assert!(head.encode_as("v1.0").is_err());
        assert_eq!(head.negotiate("v1.0..v2.0"), Ok(Version::new(2, 0)));
        assert_eq!(head.negotiate("v1.0").unwrap_err().reasons, [(Version::new(2, 0), crate::Unwritable::NotAccepted)]);
        let all = Opened::decode_all("Opened", "v1.0", b"\"12.5\"").unwrap();
        assert_eq!(all, [head]);
    }

    #[test]
    fn a_total_hop_needs_no_error_of_its_own() {
        let version = Version::new(1, 0);
        assert_eq!(hop::<i32, i64>("x.Y", version, version, 1), Ok(1));
    }

    #[test]
    fn random_identifiers_are_distinct_and_well_formed() {
        let (a, b) = (AccountId::random(), AccountId::random());
        assert_ne!(a, b);
        assert_eq!((a.as_str().len(), AccountId::PREFIX), (4 + 32, "acc_"));
        assert_eq!(a.to_string().parse(), Ok(a.clone()));
        assert_eq!(AccountId::try_from(a.as_ref().to_owned()), Ok(a.clone()));
        assert_eq!(AccountId::new(a.clone().into_string()), Ok(a));
        assert_eq!(Ok(AccountId::trusted("acc_1".to_owned())), AccountId::new("acc_1"));
    }
}
