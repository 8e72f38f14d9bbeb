//! Items as text: the tables of records, enums, unions and named values, of which the runtime's macros make types.

use super::{
    construct,
    debug::{of_type, shown},
    literal::{boxed, literal},
    plan::{Body, Branch, Item, ItemId, Member, Plan, Type, TypeKind, Value},
    sentences::beside,
    targets,
    text::{Code, one_line, quoted},
    wire::{self, CHECKED},
};
use isobar_model::{Presence, shape::Scalar};

/// Writes an item and what it implements.
pub(super) fn item(plan: &Plan<'_>, id: ItemId, code: &mut Code) {
    let item = &plan.items[id];
    code.gap();
    match &item.body {
        Body::Id(prefix) => identifier(item, prefix, code),
        Body::Newtype(inner) if inner.is_text() => text(plan, item, inner, code),
        Body::Newtype(inner) => newtype(plan, item, inner, code),
        Body::Record(members) => record(plan, item, members, code),
        Body::Enum { values, unknown } => enumeration(item, values, unknown.as_deref(), code),
        Body::Union { tag, branches } => union(plan, item, tag, branches, code),
        Body::Alias(to) => {
            head(item, None, code);
            code.line(format!("pub type {} = {};", item.ident, plan.path(&item.module, *to)));
        }
        Body::Pending | Body::Extern(_) => {}
    }
    if !matches!(item.body, Body::Alias(_) | Body::Pending | Body::Extern(_)) {
        targets::item(plan, &item.ident, code);
    }
}

/// Doc comment and attributes.
fn head(item: &Item<'_>, derive: Option<&str>, code: &mut Code) {
    code.docs(item.doc, &item.about, &item.facts);
    deprecated(item.deprecated.as_deref(), code);
    if let Some(derive) = derive {
        code.line(format!("#[derive({derive})]"));
    }
    item.attributes.own.iter().for_each(|attribute| code.line(attribute));
}

fn deprecated(note: Option<&str>, code: &mut Code) {
    if let Some(note) = note {
        code.line(format!("#[deprecated(note = {})]", quoted(&one_line(note))));
    }
}

fn identifier(item: &Item<'_>, prefix: &str, code: &mut Code) {
    code.block("::isobar::id!", |code| {
        head(item, None, code);
        code.line(format!("pub struct {}({}{});", item.ident, quoted(prefix), mask_argument(item)));
    });
}

/// What the macros for texts show in `Debug`.
fn mask_argument(item: &Item<'_>) -> String {
    item.mask.map_or_else(String::new, |tag| format!(", {}", shown(tag)))
}

fn text(plan: &Plan<'_>, item: &Item<'_>, inner: &Type<'_>, code: &mut Code) {
    let check = wire::checker(plan, &item.module, inner, "text").unwrap_or_else(|| "|_| Ok(())".into());
    let mask = mask_argument(item);
    code.block("::isobar::text!", |code| {
        head(item, None, code);
        code.paste(&format!("pub struct {}({check}{mask});", item.ident));
    });
}

/// What an item derives: `Debug` where nothing is hidden and no table gives it, `Eq` and `Hash` where nothing forbids them.
fn derives(item: &Item<'_>, copy: bool, ord: bool) -> String {
    let debug = item.mask.is_none() && !matches!(item.body, Body::Record(_) | Body::Newtype(_));
    let mut all = vec!["Clone"];
    all.extend([("Copy", copy), ("Debug", debug), ("PartialEq", true)].iter().filter(|it| it.1).map(|it| it.0));
    all.extend(
        [("Eq", item.total), ("PartialOrd", ord), ("Ord", ord && item.total)].iter().filter(|it| it.1).map(|it| it.0),
    );
    all.extend(item.total.then_some("Hash"));
    all.join(", ")
}

fn newtype(plan: &Plan<'_>, item: &Item<'_>, inner: &Type<'_>, code: &mut Code) {
    let ty = plan.ty(&item.module, inner);
    let is_scalar = matches!(&inner.kind, TypeKind::Scalar(it) if **it != Scalar::Json);
    code.block("::isobar::newtype!", |code| {
        head(item, Some(&derives(item, is_scalar && plan.is_copy(inner), is_scalar)), code);
        let form = formed(wire::form(plan, &item.module, inner));
        code.line(format!("pub struct {}{}[{ty}{form}];", item.ident, mask(item)));
    });
}

