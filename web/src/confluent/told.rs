//! What there is to tell of a subject on its page: gathered from the store, with what its versions are to one another. Nothing is written.

use super::{names, references::Texts, verdicts};
use crate::{
    App,
    access::{Caller, key_of},
    failure::Failure,
};
use isobar_registry::{
    compat::documents::{Judgement, Mode, judge},
    store::{Applied, Deleted, Held, Stored},
};
use std::sync::Arc;

/// A version of a subject, and what stands around it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The subject's name, as the protocol writes it.
    pub(crate) name: String,
    /// Its versions, oldest first.
    pub(crate) versions: Vec<Held>,
    /// The version that is shown.
    pub(crate) shown: Held,
    pub(crate) stored: Arc<Stored>,
    pub(crate) applied: Applied,
    /// What it did to the version before it.
    pub(crate) step: Option<Step>,
    /// What it refers to: names of subjects, versions, and what they are called in it.
    pub(crate) refers: Vec<(String, i64, String)>,
    /// What refers to it: names of subjects and versions.
    pub(crate) referring: Vec<(String, i64)>,
}

/// From one version to the next.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) before: i64,
    /// The text before.
    pub(crate) text: String,
    /// What old data are to the new schema, and new data to the old one; or why that cannot be said.
    pub(crate) judged: Result<[Judgement; 2], String>,
}

/// The names of the subjects that clients registered, as far as the caller sees them.
///
/// # Errors
/// What the store says.
pub(crate) async fn registered(app: &App, caller: &Caller) -> Result<Vec<String>, Failure> {
    let access = app.options.access;
    let all = app.store.registered().await?.into_iter();
    Ok(all.filter(|subject| caller.sees(access, &key_of(subject))).map(|subject| names::written(&subject)).collect())
}

/// A version of a subject, or its `latest`; none where there is none, or none that the caller sees.
///
/// # Errors
/// What the store says.
pub(crate) async fn told(app: &App, caller: &Caller, name: &str, version: &str) -> Result<Option<Told>, Failure> {
    let subject = names::read(name, None);
    if !caller.sees(app.options.access, &key_of(&subject)) {
        return Ok(None);
    }
    let versions = app.store.versions(&subject, Deleted::Without).await?;
    let at = match version {
        "latest" => versions.len().checked_sub(1),
        _ => versions.iter().position(|held| held.version.to_string() == version),
    };
    let Some(at) = at else { return Ok(None) };
    let shown = versions[at];
    let stored = app.store.schema(shown.id).await?;
    let applied = app.store.applied(&subject).await?;
    let referring = app.store.referrers(&subject, shown.version, Deleted::Without).await?.into_iter();
    let referring = referring.filter(|(user, _)| caller.sees(app.options.access, &key_of(user)));
    let referring = referring.map(|(user, held)| (names::written(&user), held.version)).collect();
    let step = match at.checked_sub(1) {
        Some(before) => Some(step(app, versions[before], &stored, &applied).await?),
        None => None,
    };
    let refers = stored.schema.references.iter();
    let refers = refers.map(|it| (names::written(&it.subject), it.version, it.name.clone())).collect();
    Ok(Some(Told { name: names::written(&subject), versions, shown, stored, applied, step, refers, referring }))
}

async fn step(app: &App, before: Held, new: &Stored, applied: &Applied) -> Result<Step, Failure> {
    let old = app.store.schema(before.id).await?;
    let text = old.schema.text.clone();
    let (old, new) = (Texts::of(app, &old.schema).await?, Texts::of(app, &new.schema).await?);
    let content = verdicts::content(app, applied);
    let decide = move || {
        let old = old.bundled().map_err(|error| error.to_string())?;
        let new = new.bundled().map_err(|error| error.to_string())?;
        let one = |mode| judge(&old, &new, mode, content).map_err(|error| error.to_string());
        Ok([one(Mode::Backward)?, one(Mode::Forward)?])
    };
    Ok(Step { before: before.version, text, judged: app.decider.run(decide).await? })
}
