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
