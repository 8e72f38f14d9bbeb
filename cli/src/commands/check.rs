//! `isobar check`.

use super::Problem;
use crate::{
    args::Format,
    output::{self, Exit},
};
use isobar_model::Severity;
use std::path::Path;

pub(super) fn run(dir: &Path, format: Format) -> Result<Exit, Problem> {
    let workspace = super::open(dir, "checking");
    let (errors, warnings) =
        (workspace.diagnostics.count(Severity::Error), workspace.diagnostics.count(Severity::Warning));
    let contexts = workspace.model.contexts.len();
    let events = workspace.model.events().count();
    let exit = output::findings(&workspace.diagnostics.sorted(&workspace.sources), &workspace.sources, format);
    if format == Format::Human {
        let (events, contexts) = (output::plural(events, "event"), output::plural(contexts, "context"));
        let found = output::tally(errors, warnings);
        anstream::eprintln!("checked {events} in {contexts}: {found}");
    }
    Ok(exit)
}
