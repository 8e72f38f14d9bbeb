//! Diagnostics as text for people. Colours only when asked for: whether there is a terminal is not known here.

use super::{Diagnostic, Severity};
use crate::source::{FileId, Sources};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Renders findings, one after the other, with a blank line between two.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let shown: Vec<String> = diagnostics.iter().map(|d| one(d, sources, &renderer)).collect();
    shown.join("\n\n") + if shown.is_empty() { "" } else { "\n" }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name);
    let mut group = Group::with_title(title);
    let mut files: Vec<FileId> = Vec::new();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    for file in files {
        let source = sources.get(file);
        let mut snippet = Snippet::source(source.text.as_str()).path(sources.path(file));
        for (i, label) in diagnostic.labels.iter().enumerate().filter(|(_, l)| l.span.file == file) {
            let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let (start, end) = clip(&source.text, label.span.start as usize, label.span.end as usize);
            let mut annotation = kind.span(start..end);
            if !label.text.is_empty() {
                annotation = annotation.label(label.text.as_str());
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    let note = |text: String| ("note", text);
    let mut further = Vec::new();
    further.extend(diagnostic.witness.as_ref().map(|json| note(format!("for example {json}"))));
    further.extend(diagnostic.help.as_ref().map(|help| ("help", help.clone())));
    further.extend(diagnostic.waived.as_ref().map(|it| note(it.to_string())));
    if diagnostic.labels.is_empty() {
        // Without a snippet the renderer would draw the gutter of one.
        let first = renderer.render(&[group]);
        return further.iter().fold(first, |text, (word, line)| format!("{text}\n  = {word}: {line}"));
    }
    for (word, line) in further {
        group = group.element(if word == "help" { Level::HELP.message(line) } else { Level::NOTE.message(line) });
    }
    renderer.render(&[group])
}

/// Keeps a span within its text, on character boundaries and on the line it starts in: a whole block would hide the message.
fn clip(text: &str, start: usize, end: usize) -> (usize, usize) {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(start);
    let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    (start, floor(end).clamp(start, line_end))
}
