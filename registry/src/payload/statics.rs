//! Texts of models that live as long as the process, since the runtime's errors hold the texts of generated code, which do.
//! Each distinct text is kept once, so that what is kept is bounded by the models that were ever loaded.

use isobar::Pattern;
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

#[derive(Default)]
struct Kept {
    texts: HashMap<&'static str, &'static str>,
    lists: HashMap<Vec<&'static str>, &'static [&'static str]>,
    patterns: HashMap<&'static str, &'static Pattern>,
}

fn kept() -> MutexGuard<'static, Kept> {
    static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
    // Maps of references are sound whatever a panicking thread was about to add.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    fn text(&mut self, text: &str) -> &'static str {
        if let Some(kept) = self.texts.get(text) {
            return kept;
        }
        let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
        self.texts.insert(kept, kept);
        kept
    }
}

/// The text, for good.
pub(super) fn text(text: &str) -> &'static str {
    kept().text(text)
}

/// The texts, for good.
pub(super) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> &'static [&'static str] {
    let mut kept = kept();
    let texts: Vec<&'static str> = texts.map(|text| kept.text(text)).collect();
    kept.lists.entry(texts).or_insert_with_key(|texts| Box::leak(texts.clone().into_boxed_slice()))
}

/// The pattern, compiled once.
pub(super) fn pattern(source: &str) -> &'static Pattern {
    let mut kept = kept();
    let source = kept.text(source);
    kept.patterns.entry(source).or_insert_with(|| Box::leak(Box::new(Pattern::new(source))))
}
