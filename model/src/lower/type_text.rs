//! Types in one line: `list<LineItem>`, `decimal(2) = 0`, `string? @pii`.

use super::reader::{Cx, is_name};
use crate::{
    diag::{Diagnostic, codes, did_you_mean, list},
    expr::{Expr, ExprKind},
    shape::{Scalar, Shape, ShapeKind, TypeName},
    source::{Span, Spanned},
};

/// A type with what may stand behind it.
pub(super) struct Written {
    pub(super) shape: Shape,
    pub(super) optional: bool,
    pub(super) default: Option<Expr>,
    pub(super) tags: Vec<Spanned<String>>,
}

impl Cx {
    /// A type expression: `T`, `T?`, `T = x`, each with `@tag`s behind.
    pub(super) fn type_text(&mut self, text: &str, span: Span) -> Option<Written> {
        let mut parser = TypeParser { cx: self, text, at: 0, span, depth: 0 };
        let shape = parser.shape()?;
        parser.space();
        let optional = parser.eat('?');
        parser.space();
        let rest = parser.at;
        let (default, tags) = self.tail(&shape, &text[rest..], span, rest)?;
        Some(Written { shape, optional, default, tags })
    }

    /// `= x @tag @tag`.
    fn tail(
        &mut self,
        shape: &Shape,
        rest: &str,
        span: Span,
        offset: usize,
    ) -> Option<(Option<Expr>, Vec<Spanned<String>>)> {
        let mut end = rest.trim_end().len();
        let mut tags = Vec::new();
        while let Some(at) = rest[..end].rfind('@') {
            let name = &rest[at + 1..end];
            let separate = at == 0 || rest[..at].ends_with(char::is_whitespace);
            if !separate || !is_name(name, true) {
                break;
            }
            tags.insert(0, Spanned::new(name.to_owned(), span.slice(offset + at + 1, offset + end)));
            end = rest[..at].trim_end().len();
        }
        let body = &rest[..end];
        if body.is_empty() {
            return Some((None, tags));
        }
        let Some(value) = body.strip_prefix('=') else {
            let place = span.slice(offset, offset + end);
            let message = format!("`{}` cannot stand behind a type", body.trim());
            let help = match body.trim() {
                "[]" => format!("write `list<{shape}>`"),
                _ => "behind a type may stand `?`, `= default` and `@tag`".to_owned(),
            };
            self.push(Diagnostic::new(&codes::BAD_TYPE, place, message).help(help));
            return None;
        };
        let literal = value.trim();
        let start = offset + 1 + (value.len() - value.trim_start().len());
        let place = span.slice(start, start + literal.len());
        let inner = literal.strip_prefix('"').and_then(|t| t.strip_suffix('"')).filter(|t| !t.contains(['"', '\\']));
        let kind = match (literal, inner) {
            ("[]", _) => ExprKind::List(Vec::new()),
            ("{}", _) => ExprKind::Record(Vec::new()),
            (_, Some(inner)) => ExprKind::Literal { text: inner.to_owned(), quoted: true },
            _ => ExprKind::Literal { text: literal.to_owned(), quoted: false },
        };
        Some((Some(Expr { span: place, kind }), tags))
    }
}

const SCALARS: &[(&str, Scalar)] = &[
    ("string", Scalar::String),
    ("bool", Scalar::Bool),
    ("int", Scalar::Int),
    ("int32", Scalar::Int32),
    ("uint", Scalar::Uint),
    ("uint32", Scalar::Uint32),
    ("float", Scalar::Float),
    ("uuid", Scalar::Uuid),
    ("timestamp", Scalar::Timestamp),
    ("date", Scalar::Date),
    ("duration", Scalar::Duration),
    ("bytes", Scalar::Bytes),
    ("json", Scalar::Json),
];

/// The largest scale of a decimal: 28 digits are exact.
const MAX_SCALE: u32 = 18;

/// How deeply containers may be nested in one type expression.
const MAX_CONTAINERS: usize = 16;

struct TypeParser<'a, 'b> {
    cx: &'a mut Cx,
    text: &'b str,
    at: usize,
    span: Span,
    depth: usize,
}

