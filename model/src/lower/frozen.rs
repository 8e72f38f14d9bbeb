//! One released version: a file of the history. It is the notation itself, with the types that the event reaches beside it,
//! so that it means the same whatever becomes of the rest of the workspace.

use super::{message::sketch_event, reader::Cx};
use crate::{
    diag::{Diagnostic, Diagnostics, codes},
    model::{Event, Name},
    parse,
    shape::{TypeName, Types},
    source::{FileId, Sources, Spanned},
    table::Table,
    version::Version,
};

/// A released version of an event.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The event.
    pub name: Spanned<Name>,
    /// The version.
    pub version: Spanned<Version>,
    /// The types that it reaches, as they were. Keys are qualified; bare names in the file are of the event's context.
    pub types: Types,
    /// The event as it was: its shape, its upgrade and downgrade, its examples; not what it does to the state.
    pub event: Event,
}

/// Parses and lowers one file of the history. `None` if it says neither which event nor which version it is.
pub fn frozen(file: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Frozen> {
    let mut cx = Cx::default();
    let frozen = cx.frozen(file, sources);
    diagnostics.extend(cx.diagnostics);
    frozen
}

impl Cx {
    fn frozen(&mut self, file: FileId, sources: &Sources) -> Option<Frozen> {
        let node = parse::parse(file, sources, &mut self.diagnostics)?;
        let mut map = self.map(&node, "a released version")?;
        let name = map.need("event", self);
        let name = self.refer(name);
        self.context = name.as_ref().map(|name| name.context.clone()).unwrap_or_default();
        let own = name.as_ref().map_or_else(String::new, |name| name.name.clone());
        let span = name.as_ref().map_or(node.span, |name| name.span);
        let mut event = sketch_event(Spanned::new(own, span));
        let written = map.get("types").and_then(|n| self.members(n, "types")).unwrap_or_default();
        let mut types = Types(Table::with_capacity(written.len()));
        for (key, node) in written {
            let Some(name) = self.reference(&key.text, key.span) else { continue };
            let qualified = TypeName { context: name.value.context, name: name.value.name };
            if let Some(def) = self.type_def(Spanned::new(qualified.name.clone(), key.span), node) {
                types.0.insert(qualified, def);
            }
        }
        self.event_keys(&mut map, &mut event);
        if event.version.is_none() && map.get("version").is_none() {
            map.need("version", self);
        }
        map.finish(self);
        if let Some(fields) = &event.fields {
            self.check_references(fields, &types);
        } else if !event.dropped {
            let message = "a released version has `fields`";
            self.push(Diagnostic::new(&codes::MISSING_KEY, span, message));
        }
        for def in types.0.values() {
            self.check_shape(&def.shape, &types);
        }
        self.check_finite(&types);
        self.fill_frozen(&mut types, &mut event);
        event.sound = self.diagnostics.is_empty();
        Some(Frozen { name: name?, version: event.version.clone()?, types, event })
    }
}
