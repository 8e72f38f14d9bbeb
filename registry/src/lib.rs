//! Versions of events: the frozen history, what each change must be called, JSON Schema of every version, and payloads brought
//! from one version to another.
//!
//! ```no_run
//! let workspace = isobar_registry::Workspace::open("schemas".as_ref());
//! for (name, evolution) in &workspace.evolutions {
//!     println!("{name}: {} versions", evolution.versions.len());
//! }
//! ```
//!
//! Nothing here prints, knows a command line or speaks HTTP. Opening a workspace never writes; only [`history::release`] does.

mod against;
pub mod compat;
mod envelopes;
pub mod evolution;
pub mod history;
pub mod impact;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "testing")]
pub mod matches;
mod parallel;
#[cfg(feature = "payload")]
pub mod payload;
pub mod pulled;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod push;
#[cfg(feature = "report")]
pub mod report;
pub mod schema;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod store;
#[cfg(test)]
mod testing;
mod waivers;
mod workspace;

pub use against::Base;
pub use evolution::{Evolution, Known, Major};
pub use history::{History, Released, release};
pub use workspace::Workspace;
