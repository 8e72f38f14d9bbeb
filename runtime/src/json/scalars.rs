//! The scalars that a reader reads, one method each. It only pairs the reader's numbers and strings with what
//! turns their text into values; no text form is defined here.

use super::{Reader, number};
use crate::{
    Bytes, Date, Decimal, Duration, Invalid, Timestamp, Uuid, bounds, parse_bytes, parse_date, parse_duration,
    parse_timestamp, parse_uuid,
};

/// Integers: the method, which is the type; its name to an author.
macro_rules! integers {
    ($($ty:ident $kind:literal,)*) => { $(
        #[doc = concat!("Reads a number that is equal to a `", stringify!($ty), "`, however it is spelled: `1.0` and `1e2` are.")]
        ///
        /// # Errors
        /// Not a number, not an integer, or out of range.
        pub fn $ty(&mut self) -> Result<$ty, Invalid> {
            Ok(number::integer(self.number("an integer")?, $kind)?)
        }
    )* };
}

/// Values with a text form: the method, the type, and what reads the text.
macro_rules! texts {
    ($($method:ident $ty:ident $parse:ident,)*) => { $(
        #[doc = concat!("Reads a string in the form that [`", stringify!($parse), "`](crate::", stringify!($parse), ") reads.")]
        ///
        /// # Errors
        /// Not a string, or not in this form.
        pub fn $method(&mut self) -> Result<$ty, Invalid> {
            self.text($parse)
        }
    )* };
}

impl Reader<'_> {
    integers! {
        i32 "int32",
        i64 "int",
        u32 "uint32",
        u64 "uint",
    }

    texts! {
        uuid Uuid parse_uuid,
        timestamp Timestamp parse_timestamp,
        date Date parse_date,
        duration Duration parse_duration,
        bytes Bytes parse_bytes,
    }

    /// Reads the float nearest to a number.
    ///
    /// # Errors
    /// Not a number, or too large for a finite float.
    pub fn f64(&mut self) -> Result<f64, Invalid> {
        Ok(number::float(self.number("a number")?)?)
    }

    /// Reads a number exactly, with at most `scale` fraction digits (trailing zeros aside) and a magnitude less
    /// than `10^20`, or `10^(28 - scale)` for scales above 8. The result has no trailing zeros, and no negative zero.
    ///
    /// # Errors
    /// Not a number, too precise, or out of range.
    pub fn decimal(&mut self, scale: u32) -> Result<Decimal, Invalid> {
        Ok(number::decimal(self.number("a number")?, scale)?)
    }

    /// Reads a string.
    ///
    /// # Errors
    /// Not a string.
    pub fn string(&mut self) -> Result<String, Invalid> {
        self.text(|text| Ok::<_, Invalid>(text.to_owned()))
    }

    /// Reads the text of an identifier: `prefix` and something after it.
    ///
    /// # Errors
    /// Not a string, or not such a text.
    pub fn id(&mut self, prefix: &'static str) -> Result<String, Invalid> {
        self.text(|text| bounds::prefix(text, prefix).map(|()| text.to_owned()))
    }
}
