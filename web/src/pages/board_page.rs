//! The page of the board, as it is or as it was in a release. A storming of many notes opens as a map of its contexts, each of which
//! has a board of its own.

use super::{
    board::{Board, Kind, Look, Mark, Placed, STYLE, Storm, svg},
    listing::{EACH, Listing},
    message::{Link, crumbs, link},
    page::Page,
    releases::{Change, Releases, Stop},
    site::{Ask, Shown, escaped},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// More notes than this are not shown at once, unless somebody asks.
const MOST: usize = 150;
/// More notes than this are shown in parts, each so many steps of the story.
const WHOLE: usize = 300;
const STEPS: usize = 40;
/// More releases than this do not stand above a board: those around the one that is shown do, and a page of their own has all.
const LISTED: usize = 60;
/// More events than this are not named beside the board of a release.
const NAMED: usize = 24;

#[derive(Serialize)]
struct BoardPage<'a> {
    workspace: &'a str,
    /// The one context that is shown.
    context: Option<&'a str>,
    /// Whether it is a map of contexts.
    map: bool,
    notes: usize,
    lanes: usize,
    svg: String,
    legend: Vec<Legend>,
    story: Vec<String>,
    contexts: Vec<Tab<'a>>,
    whole: String,
    /// This board as it is shown, without a flow, and as it is now.
    here: String,
    now: String,
    /// This board as a file.
    file: String,
    /// The name whose flow is followed, and whether anything has it.
    focus: Option<&'a str>,
    found: bool,
    /// Whether only failure paths are plain, and whether there are any.
    failures: bool,
    fails: bool,
    dated: bool,
    releases: Vec<Release>,
    /// How many there are, and where all of them are listed, if that is not here.
    more: Option<(usize, String)>,
    release: Option<Changes>,
}

#[derive(Serialize)]
struct Legend {
    kind: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct Tab<'a> {
    name: &'a str,
    href: String,
    shown: bool,
}

/// A release in the list of releases.
#[derive(Serialize)]
struct Release {
    label: String,
    href: String,
    shown: bool,
    /// How many events are new, have a new version, and are gone.
    counts: String,
}

/// What a release did to events.
#[derive(Serialize)]
struct Changes {
    label: String,
    counts: String,
    links: Vec<Link>,
    more: usize,
}

/// What is drawn.
enum Part<'a> {
    /// Everything, or a map of it where that is too much.
    Handy,
    All,
    Context(&'a str),
}

/// The board of an address behind `board`: of everything, of a context, or of one of them in a release.
pub(super) fn page(shown: &Shown, rest: &[&str], ask: &Ask<'_>) -> Option<Page> {
    let (part, release) = match rest {
        [part @ .., "release", name] => (part, Some(*name)),
        part => (part, None),
    };
    let part = match part {
        [] => Part::Handy,
        ["all", "of", "it"] => Part::All,
        [context] => Part::Context(context),
        _ => return None,
    };
    let releases = shown.releases();
    let at = match release {
        Some(name) => Some(releases.stops.iter().position(|stop| stop.name == name)?),
        None => None,
    };
    let storm = if at.is_some() { shown.past() } else { shown.storm() };
    let all: Vec<usize> = (0..storm.steps.len()).collect();
    // A flow is followed where it can be seen.
    let focused = || ask.focus.and_then(|name| name.split_once('.')).map(|(context, _)| context);
    let (steps, context, map) = match part {
        Part::Context(context) => (storm.steps_of(context)?, Some(context), false),
        Part::Handy if storm.size(&all) > MOST => {
            match focused().and_then(|context| Some((storm.steps_of(context)?, context))) {
                Some((steps, context)) => (steps, Some(context), false),
                None => (all, None, true),
            }
        }
        Part::Handy | Part::All => (all, None, false),
    };
    draw(shown, (storm, &steps), (context, map), at, ask)
}

