//! Random events as Rust, made by the build script.

include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Where the workspace is that they were made from.
pub const WORKSPACE: &str = concat!(env!("OUT_DIR"), "/workspace");

/// Reads a payload of a version, and writes what was read as it is written today.
pub type Read = fn(version: &str, payload: &[u8]) -> Result<String, String>;

fn read<E: isobar::Event + isobar::Events>(version: &str, payload: &[u8]) -> Result<String, String> {
    let event = <E as isobar::Events>::decode(E::WIRE_NAME, version, payload).map_err(|error| error.to_string())?;
    let json = isobar::Events::encode(&event).map_err(|error| format!("what was read cannot be written: {error}"))?;
    String::from_utf8(json).map_err(|error| error.to_string())
}
