//! How the lowering reads nodes: a mapping whose keys are a closed list, and the small values that keys hold.
//! Every method reports what is wrong and goes on, so that one run finds everything.

use crate::table::Table;
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean, list},
    expr::{self, Expr, ExprKind},
    model::Name,
    parse::{Key, Node, NodeKind},
    source::{Span, Spanned},
    version::{Version, VersionRange},
};
use std::collections::HashMap;

/// What lowering carries along: the findings, the context at hand, and the literals to be checked once all types are known.
#[derive(Default)]
pub(super) struct Cx {
    pub(super) diagnostics: Diagnostics,
    /// The context that bare names belong to; empty outside of any.
    pub(super) context: String,
    /// Default values by the span of their field's name.
    pub(super) defaults: HashMap<Span, Expr>,
    /// Examples of fields and types by the span of the name.
    pub(super) examples: HashMap<Span, Expr>,
    /// Examples of messages by the span of the message's name.
    pub(super) message_examples: HashMap<Span, Vec<Expr>>,
    /// The data of scenarios by its span.
    pub(super) scenario_data: HashMap<Span, Expr>,
}

/// A mapping being read. Asking for a key makes it known; [`Map::finish`] reports what nobody asked for.
pub(super) struct Map<'a> {
    pub(super) span: Span,
    what: &'static str,
    members: &'a [(Key, Node)],
    known: Vec<&'static str>,
}

impl<'a> Map<'a> {
    /// The node under `key`, if the key is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|(_, node)| node)
    }

    /// Like [`Map::get`], with the key.
    pub(super) fn entry(&mut self, key: &'static str) -> Option<(&'a Key, &'a Node)> {
        self.known.push(key);
        self.members.iter().find(|(k, _)| k.text == key).map(|(k, node)| (k, node))
    }

    /// Like [`Map::get`], and an error where the key is not there.
    pub(super) fn need(&mut self, key: &'static str, cx: &mut Cx) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} needs the key `{key}`", self.what);
            cx.push(Diagnostic::new(&codes::MISSING_KEY, self.span, message));
        }
        found
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self, cx: &mut Cx) {
        for (key, _) in self.members.iter().filter(|(key, _)| !self.known.contains(&key.text.as_str())) {
            let known = || self.known.iter().copied();
            let message = format!("{} has no key `{}`", self.what, key.text);
            let help = did_you_mean(&key.text, known()).unwrap_or_else(|| format!("it may have {}", list(known())));
            cx.push(Diagnostic::new(&codes::UNKNOWN_KEY, key.span, message).help(help));
        }
    }
}

impl Cx {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn wrong_kind(&mut self, node: &Node, expected: &str) {
        let message = format!("expected {expected}, found {}", node.describe());
        self.push(Diagnostic::new(&codes::WRONG_KIND, node.span, message));
    }

    /// The node as a mapping of known keys. `what` begins a sentence: `an event`.
    pub(super) fn map<'a>(&mut self, node: &'a Node, what: &'static str) -> Option<Map<'a>> {
        let members = self.members(node, what)?;
        Some(Map { span: node.span, what, members, known: Vec::new() })
    }

    /// The members of a mapping of free keys; nothing for nothing.
    pub(super) fn members<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a [(Key, Node)]> {
        match &node.kind {
            NodeKind::Map(members) => Some(members),
            _ if node.is_null() => Some(&[]),
            _ => {
                self.wrong_kind(node, &format!("a mapping ({what})"));
                None
            }
        }
    }

