//! A version of an event as the text of its file in the history: the notation, with the types that the event reaches beside
//! it. `isobar_model::lower::frozen` reads it back; what an event does to the state and who may emit it is not part of it.

use super::yaml::Yaml;
use isobar_model::{
    Diagnostics, Field, Presence, Shape, ShapeKind, Types, Value, Version,
    expr::{self, Expr, ExprKind, Operator, Root},
    model::{Assignment, Deprecation, Event, Name},
    shape::{Bounds, TypeDef, TypeName},
};

type Members = Vec<(String, Yaml)>;

/// The text of the file of this version.
pub(crate) fn emit(name: &Name, version: Version, event: &Event, types: &Types) -> String {
    let cx = Emitter { context: &name.context };
    let fields = event.fields.as_deref().unwrap_or_default();
    let mut out: Members = Vec::new();
    let mut add = |key: &str, value: Option<Yaml>| out.extend(value.map(|value| (key.to_owned(), value)));
    add("event", Some(Yaml::text(&name.to_string())));
    add("version", Some(Yaml::text(&version.to_string())));
    add("wire", event.wire.as_ref().map(|wire| Yaml::text(wire)));
    add("renamed_from", event.renamed_from.as_ref().map(|old| Yaml::text(old)));
    add("doc", event.doc.as_deref().map(Yaml::text));
    add("deprecated", event.deprecated.as_ref().map(deprecated));
    let defs =
        types.reachable(fields).into_iter().filter_map(|name| Some((cx.name(name), cx.type_def(types.get(name)?))));
    add("types", some_map(defs.collect()));
    add("fields", event.fields.is_some().then(|| cx.fields(fields)));
    add("splits_into", some_list(&event.splits_into, |it| Yaml::text(&it.value.to_string())));
    add("merged_from", some_list(&event.merged_from, |it| Yaml::text(&it.value.to_string())));
    add("dropped", event.dropped.then(|| Yaml::Plain("true".into())));
    let mut upgrade = assignments(&event.upgrade.assignments);
    if !event.splits_into.is_empty() || !event.merged_from.is_empty() {
        let own = (!upgrade.is_empty()).then(|| (name.to_string(), Yaml::Map(upgrade)));
        let others =
            event.upgrade.by_event.iter().map(|(name, it)| (name.value.to_string(), Yaml::Map(assignments(it))));
        upgrade = own.into_iter().chain(others).collect();
    }
    add("upgrade", some_map(upgrade));
    add("downgrade", some_map(assignments(&event.downgrade)));
    add("removed", some_list(&event.removed, |it| Yaml::text(it)));
    add("examples", some_list(&event.examples, |it| literal(&it.value)));
    Yaml::document(&out)
}

fn some_map(members: Members) -> Option<Yaml> {
    (!members.is_empty()).then_some(Yaml::Map(members))
}

fn some_list<T>(items: &[T], each: impl Fn(&T) -> Yaml) -> Option<Yaml> {
    (!items.is_empty()).then(|| Yaml::List(items.iter().map(each).collect()))
}

fn deprecated(it: &Deprecation) -> Yaml {
    let mut out: Members = Vec::new();
    let mut add = |key: &str, value: Option<String>| out.extend(value.map(|text| (key.to_owned(), Yaml::text(&text))));
    add("since", it.since.map(|version| version.to_string()));
    add("use", it.instead.as_ref().map(|name| name.value.to_string()));
    add("remove_after", it.remove_after.clone());
    add("doc", it.doc.clone());
    some_map(out).unwrap_or(Yaml::Plain("true".into()))
}

struct Emitter<'a> {
    context: &'a str,
}

