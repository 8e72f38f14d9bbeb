//! Who waits for changes: how many may, what wakes them, and that they leave when the server ends. Other servers over the same
//! store wake nobody here, so whoever waits also looks by itself.

use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How many may wait.
const STREAMS: usize = 256;
/// How long until one who waits looks by itself.
const LOOK: Duration = Duration::from_secs(1);

/// What was said last.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    writes: u64,
    ending: bool,
}

/// The one who wakes.
#[derive(Debug)]
pub(crate) struct Feed {
    said: watch::Sender<Said>,
    room: Arc<Semaphore>,
}

impl Default for Feed {
    fn default() -> Self {
        Feed { said: watch::Sender::default(), room: Arc::new(Semaphore::new(STREAMS)) }
    }
}

/// One who waits, as long as it lives.
#[derive(Debug)]
pub(crate) struct Waiting {
    said: watch::Receiver<Said>,
    _room: OwnedSemaphorePermit,
}

impl Feed {
    /// Something may have been written.
    pub(crate) fn wrote(&self) {
        // Whoever comes later looks by itself first.
        if self.said.receiver_count() > 0 {
            self.said.send_modify(|said| said.writes += 1);
        }
    }

    /// The server ends: whoever waits is to leave.
    pub(crate) fn end(&self) {
        self.said.send_modify(|said| said.ending = true);
    }

    /// Someone who waits; nobody if too many do.
    pub(crate) fn wait(&self) -> Option<Waiting> {
        let room = Arc::clone(&self.room).try_acquire_owned().ok()?;
        Some(Waiting { said: self.said.subscribe(), _room: room })
    }
}

impl Waiting {
    /// Whether the server ends.
    pub(crate) fn is_over(&self) -> bool {
        self.said.borrow().ending
    }

    /// Comes back when there may be something new.
    pub(crate) async fn next(&mut self) {
        // Late, or the sender is gone: in both cases it looks.
        let _ = tokio::time::timeout(LOOK, self.said.changed()).await;
    }
}
