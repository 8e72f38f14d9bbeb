//! A schema as it is sent, made into one that can be stored, and found among those that are.

use super::{
    answer::invalid,
    asked::About,
    references::{self, Named, Texts},
    text::{sorted, written},
};
use crate::{App, extract::SHORT, failure::Failure};
use isobar_registry::{
    compat::documents::{SchemaError, readable},
    store::{Deleted, Held, Schema, Subject},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::sync::Arc;

/// How long a schema may be, in bytes.
const LONGEST: usize = 4 << 20;
/// How short a text is that no other thread is asked to read as a schema, in bytes, if it refers to no other: whatever it says, that
/// takes less than a millisecond.
const LIGHT: usize = 16 << 10;
/// Versions that are looked at for a schema that is written in another way, at most.
const LOOKED_AT: usize = 200;

/// The body of a request about a schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    schema: Option<String>,
    schema_type: Option<String>,
    references: Option<Vec<Named>>,
    metadata: Option<Box<RawValue>>,
    rule_set: Option<Box<RawValue>>,
    id: Option<i64>,
    version: Option<i64>,
}

/// A schema that was given.
pub(super) struct Given {
    /// As it is to be stored.
    pub(super) schema: Schema,
    /// What the text says, if it was parsed here.
    value: Option<Arc<Value>>,
    normalized: bool,
    /// The id and the version that another registry gave.
    pub(super) id: Option<i64>,
    pub(super) version: Option<i64>,
}

impl Body {
    /// Takes what was sent for a schema, without reading all of it yet.
    ///
    /// # Errors
    /// 42201 for what can be no schema here; those of [`references::resolved`].
    pub(super) async fn given(self, app: &App, about: &About, normalize: bool) -> Result<Given, Failure> {
        match self.schema_type.as_deref() {
            Some("JSON") => {}
            None | Some("AVRO") => {
                return Err(invalid(
                    "Avro schemas are not taken: this registry decides what JSON Schemas allow. Send schemaType JSON (none means AVRO)",
                ));
            }
            Some(other) => return Err(invalid(format!("schemas of the type {other} are not taken: only JSON is"))),
        }
        let text =
            self.schema.filter(|text| !text.trim().is_empty()).ok_or_else(|| invalid("the schema is missing"))?;
        if text.len() > LONGEST {
            let message = format!("the schema has {} bytes, and {LONGEST} at most are taken", text.len());
            return Err(Failure::unprocessable(message).numbered(42209));
        }
        let references =
            references::resolved(app, &about.caller, &about.subject, self.references.unwrap_or_default()).await?;
        // A short text is brought into form sooner than a thread is woken.
        let short = text.len() <= SHORT;
        let written = if short {
            written(&text, normalize).map(|(text, value)| (text, Some(Arc::new(value))))
        } else {
            app.decider.run(move || written(&text, normalize).map(|(text, _)| (text, None))).await?
        };
        let (text, value) = written.map_err(|error| invalid(format!("the schema cannot be read as JSON: {error}")))?;
        let raw = |raw: Option<Box<RawValue>>| raw.filter(|it| it.get() != "null").map(|it| it.get().to_owned());
        let schema =
            Schema { kind: "JSON".into(), text, references, metadata: raw(self.metadata), rules: raw(self.rule_set) };
        let given = |number: Option<i64>| number.filter(|number| *number > 0);
        let (id, version) = (given(self.id), given(self.version));
        Ok(Given { schema, value, normalized: normalize, id, version })
    }
}

impl Given {
    /// The schema in its normal form.
    ///
    /// # Errors
    /// Those of the threads that decide.
    pub(super) async fn normalize(&mut self, app: &App) -> Result<(), Failure> {
        if !self.normalized {
            let text = std::mem::take(&mut self.schema.text);
            let written = app.decider.run(move || written(&text, true).map(|(text, _)| text)).await?;
            (self.schema.text, self.normalized) = (written.map_err(Failure::internal)?, true);
        }
        Ok(())
    }

    /// What the text says, if it is quickly read as a schema.
    pub(super) fn light(&self) -> Option<&Arc<Value>> {
        let light = self.schema.text.len() <= LIGHT && self.schema.references.is_empty();
        self.value.as_ref().filter(|_| light)
    }

    /// The newest of a subject's versions that has the schema; with `any`, or if it was normalised, also in another writing.
    pub(super) async fn held(
        &self,
        app: &App,
        subject: &Subject,
        versions: &[Held],
        any: bool,
    ) -> Result<Option<Held>, Failure> {
        if versions.is_empty() {
            return Ok(None);
        }
        let deleted = if versions.iter().any(|held| held.deleted) { Deleted::With } else { Deleted::Without };
        match app.store.find(subject, &self.schema, deleted).await? {
            None if any || self.normalized => self.alike(app, versions).await,
            held => Ok(held),
        }
    }

