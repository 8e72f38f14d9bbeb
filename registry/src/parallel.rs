//! Work on many items over the cores of the machine. There is no pool: threads last for one call.

use std::thread;

/// `each` of all items, in their order. Few items stay on the calling thread.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let size = items.len().div_ceil(cores).max(32);
    if items.len() <= size {
        return items.iter().map(each).collect();
    }
    let each = &each;
    thread::scope(|scope| {
        let run = |chunk: &'_ [T]| -> Vec<R> { chunk.iter().map(each).collect() };
        let threads: Vec<_> = items.chunks(size).map(|chunk| scope.spawn(move || run(chunk))).collect();
        // A panic of a thread is one of the caller.
        threads.into_iter().flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
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
