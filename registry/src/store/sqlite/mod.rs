//! One file, or memory. A thread owns the connection that writes, and puts whatever waits into one transaction, so that many
//! writes share one sync of the disk; other threads read. Nothing is answered before its transaction is on the disk.

mod connection;
mod wait;
mod writer;

use super::{
    Error,
    work::{Engine, Job, Lane},
};
use connection::Tx;
use rusqlite::Connection;
use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use wait::wait;

/// How many jobs may wait before those who ask must.
const QUEUE: usize = 1024;
/// How many threads read.
const READERS: usize = 2;

type Read = (Lane, Box<dyn Job>);

/// An open SQLite database.
#[derive(Debug)]
pub(crate) struct Sqlite {
    /// None only while it is dropped.
    lanes: Option<Lanes>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Lanes {
    write: Sender<Box<dyn Job>>,
    /// None in memory, where there is one connection for everything.
    read: Option<Sender<Read>>,
}

impl Sqlite {
    /// Opens or makes the file, or a database in memory that lives as long as this.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let path: Option<PathBuf> = path.map(Path::to_owned);
        let mut writing = connection::open(path.as_deref())?;
        connection::migrate(&mut writing)?;
        let logged = connection::let_log_grow(&mut writing)?;
        let (write, jobs) = channel(QUEUE);
        let mut threads = vec![spawn("store-write", move || writer::serve(&mut writing, jobs, &logged))?];
        let read = match path {
            None => None,
            Some(path) => {
                let (read, jobs) = channel(QUEUE);
                let jobs = Arc::new(Mutex::new(jobs));
                for _ in 0..READERS {
                    let (mut connection, jobs) = (connection::open(Some(&path))?, jobs.clone());
                    threads.push(spawn("store-read", move || serve_reads(&mut connection, &jobs))?);
                }
                Some(read)
            }
        };
        Ok(Sqlite { lanes: Some(Lanes { write, read }), threads })
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let started: io::Result<_> = thread::Builder::new().name(name.into()).spawn(work);
    started.map_err(|error| Error::Unavailable(format!("no thread can be started: {error}")))
}

impl Drop for Sqlite {
    /// Finishes what was accepted, and closes the file.
    fn drop(&mut self) {
        self.lanes = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has answered nobody, and has nothing more to finish.
            let _ = thread.join();
        }
    }
}

impl Engine for Sqlite {
    fn submit<'a>(&'a self, lane: Lane, job: Box<dyn Job>) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            // A job that cannot be sent is dropped, which whoever waits for its answer notices.
            match &self.lanes {
                Some(Lanes { read: Some(read), .. }) if lane != Lane::Write => drop(read.send((lane, job)).await),
                Some(Lanes { write, .. }) => drop(write.send(job).await),
                None => {}
            }
        })
    }
}

/// Runs reads until nobody can ask for more.
fn serve_reads(connection: &mut Connection, jobs: &Mutex<Receiver<Read>>) {
    loop {
        // The lock is held while waiting: whoever holds it is the one who is next.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some((lane, mut job)) = next else { return };
        let snapshot = lane == Lane::Snapshot;
        let begun = if snapshot { connection::run(connection, "BEGIN") } else { Ok(()) };
        if begun.is_ok() {
            wait(job.run(&mut Tx(connection)));
        }
        let ended = if snapshot && begun.is_ok() { connection::run(connection, "COMMIT") } else { Ok(()) };
        job.answer(begun.and(ended));
    }
}
