//! Which page an address means. Pages are made of checked workspaces and of nothing else that could change under them, so that the server
//! and the export of static files make the same ones.

use super::{
    board::Storm,
    board_page, catalogue, diff, elements, home, impact_page, lineage, lint,
    listing::{LINES, cut, shortened},
    message,
    news::News,
    page::{Crumb, Page},
    playground::{self, Tried},
    reference,
    releases::{Releases, Times},
    search, subject, versions,
    ways::Ways,
};
use crate::confluent::Told;
use isobar_generator::Excerpts;
use isobar_model::{Diagnostic, model::Name};
use isobar_registry::{
    Workspace,
    impact::{self, Impact},
};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A workspace that is shown, under the name it was pushed with.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) workspace: Arc<Workspace>,
    /// The day for which its findings are asked, `YYYY-MM-DD`; none where it was opened for one.
    today: Option<String>,
    made: Arc<Made>,
}

/// What is worked out of a workspace once, when it is first asked for.
#[derive(Debug, Default)]
struct Made {
    /// What its generated code depends on; none while the workspace has errors.
    excerpts: OnceLock<Option<Excerpts>>,
    /// What can be found in it.
    index: OnceLock<search::Index>,
    /// What is wrong or could be better.
    findings: OnceLock<Vec<Diagnostic>>,
    /// What its drafts would do.
    impacts: OnceLock<Vec<Impact>>,
    /// What was released of it.
    releases: OnceLock<Releases>,
    /// What is on its board.
    storm: OnceLock<Storm>,
    /// The same in its releases.
    past: OnceLock<Storm>,
    /// Which of its fields makes which.
    ways: OnceLock<Ways>,
}

/// What is worked out of a workspace while it is pushed, so that nobody waits for it: what can be found in it, and what is on its board.
#[derive(Debug)]
pub struct Prepared {
    index: search::Index,
    storm: Storm,
}

impl Prepared {
    /// Works it out, which takes a moment for a large workspace.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Prepared {
        Prepared { index: search::index(workspace), storm: Storm::of(&workspace.model) }
    }
}

/// What is asked of a page beside its address.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ask<'a> {
    /// What is searched for.
    pub(crate) query: &'a str,
    /// Which part of a list is shown, from 1; the first one if none is said.
    pub(crate) number: Option<usize>,
    /// The name whose flow is followed on the board.
    pub(crate) focus: Option<&'a str>,
    /// Whether the board brings out what comes of failures.
    pub(crate) failures: bool,
    /// Whether a drawing is to stand alone, as a file.
    pub(crate) alone: bool,
    /// What was sent to be tried.
    pub(crate) tried: Option<&'a Tried>,
}

/// Everything that is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    pub(crate) workspaces: Vec<Shown>,
    /// What happened lately, the newest first.
    pub(crate) news: Vec<News>,
    /// The names of the subjects that clients registered, where they are told of.
    pub(crate) subjects: Vec<String>,
    /// The subject that is asked for.
    pub(crate) subject: Option<Told>,
}

impl Shown {
    pub(crate) fn new(name: impl Into<String>, workspace: Arc<Workspace>) -> Shown {
        Shown { name: name.into(), workspace, today: None, made: Arc::default() }
    }

    /// The same on a day, `YYYY-MM-DD`.
    pub(crate) fn on(self, today: String) -> Shown {
        Shown { today: Some(today), made: Arc::default(), ..self }
    }

    /// Works out what most pages need, before anybody asks.
    pub(crate) fn warm(&self) {
        self.index();
        self.storm();
        self.excerpts();
        self.findings();
    }

    /// Takes what was worked out of the same workspace before, unless somebody was faster.
    pub(crate) fn take(&self, prepared: Prepared) {
        let _ = self.made.index.set(prepared.index);
        let _ = self.made.storm.set(prepared.storm);
    }

    /// What can be found in it.
    pub(super) fn index(&self) -> &search::Index {
        self.made.index.get_or_init(|| search::index(&self.workspace))
    }

    /// What `isobar check` says of it, sorted by place.
    pub(super) fn findings(&self) -> &[Diagnostic] {
        self.made.findings.get_or_init(|| match &self.today {
            Some(today) => self.workspace.findings_on(today),
            None => self.workspace.findings(),
        })
    }

    /// What its drafts would do to those who read them.
    pub(super) fn impacts(&self) -> &[Impact] {
        self.made.impacts.get_or_init(|| impact::of(&self.workspace.model, &self.workspace.evolutions))
    }

    /// What is on its board.
    pub(super) fn storm(&self) -> &Storm {
        self.made.storm.get_or_init(|| Storm::of(&self.workspace.model))
    }

    /// Which of its fields makes which.
    pub(super) fn ways(&self) -> &Ways {
        self.made.ways.get_or_init(|| Ways::of(&self.workspace.model))
    }

    /// What is on its board in a release: what is gone since stands in the same place in every one.
    pub(super) fn past(&self) -> &Storm {
        let gone = &self.releases().gone;
        if gone.is_empty() {
            return self.storm();
        }
        self.made.past.get_or_init(|| {
            let mut storm = self.storm().clone();
            gone.iter().for_each(|name| storm.gone(name));
            storm
        })
    }

    fn excerpts(&self) -> Option<&Excerpts> {
        let sound = || !self.workspace.diagnostics.has_errors();
        self.made.excerpts.get_or_init(|| sound().then(|| Excerpts::of(&self.workspace))).as_ref()
    }

