//! What the tests of this folder share: a page to write fragments of notation on, and trees as text.

use super::{Expr, ExprKind, Operator, Root, Typed, TypedKind};
use crate::{
    diag::{Diagnostics, render},
    lower::{Frozen, frozen},
    shape::Field,
    source::{Sources, Span},
    value::Value,
};

/// Fragments, each a file of its own, and what was found in them.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) sources: Sources,
    pub(crate) diags: Diagnostics,
}

impl Page {
    /// Adds a fragment; its span is all of it.
    pub(crate) fn write(&mut self, text: &str) -> Span {
        let file = self.sources.add("page.yaml", text);
        Span::new(file, 0, text.len())
    }

    /// Reads keys of an event (`fields`, `types`, `upgrade`, ...) as the released version `version` of `t.E`.
    pub(crate) fn event(&mut self, version: &str, keys: &str) -> Frozen {
        let text = format!("event: t.E\nversion: {version}\n{keys}\n");
        let file = self.sources.add(format!("{version}.yaml"), text);
        let found = frozen(file, &self.sources, &mut self.diags);
        assert!(self.diags.is_empty(), "{}", self.report());
        found.expect("a version without errors is read")
    }

    /// The findings so far, which are forgotten.
    pub(crate) fn take(&mut self) -> String {
        let report = self.report();
        self.diags = Diagnostics::default();
        report
    }

    /// The findings as people see them.
    pub(crate) fn report(&self) -> String {
        render(&self.diags.clone().sorted(&self.sources), &self.sources, false)
    }
}

/// The fields of a version that was read.
pub(crate) fn fields(version: &Frozen) -> &[Field] {
    version.event.fields.as_deref().unwrap_or_default()
}

/// An expression in prefix form.
pub(crate) fn show(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal { text, quoted } if *quoted || text.contains(' ') => format!("{text:?}"),
        ExprKind::Literal { text, .. } => text.clone(),
        ExprKind::Path(root, steps) => path(*root, steps.iter().map(|(name, _)| name.as_str())),
        ExprKind::List(items) => format!("[{}]", all(items, show)),
        ExprKind::Record(members) => format!("{{{}}}", all(members, |((name, _), e)| format!("{name}: {}", show(e)))),
        ExprKind::Unary(op, a) => format!("({} {})", symbol(*op), show(a)),
        ExprKind::Binary(op, a, b) => format!("({} {} {})", symbol(*op), show(a), show(b)),
        ExprKind::Call((name, _), arguments) => format!("{name}({})", all(arguments, show)),
        ExprKind::Hook(name) => format!("fn({name})"),
        ExprKind::Broken => "broken".into(),
    }
}

/// A checked expression in prefix form; conversions show the type they lead to.
pub(crate) fn show_typed(typed: &Typed) -> String {
    match &typed.kind {
        TypedKind::Literal(value) => show_value(value),
        TypedKind::Path(root, steps) => {
            path(*root, steps.iter().map(|s| s.field.as_str())) + if typed.ty.optional { "?" } else { "" }
        }
        TypedKind::List(items) => format!("[{}]", all(items, show_typed)),
        TypedKind::Record(members) => format!("{{{}}}", all(members, |(name, t)| format!("{name}: {}", show_typed(t)))),
        TypedKind::Unary(op, a) => format!("({} {})", symbol(*op), show_typed(a)),
        TypedKind::Binary(op, a, b) => format!("({} {} {})", symbol(*op), show_typed(a), show_typed(b)),
        TypedKind::Call(function, arguments) => format!("{function:?}({})", all(arguments, show_typed)),
        TypedKind::Hook(name) => format!("fn({name})"),
        TypedKind::Convert(inner) => format!("({} {})", typed.ty, show_typed(inner)),
    }
}

/// A value, nearly as JSON.
pub(crate) fn show_value(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.to_string(),
        Value::Float(it) => it.to_string(),
        Value::String(it) => format!("{it:?}"),
        Value::List(items) => format!("[{}]", all(items, show_value)),
        Value::Record(members) => format!("{{{}}}", all(members, |(name, v)| format!("{name}: {}", show_value(v)))),
    }
}

fn all<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn path<'a>(root: Root, names: impl Iterator<Item = &'a str>) -> String {
    let names = names.collect::<Vec<_>>().join(".");
    match root {
        Root::Source => format!("${names}"),
        Root::State => format!("self.{names}"),
        Root::Meta => format!("$meta.{names}"),
    }
}

fn symbol(operator: Operator) -> &'static str {
    operator.symbol()
}
