//! Brokers, topics and consumers: of the workspace, not of a context, so their names of messages are always qualified.

use super::reader::{Cx, Map};
use crate::table::Table;
use crate::{
    model::{Broker, Consumer, Idempotence, Model, Retry, Topic},
    parse::Node,
    source::Spanned,
};

const BROKERS: &[&str] = &["kafka", "rabbitmq", "nats", "redis", "sns_sqs", "pulsar", "memory"];

impl Map<'_> {
    /// Whether the file holds messaging, so that it needs no context.
    pub(super) fn is_messaging(&mut self) -> bool {
        ["brokers", "topics", "consumers"].into_iter().any(|key| self.get(key).is_some())
    }
}

impl Cx {
    pub(super) fn messaging(&mut self, map: &mut Map<'_>, model: &mut Model) {
        for (key, node) in map.get("brokers").and_then(|n| self.members(n, "brokers")).unwrap_or_default() {
            let name = self.name(key, true);
            let Some(mut map) = self.map(node, "a broker") else { continue };
            let kind = map.need("kind", self);
            self.word(kind, BROKERS);
            let kind = kind.and_then(|node| self.text(node)).unwrap_or_else(|| Spanned::new(String::new(), key.span));
            let bootstrap = self.texts(map.get("bootstrap")).into_iter().map(|text| text.value).collect();
            map.finish(self);
            self.insert(&mut model.brokers, &name.clone(), Broker { name, kind, bootstrap }, |it| it.name.span);
        }
        for (key, node) in map.get("topics").and_then(|n| self.members(n, "topics")).unwrap_or_default() {
            let name = self.name(key, true);
            if let Some(topic) = self.topic(name.clone(), node) {
                self.insert(&mut model.topics, &name, topic, |it| it.name.span);
            }
        }
        for (key, node) in map.get("consumers").and_then(|n| self.members(n, "consumers")).unwrap_or_default() {
            let name = self.name(key, true);
            if let Some(consumer) = self.consumer(name.clone(), node) {
                self.insert(&mut model.consumers, &name, consumer, |it| it.name.span);
            }
        }
    }

    fn topic(&mut self, name: Spanned<String>, node: &Node) -> Option<Topic> {
        let mut map = self.map(node, "a topic")?;
        let mut headers = Table::new();
        for (header, node) in
            map.get("headers").and_then(|n| self.members(n, "headers and their roles")).unwrap_or_default()
        {
            if let Some(role) = self.text(node) {
                headers.insert(header.text.clone(), role);
            }
        }
        let topic = Topic {
            name,
            doc: self.prose(map.get("doc")),
            broker: map.get("broker").and_then(|node| self.text(node)),
            carries: self.refer_all(map.get("carries")),
            key: map.get("key").and_then(|node| self.text(node)),
            partitions: self.count(map.get("partitions")),
            replication: self.count(map.get("replication")),
            retention: self.seconds(map.get("retention")),
            exchange: self.word(map.get("exchange"), &["direct", "fanout", "headers", "topic"]),
            routing_key: self.prose(map.get("routing_key")),
            headers,
        };
        map.finish(self);
        Some(topic)
    }

    fn consumer(&mut self, name: Spanned<String>, node: &Node) -> Option<Consumer> {
        let mut map = self.map(node, "a consumer")?;
        let idempotent = map.get("idempotent").and_then(|node| {
            let mut map = self.map(node, "`idempotent`")?;
            let by = map.need("by", self).and_then(|node| self.text(node));
            let store = self.prose(map.get("store"));
            map.finish(self);
            by.map(|by| Idempotence { by, store })
        });
        let retry = map.get("retry").and_then(|node| {
            let mut map = self.map(node, "`retry`")?;
            let max = map.need("max", self);
            let max = self.count(max);
            let backoff = self.word(map.get("backoff"), &["fixed", "exponential"]);
            let first = self.seconds(map.get("first"));
            map.finish(self);
            max.map(|max| Retry { max, backoff, first })
        });
        let mut accepts = Vec::new();
        for (key, node) in map.get("accepts").and_then(|n| self.members(n, "events and versions")).unwrap_or_default() {
            accepts.extend(self.reference(&key.text, key.span).zip(self.version_range(node)));
        }
        let mut needs = Vec::new();
        for (key, node) in map.get("needs").and_then(|n| self.members(n, "events and fields")).unwrap_or_default() {
            let fields = self.texts(Some(node));
            needs.extend(self.reference(&key.text, key.span).map(|name| (name, fields)));
        }
        let consumer = Consumer {
            name,
            doc: self.prose(map.get("doc")),
            owner: map.get("owner").and_then(|node| self.text(node)),
            reads: self.texts(map.get("reads")),
            offset: self.word(map.get("offset"), &["earliest", "latest"]),
            delivery: self.word(map.get("delivery"), &["at_most_once", "at_least_once", "exactly_once"]),
            idempotent,
            retry,
            dlq: map.get("dlq").and_then(|node| self.text(node)),
            accepts,
            needs,
        };
        map.finish(self);
        Some(consumer)
    }
}
