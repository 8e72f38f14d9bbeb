//! The fixtures of the generator once more, in the edition of this crate.

// Formatted where it stands, in the style of edition 2024.
#[rustfmt::skip]
#[path = "../../../generator/tests/compiled.rs"]
pub mod compiled;

#[rustfmt::skip]
#[path = "../../../generator/tests/evolution.rs"]
pub mod versions;

#[rustfmt::skip]
#[path = "../../../generator/tests/values.rs"]
pub mod values;
