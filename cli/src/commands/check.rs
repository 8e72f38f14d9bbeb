//! `isobar check`.

use super::Problem;
use crate::{
    args::{CheckFormat, Checking},
    git,
    output::{self, Exit},
    report::{self, Report},
};
use isobar_model::{diag::render, parse::Tree};
use isobar_registry::{Base, Workspace, impact};
use std::path::Path;

pub(super) fn run(dir: &Path, options: &Checking, format: CheckFormat) -> Result<Exit, Problem> {
    if options.impact && !matches!(format, CheckFormat::Human | CheckFormat::Json) {
        return Err("`--impact` is printed as `human` or `json`".to_owned());
    }
    let today = options.today.today();
    let mut workspace = output::working("checking", || Workspace::open_on(dir, &today));
    workspace.sources.shown_from(dir);
    if let Some(base) = &options.against {
        against(&mut workspace, dir, base)?;
    }
    let findings = workspace.findings();
    let (errors, warnings, waived) = report::counts(&findings);
    let impacts = options.impact.then(|| impact::of(&workspace.model, &workspace.evolutions));
    let events = workspace.evolutions.keys().map(ToString::to_string).collect();
    let report = Report { findings: &findings, sources: &workspace.sources, events };
    match format {
        CheckFormat::Human => {
            anstream::eprint!("{}", render(&findings, &workspace.sources, true));
            if let Some(impacts) = &impacts {
                anstream::print!("{}", impact::human(impacts));
            }
        }
        CheckFormat::Json => {
            let impact = impacts.map(|impacts| impact::json(&impacts).pretty());
            anstream::println!("{}", report::as_json(&findings, &workspace.sources, impact.as_deref()));
        }
        CheckFormat::Sarif => anstream::print!("{}", report.sarif()),
        CheckFormat::Github => anstream::print!("{}", report.github()),
        CheckFormat::Junit => anstream::print!("{}", report.junit()?),
    }
    // What is read by people, in a terminal or the log of a workflow, ends with a summary.
    if matches!(format, CheckFormat::Human | CheckFormat::Github) {
        let contexts = output::plural(workspace.model.contexts.len(), "context");
        let events = output::plural(workspace.model.events().count(), "event");
        let found = output::tally(errors, warnings, waived);
        anstream::eprintln!("checked {events} in {contexts}: {found}");
    }
    Ok(if errors > 0 { Exit::Findings } else { Exit::Fine })
}

/// Compares with a folder where there is one of this name, and else with a revision.
fn against(workspace: &mut Workspace, dir: &Path, base: &str) -> Result<(), Problem> {
    if Path::new(base).is_dir() {
        workspace.against(Tree::Folder(Path::new(base)), Base::Folder(base), None);
        return Ok(());
    }
    let history = git::history_in(dir, base)?;
    if history.parted.is_none() {
        anstream::eprintln!(
            "where this branch left `{base}` is not known here (fetch more of its commits): all that was released there is expected"
        );
    }
    workspace.against(Tree::Folder(history.folder.path()), Base::Revision(base), history.parted.as_ref());
    Ok(())
}
