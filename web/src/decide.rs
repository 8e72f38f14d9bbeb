//! Decisions that may take long (compatibility, checking a workspace) run on threads of their own, with deep stacks, so that no
//! schema that is made to be slow holds up other requests. Callers take turns, so that nobody waits for all that another one asks; at most so
//! many decisions wait, and who asks for more is told to come back. What nobody waits for any more is not begun, and soon over.

use crate::failure::Failure;
use isobar_registry::compat::abandon;
use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};
use tokio::sync::oneshot;

/// Schemas nest as deeply as JSON may. Only what is used of it becomes memory.
const STACK: usize = 64 << 20;
/// How many decisions of one caller may wait.
const SHARE: usize = 128;
/// How many may wait in all.
const WAITING: usize = 1024;

/// A decision that waits.
struct Job {
    /// Whether whoever asked has left.
    left: Arc<AtomicBool>,
    decide: Box<dyn FnOnce() + Send>,
}

/// For whom a decision is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Who {
    /// The holder of the token of this number.
    Token(i64),
    /// Somebody without a token at this address.
    Address(IpAddr),
    /// Nobody that is known.
    #[default]
    Unknown,
}

tokio::task_local! {
    /// For whom this request is.
    static FOR: Who;
}

/// Answers a request, whose decisions are for this caller.
pub(crate) async fn on_behalf<F: Future>(who: Who, answer: F) -> F::Output {
    FOR.scope(who, answer).await
}

/// What waits to be decided, by caller; the one whose turn is next comes first.
#[derive(Default)]
struct Waiting {
    callers: VecDeque<(Who, VecDeque<Job>)>,
    count: usize,
    over: bool,
}

impl Waiting {
    /// Whether there is room for one more.
    fn take(&mut self, who: Who, job: Job) -> bool {
        if !self.has_room(who) {
            // Perhaps there is without those that nobody waits for.
            self.callers.iter_mut().for_each(|(_, jobs)| jobs.retain(|job| !job.left.load(Ordering::Relaxed)));
            self.callers.retain(|(_, jobs)| !jobs.is_empty());
            self.count = self.callers.iter().map(|(_, jobs)| jobs.len()).sum();
            if !self.has_room(who) {
                return false;
            }
        }
        self.count += 1;
        match self.callers.iter_mut().find(|(caller, _)| *caller == who) {
            Some((_, jobs)) => jobs.push_back(job),
            None => self.callers.push_back((who, VecDeque::from([job]))),
        }
        true
    }

    fn has_room(&self, who: Who) -> bool {
        let own = self.callers.iter().find(|(caller, _)| *caller == who);
        self.count < WAITING && own.is_none_or(|(_, jobs)| jobs.len() < SHARE)
    }

    fn next(&mut self) -> Option<Job> {
        let (who, mut jobs) = self.callers.pop_front()?;
        let job = jobs.pop_front();
        if !jobs.is_empty() {
            self.callers.push_back((who, jobs));
        }
        self.count -= usize::from(job.is_some());
        job
    }
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    /// Nothing panics while it is locked.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The threads. They end with it.
pub(crate) struct Decider(Arc<Queue>);

impl Drop for Decider {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.changed.notify_all();
    }
}

/// Says that somebody has left, when it is dropped.
struct Leaves(Arc<AtomicBool>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Decider {
    /// Starts one thread fewer than the machine has cores, so that one is left for requests, but at least one.
    ///
    /// # Errors
    /// When the system has no threads left.
    pub(crate) fn start() -> io::Result<Decider> {
        let decider = Decider(Arc::default());
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for number in 1..cores.max(2) {
            let queue = Arc::clone(&decider.0);
            thread::Builder::new().name(format!("decide-{number}")).stack_size(STACK).spawn(move || work(&queue))?;
        }
        Ok(decider)
    }

    /// Runs a job on one of the threads, for whom the request is. Once this is dropped, as for a request that took too long or whose caller
    /// is gone, the job is not begun, and the engine that decides gives up soon.
    ///
    /// # Errors
    /// 503 where too many wait; 500 for one that panicked.
    pub(crate) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let (answer, answered) = oneshot::channel();
        let left = Arc::<AtomicBool>::default();
        let _leaves = Leaves(Arc::clone(&left));
        let told = Arc::clone(&left);
        let decide = move || {
            if !told.load(Ordering::Relaxed) {
                // Whoever asked may be gone by the time it is answered.
                let _ = answer.send(abandon::unless_left(told, job));
            }
        };
        let who = FOR.try_with(|who| *who).unwrap_or_default();
        if !self.0.lock().take(who, Job { left, decide: Box::new(decide) }) {
            return Err(Failure::unavailable("too many checks wait; try again"));
        }
        self.0.changed.notify_one();
        answered.await.map_err(|_| Failure::internal("a decision panicked"))
    }

    /// Drops what is large on one of the threads: to take it apart takes as long as it took to make it.
    pub(crate) fn part_with(&self, large: impl Send + 'static) {
        let who = FOR.try_with(|who| *who).unwrap_or_default();
        let job = Job { left: Arc::default(), decide: Box::new(move || drop(large)) };
        // Where too many wait it is dropped here.
        if self.0.lock().take(who, job) {
            self.0.changed.notify_one();
        }
    }
}

