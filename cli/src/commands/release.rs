//! `isobar release`.

use super::{Problem, folder};
use crate::{
    args::Format,
    output::{self, Exit},
};
use isobar_model::model::Name;
use isobar_registry::{Released, Workspace, history, release};
use serde_json::json;
use std::path::{Path, PathBuf};

pub(super) fn run(
    dir: Option<PathBuf>,
    mut messages: Vec<String>,
    dry_run: bool,
    today: &str,
    format: Format,
) -> Result<Exit, Problem> {
    let mut dir = dir;
    // `isobar release ordering.OrderPlaced` names an event, not a folder.
    if let Some(first) = dir.take_if(|dir| !dir.exists() && dir.to_string_lossy().contains('.')) {
        messages.insert(0, first.to_string_lossy().into_owned());
    }
    let dir = folder(dir)?;
    let mut workspace = output::working("reading", || Workspace::open_on(&dir, today));
    workspace.sources.shown_from(&dir);
    let names = messages.iter().map(|text| super::event(&workspace, text).map(|it| it.name.clone()));
    let names = names.collect::<Result<Vec<Name>, Problem>>()?;
    match output::working("releasing", || release(&workspace, &names, dry_run)) {
        Ok(released) => {
            print(&released, dry_run, format);
            Ok(Exit::Fine)
        }
        Err(diagnostics) => Ok(output::findings(&diagnostics.sorted(&workspace.sources), &workspace.sources, format)),
    }
}

/// Takes a history that was written by hand under lock.
pub(super) fn adopt(dir: &Path, format: Format) -> Result<Exit, Problem> {
    let workspace = super::open(dir, "reading");
    match history::adopt(&workspace) {
        Ok(files) => {
            anstream::eprintln!("{} under lock; commit `history`", output::plural(files, "released file"));
            Ok(Exit::Fine)
        }
        Err(diagnostics) => Ok(output::findings(&diagnostics.sorted(&workspace.sources), &workspace.sources, format)),
    }
}

fn print(released: &[Released], dry_run: bool, format: Format) {
    if format == Format::Json {
        let rows = released.iter().map(|it| {
            json!({
                "event": it.name.to_string(), "version": it.version.to_string(), "file": it.path, "revision": it.revision,
            })
        });
        anstream::println!("{:#}", json!({ "released": rows.collect::<Vec<_>>(), "dry_run": dry_run }));
        return;
    }
    for it in released {
        let what = if it.revision { "  (what it tells people)" } else { "" };
        anstream::println!("{} {}  {}{what}", it.name, it.version, it.path);
    }
    let count = output::plural(released.len(), "version");
    let done = match (released.is_empty(), dry_run) {
        (true, _) => "nothing has changed since the last release".into(),
        (false, true) => format!("{count} would be released; nothing was written"),
        (false, false) => format!("{count} released; commit `history`"),
    };
    anstream::eprintln!("{done}");
}
