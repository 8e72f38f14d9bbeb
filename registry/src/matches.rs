//! A type that is written by hand, compared with the released schema of its event: for a test beside the type. Both are JSON
//! Schema by then, and they are compared by what they accept and what they default to; words for people do not count.
//! Nothing here is called in production, and nothing decides what is compatible: a difference is a difference.

mod compare;
mod normal;
#[cfg(test)]
mod tests;

use crate::{
    Workspace,
    schema::{Subject, schema},
};
use isobar::{Event, JsonSchema, schemars::schema_for};
use isobar_model::{Version, diag};
use std::{fmt::Write, path::Path};

/// Where a type and the schema differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The value, such as `items[].quantity`; empty for the whole payload.
    pub path: String,
    /// What the schema says, and what the type does, in words.
    pub message: String,
}

/// Compares the type `T` with the schema of its event and version in the workspace in the folder `root`.
///
/// # Panics
/// With every difference, if there are any; or if the workspace has errors or knows no such event or version.
///
/// ```no_run
/// # #[derive(isobar::Event, isobar::JsonSchema)]
/// # #[event(name = "ordering.OrderPlaced", version = "v1.0")]
/// # struct OrderPlaced {}
/// #[test]
/// fn order_placed_is_as_released() {
///     isobar_registry::matches::assert_matches::<OrderPlaced>("schemas");
/// }
/// ```
#[track_caller]
pub fn assert_matches<T: Event + JsonSchema>(root: impl AsRef<Path>) {
    match differences::<T>(root.as_ref()) {
        Ok(differences) if differences.is_empty() => {}
        Ok(differences) => panic!("{}", report::<T>(&differences)),
        Err(message) => panic!("{message}"),
    }
}

/// What is different, sorted by path.
///
/// # Errors
/// Text for people, if the workspace has errors or knows no such event or version.
pub fn differences<T: Event + JsonSchema>(root: &Path) -> Result<Vec<Difference>, String> {
    let workspace = Workspace::open(root);
    if workspace.diagnostics.has_errors() {
        let findings = workspace.findings();
        return Err(diag::render(&findings, &workspace.sources, false));
    }
    let evolution = workspace.find(T::NAME).map_err(|_| {
        let known: Vec<String> = workspace.evolutions.keys().map(ToString::to_string).collect();
        format!("{} has no event {}; it has {}", root.display(), T::NAME, known.join(", "))
    })?;
    let version = Version::new(T::VERSION.major, T::VERSION.minor);
    let known = evolution.version(version).ok_or_else(|| {
        let known: Vec<String> = evolution.versions.iter().map(|known| known.version.to_string()).collect();
        format!("{} has no version {version}; it has {}", T::NAME, known.join(", "))
    })?;
    let name = workspace.model.name.clone();
    let subject = Subject::event(&name, &known.name, known.version, &known.event, &known.types)
        .ok_or_else(|| format!("{} {version} is a sketch without fields", T::NAME))?;
    let released = serde_json::from_str(&schema(&subject).pretty()).map_err(|error| error.to_string())?;
    Ok(compare::compare(&released, schema_for!(T).as_value()))
}

/// The differences as people read them.
pub fn report<T: Event + JsonSchema>(differences: &[Difference]) -> String {
    let mut text = format!("`{}` is not {} {} as it was released:\n", T::schema_name(), T::NAME, T::VERSION);
    for Difference { path, message } in differences {
        let path = if path.is_empty() { "payload" } else { path };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {path}: {message}");
    }
    text
}
