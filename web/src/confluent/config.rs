//! What subjects, contexts, or everything ask of new versions. Asked for it is called `compatibilityLevel`, and told
//! `compatibility`. What the store has no opinion on is kept as it was sent.

use super::{
    answer::{Answer, no_subject},
    asked::{About, ChangesSettings, Query, ReadsSettings},
    names,
};
use crate::{App, extract::Json, failure::Failure};
use axum::extract::State;
use isobar_registry::store::{Config, Level, Scope, Subject};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

const LEVEL: &str = "compatibilityLevel";
const TOLD: &str = "compatibility";
const NORMALIZE: &str = "normalize";
const POLICY: &str = "compatibilityPolicy";

/// What a scope says, or with `defaultToGlobal` what applies to it.
pub(super) async fn get(
    State(app): State<App>,
    ReadsSettings(about): ReadsSettings,
    query: Query,
) -> Result<Answer<Object>, Failure> {
    let scope = about.scope();
    let (own, _) = app.store.setting(scope.clone()).await?;
    if scope == Scope::Global || query.is("defaultToGlobal") {
        return applying(&app, &about.subject).await.map(Answer);
    }
    if own == Config::default() {
        let message = format!(
            "Subject '{}' does not have subject-level compatibility configured",
            names::written(&about.subject)
        );
        return Err(Failure::missing(message).numbered(40408));
    }
    Ok(Answer(shown(&own)))
}

async fn applying(app: &App, subject: &Subject) -> Result<Object, Failure> {
    let applied = app.store.applied(subject).await?;
    let mut object = Object::new();
    for more in applied.more.iter().rev() {
        object.extend(object_of(more));
    }
    object.insert(LEVEL.into(), applied.level.name().into());
    if applied.normalize {
        object.insert(NORMALIZE.into(), true.into());
    }
    Ok(object)
}

fn object_of(more: &str) -> Object {
    serde_json::from_str(more).unwrap_or_default()
}

fn shown(config: &Config) -> Object {
    let mut object = config.more.as_deref().map(object_of).unwrap_or_default();
    object.extend(config.level.map(|level| (LEVEL.to_owned(), level.name().into())));
    object.extend(config.normalize.map(|normalize| (NORMALIZE.to_owned(), normalize.into())));
    object
}

/// Changes what is told, and leaves the rest.
pub(super) async fn put(
    State(app): State<App>,
    ChangesSettings(about): ChangesSettings,
    Json(told): Json<Object>,
) -> Result<Answer<Object>, Failure> {
    let scope = about.scope();
    let (mut config, _) = app.store.setting(scope.clone()).await?;
    let mut more = config.more.as_deref().map(object_of).unwrap_or_default();
    for (name, value) in &told {
        match (name.as_str(), value) {
            (TOLD | LEVEL, Value::Null) => config.level = None,
            (TOLD | LEVEL, value) => config.level = Some(level(value)?),
            (NORMALIZE, value) => config.normalize = value.as_bool(),
            (POLICY, value) if !matches!(value.as_str(), None | Some("STRICT" | "LENIENT")) => {
                return Err(invalid("Invalid compatibility policy. Valid values are STRICT and LENIENT"));
            }
            (name, Value::Null) => {
                more.remove(name);
            }
            (name, value) => {
                more.insert(name.to_owned(), value.clone());
            }
        }
    }
    config.more = (!more.is_empty()).then(|| Value::Object(more).to_string());
    app.store.set_config(&about.caller.name(), scope, config).await?;
    Ok(Answer(told))
}

fn level(value: &Value) -> Result<Level, Failure> {
    let named = value.as_str().map(str::to_uppercase).unwrap_or_default();
    let found = Level::ALL.iter().find(|level| level.name() == named);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Level::ALL.iter().map(|level| level.name()).collect();
        invalid(format!("Invalid compatibility level. Valid values are {}", names.join(", ")))
    })
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::unprocessable(message).numbered(42203)
}

/// Forgets what a scope says, and answers what that was.
pub(super) async fn delete(
    State(app): State<App>,
    ChangesSettings(about): ChangesSettings,
) -> Result<Answer<Object>, Failure> {
    let About { subject, caller, .. } = &about;
    let (own, _) = app.store.setting(about.scope()).await?;
    if about.scope() == Scope::Global {
        let was = applying(&app, subject).await?;
        app.store.set_config(&caller.name(), Scope::Global, Config::default()).await?;
        return Ok(Answer(was));
    }
    if own == Config::default() {
        return Err(no_subject(subject));
    }
    app.store.set_config(&caller.name(), about.scope(), Config::default()).await?;
    Ok(Answer(shown(&own)))
}
