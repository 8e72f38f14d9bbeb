//! The task that writes. Jobs that wait while the server commits go together into the next transaction, each on a savepoint, so that
//! one that fails takes nothing else with it. What was aborted before its commit is run again from the start.

use super::{
    attempt::{Attempts, Trouble},
    tx::Tx,
};
use crate::store::{Error, work::Job};
use deadpool_postgres::{GenericClient, Pool};
use tokio::sync::mpsc::Receiver;

/// How many jobs share a transaction at most: other servers wait for its end.
const BATCH: usize = 64;
/// Taken first, and held until the commit, by everyone who writes.
const TURN: &str = "SELECT change FROM clock WHERE one = 1 FOR UPDATE";

/// Runs jobs until nobody can ask for more.
pub(super) async fn serve(pool: Pool, mut jobs: Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = jobs.try_recv()
        {
            batch.push(next);
        }
        let fate = commit(&pool, &mut batch).await;
        for job in batch {
            job.answer(fate.clone());
        }
    }
}

async fn commit(pool: &Pool, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
    let mut attempts = Attempts::default();
    loop {
        match try_commit(pool, batch).await {
            Ok(()) => return Ok(()),
            Err(trouble) => attempts.again(trouble).await?,
        }
    }
}

async fn try_commit(pool: &Pool, batch: &mut [Box<dyn Job>]) -> Result<(), Trouble> {
    let mut client = pool.get().await?;
    // Dropped on the way, it is rolled back.
    let transaction = client.transaction().await?;
    transaction.query_one(&transaction.prepare_cached(TURN).await?, &[]).await?;
    // A savepoint stands before each job; one job alone is undone with its transaction.
    let alone = batch.len() == 1;
    if !alone {
        transaction.batch_execute("SAVEPOINT job").await?;
    }
    for job in batch {
        let mut tx = Tx::over(&transaction);
        let worked = job.run(&mut tx).await;
        tx.trouble()?;
        match (worked, alone) {
            (true, true) => {}
            (true, false) => transaction.batch_execute("RELEASE SAVEPOINT job; SAVEPOINT job").await?,
            (false, true) => return transaction.rollback().await.map_err(Trouble::from),
            (false, false) => transaction.batch_execute("ROLLBACK TO SAVEPOINT job").await?,
        }
    }
    transaction.commit().await.map_err(|error| {
        // The server said no: nothing happened. If it said nothing, it may have happened, and is not done twice.
        let answered = error.as_db_error().is_some_and(|it| it.code().code().starts_with("40"));
        let trouble = Trouble::from(error);
        Trouble { passes: trouble.passes && answered, ..trouble }
    })
}
