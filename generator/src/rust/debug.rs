//! What `Debug` and errors show in the place of what a tag hides.

use super::{
    plan::{Member, Plan, Type, TypeKind},
    text::quoted,
};

/// What stands for a hidden value, as a literal.
pub(super) fn shown(tag: &str) -> String {
    quoted(&format!("<{tag}>"))
}

/// The tag that hides the values of a member: its own, or that of its type.
pub(super) fn hiding_tag<'a>(plan: &Plan<'a>, member: &Member<'a>) -> Option<&'a str> {
    member.mask.or_else(|| of_type(plan, &member.ty))
}

fn of_type<'a>(plan: &Plan<'a>, ty: &Type<'a>) -> Option<&'a str> {
    match &ty.kind {
        TypeKind::Item(id) => plan.items[*id].mask,
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => of_type(plan, item),
        TypeKind::Scalar(_) => None,
    }
}
