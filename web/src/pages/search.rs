//! Search: words that must all be found, and filters such as `kind:event field:customerId type:uuid tag:pii`. Names weigh more than
//! what is said about them. The list of what can be found is made once for each workspace.

use super::{
    elements,
    listing::Listing,
    page::Page,
    site::{Shown, Site, escaped},
    subject,
};
use isobar_model::{Field, Shape, ShapeKind, Spanned, Types, model::Name};
use isobar_registry::Workspace;
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    fmt::Write,
    mem,
};

/// So many stand on a page.
const HITS: usize = 50;
/// How deep nested fields are found: types may be recursive.
const DEEPEST: usize = 4;

/// What can be found in a workspace. Fields, types and tags have the same names again and again: each word is kept once.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: Vec<Word>,
    entries: Vec<Entry>,
}

/// A word, and what it is: `name`, `doc`, `field`, `type`, `tag`, `value`, `owner`.
#[derive(Debug)]
struct Word {
    place: &'static str,
    /// In lower case.
    text: Box<str>,
    /// As it was spelled where it was met first, if that differs.
    spelled: Option<Box<str>>,
}

/// What can be found.
#[derive(Debug)]
struct Entry {
    kind: &'static str,
    name: Box<str>,
    doc: Option<Box<str>>,
    /// Their places in [`Index::words`].
    words: Box<[u32]>,
}

/// An index that grows.
#[derive(Default)]
struct Builder {
    index: Index,
    /// The words of each place.
    known: HashMap<&'static str, HashMap<Box<str>, u32>>,
    /// Who answers for what is added next.
    owner: Option<u32>,
    /// Where texts are put together.
    text: String,
}

impl Builder {
    fn word(&mut self, place: &'static str, text: &str) -> u32 {
        let known = self.known.entry(place).or_default();
        // Most words were met before, and in small letters.
        let lower = match text.chars().any(char::is_uppercase) {
            true => Cow::Owned(text.to_lowercase()),
            false => Cow::Borrowed(text),
        };
        if let Some(known) = known.get(&*lower) {
            return *known;
        }
        // Files are bounded, and so are the words in them.
        let number = self.index.words.len() as u32;
        known.insert((*lower).into(), number);
        let spelled = matches!(lower, Cow::Owned(_)).then(|| text.into());
        self.index.words.push(Word { place, text: (*lower).into(), spelled });
        number
    }

    fn owned(&mut self, owner: Option<&Spanned<String>>) {
        self.owner = owner.map(|owner| self.word("owner", owner));
    }

    fn add(&mut self, kind: &'static str, name: String, doc: Option<&String>, mut words: Vec<u32>) {
        words.extend(doc.map(|doc| self.word("doc", doc)));
        words.push(self.word("name", &name));
        words.extend(self.owner);
        words.sort_unstable();
        words.dedup();
        let doc = doc.map(|doc| doc.as_str().into());
        self.index.entries.push(Entry { kind, name: name.into(), doc, words: words.into() });
    }

    /// The words of fields and of what is in them, `above` being the path so far.
    fn fields(&mut self, types: &Types, fields: &[Field], above: &str, words: &mut Vec<u32>) {
        for field in fields {
            let path = match above {
                "" => Cow::Borrowed(field.name.value.as_str()),
                above => Cow::Owned(format!("{above}.{}", field.name.value)),
            };
            words.push(self.word("field", &path));
            let mut text = mem::take(&mut self.text);
            text.clear();
            // Writing to a text never fails.
            let _ = write!(text, "{}", field.shape);
            words.push(self.word("type", &text));
            self.text = text;
            words.extend(field.tags.iter().map(|tag| self.word("tag", tag)));
            words.extend(field.doc.iter().map(|doc| self.word("doc", doc)));
            self.shape(types, &field.shape, &path, words);
        }
    }

