//! Texts: lengths, patterns as automata that run side by side, formats, and a few texts that are excluded. The shortest text
//! is found, layer by layer over lengths; for each set of characters that no automaton tells apart one stands for all.

use super::{
    format,
    objects::UNDECIDED_PATTERN,
    pattern::{At, Compiled, PatternId, Patterns},
    schema::Schema,
    solve::Work,
    tableau::Fact,
    value::{Name, Value, Values},
};
use rustc_hash::FxHashSet;

/// What a text must be.
#[derive(Default, Debug)]
pub(super) struct Texts {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
    pub(super) yes: Vec<PatternId>,
    pub(super) no: Vec<PatternId>,
    pub(super) formats: Vec<Name>,
    pub(super) other_formats: Vec<Name>,
    pub(super) except: Vec<Name>,
}

/// What was found.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    Text(String),
    Nothing,
    /// It could not be decided because of this keyword.
    Unknown(&'static str, &'static str),
}

/// The longest text that is built.
const LONGEST: u64 = 100_000;

impl Texts {
    pub(super) fn of(schemas: &[&Schema], facts: &[Fact], values: &Values) -> Texts {
        let mut out = Texts::default();
        for rules in schemas.iter().filter_map(|schema| schema.text.as_deref()) {
            out.min = out.min.max(rules.min);
            out.at_most(rules.max);
            out.yes.extend(&rules.patterns);
            for format in &rules.formats {
                let (min, max) = format::lengths(values.text(*format));
                out.min = out.min.max(min);
                out.at_most(Some(max));
                out.formats.push(*format);
            }
        }
        for fact in facts {
            match fact {
                Fact::Shorter(length) => out.at_most(Some(length - 1)),
                Fact::Longer(length) => out.min = out.min.max(length + 1),
                Fact::NotPattern(pattern) => out.no.push(*pattern),
                Fact::NotFormat(format) => out.other_formats.push(*format),
                Fact::NotAmong(all) => out.except.extend(all.iter().filter_map(|id| match values.get(*id) {
                    Value::Text(name) => Some(*name),
                    _ => None,
                })),
                _ => {}
            }
        }
        out
    }

    fn at_most(&mut self, max: Option<u64>) {
        self.max = [self.max, max].into_iter().flatten().min();
    }

    /// Whether no text can be there, as far as it shows at once.
    pub(super) fn conflict(&self) -> bool {
        self.max.is_some_and(|max| max < self.min)
            || self.yes.iter().any(|it| self.no.contains(it))
            || self.formats.iter().any(|it| self.other_formats.contains(it))
    }

    /// The shortest text.
    pub(super) fn find(mut self, patterns: &Patterns, values: &Values, work: &mut Work) -> Found {
        if self.conflict() {
            return Found::Nothing;
        }
        self.yes.sort_unstable();
        self.yes.dedup();
        self.no.sort_unstable();
        self.no.dedup();
        if let Some(text) = self.sample(patterns, values) {
            return Found::Text(text);
        }
        let found = if self.yes.is_empty() && self.no.is_empty() {
            self.plain(values)
        } else {
            self.search(patterns, values, work)
        };
        match found {
            Found::Text(text) if !self.is_formatted(&text, values) => {
                Found::Unknown("format", "of which texts a format is, is not known")
            }
            found => found,
        }
    }

    /// A known text that is of a format, or that is not, where that is asked for.
    fn sample(&self, patterns: &Patterns, values: &Values) -> Option<String> {
        let of = self.formats.iter().map(|name| format::samples(values.text(*name)).0);
        // What is of no format that anybody has thought of.
        let not_of = self.other_formats.iter().map(|name| format::samples(values.text(*name)).1.or(Some("~")));
        let long = self.formats.iter().filter(|_| self.min <= LONGEST);
        let long = long.filter_map(|name| format::long(values.text(*name), self.min));
        let mut samples = of.chain(not_of).flatten().map(str::to_owned).chain(long);
        samples.find(|text| self.fits(text, patterns, values) && self.is_formatted(text, values))
    }

    /// Whether nothing is known against it: of a format that is not known, whoever confirms what is found knows more.
    fn is_formatted(&self, text: &str, values: &Values) -> bool {
        let is = |name: &Name| format::is_of(values.text(*name), text);
        self.formats.iter().all(|it| is(it) != Some(false)) && self.other_formats.iter().all(|it| is(it) != Some(true))
    }

