//! Types and fields in their long forms, with `fields`, `enum`, `oneof` and bounds.

use super::{reader::Cx, type_text::Written};
use crate::{
    diag::{Diagnostic, codes},
    expr::Expr,
    parse::{Node, NodeKind},
    shape::{Bounds, Enum, Field, Note, Presence, Shape, ShapeKind, TypeDef, Union},
    source::{Span, Spanned},
    value::Value,
};

impl Cx {
    /// A type in either form. `doc`, `example` and the like are left to the caller, who passes the keys it reads itself.
    fn long_form(&mut self, node: &Node, what: &'static str) -> Option<(Written, Extras)> {
        let mut map = self.map(node, what)?;
        let (kind, fields, values, oneof) = (map.get("type"), map.get("fields"), map.get("enum"), map.get("oneof"));
        let given = [kind, fields, values, oneof].into_iter().flatten().count();
        if given != 1 {
            let message = format!("{what} needs exactly one of `type`, `fields`, `enum` and `oneof`, not {given}");
            self.push(Diagnostic::new(&codes::MISSING_KEY, node.span, message));
        }
        let plain = |shape| Some(Written { shape, optional: false, default: None, tags: Vec::new() });
        let open = if values.is_some() { self.flag(map.get("open")) } else { false };
        let tag = if oneof.is_some() { map.need("tag", self) } else { None };
        let written = match (kind, fields, values, oneof) {
            (Some(kind), ..) => self.text(kind).and_then(|text| self.type_text(&text, text.span)),
            (_, Some(fields), ..) => {
                let shape = ShapeKind::Record(self.fields(fields));
                plain(Shape::new(shape, node.span))
            }
            (_, _, Some(values), _) => {
                let shape = ShapeKind::Enum(Enum { values: self.enum_values(values), open });
                plain(Shape::new(shape, node.span))
            }
            (_, _, _, Some(oneof)) => {
                self.union(oneof, tag).and_then(|u| plain(Shape::new(ShapeKind::Union(u), node.span)))
            }
            _ => None,
        };
        let bounds = self.bounds(&mut map);
        let extras = Extras {
            doc: self.prose(map.get("doc")),
            example: map.get("example").map(|node| self.literal(node)),
            default: map.get("default").map(|node| self.literal(node)),
            tags: self.texts(map.get("tags")),
            deprecated: map.get("deprecated").and_then(|node| match &node.kind {
                NodeKind::Scalar(text, false) if text == "true" => Some("no longer used".to_owned()),
                NodeKind::Scalar(text, false) if text == "false" => None,
                _ => self.prose(Some(node)),
            }),
            wire: if what == FIELD { map.get("wire").and_then(|node| self.text(node)) } else { None },
        };
        map.finish(self);
        let mut written = written?;
        self.fit(&written.shape, &bounds, node.span);
        written.shape.bounds = bounds.into();
        Some((written, extras))
    }

    fn bounds(&mut self, map: &mut super::reader::Map<'_>) -> Bounds {
        let number = |cx: &mut Cx, node: Option<&Node>| {
            let text = cx.text(node?)?;
            match Value::number(&text) {
                Some(Value::Number(number)) => Some(number),
                _ => {
                    let message = format!("`{}` is not a number", text.value);
                    cx.push(Diagnostic::new(&codes::BAD_BOUND, text.span, message));
                    None
                }
            }
        };
        let bounds = Bounds {
            min: number(self, map.get("min")),
            max: number(self, map.get("max")),
            min_length: self.count(map.get("min_length")),
            max_length: self.count(map.get("max_length")),
            pattern: map.get("pattern").and_then(|node| self.text(node)).and_then(|text| match regex_lite::Regex::new(
                &text,
            ) {
                Ok(_) => Some(text.value),
                Err(error) => {
                    let message = format!("`{}` is not a regular expression: {error}", text.value);
                    self.push(Diagnostic::new(&codes::BAD_PATTERN, text.span, message));
                    None
                }
            }),
            format: self.prose(map.get("format")),
        };
        let crossed = bounds.min.zip(bounds.max).is_some_and(|(min, max)| min > max)
            || bounds.min_length.zip(bounds.max_length).is_some_and(|(min, max)| min > max);
        if crossed {
            let message = "the lower bound is above the upper one";
            self.push(Diagnostic::new(&codes::BAD_BOUND, map.span, message));
        }
        bounds
    }