    /// The items of a list, or the one item that stands without one.
    pub(super) fn items<'a>(&mut self, node: &'a Node) -> &'a [Node] {
        match &node.kind {
            NodeKind::List(items) => items,
            _ if node.is_null() => &[],
            _ => std::slice::from_ref(node),
        }
    }

    /// A scalar's text.
    pub(super) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        match &node.kind {
            NodeKind::Scalar(text, quoted) if *quoted || !node.is_null() => Some(Spanned::new(text.clone(), node.span)),
            _ => {
                self.wrong_kind(node, "text");
                None
            }
        }
    }

    /// Text for people, trimmed.
    pub(super) fn prose(&mut self, node: Option<&Node>) -> Option<String> {
        self.text(node?).map(|text| text.value.trim_end().to_owned())
    }

    /// Texts, as a list or a single one.
    pub(super) fn texts(&mut self, node: Option<&Node>) -> Vec<Spanned<String>> {
        let Some(node) = node else { return Vec::new() };
        self.items(node).iter().filter_map(|item| self.text(item)).collect()
    }

    fn bad_value(&mut self, span: Span, message: String, help: Option<String>) {
        self.push(Diagnostic::new(&codes::BAD_VALUE, span, message).maybe_help(help));
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, node: Option<&Node>) -> bool {
        let Some(node) = node else { return false };
        match &node.kind {
            NodeKind::Scalar(text, false) if text == "true" => true,
            NodeKind::Scalar(text, false) if text == "false" => false,
            _ => {
                self.bad_value(node.span, "expected `true` or `false`".into(), None);
                false
            }
        }
    }

    /// A whole number, not negative.
    pub(super) fn count(&mut self, node: Option<&Node>) -> Option<u64> {
        let node = node?;
        match &node.kind {
            NodeKind::Scalar(text, false)
                if text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok() =>
            {
                text.parse().ok()
            }
            _ => {
                self.bad_value(node.span, "expected a whole number".into(), None);
                None
            }
        }
    }

    /// `30s`, `2m`, `1h`, `7d`, in seconds.
    pub(super) fn seconds(&mut self, node: Option<&Node>) -> Option<u64> {
        let text = self.text(node?)?;
        let unit = |c| {
            Some(match c {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86400,
                _ => return None,
            })
        };
        let split = text.len() - text.chars().next_back().map_or(0, char::len_utf8);
        let (digits, last) = text.split_at(split);
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let seconds = last.chars().next().and_then(unit).filter(|_| plain);
        let seconds = seconds.and_then(|unit: u64| digits.parse::<u64>().ok()?.checked_mul(unit));
        if seconds.is_none() {
            let help = "write a number and `s`, `m`, `h` or `d`, such as `30s`";
            self.bad_value(text.span, format!("`{}` is not a length of time", text.value), Some(help.into()));
        }
        seconds
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&mut self, node: Option<&Node>, choices: &[(&'static str, T)]) -> Option<T> {
        let words: Vec<&'static str> = choices.iter().map(|(word, _)| *word).collect();
        self.choice(node, &words).map(|at| choices[at].1)
    }

    /// One of a few words, as text.
    pub(super) fn word(&mut self, node: Option<&Node>, choices: &[&'static str]) -> Option<String> {
        self.choice(node, choices).map(|at| choices[at].to_owned())
    }

    fn choice(&mut self, node: Option<&Node>, words: &[&'static str]) -> Option<usize> {
        let text = self.text(node?)?;
        let found = words.iter().position(|word| *word == text.value);
        if found.is_none() {
            let names = || words.iter().copied();
            let help = did_you_mean(&text, names()).unwrap_or_else(|| format!("it may be {}", list(names())));
            self.bad_value(text.span, format!("`{}` is not allowed here", text.value), Some(help));
        }
        found
    }

    /// `v1.0`.
    pub(super) fn version(&mut self, node: Option<&Node>) -> Option<Spanned<Version>> {
        let text = self.text(node?)?;
        match text.parse() {
            Ok(version) => Some(Spanned::new(version, text.span)),
            Err(error) => {
                let message = format!("`{}` is not a version: {error}", text.value);
                let fixed = format!("v{}", text.value);
                let help = fixed.parse::<Version>().is_ok().then(|| format!("write `{fixed}`"));
                self.push(Diagnostic::new(&codes::BAD_VERSION, text.span, message).maybe_help(help));
                None
            }
        }
    }

    /// `v1.0..v2.0`.
    pub(super) fn version_range(&mut self, node: &Node) -> Option<Spanned<VersionRange>> {
        let text = self.text(node)?;
        let range = text.parse().ok().map(|range| Spanned::new(range, text.span));
        if range.is_none() {
            let message = format!("`{}` is not a range of versions", text.value);
            self.push(
                Diagnostic::new(&codes::BAD_VERSION, text.span, message).help("write `v1.0..v2.0`, oldest first"),
            );
        }
        range
    }

    /// A key as a name. One that is no identifier is reported and goes on, so that what stands behind it is checked too;
    /// `loose` also allows `-` and `.` inside.
    pub(super) fn name(&mut self, key: &Key, loose: bool) -> Spanned<String> {
        if !is_name(&key.text, loose) {
            let message = format!("`{}` is not a name", key.text);
            let help = "names start with a letter or `_` and go on with letters, digits and `_`";
            self.push(Diagnostic::new(&codes::BAD_NAME, key.span, message).help(help));
        }
        Spanned::new(key.text.clone(), key.span)
    }

    /// `Name` of the context at hand, or `context.Name`.
    pub(super) fn reference(&mut self, text: &str, span: Span) -> Option<Spanned<Name>> {
        let (context, name) = match text.rsplit_once('.') {
            Some((context, name)) => (context, name),
            None => (self.context.as_str(), text),
        };
        if context.is_empty() || !is_name(context, true) || !is_name(name, false) {
            let message = format!("`{text}` is not the name of anything");
            let help = if is_name(text, false) {
                format!("write `context.{text}`")
            } else {
                "write `Name` or `context.Name`".into()
            };
            self.push(Diagnostic::new(&codes::BAD_NAME, span, message).help(help));
            return None;
        }
        Some(Spanned::new(Name { context: context.to_owned(), name: name.to_owned() }, span))
    }

    /// A reference in a scalar.
    pub(super) fn refer(&mut self, node: Option<&Node>) -> Option<Spanned<Name>> {
        let text = self.text(node?)?;
        self.reference(&text, text.span)
    }

    /// References: a list, or `A | B` in one scalar.
    pub(super) fn refer_all(&mut self, node: Option<&Node>) -> Vec<Spanned<Name>> {
        let mut found = Vec::new();
        for text in self.texts(node) {
            let mut at = 0;
            for part in text.split('|') {
                let word = part.trim();
                let start = at + (part.len() - part.trim_start().len());
                found.extend(self.reference(word, text.span.slice(start, start + word.len())));
                at += part.len() + 1;
            }
        }
        found
    }

    /// An expression: scalars, and lists and mappings of them.
    pub(super) fn expr(&mut self, node: &Node) -> Expr {
        let kind = match &node.kind {
            NodeKind::Scalar(text, quoted) => {
                return expr::parse_scalar(text, *quoted, node.span, &mut self.diagnostics);
            }
            NodeKind::List(items) => ExprKind::List(items.iter().map(|item| self.expr(item)).collect()),
            NodeKind::Map(members) => ExprKind::Record(
                members.iter().map(|(key, node)| ((key.text.clone(), key.span), self.expr(node))).collect(),
            ),
        };
        Expr { span: node.span, kind }
    }

    /// A tree of literals, in which nothing is a path or a call: examples, scenario data.
    pub(super) fn literal(&mut self, node: &Node) -> Expr {
        let kind = match &node.kind {
            NodeKind::Scalar(text, quoted) => ExprKind::Literal { text: text.clone(), quoted: *quoted },
            NodeKind::List(items) => ExprKind::List(items.iter().map(|item| self.literal(item)).collect()),
            NodeKind::Map(members) => ExprKind::Record(
                members.iter().map(|(key, node)| ((key.text.clone(), key.span), self.literal(node))).collect(),
            ),
        };
        Expr { span: node.span, kind }
    }

    /// Adds to a table of names; a second one of the same name is an error that shows both.
    pub(super) fn insert<T>(
        &mut self,
        table: &mut Table<String, T>,
        name: &Spanned<String>,
        value: T,
        at: impl Fn(&T) -> Span,
    ) {
        match table.get(&name.value) {
            Some(first) => self.defined_twice(name, at(first)),
            None => table.insert(name.value.clone(), value),
        }
    }

    fn defined_twice(&mut self, name: &Spanned<String>, first: Span) {
        let message = format!("`{}` is defined twice", name.value);
        let diagnostic = Diagnostic::new(&codes::DUPLICATE_NAME, name.span, message);
        self.push(diagnostic.label("here again").also(first, "first here"));
    }
}

/// Whether a text is an identifier; `loose` ones may hold `-` and `.` too.
pub(super) fn is_name(text: &str, loose: bool) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || (loose && matches!(c, '-' | '.')))
}
