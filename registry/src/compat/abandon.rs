//! Decisions that nobody waits for any more. The engine asks now and then whether that is so, and then spends what is left of its steps at
//! once: its answer is `unknown`, and goes to nobody. Without somebody who may leave, an answer never depends on the machine.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

thread_local! {
    static LEFT: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Puts back what was there before, also after a panic.
struct Before(Option<Arc<AtomicBool>>);

impl Drop for Before {
    fn drop(&mut self) {
        LEFT.replace(self.0.take());
    }
}

/// Decides something on this thread for somebody who may leave meanwhile, which `left` tells.
pub fn unless_left<T>(left: Arc<AtomicBool>, decide: impl FnOnce() -> T) -> T {
    within(Some(left), decide)
}

/// Decides something for the same one as another thread does.
pub(super) fn within<T>(left: Option<Arc<AtomicBool>>, decide: impl FnOnce() -> T) -> T {
    let _before = Before(LEFT.replace(left));
    decide()
}

/// What tells whether the one has left for whom this thread decides.
pub(super) fn who() -> Option<Arc<AtomicBool>> {
    LEFT.with_borrow(Clone::clone)
}

/// Whether the one has left for whom this thread decides.
#[must_use]
pub fn is_left() -> bool {
    LEFT.with_borrow(|left| left.as_ref().is_some_and(|left| left.load(Ordering::Relaxed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::documents::{Content, Mode, Verdict, judge};
    use serde_json::{Value, json};

    /// Schemas that take many steps: each property may be either of two things.
    fn hard(limit: u32) -> Value {
        let either =
            |at: u32| json!({ "anyOf": [{ "required": [format!("a{at}")] }, { "required": [format!("b{at}")] }] });
        let property = |at: u32| (format!("a{at}"), json!({ "type": "integer", "minimum": at, "maximum": limit }));
        json!({
            "type": "object", "allOf": (0..7).map(either).collect::<Vec<_>>(),
            "properties": (0..7).map(property).collect::<serde_json::Map<_, _>>(),
        })
    }

    #[test]
    fn who_has_left_is_not_decided_for() {
        let decide = || judge(&hard(90), &hard(100), Mode::Backward, Content::Strict).unwrap().verdict;
        assert_eq!(decide(), Verdict::Compatible);
        assert_eq!(unless_left(Arc::default(), decide), Verdict::Compatible);
        assert_eq!(unless_left(Arc::new(AtomicBool::new(true)), decide), Verdict::Unknown);
        assert!(
            !is_left()
                && std::panic::catch_unwind(|| unless_left(Arc::new(AtomicBool::new(true)), || panic!())).is_err()
        );
        assert!(!is_left(), "the next one is somebody else");
    }
}
