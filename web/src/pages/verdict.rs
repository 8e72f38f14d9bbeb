//! Who can read whom, in words for somebody who never saw this program: both verdicts on two versions, and what is to be done before the
//! newer one is written. What is decided is decided in the registry; here it is only said.

use isobar_registry::{Evolution, Known};
use serde::Serialize;

/// How a reader comes to data of another version.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Way {
    /// It reads it as it is.
    Directly,
    /// It reads what the model makes of it, without these fields.
    Brought(Vec<String>),
    /// It does not.
    Never,
}

/// What is said of one direction.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    /// The answer in one or a few words.
    answer: &'static str,
    /// `good`, `warn` or `bad`.
    look: &'static str,
    /// The question.
    title: String,
    words: String,
}

/// The ways of both: newer readers to older data, and older readers to newer data.
pub(super) fn ways(evolution: &Evolution, old: &Known, new: &Known, (backward, forward): (bool, bool)) -> (Way, Way) {
    let majors = || evolution.majors.iter().filter(|it| it.version.major <= new.version.major);
    let leaving = || majors().filter(|it| (old.version.major..new.version.major).contains(&it.version.major));
    let coming = || majors().filter(|it| it.version.major > old.version.major);
    let apart = old.version.major != new.version.major;
    let back = match (backward, apart && leaving().all(|major| major.up.is_some())) {
        (true, _) => Way::Directly,
        (false, true) => Way::Brought(Vec::new()),
        (false, false) => Way::Never,
    };
    let forth = match (forward, apart && coming().all(|major| major.down.is_some())) {
        (true, _) => Way::Directly,
        (false, true) => Way::Brought(coming().flat_map(|major| major.lossy.iter().cloned()).collect()),
        (false, false) => Way::Never,
    };
    (back, forth)
}

/// Both verdicts.
pub(super) fn verdicts((back, forth): &(Way, Way), old: &Known, new: &Known) -> [Verdict; 2] {
    let (before, after) = (old.version, new.version);
    let one_major = before.major == after.major;
    let verdict = |way: &Way, title: String, words: String| {
        let (answer, look) = match way {
            Way::Directly => ("reads it", "good"),
            Way::Brought(_) => ("reads it once it is converted", "warn"),
            Way::Never => ("cannot read it", "bad"),
        };
        Verdict { answer, look, title, words }
    };
    let backward = match back {
        Way::Directly => {
            format!("Every payload of {before} is fine for a reader of {after}. Nothing needs to be done.")
        }
        Way::Brought(_) => format!(
            "Not as it is. The `upgrade` in {after} says how data of {before} becomes data of {after}; generated code and the registry \
             apply it by themselves, every other reader has to."
        ),
        Way::Never if one_major => {
            "Both are of one major, so nothing stands between them that could convert it.".to_owned()
        }
        Way::Never => format!("Nothing says how data of {before} becomes data of {after}: an `upgrade` is missing."),
    };
    let forward = match forth {
        Way::Directly => "It leaves aside what it does not know. Nothing needs to be done.".to_owned(),
        Way::Brought(lost) => {
            let lost = match lost.as_slice() {
                [] => "Nothing that it needs is lost on the way.".to_owned(),
                lost => format!("On the way {} cannot be told and is replaced or left out.", and(lost, "`")),
            };
            format!("Not as it is. Somebody has to bring it back first, as the `downgrade` in {after} says. {lost}")
        }
        Way::Never if one_major => {
            "The older reader fails on what is new, although both are of one major: the compatibility of this event allows it.".to_owned()
        }
        Way::Never => format!("There is no way back from {after}: it has no `downgrade`."),
    };
    [
        verdict(back, format!("A service that reads {after} gets data of {before}"), backward),
        verdict(forth, format!("A service that still reads {before} gets data of {after}"), forward),
    ]
}

/// What is to be done before the newer version is written, with the consumers that do not accept it.
pub(super) fn todo((back, forth): &(Way, Way), old: &Known, new: &Known, readers: &[String]) -> Vec<String> {
    let (before, after) = (old.version, new.version);
    let mut todo = Vec::new();
    if *back == Way::Never {
        todo.push(match before.major == after.major {
            true => "Make it a new major with an `upgrade`, so that what was written can still be read.".to_owned(),
            false => format!("Write an `upgrade` in {after}, so that what was written as {before} can still be read."),
        });
    }
    match (forth, readers) {
        (Way::Directly, _) => {}
        (Way::Brought(_), []) | (Way::Never, []) => todo.push(format!(
            "No consumer that is written down here stays behind. Whoever else reads {before} must move before {after} is written."
        )),
        (Way::Brought(_), readers) => todo.push(format!(
            "Before {after} is written, move {} to it, or convert its data back: `isobar upcast {} --from {after} --to {before}`.",
            and(readers, "**"),
            new.name
        )),
        (Way::Never, readers) => todo.push(format!("Move {} to {after} before it is written.", and(readers, "**"))),
    }
    if todo.is_empty() {
        todo.push(match back {
            Way::Directly => format!("Nothing: readers and writers may move to {after} in any order."),
            _ => "Nothing: old readers go on, and new ones convert what is old.".to_owned(),
        });
    }
    todo
}

/// So many names stand in a sentence.
const NAMED: usize = 8;

/// `a`, `b` and `c`, each between the marks; of many the first ones, and how many more there are.
fn and(names: &[String], mark: &str) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).map(|name| format!("{mark}{name}{mark}"));
    let names: Vec<String> = named.chain((more > 0).then(|| format!("{more} more"))).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
