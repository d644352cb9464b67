//! The clock port: what time it is, and waiting for a time, so that a demo or a test can move it.
//! The core never reads it; it is told the time.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use tokio::sync::watch;

/// A moment, in UTC and whole milliseconds.
pub type Time = DateTime<Utc>;

/// Nobody sleeps longer than this without looking at the clock again: a suspended laptop or a
/// corrected system clock is noticed within a second.
const LONGEST_NAP: Duration = Duration::from_secs(1);

/// Where the drivers (scheduler, notifier, lanes) read the time.
#[async_trait]
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time, in whole milliseconds.
    fn now(&self) -> Time;

    /// Returns once `now()` has reached this moment, however the clock got there.
    async fn sleep_until(&self, moment: Time);
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the adapter that asks the system"
    )]
    fn now(&self) -> Time {
        Utc::now().trunc_subsecs(3)
    }

    async fn sleep_until(&self, moment: Time) {
        while let Some(left) = left(self.now(), moment) {
            tokio::time::sleep(left.min(LONGEST_NAP)).await;
        }
    }
}

/// A clock that can be moved forward: the machine's clock plus what it has been advanced by, or, for
/// tests, one that moves by [`advance`](Self::advance) alone.
#[derive(Debug)]
pub struct VirtualClock {
    base: Base,
    advanced: watch::Sender<TimeDelta>,
}

#[derive(Debug)]
enum Base {
    System,
    Stopped(Time),
}

impl VirtualClock {
    /// Runs with the machine's clock, ahead of it by what it is advanced by.
    pub fn running() -> Self {
        Self {
            base: Base::System,
            advanced: watch::Sender::new(TimeDelta::zero()),
        }
    }

    /// Stands at this moment until it is advanced.
    pub fn stopped_at(moment: Time) -> Self {
        Self {
            base: Base::Stopped(moment.trunc_subsecs(3)),
            advanced: watch::Sender::new(TimeDelta::zero()),
        }
    }

    /// Moves the clock forward (a negative length does nothing: time never goes back), wakes all who
    /// sleep by it, and says what time it is now.
    pub fn advance(&self, by: TimeDelta) -> Time {
        self.advanced.send_modify(|advanced| {
            *advanced = advanced
                .checked_add(&by.max(TimeDelta::zero()))
                .unwrap_or(*advanced);
        });
        self.now()
    }

    /// How far the clock is ahead of its base: what a demo must keep over a restart.
    pub fn advanced(&self) -> TimeDelta {
        *self.advanced.borrow()
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Time {
        let base = match self.base {
            Base::System => SystemClock.now(),
            Base::Stopped(moment) => moment,
        };
        base.checked_add_signed(self.advanced())
            .unwrap_or(Time::MAX_UTC)
            .trunc_subsecs(3)
    }

    async fn sleep_until(&self, moment: Time) {
        let mut moves = self.advanced.subscribe();
        loop {
            // Marked as seen before the time is read: a move in between wakes us at once.
            moves.borrow_and_update();
            let Some(left) = left(self.now(), moment) else {
                return;
            };
            match self.base {
                Base::System => {
                    // Either way the time is read again, so the outcome of the wait does not matter.
                    let _ = tokio::time::timeout(left.min(LONGEST_NAP), moves.changed()).await;
                }
                // The sender lives in `self`, so `changed` cannot fail.
                Base::Stopped(_) => _ = moves.changed().await,
            }
        }
    }
}

/// How long until this moment; `None` once it has come.
fn left(now: Time, moment: Time) -> Option<Duration> {
    (moment - now).to_std().ok().filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::sync::Arc;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_stopped_clock_wakes_sleepers_exactly_when_it_is_advanced_that_far() {
        let clock = Arc::new(VirtualClock::stopped_at(at("2026-11-23T01:00:00Z")));
        let sleeper = Arc::clone(&clock);
        let asleep =
            tokio::spawn(async move { sleeper.sleep_until(at("2026-11-30T01:00:00Z")).await });
        clock.advance(TimeDelta::days(7) - TimeDelta::milliseconds(1));
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!asleep.is_finished());
        assert_eq!(
            clock.advance(TimeDelta::milliseconds(1)),
            at("2026-11-30T01:00:00Z")
        );
        asleep.await.unwrap();
    }

    #[tokio::test]
    async fn time_never_goes_back() {
        let clock = VirtualClock::stopped_at(at("2026-11-23T01:00:00Z"));
        assert_eq!(
            clock.advance(TimeDelta::days(-1)),
            at("2026-11-23T01:00:00Z")
        );
        assert!(
            clock.advance(TimeDelta::MAX) > at("9999-12-31T00:00:00Z"),
            "and stops at the end of time"
        );
    }

    #[tokio::test]
    async fn a_running_clock_is_the_machines_plus_the_advance() {
        let clock = VirtualClock::running();
        clock.advance(TimeDelta::days(7));
        let ahead = clock.now() - SystemClock.now();
        assert!(
            ahead > TimeDelta::days(7) - TimeDelta::seconds(1) && ahead <= TimeDelta::days(7),
            "{ahead}"
        );
        clock.sleep_until(clock.now() - TimeDelta::seconds(1)).await;
    }
}
