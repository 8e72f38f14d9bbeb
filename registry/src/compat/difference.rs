//! Two versions side by side, of one event or of two that lead to one another: what happened to the event, to each of its fields,
//! and who can still read whom, with a payload that breaks where one cannot. Only values; [`super::render`] makes text of them.

use super::{Change, Refused, Row, compare, compare_majors, refused};
use crate::{Evolution, Known, Major, evolution::Onward};
use isobar_model::{
    Version,
    expr::{Typed, has_field},
    model::Name,
};

/// What differs between two versions.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The older version.
    pub old: (Name, Version),
    /// The newer one.
    pub new: (Name, Version),
    /// Whether the new version's major is another one that data of the old is brought to.
    pub upgraded: bool,
    /// Whether data of the new version can be brought back for readers of the old one.
    pub downgraded: bool,
    /// The old fields that nothing of the new version can bring back for old readers.
    pub lossy: Vec<String>,
    /// The changes; those of the event itself have an empty path and come first.
    pub rows: Vec<Judged>,
}

/// A change, and who can still read whom in spite of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The change.
    pub row: Row,
    /// Old data that new readers refuse, as JSON, where one was found.
    pub backward: Option<String>,
    /// New data that old readers refuse.
    pub forward: Option<String>,
}

impl Difference {
    /// Between two versions of two events, which may be the same.
    pub fn between(first: (&Evolution, &Known), second: (&Evolution, &Known)) -> Difference {
        let ((before, from), (after, to)) = (first, second);
        let (way, back) = (way(first, second), way_back(first, second));
        let (old, new) = (from.record(), to.record());
        let rows = match way {
            Some(up) => compare_majors(old, new, up),
            None => compare(old, new),
        };
        let sides = [refused(old, new, false), refused(new, old, false)];
        // A field that a later minor brought is not lost to readers that never had it.
        let is_there = |field: &str| has_field((old.types, old.fields), field);
        let mut judged: Vec<Judged> = of_event(first, second).into_iter().map(fine).collect();
        judged.extend(judge(rows, &sides));
        Difference {
            old: (before.name.clone(), from.version),
            new: (after.name.clone(), to.version),
            upgraded: way.is_some(),
            downgraded: back.is_some(),
            lossy: back.into_iter().flat_map(|major| &major.lossy).filter(|it| is_there(it)).cloned().collect(),
            rows: judged,
        }
    }

    /// Whether new readers read all old data, and old readers all new data.
    pub fn reads(&self) -> (bool, bool) {
        (self.rows.iter().all(|it| it.row.backward), self.rows.iter().all(|it| it.row.forward))
    }
}

fn fine(row: Row) -> Judged {
    Judged { row, backward: None, forward: None }
}

/// What the engine says of each row. The structure finds at least what the engine does, and may blame a row that nothing comes of.
pub(super) fn judge(rows: Vec<Row>, [backward, forward]: &[Vec<Refused>; 2]) -> Vec<Judged> {
    let mut judged: Vec<Judged> = rows.into_iter().map(fine).collect();
    let forward: Vec<Refused> =
        forward.iter().map(|it| Refused { path: renamed(&judged, &it.path), ..it.clone() }).collect();
    for it in &mut judged {
        let (back, forth) = (blame(&it.row, backward), blame(&it.row, &forward));
        it.backward = back.and_then(|refused| refused.payload.clone()).filter(|_| !it.row.backward);
        it.forward = forth.and_then(|refused| refused.payload.clone()).filter(|_| !it.row.forward);
        it.row.backward |= backward.is_empty();
        it.row.forward |= forward.is_empty();
        if it.row.change.is_of_value() {
            it.row.backward |= back.is_none();
            it.row.forward |= forth.is_none();
        }
    }
    // A set is refused for what is fine by itself: its items are equal without it.
    for refused in backward {
        let mut about: Vec<&mut Row> = rows_about(&mut judged, refused).collect();
        if about.iter().all(|row| row.backward) {
            about.iter_mut().for_each(|row| row.backward = false);
        }
    }
    for refused in &forward {
        let mut about: Vec<&mut Row> = rows_about(&mut judged, refused).collect();
        if about.iter().all(|row| row.forward) {
            about.iter_mut().for_each(|row| row.forward = false);
        }
    }
    judged
}

