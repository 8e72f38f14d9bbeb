//! Regular expressions of schemas. An expression is held by its text and compiled only when a question needs it, once for the
//! whole process: compiling takes longer than most questions. What `jsonschema` understands by an expression counts.

use std::sync::Arc;

/// A regular expression.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PatternId(u32);

/// The expressions of one question.
#[derive(Default, Debug)]
pub struct Patterns {
    texts: Vec<Arc<str>>,
}

impl Patterns {
    /// The id of an expression (of ECMA-262, as JSON Schema has them).
    pub fn add(&mut self, text: &str) -> PatternId {
        if let Some(at) = self.texts.iter().position(|it| **it == *text) {
            return PatternId(at as u32);
        }
        self.texts.push(text.into());
        PatternId(self.texts.len() as u32 - 1)
    }

    /// Its text.
    pub fn text(&self, pattern: PatternId) -> &str {
        &self.texts[pattern.0 as usize]
    }
}