    /// What was released of it.
    pub(crate) fn releases(&self) -> &Releases {
        self.made.releases.get_or_init(|| Releases::of(&self.workspace, &Times::new()))
    }

    /// Whether it is not known yet when versions came.
    pub(crate) fn is_undated(&self) -> bool {
        self.made.releases.get().is_none()
    }

    /// Says when versions came, before anybody looks.
    pub(crate) fn date(&self, times: &Times) {
        // Somebody else may have said the same already.
        let _ = self.made.releases.set(Releases::of(&self.workspace, times));
    }

    /// The Rust of an event or a command, as the generator writes it; none while the workspace has errors.
    pub(crate) fn rust(&self, name: &Name) -> Option<String> {
        let (excerpts, workspace) = (self.excerpts()?, &*self.workspace);
        excerpts.event(workspace, name).or_else(|| excerpts.command(workspace, name))
    }

    /// The address of a page of this workspace.
    pub(crate) fn href(&self, rest: &str) -> String {
        let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
        format!("/w/{}{rest}", escaped(&self.name))
    }
}

/// A name as a part of an address.
pub(crate) fn escaped(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'@');
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The decoded parts of an address.
pub(crate) fn parts(address: &str) -> Vec<String> {
    address.split('/').filter(|part| !part.is_empty()).map(decoded).collect()
}

/// A part of an address as the name that it is.
fn decoded(part: &str) -> String {
    let bytes = part.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let digits = part.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, long) = digits.filter(|_| bytes[at] == b'%').map_or((bytes[at], 1), |byte| (byte, 3));
        out.push(byte);
        at += long;
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Site {
    /// The page of an address, without its ending; none where there is no such page. The parts of the address are decoded.
    pub(crate) fn answer(&self, path: &[&str], ask: &Ask<'_>) -> Option<Page> {
        let number = ask.number.unwrap_or(1);
        let mut page = match path {
            [] => home::page(self),
            ["search"] => search::page(self, ask.query, number)?,
            ["api"] => reference::page(),
            ["subject"] => subject::all(self, number)?,
            ["subject", ..] => subject::page(self.subject.as_ref()?, number),
            ["waiting", kind] => home::waiting(self, kind, number)?,
            ["w", name, rest @ ..] => {
                let shown = self.workspaces.iter().find(|it| it.name == *name)?;
                let mut page = of_workspace(shown, rest, number, ask)?;
                let at = rest.first().copied().unwrap_or_default();
                page.nav = [
                    ("Board", "", matches!(at, "" | "board" | "releases")),
                    ("Messages", "messages", matches!(at, "messages" | "event" | "command")),
                    ("Next releases", "impact", at == "impact"),
                    ("Findings", "lint", at == "lint"),
                    ("Settings", "settings", at == "settings"),
                ]
                .map(|(name, rest, current)| Crumb { name: name.into(), href: shown.href(rest), current })
                .into();
                page
            }
            _ => return None,
        };
        bounded(&mut page, number)?;
        page.address = format!("/{}", path.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("/"));
        let said = [
            ("q", ask.query),
            ("focus", ask.focus.unwrap_or("")),
            ("paths", if ask.failures { "failure" } else { "" }),
        ];
        let said =
            said.into_iter().filter(|(_, it)| !it.is_empty()).map(|(name, it)| format!("{name}={}", escaped(it)));
        page.query = said.collect::<Vec<_>>().join("&");
        Some(page)
    }
}

/// Cuts what may be long on pages that are about something else; none where the part that was asked for is not there.
fn bounded(page: &mut Page, number: usize) -> Option<()> {
    let places = ["fields", "writers", "readers", "topics", "before", "after", "rows", "text"];
    if page.listing.is_none() {
        let listing = cut(&mut page.data, &places, number)?;
        page.listing = (listing.pages > 1).then_some(listing);
    }
    for tab in page.data.get_mut("tabs").and_then(Value::as_array_mut).into_iter().flatten() {
        let text = tab.get("text").and_then(Value::as_str);
        if let Some(short) = text.and_then(|text| shortened(text, LINES)) {
            tab["text"] = short.into();
        }
    }
    Some(())
}

fn of_workspace(shown: &Shown, path: &[&str], number: usize, ask: &Ask<'_>) -> Option<Page> {
    match path {
        [] => board_page::page(shown, &[], ask),
        ["board", rest @ ..] => board_page::page(shown, rest, ask),
        ["releases"] => board_page::releases(shown, number),
        ["messages"] => catalogue::page(shown, number),
        ["impact"] => impact_page::page(shown, number),
        ["lint"] => lint::page(shown, number),
        ["settings"] => Some(elements::settings(shown, number)),
        ["event", name] => message::event(shown, name),
        ["event", name, "upcast"] => playground::page(shown, name, ask.tried),
        ["event", name, "versions"] => versions::page(shown, name, number),
        ["event", name, "diff", between] => diff::page(shown, name, between),
        ["event", name, "field", field] => lineage::page(shown, "event", name, field, number),
        ["command", name, "field", field] => lineage::page(shown, "command", name, field, number),
        ["command", name] => message::command(shown, name),
        [kind, name] => elements::page(shown, kind, name, number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_its_address() {
        assert_eq!(parts("/w/a%2Fb/event/%C3%A9"), ["w", "a/b", "event", "é"]);
        assert_eq!(parts(&escaped("100%/é")), ["100%/é"]);
    }
}
