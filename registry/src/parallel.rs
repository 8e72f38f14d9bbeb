//! Work on many items over the cores of the machine. There is no pool: threads last for one call.

use std::{panic::resume_unwind, sync::OnceLock, thread};

/// `each` of all items, in their order. Few items stay on the calling thread.
pub(crate) fn in_parallel<T: Sync, R: Send + Sync>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let results: Vec<OnceLock<R>> = items.iter().map(|_| OnceLock::new()).collect();
    all(items.len(), &|at| _ = results[at].set(each(&items[at])));
    // All of them are there: a thread that does not come to its end panics, and so does the caller.
    results.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// Compiled once, whatever the items are.
fn all(count: usize, each: &(dyn Fn(usize) + Sync)) {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let size = count.div_ceil(cores).max(32);
    if count <= size {
        return (0..count).for_each(each);
    }
    thread::scope(|scope| {
        let run = |from: usize| move || (from..count.min(from + size)).for_each(each);
        let threads: Vec<_> = (0..count).step_by(size).map(|from| scope.spawn(run(from))).collect();
        threads.into_iter().for_each(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order() {
        for n in [0, 1, 32, 33, 1000] {
            let items: Vec<usize> = (0..n).collect();
            assert_eq!(in_parallel(&items, |i| i * 2), items.iter().map(|i| i * 2).collect::<Vec<_>>());
        }
    }
}
