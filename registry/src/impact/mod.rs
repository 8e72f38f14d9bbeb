//! What the release of a draft would do to those who read the event: consumers say which versions they accept and which fields
//! they need. Who reads a message is taken from the model alone; nothing here asks a broker.

mod needs;
mod readers;
mod report;
#[cfg(test)]
mod tests;

pub use report::{human, json};

use crate::{Evolution, Known, compat, evolution::Onward};
use isobar_model::{
    Diagnostics, Model, Span, Spanned, Table, Version,
    diag::{Diagnostic, codes, list},
    model::{Consumer, Name},
    version::VersionRange,
};
use needs::Need;
use readers::{Readers, Said};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// A draft and everybody who reads the event.
#[derive(Clone, Debug)]
pub struct Impact {
    /// The event.
    pub name: Name,
    /// The version that the draft would be released as.
    pub version: Version,
    /// Where the event is written.
    pub span: Span,
    /// The consumers that say what they accept or need of it, in the order of the model.
    pub said: Vec<Reader>,
    /// All who read a topic that carries it, in the order of the model. Events that go the same way share the list.
    listeners: Arc<[Reader]>,
}

/// A consumer of an event.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The consumer.
    pub name: String,
    /// The team that answers for it.
    pub owner: Option<String>,
    /// The versions it accepts, if it says so.
    pub accepts: Option<VersionRange>,
    /// The fields it needs, as dotted paths.
    pub needs: Vec<String>,
    /// What the release means to it.
    pub fate: Fate,
    /// Where it stands in the model.
    place: usize,
}

/// What a release means to a consumer.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It reads the new version: as what it is, or as the older version that is named.
    Fine(Option<Version>),
    /// Only `downgrade` brings the data to a version that it accepts.
    Downgraded {
        /// That version.
        to: Version,
        /// What it needs and does not get back.
        loses: Vec<Spanned<String>>,
    },
    /// It can no longer read the event.
    Broken {
        /// The fields that it needs and misses; empty where it is about the version as a whole.
        misses: Vec<String>,
        /// Why, and where the consumer says what is no longer true.
        why: Vec<(Span, String)>,
    },
    /// It reads the event and says neither what it accepts nor what it needs.
    Unsaid,
}

impl Fate {
    /// `fine`, `downgrade`, `broken` or `unknown`.
    pub fn name(&self) -> &'static str {
        match self {
            Fate::Fine(_) => "fine",
            Fate::Downgraded { .. } => "downgrade",
            Fate::Broken { .. } => "broken",
            Fate::Unsaid => "unknown",
        }
    }
}

impl Impact {
    fn of(model: &Model, readers: &Readers<'_>, evolution: &Evolution, known: &Known) -> Impact {
        Impact {
            name: evolution.name.clone(),
            version: known.version,
            span: known.event.name.span,
            said: readers.said(&evolution.name).iter().map(|said| Reader::of(said, evolution, known)).collect(),
            listeners: readers.listeners(&evolution.name, aggregate(model, evolution, known)),
        }
    }

    /// Everybody who reads the event: those who say something of it, then those who only listen, each in the order of the model.
    pub fn readers(&self) -> impl Iterator<Item = &Reader> {
        self.said.iter().chain(self.listeners.iter().filter(|it| !has(&self.said, it)))
    }

    /// How many consumers read the event.
    pub fn count(&self) -> usize {
        self.said.len() + self.listeners.len() - self.said.iter().filter(|it| has(&self.listeners, it)).count()
    }
}

/// The aggregate whose topics carry an event: a released version does not say whose it is.
fn aggregate<'a>(model: &'a Model, evolution: &Evolution, known: &'a Known) -> Option<&'a str> {
    model.event(&evolution.name).unwrap_or(&known.event).aggregate.as_deref()
}

fn has(all: &[Reader], it: &Reader) -> bool {
    all.binary_search_by_key(&it.place, |known| known.place).is_ok()
}

impl Reader {
    fn of(said: &Said<'_>, evolution: &Evolution, known: &Known) -> Reader {
        Reader {
            accepts: said.accepts.map(|range| range.value),
            needs: said.needs.into_iter().flatten().map(|path| path.value.clone()).collect(),
            fate: fate(evolution, known, said.accepts, said.needs),
            ..Reader::silent(said.place, said.consumer)
        }
    }

    /// One that says nothing of an event.
    fn silent(place: usize, consumer: &Consumer) -> Reader {
        Reader {
            name: consumer.name.value.clone(),
            owner: consumer.owner.as_ref().map(|owner| owner.value.clone()),
            accepts: None,
            needs: Vec::new(),
            fate: Fate::Unsaid,
            place,
        }
    }
}

/// The impact of every draft of an event that was released before, in the order of the model.
pub fn of(model: &Model, evolutions: &Table<Name, Evolution>) -> Vec<Impact> {
    let readers = Readers::of(model);
    let drafts = evolutions.values().filter(|it| it.released().is_some());
    drafts.filter_map(|evolution| Some(Impact::of(model, &readers, evolution, evolution.draft()?))).collect()
}

