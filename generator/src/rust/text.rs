//! Writing Rust as text: indentation, doc comments that can never be run or break out, and string literals.

use super::sentences::sentence;

/// Lines of code, indented as blocks open and close.
#[derive(Debug, Default)]
pub(super) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// One line, or none where `line` is empty.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            (0..self.depth).for_each(|_| self.text.push_str("    "));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// A line that begins a block: `impl X {`.
    pub(super) fn open(&mut self, line: impl AsRef<str>) {
        self.line(line);
        self.depth += 1;
    }

    /// Ends a block that no line ends, such as a chain of calls.
    pub(super) fn dedent(&mut self) {
        self.depth -= 1;
    }

    /// The inside of a block whose head is written, and its end.
    pub(super) fn inside(&mut self, body: impl FnOnce(&mut Code)) {
        self.depth += 1;
        body(self);
        self.close("}");
    }

    /// A line that ends one: `}`.
    pub(super) fn close(&mut self, line: impl AsRef<str>) {
        self.depth -= 1;
        self.line(line);
    }

    /// A block with what `body` writes inside.
    pub(super) fn block(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Code)) {
        self.line(format!("{} {{", head.as_ref()));
        self.inside(body);
    }

    /// An empty line between two items.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// Lines that were written on their own, indented to here.
    pub(super) fn paste(&mut self, text: &str) {
        text.lines().for_each(|line| self.line(line));
    }

    /// Short pieces, as many in a line as there is room for.
    pub(super) fn packed(&mut self, pieces: &[String]) {
        packed(pieces).iter().for_each(|line| self.line(line));
    }

    /// The doc comment of an item: the author's text, or `otherwise` where there is none.
    pub(super) fn doc(&mut self, doc: Option<&str>, otherwise: &str) {
        self.docs(doc, otherwise, &[]);
    }

    /// The same with facts: behind the author's text, or as a part of the sentence `otherwise`.
    pub(super) fn docs(&mut self, doc: Option<&str>, otherwise: &str, facts: &[String]) {
        let lines = match doc.map(doc_lines).filter(|lines| !lines.is_empty()) {
            Some(lines) if facts.is_empty() => lines,
            Some(mut lines) => {
                lines.extend([String::new(), prose(&sentence(facts))]);
                lines
            }
            None if facts.is_empty() => doc_lines(otherwise),
            None if otherwise.is_empty() => vec![prose(&sentence(facts))],
            None => doc_lines(&format!("{}, {}.", otherwise.trim_end_matches('.'), facts.join(", "))),
        };
        for line in lines {
            self.line(if line.is_empty() { "///".into() } else { format!("/// {line}") });
        }
    }

    /// How much was written, for [`Code::cut`].
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    /// Takes back what was written since.
    pub(super) fn cut(&mut self, length: usize) {
        self.text.truncate(length);
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// How long lines of short pieces are without their indentation, which is not the same in a file of its own.
const WIDTH: usize = 92;

/// Pieces in lines, several in one where there is room.
pub(super) fn packed(pieces: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + piece.len() <= WIDTH => {
                line.push(' ');
                line.push_str(piece);
            }
            _ => lines.push(piece.clone()),
        }
    }
    lines
}

/// Text in backticks, in which nothing means anything; with as many backticks as it takes.
pub(super) fn code_span(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if is_unseen(c) || c == '\t' { c.escape_default().to_string() } else { c.into() })
        .collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let (marks, edge) =
        ("`".repeat(longest + 1), text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']));
    // Backslashes mean nothing in it either, and a space on both sides is not shown.
    if edge { format!("{marks} {text} {marks}") } else { format!("{marks}{text}{marks}") }
}

/// JSON without characters that rustc refuses in source text.
pub(super) fn unseen_escaped(json: &str) -> String {
    let escape = |c: char| if is_unseen(c) && c != '\n' { format!("\\u{:04x}", u32::from(c)) } else { c.into() };
    json.chars().map(escape).collect()
}

