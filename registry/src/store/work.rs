//! What is asked of an engine: a job, which can be run again until it is committed, and which answers only then. An engine may
//! put many writes into one transaction, of which one that fails must leave nothing; it must answer none of them before the commit.

use super::{
    Error,
    sql::{Boxed, Sql},
};
use std::{future::Future, pin::Pin};
use tokio::sync::oneshot;

/// How a job is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Alone among writes: it sees all earlier writes, and no write happens beside it.
    Write,
    /// On a snapshot: all its statements see the same state, and it writes nothing.
    Snapshot,
    /// A single statement that reads.
    Glance,
}

/// A database.
pub(crate) trait Engine: Send + Sync + std::fmt::Debug {
    /// Runs a job. Its answer may come later than the future's end.
    fn submit<'a>(&'a self, lane: Lane, job: Box<dyn Job>) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
}

/// Something to do in a transaction.
pub(crate) trait Job: Send {
    /// Does it, and says whether it worked: if not, what it wrote must be undone.
    fn run<'a>(&'a mut self, sql: &'a mut dyn Sql) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    /// How many wait for its answer.
    fn count(&self) -> usize {
        1
    }
    /// Answers: with what `run` found, if that was committed, else with the reason why not.
    fn answer(self: Box<Self>, fate: Result<(), Error>);
}

/// An operation: a function, so that it can be run again, of what it was asked.
pub(crate) type Operation<A, T> = for<'a> fn(&'a mut dyn Sql, &'a A) -> Boxed<'a, T>;

struct Work<A, T> {
    input: A,
    operation: Operation<A, T>,
    outcome: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<A: Send + Sync, T: Send> Job for Work<A, T> {
    fn run<'a>(&'a mut self, sql: &'a mut dyn Sql) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let outcome = (self.operation)(sql, &self.input).await;
            let worked = outcome.is_ok();
            self.outcome = Some(outcome);
            worked
        })
    }

    fn answer(self: Box<Self>, fate: Result<(), Error>) {
        let outcome = match (fate, self.outcome) {
            (Err(error), _) => Err(error),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Error::Unavailable("the operation was not run".into())),
        };
        // Whoever asked may have gone; what was written is written all the same.
        let _ = self.reply.send(outcome);
    }
}

/// Runs an operation on an engine and waits for its answer.
pub(crate) async fn run<A, T>(engine: &dyn Engine, lane: Lane, input: A, operation: Operation<A, T>) -> Result<T, Error>
where
    A: Send + Sync + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    engine.submit(lane, Box::new(Work { input, operation, outcome: None, reply })).await;
    answer.await.unwrap_or_else(|_| Err(Error::Unavailable("the store has stopped".into())))
}
