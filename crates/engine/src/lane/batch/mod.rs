//! One batch: read everything, step in memory, write everything, commit, and only then answer.
//! Several commands of one case run one after another on the case that the one before left.

mod carry;
mod children;
mod codes;
mod confirm;
mod keep;
mod load;
mod outbox;
mod writes;

pub use codes::CodeKey;

use std::{any::Any, collections::HashMap, mem, panic::AssertUnwindSafe, sync::Arc};

use countersign_core::{
    case::{Case, CaseId},
    context::Inputs,
    outcome::{NewChild, Receipt},
    time::Time,
    workflow::Workflow,
};
use futures::FutureExt as _;
use thiserror::Error;

use self::writes::{CaseInHand, Writes};
use super::{Answered, Bench, Committed, Rendered, Request, Scene};
use crate::{
    Error,
    ports::{
        StoreError, StoreErrorKind, Transaction,
        store::{RequestKey, StoredAnswer},
    },
};

/// How often a step is tried again after loading what it missed.
const LOADS_MOST: usize = 4;

/// Why a whole batch failed.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// Nothing of it was written.
    #[error("before the commit: {0}")]
    Before(#[source] StoreError),
    /// Nothing of it was written, for something in it panicked.
    #[error("before the commit: a panic: {0}")]
    Panicked(String),
    /// It may have been written.
    #[error("at the commit: {0}")]
    AtCommit(#[source] StoreError),
}

impl Failure {
    pub(super) fn is_before_commit(&self) -> bool {
        matches!(self, Self::Before(_) | Self::Panicked(_))
    }

    /// Whether the store may be what failed, rather than one of the requests.
    pub(super) fn is_of_store(&self) -> bool {
        match self {
            Self::Before(error) | Self::AtCommit(error) => error.kind != StoreErrorKind::Conflict,
            Self::Panicked(_) => false,
        }
    }

    /// Whether it was one of the requests once others of the batch are written: what is small finds room on a disk where
    /// most does not, so a full one is full all the same.
    pub(super) fn may_be_of_request(&self) -> bool {
        match self {
            Self::Before(error) | Self::AtCommit(error) => error.kind == StoreErrorKind::Other,
            Self::Panicked(_) => true,
        }
    }

    /// What the driver said, for the log.
    pub(super) fn cause(&self) -> &dyn std::fmt::Display {
        match self {
            Self::Before(error) | Self::AtCommit(error) => &error.source,
            Self::Panicked(words) => words,
        }
    }

    /// What each request of the batch is told.
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Before(error) => Error::Unavailable(error.again()),
            Self::Panicked(words) => Error::Defect(format!("a panic: {words}")),
            Self::AtCommit(error) => match error.kind {
                // The store says that nothing was written.
                StoreErrorKind::Full | StoreErrorKind::Busy | StoreErrorKind::Contended => {
                    Error::Unavailable(error.again())
                }
                StoreErrorKind::Conflict
                | StoreErrorKind::Cursor
                | StoreErrorKind::OutcomeUnknown
                | StoreErrorKind::Other => Error::OutcomeUnknown(error.again()),
            },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Before(error)
    }
}

/// What one request came to, before the commit.
enum Result1 {
    Done(Box<Done>),
    Changed(Option<Rendered>),
    Replayed(StoredAnswer),
    Failed(Error),
}

struct Done {
    case: Arc<Case>,
    workflow: Arc<Workflow>,
    receipt: Receipt,
    rendered: Option<Rendered>,
}

