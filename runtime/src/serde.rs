//! Serde for types that read and write themselves, where a framework asks for it. Everything goes through the canonical JSON
//! text, so that nothing is accepted or written here that is not elsewhere; so it is for `serde_json` and what builds on it,
//! and for no other format.
//!
//! With `serde_json` itself decimals are exact. A `serde_json::Value` in between holds numbers as doubles, which keeps every
//! decimal of up to 15 significant digits.
//!
//! [`serde_bridge!`](crate::serde_bridge) implements the traits for a type. The functions are for fields of other types:
//! `#[serde(with = "isobar::serde")]`.

#[doc(hidden)]
pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use ::serde::{de::Error as _, ser::Error as _};
use serde_json::value::RawValue;

use crate::{Decode, Encode, EncodeError, Events, Invalid, Json, Reader, Writer, from_slice, required, to_vec};

/// Writes a value as its JSON.
///
/// # Errors
/// When it holds something that JSON cannot say, or what the serializer reports.
pub fn serialize<T: Encode + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    raw(to_vec(value), serializer)
}

/// Reads a value from its JSON.
///
/// # Errors
/// The first thing that is wrong, with its path from this value.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    from_slice(text(deserializer)?.get().as_bytes()).map_err(D::Error::custom)
}

fn raw<S: Serializer>(json: Result<Vec<u8>, EncodeError>, serializer: S) -> Result<S::Ok, S::Error> {
    let json = String::from_utf8(json.map_err(S::Error::custom)?).map_err(S::Error::custom)?;
    RawValue::from_string(json).map_err(S::Error::custom)?.serialize(serializer)
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    Box::<RawValue>::deserialize(deserializer)
}

/// A set of events as documents that say what they are: `{"type":"OrderPlaced","version":"v2.0","data":{...}}`. Reading one goes
/// through [`Events::decode`], and so upcasts what an older version wrote.
pub mod event {
    use super::*;

    /// Writes an event.
    ///
    /// # Errors
    /// When it holds something that JSON cannot say, or what the serializer reports.
    pub fn serialize<T: Events, S: Serializer>(event: &T, serializer: S) -> Result<S::Ok, S::Error> {
        let mut w = Writer::new();
        w.begin_object();
        w.key(KEYS[0]);
        w.string(event.name());
        w.key(KEYS[1]);
        w.string(&event.version().to_string());
        w.key(KEYS[2]);
        w.raw(&event.encode().map_err(S::Error::custom)?);
        w.end_object();
        raw(w.finish(), serializer)
    }

    /// Reads an event.
    ///
    /// # Errors
    /// What is no such document, or what [`Events::decode`] reports.
    pub fn deserialize<'de, T: Events, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let Stored { name, version, data } =
            from_slice(text(deserializer)?.get().as_bytes()).map_err(D::Error::custom)?;
        T::decode(&name, &version, data.as_str().as_bytes()).map_err(D::Error::custom)
    }

    const KEYS: &[&str] = &["type", "version", "data"];

    struct Stored {
        name: String,
        version: String,
        data: Json,
    }

    impl Decode for Stored {
        fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
            let (mut name, mut version, mut data) = (None, None, None);
            r.begin_object()?;
            while let Some(key) = r.next_key(KEYS)? {
                match key {
                    0 => r.member(KEYS[0], &mut name, Reader::string)?,
                    1 => r.member(KEYS[1], &mut version, Reader::string)?,
                    _ => r.member(KEYS[2], &mut data, Reader::json)?,
                }
            }
            Ok(Self {
                name: required(KEYS[0], name)?,
                version: required(KEYS[1], version)?,
                data: required(KEYS[2], data)?,
            })
        }
    }
}

/// Implements `Serialize` and `Deserialize` of serde for a type that implements [`Encode`] and [`Decode`]; after `event`, for
/// [`Events`] as documents that say their type and version.
///
/// ```
/// isobar::id! {
///     /// Identifies an order.
///     pub struct OrderId("order_");
/// }
/// isobar::serde_bridge!(OrderId);
/// let id: OrderId = serde_json::from_str("\"order_1\"").unwrap();
/// assert_eq!(serde_json::to_string(&id).unwrap(), "\"order_1\"");
/// assert!(serde_json::from_str::<OrderId>("\"1\"").is_err());
/// ```
#[macro_export]
macro_rules! serde_bridge {
    (event $ty:ty) => {
        $crate::serde_bridge! { @by [serde::event] $ty }
    };
    (@by [$($way:ident)::+] $ty:ty) => {
        impl $crate::serde::Serialize for $ty {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::$($way)::+::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::$($way)::+::deserialize(deserializer)
            }
        }
    };
    ($ty:ty) => {
        $crate::serde_bridge! { @by [serde] $ty }
    };
}

#[cfg(test)]
mod tests {
    use crate::{Decimal, Decode, Encode, Invalid, Reader, Writer};

    #[derive(Debug, PartialEq)]
    struct Price(Decimal);

    impl Decode for Price {
        fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
            r.decimal(8).map(Self)
        }
    }

    impl Encode for Price {
        fn encode(&self, w: &mut Writer) {
            w.decimal(&self.0);
        }
    }

    crate::serde_bridge!(Price);

    #[test]
    fn decimals_are_exact() {
        let text = "12345678901234567890.12345678";
        let price: Price = serde_json::from_str(text).unwrap();
        assert_eq!(price.0.to_string(), text);
        assert_eq!(serde_json::to_string(&[&price]).unwrap(), format!("[{text}]"));
        let read: Price = serde_json::from_reader(text.as_bytes()).unwrap();
        assert_eq!(read, price);
        let value = serde_json::to_value(Price(Decimal::new(1999, 2))).unwrap();
        assert_eq!(value.to_string(), "19.99");
        assert_eq!(serde_json::from_value::<Price>(value).unwrap(), Price(Decimal::new(1999, 2)));
        let wrong = serde_json::from_str::<Vec<Price>>("[1, \"2\"]").unwrap_err().to_string();
        assert!(wrong.starts_with("payload: expected a number, found a string"), "{wrong}");
    }
}
