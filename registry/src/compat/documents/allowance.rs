//! What deciding one direction may cost in all: reading, the verdict, the validator's part in it, and further findings. In steps, so
//! that an answer never depends on the machine; a million take about half a second. When they are spent, a verdict that was
//! reached stands with the findings so far.

use crate::compat::{containment::Budget, json_schema::effort};
use serde_json::Value;
use std::cell::Cell;

/// Steps for one direction, at most.
const ALL: u64 = 700_000;
/// Values in two schemas that the validator compiles, at most.
const COMPILED: u64 = 400_000;
/// Looks that the validator takes at schemas to judge one payload, at most.
const LOOKS: u64 = 200_000;
/// Steps that a further finding needs at least to be worth looking for.
const LEAST: u64 = 1_000;

/// What is left.
pub(super) struct Allowance {
    left: Cell<u64>,
}

impl Default for Allowance {
    fn default() -> Self {
        Allowance { left: Cell::new(ALL) }
    }
}

impl Allowance {
    /// Takes what was spent.
    pub(super) fn spend(&self, steps: u64) {
        self.left.set(self.left.get().saturating_sub(steps));
    }

    fn afford(&self, steps: u64) -> bool {
        let enough = self.left.get() >= steps;
        self.spend(steps);
        enough
    }

    /// What finding a verdict may cost.
    pub(super) fn for_verdict(&self) -> Budget {
        let usual = Budget::default();
        // What reading has cost is missing here; a verdict on what could be read is tried in any case.
        Budget { steps: usual.steps.min(self.left.get() / 2).max(LEAST), ..usual }
    }

    /// What one more finding may cost.
    pub(super) fn for_more(&self) -> Option<Budget> {
        let steps = self.left.get();
        (steps >= LEAST).then(|| Budget { steps: steps.min(Budget::default().steps), ..Budget::default() })
    }

    /// Whether the first witness can be shown to validators that are made for it. Without that there is no verdict, so that it may
    /// cost what is left.
    pub(super) fn can_confirm(&self, schemas: [&Value; 2], payload: &Value) -> bool {
        let values: u64 = schemas.iter().map(|it| size(it)).sum();
        self.spend(2 * values);
        values <= COMPILED && self.looks(schemas, payload)
    }

    /// Whether a further witness can be, to validators of which `fresh` are still to be made.
    pub(super) fn can_look(&self, schemas: [&Value; 2], fresh: &[&Value], payload: &Value) -> bool {
        fresh.iter().all(|it| self.afford(2 * size(it))) && self.left.get() > 0 && self.looks(schemas, payload)
    }

    fn looks(&self, schemas: [&Value; 2], payload: &Value) -> bool {
        schemas.iter().all(|schema| match effort(schema, payload, LOOKS) {
            Some(looks) => {
                self.spend(looks / 2);
                true
            }
            None => false,
        })
    }

    /// Whether a schema without some of its rules can be compiled, and asked why it refuses a payload.
    pub(super) fn can_check(&self, schema: &Value, payload: &Value) -> bool {
        self.can_look([schema, &Value::Bool(true)], &[schema], payload)
    }

    /// Whether two schemas can be walked through once more.
    pub(super) fn can_copy(&self, schemas: [&Value; 2]) -> bool {
        self.afford(schemas.iter().map(|it| size(it)).sum::<u64>() / 8)
    }
}

/// How many values there are in a value.
pub(super) fn size(value: &Value) -> u64 {
    match value {
        Value::Object(map) => 1 + map.values().map(size).sum::<u64>(),
        Value::Array(list) => 1 + list.iter().map(size).sum::<u64>(),
        _ => 1,
    }
}
