//! How a member of a record is read, written and checked, said once: the forms that the table of [`record!`](crate::record!)
//! names beside a field, and the functions that it calls. A type with one wire form needs none; a form never allocates, and is
//! made where it is used, so that the compiler sees through it.

mod checks;
mod members;

use std::collections::BTreeMap;

use crate::{Decimal, Decode, Encode, Invalid, Pattern, Reader, Set, Writer, bounds};

pub use checks::{AtLeast, AtMost, Check, Length, Matches, MaxLength, MinLength};
pub use members::{Shown, check, check_optional, debug, read, read_optional, write, write_optional};

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

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public modules")]
mod tests {
    use super::{begin::*, *};
    use crate::{from_slice, to_vec};

    crate::record! {
        /// Of every kind of row.
        #[derive(Clone, PartialEq)]
        pub struct Row: Invalid {
            "price" price: Decimal = decimal(2).at_least(Decimal::ZERO),
            "prices" prices: Set<Decimal> = each(decimal(1)).min_length(1).max_length(2),
            "by-name"? by_name: BTreeMap<String, String> = each(id("x_")),
            "r"? r#type: Box<Vec<i64>> = boxed(each(checked().at_most(9))),
            "code" ("<pii>") = "abc".to_owned() => code: String = checked().max_length(3).matches(pattern!("^[a-z]+$")),
            "inner" -> inner: Inner = checked(),
            "names"? names: Vec<String> = each(checked().max_length(1)).hidden("<tag>"),
        }
    }

    crate::record! {
        /// Of one.
        #[derive(Clone, PartialEq)]
        pub struct Inner("<secret>"): Invalid {
            "count" count: i64 = checked().at_least(1),
        }
    }

    fn row() -> Row {
        let prices = [Decimal::ONE].into_iter().collect();
        Row::new(Decimal::new(105, 2), prices, Inner::new(1).unwrap()).unwrap()
    }

    #[test]
    fn rows_are_read_as_they_are_written() {
        let full = Row {
            by_name: Some(BTreeMap::from([("a".to_owned(), "x_1".to_owned())])),
            r#type: Some(Box::new(vec![9])),
            names: Some(vec![]),
            ..row()
        };
        let json =
            br#"{"price":1.05,"prices":[1],"by-name":{"a":"x_1"},"r":[9],"code":"abc","inner":{"count":1},"names":[]}"#;
        assert_eq!(to_vec(&full).unwrap(), json);
        assert_eq!(from_slice(json), Ok(full));
        assert_eq!(from_slice(br#"{"inner":{"count":1},"prices":[1],"price":1.05,"r":null}"#), Ok(row()));
    }

    #[test]
    fn what_is_wrong_is_told_alike_when_read_and_when_written() {
        let table = [
            (r#""price":-1"#, Row { price: Decimal::from(-1), ..row() }, "price: -1 is less than the minimum 0"),
            (
                r#""prices":[1.05]"#,
                Row { prices: [Decimal::new(105, 2)].into_iter().collect(), ..row() },
                "prices[0]: 1.05 has more than 1 digits after the point",
            ),
            (r#""prices":[]"#, Row { prices: Set::new(), ..row() }, "prices: has 0 items, fewer than the minimum 1"),
            (
                r#""r":[10]"#,
                Row { r#type: Some(Box::new(vec![10])), ..row() },
                "r[0]: 10 is greater than the maximum 9",
            ),
            (
                r#""code":"ABC""#,
                Row { code: "ABC".to_owned(), ..row() },
                r#"code: "<pii>" does not match the pattern ^[a-z]+$"#,
            ),
            (
                r#""inner":{"count":0}"#,
                Row { inner: Box::new(Inner { count: 0 }), ..row() },
                "inner.count: 0 is less than the minimum 1",
            ),
            (
                r#""by-name":{"a":"y"}"#,
                Row { by_name: Some(BTreeMap::from([("a".to_owned(), "y".to_owned())])), ..row() },
                r#"by-name["a"]: "y" is not "x_" followed by text"#,
            ),
        ];
        for (member, wrong, message) in table {
            assert_eq!(wrong.check().unwrap_err().to_string(), message);
            let rest = [r#""price":1"#, r#""prices":[1]"#, r#""inner":{"count":1}"#];
            let rest = rest.into_iter().filter(|it| it.split(':').next() != member.split(':').next());
            let json = format!("{{{}}}", rest.chain([member]).collect::<Vec<_>>().join(","));
            assert_eq!(from_slice::<Row>(json.as_bytes()).unwrap_err().to_string(), message, "{json}");
        }
    }

    #[test]
    fn what_is_hidden_is_not_shown() {
        let shown = format!("{:?}", row());
        let rest = r#"by_name: None, type: None, code: <pii>, inner: <secret>, names: None }"#;
        assert!(shown.starts_with("Row { price: 1.05, ") && shown.ends_with(rest), "{shown}");
        let long = Row { names: Some(vec!["long".to_owned()]), ..row() };
        assert_eq!(long.check().unwrap_err().to_string(), "names[0]: has 4 characters, more than the maximum 1");
    }
}
