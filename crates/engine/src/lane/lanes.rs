//! As many lanes as the store can carry out batches at once. Requests that would wait for each other take the same lane,
//! and so share a batch: about one case, or under one key.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
    sync::Arc,
};

use tokio::task::JoinHandle;

use super::{Answered, Bench, Lane, Request, Work};
use crate::Error;

/// The lanes of a service.
#[derive(Debug)]
pub struct Lanes(Vec<Lane>);

impl Lanes {
    /// Starts them. They end, their queues worked off, when this is dropped; the handle ends with the last.
    pub(crate) fn start(bench: Bench) -> (Self, JoinHandle<()>) {
        let bench = Arc::new(bench);
        let lanes = (0..bench.store.lanes().max(1)).map(|_| Lane::start(bench.clone()));
        let (lanes, ends): (Vec<_>, Vec<_>) = lanes.unzip();
        let all = tokio::spawn(async move {
            for end in ends {
                if let Err(panic) = end.await
                    && let Ok(panic) = panic.try_into_panic()
                {
                    std::panic::resume_unwind(panic);
                }
            }
        });
        (Self(lanes), all)
    }

    /// How many requests wait in all of them.
    pub(crate) fn queued(&self) -> usize {
        self.0.iter().map(Lane::queued).sum()
    }

    /// Queues a request in its lane and waits for its answer. See [`Lane::submit`].
    pub async fn submit(&self, request: Request) -> Result<Answered, Error> {
        match self.0.get(place(&request, self.0.len())) {
            Some(lane) => lane.submit(request).await,
            None => Err(Error::Defect("there is no lane".to_owned())),
        }
    }
}

fn place(request: &Request, lanes: usize) -> usize {
    let mut hash = DefaultHasher::new();
    match (&request.work, &request.key) {
        (Work::Case { address, .. }, _) => address.hash(&mut hash),
        // Nobody else knows of the case yet, and case numbers keep nobody waiting.
        (Work::Open { .. }, None) => return rand::random_range(0..lanes.max(1)),
        (_, Some((key, _))) => key.hash(&mut hash),
        // What changes the directory or publishes is rare, and stays in order.
        (
            Work::Directory(_)
            | Work::Publish { .. }
            | Work::Tell { .. }
            | Work::RetryDelivery(_)
            | Work::Nothing
            | Work::Probe,
            None,
        ) => return 0,
    }
    usize::try_from(hash.finish() % lanes.max(1) as u64).unwrap_or(0)
}