impl Emitter<'_> {
    /// Bare if it is of the event's context.
    fn name(&self, name: &TypeName) -> String {
        if name.context == self.context { name.name.clone() } else { name.to_string() }
    }

    fn fields(&self, fields: &[Field]) -> Yaml {
        Yaml::Map(fields.iter().map(|field| (field.name.value.clone(), self.field(field))).collect())
    }

    /// The short form where it can say everything.
    fn field(&self, field: &Field) -> Yaml {
        let mut out = self.shape(&field.shape);
        let suffix = match &field.presence {
            Presence::Required => Some(String::new()),
            Presence::Optional => Some("?".to_owned()),
            Presence::Default(value) => short_literal(value).map(|text| format!(" = {text}")),
        };
        let type_text = out.iter_mut().find(|(key, _)| key == "type").map(|(_, text)| text);
        match (type_text, &field.presence) {
            (Some(Yaml::Plain(text)), _) if suffix.is_some() => text.push_str(&suffix.unwrap_or_default()),
            (_, Presence::Default(value)) => out.push(("default".into(), literal(value))),
            // An anonymous record, enum or union cannot be written as optional, so there is none.
            _ => {}
        }
        out.extend(field.wire.as_ref().map(|wire| ("wire".to_owned(), Yaml::text(wire))));
        out.extend(field.doc.as_deref().map(|doc| ("doc".to_owned(), Yaml::text(doc))));
        out.extend(field.example.as_ref().map(|example| ("example".to_owned(), literal(&example.value))));
        out.extend(field.deprecated.as_deref().map(|why| ("deprecated".to_owned(), Yaml::text(why))));
        finish(out, &field.tags)
    }

    fn type_def(&self, def: &TypeDef) -> Yaml {
        let mut out = self.shape(&def.shape);
        out.extend(def.doc.as_deref().map(|doc| ("doc".to_owned(), Yaml::text(doc))));
        out.extend(def.example.as_ref().map(|example| ("example".to_owned(), literal(&example.value))));
        finish(out, &def.tags)
    }

    /// The long form of a shape. The type's text is unfinished: [`finish`] quotes it.
    fn shape(&self, shape: &Shape) -> Members {
        let mut out = match &shape.kind {
            ShapeKind::Record(fields) => vec![("fields".to_owned(), self.fields(fields))],
            ShapeKind::Enum(it) => {
                let values = it.values.iter().map(|value| Yaml::text(value)).collect();
                let mut out = vec![("enum".to_owned(), Yaml::List(values))];
                out.extend(it.open.then(|| ("open".to_owned(), Yaml::Plain("true".into()))));
                out
            }
            ShapeKind::Union(it) => {
                let branch = |shape: &Shape| finish(self.shape(shape), &[]);
                let branches = it.branches.iter().map(|(value, shape)| (value.value.clone(), branch(shape))).collect();
                vec![("oneof".to_owned(), Yaml::Map(branches)), ("tag".to_owned(), Yaml::text(&it.tag))]
            }
            _ => vec![("type".to_owned(), Yaml::Plain(self.type_text(shape)))],
        };
        bounds(&mut out, &shape.bounds);
        out
    }

    fn type_text(&self, shape: &Shape) -> String {
        match &shape.kind {
            ShapeKind::List(item) => format!("list<{}>", self.type_text(item)),
            ShapeKind::Set(item) => format!("set<{}>", self.type_text(item)),
            ShapeKind::Map(item) => format!("map<{}>", self.type_text(item)),
            ShapeKind::Ref(name) => self.name(name),
            _ => shape.to_string(),
        }
    }
}

fn bounds(out: &mut Members, bounds: &Bounds) {
    let mut add = |key: &str, value: Option<Yaml>| out.extend(value.map(|value| (key.to_owned(), value)));
    add("min", bounds.min.map(|n| Yaml::Plain(n.to_string())));
    add("max", bounds.max.map(|n| Yaml::Plain(n.to_string())));
    add("min_length", bounds.min_length.map(|n| Yaml::Plain(n.to_string())));
    add("max_length", bounds.max_length.map(|n| Yaml::Plain(n.to_string())));
    add("pattern", bounds.pattern.as_deref().map(Yaml::quoted));
    add("format", bounds.format.as_deref().map(Yaml::text));
}

/// `T @tag` where there is nothing else to say, the long form otherwise.
fn finish(mut out: Members, tags: &[isobar_model::Spanned<String>]) -> Yaml {
    if let [(key, Yaml::Plain(text))] = out.as_mut_slice()
        && key == "type"
    {
        tags.iter().for_each(|tag| text.push_str(&format!(" @{}", tag.value)));
        return Yaml::text(text);
    }
    for (key, value) in &mut out {
        if let ("type", Yaml::Plain(text)) = (key.as_str(), &*value) {
            *value = Yaml::text(text);
        }
    }
    if !tags.is_empty() {
        out.push(("tags".into(), Yaml::texts(tags.iter().map(|tag| tag.value.as_str()))));
    }
    Yaml::Map(out)
}

/// A literal that can stand behind `=` in a type.
fn short_literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if matches!(Yaml::text(text), Yaml::Plain(plain) if plain == *text) => {
            let word = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            word.then(|| text.clone())
        }
        _ => None,
    }
}

