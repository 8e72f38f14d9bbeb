//! Old payloads with a text that one pattern takes and another one refuses, where an upgrade only moves it: the model believes its
//! author there, and samples would hardly hit on it. Without the engine that decides compatibility there are none.

use crate::{Known, Major};
use isobar_model::expr::Typed;

#[cfg(not(feature = "compat"))]
pub(super) fn refused(_: &Typed, _: (&Major, &Major), _: &Known) -> Vec<String> {
    Vec::new()
}

#[cfg(feature = "compat")]
pub(super) fn refused(way: &Typed, majors: (&Major, &Major), known: &Known) -> Vec<String> {
    engine::refused(way, majors, known)
}

#[cfg(feature = "compat")]
mod engine {
    use crate::{
        Known, Major,
        compat::{Record, shapes},
        payload::samples,
        schema::Json,
    };
    use isobar_model::{
        Field, Presence, Shape, Spanned,
        expr::{self, Root, Step, Typed, TypedKind},
    };
    use serde_json::Value;

    pub(super) fn refused(way: &Typed, (old, new): (&Major, &Major), known: &Known) -> Vec<String> {
        let mut moved: Vec<(&[Step], &Shape, &Shape)> = Vec::new();
        way.visit(&mut |node| {
            if let TypedKind::Convert(inner) = &node.kind
                && let TypedKind::Path(Root::Source, steps) = &inner.kind
            {
                moved.push((steps, &inner.ty.shape, &node.ty.shape));
            }
        });
        let mut out = Vec::new();
        for (steps, from, to) in moved {
            let alone = |shape: &Shape| {
                let name = Spanned::new("x".to_owned(), shape.span);
                [Field { name, shape: shape.clone(), presence: Presence::Required, notes: Default::default() }]
            };
            let (from, to) = (alone(from), alone(to));
            // Most conversions are of no texts with patterns.
            let mismatches = expr::mismatches((&old.types, &from), (&new.types, &to));
            if !mismatches.iter().any(|it| it.undecided) {
                continue;
            }
            let writer = Record { types: &old.types, fields: &from };
            let judged = shapes::judge(writer, Record { types: &new.types, fields: &to });
            let values = judged.findings.into_iter().filter_map(|it| it.witness?.get("x").cloned());
            let Some(plain) = samples::payloads(&known.types, known.fields(), 1).pop() else { continue };
            let plain: Option<Value> = serde_json::from_str(&Json::from(&plain.value).to_string()).ok();
            out.extend(values.filter_map(|value| Some(with(plain.clone()?, steps, value).to_string())));
        }
        out
    }

    /// A payload with another value at a place, which need not be there yet.
    fn with(mut payload: Value, steps: &[Step], value: Value) -> Value {
        let mut at = &mut payload;
        for step in steps {
            if !at.is_object() {
                *at = Value::Object(Default::default());
            }
            at = &mut at[step.wire.as_str()];
        }
        *at = value;
        payload
    }
}
