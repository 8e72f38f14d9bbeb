//! How it travels: brokers, topics and consumers. Only data.

use super::Name;
use crate::{source::Spanned, table::Table, version::VersionRange};

/// A message broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// Its name.
    pub name: Spanned<String>,
    /// What it runs.
    pub kind: Spanned<String>,
    /// Addresses to start from.
    pub bootstrap: Vec<String>,
}

/// A topic, queue or stream.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// Its broker.
    pub broker: Option<Spanned<String>>,
    /// The events and commands it carries; an aggregate stands for all of its events.
    pub carries: Vec<Spanned<Name>>,
    /// The envelope role or field that keys it.
    pub key: Option<Spanned<String>>,
    /// How many partitions.
    pub partitions: Option<u64>,
    /// How many copies.
    pub replication: Option<u64>,
    /// How long data is kept, in seconds.
    pub retention: Option<u64>,
    /// RabbitMQ's kind of exchange.
    pub exchange: Option<String>,
    /// RabbitMQ's routing key.
    pub routing_key: Option<String>,
    /// Header -> envelope role.
    pub headers: Table<String, Spanned<String>>,
}

/// A service that reads a topic.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its name.
    pub name: Spanned<String>,
    /// For people.
    pub doc: Option<String>,
    /// The team that answers for it.
    pub owner: Option<Spanned<String>>,
    /// The topics it reads.
    pub reads: Vec<Spanned<String>>,
    /// `earliest` or `latest`.
    pub offset: Option<String>,
    /// `at_most_once`, `at_least_once` or `exactly_once`.
    pub delivery: Option<String>,
    /// How it recognizes a message it has seen.
    pub idempotent: Option<Idempotence>,
    /// How it tries again.
    pub retry: Option<Retry>,
    /// Where what it cannot process goes.
    pub dlq: Option<Spanned<String>>,
    /// The versions it can read, by event.
    pub accepts: Vec<(Spanned<Name>, Spanned<VersionRange>)>,
    /// The fields it uses, by event, as dotted paths.
    pub needs: Vec<(Spanned<Name>, Vec<Spanned<String>>)>,
}

/// `idempotent: { by: id, store: processed_events }`.
#[derive(Clone, Debug)]
pub struct Idempotence {
    /// The envelope role that identifies a message.
    pub by: Spanned<String>,
    /// Where seen ones are kept.
    pub store: Option<String>,
}

/// `retry: { max: 3, backoff: exponential, first: 1s }`.
#[derive(Clone, Debug)]
pub struct Retry {
    /// How often at most.
    pub max: u64,
    /// `fixed` or `exponential`.
    pub backoff: Option<String>,
    /// The first wait, in seconds.
    pub first: Option<u64>,
}