    fn shape(&mut self, types: &Types, shape: &Shape, path: &str, words: &mut Vec<u32>) {
        match &types.resolve(shape).kind {
            // Types may be recursive.
            ShapeKind::Record(fields) if path.matches('.').count() < DEEPEST => self.fields(types, fields, path, words),
            ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => self.shape(types, item, path, words),
            ShapeKind::Enum(it) => words.extend(it.values.iter().map(|value| self.word("value", value))),
            ShapeKind::Union(it) => words.extend(it.branches.iter().map(|(value, _)| self.word("value", value))),
            _ => {}
        }
    }

    fn of_fields(&mut self, types: &Types, fields: &[Field]) -> Vec<u32> {
        let mut words = Vec::new();
        self.fields(types, fields, "", &mut words);
        words
    }
}

#[derive(Debug, Serialize)]
struct Hit<'a> {
    kind: &'static str,
    name: &'a str,
    href: String,
    doc: Option<&'a str>,
    workspace: &'a str,
    /// What was found beside the name, such as `field customerId`.
    why: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    query: &'a str,
    count: usize,
    /// The kinds of things that there are, where nothing is found.
    kinds: BTreeSet<&'static str>,
    hits: Vec<Hit<'a>>,
}

/// Everything of a workspace that can be found.
pub(super) fn index(workspace: &Workspace) -> Index {
    let model = &workspace.model;
    let owner = |context: &str| model.contexts.get(context).and_then(|it| it.owner.as_ref()).or(model.owner.as_ref());
    let mut all = Builder::default();
    for evolution in workspace.evolutions.values() {
        let Some(known) = evolution.newest() else { continue };
        all.owned(owner(&evolution.name.context));
        let mut words = all.of_fields(&known.types, known.fields());
        words.extend(evolution.wire_names.iter().map(|name| all.word("name", name)));
        all.add("event", evolution.name.to_string(), known.event.doc.as_ref(), words);
    }
    for (context, it) in model.contexts.iter() {
        let full = |name: &String| Name { context: context.clone(), name: name.clone() };
        all.owned(owner(context));
        for (name, event) in it.events.iter().filter(|(_, event)| event.fields.is_none()) {
            let name = full(name);
            if workspace.evolutions.get(&name).is_none_or(|it| it.newest().is_none()) {
                all.add("event", name.to_string(), event.doc.as_ref(), Vec::new());
            }
        }
        for (name, command) in it.commands.iter() {
            let words = all.of_fields(&model.types, command.fields.as_deref().unwrap_or_default());
            all.add("command", full(name).to_string(), command.doc.as_ref(), words);
        }
        let mut plain = |kind, name: &String, doc| all.add(kind, full(name).to_string(), doc, Vec::new());
        it.aggregates.iter().for_each(|(name, it)| plain("aggregate", name, it.doc.as_ref()));
        it.policies.iter().for_each(|(name, it)| plain("policy", name, it.doc.as_ref()));
        it.sagas.iter().for_each(|(name, it)| plain("saga", name, it.doc.as_ref()));
        it.actors.iter().for_each(|(name, it)| plain("actor", name, it.doc.as_ref()));
        it.external_systems.iter().for_each(|(name, it)| plain("external", name, it.doc.as_ref()));
        for (name, it) in it.read_models.iter() {
            let words = all.of_fields(&model.types, &it.fields);
            all.add("read-model", full(name).to_string(), it.doc.as_ref(), words);
        }
        all.add("context", context.clone(), it.doc.as_ref(), Vec::new());
    }
    // Those of contexts that were pulled have no page here.
    for (name, it) in model.types.0.iter().filter(|(name, _)| model.contexts.contains_key(&name.context)) {
        let mut words: Vec<u32> = it.tags.iter().map(|tag| all.word("tag", tag)).collect();
        all.shape(&model.types, &it.shape, "", &mut words);
        all.owned(owner(&name.context));
        all.add("type", name.to_string(), it.doc.as_ref(), words);
    }
    for (name, it) in model.consumers.iter() {
        all.owned(it.owner.as_ref());
        all.add("consumer", name.clone(), it.doc.as_ref(), Vec::new());
    }
    all.owned(None);
    model.topics.iter().for_each(|(name, it)| all.add("topic", name.clone(), it.doc.as_ref(), Vec::new()));
    model.brokers.keys().for_each(|name| all.add("broker", name.clone(), None, Vec::new()));
    for (name, it) in elements::teams(model) {
        let words = it.and_then(|it| it.name.as_ref()).map(|name| all.word("name", name)).into_iter().collect();
        all.add("team", name.clone(), it.and_then(|it| it.doc.as_ref()), words);
    }
    all.index.words.shrink_to_fit();
    all.index.entries.shrink_to_fit();
    all.index
}

