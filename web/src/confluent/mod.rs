//! The Confluent Schema Registry protocol at the root, as the clients of Kafka speak it: its routes, its numbers of errors, its traps.
//! What a schema is compatible with is the registry's to say.

mod answer;
mod asked;
mod compatibility;
mod config;
mod given;
mod mode;
mod names;
mod references;
mod register;
mod schemas;
mod server;
mod subjects;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod verdicts;
mod versions;

use crate::App;
use axum::{
    Router,
    routing::{delete, get, post, put},
};
use serde::Serialize;

pub(crate) use names::written as named;
pub(crate) use server::root;
pub(crate) use told::{Step, Told, registered, told};

/// A request that is answered.
#[derive(Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// What it does, in a few words.
    pub(crate) what: &'static str,
}

/// One table for the routes and for what is told of them.
macro_rules! requests {
    ($($method:ident $path:literal $handler:path, $what:literal;)*) => {
        /// Every request, in the order in which they are told.
        pub(crate) const REQUESTS: &[Request] =
            &[$(Request { method: stringify!($method), path: $path, what: $what }),*];

        /// The routes. What newer servers have beside them (`/associations`) is answered as every path that is not there, in JSON, which
        /// clients take for no. The root itself is where pages begin, for browsers.
        pub(crate) fn routes() -> Router<App> {
            Router::new()$(.route($path, $method($handler)))*
        }
    };
}

requests! {
    get "/subjects" subjects::list, "all subjects";
    post "/subjects/{subject}" subjects::lookup, "the version of a subject that a schema is";
    delete "/subjects/{subject}" subjects::delete, "deletes a subject; for good with `permanent=true`";
    get "/subjects/{subject}/metadata" versions::by_metadata, "the newest version with these metadata";
    get "/subjects/{subject}/versions" versions::list, "the versions of a subject";
    post "/subjects/{subject}/versions" register::register, "registers a schema";
    get "/subjects/{subject}/versions/{version}" versions::one, "a version, or `latest`";
    delete "/subjects/{subject}/versions/{version}" versions::delete, "deletes a version; for good with `permanent=true`";
    get "/subjects/{subject}/versions/{version}/schema" versions::schema, "the schema of a version alone";
    get "/subjects/{subject}/versions/{version}/referencedby" versions::referring, "the ids of schemas that refer to it";
    get "/schemas" schemas::list, "all schemas, in all their versions";
    get "/schemas/types" schemas::types, "the kinds of schemas that are taken";
    get "/schemas/ids/{id}" schemas::by_id, "the schema of an id, which is the same for ever";
    get "/schemas/ids/{id}/schema" schemas::text, "the schema alone";
    get "/schemas/ids/{id}/subjects" schemas::subjects, "the subjects that have it";
    get "/schemas/ids/{id}/versions" schemas::versions, "the versions that have it";
    get "/schemas/guids/{guid}" schemas::by_guid, "the schema of a GUID";
    get "/schemas/guids/{guid}/ids" schemas::ids, "its ids, context by context";
    post "/compatibility/subjects/{subject}/versions" compatibility::with_all, "decides whether a schema may follow all that count";
    post "/compatibility/subjects/{subject}/versions/{version}" compatibility::with_one, "decides whether it may follow one version";
    get "/config" config::get, "how compatible subjects must stay";
    put "/config" config::put, "changes that";
    delete "/config" config::delete, "takes it back";
    get "/config/{subject}" config::get, "how compatible one subject must stay";
    put "/config/{subject}" config::put, "changes that";
    delete "/config/{subject}" config::delete, "takes it back";
    get "/mode" mode::get, "whether subjects may be written to";
    put "/mode" mode::put, "changes that";
    delete "/mode" mode::delete, "takes it back";
    get "/mode/{subject}" mode::get, "whether one subject may be written to";
    put "/mode/{subject}" mode::put, "changes that";
    delete "/mode/{subject}" mode::delete, "takes it back";
    get "/contexts" server::contexts, "the contexts of subjects";
    get "/v1/metadata/id" server::id, "what the server is called";
    get "/v1/metadata/version" server::version, "which version it is";
}
