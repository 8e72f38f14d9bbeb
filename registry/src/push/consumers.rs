//! Consumers in a workspace and in a store: what a workspace says of them becomes what is pushed, and what others told a store joins
//! the workspace. Nowhere else do the two meet, so that everybody who asks either of them is told the same.

use crate::{Evolution, Workspace, store};
use isobar_model::{
    Model, Spanned,
    model::{Consumer, Name},
};
use std::collections::HashSet;

/// What a workspace says that consumers accept.
pub(super) fn named(model: &Model) -> Vec<store::Consumer> {
    let mut named: Vec<store::Consumer> = Vec::new();
    for it in model.consumers.values() {
        let mut events = HashSet::new();
        for (Spanned { value: event, .. }, range) in &it.accepts {
            // Of an event that is named in two ways, what is said first holds everywhere.
            if events.insert(event) {
                named.push(store::Consumer {
                    name: it.name.value.clone(),
                    context: event.context.clone(),
                    message: event.name.clone(),
                    accepts: range.value,
                    owner: it.owner.as_ref().map(|owner| owner.value.clone()),
                    workspace: Some(model.name.clone()),
                });
            }
        }
    }
    named
}

/// Adds to a workspace what others say of those who read its events. Where the workspace itself says it, that holds.
pub fn join(workspace: &mut Workspace, told: &[store::Consumer]) {
    let own = workspace.model.name.clone();
    for it in told.iter().filter(|it| it.workspace.as_ref() != Some(&own)) {
        let event = Name { context: it.context.clone(), name: it.message.clone() };
        // It stands in no file; the event is what it is about.
        let Some(span) = workspace.evolutions.get(&event).and_then(Evolution::newest).map(|it| it.event.name.span)
        else {
            continue;
        };
        let accepts = (Spanned::new(event, span), Spanned::new(it.accepts, span));
        let owner = it.owner.clone().map(|owner| Spanned::new(owner, span));
        match workspace.model.consumers.get_mut(it.name.as_str()) {
            Some(known) => {
                // Not everything that is told of a consumer says who owns it.
                known.owner = known.owner.take().or(owner);
                if known.accepts.iter().all(|(event, _)| *event != accepts.0) {
                    known.accepts.push(accepts);
                }
            }
            None => {
                let consumer = Consumer {
                    name: Spanned::new(it.name.clone(), span),
                    doc: None,
                    owner,
                    reads: Vec::new(),
                    offset: None,
                    delivery: None,
                    idempotent: None,
                    retry: None,
                    dlq: None,
                    accepts: vec![accepts],
                    needs: Vec::new(),
                };
                workspace.model.consumers.insert(it.name.clone(), consumer);
            }
        }
    }
}
