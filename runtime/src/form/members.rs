//! What the tables of records call for each member: reading, writing, checking and showing it by its form.

use std::fmt;

use super::Form;
use crate::{Invalid, Reader, Writer};

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
