//! How a member of a record is read, written and checked, said once: the forms that the table of [`record!`](crate::record!)
//! names beside a field, and the functions that it calls. A type with one wire form needs none; a form never allocates, and is
//! made where it is used, so that the compiler sees through it.

use std::{collections::BTreeMap, fmt};

use crate::{Bytes, Decimal, Decode, Encode, Invalid, Pattern, Reader, Set, Writer, bounds};

/// A form of values of the type `T`. `()` is the form of a type that reads and writes itself.
pub trait Form<T> {
    /// Reads a value, which is within its bounds then.
    ///
    /// # Errors
    /// The first thing that is wrong, with its path from the value.
    fn read(&self, r: &mut Reader<'_>) -> Result<T, Invalid>;

    /// Writes a value.
    fn write(&self, value: &T, w: &mut Writer);

    /// Checks a value that was not read.
    ///
    /// # Errors
    /// The first value that is out of bounds, with its path.
    fn check(&self, value: &T) -> Result<(), Invalid>;
}

impl<T: Decode + Encode> Form<T> for () {
    fn read(&self, r: &mut Reader<'_>) -> Result<T, Invalid> {
        T::decode(r)
    }

    fn write(&self, value: &T, w: &mut Writer) {
        value.encode(w);
    }

    fn check(&self, value: &T) -> Result<(), Invalid> {
        value.check()
    }
}

/// A form with bounds behind it: `decimal(2).at_least(Decimal::ZERO)`.
#[derive(Clone, Copy, Debug)]
pub struct Bounded<F, C> {
    form: F,
    checks: C,
}

impl<T, F: Form<T>, C: Check<T>> Form<T> for Bounded<F, C> {
    fn read(&self, r: &mut Reader<'_>) -> Result<T, Invalid> {
        let value = self.form.read(r)?;
        self.checks.check(&value)?;
        Ok(value)
    }

    fn write(&self, value: &T, w: &mut Writer) {
        self.form.write(value, w);
    }

    fn check(&self, value: &T) -> Result<(), Invalid> {
        self.checks.check(value)?;
        self.form.check(value)
    }
}

impl<F, C> Bounded<F, C> {
    fn and<D>(self, check: D) -> Bounded<F, (C, D)> {
        Bounded { form: self.form, checks: (self.checks, check) }
    }

    /// `value >= minimum`.
    pub fn at_least<B>(self, minimum: B) -> Bounded<F, (C, AtLeast<B>)> {
        self.and(AtLeast(minimum))
    }

    /// `value <= maximum`.
    pub fn at_most<B>(self, maximum: B) -> Bounded<F, (C, AtMost<B>)> {
        self.and(AtMost(maximum))
    }

    /// At least so many code points of a text, bytes, items or entries.
    pub fn min_length(self, minimum: usize) -> Bounded<F, (C, MinLength)> {
        self.and(MinLength(minimum))
    }

    /// At most so many code points of a text, bytes, items or entries.
    pub fn max_length(self, maximum: usize) -> Bounded<F, (C, MaxLength)> {
        self.and(MaxLength(maximum))
    }

    /// Errors show this in the place of the value.
    pub fn hidden(self, mask: &'static str) -> Hidden<Self> {
        Hidden { form: self, mask }
    }

    /// The pattern is found in the text.
    pub fn matches(self, pattern: &'static Pattern) -> Bounded<F, (C, Matches)> {
        self.and(Matches(pattern))
    }
}

fn plain<F>(form: F) -> Bounded<F, ()> {
    Bounded { form, checks: () }
}

/// Where forms begin; what [`record!`](crate::record!) lets a table say without a path.
pub mod begin {
    use super::{Bounded, Boxed, Each, Prefix, Scale, plain};

    pub use crate::pattern;

    /// The form of a type that reads, writes and checks itself.
    pub fn checked() -> Bounded<(), ()> {
        plain(())
    }

    /// A decimal with at most `scale` digits after the point.
    pub fn decimal(scale: u32) -> Bounded<Scale, ()> {
        plain(Scale(scale))
    }

