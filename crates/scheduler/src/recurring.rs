//! Recurring work by cron, in a time zone. A run that was missed while the service was down is made up
//! for once, at the start.

use std::{sync::Arc, time::Duration};

use countersign_core::time::{Zone, cron::Schedule};
use countersign_engine::{Engine, ports::Clock};
use thiserror::Error;
use tracing::{error, info};

/// A moved clock is noticed within this.
const POLL: Duration = Duration::from_secs(30);

/// Cleans up every night.
#[derive(Debug)]
pub struct Recurring {
    engine: Arc<Engine>,
    clock: Arc<dyn Clock>,
    schedule: Schedule,
    zone: Zone,
}

/// A schedule that is none.
#[derive(Debug, Error)]
#[error("`{schedule}` is not a schedule: {why}")]
pub struct RecurringError {
    /// As written.
    pub schedule: String,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Recurring {
    /// Cleans up by this schedule (seconds first) in this zone.
    pub fn new(
        engine: Arc<Engine>,
        clock: Arc<dyn Clock>,
        schedule: &str,
        zone: Zone,
    ) -> Result<Self, RecurringError> {
        let parsed = Schedule::parse(schedule).map_err(|why| RecurringError {
            schedule: schedule.to_owned(),
            why: why.to_string(),
        })?;
        Ok(Self {
            engine,
            clock,
            schedule: parsed,
            zone,
        })
    }

    /// Runs until `shutdown` is done: once at the start, then at each time of the schedule.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        tokio::pin!(shutdown);
        loop {
            match self.engine.clean_up().await {
                Ok(removed) => info!(removed, "cleaned up"),
                Err(error) => error!(%error, "cleaning up failed"),
            }
            let Some(next) = self.schedule.next_after(self.clock.now(), self.zone) else {
                return shutdown.await;
            };
            while self.clock.now() < next {
                tokio::select! {
                    () = &mut shutdown => return,
                    () = self.clock.sleep_until(next) => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
    }
}
