//! JSON in and out: the two traits that generated types implement, and their implementations for plain values.
//! Nothing here is asynchronous, and nothing reads a number through binary floating point but a float.

mod number;
mod reader;
mod scalars;
mod scan;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use number::{decimal, whole_digits};

use std::collections::BTreeMap;

pub use reader::{MAX_DEPTH, Reader, required};
pub use writer::Writer;

use crate::{Bytes, Date, Decimal, Duration, EncodeError, Invalid, Json, Set, Timestamp, Uuid, bounds};

/// A type that is read from JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read from JSON",
    label = "nothing says how to read this",
    note = "derive `isobar::Decode` for it, or hold a type of `isobar` that does"
)]
pub trait Decode: Sized {
    /// Reads the value that the reader stands before, and nothing after it.
    ///
    /// # Errors
    /// The first thing that is wrong, with its path from this value.
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid>;
}

/// A type that is written as JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not written as JSON",
    label = "nothing says how to write this",
    note = "derive `isobar::Encode` for it, or hold a type of `isobar` that does"
)]
pub trait Encode {
    /// Appends exactly one value. Bounds are not looked at; [`to_vec`] does so before.
    fn encode(&self, w: &mut Writer);

    /// Checks the value and everything in it against the declared bounds, as reading it would.
    ///
    /// # Errors
    /// The first value that is out of bounds, with its path.
    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

/// Reads a whole text as one value; only white space may follow.
///
/// # Errors
/// The first thing that is wrong, with its path.
pub fn from_slice<T: Decode>(json: &[u8]) -> Result<T, Invalid> {
    let mut r = Reader::new(json);
    let value = T::decode(&mut r)?;
    r.finish()?;
    Ok(value)
}

/// Writes one value as compact JSON.
///
/// # Errors
/// When something in the value is out of its bounds, or nothing that JSON can say.
pub fn to_vec<T: Encode + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    value.check()?;
    let mut w = Writer::new();
    value.encode(&mut w);
    w.finish()
}

/// Types whose reader and writer methods bear one name.
macro_rules! plain {
    ($($ty:ty: $method:ident $(($by:tt))?,)*) => { $(
        impl Decode for $ty {
            fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
                r.$method()
            }
        }

        impl Encode for $ty {
            fn encode(&self, w: &mut Writer) {
                w.$method(plain!(@pass self $($by)?));
            }
        }
    )* };
    (@pass $value:ident) => { *$value };
    (@pass $value:ident ref) => { $value };
}

plain! {
    bool: bool,
    i32: i32,
    i64: i64,
    u32: u32,
    u64: u64,
    f64: f64,
    String: string(ref),
    Uuid: uuid(ref),
    Timestamp: timestamp(ref),
    Date: date(ref),
    Duration: duration(ref),
    Bytes: bytes(ref),
    Json: json(ref),
}

/// Only written: reading a decimal needs its scale.
impl Encode for Decimal {
    fn encode(&self, w: &mut Writer) {
        w.decimal(self);
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        T::decode(r).map(Box::new)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }

    fn check(&self) -> Result<(), Invalid> {
        (**self).check()
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        r.list(T::decode)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, w: &mut Writer) {
        w.list(self, |w, item| item.encode(w));
    }

    fn check(&self) -> Result<(), Invalid> {
        bounds::items(self, T::check)
    }
}

impl<T: Decode + Encode> Decode for Set<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        r.set(T::decode)
    }
}

impl<T: Encode> Encode for Set<T> {
    fn encode(&self, w: &mut Writer) {
        w.set(self, |w, item| item.encode(w));
    }

    fn check(&self) -> Result<(), Invalid> {
        bounds::items(self, T::check)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        r.map(T::decode)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, w: &mut Writer) {
        w.map(self, |w, item| item.encode(w));
    }

    fn check(&self) -> Result<(), Invalid> {
        bounds::entries(self, T::check)
    }
}
