//! What a request is about, and whether its caller may ask that: the first thing that is looked at, before bodies and before what
//! there is. A handler that takes one of these needs no check of its own.

use super::names;
use crate::{
    App,
    access::{Caller, key_of},
    edge::InContext,
    failure::Failure,
};
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderValue, header, request::Parts},
};
use isobar_registry::store::{Deleted, Page, Role, Scope, Subject};

/// What is asked about, and by whom.
pub(super) struct About {
    /// The subject. Of a whole context only the name is empty, of everything both.
    pub(super) subject: Subject,
    /// What the path says of a version.
    pub(super) version: String,
    /// Who asks.
    pub(super) caller: Caller,
}

impl About {
    /// What a setting is for.
    pub(super) fn scope(&self) -> Scope {
        match &self.subject {
            Subject { context, name } if name.is_empty() && context.is_empty() => Scope::Global,
            Subject { context, name } if name.is_empty() => Scope::Context(context.clone()),
            subject => Scope::Subject(subject.clone()),
        }
    }
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident $role:ident $wide:literal)*) => {$(
        $(#[$doc])*
        pub(super) struct $name(pub(super) About);

        impl FromRequestParts<App> for $name {
            type Rejection = Failure;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
                about(parts, app, Role::$role, $wide).await.map($name)
            }
        }
    )*};
}

rights! {
    /// Reads a subject.
    Reads Reader false
    /// Writes a subject.
    Writes Writer false
    /// Reads a subject's settings, or wider ones.
    ReadsSettings Reader true
    /// Changes them.
    ChangesSettings Admin true
}

async fn about(parts: &mut Parts, app: &App, role: Role, wide: bool) -> Result<About, Failure> {
    let caller = caller(parts)?;
    let inside = parts.extensions.get::<InContext>().cloned();
    let params = RawPathParams::from_request_parts(parts, app).await;
    let params = params.map_err(|rejection| Failure::new(rejection.status(), rejection.body_text()))?;
    let param = |name| params.iter().find(|(it, _)| *it == name).map(|(_, value)| value);
    let subject = match (param("subject"), inside) {
        (Some(name), inside) => names::read(name, inside.as_ref()),
        (None, Some(inside)) => names::read("", Some(&inside)),
        (None, None) => Subject::new("", ""),
    };
    match (subject.name.is_empty(), role) {
        (true, Role::Reader) => knows(&caller, app, &subject.context)?,
        (true, _) => caller.may(app.options.access, role, "")?,
        _ => caller.may(app.options.access, role, &key_of(&subject))?,
    }
    let is_whole = wide && subject.name.is_empty();
    if !is_whole && !names::is_sound(&subject) {
        let message = format!("The specified subject '{}' is not a valid name of a subject", names::written(&subject));
        return Err(Failure::unprocessable(message).numbered(42208));
    }
    Ok(About { subject, version: param("version").unwrap_or_default().to_owned(), caller })
}

/// Refuses who may read nothing of a context: what is of no subject in it is for everyone else. What is of the default context, or of none,
/// is for everyone who may read anything.
fn knows(caller: &Caller, app: &App, context: &str) -> Result<(), Failure> {
    let key = if context.is_empty() { String::new() } else { key_of(&Subject::new(context, "")) };
    let within = caller.reach().starts_with(&key);
    caller.may(app.options.access, Role::Reader, if within { caller.reach() } else { &key })
}

fn caller(parts: &Parts) -> Result<Caller, Failure> {
    parts.extensions.get::<Caller>().cloned().ok_or_else(|| Failure::internal("a request without a caller"))
}

/// Someone who may read something.
pub(super) struct Someone(pub(super) Caller);

impl FromRequestParts<App> for Someone {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let caller = caller(parts)?;
        knows(&caller, app, "")?;
        Ok(Someone(caller))
    }
}

/// The answers that the caller has already, by their tags.
pub(super) struct Known(Option<HeaderValue>);

impl FromRequestParts<App> for Known {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        Ok(Known(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

impl Known {
    /// Whether an answer with this tag, which has its quotes, is among them.
    pub(super) fn has(&self, tag: &str) -> bool {
        let given = self.0.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        given.split(',').any(|it| it.trim().trim_start_matches("W/") == tag)
    }
}

/// What stands behind the `?`. What is not known there is left alone, as clients send what newer servers know.
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    inside: Option<InContext>,
}

impl FromRequestParts<App> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let inside = parts.extensions.get().cloned();
        if parts.uri.query().is_none() {
            return Ok(Query { pairs: Vec::new(), inside });
        }
        let query = crate::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, app).await?;
        Ok(Query { pairs: query.0, inside })
    }
}

impl Query {
    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Whether something is asked for. Python writes `True`.
    pub(super) fn is(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The part of a list that is asked for; `most` at most, which is also what is listed if nobody says how many.
    pub(super) fn page(&self, most: i64) -> Page {
        let number = |name| self.text(name).and_then(|text| text.parse::<i64>().ok()).filter(|number| *number >= 0);
        Page { offset: number("offset").unwrap_or(0), limit: number("limit").unwrap_or(most).min(most) }
    }

    pub(super) fn deleted(&self) -> Deleted {
        match () {
            () if self.is("deletedOnly") => Deleted::Only,
            () if self.is("deleted") => Deleted::With,
            () => Deleted::Without,
        }
    }

    /// The context, none for all, and the beginning of names that a list is asked for.
    pub(super) fn prefix(&self) -> (Option<String>, String) {
        names::prefix(self.text("subjectPrefix"), self.inside.as_ref())
    }
}
