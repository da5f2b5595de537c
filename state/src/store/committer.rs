//! Group commit: whatever is waiting is written as one batch, flushed once, and then answered.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::store::{Batch, StoreError};

/// At most so many batches share a flush, so that the first of them does not wait without bound.
const GROUP_LIMIT: usize = 4096;

/// Makes what was written to the database file survive a power cut.
///
/// sled's own flush asks the kernel with `sync_file_range` to start and await the transfer to the device. That survives a
/// killed process, but neither the device's cache nor the file's new length is certain to survive a power cut.
/// A parameter, so that a test can count the calls and let one fail.
pub trait Durability: Send + 'static {
    /// Returns when everything that was written to `database` before is on the medium.
    ///
    /// # Errors
    /// What the system says. It is then not known any more what is on the medium.
    fn sync(&mut self, database: &File) -> io::Result<()>;
}

/// `fdatasync(2)`: content, and of the metadata what it takes to read the content again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fdatasync;

impl Durability for Fdatasync {
    fn sync(&mut self, database: &File) -> io::Result<()> {
        database.sync_data()
    }
}

/// A thread that owns all writing. It ends when dropped, after it has answered what was still waiting.
pub(super) struct Committer {
    queue: Option<Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

struct Waiting {
    batch: Batch,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl Committer {
    pub(super) fn start(db: sled::Db, database: File, durability: impl Durability) -> Result<Self, StoreError> {
        let (queue, waiting) = channel();
        let mut medium = Medium { db, database, durability, stopped: None };
        let thread = std::thread::Builder::new()
            .name("mesh-state-commit".into())
            .spawn(move || medium.serve(&waiting))
            .map_err(|error| StoreError::Backend(format!("can't start the thread that writes: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let gone = || StoreError::Stopped { reason: "the thread that writes has ended".into() };
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send(Waiting { batch, answer }).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // It only fails where the thread panicked, and then every waiting commit was told so.
            drop(thread.join());
        }
    }
}

struct Medium<D> {
    db: sled::Db,
    database: File,
    durability: D,
    /// The first failure of a write. From then on memory and medium may differ, so nothing more is written.
    stopped: Option<String>,
}

impl<D: Durability> Medium<D> {
    fn serve(&mut self, waiting: &Receiver<Waiting>) {
        while let Ok(first) = waiting.recv() {
            let mut group = vec![first];
            group.extend(waiting.try_iter().take(GROUP_LIMIT - 1));
            self.commit_group(group);
        }
    }

    fn commit_group(&mut self, group: Vec<Waiting>) {
        // What the group has written so far: a batch's conditions see the batches before it.
        let mut written: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
        let mut accepted = Vec::with_capacity(group.len());
        for Waiting { batch, answer } in group {
            let checked = match &self.stopped {
                Some(reason) => Err(StoreError::Stopped { reason: reason.clone() }),
                None => batch.check(|key| match written.get(key) {
                    Some(write) => Ok(write.clone()),
                    None => Ok(self.db.get(key).map_err(|error| backend(&error))?.map(|bytes| bytes.to_vec())),
                }),
            };
            match checked {
                Ok(()) => {
                    written.extend(batch.into_writes());
                    accepted.push(answer);
                }
                // Who asked may have gone away: then nobody needs the answer.
                Err(error) => drop(answer.send(Err(error))),
            }
        }
        let outcome = if written.is_empty() { Ok(()) } else { self.write(written) };
        if let Err(error) = &outcome {
            self.stopped = Some(error.to_string());
        }
        for answer in accepted {
            drop(answer.send(outcome.clone()));
        }
    }

    fn write(&mut self, written: BTreeMap<String, Option<Vec<u8>>>) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, write) in written {
            match write {
                Some(bytes) => batch.insert(key.as_bytes(), bytes),
                None => batch.remove(key.as_bytes()),
            }
        }
        self.db.apply_batch(batch).map_err(|error| backend(&error))?;
        self.db.flush().map_err(|error| backend(&error))?;
        self.durability
            .sync(&self.database)
            .map_err(|error| StoreError::Backend(format!("can't bring the database to the medium: {error}")))
    }
}

fn backend(error: &sled::Error) -> StoreError {
    StoreError::Backend(error.to_string())
}
