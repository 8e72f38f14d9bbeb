//! What follows from an item's members all the way down: whether a value can be out of bounds once it is made, and whether
//! values can be compared and hashed. Looks at plans only, and is asked after all of them are filled.

use super::plan::{Body, Item, Type, TypeKind};
use isobar_model::shape::Scalar;

/// Marks the items whose values may break a bound, since their fields are public, and those that have an equivalence.
pub(super) fn mark(items: &mut [Item<'_>]) {
    items.iter_mut().for_each(|item| item.total = true);
    // Both only ever move one way, so this ends.
    loop {
        let mut changed = false;
        for at in 0..items.len() {
            // Newtypes check what they are made from, and let nobody change it.
            let open = !matches!(items[at].body, Body::Newtype(_));
            let bounded = open && within(&items[at], &|ty| is_bounded(items, ty), &|id| items[id].bounded);
            let partial = within(&items[at], &|ty| !is_total(items, ty), &|id| !items[id].total);
            changed |= bounded != items[at].bounded || partial == items[at].total;
            (items[at].bounded, items[at].total) = (bounded, !partial);
        }
        if !changed {
            return;
        }
    }
}

/// Whether the fact holds of a member's type, a branch or what the item stands for.
fn within(item: &Item<'_>, ty: &dyn Fn(&Type<'_>) -> bool, of: &dyn Fn(usize) -> bool) -> bool {
    match &item.body {
        Body::Record(members) => members.iter().any(|member| ty(&member.ty)),
        Body::Union { branches, .. } => branches.iter().any(|branch| of(branch.item)),
        Body::Alias(id) => of(*id),
        Body::Newtype(inner) => ty(inner),
        Body::Id(_) | Body::Enum { .. } | Body::Pending => false,
        // Nothing is known of it but that it can be compared.
        Body::Extern(_) => true,
    }
}

/// Whether a public place of the type can hold what its reader would refuse.
fn is_bounded(items: &[Item<'_>], ty: &Type<'_>) -> bool {
    let own = ty.bounds.min.is_some()
        || ty.bounds.max.is_some()
        || ty.bounds.min_length.is_some()
        || ty.bounds.max_length.is_some()
        || ty.bounds.pattern.is_some();
    own || match &ty.kind {
        TypeKind::Scalar(scalar) => matches!(scalar, Scalar::Id(_) | Scalar::Decimal(_)),
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => is_bounded(items, item),
        TypeKind::Item(id) => items[*id].bounded,
    }
}

/// Whether equality of the type is an equivalence: floats have none.
fn is_total(items: &[Item<'_>], ty: &Type<'_>) -> bool {
    match &ty.kind {
        TypeKind::Scalar(scalar) => **scalar != Scalar::Float,
        TypeKind::List(item) | TypeKind::Set(item) | TypeKind::Map(item) => is_total(items, item),
        TypeKind::Item(id) => items[*id].total,
    }
}
