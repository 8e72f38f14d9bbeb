//! Lists that are too long for one page: which part of them a page shows, and the way to the parts beside it. Every form of a page
//! shows the same part.

use super::page::Form;
use serde::Serialize;
use serde_json::{Value, json};
use std::ops::Range;

/// So many things of a list stand on a page.
pub(super) const EACH: usize = 100;

/// So many lines of a text stand on a page.
pub(super) const LINES: usize = 400;

/// The lists that a section may have.
const LISTS: [&str; 3] = ["links", "rows", "words"];

/// The part of a list that a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listing {
    /// How many things there are.
    pub(super) count: usize,
    /// Which part it is, from 1.
    pub(super) page: usize,
    /// How many parts there are.
    pub(super) pages: usize,
    /// How many things a part has.
    #[serde(skip)]
    each: usize,
}

impl Listing {
    /// A part of a list of so many things; none where there is no such part. Every list has a first one.
    pub(super) fn new(count: usize, page: usize, each: usize) -> Option<Listing> {
        let pages = count.div_ceil(each).max(1);
        (1..=pages).contains(&page).then_some(Listing { count, page, pages, each })
    }

    /// The places of the things that are shown.
    pub(super) fn range(&self) -> Range<usize> {
        let first = (self.page - 1) * self.each;
        first..self.count.min(first + self.each)
    }

    /// The part that a thing is in.
    pub(super) fn page_of(&self, place: usize) -> usize {
        place / self.each + 1
    }

    /// What stands behind an address that leads to this part.
    pub(super) fn query(&self) -> String {
        if self.page > 1 { format!("?page={}", self.page) } else { String::new() }
    }

    /// What a template is told: the numbers, and the addresses of the parts before and after it.
    pub(super) fn told(&self, address: &str, query: &str, form: Form) -> Value {
        let ending = if address == "/" { "" } else { form.ending() };
        let href = |page: usize| {
            let page = if page > 1 { format!("page={page}") } else { String::new() };
            let query = [query, &page].iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>().join("&");
            format!("{address}{ending}{}{query}", if query.is_empty() { "" } else { "?" })
        };
        let Range { start, end } = self.range();
        json!({
            "count": self.count,
            "page": self.page,
            "pages": self.pages,
            "first": end.min(start + 1),
            "last": end,
            "previous": (self.page > 1).then(|| href(self.page - 1)),
            "next": (self.page < self.pages).then(|| href(self.page + 1)),
        })
    }
}

/// The part of every list of a page that is shown, before it is known how long they are.
#[derive(Clone, Debug)]
pub(super) struct Part(Range<usize>);

impl Part {
    /// The part of a number, from 1.
    pub(super) fn of(page: usize) -> Part {
        Part(page.saturating_sub(1).saturating_mul(EACH)..page.saturating_mul(EACH))
    }

    /// So many things at the beginning.
    pub(super) fn first(many: usize) -> Part {
        Part(0..many)
    }

    /// What is made of the things in the part; of the others nothing is, they keep their places until the list is cut.
    pub(super) fn made<T, R: Default>(
        &self,
        things: impl IntoIterator<Item = T>,
        make: impl Fn(T) -> R,
    ) -> impl Iterator<Item = R> {
        let made = move |(at, thing)| if self.0.contains(&at) { make(thing) } else { R::default() };
        things.into_iter().enumerate().map(made)
    }
}

/// Things of which only those in a part are made; the others are counted.
#[derive(Debug)]
pub(super) struct Taken<T> {
    pub(super) all: Vec<T>,
    pub(super) count: usize,
    part: Part,
}

impl<T> Taken<T> {
    /// Takes those whose place is in the part.
    pub(super) fn new(part: Part) -> Taken<T> {
        Taken { all: Vec::new(), count: 0, part }
    }

    /// The next thing, if it is wanted.
    pub(super) fn put(&mut self, thing: impl FnOnce() -> T) {
        if self.part.0.contains(&self.count) {
            self.all.push(thing());
        }
        self.count += 1;
    }
}

/// How many things of a list stand on a page.
fn each(place: &str) -> usize {
    if place == "text" { LINES } else { EACH }
}

