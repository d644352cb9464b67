//! Moving the clock of a demo or a test: what is due by then, mail included, has taken effect when it
//! returns.

use std::sync::Arc;

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

/// Moves the clock and waits for its consequences.
pub struct Advance {
    clock: Arc<VirtualClock>,
    engine: Arc<Engine>,
    notifier: Notifier,
    hooks: Option<DemoHooks>,
}

impl Advance {
    pub(super) fn new(clock: Arc<VirtualClock>, engine: Arc<Engine>, notifier: Notifier, hooks: Option<DemoHooks>) -> Self {
        Self { clock, engine, notifier, hooks }
    }

    /// Fires, sends and answers until nothing is due.
    async fn settle(&self) {
        for _ in 0..ROUNDS_MOST {
            let fired = self.engine.fire_due_timers().await.map_or(0, |fired| fired.cases - fired.failed.len());
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
        let then = countersign_core::time::add_plain(now, by);
        self.clock.advance(then - now);
        self.settle().await;
        self.clock.now()
    }
}
