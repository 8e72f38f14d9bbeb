//! Hooks as text: the trait that asks for them, so that one which is not written is a compile error, and the test that runs them
//! on the examples of the version they read.

use super::{
    hop::Written,
    names::snake,
    plan::MajorPlan,
    text::{Code, quoted},
};
use isobar_model::{Version, model::Name};

/// A way of which some values are hooks.
pub(super) struct Hooked<'t> {
    /// What goes this way, in words: `the upgrade of `sales.OrderPlaced` from v1.1 to v2.0`.
    pub(super) way: String,
    /// The trait, in the module where it stands.
    pub(super) name: &'t str,
    /// The module, outermost first.
    pub(super) module: &'t [String],
    /// The struct that is read, as code in the module.
    pub(super) old: String,
}

/// Writes the trait.
pub(super) fn ask(hooked: &Hooked<'_>, written: &Written, code: &mut Code) {
    if written.hooks.is_empty() {
        return;
    }
    let path = format!("{}::{}", hooked.module.join("::"), hooked.name);
    code.gap();
    code.doc(None, &format!("What {} leaves to Rust.", hooked.way));
    code.line("///");
    code.line("/// Implement it for the type `Hooks` that stands beside the modules of the contexts.");
    code.open("#[diagnostic::on_unimplemented(");
    code.line(format!("message = {},", quoted(&format!("the hooks of {} are not written", hooked.way))));
    code.line(format!("note = {}", quoted(&format!("write `impl {path} for Hooks` beside the generated modules"))));
    code.close(")]");
    code.block(format!("pub trait {}", hooked.name), |code| {
        for (i, (name, result)) in written.hooks.iter().enumerate() {
            if i > 0 {
                code.line("");
            }
            code.doc(None, &format!("The hook `fn({name})`. What it gives is checked as data is."));
            code.line("///");
            code.line("/// # Errors");
            code.line("/// Old data that it makes nothing of, as `UpcastError::Hook`.");
            let result = format!("::core::result::Result<{result}, ::isobar::UpcastError>");
            code.line(format!("fn {}(old: &{}) -> {result};", snake(name), hooked.old));
        }
    });
}

/// A way to be tested: its name, and code for the structs and versions at both ends.
pub(super) struct Tested<'t> {
    pub(super) test: String,
    pub(super) event: &'t Name,
    pub(super) from: (&'t MajorPlan<'t>, String),
    pub(super) to: (Version, String),
}

/// Writes the test that takes the examples along the way.
pub(super) fn test(tested: &Tested<'_>, code: &mut Code) {
    let (from, old) = &tested.from;
    let (to, new) = &tested.to;
    let name = quoted(&tested.event.to_string());
    code.gap();
    code.line("#[test]");
    let result = "::core::result::Result<(), ::isobar::DecodeError>";
    code.block(format!("fn {}() -> {result}", tested.test), |code| {
        code.open("let examples = [");
        for (at, json) in &from.examples {
            code.line(format!("({}, {}),", version(*at), quoted(json)));
        }
        code.close("];");
        code.block("for (version, example) in examples", |code| {
            code.line(format!("let old: {old} = ::isobar::decode_payload({name}, version, example.as_bytes())?;"));
            code.line(format!("let _: {new} = ::isobar::hop({name}, version, {}, old)?;", version(*to)));
        });
        code.line("Ok(())");
    });
}

/// A version as code.
pub(super) fn version(version: Version) -> String {
    format!("::isobar::Version::new({}, {})", version.major, version.minor)
}
