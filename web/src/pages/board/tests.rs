//! What must hold of every board, on random storms, and the shop's as people see it.

use super::{
    Board, Look, STYLE, Storm,
    place::{Placed, Rect},
    storm::{Edge, Kind, Link, Slot},
    svg,
};
use isobar_model::model::Name;
use isobar_registry::{Workspace, import};
use proptest::prelude::*;
use std::path::Path;

fn name(text: &str) -> Name {
    Name { context: "c".into(), name: text.into() }
}

/// A storm of some lanes and steps, each with a command and events, or an event alone, and edges from anywhere to anywhere.
fn storms() -> impl Strategy<Value = Storm> {
    let step = (0_usize..3, 0_usize..3, 0_usize..4, any::<bool>());
    let edges = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..3), 0..30);
    let alone = prop::collection::vec(0_usize..3, 0..30);
    (prop::collection::vec(step, 1..14), alone, edges).prop_map(|(steps, alone, edges)| {
        let mut storm = Storm { lanes: ["a", "b", "c"].map(str::to_owned).to_vec(), ..Storm::default() };
        for (number, (lane, triggers, events, handled)) in steps.into_iter().enumerate() {
            let step = storm.step(lane);
            let command = storm.note(Kind::Command, &name(&format!("C{number}")), step, Slot::Command);
            for trigger in 0..triggers {
                let kind = [Kind::Policy, Kind::Actor][trigger % 2];
                let note = storm.note(kind, &name(&format!("T{number}x{trigger}")), step, Slot::Triggers);
                storm.edge(note, command, Link::Flow);
            }
            let mut source = command;
            if handled {
                source = storm.note(Kind::Aggregate, &name(&format!("A{number}")), step, Slot::Handler);
                storm.edge(command, source, Link::Flow);
            }
            for event in 0..events {
                let note = storm.note(Kind::Event, &name(&format!("E{number}x{event}")), step, Slot::Events);
                storm.notes[note].pivotal = event == 2;
                storm.edge(source, note, Link::Flow);
            }
        }
        // Events that nothing is known to lead to, more than stand on top of one another.
        for (number, lane) in alone.into_iter().enumerate() {
            let step = storm.step(lane);
            storm.note(Kind::Event, &name(&format!("Alone{number}")), step, Slot::Events);
        }
        let count = storm.notes.len();
        for (from, to, link) in edges {
            let link = [Link::Flow, Link::Failure, Link::Feeds][link as usize];
            storm.edge(from.index(count), to.index(count), link);
        }
        storm
    })
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.y + b.height && b.y < a.y + a.height
}

/// Whether a straight line runs through the inside of a rectangle.
fn runs_through(a: (i32, i32), b: (i32, i32), it: Rect) -> bool {
    let (left, right, top, bottom) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), a.1.max(b.1));
    left < it.right() && it.x < right.max(left + 1) && top < it.y + it.height && it.y < bottom.max(top + 1)
}

fn assert_sound(board: &Board) {
    for (number, note) in board.notes.iter().enumerate() {
        assert!(
            note.at.x >= 0 && note.at.right() <= board.width && note.at.y >= 0,
            "{:?} is not on the board",
            note.note
        );
        for other in &board.notes[number + 1..] {
            assert!(!overlap(note.at, other.at), "{:?} lies on {:?}", note.note, other.note);
        }
        let lane =
            board.lanes.iter().find(|lane| lane.y <= note.at.y && note.at.y + note.at.height <= lane.y + lane.height);
        assert!(lane.is_some(), "{:?} is in no lane", note.note);
    }
    for edge in &board.edges {
        assert_eq!(edge.way.first(), Some(&(board.notes[edge.from].at.right(), board.notes[edge.from].at.middle())));
        assert_eq!(edge.way.last(), Some(&(board.notes[edge.to].at.x, board.notes[edge.to].at.middle())));
        for pair in edge.way.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            assert!(a.0 == b.0 || a.1 == b.1, "a line is neither level nor upright: {:?}", edge.way);
            let crossed = board.notes.iter().find(|note| runs_through(a, b, note.at));
            assert_eq!(crossed.map(|it| &it.note), None, "{edge:?} from {:?}", board.notes[edge.from].note);
        }
        if !edge.back {
            assert!(edge.way.windows(2).all(|pair| pair[0].0 <= pair[1].0), "it runs backwards: {edge:?}");
        }
    }
}

