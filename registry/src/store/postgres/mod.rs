//! A PostgreSQL that any number of servers share. No server leads: whoever writes first takes the row of the clock, and the others
//! wait for its commit. A server puts the writes that wait into one transaction, so that the turns are few.
//!
//! Only what CockroachDB has as well is used: rows are locked instead of advisory locks, and what is aborted for the sake of
//! another transaction is run again.

mod attempt;
mod connect;
mod tx;
mod writer;

use super::{
    Error,
    work::{Engine, Job, Lane},
};
use attempt::Attempts;
use deadpool_postgres::Pool;
use std::{future::Future, pin::Pin};
use tokio::sync::mpsc::{Sender, channel};
use tokio_postgres::IsolationLevel;
use tx::Tx;

/// How many writes may wait before those who ask must.
const QUEUE: usize = 1024;

/// An open PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Postgres {
    pool: Pool,
    write: Sender<Box<dyn Job>>,
}

impl Postgres {
    /// Connects, and brings the database to the newest layout.
    pub(crate) async fn open(url: &str) -> Result<Self, Error> {
        let pool = connect::pool(url)?;
        connect::migrate(&pool).await?;
        let (write, jobs) = channel(QUEUE);
        // It ends when the store is dropped, or with the runtime; either way the queue closes.
        drop(tokio::spawn(writer::serve(pool.clone(), jobs)));
        Ok(Postgres { pool, write })
    }

    async fn read(&self, lane: Lane, job: &mut dyn Job) -> Result<(), Error> {
        let mut attempts = Attempts::default();
        loop {
            match self.try_read(lane, job).await {
                Ok(()) => return Ok(()),
                Err(trouble) => attempts.again(trouble).await?,
            }
        }
    }

    async fn try_read(&self, lane: Lane, job: &mut dyn Job) -> Result<(), attempt::Trouble> {
        let mut client = self.pool.get().await?;
        if lane == Lane::Glance {
            let mut tx = Tx::over(&client);
            job.run(&mut tx).await;
            return tx.trouble();
        }
        let isolation = IsolationLevel::RepeatableRead;
        let transaction = client.build_transaction().read_only(true).isolation_level(isolation).start().await?;
        let mut tx = Tx::over(&transaction);
        job.run(&mut tx).await;
        tx.trouble()?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Engine for Postgres {
    fn submit<'a>(&'a self, lane: Lane, mut job: Box<dyn Job>) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            if lane == Lane::Write {
                // A job that cannot be sent is dropped, which whoever waits for its answer notices.
                drop(self.write.send(job).await);
            } else {
                let fate = self.read(lane, &mut *job).await;
                job.answer(fate);
            }
        })
    }
}
