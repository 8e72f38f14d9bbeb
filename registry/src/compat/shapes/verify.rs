//! The second opinion: payloads are held against the emitted JSON Schemas by a validator that shares nothing with the engine.

use crate::{
    compat::Record,
    schema::{Subject, enforced},
};
use isobar_model::model::Name;
use jsonschema::Validator;
use serde_json::Value;
use std::cell::OnceCell;

/// The validators of both sides, made when first asked.
pub(super) struct Verify<'a> {
    sides: (Record<'a>, Record<'a>),
    validators: OnceCell<Option<(Validator, Validator)>>,
}

impl<'a> Verify<'a> {
    pub(super) fn new(sides: (Record<'a>, Record<'a>)) -> Self {
        Verify { sides, validators: OnceCell::new() }
    }

    /// Whether the writer's schema accepts the payload and the reader's does not. That it holds declared members only is how it was
    /// built.
    pub(super) fn confirms(&self, payload: &Value) -> bool {
        let made = || Some((validator(self.sides.0)?, validator(self.sides.1)?));
        let validators = self.validators.get_or_init(made);
        validators.as_ref().is_some_and(|(writer, reader)| writer.is_valid(payload) && !reader.is_valid(payload))
    }
}

fn validator(record: Record<'_>) -> Option<Validator> {
    let name = Name { context: "compat".into(), name: "Message".into() };
    let subject = Subject {
        workspace: "compat",
        base: None,
        name: &name,
        version: None,
        doc: None,
        fields: record.fields,
        types: record.types,
        examples: &[],
        deprecated: None,
    };
    let text = enforced(&subject).to_string();
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
    options.build(&serde_json::from_str(&text).ok()?).ok()
}