/// A form behind its type.
fn formed(form: Option<String>) -> String {
    form.map_or_else(String::new, |form| format!(" = {form}"))
}

/// What is shown in the place of a value, behind the name of its type.
fn mask(item: &Item<'_>) -> String {
    item.mask.map_or_else(String::new, in_brackets)
}

fn in_brackets(tag: &str) -> String {
    format!("({})", shown(tag))
}

fn record(plan: &Plan<'_>, item: &Item<'_>, members: &[Member<'_>], code: &mut Code) {
    code.block("::isobar::record!", |code| {
        head(item, Some(&derives(item, false, false)), code);
        let fails = if construct::fails(plan, item, members) { ": Invalid" } else { "" };
        code.block(format!("pub struct {}{}{fails}", item.ident, mask(item)), |code| {
            for (i, member) in members.iter().enumerate() {
                let field = member.field;
                code.docs(field.doc.as_deref(), "", &beside(field, member.mask));
                deprecated(field.deprecated.as_deref(), code);
                item.attributes.member(i).iter().for_each(|attribute| code.line(attribute));
                code.paste(&row(plan, item, member));
            }
        });
    });
    construct::constructors(plan, item, code);
}

/// The row of a member in the table of a record.
fn row(plan: &Plan<'_>, item: &Item<'_>, member: &Member<'_>) -> String {
    let (key, ident, mut ty) = (quoted(member.wire), &member.ident, plan.ty(&item.module, &member.ty));
    let mut form = wire::form(plan, &item.module, &member.ty);
    let mask = member.mask.map_or_else(String::new, |tag| format!(" {}", in_brackets(tag)));
    let presence = match member.presence {
        Presence::Required if member.boxed => " ->".to_owned(),
        Presence::Required => String::new(),
        Presence::Optional => "?".to_owned(),
        Presence::Default(default) => {
            let default = literal(plan, &item.module, default, &member.ty).code;
            format!(" = {} =>", if member.boxed { boxed(&default) } else { default })
        }
    };
    if member.boxed && *member.presence != Presence::Required {
        ty = format!("::std::boxed::Box<{ty}>");
        form = form.map(|form| if form == CHECKED { form } else { format!("boxed({form})") });
    }
    if let Some(tag) = of_type(plan, &member.ty).filter(|_| member.mask.is_none()) {
        form = Some(format!("{}.hidden({})", form.unwrap_or_else(|| CHECKED.to_owned()), shown(tag)));
    }
    format!("{key}{mask}{presence} {ident}: {ty}{},", formed(form))
}

fn enumeration(item: &Item<'_>, values: &[Value<'_>], unknown: Option<&str>, code: &mut Code) {
    code.block("::isobar::choice!", |code| {
        head(item, Some(&derives(item, unknown.is_none(), true)), code);
        code.block(format!("pub enum {}{}", item.ident, mask(item)), |code| {
            let mut rows = Vec::new();
            for (i, value) in values.iter().enumerate() {
                let attributes = item.attributes.member(i);
                if !attributes.is_empty() {
                    code.packed(&std::mem::take(&mut rows));
                    attributes.iter().for_each(|attribute| code.line(attribute));
                }
                rows.push(format!("{} {},", quoted(value.wire), value.ident));
            }
            rows.extend(unknown.map(|unknown| format!("..{unknown}")));
            code.packed(&rows);
        });
    });
}

fn union(plan: &Plan<'_>, item: &Item<'_>, tag: &str, branches: &[Branch<'_>], code: &mut Code) {
    code.block("::isobar::union!", |code| {
        head(item, Some(&derives(item, false, false)), code);
        code.block(format!("pub enum {}{} by {}", item.ident, mask(item), quoted(tag)), |code| {
            for (i, branch) in branches.iter().enumerate() {
                let inner = plan.path(&item.module, branch.item);
                let inner = if branch.boxed { format!("::std::boxed::Box<{inner}>") } else { inner };
                item.attributes.member(i).iter().for_each(|attribute| code.line(attribute));
                code.line(format!("{} {}({inner}),", quoted(branch.wire), branch.ident));
            }
        });
    });
}