/// A path in the names of old readers, in those of new ones, which rows have.
fn renamed(rows: &[Judged], path: &str) -> String {
    let (mut path, mut done) = (path.to_owned(), 0);
    // An outer name comes before those within it.
    for Row { path: to, old, new, .. } in rows.iter().map(|it| &it.row).filter(|row| row.change == Change::Renamed) {
        let Some((within, old)) = new.as_deref().and_then(|new| to.strip_suffix(new)).zip(old.as_deref()) else {
            continue;
        };
        let from = format!("{within}{old}");
        let fits = path == from || is_inside(&path, &from);
        // Two fields may have taken each other's names.
        if fits && (done == 0 || is_inside(to, &path[..done])) {
            path.replace_range(..from.len(), to);
            done = to.len();
        }
    }
    path
}

fn rows_about<'a>(judged: &'a mut [Judged], refused: &'a Refused) -> impl Iterator<Item = &'a mut Row> {
    let rows = judged.iter_mut().map(|it| &mut it.row);
    rows.filter(|row| blame(row, std::slice::from_ref(refused)).is_some())
}

/// What is refused at the place of a row, or where it comes from.
fn blame<'a>(row: &Row, refused: &'a [Refused]) -> Option<&'a Refused> {
    // Of what was moved, old readers miss the place where it was.
    let sources = row.old.iter().flat_map(|old| old.split(", ")).filter(|_| row.change.names_sources());
    let places: Vec<&str> = std::iter::once(row.path.as_str()).chain(sources).collect();
    let at = |it: &&Refused| places.iter().any(|place| it.path == *place);
    let around = |it: &&Refused| places.iter().any(|place| is_inside(&it.path, place) || is_inside(place, &it.path));
    refused.iter().find(at).or_else(|| refused.iter().find(around))
}

/// Whether a path leads further into another.
fn is_inside(path: &str, around: &str) -> bool {
    path.strip_prefix(around).is_some_and(|rest| rest.starts_with(['.', '[', '{', '<']))
}

/// How data of the old version becomes data of the new one, where exactly one hop lies between them.
fn way<'a>((before, from): (&'a Evolution, &Known), (after, to): (&Evolution, &Known)) -> Option<&'a Typed> {
    if before.name == after.name {
        return before.major(from.version.major).filter(|_| is_next(from, to))?.up.as_ref();
    }
    let Onward::Others(others) = &before.onward else { return None };
    let newest = before.majors.last().is_some_and(|major| major.version.major == from.version.major);
    let successor = others.iter().find(|it| it.name == after.name && it.major == to.version.major);
    successor.filter(|_| newest).map(|it| &it.hop)
}

/// The major that knows the way back to the one before it, where that is the old version's.
fn way_back<'a>((before, from): (&Evolution, &Known), (after, to): (&'a Evolution, &Known)) -> Option<&'a Major> {
    let next = before.name == after.name && is_next(from, to);
    after.major(to.version.major).filter(|major| next && major.down.is_some())
}

/// Whether the new version is of the major that follows the old one's.
fn is_next(from: &Known, to: &Known) -> bool {
    from.version.major + 1 == to.version.major
}

/// What happened to the event itself: another name, or other events.
fn of_event((before, from): (&Evolution, &Known), (after, to): (&Evolution, &Known)) -> Option<Row> {
    let row = |change, old: String, new: String| {
        Some(Row { path: String::new(), change, old: Some(old), new: Some(new), backward: true, forward: true })
    };
    if before.name != after.name {
        let Onward::Others(others) = &before.onward else { return None };
        others.iter().find(|it| it.name == after.name)?;
        let change = if others.len() > 1 { Change::Split } else { Change::Merged };
        let names: Vec<String> = others.iter().map(|it| it.name.to_string()).collect();
        return row(change, before.name.to_string(), names.join(", "));
    }
    let (old, new) = (from.event.wire_name(), to.event.wire_name());
    if from.name != to.name {
        return row(Change::Renamed, from.name.to_string(), to.name.to_string());
    }
    if old != new { row(Change::Renamed, old.to_owned(), new.to_owned()) } else { None }
}
