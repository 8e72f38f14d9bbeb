//! Who reads which event, looked up rather than searched for: a model of thousands of events and consumers is gone through once, and not
//! once for each of both. What a version means to a reader is decided elsewhere.

use super::Reader;
use isobar_model::{
    Model, Spanned,
    model::{Consumer, Name},
    version::VersionRange,
};
use std::{collections::HashMap, sync::Arc};

/// What consumers say, and what topics carry, by the names of events.
pub(super) struct Readers<'a> {
    /// Those who say something of an event, in the order of the model.
    said: HashMap<&'a Name, Vec<Said<'a>>>,
    /// The places of the topics that carry an event, or all events of an aggregate, in the order of the model.
    carriers: HashMap<&'a Name, Vec<usize>>,
    /// Those who read a topic. Every event that it carries shares the list: each with a list of its own would be far more than the model.
    listeners: Vec<Arc<[Reader]>>,
    /// Those who read any of several topics.
    together: HashMap<Vec<usize>, Arc<[Reader]>>,
}

/// What a consumer says of an event.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    /// Where the consumer stands in the model.
    pub(super) place: usize,
    pub(super) consumer: &'a Consumer,
    pub(super) accepts: Option<&'a Spanned<VersionRange>>,
    pub(super) needs: Option<&'a [Spanned<String>]>,
}

impl<'a> Readers<'a> {
    pub(super) fn of(model: &'a Model) -> Readers<'a> {
        let mut said: HashMap<&Name, Vec<Said<'_>>> = HashMap::new();
        let mut reads: HashMap<&str, Vec<Reader>> = HashMap::new();
        for (place, consumer) in model.consumers.values().enumerate() {
            let mut of = |name: &'a Name, say: &dyn Fn(&mut Said<'a>)| {
                let all = said.entry(name).or_default();
                if all.last().is_none_or(|last| last.place != place) {
                    all.push(Said { place, consumer, accepts: None, needs: None });
                }
                all.last_mut().into_iter().for_each(say);
            };
            // Of what is said twice, the first counts.
            for (name, range) in &consumer.accepts {
                of(&name.value, &|it| it.accepts = it.accepts.or(Some(range)));
            }
            for (name, paths) in &consumer.needs {
                of(&name.value, &|it| it.needs = it.needs.or(Some(paths)));
            }
            for topic in &consumer.reads {
                let all = reads.entry(&topic.value).or_default();
                if all.last().is_none_or(|last| last.place != place) {
                    all.push(Reader::silent(place, consumer));
                }
            }
        }
        let listeners = model.topics.keys().map(|name| reads.remove(name.as_str()).unwrap_or_default().into());
        let listeners: Vec<Arc<[Reader]>> = listeners.collect();
        let mut carriers: HashMap<&Name, Vec<usize>> = HashMap::new();
        for (place, topic) in model.topics.values().enumerate().filter(|(place, _)| !listeners[*place].is_empty()) {
            topic.carries.iter().for_each(|name| carriers.entry(&name.value).or_default().push(place));
        }
        let mut readers = Readers { said, carriers, listeners, together: HashMap::new() };
        for (name, event) in model.events() {
            let topics = readers.topics(&name, event.aggregate.as_deref());
            if topics.len() > 1 && !readers.together.contains_key(&topics) {
                let all = readers.union(&topics);
                readers.together.insert(topics, all);
            }
        }
        readers
    }

    /// What consumers say of an event, in the order of the model.
    pub(super) fn said(&self, event: &Name) -> &[Said<'a>] {
        self.said.get(event).map_or(&[], Vec::as_slice)
    }

    /// Those who read a topic that carries an event, in the order of the model, whatever they say of it.
    pub(super) fn listeners(&self, event: &Name, aggregate: Option<&str>) -> Arc<[Reader]> {
        match self.topics(event, aggregate).as_slice() {
            [] => Arc::default(),
            [one] => Arc::clone(&self.listeners[*one]),
            many => self.together.get(many).map_or_else(|| self.union(many), Arc::clone),
        }
    }

    /// The topics that carry an event, by its own name or its aggregate's, and that somebody reads.
    fn topics(&self, event: &Name, aggregate: Option<&str>) -> Vec<usize> {
        let aggregate = aggregate.map(|aggregate| Name { context: event.context.clone(), name: aggregate.to_owned() });
        let names = [Some(event), aggregate.as_ref()].into_iter().flatten();
        let mut topics: Vec<usize> = names.filter_map(|name| self.carriers.get(name)).flatten().copied().collect();
        topics.sort_unstable();
        topics.dedup();
        topics
    }

    fn union(&self, topics: &[usize]) -> Arc<[Reader]> {
        let mut all: Vec<Reader> = topics.iter().flat_map(|topic| self.listeners[*topic].iter().cloned()).collect();
        all.sort_by_key(|it| it.place);
        all.dedup_by_key(|it| it.place);
        all.into()
    }
}
