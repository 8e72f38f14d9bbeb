//! The pages of schemas that clients registered by themselves, which no workspace tells more of: all subjects, and one in a version, with
//! what it did to those who write and read the version before.

use super::{
    elements::{Cell, Section, cell, chip, facts, linked, mono, table, text},
    lines::{Line, difference, lines},
    listing::{EACH, LINES, Listing, Part, shortened},
    message::Link,
    page::Page,
    site::{Site, escaped},
};
use crate::confluent::{Step, Told};
use isobar_registry::compat::documents::{Judgement, Verdict};
use serde::Serialize;
use serde_json::Value;

/// What the page of all of them is called.
const ALL: &str = "Subjects";

#[derive(Serialize)]
struct SubjectPage<'a> {
    name: &'a str,
    version: i64,
    doc: Option<String>,
    sections: Vec<Section>,
    /// The text, in the form in which people read it.
    schema: String,
    /// Which version it is compared with, and the lines of both.
    before: Option<i64>,
    difference: Vec<Line>,
}

/// The link to a subject, or to a version of it. The version ends the address, so that no name looks like the ending of a form.
pub(super) fn link(name: &str, version: Option<i64>) -> Link {
    let version = version.map_or_else(|| "latest".to_owned(), |version| version.to_string());
    Link { kind: "subject", name: name.to_owned(), href: format!("/subject/{}/{version}", escaped(name)), note: None }
}

/// All subjects.
pub(super) fn all(site: &Site, page: usize) -> Option<Page> {
    let listing = Listing::new(site.subjects.len(), page, EACH)?;
    let links: Vec<Link> = site.subjects[listing.range()].iter().map(|name| link(name, None)).collect();
    let data = serde_json::json!({ "title": ALL, "links": links, "none": "No client has registered a schema." });
    Some(Page::new("waiting", ALL, &data).below([("All workspaces", "/")]).part(listing))
}

/// A version of one.
pub(super) fn page(told: &Told, page: usize) -> Page {
    let part = Part::of(page);
    let read: Value = serde_json::from_str(&told.stored.schema.text).unwrap_or(Value::Null);
    let said = |key: &str| read.get(key).and_then(Value::as_str).map(str::to_owned);
    let versions = part.made(told.versions.iter().rev(), |held| {
        let version = Link { name: held.version.to_string(), ..link(&told.name, Some(held.version)) };
        let at = jiff::Timestamp::from_millisecond(held.created).map(|at| at.strftime("%F %R UTC").to_string());
        let shown = if held.version == told.shown.version { chip("", "shown") } else { Cell::new() };
        vec![[cell(version), text(" "), shown].concat(), mono(held.id.to_string()), text(at.unwrap_or_default())]
    });
    let references = told.refers.iter().map(|(name, version, alias)| Link {
        note: Some(format!("version {version}, as {alias}")),
        ..link(name, Some(*version))
    });
    let referring = part.made(&told.referring, |(name, version)| {
        Some(Link { note: Some(format!("version {version}")), ..link(name, Some(*version)) })
    });
    let fact = |it: &str| Some(mono(it));
    let mut sections: Vec<Section> = told.step.iter().map(|step| changed(step, told.shown.version)).collect();
    sections.extend([
        fields(&read, &part),
        table("Versions", &["Version", "Id", "Since"], versions),
        linked("It refers to", "", references),
        linked("What refers to it", "", referring),
        facts(
            "In short",
            [
                ("Title", said("title").map(text)),
                ("Compatibility", fact(told.applied.level.name())),
                ("Mode", fact(told.applied.mode.name())),
                ("Id", fact(&told.shown.id.to_string())),
                ("GUID", fact(&told.stored.guid)),
            ],
        ),
    ]);
    sections.retain(Section::says_something);
    let text = spread(&told.stored.schema.text);
    let mut difference = told.step.as_ref().map_or_else(Vec::new, |step| difference(&spread(&step.text), &text));
    difference.truncate(LINES);
    let data = SubjectPage {
        name: &told.name,
        version: told.shown.version,
        doc: said("description"),
        sections,
        schema: shortened(&text, LINES).unwrap_or(text),
        before: told.step.as_ref().map(|step| step.before),
        difference,
    };
    let title = format!("{} version {}", told.name, told.shown.version);
    Page::new("subject", title, &data).below([("All workspaces", "/"), (ALL, "/subject")])
}

/// A schema in lines, with its members and numbers as they are.
fn spread(json: &str) -> String {
    let lines = lines(json, &[]).unwrap_or_default();
    lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n")
}

/// What a version did to those who write and read the one before.
fn changed(step: &Step, version: i64) -> Section {
    let title = format!("From version {} to {version}", step.before);
    let ways = ["Data of the old version, read by the new one", "Data of the new version, read by the old one"];
    match &step.judged {
        Ok(judged) => table(
            &title,
            &["Who reads what", "Verdict", "Why"],
            ways.iter().zip(judged).map(|(way, it)| {
                let (tone, word) = match it.verdict {
                    Verdict::Compatible => ("good", "fine"),
                    Verdict::Unknown => ("warn", "not decided"),
                    Verdict::Incompatible => ("bad", "breaks"),
                };
                vec![text(*way), chip(tone, word), text(why(it))]
            }),
        ),
        Err(error) => {
            Section { title, none: format!("It cannot be said what this changes: {error}."), ..Section::default() }
        }
    }
}

fn why(judgement: &Judgement) -> String {
    judgement.findings.iter().map(|it| it.to_string().replace('`', "")).collect::<Vec<_>>().join("; ")
}

/// The members that an object of the schema has, as far as they are said at once.
fn fields(schema: &Value, part: &Part) -> Section {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let all = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let rows = part.made(all, |(name, it)| {
        let of = match it.get("type").or_else(|| it.get("$ref")).or_else(|| it.get("const")) {
            Some(Value::String(of)) => of.clone(),
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let needed = if required.contains(&name.as_str()) { "required" } else { "optional" };
        let means = it.get("description").and_then(Value::as_str).unwrap_or_default();
        vec![mono(name), mono(of), text(needed), text(means)]
    });
    table("Fields", &["Field", "Type", "Needed", "Means"], rows)
}
