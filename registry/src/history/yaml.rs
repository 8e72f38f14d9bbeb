//! A YAML tree to be written, and its text: mappings and lists on one line where they are short, else one entry a line.
//! Everything that any YAML reader could take for something else than text is quoted; nothing here parses.

use std::fmt::Write;

/// Longer ones get a line for each entry.
const WIDTH: usize = 100;

/// A YAML node to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    /// Written as it is: numbers, booleans, and texts that were made safe.
    Plain(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// Text, quoted where it must be.
    pub(crate) fn text(text: &str) -> Yaml {
        Yaml::Plain(if is_plain(text) { text.to_owned() } else { quoted(text) })
    }

    /// Text that is quoted in any case.
    pub(crate) fn quoted(text: &str) -> Yaml {
        Yaml::Plain(quoted(text))
    }

    /// A list of texts.
    pub(crate) fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Yaml {
        Yaml::List(texts.into_iter().map(|text| Yaml::text(text.as_ref())).collect())
    }

    /// The text of a document. The root mapping and the mappings in it have one entry a line, so that differences show.
    pub(crate) fn document(members: &[(String, Yaml)]) -> String {
        let mut out = String::new();
        for (name, value) in members {
            match value {
                Yaml::Map(inner) if !inner.is_empty() => {
                    out.push_str(&key(name));
                    out.push_str(":\n");
                    block_map(&mut out, inner, 2);
                }
                _ => block_map(&mut out, &[(name.clone(), value.clone())], 0),
            }
        }
        out
    }

    /// On one line.
    pub(crate) fn flow(&self) -> String {
        match self {
            Yaml::Plain(text) => text.clone(),
            Yaml::List(items) => format!("[{}]", items.iter().map(Yaml::flow).collect::<Vec<_>>().join(", ")),
            Yaml::Map(members) if members.is_empty() => "{}".into(),
            Yaml::Map(members) => {
                let members: Vec<String> = members.iter().map(|(k, v)| format!("{}: {}", key(k), v.flow())).collect();
                format!("{{ {} }}", members.join(", "))
            }
        }
    }

    /// How many levels of mappings there are, itself included: deep ones are easier to read with a line for each entry.
    fn levels(&self) -> usize {
        match self {
            Yaml::Plain(_) => 0,
            Yaml::List(items) => items.iter().map(Yaml::levels).max().unwrap_or(0),
            Yaml::Map(members) => 1 + members.iter().map(|(_, v)| v.levels()).max().unwrap_or(0),
        }
    }

    /// What stands behind `key:` or `-` at this indentation. Deeply nested text stays on one line: readers bound the depth,
    /// not the width.
    fn write(&self, out: &mut String, indent: usize) {
        let flow = self.flow();
        let short = indent + flow.len() <= WIDTH && self.levels() <= 1;
        match self {
            Yaml::List(items) if !short && !items.is_empty() => {
                for item in items {
                    line(out, indent);
                    out.push('-');
                    match item {
                        Yaml::Map(members) if !members.is_empty() && indent + item.flow().len() + 2 > WIDTH => {
                            // The first member stands behind the dash, the others below it.
                            let mut inner = String::new();
                            block_map(&mut inner, members, indent + 2);
                            out.push(' ');
                            out.push_str(inner.trim_start().trim_end_matches('\n'));
                        }
                        _ => {
                            out.push(' ');
                            out.push_str(&item.flow());
                        }
                    }
                }
                out.push('\n');
            }
            Yaml::Map(members) if !short && !members.is_empty() => {
                out.push('\n');
                block_map(out, members, indent);
            }
            _ => {
                out.push(' ');
                out.push_str(&flow);
                out.push('\n');
            }
        }
    }
}

fn line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn block_map(out: &mut String, members: &[(String, Yaml)], indent: usize) {
    for (name, value) in members {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(&key(name));
        out.push(':');
        value.write(out, indent + 2);
    }
}

fn key(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether every YAML reader takes the unquoted text for just this text, in a flow collection too.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'));
    let inner = |c: char| c.is_ascii_alphanumeric() || "_$.()<>=@+/*-? ".contains(c);
    starts && !text.ends_with(' ') && text.chars().all(inner) && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Control characters, and those that YAML takes for line ends or marks. Writing to a `String` cannot fail.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