/// Whether the notes that follow edges forwards ever come back to where they began.
fn has_loop_without_back(board: &Board) -> bool {
    let count = board.notes.len();
    let mut entering = vec![0; count];
    let forward: Vec<_> = board.edges.iter().filter(|edge| !edge.back).collect();
    forward.iter().for_each(|edge| entering[edge.to] += 1);
    let mut free: Vec<usize> = (0..count).filter(|note| entering[*note] == 0).collect();
    let mut seen = 0;
    while let Some(note) = free.pop() {
        seen += 1;
        for edge in forward.iter().filter(|edge| edge.from == note) {
            entering[edge.to] -= 1;
            if entering[edge.to] == 0 {
                free.push(edge.to);
            }
        }
    }
    seen < count
}

/// Whether steps lead in a circle at all.
fn loops(storm: &Storm) -> bool {
    let step = |note: usize| storm.notes[note].step;
    let reach = |start: usize| {
        let (mut seen, mut todo) = (vec![false; storm.steps.len()], vec![start]);
        while let Some(at) = todo.pop() {
            for edge in storm.edges.iter().filter(|edge| step(edge.from) == at && step(edge.to) != at) {
                if !std::mem::replace(&mut seen[step(edge.to)], true) {
                    todo.push(step(edge.to));
                }
            }
        }
        seen[start]
    };
    let within = |edge: &Edge| {
        let (from, to) = (&storm.notes[edge.from], &storm.notes[edge.to]);
        from.step == to.step && from.slot >= to.slot
    };
    storm.edges.iter().any(within) || (0..storm.steps.len()).any(reach)
}

type Where<'a> = (&'a Name, Kind, bool, usize, i32);

fn left_of(board: &Board, x: i32) -> Vec<Where<'_>> {
    let lane = |note: &Placed| board.lanes.iter().position(|lane| note.at.y < lane.y + lane.height).unwrap_or(0);
    let place = |note: &Placed| note.at.y - board.lanes[lane(note)].y;
    let notes = board.notes.iter().filter(|note| note.at.right() < x);
    let mut all: Vec<Where<'_>> =
        notes.map(|note| (&note.note.name, note.note.kind, note.note.ghost, lane(note), place(note))).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_lies_on_anything_and_time_runs_to_the_right(storm in storms()) {
        let board = Board::of(storm.clone());
        assert_sound(&board);
        prop_assert!(!has_loop_without_back(&board));
        if !loops(&storm) {
            prop_assert!(board.edges.iter().all(|edge| !edge.back), "an edge is called a loop where there is none");
        }
    }

    #[test]
    fn what_is_added_at_an_end_moves_nothing_left_of_it(storm in storms(), at in any::<prop::sample::Index>(), lane in 0_usize..3) {
        let before = Board::of(storm.clone());
        let mut longer = storm.clone();
        let from = at.index(longer.notes.len());
        let step = longer.step(lane);
        let leaf = longer.note(Kind::Policy, &name("Leaf"), step, Slot::Triggers);
        longer.edge(from, leaf, Link::Flow);
        let after = Board::of(longer);
        let leaf = after.notes.iter().find(|note| note.note.name.name == "Leaf").unwrap();
        let x = after.notes.iter().filter(|note| note.note.step == leaf.note.step).map(|note| note.at.x).min().unwrap();
        let known = left_of(&before, i32::MAX);
        for moved in left_of(&after, x) {
            prop_assert!(known.contains(&moved), "{moved:?} was moved");
        }
    }
}

/// The board as a table: a line for each note, by column and row.
fn told(board: &Board) -> String {
    let mut notes: Vec<&Placed> = board.notes.iter().collect();
    notes.sort_by_key(|note| (note.at.x / 40, note.at.y));
    notes
        .iter()
        .map(|it| {
            let ghost = if it.note.ghost { " (copy)" } else { "" };
            let label = it.note.label.as_deref().map(|label| format!(" [{label}]")).unwrap_or_default();
            format!("{:>5} {:>3}  {} {}{label}{ghost}\n", it.at.x, it.row, it.note.kind.name(), it.note.name)
        })
        .collect()
}

