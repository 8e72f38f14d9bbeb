//! The thread that writes. Jobs that wait while the disk syncs go together into the next transaction; one that fails takes nothing
//! else with it.

use super::{
    connection::{Tx, run, shorten},
    wait::wait,
};
use crate::store::{Error, work::Job};
use rusqlite::Connection;
use std::{sync::atomic::AtomicI32, thread, time::Duration};
use tokio::sync::mpsc::Receiver;

/// How many jobs share a transaction at most, which bounds how long the first waits for the last.
const BATCH: usize = 256;

/// How long to wait for more when there were more before.
const GATHER: Duration = Duration::from_micros(50);

/// Runs jobs until nobody can ask for more.
pub(super) fn serve(connection: &mut Connection, mut jobs: Receiver<Box<dyn Job>>, logged: &AtomicI32) {
    let mut before = 1;
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        gather(&mut jobs, &mut batch);
        if count(&batch) < before {
            // Those who were answered just now are about to ask again; a sync without them costs more than this.
            thread::sleep(GATHER);
            gather(&mut jobs, &mut batch);
        }
        let fate = commit(connection, &mut batch);
        before = count(&batch);
        if fate.is_err() && !connection.is_autocommit() {
            // If even this fails, the next `BEGIN` does, and says so to whoever asked.
            let _ = run(connection, "ROLLBACK");
        }
        for job in batch {
            job.answer(fate.clone());
        }
        // What fails here is tried again after the next batch, and nothing is lost by it.
        let _ = shorten(connection, logged);
    }
}

/// How many wait for these jobs.
fn count(batch: &[Box<dyn Job>]) -> usize {
    batch.iter().map(|job| job.count()).sum()
}

fn gather(jobs: &mut Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    while batch.len() < BATCH
        && let Ok(next) = jobs.try_recv()
    {
        batch.push(next);
    }
}

/// Runs the jobs in one transaction. A savepoint costs as much as a small job does, and few that fail have written anything before
/// they did: so there are none, until a job leaves something behind that must be undone.
fn commit(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
    run(connection, "BEGIN IMMEDIATE")?;
    if !run_all(connection, batch)? {
        run(connection, "ROLLBACK")?;
        if batch.len() == 1 {
            return Ok(());
        }
        run(connection, "BEGIN IMMEDIATE")?;
        run_apart(connection, batch)?;
    }
    run(connection, "COMMIT")
}

/// Runs the jobs; says no as soon as one has failed after it wrote something.
fn run_all(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<bool, Error> {
    for job in batch {
        let before = connection.total_changes();
        if !worked(connection, job)? && connection.total_changes() != before {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs the jobs, each on a savepoint.
fn run_apart(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Error> {
    for job in batch {
        run(connection, "SAVEPOINT job")?;
        if !worked(connection, job)? {
            run(connection, "ROLLBACK TO job")?;
        }
        run(connection, "RELEASE job")?;
    }
    Ok(())
}

fn worked(connection: &mut Connection, job: &mut Box<dyn Job>) -> Result<bool, Error> {
    let worked = wait(job.run(&mut Tx(connection)));
    if connection.is_autocommit() {
        // A full disk ends the whole transaction.
        return Err(Error::Unavailable("the transaction was ended by the database".into()));
    }
    Ok(worked)
}
