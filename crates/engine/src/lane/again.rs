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
        bench.trouble.note();
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
    let mut again = may_run_again(request, failure);
    while again && patience.lasts() {
        tokio::time::sleep(pause.mul_f64(rand::random_range(0.5..=1.0))).await;
        pause = (pause * 2).min(LONGEST);
        match once(bench, request).await {
            Ok(result) => return result,
            Err(failure) => {
                error!(error = %failure, cause = %failure.cause(), "a request failed again");
                again = may_run_again(request, &failure);
                // Once its outcome is unknown, only its answer tells otherwise.
                if !matches!(last, Error::OutcomeUnknown(_)) {
                    last = failure.error();
                }
            }
        }
    }
    bench.trouble.note();
    Err(last)
}

async fn once(bench: &Bench, request: &Request) -> Result<Result<Answered, Error>, batch::Failure> {
    let mut results = batch::run(bench, std::slice::from_ref(request)).await?;
    let nothing = || Err(Error::Defect("no result".to_owned()));
    Ok(results.pop().unwrap_or_else(nothing))
}

/// Without a key nobody could tell whether it was carried out before.
fn may_run_again(request: &Request, failure: &batch::Failure) -> bool {
    let kind = failure.kind();
    if failure.is_before_commit() {
        return kind == StoreErrorKind::Contended;
    }
    match kind {
        StoreErrorKind::Contended => true,
        StoreErrorKind::OutcomeUnknown => request.key.is_some(),
        StoreErrorKind::Full
        | StoreErrorKind::Busy
        | StoreErrorKind::Conflict
        | StoreErrorKind::Cursor
        | StoreErrorKind::Other => false,
    }
}
