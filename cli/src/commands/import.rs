//! `isobar import`.

use super::Problem;
use crate::{
    args::{Foreign, Format},
    output::{self, Exit},
};
use isobar_registry::import::{self, Failed, Files, Imported, Note};
use serde_json::{Value, json};
use std::{fs, path::Path};
use walkdir::WalkDir;

pub(super) fn run(
    from: Foreign,
    source: &Path,
    out: &Path,
    name: Option<String>,
    format: Format,
) -> Result<Exit, Problem> {
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("`{}` is not empty; name a folder that is, or that is not there", out.display()));
    }
    let files = files(source)?;
    let last = source.canonicalize().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    let name = name.or(last).unwrap_or_else(|| "imported".to_owned());
    let history = match from {
        Foreign::JsonSchema => import::json_schema(&files, &name),
        Foreign::Iglu => import::iglu(&files, &name),
        Foreign::Cdevents => import::cdevents(&files, &name),
    };
    if history.chains.is_empty() {
        let why = history.notes.first().map_or_else(String::new, |note| format!(": {note}"));
        return Err(format!("there is nothing to import in `{}`{why}", source.display()));
    }
    let (imported, notes) = match output::working("importing", || import::write(out, &history)) {
        Ok(done) => done,
        Err(Failed::Io(error)) => return Err(format!("`{}` cannot be written: {error}", out.display())),
        Err(Failed::Refused(mut workspace)) => {
            workspace.sources.shown_from(out);
            let found = std::mem::take(&mut workspace.diagnostics).sorted(&workspace.sources);
            return Ok(output::findings(&found, &workspace.sources, Format::Human));
        }
        Err(Failed::Unreleased(found)) => {
            let sources = isobar_model::Sources::default();
            return Ok(output::findings(&found.sorted(&sources), &sources, Format::Human));
        }
    };
    match format {
        Format::Human => human(&imported, &notes, out),
        Format::Json => {
            let whole = json!({
                "imported": imported.iter().map(row).collect::<Value>(),
                "notes": notes.iter().map(|it| json!({ "file": it.file, "pointer": it.pointer, "message": it.text })).collect::<Value>(),
            });
            anstream::println!("{whole:#}");
        }
    }
    Ok(Exit::Fine)
}

fn human(imported: &[Imported], notes: &[Note], out: &Path) {
    for note in notes {
        anstream::eprintln!("note: {note}");
    }
    for it in imported {
        let hooks = match it.hooks.as_slice() {
            [] => String::new(),
            hooks => format!("  (a hook writes {})", hooks.join(", ")),
        };
        anstream::println!("{} {} -> {}{hooks}", it.name, it.label, it.version);
    }
    let versions = output::plural(imported.len(), "version");
    anstream::eprintln!("{versions} in {}, with {}", out.display(), output::plural(notes.len(), "note"));
}

fn row(it: &Imported) -> Value {
    json!({ "event": it.name.to_string(), "from": it.label, "version": it.version.to_string(), "hooks": it.hooks })
}

/// The files of a folder, or one file, by their path below it.
fn files(source: &Path) -> Result<Files, Problem> {
    let mut files = Files::new();
    let base = if source.is_dir() { source } else { source.parent().unwrap_or(source) };
    for entry in WalkDir::new(source).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !entry.file_type().is_file() || hidden {
            continue;
        }
        let below = entry.path().strip_prefix(base).unwrap_or(entry.path()).components();
        let below: Vec<String> = below.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let is_json = |name: &String| name.ends_with(".json") || name.chars().all(|c| c.is_ascii_digit() || c == '-');
        // An Iglu registry names its files by version alone; others lie about in a folder for people.
        if !below.last().is_some_and(is_json) {
            continue;
        }
        let text = fs::read_to_string(entry.path());
        let text = text.map_err(|error| format!("`{}` cannot be read: {error}", entry.path().display()))?;
        files.insert(below.join("/"), text);
    }
    Ok(files)
}
