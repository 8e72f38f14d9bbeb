//! Defaults, examples and scenario data: literals whose types are known only once everything is read.

use super::{reader::Cx, walk};
use crate::{
    diag::{Diagnostics, codes},
    expr::{self, ExprKind},
    model::{Aggregate, Event, Model, Name, Outcome, Scenario},
    shape::{Field, Presence, Types},
    source::{Span, Spanned},
    value::Value,
};
use std::sync::Arc;

impl Cx {
    pub(super) fn fill_literals(&mut self, model: &mut Model) {
        let types = self.fill_types(&mut model.types);
        for record in walk::records_mut(model) {
            self.fill_fields(record, &types);
        }
        for context in model.contexts.values_mut() {
            for event in context.events.values_mut() {
                self.fill_examples(Arc::make_mut(event), &types);
            }
        }
        self.fill_scenarios(model);
    }

    pub(super) fn fill_frozen(&mut self, types: &mut Types, event: &mut Event) {
        let types = self.fill_types(types);
        if let Some(fields) = &mut event.fields {
            self.fill_fields(fields, &types);
        }
        self.fill_examples(event, &types);
    }

    /// Fills the table's own literals. They are read with the types as they were before, in which nothing but literals differs.
    fn fill_types(&mut self, types: &mut Types) -> Types {
        if self.defaults.is_empty() && self.examples.is_empty() {
            return types.clone();
        }
        let before = types.clone();
        for def in types.0.values_mut() {
            def.example = self.example(def.name.span, &def.shape, &before);
            walk::fields_of_mut(&mut def.shape, &mut |field| self.fill_field(field, &before));
        }
        self.check_defaults(types);
        types.clone()
    }

    fn fill_fields(&mut self, fields: &mut [Field], types: &Types) {
        walk::fields_mut(fields, &mut |field| self.fill_field(field, types));
    }

    fn fill_field(&mut self, field: &mut Field, types: &Types) {
        if let Some(default) = self.defaults.remove(&field.name.span) {
            let value = expr::literal(&default, &field.shape, types, &mut self.diagnostics);
            field.presence = Presence::Default(value.unwrap_or(Value::Null));
        }
        if let Some(example) = self.example(field.name.span, &field.shape, types) {
            field.set_example(example);
        }
    }

    fn example(&mut self, name: Span, shape: &crate::Shape, types: &Types) -> Option<Spanned<Value>> {
        let example = self.examples.remove(&name)?;
        let mut found = Diagnostics::default();
        let value = expr::literal(&example, shape, types, &mut found);
        self.diagnostics.extend(found.relabelled(&codes::BAD_EXAMPLE));
        value.map(|value| Spanned::new(value, example.span))
    }

    fn fill_examples(&mut self, event: &mut Event, types: &Types) {
        let Some(fields) = &event.fields else { return };
        let Some(examples) = self.message_examples.remove(&event.name.span) else { return };
        for example in examples {
            let mut found = Diagnostics::default();
            let value = expr::payload(&example, fields, types, &mut found);
            self.diagnostics.extend(found.relabelled(&codes::BAD_EXAMPLE));
            event.examples.extend(value.map(|value| Spanned::new(value, example.span)));
        }
    }

    fn fill_scenarios(&mut self, model: &mut Model) {
        let mut filled: Vec<(String, String, Vec<Scenario>)> = Vec::new();
        for context in model.contexts.values() {
            for aggregate in context.aggregates.values().filter(|it| !it.scenarios.is_empty()) {
                let scenarios =
                    aggregate.scenarios.iter().map(|it| self.scenario(it.clone(), aggregate, model)).collect();
                filled.push((context.name.value.clone(), aggregate.name.value.clone(), scenarios));
            }
        }
        for (context, aggregate, scenarios) in filled {
            let context = model.contexts.get_mut(&context);
            if let Some(aggregate) = context.and_then(|context| context.aggregates.get_mut(&aggregate)) {
                aggregate.scenarios = scenarios;
            }
        }
    }

    fn scenario(&mut self, mut scenario: Scenario, aggregate: &Aggregate, model: &Model) -> Scenario {
        let event = |name: &Name| model.event(name).and_then(|it| it.fields.as_deref());
        let command = |name: &Name| model.command(name).and_then(|it| it.fields.as_deref());
        for (name, data) in &mut scenario.given {
            self.data_of(data, event(name), true, &model.types);
        }
        if let Some((name, data)) = &mut scenario.when {
            self.data_of(data, command(name), true, &model.types);
        }
        for outcome in &mut scenario.then {
            if let Outcome::Event(name, Some(data)) = outcome {
                self.data_of(data, event(name), false, &model.types);
            }
        }
        if let Some(state) = &mut scenario.state {
            self.data_of(state, Some(&aggregate.state), false, &model.types);
        }
        self.check_refusals(&scenario, aggregate, model);
        scenario
    }

    /// Reads scenario data with its type: a whole record, or some members of one, of which `null` says that there is none.
    fn data_of(&mut self, data: &mut Spanned<Value>, fields: Option<&[Field]>, whole: bool, types: &Types) {
        let (Some(literal), Some(fields)) = (self.scenario_data.remove(&data.span), fields) else { return };
        if whole {
            data.value = expr::payload(&literal, fields, types, &mut self.diagnostics).unwrap_or(Value::Null);
            return;
        }
        // What has a default may be missing, and is no less required to have a value where it is given.
        let part = |field: &Field| match field.presence {
            Presence::Required => Field { presence: Presence::Default(Value::Null), ..field.clone() },
            _ => field.clone(),
        };
        let fields: Vec<Field> = fields.iter().map(part).collect();
        let Some(Value::Record(mut members)) = expr::payload(&literal, &fields, types, &mut self.diagnostics) else {
            return;
        };
        if let ExprKind::Record(written) = &literal.kind {
            let absent = written.iter().filter(|(_, value)| value.as_value() == Some(Value::Null));
            let absent: Vec<&String> = absent.map(|((name, _), _)| name).collect();
            let left_out = absent.into_iter().filter(|name| members.iter().all(|(known, _)| known != *name));
            let left_out: Vec<(String, Value)> = left_out.map(|name| (name.clone(), Value::Null)).collect();
            members.extend(left_out);
        }
        data.value = Value::Record(members);
    }

    /// What a scenario says is refused must be a condition of the command or an invariant.
    fn check_refusals(&mut self, scenario: &Scenario, aggregate: &Aggregate, model: &Model) {
        let command = scenario.when.as_ref().and_then(|(name, _)| model.command(name));
        let events = || aggregate.events.iter().map(String::as_str);
        for outcome in &scenario.then {
            if let Outcome::Refused(name) = outcome {
                let conditions = command.iter().flat_map(|it| it.requires.keys()).chain(aggregate.invariants.keys());
                let known = conditions.map(String::as_str);
                // An event without its data may stand here too.
                if !known.clone().chain(events()).any(|it| it == name.value) {
                    self.unknown("condition or event", name, known.chain(events()));
                }
            }
        }
    }
}
