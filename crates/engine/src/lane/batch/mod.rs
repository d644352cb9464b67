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

use std::{collections::HashMap, sync::Arc};

use countersign_core::{
    case::{Case, CaseId},
    context::Inputs,
    outcome::{NewChild, Receipt},
    time::Time,
    workflow::Workflow,
};
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
    /// It may have been written.
    #[error("at the commit: {0}")]
    AtCommit(#[source] StoreError),
}

impl Failure {
    pub(super) fn is_before_commit(&self) -> bool {
        matches!(self, Self::Before(_))
    }

    /// What it means.
    pub(super) fn kind(&self) -> StoreErrorKind {
        let (Self::Before(error) | Self::AtCommit(error)) = self;
        error.kind
    }

    /// What the driver said, for the log.
    pub(super) fn cause(&self) -> &(dyn std::error::Error + Send + Sync) {
        let (Self::Before(error) | Self::AtCommit(error)) = self;
        &*error.source
    }

    /// What each request of the batch is told.
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Before(error) => Error::Unavailable(error.again()),
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
    let results = match work.all(requests).await {
        Ok(results) => results,
        Err(error) => {
            if let Err(error) = work.tx.rollback().await {
                tracing::warn!(%error, "a failed batch could not be rolled back");
            }
            return Err(error.into());
        }
    };
    let Batch {
        tx,
        now,
        inputs,
        cases,
        writes,
        ..
    } = work;
    let (batch, woken) = writes.finish(cases, now);
    commit(bench, tx, batch.as_ref(), woken).await?;
    Ok(answers(requests, results, &Arc::new(inputs), now))
}

async fn commit(
    bench: &Bench,
    mut tx: Box<dyn Transaction>,
    batch: Option<&crate::ports::store::Batch>,
    mut woken: Committed,
) -> Result<(), Failure> {
    let Some(batch) = batch else {
        return Ok(tx.rollback().await?);
    };
    match tx.write(batch).await {
        // Whoever reads what has changed is looked at now; the scheduler's poll is for hints that get lost.
        Ok(others) => woken.timers |= others,
        Err(error) => {
            if let Err(error) = tx.rollback().await {
                tracing::warn!(%error, "a failed batch could not be rolled back");
            }
            return Err(error.into());
        }
    }
    tx.commit().await.map_err(Failure::AtCommit)?;
    (bench.committed)(woken);
    Ok(())
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

impl Batch<'_> {
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
