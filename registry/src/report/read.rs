//! Findings out of JSON, to be shown beside the files that they are about. What a newer program wrote is read as far as it is
//! understood.

use isobar_model::{
    Diagnostic, FileId, Sources, Span,
    diag::{Label, Waived, codes},
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Longer lines and more of them are not drawn for a file that is not here.
const FAR: usize = 10_000;

/// What is looked for in a text with findings.
#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    diagnostics: Vec<Written>,
}

/// A finding; see [`super::Finding`].
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    code: String,
    severity: String,
    message: String,
    #[serde(rename = "file")]
    path: Option<String>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: String,
    event: Option<String>,
    help: Option<String>,
    witness: Option<Box<RawValue>>,
    waived: Option<Accepted>,
    related: Vec<Written>,
}

#[derive(Deserialize)]
struct Accepted {
    until: String,
    owner: String,
    reason: String,
}

/// Reads the member `diagnostics` of an object, if it has that. Places in files that `sources` has by their path below the
/// workspace are found there; other files are added as far as their name and the place are known. A finding of a code that this
/// program does not know is given as a line of text.
///
/// # Errors
/// When the text is no such JSON.
pub fn read(json: &str, sources: &mut Sources) -> serde_json::Result<Vec<Result<Diagnostic, String>>> {
    let whole: Whole = serde_json::from_str(json)?;
    Ok(whole.diagnostics.into_iter().map(|finding| one(finding, sources)).collect())
}

fn one(finding: Written, sources: &mut Sources) -> Result<Diagnostic, String> {
    let Some(code) = codes::find(&finding.code) else {
        return Err(format!("{}[{}]: {}", finding.severity, finding.code, finding.message));
    };
    let first = place(&finding, sources).map(|span| Label { span, text: finding.label });
    let related =
        finding.related.into_iter().filter_map(|it| Some(Label { span: place(&it, sources)?, text: it.message }));
    let labels = first.into_iter().chain(related).collect();
    Ok(Diagnostic {
        labels,
        help: finding.help,
        about: finding.event,
        witness: finding.witness.map(|json| json.get().to_owned()),
        waived: finding.waived.map(|Accepted { until, owner, reason }| Waived { until, owner, reason }),
        ..Diagnostic::general(code, finding.message)
    })
}

/// The span of a place, if there is one.
fn place(finding: &Written, sources: &mut Sources) -> Option<Span> {
    let path = finding.path.as_ref()?;
    let (start, end) = ((finding.line, finding.column), (finding.end_line, finding.end_column));
    let known = sources.iter().find(|(_, source)| source.path == *path).map(|(file, _)| file);
    let file = known.unwrap_or_else(|| {
        let blank = |to: usize, with: &str| with.repeat(to.saturating_sub(1).min(FAR));
        sources.add(path, blank(start.0, "\n") + &blank(start.1, " "))
    });
    Some(Span::new(file, offset(sources, file, start), offset(sources, file, end)))
}

/// The byte of a line and column.
fn offset(sources: &Sources, file: FileId, (line, column): (usize, usize)) -> usize {
    let text = &sources.get(file).text;
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let Some(start) = starts.nth(line.saturating_sub(1)) else { return text.len() };
    text[start..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::as_json;
    use isobar_model::diag::render;

    #[test]
    fn what_was_written_is_read_again() {
        let mut sources = Sources::default();
        let file = sources.add("é.storm.yaml", "context: shop\névents:\n  Paid: { n: 1 }\n");
        let other = sources.add("history/a/A/v1.0.yaml@registry", "event: a.A\n");
        let finding = Diagnostic::new(&codes::BASE_CLASH, Span::new(file, 14, 21), "a message")
            .label("here")
            .also(Span::new(other, 7, 10), "there")
            .help("do this")
            .about("a.A")
            .witness(Some("{\"n\":1.50}".into()));
        let general = Diagnostic::general(&codes::UNREADABLE, "nothing is here");
        let waived = Waived { until: "2027-01-31".into(), owner: "team".into(), reason: "later".into() };
        let waived = Diagnostic { waived: Some(waived), ..general.clone() };
        let list = [finding, general, waived];
        let json = as_json(&list, &sources, None);
        // Somebody who has the first file only.
        let mut here = Sources::default();
        here.add("é.storm.yaml", &*sources.get(file).text);
        let read: Vec<Diagnostic> = read(&json, &mut here).unwrap().into_iter().map(Result::unwrap).collect();
        insta::assert_snapshot!(render(&read, &here, false), @r#"
        error[base-clash]: a message
         --> é.storm.yaml:2:1
          |
        2 | évents:
          | ^^^^^^ here
          |
         ::: history/a/A/v1.0.yaml@registry:1:8
          |
        1 |        
          |        - there
          |
          = note: for example {"n":1.50}
          = help: do this

        error[unreadable]: nothing is here

        note[unreadable]: nothing is here
          = note: waived until 2027-01-31 by team: later
        "#);
    }

    #[test]
    fn a_code_of_tomorrow_is_a_line() {
        let json = r#"{"title":"no","diagnostics":[{"code":"tomorrow","severity":"error","message":"no","more":1}]}"#;
        let found = read(json, &mut Sources::default()).unwrap();
        assert_eq!(found[0].as_ref().unwrap_err(), "error[tomorrow]: no");
        assert!(read("{}", &mut Sources::default()).unwrap().is_empty());
        assert!(read("<html>", &mut Sources::default()).is_err());
    }
}
