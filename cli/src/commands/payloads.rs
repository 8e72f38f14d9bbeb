//! `isobar validate` and `isobar upcast`: a JSON value a line in, a JSON value a line out.

use super::{Problem, at_version, event, known, open_clean, version};
use crate::output::{self, Exit};
use isobar_registry::{evolution::Onward, payload};
use std::{
    io::{self, BufRead, BufWriter, Write},
    path::Path,
};

pub(super) fn validate(message: &str, dir: &Path) -> Result<Exit, Problem> {
    let workspace = match open_clean(dir) {
        Ok(workspace) => workspace,
        Err(exit) => return Ok(exit),
    };
    let (name, version) = at_version(message);
    let known = known(event(&workspace, name)?, version)?;
    each_line(|line| {
        payload::validate(known, line.as_bytes()).map_err(|error| error.to_string())?;
        Ok(vec![line.to_owned()])
    })
}

pub(super) fn upcast(message: &str, from: &str, to: Option<&str>, dir: &Path) -> Result<Exit, Problem> {
    let workspace = match open_clean(dir) {
        Ok(workspace) => workspace,
        Err(exit) => return Ok(exit),
    };
    let evolution = event(&workspace, message)?;
    let from = version(from)?;
    let to = to.map(version).transpose()?;
    // A version that is not known is wrong use, said once and not for every line.
    if evolution.major(from.major).is_none() {
        known(evolution, Some(&from.to_string()))?;
    }
    known(evolution, to.map(|to| to.to_string()).as_deref())?;
    if to.is_some() {
        return each_line(|line| match payload::upcast(evolution, from, to, line.as_bytes()) {
            Ok(json) => Ok(vec![json]),
            Err(refused) => Err(refused.to_string()),
        });
    }
    let moves_on = !matches!(evolution.onward, Onward::Itself);
    each_line(|line| {
        let all = payload::upcast_all(&workspace, evolution, from, line.as_bytes()).map_err(|it| it.to_string())?;
        Ok(all.into_iter().map(|it| if moves_on { named(&it) } else { it.json }).collect())
    })
}

/// A payload of an event that is not the one that was asked for says what it is.
fn named(message: &payload::Message) -> String {
    // Neither a name nor a version holds anything that JSON would escape.
    format!("{{\"event\":\"{}\",\"version\":\"{}\",\"payload\":{}}}", message.name, message.version, message.json)
}

/// Calls `work` with every line that is not blank and prints the lines that it gives. Bad lines are reported with their number and do not stop the rest.
fn each_line(work: impl Fn(&str) -> Result<Vec<String>, String>) -> Result<Exit, Problem> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut bad = 0;
    for (number, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(|error| format!("standard input cannot be read: {error}"))?;
        let done = match std::str::from_utf8(&line) {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => work(text.trim()),
            Err(error) => Err(format!("not UTF-8 from byte {} on", error.valid_up_to())),
        };
        match done {
            Ok(lines) => match lines.iter().try_for_each(|line| writeln!(out, "{line}")) {
                // Who reads has seen enough, as `head` does.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Fine),
                Err(error) => return Err(format!("standard output cannot be written: {error}")),
                Ok(()) => {}
            },
            Err(reason) => {
                bad += 1;
                anstream::eprintln!("{}: line {}: {reason}", output::ERROR_WORD, number + 1);
            }
        }
    }
    out.flush().map_err(|error| format!("standard output cannot be written: {error}"))?;
    Ok(if bad > 0 { Exit::Findings } else { Exit::Fine })
}