    /// Reports bounds that mean nothing for the shape.
    fn fit(&mut self, shape: &Shape, bounds: &Bounds, span: Span) {
        use ShapeKind::*;
        let number = matches!(&shape.kind, Scalar(s) if s.is_number());
        let text = matches!(&shape.kind, Scalar(crate::shape::Scalar::String));
        let long = text || matches!(&shape.kind, Scalar(crate::shape::Scalar::Bytes) | List(_) | Set(_) | Map(_));
        let given = [
            ("min", bounds.min.is_some(), number),
            ("max", bounds.max.is_some(), number),
            ("min_length", bounds.min_length.is_some(), long),
            ("max_length", bounds.max_length.is_some(), long),
            ("pattern", bounds.pattern.is_some(), text),
            ("format", bounds.format.is_some(), text),
        ];
        for (key, _, _) in given.iter().filter(|(_, given, fits)| *given && !fits) {
            let diagnostic = Diagnostic::new(&codes::BAD_BOUND, span, format!("`{key}` does not bound `{shape}`"));
            self.push(match &shape.kind {
                Ref(name) => diagnostic.help(format!("put the bound where `{name}` is defined")),
                _ => diagnostic.help("`min` and `max` bound numbers, `min_length` and `max_length` text, bytes, lists, sets and maps, `pattern` text"),
            });
        }
    }

    fn enum_values(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let mut values: Vec<Spanned<String>> = Vec::new();
        for item in self.items(node) {
            let NodeKind::Scalar(text, quoted) = &item.kind else {
                self.text(item);
                continue;
            };
            if !quoted && is_ambiguous(text) {
                let message = format!("YAML readers may take `{text}` for something else than text");
                self.push(
                    Diagnostic::new(&codes::AMBIGUOUS_SCALAR, item.span, message).help(format!("write \"{text}\"")),
                );
            }
            if let Some(first) = values.iter().find(|value| value.value == *text) {
                let message = format!("the value `{text}` stands twice in this enum");
                let first = first.span;
                self.push(
                    Diagnostic::new(&codes::DUPLICATE_NAME, item.span, message)
                        .label("here again")
                        .also(first, "first here"),
                );
                continue;
            }
            values.push(Spanned::new(text.clone(), item.span));
        }
        if values.is_empty() {
            self.push(Diagnostic::new(&codes::BAD_TYPE, node.span, "an enum needs at least one value"));
        }
        values
    }

    fn union(&mut self, node: &Node, tag: Option<&Node>) -> Option<Union> {
        let mut branches: Vec<(Spanned<String>, Shape)> = Vec::new();
        for (key, node) in self.members(node, "branches by their tag")? {
            let shape = match &node.kind {
                NodeKind::Map(_) => self.long_form(node, "a branch").map(|(written, _)| written.shape),
                _ => self.text(node).and_then(|text| self.type_text(&text, text.span)).map(|written| written.shape),
            };
            branches.extend(shape.map(|shape| (Spanned::new(key.text.clone(), key.span), shape)));
        }
        if branches.is_empty() {
            self.push(Diagnostic::new(&codes::BAD_TYPE, node.span, "a union needs at least one branch"));
        }
        let tag = self.text(tag?)?.value;
        Some(Union { tag, branches })
    }

    /// `{ name: type, ... }`.
    pub(super) fn fields(&mut self, node: &Node) -> Vec<Field> {
        let written = self.members(node, "fields as `name: type`").unwrap_or_default();
        // Most of a model is fields: no room is left over.
        let mut fields: Vec<Field> = Vec::with_capacity(written.len());
        for (key, node) in written {
            let name = self.name(key, false);
            fields.extend(self.field(key.span, node).map(|field| Field { name, ..field }));
        }
        for (i, field) in fields.iter().enumerate() {
            if let Some(first) = fields[..i].iter().find(|f| f.wire_name() == field.wire_name()) {
                let message = format!("two fields are called `{}` on the wire", field.wire_name());
                let at = |f: &Field| f.wire.as_ref().map_or(f.name.span, |wire| wire.span);
                self.push(Diagnostic::new(&codes::WIRE_CLASH, at(field), message).also(at(first), "the other one"));
            }
        }
        fields
    }

    /// A field without its name, whose span is given so that its default can be found again.
    fn field(&mut self, name: Span, node: &Node) -> Option<Field> {
        let (written, extras) = match &node.kind {
            NodeKind::Map(_) => self.long_form(node, FIELD)?,
            _ => {
                let text = self.text(node)?;
                (self.type_text(&text, text.span)?, Extras::default())
            }
        };
        if let (Some(_), Some(second)) = (&written.default, &extras.default) {
            let message = "the default is given twice";
            self.push(Diagnostic::new(&codes::DUPLICATE_KEY, second.span, message));
        }
        let default = written.default.or(extras.default);
        let presence = match (&default, written.optional) {
            (Some(default), true) => {
                let message = "an optional field has no default";
                let help = "write `T = x` without `?`: absent then means `x`";
                self.push(Diagnostic::new(&codes::BAD_TYPE, default.span, message).help(help));
                Presence::Optional
            }
            (None, true) => Presence::Optional,
            // The value is filled in once all types are known.
            (Some(_), false) => Presence::Default(Value::Null),
            (None, false) => Presence::Required,
        };
        if let (Some(default), Presence::Default(_)) = (default, &presence) {
            self.defaults.insert(name, default);
        }
        if let Some(example) = extras.example {
            self.examples.insert(name, example);
        }
        let mut tags = written.tags;
        tags.extend(extras.tags);
        let (name, shape) = (Spanned::new(String::new(), name), written.shape);
        let Extras { doc, wire, deprecated, .. } = extras;
        let notes = Note { wire, doc, example: None, tags, deprecated }.into();
        Some(Field { name, shape, presence, notes })
    }

