//! The registry as a server. A request passes `listen` (sockets, TLS, limits on connections), `edge` (who asks, how long it may take, what is
//! logged and counted, how failures are written) and one of the protocols: `api`, our own, `confluent`, or `pages`, for people. All of them say
//! what they want to one [`App`]. No compatibility and no generation logic here: that is the registry's and the generator's.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let store = isobar_registry::store::Store::open("sqlite:registry.db").await?;
//! let app = isobar_web::App::new(store, isobar_web::Options::default())?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8321").await?;
//! isobar_web::serve(app, listener, std::future::pending()).await?;
//! # Ok(()) }
//! ```

mod access;
mod api;
mod app;
mod confluent;
mod decide;
mod edge;
mod extract;
mod failure;
mod feed;
mod listen;
mod metrics;
mod models;
mod operations;
mod pages;
#[cfg(test)]
mod tests;

pub use access::{Access, hash_of, new_secret};
use app::today;
pub use app::{App, Options, Tls};
pub use failure::Failure;
pub use listen::serve;
pub use pages::{Prepared, static_pages};

use axum::Router;

/// Everything that the server answers, without a socket: what tests call.
pub fn router(app: App) -> Router {
    let edge = edge(app);
    Router::new().fallback(move |request| edge.clone().answer(None, request))
}

/// All routes, with what surrounds them.
fn edge(app: App) -> edge::Edge {
    let routes = Router::new()
        .merge(operations::routes())
        .merge(api::routes())
        .merge(confluent::routes())
        .merge(pages::routes());
    edge::Edge::around(routes, app)
}