/// Text as one line of documentation: the notes of deprecations are shown as such, too.
pub(super) fn one_line(text: &str) -> String {
    let seen: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    prose(&seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A string literal. `Debug` escapes quotes, backslashes, line ends and the characters that turn the direction of text.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// The lines of a doc comment. Nothing in it is a doctest, a link or HTML: code fences say `text`, indented code loses its
/// indentation, and outside of code `[`, `]`, `<` and `>` are escaped.
fn doc_lines(doc: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    for line in doc.trim().split(['\n', '\r']) {
        let line: String = line.chars().filter(|c| !is_unseen(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let start = line.trim();
        let mark = start.chars().next().filter(|c| matches!(c, '`' | '~'));
        let marks: String = start.chars().take_while(|c| Some(*c) == mark).collect();
        let is_fence = marks.len() >= 3 && (mark == Some('~') || !start[marks.len()..].contains('`'));
        match &fence {
            Some(open) if is_fence && marks.starts_with(open.as_str()) && start == marks => {
                lines.push(marks);
                fence = None;
            }
            Some(_) => lines.push(line.trim_end().to_owned()),
            None if is_fence => {
                lines.push(format!("{marks}text"));
                fence = Some(marks);
            }
            // Many spaces behind the mark of a list would be code.
            None => lines.push(prose(&start.split_whitespace().collect::<Vec<_>>().join(" "))),
        }
    }
    lines.extend(fence);
    if lines.iter().all(String::is_empty) { Vec::new() } else { lines }
}

/// Control characters, and those that turn the direction of text, which rustc refuses in comments.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A line outside of code blocks: what would be a link or HTML is escaped, and addresses are marked as such. So are backticks
/// that have no partner in the line, or they would find one in another.
fn prose(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '`' => {
                let marks = rest.len() - rest.trim_start_matches('`').len();
                match span_end(rest, marks) {
                    Some(end) => out.push_str(&rest[..end]),
                    None => out.push_str(&"\\`".repeat(marks)),
                }
                span_end(rest, marks).unwrap_or(marks)
            }
            // It would begin code behind the mark of a list.
            '~' if rest.starts_with("~~~") => {
                let marks = rest.len() - rest.trim_start_matches('~').len();
                out.push_str(&"\\~".repeat(marks));
                marks
            }
            '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.push_str(&rest[..2]);
                2
            }
            '[' | ']' | '<' | '>' => {
                out.extend(['\\', c]);
                1
            }
            _ => match address(rest) {
                0 => {
                    out.push(c);
                    c.len_utf8()
                }
                end => {
                    out.extend(["<", &rest[..end], ">"]);
                    end
                }
            },
        };
        rest = &rest[taken..];
    }
    out
}

/// Where the code span that the text begins with ends: behind the next run of as many backticks.
fn span_end(text: &str, marks: usize) -> Option<usize> {
    let mut at = marks;
    loop {
        at += text[at..].find('`')?;
        let run = text[at..].len() - text[at..].trim_start_matches('`').len();
        at += run;
        if run == marks {
            return Some(at);
        }
    }
}

/// How long the address is that the text starts with; 0 if it starts with none.
fn address(text: &str) -> usize {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return 0;
    }
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]`\"'".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(text: &str) -> String {
        doc_lines(text).join("|")
    }

    #[test]
    fn docs_hold_no_doctests_links_or_html() {
        assert_eq!(doc("One.\n\n    let x = 1;\n"), "One.||let x = 1;");
        assert_eq!(doc("```\nassert!(false)\n```"), "```text|assert!(false)|```");
        assert_eq!(doc("```rust\nlet [a] = x;"), "```text|let [a] = x;|```");
        assert_eq!(doc("~~~~\n~~~\n~~~~"), "~~~~text|~~~|~~~~");
        assert_eq!(doc("see [Order] and `[x]` <b>"), r"see \[Order\] and `[x]` \<b\>");
        assert_eq!(doc("a ` b [c]"), r"a \` b \[c\]");
        assert_eq!(doc("odd ` here\n`[link]` [x]"), r"odd \` here|`[link]` \[x\]");
        assert_eq!(doc("``` [x] ` and `` a ` [b] ``"), r"\`\`\` \[x\] ` and `` a ` \[b\] \`\`");
        assert_eq!(doc("`` a ` [b] ``"), "`` a ` [b] ``");
        assert_eq!(doc("- ~~~rust\n-      let a;\n1. ```"), r"- \~\~\~rust|- let a;|1. \`\`\`");
        assert_eq!(doc("~~~``rust\nassert!(false)"), "~~~text|assert!(false)|~~~");
        assert_eq!(doc(r"escaped \[x\] and \`[y]\`, \"), r"escaped \[x\] and \`\[y\]\`, \");
        assert_eq!(doc("*/ /* <!-- -->"), r"*/ /* \<!-- --\>");
        assert_eq!(
            doc("at (https://a.b/[c) or http://d, `http://e`."),
            r"at (<https://a.b/>\[c) or <http://d>, `http://e`."
        );
        assert_eq!(doc("a\rb\u{202e}\u{0}"), "a|b");
        assert_eq!(doc(" \n "), "");
    }

    #[test]
    fn facts_stand_behind_the_authors_words_or_in_ours() {
        let docs = |doc, facts: &[&str]| {
            let mut code = Code::default();
            code.docs(doc, "The field `a`.", &facts.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
            code.finish()
        };
        assert_eq!(docs(None, &[]), "/// The field `a`.\n");
        assert_eq!(docs(None, &["at least 1", "tagged `pii`"]), "/// The field `a`, at least 1, tagged `pii`.\n");
        assert_eq!(docs(Some("Two."), &["at least 1"]), "/// Two.\n///\n/// At least 1.\n");
        assert_eq!(docs(Some(" "), &[]), "/// The field `a`.\n");
    }

    #[test]
    fn code_spans_hold_anything() {
        for (text, span) in
            [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "`  `"), ("a\nb\u{202e}", r"`a\nb\u{202e}`")]
        {
            assert_eq!(code_span(text), span);
            assert_eq!(prose(span), span);
        }
    }

    #[test]
    fn blocks_are_indented_and_apart() {
        let mut code = Code::default();
        code.gap();
        code.block("mod a", |code| {
            code.gap();
            code.doc(None, "Nothing.");
            code.line("struct B;");
            code.gap();
            code.gap();
            code.paste("fn c() {\n    1\n}");
        });
        assert_eq!(code.finish(), "mod a {\n    /// Nothing.\n    struct B;\n\n    fn c() {\n        1\n    }\n}\n");
    }

    #[test]
    fn notes_are_one_line_without_links() {
        assert_eq!(one_line("Use [x]\n\n  ```\nor `y`."), r"Use \[x\] \`\`\` or `y`.");
    }

    #[test]
    fn literals_are_escaped() {
        assert_eq!(quoted("a\"\\\n\u{202e}"), r#""a\"\\\n\u{202e}""#);
    }
}
