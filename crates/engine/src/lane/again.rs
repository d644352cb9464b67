//! Trying again what failed: at once where nothing was written, and under the request's key where nobody knows whether it
//! was. What was carried out under a key is answered as it was then, never carried out twice.

use std::time::{Duration, Instant};

use tracing::error;

use super::{Answered, Bench, Request, batch};
use crate::{Error, ports::StoreErrorKind};

/// For how long what failed with a batch is tried again; then its callers are told.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first pause; each is twice the one before, less up to a half.
const PAUSE: Duration = Duration::from_millis(10);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(1);

/// How long the requests of a batch that failed are tried again, all of them together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience(Instant);

impl Patience {
    pub(super) fn begin() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    fn lasts(self) -> bool {
        Instant::now() < self.0
    }
}

/// Carries a request of a batch that failed so out in a batch of its own.
pub(super) async fn alone(
    bench: &Bench,
    request: &Request,
    failure: &batch::Failure,
    patience: Patience,
) -> Result<Answered, Error> {
    if !patience.lasts() {
        note(bench, failure.is_of_store());
        return Err(failure.error());
    }
    match once(bench, request).await {
        Ok(result) => result,
        Err(failure) => after(bench, request, &failure, patience).await,
    }
}

/// What becomes of a request whose batch failed so.
pub(super) async fn after(
    bench: &Bench,
    request: &Request,
    failure: &batch::Failure,
    patience: Patience,
) -> Result<Answered, Error> {
    let mut pause = PAUSE;
    let mut last = failure.error();
    let mut is_of_store = failure.is_of_store();
    let mut again = may_run_again(request, failure);
    while again && patience.lasts() {
        tokio::time::sleep(pause.mul_f64(rand::random_range(0.5..=1.0))).await;
        pause = (pause * 2).min(LONGEST);
        match once(bench, request).await {
            Ok(result) => return result,
            Err(failure) => {
                error!(error = %failure, cause = %failure.cause(), "a request failed again");
                is_of_store = failure.is_of_store();
                again = may_run_again(request, &failure);
                // Once its outcome is unknown, only its answer tells otherwise.
                if !matches!(last, Error::OutcomeUnknown(_)) {
                    last = failure.error();
                }
            }
        }
    }
    note(bench, is_of_store);
    Err(last)
}

/// A store that failed is not trusted for a moment; a request that cannot be carried out makes nobody unready.
fn note(bench: &Bench, is_of_store: bool) {
    if is_of_store {
        bench.trouble.note();
    }
}

async fn once(bench: &Bench, request: &Request) -> Result<Result<Answered, Error>, batch::Failure> {
    let mut results = batch::run(bench, std::slice::from_ref(request)).await?;
    let nothing = || Err(Error::Defect("no result".to_owned()));
    Ok(results.pop().unwrap_or_else(nothing))
}

/// Without a key nobody could tell whether it was carried out before.
fn may_run_again(request: &Request, failure: &batch::Failure) -> bool {
    match failure {
        batch::Failure::Panicked(_) => false,
        batch::Failure::Before(error) => error.kind == StoreErrorKind::Contended,
        batch::Failure::AtCommit(error) => match error.kind {
            StoreErrorKind::Contended => true,
            StoreErrorKind::OutcomeUnknown => request.key.is_some(),
            StoreErrorKind::Full
            | StoreErrorKind::Busy
            | StoreErrorKind::Conflict
            | StoreErrorKind::Cursor
            | StoreErrorKind::Other => false,
        },
    }
}