    /// Whether a format is asked for that is not known.
    pub(super) fn is_guess(&self, values: &Values) -> bool {
        let unknown = |name: &Name| format::samples(values.text(*name)).0.is_none();
        self.formats.iter().chain(&self.other_formats).any(unknown)
    }

    fn fits(&self, text: &str, patterns: &Patterns, values: &Values) -> bool {
        let length = text.chars().count() as u64;
        length >= self.min
            && self.max.is_none_or(|max| length <= max)
            && self.yes.iter().all(|it| patterns.is_match(*it, text) == Some(true))
            && self.no.iter().all(|it| patterns.is_match(*it, text) == Some(false))
            && self.except.iter().all(|it| values.text(*it) != text)
    }

    /// Any characters do: there are more of them than texts are excluded.
    fn plain(&self, values: &Values) -> Found {
        let excluded: FxHashSet<&str> = self.except.iter().map(|it| values.text(*it)).collect();
        if self.min == 0 && !excluded.contains("") {
            return Found::Text(String::new());
        }
        let length = self.min.max(1);
        if self.max.is_some_and(|max| max < length) {
            return Found::Nothing;
        }
        if length > LONGEST {
            return Found::Unknown("minLength", "the text would be too long");
        }
        let start = "a".repeat(length as usize - 1);
        let ends = ('a'..='z').chain('\u{4e00}'..='\u{9fff}');
        let mut texts = ends.map(|end| format!("{start}{end}"));
        match texts.find(|text| !excluded.contains(text.as_str())) {
            Some(text) => Found::Text(text),
            None => Found::Unknown("enum", "too many texts are excluded"),
        }
    }

    /// All automata side by side.
    fn search(&self, patterns: &Patterns, values: &Values, work: &mut Work) -> Found {
        const LOOK: Found = Found::Unknown("pattern", UNDECIDED_PATTERN);
        let mut machines: Vec<(&Compiled, bool)> = Vec::new();
        for (list, wanted) in [(&self.yes, true), (&self.no, false)] {
            for pattern in list {
                match patterns.compiled(*pattern) {
                    Some(compiled) => machines.push((compiled, wanted)),
                    None => return LOOK,
                }
            }
        }
        let except: Vec<Vec<char>> = self.except.iter().map(|it| values.text(*it).chars().collect()).collect();
        let letters = representatives(&machines, &except);
        let run = Run { machines: &machines, except: &except };
        let Some(start) = run.start() else { return LOOK };
        // How each state was reached: from where, by which letter.
        let mut trail: Vec<(usize, char)> = vec![(0, '\0')];
        let mut layer: Vec<(State, usize)> = vec![(start, 0)];
        layer.retain(|(state, _)| !run.is_lost(state));
        let mut seen: FxHashSet<State> = FxHashSet::default();
        let mut length = 0;
        while !layer.is_empty() {
            if length >= self.min
                && let Some((_, at)) = layer.iter().find(|(state, _)| run.accepts(state, length))
            {
                return Found::Text(spelled(&trail, *at));
            }
            if self.max.is_some_and(|max| length >= max) {
                break;
            }
            let mut next = Vec::new();
            // Below the smallest length the same state at another length is another one.
            if length < self.min {
                seen.clear();
            }
            for (state, at) in &layer {
                if !work.spend(1 + letters.len() as u64 / 8) {
                    return Found::Unknown("pattern", "the search for a text took too long");
                }
                for letter in &letters {
                    let after = run.step(state, length, *letter);
                    if !run.is_lost(&after) && seen.insert(after.clone()) {
                        trail.push((*at, *letter));
                        next.push((after, trail.len() - 1));
                    }
                }
            }
            layer = next;
            length += 1;
        }
        Found::Nothing
    }
}

/// Where each automaton is, of which excluded texts this is the beginning, and how long it is if there are any.
type State = (Vec<At>, Vec<u32>, u64);

struct Run<'a> {
    machines: &'a [(&'a Compiled, bool)],
    except: &'a [Vec<char>],
}

