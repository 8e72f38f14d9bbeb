//! YAML to [`Node`]s, through the events of `granit-parser`. Anchors, aliases, tags and second documents are refused, depth is
//! bounded, duplicate keys are reported with both places. Scalars stay text: what they mean is decided by what they are for.

use crate::{
    diag::{Diagnostic, Diagnostics, codes},
    source::{FileId, Sources, Span},
};
use granit_parser::{Event, Parser, ScalarStyle, options};
use std::collections::HashMap;

/// How deeply mappings and lists may be nested.
pub const MAX_DEPTH: usize = 64;

/// One value of a YAML file.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is written; for scalars without their quotes.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of [`Node`].
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A scalar: its text, and whether it was quoted (or a block scalar), so that it can only be text.
    Scalar(String, bool),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order written, without duplicate keys.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

impl Node {
    /// Whether it is nothing: an empty value, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(text, false) if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// What it is, for messages.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            _ if self.is_null() => "nothing",
            NodeKind::Scalar(..) => "a scalar",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }
}

/// Parses the one document of a file. `None` when it is empty, or broken: then there is a diagnostic.
pub fn parse(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Node> {
    let text = &sources.get(file).text;
    let mut builder = Builder { file, diagnostics, open: Vec::new(), root: None };
    let options = options! { emit_comments: false, emit_unresolved_aliases: true };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, at) = match next {
            Ok(next) => next,
            Err(error) => {
                let place = error.marker().byte_offset().unwrap_or(0).min(text.len());
                builder.refuse(place, &error);
                return None;
            }
        };
        let place = |m: &granit_parser::Marker| m.byte_offset().unwrap_or(0);
        let span = Span::new(file, place(&at.start), place(&at.end));
        if builder.event(event, span).is_err() {
            return None;
        }
    }
    builder.root
}

/// A file that is given up on; the diagnostic says why.
struct GiveUp;

/// A mapping or list that is not closed yet.
struct Open {
    span: Span,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    Map { members: Vec<(Key, Node)>, key: Option<Key>, seen: HashMap<String, Span> },
}

struct Builder<'a> {
    file: FileId,
    diagnostics: &'a mut Diagnostics,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn refuse(&mut self, place: usize, error: &granit_parser::ScanError) {
        let span = Span::new(self.file, place, place + 1);
        let info = error.info();
        self.diagnostics.push(if info.contains("nesting") || info.contains("recursion") {
            too_deep(span)
        } else {
            Diagnostic::new(&codes::YAML_SYNTAX, span, format!("this is not YAML: {info}"))
                .help("nothing behind this place was checked; quote text that holds `: `, ` #` or starts with one of `!&*{[%@`")
        });
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), GiveUp> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span);
                let quoted = style != ScalarStyle::Plain;
                let inner = match style {
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        Span { start: span.start + 1, end: span.end.saturating_sub(1).max(span.start + 1), ..span }
                    }
                    _ => span,
                };
                self.add(Node { span: inner, kind: NodeKind::Scalar(text.into_owned(), quoted) });
                Ok(())
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span);
                self.enter(span, OpenKind::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span);
                self.enter(span, OpenKind::Map { members: Vec::new(), key: None, seen: HashMap::new() })
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let kind = match open.kind {
                        OpenKind::List(items) => NodeKind::List(items),
                        OpenKind::Map { members, .. } => NodeKind::Map(members),
                    };
                    self.add(Node { span: open.span.to(span), kind });
                }
                Ok(())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.anchor(span);
                self.add(Node { span, kind: NodeKind::Scalar(String::new(), false) });
                Ok(())
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = "a second document starts here";
                self.diagnostics
                    .push(Diagnostic::new(&codes::YAML_DOCUMENTS, span, message).help("put it into a file of its own"));
                Err(GiveUp)
            }
            _ => Ok(()),
        }
    }

    fn enter(&mut self, span: Span, kind: OpenKind) -> Result<(), GiveUp> {
        if self.open.len() >= MAX_DEPTH {
            self.diagnostics.push(too_deep(span));
            return Err(GiveUp);
        }
        self.open.push(Open { span, kind });
        Ok(())
    }

    fn plain(&mut self, anchor: usize, tagged: bool, span: Span) {
        if anchor != 0 {
            self.anchor(span);
        }
        if tagged {
            self.diagnostics.push(
                Diagnostic::new(&codes::YAML_ANCHOR, span, "YAML tags are not part of the notation")
                    .help("quote a text that starts with `!`"),
            );
        }
    }

    fn anchor(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(&codes::YAML_ANCHOR, span, "YAML anchors and aliases are not part of the notation")
                .help("name a type under `types:` and refer to it by its name"),
        );
    }

    fn add(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match &mut open.kind {
            OpenKind::List(items) => items.push(node),
            OpenKind::Map { members, key, seen } => match key.take() {
                Some(key) => match seen.get(&key.text) {
                    Some(first) => {
                        let message = format!("the key `{}` stands twice in this mapping", key.text);
                        self.diagnostics.push(
                            Diagnostic::new(&codes::DUPLICATE_KEY, key.span, message)
                                .label("here again")
                                .also(*first, "first here"),
                        );
                    }
                    None => {
                        seen.insert(key.text.clone(), key.span);
                        members.push((key, node));
                    }
                },
                None => {
                    let text = match node.kind {
                        NodeKind::Scalar(text, _) => text,
                        _ => {
                            let message = "a mapping's key is a name";
                            self.diagnostics.push(Diagnostic::new(&codes::WRONG_KIND, node.span, message));
                            String::new()
                        }
                    };
                    *key = Some(Key { text, span: node.span });
                }
            },
        }
    }
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(&codes::YAML_TOO_DEEP, span, format!("more than {MAX_DEPTH} levels of nesting"))
        .help("name the inner part under `types:` and refer to it by its name")
}
