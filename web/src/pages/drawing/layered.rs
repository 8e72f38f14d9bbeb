//! Where boxes and the labels of their ties stand: boxes in columns, from left to right in the order in which ties lead to them, and
//! between two columns one of labels. A tie that reaches further has a free place in every column on its way, and one that leads back runs
//! the same way from right to left; so that lines run only where nothing stands. Only numbers; nothing is drawn here.

use super::pen::Rect;

/// What stays free between two columns, for lines.
const GUTTER: i32 = 46;
/// What stays free between two things in a column.
const GAP: i32 = 22;
/// What stays free around everything.
const MARGIN: i32 = 14;
/// The height of the place that a passing line has.
const PASS: i32 = 10;
/// The least distance of two lines at a box.
pub(super) const PORT: i32 = 16;
/// How often columns are brought into the order of their neighbours.
const SWEEPS: usize = 12;

/// A line between two boxes, which are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The width and height of its label.
    pub(super) label: (i32, i32),
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) boxes: Vec<Rect>,
    pub(super) labels: Vec<Rect>,
    /// The way of each tie, from where it begins: every first piece, from the first point to the second, crosses a gutter, and every
    /// second one runs level through a column.
    pub(super) ways: Vec<Vec<(i32, i32)>>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Something in a column: a box, a label, or a place where a line passes.
#[derive(Clone, Copy, Debug)]
struct Item {
    width: i32,
    height: i32,
    /// Its middle.
    y: i32,
}

/// Lays boxes of these sizes out.
pub(super) fn plan(sizes: &[(i32, i32)], ties: &[Tie]) -> Plan {
    let (columns, back) = columns(sizes.len(), ties);
    let mut items: Vec<Item> = sizes.iter().map(|&(width, height)| Item { width, height, y: 0 }).collect();
    let count = columns.iter().max().map_or(0, |most| 2 * most + 1);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); count];
    columns.iter().enumerate().for_each(|(item, column)| layers[2 * column].push(item));
    // Each tie as items from left to right.
    let chains: Vec<Vec<usize>> = ties
        .iter()
        .zip(&back)
        .map(|(tie, back)| {
            let (left, right) = if *back { (tie.to, tie.from) } else { (tie.from, tie.to) };
            let mut chain = vec![left];
            for layer in &mut layers[2 * columns[left] + 1..2 * columns[right]] {
                // The label stands in the first column that is free of boxes.
                let (width, height) = if chain.len() == 1 { tie.label } else { (0, PASS) };
                layer.push(items.len());
                chain.push(items.len());
                items.push(Item { width, height, y: 0 });
            }
            chain.push(right);
            chain
        })
        .collect();
    for chain in &chains {
        for end in [chain.first(), chain.last()].into_iter().flatten() {
            let lines = chains.iter().filter(|it| it.first() == Some(end)).count();
            let lines = lines.max(chains.iter().filter(|it| it.last() == Some(end)).count());
            items[*end].height = items[*end].height.max(PORT * i32::try_from(lines + 1).unwrap_or(i32::MAX / PORT));
        }
    }
    let near = neighbours(items.len(), &chains);
    arrange(&mut layers, &mut items, &near);
    let lefts = lefts(&layers, &items);
    rendered(sizes.len(), &layers, &items, &chains, &back, &lefts)
}

/// The column of each box, and which ties lead back into the way that led to them.
fn columns(count: usize, ties: &[Tie]) -> (Vec<usize>, Vec<bool>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        New,
        Open,
        Done,
    }
    let out = |at: usize| ties.iter().enumerate().filter(move |(_, tie)| tie.from == at);
    let (mut seen, mut back, mut finished) = (vec![Seen::New; count], vec![false; ties.len()], Vec::new());
    for start in 0..count {
        if seen[start] != Seen::New {
            continue;
        }
        seen[start] = Seen::Open;
        let mut way = vec![(start, out(start))];
        while let Some((at, rest)) = way.last_mut() {
            let Some((number, tie)) = rest.next() else {
                seen[*at] = Seen::Done;
                finished.push(*at);
                way.pop();
                continue;
            };
            match seen[tie.to] {
                Seen::Open => back[number] = true,
                Seen::Done => {}
                Seen::New => {
                    seen[tie.to] = Seen::Open;
                    way.push((tie.to, out(tie.to)));
                }
            }
        }
    }
    let mut columns = vec![0; count];
    // Whatever leads to a box comes before it in this order.
    for &at in finished.iter().rev() {
        for (number, tie) in out(at) {
            if !back[number] {
                columns[tie.to] = columns[tie.to].max(columns[at] + 1);
            }
        }
    }
    (columns, back)
}