/// What a version of an event, released or not, means to each of its consumers: to those who say something of it, then to those who only
/// listen, each in the order of the model.
pub fn of_version(model: &Model, evolution: &Evolution, known: &Known) -> Vec<Reader> {
    Impact::of(model, &Readers::of(model), evolution, known).readers().cloned().collect()
}

/// What the newest version of every event, released or not, means to one consumer, in the order of the model; events that it does not read
/// are left out.
pub fn of_consumer<'a>(
    model: &Model,
    evolutions: &'a Table<Name, Evolution>,
    consumer: &Consumer,
) -> Vec<(&'a Known, Reader)> {
    let (accepts, needs) = (by_event(&consumer.accepts), by_event(&consumer.needs));
    let topics = consumer.reads.iter().filter_map(|topic| model.topics.get(&topic.value));
    let carried: HashSet<&Name> = topics.flat_map(|topic| &topic.carries).map(|name| &name.value).collect();
    let newest = |evolution: &'a Evolution| {
        let (name, newest) = (&evolution.name, evolution.newest()?);
        let aggregate = || {
            let own = aggregate(model, evolution, newest)?.to_owned();
            carried.get(&Name { context: name.context.clone(), name: own })
        };
        let (accepts, needs) = (accepts.get(name).copied(), needs.get(name).map(|paths| paths.as_slice()));
        let reads = accepts.is_some() || needs.is_some() || carried.contains(name) || aggregate().is_some();
        let said = Said { place: 0, consumer, accepts, needs };
        reads.then(|| (newest, Reader::of(&said, evolution, newest)))
    };
    evolutions.values().filter(|it| it.alive).filter_map(newest).collect()
}

/// Reports consumers that a draft breaks or that lose something, and needs that no version has.
pub(crate) fn check(
    model: &Model,
    evolutions: &Table<Name, Evolution>,
    pulled: &Table<Name, Evolution>,
    diagnostics: &mut Diagnostics,
) {
    if model.consumers.is_empty() {
        return;
    }
    for consumer in model.consumers.values() {
        waits(model, consumer, evolutions).into_iter().for_each(|it| diagnostics.push(it));
        let accepts = by_event(&consumer.accepts);
        for (name, paths) in &consumer.needs {
            let Some(evolution) = evolutions.get(&name.value).or_else(|| pulled.get(&name.value)) else { continue };
            let range = accepts.get(&name.value).copied();
            paths.iter().filter_map(|path| unknown(range, evolution, path)).for_each(|it| diagnostics.push(it));
        }
    }
    for impact in of(model, evolutions) {
        let findings = impact.said.iter().filter_map(|reader| finding(&impact, reader));
        findings.for_each(|it| diagnostics.push(it.about(&impact.name)));
    }
}

/// What is said of events that the consumer names and that are over.
fn waits(model: &Model, consumer: &Consumer, evolutions: &Table<Name, Evolution>) -> Vec<Diagnostic> {
    let named = consumer.accepts.iter().map(|(name, _)| name).chain(consumer.needs.iter().map(|(name, _)| name));
    let mut over: Vec<(&Spanned<Name>, &Evolution)> = Vec::new();
    for name in named {
        let Some(evolution) = evolutions.get(&name.value) else { continue };
        // A sketch was never there, and what merely vanished is told of as that.
        let said = !matches!(evolution.onward, Onward::Itself) && model.event(&name.value).is_some();
        if said && over.iter().all(|(known, _)| known.value != name.value) {
            over.push((name, evolution));
        }
    }
    let owner = consumer.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
    let finding = |(name, evolution): (&Spanned<Name>, &Evolution)| {
        let message = format!("`{}` reads `{name}`, which is over{owner}", consumer.name);
        let help = match &evolution.onward {
            Onward::Others(others) => {
                let others: Vec<String> = others.iter().map(|it| it.name.to_string()).collect();
                format!("its data becomes {}: say what the consumer reads of that", quoted(&others))
            }
            _ => "its data is no longer read by anybody: remove it here".to_owned(),
        };
        Diagnostic::new(&codes::CONSUMER_WAITS, name.span, message).help(help).about(&name.value)
    };
    over.into_iter().map(finding).collect()
}