/// A part of a query: a word, and where it must be found.
struct Term<'a> {
    place: Option<&'a str>,
    text: String,
}

fn terms(query: &str) -> Vec<Term<'_>> {
    let places = ["kind", "name", "doc", "field", "type", "tag", "value", "owner"];
    query
        .split_whitespace()
        .map(|word| match word.split_once(':') {
            Some((place, text)) if places.contains(&place) => Term { place: Some(place), text: text.to_lowercase() },
            _ => Term { place: None, text: word.to_lowercase() },
        })
        .collect()
}

/// A term as an index has it.
enum Sought {
    /// The kind of what is found, without signs.
    Kind(String),
    /// What finding it is worth in each word; nothing in those that have it not.
    Word(Vec<u32>),
}

impl Index {
    fn sought(&self, term: &Term<'_>) -> Sought {
        if term.place == Some("kind") {
            return Sought::Kind(term.text.replace(['-', '_'], ""));
        }
        let own = |text: &'_ str| text.rfind('.').map_or(0, |dot| dot + 1);
        let worth = |Word { place, text, .. }: &Word| {
            let here = term.place.is_none_or(|wanted| wanted == *place) && text.contains(&term.text);
            if here { worth(place, &text[own(text)..], &term.text) } else { 0 }
        };
        Sought::Word(self.words.iter().map(worth).collect())
    }

    /// The entries in which all of it is found, each with what that is worth and the best word of each term.
    fn find<'a>(&'a self, sought: &[Sought]) -> impl Iterator<Item = (u32, &'a Entry, Vec<u32>)> {
        self.entries.iter().filter_map(move |entry| {
            let (mut weight, mut best) = (0, Vec::new());
            for one in sought {
                match one {
                    Sought::Kind(kind) if entry.kind.replace('-', "") == *kind => {}
                    Sought::Kind(_) => return None,
                    Sought::Word(worth) => {
                        let word = *entry.words.iter().max_by_key(|word| worth[**word as usize])?;
                        let found = worth[word as usize];
                        if found == 0 {
                            return None;
                        }
                        weight += found;
                        best.push(word);
                    }
                }
            }
            Some((weight, entry, best))
        })
    }
}

impl Word {
    /// What it is and its begin, as people spell it.
    fn told(&self) -> String {
        let text = self.spelled.as_ref().unwrap_or(&self.text);
        format!("{} {}", self.place, text.chars().take(80).collect::<String>())
    }
}

/// What finding a word there is worth: most where it is the whole name.
fn worth(place: &str, text: &str, word: &str) -> u32 {
    let place = match place {
        "name" => 8,
        "field" => 5,
        "tag" | "type" | "value" => 4,
        _ => 1,
    };
    let how = if text == word {
        4
    } else if text.starts_with(word) {
        2
    } else {
        1
    };
    place * how
}

/// Something that was found.
enum Hitting<'a> {
    Entry(&'a Shown, &'a Entry, Vec<u32>),
    /// A subject that a client registered has nothing but its name.
    Subject(&'a str),
}

impl Hitting<'_> {
    fn name(&self) -> &str {
        match self {
            Hitting::Entry(_, entry, _) => &entry.name,
            Hitting::Subject(name) => name,
        }
    }
}

/// What finding a subject is worth; none where it is not found.
fn worth_of(subject: &str, terms: &[Term<'_>]) -> Option<u32> {
    let lower = subject.to_lowercase();
    let worth = |term: &Term<'_>| match term.place {
        None | Some("name") => lower.contains(&term.text).then(|| worth("name", &lower, &term.text)),
        Some("kind") => (term.text == "subject").then_some(0),
        Some(_) => None,
    };
    terms.iter().map(worth).sum()
}