    /// A text with a prefix and something after it.
    pub fn id(prefix: &'static str) -> Bounded<Prefix, ()> {
        plain(Prefix(prefix))
    }

    /// A list, a set or the values of a map, each item in a form.
    pub fn each<F>(item: F) -> Bounded<Each<F>, ()> {
        plain(Each(item))
    }

    /// What is in a box.
    pub fn boxed<F>(inner: F) -> Boxed<F> {
        Boxed(inner)
    }
}

/// The form of [`begin::decimal`].
#[derive(Clone, Copy, Debug)]
pub struct Scale(u32);

impl Form<Decimal> for Scale {
    fn read(&self, r: &mut Reader<'_>) -> Result<Decimal, Invalid> {
        r.decimal(self.0)
    }

    fn write(&self, value: &Decimal, w: &mut Writer) {
        w.decimal(value);
    }

    fn check(&self, value: &Decimal) -> Result<(), Invalid> {
        bounds::decimal(value, self.0)
    }
}

/// The form of [`begin::id`].
#[derive(Clone, Copy, Debug)]
pub struct Prefix(&'static str);

impl Form<String> for Prefix {
    fn read(&self, r: &mut Reader<'_>) -> Result<String, Invalid> {
        r.id(self.0)
    }

    fn write(&self, value: &String, w: &mut Writer) {
        w.string(value);
    }

    fn check(&self, value: &String) -> Result<(), Invalid> {
        bounds::prefix(value, self.0)
    }
}

/// The form of [`begin::each`].
#[derive(Clone, Copy, Debug)]
pub struct Each<F>(F);

impl<T, F: Form<T>> Form<Vec<T>> for Each<F> {
    fn read(&self, r: &mut Reader<'_>) -> Result<Vec<T>, Invalid> {
        r.list(|r| self.0.read(r))
    }

    fn write(&self, value: &Vec<T>, w: &mut Writer) {
        w.list(value, |w, item| self.0.write(item, w));
    }

    fn check(&self, value: &Vec<T>) -> Result<(), Invalid> {
        bounds::items(value, |item| self.0.check(item))
    }
}

impl<T: Encode, F: Form<T>> Form<Set<T>> for Each<F> {
    fn read(&self, r: &mut Reader<'_>) -> Result<Set<T>, Invalid> {
        r.set(|r| self.0.read(r))
    }

    fn write(&self, value: &Set<T>, w: &mut Writer) {
        w.set(value, |w, item| self.0.write(item, w));
    }

    fn check(&self, value: &Set<T>) -> Result<(), Invalid> {
        bounds::items(value, |item| self.0.check(item))
    }
}

impl<T, F: Form<T>> Form<BTreeMap<String, T>> for Each<F> {
    fn read(&self, r: &mut Reader<'_>) -> Result<BTreeMap<String, T>, Invalid> {
        r.map(|r| self.0.read(r))
    }

    fn write(&self, value: &BTreeMap<String, T>, w: &mut Writer) {
        w.map(value, |w, item| self.0.write(item, w));
    }

    fn check(&self, value: &BTreeMap<String, T>) -> Result<(), Invalid> {
        bounds::entries(value, |item| self.0.check(item))
    }
}

/// The form of [`begin::boxed`].
#[derive(Clone, Copy, Debug)]
pub struct Boxed<F>(F);

impl<T, F: Form<T>> Form<Box<T>> for Boxed<F> {
    fn read(&self, r: &mut Reader<'_>) -> Result<Box<T>, Invalid> {
        self.0.read(r).map(Box::new)
    }

    fn write(&self, value: &Box<T>, w: &mut Writer) {
        self.0.write(value, w);
    }

    fn check(&self, value: &Box<T>) -> Result<(), Invalid> {
        self.0.check(value)
    }
}

/// The form of [`Bounded::hidden`].
#[derive(Clone, Copy, Debug)]
pub struct Hidden<F> {
    form: F,
    mask: &'static str,
}

impl<T, F: Form<T>> Form<T> for Hidden<F> {
    fn read(&self, r: &mut Reader<'_>) -> Result<T, Invalid> {
        self.form.read(r).map_err(|e| e.hide(self.mask))
    }

    fn write(&self, value: &T, w: &mut Writer) {
        self.form.write(value, w);
    }

    fn check(&self, value: &T) -> Result<(), Invalid> {
        self.form.check(value).map_err(|e| e.hide(self.mask))
    }
}

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

/// The bound of [`Bounded::at_least`].
#[derive(Clone, Copy, Debug)]
pub struct AtLeast<B>(B);

impl<T: PartialOrd + fmt::Display + Copy> Check<T> for AtLeast<T> {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        bounds::at_least(value, self.0)
    }
}

/// The bound of [`Bounded::at_most`].
#[derive(Clone, Copy, Debug)]
pub struct AtMost<B>(B);

impl<T: PartialOrd + fmt::Display + Copy> Check<T> for AtMost<T> {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        bounds::at_most(value, self.0)
    }
}

