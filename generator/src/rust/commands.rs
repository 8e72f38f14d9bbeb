//! What a command implements beside its reading and writing.

use super::{
    plan::{ItemId, Plan},
    text::{Code, quoted},
};
use isobar_model::model::{Command, Name};

/// Writes `impl Command`.
pub(super) fn command(plan: &Plan<'_>, context: &str, item: ItemId, command: &Command, code: &mut Code) {
    let name = Name { context: context.to_owned(), name: command.name.value.clone() };
    code.gap();
    code.block(format!("impl ::isobar::Command for {}", plan.items[item].ident), |code| {
        code.line(format!("const NAME: &'static str = {};", quoted(&name.to_string())));
        code.line(format!(
            "const WIRE_NAME: &'static str = {};",
            quoted(command.wire.as_ref().map_or(&command.name.value, |wire| &wire.value))
        ));
        aggregate(command.aggregate.as_deref(), code);
    });
}

/// The aggregate of a command or an event, where it has one.
pub(super) fn aggregate(aggregate: Option<&str>, code: &mut Code) {
    if let Some(name) = aggregate {
        let ty = "::core::option::Option<&'static str>";
        code.line(format!("const AGGREGATE: {ty} = ::core::option::Option::Some({});", quoted(name)));
    }
}
