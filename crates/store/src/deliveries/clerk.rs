//! The clerk: carries out what senders ask, whatever has gathered in one transaction, so that a thousand
//! mails do not cost a thousand commits. If one fails, the rest are carried out one by one.

use std::{sync::Arc, time::Duration};

use countersign_engine::ports::{Clock, StoreError, StoreErrorKind};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

use super::work::{self, Answer, Work};
use crate::{error::failed, writer::Writer};

/// How much is carried out at once.
const AT_ONCE: usize = 256;
/// How long after the beginning of one commit the next begins, so that what is asked meanwhile shares it: decisions want the
/// same disk. What is asked after a while of silence does not wait.
const PACE: Duration = Duration::from_millis(20);
const ATTEMPTED: &str = "carry out what a sender asked";

/// Where senders ask. The clerk's work ends with the last of these.
#[derive(Debug, Clone)]
pub struct Clerk {
    asks: mpsc::Sender<Ask>,
}

/// What is asked, and where the answer goes.
#[derive(Debug)]
struct Ask {
    work: Work,
    answer: oneshot::Sender<Result<Answer, StoreError>>,
}

impl Clerk {
    /// Starts the work.
    pub fn start(writer: Writer, clock: Arc<dyn Clock>) -> Self {
        let (asks, asked) = mpsc::channel(AT_ONCE);
        tokio::spawn(serve(asked, writer, clock));
        Self { asks }
    }

    /// Asks, and waits for the answer: it is durable then.
    pub async fn ask(&self, work: Work) -> Result<Answer, StoreError> {
        let stopped = || StoreError::new(ATTEMPTED, StoreErrorKind::Other, "the store is closed");
        let (answer, answered) = oneshot::channel();
        let asked = self.asks.send(Ask { work, answer }).await;
        asked.map_err(|_| stopped())?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

async fn serve(mut asked: mpsc::Receiver<Ask>, writer: Writer, clock: Arc<dyn Clock>) {
    let mut asks = Vec::with_capacity(AT_ONCE);
    let mut begun: Option<Instant> = None;
    while asked.recv_many(&mut asks, AT_ONCE).await > 0 {
        if let Some(begun) = begun
            && asks.len() < AT_ONCE
        {
            sleep_until(begun + PACE).await;
            let room = AT_ONCE - asks.len();
            asks.extend(std::iter::from_fn(|| asked.try_recv().ok()).take(room));
        }
        begun = Some(Instant::now());
        let (works, answers): (Vec<_>, Vec<_>) =
            asks.drain(..).map(|ask| (ask.work, ask.answer)).unzip();
        for (answered, answer) in carry_out(&writer, &*clock, works)
            .await
            .into_iter()
            .zip(answers)
        {
            // Whoever asked may have gone.
            let _ = answer.send(answered);
        }
    }
}

async fn carry_out(
    writer: &Writer,
    clock: &dyn Clock,
    works: Vec<Work>,
) -> Vec<Result<Answer, StoreError>> {
    if works.len() > 1
        && let Ok(answers) = together(writer, clock, &works).await
    {
        return answers.into_iter().map(Ok).collect();
    }
    let mut answers = Vec::with_capacity(works.len());
    for work in works {
        let answered = together(writer, clock, std::slice::from_ref(&work)).await;
        answers.push(answered.and_then(|answers| {
            let nothing =
                || StoreError::new(ATTEMPTED, StoreErrorKind::Other, "there is no answer");
            answers.into_iter().next().ok_or_else(nothing)
        }));
    }
    answers
}

/// All of it in one transaction. Doing it again is safe: what was done is fenced.
async fn together(
    writer: &Writer,
    clock: &dyn Clock,
    works: &[Work],
) -> Result<Vec<Answer>, StoreError> {
    let now = clock.now();
    let open = writer.begin().await.map_err(failed(ATTEMPTED))?;
    let answers = match work::carry_out(open.on(), works, now).await {
        Ok(answers) => answers,
        Err(error) => {
            open.rollback().await?;
            return Err(failed(ATTEMPTED)(error));
        }
    };
    open.commit().await?;
    Ok(answers)
}
