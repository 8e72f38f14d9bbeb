//! One set of findings in every form: an error with a payload and a second place, a warning, a waived one, one without a place.

use super::*;
use isobar_model::{
    Span,
    diag::{Waived, codes},
};

fn with(test: impl FnOnce(&Report<'_>)) {
    let mut sources = Sources::default();
    let storm = sources.add("a b,1.storm.yaml", "context: shop\nevents:\n  Paid: { é: int, b: 100% }\n");
    let history = sources.add("history/shop/Paid/v1.0.yaml", "event: shop.Paid\n");
    let at = |word: &str| {
        let start = sources.get(storm).text.find(word).unwrap();
        Span::new(storm, start, start + word.len())
    };
    let waived = Waived { until: "2027-01-31".into(), owner: "team-a".into(), reason: "it goes in May".into() };
    let findings = [
        Diagnostic::general(&codes::UNREADABLE, "`x` cannot be read: <gone> & \"lost\""),
        Diagnostic::new(&codes::UPGRADE_FAILS, at("int"), "the upgrade fails")
            .label("100%, or: more")
            .also(Span::new(history, 7, 16), "released\nhere")
            .help("widen it")
            .about("shop.Paid")
            .witness(Some(r#"{"n": 99999999999999999999.99}"#.to_owned())),
        Diagnostic::new(&codes::CONSUMER_LOSES, at("Paid"), "it loses a field").about("shop.Paid"),
        Diagnostic { waived: Some(waived), ..Diagnostic::new(&codes::HOOK_EXAMPLE, at("100%"), "no example") },
    ];
    let events = vec!["shop.Paid".to_owned(), "shop.Sent".to_owned()];
    test(&Report { findings: &findings, sources: &sources, events });
}

#[test]
fn json() {
    with(|report| insta::assert_snapshot!("json", as_json(report.findings, report.sources, Some("[1.50]"))));
}

#[test]
fn github() {
    with(|report| insta::assert_snapshot!("github", report.github()));
}

#[test]
fn junit() {
    with(|report| insta::assert_snapshot!("junit", report.junit().unwrap()));
}

#[test]
fn sarif() {
    with(|report| insta::assert_snapshot!("sarif", report.sarif()));
}

/// The fingerprints of the findings.
fn fingerprints(report: &Report<'_>) -> Vec<String> {
    let log: serde_json::Value = serde_json::from_str(&report.sarif()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|it| it["partialFingerprints"]["isobarFinding/v1"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_tells_equal_findings_apart() {
    with(|report| {
        let before = fingerprints(report);
        let mut moved = Sources::default();
        for (_, source) in report.sources.iter() {
            moved.add(source.path.as_str(), format!("# one more line\n{}", source.text));
        }
        let mut findings = report.findings.to_vec();
        for label in findings.iter_mut().flat_map(|it| &mut it.labels) {
            label.span = Span { start: label.span.start + 16, end: label.span.end + 16, ..label.span };
        }
        findings.push(findings[2].clone());
        let after = fingerprints(&Report { findings: &findings, sources: &moved, events: Vec::new() });
        assert_eq!(after[..4], before[..]);
        let distinct: std::collections::HashSet<&String> = after.iter().collect();
        assert_eq!(distinct.len(), 5);
    });
}

#[test]
fn nothing_found_is_said_in_every_form() {
    let sources = Sources::default();
    let report = Report { findings: &[], sources: &sources, events: Vec::new() };
    assert_eq!(report.github(), "");
    assert!(report.sarif().contains("\"results\": []"));
    assert!(report.junit().unwrap().contains(r#"tests="1" skipped="0" failures="0""#));
}
