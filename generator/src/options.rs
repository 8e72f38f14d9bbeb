//! What a build script may wish beyond what the workspace says. Only data: the plan of the code applies it.

/// The wishes of a [`Generator`](crate::Generator). Paths are dotted names of the notation: `ordering`,
/// `ordering.OrderPlaced`, `ordering.LineItem.quantity`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Whether examples are tests of the documentation.
    pub(crate) doc_tests: bool,
    /// Pattern and attribute, for structs and enums.
    pub(crate) type_attributes: Vec<(String, String)>,
    /// Pattern and attribute, for fields, values of enums and branches.
    pub(crate) field_attributes: Vec<(String, String)>,
    /// The path of a named type, and the Rust type to use in its place.
    pub(crate) extern_paths: Vec<(String, String)>,
    /// The paths of fields and branches to box.
    pub(crate) boxed: Vec<String>,
    /// What aggregates implement besides.
    pub(crate) targets: Vec<Target>,
}

/// A framework whose traits the generated types implement, the enums of aggregates before all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Serde's `Serialize` and `Deserialize` for every type, through the same JSON: for frameworks that hand over payloads whole.
    /// The crate that includes the code must depend on `isobar` with its feature `serde`, as for all targets.
    Serde,
    /// `cqrs_es::DomainEvent`, for [cqrs-es](https://docs.rs/cqrs-es) 0.5, which the crate must depend on. Stored events say
    /// their version, and old ones are upcast when they are read: no `EventUpcaster` is needed.
    CqrsEs,
    /// `disintegrate::Event`, for [disintegrate](https://docs.rs/disintegrate) 4, which the crate must depend on. An aggregate's
    /// key is the domain identifier of every event that has it.
    Disintegrate,
}

/// Whether a pattern covers a path: it is that path or one above it, and `.` is above all.
pub(crate) fn covers(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix('.').unwrap_or(pattern);
    pattern.is_empty() || path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_pattern_covers_itself_and_what_is_below() {
        for pattern in [".", "a", ".a", "a.B", "a.B.c"] {
            assert!(covers(pattern, "a.B.c"), "{pattern}");
        }
        for pattern in ["b", "a.B.cd", "a.b", "a.B.c.d", "a.", ".."] {
            assert!(!covers(pattern, "a.B.c"), "{pattern}");
        }
    }
}