#[cfg(test)]
impl Decider {
    /// How many decisions wait, and how many of them for nobody.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        let waiting = self.0.lock();
        let jobs = || waiting.callers.iter().flat_map(|(_, jobs)| jobs);
        (jobs().count(), jobs().filter(|job| job.left.load(Ordering::Relaxed)).count())
    }

    /// Holds all threads, until what is given is dropped.
    pub(crate) async fn hold(app: &crate::App) -> std::sync::mpsc::Sender<()> {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let threads = thread::available_parallelism().map_or(1, usize::from).max(2) - 1;
        let begun = Arc::new(tokio::sync::Semaphore::new(0));
        for _ in 0..threads {
            let (app, held, begun) = (app.clone(), Arc::clone(&held), Arc::clone(&begun));
            let wait = move || {
                begun.add_permits(1);
                held.lock().unwrap_or_else(PoisonError::into_inner).recv().is_err()
            };
            tokio::spawn(async move { app.decider.run(wait).await });
        }
        let all = begun.acquire_many(u32::try_from(threads).unwrap_or(1)).await;
        all.expect("it is never closed").forget();
        hold
    }
}

fn work(queue: &Queue) {
    let mut waiting = queue.lock();
    loop {
        if let Some(job) = waiting.next() {
            drop(waiting);
            // The job's channel is dropped with it, which its caller sees.
            if catch_unwind(AssertUnwindSafe(job.decide)).is_err() {
                tracing::error!("a decision panicked");
            }
            waiting = queue.lock();
        } else if waiting.over {
            return;
        } else {
            waiting = queue.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{App, Options};
    use isobar_registry::store::Store;
    use std::time::Duration;
    use tokio::time::timeout;

    async fn app() -> App {
        App::new(Store::open("sqlite::memory:").await.unwrap(), Options::default()).unwrap()
    }

    #[tokio::test]
    async fn a_job_that_panics_is_a_failure_and_the_next_one_runs() {
        let decider = Decider::start().unwrap();
        for _ in 0..8 {
            let failure = decider.run::<()>(|| panic!("on purpose")).await.unwrap_err();
            assert_eq!(failure.status.as_u16(), 500);
        }
        assert_eq!(decider.run(|| 1 + 1).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn what_is_large_is_taken_apart_on_one_of_the_threads() {
        struct Tells(Option<oneshot::Sender<Option<String>>>);
        impl Drop for Tells {
            fn drop(&mut self) {
                self.0.take().unwrap().send(thread::current().name().map(str::to_owned)).unwrap();
            }
        }
        let (tell, told) = oneshot::channel();
        Decider::start().unwrap().part_with(Tells(Some(tell)));
        assert!(told.await.unwrap().unwrap().starts_with("decide-"));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_begun() {
        let app = app().await;
        let (decider, hold) = (&app.decider, Decider::hold(&app).await);
        let begun = Arc::new(AtomicBool::default());
        let begin = Arc::clone(&begun);
        let waited = timeout(Duration::from_millis(20), decider.run(move || begin.store(true, Ordering::SeqCst))).await;
        assert!(waited.is_err());
        drop(hold);
        assert_eq!(decider.run(|| 1).await.unwrap(), 1, "what came later");
        assert!(!begun.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn what_was_begun_learns_that_nobody_waits() {
        let decider = Decider::start().unwrap();
        let (learnt, learns) = oneshot::channel();
        let job = move || {
            while !abandon::is_left() {
                thread::yield_now();
            }
            let _ = learnt.send(());
        };
        assert!(timeout(Duration::from_millis(20), decider.run(job)).await.is_err());
        timeout(Duration::from_secs(60), learns).await.expect("it is over soon").unwrap();
    }

    #[tokio::test]
    async fn who_asks_for_much_waits_for_himself() {
        let app = app().await;
        let hold = Decider::hold(&app).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let ask = |who: Who, number: usize| {
            let (app, order) = (app.clone(), Arc::clone(&order));
            tokio::spawn(on_behalf(who, async move {
                app.decider
                    .run(move || order.lock().unwrap().push((who, number)))
                    .await
                    .map_err(|it| it.status.as_u16())
            }))
        };
        let mut asked = Vec::new();
        for number in 0..=SHARE {
            asked.push(ask(Who::Token(1), number));
            tokio::task::yield_now().await;
        }
        assert_eq!(asked.pop().unwrap().await.unwrap(), Err(503), "that is one too many");
        // Those who left make room.
        asked.pop().unwrap().abort();
        tokio::task::yield_now().await;
        asked.push(ask(Who::Token(1), SHARE));
        tokio::task::yield_now().await;
        asked.push(ask(Who::Token(2), 0));
        tokio::task::yield_now().await;
        drop(hold);
        for it in asked {
            it.await.unwrap().unwrap();
        }
        let order = order.lock().unwrap();
        let second = order.iter().position(|(who, _)| *who == Who::Token(2)).unwrap();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        assert!(second <= 2 * threads, "one who asks once came {second}th of {}", order.len());
    }
}