/// Cuts the lists of a page to the part that was asked for: those that stand at these places, and under `sections` those in each. Sections
/// of which nothing is left go. None where no list reaches so far.
pub(super) fn cut(data: &mut Value, places: &[&str], page: usize) -> Option<Listing> {
    let own = places.iter().filter_map(|place| Some((data.get(place)?.as_array()?.len(), each(place))));
    let inner = data.get("sections").and_then(Value::as_array).into_iter().flatten();
    let inner = inner.flat_map(|section| LISTS.map(|place| section.get(place).and_then(Value::as_array)));
    let lists = own.chain(inner.flatten().map(|list| (list.len(), EACH)));
    // What has the most parts says how many there are.
    let (count, most) = lists.max_by_key(|(count, each)| count.div_ceil(*each)).unwrap_or((0, EACH));
    let listing = Listing::new(count, page, most)?;
    if listing.pages == 1 {
        return Some(listing);
    }
    let keep = |list: Option<&mut Value>, each: usize| {
        let list = list.and_then(Value::as_array_mut)?;
        let (start, all) = ((page - 1) * each, list.len());
        *list = list.drain(start.min(all)..(start + each).min(all)).collect();
        Some(list.len())
    };
    for place in places {
        keep(data.get_mut(place), each(place));
    }
    if let Some(sections) = data.get_mut("sections").and_then(Value::as_array_mut) {
        sections.retain_mut(|section| {
            let left = LISTS.map(|place| keep(section.get_mut(place), EACH).unwrap_or_default());
            // What is no list stands on the first part only.
            if let (true, Some(svg)) = (page > 1, section.get_mut("svg")) {
                *svg = Value::Null;
            }
            left.iter().any(|left| *left > 0) || page == 1
        });
    }
    Some(listing)
}

/// A text without what is behind so many lines, with a line that says so.
pub(super) fn shortened(text: &str, lines: usize) -> Option<String> {
    let (end, _) = text.match_indices('\n').nth(lines)?;
    let more = text[end..].lines().count() - 1;
    (more > 0).then(|| format!("{}\n\n... and {more} lines more", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_parts() {
        assert_eq!(Listing::new(0, 1, 10).unwrap().range(), 0..0);
        assert_eq!(Listing::new(10, 2, 10), None);
        assert_eq!(Listing::new(10, 0, 10), None);
        let part = Listing::new(25, 3, 10).unwrap();
        assert_eq!((part.range(), part.pages, part.page_of(19)), (20..25, 3, 2));
        let told = part.told("/w/a/messages", "q=x", Form::Json);
        assert_eq!((&told["first"], &told["last"], &told["next"]), (&json!(21), &json!(25), &Value::Null));
        assert_eq!(told["previous"], "/w/a/messages.json?q=x&page=2");
        assert_eq!(Listing::new(25, 2, 10).unwrap().told("/w/a", "", Form::Html)["previous"], "/w/a");
    }

    #[test]
    fn lists_are_cut_and_empty_sections_go() {
        let long: Vec<usize> = (0..250).collect();
        let data =
            json!({ "fields": long, "sections": [{ "facts": [1], "links": [1], "rows": [] }, { "rows": long }] });
        let mut third = data.clone();
        assert_eq!(cut(&mut third, &["fields", "none"], 3).unwrap().pages, 3);
        assert_eq!(third, json!({ "fields": long[200..], "sections": [{ "rows": long[200..] }] }));
        let mut first = data.clone();
        cut(&mut first, &["fields"], 1).unwrap();
        assert_eq!(first["sections"][0], data["sections"][0]);
        assert_eq!(cut(&mut data.clone(), &["fields"], 4), None);
    }

    #[test]
    fn long_texts_are_shortened_and_say_so() {
        assert_eq!(shortened("a\nb\n", 2), None);
        assert_eq!(shortened("a\nb\nc\nd\n", 1).unwrap(), "a\nb\n\n... and 2 lines more");
    }

    #[test]
    fn only_what_is_shown_is_made() {
        let made: Vec<Option<usize>> = Part::of(2).made(0..250, Some).collect();
        let mut data = json!({ "sections": [{ "links": made }] });
        assert_eq!((made[99], made[100], made[199], made[200]), (None, Some(100), Some(199), None));
        cut(&mut data, &[], 2).unwrap();
        assert_eq!(data["sections"][0]["links"], json!((100..200).collect::<Vec<_>>()));
        let mut taken = Taken::new(Part(1..3));
        (0..5).for_each(|number| taken.put(|| number));
        assert_eq!((taken.all, taken.count), (vec![1, 2], 5));
    }
}
