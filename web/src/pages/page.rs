//! A page is a value first: data with a title, and a template that shows it. It is written as HTML for people, as Markdown for those who
//! paste it elsewhere, and as JSON for programs; all three say the same. Templates only show, they work nothing out.

use super::{assets, listing::Listing, markdown, watch::Mark};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tera::{Context, Kwargs, State, Tera};

/// Where a page is: its name and address, for the line above it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Crumb {
    pub(crate) name: String,
    pub(crate) href: String,
    /// Whether what is shown belongs to it.
    pub(crate) current: bool,
}

/// What is to be shown.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// What the window is called.
    pub(crate) title: String,
    /// The template: `board` for `board.html` and `board.md`.
    pub(crate) template: &'static str,
    /// Everything that the template shows.
    pub(crate) data: Value,
    /// The pages above it.
    pub(crate) crumbs: Vec<Crumb>,
    /// The pages beside it: those of its workspace.
    pub(crate) nav: Vec<Crumb>,
    /// Which one it is of the pages that a watched folder had; none where nothing is watched.
    pub(crate) mark: Option<Mark>,
    /// Whether it is a file, so that no server can be asked from it.
    pub(crate) still: bool,
    /// The part of a list that it shows, where it shows a list.
    pub(crate) listing: Option<Listing>,
    /// Its own address, without ending and query.
    pub(crate) address: String,
    /// What of its query is not the part.
    pub(crate) query: String,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    Markdown,
    Json,
    /// The drawing of a board.
    Svg,
}

impl Form {
    /// The form that an address asks for by its ending, and the rest of the address.
    pub(crate) fn of(path: &str) -> (&str, Form) {
        let endings = [(".json", Form::Json), (".md", Form::Markdown), (".svg", Form::Svg)];
        let found = endings.iter().find_map(|(ending, form)| path.strip_suffix(ending).map(|path| (path, *form)));
        found.unwrap_or((path, Form::Html))
    }

    /// What an address ends with that asks for it.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Form::Html => "",
            Form::Markdown => ".md",
            Form::Svg => ".svg",
            Form::Json => ".json",
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Form::Html => "text/html; charset=utf-8",
            Form::Markdown => "text/markdown; charset=utf-8",
            Form::Json => "application/json",
            Form::Svg => "image/svg+xml",
        }
    }
}

impl Page {
    /// A page of a template.
    pub(crate) fn new(template: &'static str, title: impl Into<String>, data: &impl Serialize) -> Page {
        // Only maps with keys that are no text cannot be written, and no view has one.
        let data = serde_json::to_value(data).unwrap_or(Value::Null);
        let (crumbs, nav, mark, still, listing, address, query) = Default::default();
        Page { title: title.into(), template, data, crumbs, nav, mark, still, listing, address, query }
    }

    /// The same as a part of a list.
    #[must_use]
    pub(crate) fn part(mut self, listing: Listing) -> Page {
        self.listing = Some(listing);
        self
    }

    /// Whether it can be written like that: only a board is a drawing.
    pub(crate) fn has(&self, form: Form) -> bool {
        form != Form::Svg || self.template == "board"
    }

    /// The same below other pages.
    #[must_use]
    pub(crate) fn below(mut self, crumbs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Page {
        self.crumbs = crumbs
            .into_iter()
            .map(|(name, href)| Crumb { name: name.into(), href: href.into(), current: false })
            .collect();
        self
    }
}

/// The templates, read once.
#[derive(Debug)]
pub(crate) struct Templates(Tera);

macro_rules! templates {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("templates/", $name)))),*] };
}

/// Every template. One that is missing here does not compile or is found by the test that renders all.
const ALL: &[(&str, &str)] = &templates!["base.html" "listing.md" "parts.html" "sections.md" "home.html" "home.md" "board.html" "board.md" "message.html" "message.md" "diff.html" "diff.md" "versions.html" "versions.md" "element.html" "element.md" "catalogue.html" "catalogue.md" "impact.html" "impact.md" "lineage.html" "lineage.md" "reference.html" "reference.md" "playground.html" "playground.md" "failure.html" "failure.md" "search.html" "search.md" "subject.html" "subject.md" "lint.html" "lint.md" "waiting.html" "waiting.md"];

impl Templates {
    /// # Errors
    /// A template that cannot be read, with its place: a fault of this program.
    pub(crate) fn new() -> Result<Templates, tera::Error> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html"]);
        tera.register_filter("markdown", |text: &str, _: Kwargs, _: &State| {
            tera::Value::safe_string(&markdown::html(text))
        });
        // What stands in a cell of a table keeps to its line.
        tera.register_filter("cell", |text: &str, _: Kwargs, _: &State| {
            text.replace('|', "\\|").replace(['\n', '\r'], " ")
        });
        // A time as people write it, to the minute and in UTC as it came.
        tera.register_filter("time", |text: &str, _: Kwargs, _: &State| {
            text.get(..16).map_or_else(|| text.to_owned(), |minute| minute.replace('T', " "))
        });
        tera.register_filter("code", |text: &str, _: Kwargs, _: &State| markdown::code(text));
        let names: BTreeMap<&str, String> =
            assets::ALL.iter().map(|it| (it.id, format!("/assets/{}", it.name))).collect();
        tera.global_context().insert("assets", &names);
        tera.add_raw_templates(ALL.iter().copied())?;
        Ok(Templates(tera))
    }

    /// Writes a page.
    ///
    /// # Errors
    /// A template that asks for what the page has not: a fault of this program.
    pub(crate) fn write(&self, page: &Page, form: Form) -> Result<String, tera::Error> {
        if form == Form::Svg {
            return Ok(page.data["svg"].as_str().unwrap_or_default().to_owned());
        }
        let listing = page.listing.map(|it| it.told(&page.address, &page.query, form));
        if form == Form::Json {
            let mut data = page.data.clone();
            if let Some(listing) = listing {
                data["listing"] = listing;
            }
            return Ok(format!("{data:#}\n"));
        }
        let all = json!({ "title": page.title, "crumbs": page.crumbs, "nav": page.nav, "mark": page.mark, "still": page.still, "page": page.data, "listing": listing });
        let context = Context::from_serialize(&all)?;
        if form == Form::Html {
            return self.0.render(&format!("{}.html", page.template), &context);
        }
        let text = self.0.render(&format!("{}.md", page.template), &context)?;
        Ok(text + &self.0.render("listing.md", &context)?)
    }
}
