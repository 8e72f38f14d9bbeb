//! What `Debug` and errors show in the place of what a tag hides.

use super::{
    plan::{Plan, Type, TypeKind},
    text::quoted,
};

/// What stands for a hidden value, as a literal.
pub(super) fn shown(tag: &str) -> String {
    quoted(&format!("<{tag}>"))
}

/// The tag of a member's type that hides its values: in errors of the member, since `Debug` of the type knows it.
pub(super) fn of_type<'a>(plan: &Plan<'a>, ty: &Type<'a>) -> Option<&'a str> {
    match &ty.kind {
        TypeKind::Item(id) => plan.items[*id].mask,
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => of_type(plan, item),
        TypeKind::Scalar(_) => None,
    }
}