impl<'b> TypeParser<'_, 'b> {
    fn shape(&mut self) -> Option<Shape> {
        self.space();
        let start = self.at;
        let word = self.word();
        let kind = match word {
            "list" | "set" | "map" => {
                self.depth += 1;
                if self.depth > MAX_CONTAINERS {
                    return self.refuse(start, "containers are nested too deeply", None);
                }
                if !self.eat('<') {
                    let help = format!("write `{word}<string>`");
                    return self.refuse(start, &format!("`{word}` needs the type of its items"), Some(help));
                }
                let item = Box::new(self.shape()?);
                self.space();
                if !self.eat('>') {
                    return self.refuse(start, "`>` is missing", None);
                }
                match word {
                    "list" => ShapeKind::List(item),
                    "set" => ShapeKind::Set(item),
                    _ => ShapeKind::Map(item),
                }
            }
            "decimal" => {
                let argument = self.argument();
                match argument.and_then(|digits| digits.trim().parse::<u32>().ok()) {
                    Some(scale) if scale <= MAX_SCALE => ShapeKind::Scalar(Scalar::Decimal(scale)),
                    _ => {
                        let help = format!("write `decimal(2)`; the scale is at most {MAX_SCALE}");
                        return self.refuse(start, "`decimal` needs a scale", Some(help));
                    }
                }
            }
            "id" => match self.argument().map(str::trim) {
                Some(prefix)
                    if !prefix.is_empty()
                        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b)) =>
                {
                    ShapeKind::Scalar(Scalar::Id(prefix.to_owned()))
                }
                _ => {
                    let help = "write `id(order_)`: letters, digits and `_-.:`".to_owned();
                    return self.refuse(start, "`id` needs the prefix of its text", Some(help));
                }
            },
            _ => match SCALARS.iter().find(|(name, _)| *name == word) {
                Some((_, scalar)) => ShapeKind::Scalar(scalar.clone()),
                None => self.named(word, start)?,
            },
        };
        Some(Shape::new(kind, self.span.slice(start, self.at)))
    }

    /// `OrderId`, `ordering.OrderId`. Scalars are lower case and names start upper case, so that a misspelt scalar is not
    /// reported as a missing type.
    fn named(&mut self, word: &str, start: usize) -> Option<ShapeKind> {
        let (context, name) = word.rsplit_once('.').unwrap_or((&self.cx.context, word));
        if !is_name(name, false) || !is_name(context, true) {
            let found =
                if word.is_empty() { "a type is missing".to_owned() } else { format!("`{word}` is not a type") };
            let help = self.text[start..].contains("[]").then(|| "write `list<T>`".to_owned());
            return self.refuse(start, &found, help);
        }
        if !word.contains('.') && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            let known = || {
                SCALARS.iter().map(|(name, _)| *name).chain([
                    "decimal(2)",
                    "id(prefix_)",
                    "list<T>",
                    "set<T>",
                    "map<T>",
                ])
            };
            let synonym = match name {
                "integer" | "long" | "i64" | "number" => Some("int"),
                "str" | "text" => Some("string"),
                "boolean" => Some("bool"),
                "double" | "f64" => Some("float"),
                "datetime" | "time" => Some("timestamp"),
                "array" | "vec" => Some("list<T>"),
                "object" | "any" => Some("json"),
                _ => None,
            };
            let help = synonym.map(|s| format!("did you mean `{s}`?")).or_else(|| did_you_mean(name, known()));
            let help = help.unwrap_or_else(|| {
                format!("types are {}, and names that start with a capital", list(known().take(11)))
            });
            return self.refuse(start, &format!("`{name}` is not a type"), Some(help));
        }
        Some(ShapeKind::Ref(TypeName { context: context.to_owned(), name: name.to_owned() }))
    }

    fn refuse<T>(&mut self, start: usize, message: &str, help: Option<String>) -> Option<T> {
        let place = self.span.slice(start, self.at.max(start + 1));
        self.cx.push(Diagnostic::new(&codes::BAD_TYPE, place, message).maybe_help(help));
        None
    }

    fn word(&mut self) -> &'b str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// `(text)`.
    fn argument(&mut self) -> Option<&'b str> {
        let rest = self.text[self.at..].strip_prefix('(')?;
        let end = rest.find(')')?;
        self.at += end + 2;
        Some(&rest[..end])
    }

    fn space(&mut self) {
        self.at += self.text[self.at..].len() - self.text[self.at..].trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.text[self.at..].starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }
}