/// Every file below a folder, by its path.
fn files(root: &Path, below: &str, into: &mut import::Files) {
    for entry in std::fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => files(root, &format!("{path}/"), into),
            false => drop(into.insert(path, std::fs::read_to_string(entry.path()).unwrap())),
        }
    }
}

#[test]
fn an_imported_history_stands_side_by_side() {
    let mut texts = import::Files::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/cdevents"), "", &mut texts);
    texts.retain(|path, _| path.ends_with(".json"));
    let folder = tempfile::tempdir().unwrap();
    import::write(folder.path(), &import::cdevents(&texts, "cdevents")).unwrap();
    let workspace = Workspace::open(folder.path());
    let board = Board::of(Storm::of(&workspace.model));
    assert_eq!(board.notes.len(), 50, "as many as CDEvents has");
    assert_sound(&board);
    let ratio = f64::from(board.width) / f64::from(board.height);
    assert!((0.8..2.0).contains(&ratio), "it has the form of a screen: {} x {}", board.width, board.height);
}

#[test]
fn a_flow_goes_on_at_copies_and_ends_at_what_is_looked_at() {
    let board = Board::of(Storm::of(&workspace("shop").model));
    let named = |notes: std::collections::BTreeSet<usize>| {
        let mut names: Vec<String> = notes.iter().map(|note| board.notes[*note].note.name.to_string()).collect();
        names.sort();
        names.dedup();
        names
    };
    let flow = named(board.flow("payment.PaymentFailed").unwrap());
    for (name, is_in) in [
        ("ordering.PlaceOrder", true),
        ("inventory.InventoryReleased", true),
        ("ordering.OrderCancelled", true),
        ("ordering.OrderSummary", true),
        ("payment.PaymentProcessed", false),
        ("customer.EmailSent", false),
    ] {
        assert_eq!(flow.iter().any(|it| it == name), is_in, "{name}: {flow:?}");
    }
    assert_eq!(board.flow("payment.Nothing"), None);
    let failing = named(board.failing());
    for (name, fails) in [
        ("payment.PaymentFailed", true),
        ("inventory.ReleaseStock", true),
        ("ordering.OrderCancelled", true),
        ("ordering.PlaceOrder", false),
        ("ordering.OrderShipped", false),
    ] {
        assert_eq!(failing.iter().any(|it| it == name), fails, "{name}: {failing:?}");
    }
    assert!(Board::of(Storm::of(&workspace("bank").model)).failing().is_empty(), "nothing fails in a bank");
}

#[test]
fn what_is_gone_stands_where_it_moves_nothing_else() {
    let mut storm = Storm::of(&workspace("shop").model);
    let before = Board::of(storm.clone());
    storm.gone(&Name { context: "shipping".into(), name: "ParcelWeighed".into() });
    storm.gone(&Name { context: "returns".into(), name: "ReturnAsked".into() });
    let after = Board::of(storm);
    assert_sound(&after);
    assert_eq!(after.lanes.last().map(|lane| lane.name.as_str()), Some("returns"));
    let places = |board: &Board| -> Vec<_> {
        board.notes.iter().map(|it| (it.note.name.clone(), it.note.kind, it.at.x, it.at.y)).collect()
    };
    let known = places(&after);
    for place in places(&before) {
        assert!(known.contains(&place), "{place:?} was moved");
    }
}

fn workspace(name: &str) -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name);
    Workspace::open(&root)
}

#[test]
fn the_bank() {
    let board = Board::of(Storm::of(&workspace("bank").model));
    assert_sound(&board);
    insta::assert_snapshot!(told(&board));
}

#[test]
fn the_shop() {
    let board = Board::of(Storm::of(&workspace("shop").model));
    assert_sound(&board);
    insta::assert_snapshot!(told(&board));
}

#[test]
fn attacks_are_only_text() {
    let mut storm = Storm { lanes: vec!["<script>".into()], ..Storm::default() };
    let step = storm.step(0);
    storm.note(Kind::Event, &name("\"><script>alert(1)</script>"), step, Slot::Events);
    for style in [None, Some(STYLE.as_str())] {
        let look = Look::default();
        let drawn = svg(&Board::of(storm.clone()), &look, style, |_| Some("javascript:alert('\"')".into()));
        assert!(!drawn.contains("<script"), "{drawn}");
    }
}
