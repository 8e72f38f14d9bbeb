//! Writing Rust as text: indentation, doc comments that can never be run or break out, and string literals.

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

    /// A line that ends one: `}`.
    pub(super) fn close(&mut self, line: impl AsRef<str>) {
        self.depth -= 1;
        self.line(line);
    }

    /// A block with what `body` writes inside.
    pub(super) fn block(&mut self, head: impl AsRef<str>, body: impl FnOnce(&mut Code)) {
        self.open(format!("{} {{", head.as_ref()));
        body(self);
        self.close("}");
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

    /// The doc comment of an item: the author's text, or `otherwise` where there is none.
    pub(super) fn doc(&mut self, doc: Option<&str>, otherwise: &str) {
        let lines = doc.map(doc_lines).filter(|lines| !lines.is_empty());
        for line in lines.unwrap_or_else(|| doc_lines(otherwise)) {
            self.line(if line.is_empty() { "///".into() } else { format!("/// {line}") });
        }
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.text
    }
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
        let start = line.trim_start();
        let marks: String = start.chars().take_while(|c| *c == '`' || *c == '~').collect();
        let is_fence = marks.len() >= 3 && marks.chars().all(|c| marks.starts_with(c));
        match &fence {
            Some(open) if is_fence && marks.starts_with(open.as_str()) && start.trim_end() == marks => {
                lines.push(marks);
                fence = None;
            }
            Some(_) => lines.push(line.trim_end().to_owned()),
            None if is_fence => {
                lines.push(format!("{marks}text"));
                fence = Some(marks);
            }
            None => lines.push(prose(start.trim_end())),
        }
    }
    lines.extend(fence);
    if lines.iter().all(String::is_empty) { Vec::new() } else { lines }
}

/// Control characters, and those that turn the direction of text, which rustc refuses in comments.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A line outside of code blocks: what would be a link or HTML is escaped, and addresses are marked as such.
fn prose(line: &str) -> String {
    let balanced = line.matches('`').count().is_multiple_of(2);
    let mut code = false;
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let address = if code { 0 } else { address(rest) };
        if address > 0 {
            out.extend(["<", &rest[..address], ">"]);
            rest = &rest[address..];
            continue;
        }
        code ^= c == '`' && balanced;
        if !code && matches!(c, '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
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
        assert_eq!(doc("a ` b [c]"), r"a ` b \[c\]");
        assert_eq!(
            doc("at (https://a.b/[c) or http://d, `http://e`."),
            r"at (<https://a.b/>\[c) or <http://d>, `http://e`."
        );
        assert_eq!(doc("a\rb\u{202e}\u{0}"), "a|b");
        assert_eq!(doc(" \n "), "");
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
    fn literals_are_escaped() {
        assert_eq!(quoted("a\"\\\n\u{202e}"), r#""a\"\\\n\u{202e}""#);
    }
}
