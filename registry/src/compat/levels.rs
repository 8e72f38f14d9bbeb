//! What the level of a subject asks of a new version: which of the versions before it count, and which way payloads travel between
//! it and them. Deciding it is [`super::documents`]'.

use super::documents::Mode;
use crate::store::Level;

/// Which directions must hold between a new version and each that counts; none where nothing is asked.
#[must_use]
pub fn mode(level: Level) -> Option<Mode> {
    match level {
        Level::None => None,
        Level::Backward | Level::BackwardTransitive => Some(Mode::Backward),
        Level::Forward | Level::ForwardTransitive => Some(Mode::Forward),
        Level::Full | Level::FullTransitive => Some(Mode::Full),
    }
}

/// The versions that count, of all before the new one, oldest first.
#[must_use]
pub fn counting<T>(level: Level, before: &[T]) -> &[T] {
    match level {
        Level::None => &[],
        Level::Backward | Level::Forward | Level::Full => &before[before.len().saturating_sub(1)..],
        Level::BackwardTransitive | Level::ForwardTransitive | Level::FullTransitive => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_ask_for_directions_and_versions() {
        let asked = Level::ALL.iter().map(|level| (level.name(), mode(*level), counting(*level, &[1, 2, 3])));
        let expected: [(&str, Option<Mode>, &[i32]); 7] = [
            ("NONE", None, &[]),
            ("BACKWARD", Some(Mode::Backward), &[3]),
            ("BACKWARD_TRANSITIVE", Some(Mode::Backward), &[1, 2, 3]),
            ("FORWARD", Some(Mode::Forward), &[3]),
            ("FORWARD_TRANSITIVE", Some(Mode::Forward), &[1, 2, 3]),
            ("FULL", Some(Mode::Full), &[3]),
            ("FULL_TRANSITIVE", Some(Mode::Full), &[1, 2, 3]),
        ];
        assert_eq!(asked.collect::<Vec<_>>(), expected);
        assert!(Level::ALL.iter().all(|level| counting::<i32>(*level, &[]).is_empty()));
    }
}
