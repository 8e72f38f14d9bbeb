//! Registrations that wait are gathered into one job, which costs an engine less than a job for each: it is taken up once, and its
//! statements are run for many rows. Every one is answered for itself, and none before the commit.

use super::{
    Error, Registered, Registration,
    add::register,
    sql::Sql,
    work::{Engine, Job, Lane},
};
use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// How many are in one job at most, which bounds how long the first waits for the last.
const MOST: usize = 256;

type Asked = (String, Registration);
type Reply = oneshot::Sender<Result<Registered, Error>>;

/// Those that wait. For every [`MOST`] of them, or fewer, a job is on its way.
#[derive(Debug, Default)]
pub(crate) struct Gathering(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    asked: Vec<Asked>,
    replies: Vec<Reply>,
}

impl Gathering {
    /// Registers with those that wait.
    pub(crate) async fn register(
        self: &Arc<Self>,
        engine: &dyn Engine,
        by: &str,
        registration: Registration,
    ) -> Result<Registered, Error> {
        let (reply, answer) = oneshot::channel();
        let begins = {
            let mut waiting = self.lock();
            waiting.asked.push((by.to_owned(), registration));
            waiting.replies.push(reply);
            waiting.replies.len() % MOST == 1
        };
        if begins {
            let gathering = Arc::clone(self);
            let job = Together { gathering, taken: false, asked: Vec::new(), replies: Vec::new(), outcome: None };
            engine.submit(Lane::Write, Box::new(job)).await;
        }
        answer.await.unwrap_or_else(|_| Err(Error::Unavailable("the store has stopped".into())))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The job.
struct Together {
    gathering: Arc<Gathering>,
    taken: bool,
    asked: Vec<Asked>,
    replies: Vec<Reply>,
    outcome: Option<Result<Vec<Result<Registered, Error>>, Error>>,
}

impl Together {
    /// Takes those that wait: once, as it may be run again.
    fn take(&mut self) {
        if !mem::replace(&mut self.taken, true) {
            let mut waiting = self.gathering.lock();
            let rest = waiting.replies.len().min(MOST);
            let (asked, replies) = (waiting.asked.split_off(rest), waiting.replies.split_off(rest));
            self.asked = mem::replace(&mut waiting.asked, asked);
            self.replies = mem::replace(&mut waiting.replies, replies);
        }
    }
}

impl Job for Together {
    fn count(&self) -> usize {
        if self.taken { self.replies.len() } else { self.gathering.lock().replies.len().min(MOST) }
    }

    fn run<'a>(&'a mut self, sql: &'a mut dyn Sql) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            self.take();
            let outcome = register(sql, &self.asked).await;
            let worked = outcome.is_ok();
            self.outcome = Some(outcome);
            worked
        })
    }

    fn answer(mut self: Box<Self>, fate: Result<(), Error>) {
        self.take();
        let replies = mem::take(&mut self.replies);
        let outcome = self.outcome.take().unwrap_or_else(|| Err(Error::Unavailable("it was not run".into())));
        match fate.and(outcome) {
            // Whoever asked may have gone; what was written is written all the same.
            Ok(answers) => replies.into_iter().zip(answers).for_each(|(reply, answer)| drop(reply.send(answer))),
            Err(error) => replies.into_iter().for_each(|reply| drop(reply.send(Err(error.clone())))),
        }
    }
}

impl Drop for Together {
    /// Those of a job that is not run wait for nothing, which they notice.
    fn drop(&mut self) {
        self.take();
    }
}
