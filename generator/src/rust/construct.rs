//! How records are made: whether `new` can fail, and the examples of the schema with the tests of their documentation.

use super::{
    canonical::canonical,
    literal::literal,
    plan::{Item, Member, Plan, Type, TypeKind},
    text::{Code, unseen_escaped},
    wire,
};
use isobar_model::{Presence, Spanned, Value};
use isobar_registry::schema::Json;

/// Whether `new` can fail: what is required can be out of bounds, or a default is of a type that only the runtime can make.
pub(super) fn fails(plan: &Plan<'_>, item: &Item<'_>, members: &[Member<'_>]) -> bool {
    members.iter().any(|member| match member.presence {
        Presence::Required => wire::form(plan, &item.module, &member.ty).is_some(),
        Presence::Optional => false,
        Presence::Default(default) => literal(plan, &item.module, default, &member.ty).fails,
    })
}

/// Writes `example` and `examples`.
pub(super) fn constructors(plan: &Plan<'_>, item: &Item<'_>, code: &mut Code) {
    if item.examples.is_empty() {
        return;
    }
    code.gap();
    code.block(format!("impl {}", item.ident), |code| examples(plan, item, code));
}

fn examples(plan: &Plan<'_>, item: &Item<'_>, code: &mut Code) {
    let Some((first, others)) = item.examples.split_first() else {
        return;
    };
    code.gap();
    code.line(if others.is_empty() {
        "/// The example of the schema."
    } else {
        "/// The first example of the schema."
    });
    test(plan, item, std::slice::from_ref(first), |_| "example()".into(), code);
    code.line("#[must_use]");
    code.block("pub fn example() -> Self", |code| code.paste(&value(plan, item, first)));
    code.gap();
    code.line("/// All examples of the schema.");
    if !others.is_empty() {
        test(plan, item, item.examples, |i| format!("examples()[{i}]"), code);
    }
    code.line("#[must_use]");
    code.block("pub fn examples() -> ::std::vec::Vec<Self>", |code| {
        let others = others.iter().map(|other| value(plan, item, other));
        let all: Vec<String> = std::iter::once("Self::example()".to_owned()).chain(others).collect();
        code.paste(&format!("::std::vec![{}]", all.join(", ")));
    });
}

/// An example as an expression. What was checked with the model cannot fail here.
fn value(plan: &Plan<'_>, item: &Item<'_>, example: &Spanned<Value>) -> String {
    let written = literal(plan, &item.module, example, &Type::plain(TypeKind::Item(item.id)));
    let body =
        written.code.strip_prefix(&item.ident).map_or_else(|| written.code.clone(), |rest| format!("Self{rest}"));
    if written.fails { format!("::isobar::example(|| {{\n{}\n}})", indented(&format!("Ok({body})"))) } else { body }
}

fn indented(code: &str) -> String {
    code.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// A documentation test: the examples are read from their JSON, and written as JSON that says the same. `module_path!` names the
/// type, wherever the code is included.
fn test(plan: &Plan<'_>, item: &Item<'_>, examples: &[Spanned<Value>], call: fn(usize) -> String, code: &mut Code) {
    let ident = &item.ident;
    code.line("///");
    code.line(if plan.doc_tests { "/// ```" } else { "/// ```text" });
    code.line(format!("#[doc = ::core::concat!(\"use \", ::core::module_path!(), \"::{ident};\")]"));
    for (i, example) in examples.iter().enumerate() {
        let call = format!("{ident}::{}", call(i));
        code.line("///");
        for line in round_trip(plan, item, example, &call).lines() {
            code.line(format!("/// {line}"));
        }
    }
    if plan.doc_tests {
        code.line("/// # ::core::result::Result::Ok::<(), ::std::boxed::Box<dyn ::core::error::Error>>(())");
    }
    code.line("/// ```");
}

fn round_trip(plan: &Plan<'_>, item: &Item<'_>, example: &Spanned<Value>, call: &str) -> String {
    let ident = &item.ident;
    let json = raw(&unseen_escaped(Json::from(&example.value).pretty().trim_end()));
    let written = match canonical(plan, &Type::plain(TypeKind::Item(item.id)), example) {
        Some(json) => {
            format!("let written = {};\nassert_eq!(isobar::to_vec(&{call})?, written.as_bytes());", raw(&json))
        }
        // Its text is known to the runtime only.
        None => format!(
            "let written = isobar::to_vec(&{call})?;\nassert_eq!(isobar::from_slice::<{ident}>(&written)?, {call});"
        ),
    };
    format!("let json = {json};\nassert_eq!(isobar::from_slice::<{ident}>(json.as_bytes())?, {call});\n{written}")
}

/// A raw string literal with as many `#` as it takes.
fn raw(text: &str) -> String {
    let marks = (1..).map(|n| "#".repeat(n)).find(|marks| !text.contains(&format!("\"{marks}"))).unwrap_or_default();
    format!("r{marks}\"{text}\"{marks}")
}
