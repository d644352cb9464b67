//! Lanes: requests queue here, and a task of its own carries them out in batches. Handlers only
//! await an answer, so a client that goes away never drops a database future half way.

mod again;
mod batch;
mod lanes;
mod request;

pub use batch::CodeKey;
pub use lanes::Lanes;
pub use request::{Answered, Render, Rendered, Request, Scene, Work};

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{mpsc, oneshot};
use tracing::{debug, error};

use again::Patience;

use crate::{
    Error, HookForms, Registry,
    authenticator::Authenticators,
    ports::{Clock, Store},
};

/// The most requests that share one commit.
const BATCH_MOST: usize = 256;
/// How long it is waited for more requests, as long as more come, and how often.
const MOMENT: Duration = Duration::from_millis(1);
const MOMENTS_MOST: usize = 5;
/// The most requests that wait for a lane; more are answered as overload.
const QUEUE_MOST: usize = 4096;

/// A lane's queue. Cheap to share.
#[derive(Debug, Clone)]
pub struct Lane {
    queue: mpsc::Sender<Queued>,
}

/// A request and where its answer goes.
struct Queued {
    request: Request,
    answer: oneshot::Sender<Result<Answered, Error>>,
}

/// What a lane works with.
pub(crate) struct Bench {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub registry: Arc<Registry>,
    pub codes: CodeKey,
    pub authenticators: Authenticators,
    pub hook_forms: HookForms,
    /// When the store failed last.
    pub trouble: Arc<Trouble>,
    /// Told after each commit that wrote deliveries or timers.
    pub committed: Arc<dyn Fn(Committed) + Send + Sync>,
}

/// When the store failed last, until it is known to take writes again.
#[derive(Debug, Default)]
pub(crate) struct Trouble(Mutex<Option<Instant>>);

impl Trouble {
    /// It failed just now.
    fn note(&self) {
        *self.last() = Some(Instant::now());
    }

    /// How long ago it failed last; `None`: it is over.
    pub(crate) fn since(&self) -> Option<Duration> {
        self.last().map(|failed| failed.elapsed())
    }

    /// It takes writes again.
    pub(crate) fn is_over(&self) {
        *self.last() = None;
    }

    fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a commit may have woken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Committed {
    /// New deliveries wait.
    pub deliveries: bool,
    /// Timers were armed or moved.
    pub timers: bool,
}

impl Lane {
    /// Starts a lane. It ends, its queue worked off, when every `Lane` of it is dropped.
    pub(crate) fn start(bench: Arc<Bench>) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(QUEUE_MOST);
        (Self { queue }, tokio::spawn(run(bench, requests)))
    }

    /// How many requests wait.
    pub(crate) fn queued(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Queues a request and waits for its answer. Dropping the future changes nothing about what
    /// becomes of the request.
    pub async fn submit(&self, request: Request) -> Result<Answered, Error> {
        let (answer, answered) = oneshot::channel();
        // Full, or closed because the service is stopping: the caller may try again elsewhere.
        self.queue
            .try_send(Queued { request, answer })
            .map_err(|_| Error::Overloaded)?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Defect("the lane gave no answer".to_owned())))
    }
}

/// Works the queue off, batch by batch, until it is closed.
async fn run(bench: Arc<Bench>, mut requests: mpsc::Receiver<Queued>) {
    let mut before = 0;
    while let Some(first) = requests.recv().await {
        let queued = gather(first, &mut requests, before).await;
        before = queued.len();
        debug!(requests = queued.len(), "batch");
        carry_out(&bench, queued).await;
    }
}

/// What shares the next commit: all that waits. Whoever was just answered in a batch of many is about to ask again, and a
/// commit for the first of them alone would keep the others waiting: so a moment is waited as long as more come.
async fn gather(
    first: Queued,
    requests: &mut mpsc::Receiver<Queued>,
    before: usize,
) -> Vec<Queued> {
    let mut queued = vec![first];
    let mut take = |queued: &mut Vec<Queued>| {
        let room = BATCH_MOST - queued.len();
        queued.extend(std::iter::from_fn(|| requests.try_recv().ok()).take(room));
        queued.len()
    };
    let mut gathered = take(&mut queued);
    for _ in 0..MOMENTS_MOST {
        if gathered >= before.min(BATCH_MOST) {
            break;
        }
        tokio::time::sleep(MOMENT).await;
        let more = take(&mut queued);
        if more == gathered {
            break;
        }
        gathered = more;
    }
    queued
}

/// Carries a batch out; if its writing fails as a whole, its requests one by one.
async fn carry_out(bench: &Bench, queued: Vec<Queued>) {
    let (requests, answers): (Vec<_>, Vec<_>) = queued
        .into_iter()
        .map(|queued| (queued.request, queued.answer))
        .unzip();
    match batch::run(bench, &requests).await {
        Ok(results) => give(answers, results),
        Err(failure) if requests.len() > 1 && failure.is_before_commit() => {
            error!(error = %failure, cause = %failure.cause(), "a batch failed; its requests run one by one");
            let patience = Patience::begin();
            let mut is_sound = false;
            for (request, answer) in requests.into_iter().zip(answers) {
                let result = again::alone(bench, &request, &failure, patience).await;
                is_sound |= result.is_ok();
                give(vec![answer], vec![result]);
            }
            if is_sound && failure.may_be_of_request() {
                bench.trouble.is_over();
            }
        }
        Err(failure) => {
            error!(error = %failure, cause = %failure.cause(), "a batch failed");
            let patience = Patience::begin();
            for (request, answer) in requests.into_iter().zip(answers) {
                let result = again::after(bench, &request, &failure, patience).await;
                give(vec![answer], vec![result]);
            }
            // A full disk: do not spin.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn give(
    answers: Vec<oneshot::Sender<Result<Answered, Error>>>,
    results: Vec<Result<Answered, Error>>,
) {
    for (answer, result) in answers.into_iter().zip(results) {
        // The receiver is gone when its client is: nobody to tell.
        let _ = answer.send(result);
    }
}