fn draw(
    shown: &Shown,
    (storm, all): (&Storm, &[usize]),
    (context, map): (Option<&str>, bool),
    at: Option<usize>,
    ask: &Ask<'_>,
) -> Option<Page> {
    let (model, releases, notes) = (&shown.workspace.model, shown.releases(), storm.size(all));
    let steps = if map || notes <= WHOLE { 0 } else { all.len() };
    let first = Listing::new(steps, 1, STEPS)?;
    // Whose flow is followed is shown, unless another part is asked for.
    let followed = || {
        let note = storm.notes.iter().find(|note| !note.ghost && ask.focus == Some(&*note.name.to_string()))?;
        all.iter().position(|step| *step == note.step)
    };
    let number = ask.number.unwrap_or_else(|| followed().map_or(1, |step| first.page_of(step).min(first.pages)));
    let listing = Listing::new(steps, number, STEPS)?;
    let board = Board::of(match (map, context, listing.pages) {
        (true, ..) => storm.map(),
        (false, None, 1) => storm.clone(),
        (false, ..) => {
            let mut part = storm.part(if listing.pages == 1 { all } else { &all[listing.range()] });
            // One without a note is a context all the same.
            part.lanes = context.map_or(part.lanes, |context| vec![context.to_owned()]);
            part
        }
    });
    let look = Look {
        lit: ask.focus.and_then(|name| board.flow(name)),
        failures: ask.failures,
        marks: at.map(|at| marks(releases, at, &board, map)).unwrap_or_default(),
    };
    let page = |note: &Placed| match map {
        true => Some(shown.href(&format!("board/{}", escaped(&note.note.name.context)))),
        false => href(shown, note),
    };
    let drawn = match ask.alone {
        true => svg(&board, &look, Some(&STYLE), |_| None),
        false => svg(&board, &look, None, page),
    };
    let has = |kind: &Kind| !map && board.notes.iter().any(|placed| placed.note.kind == *kind);
    let part = match (context, map || notes <= MOST) {
        (Some(context), _) => format!("board/{}", escaped(context)),
        (None, true) => "board".into(),
        (None, false) => "board/all/of/it".into(),
    };
    let own = match at {
        Some(at) => format!("{part}/release/{}", releases.stops[at].name),
        None => part.clone(),
    };
    let address = |own: &str| shown.href(if own == "board" { "" } else { own });
    let release = |(number, stop): (usize, &Stop)| Release {
        label: stop.label.clone(),
        href: shown.href(&format!("{part}/release/{}", stop.name)),
        shown: at == Some(number),
        counts: counts(stop.changes.values()),
    };
    // A single release is what is there.
    let count = Some(releases.stops.len()).filter(|count| *count > 1).unwrap_or_default();
    let newest = count.saturating_sub(LISTED);
    let first = at.map_or(newest, |at| newest.min(at.saturating_sub(LISTED / 2)));
    let data = BoardPage {
        workspace: &shown.name,
        context,
        map,
        notes,
        lanes: model.contexts.len(),
        svg: drawn,
        legend: Kind::ALL.iter().filter(|it| has(it)).map(|it| Legend { kind: it.name(), name: it.said() }).collect(),
        story: board.story(),
        contexts: model
            .contexts
            .keys()
            .map(|name| Tab {
                name,
                href: shown.href(&format!("board/{}", escaped(name))),
                shown: context == Some(name),
            })
            .collect(),
        whole: shown.href("board/all/of/it"),
        here: address(&own),
        now: address(&part),
        file: shown.href(&format!("{own}.svg{}", listing.query())),
        focus: ask.focus,
        found: look.lit.is_some(),
        failures: ask.failures,
        fails: !board.failing().is_empty(),
        dated: releases.dated,
        releases: releases.stops.iter().enumerate().take(count).skip(first).take(LISTED).map(release).collect(),
        more: (count > LISTED).then(|| (count, shown.href("releases"))),
        release: at.map(|at| changes(shown, &releases.stops[at])),
    };
    let title = match context {
        Some(context) => format!("The board of {context}"),
        None => format!("The board of {}", shown.name),
    };
    let crumbs: Vec<_> = crumbs(shown).into_iter().take(if context.is_some() || map { 2 } else { 1 }).collect();
    Some(Page::new("board", title, &data).below(crumbs).part(listing))
}

/// The page of all releases, the newest first.
pub(super) fn releases(shown: &Shown, page: usize) -> Option<Page> {
    let stops = &shown.releases().stops;
    let listing = Listing::new(stops.len(), page, EACH)?;
    let link = |stop: &Stop| Link {
        kind: "release",
        name: stop.label.clone(),
        href: shown.href(&format!("board/release/{}", stop.name)),
        note: Some(counts(stop.changes.values())),
    };
    let links = stops.iter().rev().skip(listing.range().start).take(listing.range().len()).map(link);
    let title = format!("The releases of {}", shown.name);
    let data =
        serde_json::json!({ "title": title, "links": links.collect::<Vec<_>>(), "none": "Nothing was released." });
    Some(Page::new("waiting", title, &data).below(crumbs(shown)).part(listing))
}

/// The marks of notes in a release. On a map, a context has how many of its events are new, changed, gone.
fn marks(releases: &Releases, at: usize, board: &Board, map: bool) -> BTreeMap<usize, Mark> {
    let (events, changes) = (releases.marks(at), &releases.stops[at].changes);
    let mark = |placed: &Placed| {
        let note = &placed.note;
        if map {
            let own = changes.iter().filter(|(name, _)| name.context == note.name.context);
            let text = counts(own.map(|(_, change)| change));
            return (!text.is_empty()).then_some(Mark { kind: "changed", text });
        }
        let mark = events.get(&note.name).filter(|_| note.kind == Kind::Event)?;
        (!note.ghost || mark.kind == "later").then(|| mark.clone())
    };
    board.notes.iter().enumerate().filter_map(|(number, placed)| Some((number, mark(placed)?))).collect()
}

/// `3 new, 1 changed`.
fn counts<'a>(changes: impl Iterator<Item = &'a Change>) -> String {
    let mut counts = [0_usize; 3];
    for change in changes {
        counts[match change {
            Change::Added(_) => 0,
            Change::Changed(_) => 1,
            Change::Removed => 2,
        }] += 1;
    }
    let said = counts.iter().zip(["new", "changed", "removed"]).filter(|(count, _)| **count > 0);
    said.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

fn changes(shown: &Shown, stop: &Stop) -> Changes {
    let links = stop.changes.iter().take(NAMED);
    Changes {
        label: stop.label.clone(),
        counts: counts(stop.changes.values()),
        links: links.map(|(name, change)| link(shown, "event", name, Some(change.mark().text))).collect(),
        more: stop.changes.len().saturating_sub(NAMED),
    }
}

/// The address of what a note stands for, where it has a page.
fn href(shown: &Shown, placed: &Placed) -> Option<String> {
    let kind = match placed.note.kind {
        Kind::Hotspot => return None,
        Kind::System => Kind::Actor.name(),
        kind => kind.name(),
    };
    Some(shown.href(&format!("{kind}/{}", escaped(&placed.note.name.to_string()))))
}
