//! Walks over the fields and shapes of a model, so that each check is one closure.

use crate::{
    model::Model,
    shape::{Field, Shape, ShapeKind},
};
use std::sync::Arc;

/// Calls `visit` with the shape and everything inside it, references not followed.
pub(super) fn shapes<'a>(shape: &'a Shape, visit: &mut dyn FnMut(&'a Shape)) {
    visit(shape);
    match &shape.kind {
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => shapes(item, visit),
        ShapeKind::Record(fields) => fields.iter().for_each(|field| shapes(&field.shape, visit)),
        ShapeKind::Union(union) => union.branches.iter().for_each(|(_, shape)| shapes(shape, visit)),
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) | ShapeKind::Ref(_) => {}
    }
}

/// Calls `visit` with every field inside the shape.
pub(super) fn fields_of_mut(shape: &mut Shape, visit: &mut dyn FnMut(&mut Field)) {
    match &mut shape.kind {
        ShapeKind::List(item) | ShapeKind::Set(item) | ShapeKind::Map(item) => fields_of_mut(item, visit),
        ShapeKind::Record(fields) => fields_mut(fields, visit),
        ShapeKind::Union(union) => union.branches.iter_mut().for_each(|(_, shape)| fields_of_mut(shape, visit)),
        ShapeKind::Scalar(_) | ShapeKind::Enum(_) | ShapeKind::Ref(_) => {}
    }
}

/// Calls `visit` with each field and every field inside it.
pub(super) fn fields_mut(fields: &mut [Field], visit: &mut dyn FnMut(&mut Field)) {
    for field in fields {
        visit(field);
        fields_of_mut(&mut field.shape, visit);
    }
}

/// Every record of the model that is not a named type: messages, states and read models.
pub(super) fn records(model: &Model) -> impl Iterator<Item = &[Field]> {
    model.contexts.values().flat_map(|context| {
        let events = context.events.values().filter_map(|it| it.fields.as_deref());
        let commands = context.commands.values().filter_map(|it| it.fields.as_deref());
        let states = context.aggregates.values().map(|it| it.state.as_slice());
        let rows = context.read_models.values().map(|it| it.fields.as_slice());
        events.chain(commands).chain(states).chain(rows)
    })
}

/// Like [`records`], to be changed.
pub(super) fn records_mut(model: &mut Model) -> impl Iterator<Item = &mut [Field]> {
    model.contexts.values_mut().flat_map(|context| {
        let events = context.events.values_mut().filter_map(|it| Arc::make_mut(it).fields.as_deref_mut());
        let commands = context.commands.values_mut().filter_map(|it| it.fields.as_deref_mut());
        let states = context.aggregates.values_mut().map(|it| it.state.as_mut_slice());
        let rows = context.read_models.values_mut().map(|it| it.fields.as_mut_slice());
        events.chain(commands).chain(states).chain(rows)
    })
}
