//! What tables that are checked while compiling need, and what `core` has in no constant form. Nothing runs later.

/// Whether `a == b`.
pub(crate) const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