/// Carries the requests out in one transaction. The results are durable when it returns.
pub(super) async fn run(
    bench: &Bench,
    requests: &[Request],
) -> Result<Vec<Result<Answered, Error>>, Failure> {
    let mut work = Batch {
        bench,
        tx: bench.store.begin().await?,
        now: bench.clock.now(),
        inputs: Inputs::default(),
        cases: HashMap::new(),
        children: HashMap::new(),
        kept: HashMap::new(),
        writes: Writes::default(),
    };
    let prepared = match guarded(work.prepare(requests)).await {
        Ok(prepared) => prepared,
        Err(failure) => {
            if let Err(error) = work.tx.rollback().await {
                tracing::warn!(%error, "a failed batch could not be rolled back");
            }
            return Err(failure);
        }
    };
    let Batch {
        tx, now, inputs, ..
    } = work;
    match prepared.woken {
        Some(woken) => {
            tx.commit().await.map_err(Failure::AtCommit)?;
            (bench.committed)(woken);
        }
        None => tx.rollback().await?,
    }
    Ok(answers(requests, prepared.results, &Arc::new(inputs), now))
}

/// Lets a panic in a batch be a failure of the batch, so that its lane goes on and its requests run one by one.
async fn guarded<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, Failure> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(done) => Ok(done?),
        Err(panic) => Err(Failure::Panicked(words(&*panic).to_owned())),
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

fn answers(
    requests: &[Request],
    results: Vec<Result1>,
    inputs: &Arc<Inputs>,
    now: Time,
) -> Vec<Result<Answered, Error>> {
    let scene = |request: &Request, done: Option<Done>, rendered: Option<Rendered>| {
        let (case, workflow, receipt, rendered) = match done {
            Some(done) => (
                Some(done.case),
                Some(done.workflow),
                Some(done.receipt),
                done.rendered,
            ),
            None => (None, None, None, rendered),
        };
        let (actor, inputs) = (request.actor.clone(), inputs.clone());
        Ok(Answered::Fresh(Box::new(Scene {
            case,
            workflow,
            receipt,
            actor,
            inputs,
            now,
            rendered,
        })))
    };
    requests
        .iter()
        .zip(results)
        .map(|(request, result)| match result {
            Result1::Done(done) => scene(request, Some(*done), None),
            Result1::Changed(rendered) => scene(request, None, rendered),
            Result1::Replayed(answer) => Ok(Answered::Replayed(answer)),
            Result1::Failed(error) => Err(error),
        })
        .collect()
}

/// A batch under way.
struct Batch<'a> {
    bench: &'a Bench,
    tx: Box<dyn Transaction>,
    now: Time,
    inputs: Inputs,
    cases: HashMap<CaseId, CaseInHand>,
    /// Child cases that wait to be opened, by the ids that they will have.
    children: HashMap<CaseId, NewChild>,
    /// Answers under keys, those of this batch too.
    kept: HashMap<RequestKey, StoredAnswer>,
    writes: Writes,
}

/// A batch that lacks nothing but its commit.
struct Prepared {
    results: Vec<Result1>,
    /// What its commit will wake; `None` if there is nothing to commit.
    woken: Option<Committed>,
}

impl Batch<'_> {
    /// Everything up to the commit.
    async fn prepare(&mut self, requests: &[Request]) -> Result<Prepared, StoreError> {
        let results = self.all(requests).await?;
        let (writes, cases) = (mem::take(&mut self.writes), mem::take(&mut self.cases));
        let (batch, mut woken) = writes.finish(cases, self.now);
        let Some(batch) = batch else {
            return Ok(Prepared {
                results,
                woken: None,
            });
        };
        // Whoever reads what has changed is looked at now; the scheduler's poll is for hints that get lost.
        woken.timers |= self.tx.write(&batch).await?;
        Ok(Prepared {
            results,
            woken: Some(woken),
        })
    }

    async fn all(&mut self, requests: &[Request]) -> Result<Vec<Result1>, StoreError> {
        self.load_answers(requests).await?;
        let addresses = self.load_cases(requests).await?;
        // They are locked from here on, perhaps after a wait: time does not go back for a case.
        self.now = self.bench.clock.now();
        self.load_children(requests, &addresses).await?;
        self.load_inputs(requests, &addresses).await?;
        let mut results = Vec::with_capacity(requests.len());
        for (request, case) in requests.iter().zip(addresses) {
            results.push(self.one(request, case).await?);
        }
        Ok(results)
    }
}
