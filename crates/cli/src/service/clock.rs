//! Moving the clock of a demo or a test: what is due by then, mail included, has taken effect when it
//! returns.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use countersign_api::MovableClock;
use countersign_core::time::{Length, Time};
use countersign_engine::{
    Engine,
    ports::{Clock as _, VirtualClock},
};
use countersign_notifier::Notifier;

use super::hooks::DemoHooks;

/// Timers make mail, and hooks make answers that make timers: at most so many rounds.
const ROUNDS_MOST: u32 = 20;

/// A clock that is as far ahead as it was when it was last moved, by what this file remembers.
pub fn remembered(file: &std::path::Path) -> Arc<VirtualClock> {
    let clock = VirtualClock::running();
    let ahead = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    if let Some(ahead) = ahead.and_then(chrono::TimeDelta::try_milliseconds) {
        clock.advance(ahead);
    }
    Arc::new(clock)
}

/// Moves the clock and waits for its consequences.
pub struct Advance {
    clock: Arc<VirtualClock>,
    engine: Arc<Engine>,
    notifier: Notifier,
    hooks: Option<DemoHooks>,
    kept_in: Option<PathBuf>,
}

impl Advance {
    pub(super) fn new(
        (clock, kept_in): (Arc<VirtualClock>, Option<PathBuf>),
        engine: Arc<Engine>,
        notifier: Notifier,
        hooks: Option<DemoHooks>,
    ) -> Self {
        Self {
            clock,
            engine,
            notifier,
            hooks,
            kept_in,
        }
    }

    /// Remembers over a restart how far the clock is ahead: time never goes back for a case.
    fn keep(&self) {
        let Some(file) = &self.kept_in else {
            return;
        };
        if let Err(error) =
            std::fs::write(file, self.clock.advanced().num_milliseconds().to_string())
        {
            tracing::warn!(%error, file = %file.display(), "the moved clock cannot be remembered");
        }
    }

    /// Fires, sends and answers until nothing is due.
    async fn settle(&self) {
        for _ in 0..ROUNDS_MOST {
            let fired = self
                .engine
                .fire_due_timers()
                .await
                .map_or(0, |fired| fired.cases - fired.failed.len());
            if let Err(error) = self.notifier.drain().await {
                tracing::error!(%error, "deliveries could not be sent");
            }
            let answered = match &self.hooks {
                Some(hooks) => hooks.answer_due().await,
                None => 0,
            };
            if fired == 0 && answered == 0 {
                return;
            }
        }
        tracing::warn!("the clock was moved, and things are still falling due");
    }
}

#[async_trait]
impl MovableClock for Advance {
    async fn advance(&self, by: &Length) -> Time {
        let now = self.clock.now();
        let then = match (by.fixed(), self.engine.registry().all_newest().first()) {
            (Some(length), _) => now + length,
            (None, Some(workflow)) => {
                let around = &workflow.surroundings;
                countersign_core::time::add(now, by, &around.calendar, around.zone)
            }
            // Without a workflow there is no calendar, and nothing that could fall due.
            (None, None) => now,
        };
        self.clock.advance(then - now);
        self.keep();
        self.settle().await;
        self.clock.now()
    }
}