/// The page of what was found.
pub(super) fn page(site: &Site, query: &str, page: usize) -> Option<Page> {
    let terms = terms(query);
    let mut found = Vec::new();
    for shown in site.workspaces.iter().filter(|_| !terms.is_empty()) {
        let index = shown.index();
        let sought: Vec<Sought> = terms.iter().map(|term| index.sought(term)).collect();
        found.extend(index.find(&sought).map(|(weight, entry, best)| (weight, Hitting::Entry(shown, entry, best))));
    }
    let subjects = site.subjects.iter().filter(|_| !terms.is_empty());
    found.extend(subjects.filter_map(|name| Some((worth_of(name, &terms)?, Hitting::Subject(name)))));
    let listing = Listing::new(found.len(), page, HITS)?;
    found.sort_by(|a, b| {
        let (one, other) = (a.1.name(), b.1.name());
        b.0.cmp(&a.0).then_with(|| one.len().cmp(&other.len())).then_with(|| one.cmp(other))
    });
    let part = listing.range();
    let hits = found.iter().skip(part.start).take(part.len()).map(|(_, hitting)| {
        let (shown, entry, best) = match hitting {
            Hitting::Entry(shown, entry, best) => (shown, entry, best),
            Hitting::Subject(name) => {
                let href = subject::link(name, None).href;
                return Hit { kind: "subject", name, href, doc: None, workspace: "", why: Vec::new() };
            }
        };
        let words = best.iter().map(|word| &shown.index().words[*word as usize]);
        let why = words.filter(|it| it.place != "name");
        Hit {
            kind: entry.kind,
            name: &entry.name,
            href: shown.href(&format!("{}/{}", entry.kind, escaped(&entry.name))),
            doc: entry.doc.as_deref(),
            workspace: &shown.name,
            why: why.map(Word::told).collect(),
        }
    });
    let title = if query.is_empty() { "Search".into() } else { format!("Search for {query}") };
    // Where nothing is found, a page says what could be.
    let all = site.workspaces.iter().filter(|_| listing.count == 0).flat_map(|shown| &shown.index().entries);
    let others = site.subjects.first().filter(|_| listing.count == 0).map(|_| "subject");
    let kinds = all.map(|it| it.kind).chain(others).collect();
    let data = Found { query, kinds, count: listing.count, hits: hits.collect() };
    Some(Page::new("search", title, &data).below([("All workspaces", "/")]).part(listing))
}

#[cfg(test)]
mod tests {
    use crate::pages::{site::Ask, tests::site};

    /// What is found, as `kind name`.
    fn found(query: &str) -> Vec<String> {
        let page = site().answer(&["search"], &Ask { query, ..Ask::default() }).unwrap();
        let hits = page.data["hits"].as_array().unwrap().iter();
        hits.map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["name"].as_str().unwrap())).collect()
    }

    #[test]
    fn kinds_are_found_by_name_doc_and_owner() {
        assert_eq!(found("kind:context ship"), ["context shipping", "context ordering"], "by its name, by its doc");
        let actors = ["actor ordering.Customer", "actor accounts.AccountHolder", "actor ordering.OrderProcessor"];
        assert_eq!(found("kind:actor"), actors);
        assert_eq!(
            found("kind:Read_Model"),
            ["read-model ordering.OrderSummary", "read-model accounts.AccountBalance"]
        );
        assert_eq!(found("kind:external acquirer"), ["external payment.PaymentGateway"]);
        assert_eq!(found("kind:broker"), ["broker kafka", "broker rabbit"]);
        assert_eq!(found("kind:type value:pending"), ["type ordering.OrderStatus"]);
        assert_eq!(found("kind:type tag:pii"), ["type ordering.Address"]);
        assert_eq!(found("kind:aggregate owner:team-checkout"), ["aggregate ordering.Order"]);
        assert_eq!(found("kind:team check"), ["team team-checkout"]);
        assert_eq!(found("owner:nobody"), Vec::<String>::new());
    }
}
