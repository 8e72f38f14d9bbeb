//! Random events as Rust, made by the build script.

include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
include!(concat!(env!("OUT_DIR"), "/hooks.rs"));
include!(concat!(env!("OUT_DIR"), "/table.rs"));

use isobar::{DecodeError, EncodeAsError, Events};

/// Where the workspace is that they were made from.
pub const WORKSPACE: &str = concat!(env!("OUT_DIR"), "/workspace");

/// The same with the expressions that the hooks compute.
pub const SPELLED: &str = concat!(env!("OUT_DIR"), "/spelled");

/// Reads a payload of a version of an event.
pub type Read = fn(name: &str, version: &str, payload: &[u8]) -> Result<Vec<Event>, DecodeError>;

/// Writes an event as it is in a version.
pub type Older = dyn Fn(&str) -> Result<Vec<u8>, EncodeAsError>;

/// What was read.
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// The payload as it is written now.
    pub json: String,
    /// The way to write it in another version.
    pub encode_as: Box<Older>,
}

fn read<E: Events + 'static>(name: &str, version: &str, payload: &[u8]) -> Result<Vec<Event>, DecodeError> {
    let all = E::decode_all(name, version, payload);
    match (E::decode(name, version, payload), &all) {
        (Ok(one), Ok(all)) => {
            assert!(all.len() == 1 && one.encode() == all[0].encode(), "one door gives another event")
        }
        (Err(DecodeError::Became { events, .. }), Ok(all)) => assert_eq!(events.len(), all.len(), "{name} {version}"),
        (Err(one), Err(all)) => assert!(one == *all || matches!(one, DecodeError::Became { .. }), "{one} is not {all}"),
        (one, all) => panic!("{:?} is not {:?}", one.map(drop), all.as_ref().map(Vec::len)),
    }
    let read = |event: E| {
        let json = event.encode().expect("what was read can be written");
        let json = String::from_utf8(json).expect("JSON is text");
        Event { name: event.name(), json, encode_as: Box::new(move |version| event.encode_as(version)) }
    };
    Ok(all?.into_iter().map(read).collect())
}
