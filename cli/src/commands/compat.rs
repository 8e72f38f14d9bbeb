//! `isobar compat`: two JSON Schemas, or a file with a pair a line.

use super::Problem;
use crate::{
    args::{Content, Format, Mode},
    output::{self, Exit},
};
use isobar_registry::compat::documents::{self, Direction, Judgement, Verdict, judge};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    time::Instant,
};

/// Schemas are judged on a stack of this many bytes: they nest as deeply as JSON may.
const STACK: usize = 64 << 20;

pub(super) fn pair(old: &Path, new: &Path, mode: Mode, content: Content, format: Format) -> Result<Exit, Problem> {
    let (old, new) = (read(old)?, read(new)?);
    let judged = on_a_large_stack(|| judge(&old, &new, mode.into(), content.into()))?;
    let judgement = judged.map_err(|error| error.to_string())?;
    match format {
        Format::Json => anstream::println!("{:#}", judgement.to_json()),
        Format::Human => human(&judgement),
    }
    Ok(exit(judgement.verdict))
}

pub(super) fn batch(file: &Path, mode: Mode, content: Content) -> Result<Exit, Problem> {
    let input: Box<dyn BufRead + Send> = match file.to_str() {
        Some("-") => Box::new(BufReader::new(io::stdin())),
        _ => {
            let file = File::open(file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
            Box::new(BufReader::new(file))
        }
    };
    on_a_large_stack(|| each_line(input, mode, content))?
}

/// A line of a batch.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: Value,
    old: Value,
    new: Value,
    mode: Option<Mode>,
    content: Option<Content>,
}

fn each_line(input: impl BufRead, mode: Mode, content: Content) -> Result<Exit, Problem> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut worst, mut bad) = (Verdict::Compatible, false);
    for (number, line) in input.split(b'\n').enumerate() {
        let line = line.map_err(|error| format!("the batch cannot be read: {error}"))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let judged = serde_json::from_slice(&line).map_err(|error| error.to_string()).and_then(|line: Line| {
            let (mode, content) = (line.mode.unwrap_or(mode), line.content.unwrap_or(content));
            let start = Instant::now();
            let judged = judge(&line.old, &line.new, mode.into(), content.into());
            let micros = start.elapsed().as_nanos() as f64 / 1000.0;
            judged.map(|judgement| (line.id, judgement, micros)).map_err(|error| error.to_string())
        });
        match judged {
            Ok((id, judgement, micros)) => {
                worst = worst.max(judgement.verdict);
                let mut object = judgement.to_json();
                object["id"] = id;
                object["micros"] = json!(micros);
                match writeln!(out, "{object}") {
                    // Who reads has seen enough, as `head` does.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Fine),
                    Err(error) => return Err(format!("standard output cannot be written: {error}")),
                    Ok(()) => {}
                }
            }
            Err(reason) => {
                bad = true;
                anstream::eprintln!("{}: line {}: {reason}", output::ERROR_WORD, number + 1);
            }
        }
    }
    out.flush().map_err(|error| format!("standard output cannot be written: {error}"))?;
    Ok(if bad { Exit::Misuse } else { exit(worst) })
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Compatible => Exit::Fine,
        Verdict::Incompatible => Exit::Findings,
        Verdict::Unknown => Exit::Unknown,
    }
}

fn read(path: &Path) -> Result<Value, Problem> {
    let text = std::fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("`{}` is no JSON: {error}", path.display()))
}

fn human(judgement: &Judgement) {
    for finding in &judgement.findings {
        let direction = match finding.direction {
            Direction::Backward => "backward",
            Direction::Forward => "forward",
        };
        let severity = if finding.code == &documents::codes::UNDECIDED { "warning" } else { "error" };
        let colour = if severity == "error" { "\u{1b}[1;31m" } else { "\u{1b}[1;33m" };
        anstream::println!("{colour}{severity}[{}]\u{1b}[0m {direction}: {}", finding.code.name, finding.message);
        if let Some(witness) = &finding.witness {
            anstream::println!("  such as {witness}");
        }
    }
    match judgement.findings.len() {
        0 => anstream::println!("{}", judgement.verdict.name()),
        count => anstream::println!("{}: {}", judgement.verdict.name(), output::plural(count, "finding")),
    }
}

fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Problem> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("no thread can be started: {error}"))?;
        thread.join().map_err(|_| "a defect in Isobar: the comparison failed".to_owned())
    })
}