fn literal(value: &Value) -> Yaml {
    match value {
        Value::Null => Yaml::Plain("null".into()),
        Value::Bool(flag) => Yaml::Plain(flag.to_string()),
        Value::Number(number) => Yaml::Plain(number.to_string()),
        Value::Float(number) => Yaml::Plain(format!("{number:?}")),
        Value::String(text) => Yaml::text(text),
        Value::List(items) => Yaml::List(items.iter().map(literal).collect()),
        Value::Record(members) => Yaml::Map(members.iter().map(|(key, value)| (key.clone(), literal(value))).collect()),
    }
}

fn assignments(list: &[Assignment]) -> Members {
    list.iter().map(|it| (it.target.join("."), expression(&it.expr))).collect()
}

fn expression(expr: &Expr) -> Yaml {
    match &expr.kind {
        ExprKind::List(items) => Yaml::List(items.iter().map(expression).collect()),
        ExprKind::Record(members) => {
            Yaml::Map(members.iter().map(|((name, _), value)| (name.clone(), expression(value))).collect())
        }
        // Text that would read as an expression stands in quotes of its own.
        ExprKind::Literal { text, quoted: true } => {
            let read = expr::parse_scalar(text, true, expr.span, &mut Diagnostics::default());
            let is_text = matches!(read.kind, ExprKind::Literal { .. });
            if is_text { Yaml::quoted(text) } else { Yaml::text(&inline(expr, 0)) }
        }
        ExprKind::Literal { text, quoted: false } if Value::number(text).is_some() => Yaml::Plain(text.clone()),
        ExprKind::Literal { text, quoted: false } if matches!(text.as_str(), "true" | "false" | "null") => {
            Yaml::Plain(text.clone())
        }
        _ => Yaml::text(&inline(expr, 0)),
    }
}

/// The text of an expression, in parentheses where it binds looser than `level`.
fn inline(expr: &Expr, level: u8) -> String {
    match &expr.kind {
        ExprKind::Literal { text, quoted: false } => text.clone(),
        ExprKind::Literal { text, quoted: true } => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        ExprKind::Path(root, steps) => {
            let steps: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
            match root {
                Root::Source => format!("${}", steps.join(".")),
                Root::State => format!("self.{}", steps.join(".")),
                Root::Meta => format!("$meta.{}", steps.join(".")),
            }
        }
        ExprKind::List(items) => format!("[{}]", arguments(items)),
        // The grammar has no record inside of an expression, and what is broken is not released.
        ExprKind::Record(_) | ExprKind::Broken => String::new(),
        ExprKind::Unary(operator, inner) => format!("{}{}", operator_of(*operator).0, inline(inner, u8::MAX)),
        ExprKind::Binary(operator, left, right) => {
            let (symbol, own) = operator_of(*operator);
            // `+`, `-`, `*`, `&&` and `||` group to the left; the others do not stand beside themselves without parentheses.
            let grouped = !matches!(own, COMPARE | COALESCE);
            let text = format!("{} {symbol} {}", inline(left, own + u8::from(!grouped)), inline(right, own + 1));
            if own < level { format!("({text})") } else { text }
        }
        ExprKind::Call((name, _), items) => format!("{name}({})", arguments(items)),
        ExprKind::Hook(name) => format!("fn({name})"),
    }
}

fn arguments(items: &[Expr]) -> String {
    items.iter().map(|item| inline(item, 0)).collect::<Vec<_>>().join(", ")
}

const COMPARE: u8 = 4;
const COALESCE: u8 = 6;

/// The symbol, and how tightly it binds.
fn operator_of(operator: Operator) -> (&'static str, u8) {
    match operator {
        Operator::Or => ("||", 1),
        Operator::And => ("&&", 2),
        Operator::Equal => ("==", COMPARE),
        Operator::NotEqual => ("!=", COMPARE),
        Operator::Less => ("<", COMPARE),
        Operator::LessOrEqual => ("<=", COMPARE),
        Operator::Greater => (">", COMPARE),
        Operator::GreaterOrEqual => (">=", COMPARE),
        Operator::Coalesce => ("??", COALESCE),
        Operator::Add => ("+", 8),
        Operator::Subtract => ("-", 8),
        Operator::Multiply => ("*", 10),
        Operator::Not => ("!", 12),
        Operator::Negate => ("-", 12),
    }
}
