//! What is to be said of a schema and the versions before it: asks the registry, version by version, so that others get their turn
//! between, and puts the answers into the protocol's words. What gets along with what is not decided here.

use super::{answer::invalid, given::Given, names, references::Texts};
use crate::{App, failure::Failure};
use isobar_registry::{
    compat::{
        documents::{Content, Judgement, Mode, Verdict, judge},
        levels,
    },
    store::{Applied, Held, Level, Subject},
};
use serde_json::{Map, Value, json};
use std::{collections::HashMap, mem, sync::Arc};

/// Versions that a refusal speaks of, at most.
const MOST: usize = 5;
/// Findings that a message speaks of, at most; all of them are in a member of their own.
const SPOKEN_OF: usize = 10;

/// What was found for one version.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    version: i64,
    /// The stored schema may be one that cannot be read, as another registry gave it.
    outcome: Result<Judgement, String>,
}

/// Decides, and remembers what was decided, in case it is asked again because others wrote meanwhile.
pub(super) struct Judge<'a> {
    app: &'a App,
    new: Arc<Value>,
    large: bool,
    known: HashMap<(i64, Mode, Content), Result<Judgement, String>>,
}

impl<'a> Judge<'a> {
    /// Judges a schema.
    ///
    /// # Errors
    /// Those of [`Given::read`].
    pub(super) async fn of(app: &'a App, given: &Given) -> Result<Judge<'a>, Failure> {
        Ok(Judge { app, new: given.read(app).await?, large: given.light().is_none(), known: HashMap::new() })
    }

    /// What stands against the schema in the versions that the level has count, the newest first; nothing if all is well.
    pub(super) async fn against(&mut self, before: &[Held], applied: &Applied) -> Result<Vec<Judged>, Failure> {
        let (level, content) = (applied.level, content(self.app, applied));
        let Some(mode) = levels::mode(level) else { return Ok(Vec::new()) };
        let (mut against, mut seen) = (Vec::new(), Vec::new());
        for held in levels::counting(level, before).iter().rev() {
            if seen.contains(&held.id) || against.len() == MOST {
                continue;
            }
            seen.push(held.id);
            let key = (held.id, mode, content);
            let outcome = match self.known.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let old = Texts::of(self.app, &self.app.store.schema(held.id).await?.schema).await?;
                    let new = Arc::clone(&self.new);
                    let decide = move || match old.bundled() {
                        Ok(old) => judge(&old, &new, mode, content)
                            .map_err(|unreadable| (unreadable.new, unreadable.to_string())),
                        Err(error) => Err((false, format!("the old schema cannot be read: {error}"))),
                    };
                    match self.app.decider.run(decide).await? {
                        Ok(judgement) => Ok(judgement),
                        Err((true, message)) => return Err(invalid(message)),
                        Err((false, message)) => Err(message),
                    }
                }
            };
            self.known.insert(key, outcome.clone());
            if !outcome.as_ref().is_ok_and(|judgement| judgement.verdict == Verdict::Compatible) {
                against.push(Judged { version: held.version, outcome });
            }
        }
        Ok(against)
    }
}

impl Drop for Judge<'_> {
    fn drop(&mut self) {
        if self.large {
            self.app.decider.part_with(mem::take(&mut self.new));
        }
    }
}

/// How schemas of a subject are read: `LENIENT` and `STRICT` of newer registries, or what the server was told.
pub(super) fn content(app: &App, applied: &Applied) -> Content {
    let policies = applied.more.iter().filter_map(|more| {
        let more: Map<String, Value> = serde_json::from_str(more).ok()?;
        match more.get("compatibilityPolicy")?.as_str()? {
            "STRICT" => Some(Content::Strict),
            "LENIENT" => Some(Content::Producer),
            _ => None,
        }
    });
    policies.into_iter().next().unwrap_or(app.options.content)
}

/// The sentences for what stands against a schema.
pub(super) fn sentences(against: &[Judged]) -> Vec<String> {
    let mut sentences = Vec::new();
    for Judged { version, outcome } in against {
        match outcome {
            Ok(judgement) => {
                let word = match judgement.verdict {
                    Verdict::Unknown => "not decided for",
                    _ => "incompatible with",
                };
                sentences
                    .extend(judgement.findings.iter().map(|finding| format!("{word} version {version}: {finding}")));
            }
            Err(error) => sentences.push(format!("not decided for version {version}: {error}")),
        }
    }
    sentences
}

/// What stands against a schema, version by version.
pub(super) fn findings(against: &[Judged]) -> Value {
    let members = against.iter().map(|Judged { version, outcome }| match outcome {
        Ok(judgement) => {
            let mut object = judgement.to_json();
            object["version"] = json!(version);
            object
        }
        Err(error) => json!({ "version": version, "verdict": "unknown", "findings": [], "error": error }),
    });
    members.collect()
}

/// The refusal of a schema. What could not be decided is refused as well: a registry lets nothing through that it cannot prove.
pub(super) fn refusal(subject: &Subject, level: Level, against: &[Judged]) -> Failure {
    let mut sentences = sentences(against);
    let more = sentences.len().saturating_sub(SPOKEN_OF);
    sentences.truncate(SPOKEN_OF);
    if more > 0 {
        sentences.push(format!("and {more} more"));
    }
    let (name, level) = (names::written(subject), level.name());
    let message = format!(
        "Schema being registered is incompatible with an earlier schema for subject \"{name}\" ({level}): {}",
        sentences.join("; ")
    );
    Failure::conflict(message).with("findings", findings(against))
}
