//! The bounds that stand behind a form, each one call of `bounds`. None changes the value or looks inside of it.

use std::{collections::BTreeMap, fmt};

use crate::{Bytes, Invalid, Pattern, Set, bounds};

/// A bound of values of the type `T`.
pub trait Check<T> {
    /// Whether the value keeps it.
    ///
    /// # Errors
    /// How it does not.
    fn check(&self, value: &T) -> Result<(), Invalid>;
}

impl<T> Check<T> for () {
    fn check(&self, _: &T) -> Result<(), Invalid> {
        Ok(())
    }
}

impl<T, A: Check<T>, B: Check<T>> Check<T> for (A, B) {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        self.0.check(value)?;
        self.1.check(value)
    }
}

/// The bound of [`super::Bounded::at_least`].
#[derive(Clone, Copy, Debug)]
pub struct AtLeast<B>(pub(super) B);

impl<T: PartialOrd + fmt::Display + Copy> Check<T> for AtLeast<T> {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        bounds::at_least(value, self.0)
    }
}

/// The bound of [`super::Bounded::at_most`].
#[derive(Clone, Copy, Debug)]
pub struct AtMost<B>(pub(super) B);

impl<T: PartialOrd + fmt::Display + Copy> Check<T> for AtMost<T> {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        bounds::at_most(value, self.0)
    }
}

/// The bound of [`super::Bounded::min_length`].
#[derive(Clone, Copy, Debug)]
pub struct MinLength(pub(super) usize);

impl<T: Length> Check<T> for MinLength {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        value.at_least_long(self.0)
    }
}

/// The bound of [`super::Bounded::max_length`].
#[derive(Clone, Copy, Debug)]
pub struct MaxLength(pub(super) usize);

impl<T: Length> Check<T> for MaxLength {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        value.at_most_long(self.0)
    }
}

/// The bound of [`super::Bounded::matches`].
#[derive(Clone, Copy, Debug)]
pub struct Matches(pub(super) &'static Pattern);

impl Check<String> for Matches {
    fn check(&self, value: &String) -> Result<(), Invalid> {
        bounds::pattern(value, self.0)
    }
}

/// Values that are so long.
pub trait Length {
    /// At least so long.
    ///
    /// # Errors
    /// [`Problem::TooShort`](crate::Problem::TooShort).
    fn at_least_long(&self, minimum: usize) -> Result<(), Invalid>;

    /// At most so long.
    ///
    /// # Errors
    /// [`Problem::TooLong`](crate::Problem::TooLong).
    fn at_most_long(&self, maximum: usize) -> Result<(), Invalid>;
}

impl Length for String {
    fn at_least_long(&self, minimum: usize) -> Result<(), Invalid> {
        bounds::min_length(self, minimum)
    }

    fn at_most_long(&self, maximum: usize) -> Result<(), Invalid> {
        bounds::max_length(self, maximum)
    }
}

/// Values of which the length is that of their items.
macro_rules! counted {
    ($($ty:ty $(, $of:ident)?: |$it:ident| $length:expr;)*) => { $(
        impl$(<$of>)? Length for $ty {
            fn at_least_long(&self, minimum: usize) -> Result<(), Invalid> {
                let $it = self;
                bounds::min_items($length, minimum)
            }

            fn at_most_long(&self, maximum: usize) -> Result<(), Invalid> {
                let $it = self;
                bounds::max_items($length, maximum)
            }
        }
    )* };
}

counted! {
    Vec<T>, T: |it| it.len();
    Set<T>, T: |it| it.len();
    BTreeMap<String, T>, T: |it| it.len();
    Bytes: |it| it.0.len();
}
