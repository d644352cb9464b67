//! Due timers: sleeps until the next one, woken by new earlier ones; polls as the truth.

use std::{sync::Arc, time::Duration};

use countersign_core::time::Time;
use countersign_engine::{Engine, Error, Hints, ports::Clock};
use tracing::{debug, error};

/// A hint may be lost; never longer than this until the store is asked again.
const POLL: Duration = Duration::from_secs(1);
/// How many blocks are fired in one go before the loop looks around.
const BLOCKS_MOST: u32 = 64;

/// Fires due timers.
#[derive(Debug)]
pub struct Timers {
    engine: Arc<Engine>,
    hints: Arc<Hints>,
    clock: Arc<dyn Clock>,
}

impl Timers {
    /// Fires the timers of this engine by this clock.
    pub fn new(engine: Arc<Engine>, clock: Arc<dyn Clock>) -> Self {
        let hints = engine.hints().clone();
        Self {
            engine,
            hints,
            clock,
        }
    }

    /// Runs until `shutdown` is done.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        tokio::pin!(shutdown);
        loop {
            let next = match self.round().await {
                Ok(next) => next,
                Err(error) => {
                    error!(%error, "due timers could not be read");
                    None
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = self.hints.timers.notified() => {}
                () = self.clock.sleep_until(next.unwrap_or(Time::MAX_UTC)) => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Fires everything that is due now, and what falls due by that; says when the next timer is due.
    pub async fn round(&self) -> Result<Option<Time>, Error> {
        for _ in 0..BLOCKS_MOST {
            let fired = self.engine.fire_due_timers().await?;
            debug!(cases = fired.cases, "timers fired");
            // Those that failed stay due: they are tried again at the next poll, not in a hot loop.
            if fired.cases == fired.failed.len() {
                break;
            }
        }
        let next = self.engine.next_timer().await?;
        Ok(next.filter(|next| *next > self.clock.now()))
    }
}