fn finding(impact: &Impact, reader: &Reader) -> Option<Diagnostic> {
    let (name, version) = (&impact.name, impact.version);
    let owner = reader.owner.as_ref().map_or_else(String::new, |owner| format!(", owner {owner}"));
    match &reader.fate {
        Fate::Broken { misses, why } => {
            let reads = reader.accepts.map(|range| format!("reads {range}"));
            let needs = if misses.is_empty() { &reader.needs } else { misses };
            let needs = (!needs.is_empty()).then(|| format!("needs {}", quoted(needs)));
            let says: Vec<String> = reads.into_iter().chain(needs).collect();
            let message = format!("releasing `{name}` {version} breaks `{}` ({}){owner}", reader.name, says.join(", "));
            let finding = Diagnostic::new(&codes::BREAKS_CONSUMER, impact.span, message)
                .label(format!("{version} is not released yet"))
                .help(
                    "talk to its owner, write a `downgrade`, or accept it for a time under `waivers` in `isobar.yaml`",
                );
            Some(why.iter().fold(finding, |it, (span, text)| it.also(*span, text.as_str())))
        }
        Fate::Downgraded { to, loses } if !loses.is_empty() => {
            let fields: Vec<String> = loses.iter().map(|it| it.value.clone()).collect();
            let message = format!(
                "`{}` reads data of `{name}` {version} as {to}, without the {} {} that it needs{owner}",
                reader.name,
                if fields.len() == 1 { "value of" } else { "values of" },
                quoted(&fields)
            );
            let finding = Diagnostic::new(&codes::CONSUMER_LOSES, impact.span, message)
                .help("add the field to the new version, or agree with its owner that a fixed value will do");
            Some(loses.iter().fold(finding, |it, field| it.also(field.span, "needed here")))
        }
        _ => None,
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What a consumer says of events, by their names. Of what is said twice, the first counts.
fn by_event<T>(said: &[(Spanned<Name>, T)]) -> HashMap<&Name, &T> {
    said.iter().rev().map(|(name, it)| (&name.value, it)).collect()
}

fn fate(
    evolution: &Evolution,
    draft: &Known,
    accepts: Option<&Spanned<VersionRange>>,
    needs: Option<&[Spanned<String>]>,
) -> Fate {
    let paths = needs.unwrap_or_default();
    let Some(range) = accepts else {
        // It reads whatever is written: what it needs must stay, as what it was.
        let before = evolution.released().filter(|_| needs.is_some());
        return match before {
            Some(before) => broken(Need::missing(paths, before, draft, evolution, true)).unwrap_or(Fate::Fine(None)),
            None => Fate::Unsaid,
        };
    };
    let before = newest_of(evolution, range);
    if range.accepts(draft.version) {
        let missing = before.map(|before| Need::missing(paths, before, draft, evolution, false));
        return broken(missing.unwrap_or_default()).unwrap_or(Fate::Fine(None));
    }
    let refuse = |why: String| {
        let missing = before.map(|before| Need::missing(paths, before, draft, evolution, true)).unwrap_or_default();
        let mut all = vec![(range.span, why)];
        all.extend(missing.iter().map(|need| (need.span, need.why.clone())));
        Fate::Broken { misses: missing.into_iter().map(|need| need.path).collect(), why: all }
    };
    let Some(before) = before else {
        return refuse(format!("of the versions that there are it accepts none, and not {}", draft.version));
    };
    // The newest version of the major that it accepts, to which data is brought back.
    let Some(back) = evolution.major(before.version.major) else { return Fate::Unsaid };
    for major in evolution.majors.iter().rev().take_while(|it| it.version.major > before.version.major) {
        if major.down.is_none() {
            let to = Version::new(major.version.major - 1, 0);
            let to = evolution.major(to.major).map_or(to, |it| it.version);
            return refuse(format!(
                "it does not accept {}, and there is no way from {} back to {to}",
                draft.version, major.version
            ));
        }
    }
    if let Some(first) = compat::refused(back.record(), before.record(), true).first() {
        return refuse(format!(
            "it does not accept {}, and as {} it cannot read it: `{}` {}",
            draft.version, before.version, first.path, first.why
        ));
    }
    if back.version.major == draft.version.major {
        return Fate::Fine(Some(before.version));
    }
    let lossy = evolution.major(before.version.major + 1).map_or(&[][..], |it| &it.lossy);
    let lost = |path: &&Spanned<String>| lossy.iter().any(|lost| overlap(lost, path));
    Fate::Downgraded { to: before.version, loses: paths.iter().filter(lost).cloned().collect() }
}

/// Whether one dotted path leads through the other.
fn overlap(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn broken(missing: Vec<Need>) -> Option<Fate> {
    let why = missing.iter().map(|need| (need.span, need.why.clone())).collect();
    let misses: Vec<String> = missing.into_iter().map(|need| need.path).collect();
    (!misses.is_empty()).then_some(Fate::Broken { misses, why })
}

/// The newest released version that is accepted.
fn newest_of<'a>(evolution: &'a Evolution, range: &VersionRange) -> Option<&'a Known> {
    evolution.versions.iter().rev().find(|known| !known.draft && range.accepts(known.version))
}

/// What is wrong with a path that no version has that the consumer reads.
fn unknown(range: Option<&Spanned<VersionRange>>, evolution: &Evolution, path: &Spanned<String>) -> Option<Diagnostic> {
    let reads = |known: &&Known| range.is_none_or(|range| range.accepts(known.version));
    let mut read = evolution.versions.iter().rev().filter(reads).peekable();
    let newest = *read.peek()?;
    if read.take(2).any(|known| needs::find(path, &known.types, known.fields()).is_some()) {
        return None;
    }
    let fields = newest.fields().iter().map(|field| field.name.value.as_str());
    let message = format!("`{}` {} has no field `{path}`", evolution.name, newest.version);
    let help =
        isobar_model::diag::did_you_mean(path, fields.clone()).unwrap_or_else(|| format!("it has {}", list(fields)));
    Some(Diagnostic::new(&codes::UNKNOWN_FIELD, path.span, message).help(help).about(&evolution.name))
}