/// The items before and behind each one.
fn neighbours(count: usize, chains: &[Vec<usize>]) -> [Vec<Vec<usize>>; 2] {
    let mut near = [vec![Vec::new(); count], vec![Vec::new(); count]];
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        if let [a, b] = *pair {
            near[0][b].push(a);
            near[1][a].push(b);
        }
    }
    near
}

/// Puts every column in order, and every item as near to the height of its neighbours as its column allows.
fn arrange(layers: &mut [Vec<usize>], items: &mut [Item], near: &[Vec<Vec<usize>>; 2]) {
    layers.iter().for_each(|layer| settle(layer, items));
    for sweep in 0..SWEEPS {
        let side = sweep % 2;
        let order: Vec<usize> = if side == 0 { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for number in order {
            let layer = &mut layers[number];
            for &item in layer.iter() {
                let around = &near[side][item];
                // At the end, both sides count, so that what lies between is in the middle.
                let around: Vec<usize> = match sweep + 2 >= SWEEPS {
                    true => near[0][item].iter().chain(&near[1][item]).copied().collect(),
                    false => around.clone(),
                };
                if let Some(count) = i32::try_from(around.len()).ok().filter(|count| *count > 0) {
                    items[item].y = around.iter().map(|it| items[*it].y).sum::<i32>() / count;
                }
            }
            if sweep + 2 < SWEEPS {
                layer.sort_by_key(|item| items[*item].y);
            }
            settle(layer, items);
        }
    }
}

/// Moves the items of a column apart, none further than needed: what would lie on another is pooled with it around their common place.
fn settle(layer: &[usize], items: &mut [Item]) {
    let mut places = Vec::with_capacity(layer.len());
    let mut down = 0;
    for (number, &item) in layer.iter().enumerate() {
        if let Some(before) = number.checked_sub(1).and_then(|before| layer.get(before)) {
            down += (items[*before].height + items[item].height + 1) / 2 + GAP;
        }
        places.push(down);
    }
    let mut pools: Vec<(i32, i32)> = Vec::new();
    let mut members: Vec<usize> = Vec::new();
    for (number, &item) in layer.iter().enumerate() {
        pools.push((items[item].y - places[number], 1));
        members.push(1);
        while let [.., a, b] = pools.as_slice()
            && a.0.div_euclid(a.1) > b.0.div_euclid(b.1)
        {
            let pooled = (a.0 + b.0, a.1 + b.1);
            pools.truncate(pools.len() - 2);
            pools.push(pooled);
        }
    }
    let mut at = layer.iter().zip(&places);
    for (sum, count) in pools {
        for _ in 0..count {
            if let Some((item, place)) = at.next() {
                items[*item].y = sum.div_euclid(count) + place;
            }
        }
    }
}

/// The left edge and the width of each column.
fn lefts(layers: &[Vec<usize>], items: &[Item]) -> Vec<(i32, i32)> {
    let mut x = MARGIN;
    let column = |layer: &Vec<usize>| {
        let width = layer.iter().map(|item| items[*item].width).max().unwrap_or(0);
        let left = x;
        x += width + GUTTER;
        (left, width)
    };
    layers.iter().map(column).collect()
}

fn rendered(
    boxes: usize,
    layers: &[Vec<usize>],
    items: &[Item],
    chains: &[Vec<usize>],
    back: &[bool],
    lefts: &[(i32, i32)],
) -> Plan {
    let mut column = vec![0; items.len()];
    for (number, layer) in layers.iter().enumerate() {
        layer.iter().for_each(|item| column[*item] = number);
    }
    let top = items.iter().map(|it| it.y - it.height / 2).min().unwrap_or(0);
    let rect = |item: usize, stretched: bool| {
        let (it, (left, wide)) = (items[item], lefts[column[item]]);
        let width = if stretched { wide } else { it.width };
        Rect { x: left + (wide - width) / 2, y: it.y - it.height / 2 - top + MARGIN, width, height: it.height }
    };
    let middle = |item: usize| rect(item, true).middle();
    // Where lines meet a box: in the order of what they lead to.
    let port = |item: usize, chain: usize, ends: fn(&Vec<usize>) -> [Option<&usize>; 2]| {
        let mut lines: Vec<(i32, usize)> = chains
            .iter()
            .enumerate()
            .filter(|(_, it)| ends(it)[0] == Some(&item))
            .filter_map(|(number, it)| Some((middle(*ends(it)[1]?), number)))
            .collect();
        lines.sort_unstable();
        let place = lines.iter().position(|(_, number)| *number == chain).unwrap_or(0);
        let (place, count) = (i32::try_from(place).unwrap_or(0) + 1, i32::try_from(lines.len()).unwrap_or(0) + 1);
        let at = rect(item, true);
        at.y + at.height * place / count
    };
    let way = |(number, chain): (usize, &Vec<usize>)| {
        let mut points = Vec::with_capacity(2 * chain.len());
        for (at, &item) in chain.iter().enumerate() {
            let place = rect(item, true);
            if at == 0 {
                points.push((place.right(), port(item, number, |it| [it.first(), it.get(1)])));
            } else if at + 1 == chain.len() {
                points.push((
                    place.x,
                    port(item, number, |it| [it.last(), it.len().checked_sub(2).and_then(|at| it.get(at))]),
                ));
            } else {
                points.extend([(place.x, place.middle()), (place.right(), place.middle())]);
            }
        }
        if back[number] {
            points.reverse();
        }
        points
    };
    let bottom = (0..items.len()).map(|item| rect(item, true).bottom()).max().unwrap_or(0);
    Plan {
        boxes: (0..boxes).map(|item| rect(item, true)).collect(),
        labels: chains.iter().map(|chain| rect(chain[1], false)).collect(),
        ways: chains.iter().enumerate().map(way).collect(),
        width: lefts.last().map_or(0, |(left, wide)| left + wide) + MARGIN,
        height: bottom + MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ties() -> impl Strategy<Value = (Vec<(i32, i32)>, Vec<Tie>)> {
        let sizes = prop::collection::vec((60..260, 30..120), 1..10);
        let ties =
            prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 20..240, 20..90), 0..24);
        (sizes, ties).prop_map(|(sizes, ties)| {
            let count = sizes.len();
            let tie = |(from, to, width, height): (prop::sample::Index, prop::sample::Index, i32, i32)| Tie {
                from: from.index(count),
                to: to.index(count),
                label: (width, height),
            };
            let ties = ties.into_iter().map(tie).filter(|tie| tie.from != tie.to).collect();
            (sizes, ties)
        })
    }

    fn overlap(a: Rect, b: Rect) -> bool {
        a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn nothing_lies_on_anything((sizes, ties) in ties()) {
            let plan = plan(&sizes, &ties);
            let all: Vec<Rect> = plan.boxes.iter().chain(&plan.labels).copied().collect();
            for (number, a) in all.iter().enumerate() {
                prop_assert!(a.x >= 0 && a.y >= 0 && a.right() <= plan.width && a.bottom() <= plan.height, "{a:?}");
                for b in &all[number + 1..] {
                    prop_assert!(!overlap(*a, *b), "{a:?} {b:?}");
                }
            }
            for (size, place) in sizes.iter().zip(&plan.boxes) {
                prop_assert!(place.width >= size.0 && place.height >= size.1);
            }
            for (number, way) in plan.ways.iter().enumerate() {
                prop_assert!(way.len() % 2 == 0 && way.len() >= 4);
                for (piece, ends) in way.windows(2).enumerate() {
                    let (a, b) = (ends[0], ends[1]);
                    // A curve lies within the rectangle of its ends: here a gutter, which nothing reaches into.
                    let reach = Rect { x: a.0.min(b.0), y: a.1.min(b.1), width: (a.0 - b.0).abs(), height: (a.1 - b.1).abs() };
                    prop_assert!(piece % 2 == 0 || a.1 == b.1, "a piece in a column is not level: {way:?}");
                    let own = plan.labels[number];
                    for it in all.iter().filter(|it| **it != own) {
                        let through = reach.x < it.right() && it.x < reach.right() && reach.y < it.bottom() && it.y < reach.bottom().max(reach.y + 1);
                        prop_assert!(!through, "{way:?} runs through {it:?}");
                    }
                }
                let tie = &ties[number];
                let (from, to) = (plan.boxes[tie.from], plan.boxes[tie.to]);
                let (start, end) = (way[0], way[way.len() - 1]);
                prop_assert!((start.0 == from.right() || start.0 == from.x) && from.y < start.1 && start.1 < from.bottom());
                prop_assert!((end.0 == to.right() || end.0 == to.x) && to.y < end.1 && end.1 < to.bottom());
            }
        }

        #[test]
        fn without_a_loop_all_runs_to_the_right((sizes, ties) in ties()) {
            let ties: Vec<Tie> = ties.into_iter().filter(|tie| tie.from < tie.to).collect();
            for way in plan(&sizes, &ties).ways {
                prop_assert!(way.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{way:?}");
            }
        }
    }
}
