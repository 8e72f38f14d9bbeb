//! Breaks recursion: a Rust type cannot contain itself by value, so the field that closes such a cycle is boxed.

use super::plan::{Body, Item, ItemId, TypeKind};

/// Boxes the members and branches that close a cycle, walking the items in their order and their members in declared order, so
/// that what is boxed depends on nothing else.
pub(super) fn box_cycles(items: &mut [Item<'_>]) {
    let edges: Vec<Vec<(usize, ItemId)>> = items.iter().map(by_value).collect();
    // 0: not met, 1: on the way, 2: done.
    let mut state = vec![0u8; items.len()];
    for start in 0..items.len() {
        let mut way = if state[start] == 0 { vec![(start, 0)] } else { Vec::new() };
        state[start] = state[start].max(1);
        while let Some((item, next)) = way.last_mut() {
            let Some(&(member, to)) = edges[*item].get(*next) else {
                state[*item] = 2;
                way.pop();
                continue;
            };
            let from = *item;
            *next += 1;
            match state[to] {
                0 => {
                    state[to] = 1;
                    way.push((to, 0));
                }
                1 => mark(&mut items[from], member),
                _ => {}
            }
        }
    }
}

/// The items that an item holds by value, each with the place of the member that does.
fn by_value(item: &Item<'_>) -> Vec<(usize, ItemId)> {
    match &item.body {
        Body::Record(members) => members
            .iter()
            .enumerate()
            .filter_map(|(i, member)| match member.ty.kind {
                TypeKind::Item(to) => Some((i, to)),
                _ => None,
            })
            .collect(),
        Body::Union { branches, .. } => branches.iter().enumerate().map(|(i, branch)| (i, branch.item)).collect(),
        // Lists, sets and maps keep their items elsewhere already.
        _ => Vec::new(),
    }
}

fn mark(item: &mut Item<'_>, member: usize) {
    match &mut item.body {
        Body::Record(members) => members[member].boxed = true,
        Body::Union { branches, .. } => branches[member].boxed = true,
        _ => {}
    }
}
