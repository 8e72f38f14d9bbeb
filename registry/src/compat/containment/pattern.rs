//! Regular expressions of schemas. An expression is held by its text and compiled only when a question needs it, once for the
//! whole process: compiling takes longer than most questions. What `jsonschema` understands by an expression counts.

use regex_automata::{
    Anchored,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start},
};
use regex_syntax::hir::{Class, Dot, Hir, HirKind, Look, Repetition};
use std::{
    cell::{Cell, OnceCell},
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// How large an automaton may be, in bytes, and what building it may take.
const SIZE: usize = 1 << 20;
/// How many compiled expressions are kept.
const KEPT: usize = 512;

/// A regular expression.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PatternId(u32);

/// How many large expressions are compiled for one question.
const LARGE: u32 = 8;

/// The expressions of one question.
#[derive(Default, Debug)]
pub struct Patterns {
    all: Vec<Pattern>,
    large: Cell<u32>,
}

#[derive(Debug)]
struct Pattern {
    text: Arc<str>,
    compiled: OnceCell<Option<Arc<Compiled>>>,
}

impl Patterns {
    /// The id of an expression (of ECMA-262, as JSON Schema has them).
    pub fn add(&mut self, text: &str) -> PatternId {
        if let Some(at) = self.all.iter().position(|it| *it.text == *text) {
            return PatternId(at as u32);
        }
        self.all.push(Pattern { text: text.into(), compiled: OnceCell::new() });
        PatternId(self.all.len() as u32 - 1)
    }

    /// Its text.
    pub fn text(&self, pattern: PatternId) -> &str {
        &self.all[pattern.0 as usize].text
    }

    /// The text of each.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|pattern| &*pattern.text)
    }

    /// Its automaton; `None` if it has none (a look-around, a back reference) or one that is too large.
    pub(super) fn compiled(&self, pattern: PatternId) -> Option<&Arc<Compiled>> {
        let Pattern { text, compiled } = &self.all[pattern.0 as usize];
        let compile = || {
            let compiled = if self.large.get() < LARGE { kept(text) } else { None };
            let is_large = compiled.as_ref().is_none_or(|it| it.dfa.memory_usage() > SIZE / 4);
            self.large.set(self.large.get() + u32::from(is_large));
            compiled
        };
        compiled.get_or_init(compile).as_ref()
    }

    /// Whether it matches somewhere in the text, as far as that is known.
    pub(super) fn is_match(&self, pattern: PatternId, text: &str) -> Option<bool> {
        let compiled = self.compiled(pattern)?;
        let mut at = compiled.start()?;
        for c in text.chars() {
            at = compiled.step(at, c);
        }
        Some(compiled.accepts(at))
    }
}

/// An expression as an automaton over whole texts.
#[derive(Debug)]
pub(super) struct Compiled {
    dfa: dense::DFA<Vec<u32>>,
    /// Code points at which characters begin that the automaton may tell from the one before, sorted.
    pub(super) cuts: Vec<u32>,
}

/// A state: `None` once the expression has matched, whatever follows.
pub(super) type At = Option<StateID>;

impl Compiled {
    pub(super) fn start(&self) -> Option<At> {
        let start = start::Config::new().anchored(Anchored::Yes);
        self.dfa.start_state(&start).ok().map(|state| self.settled(state))
    }

    fn settled(&self, state: StateID) -> At {
        (!self.dfa.is_match_state(state)).then_some(state)
    }

    pub(super) fn step(&self, at: At, c: char) -> At {
        let mut state = at?;
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            state = self.settled(self.dfa.next_state(state, byte))?;
        }
        Some(state)
    }

    /// Whether the expression has matched if the text ends here.
    pub(super) fn accepts(&self, at: At) -> bool {
        at.is_none_or(|state| self.dfa.is_match_state(self.dfa.next_eoi_state(state)))
    }

    /// Whether nothing that follows can make it match.
    pub(super) fn is_lost(&self, at: At) -> bool {
        at.is_some_and(|state| self.dfa.is_dead_state(state))
    }
}

fn kept(text: &str) -> Option<Arc<Compiled>> {
    type Kept = HashMap<String, Option<Arc<Compiled>>>;
    static CACHE: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
    // A panic elsewhere leaves the map as it was.
    if let Some(found) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
        return found.clone();
    }
    let compiled = compile(text).map(Arc::new);
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= KEPT {
        cache.clear();
    }
    cache.insert(text.to_owned(), compiled.clone());
    compiled
}

fn compile(text: &str) -> Option<Compiled> {
    let translated = jsonschema_regex::to_rust_regex(text).ok()?;
    let hir = regex_syntax::parse(&translated).ok()?;
    let mut cuts = Vec::new();
    learn_cuts(&hir, &mut cuts)?;
    cuts.sort_unstable();
    cuts.dedup();
    let anything = Box::new(Hir::dot(Dot::AnyChar));
    let before = Hir::repetition(Repetition { min: 0, max: None, greedy: false, sub: anything });
    let whole = Hir::concat(vec![before, hir]);
    let nfa = thompson::Compiler::new()
        .configure(thompson::Config::new().nfa_size_limit(Some(SIZE)))
        .build_from_hir(&whole)
        .ok()?;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(SIZE))
        .determinize_size_limit(Some(4 * SIZE));
    let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;
    Some(Compiled { dfa, cuts })
}

/// Collects where classes of characters begin and end: characters between two cuts are treated alike everywhere in the expression.
fn learn_cuts(hir: &Hir, cuts: &mut Vec<u32>) -> Option<()> {
    let mut range = |from: u32, to: u32| cuts.extend([from, to + 1]);
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).ok()?.chars().for_each(|c| range(c.into(), c.into()));
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().for_each(|it| range(it.start().into(), it.end().into()));
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.is_ascii().then_some(())?;
            class.iter().for_each(|it| range(it.start().into(), it.end().into()));
        }
        HirKind::Look(Look::Start | Look::End) => {}
        HirKind::Look(Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF) => {
            range('\n'.into(), '\n'.into());
            range('\r'.into(), '\r'.into());
        }
        // Edges of words depend on what a letter is.
        HirKind::Look(_) => return None,
        HirKind::Repetition(it) => learn_cuts(&it.sub, cuts)?,
        HirKind::Capture(it) => learn_cuts(&it.sub, cuts)?,
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().try_for_each(|it| learn_cuts(it, cuts))?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_match_somewhere() {
        let mut patterns = Patterns::default();
        for (pattern, text, expected) in [
            ("^a+$", "aaa", true),
            ("^a+$", "aab", false),
            ("b", "abc", true),
            ("c$", "abc", true),
            ("^$", "", true),
            ("", "anything", true),
            ("^\\d{2}$", "\u{0661}\u{0662}", false),
            ("^.$", "\u{1F600}", true),
            ("^[^x]$", "\n", true),
        ] {
            let id = patterns.add(pattern);
            assert_eq!(patterns.is_match(id, text), Some(expected), "{pattern} {text}");
        }
        for beyond in ["^(?!a)", "(a)\\1", "(((a{1,99}){1,99}){1,99}){1,99}"] {
            let id = patterns.add(beyond);
            assert_eq!(patterns.is_match(id, "a"), None, "{beyond}");
        }
    }
}