    /// The newest of these versions whose schema says the same in another order of keys, with the same beside it.
    async fn alike(&self, app: &App, versions: &[Held]) -> Result<Option<Held>, Failure> {
        let mut texts = Vec::new();
        for held in versions.iter().rev().take(LOOKED_AT) {
            let stored = app.store.schema(held.id).await?;
            let (one, other) = (&stored.schema, &self.schema);
            if (&one.references, &one.metadata, &one.rules) == (&other.references, &other.metadata, &other.rules) {
                texts.push((*held, stored));
            }
        }
        let text = self.schema.text.clone();
        let find = move || {
            let wanted = sorted(&text)?;
            let same = |text: &str| sorted(text).is_some_and(|text| text == wanted);
            texts.into_iter().find(|(_, stored)| same(&stored.schema.text)).map(|(held, _)| held)
        };
        app.decider.run(find).await
    }

    /// Reads the schema with all that it refers to.
    ///
    /// # Errors
    /// 42201 with the place of what is wrong.
    pub(super) async fn read(&self, app: &App) -> Result<Arc<Value>, Failure> {
        let read = match self.light() {
            Some(value) => readable(value).map(|()| Arc::clone(value)),
            None => {
                let texts = Texts::of(app, &self.schema).await?;
                let read = move || -> Result<_, SchemaError> {
                    let schema = texts.bundled()?;
                    readable(&schema).map(|()| Arc::new(schema))
                };
                app.decider.run(read).await?
            }
        };
        read.map_err(|SchemaError { pointer, message }| {
            let at = if pointer.is_empty() { String::new() } else { format!(" (at {pointer})") };
            invalid(format!("Invalid schema: {message}{at}")).with("pointer", Value::String(pointer))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::time::{ClockId, clock_gettime};
    use std::{thread, time::Duration};

    /// What this thread has taken of a processor.
    fn spent() -> Duration {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.try_into().unwrap())
    }

    /// What is read where it arrives must be read in no time, on the stack of any thread, whatever it says.
    #[test]
    fn what_is_light_is_light() {
        let nested = |open: &str, close: &str, deep: usize| format!("{}true{}", open.repeat(deep), close.repeat(deep));
        let chain = |step: &dyn Fn(usize) -> String, length: usize| {
            let definitions: Vec<String> = (0..length).map(|at| format!(r#""{at}":{}"#, step(at))).collect();
            format!(r##"{{"$ref":"#/$defs/0","$defs":{{"{length}":true,{}}}}}"##, definitions.join(","))
        };
        let next = |at: usize| format!(r##"{{"$ref":"#/$defs/{}"}}"##, at + 1);
        let many =
            |one: &str, list: &str| format!(r#"{{"{list}":[{}]}}"#, vec![one; LIGHT / (one.len() + 1) - 8].join(","));
        for text in [
            nested(r#"{"not":"#, "}", 120),
            nested(r#"{"items":"#, "}", 120),
            nested(r#"{"oneOf":["#, "]}", 60),
            nested(r#"{"allOf":[true,"#, "]}", 60),
            chain(&next, 450),
            chain(&|at| format!(r#"{{"not":{}}}"#, next(at)), 350),
            chain(&|at| format!(r#"{{"items":{}}}"#, next(at)), 350),
            chain(&|at| format!(r#"{{"oneOf":[{0},{0}]}}"#, next(at)), 220),
            chain(&|at| format!(r#"{{"allOf":[{0},{0}]}}"#, next(at)), 220),
            chain(&|at| format!(r#"{{"allOf":[{0},{{"not":{0}}}]}}"#, next(at)), 160),
            many(r##"{"$ref":"#"}"##, "oneOf"),
            many(r#"{"pattern":"(a|b|ab)*c{1,9}"}"#, "anyOf"),
            many(r#"{"pattern":"((a{90}){90}){9}"}"#, "anyOf"),
            many(r#"{"const":[{"a":1}]}"#, "oneOf"),
            many(r#"{"$id":"a","$anchor":"b"}"#, "allOf"),
            many("{}", "enum"),
        ] {
            assert!(text.len() <= LIGHT, "{} bytes", text.len());
            // As small as the stack of a thread that serves requests.
            let read = thread::Builder::new().stack_size(2 << 20).spawn(move || {
                let value: Value = serde_json::from_str(&text).unwrap();
                let before = spent();
                // Whether it is a schema is not what this is about.
                let _ = readable(&value);
                (spent() - before, text)
            });
            let (took, text) = read.unwrap().join().unwrap();
            // A hundredth of this where the compiler tried.
            assert!(took < Duration::from_millis(100), "{took:?} for {text:.60}");
        }
    }
}
