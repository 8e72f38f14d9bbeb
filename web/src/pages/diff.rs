//! What differs between two versions: who can read whom, each row with both verdicts, payloads that break with the place marked, who is
//! broken, how data gets from one to the other, and the two texts side by side.

use super::{
    elements::told,
    lines::{self, Line, Mark, Step},
    listing::{EACH, LINES},
    masked,
    message::crumbs,
    page::Page,
    site::{Shown, escaped},
    verdict::{self, Verdict},
};
use isobar_model::Version;
use isobar_registry::{
    Evolution, Known,
    compat::{self, Difference, Judged, Refused},
    impact,
};
use serde::Serialize;

/// More readers than this are not told of on other pages.
pub(super) const READERS: usize = 20;

#[derive(Debug, Serialize)]
struct Row {
    change: &'static str,
    path: String,
    old: Option<String>,
    new: Option<String>,
    backward: bool,
    forward: bool,
}

/// A payload that one side writes and the other refuses.
#[derive(Debug, Serialize)]
struct Broken {
    writer: String,
    reader: String,
    /// Where, by the names of the reader's fields, and why.
    places: Vec<(String, String)>,
    /// As JSON; none where nobody knows one.
    payload: Option<String>,
    lines: Vec<Line>,
}

/// A consumer, and what the newer version means to it.
#[derive(Debug, Serialize)]
struct Reader {
    name: String,
    href: String,
    accepts: Option<String>,
    /// `fine`, `downgrade`, `broken` or `unknown`.
    fate: &'static str,
    means: String,
}

/// From one major to the next one.
#[derive(Debug, Serialize)]
struct Hop {
    from: String,
    to: String,
    /// What the notation says of the way there and of the way back.
    upgrade: Option<String>,
    downgrade: Option<String>,
    back: bool,
    /// What does not come back.
    lossy: Vec<String>,
}

/// What may be compared.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    action: String,
    versions: Vec<String>,
    old: String,
    new: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Shows {
    event: String,
    old: String,
    new: String,
    old_href: String,
    new_href: String,
    /// Newer readers with older data, and older readers with newer data.
    verdicts: [Verdict; 2],
    todo: Vec<String>,
    rows: Vec<Row>,
    broken: Vec<Broken>,
    readers: Vec<Reader>,
    /// Where the rest stands of what is too long here.
    whole: Option<String>,
    hops: Vec<Hop>,
    text: Vec<Line>,
}

impl Shows {
    /// The beginning of it, for a page about something else.
    #[must_use]
    pub(super) fn begun(mut self, whole: String) -> Shows {
        let all = self.rows.len() + self.readers.len() + self.text.len();
        self.rows.truncate(EACH);
        self.readers.truncate(READERS);
        self.text.truncate(LINES);
        let left = self.rows.len() + self.readers.len() + self.text.len();
        self.whole = (left < all).then_some(whole);
        self
    }
}

#[derive(Debug, Serialize)]
struct DiffPage {
    #[serde(flatten)]
    shows: Shows,
    choice: Choice,
    versions_href: String,
}

/// The page of a difference: `v1.1...v2.0`. It is told from the older to the newer one, whichever stands first.
pub(super) fn page(shown: &Shown, name: &str, between: &str) -> Option<Page> {
    let evolution = shown.workspace.evolution(name)?;
    let (old, new) = between.split_once("...")?;
    let find = |text: &str| evolution.version(text.parse::<Version>().ok()?);
    let (one, other) = (find(old)?, find(new)?);
    let (old, new) = if one.version <= other.version { (one, other) } else { (other, one) };
    let here = shown.href(&format!("event/{}", escaped(name)));
    let data = DiffPage {
        shows: between_versions(shown, evolution, old, new),
        choice: choice(shown, evolution, old, new),
        versions_href: format!("{here}/versions"),
    };
    let title = format!("{name} {} to {}", old.version, new.version);
    let crumbs = crumbs(shown).into_iter();
    let crumbs = crumbs.chain([(name.to_owned(), here.clone()), ("Versions".into(), format!("{here}/versions"))]);
    Some(Page::new("diff", title, &data).below(crumbs))
}

