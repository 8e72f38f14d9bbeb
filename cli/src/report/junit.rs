//! JUnit's XML: every event is a test case, and every file that was written by hand. One that has errors has failed, with what a
//! terminal would show; warnings and what is waived stand in its output.

use super::Report;
use isobar_model::{Diagnostic, Severity, diag::render};
use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

pub(super) fn xml(report: &Report<'_>) -> Result<String, String> {
    let mut events = TestSuite::new("events");
    for event in &report.events {
        let found = report.findings.iter().filter(|it| it.about.as_ref() == Some(event)).collect();
        let (context, name) = event.rsplit_once('.').unwrap_or(("", event));
        events.add_test_case(case(name, context, found, report));
    }
    let mut files = TestSuite::new("files");
    let elsewhere = |it: &&Diagnostic| it.about.as_ref().is_none_or(|event| !report.events.contains(event));
    let others: Vec<&Diagnostic> = report.findings.iter().filter(elsewhere).collect();
    let file_of = |it: &Diagnostic| it.labels.first().map(|label| label.span.file);
    for (file, source) in report.sources.iter() {
        let found: Vec<&Diagnostic> = others.iter().copied().filter(|it| file_of(it) == Some(file)).collect();
        // Of the many files of a history only those that something is wrong with.
        if !source.path.starts_with("history/") || !found.is_empty() {
            files.add_test_case(case(&report.sources.path(file), "files", found, report));
        }
    }
    let nowhere: Vec<&Diagnostic> = others.into_iter().filter(|it| file_of(it).is_none()).collect();
    files.add_test_case(case("the workspace", "files", nowhere, report));
    let mut junit = Junit::new("isobar check");
    junit.add_test_suite(events).add_test_suite(files);
    junit.to_string().map_err(|error| format!("the report cannot be written as XML: {error}"))
}

fn case(name: &str, class: &str, found: Vec<&Diagnostic>, report: &Report<'_>) -> TestCase {
    let (errors, others): (Vec<Diagnostic>, Vec<Diagnostic>) =
        found.into_iter().cloned().partition(|it| it.severity() == Severity::Error);
    let mut status = TestCaseStatus::success();
    if let Some(first) = errors.first() {
        let more = if errors.len() > 1 { format!(" (and {} more)", errors.len() - 1) } else { String::new() };
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(format!("{}{more}", first.message));
        status.set_type(first.code.name);
        status.set_description(render(&errors, report.sources, false));
    }
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    if !others.is_empty() {
        case.set_system_out(render(&others, report.sources, false));
    }
    case
}
