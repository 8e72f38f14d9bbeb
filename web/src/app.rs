//! What every request reaches: the store, the threads that decide, the counters, and what the operator wants.

use crate::{access::Access, decide::Decider, feed::Feed, metrics::Metrics, models::Models};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use isobar_registry::{
    compat::documents::Content,
    store::{Store, Subject},
};
use std::{
    hash::{BuildHasher, RandomState},
    io,
    net::IpAddr,
    num::NonZeroU32,
    ops::Deref,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use tokio::sync::Mutex;

/// What the operator wants.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who may do what without a token.
    pub access: Access,
    /// How JSON Schemas are read unless a subject says otherwise.
    pub content: Content,
    /// The longest body that is taken, in bytes.
    pub body: usize,
    /// How long a request may take.
    pub patience: Duration,
    /// How long the headers of a request may take to come in.
    pub headers: Duration,
    /// How many connections may be open at once.
    pub connections: usize,
    /// How many bytes of YAML are kept opened, of all workspaces together; what is made of them takes about twenty-five times as much memory.
    pub opened: usize,
    /// How many requests an address may make each second; any number if none is said.
    pub rate: Option<NonZeroU32>,
    /// A certificate and its key, to speak TLS.
    pub tls: Option<Tls>,
}

/// Files in PEM.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate and those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            access: Access::default(),
            content: Content::default(),
            body: 16 << 20,
            patience: Duration::from_secs(30),
            headers: Duration::from_secs(10),
            connections: 10_000,
            opened: 32 << 20,
            rate: None,
            tls: None,
        }
    }
}

/// The server's state. A clone is the same one, and costs no more than one count: every request has several.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What all clones have.
pub struct Shared {
    pub(crate) store: Store,
    pub(crate) decider: Decider,
    pub(crate) models: Models,
    pub(crate) shown: crate::pages::Known,
    pub(crate) watch: crate::pages::Watch,
    pub(crate) feed: Feed,
    pub(crate) metrics: Metrics,
    pub(crate) options: Options,
    pub(crate) limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    pub(crate) turns: Turns,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Turns of those who write to the same subject at the same time: a few locks, of which each is for many subjects.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    locks: [Mutex<()>; 32],
    hasher: RandomState,
}

impl Turns {
    /// The lock of a subject.
    pub(crate) fn of(&self, subject: &Subject) -> &Mutex<()> {
        &self.locks[self.hasher.hash_one(subject) as usize % self.locks.len()]
    }
}

impl App {
    /// Makes the state around an open store.
    ///
    /// # Errors
    /// When the system has no threads left.
    pub fn new(store: Store, options: Options) -> io::Result<App> {
        Ok(App(Arc::new(Shared {
            store,
            decider: Decider::start()?,
            models: Models::default(),
            shown: crate::pages::Known::default(),
            watch: crate::pages::Watch::default(),
            feed: Feed::default(),
            metrics: Metrics::default(),
            limiter: options.rate.map(|rate| RateLimiter::keyed(Quota::per_second(rate))),
            options,
            turns: Turns::default(),
        })))
    }
}

/// The day in UTC, `YYYY-MM-DD`, so that it is the same one for everybody.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
