//! The thread that writes. Jobs that wait while the disk syncs go together into the next transaction, each on a savepoint, so that
//! one that fails takes nothing else with it.

use super::{
    connection::{Tx, prepared, run},
    wait::wait,
};
use crate::store::{Error, work::Job};
use rusqlite::Connection;
use std::{thread, time::Duration};
use tokio::sync::mpsc::Receiver;

/// How many jobs share a transaction at most, which bounds how long the first waits for the last.
const BATCH: usize = 256;

/// How long to wait for more when there were more before.
const GATHER: Duration = Duration::from_micros(50);

/// Runs jobs until nobody can ask for more.
pub(super) fn serve(connection: &mut Connection, mut jobs: Receiver<Box<dyn Job>>) {
    let mut before = 1;
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        gather(&mut jobs, &mut batch);
        if batch.len() < before {
            // Those who were answered just now are about to ask again; a sync without them costs more than this.
            thread::sleep(GATHER);
            gather(&mut jobs, &mut batch);
        }
        before = batch.len();
        let fate = commit(connection, &mut batch);
        if fate.is_err() && !connection.is_autocommit() {
            // If even this fails, the next `BEGIN` does, and says so to whoever asked.
            let _ = run(connection, "ROLLBACK");
        }
        for job in batch {
            job.answer(fate.clone());
        }
    }
}

fn gather(jobs: &mut Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    while batch.len() < BATCH
        && let Ok(next) = jobs.try_recv()
    {
        batch.push(next);
    }
}

fn commit(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
    run(connection, "BEGIN IMMEDIATE")?;
    for job in batch {
        prepared(connection, "SAVEPOINT job")?;
        let worked = wait(job.run(&mut Tx(connection)));
        if connection.is_autocommit() {
            // A full disk ends the whole transaction.
            return Err(Error::Unavailable("the transaction was ended by the database".into()));
        }
        if !worked {
            prepared(connection, "ROLLBACK TO job")?;
        }
        prepared(connection, "RELEASE job")?;
    }
    run(connection, "COMMIT")
}