impl Run<'_> {
    fn start(&self) -> Option<State> {
        let starts: Option<Vec<At>> = self.machines.iter().map(|(machine, _)| machine.start()).collect();
        Some((starts?, (0..self.except.len() as u32).collect(), 0))
    }

    fn step(&self, (at, beginnings, _): &State, length: u64, letter: char) -> State {
        let at = self.machines.iter().zip(at).map(|((machine, _), at)| machine.step(*at, letter)).collect();
        let goes_on = |text: &u32| self.except[*text as usize].get(length as usize) == Some(&letter);
        let beginnings: Vec<u32> = beginnings.iter().copied().filter(goes_on).collect();
        let length = if beginnings.is_empty() { 0 } else { length + 1 };
        (at, beginnings, length)
    }

    fn is_lost(&self, (at, ..): &State) -> bool {
        let lost =
            |(machine, wanted): &(&Compiled, bool), at: At| if *wanted { machine.is_lost(at) } else { at.is_none() };
        self.machines.iter().zip(at).any(|(machine, at)| lost(machine, *at))
    }

    fn accepts(&self, (at, beginnings, _): &State, length: u64) -> bool {
        self.machines.iter().zip(at).all(|((machine, wanted), at)| machine.accepts(*at) == *wanted)
            && beginnings.iter().all(|text| self.except[*text as usize].len() as u64 != length)
    }
}

fn spelled(trail: &[(usize, char)], mut at: usize) -> String {
    let mut letters = Vec::new();
    while at != 0 {
        letters.push(trail[at].1);
        at = trail[at].0;
    }
    letters.iter().rev().collect()
}

/// A character for each set of them that is treated alike, those that people read first.
fn representatives(machines: &[(&Compiled, bool)], except: &[Vec<char>]) -> Vec<char> {
    let mut cuts: Vec<u32> = vec![0];
    cuts.extend(machines.iter().flat_map(|(machine, _)| &machine.cuts));
    cuts.extend(except.iter().flatten().flat_map(|c| [u32::from(*c), u32::from(*c) + 1]));
    cuts.sort_unstable();
    cuts.dedup();
    let ends = cuts.iter().skip(1).copied().chain([0x11_0000]);
    let mut letters: Vec<char> = cuts.iter().zip(ends).filter_map(|(from, to)| nicest(*from, to)).collect();
    letters.sort_by_key(|c| (unlikeness(*c), *c));
    letters
}

/// The character between two code points that people would rather read.
fn nicest(from: u32, to: u32) -> Option<char> {
    let preferred = ['a', 'A', '0', 'é', '中', ' ', '-'];
    let inside = |c: &char| (from..to).contains(&u32::from(*c));
    preferred.into_iter().find(inside).or_else(|| {
        let graphic = (from.max(0x20)..to.min(0x7f)).next();
        graphic.and_then(char::from_u32).or_else(|| (from..to.min(from + 0x900)).find_map(char::from_u32))
    })
}

fn unlikeness(c: char) -> u8 {
    match c {
        'a'..='z' => 0,
        'A'..='Z' | '0'..='9' => 1,
        _ if c.is_ascii_graphic() => 2,
        _ if c.is_control() => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(min: u64, max: Option<u64>, yes: &[&str], no: &[&str], except: &[&str]) -> Found {
        let mut patterns = Patterns::default();
        let yes = yes.iter().map(|it| patterns.add(it)).collect();
        let no = no.iter().map(|it| patterns.add(it)).collect();
        let mut values = Values::default();
        let except = except.iter().map(|it| values.name(it)).collect();
        let texts = Texts { min, max, yes, no, except, ..Texts::default() };
        texts.find(&patterns, &values, &mut Work::new(100_000))
    }

    fn text(text: &str) -> Found {
        Found::Text(text.into())
    }

    #[test]
    fn the_shortest_text_is_found() {
        assert_eq!(find(0, None, &[], &[], &[]), text(""));
        assert_eq!(find(2, None, &[], &[], &["aa"]), text("ab"));
        assert_eq!(find(0, Some(0), &[], &[], &[""]), Found::Nothing);
        assert_eq!(find(0, None, &["^a{3,5}$"], &["^a{3,4}$"], &[]), text("aaaaa"));
        assert_eq!(find(0, None, &["^[a-c]+$"], &["^[ab]*$"], &[]), text("c"));
        assert_eq!(find(0, None, &["^[a-c]+$"], &["^[a-z]*$"], &[]), Found::Nothing);
        assert_eq!(find(3, None, &["^a"], &["b"], &["aaa"]), text("aaA"));
        assert_eq!(find(4, Some(4), &["^(ab)*$"], &[], &["abab"]), Found::Nothing);
        assert_eq!(find(0, None, &["^[^\\x00-\\uffff]$"], &[], &[]), text("\u{10000}"));
        assert_eq!(find(7, None, &["^a*$"], &["^(aa)*$"], &["aaaaaaa"]), text("aaaaaaaaa"));
    }
}
