//! Diagnostics: a code, a message, labels and a help line; collected, sorted and shown all at once.
//! Every code stands in the one table of [`codes`]; nothing is reported under a code that is not there.

pub mod codes;
mod render;
mod suggest;

pub use codes::Code;
pub use render::render;
pub use suggest::{did_you_mean, list};

use crate::source::{Sources, Span};
use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something that is refused.
    Error,
    /// Something that works but is likely a mistake.
    Warning,
    /// Something that is known and accepted for a time: a finding that a waiver names.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A place and what is to be said of it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said of it; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its row in the table of codes.
    pub code: &'static Code,
    /// One line, lower case, no full stop, names in backticks.
    pub message: String,
    /// The place, and then further places that explain it. Empty where no file can be named.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// The event that it is about, `context.Event`, where it is about one.
    pub about: Option<String>,
    /// A payload that shows it, as compact JSON.
    pub witness: Option<String>,
    /// Who accepted it, and until when.
    pub waived: Option<Waived>,
}

/// What a finding takes over from the waiver that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The last day on which it holds: `2027-01-31`.
    pub until: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
}

/// For people.
impl fmt::Display for Waived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waived until {} by {}: {}", self.until, self.owner, self.reason)
    }
}

impl Diagnostic {
    /// A finding at `span`.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Diagnostic { labels, ..Diagnostic::general(code, message) }
    }

    /// A finding that concerns no place in a file.
    pub fn general(code: &'static Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Diagnostic { code, message, labels: Vec::new(), help: None, about: None, witness: None, waived: None }
    }

    /// Says something at the first place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Names a further place.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do about it, if there is something to say.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Says which event it is about.
    pub fn about(mut self, event: impl ToString) -> Self {
        self.about = Some(event.to_string());
        self
    }

    /// Shows a payload, as compact JSON, if there is one.
    pub fn witness(mut self, json: Option<String>) -> Self {
        self.witness = json.or(self.witness);
        self
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        if self.waived.is_some() { Severity::Note } else { self.code.severity }
    }
}

/// The findings of one run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another run.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// The same findings under another code, for what is a literal to one and an example to another.
    pub fn relabelled(mut self, code: &'static Code) -> Self {
        self.list.iter_mut().for_each(|diagnostic| diagnostic.code = code);
        self
    }

    /// The same findings, about an event where they are not about one yet.
    pub fn about(mut self, event: impl ToString) -> Self {
        let event = event.to_string();
        self.list.iter_mut().for_each(|it| _ = it.about.get_or_insert_with(|| event.clone()));
        self
    }

    /// Only those for which `wanted` holds.
    pub fn retain(&mut self, wanted: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(wanted);
    }

    /// All of them, unsorted.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.list.iter_mut()
    }

    /// All of them, unsorted.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity() == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// How many are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity() == severity).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In order of file path, place, code and message; equal ones once.
    pub fn sorted(mut self, sources: &Sources) -> Vec<Diagnostic> {
        let place = |d: &Diagnostic| d.labels.first().map(|l| (sources.get(l.span.file).path.clone(), l.span));
        self.list.sort_by_cached_key(|d| (place(d), d.code.name, d.message.clone()));
        self.list.dedup_by(|a, b| a.code == b.code && a.message == b.message && place(a) == place(b));
        self.list
    }
}