/// The versions to choose two of, with those that are chosen.
pub(super) fn choice(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> Choice {
    Choice {
        action: shown.href(&format!("event/{}/diff", escaped(&evolution.name.to_string()))),
        versions: evolution.versions.iter().map(|known| known.version.to_string()).collect(),
        old: old.version.to_string(),
        new: new.version.to_string(),
    }
}

/// What is told of two versions, the older one first.
pub(super) fn between_versions(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> Shows {
    let difference = Difference::between((evolution, old), (evolution, new));
    let row = |judged: &Judged| Row {
        change: judged.row.change.name(),
        path: judged.row.path.clone(),
        old: judged.row.old.clone(),
        new: judged.row.new.clone(),
        backward: judged.row.backward,
        forward: judged.row.forward,
    };
    let href =
        |known: &Known| shown.href(&format!("event/{}", escaped(&format!("{}@{}", evolution.name, known.version))));
    let reads = difference.reads();
    let ways = verdict::ways(evolution, old, new, reads);
    let readers = readers(shown, evolution, new);
    let behind = readers.iter().filter(|it| matches!(it.fate, "broken" | "downgrade"));
    let names: Vec<String> = behind.map(|it| it.name.clone()).collect();
    let mut broken = if reads.0 { Vec::new() } else { self::broken(old, new) };
    broken.extend(if reads.1 { Vec::new() } else { self::broken(new, old) });
    Shows {
        event: evolution.name.to_string(),
        old: old.version.to_string(),
        new: new.version.to_string(),
        old_href: href(old),
        new_href: href(new),
        verdicts: verdict::verdicts(&ways, old, new),
        todo: verdict::todo(&ways, old, new, &names),
        rows: difference.rows.iter().map(row).collect(),
        broken,
        readers,
        whole: None,
        hops: hops(shown, evolution, old, new),
        text: lines::difference(&masked::known(shown, old).yaml(), &masked::known(shown, new).yaml()),
    }
}

/// The way of data from one version to the other, a hop for each major in between.
fn hops(shown: &Shown, evolution: &Evolution, old: &Known, new: &Known) -> Vec<Hop> {
    let majors: Vec<_> = evolution
        .majors
        .iter()
        .filter(|it| (old.version.major..=new.version.major).contains(&it.version.major))
        .collect();
    let hop = |(at, pair): (usize, &[&isobar_registry::Major])| {
        let from = if at == 0 { old.version } else { pair[0].version };
        let to = if at + 2 == majors.len() { new.version } else { pair[1].version };
        // The first version of a major is where it was written.
        let first = pair[1].known.first().and_then(|version| evolution.version(*version));
        let yaml = first.map(|known| masked::known(shown, known).yaml());
        let key = |key: &str| yaml.as_deref()?.split_once(&format!("\n{key}:")).map(|(_, rest)| indented(rest));
        Hop {
            from: from.to_string(),
            to: to.to_string(),
            upgrade: key("upgrade"),
            downgrade: key("downgrade"),
            back: pair[1].down.is_some(),
            lossy: pair[1].lossy.clone(),
        }
    };
    majors.windows(2).enumerate().map(hop).collect()
}

/// The lines that belong to a key of a document: those that are further in.
fn indented(rest: &str) -> String {
    let lines = rest.lines().skip(1).take_while(|line| line.starts_with(' '));
    lines.map(|line| format!("{}\n", line.trim_start_matches("  "))).collect()
}

/// Payloads that one version writes and the other refuses: one may show several places.
fn broken(writer: &Known, reader: &Known) -> Vec<Broken> {
    let mut all: Vec<(Option<String>, Vec<Refused>)> = Vec::new();
    for refused in compat::refused(writer.record(), reader.record(), true) {
        match all.iter_mut().find(|(payload, _)| *payload == refused.payload) {
            Some((_, places)) => places.push(refused),
            None => all.push((refused.payload.clone(), vec![refused])),
        }
    }
    let told = |(payload, places): (Option<String>, Vec<Refused>)| {
        let mark = |it: &Refused| Mark {
            at: Step::of(&compat::on_wire(reader.record(), &it.path)),
            look: "mark",
            note: Some(it.why.clone()),
        };
        let marks: Vec<Mark> = places.iter().map(mark).collect();
        Broken {
            writer: writer.version.to_string(),
            reader: reader.version.to_string(),
            places: places.into_iter().map(|it| (it.path, it.why)).collect(),
            lines: payload.as_deref().and_then(|payload| lines::lines(payload, &marks)).unwrap_or_default(),
            payload,
        }
    };
    all.into_iter().map(told).collect()
}

/// What the newer version means to every consumer.
fn readers(shown: &Shown, evolution: &Evolution, new: &Known) -> Vec<Reader> {
    let reader = |it: impact::Reader| Reader {
        name: it.name.clone(),
        href: shown.href(&format!("consumer/{}", escaped(&it.name))),
        accepts: it.accepts.map(|range| range.to_string()),
        fate: it.fate.name(),
        means: told(&it.fate),
    };
    impact::of_version(&shown.workspace.model, evolution, new).into_iter().map(reader).collect()
}
