//! What is wrong or could be better in a workspace, as `isobar check` says it: a list, of which a page shows a part.

use super::{
    listing::{EACH, Listing},
    message::crumbs,
    page::Page,
    site::Shown,
};
use isobar_model::{Diagnostic, Severity};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Finding {
    code: &'static str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    /// `file:line`.
    place: Option<String>,
    line: Option<String>,
}

#[derive(Debug, Serialize)]
struct Lint {
    workspace: String,
    errors: usize,
    warnings: usize,
    findings: Vec<Finding>,
}

pub(super) fn page(shown: &Shown, page: usize) -> Option<Page> {
    let workspace = &shown.workspace;
    let findings = shown.findings();
    let listing = Listing::new(findings.len(), page, EACH)?;
    let count = |severity| findings.iter().filter(|it| it.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let finding = |it: &Diagnostic| {
        let at = it.labels.first().map(|label| label.span);
        let place = at.map(|span| {
            let position = workspace.sources.locate(span.file, span.start);
            (workspace.sources.path(span.file), position.line)
        });
        let line = at.zip(place.as_ref()).and_then(|(span, (_, line))| {
            workspace.sources.get(span.file).text.lines().nth(line.saturating_sub(1)).map(str::to_owned)
        });
        Finding {
            code: it.code.name,
            severity: it.severity().name(),
            message: it.message.clone(),
            help: it.help.clone(),
            place: place.map(|(file, line)| format!("{file}:{line}")),
            line,
        }
    };
    let findings = findings[listing.range()].iter().map(finding).collect();
    let data = Lint { workspace: shown.name.clone(), errors, warnings, findings };
    Some(Page::new("lint", format!("Findings in {}", shown.name), &data).below(crumbs(shown)).part(listing))
}
