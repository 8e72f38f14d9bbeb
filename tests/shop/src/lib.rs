//! Generated types, public and compiled as strictly as a library might.
#![deny(warnings, missing_docs, clippy::all)]

/// The shop.
pub mod shop {
    include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
}

/// The bank.
pub mod bank {
    include!(concat!(env!("OUT_DIR"), "/bank.rs"));
}

/// The envelopes of the documents that the samples come from.
pub mod seeds {
    include!(concat!(env!("OUT_DIR"), "/seeds.rs"));
}

/// The generator's course of names that could get in the way. It is here since the documentation tests of examples run in
/// libraries only.
pub mod obstacles {
    include!("../../../generator/tests/fixtures/obstacles/expected/isobar.rs");
}
