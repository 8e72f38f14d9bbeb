//! Breaks recursion: a Rust type cannot contain itself by value, so a field on every such cycle is boxed. Which one depends on the
//! types of the cycle alone, and what was boxed in a release stays boxed: a field that closes a cycle later is boxed itself.

use super::plan::{Body, Item, TypeKind};
use isobar_model::{Shape, ShapeKind, TypeName, Types};
use isobar_registry::Workspace;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// A field or branch that holds a named type by value: the record or union that it stands in, and its name there. Branches come
/// before fields, which is why fields are boxed rather than they.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Edge {
    is_field: bool,
    /// `ordering.Tree`, or `ordering.Tree.detail` where it stands inline.
    owner: String,
    name: String,
}

/// What one version says: of each named type the edges with where they lead.
type Edges = Vec<(TypeName, Edge, TypeName)>;

/// The fields and branches of a workspace that are boxed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boxed(HashSet<Edge>);

impl Boxed {
    /// Finds them in everything that was released and in the model.
    pub(crate) fn of(workspace: &Workspace) -> Boxed {
        let released = workspace.evolutions.values().flat_map(|it| &it.versions).filter(|known| !known.draft);
        let released: Vec<Edges> = released.map(|known| edges(&known.types)).collect();
        Boxed(boxed(&released, &edges(&workspace.model.types)))
    }

    /// Boxes members and branches so that no item contains itself.
    pub(super) fn mark(&self, items: &mut [Item<'_>]) {
        if self.0.is_empty() {
            return;
        }
        for item in items {
            let is_boxed = |is_field, name: &str| {
                self.0.contains(&Edge { is_field, owner: item.path.clone(), name: name.to_owned() })
            };
            match &mut item.body {
                Body::Record(members) => {
                    let by_value = members.iter_mut().filter(|it| matches!(it.ty.kind, TypeKind::Item(_)));
                    by_value.for_each(|it| it.boxed |= is_boxed(true, it.name));
                }
                Body::Union { branches, .. } => branches.iter_mut().for_each(|it| it.boxed |= is_boxed(false, it.wire)),
                _ => {}
            }
        }
    }
}

/// The edges to box: one edge after the other is let in, those that more releases have first, and the ones that would close a
/// cycle are boxed. All types of a cycle reach each other, so that every release of one has the others: how many releases more one
/// edge has than another never changes once both are released, and neither does what is boxed.
fn boxed(released: &[Edges], model: &Edges) -> HashSet<Edge> {
    let mut all: Vec<(&TypeName, &Edge, &TypeName)> =
        released.iter().chain([model]).flatten().map(|(from, edge, to)| (from, edge, to)).collect();
    all.sort_unstable();
    all.dedup();
    trim(&mut all);
    let mut graph = Graph::new();
    all.iter().for_each(|(from, _, to)| graph.entry(from).or_default().push(to));
    // An edge may have led elsewhere in another version.
    let edges = all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let mut order: Vec<_> = edges
        .filter(|it| it.iter().any(|(from, _, to)| reaches(&graph, to, from)))
        .map(|leads| {
            // A chunk is never empty.
            let (from, edge, _) = leads[0];
            let has = |version: &&Edges| version.iter().any(|(a, b, _)| (a, b) == (from, edge));
            (Reverse(released.iter().filter(has).count()), edge.is_field, from, edge, leads)
        })
        .collect();
    order.sort_unstable();
    let (mut kept, mut boxed) = (Graph::new(), HashSet::new());
    for (_, _, from, edge, leads) in order {
        if leads.iter().any(|(_, _, to)| reaches(&kept, to, from)) {
            boxed.insert(edge.clone());
        } else {
            kept.entry(from).or_default().extend(leads.iter().map(|(_, _, to)| to));
        }
    }
    boxed
}

type Graph<'e> = HashMap<&'e TypeName, Vec<&'e TypeName>>;

/// Leaves out types that nothing leads to or that lead nowhere, again and again: no cycle goes through them.
fn trim(all: &mut Vec<(&TypeName, &Edge, &TypeName)>) {
    loop {
        let before = all.len();
        let sources: HashSet<&TypeName> = all.iter().map(|(from, ..)| *from).collect();
        let targets: HashSet<&TypeName> = all.iter().map(|(.., to)| *to).collect();
        all.retain(|(from, _, to)| targets.contains(from) && sources.contains(to));
        if all.len() == before {
            return;
        }
    }
}

fn reaches(graph: &Graph<'_>, from: &TypeName, to: &TypeName) -> bool {
    let (mut open, mut met) = (vec![from], HashSet::new());
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if met.insert(at) {
            open.extend(graph.get(at).into_iter().flatten());
        }
    }
    false
}

/// The edges of every named type. Names of names give what they stand for; lists, sets and maps keep their items elsewhere.
fn edges(types: &Types) -> Edges {
    let mut edges = Edges::new();
    for (name, def) in &types.0 {
        collect(name, &def.shape, &name.to_string(), types, &mut edges);
    }
    edges
}

