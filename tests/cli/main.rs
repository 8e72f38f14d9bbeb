//! The built binary as a user meets it: arguments, standard streams, exit codes, files on the disk, and a kill in the middle.

mod support;

mod against;
mod check;
mod compat;
mod deploy;
mod formats;
mod generate;
mod import;
mod misuse;
mod payloads;
mod release;
mod remote;
mod store;
