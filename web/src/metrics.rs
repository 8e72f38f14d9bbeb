//! What is counted, in the form that Prometheus reads. Labels are names of routes and never what a caller sent, so that
//! nobody can make the numbers grow without bound.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// The numbers of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Histogram,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Schemas that were refused for what they would break.
    pub(crate) refused: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        // From a tenth of a millisecond to about thirteen seconds.
        let buckets = (0..18).map(|power| 0.000_1 * f64::from(1 << power));
        let (answered, seconds) = (Family::default(), Histogram::new(buckets));
        let (connections, refused) = (Gauge::default(), Counter::default());
        let mut registry = Registry::with_prefix("isobar");
        registry.register("requests", "Requests that were answered", answered.clone());
        registry.register("request_seconds", "How long answers took", seconds.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register("schemas_refused", "Schemas refused as incompatible", refused.clone());
        Metrics { registry, answered, seconds, connections, refused }
    }
}

impl Metrics {
    pub(crate) fn answered(&self, method: &axum::http::Method, route: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE"];
        let method = known.into_iter().find(|it| *it == method.as_str()).unwrap_or("other");
        self.answered.get_or_create(&Answered { method, route: route.to_owned(), status }).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// All numbers as text.
    ///
    /// # Errors
    /// When text cannot be written, which does not happen.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry).map(|()| text)
    }
}