    /// A named type.
    pub(super) fn type_def(&mut self, name: Spanned<String>, node: &Node) -> Option<TypeDef> {
        let before = self.diagnostics.len();
        let (written, extras) = match &node.kind {
            NodeKind::Map(_) => self.long_form(node, "a type")?,
            _ => {
                let text = self.text(node)?;
                (self.type_text(&text, text.span)?, Extras::default())
            }
        };
        if written.optional || written.default.is_some() || extras.default.is_some() {
            let message = "a type is neither optional nor has a default";
            let help = "say so at the fields that use it";
            self.push(Diagnostic::new(&codes::BAD_TYPE, name.span, message).help(help));
        }
        if let Some(example) = extras.example {
            self.examples.insert(name.span, example);
        }
        let mut tags = written.tags;
        tags.extend(extras.tags);
        let sound = self.diagnostics.len() == before;
        Some(TypeDef { name, doc: extras.doc, example: None, tags, shape: written.shape, sound })
    }
}

const FIELD: &str = "a field";

/// What the long form of a field or type says beside its shape.
#[derive(Default)]
struct Extras {
    doc: Option<String>,
    example: Option<Expr>,
    default: Option<Expr>,
    tags: Vec<Spanned<String>>,
    deprecated: Option<String>,
    wire: Option<Spanned<String>>,
}

/// Whether YAML 1.1 or 1.2 reads the unquoted text as something else than text.
fn is_ambiguous(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    matches!(word.as_str(), "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n")
        || Value::number(text).is_some()
        || text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::{lower::lower, shape::Presence, source::Sources};
    use std::fmt::Write;

    /// A context with these fields of one event, and what they lower to.
    fn check(fields: &str, expected: &str) {
        let mut sources = Sources::default();
        let text = format!(
            "context: shop\ntypes:\n  OrderId: id(order_)\n  Color: {{ enum: [red, blue], open: true }}\nevents:\n  A:\n    fields:\n{}",
            fields.lines().map(|line| format!("      {line}\n")).collect::<String>()
        );
        let settings = sources.add("isobar.yaml", "workspace: w\ntags: { pii: {}, secret: {} }\n");
        let file = sources.add("a.storm.yaml", text);
        let (model, diagnostics) = lower(&sources, Some(settings), &[file], crate::Table::new());
        assert!(diagnostics.is_empty(), "{}", crate::diag::render(&diagnostics.sorted(&sources), &sources, false));
        let mut out = String::new();
        for field in model.contexts["shop"].events["A"].fields.as_deref().unwrap() {
            let _ = write!(out, "{}: {}", field.name, field.shape);
            match &field.presence {
                Presence::Required => {}
                Presence::Optional => out += "?",
                Presence::Default(value) => {
                    let _ = write!(out, " = {value:?}");
                }
            }
            for tag in &field.tags {
                let _ = write!(out, " @{tag}");
            }
            let bounds = &field.shape.bounds;
            for (name, bound) in [("min", bounds.min), ("max", bounds.max)] {
                if let Some(bound) = bound {
                    let _ = write!(out, " {name} {bound}");
                }
            }
            if let Some(wire) = &field.wire {
                let _ = write!(out, " as {wire}");
            }
            assert_eq!(sources.text(field.name.span), field.name.value, "the name's span is the name");
            out.push('\n');
        }
        assert_eq!(out, expected);
    }

    #[test]
    fn one_line_says_it_all() {
        check(
            "a: list<map<OrderId>>? @pii @secret\n\
             b: decimal(2) = 0 @pii\n\
             c: Color = green\n\
             d: set<uint32> = []\n\
             e: string = \"a @b\"\n\
             f: id(x-1.y_)\n\
             g: shop.OrderId",
            "a: list<map<shop.OrderId>>? @pii @secret\n\
             b: decimal(2) = Number(0) @pii\n\
             c: shop.Color = String(\"green\")\n\
             d: set<uint32> = List([])\n\
             e: string = String(\"a @b\")\n\
             f: id(x-1.y_)\n\
             g: shop.OrderId\n",
        );
    }

    #[test]
    fn the_long_form_says_the_rest() {
        check(
            "a: { type: int, min: 1, max: 10, default: 3, tags: [pii] }\n\
             b: { type: string?, wire: bee, doc: The second., example: x }\n\
             c: { fields: { inner: string } }\n\
             d: { enum: [x, \"yes\"] }",
            "a: int = Number(3) @pii min 1 max 10\n\
             b: string? as bee\n\
             c: record\n\
             d: enum\n",
        );
    }
}