/// The bound of [`Bounded::min_length`].
#[derive(Clone, Copy, Debug)]
pub struct MinLength(usize);

impl<T: Length> Check<T> for MinLength {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        value.at_least_long(self.0)
    }
}

/// The bound of [`Bounded::max_length`].
#[derive(Clone, Copy, Debug)]
pub struct MaxLength(usize);

impl<T: Length> Check<T> for MaxLength {
    fn check(&self, value: &T) -> Result<(), Invalid> {
        value.at_most_long(self.0)
    }
}

/// The bound of [`Bounded::matches`].
#[derive(Clone, Copy, Debug)]
pub struct Matches(&'static Pattern);

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

/// Reads the member `key` into its slot.
///
/// # Errors
/// At the key: what is wrong with the value, or that there is one already.
pub fn read<T>(r: &mut Reader<'_>, key: &'static str, slot: &mut Option<T>, form: impl Form<T>) -> Result<(), Invalid> {
    r.member(key, slot, |r| form.read(r))
}

/// Reads the optional member `key` into its slot; `null` is as good as nothing.
///
/// # Errors
/// As [`read`].
pub fn read_optional<T>(
    r: &mut Reader<'_>,
    key: &'static str,
    slot: &mut Option<Option<T>>,
    form: impl Form<T>,
) -> Result<(), Invalid> {
    r.optional(key, slot, |r| form.read(r))
}

/// Writes a member.
pub fn write<T>(w: &mut Writer, key: &str, value: &T, form: impl Form<T>) {
    w.key(key);
    form.write(value, w);
}

/// Writes a member if it is there.
pub fn write_optional<T>(w: &mut Writer, key: &str, value: &Option<T>, form: impl Form<T>) {
    if let Some(value) = value {
        write(w, key, value, form);
    }
}

/// Checks the member `key`.
///
/// # Errors
/// What is out of bounds, at the key.
pub fn check<T>(key: &'static str, value: &T, form: impl Form<T>, mask: &'static str) -> Result<(), Invalid> {
    form.check(value).map_err(|e| if mask.is_empty() { e } else { e.hide(mask) }.at_field(key))
}

/// Checks the member `key` if it is there.
///
/// # Errors
/// As [`check`].
pub fn check_optional<T>(
    key: &'static str,
    value: &Option<T>,
    form: impl Form<T>,
    mask: &'static str,
) -> Result<(), Invalid> {
    value.as_ref().map_or(Ok(()), |value| check(key, value, form, mask))
}

/// `Debug` of a record: `names` are those of its fields as `stringify!` gives them.
///
/// # Errors
/// Those of the formatter.
pub fn debug(f: &mut fmt::Formatter<'_>, name: &str, names: &str, values: &[&dyn fmt::Debug]) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (name, value) in names.split(',').zip(values) {
        let name = name.trim();
        shown.field(name.strip_prefix("r#").unwrap_or(name), value);
    }
    shown.finish()
}

/// What `Debug` shows in the place of a hidden value.
pub struct Shown(pub &'static str);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
