//! `Debug` and errors that do not give away what a tag hides.

use super::{
    plan::{Body, Item, Member, Plan, Type, TypeKind},
    text::{Code, quoted},
};

const FMT: &str = "fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result";

/// What stands for a hidden value, as a literal.
pub(super) fn shown(tag: &str) -> String {
    quoted(&format!("<{tag}>"))
}

/// Behind a call that fails with a value which is to be hidden in the member's errors.
pub(super) fn hidden(plan: &Plan<'_>, member: &Member<'_>) -> String {
    let mask = member.mask.or_else(|| mask_of(plan, &member.ty));
    mask.map_or_else(String::new, |tag| format!(".map_err(|e| e.hide({}))", shown(tag)))
}

fn mask_of<'a>(plan: &Plan<'a>, ty: &Type<'a>) -> Option<&'a str> {
    match &ty.kind {
        TypeKind::Item(id) => plan.items[*id].mask,
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => mask_of(plan, item),
        TypeKind::Scalar(_) => None,
    }
}

/// Whether `Debug` cannot be derived.
pub(super) fn is_masked(item: &Item<'_>) -> bool {
    let members = if let Body::Record(members) = &item.body { members.as_slice() } else { &[] };
    item.mask.is_some() || members.iter().any(|member| member.mask.is_some())
}

/// `Debug` of an item that is hidden as a whole.
pub(super) fn whole(item: &Item<'_>, code: &mut Code) {
    if let Some(tag) = item.mask {
        implement(item, code, |code| code.line(format!("f.write_str({})", shown(tag))));
    }
}

/// `Debug` of a record, of which some members may be hidden.
pub(super) fn record(item: &Item<'_>, members: &[Member<'_>], code: &mut Code) {
    if item.mask.is_some() || !is_masked(item) {
        return whole(item, code);
    }
    implement(item, code, |code| {
        code.open(format!("f.debug_struct({})", quoted(&item.ident)));
        for member in members {
            let name = quoted(member.ident.trim_start_matches("r#"));
            code.line(match member.mask {
                Some(tag) => format!(".field({name}, &::core::format_args!({}))", shown(tag)),
                None => format!(".field({name}, &self.{})", member.ident),
            });
        }
        code.line(".finish()");
        code.dedent();
    });
}

fn implement(item: &Item<'_>, code: &mut Code, body: impl FnOnce(&mut Code)) {
    code.gap();
    code.block(format!("impl ::core::fmt::Debug for {}", item.ident), |code| code.block(FMT, body));
}
