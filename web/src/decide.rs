//! Decisions that may take long (compatibility, checking a workspace) run on threads of their own, with deep stacks, so that no
//! schema that is made to be slow holds up other requests. At most so many wait; more are told to come back.

use crate::failure::Failure;
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tokio::sync::oneshot;

/// Schemas nest as deeply as JSON may. Only what is used of it becomes memory.
const STACK: usize = 64 << 20;
/// How many may wait.
const WAITING: usize = 256;

type Job = Box<dyn FnOnce() + Send>;

/// The threads. A clone has the same ones; they end with the last.
#[derive(Clone, Debug)]
pub(crate) struct Decider {
    jobs: SyncSender<Job>,
}

impl Decider {
    /// Starts one thread fewer than the machine has cores, so that one is left for requests, but at least one.
    ///
    /// # Errors
    /// When the system has no threads left.
    pub(crate) fn start() -> io::Result<Decider> {
        let (jobs, receiver) = sync_channel(WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for number in 1..cores.max(2) {
            let receiver = Arc::clone(&receiver);
            thread::Builder::new().name(format!("decide-{number}")).stack_size(STACK).spawn(move || work(&receiver))?;
        }
        Ok(Decider { jobs })
    }

    /// Runs a job on one of the threads. One that nobody waits for any more before it began is not begun.
    ///
    /// # Errors
    /// 503 where too many wait; 500 for one that panicked.
    pub(crate) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let (answer, answered) = oneshot::channel();
        let job = move || {
            if !answer.is_closed() {
                // Whoever asked may be gone by the time it is answered.
                let _ = answer.send(job());
            }
        };
        self.jobs.try_send(Box::new(job)).map_err(|error| match error {
            TrySendError::Full(_) => Failure::unavailable("too many checks wait; try again"),
            TrySendError::Disconnected(_) => Failure::internal("the deciding threads are gone"),
        })?;
        answered.await.map_err(|_| Failure::internal("a decision panicked"))
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The job's channel is dropped with it, which its caller sees.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("a decision panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_panics_is_a_failure_and_the_next_one_runs() {
        let decider = Decider::start().unwrap();
        for _ in 0..8 {
            let failure = decider.run::<()>(|| panic!("on purpose")).await.unwrap_err();
            assert_eq!(failure.status.as_u16(), 500);
        }
        assert_eq!(decider.run(|| 1 + 1).await.unwrap(), 2);
    }
}