fn collect(from: &TypeName, shape: &Shape, owner: &str, types: &Types, edges: &mut Edges) {
    let mut one = |is_field, name: &str, shape: &Shape| match &shape.kind {
        ShapeKind::Ref(to) => {
            if let Some(to) = last(to, types) {
                edges.push((from.clone(), Edge { is_field, owner: owner.to_owned(), name: name.to_owned() }, to));
            }
        }
        _ => collect(from, shape, &format!("{owner}.{name}"), types, edges),
    };
    match &shape.kind {
        ShapeKind::Record(fields) => fields.iter().for_each(|field| one(true, &field.name, &field.shape)),
        ShapeKind::Union(union) => union.branches.iter().for_each(|(tag, shape)| one(false, tag, shape)),
        _ => {}
    }
}

/// The type that a name stands for, where that holds anything by value.
fn last<'a>(mut name: &'a TypeName, types: &'a Types) -> Option<TypeName> {
    for _ in 0..=types.0.len() {
        match &types.get(name)?.shape.kind {
            ShapeKind::Ref(next) => name = next,
            ShapeKind::Record(_) | ShapeKind::Union(_) => return Some(name.clone()),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(name: &str) -> TypeName {
        TypeName { context: "c".into(), name: name.into() }
    }

    /// `Tree.left>Tree`, and `Shape:circle>Circle` for a branch.
    fn edges(text: &str) -> Edges {
        let mut edges = Edges::new();
        for edge in text.split_whitespace() {
            let (from, to) = edge.split_once('>').unwrap();
            let (from, field) = from.split_once(['.', ':']).unwrap();
            let edge = Edge { is_field: edge.contains('.'), owner: format!("c.{from}"), name: field.into() };
            edges.push((name(from), edge, name(to)));
        }
        edges
    }

    fn found(released: &[&str], model: &str) -> Vec<String> {
        let released: Vec<Edges> = released.iter().map(|it| edges(it)).collect();
        let mut boxed: Vec<String> =
            boxed(&released, &edges(model)).into_iter().map(|it| format!("{}.{}", &it.owner[2..], it.name)).collect();
        boxed.sort();
        boxed
    }

    #[test]
    fn fields_are_boxed_rather_than_branches() {
        assert_eq!(found(&[], "Tree.left>Tree Tree.right>Tree"), ["Tree.left", "Tree.right"]);
        assert_eq!(found(&[], "Expression:negated>Negated Negated.inner>Expression"), ["Negated.inner"]);
        assert_eq!(found(&[], "A:negated>B B.inner>A"), ["B.inner"]);
        assert_eq!(found(&[], "A.b>B B.c>C"), [""; 0]);
    }

    #[test]
    fn types_elsewhere_move_no_box() {
        let cycle = "B.c>C C.d>D D.b>B";
        assert_eq!(found(&[], cycle), ["D.b"]);
        for more in ["A.a>D", "A.c>C A.d>D", "C.x>X X.y>Y", "A.b>B D.e>E", "A.a>A C.a>A"] {
            let boxed = found(&[], &format!("{more} {cycle}"));
            assert!(
                boxed.contains(&"D.b".to_owned()) && !boxed.iter().any(|it| ["B.c", "C.d"].contains(&it.as_str())),
                "{boxed:?}"
            );
        }
    }

    #[test]
    fn what_closes_a_cycle_later_is_boxed_itself() {
        // By their names alone it would be the other one.
        assert_eq!(found(&[], "Z.b>B B.z>Z"), ["Z.b"]);
        assert_eq!(found(&["Z.b>B"], "Z.b>B B.z>Z"), ["B.z"]);
        // It stays so when it is released, with another event at first or not.
        assert_eq!(found(&["Z.b>B", "Z.b>B B.z>Z"], "Z.b>B B.z>Z"), ["B.z"]);
        assert_eq!(found(&["Z.b>B", "Z.b>B", "Z.b>B B.z>Z", "B.z>Z Z.b>B"], "Z.b>B B.z>Z"), ["B.z"]);
        // And when the first field is gone.
        assert_eq!(found(&["Z.b>B", "Z.b>B B.z>Z"], "B.z>Z"), ["B.z"]);
    }

    fn is_finite(edges: &Edges, boxed: &HashSet<Edge>) -> bool {
        let mut graph = Graph::new();
        let by_value = edges.iter().filter(|(_, edge, _)| !boxed.contains(edge));
        by_value.for_each(|(from, _, to)| graph.entry(from).or_default().push(to));
        graph.iter().all(|(from, to)| !to.iter().any(|to| reaches(&graph, to, from)))
    }

    proptest! {
        /// Fields are added one after the other, and released now and then.
        #[test]
        fn nothing_contains_itself_and_nothing_moves(added in proptest::collection::vec((0_u8..6, 0_u8..6, any::<bool>()), 0..24)) {
            let (mut text, mut released, mut last) = (String::new(), Vec::new(), HashSet::new());
            for (i, (from, to, release)) in added.into_iter().enumerate() {
                text.push_str(&format!(" T{from}.f{}>T{to}", 30 - i));
                let model = edges(&text);
                let now = boxed(&released, &model);
                prop_assert!(is_finite(&model, &now), "{text}: {now:?}");
                if release {
                    released.push(model.clone());
                    prop_assert_eq!(&boxed(&released, &model), &now, "released: {}", text);
                    let had = |edge: &&Edge| released[released.len().saturating_sub(2)].iter().any(|(_, it, _)| it == *edge);
                    let old: HashSet<&Edge> = now.iter().filter(had).collect();
                    if released.len() > 1 {
                        prop_assert_eq!(old, last.iter().collect::<HashSet<_>>(), "moved: {}", text);
                    }
                    last = now;
                }
            }
        }
    }
}
